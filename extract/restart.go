package extract

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// A row whose number was lost still shows where it begins when its cells count
// what they hold: "(1)" stands in several of them side by side.

// minRestart is how many cells must count from one on a line.
const minRestart = 3

// addRestarts adds the rows that begin so within another, when more cells count
// than a row has. What the line begins with takes the place of their number.
func (l *layout) addRestarts() {
	if !l.p.allText() {
		return
	}
	cells := 0
	for c := range l.p.Columns {
		if l.p.Columns[c].Type == TypeText {
			cells++
		}
	}
	at, counted := -1, 0 // the row that the pieces belong to, and cells of it that count
	for i := 0; i < len(l.pieces); i++ {
		switch {
		case l.groups[i].slot >= 0:
			at, counted = l.groups[i].slot, 0
		case l.groups[i].group != nil:
			at = -1
		}
		if at < 0 || i > 0 && l.pieces[i-1].line == l.pieces[i].line {
			continue
		}
		n := l.countsFromOne(i)
		own := slices.ContainsFunc(l.groups[i:min(i+3, len(l.groups))], func(m mark) bool { return m.slot > at })
		if number := l.numberBehind(at); n >= minRestart && counted+n > cells && number > 0 && !own && !l.groups[i].skip {
			l.beginRow(i, at+1, number)
			at++
			counted = 0
		}
		counted += n
	}
}

// beginRow makes a row of its own begin with the first word of piece i.
func (l *layout) beginRow(i, slotAt, number int) {
	first, rest := l.pieces[i], l.pieces[i]
	first.passage, rest.passage = newPassage(first.words[:1]), newPassage(rest.words[1:]).trimmed()
	sp := &splitter{b: l.b, p: l.p}
	sp.describe(&first)
	l.pieces[i] = first
	shift := 0
	if len(rest.words) > 0 {
		rest.gap, rest.first, rest.lead, rest.cut = false, false, false, cutType
		sp.describe(&rest)
		l.pieces = slices.Insert(l.pieces, i+1, rest)
		l.groups = slices.Insert(l.groups, i+1, mark{slot: -1})
		shift = 1
	}
	l.slots = slices.Insert(l.slots, slotAt, slot{number: number, anchor: i, counts: true})
	l.groups[i].slot = slotAt
	for k := i + 1; k < len(l.groups); k++ {
		if l.groups[k].slot >= 0 {
			l.groups[k].slot++
		}
	}
	for s := slotAt + 1; s < len(l.slots); s++ {
		if l.slots[s].anchor >= 0 {
			l.slots[s].anchor += shift
		}
	}
}

// countsFromOne counts the words of the line of piece i that begin a count.
func (l *layout) countsFromOne(i int) int {
	n := 0
	for _, w := range l.b.lines[l.pieces[i].line].words {
		switch strings.TrimLeft(w.raw, "|[(") {
		case "1)", "1).":
			n++
		}
	}
	return n
}

// numberBehind is the number of a row behind slot s that is not there: 0 when
// the next row bears it.
func (l *layout) numberBehind(s int) int {
	number := l.slots[s].number
	if n, _, ok := dottedOrdinal(l.slots[s].label); ok {
		number = n
	}
	if s+1 < len(l.slots) && l.slots[s+1].number == number+1 {
		return 0
	}
	return number + 1
}

// returnWords gives the words that stood in the place of a number back to the
// cell that they begin.
func (l *layout) returnWords(rows []*row) {
	for s := range l.slots {
		r := rows[s]
		if !l.slots[s].counts || l.num < 0 || len(r.cells[l.num].words) == 0 {
			continue
		}
		word := r.cells[l.num]
		r.cells[l.num] = passage{}
		r.settled = r.number
		best := -1
		for c := range r.cells {
			if words := r.cells[c].words; c != l.num && len(words) > 0 && words[0].line == word.words[0].line && (best < 0 || c < best) {
				best = c
			}
		}
		if best >= 0 {
			r.cells[best] = concat(word, r.cells[best])
		}
	}
}

// leaveHeadings takes out the rows that stand over others, "1" over "1.1", and have no
// cells besides their title: what they name is a group. It is that of the rows below
// where those have none.
func (b *builder) leaveHeadings(p *Profile, rows []*row) []*row {
	var out []*row
	for i, r := range rows {
		if i+1 == len(rows) || !headsOthers(p, r, rows[i+1]) {
			out = append(out, r)
			continue
		}
		title := r.cells[p.titleColumn()]
		for _, c := range r.cells {
			for _, w := range c.words {
				b.groupLines[w.line] = true
			}
		}
		group := &schema.Group{Number: r.name(), Name: title.text}
		for k := i + 1; k < len(rows) && r.group == nil; k++ {
			if n, _, ok := dottedOrdinal(rows[k].label); !ok || n != r.number || rows[k].group != nil {
				break
			}
			rows[k].group = group
		}
	}
	return out
}

// headsOthers reports whether row r stands over the next and has no cells.
func headsOthers(p *Profile, r, next *row) bool {
	n, minor, ok := dottedOrdinal(next.label)
	if !ok || minor != 1 || r.label != "" || n != r.number || p.titleColumn() < 0 {
		return false
	}
	for c := range r.cells {
		if c != p.titleColumn() && c != p.numberColumn() && len(r.cells[c].words) > 0 {
			return false
		}
	}
	return true
}

// isHeading reports whether the row of slot s stands over others: "1" over "1.1".
// It has a title, on the line of its number, and no cells.
func (l *layout) isHeading(s int) bool {
	if s < 0 || s+1 >= len(l.slots) || l.slots[s].label != "" {
		return false
	}
	n, minor, ok := dottedOrdinal(l.slots[s+1].label)
	return ok && n == l.slots[s].number && minor == 1
}
