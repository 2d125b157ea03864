package pipeline

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestSettleCase(t *testing.T) {
	word := func(s string, h int) schema.Line {
		return schema.Line{Words: []schema.Word{{Raw: s, Text: s, Confidence: 0.95, Box: schema.Box{X1: 20, Y1: h}}}}
	}
	cell := func(s string, h int) schema.GridCell { return schema.GridCell{Lines: []schema.Line{word(s, h)}} }
	page := schema.Page{Grids: []schema.Grid{{Cells: []schema.GridCell{cell("X", 16), cell("x", 26), cell("x", 15), cell("N", 16), cell("X", 25)}}}}
	settleCase(&page)
	if got := page.Grids[0].Cells[0].Lines[0].Words[0].Text; got != "X" {
		t.Errorf("nothing to compare with, yet X became %q", got)
	}
	for range 5 {
		page.Lines = append(page.Lines, word("2025", 25))
	}
	settleCase(&page)
	for i, want := range []string{"x", "X", "x", "N", "X"} {
		w := page.Grids[0].Cells[i].Lines[0].Words[0]
		if w.Text != want {
			t.Errorf("cell %d: %q, want %q", i, w.Text, want)
		}
		if (w.Text != w.Raw) != (len(w.Repairs) == 1) {
			t.Errorf("cell %d: %q from %q with %d repairs", i, w.Text, w.Raw, len(w.Repairs))
		}
	}
}
