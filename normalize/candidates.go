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

// Limits of the search for candidates. Costs are in nats.
const (
	beamCost       = 11.0 // behind the best partial reading
	beamStates     = 64
	maxCandidates  = 16
	candidateRange = 10.0 // behind the best candidate, frequencies counted in
	lightRange     = 9.0  // behind the word itself, in text that is mostly right
)

// searcher holds the memory of one search after another.
type searcher struct {
	cells [][]trieState
	best  []float32 // lowest cost in each cell
	marks []uint32  // by node: the generation in which it was last seen
	at    []uint32  // by node: its place in the cell of that generation
	gen   uint32
	found []candidate
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
	lower, title, upper := plausibleCases(runes)
	if lower {
		s.searchAs(x, c, runes, lowerCase)
	}
	if title {
		s.searchAs(x, c, runes, titleCase)
	}
	if upper {
		s.searchAs(x, c, runes, upperCase)
	}
	if mixedCase(runes) {
		s.searchAs(x, c, runes, asListed)
	}
	rank := func(a candidate) float32 { return a.cost - x.unigram[a.word] }
	slices.SortFunc(s.found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.word, b.word), cmp.Compare(a.written, b.written))
	})
	start := len(out)
	for _, f := range s.found {
		if rank(f) > rank(s.found[0])+candidateRange || len(out)-start == maxCandidates {
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
		case unicode.IsLower(r):
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

func (s *searcher) searchAs(x *lexicon, c *channel, seen []rune, as writtenAs) {
	n := len(seen)
	for len(s.cells) <= n+1 {
		s.cells = append(s.cells, nil)
	}
	for i := range n + 1 {
		s.cells[i] = s.cells[i][:0]
	}
	if len(s.marks) < len(x.nodes) {
		s.marks, s.at = make([]uint32, len(x.nodes)), make([]uint32, len(x.nodes))
	}
	s.cells[0] = append(s.cells[0], trieState{})
	s.best = s.best[:0]
	for range n + 1 {
		s.best = append(s.best, math.MaxFloat32)
	}
	var buf [4 * maxSeen]byte
	for i := 0; i <= n; i++ {
		s.prune(x, i)
		for k := 0; k < len(s.cells[i]); k++ {
			st := s.cells[i][k]
			node := &x.nodes[st.node]
			// A letter that left no trace.
			if st.depth < 12 {
				for _, ch := range x.children[node.first : node.first+node.count] {
					cost := st.cost + c.lost[cased(ch.letter, st.depth, as)]
					if cost < s.cells[i][0].cost+beamCost {
						s.cells[i] = append(s.cells[i], trieState{node: ch.node, depth: st.depth + 1, cost: cost})
					}
				}
			}
		}
		if i == n {
			break
		}
		s.prune(x, i)
		for k := 1; k <= maxSeen && i+k <= n; k++ {
			b := buf[:0]
			for _, r := range seen[i : i+k] {
				b = utf8.AppendRune(b, r)
			}
			list := c.bySeen[string(b)]
			best := &s.best[i+k]
			for _, st := range s.cells[i] {
				if k == 1 {
					// A rune that stands for nothing.
					s.cells[i+1] = append(s.cells[i+1], trieState{node: st.node, depth: st.depth, cost: st.cost + c.extra})
				}
				for _, r := range list {
					if st.cost+r.cost > *best+beamCost {
						break // the list goes by cost
					}
					next := st.node
					depth := st.depth
					for _, t := range r.truth {
						if t == noLetter {
							break
						}
						if next = s.step(x, next, t, depth, as); next == 0 {
							break
						}
						depth++
					}
					if next != 0 || r.truth[0] == noLetter {
						s.cells[i+k] = append(s.cells[i+k], trieState{node: next, depth: depth, cost: st.cost + r.cost})
						*best = min(*best, st.cost+r.cost)
					}
				}
				if k == 1 && len(list) == 0 {
					// A rune that the channel never saw stands for any letter.
					node := &x.nodes[st.node]
					for _, ch := range x.children[node.first : node.first+node.count] {
						s.cells[i+1] = append(s.cells[i+1], trieState{node: ch.node, depth: st.depth + 1, cost: st.cost + c.strange})
					}
				}
			}
		}
	}
	s.prune(x, n)
	for _, st := range s.cells[n] {
		if w := x.nodes[st.node].word; w != lm.None && (as != asListed || x.form[w] != "") {
			s.found = append(s.found, candidate{w, as, st.cost})
		}
	}
}

// cased turns a letter of the lexicon into the one that is printed at depth.
func cased(letter uint8, depth uint8, as writtenAs) uint8 {
	if letter < letterCount && (as == upperCase || as == titleCase && depth == 0) {
		return letter + letterCount
	}
	return letter
}

// step goes from a node by a printed letter.
func (s *searcher) step(x *lexicon, node uint32, printed uint8, depth uint8, as writtenAs) uint32 {
	if as == upperCase || as == titleCase && depth == 0 {
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
func (s *searcher) prune(x *lexicon, i int) {
	cell := s.cells[i]
	s.gen++
	kept := cell[:0]
	limit := float32(math.MaxFloat32)
	for k := range cell {
		st := &cell[k]
		st.rank = st.cost - x.nodes[st.node].best
		limit = min(limit, st.rank+beamCost)
	}
	for _, st := range cell {
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
	slices.SortFunc(kept, func(a, b trieState) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.node, b.node))
	})
	s.cells[i] = kept[:min(len(kept), beamStates)]
}

// write returns the word as it is to be printed.
func (x *lexicon) write(word string, id uint16, as writtenAs) string {
	if form, ok := x.form[id]; ok && as != lowerCase {
		return form
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
