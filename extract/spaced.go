package extract

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/normalize"
)

// Programs that take text out of PDF files, and people who type tables with blanks, keep
// columns by where words stand in their lines. That is a grid but for its rules: the
// columns are parted by white that goes down through the lines (spaced_gaps.go), the rows
// by their numbers and by how cells stand beside them (spaced_rows.go). What comes out is
// read as a ruled table is, by its heads; where no profile knows these, or the grid does
// not convince, the lines are left to those who need no grid.

// A spacedLine is a line with the places of its words, in characters.
type spacedLine struct {
	index    int // among the document's lines
	words    []word
	from, to []int // of each word: its first character, and the one behind it
	gap      bool  // blank lines stand above it
}

// spacedLines are the lines of the document from one to another, of one page, with the
// places of their words; nil where too few have white between columns, or bars are
// printed.
func (b *builder) spacedLines(from, to int) []spacedLine {
	const fewest = 3 // lines with white between columns
	out := make([]spacedLine, 0, to-from)
	parted, barred := 0, 0
	for i := from; i < to; i++ {
		l := spacedLine{index: i, gap: b.lines[i].gap}
		apart := false
		for _, w := range b.lines[i].words {
			if w.isWhite() {
				continue
			}
			if w.src == nil || w.src.Column == 0 {
				return nil
			}
			at := w.src.Column - 1
			if n := len(l.to); n > 0 {
				at = max(at, l.to[n-1]+1) // repair parted a word in two
			}
			apart = apart || w.src.Apart
			if strings.Contains(w.raw, "|") {
				barred++
			}
			l.words = append(l.words, w)
			l.from, l.to = append(l.from, at), append(l.to, at+characters(w.raw))
		}
		if apart {
			parted++
		}
		if len(l.words) > 0 {
			out = append(out, l)
		}
	}
	if parted < fewest || barred > parted {
		return nil
	}
	return out
}

// characters counts the characters of a text as they stand beside each other.
func characters(s string) (n int) {
	for _, r := range s {
		if !unicode.Is(unicode.Mn, r) {
			n++
		}
	}
	return n
}

// pieces returns where the pieces of a line begin and end that several blanks part: words
// from to.
func (l *spacedLine) pieces() (out [][2]int) {
	from := 0
	for k := 1; k <= len(l.words); k++ {
		if k == len(l.words) || l.from[k]-l.to[k-1] > 1 {
			out = append(out, [2]int{from, k})
			from = k
		}
	}
	return out
}

// text are the words of a line from one to another.
func (l *spacedLine) text(from, to int) string {
	var b strings.Builder
	for k := from; k < to; k++ {
		if k > from {
			b.WriteByte(' ')
		}
		b.WriteString(l.words[k].text)
	}
	return b.String()
}

// all is the text of a line.
func (l *spacedLine) all() string { return l.text(0, len(l.words)) }

// A spacedPart is the part of a table that stands on one page.
type spacedPart struct {
	lines   []spacedLine   // from the first head, or what goes on from the page before, on
	head    int            // lines of them that are heads
	columns int            // of the table, 0 where they are not known yet
	heading []spacedLine   // the heads of a table, where it begins
	anchors []spacedAnchor // what tells of its rows, and of its head
	gaps    []spacedGap    // between columns
	cuts    [][]segment    // by line: what stands in which columns
}

// readSpaced reads the tables of a section whose columns are kept by blanks. It returns
// the runs of lines between them, and whether it found any.
func (b *builder) readSpaced(s *section) (rest []section, found bool) {
	var tables []*spacedTable
	for from := s.from; from < s.to; {
		t, ok := b.spacedTable(s, from)
		if !ok {
			break
		}
		if n := len(tables); n > 0 && t.first > 1 && t.first > tables[n-1].last {
			// Rows that count on from a table are its, whatever parts them.
			t.torn, tables[n-1].torn = true, true
		}
		tables = append(tables, t)
		_, from = t.span()
	}
	at := s.from
	for _, t := range tables {
		first, end := t.span()
		if t.torn || t.mixed() || !b.addSpaced(t, at) {
			continue
		}
		if first > at {
			rest = append(rest, section{from: at, to: first, name: s.name})
		}
		at, found = end, true
	}
	if found && at < s.to {
		rest = append(rest, section{from: at, to: s.to, name: s.name})
	}
	return rest, found
}

// mixed reports whether white as between columns stands within columns, so that some are
// not known: beside each other in the heads, or in more than few lines.
func (t *spacedTable) mixed() bool {
	const blanks, most = 3, 0.05 // of white; share of the lines
	inner := func(lines []spacedLine, gaps []spacedGap) (n int) {
		for i := range lines {
			cut, _, _ := lines[i].cut(gaps)
			if slices.ContainsFunc(cut, func(s segment) bool {
				for k := s.words[0] + 1; k < s.words[1]; k++ {
					if s.over == 1 && lines[i].from[k]-lines[i].to[k-1] >= blanks {
						return true
					}
				}
				return false
			}) {
				n++
			}
		}
		return n
	}
	lines, n := 0, 0
	for _, p := range t.parts {
		lines += len(p.lines)
		n += inner(p.lines, p.gaps)
	}
	first := t.parts[0]
	gaps := headGaps(first.heading, first.gaps)
	return float64(n) > most*float64(lines) || inner(first.heading, gaps) > 0 || headsBeside(first.heading, gaps)
}

