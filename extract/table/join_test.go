package table

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func line(text string, y int) schema.Line {
	var l schema.Line
	for _, w := range strings.Fields(text) {
		l.Words = append(l.Words, schema.Word{Text: w, Raw: w, Confidence: 0.9, Box: schema.Box{X0: 100, Y0: y, X1: 300, Y1: y + 20}})
	}
	l.Box = schema.Box{X0: 100, Y0: y, X1: 300, Y1: y + 20}
	return l
}

// pageOf makes a page with one grid of four columns from rows written as
// "a | b | c | d". "^" stands for the cell above going on, "<" for the one on
// the left.
func pageOf(number int, rows ...string) schema.Page {
	p := schema.Page{PageInfo: schema.PageInfo{Number: number, Width: 1000, Height: 1400, DPI: 100}}
	g := schema.Grid{Ruled: true, Rows: len(rows), Columns: 4, XS: []int{50, 100, 400, 700, 950}}
	g.Box = schema.Box{X0: 50, Y0: 100, X1: 950, Y1: 100 + 50*len(rows)}
	at := map[[2]int]int{}
	for r, row := range rows {
		for c, text := range strings.Split(row, "|") {
			text = strings.TrimSpace(text)
			switch text {
			case "^":
				i := at[[2]int{r - 1, c}]
				g.Cells[i].RowSpan = r - g.Cells[i].Row + 1
				at[[2]int{r, c}] = i
				continue
			case "<":
				i := at[[2]int{r, c - 1}]
				g.Cells[i].ColSpan = c - g.Cells[i].Col + 1
				at[[2]int{r, c}] = i
				continue
			}
			cell := schema.GridCell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Box: schema.Box{X0: g.XS[c], Y0: 100 + 50*r, X1: g.XS[c+1], Y1: 150 + 50*r}}
			if text != "" {
				cell.Lines = []schema.Line{line(text, 110+50*r)}
			}
			at[[2]int{r, c}] = len(g.Cells)
			g.Cells = append(g.Cells, cell)
		}
	}
	p.Grids = []schema.Grid{g}
	return p
}

const head = "STT | Tên mô hình | Kết quả | Kinh phí"

// show writes tables row by row, spans as in HTML.
func show(ts []schema.Table) string {
	var b strings.Builder
	for i, t := range ts {
		fmt.Fprintf(&b, "table %d, pages %v, head %d\n", i, t.Pages, t.HeadRows)
		for _, row := range t.Rows {
			var cells []string
			for _, c := range row {
				s := c.Text
				if c.RowSpan > 1 || c.ColSpan > 1 {
					s += fmt.Sprintf(" (%dx%d)", c.RowSpan, c.ColSpan)
				}
				cells = append(cells, s)
			}
			b.WriteString(strings.Join(cells, " | ") + "\n")
		}
	}
	return b.String()
}

