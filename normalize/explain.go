package normalize

import (
	"math"
	"strings"

	"github.com/sohoa/sohoa/normalize/lm"
)

// What stands where one of a few wordings is due, and reads as none of them, is one
// that damage took, or other text. The noisy channel weighs both: how likely the
// wording was seen so, and how likely any text was, its words by the language model.

// Costs in nats of what a wording of several words loses beyond letters.
const (
	spaceLost = 3.0 // two words run together
	spaceSeen = 3.0 // a gap within a word
)

// TextCost returns -ln P, in nats, of what was seen as the likeliest text that it may
// be, out of any context: what the words cost by the language model, and what became
// of them by the channel of heavily damaged text.
func (r *Restorer) TextCost(seen []string) float64 {
	d := r.decoders.Get().(*decoder)
	defer r.decoders.Put(d)
	d.r, d.engine = r, false
	modes := make([]mode, len(seen))
	for i := range modes {
		modes[i] = heavyMode
	}
	cost := float32(0)
	var state lm.State
	for _, c := range d.decode(seen, modes, make([]float32, len(seen)), make([]bool, len(seen))) {
		score, _ := d.tryHypothesis(&state, &c.hypothesis)
		cost -= score
		state = d.after(&state, &c.hypothesis)
	}
	return float64(cost)
}

// WordingCost returns -ln P, in nats, of a wording having been seen so by the channel
// of heavily damaged text, in capitals, with a capital or in small letters, whichever
// costs least. Letters may have lost their shapes, as in [Restorer.ForCells].
func (r *Restorer) WordingCost(seen []string, wording string) float64 {
	d := r.decoders.Get().(*decoder)
	defer r.decoders.Put(d)
	d.r = r
	runes := []rune(strings.Join(seen, " "))
	c := r.channels[heavyMode]
	d.searcher.prepare(c, runes)
	best := float32(math.MaxFloat32)
	for _, as := range [...]writtenAs{lowerCase, titleCase, upperCase} {
		best = min(best, d.wordingAs(c, runes, []rune(toLower(Tones(NFC(wording)))), as))
	}
	return float64(best)
}

// wordingAs is the cost of a wording, in small letters, that was written so.
func (d *decoder) wordingAs(c *channel, seen, wording []rune, as writtenAs) float32 {
	pieces := d.searcher.pieces
	row := len(wording) + 1
	costs := make([]float32, (len(seen)+1)*row)
	for i := range len(seen) + 1 {
		for j := range row {
			best := float32(math.MaxFloat32)
			if i == 0 && j == 0 {
				best = 0
			}
			if j > 0 {
				best = min(best, d.wordingRune(c, pieces, seen, costs, row, i, j, cased(letterNumber(wording[j-1]), uint8(min(j-1, 1)), as), wording[j-1]))
			}
			if i > 0 {
				extra := c.extra
				if seen[i-1] == ' ' {
					extra = spaceSeen
				}
				best = min(best, costs[(i-1)*row+j]+extra)
			}
			costs[i*row+j] = best
		}
	}
	return costs[len(costs)-1]
}

// wordingRune is the least cost at (i, j) that rune j of a wording, the last one so
// far, adds: it was seen as one to three runes, or left no trace.
func (d *decoder) wordingRune(c *channel, pieces [][maxSeen]*readings, seen []rune, costs []float32, row, i, j int, letter uint8, r rune) float32 {
	before := func(k int) float32 { return costs[(i-k)*row+j-1] }
	switch {
	case r == ' ' && i > 0 && seen[i-1] == ' ':
		return min(before(1), before(0)+spaceLost)
	case r == ' ':
		return before(0) + spaceLost
	case letter >= 2*letterCount: // a digit
		if i > 0 && seen[i-1] == r {
			return before(1)
		}
		return before(0) + lostAlone
	}
	best := before(0) + min(c.lost[letter], lostAlone)
	for k := 1; k <= min(maxSeen, i) && seen[i-k] != ' '; k++ {
		cost := expectCosts[marksOf[letter]][k-1]
		if p := pieces[i-k][k-1]; p != nil {
			cost = min(cost, p.costs[letter])
		}
		best = min(best, before(k)+cost)
	}
	return best
}
