package extract

import (
	"github.com/sohoa/sohoa/extract/field"
)

// The beam search over all pieces in reading order.

type hypothesis struct {
	score    float64
	row, col int
	anchored bool // the beginning of row was seen, or it has none
	labeled  bool // row has a status label
	last     [maxColumns]int32
	fill     [maxColumns]int16 // letters on the last line of the cell
	// trail is the way here, without the newest place until the hypothesis
	// survives: most do not.
	trail        *trail
	toRow, toCol int
}

type trail struct {
	row, col int
	prev     *trail
}

// search finds the best places for all pieces.
func (l *layout) search() {
	start := hypothesis{row: -1, col: -1, anchored: true}
	for c := range start.last {
		start.last[c] = -1
	}
	beam := []hypothesis{start}
	var next []hypothesis
	var order ranking
	margins := make([]float64, len(l.pieces))
	for i := range l.pieces {
		next = next[:0]
		for h := range beam {
			next = l.expand(next, &beam[h], i)
		}
		if len(next) == 0 {
			// No hypothesis can go on: leave the piece out in all.
			for h := range beam {
				n := beam[h]
				n.toRow, n.toCol = noPlace, noPlace
				next = append(next, n)
			}
		}
		beam, order = best(beam[:0], next, order, beamWidth)
		for k := range beam {
			beam[k].trail = &trail{beam[k].toRow, beam[k].toCol, beam[k].trail}
		}
		for k := range beam {
			if o := &beam[k]; o.toRow != beam[0].toRow || o.toCol != beam[0].toCol {
				margins[i] = beam[0].score - o.score
				break
			}
		}
	}
	l.best = make([]place, len(l.pieces))
	if len(beam) == 0 {
		return
	}
	t := beam[0].trail
	for i := len(l.pieces) - 1; i >= 0 && t != nil; i-- {
		l.best[i] = place{t.row, t.col, margins[i]}
		t = t.prev
	}
}

// best puts the best n hypotheses into out, one for each state that the future can
// tell apart; of equal ones the first. The ranking is room for the next call.
func best(out, list []hypothesis, room ranking, n int) ([]hypothesis, ranking) {
	// A heap, since only the first few of many are taken.
	room = room[:0]
	for i := range list {
		room = append(room, rank{list[i].score, int32(i)})
	}
	order := room
	order.order()
	for len(order) > 0 && len(out) < n {
		if h := &list[order.pop()]; !h.among(out) {
			out = append(out, *h)
		}
	}
	return out, room
}

// among reports whether the future cannot tell the hypothesis from one of a list.
func (h *hypothesis) among(list []hypothesis) bool {
	for i := range list {
		o := &list[i]
		if h.row == o.row && h.col == o.col && h.anchored == o.anchored && h.labeled == o.labeled && h.last == o.last {
			return true
		}
	}
	return false
}

// A rank is the score of a hypothesis and its place in their list.
type rank struct {
	score float64
	index int32
}

func (a rank) before(b rank) bool {
	return a.score > b.score || a.score == b.score && a.index < b.index
}

// A ranking is a heap with the best rank first.
type ranking []rank

// order makes a heap of ranks that came in any order.
func (r ranking) order() {
	for i := len(r)/2 - 1; i >= 0; i-- {
		r.sink(i)
	}
}

// pop takes out the best rank and returns its index.
func (r *ranking) pop() int32 {
	old := *r
	index := old[0].index
	old[0] = old[len(old)-1]
	*r = old[:len(old)-1]
	r.sink(0)
	return index
}

// sink moves the rank at i down to where it belongs.
func (r ranking) sink(i int) {
	for {
		next := 2*i + 1
		if next >= len(r) {
			return
		}
		if next+1 < len(r) && r[next+1].before(r[next]) {
			next++
		}
		if !r[next].before(r[i]) {
			return
		}
		r[i], r[next] = r[next], r[i]
		i = next
	}
}

func (l *layout) expand(out []hypothesis, h *hypothesis, i int) []hypothesis {
	pc := &l.pieces[i]
	m := &l.groups[i]
	stay := func(score float64) {
		n := *h
		n.score += score
		n.toRow, n.toCol = noPlace, noPlace
		out = append(out, n)
	}
	switch {
	case m.group != nil:
		// All rows before the group must be over, none behind it begun.
		if h.row >= m.after || !h.anchored {
			return out
		}
		n := *h
		n.score += l.skipped(h.row, m.after) + l.untitled(h) + l.unlabeled(h)
		n.row, n.col, n.anchored, n.labeled = m.after-1, len(l.p.Columns), true, false
		for c := range n.last {
			n.last[c] = -1
		}
		n.toRow, n.toCol = noPlace, noPlace
		return append(out, n)
	case m.skip, m.total:
		stay(0)
		return out
	case m.slot >= 0:
		return l.enterRow(out, h, i, m.slot)
	}
	// The number of a row beside a title that has one already.
	if l.p.pattern != nil {
		if n, ok := field.Ordinal(pc.text); ok && pc.width <= 4 {
			switch {
			case h.row >= 0 && h.row < len(l.slots) && l.slots[h.row].number == n:
				stay(scoreNumberHere)
				return out
			case h.row+1 < len(l.slots) && l.slots[h.row+1].number == n, h.row > 0 && l.slots[h.row-1].number == n:
				stay(-scoreNumberHere)
				return out
			}
		}
	}
	if pc.junk {
		stay(0)
		return out
	}
	stay(scoreUnplaced + scoreUnplacedLen*float64(min(pc.width, 60)))
	return l.aboveRows(l.withinRow(out, h, i), h, i)
}

