package extract

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

// Where the grid of a table is lost, cells are doubted by the row that they stand in.
// Text that was read went somewhere: an empty cell has lost its text only where another
// cell of the row, or the same one of a row beside it, has it, or where words found no
// place at all. A cell in whose row nothing else is said has little to be confused
// with. And a line that ends long before its column does, though the next one would
// have had room on it, has lost words to a neighbour.

// doubtRows doubts the fields of rows whose grid was lost. It comes before the fields
// are judged.
func (b *builder) doubtRows() {
	left := make([]int, len(b.lines)+1) // letters without a place on the lines before each
	for _, p := range b.left {
		left[p.words[0].line+1] += letters(p.text)
	}
	for i := range b.lines {
		left[i+1] += left[i]
	}
	for i := range b.tables {
		if t := &b.tables[i]; t.section != nil {
			b.doubtLost(t, left)
		}
	}
}

// doubtLost doubts the fields of a table.
func (b *builder) doubtLost(t *recordTable, left []int) {
	said, widths, intruders, untitled := t.said(), t.columnWidths(), t.intruders(), t.untitled()
	headless := round4(t.heads.share())
	for k, r := range t.rows {
		if r.table != nil || r.known {
			continue
		}
		row := 0 // letters that the row's cells say besides its title
		for _, n := range said[k] {
			row += n
		}
		lost, around := scaled(lettersAround(t.rows, k, left)), scaled(besideRow(said, k, 0, len(said[k])))
		doubt := func(d []float64, others int, empty bool) {
			d[confidence.Crowd], d[confidence.Lost] = scaled(others), lost
			d[confidence.Intruded], d[confidence.Untitled] = scaled(intruders[k]), untitled[k]
			d[confidence.Own], d[confidence.Missing] = t.heads.own, headless
			if empty {
				d[confidence.Around] = around
			}
		}
		rec := &b.res.Records[t.records[k]]
		if f := rec.Fields["status"].One; f != nil && f.Value == nil && f.Evidence != nil {
			doubt(f.Evidence.Doubts, row, true)
		}
		if f := rec.Fields["number"].One; f != nil && f.Evidence != nil {
			d := f.Evidence.Doubts
			d[confidence.Lost], d[confidence.Untitled] = lost, untitled[k]
			d[confidence.Own], d[confidence.Missing] = t.heads.own, headless
			if b.unreadBeside(t, k) {
				d[confidence.Beside] = 1
			}
		}
		for c := range t.profile.Columns {
			col := &t.profile.Columns[c]
			if col.Type == TypeOrdinal {
				continue
			}
			f := rec.Fields[col.Field].One
			if f == nil || f.Evidence == nil {
				continue
			}
			d := f.Evidence.Doubts
			doubt(d, row-said[k][c], f.Text == "")
			if t.heads.lacks(c) {
				d[confidence.Headless] = 1
			}
			if f.Text != "" {
				d[confidence.Gapped], d[confidence.Wide] = offWidth(r.cells[c], widths[c])
				d[confidence.Holes] = holes(r.cells[c])
				continue
			}
			d[confidence.Beside] = scaled(besideRow(said, k, c, c+1))
			if col.Type == TypeTitle || col.Type == TypeAgency || col.Type == TypeUnit {
				d[confidence.Needed] = 1
			}
		}
	}
}

// unreadBeside reports whether the number of the row above or below was not read but
// follows from others: where one row is no row, the next may be none either.
func (b *builder) unreadBeside(t *recordTable, k int) bool {
	for _, i := range []int{k - 1, k + 1} {
		if i < 0 || i >= len(t.rows) {
			continue
		}
		if f := b.res.Records[t.records[i]].Fields["number"].One; f != nil && f.State == schema.NeedsReview {
			return true
		}
	}
	return false
}

// scaled makes a doubt of a number of letters: 0 for none, about 1 for a hundred.
func scaled(letters int) float64 {
	return round4(math.Log1p(float64(max(letters, 0))) / math.Log(100))
}

// said counts the letters and digits of each cell, by row and column of the profile. Of
// titles only what they are longer than half as long again as most of the table: what
// other cells lost may be there. Numbers of rows say nothing.
func (t *recordTable) said() [][]int {
	title, number := t.profile.titleColumn(), t.profile.numberColumn()
	var lengths []int
	out := make([][]int, len(t.rows))
	for k, r := range t.rows {
		out[k] = make([]int, len(t.profile.Columns))
		for c := range out[k] {
			if c != number {
				out[k][c] = len(lettersDigits(r.cells[c].text))
			}
		}
		if title >= 0 {
			lengths = append(lengths, out[k][title])
		}
	}
	slices.Sort(lengths)
	for k := range out {
		if title >= 0 {
			out[k][title] = max(0, out[k][title]-lengths[len(lengths)/2]*3/2)
		}
	}
	return out
}

