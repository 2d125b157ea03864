package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// Figures that are no value of their column go to review, words in place of one do not.
func TestFiguresThatAreNoValue(t *testing.T) {
	rows := [][]string{{"STT", "Tên dịch vụ công", "Tổng số hồ sơ", "Hồ sơ trực tuyến", "Tỷ lệ (%)"}}
	cells := []string{"420", "1.205", "Không phát sinh", "310 hồ sơ", "120/130"}
	for i, text := range cells {
		rows = append(rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("Cấp thẻ thư viện loại %d", i+1), text, "7", "5"})
	}
	r := extract.Build(nil, []schema.Table{table(1, rows...)}, extract.Options{})
	if len(r.Records) != len(cells) {
		t.Fatalf("%d records", len(r.Records))
	}
	for i, text := range cells {
		f := r.Records[i].Fields["total"].One
		if f == nil || (f.State == schema.NeedsReview) != (i > 2) {
			t.Errorf("%q: %+v", text, f)
		}
	}
}

// The year of a day goes on in the next line of a narrow column; what is left of one alone
// goes to review.
func TestYearsTornAtTheEdge(t *testing.T) {
	for _, c := range []struct {
		lines  []string
		want   string
		review bool
	}{
		{[]string{"10/10/202", "5"}, "2025-10-10", false},
		{[]string{"trước 30/9/20", "25"}, "2025-09-30", false},
		{[]string{"12/202", "5."}, "2025-12-01/2025-12-31", false},
		{[]string{"10/10/2025", "5"}, "2025-10-10", false},
		{[]string{"10/10/202"}, "202?-10-10", true},
	} {
		tab := table(1, []string{"STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn", "Kết quả"}, []string{"1", "Vá đường", "Phòng Kinh tế", "", "Xong."})
		cell := &tab.Rows[1][3]
		for y, text := range c.lines {
			line := schema.PlacedLine{Page: 1}
			for x, w := range strings.Fields(text) {
				line.Words = append(line.Words, schema.Word{Text: w, Raw: w, Confidence: 1, Box: schema.Box{X0: 10 + 50*x, Y0: 20 * y, X1: 55 + 50*x, Y1: 20*y + 15}})
			}
			cell.Text += text + " "
			cell.Lines = append(cell.Lines, line)
		}
		r := extract.Build(nil, []schema.Table{tab}, extract.Options{})
		f := r.Records[0].Fields["deadline"].One
		if f == nil || f.Value != c.want || (f.State == schema.NeedsReview) != c.review {
			t.Errorf("%q: %+v, want %s", c.lines, f, c.want)
		} else if len(c.lines) == 2 && len(f.Boxes) == 1 && f.Boxes[0].Box.Height() < 30 {
			t.Errorf("%q: the place lacks a line: %+v", c.lines, f.Boxes)
		}
	}
}
