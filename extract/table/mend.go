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
// with white between, there are two cells.
func Mend(grids []schema.Grid, rules []schema.Rule, print []schema.Box, width, dpi int) []schema.Grid {
	for i := range grids {
		if grids[i].Ruled {
			widenWorn(&grids[i], rules, print, grids, width, dpi)
			partWorn(&grids[i], print, dpi)
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
			c.ColSpan = 1
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
