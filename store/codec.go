package store

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/sohoa/sohoa/schema"
)

// Pages and documents are kept as gzipped JSON: the JSON is the contract, and
// it shrinks tenfold.

var writers = sync.Pool{New: func() any {
	// The fastest level; the smallest one costs five times as long for a sixth
	// less space.
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return w
}}

func pack(v any) ([]byte, error) {
	var buf bytes.Buffer
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	z.Reset(&buf)
	if err := json.NewEncoder(z).Encode(v); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func unpack(data []byte, v any) error {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return json.NewDecoder(z).Decode(v)
}

func unpackDocument(data []byte) (*schema.Document, error) {
	doc := new(schema.Document)
	if err := unpack(data, doc); err != nil {
		return nil, fmt.Errorf("read stored document: %w", err)
	}
	doc.EachField(func(_ string, f *schema.Field) { f.Value = typed(f.Value) })
	return doc, nil
}

// typed gives a value back the Go type that it had before it became JSON, so
// that a document written again has the same bytes and exporters see amounts
// as amounts.
func typed(v any) any {
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
		return retype[schema.Money](v)
	case has("type", "number", "date", "issuer"):
		return retype[schema.Citation](v)
	case has("number"):
		return retype[schema.Quantity](v)
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

// mustJSON writes values whose types cannot fail.
func mustJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}