func TestJoin(t *testing.T) {
	open := func(p schema.Page, top, bottom bool) schema.Page {
		p.Grids[0].OpenTop, p.Grids[0].OpenBottom = top, bottom
		return p
	}
	with := func(p schema.Page, lines ...schema.Line) schema.Page {
		p.Lines = lines
		return p
	}
	tests := []struct {
		name  string
		pages []schema.Page
		want  string
	}{
		{"head repeated, read differently", []schema.Page{
			pageOf(1, head, "1 | Mô hình 1 | Xong. | 5"),
			pageOf(2, "SIT | Tên mô hinh | Kêt quả | Kinh phi", "2 | Mô hình 2 | Xong. | 6"),
		}, `
table 0, pages [1 2], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | Xong. | 5
2 | Mô hình 2 | Xong. | 6
`},
		{"head missing, row cut, over three pages", []schema.Page{
			pageOf(1, head, "1 | Mô hình 1 | Đã triển khai tại | 5"),
			pageOf(2, " | | các xã, phường và | "),
			pageOf(3, " | | đặc khu. | ", "2 | Mô hình 2 | Xong. | 6"),
		}, `
table 0, pages [1 2 3], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | Đã triển khai tại các xã, phường và đặc khu. | 5
2 | Mô hình 2 | Xong. | 6
`},
		{"cut without a rule, a list goes on", []schema.Page{
			open(pageOf(1, head, "1 | Mô hình 1 | - Đã tập huấn. | 5"), false, true),
			open(pageOf(2, " | | - Đã lắp đặt. | ", "2 | Mô hình 2 | Xong. | 6"), true, false),
		}, `
table 0, pages [1 2], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | - Đã tập huấn. - Đã lắp đặt. | 5
2 | Mô hình 2 | Xong. | 6
`},
		{"a group row is no rest of a row", []schema.Page{
			pageOf(1, head, "1 | Mô hình 1 | Xong. | 5"),
			pageOf(2, "II. Nhóm tiện ích | < | < | <", "2 | Mô hình 2 | Xong. | 6"),
		}, `
table 0, pages [1 2], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | Xong. | 5
II. Nhóm tiện ích (1x4)
2 | Mô hình 2 | Xong. | 6
`},
		{"a merged cell over rows and pages", []schema.Page{
			pageOf(1, head, "1 | Mô hình 1 | Chung cho ba mô hình | 5", "2 | Mô hình 2 | ^ | 6"),
			pageOf(2, "3 | Mô hình 3 | | 7", "4 | Mô hình 4 | Riêng. | 8"),
		}, `
table 0, pages [1 2], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | Chung cho ba mô hình (3x1) | 5
2 | Mô hình 2 | 6
3 | Mô hình 3 | 7
4 | Mô hình 4 | Riêng. | 8
`},
		{"a head with column numbers, badly read", []schema.Page{
			pageOf(1, head, "(1) | @) | (3) | 4)", "1 | Mô hình 1 | Xong. | 5"),
			pageOf(2, head, "@) | (2) | @) | (4)", "2 | Mô hình 2 | Xong. | 6"),
		}, `
table 0, pages [1 2], head 2
STT | Tên mô hình | Kết quả | Kinh phí
(1) | @) | (3) | 4)
1 | Mô hình 1 | Xong. | 5
2 | Mô hình 2 | Xong. | 6
`},
		{"rows numbered right of merged cells", []schema.Page{
			pageOf(1, "Xã | Đơn vị | TT | Thiết bị", "Xã A | Trạm y tế | 1 | Máy quét", "^ | ^ | 2 | Máy in", "^ | ^ | 3 | Máy tính"),
			pageOf(2, " | | 4 | Tủ mạng", "Xã B | Công an | 5 | Máy quét"),
		}, `
table 0, pages [1 2], head 1
Xã | Đơn vị | TT | Thiết bị
Xã A (4x1) | Trạm y tế (4x1) | 1 | Máy quét
2 | Máy in
3 | Máy tính
4 | Tủ mạng
Xã B | Công an | 5 | Máy quét
`},
		{"merged cells end with the page", []schema.Page{
			pageOf(1, "STT | Nhóm | Kết quả | Kinh phí", "1 | Nhóm một | Xong. | Ngân sách", "2 | ^ | Xong. | ^"),
			pageOf(2, "3 | Nhóm hai | Xong. | ", "4 | ^ | Xong. | ^"),
		}, `
table 0, pages [1 2], head 1
STT | Nhóm | Kết quả | Kinh phí
1 | Nhóm một (2x1) | Xong. | Ngân sách (2x1)
2 | Xong.
3 | Nhóm hai (2x1) | Xong. |  (2x1)
4 | Xong.
`},
		{"merged on each page and printed anew", []schema.Page{
			pageOf(1, head, "1 | Mô hình 1 | Bộ phận Một cửa. | 5", "2 | Mô hình 2 | ^ | 6"),
			pageOf(2, "3 | Mô hình 3 | Bộ phận Một cửa. | 7", "4 | Mô hình 4 | ^ | 8"),
		}, `
table 0, pages [1 2], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | Bộ phận Một cửa. (2x1) | 5
2 | Mô hình 2 | 6
3 | Mô hình 3 | Bộ phận Một cửa. (2x1) | 7
4 | Mô hình 4 | 8
`},
		{"a title between, and a head", []schema.Page{
			pageOf(1, head, "1 | Mô hình 1 | Xong. | 5"),
			with(pageOf(2, head, "1 | Mô hình 1 | Chưa. | 6"), line("PHỤ LỤC II", 50)),
		}, `
table 0, pages [1], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | Xong. | 5
table 1, pages [2], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | Chưa. | 6
`},
		{"an appendix whose numbers run on", []schema.Page{
			pageOf(1, head, "1 | Mô hình 1 | Xong. | 5"),
			with(pageOf(2, head, "2 | Mô hình 2 | Chưa. | 6"), line("PHỤ LỤC II", 50)),
		}, `
table 0, pages [1], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | Xong. | 5
table 1, pages [2], head 1
STT | Tên mô hình | Kết quả | Kinh phí
2 | Mô hình 2 | Chưa. | 6
`},
		{"a running head between", []schema.Page{
			with(pageOf(1, head, "1 | Mô hình 1 | Xong. | 5"), line("Báo cáo của tỉnh Sơn Hải", 50)),
			with(pageOf(2, head, "2 | Mô hình 2 | Chưa. | 6"), line("Báo cáo của tính Sơn Hải", 52)),
		}, `
table 0, pages [1 2], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | Xong. | 5
2 | Mô hình 2 | Chưa. | 6
`},
		{"only a page number and a note between", []schema.Page{
			with(pageOf(1, head, "1 | Mô hình 1 | Xong. | 5"), line("12", 1350)),
			with(pageOf(2, "2 | Mô hình 2 | Xong. | 6"), line("Phụ lục I (tiếp theo)", 50)),
		}, `
table 0, pages [1 2], head 1
STT | Tên mô hình | Kết quả | Kinh phí
1 | Mô hình 1 | Xong. | 5
2 | Mô hình 2 | Xong. | 6
`},
		{"two-level head with column numbers", []schema.Page{
			pageOf(1, "STT | Tên mô hình | Kết quả | <", "^ | ^ | Năm 2024 | Năm 2025", "(1) | (2) | (3) | (4)", "1 | Mô hình 1 | 5 | 6"),
			pageOf(2, "(1) | (2) | (3) | (4)", "2 | Mô hình 2 | 7 | 8"),
		}, `
table 0, pages [1 2], head 3
STT (2x1) | Tên mô hình (2x1) | Kết quả (1x2)
Năm 2024 | Năm 2025
(1) | (2) | (3) | (4)
1 | Mô hình 1 | 5 | 6
2 | Mô hình 2 | 7 | 8
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, log := Explain(tt.pages)
			if g, w := show(got), strings.TrimPrefix(tt.want, "\n"); g != w {
				t.Errorf("got\n%s\nwant\n%s\nbecause", g, w)
				for _, d := range log {
					t.Logf("page %d: %s: %s", d.Page, d.What, strings.Join(d.Reasons, "; "))
				}
			}
		})
	}
}

// The pages may have been scanned at different sizes and one may lie turned,
// so that the same columns are wider there.
func TestJoinScaled(t *testing.T) {
	a, b := pageOf(1, head, "1 | Mô hình 1 | Xong. | 5"), pageOf(2, "2 | Mô hình 2 | Xong. | 6")
	b.DPI = 150
	for i, x := range b.Grids[0].XS {
		b.Grids[0].XS[i] = 30 + x*2
	}
	if got := Join([]schema.Page{a, b}); len(got) != 1 || len(got[0].Rows) != 3 {
		t.Errorf("got\n%s", show(got))
	}
	b.Grids[0].XS[2] += 200
	if got := Join([]schema.Page{a, b}); len(got) != 2 {
		t.Errorf("other columns joined:\n%s", show(got))
	}
}

// Every fragment leaves its box.
func TestJoinBoxes(t *testing.T) {
	got := Join([]schema.Page{
		pageOf(1, head, "1 | Mô hình 1 | Đã triển khai tại | 5"),
		pageOf(2, head, " | | các xã | "),
	})
	if len(got) != 1 {
		t.Fatalf("got\n%s", show(got))
	}
	for _, c := range append(got[0].Rows[0], got[0].Rows[1]...) {
		if len(c.Boxes) != 2 || c.Boxes[0].Page != 1 || c.Boxes[1].Page != 2 {
			t.Errorf("%q has boxes %v", c.Text, c.Boxes)
		}
	}
	if c := got[0].Columns[2]; c.Text != "Kết quả" || len(c.Boxes) != 2 {
		t.Errorf("column %+v", c)
	}
}

func TestFlatHeads(t *testing.T) {
	got := Join([]schema.Page{pageOf(1, "STT | Tên | Kết quả | <", "^ | ^ | Năm 2024 | Năm 2025", "1 | A | 5 | 6")})
	want := []string{"STT", "Tên", "Kết quả / Năm 2024", "Kết quả / Năm 2025"}
	for i, c := range got[0].Columns {
		if c.Text != want[i] {
			t.Errorf("column %d is %q, want %q", i, c.Text, want[i])
		}
	}
}

// Where the last border of a page was lost, its table goes on all the same.
func TestJoinLostOuterBorder(t *testing.T) {
	a := pageOf(1, head, "1 | Một | Đạt. | 5")
	b := pageOf(2, head, "2 | Hai | Đạt. | 6")
	b.Grids[0].XS[4] -= 20
	if got := Join([]schema.Page{a, b}); len(got) != 1 {
		t.Errorf("%d tables, want 1", len(got))
	}
	b.Grids[0].XS[2] += 25
	if got := Join([]schema.Page{a, b}); len(got) != 2 {
		t.Errorf("an inner border lies elsewhere: %d tables, want 2", len(got))
	}
}

// A row whose number was not read begins, when the next row's number leaves room
// for it.
func TestJoinNumberNotRead(t *testing.T) {
	a := pageOf(1, head, "1 | Một | Đạt. | 5", "2 | Hai | Đạt. | 6")
	for _, c := range []struct {
		next string
		rows int
	}{{"4", 5}, {"3", 4}} {
		b := pageOf(2, " | rừng phòng hộ | | ", c.next+" | Bốn | Đạt. | 7")
		if got := Join([]schema.Page{a, b}); len(got) != 1 || len(got[0].Rows) != c.rows {
			t.Errorf("number %s behind: %s; want %d rows", c.next, show(got), c.rows)
		}
	}
}
