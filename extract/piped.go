package extract

import (
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// Text converted from web pages or word processors keeps the cells of tables
// apart by lines that hold nothing but "|". That is a grid but for its rows:
// the heads tell how many cells make one.

// readPiped reads the tables of a section whose cells are parted in this way.
func (b *builder) readPiped(s *section) bool {
	type cell struct {
		text     passage
		from, to int // lines
	}
	var cells []cell
	var cur []passage
	from := s.from
	pipes := 0
	for i := s.from; i < s.to; i++ {
		l := &b.lines[i]
		if strings.TrimSpace(l.text) != "|" {
			cur = append(cur, l.passage)
			continue
		}
		pipes++
		cells = append(cells, cell{concat(cur...), from, i})
		cur, from = nil, i+1
	}
	if pipes < 8 {
		return false
	}
	cells = append(cells, cell{concat(cur...), from, s.to})
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
		// The first head shares its cell with what stands above the table: its
		// last line is the head, the others are text.
		t := &schema.Table{HeadRows: 1, Rows: [][]schema.Cell{nil}}
		headFrom := cells[at].to - 1
		for i := 0; i < width; i++ {
			text := cells[at+i].text.text
			if i == 0 {
				text = b.lines[headFrom].text
			}
			t.Columns = append(t.Columns, schema.Field{Text: text})
		}
		titles := ""
		for i := cells[at].from; i < headFrom; i++ {
			titles += b.lines[i].text + " "
		}
		for i := headFrom; i <= cells[at+width-1].to && i < s.to; i++ {
			b.headLines[i] = true
		}
		next := at + width
		var rows []*row
		var group *schema.Group
		groups := 0
		for next < len(cells) {
			// A group row is one cell of its own.
			if g, score := readGroup(p, cells[next].text, groups+1); score >= 0.7 {
				groups++
				group = &g
				b.useLines(cells[next].from, cells[next].to)
				next++
				continue
			}
			if next+width > len(cells) && next+width-1 > len(cells) {
				break
			}
			r := &row{cells: make([]passage, len(p.Columns)), position: map[int]float64{}, group: group}
			for i := 0; i < width && next+i < len(cells); i++ {
				if assigned[i] >= 0 {
					r.cells[assigned[i]] = cells[next+i].text.trimmed()
				}
			}
			b.readNumber(p, r)
			if !b.plausibleRow(p, r) {
				break
			}
			rows = append(rows, r)
			end := cells[min(next+width, len(cells))-1]
			b.useLines(cells[next].from, min(end.to+1, s.to))
			next += width
		}
		b.found = append(b.found, foundTable{p, rows, titles, nil})
		found = found || len(rows) > 0
		at = next
	}
	return found
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
