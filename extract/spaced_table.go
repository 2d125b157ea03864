package extract

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// A spacedRow is a row of a table kept by blanks: what stands in each column, line by line.
type spacedRow struct {
	kind  anchorKind
	cells [][][]word // by column, its lines
	lines []int      // of the document
}

// addSpaced reads a table by its heads as one with rules. It reports whether a profile
// knows them and rows were found; above is where the text begins that may be its title.
func (b *builder) addSpaced(t *spacedTable, above int) bool {
	heads, rows := t.read()
	if len(heads) == 0 {
		return false
	}
	table := t.table(b, heads, rows)
	best := bestProfile(b.profiles, table, b.reportYear())
	p, assigned := best.profile, best.assigned
	if p == nil || p.titleColumn() >= 0 && !slices.Contains(assigned, p.titleColumn()) {
		return false
	}
	totals := b.totals
	b.totals = nil
	read := b.fromTable(best, table, nil)
	found := foundTable{profile: p, rows: read, totals: b.totals}
	b.totals = totals
	if !convincing(p, read) {
		return false
	}
	b.reportUnread(p, "", unreadColumns(best, table))
	first, _ := t.span()
	for i := above; i < first; i++ {
		found.titles += b.lines[i].text + " "
	}
	at := make(map[int]int) // the document's line by its number in the file
	for _, part := range t.parts {
		for i := range part.lines {
			index := part.lines[i].index
			at[b.lines[index].num] = index
			b.headLines[index] = i < part.head
			b.inRows[index] = i >= part.head
		}
	}
	for _, r := range rows {
		for _, i := range r.lines {
			b.groupLines[i] = r.kind == groupAnchor
		}
		if r.kind == rowAnchor {
			found.lines = append(found.lines, r.lines...)
		}
	}
	for _, r := range read {
		r.known = true
		for c := range r.cells {
			for k := range r.cells[c].words {
				w := &r.cells[c].words[k]
				w.line = at[w.num]
			}
		}
	}
	b.found = append(b.found, found)
	return true
}

// convincing reports whether rows are those of a table: two and more, nearly all with a
// number and a title.
func convincing(p *Profile, rows []*row) bool {
	const most = 0.2 // of the rows may lack one
	c, without := p.titleColumn(), 0
	for _, r := range rows {
		if r.name() == "" || c >= 0 && len(r.cells[c].words) == 0 {
			without++
		}
	}
	return len(rows) >= 2 && float64(without) <= most*float64(len(rows))
}

// read parts the lines of all pages to rows and reads the heads, one a column.
func (t *spacedTable) read() (heads []string, rows []spacedRow) {
	top, middle := 0.0, 0.0
	for _, p := range t.parts {
		_, c := p.rows(false)
		top += c
		_, c = p.rows(true)
		middle += c
	}
	for n, p := range t.parts {
		starts, _ := p.rows(middle < top)
		if len(starts) == 0 {
			starts = []int{len(p.lines)}
		}
		if n > 0 && starts[0] > p.head && len(rows) > 0 {
			rows[len(rows)-1].add(p, p.head, starts[0])
		}
		for j, a := range p.anchors {
			end := len(p.lines)
			if j+1 < len(starts) {
				end = starts[j+1]
			}
			if a.kind == headAnchor {
				p.lines, p.cuts = p.lines[starts[0]:], p.cuts[starts[0]:]
				p.head = end - starts[0]
				for k := range starts[1:] {
					starts[k+1] -= starts[0]
				}
				heads = headsOf(p.lines[:p.head], p.gaps)
				continue
			}
			r := spacedRow{kind: a.kind, cells: make([][][]word, len(p.gaps)+1)}
			r.add(p, starts[j], end)
			rows = append(rows, r)
		}
	}
	return heads, rows
}

// add adds lines of a part to a row.
func (r *spacedRow) add(p *spacedPart, from, to int) {
	for i := from; i < to; i++ {
		l := &p.lines[i]
		r.lines = append(r.lines, l.index)
		for _, s := range p.cuts[i] {
			words := l.words[s.words[0]:s.words[1]]
			if r.kind == groupAnchor {
				// The name stands over the columns, its numeral apart or before it.
				if text := words[0].text; i == from && s.column == 0 && (rowNumeral.MatchString(text) || rowNumber.MatchString(text)) {
					r.cells[0], words = append(r.cells[0], words[:1]), words[1:]
				}
				if len(words) > 0 {
					r.cells[1] = append(r.cells[1], words)
				}
				continue
			}
			for k, c := 0, s.column; c < s.column+s.over; c++ {
				end := k
				for end < len(words) && (c == s.column+s.over-1 || l.from[s.words[0]+end]+l.to[s.words[0]+end] < p.gaps[c].from+p.gaps[c].to) {
					end++
				}
				if end > k {
					r.cells[c] = append(r.cells[c], words[k:end])
				}
				k = end
			}
		}
	}
}

