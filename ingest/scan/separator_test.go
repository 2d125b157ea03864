package scan

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestSeparators(t *testing.T) {
	for text, want := range map[string]string{
		"8,7": "0,0", "8.7": "0.0", "87": "00", "2.345": "0.000", "25,40": "00,00", "4.": "0", "6": "0", "": "", "8:30": "000",
	} {
		s, cell := typeset(text)
		if got := s.Separators(cell); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDigits(t *testing.T) {
	for text, want := range map[string]string{"7": "7", "29": "29", "3456": "3456", "23456": "", "": ""} {
		s, cell := typeset(text)
		if got, far := s.Digits(cell); got != want || far > 0.15 {
			t.Errorf("%q: %q at %.2f, want %q", text, got, far, want)
		}
	}
	// A seven of which the bar alone is ink.
	s, cell := bars("", 0)
	for x := range 14 {
		for y := range 3 {
			s.Gray.Pix[(21+y)*s.Gray.Stride+60+x] = 60
		}
	}
	for y := range 25 {
		for k := range 3 {
			s.Gray.Pix[(24+y)*s.Gray.Stride+72-y/3-k] = 215
		}
	}
	s.bits = thresholdGray(s.Gray, inkLevel)
	if got, far := s.Digits(cell); got != "7" || far > 0.4 {
		t.Errorf("a pale seven: %q at %.2f", got, far)
	}
}

// A worn dash went with the specks; in the middle of its cell, and alone, it
// comes back.
func TestLostDash(t *testing.T) {
	speck := func(x, y int) schema.Box { return schema.Box{X0: x, Y0: y, X1: x + 5, Y1: y + 2} }
	cell := schema.Box{X0: 100, Y0: 10, X1: 200, Y1: 60}
	for _, c := range []struct {
		name string
		flat []schema.Box
		want string
	}{
		{"in the middle", []schema.Box{speck(148, 34)}, "-"},
		{"at the side", []schema.Box{speck(120, 34)}, ""},
		{"too high", []schema.Box{speck(148, 15)}, ""},
		{"not alone", []schema.Box{speck(148, 34), speck(180, 50)}, ""},
		{"none", nil, ""},
	} {
		s, _ := bars("", 0)
		s.flat = c.flat
		if got, _ := s.Sign(cell); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// On a page of figures most pieces are as high as digits.
func TestXHeight(t *testing.T) {
	for _, c := range []struct {
		name  string
		count map[int]int // pieces by height
		want  int
	}{
		{"a text", map[int]int{14: 200, 20: 80, 10: 12}, 14},
		{"figures", map[int]int{21: 300, 15: 60, 25: 5}, 15},
		{"capitals alone", map[int]int{21: 300}, 21},
	} {
		s := &Sheet{DPI: 200, bits: newBitmap(1000, 1000)}
		x, y := 5, 5
		for h, n := range c.count {
			for range n {
				for row := y; row < y+h; row++ {
					for k := range 11 {
						s.bits.set(x+k, row)
					}
				}
				if x += 16; x > 970 {
					x, y = 5, y+30
				}
			}
			x, y = 5, y+30
		}
		if got := s.xHeight(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
