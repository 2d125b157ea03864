package normalize

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
)

// writtenAs is how a word is written; it is found from what was seen and kept
// in what is restored.
type writtenAs uint8

const (
	lowerCase writtenAs = iota
	titleCase
	upperCase
	asListed // the mixed case of the lexicon: "VNeID"
)

// candidate is a word that a seen string may stand for.
type candidate struct {
	word    uint16
	written writtenAs
	cost    float32 // -ln P(seen | word)
}

// Costs of candidates in nats.
const (
	falseCapital  = 3.0 // a word with capitals that are none
	falseCapitals = 3   // letters of a word in capitals that may be none
	lightRange    = 9.0 // behind the word itself, in text that is mostly right
)

// reach bounds the search for candidates. Costs are in nats.
type reach struct {
	beamCost   float32 // behind the best partial reading
	states     int     // partial readings of a beginning
	candidates int
	worst      float32 // behind the best candidate, frequencies counted in
}

var (
	usualReach = reach{beamCost: 10, states: 64, candidates: 24, worst: 8.5}
	// wideReach finds words that a channel thinks all but impossible, so that
	// their context can tell that they are right after all.
	wideReach = reach{beamCost: 16, states: 256, candidates: 64, worst: 16}
)

// searcher holds the memory of one search after another.
type searcher struct {
	reach
	pieces [][maxSeen]*readings
	cells  [][]trieState // by the number of runes that they account for
	cell   trieCell      // the one that is being filled
	begun  beginnings
	twice  map[twiceSeen]*readings
	marks  []uint32 // by node: the generation in which it was last seen
	at     []uint32 // by node: its place in the cell of that generation
	gen    uint32
	found  []candidate
	ranks  []float32
}

// trieCell holds the partial readings of as many runes of what was seen.
type trieCell struct {
	states []trieState
	best   float32 // the lowest rank of them
	beam   float32 // how far others may be behind it
}

type trieState struct {
	node  uint32
	depth uint8
	cost  float32
	rank  float32 // cost, and the least that the word's rarity will add
}

// search appends the words that seen may stand for, best first by channel
// and frequency together.
func (s *searcher) search(out []candidate, x *lexicon, c *channel, seen string) []candidate {
	runes := []rune(seen)
	if len(runes) == 0 || len(runes) > 14 {
		return out
	}
	s.found = s.found[:0]
	s.prepare(c, runes)
	lower, title, upper := plausibleCases(runes)
	if lower {
		s.searchAs(x, c, seen, lowerCase)
	}
	if title {
		s.searchAs(x, c, seen, titleCase)
	}
	if upper {
		s.searchAs(x, c, seen, upperCase)
	}
	if mixedCase(runes) {
		s.searchAs(x, c, seen, asListed)
	}
	rank := func(a candidate) float32 { return a.cost - x.unigram[a.word] }
	slices.SortFunc(s.found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.word, b.word), cmp.Compare(a.written, b.written))
	})
	start := len(out)
	for _, f := range s.found {
		if rank(f) > rank(s.found[0])+s.worst || len(out)-start == s.candidates {
			break
		}
		if !slices.ContainsFunc(out[start:], func(o candidate) bool { return o.word == f.word && o.written == f.written }) {
			out = append(out, f)
		}
	}
	return out
}

// plausibleCases tells which ways of writing the seen runes allow.
func plausibleCases(runes []rune) (lower, title, upper bool) {
	up, low := 0, 0
	for _, r := range runes {
		switch {
		case unicode.IsUpper(r):
			up++
		case unicode.IsLower(r) && r != 'l': // which may be a capital I
			low++
		}
	}
	first := runes[0]
	switch {
	case unicode.IsUpper(first):
		title = true
		lower = up == 1 || up == len(runes) && up <= 3 // "Iy" is "lý", "SO" may be "số"
		upper = up > low || len(runes) == 1
	case unicode.IsLower(first):
		lower = true
		upper = up > low
	default:
		lower = up == 0
		title = up == 0 && low > 0 || up == 1
		upper = up > low
	}
	return lower, title, upper
}

// mixedCase reports whether capitals and small letters alternate.
func mixedCase(runes []rune) bool {
	up, low := 0, 0
	for _, r := range runes {
		if unicode.IsUpper(r) {
			up++
		} else if unicode.IsLower(r) {
			low++
		}
	}
	return up >= 2 && low >= 1
}

