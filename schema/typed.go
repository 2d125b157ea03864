package schema

import (
	"bytes"
	"encoding/json"
)

// TypeValues gives the values of all fields the Go types back that they had
// before the document became JSON: [Money], [Citation], [Quantity]. Then a
// document written again has the same bytes, and readers see amounts as
// amounts.
func (d *Document) TypeValues() {
	d.EachField(func(_ string, f *Field) { f.Value = TypedValue(f.Value) })
}

// TypedValue is [Document.TypeValues] for one value as encoding/json made it. It
// tells the types by their keys, of which each has some that the others lack.
func TypedValue(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	has := func(keys ...string) bool {
		for _, k := range keys {
			if _, ok := m[k]; !ok {
				return false
			}
		}
		return true
	}
	switch {
	case has("vnd"):
		return retype[Money](v)
	case has("type", "number", "date", "issuer"):
		return retype[Citation](v)
	case has("number"):
		return retype[Quantity](v)
	}
	return v
}

func retype[T any](v any) any {
	var t T
	data, err := json.Marshal(v)
	if err != nil {
		return v
	}
	// A key that the type lacks would be lost: then the value stays as it is.
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if d.Decode(&t) != nil {
		return v
	}
	return t
}
