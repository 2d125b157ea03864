package extract

import (
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
)

// Where OCR saw the white around cells it wrote them down one by one, with blank
// lines between. Such blocks tell more than their words: how wide their column
// is, since a line ends where the next word does not fit; and where a row whose
// title is a block begins.

// A cellBlock is a run of lines between blank ones.
type cellBlock struct {
	from, to int // pieces
	slot     int // of the row that begins in it, or -1
	page     int
	number   bool    // it holds no more than a number
	cell     bool    // its lines fill the width of one column
	label    bool    // it is a status label
	wide     float64 // of its longest line, in print
	lines    int
	over     bool // its last line ends a sentence
	lower    bool // its first begins with a small letter
	bullet   bool // with a bullet
}

// cellBlocks returns the blocks of the table.
func (l *layout) cellBlocks() []cellBlock {
	var out []cellBlock
	for from := 0; from < len(l.pieces); {
		to := from + 1
		for to < len(l.pieces) && !l.pieces[to].gap && l.b.lines[l.pieces[to].line].page == l.b.lines[l.pieces[from].line].page {
			to++
		}
		out = append(out, l.blockOf(from, to))
		from = to
	}
	return out
}

// blockOf describes the block of pieces from to to.
func (l *layout) blockOf(from, to int) cellBlock {
	bl := cellBlock{from: from, to: to, slot: -1, page: l.b.lines[l.pieces[from].line].page, cell: true}
	var lines []*textLine
	for i := from; i < to; i++ {
		if s := l.groups[i].slot; s >= 0 {
			bl.slot = s
		}
		bl.cell = bl.cell && !l.barrier(i)
		if i == from || l.pieces[i].line != l.pieces[i-1].line {
			lines = append(lines, &l.b.lines[l.pieces[i].line])
		}
	}
	bl.lines = len(lines)
	first, last := &l.pieces[from], &l.pieces[to-1]
	bl.over, bl.lower, bl.bullet = last.over, first.lower, first.bullet
	for _, x := range lines {
		bl.wide = max(bl.wide, l.p.wideOf(x.text))
	}
	_, number := field.Ordinal(lines[0].text)
	bl.number = bl.lines == 1 && bl.wide <= 4 && (number || l.pieces[from].junk)
	bl.label = bl.lines == 1 && l.isLabel(lines[0].text) || bl.lines == 2 && l.isLabel(lines[0].text+" "+lines[1].text)
	bl.cell = bl.cell && bl.wide < minMerged
	for i, x := range lines {
		bl.cell = bl.cell && !strings.Contains(x.text, "|")
		if i+1 < len(lines) && !ended(x.text) && !bullet(lines[i+1].text) && !l.isLabel(x.text) {
			word, _, _ := strings.Cut(lines[i+1].text, " ")
			bl.cell = bl.cell && l.p.wideOf(x.text+" "+word) >= filledLine*bl.wide
		}
	}
	return bl
}

// filledLine is how much of its column a line that goes on below fills at least,
// with the word that did not fit.
const filledLine = 0.8

// blockWidths measures, by column, how wide the lines of cells are in rows that
// came block by block with no cell missing, and the titles of all rows that are
// blocks.
func (l *layout) blockWidths(blocks []cellBlock) [][]float64 {
	out := make([][]float64, len(l.p.Columns))
	cols := l.textColumns()
	for i := range blocks {
		if blocks[i].slot < 0 || !blocks[i].cell {
			continue
		}
		if l.p.pattern == nil {
			if i++; !blocks[i-1].number || !l.numbersFirst || i == len(blocks) || !blocks[i].cell || blocks[i].number || blocks[i].label {
				continue
			}
		}
		if blocks[i].lines > 1 {
			out[l.title] = append(out[l.title], blocks[i].wide)
		}
		var row []cellBlock
		for k := i + 1; k < len(blocks) && blocks[k].slot < 0 && blocks[k].page == blocks[i].page; k++ {
			if !blocks[k].number && !blocks[k].label {
				row = append(row, blocks[k])
			}
		}
		if len(row) != len(cols) || slices.ContainsFunc(row, func(x cellBlock) bool { return !x.cell }) {
			continue
		}
		for k, x := range row {
			if x.lines > 1 {
				out[cols[k]] = append(out[cols[k]], x.wide)
			}
		}
	}
	return out
}

// textColumns are the columns that stand behind the titles and hold text of
// their own.
func (l *layout) textColumns() []int {
	var out []int
	for c := range l.p.Columns {
		switch l.p.Columns[c].Type {
		case TypeOrdinal, TypeStatus:
		default:
			if c != l.title && !l.lacks[c] {
				out = append(out, c)
			}
		}
	}
	return out
}

