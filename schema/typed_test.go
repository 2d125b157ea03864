package schema_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestTypeValues(t *testing.T) {
	for _, want := range []any{
		schema.Money{VND: 2_500_000_000, Qualifier: "khoảng", SharedWith: []string{"39"}},
		schema.Citation{Type: "Quyết định", Number: "06/QĐ-TTg"},
		schema.Quantity{Number: 98.6, Unit: "%"},
		"2025-07-07", 12.5, true, nil,
	} {
		doc := &schema.Document{Citations: []schema.Field{{Value: want}}}
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var back schema.Document
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		back.TypeValues()
		if got := back.Citations[0].Value; !reflect.DeepEqual(got, want) {
			t.Errorf("got %#v, want %#v", got, want)
		}
	}
	// A value with keys of a later version stays as it is.
	later := map[string]any{"vnd": 1.0, "currency": "VND"}
	doc := &schema.Document{Amounts: []schema.Field{{Value: later}}}
	doc.TypeValues()
	if !reflect.DeepEqual(doc.Amounts[0].Value, later) {
		t.Errorf("got %#v", doc.Amounts[0].Value)
	}
}
