package scan

import (
	"image"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// bars draws text of upright strokes in a serif face, capitals 28 pixels high
// at 200 dpi, with a page of small letters below to compare with.
func bars(text string, pitch int) (*Sheet, schema.Box) {
	g := image.NewGray(image.Rect(0, 0, 600, 400))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	fill := func(x0, y0, x1, y1 int) {
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				g.Pix[y*g.Stride+x] = 0
			}
		}
	}
	for i, r := range text {
		x := 60 + i*pitch
		fill(x, 20, x+4, 48)
		fill(x-3, 46, x+7, 48)
		switch r {
		case 'I':
			fill(x-3, 20, x+7, 22)
		case '1':
			fill(x-5, 23, x, 25)
		case 'H':
			fill(x-3, 20, x+7, 22)
			fill(x, 33, x+pitch, 35)
		}
	}
	for n := range 60 { // small letters, 19 pixels high
		x, y := 30+n%20*26, 100+n/20*60
		fill(x, y, x+14, y+19)
	}
	return &Sheet{Gray: g, DPI: 200, bits: thresholdGray(g, inkLevel)}, schema.Box{X0: 20, Y0: 5, X1: 200, Y1: 70}
}

func TestNumeral(t *testing.T) {
	for _, c := range []struct {
		text  string
		pitch int
		want  string
	}{
		{"I", 0, "I"}, {"II", 14, "II"}, {"III", 14, "III"}, {"1", 0, "1"}, {"11", 21, "11"},
		{"HI", 18, ""}, // a bar between the strokes
		{"I1", 14, ""}, {"II", 30, ""}, {"IIII", 14, ""}, {"", 0, ""},
	} {
		s, cell := bars(c.text, c.pitch)
		got, at := s.numeral(cell)
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
		if got != "" && (at.Y0 != 20 || at.Y1 != 48) {
			t.Errorf("%q stands at %v", c.text, at)
		}
	}
}
