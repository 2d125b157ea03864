package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// Decision is one choice that [Explain] made where two grids meet, with its
// reasons, for people who ask why a row was or was not joined.
type Decision struct {
	Page    int      // page of the later grid
	Grid    int      // its index on that page
	Table   int      // table it went into
	What    string   // "new table", "continues", "columns beside", "columns not beside", "row continues", "row begins", "cell continues", "head repeated"
	Reasons []string // in the order in which they were weighed
}

// Join returns the tables of a document. Grids on following pages become one
// table when their columns agree and no running text parts them; a head that
// is printed again is dropped and its boxes go to the first one; a row, or a
// cell merged over rows, that the page break cut is put together again. Page
// numbers between are text of no cell.
func Join(pages []schema.Page) []schema.Table {
	tables, _ := Explain(pages)
	return tables
}

// Explain is [Join] with the decisions that it took.
func Explain(pages []schema.Page) ([]schema.Table, []Decision) {
	var js []*joined
	var log []Decision
	var last *joined // the table that the next grid may continue
	parted := false  // running text stands since its last grid
	beside, reasons := strips(pages)
	sheet := 0 // counts the pages that are no further strips
	for pi := range pages {
		p := &pages[pi]
		if _, ok := beside[place{pi, 0}]; ok {
			continue // its columns went to the sheet beside it
		}
		sheet++
		lines := bodyLines(p)
		if pi > 0 {
			lines = withoutRunningHead(lines, &pages[pi-1], p)
		}
		for gi := range p.Grids {
			f := newFragment(p, gi)
			if f == nil {
				continue
			}
			f.sheet = sheet
			note := func(t int, what string, why ...string) {
				log = append(log, Decision{p.Number, gi, t, what, why})
			}
			var widened []Decision
			for qi := pi + 1; qi < len(pages); qi++ {
				if to, ok := beside[place{qi, 0}]; ok && to == (place{pi, gi}) {
					f.widen(newFragment(&pages[qi], 0))
					widened = append(widened, Decision{pages[qi].Number, 0, 0, "columns beside", []string{reasons[place{qi, 0}]}})
				}
			}
			if pi > 0 && len(p.Grids) == 1 && len(pages[pi-1].Grids) > 0 {
				if _, why, ok := abreast(&pages[pi-1], p); !ok && why != "" {
					note(len(js), "columns not beside", why)
				}
			}
			from := 0
			if gi > 0 {
				from = p.Grids[gi-1].Box.Y1
			}
			between := textBetween(lines, from, p.Grids[gi].Box.Y0)
			var why []string
			ok := false
			if last != nil {
				ok, why = last.accepts(f, parted || between)
			} else {
				why = []string{"first grid of the document"}
			}
			if !ok {
				last = &joined{index: len(js), dpi: p.DPI}
				js = append(js, last)
				note(last.index, "new table", why...)
				last.start(f)
			} else {
				note(last.index, "continues", why...)
				last.add(f, note)
			}
			for _, d := range widened {
				d.Table = last.index
				log = append(log, d)
			}
			parted = false
		}
		after := 0
		if n := len(p.Grids); n > 0 {
			after = p.Grids[n-1].Box.Y1
		}
		parted = parted || textBetween(lines, after, 1<<30)
	}
	out := make([]schema.Table, len(js))
	for i, j := range js {
		out[i] = j.table()
	}
	return out, log
}

// cell is a cell of a table in the making.
type cell struct {
	row, col, rowSpan, colSpan int
	lines                      []schema.PlacedLine
	boxes                      []schema.Place
}

func (c *cell) text() string {
	ls := make([]schema.Line, len(c.lines))
	for i, l := range c.lines {
		ls[i] = l.Line
	}
	return strings.TrimSpace(schema.TextOf(ls, " "))
}

// covers reports whether the cell holds the place.
func (c *cell) covers(row, col int) bool {
	return row >= c.row && row < c.row+c.rowSpan && col >= c.col && col < c.col+c.colSpan
}

