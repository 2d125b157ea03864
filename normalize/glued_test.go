package normalize_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Specks between words, and quotation marks that are none.
func TestSpecksOfScans(t *testing.T) {
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ read, want string }{
		{"diễn tập ứng cứu.sự cố mất điện", "diễn tập ứng cứu sự cố mất điện"},
		{"cả thôn có 2.417.hộ dùng nước giếng", "cả thôn có 2.417 hộ dùng nước giếng"},
		{"tra cứu tại trang xephang.gov.vn khi cần", "tra cứu tại trang xephang.gov.vn khi cần"},
		{"“Thu gom rác hai lần mỗi tuần", "Thu gom rác hai lần mỗi tuần"},
		{"Trồng thêm cây xanh quanh hồ\" và dọc kênh", "Trồng thêm cây xanh quanh hồ và dọc kênh"},
		{"phong trào “Sạch làng” của xã", "phong trào “Sạch làng” của xã"},
		{"từ ngày 05⁄3/2025 đến nay", "từ ngày 05/3/2025 đến nay"},
	} {
		var line schema.Line
		for _, text := range strings.Fields(c.read) {
			line.Words = append(line.Words, schema.Word{Text: text, Raw: text, Confidence: 0.8})
		}
		page := schema.Page{PageInfo: schema.PageInfo{TextSource: schema.FromOCR}, Lines: []schema.Line{line}}
		r.Page(&page)
		var words, raw []string
		for _, w := range page.Lines[0].Words {
			if w.Text != "" {
				words = append(words, w.Text)
			}
			raw = append(raw, w.Raw)
		}
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.read, got, c.want)
		}
		if got := strings.ReplaceAll(strings.Join(raw, ""), " ", ""); got != strings.ReplaceAll(c.read, " ", "") {
			t.Errorf("%s: raw words are %q", c.read, raw)
		}
	}
}