// headsOf reads heads, one a column: those over several columns first.
func headsOf(lines []spacedLine, gaps []spacedGap) []string {
	gaps = headGaps(lines, gaps)
	upper, own := make([][]string, len(gaps)+1), make([][]string, len(gaps)+1)
	for i := range lines {
		cut, _, _ := lines[i].cut(gaps)
		for _, s := range lines[i].wholeHeads(cut) {
			text := lines[i].text(s.words[0], s.words[1])
			if s.over == 1 {
				own[s.column] = append(own[s.column], text)
				continue
			}
			for c := s.column; c < s.column+s.over; c++ {
				upper[c] = append(upper[c], text)
			}
		}
	}
	heads := make([]string, len(own))
	for c := range heads {
		heads[c] = strings.Join(own[c], " ")
		if len(upper[c]) > 0 {
			heads[c] = strings.Trim(strings.Join(upper[c], " ")+" / "+heads[c], " /")
		}
	}
	return heads
}

// wholeHeads joins the pieces of heads that gaps cut: behind one blank, in small letters.
func (l *spacedLine) wholeHeads(cut []segment) (out []segment) {
	for _, s := range cut {
		last := len(out) - 1
		if k := s.words[0]; last >= 0 && l.from[k]-l.to[k-1] == 1 && startsLower(l.words[k].text) && startsUpper(l.words[out[last].words[0]].text) {
			out[last].words[1], out[last].over = s.words[1], s.column+s.over-out[last].column
			continue
		}
		out = append(out, s)
	}
	return out
}

// headGaps narrows gaps to where fewest of the heads have print.
func headGaps(lines []spacedLine, gaps []spacedGap) []spacedGap {
	out := make([]spacedGap, len(gaps))
	for g, gap := range gaps {
		ink := make([]int, gap.to-gap.from)
		for i := range lines {
			l := &lines[i]
			for _, piece := range l.pieces() {
				for x := max(l.from[piece[0]], gap.from); x < min(l.to[piece[1]-1], gap.to); x++ {
					ink[x-gap.from]++
				}
			}
		}
		least := slices.Min(ink)
		for x := 0; x < len(ink); x++ {
			from := x
			for x < len(ink) && ink[x] == least {
				x++
			}
			if x-from > out[g].to-out[g].from {
				out[g] = spacedGap{gap.from + from, gap.from + x}
			}
		}
	}
	return out
}

// table is the same as a table with rules.
func (t *spacedTable) table(b *builder, heads []string, rows []spacedRow) *schema.Table {
	out := &schema.Table{HeadRows: 1, Rows: [][]schema.Cell{nil}}
	for _, p := range t.parts {
		out.Pages = append(out.Pages, b.lines[p.lines[0].index].page)
	}
	for c, h := range heads {
		out.Columns = append(out.Columns, schema.Field{Text: h})
		out.Rows[0] = append(out.Rows[0], schema.Cell{Text: h, RowSpan: 1, ColSpan: 1, Col: c})
	}
	for n, r := range rows {
		var cells []schema.Cell
		for c := range heads {
			cell := schema.Cell{RowSpan: 1, ColSpan: 1, Row: n + 1, Col: c}
			if r.kind == groupAnchor && c == 1 {
				cell.ColSpan = len(heads) - 1
			}
			for _, words := range r.cells[c] {
				line := schema.PlacedLine{Page: words[0].page, Line: schema.Line{Number: words[0].num}}
				for _, w := range words {
					word := *w.src
					word.Text, word.Raw = w.text, w.raw
					line.Words = append(line.Words, word)
					cell.Text += " " + w.text
				}
				cell.Lines = append(cell.Lines, line)
			}
			cell.Text = strings.TrimSpace(cell.Text)
			cells = append(cells, cell)
			if cell.ColSpan > 1 {
				break
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}