// fragment is one page's part of a table.
type fragment struct {
	page, dpi  int
	xs         []int
	rows       int
	cells      []*cell
	top, down  bool // open at the top, at the bottom
	bare       bool // columns are parted by white, not by rules
	box        schema.Box
	pageHeight int
	sheet      int   // its page, not counting those of further strips
	also       []int // pages of further strips
}

func newFragment(p *schema.Page, gi int) *fragment {
	g := &p.Grids[gi]
	if g.Rows < 1 || g.Columns < 1 || len(g.XS) != g.Columns+1 {
		return nil
	}
	f := &fragment{
		page: p.Number, dpi: max(p.DPI, 1), xs: slices.Clone(g.XS), rows: g.Rows,
		top: g.OpenTop, down: g.OpenBottom, bare: !g.Ruled, box: g.Box, pageHeight: p.Height,
	}
	for _, c := range g.Cells {
		k := &cell{row: c.Row, col: c.Col, rowSpan: max(c.RowSpan, 1), colSpan: max(c.ColSpan, 1)}
		box := c.Box
		k.boxes = []schema.Place{{Page: p.Number, Box: &box}}
		k.lines = make([]schema.PlacedLine, 0, len(c.Lines))
		for _, l := range c.Lines {
			k.lines = append(k.lines, schema.PlacedLine{Page: p.Number, Line: l})
		}
		f.cells = append(f.cells, k)
	}
	return f
}

// inRow returns the cells that begin in a row, from left to right.
func inRow(cells []*cell, row int) []*cell {
	var out []*cell
	for _, c := range cells {
		if c.row == row {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *cell) int { return cmp.Compare(a.col, b.col) })
	return out
}

func at(cells []*cell, row, col int) *cell {
	for _, c := range cells {
		if c.covers(row, col) {
			return c
		}
	}
	return nil
}

// joined is a table in the making.
type joined struct {
	index     int
	dpi       int
	xs        []int // column borders in pixels of the last fragment
	lastDPI   int
	rows      int
	head      int
	cells     []*cell
	pages     []int
	lastPage  int  // and
	lastSheet int  // of the last fragment
	down      bool // the last fragment was open at the bottom
	bare      bool // its columns are parted by white
}

// slack is how much farther apart than rules the borders of a table and of what
// may continue it can lie: those in the middle of white depend on the words.
func (j *joined) slack(f *fragment) int {
	if j.bare && f.bare {
		return 120
	}
	return 0
}

func (j *joined) columns() int { return len(j.xs) - 1 }

func (j *joined) start(f *fragment) {
	j.xs, j.rows, j.cells = f.xs, f.rows, f.cells
	j.head = headRows(f.cells, f.rows, len(f.xs)-1)
	j.took(f)
}

func (j *joined) took(f *fragment) {
	if !slices.Contains(j.pages, f.page) {
		j.pages = append(j.pages, f.page)
	}
	j.pages = append(j.pages, f.also...)
	j.lastPage, j.lastSheet, j.down, j.xs, j.lastDPI, j.bare = f.page, f.sheet, f.down, f.xs, f.dpi, f.bare
}

// accepts decides whether a fragment continues the table.
func (j *joined) accepts(f *fragment, parted bool) (bool, []string) {
	if f.sheet-j.lastSheet > 1 {
		return false, []string{fmt.Sprintf("page %d lies between without a grid", j.lastPage+1)}
	}
	_, _, same, how := match(j.xs, j.lastDPI, f.xs, f.dpi, j.slack(f))
	if !same {
		if !sameInside(j.xs, j.lastDPI, f.xs, f.dpi) {
			return false, []string{how}
		}
		how = "all column borders but an outer one agree"
	}
	why := []string{how}
	repeated := j.repeatedHead(f)
	if !parted {
		if f.page == j.lastPage && repeated == 0 && headLike(f.cells, f.rows, len(f.xs)-1) {
			return false, append(why, "same page, and a head of its own")
		}
		return true, append(why, "no text between")
	}
	// Text between usually heads a new table. A table's own rows may still
	// follow when the numbering runs on or the row was cut.
	if f.page == j.lastPage {
		return false, append(why, "text between on the same page")
	}
	if repeated > 0 {
		return false, append(why, "text between, and a head of its own")
	}
	if headLike(f.cells, f.rows, len(f.xs)-1) {
		return false, append(why, "text between, and a head of its own")
	}
	if a, b, ok := j.numbers(f, 0); ok && b == a+1 {
		return true, append(why, fmt.Sprintf("text between, but number %d follows %d", b, a))
	}
	if n := numberColumn(j.cells, j.head, j.rows); n >= 0 {
		if c := at(f.cells, 0, n); c != nil && !numbered(c.text()) && c.colSpan == 1 {
			return true, append(why, "text between, but the first row has no number of its own")
		}
	}
	return false, append(why, "text between")
}

