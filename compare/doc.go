// Package compare lays the reports of one programme side by side: what they
// report on down, the provinces across, status and sum in each cell, and what
// changed between two periods of one province.
//
// Rows come together by the catalogue that the records were linked to, or by
// their titles, never by their numbers, which differ between a plan and the
// reports about it. A link by title that might be wrong says so, as does every
// cell that rests on a field that needs review, and each cell names the
// document, the page and the record that it is from.
//
//	reports ─ Locate ─► province and period
//	records ─ titles ─► subjects, the rows
//	New ─► [Comparison] ─► table, CSV, XLSX, JSON, HTML
//
// It is a room of its own, not a form of export: it reads many documents to say
// something that stands in none of them.
package compare
