package extract

import (
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

// What speaks for a way to part a line.

// labelScore is what a status label says of column c: it stands in the column
// of labels or, where there is none, in the one whose sentences say the status.
func (w *weaver) labelScore(c int) float64 {
	if c == w.labelColumn() {
		return scoreLabel
	}
	return -scoreLabel
}

func clip(f float64) float64 { return max(-followMost, min(followMost, f)) }

// leave is the cost of leaving a row: cells that are not over, and a title that
// stands where titles of this table do not.
func (w *weaver) leave(h *weave) float64 {
	s := 0.0
	if w.l.labels && !h.labeled && h.row >= 0 {
		s += scoreUnlabeled
	}
	lines := h.above + h.title + h.below
	// Where most lines stand apart the row's height is not known.
	apart := w.l.p.pattern != nil && h.blocks > lines
	for _, c := range w.cols {
		t := h.strands[c].tail
		if t < 0 {
			continue
		}
		switch st := h.strands[c]; {
		case apart, h.row >= 0 && w.l.slots[h.row].counts:
		case w.middle && (!w.tops || c == w.l.title):
			s += weighWoven.cellCentre * min(6, math.Abs(float64(int(st.first)+int(st.last)+1-lines))/2)
		default:
			s += weighWoven.cellTop * float64(min(st.first, 5))
		}
		switch tl := &w.tails[t]; {
		case tl.open:
			s += weighWoven.leaveOpen
		case !tl.over && w.widths[c] > 0 && tl.fill > 0.85*w.widths[c]:
			s += weighWoven.leaveFull
		}
	}
	if apart || h.row >= 0 && w.l.slots[h.row].counts {
		return s // where a count begins, a row does, wherever its cells lie
	}
	if w.middle {
		return s + weighWoven.centre*math.Abs(float64(max(-6, min(6, h.above-h.below))))
	}
	return s + weighWoven.top*float64(min(h.above, 6))
}

// numberScore is what the number before a line's words says of its row: of this
// one, or of one beside it.
func (w *weaver) numberScore(row int, x *wovenLine) float64 {
	if x.number == 0 || row < 0 {
		return 0
	}
	at := func(s int) bool { return s >= 0 && s < len(w.l.slots) && w.l.slots[s].number == x.number }
	switch {
	case at(row):
		return weighWoven.itsNumber
	case at(row - 1), at(row + 1):
		return -weighWoven.itsNumber
	}
	return 0
}

// topicScore is what the words of a line say of its row: those that the row's title
// has, and few others.
func (w *weaver) topicScore(row int, x *wovenLine) float64 {
	if row < 0 {
		return 0
	}
	return weighWoven.topic * min(x.topics[row], topicMost)
}

// leftOut is the cost of a word that goes to no cell.
func (w *weaver) leftOut(x *wovenLine, k int) float64 {
	if x.item[k] == 0 && (k == 0 || k < x.anchor && x.slot >= 0) {
		if x.right[k]-x.left[k] <= 4 && (numeric(x.words[k].text) || x.speck[k] || numeric(x.words[k].raw)) {
			return 0 // the row's number
		}
	}
	switch {
	case x.speck[k]:
		return weighWoven.speck
	case isDirt(x.words[k].raw):
		return weighWoven.dirt
	}
	return weighWoven.leftOut
}

// pass is the cost of leaving a cell out on a line.
func (w *weaver) pass(h *weave, x *wovenLine, c int) float64 {
	st := h.strands[c]
	if st.tail < 0 || !x.woven {
		return 0
	}
	switch {
	case !w.goesBelow(&st, c):
		return 0
	case st.idle == 0 && h.turn:
		return weighWoven.passOff
	case st.idle == 0:
		return weighWoven.pass
	case st.idle == 1 && h.turn:
		return weighWoven.passTurn
	}
	return weighWoven.passAgain
}

// begin scores word k of a line as the first of a part in column c.
func (w *weaver) begin(h *weave, x *wovenLine, c, k int) float64 {
	g := &weighWoven
	s := g.part
	if x.label[k] {
		s += w.labelScore(c)
		if c == w.labelColumn() && (h.labeled || h.strands[c].tail >= 0) {
			s += scoreSecondLabel // a label begins its cell, and a row has one
		}
	}
	if x.cell != nil && x.cell[k] >= 0 {
		if x.cell[k] == c {
			s += g.itsCell
		} else {
			s -= g.itsCell
		}
	}
	behind := x.slot >= 0 && w.l.p.pattern == nil && k == x.anchor+1 // a number is a border too
	if k > 0 && !x.bar[k] && !behind && x.item[k] == 0 {
		s += g.noBar * w.barRate
		if !x.woven {
			s += g.alone
		} else if x.right[len(x.words)-1] < oneColumn {
			s += g.narrow
		}
		if !x.sound[k] && !x.label[k] {
			s += g.blurred
		}
	}
	if behind && c != w.l.title {
		s += g.notBeside // number and title both lie about the row's middle, or at its top
	}
	st := h.strands[c]
	if st.tail < 0 {
		if w.l.lacks[c] {
			s += g.noHead
		}
		s += w.opening(x, c, k)
		if c == w.l.title && w.l.p.pattern != nil && w.l.slots[h.row].anchor >= 0 && !(x.slot == h.row && k == x.anchor) {
			s += g.titleEarly
		}
		return s + g.newCell + w.filled[c]
	}
	t := &w.tails[st.tail]
	if t.label {
		return s + w.opening(x, c, k)
	}
	if x.answer[k] || t.answer {
		s += g.answerOn
	}
	s += g.follow * w.goesOn(st.tail, x, k)
	switch {
	case x.lower[k] && t.over:
		s += g.lowerAfter
	case x.lower[k] && !t.over:
		s += g.lowerOn
	case x.upper[k] && !t.over:
		s += g.upperOn
	}
	if t.open {
		s += g.open
	}
	switch {
	case st.idle == 0 && h.turn:
		s += g.jump
	case st.idle > 1 || !h.turn:
		s += g.idle * float64(min(st.idle, 4))
	}
	if wide := w.widths[c]; wide > 0 {
		room := wide - (t.fill + w.l.p.wideOf(" ") + x.right[k] - x.left[k])
		if room -= nearWidth*wide + 1; room > 0 {
			switch {
			case t.over:
				s += max(g.shortMost/3, g.short/3*room)
			case x.block && !x.gap:
				s += max(g.shortMost, g.shortBlock*room)
			default:
				s += max(g.shortMost, g.short*room)
			}
		}
	}
	return s
}

// opening scores word k of a line as the first of a text in column c.
func (w *weaver) opening(x *wovenLine, c, k int) float64 {
	switch {
	case x.starts[c][k], x.answer[k] && c != w.l.title:
		return weighWoven.start
	case x.upper[k] || x.label[k]:
		return weighWoven.newUpper
	case x.lower[k]:
		return weighWoven.newLower
	}
	return 0
}

// nearWidth is by what share lines may be wider than their column seems to be, and the
// word below may have fitted: print is spread and squeezed a little.
const nearWidth = 0.06

// oneColumn is how wide a line of one cell may be, in letters.
const oneColumn = 60

// partScore scores the words from to to of a line in column c; false when they
// are far too wide for any column.
func (w *weaver) partScore(x *wovenLine, c, from, to int) (float64, bool) {
	g := &weighWoven
	width := x.right[to-1] - x.left[from]
	if width > 110 {
		return 0, false
	}
	s := g.follow*(x.inner[to]-x.inner[from+1]) + x.hits[c][to] - x.hits[c][from]
	if x.learned != nil {
		s += g.learned * (x.learned[c][to] - x.learned[c][from])
	}
	s += g.barIn * float64(x.bars[to]-x.bars[from+1])
	s -= scoreLabel * float64(x.labels[to]-x.labels[from+1])
	s += g.half*float64(x.halves[to]-x.halves[from]) + g.capital*float64(x.capitals[to]-x.capitals[from+1])
	s += g.answerIn * float64(x.answers[to]-x.answers[from+1])
	if x.answer[from] && to-from > 2 {
		s += g.answerIn
	}
	if w.l.p.Columns[c].Type == TypeStatus && !x.label[from] {
		s -= scoreLabel
	}
	if wide := w.widths[c]; wide > 0 {
		if more := width - (1+nearWidth)*wide - 1; more > 0 {
			if more > 40 {
				return 0, false
			}
			if w.l.p.pattern == nil {
				s += g.wideNumber * more
			} else {
				s += g.wide * more
			}
		}
	} else if width > 48 {
		s += g.wideOpen * (width - 48)
	}
	return s, true
}

// entryScore scores the words from to to of line i as a part of the title of a
// row: those of entries of the catalogue that it begins like, or of any when its
// beginning is destroyed and the part is long enough to tell.
func (w *weaver) entryScore(row int, x *wovenLine, i, from, to int) float64 {
	wide := max(w.widths[w.l.title], titleWidth)
	if w.l.known[row] {
		return w.titledScore(row, x, from, to)
	}
	if len(w.l.b.opt.Catalogue) == 0 || x.right[to-1]-x.left[from] > 1.3*wide {
		return 0
	}
	key := [4]int32{int32(row), int32(i), int32(from), int32(to)}
	s, ok := w.byEntry[key]
	if ok {
		return s
	}
	if x.slot == row && from == x.anchor {
		from = min(x.most, to-1)
	}
	part := foldedFields(x.words[from:to])
	bonus := scoreEntry + 0.5*float64(len(part)) // the longer, the surer
	like := func(words []string, least float64) bool {
		return shareIn(part, words) >= least && (partOf(part, words) || prefixLikeness(part, words) >= minPrefix)
	}
	switch entries := w.l.entries[row]; {
	case x.speck[to-1]:
	case len(entries) > 0:
		s = scoreNoEntry
		if slices.ContainsFunc(entries, func(words []string) bool { return like(words, 0.4) }) {
			s = bonus
		}
	case len(part) >= tellingPart && slices.ContainsFunc(w.l.allEntries(), func(words []string) bool { return like(words, 0.7) }):
		s = bonus
	}
	w.byEntry[key] = s
	return s
}

// titledScore scores the words from to to of a line as a part of a title that the
// catalogue knows.
func (w *weaver) titledScore(row int, x *wovenLine, from, to int) float64 {
	s := 0.0
	for k := from; k < to; k++ {
		switch of, in := w.l.titled[x.words[k].src]; {
		case in && of == row:
			s += weighWoven.titled
		case (x.slot != row || k >= x.most) && !w.l.mayTitle[x.words[k].src]:
			s -= weighWoven.titled
		}
	}
	return s
}

// tellingPart is how many words of a title tell which entry it is.
const tellingPart = 4

// shareIn is the share of the words of a part that an entry has.
func shareIn(part, words []string) float64 {
	n := 0
	for _, w := range part {
		if slices.Contains(words, w) {
			n++
		}
	}
	return float64(n) / float64(len(part))
}

func foldedFields(words []word) []string {
	return strings.Fields(normalize.Fold(newPassage(words).text))
}

// goesOn tells how well word k of a line goes on from a cell's last line.
func (w *weaver) goesOn(t int32, x *wovenLine, k int) float64 {
	if !x.sound[k] {
		return 0
	}
	key := twoKeys(int(t), x.first+k)
	f, ok := w.follow[key]
	if !ok {
		f = clip(w.l.b.opt.Restorer.Follows(w.tails[t].end, x.text[k]))
		w.follow[key] = f
	}
	return f
}
