package table

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// wornGrid is a table of three columns and three rows at 100 dpi, the head of
// which has lost the border between its last two cells.
func wornGrid() schema.Grid {
	g := schema.Grid{
		Box: schema.Box{X0: 100, Y0: 100, X1: 700, Y1: 250}, Rows: 3, Columns: 3, Ruled: true,
		XS: []int{100, 200, 400, 700},
	}
	for r := range 3 {
		for c := range 3 {
			cell := schema.GridCell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Box: schema.Box{X0: g.XS[c], Y0: 100 + 50*r, X1: g.XS[c+1], Y1: 150 + 50*r}}
			if r == 0 && c == 1 {
				cell.ColSpan, cell.Box.X1 = 2, 700
			}
			if r > 0 || c < 2 {
				g.Cells = append(g.Cells, cell)
			}
		}
	}
	return g
}

// words returns boxes of ten by twelve pixels at a height, one after the other.
func words(y int, xs ...int) (out []schema.Box) {
	for _, x := range xs {
		out = append(out, schema.Box{X0: x, Y0: y, X1: x + 10, Y1: y + 12})
	}
	return out
}

func TestMendParts(t *testing.T) {
	for name, c := range map[string]struct {
		print []schema.Box
		cells int // in the first row
	}{
		"print on both sides":    {words(120, 120, 250, 265, 500, 515), 3},
		"print over the border":  {words(120, 120, 380, 395, 410), 2},
		"one word space apart":   {words(120, 120, 385, 404), 2},
		"one side without print": {words(120, 120, 250, 265), 2},
		"no print":               {nil, 2},
	} {
		got := Mend([]schema.Grid{wornGrid()}, nil, c.print, 800, 100)[0]
		n := 0
		for _, k := range got.Cells {
			if k.Row == 0 {
				n++
			}
		}
		if n != c.cells {
			t.Errorf("%s: %d cells in the first row, want %d", name, n, c.cells)
		}
	}
}

// A cell that is merged over a border that few rows have stays one.
func TestMendKeepsMerged(t *testing.T) {
	g := wornGrid()
	for i := range g.Cells {
		if c := &g.Cells[i]; c.Row == 1 && c.Col == 1 {
			c.ColSpan, c.Box.X1 = 2, 700
		}
	}
	g.Cells = append(g.Cells[:4], g.Cells[5:]...)
	got := Mend([]schema.Grid{g}, nil, words(120, 120, 250, 500), 800, 100)[0]
	if len(got.Cells) != 7 {
		t.Errorf("%d cells, want 7", len(got.Cells))
	}
}

func TestMendWidens(t *testing.T) {
	rule := schema.Rule{Box: schema.Box{X0: 100, Y0: 149, X1: 780, Y1: 151}}
	beside := append(words(120, 720, 735), words(170, 720, 735)...)
	got := Mend([]schema.Grid{wornGrid()}, []schema.Rule{rule}, beside, 800, 100)[0]
	if got.Columns != 4 || got.XS[4] != 780 || got.Box.X1 != 780 {
		t.Fatalf("%d columns with borders at %v", got.Columns, got.XS)
	}
	n := 0
	for _, c := range got.Cells {
		if c.Col == 3 {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d cells in the new column, want 3", n)
	}
	for name, c := range map[string]struct {
		rules []schema.Rule
		print []schema.Box
	}{
		"no rule leads there": {nil, beside},
		"no print there":      {[]schema.Rule{rule}, nil},
		"print past the rule": {[]schema.Rule{rule}, append(words(220, 778), beside...)},
	} {
		if got := Mend([]schema.Grid{wornGrid()}, c.rules, c.print, 800, 100)[0]; got.Columns != 3 {
			t.Errorf("%s: %d columns, want 3", name, got.Columns)
		}
	}
}

// A last row that lost its lower border is known by the border of two columns
// that runs on beside its print.
func TestMendLengthens(t *testing.T) {
	rule := schema.Rule{Vertical: true, Box: schema.Box{X0: 399, Y0: 100, X1: 401, Y1: 290}}
	below := words(262, 120, 250, 265, 500)
	got := Mend([]schema.Grid{wornGrid()}, []schema.Rule{rule}, below, 800, 100)[0]
	if got.Rows != 4 || got.Box.Y1 != 290 || !got.OpenBottom {
		t.Errorf("%d rows down to %d, open %v; want 4, 290, true", got.Rows, got.Box.Y1, got.OpenBottom)
	}
	for name, c := range map[string]struct {
		rules []schema.Rule
		print []schema.Box
	}{
		"no rule leads there":   {nil, below},
		"print in one column":   {[]schema.Rule{rule}, words(262, 250, 265)},
		"print over the border": {[]schema.Rule{rule}, append(words(262, 394), below...)},
	} {
		if got := Mend([]schema.Grid{wornGrid()}, c.rules, c.print, 800, 100)[0]; got.Rows != 3 {
			t.Errorf("%s: %d rows, want 3", name, got.Rows)
		}
	}
}

// A head over two rows and one over columns beside it: the borders around the
// corner are lost, and the corner went to the wide one.
func TestMendCorner(t *testing.T) {
	// Columns 100 to 300 and three more to 900; the first row is one cell, the
	// second has a border after column 0 and rules below the first row from 300.
	corner := func() schema.Grid {
		return schema.Grid{
			Box: schema.Box{X0: 100, Y0: 100, X1: 900, Y1: 200}, Rows: 2, Columns: 3, Ruled: true, XS: []int{100, 300, 600, 900},
			Cells: []schema.GridCell{
				{Row: 0, Col: 0, RowSpan: 1, ColSpan: 3, Box: schema.Box{X0: 100, Y0: 100, X1: 900, Y1: 150}},
				{Row: 1, Col: 0, RowSpan: 1, ColSpan: 1, Box: schema.Box{X0: 100, Y0: 150, X1: 300, Y1: 200}},
				{Row: 1, Col: 1, RowSpan: 1, ColSpan: 1, Box: schema.Box{X0: 300, Y0: 150, X1: 600, Y1: 200}},
				{Row: 1, Col: 2, RowSpan: 1, ColSpan: 1, Box: schema.Box{X0: 600, Y0: 150, X1: 900, Y1: 200}},
			},
		}
	}
	border := func(x0 int) []schema.Rule {
		return []schema.Rule{{Box: schema.Box{X0: x0, Y0: 149, X1: 900, Y1: 151}}}
	}
	for _, c := range []struct {
		name  string
		rules []schema.Rule
		print []schema.Box
		rows  int // of the cell at the left
	}{
		{"print on the border", border(300), words(144, 180, 195, 210), 2},
		{"heads centred", border(300), append(words(120, 575, 590, 605), words(165, 180, 195)...), 2},
		{"a head over all", border(300), append(words(120, 470, 485, 500, 515), words(165, 180, 195)...), 1},
		{"a border below", border(100), words(144, 180, 195, 210), 1},
	} {
		got := Mend([]schema.Grid{corner()}, c.rules, c.print, 1000, 100)[0]
		rows := 0
		for _, k := range got.Cells {
			if k.Col == 0 && k.ColSpan == 1 {
				rows = k.RowSpan
			}
		}
		if rows != c.rows {
			t.Errorf("%s: the cell at the left has %d rows, want %d: %v", c.name, rows, c.rows, got.Cells)
		}
	}
}
