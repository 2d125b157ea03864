package normalize

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/normalize/lm"
)

// Letters of a worn page lose their shapes in ways that no table has: "Giky" was
// "Giấy", "nghu;m" was "nghiệm". Searching the lexicon for words with any letters
// finds far too many. The words that the language model saw after those before are
// few, and some of them are so much likelier than what the channel offers that
// hardly a letter has to agree. So where the words that were decided fit badly,
// those that the model expects become hypotheses, too, and the text is decided
// once more.

const (
	misfit       = 7.0  // nats that a choice costs, from which on others are looked for
	expectLeast  = -9.0 // ln P of a word after those before, from which on it is expected
	expectBehind = 4.0  // nats behind the best path, up to which what follows a path is expected
	expectSpare  = 3.0  // nats that it may cost more than the choice: what follows decides
	lostWord     = 5.0  // cost of what was seen being another word
	lostShape    = 3.0  // cost of a word having lost the shapes of letters at all
)

// expectCosts are the costs in nats of letters that lost their shapes, by the
// runes that were seen for one. Of letters with two marks, a mark above another,
// not much is left on a bad scan.
var expectCosts = [3][maxSeen]float32{
	0: {6.5, 8.5, 10.5}, // letters without marks
	1: {5.5, 7.5, 9.5},
	2: {leastLostLetter, 7, 9},
}

const leastLostLetter = 5

// lostAlone is the most that a letter costs which left no trace. The channel counts
// few of those with two marks, and asks more for them than for any other letter.
const lostAlone = 7.0

// expected is what is kept between searches for expected words.
type expected struct {
	added  []hypothesis // in the order of their units
	second []hypothesis // those of a unit, as a second reading has it
	hyps   []hypothesis
	fits   []float32 // by choice: its score where it stands
	words  []uint16  // that may follow the paths to a unit
	scores []float32 // of those, by number; 0 for others
	costs  []float32
	// letters are those of an expected word, as it would be written.
	letters []uint8
}

// expect adds the words that are expected where choices fit badly to the hypotheses
// of the units from from on, and reports whether any fits badly.
func (d *decoder) expect(choices []choice, from int) bool {
	x := &d.expected
	x.added, x.fits = x.added[:0], x.fits[:0]
	for i := range choices {
		c := &choices[i]
		score, _ := d.tryHypothesis(&d.nodes[int(c.from)-from].states[d.prevs[i]], &c.hypothesis)
		x.fits = append(x.fits, score)
	}
	asked := int32(-1) // units before it were looked at
	misfits := false
	for i := range choices {
		c := &choices[i]
		if c.from < asked || x.fits[i] > -misfit || !d.mayExpect(c) {
			continue
		}
		misfits = true
		lo, hi := d.core(c.from, c.to)
		if lo < max(asked, int32(from)) || hi-lo > longestSpan || d.units[lo].mode == scanMode && hi > lo+1 {
			continue // on scans, words that are glued are two
		}
		if lo > 0 && d.units[lo-1].kind == numberPiece {
			continue // a guess at what a number counts would make sums of specks
		}
		asked = hi
		d.expectAt(lo, hi, from, expectSpare-d.fit(choices, lo, hi))
	}
	if len(x.added) > 0 {
		d.mergeExpected(from)
	}
	return misfits
}

// mayExpect reports whether a choice is of a kind that others are looked for. Of pages
// that were read here only words are that the engine doubted, or that are none.
func (d *decoder) mayExpect(c *choice) bool {
	u := &d.units[c.from]
	switch u.mode {
	case heavyMode:
		return d.r.expects
	case scanMode:
		return c.form == wordForm && u.kind == wordPiece && c.to == c.from+1 && !u.code && !u.upper && d.mayBeMisread(int(c.from))
	}
	return false
}

// mayBeMisread reports whether unit i is a word that the engine doubted, or that is
// none, and no name that the model may not know.
func (d *decoder) mayBeMisread(i int) bool {
	u := &d.units[i]
	switch {
	case d.fixed(i), d.inName(i):
		return false
	case d.capital(i) && !u.fresh:
		return u.doubt > doubtful
	}
	return u.doubt > 0 || !d.isKnown(d.text(u))
}

// fit returns the score of the choices for the units [lo, hi) where they stand.
func (d *decoder) fit(choices []choice, lo, hi int32) (all float32) {
	for i, score := range d.expected.fits {
		if c := &choices[i]; c.from >= lo && c.to <= hi {
			all += score
		}
	}
	return all
}

