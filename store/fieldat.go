package store

import "github.com/sohoa/sohoa/schema"

// FieldAt returns the field at a path, nil when there is none. The pointer
// leads into the document.
func FieldAt(doc *schema.Document, path string) *schema.Field { return lookUp(doc, path) }
