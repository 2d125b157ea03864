package scan

import (
	"cmp"
	"image"
	"math/bits"
	"slices"
)

// A worn rule is found in some places and lost in others. Where it should be
// is known all the same: on the line of its other pieces, from one crossing
// rule to the next. complete looks at those stretches a second time, asking
// less: most columns on a ridge, and no print along it.

// line is a rule seen as a whole: the pieces that lie on it.
type line struct{ pieces []piece } // sorted by u0

// at returns where the line runs at u: on a piece its course, between two
// pieces the straight way, beyond the ends level.
func (l line) at(u int) int {
	prev := -1
	for i, p := range l.pieces {
		if u < p.u0 {
			if prev < 0 {
				return int(p.trace[0])
			}
			q := l.pieces[prev]
			a, b := q.trace[len(q.trace)-1], p.trace[0]
			if p.u0 <= q.u1 {
				return int(a)
			}
			return int(a) + int(b-a)*(u-q.u1)/(p.u0-q.u1)
		}
		if u < p.u1 {
			return int(p.trace[u-p.u0])
		}
		if prev < 0 || p.u1 > l.pieces[prev].u1 {
			prev = i
		}
	}
	q := l.pieces[prev]
	return int(q.trace[len(q.trace)-1])
}

func (l line) thick() int {
	var ts []int
	for _, p := range l.pieces {
		ts = append(ts, p.thick)
	}
	slices.Sort(ts)
	return ts[len(ts)/2]
}

// covered returns how many columns of [a, b) the pieces hold.
func (l line) covered(a, b int) int {
	n, end := 0, a
	for _, p := range l.pieces {
		from, to := max(p.u0, end), min(p.u1, b)
		if from < to {
			n += to - from
			end = to
		}
		for _, k := range p.breaks {
			if lo, hi := max(p.u0+k[0], a), min(p.u0+k[1], b); lo < hi {
				n -= hi - lo
			}
		}
	}
	return n
}

// lines gathers pieces by their position across.
func lines(ps []piece, same int) []line {
	ps = slices.Clone(ps)
	mid := func(p piece) int { return int(p.trace[len(p.trace)/2]) }
	slices.SortFunc(ps, func(a, b piece) int { return cmp.Or(cmp.Compare(mid(a), mid(b)), cmp.Compare(a.u0, b.u0)) })
	var out []line
	for _, p := range ps {
		if k := len(out) - 1; k >= 0 && mid(p)-mid(out[k].pieces[len(out[k].pieces)-1]) <= same {
			out[k].pieces = append(out[k].pieces, p)
			continue
		}
		out = append(out, line{[]piece{p}})
	}
	for _, l := range out {
		slices.SortFunc(l.pieces, func(a, b piece) int { return cmp.Compare(a.u0, b.u0) })
	}
	return out
}

// surface is one direction's view of the page: its ridges and its pixels.
type surface struct {
	ridge *bitmap
	at    func(u, v int) uint8
	h     int // extent across
	print int // darkness from which a pixel may belong to a letter
}

// printLevel returns the darkness from which a pixel of the page may belong to
// a letter: three fifths of what is usual for ink, which is pale on a worn
// page.
func printLevel(g *image.Gray) int {
	var hist [256]int
	for y := 0; y < g.Rect.Dy(); y += 2 {
		for _, p := range g.Pix[y*g.Stride : y*g.Stride+g.Rect.Dx()] {
			hist[255-p]++
		}
	}
	all := 0
	for d := 50; d < 256; d++ {
		all += hist[d]
	}
	n := 0
	for d := 50; d < 256; d++ {
		if n += hist[d]; 2*n > all {
			return max(d*3/5, 45)
		}
	}
	return 90
}

// complete adds the stretches of worn rules between crossing ones.
func complete(h, v []piece, hs, vs surface, s ruleSize) (hOut, vOut []piece) {
	hOut, vOut = h, v
	for _, g := range groups(h, v, s) {
		hl, vl := lines(g.h, s.thick), lines(g.v, s.thick)
		if len(hl) == 0 || len(vl) == 0 || len(hl)+len(vl) < 3 {
			continue
		}
		u0, u1, v0, v1 := extent(hl, vl)
		lostV := lost(vl, hl, vs, v0, v1, u0, u1, s)
		lostH := lost(hl, vl, hs, u0, u1, v0, v1, s)
		vl, hl = append(vl, lostV...), append(hl, lostH...)
		for _, l := range lostV {
			vOut = append(vOut, l.pieces...)
		}
		for _, l := range lostH {
			hOut = append(hOut, l.pieces...)
		}
		hOut = append(hOut, stretches(hl, vl, hs, s)...)
		vOut = append(vOut, stretches(vl, hl, vs, s)...)
	}
	return hOut, vOut
}

