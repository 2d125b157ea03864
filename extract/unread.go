package extract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// A column whose head no field has, and a table that no report type knows, stand under
// `tables` alone. Checks name them, so that nothing that was read is missing from the records
// in silence.

// An unreadColumn is a column of a table of records whose cells are in no field.
type unreadColumn struct {
	head   string
	cells  int // with text
	places []schema.Place
}

// reportUnread names the columns of a table that fit no field of the profile; where is what
// the table is called, or "".
func (b *builder) reportUnread(p *Profile, where string, columns []unreadColumn) {
	var names []string
	var places []schema.Place
	for _, c := range columns {
		if c.cells == 0 {
			continue
		}
		count := strconv.Itoa(c.cells) + " cells"
		if c.cells == 1 {
			count = "1 cell"
		}
		names = append(names, quoteStart(c.head)+" ("+count+" with text)")
		places = append(places, c.places...)
	}
	if len(names) == 0 {
		return
	}
	b.check(schema.Check{
		Rule: "column_unread", Severity: schema.Info, Places: places,
		Message: fmt.Sprintf("columns%s fit no field of the type %q: %s", where, p.Name, strings.Join(names, ", ")),
	})
}

// unreadColumns lists the columns of a known grid that were read to no field.
func unreadColumns(best profileFit, t *schema.Table) []unreadColumn {
	var out []unreadColumn
	grid, heads := spread(t), tableHeads(t)
	for c, head := range heads {
		if best.assigned[c] >= 0 || isOneOf(best.spans, c) {
			continue
		}
		one := unreadColumn{head: head, places: t.Columns[c].Boxes}
		seen := make(map[*schema.Cell]bool)
		for _, row := range grid[min(t.HeadRows, len(grid)):] {
			cell := row[c]
			if cell == nil || cell.ColSpan > 1 || seen[cell] {
				continue
			}
			seen[cell] = true
			if text := cellPassage(cell).trimmed(); letterOrDigit(text.text) {
				if one.cells++; len(one.places) == 0 {
					one.places = text.places()
				}
			}
		}
		out = append(out, one)
	}
	return out
}

// unreadColumns lists the columns of a piped table that were read to no field; cells are
// those from the first head on.
func (t *pipedTable) unreadColumns(cells []pipedCell) []unreadColumn {
	var out []unreadColumn
	w := len(t.assigned)
	steps := pipedSteps(cells[w:], w)
	for c, head := range t.heads {
		if t.assigned[c] >= 0 || isOneOf(t.spans, c) {
			continue
		}
		one := unreadColumn{head: head, places: cells[c].text.places()}
		for _, step := range steps {
			if step.kind == pipedRow && letterOrDigit(cells[w+step.from+c].text.text) {
				one.cells++
			}
		}
		out = append(out, one)
	}
	return out
}

// reportUnknown tells of a table that no report type knows, if it has rows as tables of
// records do: with a number, or with figures in two cells.
func (b *builder) reportUnknown(t *schema.Table, number int) {
	const fewestRows = 2
	rows := 0
	for _, row := range spread(t)[min(t.HeadRows, len(t.Rows)):] {
		figures, numbered, texts := 0, false, 0
		for c, cell := range row {
			if cell == nil || c > 0 && row[c-1] == cell {
				continue
			}
			switch text := strings.TrimSpace(cell.Text); {
			case c == 0 && rowNumber.MatchString(text):
				numbered = true
			case bareMeasure.MatchString(text):
				figures++
			case letterOrDigit(text):
				texts++
			}
		}
		if figures > 1 || numbered && figures+texts > 1 {
			rows++
		}
	}
	if rows < fewestRows || len(t.Columns) < fewestColumns {
		return
	}
	var heads []string
	for _, h := range tableHeads(t) {
		if h != "" {
			heads = append(heads, h)
		}
	}
	var places []schema.Place
	for _, c := range t.Columns {
		places = append(places, c.Boxes...)
	}
	b.check(schema.Check{
		Rule: "table_unread", Severity: schema.Info, Places: slices.Clip(places),
		Message: fmt.Sprintf("table %d fits no report type, so its %d rows are no records: %s", number, rows, quoteStart(strings.Join(heads, " | "))),
	})
}
