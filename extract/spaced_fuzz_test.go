package extract_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// placedPages are the pages of a text, with the places of its words, without a file.
func placedPages(text string) (pages []schema.Page) {
	for n, sheet := range strings.Split(text, "\f") {
		p := schema.Page{PageInfo: schema.PageInfo{Number: n + 1, Outcome: schema.Done, TextSource: schema.FromText}}
		for i, line := range strings.Split(sheet, "\n") {
			l := schema.Line{Number: i + 1}
			at, white, word := 0, 0, ""
			end := func() {
				if word != "" {
					l.Words = append(l.Words, schema.Word{Text: word, Raw: word, Confidence: 1, Column: at - len([]rune(word)) + 1, Apart: white > 1 && len(l.Words) > 0})
					white, word = 0, ""
				}
			}
			for _, r := range line {
				if unicode.IsSpace(r) {
					end()
					white++
				} else {
					word += string(r)
				}
				at++
			}
			if end(); len(l.Words) > 0 {
				p.Lines = append(p.Lines, l)
			}
		}
		pages = append(pages, p)
	}
	return pages
}

// Whatever stands where in a line: columns kept by blanks are read without a panic, and what
// comes out has confidences.
func FuzzSpaced(f *testing.F) {
	const tasks = `TT   Nhiệm vụ              Cơ quan chủ trì    Thời hạn     Kết quả
 1   Sửa cống đầu làng     Phòng Kinh tế      30/6/2025    Đã xong phần móng.
     cho kịp mùa mưa
 2   Trồng tre ven sông    Hội Nông dân       15/8/2025    Chưa có giống.
 3   Quét vôi đình         Phòng Văn hóa      20/9/2025    Chờ hết mưa.
`
	f.Add(tasks)
	f.Add(tasks + "\f 2\n" + tasks)
	f.Add(strings.ReplaceAll(tasks, "   ", " "))
	f.Add("TT  Tên dịch vụ   Tổng số  Trực tuyến\nI   VIỆC LÀNG\n1   Thả diều   50    45\n2   Nuôi ong   60   30\n    Cộng      110   75\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4000 {
			return
		}
		for _, rec := range extract.Build(placedPages(text), nil, extract.Options{}).Records {
			for name, e := range rec.Fields {
				for _, fd := range e.All() {
					if fd.Confidence < 0 || fd.Confidence > 1 {
						t.Errorf("%s %s: confidence %v", rec.ID, name, fd.Confidence)
					}
				}
			}
		}
	})
}

// The texts that the fuzz target begins with hold tables, so that it looks where it should.
func TestPlacedPages(t *testing.T) {
	r := extract.Build(placedPages("TT   Nhiệm vụ              Cơ quan chủ trì    Thời hạn     Kết quả\n 1   Sửa cống đầu làng     Phòng Kinh tế      30/6/2025    Đã xong phần móng.\n     cho kịp mùa mưa\n 2   Trồng tre ven sông    Hội Nông dân       15/8/2025    Chưa có giống.\n 3   Quét vôi đình         Phòng Văn hóa      20/9/2025    Chờ hết mưa.\n"), nil, extract.Options{})
	if len(r.Records) != 3 {
		t.Fatalf("%d records", len(r.Records))
	}
	if f := r.Records[0].Fields["task"].One; f == nil || fmt.Sprint(f.Value) != "Sửa cống đầu làng cho kịp mùa mưa" {
		t.Errorf("the first task is %+v", f)
	}
}
