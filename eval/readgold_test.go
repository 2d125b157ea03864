package eval

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// One small file of each form of truth, written for this test.
var forms = map[string]string{
	"own": `{"schema": "sohoa.gold/1", "sources": ["a"], "header": {"number": "1/BC-X"}}`,
	"models": `{"document": {"source_file": "m.txt", "title": "T", "appendix": "PHỤ LỤC 9", "date": "2025-01-02", "issuer": "Sở X"},
		"models": [{"number": 7, "title": "Ví điện tử", "group": "I", "status": null, "cost_text": "1 tỷ đồng",
		"amounts": [{"value_vnd": 1000000000, "column": "cost", "shared_with": [8]}]}]}`,
	"report": `{"source_file": "r.txt", "number": "5/BC-X", "signatory": {"authority": "KT. GIÁM ĐỐC", "capacity": "PHÓ GIÁM ĐỐC", "name": "A B"},
		"recipients_list": ["Lưu: VT"], "cited_documents": [{"type": "Quyết định", "number": "9/QĐ-X", "date": "3/4/2025"}, {"number": null}]}`,
	"catalogue": `{"source_file": "c.txt", "legal_bases": [], "models": [{"number": 1, "title": "T", "goal": "G", "lead_agency": "L", "supporting_agencies": "S"}]}`,
	"tasks":     `{"source_file": "t.txt", "title": "T", "appendix": "P", "tasks": [{"no": 3, "group": "II", "task": "V", "lead_agency": "L", "deadline": "31/12/2025", "result": "R"}]}`,
	"scan": `{"file": "s.pdf", "header": {"number": "1/QĐ", "number_handwritten": true}, "page_text": {"2": "hai", "1": "một"},
		"tables": [{"pages": [1, 2], "head_rows": 1, "rows": [[{"text": "STT", "row_span": 1, "col_span": 1, "page": 1, "box": [0, 0, 5, 5],
		"boxes_by_page": {"2": [0, 0, 5, 9], "1": [0, 5, 5, 9]}}]]}]}`,
}

func TestReadGoldForms(t *testing.T) {
	dir := t.TempDir()
	read := func(form string) *Gold {
		t.Helper()
		path := filepath.Join(dir, form+".json")
		if err := os.WriteFile(path, []byte(forms[form]), 0o644); err != nil {
			t.Fatal(err)
		}
		g, err := ReadGold(path)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	if g := read("own"); g.Header["number"] != "1/BC-X" {
		t.Errorf("own form: %+v", g)
	}
	g := read("models")
	r := g.Records[0]
	if r.Number() != "7" || r.Fields["cost"] != "1 tỷ đồng" || *r.Status != "" || r.Amounts[0].VND != 1e9 || r.Amounts[0].SharedWith[0] != "8" {
		t.Errorf("models: %+v", r)
	}
	if g.AttachedTo.Date != "2025-01-02" || g.Sources[0] != "m" || g.Sources[1] != "models" {
		t.Errorf("models: attached to %+v, sources %v", g.AttachedTo, g.Sources)
	}
	g = read("report")
	if g.Header["signer_title"] != "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC" || len(g.Citations) != 2 || g.Citations[0].Date != "2025-04-03" {
		t.Errorf("report: %+v %+v", g.Header, g.Citations)
	}
	if g = read("catalogue"); g.Records[0].Fields["supporting_agencies"] != "S" || g.Citations != nil {
		t.Errorf("catalogue: %+v", g)
	}
	if g = read("tasks"); g.Records[0].Fields["deadline"] != "31/12/2025" || *g.Records[0].Group != "II" {
		t.Errorf("tasks: %+v", g.Records[0])
	}
	g = read("scan")
	cell := g.Tables[0].Rows[0][0]
	if len(g.Header) != 1 || g.Pages[0].Text != "một" || len(cell.Boxes) != 2 || cell.Boxes[0].Page != 1 || *cell.Boxes[1].Box != (schema.Box{X1: 5, Y1: 9}) {
		t.Errorf("scan: %+v %+v %+v", g.Header, g.Pages, cell)
	}
}

func TestReadGoldErrors(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{`{`, "unexpected end"},
		{`{"schema": "sohoa.gold/9"}`, `want "sohoa.gold/1"`},
		{`{"x": 1, "y": 2}`, "with keys x, y"},
		{`{"header": {}, "tables": [], "page_text": {"zwei": ""}}`, `page "zwei" is no number`},
	} {
		if _, err := parseGold([]byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.data, err, c.want)
		}
	}
}

// Whatever a file of truth says, comparing with it neither fails nor grows.
func FuzzGold(f *testing.F) {
	for _, data := range forms {
		f.Add([]byte(data))
	}
	f.Add([]byte(`{"schema": "sohoa.gold/1", "tables": [{"rows": [[{"text": "a", "row_span": 99999999, "col_span": 99999999}], [{"text": "b", "col_span": -3}]]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			t.Skip()
		}
		g, err := parseGold(data)
		if err != nil {
			return
		}
		doc := &schema.Document{Tables: []schema.Table{*table([]string{"STT", "Tên"}, []string{"1", "a"})}, Records: []schema.Record{record("1", "T", "completed")}}
		Score(g, doc).Figures()
	})
}
