package lm

import "encoding/binary"

// State is a context: the tokens before the one to be scored, cut to what the
// model can tell apart. States that are equal score all that follows alike,
// so a search may keep the better of two paths whose states are equal. The
// zero State knows nothing of what came before.
type State struct {
	words  uint64 // the latest token in the lowest 16 bits
	length uint8
	// What the model has of the latest token, the latest two and so on: the
	// n-grams that begin so, and the cost of there being no fitting one.
	spans   [MaxOrder - 1]span
	backoff [MaxOrder - 1]float32
}

// Len returns how many of the latest tokens the state tells apart.
func (s *State) Len() int { return int(s.length) }

// Key identifies the state for comparing; equal keys are equal states.
func (s *State) Key() uint64 { return s.words }

// Begin returns the state before the first token of a sentence.
func (m *Model) Begin() State {
	s := State{words: uint64(Start), length: 1}
	s.backoff[0] = m.uniBackoff(Start)
	s.spans[0] = m.layers[0].below(uint32(Start))
	return s
}

// Score returns the natural logarithm of the probability of token w after the
// context s, and writes the context after w to next, which may be s itself.
// Ids outside the vocabulary count as [Unknown].
func (m *Model) Score(s *State, w uint16, next *State) float32 { return m.score(s, w, next, nil) }

func (m *Model) score(s *State, w uint16, next *State, c *Scorer) float32 {
	w = m.known(w)
	p := m.uniProb(w)
	out := State{words: uint64(w), length: 1}
	out.backoff[0] = m.uniBackoff(w)
	out.spans[0] = m.layers[0].below(uint32(w))
	matched := m.match(s, w, &out, &p, c)
	for i := matched - 1; i < int(s.length); i++ {
		p += s.backoff[i]
	}
	out.shorten()
	*next = out
	return p
}

// shorten forgets the oldest tokens where the model has nothing that goes on
// from them: without them the state says the same, and is equal to more others.
func (s *State) shorten() {
	n := s.length
	for n > 1 && s.spans[n-1].from == s.spans[n-1].to && s.backoff[n-1] == 0 {
		n--
	}
	if n < s.length {
		s.length = n
		s.words &= 1<<(16*uint(n)) - 1
	}
}

func (m *Model) known(w uint16) uint16 {
	if int(w) >= m.Words() {
		return Unknown
	}
	return w
}

// match looks up w after ever longer parts of s, until the model has no such
// n-gram; those before are noted in out and p. It returns the length of the
// longest.
func (m *Model) match(s *State, w uint16, out *State, p *float32, c *Scorer) int {
	for n := 2; n <= int(s.length)+1; n++ {
		l := &m.layers[n-2]
		at, ok := uint32(0), false
		if n == 2 && c != nil {
			at, ok = c.pair(s, w)
		} else {
			at, ok = l.find(s.spans[n-2], w)
		}
		if !ok {
			return n - 1
		}
		*p = l.prob(at)
		if !l.leaf {
			out.backoff[n-1] = l.backoff(at)
			out.spans[n-1] = m.layers[n-1].below(at)
			out.length = uint8(n)
			out.words |= s.words << 16 & (0xffff << (16 * uint(n-1)))
		}
	}
	return int(s.length) + 1
}

// Scorer scores many tokens in few contexts, as a search does. It is for one
// goroutine.
type Scorer struct {
	*Model
	pairs []pairSlot
	nexts []nextSlot
	tries []trySlot
}

// A search asks for the same states over and over, when it goes through a text a second
// time above all. A context and a token are a key of 64 bits: what followed is remembered,
// by the hash of the key, until another takes the place.

// nextSlot remembers a state with the score that led to it: a line of the processor's
// cache.
type nextSlot struct {
	key   uint64
	score float32
	state State // of length 0 where there is none
}

// trySlot remembers an answer of [Scorer.Try].
type trySlot struct {
	key    uint64
	score  float32
	length uint8 // of the state after the token, 0 where nothing is remembered
}

const (
	logNexts = 11 // an eighth of a megabyte
	logTries = 13 // likewise
)

// hash takes a key to one of 1<<bits places.
func hash(key uint64, bits uint) uint64 { return key * 0x9e3779b97f4a7c15 >> (64 - bits) }

// pairSlot remembers where a pair of tokens is. Frequent tokens are followed
// by thousands of others, so that pairs take longer to find than all longer
// n-grams.
type pairSlot struct {
	key uint32
	at  uint32 // one more than the place; 0 for a pair that the model lacks
}

