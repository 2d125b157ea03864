package export_test

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/schema"
)

// readParquet reads a file with Apache Arrow, which is not what wrote it.
func readParquet(t *testing.T, data []byte) arrow.Table {
	t.Helper()
	r, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	fr, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{BatchSize: 1024}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	table, err := fr.ReadTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(table.Release)
	return table
}

// strings of a column, "<null>" where there is none.
func values(t *testing.T, table arrow.Table, name string) []string {
	t.Helper()
	at := table.Schema().FieldIndices(name)
	if len(at) != 1 {
		t.Fatalf("no column %s", name)
	}
	var out []string
	for _, chunk := range table.Column(at[0]).Data().Chunks() {
		for i := range chunk.Len() {
			if chunk.IsNull(i) {
				out = append(out, "<null>")
			} else if s, ok := chunk.(*array.String); ok {
				out = append(out, s.Value(i))
			} else {
				out = append(out, chunk.ValueStr(i))
			}
		}
	}
	return out
}

func TestParquetIsReadByArrow(t *testing.T) {
	in := append([]string{"nul\x00byte", "chuông\a"}, hostile...)
	table := readParquet(t, encoded(t, export.Parquet, hostileDocument(in), export.Settings{}))
	if got := values(t, table, "title"); !reflect.DeepEqual(got, in) {
		t.Errorf("titles\n%q\nwant\n%q", got, in)
	}
	for name, want := range map[string]string{
		"document": "utf8", "version": "int32", "revision": "int64", "document_date": "date32", "changed_at": "timestamp[us, tz=UTC]", "confidence": "float64",
		"ratio": "float64", "deadline_date": "date32", "page": "int32",
		"amounts": "list<element: struct<vnd: int64, vnd_to: int64, qualifier: utf8, per: utf8, column: utf8, shared_with: list<element: utf8>, text: utf8, confidence: float64, state: utf8, page: int32>>",
	} {
		f, ok := table.Schema().FieldsByName(name)
		if !ok {
			t.Errorf("no column %s", name)
			continue
		}
		if got := plainType(f[0].Type); got != want {
			t.Errorf("%s has type %s, want %s", name, got, want)
		}
	}
	if got := values(t, table, "version")[0]; got != "3" {
		t.Errorf("version %s", got)
	}
	if got := values(t, table, "ratio")[0]; got != "98.6" {
		t.Errorf("ratio %s", got)
	}
	if got := values(t, table, "deadline_date")[0]; got != "2025-09-30" {
		t.Errorf("deadline %s", got)
	}
	if got := values(t, table, "section")[0]; got != "<null>" {
		t.Errorf("a field that is not there is %q", got)
	}
	if got, want := values(t, table, "changed_at")[0], time.Unix(1_760_000_000, 0).UTC().Format("2006-01-02T15:04:05Z"); got != want {
		t.Errorf("changed at %s, want %s", got, want)
	}
	amounts := table.Column(table.Schema().FieldIndices("amounts")[0]).Data().Chunk(0).(*array.List)
	vnd := amounts.ListValues().(*array.Struct).Field(0).(*array.Int64)
	for i := range in {
		if got := vnd.Value(i); got != int64(i)*1_000_003 {
			t.Errorf("amount %d, want %d", got, i*1_000_003)
		}
	}
}

// plainType leaves out what differs between names and nullability alone.
func plainType(t arrow.DataType) string {
	switch t := t.(type) {
	case *arrow.ListType:
		return "list<element: " + plainType(t.Elem()) + ">"
	case *arrow.StructType:
		s := "struct<"
		for i, f := range t.Fields() {
			if i > 0 {
				s += ", "
			}
			s += f.Name + ": " + plainType(f.Type)
		}
		return s + ">"
	case *arrow.DictionaryType:
		return plainType(t.ValueType)
	}
	return t.String()
}

func TestParquetHasRowGroups(t *testing.T) {
	const n = 5000
	var texts []string
	for i := range n {
		texts = append(texts, fmt.Sprintf("Mô hình số %d", i))
	}
	data := encoded(t, export.Parquet, hostileDocument(texts), export.Settings{})
	r, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.NumRowGroups() != 3 || r.NumRows() != n {
		t.Errorf("%d row groups, %d rows", r.NumRowGroups(), r.NumRows())
	}
	if got := values(t, readParquet(t, data), "title"); !reflect.DeepEqual(got, texts) {
		t.Error("titles differ")
	}
}

func TestParquetKeepsUnknownFields(t *testing.T) {
	doc := hostileDocument([]string{"a"})
	doc.Records[0].Fields["độ_ẩm"] = schema.One(schema.Field{Value: 61.5, Text: "61,5", State: schema.NeedsReview, Confidence: 0.5, Boxes: []schema.Place{{Page: 7, Line: &[2]int{1, 1}}}})
	table := readParquet(t, encoded(t, export.Parquet, doc, export.Settings{}))
	fields := table.Column(table.Schema().FieldIndices("fields")[0]).Data().Chunk(0).(*array.List).ListValues().(*array.Struct)
	last := fields.Len() - 1
	if got := fields.Field(0).ValueStr(last); got != "độ_ẩm" {
		t.Errorf("name %s", got)
	}
	if got := fields.Field(3).ValueStr(last); got != "61.5" {
		t.Errorf("number %s", got)
	}
	if got := fields.Field(8).ValueStr(last); got != "7" {
		t.Errorf("page %s", got)
	}
}

func TestParquetHasTheLastDayOfADeadline(t *testing.T) {
	doc := hostileDocument([]string{"Đóng thuyền", "Vá lưới"})
	period := doc.Records[1].Fields["deadline"].One
	period.Value, period.Text = "2025-10-01/2025-12-31", "Quý IV/2025"
	table := readParquet(t, encoded(t, export.Parquet, doc, export.Settings{}))
	if got, want := values(t, table, "deadline_date"), []string{"2025-09-30", "2025-12-31"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
