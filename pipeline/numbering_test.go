package pipeline

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestSettleColumnNumbers(t *testing.T) {
	for _, c := range []struct{ read, want string }{
		{"(1) @) (3) 4) Ø)", "(1) (2) (3) (4) (5)"},
		{"(0) (1) 2) (3)", "(0) (1) (2) (3)"},
		{"(1) @) G) 4) 6)", "(1) @) G) 4) 6)"},       // one number is no count
		{"(1) (2) (4) (5) @)", "(1) (2) (4) (5) @)"}, // nor are two that disagree
		{"(1) (2) Tên @)", "(1) (2) Tên @)"},         // or a row of other things
	} {
		var row []schema.Cell
		for i, text := range strings.Fields(c.read) {
			w := schema.Word{Text: text, Raw: text}
			row = append(row, schema.Cell{Text: text, Col: i, ColSpan: 1, RowSpan: 1, Lines: []schema.PlacedLine{{Page: 1, Line: schema.Line{Words: []schema.Word{w}}}}})
		}
		tables := []schema.Table{{HeadRows: 2, Rows: [][]schema.Cell{{}, row}}}
		settleColumnNumbers(tables, []schema.Page{{PageInfo: schema.PageInfo{TextSource: schema.FromOCR}}})
		var got []string
		for _, cell := range tables[0].Rows[1] {
			got = append(got, cell.Text)
			if w := cell.Lines[0].Words[0]; w.Text != cell.Text || w.Text != w.Raw && len(w.Repairs) != 1 {
				t.Errorf("%s: word %q, repairs %v", cell.Text, w.Text, w.Repairs)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: %q, want %q", c.read, s, c.want)
		}
	}
}