// statusColumn is the column of status labels, or -1.
func (l *layout) statusColumn() int {
	c := l.p.column(func(c *Column) bool { return c.Type == TypeStatus })
	if c >= 0 && l.lacks[c] {
		return -1
	}
	return c
}

// isLabel reports whether a line is a status label alone.
func (l *layout) isLabel(text string) bool {
	if l.p.statuses == nil {
		return false
	}
	h, ok := l.p.statuses.Label(text)
	return ok && letters(text[:h.From]) <= 2 && letters(text[h.To:]) == 0 // "đã" before it is part of some
}

// rowFloors tells, by slot, at which piece its row begins at the earliest: where
// its title is a block, with it; else on the page of its title, since cells that
// a page break cuts are not centred. A row whose title is known goes on to its end.
func (l *layout) rowFloors(blocks []cellBlock) []int {
	out := make([]int, len(l.slots))
	for i, bl := range blocks {
		if bl.slot < 0 {
			continue
		}
		k := i
		sure := bl.cell && (l.p.pattern != nil || bl.number && l.numbersFirst)
		for k > 0 && blocks[k-1].page == bl.page && !sure {
			k--
		}
		for from := bl.from; from < bl.to; from++ {
			if s := l.groups[from].slot; s >= 0 {
				out[s] = blocks[k].from
			}
		}
	}
	for i := range l.pieces {
		for _, w := range l.pieces[i].words {
			s, ok := l.titled[w.src]
			if ok && s+1 < len(out) && l.slots[s+1].anchor > i {
				out[s+1] = max(out[s+1], i+1)
			}
		}
	}
	return out
}

// labelsAbove notes that the table has no column of status labels, when a block
// that is a cell begins with one and goes on.
func (l *layout) labelsAbove(blocks []cellBlock) {
	for c := range l.p.Columns {
		if l.p.Columns[c].Type == TypeStatus && slices.ContainsFunc(blocks, func(bl cellBlock) bool {
			return bl.cell && bl.lines > 1 && bl.slot < 0 && l.isLabel(l.b.lines[l.pieces[bl.from].line].text)
		}) {
			l.lacks[c] = true
		}
	}
}

// Weights of the places of blocks, in points.
const (
	blockTooWide  = -25.0 // for each width of the column that a block is wider
	blockTooSlim  = -15.0 // or that one of several lines is narrower
	blockSlack    = 0.13  // of a column's width, either way
	blockMisfit   = -8.0  // at most
	blockNext     = -1.0  // a cell has another block
	blockGoesOn   = 2.0   // which goes on from an open sentence
	blockOwn      = -1.5  // or should, and stands in another cell
	blockSkip     = -0.5  // a cell is empty
	blockEmitMost = 3.0
)

// placeBlocks gives the rows that came cell by cell their cells: blocks stand in
// the order of the columns, and each is as wide as its own. It notes the places
// in fixed, by piece; noPlace elsewhere.
func (l *layout) placeBlocks(blocks []cellBlock, widths []float64) {
	l.fixed = make([]place, len(l.pieces))
	for i := range l.fixed {
		l.fixed[i] = place{noPlace, noPlace, 0}
	}
	for i := range blocks {
		row := l.blockRow(blocks, i)
		title := &blocks[i]
		if l.p.pattern == nil {
			if len(row) == 0 || row[0].number || row[0].label {
				continue
			}
			title, row = &row[0], row[1:] // behind its number
			title.slot = blocks[i].slot
		}
		if len(row) == 0 {
			continue
		}
		cols := l.placeRow(title, row, widths)
		fix := func(bl *cellBlock, c int) {
			for k := bl.from; k < bl.to; k++ {
				l.fixed[k] = place{blocks[i].slot, c, blockMargin}
			}
		}
		fix(title, l.title)
		for k := range row {
			if c := cols[k]; c >= 0 {
				fix(&row[k], c)
			}
		}
	}
	for i, p := range l.fixed {
		if p.row >= 0 {
			l.best[i] = p
		}
	}
}

// blockMargin is how sure the places of blocks are, in points.
const blockMargin = 2.0

// blockRow returns the blocks behind a title that is one, or behind a number where
// rows begin with theirs, down to the next row or the page's end; nil where they
// are not all cells.
func (l *layout) blockRow(blocks []cellBlock, i int) []cellBlock {
	if blocks[i].slot < 0 || !blocks[i].cell || l.p.pattern == nil && !(blocks[i].number && l.numbersFirst) {
		return nil
	}
	end := i + 1
	for end < len(blocks) && blocks[end].slot < 0 && blocks[end].page == blocks[i].page {
		if !blocks[end].cell && !blocks[end].number {
			return nil
		}
		end++
	}
	if end < len(blocks) && blocks[end].slot >= 0 && !blocks[end].cell && blocks[end].page == blocks[i].page {
		return nil // the next row may begin above its title
	}
	for end > i+1 && blocks[end-1].number {
		end--
	}
	return blocks[i+1 : end]
}

