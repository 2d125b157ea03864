package scan

import (
	"slices"
	"strings"

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
		return s.lostDash(b)
	}
	dpi := s.DPI
	if ink.Width() > dpi*25/100 || ink.Height() > dpi*40/100 {
		return "", schema.Box{}
	}
	alone := s.alone(ink)
	if !alone.Empty() {
		ink = alone
	}
	w, h := ink.Width(), ink.Height()
	if h > dpi*20/100 {
		return "", schema.Box{}
	}
	// Thin strokes are too pale for ink: of a "7" that leaves a dash, and of a
	// cross one arm.
	whole := ink
	if alone.Empty() {
		whole = s.Whole(ink, b)
	}
	_, area := s.bits.tight(ink)
	switch {
	case w >= 2*h && h*100 <= 4*dpi && w*100 >= 2*dpi && area*10 >= w*h*6:
		if whole.Height()*100 > 6*dpi || s.hung(ink, b) {
			return "", schema.Box{}
		}
		return "-", whole
	case w*10 >= h*7 && w*10 <= h*15 && h*100 >= 5*dpi && (s.cross(ink, inkLevel) || s.cross(ink, paleLevel)), s.paleCross(whole, b):
		if x := s.xHeight(); x > 0 && ink.Height()*100 > x*122 {
			return "X", ink
		}
		return "x", ink
	}
	return "", schema.Box{}
}

// lostDash looks for the dash of a small type in a cell without ink: a speck in
// the very middle of the cell, wider than high, and no other one. Dust falls
// anywhere.
func (s *Sheet) lostDash(b schema.Box) (string, schema.Box) {
	if b.Width() > 2*s.DPI || b.Height() > s.DPI {
		return "", schema.Box{}
	}
	var found schema.Box
	for _, f := range s.flat {
		if !b.Contains(f.CenterX(), f.CenterY()) {
			continue
		}
		if !found.Empty() {
			return "", schema.Box{}
		}
		found = f
	}
	aside, above := abs(found.CenterX()-b.CenterX()), abs(found.CenterY()-b.CenterY())
	if found.Empty() || aside > max(s.DPI*4/100, 3) || above > max(s.DPI*5/100, 3) {
		return "", schema.Box{}
	}
	return "-", found
}

// hung reports whether a stroke hangs below a bar or stands on it, be it ever so
// pale: most rows there have a spot that is no grain of the paper.
func (s *Sheet) hung(bar, cell schema.Box) bool {
	const spot = 35 // darkness
	side := func(from, to int) bool {
		rows, spots := 0, 0
		for y := max(from, cell.Y0); y < min(to, cell.Y1); y++ {
			rows++
			if 255-int(slices.Min(s.Gray.Pix[y*s.Gray.Stride+bar.X0:][:bar.Width()])) >= spot {
				spots++
			}
		}
		return rows > 2 && spots*10 >= rows*7
	}
	reach := max(s.DPI*6/100, 4)
	return side(bar.Y1+1, bar.Y1+1+reach) || side(bar.Y0-1-reach, bar.Y0-1)
}

// paleCross reports whether the print in a box of a cell looks like an "x" and
// like nothing else. Of thin type at a low resolution one stroke is too pale to
// count as ink and the box too narrow by its ends; a cross is as wide on either
// side of where its darkness lies.
func (s *Sheet) paleCross(b, cell schema.Box) bool {
	w, h := b.Width(), b.Height()
	if w*10 < h*6 || w*10 > h*15 || h*100 < 4*s.DPI || h*100 > 14*s.DPI {
		return false
	}
	if w < h {
		middle, half := s.middle(b), h*11/20
		b.X0, b.X1 = min(b.X0, middle-half), max(b.X1, middle+half+1)
		b = b.Intersect(cell)
	}
	x := s.xHeight()
	if x <= 0 {
		x = h
	}
	form := shapeOf(s.Gray, b, x)
	// What is no higher than small letters is one, or a digit of smaller type.
	likely := func(t string) bool { return t != "X" }
	near, far := clearerBy, clearerBy
	enough := nearEnough
	if h*100 <= x*125 {
		near, far = 0.97, 0.92
		likely = func(t string) bool { return digit(t) || len(t) == 1 && strings.Contains("aceghkmnpqrsuvxyz", t) }
		enough = 0.36
	}
	for _, corner := range []int{0, shapeW - 4, (shapeH - 5) * shapeW, (shapeH-5)*shapeW + shapeW - 4} {
		if form.darkest(corner, 4, 5) < 2 {
			return false // a single stroke
		}
	}
	text, d, next := verdictOn(&form).among(likely)
	return text == "x" && (d <= nearEnough && d <= near*next || d <= enough && d <= far*next)
}

