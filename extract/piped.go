package extract

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

// Text converted from web pages or word processors keeps the cells of tables
// apart by lines that hold nothing but "|". That is a grid but for its rows:
// the heads tell how many cells make one, and the numbers of rows that it is so.
// Tables with a row a line (barred.go) are read as such cells, too.

// fewestPipes are the lines of nothing but "|" that tell such a text from others.
const fewestPipes = 8

// A pipedCell is the text between two lines of a stroke.
type pipedCell struct {
	text     passage
	from, to int // lines
}

// A pipedTable is how the cells of a table are read: the profile, its column for each
// column of the table (-1 for one that it does not know), and the heads.
type pipedTable struct {
	p        *Profile
	assigned []int
	heads    []string
	spans    []crossing // columns that are read together
}

// readPiped reads the tables of a section whose cells are parted in this way. It
// reports whether it found rows.
func (b *builder) readPiped(s *section) bool {
	cells := b.pipedCells(s)
	if len(cells) <= fewestPipes {
		cells = b.barredCells(s)
	}
	found := false
	for at := 0; at < len(cells); {
		t, ok := b.pipedHeads(cells[at:])
		if !ok {
			at++
			continue
		}
		width := len(t.assigned)
		titles := b.markPipedHeads(cells[at:at+width], s)
		rows, taken := b.pipedRows(&t, cells[at+width:], b.noteAbove(s, cells[at].to), s.to)
		b.found = append(b.found, foundTable{profile: t.p, rows: rows, titles: titles})
		if len(rows) > 0 {
			b.reportUnread(t.p, "", t.unreadColumns(cells[at:at+width+taken+1]))
		}
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
// head shares its cell with it, of which only the last line is the head, unless it stands
// between bars.
func (b *builder) markPipedHeads(heads []pipedCell, s *section) (titles string) {
	from, first := heads[0].from, heads[0].to-1
	if from > first {
		for first = from; from > s.from && !b.inRows[from-1] && !b.headLines[from-1]; {
			from--
		}
	}
	for i := from; i < first; i++ {
		titles += b.lines[i].text + " "
	}
	for i := first; i <= heads[len(heads)-1].to && i < s.to; i++ {
		b.headLines[i] = true
	}
	return titles
}

// noteAbove reads the line "Đơn vị tính: …" that stands in a section above line to, the
// nearest one; "" when there is none.
func (b *builder) noteAbove(s *section, to int) string {
	for i := to - 1; i >= s.from && i > to-noteLines; i-- {
		if u := field.UnitNote(b.lines[i].text); u != "" {
			return u
		}
	}
	return ""
}

// noteLines is how many lines a note of the unit may stand above the end of the first
// head.
const noteLines = 12

// A pipedStep is a row of a table or of a group: the cells from one to another.
type pipedStep struct {
	from, to int
	kind     pipedKind
}

type pipedKind uint8

const (
	pipedRow pipedKind = iota
	pipedGroup
	pipedTotal
)

// rowNumber is what the first cell of a row holds, rowNumeral that of a group's row.
var (
	rowNumber  = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,2})*[.)]?$`)
	rowNumeral = regexp.MustCompile(`^([IVX]{1,5}|[A-H])[.)]?$`)
)

// pipedSteps tells which cells make a row, those of width cells that begin with a
// number, and which name a group or sum up. It ends where no row can begin.
func pipedSteps(cells []pipedCell, width int) []pipedStep {
	text := func(i int) string {
		if i >= len(cells) {
			return ""
		}
		return strings.TrimSpace(cells[i].text.text)
	}
	begins := func(i int) bool {
		return i >= len(cells)-1 || rowNumber.MatchString(text(i)) || rowNumeral.MatchString(text(i)) || opensGroup.MatchString(text(i)) || sumsUp(text(i))
	}
	var out []pipedStep
	last := 0 // number of the row before
	for i := 0; i < len(cells)-1; {
		end := i + 1 // of a group's row: where the next begins
		filled := 0
		for end < len(cells)-1 && !(begins(end) && text(i) != "") && end-i < width {
			end++
		}
		for k := i; k < end; k++ {
			if text(k) != "" {
				filled++
			}
		}
		number := rowNumber.MatchString(text(i))
		n, _ := field.Ordinal(text(i))
		parent := number && strings.HasPrefix(text(end), strings.TrimRight(text(i), ".)")+".") // "1" above "1.1"
		switch {
		case number && !(parent && filled <= 2) && (begins(i+width) || text(i+width) == "" || n == last+1) && i+width <= len(cells):
			last = n
			out = append(out, pipedStep{i, i + width, pipedRow})
			i += width
		case text(i) != "" && begins(end) && filled <= 2 && !sumsUp(text(i)) && (!number || parent):
			out = append(out, pipedStep{i, end, pipedGroup})
			i = end
		case (sumsUp(text(i)) || text(i) == "" && sumsUp(text(i+1))) && i+width <= len(cells):
			out = append(out, pipedStep{i, i + width, pipedTotal})
			i += width
		default:
			return out
		}
	}
	return out
}

// opensGroup begins the one cell of a group's row.
var opensGroup = regexp.MustCompile(`^([IVX]{1,5}|[A-H])[.)\s]\s*\p{Lu}`)

// pipedRows makes rows of the cells below the heads as long as they are plausible; unit
// is that of money where a line above the table names one. It returns how many cells it
// took; the section ends at line end.
func (b *builder) pipedRows(t *pipedTable, cells []pipedCell, unit string, end int) (rows []*row, taken int) {
	p := t.p
	units := unitsOfHeads(t.heads, t.assigned, unit)
	absent := make(map[int]bool)
	for c := range p.Columns {
		absent[c] = true
	}
	for _, c := range slices.Concat(t.assigned, wanted(t.spans)) {
		delete(absent, c)
	}
	var group *schema.Group
	groups := 0
	for _, step := range pipedSteps(cells, len(t.assigned)) {
		of := cells[step.from:step.to]
		switch step.kind {
		case pipedGroup:
			groups++
			g := pipedGroupOf(p, of, groups)
			group = &g
		case pipedRow:
			r := &row{cells: make([]passage, len(p.Columns)), position: map[int]float64{}, group: group, known: true, units: units, absent: absent}
			for i, c := range t.assigned {
				if c >= 0 {
					r.cells[c] = of[i].text.trimmed()
				}
			}
			r.crosses(p, t.spans, func(c int) passage { return of[c].text.trimmed() })
			b.readNumber(p, r)
			if !b.plausibleRow(p, r) {
				return rows, taken
			}
			rows = append(rows, r)
		}
		b.useLines(of[0].from, min(of[len(of)-1].to+1, end))
		taken = step.to
	}
	return rows, taken
}

// pipedGroupOf reads a group's row: its numeral and name, in one cell or two.
func pipedGroupOf(p *Profile, cells []pipedCell, next int) schema.Group {
	var parts []passage
	for i := range cells {
		parts = append(parts, cells[i].text)
	}
	all := concat(parts...).trimmed()
	g, _ := readGroup(p, all, next)
	// The numeral stands apart from the name, whatever it is.
	if head, rest, ok := strings.Cut(all.text, " "); ok && (rowNumber.MatchString(head) || rowNumeral.MatchString(head)) {
		g.Number = strings.TrimRight(head, ".)")
		if named, _ := readGroup(p, all.slice(len(head), len(all.text)), 0); g.Declared == nil || named.Declared != nil {
			g.Name, g.Declared = strings.TrimSpace(rest), named.Declared
			if named.Declared != nil {
				g.Name = named.Name
			}
		}
	}
	return g
}

// unitsOfHeads tells by column of the profile the unit of money that its head names, or
// else the given one.
func unitsOfHeads(heads []string, assigned []int, note string) map[int]string {
	units := make(map[int]string)
	for i, c := range assigned {
		unit := field.MoneyUnit(heads[i])
		if unit == "" {
			unit = note
		}
		if c >= 0 && unit != "" {
			units[c] = unit
		}
	}
	return units
}

// Bounds of the columns of a table.
const fewestColumns, mostColumns = 3, 14

// pipedHeads looks for a profile whose heads are the texts of the first cells. It is
// one where heads fit, and where rows of as many cells begin with numbers.
func (b *builder) pipedHeads(cells []pipedCell) (t pipedTable, ok bool) {
	best := 0.0
	for w := fewestColumns; w <= mostColumns && w < len(cells); w++ {
		heads := make([]string, w)
		for i := range heads {
			heads[i] = cells[i].text.text
			if f := strings.Fields(heads[0]); i == 0 && len(f) > 0 {
				heads[0] = f[len(f)-1] // above the first head stand the table's title and number
			}
			if heads[i] == "" || len(heads[i]) > 220 || i > 0 && (rowNumber.MatchString(heads[i]) || rowNumeral.MatchString(heads[i])) {
				return t, ok // no head, so none begins here with more columns
			}
		}
		rows, share := -1, 0.0 // that begin with a number; of all rows
		var holds []content    // of crosses, nil where no column has only these
		for i := range b.profiles {
			p := &b.profiles[i]
			fits := pipedTable{p: p, heads: heads}
			fit, known := fits.fit(make([]content, w))
			sure := fit*known/float64(w) >= 0.7 && fits.assigned[0] >= 0 && fits.assigned[w-1] >= 0
			if fit *= 0.5 + 0.5*known/float64(w); fit < minFit || !sure && fits.assigned[0] < 0 {
				continue
			}
			if rows < 0 {
				steps := pipedSteps(cells[w:], w)
				rows = countRows(steps)
				share = float64(rows) / float64(max(len(steps), 1))
				holds = pipedMarks(cells[w:], steps, w)
			}
			if holds != nil {
				if fit, known = fits.fit(holds); fit*(0.5+0.5*known/float64(w)) < minFit {
					continue
				}
				fit *= 0.5 + 0.5*known/float64(w)
			}
			if score := fit + share; (sure || rows >= 2) && score > best {
				t, best, ok = fits, score, true
			}
		}
	}
	return t, ok
}

// fit assigns the columns, and tells how well the heads fit and how many are known.
func (t *pipedTable) fit(holds []content) (fit, known float64) {
	var matches []HeadMatch
	t.assigned, fit, matches, t.spans = t.p.fitColumns(t.heads, holds, 0)
	for i := range matches {
		if matches[i].Field != "" {
			known++
		}
	}
	return fit, known
}

// pipedMarks tells by column what crosses stand in the rows; nil where no column has only
// crosses.
func pipedMarks(cells []pipedCell, steps []pipedStep, width int) []content {
	holds, some := make([]content, width), false
	for _, step := range steps {
		for c := range holds {
			if step.kind == pipedRow {
				holds[c].marked.add(markOf(cells[step.from+c].text.text))
			}
		}
	}
	for c := range holds {
		m := &holds[c].marked
		if m.crosses > 0 && m.onlyMarks() {
			holds[c].marks = 1
		}
		some = some || m.onlyMarks() && m.filled > 0
	}
	if !some {
		return nil
	}
	return holds
}

func countRows(steps []pipedStep) (n int) {
	for _, s := range steps {
		if s.kind == pipedRow {
			n++
		}
	}
	return n
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
