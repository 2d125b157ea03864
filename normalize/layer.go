package normalize

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// TextLayer brings the text layer of a PDF page to Unicode and tells how good
// it is as Vietnamese, from 0 (another language, or what an engine without
// Vietnamese letters made of it) to 1. The words keep what they were in Raw;
// conversions of legacy encodings are noted as repairs. lines is not changed.
func (r *Restorer) TextLayer(lines []schema.Line) ([]schema.Line, float64) {
	out := slices.Clone(lines)
	for i := range out {
		out[i].Words = slices.Clone(out[i].Words)
	}
	r.decodeLines(out)
	for i := range out {
		for k := range out[i].Words {
			if w := &out[i].Words[k]; !isPlain(w.Text) {
				// A soft hyphen that is drawn is a hyphen.
				if t := NFC(strings.ReplaceAll(w.Text, "\u00ad", "-")); t != w.Text {
					note(w, t, ReasonForm)
				}
			}
		}
	}
	return out, r.quality(out)
}

// note records a change that is certain.
func note(w *schema.Word, text, reason string) {
	w.Repairs = append(slices.Clip(w.Repairs), schema.Repair{From: w.Text, To: text, Reason: reason, Score: 1})
	w.Text = text
}

// quality judges text by two shares: of words that the lexicon has, and of
// syllables with letters that only Vietnamese has, where right text has about
// every second one.
func (r *Restorer) quality(lines []schema.Line) float64 {
	const enough = 0.35 // distinctive syllables in right text, at the least
	words, known := 0, 0
	var buf [16]piece
	for i := range lines {
		for k := range lines[i].Words {
			text := lines[i].Words[k].Text
			for _, p := range cutPieces(buf[:0], text) {
				s := text[p.start:p.end]
				if p.kind != wordPiece || utf8.RuneCountInString(s) < 2 {
					continue
				}
				words++
				if id, ok := r.model.ID(toLower(Tones(s))); ok && r.lexicon.unigram[id] > leastUnigram {
					known++
				}
			}
		}
	}
	if words == 0 {
		// Numbers and signs alone need no language.
		if len(lines) == 0 {
			return 0
		}
		return 1
	}
	q := float64(known) / float64(words)
	if e := r.lookAll(lines); e.syllables >= 3 {
		q *= min(1, e.distinctive/(enough*e.syllables))
	}
	return q
}
