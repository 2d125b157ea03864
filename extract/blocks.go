package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

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
	number   bool // it holds no more than a number
	cell     bool // its lines fill the width of one column
	label    bool // it is a status label
	wide     int  // letters of its longest line
	lines    int
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
	for _, x := range lines {
		bl.wide = max(bl.wide, utf8.RuneCountInString(x.text))
	}
	_, number := field.Ordinal(lines[0].text)
	bl.number = bl.lines == 1 && bl.wide <= 4 && (number || l.pieces[from].junk)
	bl.label = bl.lines == 1 && l.isLabel(lines[0].text)
	bl.cell = bl.cell && bl.wide < minMerged
	for i, x := range lines {
		bl.cell = bl.cell && !strings.Contains(x.text, "|")
		if i+1 < len(lines) && !ended(x.text) && !bullet(lines[i+1].text) && !l.isLabel(x.text) {
			word, _, _ := strings.Cut(lines[i+1].text, " ")
			room := utf8.RuneCountInString(x.text) + 1 + utf8.RuneCountInString(word)
			bl.cell = bl.cell && float64(room) >= filledLine*float64(bl.wide)
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
		if blocks[i].slot < 0 || !blocks[i].cell || l.p.pattern == nil {
			continue
		}
		if blocks[i].lines > 1 {
			out[l.title] = append(out[l.title], float64(blocks[i].wide))
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
				out[cols[k]] = append(out[cols[k]], float64(x.wide))
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

// isLabel reports whether a line is a status label alone.
func (l *layout) isLabel(text string) bool {
	if l.p.statuses == nil {
		return false
	}
	h, ok := l.p.statuses.Label(text)
	return ok && letters(text[:h.From])+letters(text[h.To:]) == 0
}

// rowFloors tells, by slot, at which piece its row begins at the earliest: where
// its title is a block, with it; else on the page of its title, since cells that
// a page break cuts are not centred.
func (l *layout) rowFloors(blocks []cellBlock) []int {
	out := make([]int, len(l.slots))
	for i, bl := range blocks {
		if bl.slot < 0 {
			continue
		}
		k := i
		for k > 0 && blocks[k-1].page == bl.page && (!bl.cell || l.p.pattern == nil) {
			k--
		}
		for from := bl.from; from < bl.to; from++ {
			if s := l.groups[from].slot; s >= 0 {
				out[s] = blocks[k].from
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
