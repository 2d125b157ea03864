package normalize

import (
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
)

// Fluency tells how a text reads to the language model, whether or not it was
// repaired: what was misread into another right word shows here alone.
type Fluency struct {
	Words     int       // words; numbers and signs are no words
	Strangers int       // words in small letters that are no syllables and not frequent
	Misfits   int       // capitals between small letters where the word is no name
	Mean      float64   // mean of -ln P of a word or sign after those before it, in nats
	Worst     float64   // the highest mean of two neighbours, in nats
	Costs     []float64 // -ln P of each run of characters between white space, that of its dearest piece; in nats
	Sign      float64   // the highest -ln P of a sign together with what follows it, in nats
}

// namely is the share of a word's occurrences with capitals from which on it
// may be a name.
const namely = 0.03

// Fluency returns how the text reads. Words in capitals and names count as
// known, since names are what models lack.
func (r *Restorer) Fluency(text string) (f Fluency) {
	d := r.decoders.Get().(*decoder)
	defer r.decoders.Put(d)
	var buf [16]piece
	var state, next lm.State
	sum, before, tokens := 0.0, 0.0, 0
	small := 0      // words in small letters up to here, without a break
	misfit := false // the word before is one if the next is in small letters
	sign := 0.0     // cost of the sign before
	for chunk := range strings.FieldsSeq(Tones(NFC(text))) {
		f.Costs = append(f.Costs, 0)
		for _, p := range cutPieces(buf[:0], chunk) {
			token := tokenOf(chunk, p)
			id, known := r.model.ID(toLower(token))
			cost := -float64(d.scorer.Score(&state, id, &next))
			state = next
			lower := isLower(token)
			if p.kind == wordPiece {
				f.Words++
				if misfit && lower {
					f.Misfits++
				}
				misfit = false
				switch {
				case lower:
					small++
				case known && small > 0:
					w := r.lexicon.writing[id]
					misfit = w.Title+w.Upper+w.Mixed < namely
					fallthrough
				default:
					small = 0
				}
				if lower && utf8.RuneCountInString(token) > 1 && !(known && r.lexicon.sound[id]) {
					f.Strangers++
				}
				if !lower && !known {
					cost = 0 // a name or a code
				}
			} else {
				small, misfit = 0, false
			}
			if sign > 0 {
				f.Sign = max(f.Sign, sign+cost)
			}
			sign = 0
			if p.kind == signPiece {
				sign = cost
			}
			tokens++
			sum += cost
			f.Costs[len(f.Costs)-1] = max(f.Costs[len(f.Costs)-1], cost)
			f.Worst = max(f.Worst, (cost+before)/2)
			before = cost
		}
	}
	f.Sign = max(f.Sign, sign)
	if tokens > 0 {
		f.Mean = sum / float64(tokens)
	}
	return f
}
