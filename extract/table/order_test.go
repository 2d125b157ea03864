package table

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// at places a line's words ten pixels a letter.
func textAt(x, y int, text string) schema.Line {
	var l schema.Line
	for _, w := range strings.Fields(text) {
		n := 10 * len([]rune(w))
		b := schema.Box{X0: x, Y0: y, X1: x + n, Y1: y + 20}
		l.Words = append(l.Words, schema.Word{Text: w, Raw: w, Box: b, Confidence: 1})
		l.Box = l.Box.Union(b)
		x += n + 8
	}
	return l
}

func TestReadingOrder(t *testing.T) {
	lines := []schema.Line{
		textAt(480, 1350, "- 3 -"),
		textAt(100, 300, "Căn cứ Nghị định số 27 của Chính phủ về quản lý đường nội đồng và các văn bản khác"),
		textAt(600, 100, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"),
		textAt(120, 100, "ỦY BAN NHÂN DÂN"),
		textAt(650, 128, "Độc lập - Tự do"),
		textAt(150, 128, "TỈNH SƠN HẢI"),
		textAt(140, 165, "Số: 12/BC-UBND"),
		textAt(620, 165, "Sơn Hải, ngày 05"),
		textAt(300, 240, "BÁO CÁO KẾT QUẢ THỰC HIỆN ĐỀ ÁN NĂM VỪA QUA"),
	}
	var got []string
	for _, l := range ReadingOrder(lines, 1400, 100) {
		got = append(got, schema.TextOf([]schema.Line{l}, "")+string(l.Role))
	}
	want := []string{
		"ỦY BAN NHÂN DÂN", "TỈNH SƠN HẢI", "Số: 12/BC-UBND",
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "Độc lập - Tự do", "Sơn Hải, ngày 05",
		"BÁO CÁO KẾT QUẢ THỰC HIỆN ĐỀ ÁN NĂM VỪA QUA",
		"Căn cứ Nghị định số 27 của Chính phủ về quản lý đường nội đồng và các văn bản khác",
		"- 3 -page_number",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestPlace(t *testing.T) {
	p := pageOf(1, " | | | ", " | | | ")
	for i := range p.Grids[0].Cells {
		p.Grids[0].Cells[i].Lines = nil
	}
	// One line of the text layer runs over two cells of a row.
	lines := []schema.Line{textAt(60, 110, "1"), textAt(120, 110, "Mô hình"), textAt(120, 700, "Nơi nhận:")}
	lines[0].Words = append(lines[0].Words, lines[1].Words...)
	lines[0].Box = lines[0].Box.Union(lines[1].Box)
	Place(&p, []schema.Line{lines[0], lines[2]})
	for i, want := range []string{"1", "Mô hình", "", ""} {
		if got := schema.TextOf(p.Grids[0].Cells[i].Lines, " "); got != want {
			t.Errorf("cell %d holds %q, want %q", i, got, want)
		}
	}
	if got := schema.TextOf(p.Lines, " "); got != "Nơi nhận:" {
		t.Errorf("outside stands %q", got)
	}
}
