package table

import (
	"cmp"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// Grids builds the ruled tables of a page of width by height pixels at dpi
// dots per inch, from the top down. The cells have their boxes and spans and
// no text yet.
//
// Rules that touch each other belong to one table. Their positions give the
// lines of the grid; a cell is the largest rectangle of places that no rule
// parts. A table whose outer rule is missing is closed where the rules that
// would meet it end; at the top and the bottom that is reported as open, since
// there it may mean a page break. A lone rule, a frame around text and crossed
// strokes make no table: it needs two columns, or one that is cut into rows and
// as wide as half the page.
func Grids(rules []schema.Rule, width, height, dpi int) []schema.Grid {
	m := measures(dpi)
	var grids []schema.Grid
	for _, c := range stacked(components(rules, m), m) {
		for _, part := range c.parted(m) {
			if g, ok := part.grid(width, height, m); ok {
				grids = append(grids, g)
			}
		}
	}
	grids = slices.DeleteFunc(grids, func(g schema.Grid) bool {
		for _, o := range grids {
			if o.Box != g.Box && g.Box.Intersect(o.Box).Area()*10 > g.Box.Area()*9 {
				return true // a frame drawn inside a cell
			}
		}
		return false
	})
	slices.SortFunc(grids, func(a, b schema.Grid) int {
		return cmp.Or(cmp.Compare(a.Box.Y0, b.Box.Y0), cmp.Compare(a.Box.X0, b.Box.X0))
	})
	return grids
}

// measure holds lengths in pixels.
type measure struct {
	touch int // rules this near meet
	same  int // rules this near are one line: a double rule, or one that drifts
	gap   int // parts of one rule, and of one table, are no farther apart
	stub  int // rules that run on this far past the last crossing have lost their border
	least int // no table is lower than this
	wide  int // nor narrower than this
}

func measures(dpi int) measure {
	return measure{
		touch: max(dpi*5/100, 3), same: max(dpi*5/100, 3), gap: dpi * 34 / 100, stub: dpi * 12 / 100,
		least: dpi * 15 / 100, wide: dpi,
	}
}

// component is a set of rules that hang together.
type component struct{ hs, vs []schema.Box }

// components groups touching rules.
func components(rules []schema.Rule, m measure) []component {
	parent := make([]int, len(rules))
	for i := range parent {
		parent[i] = i
	}
	var find func(int) int
	find = func(i int) int {
		if parent[i] != i {
			parent[i] = find(parent[i])
		}
		return parent[i]
	}
	for i, a := range rules {
		grown := a.Box.Inset(-m.touch)
		for j := i + 1; j < len(rules); j++ {
			b := rules[j].Box
			if a.Vertical == rules[j].Vertical {
				// Parts of one rule follow each other, perhaps after a break;
				// rules that only run side by side are no company.
				across := abs(a.Box.CenterY() - b.CenterY())
				// A broken horizontal rule may lack more than an inch: tables hardly ever
				// stand side by side, but one under the other they do.
				reach := schema.Box{X0: a.Box.X0 - 4*m.gap, Y0: a.Box.Y0 - m.same, X1: a.Box.X1 + 4*m.gap, Y1: a.Box.Y1 + m.same}
				if a.Vertical {
					across = abs(a.Box.CenterX() - b.CenterX())
					reach = schema.Box{X0: a.Box.X0 - m.same, Y0: a.Box.Y0 - m.gap, X1: a.Box.X1 + m.same, Y1: a.Box.Y1 + m.gap}
				}
				if across <= m.same && !reach.Intersect(b).Empty() {
					parent[find(i)] = find(j)
				}
				continue
			}
			if !grown.Intersect(b).Empty() {
				parent[find(i)] = find(j)
			}
		}
	}
	index := map[int]int{}
	var out []component
	for i, r := range rules {
		root := find(i)
		k, ok := index[root]
		if !ok {
			k = len(out)
			index[root] = k
			out = append(out, component{})
		}
		if r.Vertical {
			out[k].vs = append(out[k].vs, r.Box)
		} else {
			out[k].hs = append(out[k].hs, r.Box)
		}
	}
	return out
}

// stacked joins components that stand on each other with the height of one row
// between them and the same sides: a table whose outer rules are lost beside a
// row that has no inner ones.
func stacked(cs []component, m measure) []component {
	bounds := func(c component) (b schema.Box) {
		for _, h := range c.hs {
			b = b.Union(h)
		}
		return b
	}
	for again := true; again; {
		again = false
		for i := range cs {
			a := bounds(cs[i])
			for j := range cs {
				b := bounds(cs[j])
				if i == j || len(cs[i].vs) < 2 || len(cs[j].vs) < 2 || a.Empty() || b.Empty() {
					continue
				}
				if d := b.Y0 - a.Y1; d < 0 || d > m.gap || abs(a.X0-b.X0) > 2*m.same || abs(a.X1-b.X1) > 2*m.same {
					continue
				}
				cs[i].hs = append(cs[i].hs, cs[j].hs...)
				cs[i].vs = append(cs[i].vs, cs[j].vs...)
				cs = slices.Delete(cs, j, j+1)
				again = true
				break
			}
			if again {
				break
			}
		}
	}
	return cs
}

// parted cuts a component where two tables stand close to each other: between
// two rules over the whole width there is no vertical one, and the columns above
// are not those below.
func (c component) parted(m measure) []component {
	var hp, vp []part
	for _, b := range c.hs {
		hp = append(hp, part{b.CenterY(), b.X0, b.X1})
	}
	for _, b := range c.vs {
		vp = append(vp, part{b.CenterX(), b.Y0, b.Y1})
	}
	ys, xs := rails(hp, m.same), rails(vp, m.same)
	if len(ys) < 4 || len(xs) < 3 {
		return []component{c}
	}
	top, foot, left, right := ys[0].at, ys[len(ys)-1].at, xs[0].at, xs[len(xs)-1].at
	crosses := func(from, to, percent int) func(rail) bool {
		return func(x rail) bool { return x.cover(from, to) > percent }
	}
	for i := 1; i+2 < len(ys); i++ {
		a, b := ys[i].at, ys[i+1].at
		if b-a > 2*m.gap || b-a < 2*m.same || ys[i].cover(left, right) < 80 || ys[i+1].cover(left, right) < 80 ||
			slices.ContainsFunc(xs, crosses(a+m.same, b-m.same, 10)) {
			continue
		}
		differ := slices.ContainsFunc(xs[1:len(xs)-1], func(x rail) bool {
			above, below := x.cover(top, a), x.cover(b, foot)
			return max(above, below) >= 30 && min(above, below) < 5
		})
		if !differ {
			continue
		}
		var upper, lower component
		for _, h := range c.hs {
			if h.CenterY() <= (a+b)/2 {
				upper.hs = append(upper.hs, h)
			} else {
				lower.hs = append(lower.hs, h)
			}
		}
		for _, v := range c.vs {
			if v.CenterY() <= (a+b)/2 {
				upper.vs = append(upper.vs, v)
			} else {
				lower.vs = append(lower.vs, v)
			}
		}
		return append([]component{upper}, lower.parted(m)...)
	}
	return []component{c}
}

// rail is a line of the grid: the rule parts that lie on it. For a vertical
// one at is an x and from, to are ys.
type rail struct {
	at      int
	parts   []part
	virtual bool // no rule, but the end of those that cross it
}

type part struct{ at, from, to int }

// rails clusters rule parts by their position across.
func rails(parts []part, same int) []rail {
	slices.SortFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.from, b.from)) })
	var out []rail
	for _, p := range parts {
		if k := len(out) - 1; k >= 0 && p.at-out[k].parts[len(out[k].parts)-1].at <= same && p.at-out[k].parts[0].at <= 2*same {
			out[k].parts = append(out[k].parts, p)
			continue
		}
		out = append(out, rail{parts: []part{p}})
	}
	for i := range out {
		out[i].at = out[i].near(-1<<30, 1<<30)
	}
	return out
}

