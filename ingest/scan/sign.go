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
	near := func(h int) int { return counts[h-1] + counts[h] + counts[h+1] }
	best := 0
	for h := 1; h+1 < len(counts); h++ {
		if c := near(h); c > best {
			best, s.small = c, h
		}
	}
	// On a page of figures the commonest height is that of digits: small
	// letters are the next below, at two thirds of it.
	for h := max(s.small*60/100, 1); h <= s.small*76/100; h++ {
		if c := near(h); c*4 >= best && c >= near(h+1) {
			s.small = h
			break
		}
	}
	return s.small
}

// Numeral recognises the numerals that are upright strokes and nothing else,
// standing alone in a small cell: "I", "II" and "III" that head groups, and "1"
// and "11" of serif faces. Engines scale every line to one height and take them
// for quotes, for "H" or for each other; the strokes, their distance and what
// hangs on their heads tell them apart. It returns "" when in doubt.
func (s *Sheet) Numeral(b schema.Box) (string, schema.Box) {
	ink := s.Ink(b)
	x := s.xHeight()
	if ink.Empty() || x <= 0 {
		return "", schema.Box{}
	}
	w, h := ink.Width(), ink.Height()
	// Capitals and digits are 1.4 to 1.5 times as high as small letters.
	if h*100 < x*125 || h*100 > x*175 || w > h*17/10 {
		return "", schema.Box{}
	}
	stems := s.stems(ink)
	if len(stems) == 0 || len(stems) > 3 {
		return "", schema.Box{}
	}
	pitch := 0
	for i := 1; i < len(stems); i++ {
		d := stems[i].mid() - stems[i-1].mid()
		if pitch > 0 && abs(d-pitch)*6 > pitch {
			return "", schema.Box{}
		}
		pitch = d
	}
	ones, bars := 0, 0
	for i, t := range stems {
		lo, hi := ink.X0, ink.X1
		if i > 0 {
			lo = (stems[i-1].mid() + t.mid()) / 2
		}
		if i+1 < len(stems) {
			hi = (t.mid() + stems[i+1].mid()) / 2
		}
		switch s.head(t, lo, hi, ink) {
		case '1':
			ones++
		case 'I':
			bars++
		}
	}
	switch {
	case bars == len(stems) && (pitch == 0 || pitch*100 >= h*35 && pitch*100 <= h*64):
		return "III"[:bars], ink
	case ones == len(stems) && ones < 3 && (pitch == 0 || pitch*100 >= h*64 && pitch*100 <= h*90):
		return "11"[:ones], ink
	}
	return "", schema.Box{}
}

// stem is an upright stroke, its sides in pixels.
type stem struct{ x0, x1 int }

func (t stem) mid() int { return (t.x0 + t.x1) / 2 }

// stems returns the strokes in the middle half of the box when there is nothing
// but upright strokes, nil otherwise.
func (s *Sheet) stems(b schema.Box) []stem {
	h := b.Height()
	var out []stem
	for y := b.Y0 + h*3/10; y < b.Y0+h*7/10; y++ {
		row := s.bits.row(y)
		n := 0
		for x := nextSet(row, b.X0, b.X1); x < b.X1; n++ {
			e := nextClear(row, x, b.X1)
			if y == b.Y0+h*3/10 {
				out = append(out, stem{x, e})
			} else if n >= len(out) || abs((x+e)/2-out[n].mid()) > max(h/20, 1) {
				return nil
			}
			if (e-x)*100 > h*26 {
				return nil // no stroke is so thick
			}
			x = nextSet(row, e, b.X1)
		}
		if n != len(out) {
			return nil
		}
	}
	return out
}

// head tells by what stands at the top of a stroke between lo and hi: '1' for a
// flag on its left alone, 'I' for serifs on both sides, 0 for anything else. At
// the foot either has serifs. Serifs are thinner than a pixel and pale, so that
// it is darkness that is weighed, beyond the blur that the stroke itself has.
func (s *Sheet) head(t stem, lo, hi int, b schema.Box) rune {
	h := b.Height()
	// weigh sums the darkness left and right of the stroke, in square pixels of
	// black, over the rows from the first to the last tenth of the height.
	weigh := func(from, to int) (left, right float64) {
		for y := b.Y0 + h*from/10; y < b.Y0+h*to/10; y++ {
			row := s.Gray.Pix[y*s.Gray.Stride:]
			for x := max(lo, 0); x < min(hi, s.Gray.Rect.Dx()); x++ {
				switch d := float64(255-row[x]) / 255; {
				case x < t.x0:
					left += d
				case x >= t.x1:
					right += d
				}
			}
		}
		return left, right
	}
	blurL, blurR := weigh(4, 7)
	topL, topR := weigh(0, 3)
	footL, footR := weigh(8, 10)
	topL, topR = topL-blurL, topR-blurR
	footL, footR = footL-blurL*2/3, footR-blurR*2/3
	least := float64(h*h) * 0.002
	if footL < least || footR < least || footL > 2.5*footR || footR > 2.5*footL {
		return 0 // the foot of a "3" has one side
	}
	switch {
	case topL >= 2*least && topR*3 <= topL:
		return '1'
	case topL >= least && topR >= least && topL <= 2*topR && topR <= 2*topL:
		// The serifs of an I are at its very top; a flag begins below.
		return 'I'
	}
	return 0
}
