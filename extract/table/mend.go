package table

import (
	"cmp"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// Mend gives worn grids back what their rules no longer show, from where the
// print of the page stands and where none does. print holds the boxes of the
// letters, or words, of the whole page, which is width pixels wide at dpi dots
// per inch.
//
// A column at the side whose outer border is lost is known by rules that run on
// over print beyond the last border. A border that most rows of the table have
// is missing in one: where the print of that cell stands on both sides of it
// with white between, there are two cells. A last row whose lower border is
// lost is known likewise, by a border between columns that runs on beside print.
// Where borders are lost around the corner of two cells, one of which is wide and
// the other high, the corner goes to the cell whose print says so.
func Mend(grids []schema.Grid, rules []schema.Rule, print []schema.Box, width, dpi int) []schema.Grid {
	for i := range grids {
		if grids[i].Ruled {
			widenWorn(&grids[i], rules, print, grids, width, dpi)
			lengthenWorn(&grids[i], rules, print, grids, dpi)
			partWorn(&grids[i], print, dpi)
			cornerWorn(&grids[i], rules, print, dpi)
		}
	}
	return grids
}

// widenWorn adds the column beyond the left or the right border of a grid when
// a rule of the grid leads there, over print and past it.
func widenWorn(g *schema.Grid, rules []schema.Rule, print []schema.Box, all []schema.Grid, width, dpi int) {
	touch := max(dpi*5/100, 3)
	left, right := g.Box.X0, g.Box.X1
	for _, r := range rules {
		y := r.Box.CenterY()
		if r.Vertical || y < g.Box.Y0-touch || y > g.Box.Y1+touch {
			continue
		}
		if r.Box.X0 <= g.Box.X1+touch && r.Box.X1 >= g.Box.X1-touch {
			right = max(right, r.Box.X1)
		}
		if r.Box.X1 >= g.Box.X0-touch && r.Box.X0 <= g.Box.X0+touch {
			left = min(left, r.Box.X0)
		}
	}
	held := func(x0, x1 int) bool {
		for _, o := range all {
			if o.Box != g.Box && !o.Box.Intersect(schema.Box{X0: x0, Y0: g.Box.Y0, X1: x1, Y1: g.Box.Y1}).Empty() {
				return false // another table stands there
			}
		}
		n := 0
		for _, p := range print {
			if c := p.CenterY(); c < g.Box.Y0 || c >= g.Box.Y1 || p.X1 <= x0 || p.X0 >= x1 {
				continue
			}
			if p.X0 < x0-touch || p.X1 > x1+touch {
				return false // print that runs over the end of the rules: no column
			}
			n++
		}
		return n >= 4
	}
	least := dpi * 3 / 10
	if right-g.Box.X1 >= least && held(g.Box.X1, right) {
		addColumn(g, min(right, width), false)
	}
	if g.Box.X0-left >= least && held(left, g.Box.X0) {
		addColumn(g, left, true)
	}
}

// addColumn puts a column between the side of a grid and x. It has the rows
// that the cells at that side have.
func addColumn(g *schema.Grid, x int, before bool) {
	var side []schema.GridCell
	for i, c := range g.Cells {
		if before && c.Col == 0 || !before && c.Col+c.ColSpan == g.Columns {
			c.ColSpan, c.Lines = 1, nil
			side = append(side, c)
		}
		if before {
			g.Cells[i].Col++
		}
	}
	for _, c := range side {
		if before {
			c.Col, c.Box.X0, c.Box.X1 = 0, x, g.Box.X0
		} else {
			c.Col, c.Box.X0, c.Box.X1 = g.Columns, g.Box.X1, x
		}
		g.Cells = append(g.Cells, c)
	}
	g.Columns++
	if before {
		g.XS = slices.Insert(g.XS, 0, x)
		g.Box.X0 = x
	} else {
		g.XS = append(g.XS, x)
		g.Box.X1 = x
	}
	sortCells(g.Cells)
}

func sortCells(cells []schema.GridCell) {
	slices.SortFunc(cells, func(a, b schema.GridCell) int { return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col)) })
}

