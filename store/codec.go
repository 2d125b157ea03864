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
	var err error
	if doc, ok := v.(*schema.Document); ok {
		err = doc.WriteJSON(z, false)
	} else {
		err = json.NewEncoder(z).Encode(v)
	}
	if err != nil {
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
	if doc, ok := v.(*schema.Document); ok {
		return doc.ReadJSON(z)
	}
	return json.NewDecoder(z).Decode(v)
}

func unpackDocument(data []byte) (*schema.Document, error) {
	doc := new(schema.Document)
	if err := unpack(data, doc); err != nil {
		return nil, fmt.Errorf("read stored document: %w", err)
	}
	doc.TypeValues()
	return doc, nil
}

// mustJSON writes values whose types cannot fail.
func mustJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}
