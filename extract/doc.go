// Package extract makes records, header fields, citations, amounts and checks
// of pages and tables.
//
// It goes from what is sure to what is less so. Tables whose grid is known are
// matched to a [Profile] by their heads and read row by row. Where the grid is
// lost, as in text that another OCR left, the same profiles serve: the document
// is cut at its appendices, each piece is matched to a profile by the heads
// that stand in it, and its lines are given to rows and columns by a search
// over the whole piece. What remains is running text: it is searched
// for the documents that it cites, for sums of money and for statements that
// the tables can be held against.
//
// Nothing is dropped silently. Lines of a table that found no row are listed in
// a check of the rule "unplaced". Checks never change data.
package extract