// searchOtherCases adds the words that seen may stand for if capitals in it
// were none. It is for heavily damaged text.
func (s *searcher) searchOtherCases(found []candidate, x *lexicon, c *channel, seen string) []candidate {
	title, lower := otherCases(seen)
	first := len(found)
	for _, v := range []struct {
		text string
		as   writtenAs
	}{{title, titleCase}, {lower, lowerCase}} {
		if v.text == "" {
			continue
		}
		from := len(found)
		found = s.search(found, x, c, v.text)
		kept := found[:from]
		for _, f := range found[from:] {
			if f.written != v.as || x.writing[f.word].Upper+x.writing[f.word].Mixed >= 0.5 || slices.ContainsFunc(found[:first], func(o candidate) bool {
				return o.word == f.word && o.written == f.written && o.cost < f.cost+falseCapital
			}) {
				continue
			}
			f.cost += falseCapital
			kept = append(kept, f)
		}
		found = kept
	}
	return found
}

// otherCases returns what seen would be if some of its letters had been taken
// for capitals: "CAp" may be "Cap" and "cap", "qUOC" "quoc". Words in capitals
// alone stay so, unless they are short ones: "BO" is "Bộ" here and there.
func otherCases(seen string) (title, lower string) {
	runes := []rune(seen)
	if len(runes) > 8 {
		return "", ""
	}
	up, low := 0, 0
	for _, r := range runes {
		switch {
		case unicode.IsUpper(r):
			up++
		case unicode.IsLower(r):
			low++
		}
	}
	first := unicode.IsUpper(runes[0])
	if up == 0 || first && up == 1 || low == 0 && (up < 2 || up > falseCapitals) {
		return "", ""
	}
	lower = strings.ToLower(seen)
	if first {
		n := utf8.RuneLen(runes[0])
		title = seen[:n] + strings.ToLower(seen[n:])
	}
	return title, lower
}

// prepare looks up what the pieces of the seen runes may stand for.
func (s *searcher) prepare(c *channel, seen []rune) {
	var buf [4 * maxSeen]byte
	s.pieces = s.pieces[:0]
	for i := range seen {
		var list [maxSeen]*readings
		b := buf[:0]
		for k := 0; k < maxSeen && i+k < len(seen); k++ {
			b = utf8.AppendRune(b, seen[i+k])
			list[k] = c.bySeen[string(b)]
		}
		if c.loose && i+1 < len(seen) && list[1] == nil && (list[0] == nil || !unicode.IsLower(seen[i]) || !unicode.IsLower(seen[i+1])) {
			list[1] = s.readTwice(c, seen[i], seen[i+1])
		}
		s.pieces = append(s.pieces, list)
	}
}

// twiceSeen is two runes in a channel.
type twiceSeen struct {
	channel *channel
	runes   [2]rune
}

const (
	twiceCost   = 3.5 // one letter seen as two runes, each of which it may be seen as
	twiceLeast  = 6.0 // bound of the costs of both
	twiceStored = 512
)

// readTwice returns what two runes may stand for if they are two readings of
// one letter: a mark or a stroke gave a sign of its own, as in "He¢" for "Hệ"
// and "NPD" for "NĐ". Only letters with marks are read so.
func (s *searcher) readTwice(c *channel, a, b rune) *readings {
	key := twiceSeen{c, [2]rune{a, b}}
	if p, ok := s.twice[key]; ok {
		return p
	}
	if s.twice == nil || len(s.twice) >= twiceStored {
		s.twice = make(map[twiceSeen]*readings)
	}
	var p *readings
	first, second := c.bySeen[string(a)], c.bySeen[string(b)]
	if first != nil && second != nil {
		for t, letter := range lettersByNumber {
			x, y := first.costs[t], second.costs[t]
			if letter < utf8.RuneSelf || x > twiceLeast || y > twiceLeast {
				continue
			}
			if p == nil {
				p = newReadings()
			}
			cost := min(x, y) + twiceCost
			p.costs[t] = cost
			p.single = append(p.single, reading{truth: [2]uint8{uint8(t), noLetter}, cost: cost})
		}
		if p != nil {
			slices.SortFunc(p.single, func(a, b reading) int { return cmp.Compare(a.cost, b.cost) })
		}
	}
	s.twice[key] = p
	return p
}

