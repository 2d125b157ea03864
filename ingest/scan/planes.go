package scan

import (
	"image"
	"image/color"
)

// planes is a page picture taken apart: its lightness and, where the page has
// colour at all, which pixels are red or blue ink.
type planes struct {
	gray      *image.Gray // origin 0,0 and stride = width
	red, blue *bitmap     // nil for pictures without colour
	colourful *image.Gray // lightness with coloured ink bleached; nil without colour
}

// inkHue tells red and blue ink from print. The margins are wide enough for
// yellowed paper and for the colour fringes that JPEG and the scanner's
// sensor rows leave at the edges of black strokes.
func inkHue(r, g, b int) (red, blue bool) {
	return r-g > 48 && r-b > 36, b-r > 36 && b-g > 8
}

// bleach returns the lightness that a pixel would have without its colour: the
// brightest channel, raised by the distance to the darkest. Black print below
// a red stamp stays dark, the stamp alone turns white.
func bleach(r, g, b int) uint8 {
	hi, lo := max(r, g, b), min(r, g, b)
	return uint8(min(hi+(hi-lo), 255))
}

// luma is the ITU-R BT.601 weighting, as in image/color.
func luma(r, g, b int) uint8 { return uint8((19595*r + 38470*g + 7471*b + 1<<15) >> 16) }

// split reads the picture. The common picture types are read straight from
// their pixels; any other goes through its colour model.
func split(src image.Image) planes {
	r := src.Bounds()
	w, h := r.Dx(), r.Dy()
	gray := image.NewGray(image.Rect(0, 0, w, h))
	switch m := src.(type) {
	case *image.Gray:
		for y := range h {
			o := m.PixOffset(r.Min.X, r.Min.Y+y)
			copy(gray.Pix[y*w:(y+1)*w], m.Pix[o:o+w])
		}
		return planes{gray: gray}
	case *image.Paletted:
		if p, ok := grayPalette(m.Palette); ok {
			for y := range h {
				o := m.PixOffset(r.Min.X, r.Min.Y+y)
				for x, v := range m.Pix[o : o+w] {
					gray.Pix[y*w+x] = p[v]
				}
			}
			return planes{gray: gray}
		}
	case *image.Gray16:
		for y := range h {
			o := m.PixOffset(r.Min.X, r.Min.Y+y)
			for x := range w {
				gray.Pix[y*w+x] = m.Pix[o+2*x]
			}
		}
		return planes{gray: gray}
	}

	// rgb fills one row of interleaved 8-bit channels, over white.
	buf := make([]uint8, 3*w)
	rgb := rowReader(src)
	red, blue := newBitmap(w, h), newBitmap(w, h)
	bleached := image.NewGray(gray.Rect)
	coloured := 0
	for y := range h {
		rgb(r.Min.Y+y, buf)
		out := gray.Pix[y*w : (y+1)*w]
		pale := bleached.Pix[y*w : (y+1)*w]
		for x := range w {
			p := buf[3*x : 3*x+3 : 3*x+3]
			r, g, b := int(p[0]), int(p[1]), int(p[2])
			if r == g && g == b {
				out[x], pale[x] = p[0], p[0]
				continue
			}
			out[x] = luma(r, g, b)
			pale[x] = bleach(r, g, b)
			isRed, isBlue := inkHue(r, g, b)
			if isRed {
				red.set(x, y)
				coloured++
			} else if isBlue {
				blue.set(x, y)
				coloured++
			}
		}
	}
	if coloured < 64 {
		return planes{gray: gray}
	}
	return planes{gray: gray, red: red, blue: blue, colourful: bleached}
}

// rowReader returns a function that writes row y of the picture as RGB.
func rowReader(src image.Image) func(y int, dst []uint8) {
	r := src.Bounds()
	switch m := src.(type) {
	case *image.RGBA:
		return func(y int, dst []uint8) {
			from := m.PixOffset(r.Min.X, y)
			p := m.Pix[from : from+4*(len(dst)/3)]
			for ; len(p) >= 4 && len(dst) >= 3; p, dst = p[4:], dst[3:] {
				// Premultiplied colour over white.
				over := 255 - p[3]
				dst[0], dst[1], dst[2] = p[0]+over, p[1]+over, p[2]+over
			}
		}
	case *image.NRGBA:
		return func(y int, dst []uint8) {
			p := m.Pix[m.PixOffset(r.Min.X, y):]
			for i, j := 0, 0; i < len(dst); i, j = i+3, j+4 {
				a := int(p[j+3])
				if a == 255 {
					dst[i], dst[i+1], dst[i+2] = p[j], p[j+1], p[j+2]
					continue
				}
				for k := range 3 {
					dst[i+k] = uint8((int(p[j+k])*a + 255*(255-a)) / 255)
				}
			}
		}
	case *image.YCbCr:
		return func(y int, dst []uint8) {
			for x := range r.Dx() {
				yi, ci := m.YOffset(r.Min.X+x, y), m.COffset(r.Min.X+x, y)
				cb, cr := m.Cb[ci], m.Cr[ci]
				if cb == 128 && cr == 128 {
					v := m.Y[yi]
					dst[3*x], dst[3*x+1], dst[3*x+2] = v, v, v
					continue
				}
				dst[3*x], dst[3*x+1], dst[3*x+2] = color.YCbCrToRGB(m.Y[yi], cb, cr)
			}
		}
	}
	return func(y int, dst []uint8) {
		for x := range r.Dx() {
			cr, cg, cb, ca := src.At(r.Min.X+x, y).RGBA()
			over := 0xffff - ca
			dst[3*x] = uint8((cr + over) >> 8)
			dst[3*x+1] = uint8((cg + over) >> 8)
			dst[3*x+2] = uint8((cb + over) >> 8)
		}
	}
}

// grayPalette returns the lightness of each palette entry, or false when the
// palette holds a colour.
func grayPalette(p color.Palette) ([256]uint8, bool) {
	var out [256]uint8
	for i, c := range p {
		r, g, b, a := c.RGBA()
		if r != g || g != b || i >= len(out) {
			return out, false
		}
		out[i] = uint8((r + 0xffff - a) >> 8)
	}
	return out, true
}
