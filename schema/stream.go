package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A document of hundreds of pages has tens of megabytes of JSON. It is written
// piece by piece, so that the document and its JSON are not in memory side by
// side.

// WriteJSON writes the JSON form of the document, on one line without a line
// break at its end: the bytes that encoding/json makes of it. escapeHTML is that
// of [json.Encoder].
func (d *Document) WriteJSON(w io.Writer, escapeHTML bool) error {
	s := stream{w: w}
	s.enc = json.NewEncoder(&s.buf)
	s.enc.SetEscapeHTML(escapeHTML)
	s.object(
		member{"schema", func() { s.value(d.Schema) }},
		member{"document_id", func() { s.value(d.DocumentID) }},
		member{"source", func() { s.value(d.Source) }},
		member{"engine", func() { s.value(d.Engine) }},
		member{"header", func() { s.value(d.Header) }},
		member{"records", func() { list(&s, d.Records, s.value) }},
		member{"tables", func() { list(&s, d.Tables, func(t any) { s.table(t.(*Table)) }) }},
		member{"citations", func() { list(&s, d.Citations, s.value) }},
		member{"amounts", func() { list(&s, d.Amounts, s.value) }},
		member{"pages", func() { list(&s, d.Pages, s.value) }},
		member{"checks", func() { list(&s, d.Checks, s.value) }},
	)
	return s.err
}

// table writes a table row by row: one may go over all pages.
func (s *stream) table(t *Table) {
	s.object(
		member{"pages", func() { s.value(t.Pages) }},
		member{"columns", func() { s.value(t.Columns) }},
		member{"head_rows", func() { s.value(t.HeadRows) }},
		member{"rows", func() { list(s, t.Rows, s.value) }},
	)
}

// A stream writes JSON and remembers the first error.
type stream struct {
	w   io.Writer
	buf bytes.Buffer
	enc *json.Encoder
	err error
}

type member struct {
	name  string
	write func()
}

func (s *stream) object(members ...member) {
	for i, m := range members {
		before := "{"
		if i > 0 {
			before = ","
		}
		s.text(before + `"` + m.name + `":`)
		m.write()
	}
	s.text("}")
}

func list[T any](s *stream, items []T, write func(any)) {
	if items == nil {
		s.text("null")
		return
	}
	s.text("[")
	for i := range items {
		if i > 0 {
			s.text(",")
		}
		write(&items[i])
	}
	s.text("]")
}

func (s *stream) value(v any) {
	if s.err != nil {
		return
	}
	s.buf.Reset()
	if s.err = s.enc.Encode(v); s.err == nil {
		_, s.err = s.w.Write(bytes.TrimSuffix(s.buf.Bytes(), []byte("\n")))
	}
}

func (s *stream) text(t string) {
	if s.err == nil {
		_, s.err = io.WriteString(s.w, t)
	}
}

// ReadJSON reads the JSON form of a document, one value and then the end,
// record by record and row by row: encoding/json alone would hold all of the
// JSON while it decodes. Values stay as encoding/json makes them; see
// [Document.TypeValues].
func (d *Document) ReadJSON(r io.Reader) error {
	dec := json.NewDecoder(r)
	if err := readObject(dec, func(key string) error {
		switch key {
		case "schema":
			return dec.Decode(&d.Schema)
		case "document_id":
			return dec.Decode(&d.DocumentID)
		case "source":
			return dec.Decode(&d.Source)
		case "engine":
			return dec.Decode(&d.Engine)
		case "header":
			return dec.Decode(&d.Header)
		case "records":
			return readList(dec, &d.Records, decodeInto)
		case "tables":
			return readList(dec, &d.Tables, readTable)
		case "citations":
			return readList(dec, &d.Citations, decodeInto)
		case "amounts":
			return readList(dec, &d.Amounts, decodeInto)
		case "pages":
			return readList(dec, &d.Pages, decodeInto)
		case "checks":
			return readList(dec, &d.Checks, decodeInto)
		}
		return dec.Decode(new(json.RawMessage))
	}); err != nil {
		return fmt.Errorf("read document: %w", err)
	}
	switch _, err := dec.Token(); err {
	case io.EOF:
		return nil
	case nil:
		return errors.New("read document: more than one JSON value")
	default:
		return fmt.Errorf("read document: %w", err)
	}
}

func readTable(dec *json.Decoder, t *Table) error {
	return readObject(dec, func(key string) error {
		switch key {
		case "pages":
			return dec.Decode(&t.Pages)
		case "columns":
			return dec.Decode(&t.Columns)
		case "head_rows":
			return dec.Decode(&t.HeadRows)
		case "rows":
			return readList(dec, &t.Rows, decodeInto)
		}
		return dec.Decode(new(json.RawMessage))
	})
}

func decodeInto[T any](dec *json.Decoder, v *T) error { return dec.Decode(v) }

// readObject calls member for each member of an object; it reads the value.
func readObject(dec *json.Decoder, member func(key string) error) error {
	if t, err := dec.Token(); err != nil || t == nil {
		return err // null leaves all as it is
	} else if t != json.Delim('{') {
		return fmt.Errorf("%v instead of an object", t)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if err := member(key.(string)); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	_, err := dec.Token()
	return err
}

// readList reads an array item by item; null makes no list.
func readList[T any](dec *json.Decoder, items *[]T, item func(*json.Decoder, *T) error) error {
	if t, err := dec.Token(); err != nil {
		return err
	} else if t == nil {
		*items = nil
		return nil
	} else if t != json.Delim('[') {
		return fmt.Errorf("%v instead of an array", t)
	}
	*items = []T{}
	for dec.More() {
		var one T
		if err := item(dec, &one); err != nil {
			return err
		}
		*items = append(*items, one)
	}
	_, err := dec.Token()
	return err
}
