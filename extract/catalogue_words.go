package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
)

// OCR glues words and splits them, and loses short ones at the ends of lines. A
// title that is the catalogue's otherwise gets them back.

const (
	// sameWords is how like two words and one must be, without the space.
	sameWords = 0.8
	// lostLetters is how long a word may be that OCR lost.
	lostLetters = 4
	// besideLost is how many words on both sides of a lost one must be the same.
	besideLost = 2
)

// resegmented returns the words of a title parted as the catalogue's are.
func resegmented(have, want []string) []string {
	out := slices.Clone(have)
	for i := 0; i < len(out); i++ {
		j := besideWord(out, want, i)
		if j < 0 {
			continue
		}
		switch glued := func(w []string) string { return lettersDigits(strings.Join(w, "")) }; {
		case j+1 < len(want) && likeWords(lettersDigits(out[i]), glued(want[j:j+2])) && !likeWords(lettersDigits(out[i]), lettersDigits(want[j])):
			out = slices.Replace(out, i, i+1, want[j:j+2]...)
		case i+1 < len(out) && likeWords(glued(out[i:i+2]), lettersDigits(want[j])) && !likeWords(lettersDigits(out[i]), lettersDigits(want[j])):
			out = slices.Replace(out, i, i+2, want[j])
		case j+besideLost < len(want) && i+besideLost <= len(out) && i >= besideLost &&
			utf8.RuneCountInString(want[j]) <= lostLetters && letters(want[j]) == utf8.RuneCountInString(want[j]) && !endsInSign(out[i-1]) &&
			sameFolded(out[i:i+besideLost], want[j+1:j+1+besideLost]) && sameFolded(out[i-besideLost:i], want[max(j-besideLost, 0):j]):
			out = slices.Insert(out, i, want[j])
		}
	}
	return out
}

// besideWord finds the word of the catalogue that should stand where word i
// does: behind the one that its neighbour on the left is. It is -1 when the
// neighbour is none, or not the same.
func besideWord(have, want []string, i int) int {
	if i == 0 {
		return 0
	}
	found := -1
	for j := max(0, i-3); j < min(len(want)-1, i+3); j++ {
		if lettersDigits(have[i-1]) == lettersDigits(want[j]) && (found < 0 || abs(j-i+1) < abs(found-i)) {
			found = j + 1
		}
	}
	return found
}

func abs(n int) int { return max(n, -n) }

func likeWords(a, b string) bool {
	return a != "" && normalize.Similarity(a, b) >= sameWords
}

func sameFolded(a, b []string) bool {
	return slices.EqualFunc(a, b, func(x, y string) bool { return lettersDigits(x) == lettersDigits(y) })
}

func endsInSign(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return !unicode.IsLetter(r)
}
