package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What is asked of every letter of a text is looked up for the blocks of Unicode
// that Vietnamese is written in; the rules behind it take many times as long.

type runeFacts uint8

const (
	factKnown   runeFacts = 1 << iota // the others hold for this rune
	factLetter                        // [unicode.IsLetter]
	factSettled                       // [NFC] leaves it as it is, whatever stands beside it
	factSmall                         // strings.ToLower leaves it as it is
	factMovable                       // its tone mark may have to move
)

var factsBlock = func() (t [0x1F00]runeFacts) {
	for r := range rune(len(t)) {
		if r >= 0x250 && r < 0x1E00 {
			continue
		}
		t[r] = factKnown
		if unicode.IsLetter(r) {
			t[r] |= factLetter
		}
		if p := norm.NFC.PropertiesString(string(r)); p.BoundaryBefore() && p.CCC() == 0 && norm.NFC.IsNormalString(string(r)) && !hasCompatibilityForm(r) {
			t[r] |= factSettled
		}
		if unicode.ToLower(r) == r {
			t[r] |= factSmall
		}
		if strings.ContainsRune(movableVowels, r) {
			t[r] |= factMovable
		}
	}
	return t
}()

// factsOf returns what is known of a rune, 0 for one of other blocks.
func factsOf(r rune) runeFacts {
	if uint32(r) < uint32(len(factsBlock)) {
		return factsBlock[r]
	}
	return 0
}

// all reports whether a fact is known of all runes of a text.
func (f runeFacts) all(s string) bool {
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			if r, n = utf8.DecodeRuneInString(s[i:]); n == 1 {
				return false // no UTF-8
			}
		}
		if factsOf(r)&f == 0 {
			return false
		}
		i += n
	}
	return true
}

// toLower is strings.ToLower for texts most of which are in small letters.
func toLower(s string) string {
	if factSmall.all(s) {
		return s
	}
	return strings.ToLower(s)
}
