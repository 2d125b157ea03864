package scan

import (
	"math/rand/v2"
	"testing"
)

// Pixels packed eight at a time are those that a comparison gives one by one.
func TestThreshold(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const w, h, stride = 203, 5, 210
	pix := make([]uint8, stride*h)
	for i := range pix {
		pix[i] = uint8(r.IntN(256))
	}
	for level := range 256 {
		if level > 0 { // values next to the level
			for i := 0; i < len(pix); i += 3 {
				pix[i] = uint8(level - r.IntN(2))
			}
		}
		b := threshold(pix, w, h, stride, uint8(level))
		for y := range h {
			for x := range w {
				if p := pix[y*stride+x]; b.get(x, y) != (p < uint8(level)) {
					t.Fatalf("level %d, pixel %d: ink %v", level, p, b.get(x, y))
				}
			}
			row := pix[y*stride : y*stride+w]
			if want := b.count(y, 0, w) == 0; lighter(row, uint8(level)) != want {
				t.Fatalf("level %d: lighter is not %v", level, want)
			}
		}
	}
}