// searchAs finds the words that are written in one of the ways. Partial
// readings are kept by how many runes they account for. A reading only gets
// more costly and its words only rarer on the way, so what falls behind the
// best of its cell by more than the beam is dropped at once. Words that begin
// alike share the cells of their beginning.
func (s *searcher) searchAs(x *lexicon, c *channel, seen string, as writtenAs) {
	if len(s.marks) < len(x.nodes) {
		s.marks, s.at = make([]uint32, len(x.nodes)), make([]uint32, len(x.nodes))
	}
	n := len(s.pieces)
	for len(s.cells) <= n {
		s.cells = append(s.cells, nil)
	}
	known := true
	to := 0 // bytes of the first runes
	for i := range n + 1 {
		if i > 0 {
			_, size := utf8.DecodeRuneInString(seen[to:])
			to += size
		}
		if known {
			if s.cells[i], known = s.begun.find(c, as, seen[:to]); known {
				continue
			}
		}
		s.fill(x, c, i, as)
		s.cells[i] = s.begun.keep(c, as, seen[:to], s.cell.states)
	}
	for _, st := range s.cells[n] {
		if w := x.nodes[st.node].word; w != lm.None && (as != asListed || x.form[w] != "") {
			s.found = append(s.found, candidate{w, as, st.cost})
		}
	}
}

// fill makes the cell of the first n runes from those before it.
func (s *searcher) fill(x *lexicon, c *channel, n int, as writtenAs) {
	cell := &s.cell
	cell.states, cell.best, cell.beam = cell.states[:0], math.MaxFloat32, s.beamCost
	if n == 0 {
		cell.push(x, 0, 0, 0)
	}
	for k := min(maxSeen, n); k > 0; k-- {
		p := s.pieces[n-k][k-1]
		if p == nil && k > 1 {
			continue
		}
		for _, st := range s.cells[n-k] {
			if p != nil {
				cell.read(x, p, st, as)
			} else {
				// A rune that the channel never saw stands for any letter.
				node := &x.nodes[st.node]
				for _, ch := range x.children[node.first : node.first+node.count] {
					cell.push(x, ch.node, st.depth+1, st.cost+c.strange)
				}
			}
			if k == 1 {
				// A rune that stands for nothing.
				cell.push(x, st.node, st.depth, st.cost+c.extra)
			}
		}
	}
	s.prune(cell)
	if s.loseLetters(x, c, cell, as) {
		s.prune(cell)
	}
}

// beginnings remembers the cells of the beginnings of words, which take most
// of the time of a search.
type beginnings struct {
	cells map[beginning][]trieState
	room  []trieState // for the next ones
	used  int         // states in all cells
}

type beginning struct {
	channel *channel
	as      writtenAs
	text    string
}

// Room for beginnings: a state takes 16 bytes.
const (
	rememberedStates = 1 << 18
	rememberedCells  = 8000
)

func (b *beginnings) find(c *channel, as writtenAs, text string) ([]trieState, bool) {
	states, ok := b.cells[beginning{c, as, text}]
	return states, ok
}

// keep remembers a copy of states, and returns it. When the room is used up,
// all is forgotten; what was returned before stays valid.
func (b *beginnings) keep(c *channel, as writtenAs, text string, states []trieState) []trieState {
	if b.cells == nil || len(b.cells) >= rememberedCells || b.used+len(states) > rememberedStates {
		b.cells = make(map[beginning][]trieState)
		b.used = 0
	}
	if len(states) > len(b.room) {
		b.room = make([]trieState, max(1<<12, len(states)))
	}
	n := copy(b.room, states)
	kept := b.room[:n:n]
	b.room = b.room[n:]
	b.used += n
	b.cells[beginning{c, as, strings.Clone(text)}] = kept
	return kept
}

// push adds a state unless it is too far behind the best.
func (l *trieCell) push(x *lexicon, node uint32, depth uint8, cost float32) {
	rank := cost - x.nodes[node].best
	if rank > l.best+l.beam {
		return
	}
	l.best = min(l.best, rank)
	l.states = append(l.states, trieState{node: node, depth: depth, cost: cost, rank: rank})
}

