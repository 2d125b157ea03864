package export

import (
	"bufio"
	"io"

	"github.com/sohoa/sohoa/schema"
)

// EncodeJSON writes the document as indented sohoa.document/1, boxes and line
// ranges on one line.
func EncodeJSON(w io.Writer, doc *schema.Document) error {
	doc.Seal()
	in := &indenter{w: bufio.NewWriterSize(w, 1<<16)}
	// "&" and "<" stand in Vietnamese texts and nobody reads this as HTML.
	if err := doc.WriteJSON(in, false); err != nil {
		return err
	}
	_ = in.w.WriteByte('\n') // Flush tells
	return in.w.Flush()
}

// An indenter indents the JSON that is written to it, which has no white space
// of its own, by two spaces a level. Arrays of whole numbers stay on one line.
type indenter struct {
	w        *bufio.Writer // keeps its first error
	depth    int
	inString bool
	escaped  bool
	opened   bool   // the last byte was { or [
	numbers  []byte // of an array that may be one of whole numbers, from its [ on; empty outside
}

func (in *indenter) Write(p []byte) (int, error) {
	for i, c := range p {
		if len(in.numbers) > 0 {
			if !in.number(c) {
				continue
			}
		}
		if err := in.byte(c); err != nil {
			return i, err
		}
	}
	return len(p), nil
}

// number takes a byte behind a [ and reports whether it is still to be written:
// then the array is none of whole numbers and what was held back is out.
func (in *indenter) number(c byte) bool {
	last := in.numbers[len(in.numbers)-1]
	switch {
	case c >= '0' && c <= '9', c == '-', c == ',' && last != '[':
		in.numbers = append(in.numbers, c)
		return false
	case c == ']' && last != '[':
		for _, d := range in.numbers {
			_ = in.w.WriteByte(d)
			if d == ',' {
				_ = in.w.WriteByte(' ')
			}
		}
		_ = in.w.WriteByte(c)
		in.numbers = in.numbers[:0]
		return false
	}
	held := in.numbers
	in.numbers = nil
	_ = in.w.WriteByte('[')
	in.depth++
	in.opened = true
	for _, d := range held[1:] {
		_ = in.byte(d)
	}
	in.numbers = held[:0]
	return true
}

func (in *indenter) byte(c byte) error {
	if in.inString {
		switch {
		case in.escaped:
			in.escaped = false
		case c == '\\':
			in.escaped = true
		case c == '"':
			in.inString = false
		}
		return in.w.WriteByte(c)
	}
	if in.opened && c != '}' && c != ']' {
		in.newline()
	}
	switch c {
	case '[':
		in.opened = false
		in.numbers = append(in.numbers, c)
		return nil
	case '{':
		_ = in.w.WriteByte(c)
		in.depth++
		in.opened = true
		return nil
	case '}', ']':
		in.depth--
		if !in.opened {
			in.newline()
		}
		in.opened = false
		return in.w.WriteByte(c)
	}
	in.opened = false
	switch c {
	case ',':
		_ = in.w.WriteByte(c)
		in.newline()
		return nil
	case ':':
		_ = in.w.WriteByte(c)
		return in.w.WriteByte(' ')
	case '"':
		in.inString = true
	}
	return in.w.WriteByte(c)
}

func (in *indenter) newline() {
	_ = in.w.WriteByte('\n')
	for range in.depth {
		_, _ = in.w.WriteString("  ")
	}
}
