package extract_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// A typed table whose cells lie about the middle of their rows: lines of cells with an odd
// and with an even number of lines take turns, and no line but one has all cells.
const typedTasks = `STT  |Nhiệm vụ |Cơ quan chủ trì |Thời hạn |Kết quả thực hiện
Đã dựng 14 cọc, còn 6 cọc ở bờ bắc
Phòng Kinh tế
1 |Dựng cọc neo đò ở bến Sậy |30/6/2025 |chờ nước rút mới đóng được; đơn vị
hạ tầng xã
thi công xin lùi đến tháng 10.
Sơn lại biển báo
2 |Công an xã |15/8/2025 |Xong 9 biển, thiếu sơn phản quang.
ở ba bến đò
Ban quản lý chợ lập danh sách, mới
3 |Tập huấn người lái đò |Trạm y tế xã |Quý IV/2025 |có 17 người ghi tên; chưa mời được
giảng viên cấp cứu đuối nước.
`

// Cells of typed tables go to their rows and columns though most lines have few of them.
func TestPartedTable(t *testing.T) {
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	want := []map[string]string{
		{"task": "Dựng cọc neo đò ở bến Sậy", "lead_agency": "Phòng Kinh tế hạ tầng xã", "deadline": "30/6/2025",
			"result": "Đã dựng 14 cọc, còn 6 cọc ở bờ bắc chờ nước rút mới đóng được; đơn vị thi công xin lùi đến tháng 10."},
		{"task": "Sơn lại biển báo ở ba bến đò", "lead_agency": "Công an xã", "result": "Xong 9 biển, thiếu sơn phản quang."},
		{"task": "Tập huấn người lái đò", "lead_agency": "Trạm y tế xã", "deadline": "Quý IV/2025",
			"result": "Ban quản lý chợ lập danh sách, mới có 17 người ghi tên; chưa mời được giảng viên cấp cứu đuối nước."},
	}
	got := extract.Build(textPages(typedTasks), nil, extract.Options{Restorer: r}).Records
	checkTexts(t, got, want)
}

// White that keeps the layout tells the column of a cell: the same words stand in another
// column when they are moved there.
func TestWhiteTellsColumn(t *testing.T) {
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	const text = `
STT   Nhiệm vụ                     Cơ quan chủ trì       Cơ quan phối hợp      Kết quả thực hiện
1     Dựng cọc neo đò ở bến Sậy    Phòng Kinh tế         Công an xã            Đã dựng 14 cọc.
                                   hạ tầng               và dân quân
2     Sơn lại biển báo             Công an xã            Phòng Kinh tế         Xong 9 biển.
                                                         hạ tầng
3     Tập huấn người lái đò        Trạm y tế xã          Hội Chài              Mới có 17 người.
`
	for _, move := range []bool{false, true} {
		lead, support, lines := "Công an xã", "Phòng Kinh tế hạ tầng", strings.Split(text, "\n")
		if move { // to the column on the left
			at := len(lines) - 3
			lines[at] = strings.Repeat(" ", 35) + strings.TrimSpace(lines[at])
			lead, support = "Công an xã hạ tầng", "Phòng Kinh tế"
		}
		pages := textPages(strings.Join(lines, "\n"))
		layOut(pages, lines)
		got := extract.Build(pages, nil, extract.Options{Restorer: r}).Records
		checkTexts(t, got, []map[string]string{
			{"task": "Dựng cọc neo đò ở bến Sậy", "lead_agency": "Phòng Kinh tế hạ tầng", "supporting_agencies": "Công an xã và dân quân"},
			{"task": "Sơn lại biển báo", "lead_agency": lead, "supporting_agencies": support},
			{"task": "Tập huấn người lái đò", "lead_agency": "Trạm y tế xã", "supporting_agencies": "Hội Chài"},
		})
	}
}

// layOut notes on the words of pages where they stand in their lines, as reading files does.
func layOut(pages []schema.Page, lines []string) {
	for p := range pages {
		for i := range pages[p].Lines {
			l := &pages[p].Lines[i]
			line, at := lines[l.Number-1], 0
			for k := range l.Words {
				w := &l.Words[k]
				from := at + strings.Index(line[at:], w.Raw)
				w.Apart = k > 0 && from-at > 1
				w.Column = 1 + utf8.RuneCountInString(line[:from])
				at = from + len(w.Raw)
			}
		}
	}
}

func checkTexts(t *testing.T, got []schema.Record, want []map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d records, want %d", len(got), len(want))
	}
	for i, fields := range want {
		for name, text := range fields {
			if f := got[i].Fields[name].One; f == nil || f.Text != text {
				t.Errorf("row %d: %s is %+v, want %q", i+1, name, f, text)
			}
		}
	}
}