// partWorn parts the cells of one row, or of few, that reach over borders which
// the table has elsewhere, when there is print on both sides of each and none on
// it.
func partWorn(g *schema.Grid, print []schema.Box, dpi int) {
	ruled := make([]int, g.Columns+1) // rows with a border there
	for _, c := range g.Cells {
		ruled[c.Col] += c.RowSpan
	}
	var out []schema.GridCell
	for _, c := range g.Cells {
		var in []schema.Box
		for _, p := range print {
			if c.Box.Contains(p.CenterX(), p.CenterY()) {
				in = append(in, p)
			}
		}
		cuts := []int{c.Col}
		for k := c.Col + 1; k < c.Col+c.ColSpan; k++ {
			if ruled[k]*2 > g.Rows && parted(in, g.XS[k], dpi) {
				cuts = append(cuts, k)
			}
		}
		cuts = append(cuts, c.Col+c.ColSpan)
		if len(cuts) == 2 || !eachHolds(in, g.XS, cuts) {
			out = append(out, c)
			continue
		}
		for i := 0; i+1 < len(cuts); i++ {
			part := c
			part.Col, part.ColSpan = cuts[i], cuts[i+1]-cuts[i]
			if i > 0 {
				part.Box.X0 = g.XS[cuts[i]]
			}
			if i+2 < len(cuts) {
				part.Box.X1 = g.XS[cuts[i+1]]
			}
			out = append(out, part)
		}
	}
	g.Cells = out
}

// parted reports whether a white column lies at x between boxes, wider than the
// space between words; the single line of a group's name, whose words may be
// set apart, must leave more.
func parted(in []schema.Box, x, dpi int) bool {
	left, right := -1<<30, 1<<30
	top, foot := 1<<30, -1<<30
	tall := 0
	for _, p := range in {
		if p.CenterX() < x {
			left = max(left, p.X1)
		} else {
			right = min(right, p.X0)
		}
		top, foot, tall = min(top, p.Y0), max(foot, p.Y1), max(tall, p.Height())
	}
	least := dpi * 10 / 100
	if foot-top < 2*tall {
		least = dpi * 16 / 100
	}
	return left <= x && right >= x && right-left >= least
}

// eachHolds reports whether there is print between each two cuts.
func eachHolds(in []schema.Box, xs, cuts []int) bool {
	for i := 0; i+1 < len(cuts); i++ {
		if !slices.ContainsFunc(in, func(p schema.Box) bool { return p.CenterX() >= xs[cuts[i]] && p.CenterX() < xs[cuts[i+1]] }) {
			return false
		}
	}
	return true
}

// lengthenWorn adds the row below the last border of a grid when a rule between
// columns runs on beside print, all of which stands within the columns.
func lengthenWorn(g *schema.Grid, rules []schema.Rule, print []schema.Box, all []schema.Grid, dpi int) {
	touch := max(dpi*5/100, 3)
	foot := g.Box.Y1
	for _, r := range rules {
		x := r.Box.CenterX()
		if r.Vertical && x > g.Box.X0-touch && x < g.Box.X1+touch && r.Box.Y0 <= g.Box.Y1+touch {
			foot = max(foot, r.Box.Y1)
		}
	}
	if foot-g.Box.Y1 < dpi*15/100 || foot-g.Box.Y1 > dpi {
		return
	}
	row := schema.Box{X0: g.Box.X0, Y0: g.Box.Y1, X1: g.Box.X1, Y1: foot}
	for _, o := range all {
		if o.Box != g.Box && !o.Box.Intersect(row).Empty() {
			return
		}
	}
	held := make([]bool, g.Columns)
	for _, p := range print {
		if c := p.CenterY(); c < row.Y0 || c >= row.Y1 || p.X1 <= row.X0 || p.X0 >= row.X1 {
			continue
		}
		col, _ := slices.BinarySearch(g.XS, p.CenterX())
		if col < 1 || col > g.Columns || p.X0 < g.XS[col-1]-touch/2 || p.X1 > g.XS[col]+touch/2 || p.Y1 > row.Y1+touch {
			return // print that stands across: no row
		}
		held[col-1] = true
	}
	if n := count(held); n < 2 || 2*n < g.Columns {
		return
	}
	for col := range g.Columns {
		g.Cells = append(g.Cells, schema.GridCell{
			Row: g.Rows, Col: col, RowSpan: 1, ColSpan: 1, Box: schema.Box{X0: g.XS[col], Y0: row.Y0, X1: g.XS[col+1], Y1: row.Y1},
		})
	}
	g.Rows++
	g.Box.Y1 = foot
	g.OpenBottom = true
}

