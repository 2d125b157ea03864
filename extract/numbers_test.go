package extract_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// TestSettledNumbers holds damaged first columns against what their rows must
// be. Readings that damage explains are settled, others stay.
func TestSettledNumbers(t *testing.T) {
	for _, tt := range []struct{ read, want, review string }{
		{"1 2 3 4", "1 2 3 4", ""},
		{"l 2 3 4", "1 2 3 4", "1"},
		{"7 8 9 10 1 12 13", "7 8 9 10 11 12 13", "11"},
		{"1 2 _ 4 5", "1 2 3 4 5", "3"},
		{"1 2 3 \" 5 \"I", "1 2 3 4 5 6", "4 6"},
		{"19 2 21 22", "19 20 21 22", "20"},
		{"1 2 3 3 5 6", "1 2 3 3 5 6", ""}, // 3 is no worn 4: the report repeats it
		{"1 2 4 5 6", "1 2 4 5 6", ""},     // a gap is the report's own
		{"1 2 3 1 2 3", "1 2 3 1 2 3", ""},
	} {
		rows := [][]string{{"STT", "Mô hình", "Kết quả triển khai", "Kinh phí"}}
		for _, n := range strings.Fields(tt.read) {
			rows = append(rows, []string{strings.Trim(n, "_"), "Trạm đọc sách", "Đã mở cửa", "1 tỷ đồng"})
		}
		r := extract.Build(nil, []schema.Table{table(1, rows...)}, extract.Options{Threshold: 0.5})
		var got, review []string
		for i := range r.Records {
			f := r.Records[i].Fields["number"].One
			if f == nil {
				got = append(got, "?")
				continue
			}
			got = append(got, f.Value.(string))
			if f.State == schema.NeedsReview {
				review = append(review, f.Value.(string))
			}
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%s: %s, want %s", tt.read, g, tt.want)
		}
		if g := strings.Join(review, " "); g != tt.review {
			t.Errorf("%s: %q need review, want %q", tt.read, g, tt.review)
		}
	}
}

func TestGroupNumerals(t *testing.T) {
	tab := table(1,
		[]string{"STT", "Mô hình", "Kết quả triển khai", "Kinh phí"},
		[]string{"1", "NHÓM TRẠM ĐỌC SÁCH (01 MÔ HÌNH)", "", ""},
		[]string{"1", "Trạm đọc sách tại xã", "Đã mở", ""},
		[]string{"\"I", "NHÓM BẾN ĐÒ SỐ (01 MÔ HÌNH)", "", ""},
		[]string{"2", "Bến đò số", "Đã mở", ""},
		[]string{"H NHÓM ĐƯỜNG HOA (01 MÔ HÌNH)", "", "", ""},
		[]string{"3", "Đường hoa ven sông", "Đã mở", ""},
	)
	r := extract.Build(nil, []schema.Table{tab}, extract.Options{})
	if len(r.Records) != 3 {
		t.Fatalf("%d records", len(r.Records))
	}
	for i, want := range []schema.Group{{Number: "I", Name: "NHÓM TRẠM ĐỌC SÁCH"}, {Number: "II", Name: "NHÓM BẾN ĐÒ SỐ"}, {Number: "III", Name: "NHÓM ĐƯỜNG HOA"}} {
		if g := r.Records[i].Group; g == nil || g.Number != want.Number || g.Name != want.Name || g.Declared == nil {
			t.Errorf("group %+v, want %+v", g, want)
		}
	}
}

func TestStrokesForNumberInTitle(t *testing.T) {
	tab := table(1,
		[]string{"STT", "Mô hình", "Kết quả triển khai", "Kinh phí"},
		[]string{"", "Mô hình l: Trạm đọc sách", "", "1 tỷ đồng"},
		[]string{"", "Mô hình 2* Bến đò số", "", "1 tỷ đồng"},
	)
	r := extract.Build(nil, []schema.Table{tab}, extract.Options{})
	for i, want := range []string{"1 Trạm đọc sách", "2 Bến đò số"} {
		if got := value(r.Records[i], "number") + " " + value(r.Records[i], "title"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
