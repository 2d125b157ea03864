package scan

import (
	"image"
	"math"

	"github.com/sohoa/sohoa/schema"
)

// turn returns the picture turned clockwise by 90, 180 or 270 degrees; 0
// returns the picture itself.
func turn(g *image.Gray, degrees int) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	switch degrees {
	case 90, 270:
		out := image.NewGray(image.Rect(0, 0, h, w))
		// In blocks, so that both pictures stay in the cache.
		const block = 32
		for by := 0; by < h; by += block {
			for bx := 0; bx < w; bx += block {
				for x := bx; x < min(bx+block, w); x++ {
					if degrees == 90 {
						row := out.Pix[x*out.Stride:]
						for y := by; y < min(by+block, h); y++ {
							row[h-1-y] = g.Pix[y*g.Stride+x]
						}
					} else {
						row := out.Pix[(w-1-x)*out.Stride:]
						for y := by; y < min(by+block, h); y++ {
							row[y] = g.Pix[y*g.Stride+x]
						}
					}
				}
			}
		}
		return out
	case 180:
		out := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			src, dst := g.Pix[y*g.Stride:y*g.Stride+w], out.Pix[(h-1-y)*out.Stride:]
			for x, v := range src {
				dst[w-1-x] = v
			}
		}
		return out
	}
	return g
}

// geometry maps between the source picture and the upright page: a turn by a
// multiple of 90 degrees, then the skew taken out about the middle.
type geometry struct {
	w, h     int // of the source
	rotation int // degrees clockwise
	skew     float64
	pad      int // pixels added on every side of the turned picture before deskewing
}

// size returns the extent of the upright page.
func (t geometry) size() (w, h int) {
	if t.rotation == 90 || t.rotation == 270 {
		return t.h + 2*t.pad, t.w + 2*t.pad
	}
	return t.w + 2*t.pad, t.h + 2*t.pad
}

// turned maps a point of the source into the turned picture.
func (t geometry) turned(x, y float64) (float64, float64) {
	switch t.rotation {
	case 90:
		return float64(t.h) - y, x
	case 180:
		return float64(t.w) - x, float64(t.h) - y
	case 270:
		return y, float64(t.w) - x
	}
	return x, y
}

// unturned is the inverse of turned.
func (t geometry) unturned(x, y float64) (float64, float64) {
	switch t.rotation {
	case 90:
		return y, float64(t.h) - x
	case 180:
		return float64(t.w) - x, float64(t.h) - y
	case 270:
		return float64(t.w) - y, x
	}
	return x, y
}

// upright maps a point of the source onto the upright page.
func (t geometry) upright(x, y float64) (float64, float64) {
	x, y = t.turned(x, y)
	x, y = x+float64(t.pad), y+float64(t.pad)
	w, h := t.size()
	cx, cy := float64(w)/2, float64(h)/2
	s, c := math.Sincos(-t.skew * math.Pi / 180)
	dx, dy := x-cx, y-cy
	return cx + c*dx - s*dy, cy + s*dx + c*dy
}

// source maps a point of the upright page into the source.
func (t geometry) source(x, y float64) (float64, float64) {
	w, h := t.size()
	cx, cy := float64(w)/2, float64(h)/2
	s, c := math.Sincos(t.skew * math.Pi / 180)
	dx, dy := x-cx, y-cy
	x, y = cx+c*dx-s*dy-float64(t.pad), cy+s*dx+c*dy-float64(t.pad)
	return t.unturned(x, y)
}

// box maps a box of the source onto the upright page: the smallest box around
// its corners.
func (t geometry) box(b schema.Box) schema.Box {
	w, h := t.size()
	x0, y0 := math.Inf(1), math.Inf(1)
	x1, y1 := math.Inf(-1), math.Inf(-1)
	for _, p := range [4][2]int{{b.X0, b.Y0}, {b.X1, b.Y0}, {b.X0, b.Y1}, {b.X1, b.Y1}} {
		x, y := t.upright(float64(p[0]), float64(p[1]))
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	r := schema.Box{X0: int(math.Floor(x0)), Y0: int(math.Floor(y0)), X1: int(math.Ceil(x1)), Y1: int(math.Ceil(y1))}
	return r.Intersect(schema.Box{X1: w, Y1: h})
}
