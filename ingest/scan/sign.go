package scan

import (
	"github.com/sohoa/sohoa/schema"
)

// Sign recognises by its shape what stands alone in a small cell and what OCR
// engines, made for words, drop or take for something else: the dash for
// "none" and the cross that ticks a column. It returns "-", "x" or "X" and the
// place of the ink, or "" when the box holds anything else. A cross is small
// or capital by the height of the page's other letters.
func (s *Sheet) Sign(b schema.Box) (string, schema.Box) {
	ink := s.Ink(b)
	if ink.Empty() {
		return "", schema.Box{}
	}
	w, h := ink.Width(), ink.Height()
	dpi := s.DPI
	if w > dpi*25/100 || h > dpi*20/100 {
		return "", schema.Box{}
	}
	_, area := s.bits.tight(ink)
	switch {
	case w >= 2*h && h*100 <= 4*dpi && w*100 >= 2*dpi && area*10 >= w*h*6:
		return "-", ink
	case w*10 >= h*7 && w*10 <= h*15 && h*100 >= 5*dpi && s.cross(ink):
		if x := s.xHeight(); x > 0 && h*100 > x*122 {
			return "X", ink
		}
		return "x", ink
	}
	return "", schema.Box{}
}

// cross reports whether the box holds two crossing strokes: ink in the four
// corners and in the middle, paper at the middles of the sides.
func (s *Sheet) cross(b schema.Box) bool {
	w, h := b.Width(), b.Height()
	part := func(x0, y0, x1, y1 int) (ink, all int) {
		for y := b.Y0 + h*y0/12; y < b.Y0+h*y1/12; y++ {
			ink += s.bits.count(y, b.X0+w*x0/12, b.X0+w*x1/12)
		}
		return ink, (w*x1/12 - w*x0/12) * (h*y1/12 - h*y0/12)
	}
	filled := func(x0, y0, x1, y1, percent int) bool {
		ink, all := part(x0, y0, x1, y1)
		return all > 0 && ink*100 >= all*percent
	}
	return filled(0, 0, 4, 4, 25) && filled(8, 0, 12, 4, 20) && filled(0, 8, 4, 12, 20) && filled(8, 8, 12, 12, 25) &&
		filled(4, 4, 8, 8, 45) &&
		!filled(5, 0, 7, 2, 35) && !filled(5, 10, 7, 12, 35) && !filled(0, 5, 2, 7, 35) && !filled(10, 5, 12, 7, 35)
}

// xHeight returns the height of the page's small letters in pixels, 0 when it
// has too few: the commonest height of pieces of ink of a letter's size.
func (s *Sheet) xHeight() int {
	if s.small != 0 {
		return max(s.small, 0)
	}
	counts := make([]int, s.DPI/5+2)
	n := 0
	for _, p := range s.bits.blobs() {
		w, h := p.x1-p.x0, p.y1-p.y0
		if h*100 < 5*s.DPI || h >= len(counts)-1 || w > 2*h || w*3 < h {
			continue
		}
		counts[h]++
		n++
	}
	s.small = -1
	if n < 30 {
		return 0
	}
	best := 0
	for h := 1; h+1 < len(counts); h++ {
		if c := counts[h-1] + counts[h] + counts[h+1]; c > best {
			best, s.small = c, h
		}
	}
	return s.small
}
