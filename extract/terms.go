package extract

import (
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Names and abbreviations are no words of the language, so repair leaves them
// as OCR read them: "VNelD", "Camera Al". Profiles name those of their reports.

// withTerms writes the profile's terms as they should be. A word is one when
// OCR cannot tell the two apart and it was read with a capital.
func (p *Profile) withTerms(text passage) passage {
	if len(p.terms) == 0 {
		return text
	}
	var words []word
	for i, w := range text.words {
		head, core, tail := parts(w.raw)
		term, ok := p.terms[normalize.FoldOCR(core)]
		if !ok || core == term && strings.Contains(w.text, term) || !hasCapital(core) {
			continue
		}
		if words == nil {
			words = append([]word(nil), text.words...)
		}
		w.fix = append(w.fix[:len(w.fix):len(w.fix)], schema.Repair{From: w.text, To: head + term + tail, Reason: "term", Score: 0.95})
		w.text = head + term + tail
		words[i] = w
	}
	if words == nil {
		return text
	}
	return newPassage(words)
}

// parts cuts the punctuation off a word.
func parts(s string) (head, core, tail string) {
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	core = strings.TrimLeftFunc(s, func(r rune) bool { return !letter(r) })
	head = s[:len(s)-len(core)]
	trimmed := strings.TrimRightFunc(core, func(r rune) bool { return !letter(r) })
	return head, trimmed, core[len(trimmed):]
}

func hasCapital(s string) bool { return strings.ContainsFunc(s, unicode.IsUpper) }
