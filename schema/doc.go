// Package schema holds the nouns of sohoa: documents, pages, words, tables,
// records, fields and the values they carry. It is the leaf of the import
// graph: it imports the standard library alone, and every other package speaks
// in its terms.
//
// Two families of types live here. The working layers of a page ([Page],
// [Line], [Word], [Grid]) travel between the stages of the pipeline. The
// result ([Document] and what hangs off it) is what users read: its JSON form
// is named by [Version], described by the JSON Schema in document.schema.json
// ([JSONSchema]) and checked by [Document.Validate].
//
// Coordinates are whole pixels of the upright page at its own resolution
// (dots per inch), with the origin at the top left.
package schema

// Version names the JSON form of a [Document].
const Version = "sohoa.document/1"
