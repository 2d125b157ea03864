package extract

import (
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// A paragraph under a title of several lines is no part of it, whatever its first
// word: it is set from an indent to the right margin, and titles in the middle.
func TestTitleEndsAtIndent(t *testing.T) {
	set := func(text string, x0, x1, y int) textLine {
		l := textLine{passage: newPassage([]word{{text: text}}), page: 1, box: schema.Box{X0: x0, Y0: y, X1: x1, Y1: y + 30}}
		return l
	}
	lines := []textLine{
		set("Về việc mở thêm quầy", 500, 1100, 400), set("tại các điểm lưu động", 560, 1040, 440),
		set("Từ đầu tuần tới, mỗi điểm có hai quầy, trong đó", 300, 1400, 500), set("một quầy ưu tiên.", 200, 520, 540),
	}
	if got := titleLines(textLine{}, lines); len(got) != 2 {
		t.Errorf("%d lines of title, want 2: %v", len(got), got)
	}
	wide := []textLine{set("Về việc mở thêm quầy tại các điểm lưu động của tỉnh", 210, 1390, 400), set("Và các xã", 650, 950, 440), lines[2], lines[3]}
	if got := titleLines(textLine{}, wide); len(got) != 2 {
		t.Errorf("%d lines of a wide title, want 2", len(got))
	}
}

// The first sentence of a document is no part of its title, whatever it begins with.
func TestTitleEndsAtSentence(t *testing.T) {
	head := strings.Split(`SỞ ĐO GIÓ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 17/BC-SĐG Bàn Thạch, ngày 02 tháng 5 năm 2025

BÁO CÁO
`, "\n")
	for _, c := range []struct{ below, title string }{
		{"Kết quả đo gió\nnăm 2025\n\nSở báo cáo kết quả như sau.", "Kết quả đo gió năm 2025"},
		{"Kết quả đo gió\n\nTrong tháng, các trạm đo 12 lần. Gió to nhất là ở trạm Đá Dựng, nơi\ncột đo cao mười mét:", "Kết quả đo gió"},
		{"Kết quả đo gió năm 2025\nSở báo cáo kết quả đo gió của các trạm trên địa bàn, cụ thể\nnhư sau:", "Kết quả đo gió năm 2025"},
		{"Kết quả đo gió tại tỉnh\nLãng Sói theo kế hoạch của các trạm ven biển và hải đảo\nnăm 2025.", "Kết quả đo gió tại tỉnh Lãng Sói theo kế hoạch của các trạm ven biển và hải đảo năm 2025"},
		{"Kết quả đo gió\n\nTrạm Đá Dựng và trạm Bàn Thạch", "Kết quả đo gió Trạm Đá Dựng và trạm Bàn Thạch"},
	} {
		lines := append(slices.Clone(head), strings.Split(c.below, "\n")...)
		h := Build([]schema.Page{{PageInfo: schema.PageInfo{Number: 1, TextSource: schema.FromText}, Lines: typedLines(lines)}}, nil, Options{}).Header
		if h.Title == nil || h.Title.Value != c.title {
			t.Errorf("%q: title %+v, want %q", c.below, h.Title, c.title)
		}
	}
}

// typedLines are the lines of a text file, empty ones left out.
func typedLines(text []string) []schema.Line {
	var out []schema.Line
	for i, l := range text {
		line := schema.Line{Number: i + 1}
		for _, w := range strings.Fields(l) {
			line.Words = append(line.Words, schema.Word{Text: w, Raw: w, Confidence: 1})
		}
		if len(line.Words) > 0 {
			out = append(out, line)
		}
	}
	return out
}

// Titles stand in the middle below the kind of document; a sentence of one line does not.
func TestTitleEndsBesideMiddle(t *testing.T) {
	set := func(text string, x0, x1, y int) textLine {
		return textLine{passage: newPassage([]word{{text: text}}), page: 1, box: schema.Box{X0: x0, Y0: y, X1: x1, Y1: y + 30}}
	}
	kind := set("BÁO CÁO", 700, 900, 360)
	for _, c := range []struct {
		below textLine
		want  int
	}{
		{set("Phòng báo cáo kết quả như sau.", 300, 780, 450), 1},
		{set("Trạm Đá Dựng và các xã ven biển.", 520, 1080, 450), 2},
		{set("Trạm Đá Dựng và các xã", 300, 780, 450), 2},
	} {
		if got := titleLines(kind, []textLine{set("Về việc mở thêm quầy", 500, 1100, 400), c.below}); len(got) != c.want {
			t.Errorf("%q: %d lines of title, want %d", c.below.text, len(got), c.want)
		}
	}
}
