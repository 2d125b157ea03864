package extract

import (
	"cmp"
	"math"
	"slices"

	"github.com/sohoa/sohoa/normalize"
)

// The beam search over woven lines: which words of a line go to which columns.

// A tail is the end of what a cell holds so far.
type tail struct {
	end        normalize.Ending
	over, open bool
	answer     bool    // it says no more than "Không"
	label      bool    // it is a status label, below which a text begins
	fill       float64 // how wide its last line is
}

// A strand is a cell that is being read; tail is -1 before its first line.
type strand struct {
	tail        int32
	idle        int32 // lines since that went by without it
	first, last int16 // lines of the row that its cell begins and ends on
	item        int32 // the last number of a list in it, 0 before any: strands without gaps are compared at once
}

// A part is a run of words of a line in one column.
type part struct{ col, from, to int32 }

type weave struct {
	score    float64
	row      int
	blocks   int  // its lines that stand apart; with many its height is not known
	labeled  bool // it has a status label
	turn     bool // it is the turn of a cell that was not read on the last line
	begun    bool // the row's beginning was seen, or it has none
	entered  bool // the row begins on the line that is read
	above    int  // lines of the row above its beginning
	title    int  // lines from its beginning to the title's last
	below    int  // lines below those
	strands  [maxColumns]strand
	newest   []part
	newTrack *track
}

// A track leads back through the lines.
type track struct {
	row    int
	parts  []part
	margin float64
	prev   *track
}

const (
	wovenBeam = 24 // ways kept from line to line
	wovenRow  = 12 // of them in the row of the best, as long as there are others
	wovenBest = 4  // ways to part a line, for each way to come there
)

// run finds the best way through the lines, or nil.
func (w *weaver) run(r wovenRegion) *weave {
	start := weave{row: r.first - 1, begun: true}
	for c := range start.strands {
		start.strands[c].tail = -1
	}
	for i := range w.l.pieces[:r.from] {
		if pl := w.l.best[i]; pl.row == r.first-1 && pl.row >= 0 && pl.col >= 0 && pl.col < len(w.l.p.Columns) {
			pc := &w.l.pieces[i]
			w.tails = append(w.tails, tail{w.l.b.opt.Restorer.Ending(pc.text), pc.over, pc.open, pc.answer, false, w.l.p.wideOf(pc.text)})
			start.strands[pl.col] = strand{tail: int32(len(w.tails) - 1)}
		}
	}
	beam := []weave{start}
	for i := range w.lines {
		next := w.next[:0]
		w.parts = w.parts[:0]
		w.readParts(&w.lines[i])
		w.starts = w.starts[:0]
		for h := range beam {
			w.expand(&beam[h], i, r)
		}
		for h := range w.starts {
			next = w.across(next, &w.starts[h], i)
		}
		w.next = next
		if len(next) == 0 {
			return nil
		}
		beam = w.keep(beam[:0], next)
	}
	for h := range beam {
		beam[h].score += w.leave(&beam[h])
	}
	end := slices.MaxFunc(beam, func(a, b weave) int { return cmp.Compare(a.score, b.score) })
	if end.row < r.last {
		return nil
	}
	return &end
}

// keep puts the best ways into out, one for each state that later lines can tell
// apart.
func (w *weaver) keep(out, list []weave) []weave {
	w.ranks = w.ranks[:0]
	for i := range list {
		w.ranks = append(w.ranks, rank{list[i].score, int32(i)})
	}
	order := w.ranks
	order.order()
	best := &list[order[0].index]
	margin := 0.0
	rest := w.rest[:0] // of the best's row, for which there is no room yet
	same := 0
	for len(order) > 0 && (len(out) < wovenBeam || margin == 0) {
		at := order.pop()
		h := &list[at]
		if margin == 0 && (h.row != best.row || !slices.Equal(h.newest, best.newest)) {
			margin = best.score - h.score
		}
		switch {
		case len(out) == wovenBeam || h.among(out):
		case h.row == best.row && same == wovenRow:
			rest = append(rest, at)
		default:
			if h.row == best.row {
				same++
			}
			out = append(out, *h)
		}
	}
	for _, at := range rest {
		if len(out) == wovenBeam {
			break
		}
		if h := &list[at]; !h.among(out) {
			out = append(out, *h)
		}
	}
	w.rest = rest
	for i := range out {
		h := &out[i]
		h.newest = slices.Clone(h.newest)
		h.turn = w.othersTurn(h)
		h.newTrack = &track{h.row, h.newest, margin, h.newTrack}
	}
	return out
}

