package normalize

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
)

// signsBetween are the signs that engines take for one another, lose, and see
// in specks.
var signsBetween = [...]string{"", ",", ".", ";", ":"}

// Rival tells how much likelier, in nats, a text would be with something else in
// place of a run of characters between white space. Below 0 it is best as it is,
// and -∞ stands where nothing tells.
type Rival struct {
	Sign float64 // another sign behind it, one where there is none, or none where there is one
	Mark float64 // its first word with other marks on the same letters
}

// Rivals returns what the text around says of each run of characters between
// white space, whether or not repair thought of it: the engine may be sure of what
// it misread.
func (r *Restorer) Rivals(text string) []Rival {
	d := r.decoders.Get().(*decoder)
	defer r.decoders.Put(d)
	chunks := strings.Fields(Tones(NFC(text)))
	ids, ends := make([]uint16, 0, 2*len(chunks)), make([]int, 1, len(chunks)+1)
	for _, chunk := range chunks {
		ids = r.appendTokens(ids, chunk)
		ends = append(ends, len(ids))
	}
	out := make([]Rival, len(chunks))
	var state lm.State
	var room [16]uint16
	for i, chunk := range chunks {
		body, sign := chunk, ""
		if last, n := utf8.DecodeLastRuneInString(chunk); n < len(chunk) && strings.ContainsRune(",.;:", last) {
			body, sign = chunk[:len(chunk)-n], string(last)
		}
		next := ids[ends[i+1]:ends[min(i+3, len(chunks))]]
		out[i] = Rival{math.Inf(-1), r.otherMark(d.scorer, state, chunk, next)}
		advance(d.scorer, &state, r.appendTokens(room[:0], body))
		if i+1 < len(chunks) {
			first, _ := utf8.DecodeRuneInString(chunks[i+1])
			out[i].Sign = r.otherSign(d.scorer, state, sign, next, unicode.IsLower(first))
		}
		advance(d.scorer, &state, r.appendTokens(room[:0], sign))
	}
	return out
}

// otherMark compares the word that a chunk begins with to those of the same
// letters with other marks; next is what stands behind the chunk.
func (r *Restorer) otherMark(scorer *lm.Scorer, state lm.State, chunk string, next []uint16) float64 {
	var buf [16]piece
	pieces := cutPieces(buf[:0], chunk)
	if len(pieces) == 0 || pieces[0].kind != wordPiece {
		return math.Inf(-1)
	}
	word := toLower(chunk[:pieces[0].end])
	var room [16]uint16
	behind := append(r.appendTokens(room[:0], chunk[pieces[0].end:]), next...)
	id, _ := r.model.ID(word)
	score := func(id uint16) float64 {
		after := state
		return float64(scorer.Score(&after, id, &after)) + likelihood(scorer, &after, behind)
	}
	best := math.Inf(-1)
	for _, other := range r.lexicon.byFold[Fold(word)] {
		if other != id {
			best = max(best, score(other))
		}
	}
	return best - score(id)
}

// otherSign compares the signs that may stand between a state and the text
// behind it with the one that does. No sentence begins with a small letter.
func (r *Restorer) otherSign(scorer *lm.Scorer, state lm.State, sign string, next []uint16, small bool) float64 {
	var here float64
	best := math.Inf(-1)
	for _, s := range signsBetween {
		if s == "." && sign != "." && small {
			continue
		}
		behind := state
		var room [1]uint16
		score := advance(scorer, &behind, r.appendTokens(room[:0], s)) + likelihood(scorer, &behind, next)
		if s == sign {
			here = score
		} else {
			best = max(best, score)
		}
	}
	return best - here
}

// appendTokens appends the tokens of a text.
func (r *Restorer) appendTokens(ids []uint16, text string) []uint16 {
	r.tokens(text, func(id uint16) bool {
		ids = append(ids, id)
		return true
	})
	return ids
}

// likelihood returns ln P of a text behind the state, which it may change.
func likelihood(scorer *lm.Scorer, state *lm.State, text []uint16) float64 {
	sum := float32(0)
	for i, id := range text {
		if i == len(text)-1 {
			sum += scorer.Prob(state, id)
		} else {
			sum += scorer.Score(state, id, state)
		}
	}
	return float64(sum)
}

// advance moves the state behind a text and returns ln P of the text there.
func advance(scorer *lm.Scorer, state *lm.State, text []uint16) float64 {
	sum := float32(0)
	for _, id := range text {
		sum += scorer.Score(state, id, state)
	}
	return float64(sum)
}

// Capital returns the share of a word's occurrences that begin with a capital; 0
// for words that the model does not know.
func (r *Restorer) Capital(word string) float64 {
	word = strings.TrimFunc(word, func(c rune) bool { return !isLetter(c) })
	id, known := r.model.ID(toLower(Tones(NFC(word))))
	if !known {
		return 0
	}
	w := r.lexicon.writing[id]
	return float64(w.Title + w.Upper + w.Mixed)
}
