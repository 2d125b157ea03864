package extract_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// unread are the messages of checks that name what is in no record.
func unread(r extract.Result) string {
	var out []string
	for _, c := range r.Checks {
		if strings.HasSuffix(c.Rule, "_unread") && c.Severity == schema.Info {
			out = append(out, c.Rule+": "+c.Message)
		}
	}
	return strings.Join(out, "\n")
}

// Columns without a field are named where they have text, in ruled tables and in texts.
func TestUnreadColumns(t *testing.T) {
	rows := [][]string{
		{"STT", "Nhiệm vụ", "Đơn vị chủ trì", "Đánh giá", "Kết quả", "Ghi chú"},
		{"1", "Nạo kênh Đá", "Phòng Kinh tế", "Tốt", "Xong hai cây số.", ""},
		{"2", "Sửa cống Lim", "Phòng Kinh tế", "Khá", "Thay một cánh.", "-"},
		{"3", "Kè bờ Nam", "Ban Quản lý", "", "Chưa có đá.", ""},
	}
	const want = `"Đánh giá" (2 cells with text)`
	r := extract.Build(nil, []schema.Table{table(1, rows...)}, extract.Options{})
	if got := unread(r); len(r.Records) != 3 || !strings.HasPrefix(got, "column_unread: columns of table 1 ") || !strings.HasSuffix(got, `"tasks": `+want) {
		t.Errorf("ruled: %d records, %q", len(r.Records), got)
	}
	var bars strings.Builder
	for _, row := range rows {
		bars.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	r = extract.Build(textPages(bars.String()), nil, extract.Options{})
	if got := unread(r); len(r.Records) != 3 || !strings.HasSuffix(got, `"tasks": `+want) {
		t.Errorf("between bars: %d records, %q", len(r.Records), got)
	}
}

// A table of rows with figures that no report type knows is told; one of prose without
// numbers is none of records.
func TestUnreadTable(t *testing.T) {
	known := table(1, []string{"STT", "Nhiệm vụ", "Đơn vị chủ trì", "Kết quả"}, []string{"1", "Nạo kênh Đá", "Phòng Kinh tế", "Xong."}, []string{"2", "Kè bờ Nam", "Ban Quản lý", "Chưa."})
	strange := table(1, []string{"Bến", "Tàu vào", "Tàu ra"}, []string{"Bến Tre Già", "12", "9"}, []string{"Bến Cây Sung", "7", "1.204"})
	prose := table(1, []string{"Họ", "Nơi ở", "Việc"}, []string{"Lái đò", "Xóm Chài", "Chở khách"}, []string{"Thợ mộc", "Xóm Đình", "Đóng thuyền"})
	r := extract.Build(nil, []schema.Table{known, strange, prose}, extract.Options{})
	if got := unread(r); got != `table_unread: table 2 fits no report type, so its 2 rows are no records: "Bến | Tàu vào | Tàu ra"` {
		t.Errorf("%q", got)
	}
}