// stretches returns the missing parts of ls between neighbours of crossing. A
// first pass asks each stretch to speak for itself; a second asks less of one
// whose line is there in most other rows, in a row where most other lines are.
func stretches(ls, crossing []line, f surface, s ruleSize) []piece {
	lo, hi := ends(ls, crossing, s)
	var out []piece
	there := make([][]bool, len(ls)) // by line, then by stretch
	for pass := range 2 {
		for k, l := range ls {
			us := crossings(l, crossing, lo, hi)
			if pass == 0 {
				there[k] = make([]bool, max(len(us)-1, 0))
			}
			thick := l.thick()
			for i := range there[k] {
				a, b := us[i]+s.thick/2, us[i+1]-s.thick/2
				if there[k][i] {
					continue
				}
				if b-a < s.short/2 || l.covered(a, b)*100 >= (b-a)*95 {
					there[k][i] = true
					continue
				}
				trust := alone
				if pass == 1 {
					mates, row := share(there, func(j, _ int) bool { return j != k }, i)
					rest, whole := share(there, func(j, n int) bool { return j == k && n != i }, -1)
					if row == 0 || whole == 0 || mates*10 < row*6 || rest*10 < whole*6 {
						continue
					}
					trust = backed
				}
				if !f.worn(l, a, b, thick, trust, s) {
					continue
				}
				there[k][i] = true
				p := piece{u0: us[i], u1: us[i+1], thick: thick}
				lo, hi := 1<<30, 0
				for u := p.u0; u < p.u1; u++ {
					y := l.at(u)
					p.trace = append(p.trace, int32(y))
					lo, hi = min(lo, y), max(hi, y)
				}
				p.v0, p.v1 = lo, hi+1
				out = append(out, p)
			}
		}
	}
	return out
}

// ends returns where at least two of the lines begin, and where they end, well
// outside the crossing ones: a border of the table that left no trace. The
// value is negative where there is no such place.
func ends(ls, crossing []line, s ruleSize) (lo, hi int) {
	lo, hi = -1, -1
	us := crossings(ls[0], crossing, -1, -1)
	var from, to []int
	for _, l := range ls {
		a, b := l.pieces[0].u0, 0
		for _, p := range l.pieces {
			b = max(b, p.u1)
		}
		if us[0]-a > s.gap {
			from = append(from, a)
		}
		if b-us[len(us)-1] > s.gap {
			to = append(to, b)
		}
	}
	slices.Sort(from)
	slices.Sort(to)
	for i := 0; i+1 < len(from); i++ {
		if from[i+1]-from[i] <= s.gap {
			lo = from[i]
			break
		}
	}
	for i := len(to) - 1; i > 0; i-- {
		if to[i]-to[i-1] <= s.gap {
			hi = to[i]
			break
		}
	}
	return lo, hi
}

// crossings returns where other lines cross l, in order, with the ends lo and
// hi of the table unless they are negative.
func crossings(l line, others []line, lo, hi int) []int {
	first := l.at(l.pieces[0].u0)
	var us []int
	for _, c := range others {
		us = append(us, c.at(first))
	}
	if lo >= 0 {
		us = append(us, lo)
	}
	if hi >= 0 {
		us = append(us, hi)
	}
	slices.Sort(us)
	return us
}

// share counts the stretches that are there, of those that are picked by line
// and, unless only is negative, number only.
func share(there [][]bool, pick func(line, stretch int) bool, only int) (n, of int) {
	for k, row := range there {
		for i, t := range row {
			if only >= 0 && i != only || !pick(k, i) {
				continue
			}
			of++
			if t {
				n++
			}
		}
	}
	return n, of
}

// How much a stretch may rely on what is known around it.
const (
	alone  = iota
	backed // its line and its row are there
)

// worn reports whether the remains of a rule lie on the stretch. A short one
// may be crossed by a single line of text, whose stems can stand in its way;
// but stems do not reach from border to border.
func (f surface) worn(l line, a, b, thick, trust int, s ruleSize) bool {
	n := b - a
	on := make([]bool, n)
	all, above, below := 0, 0, 0
	off := thick/2 + 1 + max(s.thick/4, 2)
	const trace = 20 // darkness of a rule's remains
	for i := range n {
		u, v := a+i, l.at(a+i)
		for k := max(v-2, 0); k <= min(v+2, f.h-1); k++ {
			if f.ridge.get(u, k) && 255-f.at(u, k) >= trace {
				on[i] = true
				all++
				break
			}
		}
		if v-off >= 0 && 255-int(f.at(u, v-off)) >= f.print {
			above++
		}
		if v+off < f.h && 255-int(f.at(u, v+off)) >= f.print {
			below++
		}
	}
	if max(above, below)*100 > n*15 {
		return false
	}
	end := max(n/5, 3)
	reaches := func(part []bool) int {
		k := 0
		for _, o := range part {
			if o {
				k++
			}
		}
		if 2*k >= end {
			return 1
		}
		return 0
	}
	ends := reaches(on[:end]) + reaches(on[n-end:])
	switch {
	case n > 3*s.long/2 && trust == alone:
		return all*100 >= n*40
	case ends == 2:
		return all*100 >= n*50
	}
	// The stems of a text in the middle of a cell reach neither end.
	return trust == backed && ends > 0 && all*100 >= n*20
}

