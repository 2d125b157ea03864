package extract_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/schema"
)

// spacedPages are the pages of a text file, with the places of their words.
func spacedPages(t *testing.T, text string) (pages []schema.Page) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := ingest.Open(context.Background(), path, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for n := 1; n <= f.Pages(); n++ {
		in, err := f.Page(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, schema.Page{PageInfo: schema.PageInfo{Number: n, Outcome: schema.Done, TextSource: schema.FromText}, Lines: in.Lines})
	}
	return pages
}

// Columns kept by blanks are those of a ruled table: cells of several lines, about their
// row's middle or from its top, groups, and rows that another page goes on with.
func TestSpacedTable(t *testing.T) {
	profile, err := extract.ParseProfile([]byte(`name: du-an
kind: project
columns:
  - {field: number, type: ordinal, heads: [TT, STT]}
  - {field: name, type: title, heads: [Tên dự án], required: true}
  - {field: investor, type: agency, heads: [Chủ đầu tư]}
  - {field: note, type: text, heads: [Ghi chú]}
`))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"top": `                 DANH MỤC DỰ ÁN

TT   Tên dự án              Chủ đầu tư         Ghi chú
 I   LĨNH VỰC GIAO THÔNG
 1   Cải tạo đường tỉnh     Sở Xây dựng        Vướng mặt bằng của ba hộ ở
     912                                       cuối tuyến
 2   Cầu dân sinh thôn Đá   UBND xã Đá Bạc     Xong
     Bạc
II   LĨNH VỰC Y TẾ
 3   Nâng cấp trạm y tế xã  Sở Y tế            Chờ phê
` + "\f" + `                       2
  TT   Tên dự án              Chủ đầu tư         Ghi chú
                                                 duyệt giá
   4   Kè suối Nậm Cát        UBND xã Nậm Cát    Đúng hạn
   5   Chợ trung tâm xã Hòa   UBND xã Hòa Lộc    Chậm vì thiếu vốn
       Lộc

     Các dự án còn lại sẽ báo cáo sau.
`,
		"middle": `                 DANH MỤC DỰ ÁN

TT   Tên dự án              Chủ đầu tư         Ghi chú
 I   LĨNH VỰC GIAO THÔNG
     Cải tạo đường tỉnh                        Vướng mặt bằng của ba hộ ở
 1                          Sở Xây dựng
     912                                       cuối tuyến
     Cầu dân sinh thôn Đá
 2                          UBND xã Đá Bạc     Xong
     Bạc
II   LĨNH VỰC Y TẾ
                                               Chờ
 3   Nâng cấp trạm y tế xã  Sở Y tế            phê duyệt
                                               giá
 4   Kè suối Nậm Cát        UBND xã Nậm Cát    Đúng hạn
     Chợ trung tâm xã Hòa
 5                          UBND xã Hòa Lộc    Chậm vì thiếu vốn
     Lộc

     Các dự án còn lại sẽ báo cáo sau.
`,
	} {
		got := extract.Build(spacedPages(t, text), nil, extract.Options{Profiles: []extract.Profile{profile}})
		var rows []string
		for _, r := range got.Records {
			group := ""
			if r.Group != nil {
				group = r.Group.Name
			}
			row := []string{group}
			for _, f := range []string{"number", "name", "investor", "note"} {
				text := ""
				if one := r.Fields[f].One; one != nil {
					text = one.Text
				}
				row = append(row, text)
			}
			rows = append(rows, strings.Join(row, "; "))
		}
		want := `LĨNH VỰC GIAO THÔNG; 1; Cải tạo đường tỉnh 912; Sở Xây dựng; Vướng mặt bằng của ba hộ ở cuối tuyến
LĨNH VỰC GIAO THÔNG; 2; Cầu dân sinh thôn Đá Bạc; UBND xã Đá Bạc; Xong
LĨNH VỰC Y TẾ; 3; Nâng cấp trạm y tế xã; Sở Y tế; Chờ phê duyệt giá
LĨNH VỰC Y TẾ; 4; Kè suối Nậm Cát; UBND xã Nậm Cát; Đúng hạn
LĨNH VỰC Y TẾ; 5; Chợ trung tâm xã Hòa Lộc; UBND xã Hòa Lộc; Chậm vì thiếu vốn`
		if s := strings.Join(rows, "\n"); s != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, s, want)
		}
	}
}
