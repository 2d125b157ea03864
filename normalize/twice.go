package normalize

import (
	"slices"

	"github.com/sohoa/sohoa/normalize/lm"
	"github.com/sohoa/sohoa/schema"
)

// A line that was read twice has two witnesses for each word. Neither is right
// always, and what one of them misread the other one mostly did not: where they
// differ, a word that both are likely readings of is better than what either of
// them says, and where they agree there is less reason to change anything.

// What two readings of a word say. On 8,300 cells of varied sample reports,
// weights from 0.3 to 1 did not differ where the readings do.
const (
	differsWeight = 0.6 // of the second reading where it differs: the two share the picture
	agreesWeight  = 0.1 // of the second reading where it is the same
	noReading     = 9.0 // nats for a word that a reading is none of
)

// secondReading is what a second reading has in the place of a chunk.
type secondReading struct {
	text  string
	doubt float32 // as that of a unit
}

func readTwice(lines []schema.Line) bool {
	return slices.ContainsFunc(lines, func(l schema.Line) bool {
		return slices.ContainsFunc(l.Words, func(w schema.Word) bool { return w.Second != nil })
	})
}

func secondOf(w *schema.Word) secondReading {
	if w.Second == nil {
		return secondReading{}
	}
	return secondReading{Tones(NFC(w.Second.Text)), doubt(w.Second.Score, true)}
}

// pairPieces gives the words of a chunk those of its second reading, where both
// have as many.
func pairPieces(units []unit, second secondReading) {
	words := 0
	for i := range units {
		if units[i].kind == wordPiece {
			words++
		}
	}
	var buf [16]piece
	pieces := slices.DeleteFunc(cutPieces(buf[:0], second.text), func(p piece) bool { return p.kind != wordPiece })
	if len(pieces) != words {
		return
	}
	at := 0
	for i := range units {
		if units[i].kind == wordPiece {
			units[i].second = second.text[pieces[at].start:pieces[at].end]
			units[i].secondDoubt = second.doubt
			at++
		}
	}
}

// bothChoices is [Restorer.choicesFor] for a word that was read twice.
func (d *decoder) bothChoices(u *unit, text string) *wordChoices {
	one := d.r.choicesFor(&d.searcher, u.mode, text)
	if text == u.second {
		w := *one
		w.keepCost *= 1 + agreesWeight
		w.candidates = slices.Clone(one.candidates)
		for i := range w.candidates {
			w.candidates[i].cost *= 1 + agreesWeight
		}
		return &w
	}
	two := d.r.choicesFor(&d.searcher, u.mode, u.second)
	w := &wordChoices{keep: one.keep, known: one.known, plain: one.plain || two.plain}
	w.keepCost = one.keepCost + differsWeight*two.costOf(one.keep)
	add := func(c candidate) {
		if one.known && c.word == one.keep || slices.ContainsFunc(w.candidates, func(o candidate) bool { return o.word == c.word }) {
			return
		}
		c.cost = one.costOf(c.word) + differsWeight*two.costOf(c.word)
		if two.known && c.word == two.keep {
			c.cost += differsWeight * u.secondDoubt
		}
		w.candidates = append(w.candidates, c)
	}
	for _, c := range one.candidates {
		add(c)
	}
	if two.known {
		add(candidate{word: two.keep, written: writtenLike(u.second)})
	}
	for _, c := range two.candidates {
		add(c)
	}
	return w
}

// costOf returns the cost of a word having been seen so.
func (w *wordChoices) costOf(word uint16) float32 {
	switch {
	case word == lm.Unknown:
	case w.known && word == w.keep:
		return w.keepCost
	default:
		for i := range w.candidates {
			if w.candidates[i].word == word {
				return min(w.candidates[i].cost, noReading)
			}
		}
	}
	return noReading
}
