package table

import (
	"cmp"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// Place puts the lines of a page's text layer where they belong: each word
// into the cell of page.Grids that holds its middle, the words outside all
// grids into page.Lines, in reading order. Lines that run over several cells,
// as text layers often have them, are parted.
func Place(page *schema.Page, lines []schema.Line) {
	type slot struct{ grid, cell int }
	inside := map[slot][]schema.Line{}
	var rest []schema.Line
	for _, l := range lines {
		parts := map[slot]*schema.Line{}
		var order []slot
		for _, w := range l.Words {
			s := slot{-1, -1}
			x, y := w.Box.CenterX(), w.Box.CenterY()
			for gi, g := range page.Grids {
				if !g.Box.Contains(x, y) {
					continue
				}
				for ci, c := range g.Cells {
					if c.Box.Contains(x, y) {
						s = slot{gi, ci}
						break
					}
				}
				if s.grid < 0 && len(g.Cells) > 0 {
					s = slot{gi, nearest(g.Cells, x, y)}
				}
				break
			}
			p := parts[s]
			if p == nil {
				p = &schema.Line{Number: l.Number, Role: l.Role}
				parts[s] = p
				order = append(order, s)
			}
			p.Words = append(p.Words, w)
			p.Box = p.Box.Union(w.Box)
		}
		for _, s := range order {
			if s.grid < 0 {
				rest = append(rest, *parts[s])
			} else {
				inside[s] = append(inside[s], *parts[s])
			}
		}
	}
	for gi := range page.Grids {
		for ci := range page.Grids[gi].Cells {
			if ls := inside[slot{gi, ci}]; len(ls) > 0 {
				page.Grids[gi].Cells[ci].Lines = topDown(ls)
			}
		}
	}
	page.Lines = ReadingOrder(rest, page.Height, page.DPI)
}

// nearest returns the cell whose box is the closest to a point.
func nearest(cells []schema.GridCell, x, y int) int {
	best, bestD := 0, -1
	for i, c := range cells {
		dx := max(c.Box.X0-x, x-c.Box.X1, 0)
		dy := max(c.Box.Y0-y, y-c.Box.Y1, 0)
		if d := dx*dx + dy*dy; bestD < 0 || d < bestD {
			best, bestD = i, d
		}
	}
	return best
}

// topDown merges pieces of one printed line and sorts lines from the top down.
func topDown(ls []schema.Line) []schema.Line {
	slices.SortStableFunc(ls, func(a, b schema.Line) int { return cmp.Compare(a.Box.CenterY(), b.Box.CenterY()) })
	var out []schema.Line
	for _, l := range ls {
		if k := len(out) - 1; k >= 0 && sameLine(out[k].Box, l.Box) {
			out[k].Words = append(out[k].Words, l.Words...)
			out[k].Box = out[k].Box.Union(l.Box)
			continue
		}
		out = append(out, l)
	}
	for i := range out {
		slices.SortStableFunc(out[i].Words, func(a, b schema.Word) int { return cmp.Compare(a.Box.X0, b.Box.X0) })
	}
	return out
}

// sameLine reports whether two boxes stand on one printed line: each other's
// middle lies within them.
func sameLine(a, b schema.Box) bool {
	return b.CenterY() >= a.Y0 && b.CenterY() < a.Y1 && a.CenterY() >= b.Y0 && a.CenterY() < b.Y1
}
