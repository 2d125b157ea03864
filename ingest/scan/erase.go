package scan

import (
	"image"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// eraseRules paints the rules white, following each along its course. Where
// print touches a rule from one side, the rule's own pixels go and the
// letter's stay; where a stroke crosses the rule, as the tail of a g does, the
// crossing stays whole.
func eraseRules(g *image.Gray, horizontal, vertical []piece, dpi int) {
	halo := max(dpi/75, 1)
	var all []section
	for _, p := range horizontal {
		all = p.sections(all, false, halo+1)
	}
	for _, p := range vertical {
		all = p.sections(all, true, halo+1)
	}
	// Crossing rules must not pass for strokes, so all rules are marked first.
	rules := newBitmap(g.Rect.Dx(), g.Rect.Dy())
	for _, s := range all {
		s.each(g.Rect, halo, halo, rules.set)
	}
	const dark = 150
	stroke := func(at image.Point) bool {
		return at.In(g.Rect) && g.Pix[at.Y*g.Stride+at.X] < dark && !rules.get(at.X, at.Y)
	}
	// Decide on the untouched picture, then paint, so that one rule's removal
	// does not change what another sees.
	paint := all[:0]
	for _, s := range all {
		before, behind := stroke(s.at(s.lo-halo-1)), stroke(s.at(s.hi+halo))
		if before && behind {
			continue
		}
		if !before {
			s.lo -= halo
		}
		if !behind {
			s.hi += halo
		}
		paint = append(paint, s)
	}
	for _, s := range paint {
		s.each(g.Rect, 0, 0, func(x, y int) { g.Pix[y*g.Stride+x] = 255 })
	}
}

// section is a rule's pixels at one place of its course: those from lo to before hi
// across it.
type section struct {
	u, lo, hi int
	vertical  bool // the rule; u counts down the page
}

// sections adds those of a rule: along its trace without what was bridged, and over the
// pixels behind its ends, in which it fades out.
func (p piece) sections(to []section, vertical bool, fade int) []section {
	add := func(u int, v int32) {
		lo := int(v) - (p.thick-1)/2
		to = append(to, section{u, lo, lo + p.thick, vertical})
	}
	n, from := len(p.trace), 0
	for _, gap := range append(slices.Clone(p.breaks), [2]int{n, 0}) {
		for i := from; i < gap[0]; i++ {
			add(p.u0+i, p.trace[i])
		}
		from = gap[1]
	}
	for i := 1; i <= fade && n > 0; i++ {
		add(p.u0-i, p.trace[0])
		add(p.u1-1+i, p.trace[n-1])
	}
	return to
}

// at is the place of the pixel v across the rule.
func (s section) at(v int) image.Point {
	if s.vertical {
		return image.Pt(v, s.u)
	}
	return image.Pt(s.u, v)
}

// each calls f with the pixels that lie on the page, with some before and behind the
// section.
func (s section) each(page image.Rectangle, before, behind int, f func(x, y int)) {
	for v := s.lo - before; v < s.hi+behind; v++ {
		if at := s.at(v); at.In(page) {
			f(at.X, at.Y)
		}
	}
}

// eraseSpecks paints white the small pieces of ink that have no place in
// writing: dust, and the dots that a worn drum leaves. A small piece is part
// of the writing where it stands over a letter (tones, dots of i), under one
// (the dot of nặng), at the foot of one (stops, commas) or at its shoulder
// (quotes, horns), or in a row of dots; a dash needs no company. It returns what
// it took that is wider than high, as a worn dash may be.
func eraseSpecks(g *image.Gray, pieces []blob, dpi int) (flat []schema.Box) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	tiny := dpi * 5 / 100 // what is taller or wider is a letter
	near := newIndex(w, h, max(dpi/8, 8))
	var specks []int
	for i, p := range pieces {
		pw, ph := p.x1-p.x0, p.y1-p.y0
		if pw > tiny || ph > tiny {
			if ph <= dpi/2 || pw <= dpi/2 {
				near.add(i, p)
			}
			continue
		}
		specks = append(specks, i)
		near.add(i, p)
	}
	in := func(thousandths int) int { return max(dpi*thousandths/1000, 1) }
	belongs := func(i int) bool {
		p := pieces[i]
		pw, ph := p.x1-p.x0, p.y1-p.y0
		if pw*4 >= ph*9 && pw >= in(30) {
			return true // a dash
		}
		if pw*5 >= ph*8 && pw >= in(35) && leads(pieces, near, i, tiny, in(260)) {
			return true // a bullet, blurred to the shape of a grain
		}
		dust := p.area*40000 <= 6*dpi*dpi // at most six pixels at 200 dpi
		found := false
		near.around(p, in(100), func(j int) bool {
			if j == i {
				return true
			}
			o := pieces[j]
			small := o.x1-o.x0 <= tiny && o.y1-o.y0 <= tiny
			over := p.x0 < o.x1+in(30) && o.x0 < p.x1+in(30)
			beside := p.x0 - o.x1 // to the right of o by
			switch {
			case small && dust:
				// Dust keeps no dust company.
			case small:
				foot := abs(p.y1-o.y1) <= in(15) && max(p.x0-o.x1, o.x0-p.x1) <= in(80)
				stack := over && max(p.y0-o.y1, o.y0-p.y1) <= in(50)
				found = foot || stack
			case over && o.y0-p.y1 <= in(80) && p.y1 <= o.y0+in(30):
				found = true
			case over && p.y0-o.y1 <= in(45) && p.y0 >= o.y1-in(20):
				found = true
			case beside >= -in(10) && beside <= in(80) && p.y1 >= o.y1-in(35) && p.y1 <= o.y1+in(50):
				found = !dust || beside <= in(40)
			case beside >= -in(10) && beside <= in(50) && abs(p.y0-o.y0) <= in(35):
				found = !dust
			case o.x0-p.x1 >= -in(10) && o.x0-p.x1 <= in(40) && (abs(p.y0-o.y0) <= in(30) || abs(p.y1-o.y1) <= in(30)):
				found = !dust // an opening quote, a broken letter
			case over && p.y0 < o.y1 && o.y0 < p.y1:
				found = true // inside a letter
			}
			return !found
		})
		return found
	}
	for _, i := range specks {
		p := pieces[i]
		if belongs(i) || leads(pieces, near, i, tiny, in(150)) && middleOfSign(g, p, dpi) {
			continue
		}
		if pw, ph := p.x1-p.x0, p.y1-p.y0; pw*2 >= ph*3 && pw >= in(20) {
			flat = append(flat, schema.Box{X0: p.x0, Y0: p.y0, X1: p.x1, Y1: p.y1})
		}
		for y := max(p.y0-1, 0); y < min(p.y1+1, h); y++ {
			for x := max(p.x0-1, 0); x < min(p.x1+1, w); x++ {
				g.Pix[y*g.Stride+x] = 255
			}
		}
	}
	return flat
}