// numbers returns the table's last running number and the fragment's first.
func (j *joined) numbers(f *fragment, skip int) (last, first int, ok bool) {
	n := numberColumn(j.cells, j.head, j.rows)
	if n < 0 {
		return 0, 0, false
	}
	found := false
	for r := j.rows - 1; r >= j.head && !found; r-- {
		if c := at(j.cells, r, n); c != nil && c.colSpan == 1 {
			last, found = ordinal(c.text())
		}
	}
	if !found {
		return 0, 0, false
	}
	for r := skip; r < f.rows; r++ {
		if c := at(f.cells, r, n); c != nil && c.colSpan == 1 {
			if v, ok := ordinal(c.text()); ok {
				return last, v, true
			}
		}
	}
	return 0, 0, false
}

// match compares column borders, which may lie slack thousandths of an inch
// farther apart than those of rules. It returns for each border of a and of b its
// index in the common lattice, which is the finer of the two.
func match(a []int, aDPI int, b []int, bDPI, slack int) (ai, bi []int, ok bool, how string) {
	// In thousandths of an inch from the left border.
	norm := func(xs []int, dpi int) []int {
		out := make([]int, len(xs))
		for i, x := range xs {
			out[i] = (x - xs[0]) * 1000 / dpi
		}
		return out
	}
	na, nb := norm(a, max(aDPI, 1)), norm(b, max(bDPI, 1))
	wa, wb := na[len(na)-1], nb[len(nb)-1]
	if wa <= 0 || wb <= 0 {
		return nil, nil, false, "grid without width"
	}
	scaled := ""
	if abs(wa-wb) > 100+wa/50 {
		// A page printed smaller, or a table stretched to a turned page: the
		// proportions still agree, but then every border must.
		if len(a) != len(b) {
			return nil, nil, false, fmt.Sprintf("widths differ: %d.%02d in and %d.%02d in", wa/1000, wa%1000/10, wb/1000, wb%1000/10)
		}
		scaled = " in proportion"
	}
	for i, v := range nb {
		nb[i] = v * wa / wb
	}
	tol := 60 + wa/120 + slack
	ai, bi = make([]int, len(na)), make([]int, len(nb))
	i, k, n, common := 0, 0, 0, 0
	for i < len(na) || k < len(nb) {
		switch {
		case i < len(na) && k < len(nb) && abs(na[i]-nb[k]) <= tol:
			ai[i], bi[k] = n, n
			i++
			k++
			common++
		case k >= len(nb) || i < len(na) && na[i] < nb[k]:
			ai[i] = n
			i++
		default:
			bi[k] = n
			k++
		}
		n++
	}
	// One side may lack borders (all its rows are merged there), not both.
	if common != min(len(a), len(b)) || common < 2 {
		return nil, nil, false, fmt.Sprintf("columns differ: %d of %d borders agree", common, max(len(a), len(b)))
	}
	if len(a) != len(b) {
		return ai, bi, true, fmt.Sprintf("%d of %d column borders agree%s, the others are merged", common, n, scaled)
	}
	return ai, bi, true, fmt.Sprintf("all %d column borders agree%s", n, scaled)
}

