package table

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// A table wider than its sheets is printed in strips: some columns on one
// sheet, the others on another, either right behind it or after all sheets of
// the first strip. The strips are known by their rows, which are as many and
// as high as those beside them.

// place is a grid of a document: the index of its page and its own on it.
type place struct{ page, grid int }

// strips returns for each grid that holds further columns of another one that
// other one, and why. Sheets of a further strip hold the grid and no text.
func strips(pages []schema.Page) (map[place]place, map[place]string) {
	of, why := map[place]place{}, map[place]string{}
	found := func(page, other int, how string) {
		b := place{page, 0}
		of[b], why[b] = place{other, len(pages[other].Grids) - 1}, how
	}
	before := -1 // a sheet of the first strip, the table of which may go on
	for i := 0; i < len(pages); {
		if len(pages[i].Grids) == 0 {
			i++
			continue
		}
		least := 3 // rows; fewer may be as high by chance
		if before >= 0 && follows(pages, before, i) {
			least = 1
		}
		k, n := stripsFrom(pages, i, least, found)
		before = -1
		if n > 0 {
			before = i + k - 1
		}
		i += k * (n + 1)
	}
	return of, why
}

// stripsFrom looks for a table in strips that begins on page i with the page's
// last grid: k sheets of the first strip with at least so many rows and n
// strips more; 1 and 0 when there is none.
func stripsFrom(pages []schema.Page, i, least int, found func(page, other int, how string)) (k, n int) {
	for k = 1; i+2*k <= len(pages); k++ {
		// The sheets of the first strip are one table themselves.
		if k > 1 && !follows(pages, i+k-2, i+k-1) {
			break
		}
		for i+(n+2)*k <= len(pages) {
			hows := make([]string, k)
			rows, ok := 0, true
			for s := range k {
				var r int
				r, hows[s], ok = abreast(&pages[i+s], &pages[i+(n+1)*k+s])
				if rows += r; !ok {
					break
				}
				if s > 0 && !follows(pages, i+(n+1)*k+s-1, i+(n+1)*k+s) {
					ok = false
					break
				}
			}
			if !ok || rows < least {
				break
			}
			n++
			for s := range k {
				found(i+n*k+s, i+s, hows[s])
			}
		}
		if n > 0 {
			return k, n
		}
	}
	return 1, 0
}

// follows reports whether the one grid of page b has the columns of the last
// one of page a.
func follows(pages []schema.Page, a, b int) bool {
	if len(pages[b].Grids) != 1 {
		return false
	}
	ga, gb := &pages[a].Grids[len(pages[a].Grids)-1], &pages[b].Grids[0]
	if ga.Columns != gb.Columns || len(ga.XS) < 2 || len(gb.XS) < 2 {
		return false
	}
	_, _, ok, _ := match(ga.XS, pages[a].DPI, gb.XS, pages[b].DPI, 0)
	return ok
}

// abreast reports whether the only grid of sheet b holds further columns of the
// last grid of sheet a, of how many rows, and how it can tell. Where the two
// have as many rows and yet are no strips, how says why not.
func abreast(a, b *schema.Page) (rows int, how string, ok bool) {
	if len(b.Grids) != 1 || len(bodyLines(b)) > 0 {
		return 0, "", false
	}
	ga, gb := &a.Grids[len(a.Grids)-1], &b.Grids[0]
	if ga.Rows != gb.Rows || len(ga.XS) < 2 || len(gb.XS) < 2 {
		return 0, "", false
	}
	if ga.Columns == gb.Columns {
		if _, _, same, _ := match(ga.XS, a.DPI, gb.XS, b.DPI, 0); same {
			return 0, "", false // more rows of the same columns
		}
	}
	// Rows are numbered once.
	fb := newFragment(b, 0)
	if fb == nil {
		return 0, "", false
	}
	if numberColumn(fb.cells, 0, fb.rows) >= 0 && gb.Columns > 1 {
		return 0, fmt.Sprintf("%d rows like page %d, but numbered themselves", gb.Rows, a.Number), false
	}
	worst := unlike(rowTops(ga, a.DPI), rowTops(gb, b.DPI), ga.OpenTop || gb.OpenTop, ga.OpenBottom || gb.OpenBottom)
	if worst > 80 {
		return 0, fmt.Sprintf("%d rows like page %d, but not as high: 0.%02d in apart", gb.Rows, a.Number, min(worst/10, 99)), false
	}
	return ga.Rows, fmt.Sprintf("%d rows as high as those of page %d, to 0.%02d in", ga.Rows, a.Number, worst/10), true
}

// unlike returns by how much the heights of rows differ at most, from where the
// rows begin. The top and the foot of a table that is open there lie where its
// other rules break off, which says little.
func unlike(a, b []int, openTop, openFoot bool) (worst int) {
	var ds []int
	for r := range a {
		switch {
		case a[r] < 0 || b[r] < 0, openTop && r == 0, openFoot && r == len(a)-1:
		default:
			ds = append(ds, a[r]-b[r])
		}
	}
	if len(ds) == 0 {
		return 0
	}
	slices.Sort(ds)
	if !openTop {
		return max(ds[len(ds)-1], -ds[0])
	}
	middle := ds[len(ds)/2]
	return max(ds[len(ds)-1]-middle, middle-ds[0])
}

// rowTops returns where the rows begin and, last, where the grid ends, in
// thousandths of an inch from its top; -1 for a row that no cell begins with.
func rowTops(g *schema.Grid, dpi int) []int {
	tops := make([]int, g.Rows+1)
	for r := range tops {
		tops[r] = -1
	}
	for _, c := range g.Cells {
		y := (c.Box.Y0 - g.Box.Y0) * 1000 / max(dpi, 1)
		if c.Row < g.Rows && (tops[c.Row] < 0 || y < tops[c.Row]) {
			tops[c.Row] = y
		}
	}
	tops[g.Rows] = g.Box.Height() * 1000 / max(dpi, 1)
	return tops
}

// widen puts the columns of a strip beside those of f. A row that is one cell
// in f, a group's name, runs on over empty ones.
func (f *fragment) widen(strip *fragment) {
	cols := len(f.xs) - 1
	right := f.xs[cols]
	for _, x := range strip.xs[1:] {
		f.xs = append(f.xs, right+(x-strip.xs[0])*f.dpi/strip.dpi)
	}
	for _, c := range strip.cells {
		if a := at(f.cells, c.row, 0); a != nil && a.colSpan >= cols && cols > 1 && spoken(c.text()) == "" &&
			a.row == c.row && a.rowSpan == c.rowSpan && c.col+cols == a.col+a.colSpan {
			a.colSpan += c.colSpan
			a.boxes = append(a.boxes, c.boxes...)
			continue
		}
		c.col += cols
		f.cells = append(f.cells, c)
	}
	slices.SortStableFunc(f.cells, func(a, b *cell) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) })
	f.also = append(f.also, strip.page)
}
