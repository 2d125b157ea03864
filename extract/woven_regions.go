package extract

import (
	"unicode/utf8"
)

// Which rows are unwoven: those of which enough lines hold text of several columns.

// A wovenRegion is a run of pieces, and the slots of the rows that begin in it.
type wovenRegion struct{ from, to, first, last int }

// wovenRegions finds the runs of rows between group rows, in tables of which enough
// lines hold text of several columns. Tables that are woven in places only are
// left as they are: there the search, which knows the blank space between
// cells, is right more often.
func (l *layout) wovenRegions() []wovenRegion {
	least := 4 // one line in so many
	if l.p.pattern == nil {
		least = 3
	}
	everywhere := least*l.besideLines(0, len(l.pieces)) >= l.countLines(0, len(l.pieces))
	anchors := []int{} // pieces where rows begin
	for _, s := range l.slots {
		if s.anchor >= 0 {
			anchors = append(anchors, s.anchor)
		}
	}
	var out []wovenRegion
	for k := 0; k < len(anchors); {
		r := wovenRegion{from: l.lineStart(anchors[k]), first: l.firstOf(anchors, k)}
		for r.from > 0 && !l.barrier(r.from-1) && (k == 0 || l.pieces[r.from-1].line > l.pieces[anchors[k-1]].line) {
			r.from = l.lineStart(r.from - 1)
		}
		for {
			r.to, r.last = l.nextBound(anchors, k), l.groups[anchors[k]].slot
			k++
			if k == len(anchors) || r.to < l.lineStart(anchors[k]) {
				break
			}
			if !everywhere && l.wovenRow(anchors, k) != l.wovenRow(anchors, k-1) {
				break
			}
		}
		if everywhere || l.wovenRow(anchors, k-1) {
			out = append(out, r)
		}
	}
	return out
}

// firstOf returns the first of the rows that may begin between anchors[k-1] and
// anchors[k]: those of the same group of which no beginning was found, and that of
// anchors[k].
func (l *layout) firstOf(anchors []int, k int) int {
	s := l.groups[anchors[k]].slot
	for s > 0 && l.slots[s-1].anchor < 0 && l.slots[s-1].group == l.slots[s].group {
		s--
	}
	return s
}

// wovenRow reports whether the row that begins at anchors[k] is woven.
func (l *layout) wovenRow(anchors []int, k int) bool {
	from, to := l.lineStart(anchors[k]), l.nextBound(anchors, k)
	return 3*l.besideLines(from, to) >= l.countLines(from, to)
}

// barrier reports whether piece i is none of a cell's.
func (l *layout) barrier(i int) bool { return l.groups[i].skip || l.groups[i].total }

func (l *layout) lineStart(i int) int {
	for i > 0 && l.pieces[i-1].line == l.pieces[i].line {
		i--
	}
	return i
}

// nextBound returns the piece behind the row that begins at anchors[k]: the
// first on the line of the next beginning, or of a group row.
func (l *layout) nextBound(anchors []int, k int) int {
	end := len(l.pieces)
	if k+1 < len(anchors) {
		end = l.lineStart(anchors[k+1])
	}
	for i := anchors[k]; i < end; i++ {
		if l.barrier(i) {
			return i
		}
	}
	return end
}

// countLines counts the lines of pieces.
func (l *layout) countLines(from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if !l.barrier(i) && (i == from || l.pieces[i].line != l.pieces[i-1].line) {
			n++
		}
	}
	return n
}

// besideLines counts those that hold several columns.
func (l *layout) besideLines(from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if (i == from || l.pieces[i].line != l.pieces[i-1].line) && l.severalColumns(i) {
			n++
		}
	}
	return n
}

// severalColumns reports whether the line of piece i holds more than one column,
// or is too wide for one.
func (l *layout) severalColumns(i int) bool {
	return l.beside[i] || !l.barrier(i) && utf8.RuneCountInString(l.b.lines[l.pieces[i].line].text) >= minMerged
}