// sameInside reports whether all borders but the outer ones of two tables agree
// as they stand, and those to a third of an inch: where wear took the last
// border, a table ends where its rules break off.
func sameInside(a []int, aDPI int, b []int, bDPI int) bool {
	const inner, outer = 60, 350 // thousandths of an inch
	n := len(a)
	if n != len(b) || n < 5 {
		return false
	}
	aDPI, bDPI = max(aDPI, 1), max(bDPI, 1)
	for i := range a {
		apart := abs((a[i]-a[1])*1000/aDPI - (b[i]-b[1])*1000/bDPI)
		if apart > outer || apart > inner && i > 0 && i < n-1 {
			return false
		}
	}
	return true
}

// refit moves cells onto the common lattice.
func refit(cells []*cell, index []int) {
	for _, c := range cells {
		end := min(c.col+c.colSpan, len(index)-1)
		c.col, c.colSpan = index[min(c.col, len(index)-1)], index[end]-index[min(c.col, len(index)-1)]
	}
}

// repeatedHead returns how many of the fragment's first rows print the head
// again.
func (j *joined) repeatedHead(f *fragment) int {
	if j.head == 0 || f.rows < 1 {
		return 0
	}
	// The whole head, or only its last row (the column numbers).
	for _, from := range []int{0, j.head - 1} {
		n := j.head - from
		if n > f.rows {
			continue
		}
		var a, b strings.Builder
		cellsA, cellsB := 0, 0
		for r := range n {
			for _, c := range inRow(j.cells, from+r) {
				a.WriteString(fold(c.text()))
				a.WriteByte(' ')
				cellsA++
			}
			for _, c := range inRow(f.cells, r) {
				b.WriteString(fold(c.text()))
				b.WriteByte(' ')
				cellsB++
			}
		}
		if from > 0 && !numberingRow(inRow(j.cells, from)) {
			continue
		}
		if abs(cellsA-cellsB) <= 1 && alike(a.String(), b.String()) {
			return n
		}
	}
	return 0
}

// add puts a fragment's rows under the table's.
func (j *joined) add(f *fragment, note func(t int, what string, why ...string)) {
	if ai, bi, ok, _ := match(j.xs, j.lastDPI, f.xs, f.dpi, j.slack(f)); ok && len(ai) != len(bi) {
		finer := j.xs
		if len(bi) > len(ai) {
			finer = f.xs
			refit(j.cells, ai)
		} else {
			// Rescale the table's borders to the fragment's pixels.
			refit(f.cells, bi)
			w := finer[len(finer)-1] - finer[0]
			fw := f.xs[len(f.xs)-1] - f.xs[0]
			xs := make([]int, len(finer))
			for i, x := range finer {
				xs[i] = f.xs[0] + (x-finer[0])*fw/max(w, 1)
			}
			finer = xs
		}
		f.xs = finer
	}
	if n := j.repeatedHead(f); n > 0 {
		note(j.index, "head repeated", fmt.Sprintf("%d rows", n))
		j.dropHead(f, n)
	}
	if f.rows == 0 {
		j.took(f)
		return
	}
	offset := j.rows
	goesOn, why := j.rowGoesOn(f)
	if goesOn {
		note(j.index, "row continues", why...)
		offset--
	} else {
		note(j.index, "row begins", why...)
	}
	for _, c := range f.cells {
		into := (*cell)(nil)
		if c.row == 0 {
			above := at(j.cells, j.rows-1, c.col)
			fits := above != nil && above.row+above.rowSpan == j.rows && above.col == c.col && above.colSpan == c.colSpan
			switch {
			case goesOn && above != nil:
				into = above
			case fits && above.row >= j.head:
				if ok, why := mergedOver(above, c); ok && !j.mateBegins(f, above, c) {
					note(j.index, "cell continues", why)
					into = above
				}
			}
		}
		c.row += offset
		if into == nil {
			j.cells = append(j.cells, c)
			continue
		}
		into.rowSpan = max(into.rowSpan, c.row+c.rowSpan-into.row)
		into.lines = append(into.lines, c.lines...)
		into.boxes = append(into.boxes, c.boxes...)
	}
	j.rows = offset + f.rows
	j.took(f)
}