// beginsWithNumbers reports whether the rows that came cell by cell begin with
// their numbers, as they do where OCR read cells from left to right: no cell stands
// above the first of them on a page, below its heads, or below a group row.
func (l *layout) beginsWithNumbers(blocks []cellBlock) bool {
	numbers, cells := 0, 0
	for i, top := range blocks {
		if i > 0 && blocks[i-1].page == top.page && !l.barrier(blocks[i-1].from) {
			continue
		}
		if i+1 < len(blocks) && top.number && top.slot < 0 && blocks[i+1].page == top.page {
			top = blocks[i+1] // below the page's number
		}
		switch {
		case top.slot >= 0 && top.number:
			numbers++
		case top.slot < 0 && top.cell && !top.lower:
			cells++
		}
	}
	return numbers >= cells
}

// placeRow finds the columns of the blocks of a row behind the one where its
// title begins, -1 for numbers.
func (l *layout) placeRow(title *cellBlock, row []cellBlock, widths []float64) []int {
	cols := append([]int{l.title}, l.textColumns()...)
	last, from := l.blockWays(cols, title, row, widths)
	k := 0
	for c := range last {
		if last[c] > last[k] {
			k = c
		}
	}
	out := make([]int, len(row))
	for b := len(row); b > 0; b-- {
		switch {
		case row[b-1].number:
			out[b-1] = -1
		case row[b-1].label && l.statusColumn() >= 0:
			out[b-1] = l.statusColumn()
		default:
			out[b-1] = cols[k]
		}
		k = from[b][k]
	}
	return out
}

// blockWays gives the blocks of a row columns that never go back to the left: the best score
// by the place of the last block's column in cols, and for each block where it came from.
func (l *layout) blockWays(cols []int, title *cellBlock, row []cellBlock, widths []float64) (last []float64, from [][]int) {
	last, from = unreached(len(cols)), make([][]int, len(row)+1)
	from[0] = make([]int, len(cols))
	last[0] = 0
	prev := title // the block before that is none of a number
	for b := range row {
		bl := &row[b]
		from[b+1] = make([]int, len(cols))
		if bl.number || bl.label && l.statusColumn() >= 0 {
			for k := range cols {
				from[b+1][k] = k
			}
			continue
		}
		next := unreached(len(cols))
		for k := range cols {
			if math.IsInf(last[k], -1) {
				continue
			}
			for c := k; c < len(cols); c++ {
				s := last[k] + l.blockFits(title.slot, bl, cols[c], widths[cols[c]]) + l.blockAfter(prev, bl, c == k)
				s += blockSkip * float64(max(c-k-1, 0))
				if s > next[c] {
					next[c], from[b+1][c] = s, k
				}
			}
		}
		last, prev = next, bl
	}
	return last, from
}

// unreached are n scores of what no way leads to yet.
func unreached(n int) []float64 {
	scores := make([]float64, n)
	for k := range scores {
		scores[k] = math.Inf(-1)
	}
	return scores
}

// blockFits scores a block in a column by its width and by what it says.
func (l *layout) blockFits(row int, bl *cellBlock, c int, wide float64) float64 {
	s := l.titledPiece(row, bl.from, c)
	if c == l.title && l.inEntry(row, bl.from) {
		s += scoreEntry
	}
	for i := bl.from; i < bl.to; i++ {
		emit := max(-blockEmitMost, min(blockEmitMost, l.emit[i][c]))
		if i > bl.from {
			emit /= float64(bl.to - bl.from)
		}
		s += emit
	}
	if wide > 0 {
		switch r := bl.wide / wide; {
		case r > 1+blockSlack:
			s += max(blockMisfit, blockTooWide*(r-1-blockSlack))
		case r < 1-blockSlack && bl.lines > 2:
			s += max(blockMisfit, blockTooSlim*(1-blockSlack-r))
		}
	}
	return s
}

// blockAfter scores a block behind another one, in its cell or in the next.
func (l *layout) blockAfter(a, b *cellBlock, same bool) float64 {
	open := !a.over && b.lower && !a.label
	switch {
	case same && (a.label || open):
		return blockGoesOn + scoreFollow*l.follows(a.to-1, b.from)
	case same && b.bullet:
		return 0
	case same:
		return blockNext + scoreFollow*min(0, l.follows(a.to-1, b.from))
	case open:
		return blockOwn
	}
	return 0
}