// core widens the units [from, to) to all of their chunk but for punctuation
// around it.
func (d *decoder) core(from, to int32) (lo, hi int32) {
	chunk := d.units[from].chunk
	if d.units[to-1].chunk != chunk {
		return from, to
	}
	lo, hi = from, to
	for lo > 0 && d.units[lo-1].chunk == chunk {
		lo--
	}
	for int(hi) < len(d.units) && d.units[hi].chunk == chunk {
		hi++
	}
	for lo < from && d.units[lo].kind == signPiece && !damageSign(d.text(&d.units[lo])) {
		lo++
	}
	for hi > to && d.units[hi-1].kind == signPiece && !damageSign(d.text(&d.units[hi-1])) {
		hi--
	}
	return lo, hi
}

// expectAt adds the words that may follow at unit lo and that may have been seen as
// the units [lo, hi), for at most a cost.
func (d *decoder) expectAt(lo, hi int32, from int, most float32) {
	u := &d.units[lo]
	if d.units[hi-1].chunk != u.chunk {
		return // a word that was split: the channel explains its parts
	}
	seen := d.chunks[u.chunk][u.start:d.units[hi-1].end]
	ways := expectable(seen, u)
	if ways == nil {
		return
	}
	most -= d.shapeless(u)
	if u.kind == numberPiece {
		most -= digitAsWord
	}
	// With a letter at least that lost its shape it must not cost too much.
	d.follow(&d.nodes[int(lo)-from], int(lo), max(expectLeast, leastLostLetter-most))
	x := &d.expected
	first := len(x.added)
	for _, w := range x.words {
		if w <= lm.Unknown || !d.r.lexicon.sound[w] || d.r.lexicon.inCapitals(w) {
			x.scores[w] = 0
			continue
		}
		// The cost is the most that is worth it until a way is found to have seen the word so.
		x.added = append(x.added, hypothesis{from: lo, to: hi, n: 1, ids: [2]uint16{w}, cost: most + x.scores[w]})
	}
	if u.mode == scanMode && !u.fresh && len(ways) > 1 {
		ways = ways[1:] // within a sentence a capital is a name's
	}
	d.shapes(u, seen, ways, x.added[first:])
	kept := x.added[:first]
	for _, h := range x.added[first:] {
		w := h.ids[0]
		if h.cost < most+x.scores[w] {
			h.cost += d.shapeless(u)
			kept = append(kept, h)
		}
		x.scores[w] = 0
	}
	x.added = kept
	if u.second != "" && u.second != seen {
		d.confirm(u, ways, x.added[first:])
	}
}

// confirm adds to the costs of hypotheses for unit u those of a second reading having
// seen the same words.
func (d *decoder) confirm(u *unit, ways []writtenAs, hyps []hypothesis) {
	x := &d.expected
	x.second = append(x.second[:0], hyps...)
	for i := range x.second {
		x.second[i].cost = noReading
	}
	d.shapes(u, u.second, ways, x.second)
	for i := range hyps {
		hyps[i].cost += differsWeight * x.second[i].cost
	}
}

// shapeless is the cost of a word having lost the shapes of letters at all.
func (d *decoder) shapeless(u *unit) float32 {
	if u.mode != scanMode {
		return lostShape
	}
	if d.isKnown(d.text(u)) {
		return lostShape + lostWord
	}
	return lostShape
}

// isKnown reports whether text is a word of the language, however it is written.
func (d *decoder) isKnown(text string) bool {
	id, ok := d.r.model.ID(strings.ToLower(text))
	return ok && d.r.lexicon.sound[id] && d.r.lexicon.unigram[id] >= leastUnigram
}

// shapes lowers the costs of hypotheses for unit u that may have been seen so, written
// in one of some ways.
func (d *decoder) shapes(u *unit, seen string, ways []writtenAs, hyps []hypothesis) {
	runes := []rune(seen)
	c := d.r.channels[u.mode]
	d.searcher.prepare(c, runes)
	for i := range hyps {
		h := &hyps[i]
		w := h.ids[0]
		letters := letterNumbers(d.r.model.Word(w))
		n := len(letters)
		if n == 0 || n > len(runes)+2 || len(runes) > 2*n+1 || u.mode == scanMode && (len(runes) > n+1 || n == 1 && len(runes) > 1) {
			continue
		}
		for _, as := range ways {
			cost := d.r.caseCost(u, w, as)
			switch {
			case u.mode == heavyMode:
				cost -= d.r.domain[w]
			case as == lowerCase && !isLower(seen):
				cost += falseCapital
			}
			if cost < h.cost {
				cost += d.lostShapes(c, letters, as, h.cost-cost)
			}
			if cost < h.cost {
				h.cost, h.written[0] = cost, as
			}
		}
	}
}