// dropHead removes a repeated head from the fragment and gives its boxes to
// the table's own.
func (j *joined) dropHead(f *fragment, n int) {
	var rest []*cell
	for _, c := range f.cells {
		if c.row < n {
			from := j.head - n
			if h := at(j.cells, from+c.row, c.col); h != nil && h.row < j.head {
				h.boxes = append(h.boxes, c.boxes...)
			}
			continue
		}
		c.row -= n
		rest = append(rest, c)
	}
	f.cells, f.rows, f.top = rest, f.rows-n, false
}

// mergedOver decides whether a cell at the top of a page is the rest of the
// one at the foot of the page before, the row itself being a new one.
func mergedOver(above, c *cell) (bool, string) {
	a, b := spoken(above.text()), spoken(c.text())
	tall := above.rowSpan > 1 || c.rowSpan > 1
	switch {
	case !tall:
		return false, ""
	case b == "" && (a != "" || above.rowSpan > 1):
		return true, "an empty cell merged over rows goes on from the page before"
	case a == "" && above.rowSpan > 1 && c.rowSpan > 1:
		return true, "the text of a merged cell stands on its second page"
	case a != "" && runsOn(a, b):
		return true, "the text of a merged cell runs on"
	}
	return false, ""
}

// mateBegins reports whether a cell merged over the same rows as c, below one
// merged over the same rows as the one above c, has a text of its own: then
// what they share begins anew on this page, and c with it.
func (j *joined) mateBegins(f *fragment, above, c *cell) bool {
	if c.rowSpan < 2 || above.rowSpan < 2 || spoken(c.text()) != "" {
		return false
	}
	for _, m := range f.cells {
		if m == c || m.row != 0 && m.row != j.rows || m.rowSpan != c.rowSpan || m.colSpan != c.colSpan {
			continue
		}
		t := at(j.cells, j.rows-1, m.col)
		if t == nil || t == above || t.row != above.row || t.rowSpan != above.rowSpan || spoken(m.text()) == "" {
			continue
		}
		if goesOn, _ := mergedOver(t, m); !goesOn {
			return true
		}
	}
	return false
}

// verdict weighs what speaks for and against a row that goes on.
type verdict struct {
	score int
	why   []string
}

func (v *verdict) weigh(n int, format string, args ...any) {
	v.score += n
	v.why = append(v.why, fmt.Sprintf("%+d %s", n, fmt.Sprintf(format, args...)))
}

// rowGoesOn decides whether the fragment's first row is the rest of the
// table's last one.
func (j *joined) rowGoesOn(f *fragment) (bool, []string) {
	if j.rows <= j.head {
		return false, []string{"the table has no row yet"}
	}
	first := inRow(f.cells, 0)
	if len(first) == 0 {
		return false, nil
	}
	if j.groupBegins(first) {
		return false, []string{"a group row begins"}
	}
	var v verdict
	for _, c := range first {
		if t := at(j.cells, j.rows-1, c.col); t == nil || t.col != c.col || t.colSpan != c.colSpan {
			v.weigh(-3, "cells of column %d differ in width", c.col+1)
			break
		}
	}
	if f.top || j.down {
		v.weigh(2, "no rule at the page break")
	}
	number := numberColumn(j.cells, j.head, j.rows)
	if number < 0 {
		number = numberColumn(f.cells, 0, f.rows)
	}
	if number >= 0 {
		j.weighNumber(&v, f, number)
	}
	j.weighTexts(&v, first, number)
	return v.score >= 3, v.why
}

// groupBegins reports whether a fragment's first row is one cell over all
// columns that does not run on from such a row.
func (j *joined) groupBegins(first []*cell) bool {
	cols := j.columns()
	if len(first) != 1 || first[0].colSpan < cols || cols <= 1 {
		return false
	}
	t := at(j.cells, j.rows-1, 0)
	return t == nil || t.colSpan < cols || !runsOn(t.text(), first[0].text())
}