// among reports whether later lines cannot tell the way from one of a list.
func (h *weave) among(list []weave) bool {
	for i := range list {
		if o := &list[i]; h.row == o.row && h.begun == o.begun && h.strands == o.strands {
			return true
		}
	}
	return false
}

// expand adds to starts the rows that line i may belong to after a way.
func (w *weaver) expand(h *weave, i int, r wovenRegion) {
	x := &w.lines[i]
	if x.fixed.row >= 0 && x.fixed.row != h.row && x.slot < 0 {
		return
	}
	if x.slot >= 0 {
		switch {
		case h.row == x.slot && !h.begun:
			w.starts = append(w.starts, *h)
			w.starts[len(w.starts)-1].begun = true
		case h.row < x.slot && h.begun:
			w.enter(h, x, x.slot, 0, true)
		}
		return
	}
	if h.row >= 0 && !(h.begun && h.row < r.last && w.l.isHeading(h.row)) {
		w.starts = append(w.starts, *h)
		n := &w.starts[len(w.starts)-1]
		n.begun = n.begun || x.of[h.row] > 0 && w.byTitle(h.row)
	}
	if !h.begun || x.fixed.row >= 0 {
		return
	}
	for s := h.row + 1; s <= r.last && s <= h.row+3; s++ {
		anchored := w.l.slots[s].anchor >= 0
		if anchored && x.from < w.floors[s] {
			break
		}
		w.enter(h, x, s, weighWoven.early, !anchored && !w.byTitle(s) || x.of[s] > 0)
		if anchored {
			break
		}
	}
}

// byTitle reports whether a row whose beginning was not found is known by a title on
// these lines: what stands above it is above the row's beginning.
func (w *weaver) byTitle(s int) bool {
	return w.l.slots[s].anchor < 0 && slices.ContainsFunc(w.lines, func(x wovenLine) bool { return x.of[s] > 0 })
}

// enter adds to starts that row s begins on line x. What was read of the row before is
// left behind: whatever the ways that enter it lead to, the best of them leads there with
// the best score, so that the others need not be followed. But a block of lines is
// compared with the cell above it, which is not the same for all.
func (w *weaver) enter(h *weave, x *wovenLine, s int, more float64, begun bool) {
	n := *h
	n.score += w.leave(h) + scoreSkipRow*float64(s-h.row-1)
	n.score += more
	n.row, n.begun, n.entered = s, begun, true
	n.above, n.title, n.below, n.labeled, n.blocks, n.turn = 0, 0, 0, false, 0, false
	for c := range n.strands {
		n.strands[c] = strand{tail: -1}
	}
	at := slices.IndexFunc(w.starts, func(o weave) bool { return o.entered && o.row == s })
	switch {
	case at < 0 || x.block:
		w.starts = append(w.starts, n)
	case n.score > w.starts[at].score:
		w.starts[at] = n
	}
}

// A choice is a way to part the first words of a line. Choices hold no pointers, and are
// small: millions of them are written over and over.
type choice struct {
	score float64
	prev  int32 // its place among the lists of the line, -1 for the first
	part  int32 // the last part, by its place in [weaver.scored]; noPart for a word left out
}

const noPart = -1

// choices are the best ways to part the same words, the best first.
type choices struct {
	n    int
	best [wovenBest]choice
}