// untitled is 1 for rows without a title, for others the share of rows that have none.
func (t *recordTable) untitled() []float64 {
	out := make([]float64, len(t.rows))
	title := t.profile.titleColumn()
	if title < 0 {
		return out
	}
	n := 0
	for k, r := range t.rows {
		if len(r.cells[title].words) == 0 {
			out[k] = 1
			n++
		}
	}
	for k := range out {
		out[k] = max(out[k], round4(float64(n)/float64(len(out))))
	}
	return out
}

// besideRow counts the letters of columns in the rows above and below.
func besideRow(said [][]int, k, from, to int) (n int) {
	for c := from; c < to; c++ {
		if k > 0 {
			n += said[k-1][c]
		}
		if k+1 < len(said) {
			n += said[k+1][c]
		}
	}
	return n
}

// intruders counts for each row the letters of other rows on the lines that it stands on.
func (t *recordTable) intruders() []int {
	on := make(map[int]map[int]int) // letters by line and row
	for k, r := range t.rows {
		for _, c := range r.cells {
			for _, w := range c.words {
				if w.line < 0 {
					continue
				}
				if on[w.line] == nil {
					on[w.line] = make(map[int]int)
				}
				on[w.line][k] += letters(w.text)
			}
		}
	}
	out := make([]int, len(t.rows))
	for _, rows := range on {
		all := 0
		for _, n := range rows {
			all += n
		}
		for k, n := range rows {
			out[k] += all - n
		}
	}
	return out
}

// lettersAround counts the letters without a place on the lines of row k and on those
// between it and the rows beside it. left counts them before each line.
func lettersAround(rows []*row, k int, left []int) int {
	from, to := rows[k].lines()
	if to < from {
		return 0
	}
	if k > 0 {
		if _, end := rows[k-1].lines(); end >= 0 && end < from {
			from = end + 1
		}
	}
	if k+1 < len(rows) {
		if next, _ := rows[k+1].lines(); next > to {
			to = next - 1
		}
	}
	return left[to+1] - left[from]
}

// lines are the first and the last line on which words of the row stand, 0 and -1 where
// none do.
func (r *row) lines() (first, last int) {
	first, last = math.MaxInt, -1
	for _, c := range r.cells {
		for _, w := range c.words {
			if w.line >= 0 {
				first, last = min(first, w.line), max(last, w.line)
			}
		}
	}
	if last < 0 {
		return 0, -1
	}
	return first, last
}

// knownWidth is the number of lines from which on a column's width is known.
const knownWidth = 6

// columnWidths are the widths of columns in characters, as most lines that another one
// of the cell follows have them; 0 where too few tell.
func (t *recordTable) columnWidths() []float64 {
	out := make([]float64, len(t.profile.Columns))
	for c := range out {
		var all []int
		for _, r := range t.rows {
			lines := byLine(r.cells[c])
			for _, l := range lines[:max(len(lines)-1, 0)] {
				all = append(all, utf8.RuneCountInString(l.text))
			}
		}
		if len(all) >= knownWidth {
			slices.Sort(all)
			out[c] = float64(all[len(all)*3/4])
		}
	}
	return out
}

// offWidth tells how far the worst line of a cell ends before its column does though
// the next line goes on and its first word would have had room, and how far the longest
// one reaches beyond it; shares of the width.
func offWidth(p passage, width float64) (short, wide float64) {
	if width == 0 {
		return 0, 0
	}
	lines := byLine(p)
	for i, l := range lines {
		n := float64(utf8.RuneCountInString(l.text))
		wide = max(wide, n/width-1.25)
		if i+1 == len(lines) || !continues(lines[i+1].text) {
			continue
		}
		room := width - n - 1 - float64(utf8.RuneCountInString(lines[i+1].words[0].text))
		short = max(short, room/width)
	}
	return round4(min(short, 1)), round4(min(max(wide, 0), 1))
}

// continues reports whether a line goes on with the sentence of the one above.
func continues(text string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " \"“‘'("))
	return unicode.IsLower(first)
}

// holes tells how many lines between the first and the last one of a cell have none of
// its words, on a logarithmic scale.
func holes(p passage) float64 {
	lines := byLine(p)
	if len(lines) < 2 {
		return 0
	}
	first, last := math.MaxInt, -1
	for _, l := range lines {
		if i := l.words[0].line; i >= 0 {
			first, last = min(first, i), max(last, i)
		}
	}
	return round4(math.Log1p(float64(max(0, last-first+1-len(lines)))))
}
