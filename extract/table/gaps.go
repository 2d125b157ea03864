package table

import (
	"cmp"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// Gaps finds the tables that have no vertical rules, whose columns are parted
// by white alone: with rules between their rows, with a few (above, under the
// head, below), or with none. print holds the boxes of what is printed outside
// the known grids, words or single letters; rules are those of the page.
//
// White columns occur in much that is no table: letterheads, signature blocks,
// lists, addresses. So without rules a table needs three columns and four rows,
// and nearly all of its places filled; where rules of one length lie above each
// other, two columns and three rules are enough. Lines of a cell that wraps go
// to the row above. A row of which the print lies across the white columns
// becomes a cell over them.
func Gaps(print []schema.Box, rules []schema.Rule, known []schema.Grid, width, height, dpi int) []schema.Grid {
	if dpi <= 0 {
		return nil
	}
	outside := func(b schema.Box) bool {
		for _, g := range known {
			if !g.Box.Inset(-dpi / 50).Intersect(b).Empty() {
				return false
			}
		}
		return true
	}
	m := gapMeasures(dpi)
	lines := printedLines(slices.DeleteFunc(slices.Clone(print), func(b schema.Box) bool { return b.Empty() || !outside(b) }), m)
	var grids []schema.Grid
	taken := make([]bool, len(lines))
	for _, rails := range ladders(rules, outside, lines, m) {
		var inside []int
		for i, l := range lines {
			if c := l.box.CenterY(); c > rails[0].at && c < rails[len(rails)-1].at && l.box.X1 > rails[0].x0 && l.box.X0 < rails[0].x1 {
				inside = append(inside, i)
			}
		}
		t := gapTable{m: m}
		for _, i := range inside {
			t.lines = append(t.lines, lines[i])
		}
		if g, ok := t.withRules(rails); ok {
			grids = append(grids, g)
			for _, i := range inside {
				taken[i] = true
			}
		}
	}
	for i := 0; i < len(lines); {
		n := 0
		for i+n < len(lines) && !taken[i+n] {
			n++
		}
		for from := i; from < i+n; {
			g, used := withoutRules(lines[from:i+n], m)
			if used == 0 {
				from++
				continue
			}
			grids = append(grids, g)
			from += used
		}
		i += n + 1
	}
	page := schema.Box{X1: width, Y1: height}
	for i := range grids {
		grids[i].Box = grids[i].Box.Intersect(page)
		for c := range grids[i].Cells {
			grids[i].Cells[c].Box = grids[i].Cells[c].Box.Intersect(page)
		}
	}
	slices.SortFunc(grids, func(a, b schema.Grid) int { return cmp.Compare(a.Box.Y0, b.Box.Y0) })
	return grids
}

// gapMeasure holds lengths in pixels.
type gapMeasure struct {
	white int // a white column is this wide: three spaces of 10 pt type
	clear int // and at one place of the table this wide, when no rule helps
	ends  int // rules of one table end this near to each other
	rule  int // and are this long
	wide  int // no table without rules is narrower
	rows  int // rows without rules are no farther apart, white from line to line
	same  int // parts of one rule lie within this height
	pad   int // white kept around the outer print
}

func gapMeasures(dpi int) gapMeasure {
	return gapMeasure{
		white: max(dpi*10/100, 3), clear: max(dpi*18/100, 4), ends: dpi * 25 / 100, rule: dpi * 5 / 2, wide: dpi * 3,
		rows: dpi * 35 / 100, same: max(dpi*6/100, 3), pad: max(dpi*4/100, 1),
	}
}

// printedLine is what stands at one height, from left to right, in pieces
// parted by white of at least gapMeasure.white.
type printedLine struct {
	box    schema.Box
	pieces []schema.Box
}

// printedLines groups boxes by their height on the page. What overlaps in
// height is one line; a cell of two lines set beside the middle of its
// neighbours therefore makes one line of all of them.
func printedLines(print []schema.Box, m gapMeasure) []printedLine {
	slices.SortFunc(print, func(a, b schema.Box) int { return cmp.Or(cmp.Compare(a.Y0, b.Y0), cmp.Compare(a.X0, b.X0)) })
	var out []printedLine
	for _, b := range print {
		// The foot of a "g" reaches between the marks of the line below.
		slack := min(b.Height(), m.pad*2) / 4
		if k := len(out) - 1; k >= 0 && b.Y0 < out[k].box.Y1-slack {
			out[k].box = out[k].box.Union(b)
			out[k].pieces = append(out[k].pieces, b)
			continue
		}
		out = append(out, printedLine{box: b, pieces: []schema.Box{b}})
	}
	for i := range out {
		out[i].pieces = piecesOf(out[i].pieces, m)
	}
	return out
}

// piecesOf joins what stands beside each other without white between. It uses
// the boxes given.
func piecesOf(boxes []schema.Box, m gapMeasure) []schema.Box {
	slices.SortFunc(boxes, func(a, b schema.Box) int { return cmp.Or(cmp.Compare(a.X0, b.X0), cmp.Compare(a.X1, b.X1)) })
	pieces := boxes[:1]
	for _, b := range boxes[1:] {
		if last := &pieces[len(pieces)-1]; b.X0-last.X1 < m.white {
			*last = last.Union(b)
		} else {
			pieces = append(pieces, b)
		}
	}
	return pieces
}

// withHeadAbove returns lines with the first two made one where their heights
// touch: a head of two lines begins above those of one line beside it. It also
// returns how many lines that saved.
func withHeadAbove(lines []printedLine, m gapMeasure) ([]printedLine, int) {
	if len(lines) < 2 || len(lines[0].pieces) >= len(lines[1].pieces) || lines[1].box.Y0 >= lines[0].box.Y1 {
		return lines, 0
	}
	head := printedLine{
		box:    lines[0].box.Union(lines[1].box),
		pieces: piecesOf(slices.Concat(lines[0].pieces, lines[1].pieces), m),
	}
	return slices.Concat([]printedLine{head}, lines[2:]), 1
}

// rung is a rule that reaches over a whole table.
type rung struct{ at, x0, x1, ruled int } // ruled: of its length

// ladders returns the groups of at least three rules above each other that
// begin and end alike, of which worn ones may lack a part, and have no paragraph
// between them.
func ladders(rules []schema.Rule, outside func(schema.Box) bool, lines []printedLine, m gapMeasure) [][]rung {
	var parts []schema.Box
	for _, r := range rules {
		if !r.Vertical && outside(r.Box) {
			parts = append(parts, r.Box)
		}
	}
	slices.SortFunc(parts, func(a, b schema.Box) int {
		return cmp.Or(cmp.Compare(a.CenterY(), b.CenterY()), cmp.Compare(a.X0, b.X0))
	})
	var rungs []rung
	for _, p := range parts {
		if k := len(rungs) - 1; k >= 0 && p.CenterY()-rungs[k].at <= m.same {
			rungs[k].x0, rungs[k].x1 = min(rungs[k].x0, p.X0), max(rungs[k].x1, p.X1)
			rungs[k].ruled += p.Width()
			continue
		}
		rungs = append(rungs, rung{p.CenterY(), p.X0, p.X1, p.Width()})
	}
	var out [][]rung
	var cur []rung
	flush := func() {
		if len(cur) >= 3 {
			out = append(out, cur)
		}
		cur = nil
	}
	for _, r := range rungs {
		if r.x1-r.x0 < m.rule {
			continue
		}
		if k := len(cur) - 1; k >= 0 && (!cur[k].like(r, m) || paragraph(lines, cur[k], r)) {
			flush()
		}
		cur = append(cur, r)
	}
	flush()
	for i := range out {
		out[i] = withEnds(out[i], rungs, lines, m)
	}
	return out
}

// withEnds adds the rule above the first row and the one below the last where
// wear left a sixth of them: as near to the next rule as others are to theirs.
func withEnds(ladder, all []rung, lines []printedLine, m gapMeasure) []rung {
	x0, x1, far := ladder[0].x0, ladder[0].x1, 0
	for i, r := range ladder {
		x0, x1 = min(x0, r.x0), max(x1, r.x1)
		if i > 0 {
			far = max(far, r.at-ladder[i-1].at)
		}
	}
	fits := func(r, next rung) bool {
		d := abs(r.at - next.at)
		return d > 2*m.same && d <= far*3/2 && r.x0 >= x0-m.same && r.x1 <= x1+m.same && 6*r.ruled >= x1-x0 && 3*(r.x1-r.x0) >= x1-x0
	}
	for _, r := range slices.Backward(all) {
		if first := ladder[0]; r.at < first.at && fits(r, first) && rowBetween(lines, r, first) {
			ladder = slices.Insert(ladder, 0, r)
			break
		}
	}
	for _, r := range all {
		if last := ladder[len(ladder)-1]; r.at > last.at && fits(r, last) && rowBetween(lines, last, r) {
			return append(ladder, r)
		}
	}
	return ladder
}

// rowBetween reports whether lines of several pieces stand between two rungs, and
// nothing else.
func rowBetween(lines []printedLine, above, below rung) bool {
	parted := false
	for _, l := range lines {
		if c := l.box.CenterY(); c > above.at && c < below.at {
			parted = parted || len(l.pieces) > 1
		}
	}
	return parted && !paragraph(lines, above, below)
}

// like reports whether two rungs begin and end alike, or one is what wear left
// of the other: more than half of it.
func (r rung) like(o rung, m gapMeasure) bool {
	if o.x1-o.x0 > r.x1-r.x0 {
		r, o = o, r
	}
	if abs(r.x0-o.x0) <= m.ends && abs(r.x1-o.x1) <= m.ends {
		return true
	}
	x0, x1 := min(r.x0, o.x0), max(r.x1, o.x1)
	if 2*min(r.ruled, o.ruled) > x1-x0 {
		return true
	}
	return o.x0 >= r.x0-m.ends && o.x1 <= r.x1+m.ends && 2*o.ruled > x1-x0
}

// paragraph reports whether running text stands between two rungs: more lines than
// one, of which some reach from side to side and few have gaps.
func paragraph(lines []printedLine, above, below rung) bool {
	whole, inside, gapped := 0, 0, 0
	for _, l := range lines {
		if c := l.box.CenterY(); c <= above.at || c >= below.at {
			continue
		}
		inside++
		printed := 0
		for _, p := range l.pieces {
			printed += p.Width()
		}
		// Justified words stand apart, but not as columns do.
		width := min(above.x1-above.x0, below.x1-below.x0)
		switch wide := l.box.Width(); {
		case wide*10 >= width*7 && printed*100 >= wide*88:
			whole++
		case len(l.pieces) > 1:
			gapped++
		}
	}
	return whole > 0 && inside > 1 && gapped*3 <= inside
}

// gapTable is the print of a table and its columns.
type gapTable struct {
	m     gapMeasure
	lines []printedLine
	white [][2]int // the white columns, from left to right
}

// mostlyWhite returns the stretches that are white in all lines but, of each ten,
// one: those of a group's name or a sum that reaches over columns.
func mostlyWhite(lines []printedLine, m gapMeasure) [][2]int {
	type edge struct{ x, d int }
	var edges []edge
	lo, hi := 1<<30, -1
	for _, l := range lines {
		lo, hi = min(lo, l.box.X0), max(hi, l.box.X1)
		for _, p := range l.pieces {
			edges = append(edges, edge{p.X0, 1}, edge{p.X1, -1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.d, b.d)) })
	allowed := len(lines) / 10
	var out [][2]int
	depth, from := 0, lo
	for _, e := range edges {
		if before := depth; before <= allowed && before+e.d > allowed {
			if e.x-from >= m.white && from > lo && e.x < hi {
				out = append(out, [2]int{from, e.x})
			}
		} else if before > allowed && before+e.d <= allowed {
			from = e.x
		}
		depth += e.d
	}
	return out
}

// column returns the columns that a piece of print touches, first and last.
func (t *gapTable) column(p schema.Box) (first, last int) {
	for _, w := range t.white {
		mid := (w[0] + w[1]) / 2
		if p.X0 >= mid {
			first++
		}
		if p.X1 > mid {
			last++
		}
	}
	return first, max(first, last)
}

// filled returns which columns hold print of a line.
func (t *gapTable) filled(l printedLine) []bool {
	out := make([]bool, len(t.white)+1)
	for _, p := range l.pieces {
		a, b := t.column(p)
		for c := a; c <= b; c++ {
			out[c] = true
		}
	}
	return out
}

func count(bs []bool) (n int) {
	for _, b := range bs {
		if b {
			n++
		}
	}
	return n
}

// withRules lays out a table between rungs.
func (t *gapTable) withRules(rungs []rung) (schema.Grid, bool) {
	if len(t.lines) < 2 {
		return schema.Grid{}, false
	}
	t.white = mostlyWhite(t.lines, t.m)
	if len(t.white) == 0 {
		return schema.Grid{}, false
	}
	var rows [][]printedLine
	var ys []int
	tallest, most := -1, 0
	for i := 0; i+1 < len(rungs); i++ {
		var in []printedLine
		for _, l := range t.lines {
			if c := l.box.CenterY(); c > rungs[i].at && c < rungs[i+1].at {
				in = append(in, l)
			}
		}
		if len(in) > most {
			tallest, most = len(rows), len(in)
		}
		if len(in) == 0 && len(rows) == 0 {
			continue // a double rule above the head
		}
		rows = append(rows, in)
		ys = append(ys, rungs[i].at)
	}
	ys = append(ys, rungs[len(rungs)-1].at)
	for len(rows) > 0 && len(rows[len(rows)-1]) == 0 {
		rows, ys = rows[:len(rows)-1], ys[:len(ys)-1]
	}
	// Rules above and below the head, at the foot and perhaps above a sum: the
	// rows between have none.
	if len(rows) <= 3 && most >= 3 {
		parts := t.rowsOf(rows[tallest])
		var cuts []int
		for i := 1; i < len(parts); i++ {
			cuts = append(cuts, between(parts[i-1], parts[i]))
		}
		rows = slices.Replace(rows, tallest, tallest+1, parts...)
		ys = slices.Insert(ys, tallest+1, cuts...)
	}
	if len(rows) < 2 {
		return schema.Grid{}, false
	}
	// Running text between two rules is parted by chance alone.
	full := 0
	for _, r := range rows {
		if count(t.filledRow(r)) > 1 {
			full++
		}
	}
	if full*3 < len(rows)*2 {
		return schema.Grid{}, false
	}
	x0, x1 := rungs[0].x0, rungs[0].x1
	for _, r := range rungs {
		x0, x1 = min(x0, r.x0), max(x1, r.x1)
	}
	return t.grid(rows, ys, x0, x1), true
}

func (t *gapTable) filledRow(ls []printedLine) []bool {
	out := make([]bool, len(t.white)+1)
	for _, l := range ls {
		for c, b := range t.filled(l) {
			out[c] = out[c] || b
		}
	}
	return out
}

// withoutRules looks for a table that begins with the first line. It returns
// how many lines it takes, 0 for none.
func withoutRules(lines []printedLine, m gapMeasure) (schema.Grid, int) {
	lines, above := withHeadAbove(lines, m)
	if len(lines[0].pieces) < 3 {
		return schema.Grid{}, 0
	}
	// As far down as two white columns are left.
	n := 1
	for n < len(lines) && lines[n].box.Y0-lines[n-1].box.Y1 <= m.rows && len(commonWhite(lines[:n+1], m)) >= 2 {
		n++
	}
	for ; n >= 4; n-- {
		// The last line may be the first of a text that follows.
		if len(lines[n-1].pieces) > 1 {
			break
		}
	}
	if n < 4 {
		return schema.Grid{}, 0
	}
	t := gapTable{m: m, lines: lines[:n], white: commonWhite(lines[:n], m)}
	rows := t.rowsOf(t.lines)
	cols := len(t.white) + 1
	if len(rows) < 4 || cols < 3 {
		return schema.Grid{}, 0
	}
	held := make([]int, cols)
	all := 0
	var box schema.Box
	for _, r := range rows {
		f := t.filledRow(r)
		if count(f) < 2 {
			return schema.Grid{}, 0
		}
		for c, b := range f {
			if b {
				held[c]++
				all++
			}
		}
		for _, l := range r {
			box = box.Union(l.box)
		}
	}
	if all*100 < len(rows)*cols*85 || slices.Min(held)*2 < len(rows) || box.Width() < m.wide {
		return schema.Grid{}, 0
	}
	wide := 0
	for _, w := range t.white {
		if w[1]-w[0] >= m.clear {
			wide++
		}
	}
	if wide*2 <= len(t.white) {
		return schema.Grid{}, 0
	}
	var ys []int
	ys = append(ys, box.Y0-m.pad)
	for i := 1; i < len(rows); i++ {
		ys = append(ys, between(rows[i-1], rows[i]))
	}
	ys = append(ys, box.Y1+m.pad)
	return t.grid(rows, ys, box.X0-m.pad, box.X1+m.pad), n + above
}

// commonWhite is [mostlyWhite] for tables without rules, in which no line may cross.
func commonWhite(lines []printedLine, m gapMeasure) [][2]int {
	var out [][2]int
	for i, l := range lines {
		var own [][2]int
		right := -1 << 30
		for _, p := range l.pieces {
			own = append(own, [2]int{right, p.X0})
			right = p.X1
		}
		own = append(own, [2]int{right, 1 << 30})
		if i == 0 {
			out = own
			continue
		}
		var next [][2]int
		for _, a := range out {
			for _, b := range own {
				if lo, hi := max(a[0], b[0]), min(a[1], b[1]); hi-lo >= m.white {
					next = append(next, [2]int{lo, hi})
				}
			}
		}
		out = next
	}
	return slices.DeleteFunc(out, func(w [2]int) bool { return w[0] < 0 || w[1] == 1<<30 })
}

// rowsOf groups lines into rows: a line with print in few columns, none of it
// in the first, and near to the one above is the rest of a cell that wraps.
func (t *gapTable) rowsOf(lines []printedLine) [][]printedLine {
	var rows [][]printedLine
	cols := len(t.white) + 1
	var gaps []int
	for i := 1; i < len(lines); i++ {
		gaps = append(gaps, lines[i].box.Y0-lines[i-1].box.Y1)
	}
	slices.Sort(gaps)
	for i, l := range lines {
		f := t.filled(l)
		if i > 0 {
			gap := l.box.Y0 - lines[i-1].box.Y1
			near := gap*3 <= gaps[len(gaps)*3/4]*2 // nearer than rows are
			if !f[0] && (count(f)*2 <= cols || near) || near && count(f)*2 <= cols {
				rows[len(rows)-1] = append(rows[len(rows)-1], l)
				continue
			}
		}
		rows = append(rows, []printedLine{l})
	}
	return rows
}

// between returns the height halfway from the one row to the next.
func between(a, b []printedLine) int {
	return (a[len(a)-1].box.Y1 + b[0].box.Y0) / 2
}

// grid writes the table: the borders of columns in the middle of the white.
func (t *gapTable) grid(rows [][]printedLine, ys []int, x0, x1 int) schema.Grid {
	g := schema.Grid{Rows: len(rows), Columns: len(t.white) + 1}
	for _, l := range t.lines {
		x0, x1 = min(x0, l.box.X0-t.m.pad), max(x1, l.box.X1+t.m.pad)
	}
	g.XS = append(g.XS, max(x0, 0))
	for _, w := range t.white {
		g.XS = append(g.XS, (w[0]+w[1])/2)
	}
	g.XS = append(g.XS, x1)
	g.Box = schema.Box{X0: g.XS[0], Y0: max(ys[0], 0), X1: x1, Y1: ys[len(ys)-1]}
	for r, ls := range rows {
		// A piece of print across white columns is a cell over them.
		joined := make([]bool, len(t.white))
		for _, l := range ls {
			for _, p := range l.pieces {
				a, b := t.column(p)
				for c := a; c < b; c++ {
					joined[c] = true
				}
			}
		}
		for c := 0; c < g.Columns; {
			n := 1
			for c+n < g.Columns && joined[c+n-1] {
				n++
			}
			g.Cells = append(g.Cells, schema.GridCell{
				Row: r, Col: c, RowSpan: 1, ColSpan: n,
				Box: schema.Box{X0: g.XS[c], Y0: max(ys[r], 0), X1: g.XS[c+n], Y1: ys[r+1]},
			})
			c += n
		}
	}
	return g
}
