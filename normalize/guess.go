package normalize

import (
	"strings"

	"github.com/sohoa/sohoa/normalize/lm"
	"github.com/sohoa/sohoa/schema"
)

// Pairs of read and right lines are made by hand, so there are few of them,
// and engines read the same letters in more ways than a few hundred lines
// show. Text that the engine read is plenty. A channel that was counted from
// the pairs reads it with the language model; what is likely enough counts as
// a pair, by its probability, and a channel counted anew reads better. The
// search is wide, so that a reading which the pairs do not have is found where
// its context leaves no other: "nhan thuac" is "nhận thức".

const (
	guessRounds = 2   // more of them make what was guessed wrong the rule
	guessLeast  = 0.5 // probability of what counts
)

// guessPairs adds what the words of text stand for, as the heavy channel
// reads them, to pairs of words as seen and as they are.
func guessPairs(pairs map[[2]string]float64, m *lm.Model, heavy heavyTable, text []byte, weight float64) error {
	k, err := newKnowledge(m, heavy)
	if err != nil {
		return err
	}
	r := &Restorer{knowledge: k}
	d := r.decoders.Get().(*decoder)
	d.r = r
	var block []schema.Line
	flush := func() {
		d.guess(pairs, block, weight)
		block = block[:0]
	}
	for line := range strings.Lines(string(text)) {
		l, _ := cutLine(Tones(NFC(line)))
		if block = append(block, l); len(l.Words) == 0 || len(block) == filterBlock {
			flush()
		}
	}
	flush()
	return nil
}

// guess adds the decided words of lines, which are one context, to pairs.
func (d *decoder) guess(pairs map[[2]string]float64, lines []schema.Line, weight float64) {
	s := d.gather(lines, d.r.survey(lines, evidence{}), false, nil)
	if len(s.chunks) == 0 {
		return
	}
	for _, c := range d.decode(s.chunks, s.modes, s.doubts, s.breaks) {
		first, last := &d.units[c.from], &d.units[c.to-1]
		if first.mode != heavyMode || first.chunk != last.chunk || c.score < guessLeast {
			continue
		}
		if c.n != 1 || c.ids[0] <= lm.Unknown || c.form != wordForm {
			continue
		}
		right, _ := d.write(&c.hypothesis)
		if letterNumbers(right) != "" {
			pairs[[2]string{d.chunks[first.chunk][first.start:last.end], right}] += weight * float64(c.score)
		}
	}
}
