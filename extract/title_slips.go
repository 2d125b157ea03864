package extract

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

// Plans have slips of their own: "tai" for "tại". A word without marks is taken for
// one where the language model knows another better.

const (
	// slipLead is how much likelier, in nats, the report's marked word must be than
	// the plan's unmarked one, and slipGuess likewise a marked word that the report
	// does not have either.
	slipLead, slipGuess = 2.0, 6.0
)

// marked returns word i of a wording, which has no marks, as it should be spelled:
// as the report or another source has it, or as the language model has it, where it
// knows that so much better. core and other are their words, "" for none.
func marked(r *normalize.Restorer, want []string, i int, plain, core, other string) string {
	cost := func(word string) float64 {
		words := slices.Clone(want[max(i-2, 0):min(i+3, len(want))])
		words[min(i, 2)] = word
		sum := 0.0
		for _, c := range r.Fluency(strings.Join(words, " ")).Costs {
			sum += c
		}
		return sum
	}
	is := cost(plain)
	for _, w := range []string{core, other} {
		if normalize.Fold(w) == plain && w != plain && r.Sound(w) && is-cost(w) > slipLead {
			return w
		}
	}
	best, least := plain, is-slipGuess
	for _, m := range spellings(plain) {
		if !r.Sound(m) {
			continue
		}
		if c := cost(m); c < least {
			best, least = m, c
		}
	}
	return best
}

// sameWord is word i of a wording as another text has it; "" where that lacks it.
func sameWord(want []string, i int, other string) string {
	words := strings.Fields(other)
	for _, p := range alignWords(want, words) {
		if p[0] == i {
			_, core, _ := parts(words[p[1]])
			return core
		}
	}
	return ""
}

// spellings are the ways to put a tone on a syllable without marks, on any vowel of it.
func spellings(plain string) []string {
	var out []string
	for i, r := range plain {
		for _, m := range vowelMarks[r] {
			out = append(out, plain[:i]+string(m)+plain[i+1:])
		}
	}
	return out
}

var vowelMarks = map[rune]string{
	'a': "áàảãạăắằẳẵặâấầẩẫậ", 'e': "éèẻẽẹêếềểễệ", 'i': "íìỉĩị", 'o': "óòỏõọôốồổỗộơớờởỡợ",
	'u': "úùủũụưứừửữự", 'y': "ýỳỷỹỵ", 'd': "đ",
}