// middleOfSign reports whether a speck is the dark middle of something larger and
// paler: where the strokes of a worn "+" cross, or those of "<" meet, they are
// dark enough for ink, and nowhere else. Dust has sharp edges.
func middleOfSign(g *image.Gray, p blob, dpi int) bool {
	reach := dpi * 7 / 100
	x0, y0 := max(p.x0-reach, 0), max(p.y0-reach, 0)
	x1, y1 := min(p.x1+reach, g.Rect.Dx()), min(p.y1+reach, g.Rect.Dy())
	for _, b := range threshold(g.Pix[y0*g.Stride+x0:], x1-x0, y1-y0, g.Stride, tintLevel).blobs() {
		if x0+b.x0 > p.x0 || x0+b.x1 < p.x1 || y0+b.y0 > p.y0 || y0+b.y1 < p.y1 {
			continue
		}
		w, h := b.x1-b.x0, b.y1-b.y0
		return min(w, h)*100 >= dpi*3 && max(w, h)*1000 >= dpi*45 && max(w, h)*1000 <= dpi*110 &&
			w*h*10 >= (p.x1-p.x0)*(p.y1-p.y0)*25
	}
	return false
}

// leads reports whether piece i stands before a letter, at most gap pixels to
// its left and at the height of its middle: where a bullet stands.
func leads(pieces []blob, near *index, i, tiny, gap int) bool {
	p := pieces[i]
	middle := (p.y0 + p.y1) / 2
	found := false
	near.around(p, gap, func(j int) bool {
		o := pieces[j]
		quarter := (o.y1 - o.y0) / 4
		found = o.y1-o.y0 > tiny && o.x0 >= p.x1 && o.x0-p.x1 <= gap && middle >= o.y0+quarter && middle <= o.y1-quarter
		return !found
	})
	return found
}