// cornerWorn looks at pairs of cells that make an L: a wide one, and one below it
// under its first or last columns with no rule between. The corner belongs to
// the lower one when print stands on what would be their border, or when what is
// printed in the wide one is centred beside the corner, as heads are.
func cornerWorn(g *schema.Grid, rules []schema.Rule, print []schema.Box, dpi int) {
	for i := range g.Cells {
		for k := range g.Cells {
			wide, low := &g.Cells[i], &g.Cells[k]
			if low.Row != wide.Row+wide.RowSpan || low.ColSpan >= wide.ColSpan || low.Col < wide.Col || low.Col+low.ColSpan > wide.Col+wide.ColSpan {
				continue
			}
			first := low.Col == wide.Col
			if !first && low.Col+low.ColSpan != wide.Col+wide.ColSpan || ruledAlong(rules, low.Box.X0, low.Box.X1, low.Box.Y0, dpi) {
				continue
			}
			rest := *wide
			rest.ColSpan -= low.ColSpan
			if first {
				rest.Col += low.ColSpan
				rest.Box.X0 = low.Box.X1
			} else {
				rest.Box.X1 = low.Box.X0
			}
			if !astride(print, low.Box, dpi) && !centredIn(print, *wide, rest, dpi) {
				continue
			}
			low.Row, low.RowSpan = wide.Row, low.RowSpan+wide.RowSpan
			low.Box.Y0 = wide.Box.Y0
			*wide = rest
		}
	}
	sortCells(g.Cells)
}

// ruledAlong reports whether rules cover a quarter of a border.
func ruledAlong(rules []schema.Rule, x0, x1, y, dpi int) bool {
	n := 0
	for _, r := range rules {
		if !r.Vertical && abs(r.Box.CenterY()-y) <= max(dpi*4/100, 3) {
			n += max(min(r.Box.X1, x1)-max(r.Box.X0, x0), 0)
		}
	}
	return n*100 >= (x1-x0)*worn
}

// astride reports whether letters stand on the upper border of a box, or so near
// below it as no text stands below a rule.
func astride(print []schema.Box, b schema.Box, dpi int) bool {
	n := 0
	for _, p := range print {
		if c := p.CenterX(); letterHigh(p, dpi) && c > b.X0 && c < b.X1 && p.Y0 <= b.Y0+max(dpi/40, 2) && p.Y1 >= b.Y0+max(dpi/50, 2) {
			n++
		}
	}
	return n >= 2
}

// letterHigh reports whether a piece of print is as high as a small letter of
// 8 pt type, which marks and dust are not, and no higher than two lines, as
// what is left of a rule may be.
func letterHigh(p schema.Box, dpi int) bool {
	return p.Height()*100 >= dpi*5 && p.Height()*100 <= dpi*25
}

// centredIn reports whether what is printed in a cell stands in the middle of a
// part of it, and not in the middle of the whole.
func centredIn(print []schema.Box, whole, part schema.GridCell, dpi int) bool {
	var all schema.Box
	for _, p := range print {
		if letterHigh(p, dpi) && whole.Box.Contains(p.CenterX(), p.CenterY()) {
			all = all.Union(p)
		}
	}
	if all.Empty() || all.X0 < part.Box.X0 || all.X1 > part.Box.X1 {
		return false
	}
	off, other := abs(all.CenterX()-part.Box.CenterX()), abs(all.CenterX()-whole.Box.CenterX())
	return off <= max(dpi*6/100, 3) && other >= dpi*20/100
}
