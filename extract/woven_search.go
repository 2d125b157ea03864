package extract

import (
	"cmp"
	"slices"

	"github.com/sohoa/sohoa/normalize"
)

// The beam search over woven lines: which words of a line go to which columns.

// A tail is the end of what a cell holds so far.
type tail struct {
	end        normalize.Ending
	over, open bool
	answer     bool // it says no more than "Không"
	fill       int
}

// A strand is a cell that is being read; tail is -1 before its first line.
type strand struct {
	tail        int32
	idle        int32 // lines since that went by without it
	first, last int16 // lines of the row that its cell begins and ends on
}

// A part is a run of words of a line in one column.
type part struct{ col, from, to int }

type weave struct {
	score    float64
	row      int
	blocks   int  // its lines that stand apart; with many its height is not known
	labeled  bool // it has a status label
	begun    bool // the row's beginning was seen, or it has none
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
	wovenBeam = 16 // ways kept from line to line
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
			w.tails = append(w.tails, tail{w.l.b.opt.Restorer.Ending(pc.text), pc.over, pc.open, pc.answer, pc.width})
			start.strands[pl.col] = strand{tail: int32(len(w.tails) - 1)}
		}
	}
	beam := []weave{start}
	for i := range w.lines {
		var next []weave
		for h := range beam {
			next = w.expand(next, &beam[h], i, r)
		}
		if len(next) == 0 {
			return nil
		}
		beam = w.keep(next)
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

// keep returns the best ways, one for each state that later lines can tell
// apart.
func (w *weaver) keep(list []weave) []weave {
	slices.SortStableFunc(list, func(a, b weave) int { return cmp.Compare(b.score, a.score) })
	type state struct {
		row     int
		begun   bool
		strands [maxColumns]strand
	}
	seen := map[state]bool{}
	var out []weave
	margin := 0.0
	for i := range list {
		h := &list[i]
		if margin == 0 && (h.row != list[0].row || !slices.Equal(h.newest, list[0].newest)) {
			margin = list[0].score - h.score
		}
		s := state{h.row, h.begun, h.strands}
		if len(out) < wovenBeam && !seen[s] {
			seen[s] = true
			out = append(out, *h)
		}
	}
	for i := range out {
		out[i].newTrack = &track{out[i].row, out[i].newest, margin, out[i].newTrack}
	}
	return out
}

// expand adds the ways on over line i.
func (w *weaver) expand(out []weave, h *weave, i int, r wovenRegion) []weave {
	x := &w.lines[i]
	if x.fixed.row >= 0 && x.fixed.row != h.row && x.slot < 0 {
		return out
	}
	if x.slot >= 0 {
		switch {
		case h.row == x.slot && !h.begun:
			n := *h
			n.begun = true
			return w.across(out, &n, i)
		case h.row < x.slot && h.begun:
			n := w.enter(h, x.slot)
			n.begun = true
			return w.across(out, &n, i)
		}
		return out
	}
	if h.row >= 0 && !(h.begun && h.row < r.last && w.l.isHeading(h.row)) {
		out = w.across(out, h, i)
	}
	if !h.begun || x.fixed.row >= 0 {
		return out
	}
	for s := h.row + 1; s <= r.last && s <= h.row+3; s++ {
		anchored := w.l.slots[s].anchor >= 0
		if anchored && x.from < w.floors[s] {
			break
		}
		n := w.enter(h, s)
		n.score += weighWoven.early
		n.begun = !anchored
		out = w.across(out, &n, i)
		if anchored {
			break
		}
	}
	return out
}

// enter begins row s.
func (w *weaver) enter(h *weave, s int) weave {
	n := *h
	n.score += w.leave(h) + scoreSkipRow*float64(s-h.row-1)
	n.row, n.above, n.title, n.below, n.labeled, n.blocks = s, 0, 0, 0, false, 0
	for c := range n.strands {
		n.strands[c] = strand{tail: -1}
	}
	return n
}

// A choice is a way to part the first words of a line.
type choice struct {
	score float64
	prev  *choice
	part  part // col -1: a word left out
}

// choices are the best ways to part the same words, the best first.
type choices struct {
	n    int
	best [wovenBest]choice
}

// across adds the ways to part line i.
func (w *weaver) across(out []weave, h *weave, i int) []weave {
	x := &w.lines[i]
	n := len(x.words)
	// By word and last column, counted from 1; 0 is none. The second holds
	// those whose last column lies before.
	here, before := w.lists(0, n), w.lists(1, n)
	width := len(w.cols) + 1
	start := choice{score: h.score}
	pass := make([]float64, len(w.cols))
	for ci, c := range w.cols {
		pass[ci] = w.pass(h, x, c)
		start.score += pass[ci]
	}
	worded := x.slot >= 0 && w.l.p.pattern != nil
	first := 0
	if worded {
		first = x.anchor // what stands before is the row's number
	} else if x.slot >= 0 && w.l.p.pattern == nil {
		first = min(x.anchor+1, n) // the number is no cell's text
	}
	here[first*width].put(start)
	for k := first; k < n; k++ {
		for ci := range width {
			list := &here[k*width+ci]
			if !worded || k < x.anchor || k >= x.most {
				here[(k+1)*width+ci].putAll(list, w.leftOut(x, k), part{-1, k, k + 1})
			}
			if ci == 0 {
				continue
			}
			prior := &before[k*width+ci]
			*prior = before[k*width+ci-1]
			for e := range here[k*width+ci-1].n {
				prior.put(here[k*width+ci-1].best[e])
			}
			c := w.cols[ci-1]
			if prior.n == 0 || !x.edge[k] {
				continue
			}
			least, ok := w.shortest(h, x, c, k, first)
			if !ok {
				continue
			}
			s := w.begin(h, x, c, k) - pass[ci-1]
			if x.block && x.gap && i > 0 && w.lines[i-1].block && len(h.newest) == 1 && h.newest[0].col >= c {
				s += weighWoven.blockBack
			}
			for to := least; to <= n; to++ {
				if to < n && !x.edge[to] && !x.speck[to] {
					continue
				}
				more, ok := w.partScore(x, c, k, to)
				if !ok {
					break
				}
				if c == w.l.title {
					more += w.entryScore(h.row, x, i, k, to)
				}
				here[to*width+ci].putAll(prior, s+more, part{c, k, to})
			}
		}
	}
	var ends choices
	for ci := range width {
		for e := range here[n*width+ci].n {
			ends.put(here[n*width+ci].best[e])
		}
	}
	for e := range ends.n {
		out = append(out, w.step(h, x, i, &ends.best[e]))
	}
	return out
}

// shortest returns where a part in column c that begins with word k of a line ends
// at the earliest; false when none begins there. first is the line's first word
// that is text of a cell.
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
		if k > first || !x.gap && len(h.newest) == 1 && h.newest[0].col != c {
			return 0, false // one cell, that of the line above
		}
		to = n
	}
	worded := x.slot >= 0 && w.l.p.pattern != nil
	switch {
	case worded && (k == x.anchor) != (c == w.l.title):
		return 0, false // the title begins with its wording, and nowhere else
	case c != w.l.title && w.l.isHeading(h.row):
		return 0, false
	case worded && k == x.anchor:
		return min(x.most+1, n), true // no title ends behind its wording
	}
	return to, true
}

