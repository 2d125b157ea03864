package ocr

import (
	"image"
	"math"
)

// toneGamma darkens what is between ink and paper. Measured on the cells of
// four real scans of 150 to 300 dpi, PSM 6, before repair: characters wrong
// 1.65 % without and 1.25 % with it on the faintest of them, cells exact 25 and
// 31 of 63, and no clear change on the darker ones; from 3 on thin white spaces
// within letters close and the figures turn back.
const toneGamma = 1.8

var toneCurve = func() (t [256]uint8) {
	for i := range t {
		t[i] = uint8(255*math.Pow(float64(i)/255, toneGamma) + 0.5)
	}
	return t
}()

// Tone returns the picture with the faint grey of thin strokes made darker:
// the hooks, dots and comma tails that tell Vietnamese letters apart are the
// first to be lost. White stays white and black stays black.
func Tone(page *image.Gray) *image.Gray {
	b := page.Rect
	out := image.NewGray(b)
	for y := range b.Dy() {
		src := page.Pix[y*page.Stride : y*page.Stride+b.Dx()]
		dst := out.Pix[y*out.Stride : y*out.Stride+b.Dx()]
		for x, v := range src {
			dst[x] = toneCurve[v]
		}
	}
	return out
}