// darkest returns the darkest of w by h squares from the given one on.
func (s *shape) darkest(from, w, h int) (most uint8) {
	for y := range h {
		most = max(most, slices.Max(s.dark[from+y*shapeW:][:w]))
	}
	return most
}

// middle returns the x that half of the darkness in a box lies left of.
func (s *Sheet) middle(b schema.Box) int {
	columns := make([]int, b.Width())
	all := 0
	for y := b.Y0; y < b.Y1; y++ {
		for i, v := range s.Gray.Pix[y*s.Gray.Stride+b.X0:][:b.Width()] {
			columns[i] += 255 - int(v)
			all += 255 - int(v)
		}
	}
	sum := 0
	for i, n := range columns {
		if sum += n; 2*sum >= all {
			return b.X0 + i
		}
	}
	return b.CenterX()
}

// alone returns the box of the one piece of ink that all others in b are dust
// beside: small, and farther from it than the parts of a letter are. It is
// empty when there is no such piece.
func (s *Sheet) alone(b schema.Box) schema.Box {
	parts := s.part(b, inkLevel).blobs()
	if len(parts) < 2 {
		return schema.Box{}
	}
	big := slices.MaxFunc(parts, func(a, b blob) int { return a.area - b.area })
	for _, p := range parts {
		apart := max(p.x0-big.x1, big.x0-p.x1, p.y0-big.y1, big.y0-p.y1)
		if p != big && (p.area*5 > big.area || apart*100 < 4*s.DPI) {
			return schema.Box{}
		}
	}
	return schema.Box{X0: b.X0 + big.x0, Y0: b.Y0 + big.y0, X1: b.X0 + big.x1, Y1: b.Y0 + big.y1}
}

// part returns what is darker than level in a box.
func (s *Sheet) part(b schema.Box, level uint8) *bitmap {
	g := s.Gray
	return threshold(g.Pix[g.PixOffset(b.X0, b.Y0):], b.Width(), b.Height(), g.Stride, level)
}

