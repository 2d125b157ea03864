package normalize

import (
	"github.com/sohoa/sohoa/normalize/lm"
	"github.com/sohoa/sohoa/schema"
)

// Eyes look at the picture of word k of a line; nil where there is nothing to see.
type Eyes func(words []schema.Word, k int) Sight

// Sight is what the picture of a word says: how badly the marks of a text with the same
// letters agree with it, in nats. ok is false for a text with other letters.
type Sight func(text string) (nats float32, ok bool)

// What the picture says counts half: a network that was shown some thousand words is
// too sure of itself. On unseen reports weights from 0.5 to 0.8 hardly differed in what
// they mended, and spoilt the more words the higher they were.
const sightWeight = 0.5

// mostSeen bounds what a sight says for or against a word, in nats.
const mostSeen = 8.0

// seen weighs the hypotheses for unit i from first on, of which the first keeps it,
// by what the picture says of their marks beside those that were read.
func (d *decoder) seen(i, first int) {
	u := &d.units[i]
	sight := d.sights[u.chunk]
	if sight == nil {
		return
	}
	chunk := d.chunks[u.chunk]
	asRead, ok := sight(chunk)
	if !ok {
		return
	}
	for k := first; k < len(d.hyps); k++ {
		h := &d.hyps[k]
		if h.keep || h.n != 1 || h.form != wordForm || h.ids[0] <= lm.Unknown {
			continue
		}
		text, _ := d.write(h)
		if cost, ok := sight(chunk[:u.start] + text + chunk[u.end:]); ok {
			h.cost += max(-mostSeen, min(mostSeen, sightWeight*(cost-asRead)))
		}
	}
}