// across adds the ways to part line i.
func (w *weaver) across(out []weave, h *weave, i int) []weave {
	x := &w.lines[i]
	n := len(x.words)
	width := len(w.cols) + 1
	lists := w.lists((n + 1) * width) // by word and last column, counted from 1; 0 is none
	start := h.score + w.numberScore(h.row, x) + w.topicScore(h.row, x)
	for of, n := range x.of {
		if of != h.row {
			start -= weighWoven.titled * float64(n) // a line of another row's title
		}
	}
	pass, begins := w.passed[:0], w.begins[:0]
	for _, c := range w.cols {
		s := w.pass(h, x, c)
		pass, begins = append(pass, s), append(begins, w.beginsOf(h, x, c))
		start += s
	}
	w.passed, w.begins = pass, begins
	worded := x.slot >= 0 && w.l.p.pattern != nil
	heading := w.l.isHeading(h.row)
	first := 0
	if worded {
		first = x.anchor // what stands before is the row's number
	} else if x.slot >= 0 && w.l.p.pattern == nil {
		first = min(x.anchor+1, n) // the number is no cell's text
	}
	lists[first*width].put(choice{start, -1, noPart})
	for k := first; k < n; k++ {
		if !worded || k < x.anchor || k >= x.most {
			for at := k * width; at < (k+1)*width; at++ {
				if lists[at].n > 0 {
					lists[at+width].putAll(&lists[at], at, w.left[k])
				}
			}
		}
		if !x.edge[k] {
			continue
		}
		var prior choices // those whose last column lies before; each leads to itself
		for ci := 1; ci < width; ci++ {
			at := k*width + ci
			if lists[at-1].n > 0 {
				prior.putAll(&lists[at-1], at-1, 0)
			}
			if prior.n == 0 {
				continue
			}
			c := w.cols[ci-1]
			if heading && c != w.l.title {
				continue
			}
			least, ok := w.shortest(h, x, c, k, first)
			if !ok {
				continue
			}
			if math.IsNaN(begins[ci-1][k]) {
				begins[ci-1][k] = w.begin(h, x, c, k)
			}
			s := begins[ci-1][k] - pass[ci-1]
			if x.block && x.gap && i > 0 && w.lines[i-1].block && len(h.newest) == 1 {
				switch last := int(h.newest[0].col); {
				case last > c:
					s += weighWoven.blockBack
				case last == c:
					s += weighWoven.blockSame
				}
			}
			for m := w.scoredTo[at-1]; m < w.scoredTo[at]; m++ {
				p := &w.scored[m]
				to := int(p.to)
				if to < least {
					continue
				}
				more := p.score
				if c == w.l.title {
					more += w.entryScore(h.row, x, i, k, to)
				}
				if x.nextItem[k] < to {
					st := &h.strands[c]
					more += x.itemScore(int8(st.item), st.tail >= 0, k, to)
					if c == w.l.title {
						more += scoreItemTitle
					}
				}
				if l := &lists[to*width+ci]; l.takes(prior.best[0].score + (s + more)) {
					l.goOn(&prior, s+more, m)
				}
			}
		}
	}
	var ends choices
	for at := n * width; at < len(lists); at++ {
		ends.putAll(&lists[at], at, 0)
	}
	for _, end := range ends.all() {
		out = append(out, w.step(h, x, lists, end.prev, end.score))
	}
	return out
}

// A cellBefore is what a part that begins in a column is scored after. Many ways to a line
// have cells in common.
type cellBefore struct {
	col, row      int
	tail, idle    int32
	turn, labeled bool
}

// beginsOf returns, by word, what [weaver.begin] says of parts in column c, NaN where it was
// not asked. It is the same for all ways that are alike to it.
func (w *weaver) beginsOf(h *weave, x *wovenLine, c int) []float64 {
	st := &h.strands[c]
	cell := cellBefore{c, h.row, st.tail, st.idle, h.turn, h.labeled}
	n := len(x.words)
	at := slices.Index(w.cells, cell)
	if at < 0 {
		at = len(w.cells)
		w.cells = append(w.cells, cell)
		for range n {
			w.begun = append(w.begun, math.NaN())
		}
	}
	return w.begun[at*n : (at+1)*n]
}

// shortest returns where a part in column c that begins with word k of a line ends
// at the earliest; false when none begins there. first is the line's first word
// that is text of a cell. Below a heading the title's column alone has parts; that is not
// asked here.
func (w *weaver) shortest(h *weave, x *wovenLine, c, k, first int) (to int, ok bool) {
	n := len(x.words)
	to = k + 1
	switch {
	case x.fixed.row >= 0 && x.slot < 0:
		if c != x.fixed.col || k > first {
			return 0, false
		}
		to = n
	case x.block:
		if k > first || !x.gap && len(h.newest) == 1 && int(h.newest[0].col) != c {
			return 0, false // one cell, that of the line above
		}
		to = n
	}
	worded := x.slot >= 0 && w.l.p.pattern != nil
	switch {
	case worded && (k == x.anchor) != (c == w.l.title):
		return 0, false // the title begins with its wording, and nowhere else
	case worded && k == x.anchor:
		return min(x.most+1, n), true // no title ends behind its wording
	}
	return to, true
}

// A scoredPart is a part with what its words say of its column.
type scoredPart struct {
	score float64
	part
}