// enterRow adds the way on over piece i where row s begins: there is no choice.
func (l *layout) enterRow(out []hypothesis, h *hypothesis, i, s int) []hypothesis {
	col := l.title
	if l.p.pattern == nil {
		col = l.num
	}
	if h.row > s || h.row == s && h.anchored || h.row < s && !h.anchored {
		return out
	}
	n := *h
	if h.row < s {
		n.score += l.skipped(h.row, s) + l.untitled(h) + l.unlabeled(h) + l.midLine(h, i)
		n.clear()
		n.labeled = false
	}
	n.row, n.col, n.anchored = s, col, true
	n.put(col, i, l.pieces[i].width)
	return append(out, n)
}

// withinRow adds the ways to place piece i in the current row.
func (l *layout) withinRow(out []hypothesis, h *hypothesis, i int) []hypothesis {
	if h.row < 0 || h.row >= len(l.slots) || l.closed(h) {
		return out
	}
	pc := &l.pieces[i]
	for c := range l.p.Columns {
		if c == l.num {
			continue
		}
		s, ok := l.inRow(h, i, c)
		if !ok {
			continue
		}
		n := *h
		n.score += s
		n.col = c
		if pc.status && l.p.Columns[c].Status {
			if h.labeled {
				n.score += scoreSecondLabel
			}
			n.labeled = true
		}
		fill := int16(0)
		if last := n.last[c]; last >= 0 && l.pieces[last].line == pc.line {
			fill = n.fill[c] + 1
		}
		n.put(c, i, pc.width)
		n.fill[c] += fill
		out = append(out, n)
	}
	return out
}

// aboveRows adds the ways to place piece i in one of the next rows, above their
// beginnings.
func (l *layout) aboveRows(out []hypothesis, h *hypothesis, i int) []hypothesis {
	if !h.anchored {
		return out
	}
	pc := &l.pieces[i]
	for r := h.row + 1; r < len(l.slots) && r <= h.row+3; r++ {
		s := &l.slots[r]
		if s.anchor >= 0 && s.anchor < i {
			break
		}
		for c := range l.p.Columns {
			if c == l.num || c == l.title && l.p.pattern != nil && s.anchor >= 0 {
				continue // titles begin with their wording
			}
			n := *h
			n.score += l.aboveRow(h, i, r, c)
			n.row, n.col, n.anchored = r, c, s.anchor < 0
			n.labeled = pc.status && l.p.Columns[c].Status
			n.clear()
			n.put(c, i, pc.width)
			out = append(out, n)
		}
		if s.anchor >= 0 {
			break
		}
	}
	return out
}

// aboveRow scores piece i in column c of row r, which has not begun.
func (l *layout) aboveRow(h *hypothesis, i, r, c int) float64 {
	s := &l.slots[r]
	score := scoreNewRow + l.skipped(h.row, r) + l.untitled(h) + l.unlabeled(h) + l.cellStart(i, c) + l.midLine(h, i)
	if s.anchor >= 0 && l.block[s.anchor] != l.block[i] && l.p.pattern != nil {
		score += scoreEarlyRow - scoreNewRow
	}
	if s.anchor >= 0 && l.beside[i] {
		score += scoreEarlyLine * float64(min(l.pieces[s.anchor].line-l.pieces[i].line, 8))
	}
	if c == l.title && l.p.pattern != nil {
		score -= 1 // its wording was destroyed
	}
	if h.row >= 0 {
		score += l.leaving(h, i)
	}
	return score
}

// clear empties the cells of a hypothesis.
func (h *hypothesis) clear() {
	for c := range h.last {
		h.last[c] = -1
	}
}

// widestFill bounds what is remembered of how full a cell's last line is.
const widestFill = 400

// put places piece i, which is so many letters wide, in column c of the current row.
func (h *hypothesis) put(c, i, width int) {
	h.last[c], h.fill[c] = int32(i), int16(min(width, widestFill))
	h.toRow, h.toCol = h.row, c
}

// closed reports whether a group row ended the current row.
func (l *layout) closed(h *hypothesis) bool { return h.col >= len(l.p.Columns) }
