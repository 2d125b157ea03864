package scan

import (
	"image"
	"image/color"
)

// fineDPI is the resolution from which a picture is reduced. Letters gain
// nothing from more than half of it, while time and memory grow with its
// square.
const fineDPI = 380

// reduction returns by what whole number a picture of dpi is reduced: to 200
// dpi or somewhat more.
func reduction(dpi int) int {
	if dpi < fineDPI {
		return 1
	}
	return dpi / 190
}

// reduce returns the picture at a factor-th of its size; each pixel is the mean
// of a square of them, so that the two levels of a fax become greys.
func reduce(src image.Image, factor int) image.Image {
	if factor <= 1 {
		return src
	}
	switch m := src.(type) {
	case *image.Gray:
		return shrink(split(m).gray, factor)
	case *image.Gray16:
		return shrink(split(m).gray, factor)
	case *image.Paletted:
		if _, ok := grayPalette(m.Palette); ok {
			return shrink(split(m).gray, factor)
		}
	}
	r := src.Bounds()
	w, h := r.Dx()/factor, r.Dy()/factor
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	row := make([]uint8, 3*r.Dx())
	sum := make([]uint32, 3*w)
	rgb := rowReader(src)
	n := uint32(factor * factor)
	for y := range h {
		clear(sum)
		for k := range factor {
			rgb(r.Min.Y+y*factor+k, row)
			for x := range w {
				for i := x * factor * 3; i < (x+1)*factor*3; i += 3 {
					sum[3*x] += uint32(row[i])
					sum[3*x+1] += uint32(row[i+1])
					sum[3*x+2] += uint32(row[i+2])
				}
			}
		}
		for x := range w {
			out.SetRGBA(x, y, color.RGBA{uint8(sum[3*x] / n), uint8(sum[3*x+1] / n), uint8(sum[3*x+2] / n), 255})
		}
	}
	return out
}