// index finds pieces by their place: a lattice of cells, each with the pieces
// that touch it.
type index struct {
	cell, cols, rows int
	at               [][]int32
}

func newIndex(w, h, cell int) *index {
	x := &index{cell: cell, cols: w/cell + 1, rows: h/cell + 1}
	x.at = make([][]int32, x.cols*x.rows)
	return x
}

func (x *index) cells(p blob, reach int) (x0, y0, x1, y1 int) {
	return max(p.x0-reach, 0) / x.cell, max(p.y0-reach, 0) / x.cell,
		min((p.x1-1+reach)/x.cell, x.cols-1), min((p.y1-1+reach)/x.cell, x.rows-1)
}

func (x *index) add(i int, p blob) {
	x0, y0, x1, y1 := x.cells(p, 0)
	for y := y0; y <= y1; y++ {
		for c := x0; c <= x1; c++ {
			x.at[y*x.cols+c] = append(x.at[y*x.cols+c], int32(i))
		}
	}
}

// around calls f for the pieces near p, some of them more than once, until f
// returns false.
func (x *index) around(p blob, reach int, f func(i int) bool) {
	x0, y0, x1, y1 := x.cells(p, reach)
	for y := y0; y <= y1; y++ {
		for c := x0; c <= x1; c++ {
			for _, i := range x.at[y*x.cols+c] {
				if !f(int(i)) {
					return
				}
			}
		}
	}
}

// eraseRemains paints white what is left of rules between their pieces: thin
// ink on the course of a line. Where print stands on both sides of the line it
// runs through text, whose stems look the same, and is left alone.
func eraseRemains(ls, crossing []line, f surface, paint func(u, v int), s ruleSize) {
	for _, l := range ls {
		us := []int{l.pieces[0].u0}
		for _, c := range crossing {
			us = append(us, c.at(us[0]))
		}
		end := 0
		for _, p := range l.pieces {
			end = max(end, p.u1)
		}
		us = append(us, end)
		slices.Sort(us)
		thick := l.thick()
		for i := 0; i+1 < len(us); i++ {
			a, b := us[i], us[i+1]
			if a < l.pieces[0].u0-s.gap || b > end+s.gap || b-a < 4 {
				continue
			}
			low, high := 0, 0
			from, to := thick/2+max(s.thick/3, 2)+1, s.thick+thick
			for u := a + s.thick; u < b-s.thick; u++ {
				v := l.at(u)
				for k := from; k <= to; k++ {
					if v-k >= 0 && 255-int(f.at(u, v-k)) >= f.print {
						low++
					}
					if v+k < f.h && 255-int(f.at(u, v+k)) >= f.print {
						high++
					}
				}
			}
			if low > 0 && high > 0 {
				continue
			}
			for u := a; u < b; u++ {
				if l.covered(u, u+1) > 0 {
					continue // erased with its piece
				}
				v := l.at(u)
				if v < 1 || v+1 >= f.h || 255-int(min(f.at(u, v-1), f.at(u, v), f.at(u, v+1))) < 30 {
					continue
				}
				lo, hi := v, v
				for lo > 0 && v-lo <= from && 255-int(f.at(u, lo-1)) >= 30 {
					lo--
				}
				for hi+1 < f.h && hi-v <= from && 255-int(f.at(u, hi+1)) >= 30 {
					hi++
				}
				if hi-lo+1 > 2*from {
					continue // a stroke that crosses or touches
				}
				for k := max(lo-1, v-from); k <= min(hi+1, v+from); k++ {
					paint(u, k)
				}
			}
		}
	}
}