// cross reports whether the box holds two crossing strokes: ink in the four
// corners and in the middle, paper at the middles of the sides.
func (s *Sheet) cross(b schema.Box, level uint8) bool {
	bits := s.part(b, level)
	w, h := b.Width(), b.Height()
	filled := func(x0, y0, x1, y1, percent int) bool {
		ink := 0
		for y := h * y0 / 12; y < h*y1/12; y++ {
			ink += bits.count(y, w*x0/12, w*x1/12)
		}
		all := (w*x1/12 - w*x0/12) * (h*y1/12 - h*y0/12)
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
	if h := highest(counts, s.small-1, s.small+1); counts[h] > 2*counts[s.small] {
		s.small = h
	}
	// On a page of figures the commonest height is that of digits, and hardly
	// anything is higher: small letters are the next below, at two thirds of it.
	lower := highest(counts, max(s.small*60/100, s.DPI*5/100+2), s.small*79/100)
	taller := 0
	for h := s.small * 130 / 100; h < min(s.small*170/100, len(counts)); h++ {
		taller += counts[h]
	}
	if c := near(max(lower, 1)); c*4 >= best || c*10 >= best && taller*2 <= c {
		s.small = lower
	}
	return s.small
}

// highest returns where in a stretch of counts the highest stands, one that its
// neighbours do not exceed if there is such a one.
func highest(counts []int, from, to int) int {
	from = max(from, 1)
	best, peak := from, false
	for h := from; h <= to && h+1 < len(counts); h++ {
		top := counts[h] >= counts[h-1] && counts[h] >= counts[h+1]
		if top && !peak || top == peak && counts[h] > counts[best] {
			best, peak = h, top
		}
	}
	return best
}

// numeral recognises the numerals that are upright strokes and nothing else,
// standing alone in a small cell: "I", "II" and "III" that head groups, and "1"
// and "11" of serif faces. Engines scale every line to one height and take them
// for quotes, for "H" or for each other; the strokes, their distance and what
// hangs on their heads tell them apart. It returns "" when in doubt.
func (s *Sheet) numeral(b schema.Box) (string, schema.Box) {
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
	for _, p := range s.pieces(ink, inkLevel) {
		if p.Height()*2 < h {
			return "", schema.Box{} // a stop, or dirt that may have been one
		}
	}
	if s.Whole(ink, b).Width() > w+h/3 {
		return "", schema.Box{} // the stroke of a worn "4"
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
	if w > h*6/10+(len(stems)-1)*pitch {
		return "", schema.Box{} // no stroke and its serifs are so wide
	}
	// Serifs that touch cannot be told apart well, so all are weighed together.
	var all serifs
	ones, bars := true, true
	for i, t := range stems {
		lo, hi := ink.X0-h/4, ink.X1+h/4 // the rims of serifs are too pale for ink
		if i > 0 {
			lo = (stems[i-1].mid() + t.mid()) / 2
		}
		if i+1 < len(stems) {
			hi = (t.mid() + stems[i+1].mid()) / 2
		}
		own := s.serifsOf(t, lo, hi, ink)
		all.add(own)
		ones = ones && own.headL > 0 && own.headR*2 < own.headL
		bars = bars && min(own.headL, own.headR) > float64(h*h)*0.0006
	}
	kind := all.kind(h, len(stems))
	if kind == '1' && !ones || kind == 'I' && !bars {
		return "", schema.Box{} // the sides of a 0 are strokes too
	}
	switch n := len(stems); kind {
	case 'I':
		if pitch == 0 || pitch*100 >= h*35 && pitch*100 <= h*64 {
			return "III"[:n], ink
		}
	case '1':
		if n < 3 && (pitch == 0 || pitch*100 >= h*64 && pitch*100 <= h*90) {
			return "11"[:n], ink
		}
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
			if (e-x)*100 > h*32 {
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

// serifs is the darkness left and right of strokes at their heads and feet, in
// square pixels of black, beyond what stands beside their middles. Serifs are
// thinner than a pixel and pale, so that it is darkness that is weighed.
type serifs struct{ headL, headR, footL, footR, middle float64 }

func (a *serifs) add(b serifs) {
	a.headL += b.headL
	a.headR += b.headR
	a.footL += b.footL
	a.footR += b.footR
	a.middle += b.middle
}

// serifsOf weighs what stands by a stroke of the print in b, from lo to hi.
func (s *Sheet) serifsOf(t stem, lo, hi int, b schema.Box) serifs {
	h := b.Height()
	// weigh looks at the rows from the first to the last tenth of the height.
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
	middleL, middleR := weigh(4, 7)
	headL, headR := weigh(0, 3)
	footL, footR := weigh(8, 10)
	return serifs{headL - middleL, headR - middleR, footL - middleL*2/3, footR - middleR*2/3, middleL + middleR}
}

// kind tells what n strokes of height h are: '1' for flags on the left of their
// heads alone, 'I' for serifs on both sides, 0 for anything else. At the foot
// either has serifs.
func (a serifs) kind(h, n int) rune {
	least := float64(h*h*n) * 0.002
	lopsided := func(l, r, times float64) bool { return l > times*r || r > times*l }
	switch {
	case a.middle > float64(h*n)*0.27, a.footL+a.footR < least, lopsided(a.footL, a.footR, 6):
		return 0 // a worn "3" has something in the middle, and a foot to one side
	case a.headL*2 >= 3*least && a.headR*4 <= a.headL:
		return '1'
	case min(a.headL, a.headR)*3 >= 2*least && min(a.footL, a.footR)*2 >= least && !lopsided(a.headL, a.headR, 3.5) && !lopsided(a.footL, a.footR, 3.5):
		return 'I'
	}
	return 0
}
