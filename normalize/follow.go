package normalize

import (
	"strings"

	"github.com/sohoa/sohoa/normalize/lm"
)

// followWords is how many tokens behind a seam are asked about: what stands
// further on follows its own neighbours.
const followWords = 2

// Ending is the end of a text, to ask what may follow it.
type Ending struct{ state lm.State }

// Ending returns the end of a text.
func (r *Restorer) Ending(text string) (e Ending) {
	d := r.decoders.Get().(*decoder)
	defer r.decoders.Put(d)
	r.tokens(lastChunks(text, lm.MaxOrder), func(id uint16) bool {
		e.state = d.scorer.Next(&e.state, id)
		return true
	})
	return e
}

// Follows tells how much likelier the first words of a text are behind the
// ending than out of any context, in nats: above 0 they follow, below they
// come from elsewhere, as from the next column of a table.
func (r *Restorer) Follows(e Ending, text string) float64 {
	var ids [followWords]uint16
	n := 0
	r.tokens(text, func(id uint16) bool {
		ids[n] = id
		n++
		return n < followWords
	})
	if n == 0 {
		return 0
	}
	d := r.decoders.Get().(*decoder)
	defer r.decoders.Put(d)
	var alone lm.State
	behind := e.state
	gain := float32(0)
	for _, id := range ids[:n-1] {
		gain += d.scorer.Score(&behind, id, &behind) - d.scorer.Score(&alone, id, &alone)
	}
	last := ids[n-1]
	return float64(gain + (d.scorer.Prob(&behind, last) - d.scorer.Prob(&alone, last)))
}

// Sound reports whether a word, apart from punctuation around it, is a syllable
// that the model knows or a number.
func (r *Restorer) Sound(word string) bool {
	word = strings.TrimFunc(word, func(c rune) bool { return !isLetter(c) && !isDigit(c) })
	if word == "" {
		return false
	}
	var buf [16]piece
	pieces := cutPieces(buf[:0], word)
	if len(pieces) != 1 {
		return false
	}
	if pieces[0].kind != wordPiece {
		return pieces[0].kind == numberPiece
	}
	id, known := r.model.ID(toLower(word))
	return known && r.lexicon.sound[id]
}

// tokens calls f with the tokens of a text until it returns false.
func (r *Restorer) tokens(text string, f func(id uint16) bool) {
	var buf [16]piece
	for chunk := range strings.FieldsSeq(text) {
		for _, p := range cutPieces(buf[:0], chunk) {
			id, _ := r.model.ID(toLower(Tones(NFC(tokenOf(chunk, p)))))
			if !f(id) {
				return
			}
		}
	}
}

// lastChunks returns the end of a text that holds its last n chunks.
func lastChunks(text string, n int) string {
	text = strings.TrimRight(text, " ")
	at := len(text)
	for ; n > 0 && at > 0; n-- {
		at = max(strings.LastIndexByte(text[:at], ' '), 0)
	}
	return text[at:]
}