const logPairs = 15 // a quarter of a megabyte

// NewScorer returns a scorer for the model.
func (m *Model) NewScorer() *Scorer {
	return &Scorer{m, make([]pairSlot, 1<<logPairs), make([]nextSlot, 1<<logNexts), make([]trySlot, 1<<logTries)}
}

func (c *Scorer) pair(s *State, w uint16) (at uint32, ok bool) {
	key := uint32(s.words&0xffff)<<16 | uint32(w)
	slot := &c.pairs[key*0x9e3779b1>>(32-logPairs)]
	if slot.key != key {
		*slot = pairSlot{key: key}
		if at, ok := c.layers[0].find(s.spans[0], w); ok {
			slot.at = at + 1
		}
	}
	return slot.at - 1, slot.at > 0
}

// after returns the state after token w, and its score.
func (c *Scorer) after(s *State, w uint16) *nextSlot {
	w = c.known(w)
	key := s.words<<16 | uint64(w)
	slot := &c.nexts[hash(key, logNexts)]
	if slot.key != key || slot.state.length == 0 {
		slot.key = key
		slot.score = c.score(s, w, &slot.state, c)
	}
	return slot
}

// Score is [Model.Score].
func (c *Scorer) Score(s *State, w uint16, next *State) float32 {
	slot := c.after(s, w)
	*next = slot.state
	return slot.score
}

// Prob returns what [Model.Score] does, without the state after w.
func (c *Scorer) Prob(s *State, w uint16) float32 {
	w = c.known(w)
	p := c.uniProb(w)
	matched := 1
	for ; matched <= int(s.length); matched++ {
		l := &c.layers[matched-1]
		at, ok := uint32(0), false
		if matched == 1 {
			at, ok = c.pair(s, w)
		} else {
			at, ok = l.find(s.spans[matched-1], w)
		}
		if !ok {
			break
		}
		p = l.prob(at)
	}
	for i := matched - 1; i < int(s.length); i++ {
		p += s.backoff[i]
	}
	return p
}

// Try returns what [Model.Score] does, and the key of the state after w,
// without the trouble of making that state.
func (c *Scorer) Try(s *State, w uint16) (p float32, key uint64) {
	w = c.known(w)
	key = s.words<<16 | uint64(w)
	slot := &c.tries[hash(key, logTries)]
	if slot.key != key || slot.length == 0 {
		slot.key = key
		slot.score, slot.length = c.try(s, w)
	}
	return slot.score, key & (1<<(16*uint(slot.length)) - 1)
}

// try is [Scorer.Try] of a known token, with the length of the state after it instead of
// its key.
func (c *Scorer) try(s *State, w uint16) (p float32, length uint8) {
	// The longest n-gram decides. The model has what it ends in, too, so that the shortest
	// is asked for first: most tokens were never seen after the latest one, and nothing
	// more need be asked.
	found, at := 1, uint32(0)
	for n := 2; n <= int(s.length)+1; n++ {
		sp := s.spans[n-2]
		if sp.from == sp.to {
			break
		}
		var here uint32
		var ok bool
		if n == 2 {
			here, ok = c.pair(s, w)
		} else {
			here, ok = c.layers[n-2].find(sp, w)
		}
		if !ok {
			break
		}
		found, at = n, here
	}
	for n := int(s.length) + 1; n > found; n-- {
		p += s.backoff[n-2]
	}
	if found == 1 {
		return p + c.uniProb(w), 1
	}
	return p + c.layers[found-2].prob(at), uint8(min(found, c.order-1))
}

// Followers calls f with the tokens that the model saw after the context s, and
// the logarithm of the probability of each, where that is at least least. Those of
// longer contexts come first; a token may come again with less.
func (m *Model) Followers(s *State, least float32, f func(w uint16, p float32)) {
	back := float32(0)
	for n := int(s.length) + 1; n >= 2; n-- {
		l := &m.layers[n-2]
		// Levels ascend, so that the number of a level tells whether it is enough.
		enough := l.levelFrom(least, back)
		for at := s.spans[n-2].from; at < s.spans[n-2].to; at++ {
			if i := l.probLevel(at); i >= enough {
				f(binary.LittleEndian.Uint16(l.ids[2*at:]), back+level(l.probs, i))
			}
		}
		back += s.backoff[n-2]
	}
}

// Next returns the state after token w.
func (c *Scorer) Next(s *State, w uint16) State { return c.after(s, w).state }
