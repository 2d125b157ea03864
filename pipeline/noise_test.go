package pipeline

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestSpeck(t *testing.T) {
	for _, c := range []struct {
		raw           string
		width, height int // pixels at 200 dpi
		want          bool
	}{
		{"-", 9, 4, false},  // a bullet
		{"-", 4, 5, true},   // a dot beside the line
		{"—", 12, 33, true}, // a stroke that stands
		{".", 5, 5, true},   // no full stop stands alone
		{":", 4, 15, false}, // "Nơi nhận :"
		{":", 4, 5, true},   //
		{"…", 20, 4, false}, // a place left to be filled in
		{".....", 40, 4, false},
		{"|", 2, 40, true},   // the rest of a rule
		{"Ẻ", 5, 6, true},    // no letter is so small
		{"x", 12, 12, false}, // a mark in a column
		{"1", 6, 24, false},
		{"%", 25, 22, false},
		{"+", 12, 12, false},
	} {
		w := schema.Word{Raw: c.raw, Box: schema.Box{X1: c.width, Y1: c.height}}
		if got := speck(w, 200); got != c.want {
			t.Errorf("%q of %d×%d pixels: speck %v", c.raw, c.width, c.height, got)
		}
	}
	if speck(schema.Word{Raw: "."}, 0) {
		t.Error("text input has no specks")
	}
}

func TestSweepKeepsWhatItTakesOut(t *testing.T) {
	word := func(s string, w, h int) schema.Word {
		return schema.Word{Raw: s, Text: s, Box: schema.Box{X1: w, Y1: h}, Confidence: 0.9}
	}
	page := schema.Page{PageInfo: schema.PageInfo{DPI: 200}, Lines: []schema.Line{
		{Words: []schema.Word{word("dữ", 20, 25), word("'", 3, 4), word("liệu", 30, 25)}},
		{Words: []schema.Word{word(".", 4, 4)}},
	}}
	page.Grids = []schema.Grid{{Cells: []schema.GridCell{{Lines: []schema.Line{{Words: []schema.Word{word(":", 3, 3)}}}}}}}
	sweep(&page)
	if got := schema.TextOf(page.Lines, "\n"); got != "dữ liệu" {
		t.Errorf("left %q", got)
	}
	if len(page.Noise) != 3 || page.Grids[0].Cells[0].Lines == nil && len(page.Grids[0].Cells[0].Lines) != 0 {
		t.Errorf("noise %v", page.Noise)
	}
}

func TestStrayCommas(t *testing.T) {
	cell := func(words ...string) schema.Cell {
		l := schema.PlacedLine{Page: 1}
		for _, s := range words {
			l.Words = append(l.Words, schema.Word{Raw: s, Text: s})
		}
		return schema.Cell{Text: schema.TextOf([]schema.Line{l.Line}, ""), Lines: []schema.PlacedLine{l}}
	}
	tables := []schema.Table{{Rows: [][]schema.Cell{{cell("báo", "cáo", "riêng,"), cell("a,", "b"), cell(","), {}}}}}
	dropStrayCommas(tables, []schema.Page{{PageInfo: schema.PageInfo{Number: 1, TextSource: schema.FromTextLayer}}})
	if got := tables[0].Rows[0][0].Text; got != "báo cáo riêng," {
		t.Errorf("a text layer was changed to %q", got)
	}
	dropStrayCommas(tables, []schema.Page{{PageInfo: schema.PageInfo{Number: 1, TextSource: schema.FromOCR}}})
	for i, want := range []string{"báo cáo riêng", "a, b", ",", ""} {
		if got := tables[0].Rows[0][i].Text; got != want {
			t.Errorf("cell %d: %q, want %q", i, got, want)
		}
	}
	if w := tables[0].Rows[0][0].Lines[0].Words[2]; w.Text != "riêng" || w.Raw != "riêng," || len(w.Repairs) != 1 {
		t.Errorf("word %+v", w)
	}
}

func TestIllegibleLines(t *testing.T) {
	line := func(words string, confidence ...float64) (l schema.Line) {
		for i, s := range strings.Fields(words) {
			l.Words = append(l.Words, schema.Word{Raw: s, Text: s, Confidence: confidence[i], Box: schema.Box{X1: 40, Y1: 25}})
		}
		return l
	}
	page := schema.Page{PageInfo: schema.PageInfo{DPI: 200}, Lines: []schema.Line{
		line("Số: 1hÕ/QĐ-UBND", 0.2, 0.1), line("SE 0n 8i", 0.1, 0.05, 0.3),
	}}
	page.Grids = []schema.Grid{{Cells: []schema.GridCell{{Lines: []schema.Line{line("Ẻn", 0.1)}}}}}
	sweep(&page)
	if got := schema.TextOf(page.Lines, "\n"); got != "Số: 1hÕ/QĐ-UBND" {
		t.Errorf("left %q", got)
	}
	if len(page.Noise) != 3 || len(page.Grids[0].Cells[0].Lines) != 1 {
		t.Errorf("noise %v, cell %v", page.Noise, page.Grids[0].Cells[0].Lines)
	}
}
