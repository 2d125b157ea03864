package extract_test

import (
	"fmt"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// Cells of typed columns as offices fill them: a value, or the text where there is none.
func TestTypedCells(t *testing.T) {
	p, err := extract.ParseProfile([]byte(`
name: ben-bai
kind: landing
columns:
  - {field: number, type: ordinal, heads: [TT]}
  - {field: name, type: title, heads: [Tên bến], required: true}
  - {field: until, type: date, heads: [Hạn xong]}
  - {field: share, type: percent, heads: [Tỷ lệ]}
  - {field: cost, type: money, heads: [Kinh phí (triệu đồng)]}
`))
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct{ until, share, cost, wantUntil, wantShare, wantCost string }{
		{"30/6/2025", "95,5%", "1.250", "2025-06-30", "95.5", "{1250000000 0    []}"},
		{"Quý IV/2025", "≥ 80%", "0", "2025-10-01/2025-12-31", ">=80%", "{0 0    []}"},
		{"Tháng 10 - 12/2025", "trên 80%", "0,0", "2025-10-01/2025-12-31", ">80%", "{0 0    []}"},
		{"Thường xuyên", "10-15%", "-", "Thường xuyên", "10-15%", "-"},
		{"Trước 30/6", "từ 90% trở lên", "500 - 700", "????-06-30", ">=90%", "{500000000 700000000    []}"},
		{"chờ họp", "87", "chưa rõ", "chờ họp", "87", "chưa rõ"},
	}
	cells := [][]string{{"TT", "Tên bến", "Hạn xong", "Tỷ lệ", "Kinh phí (triệu đồng)"}}
	for i, r := range rows {
		cells = append(cells, []string{fmt.Sprint(i + 1), fmt.Sprintf("Bến Sậy %d", i+1), r.until, r.share, r.cost})
	}
	tab := table(1, cells...)
	got := extract.Build(nil, []schema.Table{tab}, extract.Options{Profiles: []extract.Profile{p}})
	if len(got.Records) != len(rows) {
		t.Fatalf("%d records", len(got.Records))
	}
	for i, r := range rows {
		for name, want := range map[string]string{"until": r.wantUntil, "share": r.wantShare, "cost": r.wantCost} {
			if f := got.Records[i].Fields[name].One; f == nil || fmt.Sprint(f.Value) != want {
				t.Errorf("row %d: %s is %+v, want %s", i+1, name, f, want)
			}
		}
	}
}

// A cell of statuses that says more than its label keeps what it says.
func TestStatusCellKeepsItsText(t *testing.T) {
	p, err := extract.ParseProfile([]byte(`
name: ben-bai
kind: landing
columns:
  - {field: number, type: ordinal, heads: [TT]}
  - {field: name, type: title, heads: [Tên bến], required: true}
  - {field: status, type: status, heads: [Tình trạng]}
statuses:
  - {status: completed, labels: [HOÀN THÀNH]}
`))
	if err != nil {
		t.Fatal(err)
	}
	tab := table(1, []string{"TT", "Tên bến", "Tình trạng"}, []string{"1", "Bến Sậy", "HOÀN THÀNH. Bàn giao cho xã tháng 6"}, []string{"2", "Bến Đước", "HOÀN THÀNH"})
	got := extract.Build(nil, []schema.Table{tab}, extract.Options{Profiles: []extract.Profile{p}})
	for i, want := range []string{"HOÀN THÀNH. Bàn giao cho xã tháng 6", "HOÀN THÀNH"} {
		f := got.Records[i].Fields["status"].One
		if f.Value != string(schema.Completed) || f.Text != want || f.Raw != want {
			t.Errorf("row %d: %v, %q, read %q, want %q", i+1, f.Value, f.Text, f.Raw, want)
		}
	}
}