// readParts scores all parts of a line, and the words that none takes: that is the
// same whichever way led to the line. scoredTo tells, by word and column, counted
// from 1, where the parts end that begin there.
func (w *weaver) readParts(x *wovenLine) {
	w.scored, w.scoredTo, w.left = w.scored[:0], w.scoredTo[:0], w.left[:0]
	w.cells, w.begun = w.cells[:0], w.begun[:0]
	n := len(x.words)
	for k := range n {
		w.left = append(w.left, w.leftOut(x, k))
		w.scoredTo = append(w.scoredTo, len(w.scored))
		for _, c := range w.cols {
			for to := k + 1; to <= n && x.edge[k]; to++ {
				if to < n && !x.edge[to] && !x.speck[to] {
					continue
				}
				s, ok := w.partScore(x, c, k, to)
				if !ok {
					break
				}
				w.scored = append(w.scored, scoredPart{s, part{int32(c), int32(k), int32(to)}})
			}
			w.scoredTo = append(w.scoredTo, len(w.scored))
		}
	}
}

// lists returns n empty lists.
func (w *weaver) lists(n int) []choices {
	if cap(w.scratch) < n {
		w.scratch = make([]choices, n)
	}
	out := w.scratch[:n]
	for i := range out {
		out[i].n = 0
	}
	return out
}

func (cs *choices) all() []choice { return cs.best[:cs.n] }

// putAll puts in those of the list at a place, each with so much more, to lead to it.
func (cs *choices) putAll(list *choices, at int, more float64) {
	for i := range list.all() {
		if !cs.put(choice{list.best[i].score + more, int32(at*wovenBest + i), noPart}) {
			return
		}
	}
}

// goOn puts in those that go on by a part from where others lead to.
func (cs *choices) goOn(list *choices, more float64, part int) {
	for i := range list.all() {
		if !cs.put(choice{list.best[i].score + more, list.best[i].prev, int32(part)}) {
			return
		}
	}
}

// takes reports whether one with a score would be among the best.
func (cs *choices) takes(score float64) bool {
	return cs.n < wovenBest || score > cs.best[wovenBest-1].score
}

// put puts in one, and reports whether it is among the best.
func (cs *choices) put(c choice) bool {
	if !cs.takes(c.score) {
		return false
	}
	if cs.n < wovenBest {
		cs.n++
	}
	at := cs.n - 1
	for ; at > 0 && cs.best[at-1].score < c.score; at-- {
		cs.best[at] = cs.best[at-1]
	}
	cs.best[at] = c
	return true
}

// step makes the way on that a choice at a place of the lists is.
func (w *weaver) step(h *weave, x *wovenLine, lists []choices, end int32, score float64) weave {
	n := *h
	n.score, n.entered = score, false
	if x.woven {
		for _, c := range w.cols {
			n.strands[c].idle++
		}
	}
	title := false
	line := int16(h.above + h.title + h.below)
	from := len(w.parts)
	for at := end; at >= 0; {
		ch := &lists[at/wovenBest].best[at%wovenBest]
		at = ch.prev
		if ch.part == noPart {
			continue
		}
		p := w.scored[ch.part].part
		w.parts = append(w.parts, p)
		n.labeled = n.labeled || x.label[p.from] && int(p.col) == w.labelColumn()
		was := h.strands[p.col]
		st := strand{tail: w.tailOf(x, p), first: line, last: line, item: int32(x.lastItem(int8(was.item), int(p.from), int(p.to)))}
		if was.tail >= 0 {
			st.first = was.first
			if x.block {
				st.last = was.last
			}
		}
		n.strands[p.col] = st
		title = title || int(p.col) == w.l.title
	}
	n.newest = slices.Clip(w.parts[from:]) // as long as it is not kept, only until the next line
	slices.Reverse(n.newest)
	switch {
	case x.block:
		n.blocks++
	case !n.begun:
		n.above++
	case title || x.slot >= 0:
		n.title += n.below + 1
		n.below = 0
	default:
		n.below++
	}
	return n
}

// tailOf returns the tail that a part leaves.
func (w *weaver) tailOf(x *wovenLine, p part) int32 {
	key := twoKeys(x.first+int(p.from), int(p.to))
	if t, ok := w.byTail[key]; ok {
		return t
	}
	ps := newPassage(x.words[p.from:p.to])
	w.tails = append(w.tails, tail{w.l.b.opt.Restorer.Ending(ps.text), ended(ps.text), endsOpenly(ps.text), x.answer[p.from] && p.to-p.from <= 2, x.label[p.from] && int(p.to) == x.labelTo[p.from], x.right[p.to-1] - x.left[p.from]})
	w.byTail[key] = int32(len(w.tails) - 1)
	return w.byTail[key]
}

// twoKeys packs two numbers into a key: maps of such keys are quicker by half.
func twoKeys(a, b int) uint64 { return uint64(uint32(a))<<32 | uint64(uint32(b)) }
