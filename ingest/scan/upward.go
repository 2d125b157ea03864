package scan

import (
	"image"
	"math"

	"github.com/sohoa/sohoa/schema"
)

// Upward returns the print of a cell whose text is written from the foot
// upwards, as the heads of narrow columns often are, turned so that it can be
// read; nil for other cells. at is where the print stands on the page.
func (s *Sheet) Upward(cell schema.Box) (turned *image.Gray, at schema.Box) {
	at = s.Ink(cell)
	if at.Height()*100 < 25*s.DPI || at.Height()*10 < at.Width()*13 {
		return nil, at
	}
	crop := cut(s.Gray, at)
	factor := max(int(math.Round(float64(s.DPI)/100)), 1)
	small := shrink(crop, factor)
	if small.Rect.Empty() || sideways(thresholdGray(small, faintLevel), s.DPI/factor) <= 2 {
		return nil, at
	}
	return turn(crop, 90), at
}

// UnturnedBox returns where a box of the picture that [Sheet.Upward] turned lies on
// the page.
func UnturnedBox(b, at schema.Box) schema.Box {
	return schema.Box{X0: at.X0 + b.Y0, X1: at.X0 + b.Y1, Y0: at.Y1 - b.X1, Y1: at.Y1 - b.X0}
}
