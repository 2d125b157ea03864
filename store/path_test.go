package store

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// sample is a document with a field of every place that a path may name.
func sample() *schema.Document {
	f := func(v any) schema.Field { return schema.Field{Value: v, Text: "x", Confidence: 1} }
	title := f("Báo cáo")
	doc := &schema.Document{
		Header: schema.Header{Title: &title, Recipients: []schema.Field{f("Bộ Công an")}},
		Records: []schema.Record{{ID: "a/b ?", Kind: "model", Fields: map[string]schema.Entry{
			"title": schema.One(f("Kiosk")), "amounts": {List: []schema.Field{f(schema.Money{VND: 5, Per: "năm"}), f(schema.Money{VND: 7})}},
		}}},
		Tables:    []schema.Table{{Columns: []schema.Field{f("TT")}}},
		Citations: []schema.Field{f(schema.Citation{Number: "1/QĐ"})},
		Amounts:   []schema.Field{f(schema.Quantity{Number: 2, Unit: "%"})},
	}
	doc.Seal()
	return doc
}

func TestEveryFieldIsFoundByItsPath(t *testing.T) {
	doc := sample()
	n := 0
	eachField(doc, func(l located) {
		n++
		if got := lookUp(doc, l.path); got != l.field {
			t.Errorf("%s leads to %p, want %p", l.path, got, l.field)
		}
		if err := set(doc, l.path, *l.field); err != nil {
			t.Error(err)
		}
	})
	if n != 8 {
		t.Errorf("%d fields, want 8", n)
	}
	if p := FieldPath("a/b ?", "amounts", 1); lookUp(doc, p) == nil {
		t.Errorf("%s leads nowhere", p)
	}
}

func TestStoredDocumentHasTheSameBytes(t *testing.T) {
	doc := sample()
	data, err := pack(doc)
	if err != nil {
		t.Fatal(err)
	}
	back, err := unpackDocument(data)
	if err != nil {
		t.Fatal(err)
	}
	want, err1 := json.Marshal(doc)
	got, err2 := json.Marshal(back)
	if err1 != nil || err2 != nil || !bytes.Equal(got, want) {
		t.Errorf("%v %v\n%s\n%s", err1, err2, got, want)
	}
	if _, ok := back.Records[0].Fields["amounts"].List[0].Value.(schema.Money); !ok {
		t.Errorf("an amount is %T", back.Records[0].Fields["amounts"].List[0].Value)
	}
}

// FuzzPath gives paths as clients may send them: none may bring the program
// down, and what can be set can be found and taken away again.
func FuzzPath(f *testing.F) {
	for _, p := range []string{"header/title", "header/recipients/1", "records/a%2Fb%20%3F/title", "records/x", "records/a%2Fb%20%3F/amounts/2", "tables/0/columns/0", "citations/-1", "amounts/99999999999999999999", "", "/", "records/%zz/title", "header/number"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, path string) {
		doc := sample()
		before := lookUp(doc, path)
		if err := set(doc, path, schema.Field{Text: "new"}); err != nil {
			return
		}
		if got := lookUp(doc, path); got == nil || got.Text != "new" {
			t.Fatalf("%q was set and is not found", path)
		}
		if before == nil {
			if err := unset(doc, path); err != nil || lookUp(doc, path) != nil {
				t.Fatalf("%q was set and cannot be taken away: %v", path, err)
			}
		}
	})
}
