package export_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/schema"
)

// many makes documents of records of several kinds, large enough that rows go
// through temporary files.
func many(documents, records int) []*export.Stored {
	var all []*export.Stored
	for d := range documents {
		doc := &schema.Document{DocumentID: fmt.Sprintf("%064x", d), Source: schema.Source{Name: fmt.Sprintf("báo cáo %d.pdf", d), MediaType: "application/pdf"}}
		for i := range records {
			doc.Records = append(doc.Records, record(d, i))
		}
		all = append(all, &export.Stored{Document: doc, Version: 1, Revision: int64(d), State: "ready", Province: fmt.Sprint("Tỉnh ", d%34), Period: "2025-Q3"})
	}
	return all
}

// record is about as long as one of a real report of models.
func record(d, i int) schema.Record {
	state := schema.Accepted
	if i%7 == 0 {
		state = schema.NeedsReview
	}
	field := func(name string, words int) schema.Entry {
		text := strings.TrimSpace(strings.Repeat(fmt.Sprintf("%s %d.%d ", name, d, i), words))
		return schema.One(schema.Field{Value: text, Text: text, Raw: strings.ToUpper(text), Confidence: 0.9, State: state, Boxes: []schema.Place{{Page: 1 + i/3, Box: &schema.Box{X0: 1, Y0: 2, X1: 300, Y1: 400}}}})
	}
	return schema.Record{ID: fmt.Sprint("m", i), Kind: [...]string{"model", "task", "khác"}[i%3], Group: &schema.Group{Number: "I", Name: "NHÓM TIỆN ÍCH"}, Fields: map[string]schema.Entry{
		"number": schema.One(schema.Field{Value: fmt.Sprint(i + 1), Text: fmt.Sprint(i + 1), Confidence: 1, State: schema.Accepted}),
		"title":  field("Mô hình khám chữa bệnh bằng căn cước", 1), "results": field("Đã triển khai tại các trạm y tế xã", 20), "difficulties": field("Đường truyền chập chờn", 6),
		"amounts": {List: []schema.Field{{Value: schema.Money{VND: int64(i) * 1_000_000, Qualifier: "khoảng"}, Text: "khoảng … triệu đồng", Confidence: 0.8, State: schema.Accepted}}},
	}}
}

func encodeAll(t testing.TB, w io.Writer, f export.Format, docs []*export.Stored) {
	t.Helper()
	e, err := export.NewEncoder(w, f, export.Settings{BaseURL: "https://sohoa.example"})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if err := e.Add(d); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

var rowFormats = []export.Format{export.JSONL, export.CSV, export.XLSX, export.Parquet}

func TestManyDocumentsGiveTheSameBytes(t *testing.T) {
	for _, f := range rowFormats {
		var first, second bytes.Buffer
		encodeAll(t, &first, f, many(40, 60))
		encodeAll(t, &second, f, many(40, 60))
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: two writes differ", f)
		}
	}
}

func TestNoTemporaryFileStays(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, f := range rowFormats {
		encodeAll(t, io.Discard, f, many(40, 60))
		e, err := export.NewEncoder(failing{}, f, export.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		var failed error
		for _, d := range many(40, 60) {
			failed = errors.Join(failed, e.Add(d))
		}
		if failed = errors.Join(failed, e.Close()); failed == nil {
			t.Errorf("%s: a writer that fails is not noticed", f)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

// failing is a disk that is full.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWorkbookOfOddNames(t *testing.T) {
	book := export.NewWorkbook()
	for _, name := range []string{"a/b:c", "A_B_C", strings.Repeat("ê", 40), strings.Repeat("ê", 41), ""} {
		s, err := book.NewSheet(name, 0, nil, export.Cell{Value: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Row(export.Cell{Value: name}), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Finish(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e := strings.Repeat("ê", 29)
	if got, want := fmt.Sprintf("%q", f.GetSheetList()), fmt.Sprintf("%q", []string{"a_b_c", "A_B_C 2", e + "êê", e + " 2", "_"}); got != want {
		t.Errorf("sheets %s, want %s", got, want)
	}
}
