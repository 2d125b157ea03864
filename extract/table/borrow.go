package table

import (
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// Borrow returns the pages with outer borders that wear took, or that the
// scanner cut off, put where the page before or behind has them: where the
// table there has one column more at one side, all other borders agreeing, no
// text parting the two, and all print beside the poorer one stands within that
// column, the column is added and the print goes into its cells. Such columns are
// lent on from page to page. A border that the sheet's edge, or broken rules,
// were taken for is moved likewise. The pages given are left as they are.
func Borrow(pages []schema.Page) []schema.Page {
	out := slices.Clone(pages)
	for i := range out {
		holdCutPrint(&out[i])
	}
	for changed, round := true, 0; changed && round < len(out); round++ {
		changed = false
		for i := 0; i+1 < len(out); i++ {
			a, b := &out[i], &out[i+1]
			if len(a.Grids) == 0 || len(b.Grids) == 0 || partedBefore(a, b) {
				continue
			}
			last := len(a.Grids) - 1
			changed = borrowOuter(a, last, b, 0) || changed
			changed = borrowOuter(b, 0, a, last) || changed
		}
	}
	return out
}

// partedBefore reports whether running text stands between the last grid of a
// page and the first one of the next.
func partedBefore(a, b *schema.Page) bool {
	return textBetween(bodyLines(a), a.Grids[len(a.Grids)-1].Box.Y1, 1<<30) ||
		textBetween(withoutRunningHead(bodyLines(b), a, b), 0, b.Grids[0].Box.Y0)
}

// borrowOuter gives grid gi of page p the outer border that grid oi of page o
// has, and reports whether it did.
func borrowOuter(p *schema.Page, gi int, o *schema.Page, oi int) bool {
	g, from := &p.Grids[gi], &o.Grids[oi]
	if !g.Ruled || !from.Ruled || p.DPI <= 0 || o.DPI <= 0 || len(g.XS) != g.Columns+1 || len(from.XS) != from.Columns+1 {
		return false
	}
	xs := make([]int, len(from.XS))
	for i, x := range from.XS {
		xs[i] = x * p.DPI / o.DPI
	}
	n := len(xs)
	switch {
	case len(g.XS) == n-1:
		before, behind := sameBorders(g.XS, xs[1:], p.DPI), sameBorders(g.XS, xs[:n-1], p.DPI)
		if before == behind {
			return false
		}
		if before {
			return lendColumn(p, gi, g.XS[0]-(xs[1]-xs[0]), true)
		}
		return lendColumn(p, gi, g.XS[n-2]+xs[n-1]-xs[n-2], false)
	case len(g.XS) == n && n > 4 && !sameBorders(g.XS, xs, p.DPI):
		// The sheet's edge is no border.
		edge := p.DPI / 4
		if x := g.XS[n-2] + xs[n-1] - xs[n-2]; g.XS[n-1] > p.Width-edge && x < p.Width-edge && sameBorders(g.XS[:n-1], xs[:n-1], p.DPI) {
			return drawIn(p, gi, x, false)
		}
		if x := g.XS[1] - (xs[1] - xs[0]); g.XS[0] < edge && x > edge && sameBorders(g.XS[1:], xs[1:], p.DPI) {
			return drawIn(p, gi, x, true)
		}
	}
	return false
}

// sameBorders reports whether four borders or more lie equally far apart.
func sameBorders(a, b []int, dpi int) bool {
	if len(a) != len(b) || len(a) < 4 {
		return false
	}
	for i := range a {
		if abs((a[i]-a[0])-(b[i]-b[0]))*1000 > 60*dpi {
			return false
		}
	}
	return true
}

// lendColumn adds the column between the side of a grid and x when all print
// beside the grid stands in it.
func lendColumn(p *schema.Page, gi, x int, before bool) bool {
	g := p.Grids[gi]
	strip := schema.Box{X0: g.Box.X1, Y0: g.Box.Y0, X1: x, Y1: g.Box.Y1}
	if before {
		strip.X0, strip.X1 = x, g.Box.X0
	}
	if strip.X0 < 0 || strip.X1 > p.Width {
		return false
	}
	touch := max(p.DPI*5/100, 3)
	for i, o := range p.Grids {
		if i != gi && !o.Box.Intersect(strip).Empty() {
			return false
		}
	}
	var rest, moved []schema.Line
	for _, l := range p.Lines {
		c := l.Box.CenterY()
		switch {
		case c < g.Box.Y0 || c >= g.Box.Y1 || l.Box.X1 <= strip.X0+touch && before || l.Box.X0 >= strip.X1-touch && !before:
			rest = append(rest, l)
		case l.Box.X0 < strip.X0-touch || l.Box.X1 > strip.X1+touch:
			return false // print that stands on a border: no column
		default:
			l.Role = schema.Body
			moved = append(moved, l)
		}
	}
	grid := ownGrid(p, gi)
	addColumn(grid, x, before)
	for _, l := range moved {
		putLine(grid, l)
	}
	p.Lines = rest
	return true
}

// drawIn moves an outer border inwards to x when no word stands beyond. Words
// that begin inside may reach over it where the shadow of the edge is in their
// boxes.
func drawIn(p *schema.Page, gi, x int, before bool) bool {
	for _, c := range p.Grids[gi].Cells {
		for _, l := range c.Lines {
			for _, w := range l.Words {
				if before && w.Box.X1 <= x || !before && w.Box.X0 >= x {
					return false
				}
			}
		}
	}
	setOuter(ownGrid(p, gi), x, before)
	return true
}

// holdCutPrint moves the right border of a grid, put where rules break off,
// behind print that it cuts: lines go on beyond it at once, and nothing else
// stands there.
func holdCutPrint(p *schema.Page) {
	if len(p.Grids) != 1 || !p.Grids[0].Ruled || p.DPI <= 0 {
		return
	}
	g := &p.Grids[0]
	touch := max(p.DPI*5/100, 3)
	right := g.Box.X1
	var rest, cut []schema.Line
	for _, l := range p.Lines {
		if c := l.Box.CenterY(); c < g.Box.Y0 || c >= g.Box.Y1 || l.Box.X1 <= g.Box.X1 {
			rest = append(rest, l)
			continue
		}
		if l.Box.X0 > g.Box.X1+touch || !endsAtBorder(g, l, touch) {
			return
		}
		cut = append(cut, l)
		right = max(right, l.Box.X1+touch/2)
	}
	if len(cut) == 0 || right > p.Width || right-g.Box.X1 > p.DPI {
		return
	}
	grid := ownGrid(p, 0)
	setOuter(grid, right, false)
	for _, l := range cut {
		l.Role = schema.Body
		putLine(grid, l)
	}
	p.Lines = rest
}

// endsAtBorder reports whether a cell's line at the right border goes on with l.
func endsAtBorder(g *schema.Grid, l schema.Line, touch int) bool {
	for _, c := range g.Cells {
		if c.Col+c.ColSpan != g.Columns {
			continue
		}
		for _, o := range c.Lines {
			if sameLine(o.Box, l.Box) && o.Box.X1 >= g.Box.X1-touch {
				return true
			}
		}
	}
	return false
}

// ownGrid makes a page's grid safe to change, and returns it.
func ownGrid(p *schema.Page, gi int) *schema.Grid {
	p.Grids = slices.Clone(p.Grids)
	g := &p.Grids[gi]
	g.XS, g.Cells = slices.Clone(g.XS), slices.Clone(g.Cells)
	for i := range g.Cells {
		g.Cells[i].Lines = slices.Clone(g.Cells[i].Lines)
	}
	return g
}

// setOuter puts the first or the last border of a grid at x.
func setOuter(g *schema.Grid, x int, before bool) {
	for i := range g.Cells {
		if c := &g.Cells[i]; before && c.Col == 0 {
			c.Box.X0 = x
		} else if !before && c.Col+c.ColSpan == g.Columns {
			c.Box.X1 = x
		}
	}
	if before {
		g.XS[0], g.Box.X0 = x, x
	} else {
		g.XS[g.Columns], g.Box.X1 = x, x
	}
}

// putLine adds a line to the cell where it stands.
func putLine(g *schema.Grid, l schema.Line) {
	c := &g.Cells[nearest(g.Cells, l.Box.CenterX(), l.Box.CenterY())]
	lines := make([]schema.Line, 0, len(c.Lines)+1)
	for _, o := range append(lines, c.Lines...) {
		o.Words = slices.Clone(o.Words)
		lines = append(lines, o)
	}
	c.Lines = topDown(append(lines, l))
}