// lists returns empty lists for the words of a line.
func (w *weaver) lists(which, words int) []choices {
	n := (words + 1) * (len(w.cols) + 1)
	if cap(w.scratch[which]) < n {
		w.scratch[which] = make([]choices, n)
	}
	out := w.scratch[which][:n]
	for i := range out {
		out[i].n = 0
	}
	return out
}

// putAll puts in those that go on from others by a part.
func (cs *choices) putAll(from *choices, score float64, p part) {
	for i := range from.n {
		if !cs.put(choice{from.best[i].score + score, &from.best[i], p}) {
			return
		}
	}
}

// put puts in one, and reports whether it is among the best.
func (cs *choices) put(c choice) bool {
	if cs.n == wovenBest && c.score <= cs.best[wovenBest-1].score {
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

// step makes the way on that a choice is.
func (w *weaver) step(h *weave, x *wovenLine, i int, end *choice) weave {
	n := *h
	n.score, n.newest = end.score, nil
	if x.woven {
		for _, c := range w.cols {
			n.strands[c].idle++
		}
	}
	title := false
	at := int16(h.above + h.title + h.below)
	for ch := end; ch.prev != nil; ch = ch.prev {
		if ch.part.col < 0 {
			continue
		}
		n.newest = append(n.newest, ch.part)
		n.labeled = n.labeled || x.label[ch.part.from] && ch.part.col == w.labelColumn()
		st := strand{tail: w.tailOf(x, i, ch.part), first: at, last: at}
		if was := h.strands[ch.part.col]; was.tail >= 0 {
			st.first = was.first
			if x.block {
				st.last = was.last
			}
		}
		n.strands[ch.part.col] = st
		title = title || ch.part.col == w.l.title
	}
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
func (w *weaver) tailOf(x *wovenLine, i int, p part) int32 {
	key := [3]int32{int32(i), int32(p.from), int32(p.to)}
	if t, ok := w.byTail[key]; ok {
		return t
	}
	ps := newPassage(x.words[p.from:p.to])
	w.tails = append(w.tails, tail{w.l.b.opt.Restorer.Ending(ps.text), ended(ps.text), endsOpenly(ps.text), x.answer[p.from] && p.to-p.from <= 2, x.right[p.to-1] - x.left[p.from]})
	w.byTail[key] = int32(len(w.tails) - 1)
	return w.byTail[key]
}
