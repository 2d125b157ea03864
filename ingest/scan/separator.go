package scan

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// Engines that read lines lose the comma of a "4,1" that stands alone: one in
// two at 10 pt, whatever the resolution. The picture shows it plainly, as a small
// piece at the foot of the digits, in a gap that digits alone do not leave.

// Separators tells how the one line of digits in a box is parted: each digit is
// written "0", each stop or comma between digits as what it is, and "?" stands
// for what may be either. Pieces that are not as high as digits are left out, so
// that a "%" counts as one digit, or none; so do digits that touch each other.
// It returns "" for what is no line of digits.
func (s *Sheet) Separators(b schema.Box) string {
	ink := s.Ink(b)
	x := s.xHeight()
	if ink.Empty() || x <= 0 || ink.Height() > 3*x {
		return ""
	}
	parts := s.pieces(s.Whole(ink, b), paleLevel)
	high := 0
	for _, p := range parts {
		high = max(high, p.Height())
	}
	if high*100 < 115*x || high*100 > 220*x {
		return ""
	}
	var digits []schema.Box
	for _, p := range parts {
		if p.Height()*100 >= high*80 {
			digits = append(digits, p)
		}
	}
	if len(digits) == 0 {
		return ""
	}
	foot := footOf(digits)
	var out strings.Builder
	for i, d := range digits {
		if i > 0 {
			last := digits[i-1]
			gap := schema.Box{X0: last.X1, Y0: last.Y0, X1: d.X0, Y1: max(last.Y1, d.Y1)}
			if mark := separatorIn(parts, gap, foot, high); mark != 0 {
				out.WriteByte(mark)
			}
		}
		out.WriteByte('0')
	}
	return out.String()
}

// footOf returns the line that digits stand on: the middle of their feet.
func footOf(digits []schema.Box) int {
	var feet []int
	for _, d := range digits {
		feet = append(feet, d.Y1)
	}
	slices.Sort(feet)
	return feet[len(feet)/2]
}

// separatorIn returns what stands in the gap between two digits of a height
// that stand on a line: ',', '.', '?' for either of them, and 0 for nothing.
func separatorIn(parts []schema.Box, gap schema.Box, foot, high int) byte {
	if gap.Width()*100 < high*20 {
		return 0
	}
	for _, p := range parts {
		if p.CenterX() <= gap.X0 || p.CenterX() >= gap.X1 || p.Height()*100 > high*55 || p.Width()*100 > high*45 {
			continue
		}
		if p.Y0*100 < foot*100-high*35 || p.Y1*100 < foot*100-high*12 || p.Y1*100 > foot*100+high*45 {
			continue
		}
		// Measured on 1400 commas and 1000 stops at 100 to 600 dpi: a comma reaches
		// 6 to 25 % of a digit's height below the line and is 20 to 40 % high, a
		// stop 7 % below at most and up to 25 % high.
		below, both := (p.Y1-foot)*100, (p.Y1-foot+p.Height())*100
		switch {
		case below >= high*6 && both >= high*30:
			return ','
		case both <= high*24:
			return '.'
		}
		return '?'
	}
	return 0
}

// Digits reads one to four digits that stand alone in a box by their shapes, as
// what each is nearest to, however far. far is the distance of the farthest, of
// which [Sheet.Token] allows 0.23 to 0.30. Strokes that are too pale for ink are
// seen, and what is no wider than one digit is one, however broken; stops and
// commas are passed over. It returns "" where the pieces cannot be digits.
func (s *Sheet) Digits(b schema.Box) (text string, far float64) {
	ink := s.Ink(b)
	x := s.xHeight()
	if ink.Empty() || x <= 0 || ink.Width() > 5*x {
		return "", 0
	}
	whole := s.Whole(ink, b)
	if whole.Height()*100 < 130*x {
		whole = s.drawnOut(whole, b, x*155/100)
	}
	if whole.Height()*100 > 190*x || whole.Height()*100 < 115*x {
		return "", 0
	}
	parts := []schema.Box{whole}
	if whole.Width()*100 > 120*x {
		parts = s.pieces(whole, paleLevel)
	}
	for _, p := range parts {
		if p.Height()*100 < 60*x && p.CenterY() > whole.CenterY() {
			continue
		}
		if p.Height()*100 < 115*x || len(text) == 4 {
			return "", 0
		}
		form := shapeOf(s.Gray, p, x)
		t, d, _ := verdictOn(&form).among(digit)
		text, far = text+t, max(far, d)
	}
	return text, far
}

// drawnOut lets a box of print grow up and down within its cell while the next
// rows have a spot that is no grain of the paper, to a height at most: of a thin
// "7" at 150 dpi the bar alone is dark enough for ink.
func (s *Sheet) drawnOut(b, cell schema.Box, high int) schema.Box {
	const spot = 32 // darkness
	marked := func(y int) bool {
		if y < cell.Y0+2 || y >= cell.Y1-2 || b.Height() >= high {
			return false
		}
		row := s.Gray.Pix[y*s.Gray.Stride:]
		return 255-int(slices.Min(row[max(b.X0-1, 0):min(b.X1+1, s.Gray.Rect.Dx())])) >= spot
	}
	for marked(b.Y1) || marked(b.Y1+1) {
		b.Y1++
	}
	for marked(b.Y0-1) || marked(b.Y0-2) {
		b.Y0--
	}
	return b
}
