package normalize_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

func TestDecimalCommas(t *testing.T) {
	// Columns of a table, a cell a row.
	columns := [][]string{
		{"1.1", "1.2", "1.3", "2.1", "2.2"},
		{"98.6", "97,12", "54.08", "2.500", "81"},
		{"+4.2%", "99.27%", "-0/9%", "12.5.2025", "1.000.000"},
		{"43/7", "97,12", "54,08", "88,1", "9,5"},
		{"3/5", "4/5", "54,08", "2/3", "9/12"},
	}
	want := [][]string{
		{"1.1", "1.2", "1.3", "2.1", "2.2"},
		{"98,6", "97,12", "54,08", "2.500", "81"},
		{"+4,2%", "99,27%", "-0,9%", "12.5.2025", "1.000.000"},
		{"43,7", "97,12", "54,08", "88,1", "9,5"},
		{"3/5", "4/5", "54,08", "2/3", "9/12"},
	}
	p := schema.Page{Grids: []schema.Grid{{Rows: len(columns[0]), Columns: len(columns)}}}
	p.TextSource = schema.FromOCR
	g := &p.Grids[0]
	for row := range columns[0] {
		for col := range columns {
			g.Cells = append(g.Cells, schema.GridCell{Row: row, Col: col, RowSpan: 1, ColSpan: 1, Lines: []schema.Line{
				{Words: []schema.Word{{Text: columns[col][row], Raw: columns[col][row], Confidence: 0.96}}},
			}})
		}
	}
	restorer(t).Page(&p)
	for i := range g.Cells {
		c := &g.Cells[i]
		w := c.Lines[0].Words[0]
		if w.Text != want[c.Col][c.Row] {
			t.Errorf("row %d, column %d: %q, want %q", c.Row, c.Col, w.Text, want[c.Col][c.Row])
		}
		if changed := w.Text != w.Raw; changed != (len(w.Repairs) == 1) || changed && w.Repairs[0].Reason != normalize.ReasonSign {
			t.Errorf("row %d, column %d: repairs %v", c.Row, c.Col, w.Repairs)
		}
	}
}

// Without a decimal comma on the page, points stay: the document may use them.
func TestDecimalPointsStay(t *testing.T) {
	const text = "đạt 98.5% kế hoạch, phiên bản 2.10"
	if got := schema.TextOf([]schema.Line{{Words: readPage(t, schema.FromOCR, text, 0.96)}}, " "); !strings.EqualFold(got, text) {
		t.Errorf("%q became %q", text, got)
	}
}
