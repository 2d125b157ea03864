package schema

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzDocument reads documents back: from results that people edited, from
// requests, from other programs. What can be read is written the same way
// twice, and is judged without a panic.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"schema":"sohoa.document/1","document_id":"","source":{"name":"a.pdf","pages":1},"header":{},"records":[],"tables":[],"citations":[],"amounts":[],"pages":[{"number":1,"outcome":"done","text_source":"ocr","width":9,"height":9}],"checks":[]}`))
	f.Add([]byte(`{"records":[{"id":"1","kind":"model","fields":{"title":{"value":"x","text":"x","raw":"x","confidence":2,"state":"accepted","boxes":[{"page":1,"box":[0,0,-1,1e9]}]},"amounts":[{"value":{"vnd":2500000000},"confidence":-1}]}}]}`))
	f.Add([]byte(`{"header":{"date":{"value":"2025-07-?4"},"recipients":[null]},"tables":[{"pages":[1],"rows":[[{"row_span":-1,"col_span":1000000000}]]}]}`))
	f.Add([]byte(`{"citations":[{"value":{"type":"Nghị định","number":"30/2020"},"boxes":[{"page":1,"line":[9,1]}]}],"checks":[{"rule":"total","records":["none"]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var doc Document
		if err := json.Unmarshal(b, &doc); err != nil {
			return
		}
		_ = doc.Validate()
		doc.EachField(func(string, *Field) {})
		once, err := json.Marshal(&doc)
		if err != nil {
			return // a number that JSON has no form for
		}
		var again Document
		if err := json.Unmarshal(once, &again); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, once)
		}
		twice, err := json.Marshal(&again)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(once, twice) {
			t.Fatalf("written once\n%s\nand again\n%s", once, twice)
		}
	})
}