// weighNumber asks the column of numbers: a row that goes on has none.
func (j *joined) weighNumber(v *verdict, f *fragment, number int) {
	c := at(f.cells, 0, number)
	if c == nil || c.colSpan != 1 {
		return
	}
	t := at(j.cells, j.rows-1, number)
	last, next, known := j.numbers(f, 1)
	switch {
	case numbered(c.text()):
		v.weigh(-6, "the first row has the number %q", c.text())
	case known && next == last+2 && f.rows > 1:
		v.weigh(-6, "the second row has the number %d, the last of the page before %d", next, last)
	case t != nil && !numbered(t.text()):
		v.weigh(1, "neither row has a number")
	default:
		v.weigh(3, "the first row has no number")
	}
}

// weighTexts asks the other columns whether their text runs on.
func (j *joined) weighTexts(v *verdict, first []*cell, number int) {
	filled := false
	for _, c := range first {
		if c.col == number {
			continue
		}
		t := at(j.cells, j.rows-1, c.col)
		if t == nil {
			continue
		}
		a, b := spoken(t.text()), spoken(c.text())
		if b == "" {
			if a != "" {
				v.weigh(1, "column %d is empty after text", c.col+1)
			}
			continue
		}
		filled = true
		switch {
		case a == "":
			v.weigh(-1, "column %d has text after an empty cell", c.col+1)
		case runsOn(a, b):
			v.weigh(2, "the text of column %d runs on", c.col+1)
		case newSentence(a, b):
			v.weigh(-1, "column %d begins a sentence", c.col+1)
		}
	}
	if !filled {
		v.weigh(-2, "the first row is empty")
	}
}

// table writes the result.
func (j *joined) table() schema.Table {
	slices.Sort(j.pages)
	t := schema.Table{Pages: j.pages, HeadRows: j.head, Rows: make([][]schema.Cell, j.rows)}
	slices.SortFunc(j.cells, func(a, b *cell) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) })
	inRows := make([]int, j.rows)
	for _, c := range j.cells {
		inRows[c.row]++
	}
	for i, n := range inRows {
		t.Rows[i] = make([]schema.Cell, 0, n)
	}
	for _, c := range j.cells {
		out := schema.Cell{
			Text: c.text(), RowSpan: c.rowSpan, ColSpan: c.colSpan, Boxes: c.boxes,
			Confidence: confidence(c.lines), Row: c.row, Col: c.col, Lines: c.lines,
		}
		t.Rows[c.row] = append(t.Rows[c.row], out)
	}
	t.Columns = j.flatHeads()
	return t
}

// flatHeads makes one name for every column: the head cells above it from the
// top level down, a row of column numbers left out.
func (j *joined) flatHeads() []schema.Field {
	fields := make([]schema.Field, j.columns())
	levels := j.head
	if levels > 1 && numberingRow(inRow(j.cells, levels-1)) {
		levels--
	}
	for col := range fields {
		var texts, raws []string
		var seen *cell
		conf := 1.0
		f := schema.Field{State: schema.Accepted}
		for r := range levels {
			c := at(j.cells, r, col)
			if c == nil || c == seen {
				continue
			}
			seen = c
			if s := c.text(); s != "" {
				texts = append(texts, s)
				raws = append(raws, rawText(c))
				conf = min(conf, confidence(c.lines))
			}
			f.Boxes = append(f.Boxes, c.boxes...)
		}
		f.Text, f.Raw, f.Confidence = strings.Join(texts, " / "), strings.Join(raws, " / "), conf
		f.Value = f.Text
		fields[col] = f
	}
	return fields
}

func rawText(c *cell) string {
	ls := make([]schema.Line, len(c.lines))
	for i, l := range c.lines {
		ls[i] = l.Line
	}
	return strings.TrimSpace(schema.RawOf(ls, " "))
}

// confidence is the mean over the words; an empty cell is a sure one.
func confidence(lines []schema.PlacedLine) float64 {
	sum, n := 0.0, 0
	for _, l := range lines {
		for _, w := range l.Words {
			sum += w.Confidence
			n++
		}
	}
	if n == 0 {
		return 1
	}
	return sum / float64(n)
}
