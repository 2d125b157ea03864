package archive

import (
	"iter"

	"github.com/sohoa/sohoa/schema"
)

// sample is an invented report of one page: two lines of running text, a table
// of two rows with a cell over both, and a line below it.
func sample() (*schema.Document, schema.Page) {
	doc := &schema.Document{
		Schema:     schema.Version,
		DocumentID: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
		Source:     schema.Source{Name: "bao-cao.png", MediaType: "image/png", Pages: 1},
		Engine:     schema.Engine{Sohoa: "1.0", Tesseract: "5.3.0 vie"},
	}
	field := func(text string, value any) *schema.Field {
		return &schema.Field{Text: text, Value: value, State: schema.Accepted}
	}
	doc.Header.Issuer = field("UBND TỈNH HƯNG LẬP", "UBND TỈNH HƯNG LẬP")
	doc.Header.Number = field("12/BC-UBND", "12/BC-UBND")
	doc.Header.Date = field("ngày 5 tháng 3 năm 2024", "2024-03-05")
	doc.Header.DocumentType = field("BÁO CÁO", "Báo cáo")
	doc.Header.Title = field("Kết quả \"số hóa\" & lưu trữ", "Kết quả \"số hóa\" & lưu trữ")

	page := schema.Page{PageInfo: schema.PageInfo{Number: 1, Outcome: schema.Done, TextSource: schema.FromOCR, Width: 800, Height: 1000, DPI: 100}}
	page.Lines = []schema.Line{
		line(100, 100, "Triển", "khai", "nền", "tảng"),
		line(100, 130, "số", "<hóa>", "&", "lưu"),
		line(100, 700, "Nơi", "nhận:"),
	}
	page.Lines[0].Words[0].Raw = "Trién"
	cell := func(row, col, rowSpan int, box schema.Box, lines ...schema.Line) schema.GridCell {
		return schema.GridCell{Row: row, Col: col, RowSpan: rowSpan, ColSpan: 1, Box: box, Lines: lines}
	}
	page.Grids = []schema.Grid{{
		Box: schema.Box{X0: 100, Y0: 300, X1: 700, Y1: 500}, Rows: 2, Columns: 2, XS: []int{100, 300, 700}, Ruled: true,
		Cells: []schema.GridCell{
			cell(0, 0, 2, schema.Box{X0: 100, Y0: 300, X1: 300, Y1: 500}, line(110, 310, "Mô", "hình")),
			cell(0, 1, 1, schema.Box{X0: 300, Y0: 300, X1: 700, Y1: 400}, line(310, 310, "đã", "xong")),
			cell(1, 1, 1, schema.Box{X0: 300, Y0: 400, X1: 700, Y1: 500}),
		},
	}}
	return doc, page
}

// line sets words side by side, ten pixels a letter, twenty high.
func line(x, y int, texts ...string) schema.Line {
	var l schema.Line
	for _, t := range texts {
		w := 10 * len([]rune(t))
		l.Words = append(l.Words, schema.Word{Text: t, Raw: t, Confidence: 0.875, Box: schema.Box{X0: x, Y0: y, X1: x + w, Y1: y + 20}})
		x += w + 10
	}
	for _, w := range l.Words {
		l.Box = l.Box.Union(w.Box)
	}
	return l
}

func each(pages ...schema.Page) Pages {
	return func(yield func(schema.Page, error) bool) {
		for _, p := range pages {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func broken(err error) iter.Seq2[schema.Page, error] {
	return func(yield func(schema.Page, error) bool) { yield(schema.Page{}, err) }
}
