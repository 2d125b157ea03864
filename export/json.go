package export

import (
	"encoding/json"
	"io"

	"github.com/sohoa/sohoa/schema"
)

// EncodeJSON writes the document as indented sohoa.document/1.
func EncodeJSON(w io.Writer, doc *schema.Document) error {
	doc.Seal()
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false) // "&" and "<" stand in Vietnamese texts and nobody reads this as HTML
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}
