package scan

import (
	"image"
	"image/color"
	"math"
)

// view is the source picture seen upright. It computes a pixel when it is
// asked for one, because most pages are never looked at by a person, and a
// colour picture of each would double the memory and time that a page takes.
type view struct {
	src image.Image
	geo geometry
}

// ColorModel implements [image.Image].
func (v view) ColorModel() color.Model { return color.RGBAModel }

// Bounds implements [image.Image].
func (v view) Bounds() image.Rectangle {
	w, h := v.geo.size()
	return image.Rect(0, 0, w, h)
}

// At implements [image.Image]: bilinear between the four nearest pixels of the
// source, white outside of it.
func (v view) At(x, y int) color.Color {
	sx, sy := v.geo.source(float64(x)+0.5, float64(y)+0.5)
	sx, sy = sx-0.5, sy-0.5
	fx, fy := math.Floor(sx), math.Floor(sy)
	wx, wy := sx-fx, sy-fy
	var sum [3]float64
	for _, c := range [4]struct{ dx, dy, weight float64 }{
		{0, 0, (1 - wx) * (1 - wy)}, {1, 0, wx * (1 - wy)}, {0, 1, (1 - wx) * wy}, {1, 1, wx * wy},
	} {
		if c.weight < 1e-6 {
			continue
		}
		r := v.src.Bounds()
		px, py := r.Min.X+int(fx+c.dx), r.Min.Y+int(fy+c.dy)
		p := color.RGBA{255, 255, 255, 255}
		if (image.Point{X: px, Y: py}).In(r) {
			p = color.RGBAModel.Convert(v.src.At(px, py)).(color.RGBA)
		}
		sum[0] += c.weight * float64(p.R)
		sum[1] += c.weight * float64(p.G)
		sum[2] += c.weight * float64(p.B)
	}
	return color.RGBA{uint8(sum[0] + 0.5), uint8(sum[1] + 0.5), uint8(sum[2] + 0.5), 255}
}
