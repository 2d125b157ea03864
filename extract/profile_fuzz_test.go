package extract

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// FuzzProfile reads report types: whatever the YAML is, it is refused with an
// error or can be used, also on a page with a table.
func FuzzProfile(f *testing.F) {
	files, err := filepath.Glob("profiles/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal(len(files), err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("name: x\ncolumns: &a [*a]\n"))
	f.Add([]byte("name: x\nkind: model\ncolumns:\n- {field: title, heads: [\"\", \"(((\"]}\n"))
	f.Add([]byte("a: &a [1,1]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nname: *c\n"))
	page := schema.Page{PageInfo: schema.PageInfo{Number: 1, Outcome: schema.Done, TextSource: schema.FromText}}
	for i, text := range []string{"STT Tên mô hình Kết quả", "1 Chuyển đổi số Đã hoàn thành", "2 Hồ sơ điện tử 2,5 tỷ đồng"} {
		page.Lines = append(page.Lines, schema.Line{Number: i + 1, Words: []schema.Word{{Text: text, Raw: text, Confidence: 1}}})
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseProfile(b)
		if err != nil {
			return
		}
		if p.Name == "" {
			t.Fatal("a report type without a name")
		}
		Build([]schema.Page{page}, nil, Options{Profiles: []Profile{p}})
	})
}