// read goes on from a state by every reading of a piece.
func (l *trieCell) read(x *lexicon, p *readings, st trieState, as writtenAs) {
	node := &x.nodes[st.node]
	capital := as == upperCase || as == titleCase && st.depth == 0
	budget := l.best + l.beam - st.rank
	if int(node.count) < len(p.single) {
		for _, ch := range x.children[node.first : node.first+node.count] {
			if cost := p.costs[cased(ch.letter, st.depth, as)]; cost <= budget {
				l.push(x, ch.node, st.depth+1, st.cost+cost)
			}
		}
	} else {
		for i := range p.single {
			r := &p.single[i]
			if r.cost > budget {
				break // the list goes by cost
			}
			if next := step(x, st.node, r.truth[0], capital); next != 0 {
				l.push(x, next, st.depth+1, st.cost+r.cost)
			}
		}
	}
	for i := range p.pair {
		r := &p.pair[i]
		if r.cost > budget {
			break
		}
		next := step(x, st.node, r.truth[0], capital)
		if next == 0 {
			continue
		}
		if next = step(x, next, r.truth[1], as == upperCase); next != 0 {
			l.push(x, next, st.depth+2, st.cost+r.cost)
		}
	}
	if p.nothing <= budget {
		l.push(x, st.node, st.depth, st.cost+p.nothing)
	}
}

// loseLetters adds what follows when letters left no trace, and reports
// whether there was any.
func (s *searcher) loseLetters(x *lexicon, c *channel, cell *trieCell, as writtenAs) (added bool) {
	for k := 0; k < len(cell.states); k++ {
		st := cell.states[k]
		if st.depth >= 12 || st.rank+c.leastLost > cell.best+cell.beam {
			continue
		}
		node := &x.nodes[st.node]
		for _, ch := range x.children[node.first : node.first+node.count] {
			cell.push(x, ch.node, st.depth+1, st.cost+c.lost[cased(ch.letter, st.depth, as)])
			added = true
		}
	}
	return added
}

// cased turns a letter of the lexicon into the one that is printed at depth.
func cased(letter uint8, depth uint8, as writtenAs) uint8 {
	if letter < letterCount && (as == upperCase || as == titleCase && depth == 0) {
		return letter + letterCount
	}
	return letter
}

// step goes from a node by a printed letter.
func step(x *lexicon, node uint32, printed uint8, capital bool) uint32 {
	if capital {
		if printed < letterCount {
			return 0
		}
		printed -= letterCount
	}
	return x.child(node, printed)
}

// prune keeps the best state of each node in a cell, and the best states. How
// frequent the words below a node are counts too: among so many ways to read a
// few letters, the right one is seldom the cheapest by the channel alone.
func (s *searcher) prune(cell *trieCell) {
	s.gen++
	kept := cell.states[:0]
	limit := cell.best + cell.beam
	for _, st := range cell.states {
		if st.rank > limit {
			continue
		}
		if s.marks[st.node] == s.gen {
			if o := &kept[s.at[st.node]]; st.rank < o.rank {
				*o = st
			}
			continue
		}
		s.marks[st.node], s.at[st.node] = s.gen, uint32(len(kept))
		kept = append(kept, st)
	}
	if len(kept) > s.states {
		s.ranks = s.ranks[:0]
		for i := range kept {
			s.ranks = append(s.ranks, kept[i].rank)
		}
		last := nthLowest(s.ranks, s.states-1)
		room := s.states // for those that are as good as the last one
		for i := range kept {
			if kept[i].rank < last {
				room--
			}
		}
		all := kept
		kept = kept[:0]
		for _, st := range all {
			switch {
			case st.rank < last:
			case st.rank == last && room > 0:
				room--
			default:
				continue
			}
			kept = append(kept, st)
		}
	}
	cell.states = kept
}

// nthLowest returns the value that would be at place n if list were sorted. It
// reorders list.
func nthLowest(list []float32, n int) float32 {
	lo, hi := 0, len(list)-1
	for lo < hi {
		pivot := list[int(uint(lo+hi)>>1)]
		i, j := lo, hi
		for i <= j {
			for list[i] < pivot {
				i++
			}
			for list[j] > pivot {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i++
				j--
			}
		}
		switch {
		case n <= j:
			hi = j
		case n >= i:
			lo = i
		default:
			return list[n]
		}
	}
	return list[n]
}

// write returns the word as it is to be printed.
func (x *lexicon) write(word string, id uint16, as writtenAs) string {
	if form, ok := x.form[id]; ok && as != lowerCase {
		return form
	}
	if as == titleCase && x.writing[id].Upper >= 0.5 {
		as = upperCase // "Qđ" is "QĐ"
	}
	switch as {
	case titleCase:
		r, n := utf8.DecodeRuneInString(word)
		return string(unicode.ToUpper(r)) + word[n:]
	case upperCase:
		return strings.ToUpper(word)
	}
	return word
}
