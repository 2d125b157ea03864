package extract

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// fromTable reads the rows of a table whose grid is known.
func (b *builder) fromTable(best profileFit, t *schema.Table, index *int) []*row {
	p, assigned := best.profile, best.assigned
	grid := spread(t)
	var rows []*row
	byCell := make(map[*schema.Cell][]*row)
	absent := make(map[int]bool)
	for c := range p.Columns {
		absent[c] = !slices.Contains(assigned, c) && !slices.Contains(wanted(best.spans), c)
	}
	heads, units := tableHeads(t), b.unitsOf(t, assigned)
	var group *schema.Group
	var groups []*schema.Group
	var numerals []string // of group rows, as they stand in a cell of their own
	numbered := false     // group rows have a cell for their numeral, with ink in it
	for r := t.HeadRows; r < len(grid); r++ {
		if g, numeral, apart, ok := b.groupRow(p, grid[r], len(groups)+1); ok {
			group = &g
			groups = append(groups, group)
			numerals = append(numerals, numeral)
			numbered = numbered || apart
			continue
		}
		if isHeadRow(p, grid[r], heads, assigned) {
			continue
		}
		if totalRow(p, grid[r], assigned) {
			b.totals = append(b.totals, totalSums{len(rows), rowSums(p, grid[r], assigned, units)})
			continue
		}
		one := &row{cells: make([]passage, len(p.Columns)), position: map[int]float64{}, shared: map[int][]*row{}, group: group, table: index, absent: absent, units: units, guessed: best.guessed}
		own := 0
		for c, cell := range grid[r] {
			if cell == nil || c >= len(assigned) || assigned[c] < 0 && !isOneOf(best.spans, c) {
				continue
			}
			text := cellPassage(cell).trimmed()
			if len(text.words) == 0 {
				continue
			}
			if assigned[c] < 0 {
				if cell.RowSpan == 1 {
					own++
				}
				continue
			}
			if cell.RowSpan == 1 {
				own++
			}
			w := assigned[c]
			// A cell over several columns belongs to the first of them that
			// the profile knows.
			if c > 0 && grid[r][c-1] == cell && assigned[c-1] >= 0 {
				continue
			}
			one.cells[w] = text
			byCell[cell] = append(byCell[cell], one)
		}
		if own == 0 {
			continue
		}
		one.crosses(p, best.spans, func(c int) passage {
			if c >= len(grid[r]) || grid[r][c] == nil || c > 0 && grid[r][c-1] == grid[r][c] {
				return passage{}
			}
			return cellPassage(grid[r][c]).trimmed()
		})
		b.readNumber(p, one)
		rows = append(rows, one)
	}
	settleGroups(p, groups, numerals, numbered)
	for cell, sharers := range byCell {
		if len(sharers) < 2 {
			continue
		}
		for _, s := range sharers {
			for c, a := range assigned {
				if a >= 0 && c >= cell.Col && c < cell.Col+cell.ColSpan {
					s.shared[a] = sharers
				}
			}
		}
	}
	b.settleNumbers(p, rows)
	return rows
}

// unitsOf tells by column of the profile in which unit of money a table's head, or
// a line above it, says that numbers are counted.
func (b *builder) unitsOf(t *schema.Table, assigned []int) map[int]string {
	units := make(map[int]string)
	note := b.unitNote(t)
	for c, head := range tableHeads(t) {
		if c >= len(assigned) || assigned[c] < 0 {
			continue
		}
		unit := field.MoneyUnit(head)
		if unit == "" {
			unit = note
		}
		if unit != "" {
			units[assigned[c]] = unit
		}
	}
	return units
}

// unitNote reads the line "Đơn vị tính: triệu đồng" on the page that a table begins
// on: the nearest above the table, so that two tables of a page have their own. Where
// places are not known it is the page's; "" when there is none, or two that differ.
func (b *builder) unitNote(t *schema.Table) string {
	if len(t.Pages) == 0 {
		return ""
	}
	note, from := "", 0
	top, placed := topOf(t, t.Pages[0])
	for i := range b.lines {
		l := &b.lines[i]
		u := ""
		if l.page == t.Pages[0] {
			u = field.UnitNote(l.text)
		}
		switch {
		case u == "":
		case placed && !l.box.Empty():
			if l.box.Y0 < top && l.box.Y0 >= from {
				note, from = u, l.box.Y0
			}
		case note != "" && note != u:
			return ""
		default:
			note = u
		}
	}
	return note
}

// topOf is the upper edge of a table on a page, in pixels; false when its cells have no
// places there.
func topOf(t *schema.Table, page int) (top int, ok bool) {
	for _, row := range t.Rows {
		for _, cell := range row {
			for _, at := range cell.Boxes {
				if at.Page == page && at.Box != nil && (!ok || at.Box.Y0 < top) {
					top, ok = at.Box.Y0, true
				}
			}
		}
	}
	return top, ok
}

