package extract

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// A draft is a profile, and fits the table that it was made of.
func TestDraft(t *testing.T) {
	table := &schema.Table{}
	for _, head := range []string{"TT", "Tên thủ tục", "Thời hạn", "Số hồ sơ", "Tỷ lệ", "Tỷ lệ"} {
		table.Columns = append(table.Columns, schema.Field{Text: head})
	}
	for _, cells := range [][]string{
		{"1", "Cấp giấy phép đào hố ga", "31/12/2025", "1.204", "97,5%", "x"},
		{"2", "Cấp lại giấy phép đào hố ga", "30/6/2026", "88", "100%", ""},
		{"3", "Thu hồi giấy phép đào hố ga", "15/7/2026", "7", "50%", "x"},
	} {
		var row []schema.Cell
		for _, c := range cells {
			row = append(row, schema.Cell{Text: c})
		}
		table.Rows = append(table.Rows, row)
	}
	p, err := ParseProfile([]byte(Draft(table)))
	if err != nil {
		t.Fatalf("%v in\n%s", err, Draft(table))
	}
	want := []struct {
		field string
		kind  ColumnType
	}{{"number", TypeOrdinal}, {"ten_thu_tuc", TypeTitle}, {"thoi_han", TypeDate}, {"so_ho_so", TypeCount}, {"ty_le", TypePercent}, {"ty_le_2", TypeText}}
	for i, w := range want {
		if c := p.Columns[i]; c.Field != w.field || c.Type != w.kind {
			t.Errorf("column %d is %s, %s; want %s, %s", i+1, c.Field, c.Type, w.field, w.kind)
		}
	}
	if fit := bestProfile([]Profile{p}, table, 0).fit; fit < 0.9 {
		t.Errorf("the draft fits its own table by %.2f", fit)
	}
}

func TestDraftOfEmptyHeads(t *testing.T) {
	table := &schema.Table{Columns: make([]schema.Field, 3)}
	if _, err := ParseProfile([]byte(Draft(table))); err != nil {
		t.Error(err)
	}
	if !strings.Contains(Draft(table), "column_3") {
		t.Error("columns without a head have no names")
	}
}

// Group rows and numbers that were not read leave the first column of few numbers;
// its head says what it is.
func TestDraftOfNumbers(t *testing.T) {
	table := &schema.Table{Columns: []schema.Field{{Text: "Số TT"}, {Text: "Tên thủ tục"}}}
	for _, cells := range [][]string{{"I", "Lĩnh vực cấp nước"}, {"l", "Cấp giấy phép đào hố ga"}, {"2", "Thu hồi giấy phép đào hố ga"}} {
		table.Rows = append(table.Rows, []schema.Cell{{Text: cells[0]}, {Text: cells[1]}})
	}
	if s := Draft(table); !strings.Contains(s, "field: number\n    type: ordinal") {
		t.Errorf("the first column is no number:\n%s", s)
	}
}
