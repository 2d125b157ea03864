package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tones makes the placement of tone marks uniform in NFC text. The rule is the
// one that most printed administrative text follows: in a syllable that ends
// in oa, oe or uy, the mark stands on the first of the two vowels (hòa, khỏe,
// thúy, ủy). The u of qu belongs to the consonant, so quý keeps its mark, and
// so do syllables with a final consonant (hoán, huỳnh). Words that are no
// Vietnamese syllables stay as they are, and so does text that is no UTF-8.
func Tones(s string) string {
	if !mayMove(s) || !utf8.ValidString(s) {
		return s
	}
	runes := []rune(s)
	changed := false
	for end := 1; end <= len(runes); end++ {
		if end < len(runes) && unicode.IsLetter(runes[end]) || !movable(runes[end-1]) {
			continue
		}
		start := end - 1
		for start > 0 && unicode.IsLetter(runes[start-1]) {
			start--
		}
		if moveTone(runes[start:end]) {
			changed = true
		}
	}
	if !changed {
		return s
	}
	return string(runes)
}

// mayMove reports whether a text holds a mark that may have to move: every such
// mark stands on one of the vowels a, e and y, behind an o or a u.
func mayMove(s string) bool {
	before := rune(0)
	for _, r := range s {
		if movable(r) && (before|0x20 == 'o' || before|0x20 == 'u') {
			return true
		}
		before = r
	}
	return false
}

// movable lists the letters whose tone mark may have to move to the vowel
// before them.
func movable(r rune) bool { return factsOf(r)&factMovable != 0 }

const (
	movableVowels = "àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ"
	tonesOfO      = "òóỏõọ"
	tonesOfU      = "ùúủũụ"
)

// moveTone moves the mark of word's last letter to the letter before it, in
// place, when word is a syllable that the rule of [Tones] covers.
func moveTone(word []rune) bool {
	n := len(word)
	if n < 2 {
		return false
	}
	at := 0
	for i, r := range []rune(movableVowels) {
		if r == word[n-1] {
			at = i % 15
			break
		}
	}
	vowel, tone := at/5, at%5 // a, e or y; the five marks in a fixed order
	first := word[n-2]
	var marked rune
	switch {
	case unicode.ToLower(first) == 'o' && vowel < 2:
		marked = []rune(tonesOfO)[tone]
	case unicode.ToLower(first) == 'u' && vowel == 2:
		marked = []rune(tonesOfU)[tone]
	default:
		return false
	}
	onset := strings.ToLower(string(word[:n-2]))
	if !onsets[onset] || onset == "q" || onset == "gi" && vowel == 2 {
		return false
	}
	if unicode.IsUpper(first) {
		marked = unicode.ToUpper(marked)
	}
	last := []rune("aey")[vowel]
	if unicode.IsUpper(word[n-1]) {
		last = unicode.ToUpper(last)
	}
	word[n-2], word[n-1] = marked, last
	return true
}

// onsets are the consonants that a Vietnamese syllable can begin with.
var onsets = setOf(" b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q r s t th tr v x", " ")

func setOf(list, sep string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Split(list, sep) {
		set[w] = true
	}
	return set
}