// near returns the mean position of the parts of the rail within a stretch,
// weighted by length; the rail's own position when none lies there.
func (r rail) near(from, to int) int {
	sum, n := 0, 0
	for _, p := range r.parts {
		if l := min(p.to, to) - max(p.from, from); l > 0 {
			sum += p.at * l
			n += l
		}
	}
	if n == 0 {
		return r.at
	}
	return (sum + n/2) / n
}

// cover returns how much of the stretch the rail's rules cover, of 100.
func (r rail) cover(from, to int) int {
	if r.virtual {
		return 100
	}
	if to <= from {
		return 0
	}
	// Parts may overlap (double rules): cover their union.
	spans := make([][2]int, 0, len(r.parts))
	for _, p := range r.parts {
		if a, b := max(p.from, from), min(p.to, to); a < b {
			spans = append(spans, [2]int{a, b})
		}
	}
	slices.SortFunc(spans, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	n, end := 0, from
	for _, s := range spans {
		if s[1] > end {
			n += s[1] - max(s[0], end)
			end = s[1]
		}
	}
	return n * 100 / (to - from)
}

// grid lays out one component.
func (c component) grid(width, height int, m measure) (schema.Grid, bool) {
	var hp, vp []part
	for _, b := range c.hs {
		hp = append(hp, part{b.CenterY(), b.X0, b.X1})
	}
	for _, b := range c.vs {
		vp = append(vp, part{b.CenterX(), b.Y0, b.Y1})
	}
	if len(hp) == 0 || len(vp) == 0 {
		return schema.Grid{}, false
	}
	ys, xs := rails(hp, m.same), rails(vp, m.same)
	ys, openTop, openBottom := closed(ys, xs, m)
	xs, _, _ = closed(xs, ys, m)
	if len(ys) < 2 || len(xs) < 3 && !oneColumn(xs, ys, width) {
		return schema.Grid{}, false
	}
	if ys[len(ys)-1].at-ys[0].at < m.least || xs[len(xs)-1].at-xs[0].at < m.wide {
		return schema.Grid{}, false
	}
	l := layout{xs: xs, ys: ys}
	l.divide()
	l.compact()
	if len(l.xs) < 3 && len(xs) > 2 || len(l.cells) < 2 {
		return schema.Grid{}, false
	}
	g := schema.Grid{
		Rows: len(l.ys) - 1, Columns: len(l.xs) - 1, Ruled: true,
		OpenTop: openTop, OpenBottom: openBottom,
	}
	for _, x := range l.xs {
		g.XS = append(g.XS, x.at)
	}
	for _, k := range l.cells {
		b := l.box(k).Intersect(schema.Box{X1: width, Y1: height})
		g.Cells = append(g.Cells, schema.GridCell{Row: k.r0, Col: k.c0, RowSpan: k.r1 - k.r0, ColSpan: k.c1 - k.c0, Box: b})
		g.Box = g.Box.Union(b)
	}
	return g, true
}

// oneColumn reports whether rules make a table of one column: half as wide as
// the page, closed on all sides and cut into rows by rules from side to side.
// It is the column of a wide table that found no room on the sheets of the
// others.
func oneColumn(xs, ys []rail, width int) bool {
	if len(xs) != 2 || len(ys) < 3 || xs[1].at-xs[0].at < width/2 {
		return false
	}
	const whole = 90
	for _, y := range ys {
		if y.virtual || y.cover(xs[0].at, xs[1].at) < whole {
			return false
		}
	}
	for _, x := range xs {
		if x.virtual || x.cover(ys[0].at, ys[len(ys)-1].at) < whole {
			return false
		}
	}
	return true
}

// closed adds the borders that have no rule: before the first and after the
// last rail, when enough of the crossing rules run on past it to the same end.
func closed(rs, crossing []rail, m measure) (all []rail, before, after bool) {
	if len(rs) == 0 || len(crossing) == 0 {
		return rs, false, false
	}
	first, last := rs[0].at, rs[len(rs)-1].at
	var heads, tails []int
	for _, c := range crossing {
		if len(c.parts) == 0 {
			continue // a border without a rule, added by the other direction
		}
		lo, hi := c.parts[0].from, c.parts[0].to
		for _, p := range c.parts {
			lo, hi = min(lo, p.from), max(hi, p.to)
		}
		if first-lo > m.stub {
			heads = append(heads, lo)
		}
		if hi-last > m.stub {
			tails = append(tails, hi)
		}
	}
	slices.Sort(heads)
	slices.Sort(tails)
	if p, ok := agreed(heads, len(crossing), m); ok {
		rs = append([]rail{{at: p, virtual: true}}, rs...)
		before = true
	}
	slices.Reverse(tails)
	if p, ok := agreed(tails, len(crossing), m); ok {
		rs = append(rs, rail{at: p, virtual: true})
		after = true
	}
	return rs, before, after
}

// agreed returns the outermost end that several rules share: at least two, and
// a sixth of all. ends come from the outside in.
func agreed(ends []int, all int, m measure) (int, bool) {
	for i, e := range ends {
		n := 0
		for _, o := range ends[i:] {
			if abs(o-e) <= 2*m.same {
				n++
			}
		}
		if n >= 2 && 6*n >= all {
			return ends[i+(n-1)/2], true
		}
	}
	return 0, false
}

// span is a cell: rows r0 to r1 and columns c0 to c1, ends excluded.
type span struct{ r0, c0, r1, c1 int }

// layout divides a lattice of rails into cells.
type layout struct {
	xs, ys []rail
	cells  []span
}

// A border counts where rules cover half of it, a quarter on a line of the grid
// that is there otherwise. In a merged area that is no rectangle, the likeliest
// missing border is one that is partly there.
const (
	covered = 50
	worn    = 25
	traced  = 15
)

// divide finds the cells.
func (l *layout) divide() {
	p := l.places()
	for i, taken := range p.taken {
		if taken {
			continue
		}
		area := p.around(i, covered, nil)
		if s, full := p.bounds(area); full {
			p.take(s)
		} else {
			p.cutUp(area)
		}
	}
	slices.SortFunc(p.cells, func(a, b span) int { return cmp.Or(cmp.Compare(a.r0, b.r0), cmp.Compare(a.c0, b.c0)) })
	l.cells = p.cells
}

// places are the meshes of a lattice, row by row, and the cells that they were
// given to.
type places struct {
	rows, cols   int
	right, below []int // cover of a place's border to the next column, the next row
	taken        []bool
	cells        []span
}

// places looks at the borders between the places.
func (l *layout) places() *places {
	rows, cols := len(l.ys)-1, len(l.xs)-1
	p := &places{rows: rows, cols: cols, right: make([]int, rows*cols), below: make([]int, rows*cols), taken: make([]bool, rows*cols)}
	for r := range rows {
		for c := range cols {
			if c+1 < cols {
				p.right[r*cols+c] = l.xs[c+1].cover(l.ys[r].at, l.ys[r+1].at)
			}
			if r+1 < rows {
				p.below[r*cols+c] = l.ys[r+1].cover(l.xs[c].at, l.xs[c+1].at)
			}
		}
	}
	backUp(p.below, rows-1, cols, func(line, k int) int { return line*cols + k })
	backUp(p.right, cols-1, rows, func(line, k int) int { return k*cols + line })
	return p
}

// around lists the places that can be reached from one over borders of less
// than a cover, within others or, where within is nil, anywhere.
func (p *places) around(start, limit int, within map[int]bool) []int {
	queue := []int{start}
	seen := map[int]bool{start: true}
	step := func(i, cover int) {
		if cover < limit && !seen[i] && (within == nil || within[i]) {
			seen[i] = true
			queue = append(queue, i)
		}
	}
	for k := 0; k < len(queue); k++ {
		i := queue[k]
		r, c := i/p.cols, i%p.cols
		if c+1 < p.cols {
			step(i+1, p.right[i])
		}
		if c > 0 {
			step(i-1, p.right[i-1])
		}
		if r+1 < p.rows {
			step(i+p.cols, p.below[i])
		}
		if r > 0 {
			step(i-p.cols, p.below[i-p.cols])
		}
	}
	return queue
}

// bounds is the rectangle around an area, full when there is nothing else in it.
func (p *places) bounds(area []int) (s span, full bool) {
	s = span{p.rows, p.cols, 0, 0}
	for _, i := range area {
		r, c := i/p.cols, i%p.cols
		s = span{min(s.r0, r), min(s.c0, c), max(s.r1, r+1), max(s.c1, c+1)}
	}
	return s, (s.r1-s.r0)*(s.c1-s.c0) == len(area)
}

// take makes a cell.
func (p *places) take(s span) {
	for r := s.r0; r < s.r1; r++ {
		for c := s.c0; c < s.c1; c++ {
			p.taken[r*p.cols+c] = true
		}
	}
	p.cells = append(p.cells, s)
}

// cutUp makes cells of an area that is no rectangle: along borders that are
// there in part, and where there are none, into what rectangles fit.
func (p *places) cutUp(area []int) {
	within := map[int]bool{}
	for _, i := range area {
		within[i] = true
	}
	slices.Sort(area)
	for _, i := range area {
		if p.taken[i] {
			continue
		}
		part := p.around(i, traced, within)
		s, full := p.bounds(part)
		if !full || slices.ContainsFunc(part, func(k int) bool { return p.taken[k] }) {
			s = largest(i, p.rows, p.cols, func(k int) bool { return within[k] && !p.taken[k] })
		}
		p.take(s)
	}
}

// backUp lets the borders that are worn count, where the same line of the grid
// is there beside most other places: a cell that is merged over it shows no
// trace of it at all. There are lines of so many places each.
func backUp(cover []int, lines, places int, at func(line, place int) int) {
	for line := range lines {
		n := 0
		for k := range places {
			if cover[at(line, k)] >= covered {
				n++
			}
		}
		if n*10 < places*6 {
			continue
		}
		for k := range places {
			if c := &cover[at(line, k)]; *c >= worn {
				*c = max(*c, covered)
			}
		}
	}
}

// largest grows a rectangle from its top left place: first to the right, then
// down while the whole width is free.
func largest(start, rows, cols int, free func(int) bool) span {
	r, c := start/cols, start%cols
	s := span{r, c, r + 1, c + 1}
	for s.c1 < cols && free(r*cols+s.c1) {
		s.c1++
	}
	for ; s.r1 < rows; s.r1++ {
		for k := s.c0; k < s.c1; k++ {
			if !free(s.r1*cols + k) {
				return s
			}
		}
	}
	return s
}

// compact drops the rails that are no cell's border, such as a stray stroke
// that looked like a rule.
func (l *layout) compact() {
	keepY, keepX := make([]bool, len(l.ys)), make([]bool, len(l.xs))
	for _, s := range l.cells {
		keepY[s.r0], keepY[s.r1], keepX[s.c0], keepX[s.c1] = true, true, true, true
	}
	ny, nx := renumber(keepY), renumber(keepX)
	for i, s := range l.cells {
		l.cells[i] = span{ny[s.r0], nx[s.c0], ny[s.r1], nx[s.c1]}
	}
	l.ys, l.xs = filter(l.ys, keepY), filter(l.xs, keepX)
}

func renumber(keep []bool) []int {
	n := make([]int, len(keep))
	k := 0
	for i, b := range keep {
		n[i] = k
		if b {
			k++
		}
	}
	return n
}

func filter(rs []rail, keep []bool) []rail {
	var out []rail
	for i, r := range rs {
		if keep[i] {
			out = append(out, r)
		}
	}
	return out
}

// box returns the cell's box, each side where its own stretch of rule runs.
func (l *layout) box(s span) schema.Box {
	x0, x1, y0, y1 := l.xs[s.c0].at, l.xs[s.c1].at, l.ys[s.r0].at, l.ys[s.r1].at
	return schema.Box{
		X0: l.xs[s.c0].near(y0, y1), X1: l.xs[s.c1].near(y0, y1),
		Y0: l.ys[s.r0].near(x0, x1), Y1: l.ys[s.r1].near(x0, x1),
	}
}

func abs(a int) int {
	if a < 0 {
		return -a
	}
	return a
}
