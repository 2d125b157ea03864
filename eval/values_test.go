package eval

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// A field whose text is right may still hold a wrong value.
func TestSameValue(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
		ok    bool
	}{
		{120000.0, "120.000", true},
		{120.0, "120.000", false},
		{"120.000", "120.000", false},
		{1268000.5, "1.268.000,5", true},
		{99.73, "99.73", true},
		{98.6, "98,6%", true},
		{-3.2, "-3,2", true},
		{3.2, "-3,2", false},
		{-3.2, "giảm 3,2%", true},
		{18.0, "+18%", true},
		{80.0, ">=80", false},
		{">=80", "≥ 80%", true},
		{">80", "≥ 80%", false},
		{">=1.000", ">=1.000", true},
		{">=1", ">=1.000", false},
		{">=80", "80", false},
		{"Hằng quý", "Hằng quý", true},
		{"-", "-", true},
		{"84/84", "84/84", true},
		{"2025-06-30", "30/6/2025", true},
		{"2025-03-06", "30/6/2025", false},
		{"30/6/2025", "30/6/2025", false},
		{nil, "", true},
		{nil, "15", false},
		{nil, "30/6/2025", false},
		{schema.Citation{Type: "Quyết định", Number: "61/QĐ-UBND", Date: "2024-07-09"}, "Quyết định số 61/QĐ-UBND ngày 9/7/2024", true},
		{schema.Citation{Type: "Quyết định", Number: "61/QĐ-UBND", Date: "2024-09-07"}, "Quyết định số 61/QĐ-UBND ngày 9/7/2024", false},
		{schema.Citation{Type: "Quyết định", Number: "1/QĐ-UBND"}, "Quyết định số 61/QĐ-UBND", false},
		{map[string]any{"type": "", "number": "61/QĐ-UBND", "date": "", "issuer": ""}, "61/QĐ-UBND", true}, // from JSON
		{"Quyết định số 61/QĐ-UBND", "Quyết định số 61/QĐ-UBND", false},
		{map[string]any{"number": 512.0, "of": 1480.0}, "512/1.480", true},
		{map[string]any{"number": 512.0, "of": 148.0}, "512/1.480", false},
	} {
		if got := sameValue(&schema.Field{Value: c.value}, c.want); got != c.ok {
			t.Errorf("sameValue(%v, %q) = %v", c.value, c.want, got)
		}
	}
}
