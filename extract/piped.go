package extract

import (
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// Text converted from web pages or word processors keeps the cells of tables
// apart by lines that hold nothing but "|". That is a grid but for its rows:
// the heads tell how many cells make one.

// fewestPipes are the lines of nothing but "|" that tell such a text from others.
const fewestPipes = 8

// A pipedCell is the text between two lines of a stroke.
type pipedCell struct {
	text     passage
	from, to int // lines
}

// readPiped reads the tables of a section whose cells are parted in this way. It
// reports whether it found rows.
func (b *builder) readPiped(s *section) bool {
	cells := b.pipedCells(s)
	if len(cells) <= fewestPipes {
		return false
	}
	found := false
	for at := 0; at < len(cells); {
		p, width, assigned := b.pipedHeads(func(i int) string {
			if at+i >= len(cells) {
				return ""
			}
			return cells[at+i].text.text
		})
		if p == nil {
			at++
			continue
		}
		titles := b.markPipedHeads(cells[at:at+width], s.to)
		rows, taken := b.pipedRows(p, assigned, cells[at+width:], s.to)
		b.found = append(b.found, foundTable{p, rows, titles, nil})
		found = found || len(rows) > 0
		at += width + taken
	}
	return found
}

// pipedCells cuts a section at its strokes.
func (b *builder) pipedCells(s *section) []pipedCell {
	var cells []pipedCell
	var cur []passage
	from := s.from
	for i := s.from; i < s.to; i++ {
		if l := &b.lines[i]; strings.TrimSpace(l.text) != "|" {
			cur = append(cur, l.passage)
			continue
		}
		cells = append(cells, pipedCell{concat(cur...), from, i})
		cur, from = nil, i+1
	}
	return append(cells, pipedCell{concat(cur...), from, s.to})
}

// markPipedHeads marks the lines of heads, and returns the text above them: the first
// head shares its cell with it, of which only the last line is the head.
func (b *builder) markPipedHeads(heads []pipedCell, end int) (titles string) {
	first := heads[0].to - 1
	for i := heads[0].from; i < first; i++ {
		titles += b.lines[i].text + " "
	}
	for i := first; i <= heads[len(heads)-1].to && i < end; i++ {
		b.headLines[i] = true
	}
	return titles
}

// pipedRows makes rows of the cells below the heads, assigned tells of which columns,
// as long as they are plausible. It returns how many cells it took; the section ends
// at line end.
func (b *builder) pipedRows(p *Profile, assigned []int, cells []pipedCell, end int) (rows []*row, taken int) {
	width := len(assigned)
	var group *schema.Group
	groups := 0
	for taken < len(cells) {
		// A group row is one cell of its own.
		if g, score := readGroup(p, cells[taken].text, groups+1); score >= 0.7 {
			groups++
			group = &g
			b.useLines(cells[taken].from, cells[taken].to)
			taken++
			continue
		}
		if taken+width > len(cells)+1 {
			break
		}
		r := &row{cells: make([]passage, len(p.Columns)), position: map[int]float64{}, group: group, known: true}
		for i := 0; i < width && taken+i < len(cells); i++ {
			if assigned[i] >= 0 {
				r.cells[assigned[i]] = cells[taken+i].text.trimmed()
			}
		}
		b.readNumber(p, r)
		if !b.plausibleRow(p, r) {
			break
		}
		rows = append(rows, r)
		last := cells[min(taken+width, len(cells))-1]
		b.useLines(cells[taken].from, min(last.to+1, end))
		taken += width
	}
	return rows, taken
}

// pipedHeads looks for a profile whose heads are the texts get(0), get(1), …
func (b *builder) pipedHeads(get func(int) string) (p *Profile, width int, assigned []int) {
	best := 0.0
	for w := 3; w <= 12; w++ {
		heads := make([]string, w)
		for i := range heads {
			heads[i] = get(i)
			if i == 0 {
				// Above the first head stand the table's title and number.
				if f := strings.Fields(heads[0]); len(f) > 0 {
					heads[0] = f[len(f)-1]
				}
			}
			if heads[i] == "" || len(heads[i]) > 220 {
				return p, width, assigned
			}
		}
		for i := range b.profiles {
			a, fit, _ := b.profiles[i].fitHeads(heads)
			known := 0
			for _, x := range a {
				if x >= 0 {
					known++
				}
			}
			if fit *= float64(known) / float64(w); fit >= 0.7 && fit > best && a[0] >= 0 && a[w-1] >= 0 {
				p, width, assigned, best = &b.profiles[i], w, a, fit
			}
		}
	}
	return p, width, assigned
}

// plausibleRow guards against losing step: a row must have a number and a
// title.
func (b *builder) plausibleRow(p *Profile, r *row) bool {
	c := p.titleColumn()
	return r.name() != "" && (c < 0 || len(r.cells[c].words) > 0)
}

func (b *builder) useLines(from, to int) {
	for i := from; i < to; i++ {
		b.inRows[i] = true
	}
}
