package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/schema"
)

func sample() *schema.Document {
	text := func(v string) schema.Entry {
		return schema.One(schema.Field{Value: v, Text: v, Raw: v, Confidence: 0.99})
	}
	unsure := text("in_progress")
	unsure.One.State, unsure.One.Confidence = schema.NeedsReview, 0.4
	return &schema.Document{
		DocumentID: strings.Repeat("0", 64),
		Source:     schema.Source{Name: "a & b.pdf", MediaType: "application/pdf"},
		Records: []schema.Record{
			{ID: "m1", Kind: "model", Group: &schema.Group{Number: "I", Name: "NHÓM MỘT"}, Fields: map[string]schema.Entry{
				"title": text("=cmd|' /C calc'!A0"), "number": schema.One(schema.Field{Value: 1.0, Text: "1", Confidence: 1}), "status": unsure,
				"amounts": {List: []schema.Field{{Value: schema.Money{VND: 2_500_000_000}, Text: "2,5 tỷ đồng", Confidence: 0.9}}},
			}},
			{ID: "t1", Kind: "task", Fields: map[string]schema.Entry{"task": text("Đẩy mạnh kết nối"), "number": text("-5")}},
		},
	}
}

func encode(t *testing.T, f export.Format) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x."+string(f))
	if err := export.Write(path, f, &export.Stored{Document: sample()}, export.Settings{BOM: true}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBytesAreDeterministic(t *testing.T) {
	for _, f := range export.Formats() {
		first := encode(t, f)
		for range 8 { // an order taken from a map is the same by chance one time in two
			if !bytes.Equal(first, encode(t, f)) {
				t.Errorf("%s: two writes differ", f)
				break
			}
		}
	}
}

func TestJSONKeepsTextReadable(t *testing.T) {
	data := encode(t, export.JSON)
	if !bytes.Contains(data, []byte("a & b.pdf")) {
		t.Error("the ampersand is escaped")
	}
	var d schema.Document
	if err := json.Unmarshal(data, &d); err != nil || d.Schema != schema.Version {
		t.Errorf("schema %q, %v", d.Schema, err)
	}
}

func TestJSONKeepsBoxesOnALine(t *testing.T) {
	doc := sample()
	doc.Citations = []schema.Field{{Text: "[1,\n 2]", Boxes: []schema.Place{{Page: 1, Box: &schema.Box{X0: -1, Y0: 20, X1: 300, Y1: 4000}}}}}
	var b bytes.Buffer
	if err := export.EncodeJSON(&b, doc); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"box": [-1, 20, 300, 4000]`, `"text": "[1,\n 2]"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, b.String())
		}
	}
	var back schema.Document
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || *back.Citations[0].Boxes[0].Box != *doc.Citations[0].Boxes[0].Box {
		t.Errorf("read back %v, %v", back.Citations, err)
	}
}

func TestCSV(t *testing.T) {
	data := encode(t, export.CSV)
	rest, ok := bytes.CutPrefix(data, []byte("\ufeff"))
	if !ok {
		t.Fatal("no byte order mark")
	}
	rows, err := csv.NewReader(bytes.NewReader(rest)).ReadAll() // which wants lines of one length
	if err != nil {
		t.Fatal(err)
	}
	id := strings.Repeat("0", 64)
	want := [][]string{
		{"province", "period", "source", "kind", "group_number", "group_name", "number", "title", "task", "status", "amounts", "amounts_text",
			"page", "confidence", "state", "unsure", "record", "document", "version", "document_state", "document_number", "document_date", "issuer", "profile", "changed_at", "link"},
		{"", "", "a & b.pdf", "model", "I", "NHÓM MỘT", "1", "'=cmd|' /C calc'!A0", "", "in_progress", "2500000000", "2,5 tỷ đồng",
			"0", "0.400", "needs_review", "status", "m1", id, "0", "", "", "", "", "", "", ""},
		{"", "", "a & b.pdf", "task", "", "", "-5", "", "Đẩy mạnh kết nối", "", "", "",
			"0", "0.990", "accepted", "", "t1", id, "0", "", "", "", "", "", "", ""},
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got\n%q\nwant\n%q", rows, want)
	}
}

func TestXLSXHasTypedCells(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(encode(t, export.XLSX)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := fmt.Sprint(f.GetSheetList()); got != "[model task amounts documents]" {
		t.Errorf("sheets %s", got)
	}
	at := column(t, f, "model", "amounts") + "2"
	if v, _ := f.GetCellValue("model", at, excelize.Options{RawCellValue: true}); v != "2500000000" {
		t.Errorf("amount %q", v)
	}
	if kind, _ := f.GetCellType("model", at); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("amount has type %v, want a number", kind)
	}
	if formula, _ := f.GetCellFormula("model", column(t, f, "model", "title")+"2"); formula != "" {
		t.Errorf("a title became the formula %q", formula)
	}
}

// column finds a column of a sheet by its head.
func column(t *testing.T, f *excelize.File, sheet, name string) string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil || len(rows) == 0 {
		t.Fatalf("sheet %s: %v", sheet, err)
	}
	for i, head := range rows[0] {
		if head == name {
			letters, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				t.Fatal(err)
			}
			return letters
		}
	}
	t.Fatalf("sheet %s has no column %s: %q", sheet, name, rows[0])
	return ""
}

func TestFailedWriteLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := export.WriteFile(path, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return errors.New("disk full")
	})
	if err == nil || !strings.Contains(err.Error(), "write a.json: disk full") {
		t.Errorf("got %v", err)
	}
	files, _ := os.ReadDir(dir)
	old, _ := os.ReadFile(path)
	if len(files) != 1 || string(old) != "old" {
		t.Errorf("left %v, %q", files, old)
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := export.Write(filepath.Join(t.TempDir(), "x"), "doc", &export.Stored{Document: sample()}, export.Settings{}); !errors.Is(err, export.ErrFormat) {
		t.Errorf("got %v", err)
	}
}

func ExampleEncoder() {
	var b bytes.Buffer
	e, err := export.NewEncoder(&b, export.JSONL, export.Settings{Keep: func(r *schema.Record) bool { return r.Kind == "model" }})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"a.pdf", "b.pdf"} {
		doc := &schema.Document{DocumentID: strings.Repeat("a", 64), Source: schema.Source{Name: name}, Records: []schema.Record{{
			ID: "m7", Kind: "model", Fields: map[string]schema.Entry{"title": schema.One(schema.Field{Value: "Kiosk", Text: "Kiosk", State: schema.Accepted, Confidence: 1})},
		}}}
		if err := e.Add(&export.Stored{Document: doc, Version: 2, Province: "Sơn Hải"}); err != nil {
			fmt.Println(err)
		}
	}
	if err := e.Close(); err != nil {
		fmt.Println(err)
	}
	for line := range strings.Lines(b.String()) {
		var r struct {
			Document struct {
				Source, Province string
				Version          int
			}
			Record schema.Record
		}
		fmt.Println(json.Unmarshal([]byte(line), &r), r.Document.Source, r.Document.Province, r.Document.Version, r.Record.Fields["title"].One.Text)
	}
	// Output:
	// <nil> a.pdf Sơn Hải 2 Kiosk
	// <nil> b.pdf Sơn Hải 2 Kiosk
}
