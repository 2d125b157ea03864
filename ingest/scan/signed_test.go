package scan

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestSigned(t *testing.T) {
	for text, want := range map[string]Signed{
		"60":      {Count: 2},
		"≥60":     {Before: "≥", Count: 2},
		"≤ 7,5":   {Before: "≤", Count: 2},
		">82%":    {Before: ">", After: "%", Count: 2},
		"<9":      {Before: "<", Count: 1},
		">=80":    {Before: ">=", Count: 2},
		"±43":     {Before: "±", Count: 2},
		"+1,2%":   {Before: "+", After: "%", Count: 2},
		"-3.456":  {Before: "-", Count: 4},
		"98%":     {After: "%", Count: 2},
		"96":      {Count: 2},
		"2 34":    {Count: 3},
		"=25":     {Unclear: true, Count: 2},
		"<+4":     {Unclear: true, Count: 1},
		"47,8":    {Count: 3},
		"808":     {Count: 3},
		"≥ 100 %": {Before: "≥", After: "%", Count: 3},
	} {
		s, cell := typeset(text)
		got, ok := s.Signed(cell)
		if !ok || got.Before != want.Before || got.After != want.After || got.Count != want.Count || got.Unclear != want.Unclear {
			t.Errorf("%q: %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "-"} {
		s, cell := typeset(text)
		if got, ok := s.Signed(cell); ok {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// A dash that went with the specks was one, or dust.
func TestSignedSwept(t *testing.T) {
	s, cell := typeset("45")
	for _, c := range []struct {
		speck schema.Box
		want  bool
	}{
		{schema.Box{X0: 47, Y0: 37, X1: 56, Y1: 40}, true},
		{schema.Box{X0: 47, Y0: 47, X1: 56, Y1: 50}, false}, // at the foot
		{schema.Box{X0: 17, Y0: 37, X1: 26, Y1: 40}, false}, // far off
	} {
		s.flat = []schema.Box{c.speck}
		if got, ok := s.Signed(cell); !ok || got.Unclear != c.want || got.Before != "" {
			t.Errorf("%v: %+v", c.speck, got)
		}
	}
}

func TestSignedApart(t *testing.T) {
	s, cell := typeset("≥ 45%")
	n, _ := s.Signed(cell)
	if !n.Apart(n.First) || n.Apart(n.Last) {
		t.Errorf("%+v: the space is not where it stands", n)
	}
}

// Of a worn sign nothing may be dark enough for ink.
func TestSignedWorn(t *testing.T) {
	s, cell := typeset("≤45")
	n, _ := s.Signed(cell)
	fade := func(level uint8) {
		for y := cell.Y0; y < cell.Y1; y++ {
			for x := cell.X0; x < n.Digits.X0; x++ {
				if p := &s.Gray.Pix[y*s.Gray.Stride+x]; *p < 245 {
					*p = 255 - (255-*p)/level
				}
			}
		}
		s.bits = thresholdGray(s.Gray, inkLevel)
	}
	fade(6)
	if got, ok := s.Signed(cell); !ok || got.Before != "≤" || got.Count != 2 {
		t.Errorf("a pale sign: %+v, %v", got, ok)
	}
	// A bar through its middle is no sign that is known, and no number without one.
	for x := n.First.X0; x < n.First.X1; x++ {
		for y := n.First.Y0 - 4; y < n.First.Y0+4; y++ {
			s.Gray.Pix[y*s.Gray.Stride+x] = 200
		}
	}
	if got, ok := s.Signed(cell); !ok || got.Before != "" || !got.Unclear {
		t.Errorf("a sign that is none: %+v, %v", got, ok)
	}
}

// What follows the strokes is left out, as "/2025".
func TestBarsBeforeOthers(t *testing.T) {
	s, cell := bars("III", 13)
	for y := 20; y < 48; y++ {
		for k := range 3 {
			s.Gray.Pix[y*s.Gray.Stride+120-y/2+k] = 0
		}
	}
	s.bits = thresholdGray(s.Gray, inkLevel)
	if got := s.Bars(cell); got != 3 {
		t.Errorf("%d bars before a slash, want 3", got)
	}
}

func TestBars(t *testing.T) {
	for _, c := range []struct {
		text        string
		pitch, want int
	}{{"II", 13, 2}, {"III", 13, 3}, {"I", 13, 0}, {"H", 16, 0}, {"11", 21, 0}, {"HI", 16, 0}, {"IIII", 13, 0}, {"", 0, 0}} {
		s, cell := bars(c.text, c.pitch)
		if got := s.Bars(cell); got != c.want {
			t.Errorf("%q: %d bars, want %d", c.text, got, c.want)
		}
	}
}
