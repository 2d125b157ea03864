package export

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"

	"github.com/sohoa/sohoa/schema"
)

// numbers is an indented array of numbers. JSON strings hold no line breaks, so
// it matches nothing within one.
var numbers = regexp.MustCompile(`\[\n\s+-?\d+(?:,\n\s+-?\d+)*\n\s+\]`)

var breaks = regexp.MustCompile(`\n\s+`)

// EncodeJSON writes the document as indented sohoa.document/1, boxes and line
// ranges on one line.
func EncodeJSON(w io.Writer, doc *schema.Document) error {
	doc.Seal()
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false) // "&" and "<" stand in Vietnamese texts and nobody reads this as HTML
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := w.Write(numbers.ReplaceAllFunc(buf.Bytes(), func(array []byte) []byte {
		inner := breaks.ReplaceAll(array[1:len(array)-1], []byte(" "))
		return append(append([]byte{'['}, bytes.TrimSpace(inner)...), ']')
	}))
	return err
}
