package normalize

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// A speck between two words closes the gap and is read as a stop: "ứng cứu.sự
// cố". Nobody writes so but in addresses of the net, which have no marks. Such
// words are parted before repair, which then decides about the stop; behind a
// number none can stand.

var (
	gluedWords  = regexp.MustCompile(`^(\p{Ll}+[.,;:])(\p{Ll}+[.,;:)]*)$`)
	gluedNumber = regexp.MustCompile(`^([0-9][0-9.,]*[0-9])\.(\p{Ll}+[.,;:)]*)$`)
)

const gluedScore = 0.95

// cutGlued parts words of lines that a sign glues together.
func (r *Restorer) cutGlued(lines []schema.Line) {
	for i := range lines {
		words := lines[i].Words
		for k := 0; k < len(words); k++ {
			a, b, ok := r.glued(words[k].Text)
			if !ok {
				continue
			}
			one, two := halves(words[k], a, b)
			words = slices.Replace(slices.Clone(words), k, k+1, one, two)
			k++
		}
		lines[i].Words = words
	}
}

// glued parts a text into two words; ok is false for one that stays as it is.
func (r *Restorer) glued(text string) (a, b string, ok bool) {
	if !strings.ContainsAny(text, ".,;:") {
		return "", "", false
	}
	if m := gluedWords.FindStringSubmatch(text); m != nil && !isPlain(text) {
		return m[1], m[2], r.sound(m[1]) && r.sound(m[2])
	}
	if m := gluedNumber.FindStringSubmatch(text); m != nil {
		return m[1], m[2], r.sound(m[2])
	}
	return "", "", false
}

// sound reports whether a word, but for the signs behind it, is one of right
// Vietnamese.
func (r *Restorer) sound(word string) bool {
	id, known := r.model.ID(Tones(NFC(strings.TrimRight(word, ".,;:)"))))
	return known && r.lexicon.sound[id]
}

// halves returns a word as two that share its box and its raw text.
func halves(w schema.Word, a, b string) (one, two schema.Word) {
	repairs := slices.Clip(w.Repairs)
	one, two = w, w
	one.Text, two.Text = a, b
	one.Repairs = append(repairs, schema.Repair{From: w.Text, To: a, Reason: ReasonSplit, Score: gluedScore})
	two.Repairs = append(repairs, schema.Repair{From: w.Text, To: b, Reason: ReasonSplit, Score: gluedScore})
	share := utf8.RuneCountInString(a) * w.Box.Width() / max(1, utf8.RuneCountInString(w.Text))
	one.Box.X1 = w.Box.X0 + share
	two.Box.X0 = one.Box.X1
	one.Raw, two.Raw = w.Raw, ""
	if at := strings.LastIndex(w.Raw, b); at >= 0 {
		one.Raw, two.Raw = w.Raw[:at], w.Raw[at:]
	}
	return one, two
}
