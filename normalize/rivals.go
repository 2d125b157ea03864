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
	chunks := strings.Fields(Tones(NFC(text)))
	out := make([]Rival, len(chunks))
	var state lm.State
	for i, chunk := range chunks {
		body, sign := chunk, ""
		if last, n := utf8.DecodeLastRuneInString(chunk); n < len(chunk) && strings.ContainsRune(",.;:", last) {
			body, sign = chunk[:len(chunk)-n], string(last)
		}
		next := strings.Join(chunks[i+1:min(i+3, len(chunks))], " ")
		out[i] = Rival{math.Inf(-1), r.otherMark(state, chunk, next)}
		r.advance(&state, body)
		if next != "" {
			out[i].Sign = r.otherSign(state, sign, next)
		}
		r.advance(&state, sign)
	}
	return out
}

// otherMark compares the word that a chunk begins with to those of the same
// letters with other marks.
func (r *Restorer) otherMark(state lm.State, chunk, next string) float64 {
	var buf [16]piece
	pieces := cutPieces(buf[:0], chunk)
	if len(pieces) == 0 || pieces[0].kind != wordPiece {
		return math.Inf(-1)
	}
	word := strings.ToLower(chunk[:pieces[0].end])
	next = chunk[pieces[0].end:] + " " + next
	id, _ := r.model.ID(word)
	score := func(id uint16) float64 {
		behind := state
		return float64(r.model.Score(&behind, id, &behind)) + r.advance(&behind, next)
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
// behind it with the one that does.
func (r *Restorer) otherSign(state lm.State, sign, next string) float64 {
	first, _ := utf8.DecodeRuneInString(next)
	var here float64
	best := math.Inf(-1)
	for _, s := range signsBetween {
		if s == "." && sign != "." && unicode.IsLower(first) {
			continue // no sentence begins there
		}
		behind := state
		score := r.advance(&behind, s) + r.advance(&behind, next)
		if s == sign {
			here = score
		} else {
			best = max(best, score)
		}
	}
	return best - here
}

// advance moves the state behind a text and returns ln P of the text there.
func (r *Restorer) advance(state *lm.State, text string) float64 {
	sum := float32(0)
	r.tokens(text, func(id uint16) bool {
		sum += r.model.Score(state, id, state)
		return true
	})
	return float64(sum)
}

// Capital returns the share of a word's occurrences that begin with a capital; 0
// for words that the model does not know.
func (r *Restorer) Capital(word string) float64 {
	word = strings.TrimFunc(word, func(c rune) bool { return !isLetter(c) })
	id, known := r.model.ID(strings.ToLower(Tones(NFC(word))))
	if !known {
		return 0
	}
	w := r.lexicon.writing[id]
	return float64(w.Title + w.Upper + w.Mixed)
}
