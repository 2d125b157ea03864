package review

import (
	"context"

	"github.com/sohoa/sohoa/schema"
)

// What the API shares with the pages: both take the same files, understand the
// same texts and show the same pictures.

// Value makes the typed value of a field of a text, as the pages do when a
// person has typed it. The error is a [Complaint] when the text does not fit.
func (v *Server) Value(name string, f *schema.Field, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	kind := kindOf(name, f)
	if kind == Text {
		return text, nil
	}
	value, err := v.set.Interpret(kind, text)
	if m, ok := value.(schema.Money); ok && err == nil {
		// What a sum says besides the figure stays.
		if old, ok := f.Value.(schema.Money); ok {
			m.Column, m.SharedWith = old.Column, old.SharedWith
		}
		return m, nil
	}
	return value, err
}

// Doubled reports whether two people have to type the field at the path without
// seeing each other's; no program may settle it for them.
func (v *Server) Doubled(path string, f *schema.Field) bool { return v.doubled(path, f) }

// PagePicture returns a JPEG of a page, at most as wide as asked, in pixels.
func (v *Server) PagePicture(ctx context.Context, document string, version, page, width int) ([]byte, error) {
	return v.pictures.view(ctx, document, version, page, width)
}

// Crop returns a JPEG of a box of a page and a little around it. The box is in
// pixels of the page as the document has it, across being its width there.
func (v *Server) Crop(ctx context.Context, document string, version, page, across int, box schema.Box) ([]byte, error) {
	return v.pictures.crop(ctx, document, version, page, across, box)
}

// FileName keeps the last part of the name that a client sent, without what
// could mislead: folders, control characters.
func FileName(s string) string { return fileName(s) }

// MediaType tells by the first bytes of a file which kind it is, "" for those
// that cannot be read. 512 bytes are enough.
func MediaType(head []byte) string { return mediaType(head) }

// OneLine makes one line of what was typed, as the pages do.
func OneLine(text string) string { return clean(text) }
