package normalize

import (
	"slices"
	"unicode/utf8"
)

// Small or worn print loses marks in ways that are too many to be counted: "hỗ" is
// "hộ" here and there, and the channel of scans has hardly met it. No word with the
// letters that were read is out of reach for that: what stands around may be as good
// as certain. Names are written with any marks, and are changed less readily.
const (
	otherMark       = 7.0 // nats of a letter that was read with other marks, at most
	otherMarkOfName = 8.0 // the same in a word that begins with a capital
)

// withMarks adds to the candidates of a word those that have its letters with other
// marks.
func (r *Restorer) withMarks(found []candidate, c *channel, seen string) []candidate {
	as, most := writtenLike(seen), float32(otherMark)
	if as == titleCase {
		most = otherMarkOfName
	}
	lower := toLower(seen)
	for _, id := range r.lexicon.byFold[Fold(seen)] {
		word := r.model.Word(id)
		if word == lower || r.lexicon.writing[id].Upper >= 0.5 {
			continue
		}
		cost, ok := c.marksCost(seen, word, as, most)
		if !ok {
			continue
		}
		i := slices.IndexFunc(found, func(o candidate) bool { return o.word == id && o.written == as })
		if i < 0 {
			found = append(found, candidate{id, as, cost})
		} else {
			found[i].cost = min(found[i].cost, cost)
		}
	}
	return found
}

// marksCost returns the cost of a word having been seen so, letter by letter, where
// no letter costs more than most. ok is false where the two have not as many letters.
func (c *channel) marksCost(seen, word string, as writtenAs, most float32) (cost float32, ok bool) {
	depth := uint8(0)
	for _, s := range seen {
		t, n := utf8.DecodeRuneInString(word)
		letter := letterNumber(t)
		if n == 0 || letter == noLetter {
			return 0, false
		}
		best := most
		if p := c.bySeen[string(s)]; p != nil {
			best = min(best, p.costs[cased(letter, depth, as)])
		}
		cost += best
		word = word[n:]
		depth++
	}
	return cost, word == ""
}
