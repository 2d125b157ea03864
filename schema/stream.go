package schema

import (
	"bytes"
	"encoding/json"
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
