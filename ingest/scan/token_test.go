package scan

import (
	"image"
	"math"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// typeset draws a token with the shapes of the first face, digits 28 pixels
// high, over a page of small letters. A point is a square stop, a comma a bar
// through the line, a space a gap, a hyphen a bar above the line.
func typeset(text string) (*Sheet, schema.Box) {
	s, cell := bars("", 0)
	x := 60
	for _, r := range text {
		switch r {
		case '.', ',', ':':
			foot := 48
			if r == ',' {
				foot = 53
			}
			for y := 44; y < foot; y++ {
				for k := range 4 {
					s.Gray.Pix[y*s.Gray.Stride+x+k] = 0
					if r == ':' {
						s.Gray.Pix[(y-9)*s.Gray.Stride+x+k] = 0
					}
				}
			}
			x += 8
			continue
		case ' ':
			x += 20
			continue
		case '-':
			for y := 37; y < 40; y++ {
				for k := range 10 {
					s.Gray.Pix[y*s.Gray.Stride+x+k] = 0
				}
			}
			x += 13
			continue
		case '<', '>', '≤', '≥', '=', '+', '±', '%':
			x += drawSign(s.Gray, string(r), x) + 3
			continue
		}
		for _, g := range glyphs() {
			if g.text != string(r) {
				continue
			}
			h := int(19*g.shape.rise + 0.5)
			w := int(float64(h)*math.Exp(g.shape.aspect) + 0.5)
			for y := range h {
				for k := range w {
					d := g.shape.dark[y*shapeH/h*shapeW+k*shapeW/w]
					s.Gray.Pix[(48-h+y)*s.Gray.Stride+x+k] = 255 - 17*d
				}
			}
			x += w + 3
			break
		}
	}
	s.bits = thresholdGray(s.Gray, inkLevel)
	return s, cell
}

// drawSign draws a sign at x with its foot and head where the first face has
// them, digits being 28 pixels high and standing on row 48, and returns its width.
func drawSign(page *image.Gray, text string, x int) int {
	for _, g := range figureGlyphs() {
		if g.text != text {
			continue
		}
		top, foot := 48-int(28*g.head+0.5), 48-int(28*g.foot+0.5)
		h := foot - top
		w := int(float64(h)*math.Exp(g.shape.aspect) + 0.5)
		for y := range h {
			for k := range w {
				d := g.shape.dark[y*shapeH/h*shapeW+k*shapeW/w]
				page.Pix[(top+y)*page.Stride+x+k] = 255 - 17*d
			}
		}
		return w
	}
	return 0
}

func TestToken(t *testing.T) {
	for text, want := range map[string]string{
		"4": "4", "7": "7", "29": "29", "106": "106", "10": "10", "V": "V", "IV": "IV", "IX": "IX", "X": "X", "D": "D",
		"4.": "", "2.5": "", // what follows a stop is not for shapes to say
		"2 5":  "", // a gap may hold one that was lost
		"2345": "", "IXV": "", "K": "", "g": "", "3D": "", "": "",
	} {
		s, cell := typeset(text)
		if got, _ := s.Token(cell); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// What glyphs.bin keeps of a shape must be what the shape is compared with.
func TestGlyphShape(t *testing.T) {
	s, _ := typeset("8")
	at := s.Ink(schema.Box{X1: 200, Y1: 60})
	b := GlyphShape(s.Gray, image.Rect(at.X0, at.Y0, at.X1, at.Y1), 19)
	if len(b) != shapeBytes {
		t.Fatalf("%d bytes, want %d", len(b), shapeBytes)
	}
	kept, drawn := unpackShape(b), shapeOf(s.Gray, at, 19)
	if kept.dark != drawn.dark {
		t.Error("the picture is another")
	}
	if d := kept.distance(&drawn); d > 0.01 {
		t.Errorf("its own distance is %.3f", d)
	}
	if got, _, _ := verdictOn(&kept).among(anyText); got != "8" {
		t.Errorf("an 8 is nearest to %q", got)
	}
}

// Digits of a face are near to themselves, a pen's strokes to none.
func TestPrinted(t *testing.T) {
	s, cell := typeset("28")
	if d := s.Printed(cell); d > 0.2 {
		t.Errorf("print: %.2f", d)
	}
	s, cell = bars("", 0)
	for i := range 30 { // a wave that crosses itself
		x, y := 60+i+4*(i%7), 18+(i*i)%31
		for k := range 9 {
			s.Gray.Pix[(y+k/3)*s.Gray.Stride+x+k%3] = 0
		}
		for k := range 12 {
			s.Gray.Pix[(y+k)*s.Gray.Stride+x+k] = 0
		}
	}
	s.bits = thresholdGray(s.Gray, inkLevel)
	if d := s.Printed(cell); d < 0.36 {
		t.Errorf("strokes of a pen: %.2f", d)
	}
	s, cell = bars("", 0)
	if d := s.Printed(cell); d != 0 {
		t.Errorf("nothing: %.2f", d)
	}
}
