package schema_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// TestWriteJSON compares the document written in pieces with what encoding/json
// makes of it; a field that one of them lacks shows.
func TestWriteJSON(t *testing.T) {
	box := schema.Place{Page: 1, Box: &schema.Box{X0: 1, Y0: 2, X1: 3, Y1: 4}}
	field := func(v any) schema.Field {
		return schema.Field{Value: v, Text: "A & <B>", Raw: "A\u2028B", Confidence: 0.25, Boxes: []schema.Place{box}}
	}
	title := field("Kết quả <1>")
	full := schema.Document{
		DocumentID: "ab", Source: schema.Source{Name: "a&b.pdf", Pages: 2}, Header: schema.Header{Title: &title},
		Records: []schema.Record{
			{ID: "1", Fields: map[string]schema.Entry{"b": schema.One(field(schema.Money{VND: 5})), "a": {List: []schema.Field{title}}}},
			{ID: "2", Group: &schema.Group{Name: "I"}},
		},
		Tables: []schema.Table{
			{Pages: []int{1, 2}, Columns: []schema.Field{title}, HeadRows: 1, Rows: [][]schema.Cell{{{Text: "x", Boxes: []schema.Place{box}}}, {}, nil}},
			{},
		},
		Citations: []schema.Field{field(schema.Citation{Number: "1"})},
		Pages:     []schema.PageInfo{{Number: 1, Text: "x\ty\n"}, {Number: 2}},
		Checks:    []schema.Check{{Rule: "gap", Message: "<&>"}},
	}
	sealed := full
	sealed.Seal()
	for _, d := range []schema.Document{{}, full, sealed} {
		for _, escape := range []bool{false, true} {
			var got, want bytes.Buffer
			enc := json.NewEncoder(&want)
			enc.SetEscapeHTML(escape)
			if err := enc.Encode(&d); err != nil {
				t.Fatal(err)
			}
			if err := d.WriteJSON(&got, escape); err != nil {
				t.Fatal(err)
			}
			if got.String()+"\n" != want.String() {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want.String())
			}
			var read, whole schema.Document
			if err := json.Unmarshal(want.Bytes(), &whole); err != nil {
				t.Fatal(err)
			}
			if err := read.ReadJSON(&got); err != nil || !reflect.DeepEqual(read, whole) {
				t.Errorf("read %v\n%+v\nwant\n%+v", err, read, whole)
			}
		}
	}
}

func TestReadJSONRefuses(t *testing.T) {
	for _, text := range []string{
		``, `[]`, `7`, `{"records":{}}`, `{"records":[{"id":1}]}`, `{"records":[`, `{"tables":[{"rows":[`, `{"tables":[7]}`, `{"pages":[]} {}`, `{"schema":"a"`, `{"more":{`,
	} {
		if err := new(schema.Document).ReadJSON(strings.NewReader(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	var d schema.Document
	if err := d.ReadJSON(strings.NewReader(`{"more":[1,{"a":2}],"schema":"s","tables":[null,{"more":3,"head_rows":2}]}`)); err != nil || d.Schema != "s" || len(d.Tables) != 2 || d.Tables[1].HeadRows != 2 {
		t.Errorf("%v, %+v", err, d)
	}
}