// follow notes the words that may follow the paths to a node, and the score of each
// beside the best path: its probability, and how far its path is behind. Before the
// first unit words are expected that begin sentences.
func (d *decoder) follow(n *node, at int, least float32) {
	x := &d.expected
	if x.scores == nil {
		x.scores = make([]float32, d.r.model.Words())
	}
	x.words = x.words[:0]
	top := n.paths[0].score
	for p := range n.paths {
		state := &n.states[p]
		if at == 0 && state.Len() == 0 {
			begin := d.r.model.Begin()
			state = &begin
		}
		behind := n.paths[p].score - top
		if behind < -expectBehind {
			break
		}
		d.r.model.Followers(state, least-behind, func(w uint16, score float32) {
			score += behind
			switch had := x.scores[w]; {
			case had == 0:
				x.words = append(x.words, w)
				x.scores[w] = score
			case score > had:
				x.scores[w] = score
			}
		})
	}
	slices.Sort(x.words)
}

// expectable tells in which ways a word that was seen so may be written, the first
// letter of which may have lost its shape; nil for numbers, codes and what is too
// short or too long for a guess.
func expectable(seen string, u *unit) []writtenAs {
	n, letters, upper := 0, 0, 0
	for _, r := range seen {
		n++
		if unicode.IsLetter(r) {
			letters++
		}
		if unicode.IsUpper(r) {
			upper++
		}
	}
	if n == 1 && u.kind == numberPiece {
		return []writtenAs{lowerCase} // "quản 1)"
	}
	if n > 10 || 2*letters < n || u.code || strings.Contains(seen, "/") {
		return nil
	}
	first, _ := utf8.DecodeRuneInString(seen)
	switch {
	case upper > 1 && 2*upper > letters:
		if !u.upper {
			return nil
		}
		return []writtenAs{upperCase}
	case n == 1 && upper == 1:
		return nil // it numbers a point of a list
	case unicode.IsUpper(first):
		return []writtenAs{titleCase, lowerCase}
	}
	return []writtenAs{lowerCase}
}

// lostShapes is the cost of letters having been seen as the runes that the searcher
// was prepared for, each as the channel knows it or without its shape; more than
// limit when it is that.
func (d *decoder) lostShapes(c *channel, letters string, as writtenAs, limit float32) float32 {
	pieces := d.searcher.pieces
	n, m := len(pieces), len(letters)
	x := &d.expected
	width := m + 1
	x.costs = slices.Grow(x.costs[:0], (n+1)*width)[:(n+1)*width]
	x.letters = x.letters[:0]
	for j := range m {
		x.letters = append(x.letters, cased(letters[j], uint8(j), as))
	}
	var lows [maxSeen]float32 // of the latest rows
	for i := range n + 1 {
		row := x.costs[i*width:][:width]
		// Before the first letter runes may stand that are of none.
		row[0] = 0
		if i > 0 {
			row[0] = x.costs[(i-1)*width] + c.extra
		}
		low := row[0]
		reach := min(maxSeen, i)
		for j, letter := range x.letters {
			best := row[j] + min(c.lost[letter], lostAlone)
			shapeless := &expectCosts[marksOf[letter]]
			for k := 1; k <= reach; k++ {
				cost := shapeless[k-1]
				if p := pieces[i-k][k-1]; p != nil {
					cost = min(cost, p.costs[letter])
				}
				best = min(best, x.costs[(i-k)*width+j]+cost)
			}
			if i > 0 {
				best = min(best, x.costs[(i-1)*width+j+1]+c.extra)
			}
			row[j+1] = best
			low = min(low, best)
		}
		// A piece of several runes may reach over a row.
		if lows[i%maxSeen] = low; slices.Min(lows[:]) > limit {
			return math.MaxFloat32
		}
	}
	return x.costs[n*width+m]
}

// mergeExpected puts the added hypotheses behind the others of their units.
func (d *decoder) mergeExpected(from int) {
	x := &d.expected
	out := x.hyps[:0]
	added := x.added
	for i := range len(d.starts) - 1 {
		lo, hi := d.starts[i], d.starts[i+1]
		d.starts[i] = int32(len(out))
		first := len(out)
		out = append(out, d.hyps[lo:hi]...)
		for len(added) > 0 && int(added[0].from) == from+i {
			h := added[0]
			added = added[1:]
			k := slices.IndexFunc(out[first:], func(o hypothesis) bool { return o.to == h.to && o.n == 1 && o.ids[0] == h.ids[0] })
			if k < 0 {
				out = append(out, h)
			} else if h.cost < out[first+k].cost && !out[first+k].keep {
				out[first+k] = h
			}
		}
	}
	d.starts[len(d.starts)-1] = int32(len(out))
	d.hyps, x.hyps = out, d.hyps
}

// marksOf tells how many marks a letter has.
var marksOf = func() (marks [2 * letterCount]uint8) {
	for i, r := range lettersByNumber {
		switch decomposed := utf8.RuneCountInString(norm.NFD.String(string(r))); {
		case decomposed > 1:
			marks[i] = uint8(decomposed - 1)
		case r > utf8.RuneSelf:
			marks[i] = 1 // đ has a stroke
		}
	}
	return marks
}()