// extent returns where the rules of a group reach: u along the horizontal
// ones, v along the vertical ones.
func extent(hl, vl []line) (u0, u1, v0, v1 int) {
	reach := func(ls []line) (int, int) {
		lo, hi := 1<<30, 0
		for _, l := range ls {
			for _, p := range l.pieces {
				lo, hi = min(lo, p.u0), max(hi, p.u1)
			}
		}
		return lo, hi
	}
	u0, u1 = reach(hl)
	v0, v1 = reach(vl)
	return u0, u1, v0, v1
}

// lost finds the outer borders of a group of which no piece was sure enough:
// near v0 and v1, where the crossing rules end, the lines of which ridges fill
// two fifths of the way from u0 to u1.
func lost(ls, crossing []line, f surface, u0, u1, v0, v1 int, s ruleSize) []line {
	if u1-u0 < 2*s.long || len(crossing) < 2 {
		return nil
	}
	fill := func(v int) int {
		if v < 1 || v+1 >= f.h {
			return 0
		}
		n := 0
		a, b, c := f.ridge.row(v-1), f.ridge.row(v), f.ridge.row(v+1)
		for i := u0 >> 6; i <= (u1-1)>>6; i++ {
			n += bits.OnesCount64(a[i] | b[i] | c[i])
		}
		return n
	}
	near := func(v int) bool {
		for _, l := range ls {
			if abs(l.at((u0+u1)/2)-v) <= 2*s.thick {
				return true
			}
		}
		return false
	}
	var out []line
	// Only at the ends of the crossing rules: in between, the straight strokes
	// of a column of text look much the same.
	edge := s.gap
	for v := max(v0-s.thick, 1); v <= min(v1+s.thick, f.h-2); v++ {
		if v == v0+edge && v1-edge > v {
			v = v1 - edge
		}
		n := fill(v)
		if n*5 < (u1-u0)*2 || n < fill(v-1) || n <= fill(v+1) || near(v) {
			continue
		}
		course := make([]int32, u1-u0)
		for i := range course {
			course[i] = int32(v)
		}
		whole := line{[]piece{{u0: u0, u1: u1, v0: v, v1: v + 1, trace: course, thick: 2}}}
		// The whole is only a guess; what of it stands between crossing rules
		// is judged stretch by stretch.
		var found line
		got := 0
		us := []int{u0, u1}
		for _, c := range crossing {
			us = append(us, c.at(v))
		}
		slices.Sort(us)
		for i := 0; i+1 < len(us); i++ {
			a, b := us[i]+s.thick/2, us[i+1]-s.thick/2
			if b-a < s.short/2 || a < u0 || b > u1 || !f.worn(whole, a, b, 2, alone, s) {
				continue
			}
			found.pieces = append(found.pieces, piece{
				u0: us[i], u1: us[i+1], v0: v, v1: v + 1, trace: course[us[i]-u0 : us[i+1]-u0], thick: 2,
			})
			got += us[i+1] - us[i]
		}
		if got*2 >= u1-u0 {
			out = append(out, found)
			v += 2 * s.thick
		}
	}
	return out
}

// group is a set of rules that cross, or nearly do.
type group struct{ h, v []piece }

// groups ties rules together that meet when each is drawn out a little.
func groups(h, v []piece, s ruleSize) []group {
	parent := make([]int, len(h)+len(v))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	reach := 2 * s.long
	for i, p := range h {
		y := int(p.trace[len(p.trace)/2])
		for j, q := range v {
			x := int(q.trace[len(q.trace)/2])
			if x >= p.u0-reach && x <= p.u1+reach && y >= q.u0-reach && y <= q.u1+reach {
				parent[find(i)] = find(len(h) + j)
			}
		}
	}
	index := map[int]int{}
	var out []group
	at := func(i int) *group {
		r := find(i)
		k, ok := index[r]
		if !ok {
			k = len(out)
			index[r] = k
			out = append(out, group{})
		}
		return &out[k]
	}
	for i, p := range h {
		g := at(i)
		g.h = append(g.h, p)
	}
	for j, q := range v {
		g := at(len(h) + j)
		g.v = append(g.v, q)
	}
	return out
}
