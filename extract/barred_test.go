package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// A row a line between bars on both sides is as good as a ruled table, whatever its
// columns: no cell takes words of another, groups and total rows stay apart, and a unit
// above the heads holds. Bars may touch the words, and dashes part the heads.
func TestBarredTable(t *testing.T) {
	profile, err := extract.ParseProfile([]byte(`name: du-an
kind: project
titles: [danh mục dự án]
columns:
  - {field: number, type: ordinal, heads: [TT, STT]}
  - {field: name, type: title, heads: [Tên dự án], required: true}
  - {field: investor, type: agency, heads: [Chủ đầu tư]}
  - {field: total, type: money, heads: [Tổng mức đầu tư]}
  - {field: note, type: text, heads: [Ghi chú]}
`))
	if err != nil {
		t.Fatal(err)
	}
	const rows = `PHỤ LỤC
DANH MỤC DỰ ÁN NĂM 2025
Đơn vị tính: triệu đồng
| TT | Tên dự án | Chủ đầu tư | Tổng mức đầu tư | Ghi chú |%s
| I | Lĩnh vực giao thông | | | |
| 1 | Cải tạo đường tỉnh 912 | Sở Xây dựng | 84.500 | Vướng mặt bằng 03 hộ |
|2|Cầu dân sinh thôn Đá Bạc|UBND xã Đá Bạc|12.300||
| II | Lĩnh vực y tế | | | |
| 3 | Nâng cấp Trạm y tế xã Hòa Lộc | Sở Y tế | 6.750 | Chờ phê duyệt |
| | Tổng cộng | | 103.550 | |
Báo cáo gửi kèm các phụ lục còn lại.`
	want := []string{
		"Lĩnh vực giao thông; 1; Cải tạo đường tỉnh 912; Sở Xây dựng; 84500000000; Vướng mặt bằng 03 hộ",
		"Lĩnh vực giao thông; 2; Cầu dân sinh thôn Đá Bạc; UBND xã Đá Bạc; 12300000000; ",
		"Lĩnh vực y tế; 3; Nâng cấp Trạm y tế xã Hòa Lộc; Sở Y tế; 6750000000; Chờ phê duyệt",
	}
	for _, dashes := range []string{"", "\n|---|---|---|---|---|", "\n| :-- | --- | --- | --: | --- |"} {
		got := extract.Build(textPages(fmt.Sprintf(rows, dashes)), nil, extract.Options{Profiles: []extract.Profile{profile}})
		if len(got.Records) != len(want) {
			t.Fatalf("%q: %d records, want %d", dashes, len(got.Records), len(want))
		}
		for i, r := range got.Records {
			f := func(name string) *schema.Field { return r.Fields[name].One }
			sum, _ := f("total").Value.(schema.Money)
			is := strings.Join([]string{r.Group.Name, f("number").Text, f("name").Text, f("investor").Text, fmt.Sprint(sum.VND), f("note").Text}, "; ")
			if is != want[i] {
				t.Errorf("%q: row %d is %q, want %q", dashes, i+1, is, want[i])
			}
		}
	}
}

// Lines of OCR with bars here and there are no such table.
func TestNotBarred(t *testing.T) {
	for _, text := range []string{
		"| TT | Tên dự án |\n| 1 | Cầu dân sinh |\n| 2 | Đường | tỉnh |\n", // other numbers of cells, and two columns
		"| TT | Tên dự án | Ghi chú\n1 | Cầu | không |\n| 2 | Đường | |\n",
	} {
		got := extract.Build(textPages(text), nil, extract.Options{})
		if len(got.Records) != 0 {
			t.Errorf("%q: %d records", text, len(got.Records))
		}
	}
}
