package eval

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// grid is a table with its cells put to their places, as a browser would do
// with the rows of an HTML table.
type grid struct {
	rows, cols int
	head       int
	cells      []gridCell
	at         [][]int // index into cells, -1 where no cell covers the place
	pages      map[int]bool
}

type gridCell struct {
	row, col, rowSpan, colSpan int
	text, other                string
	source                     *schema.Cell // of a predicted one
	pages                      []int        // distinct, rising
}

// goldGrid lays out a true table.
func goldGrid(t *GoldTable) *grid {
	g := &grid{head: t.HeadRows, pages: make(map[int]bool)}
	for _, p := range t.Pages {
		g.pages[p] = true
	}
	for i, row := range t.Rows {
		for _, c := range row {
			g.put(i, len(t.Rows), gridCell{rowSpan: c.RowSpan, colSpan: c.ColSpan, text: Canonical(c.Text), other: Canonical(c.Other), pages: pagesOf(c.Boxes)})
		}
	}
	return g.done(len(t.Rows))
}

// predGrid lays out a predicted table.
func predGrid(t *schema.Table) *grid {
	g := &grid{head: t.HeadRows, pages: make(map[int]bool)}
	for _, p := range t.Pages {
		g.pages[p] = true
	}
	for i, row := range t.Rows {
		for k := range row {
			c := &row[k]
			g.put(i, len(t.Rows), gridCell{rowSpan: c.RowSpan, colSpan: c.ColSpan, text: Canonical(c.Text), source: c, pages: pagesOf(c.Boxes)})
		}
	}
	return g.done(len(t.Rows))
}

func pagesOf(boxes []schema.Place) []int {
	var out []int
	for _, b := range boxes {
		out = append(out, b.Page)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mostColumns bounds what a damaged file can make of a table's width.
const mostColumns = 1000

// put sets c at the first free place of row i of so many rows. Spans below one
// count as one, and those that reach below the last row are cut.
func (g *grid) put(i, rows int, c gridCell) {
	for len(g.at) < rows {
		g.at = append(g.at, nil)
	}
	for c.col < len(g.at[i]) && g.at[i][c.col] >= 0 {
		c.col++
	}
	c.row = i
	c.rowSpan = min(max(c.rowSpan, 1), rows-i)
	c.colSpan = min(max(c.colSpan, 1), max(mostColumns-c.col, 1))
	for r := i; r < i+c.rowSpan; r++ {
		for len(g.at[r]) < c.col+c.colSpan {
			g.at[r] = append(g.at[r], -1)
		}
		for k := c.col; k < c.col+c.colSpan; k++ {
			if g.at[r][k] < 0 {
				g.at[r][k] = len(g.cells)
			}
		}
	}
	g.cells = append(g.cells, c)
}

// done fills the rows to one width.
func (g *grid) done(rows int) *grid {
	for len(g.at) < rows {
		g.at = append(g.at, nil)
	}
	g.rows = rows
	for _, row := range g.at {
		g.cols = max(g.cols, len(row))
	}
	for r := range g.at {
		for len(g.at[r]) < g.cols {
			g.at[r] = append(g.at[r], -1)
		}
	}
	return g
}

// rowText joins the texts of the cells that begin in row r.
func (g *grid) rowText(r int) string {
	var parts []string
	for _, k := range g.at[r] {
		if k >= 0 && g.cells[k].row == r && (len(parts) == 0 || parts[len(parts)-1] != g.cells[k].text) {
			parts = append(parts, g.cells[k].text)
		}
	}
	return strings.Join(parts, " ")
}

// colText joins the texts of the cells that begin in column c.
func (g *grid) colText(c int) string {
	var parts []string
	for r := range g.at {
		if k := g.at[r][c]; k >= 0 && g.cells[k].col == c && g.cells[k].row == r {
			parts = append(parts, g.cells[k].text)
		}
	}
	return strings.Join(parts, " ")
}

func (g *grid) text() string {
	var parts []string
	for _, c := range g.cells {
		parts = append(parts, c.text)
	}
	return strings.Join(parts, " ")
}

// joins lists the page breaks that each row crosses: [row, page before the
// break]. A merged cell that lasts over several rows says nothing about any
// one of them, so only cells of one row count, unless the row has no other.
func (g *grid) joins() [][2]int {
	var out [][2]int
	for r := g.head; r < g.rows; r++ {
		pages := make(map[int]bool)
		for _, k := range g.at[r] {
			if k < 0 || g.cells[k].rowSpan > 1 {
				continue
			}
			for _, p := range g.cells[k].pages {
				pages[p] = true
			}
		}
		for p := range pages {
			if pages[p+1] {
				out = append(out, [2]int{r, p})
			}
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	return out
}
