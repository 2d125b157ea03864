package extract

import "github.com/sohoa/sohoa/schema"

// Woven gives tests the weights that part woven lines.
var Woven = &weighWoven

// For tests of parts that no torn text reaches.
var (
	ReadMeasure = readMeasure
	GroupLetter = groupLetter
)

// UnitNotes reads the notes of units on pages that belong to tables.
func UnitNotes(pages []schema.Page, tables []schema.Table) []string {
	lines := flatten(pages)
	var out []string
	for i := range tables {
		out = append(out, (&builder{lines: lines}).unitNote(&tables[i]))
	}
	return out
}