// spread puts each cell in every place of the grid that it covers.
func spread(t *schema.Table) [][]*schema.Cell {
	width := len(t.Columns)
	for _, r := range t.Rows {
		for i := range r {
			width = max(width, r[i].Col+max(r[i].ColSpan, 1))
		}
	}
	grid := make([][]*schema.Cell, len(t.Rows))
	for i := range grid {
		grid[i] = make([]*schema.Cell, width)
	}
	for ri, r := range t.Rows {
		next := 0
		for i := range r {
			cell := &r[i]
			row, col := cell.Row, cell.Col
			// Tables read back from JSON have lost their places: rows stand in
			// order, cells fill what merged ones from above leave free.
			if row == 0 && col == 0 && (ri > 0 || i > 0) {
				row = ri
				for next < width && grid[ri][next] != nil {
					next++
				}
				col = next
			}
			for dr := 0; dr < max(cell.RowSpan, 1); dr++ {
				for dc := 0; dc < max(cell.ColSpan, 1); dc++ {
					if row+dr < len(grid) && col+dc < width && grid[row+dr][col+dc] == nil {
						grid[row+dr][col+dc] = cell
					}
				}
			}
			next = col + max(cell.ColSpan, 1)
		}
	}
	return grid
}

// groupRow recognises a row that names a group: one text, alone or behind a
// numeral, in a cell over most columns or with nothing beside it. apart tells
// that a cell for the numeral stands before the name, numeral what it holds.
func (b *builder) groupRow(p *Profile, cells []*schema.Cell, next int) (g schema.Group, numeral string, apart, ok bool) {
	var texts []passage
	seen := make(map[*schema.Cell]bool)
	width, widest, filled := len(cells), 0, 0
	behind := false // a wide cell stands behind the first one
	for i, c := range cells {
		if c == nil || seen[c] {
			continue
		}
		seen[c] = true
		if c.RowSpan > 1 {
			return g, "", false, false
		}
		behind = behind || i > 0 && c.ColSpan > 1
		text := cellPassage(c).trimmed()
		if len(text.words) == 0 {
			continue
		}
		filled++
		widest = max(widest, c.ColSpan)
		texts = append(texts, text)
	}
	switch {
	case filled == 0 || filled > 2 || width < 3:
		return g, "", false, false
	case filled == 2 && letters(texts[0].text) > 4 && len(texts[0].text) > 5:
		return g, "", false, false
	}
	all := concat(texts...)
	if p.pattern != nil {
		if _, _, _, ok := p.pattern.in(all, 6); ok {
			return g, "", false, false
		}
	}
	score := 0.0
	if filled == 2 {
		// The numeral has a cell of its own, so what was read of it is no part
		// of the name, however damaged it is.
		var alone schema.Group
		g, score = readGroup(p, texts[1], 0)
		alone, _ = readGroup(p, concat(texts[0].asRead(), texts[1]), next)
		if g.Number = ""; alone.Number != "" && alone.Name == g.Name {
			g.Number = alone.Number
			score += 0.35
		}
		numeral, apart = texts[0].asRead().text, true
	} else {
		g, score = readGroup(p, all, next)
		apart = behind
	}
	if 2*widest > width {
		score += 0.6
	}
	// A row with a plain number and a title, its other cells empty, is a
	// record without news, not a group.
	if filled == 2 && 2*widest <= width && isArabic(texts[0].text, 0) && g.Declared == nil {
		return g, numeral, apart, false
	}
	return g, numeral, apart, score >= 0.6
}

// isHeadRow recognises a head that is printed again on a later page, by the heads
// of the table and by the wordings of the profile.
func isHeadRow(p *Profile, cells []*schema.Cell, heads []string, assigned []int) bool {
	const alike = 0.75
	same, filled := 0, 0
	for c, cell := range cells {
		if cell == nil || c >= len(assigned) || assigned[c] < 0 {
			continue
		}
		text := strings.TrimSpace(cellPassage(cell).text)
		if text == "" {
			continue
		}
		filled++
		known, _ := likeHead(text, p.heads[assigned[c]], 0)
		if known >= alike || normalize.Similarity(text, heads[c]) >= alike {
			same++
		}
	}
	return filled >= 2 && same*3 >= filled*2
}

// totalRow recognises a row that sums up the rows above it: by a wording of the
// profile, or by its name where it has no number.
func totalRow(p *Profile, cells []*schema.Cell, assigned []int) bool {
	named, numbered := false, false
	for c, cell := range cells {
		if cell == nil {
			continue
		}
		text := cellPassage(cell).text
		if p.isTotal(text) {
			return true
		}
		if c >= len(assigned) || assigned[c] < 0 {
			continue
		}
		switch p.Columns[assigned[c]].Type {
		case TypeOrdinal:
			_, is := field.Ordinal(text)
			numbered = numbered || is && cell.ColSpan == 1
			named = named || sumsUp(text)
		case TypeTitle:
			named = named || sumsUp(text)
		}
	}
	return named && !numbered
}