// headsBeside reports whether two heads stand beside each other in one column: a word with
// a capital behind one without.
func headsBeside(lines []spacedLine, gaps []spacedGap) bool {
	for i := range lines {
		l := &lines[i]
		cut, _, _ := l.cut(gaps)
		for _, s := range cut {
			for k := s.words[0] + 1; k < s.words[1] && s.over == 1; k++ {
				if startsLower(l.words[k-1].text) && startsUpper(l.words[k].text) && upperShare(l.words[k].text) < 1 {
					return true
				}
			}
		}
	}
	return false
}

// span are the lines of the document that a table takes.
func (t *spacedTable) span() (from, to int) {
	last := t.parts[len(t.parts)-1].lines
	return t.parts[0].lines[0].index, last[len(last)-1].index + 1
}

// A spacedTable is a table over one page or more.
type spacedTable struct {
	parts []*spacedPart
	first int  // number of its first row
	last  int  // of its last one
	torn  bool // rows that count on stand on another page, in other columns
}

// spacedTable looks for the first table of a section from a line on.
func (b *builder) spacedTable(s *section, from int) (t *spacedTable, ok bool) {
	for page := from; page < s.to; {
		end := page + 1
		for end < s.to && !b.lines[end].first {
			end++
		}
		lines := b.spacedLines(page, end)
		if t == nil {
			if p := firstPart(lines); p != nil {
				t = &spacedTable{parts: []*spacedPart{p}}
				t.first, t.last = p.firstNumber(), p.lastNumber(0)
				if rest := p.lines[len(p.lines)-1].index + 1; onlyNumbers(b.lines[rest:end]) {
					page = end
					continue
				}
				return t, true
			}
			page = end
			continue
		}
		p := nextPart(lines, t)
		if p == nil {
			break
		}
		t.parts = append(t.parts, p)
		t.last = p.lastNumber(t.last)
		if rest := p.lines[len(p.lines)-1].index + 1; !onlyNumbers(b.lines[rest:end]) {
			break
		}
		page = end
	}
	return t, t != nil
}

// onlyNumbers reports whether lines hold nothing but the number of a page.
func onlyNumbers(lines []textLine) bool {
	return !slices.ContainsFunc(lines, func(l textLine) bool { return !pageNumber(l.text) })
}

// firstPart looks for a table on a page: rows that count, with heads above them.
func firstPart(lines []spacedLine) *spacedPart {
	for from := 0; from < len(lines); {
		chain := longestChain(lines, from, 0)
		if len(chain) == 0 {
			return nil
		}
		p := &spacedPart{lines: lines}
		if p.lay(chain, true) {
			starts, cost := p.rows(false)
			if s, c := p.rows(true); c < cost {
				starts = s
			}
			if len(starts) > 1 && p.anchors[0].kind == headAnchor {
				p.heading = p.lines[starts[0]:starts[1]]
			}
			return p
		}
		from = chain[len(chain)-1] + 1
	}
	return nil
}

// nextPart looks for what goes on of a table at the top of a page.
func nextPart(lines []spacedLine, t *spacedTable) *spacedPart {
	for len(lines) > 0 && len(lines[0].words) == 1 && pageNumber(lines[0].all()) {
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return nil
	}
	first := t.parts[0]
	head := first.headOf(lines)
	chain := longestChain(lines, head, t.last)
	if len(chain) == 0 && head == 0 {
		return nil
	}
	p := &spacedPart{lines: lines, head: head, columns: len(first.gaps) + 1}
	t.torn = !p.lay(chain, false) || head > 0 && !sameHeads(first, lines[:head], p.gaps)
	if t.torn {
		return nil
	}
	return p
}

// sameHeads reports whether the heads of a page are those that the table began with, column
// by column.
func sameHeads(first *spacedPart, lines []spacedLine, gaps []spacedGap) bool {
	const alike, most = 0.6, 0.2 // share of the columns that may differ
	a, b := headsOf(first.heading, first.gaps), headsOf(lines, gaps)
	other := 0
	for c := range a {
		if a[c] != b[c] && normalize.Similarity(normalize.Fold(a[c]), normalize.Fold(b[c])) < alike {
			other++
		}
	}
	return float64(other) <= most*float64(len(a))
}

// headOf returns how many of the lines at the top of a page are a table's heads once more.
func (p *spacedPart) headOf(lines []spacedLine) int {
	const alike = 0.8
	fold := func(lines []spacedLine) string {
		var words []string
		for i := range lines {
			words = append(words, strings.Fields(strings.ToLower(normalize.Fold(lines[i].all())))...)
		}
		slices.Sort(words)
		return strings.Join(words, " ")
	}
	own := fold(p.heading)
	best, n := alike, 0
	for k := max(len(p.heading)-2, 1); k <= min(len(p.heading)+2, len(lines)); k++ {
		if s := normalize.Similarity(own, fold(lines[:k])); s > best {
			best, n = s, k
		}
	}
	return n
}
