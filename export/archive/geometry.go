package archive

import (
	"math"

	"github.com/sohoa/sohoa/schema"
)

// sheet is the way from the upright page, where words have their boxes, back to
// the page as it was scanned. Reading turned the page by quarters, added white
// on every side where it leaned by more than two degrees, and took the lean out
// about the middle; of this the page result says how far it was turned, the
// lean and the final size.
//
// The turn is left in: a page that lay on its side is shown turned by its
// /Rotate, which changes no pixel. So places here are pixels of the turned page
// before the white was added, w×h of them, from the top left corner.
type sheet struct {
	w, h     float64
	pad      float64 // pixels that were added on every side
	cx, cy   float64 // middle of the upright page
	sin, cos float64 // of the lean
}

// leanPadded is the lean in degrees from which pages are given room.
const leanPadded = 2.0

func sheetOf(p *schema.PageInfo) sheet {
	s := sheet{w: float64(p.Width), h: float64(p.Height), cx: float64(p.Width) / 2, cy: float64(p.Height) / 2}
	s.sin, s.cos = math.Sincos(p.Skew * math.Pi / 180)
	if math.Abs(p.Skew) > leanPadded {
		// The room is half the longer side times the sine of the lean, in whole
		// pixels; the side that is known has it at both ends already.
		long, sin := float64(max(p.Width, p.Height)), math.Abs(s.sin)
		for pad := math.Floor(long / 2 * sin / (1 + sin)); pad >= 0; pad-- {
			if math.Floor((long-2*pad)/2*sin) >= pad {
				s.pad = pad
				break
			}
		}
		s.w, s.h = s.w-2*s.pad, s.h-2*s.pad
	}
	return s
}

// turned gives the place of a point of the upright page.
func (s sheet) turned(x, y float64) (float64, float64) {
	dx, dy := x-s.cx, y-s.cy
	return s.cx + s.cos*dx - s.sin*dy - s.pad, s.cy + s.sin*dx + s.cos*dy - s.pad
}

// frame is how a page of a PDF shows what it has: box is what of its plane can
// be seen, in points, and rotate by how many degrees clockwise it is turned for
// that.
type frame struct {
	box    [4]float64 // left, bottom, right, top
	rotate int        // 0, 90, 180, 270
}

// size returns the extent of the page as shown, in points.
func (f frame) size() (w, h float64) {
	w, h = f.box[2]-f.box[0], f.box[3]-f.box[1]
	if f.rotate%180 != 0 {
		w, h = h, w
	}
	return w, h
}

// point gives the place on the plane of a point of the page as shown, x to the
// right and y down from the top left corner.
func (f frame) point(x, y float64) (float64, float64) {
	switch f.rotate {
	case 90:
		return f.box[0] + y, f.box[1] + x
	case 180:
		return f.box[2] - x, f.box[1] + y
	case 270:
		return f.box[2] - y, f.box[3] - x
	}
	return f.box[0] + x, f.box[3] - y
}

// upright gives the first four numbers of a matrix that sets text so that it
// stands upright on the page as shown.
func (f frame) upright() string {
	switch f.rotate {
	case 90:
		return "0 1 -1 0"
	case 180:
		return "-1 0 0 -1"
	case 270:
		return "0 -1 1 0"
	}
	return "1 0 0 1"
}
