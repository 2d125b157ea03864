// Package table turns ruling lines into grids of cells, puts words into them,
// and joins what stands on several pages into whole tables.
//
// [Grids] works on the rules of one page.
// [Place] fills the cells of a page from its text
// layer. [Join] takes all pages of a document and returns its tables, with
// rows that a page break cut in one piece again. [ReadingOrder] sorts the
// running text around the tables.
package table
