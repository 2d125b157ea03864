package table

import (
	"reflect"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// borderless takes the first or the last column border off a page, as wear
// does: what stood in the column's cells is running text.
func borderless(p schema.Page, first bool) schema.Page {
	g := &p.Grids[0]
	col := g.Columns - 1
	if first {
		col = 0
	}
	var cells []schema.GridCell
	for _, c := range g.Cells {
		if c.Col == col {
			for _, l := range c.Lines {
				l.Box.X0, l.Box.X1 = c.Box.X0+2, c.Box.X1-2
				p.Lines = append(p.Lines, l)
			}
			continue
		}
		if first {
			c.Col--
		}
		cells = append(cells, c)
	}
	g.Cells, g.Columns = cells, g.Columns-1
	if first {
		g.XS = g.XS[1:]
	} else {
		g.XS = g.XS[:g.Columns+1]
	}
	g.Box.X0, g.Box.X1 = g.XS[0], g.XS[g.Columns]
	return p
}

// five is a page of pageOf with one border more, so that enough are left.
func five(number int, rows ...string) schema.Page {
	p := pageOf(number, rows...)
	g := &p.Grids[0]
	g.Columns, g.XS = 5, append(g.XS, 980)
	for r := range g.Rows {
		g.Cells = append(g.Cells, schema.GridCell{Row: r, Col: 4, RowSpan: 1, ColSpan: 1,
			Box:   schema.Box{X0: 950, Y0: 100 + 50*r, X1: 980, Y1: 150 + 50*r},
			Lines: []schema.Line{line("x", 110+50*r)}})
	}
	g.Box.X1 = 980
	sortCells(g.Cells)
	return p
}

func TestBorrow(t *testing.T) {
	first := func() schema.Page { return five(1, head, "1 | Trạm đo 1 | Xong. | 5") }
	second := func() schema.Page { return five(2, "2 | Trạm đo 2 | Xong. | 6") }
	third := func() schema.Page { return five(3, "3 | Trạm đo 3 | Xong. | 7") }
	whole := show(Join([]schema.Page{first(), second(), third()}))
	for name, pages := range map[string][]schema.Page{
		"nothing lost":          {first(), second(), third()},
		"last, from before":     {first(), borderless(second(), false), third()},
		"last, from behind":     {borderless(first(), false), second(), third()},
		"first, from before":    {first(), second(), borderless(third(), true)},
		"chain from behind":     {borderless(first(), true), borderless(second(), true), third()},
		"chain from before":     {first(), borderless(second(), false), borderless(third(), false)},
		"one lost at each side": {borderless(first(), true), second(), borderless(third(), false)},
	} {
		before := show(Join(pages))
		if got := show(Join(Borrow(pages))); got != whole {
			t.Errorf("%s:\n%swant\n%s", name, got, whole)
		}
		if show(Join(pages)) != before {
			t.Errorf("%s: the pages given were changed", name)
		}
	}
}

// What print or text does not bear out is left as it is.
func TestBorrowRefuses(t *testing.T) {
	worn := func() schema.Page { return borderless(five(2, "2 | Trạm đo 2 | Xong. | 6"), false) }
	for name, change := range map[string]func(p *schema.Page){
		"print on the border": func(p *schema.Page) { p.Lines[0].Box.X1 = 998 },
		"text before": func(p *schema.Page) {
			p.Lines = append(p.Lines, line("Các trạm của xã sau đây.", 60))
		},
		"other borders": func(p *schema.Page) { p.Grids[0].XS[2] += 30 },
		"no rules":      func(p *schema.Page) { p.Grids[0].Ruled = false },
		"no room":       func(p *schema.Page) { p.Width = 970 },
		"another table": func(p *schema.Page) {
			p.Grids = append(p.Grids, schema.Grid{Box: schema.Box{X0: 955, Y0: 100, X1: 975, Y1: 140}})
		},
		"borders enough": func(p *schema.Page) { *p = five(2, "2 | Trạm đo 2 | Xong. | 6") },
	} {
		p := worn()
		change(&p)
		got := Borrow([]schema.Page{five(1, head, "1 | Trạm đo 1 | Xong. | 5"), p})[1]
		if !reflect.DeepEqual(got, p) {
			t.Errorf("%s: changed to %d columns", name, got.Grids[0].Columns)
		}
	}
}

// Where the sheet's shadow was taken for the last border, the page behind knows
// better; not where words stand beyond.
func TestBorrowFromSheetsEdge(t *testing.T) {
	for name, c := range map[string]struct {
		word, want int // where a word begins, and the border
	}{"shadow": {640, 830}, "words beyond": {840, 995}} {
		edge, good := pageOf(1, head, "1 | Trạm đo | Xong. | 5"), pageOf(2, "2 | Trạm đo | Xong. | 6")
		for _, p := range []*schema.Page{&edge, &good} {
			g := &p.Grids[0]
			g.XS = []int{50, 100, 300, 620, 830}
			setOuter(g, 830, false)
		}
		setOuter(&edge.Grids[0], 995, false)
		last := &edge.Grids[0].Cells[7].Lines[0]
		last.Words[0].Box.X0, last.Words[0].Box.X1 = c.word, 990
		if got := Borrow([]schema.Page{edge, good})[0].Grids[0].XS[4]; got != c.want {
			t.Errorf("%s: border at %d, want %d", name, got, c.want)
		}
	}
}

// A border put where rules break off, through a line, goes behind the line.
func TestBorrowHoldsCutPrint(t *testing.T) {
	p := pageOf(1, head, "1 | Trạm đo | Xong. | 40.000")
	p.Width = 1100
	p.Grids[0].Cells[7].Lines[0].Box.X1 = 949
	rest := line("đồng", 160)
	rest.Box.X0, rest.Box.X1 = 953, 1000
	rest.Words[0].Box = rest.Box
	p.Lines = []schema.Line{rest}
	got := Borrow([]schema.Page{p})[0]
	if x := got.Grids[0].Box.X1; x < 1000 || len(got.Lines) != 0 {
		t.Errorf("border at %d, %d lines left", x, len(got.Lines))
	}
	if s := schema.TextOf(got.Grids[0].Cells[7].Lines, " "); s != "40.000 đồng" {
		t.Errorf("cell %q", s)
	}
	p.Lines[0].Box.X0 = 970 // a note beside the table
	if got := Borrow([]schema.Page{p})[0]; got.Grids[0].Box.X1 != 950 || len(got.Lines) != 1 {
		t.Errorf("a note beside the table went into it: %v", got.Grids[0].XS)
	}
}
