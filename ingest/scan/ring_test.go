package scan

import (
	"image"
	"math"
	"testing"
)

// stamped draws lines of bars for print, and over them a stamp of two rings
// with a blot in the middle.
func stamped(ink uint8, x, y, r float64) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 1000, 900))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	for ly := 60; ly < 860; ly += 50 {
		for lx := 50; lx < 950; lx += 14 {
			for k := range 20 {
				for n := range 4 {
					g.Pix[(ly+k)*g.Stride+lx+n] = 20
				}
			}
		}
	}
	for py := range 900 {
		for px := range 1000 {
			d := math.Hypot(float64(px)-x, float64(py)-y)
			if math.Abs(d-r) < 2 || math.Abs(d-0.7*r) < 1.5 || d < 30 {
				p := &g.Pix[py*g.Stride+px]
				*p = min(*p, ink)
			}
		}
	}
	return g
}

func TestEraseStamps(t *testing.T) {
	for _, c := range []struct {
		name string
		ink  uint8
	}{{"paler than print", 140}, {"as dark as print", 20}} {
		g := stamped(c.ink, 500, 420, 140)
		marks := eraseStamps(g, 200)
		if len(marks) != 1 {
			t.Fatalf("%s: %d stamps, want 1", c.name, len(marks))
		}
		b := marks[0].Box
		if abs(b.CenterX()-500) > 3 || abs(b.CenterY()-420) > 3 || abs(b.Width()-288) > 12 {
			t.Errorf("%s: found at %v", c.name, b)
		}
		// Of the stamp little is left where there was no print, and of the print
		// most.
		clean := stamped(255, 500, 420, 140)
		full := stamped(c.ink, 500, 420, 140)
		stamp, left, print, kept := 0, 0, 0, 0
		for i := range clean.Pix {
			switch {
			case clean.Pix[i] < 100:
				print++
				if g.Pix[i] < 160 {
					kept++
				}
			case full.Pix[i] < 200:
				stamp++
				if g.Pix[i] < 160 {
					left++
				}
			}
		}
		if left*8 > stamp || kept*100 < print*97 {
			t.Errorf("%s: %d of %d pixels of the stamp are left, %d of %d of the print kept", c.name, left, stamp, kept, print)
		}
	}
}

func TestNoStamps(t *testing.T) {
	g := stamped(255, 500, 420, 140)
	before := append([]uint8(nil), g.Pix...)
	if marks := eraseStamps(g, 200); len(marks) != 0 {
		t.Errorf("stamps in print alone: %v", marks)
	}
	for i := range before {
		if before[i] != g.Pix[i] {
			t.Fatal("print was changed")
		}
	}
	// A ring half as large is a letter on a poster, or a seal of its own kind.
	if marks := eraseStamps(stamped(20, 500, 420, 70), 200); len(marks) != 0 {
		t.Errorf("a small ring: %v", marks)
	}
}

func BenchmarkEraseStamps(b *testing.B) {
	g := stamped(255, 500, 420, 140)
	for b.Loop() {
		eraseStamps(g, 200)
	}
}
