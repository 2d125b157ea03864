package normalize

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What is looked up must be what the rules say.
func TestFacts(t *testing.T) {
	letters := map[bool]int{}
	for r := rune(1); r < 0x3000; r++ {
		if 0xD800 <= r && r < 0xE000 {
			continue
		}
		s := string(r)
		if want := unicode.IsLetter(r) || unicode.Is(unicode.Mn, r); r >= 0x80 && isLetter(r) != want {
			t.Errorf("%U is a letter: %v", r, !want)
		}
		letters[isLetter(r)]++
		if got, want := movable(r), strings.ContainsRune("àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ", r); got != want {
			t.Errorf("the mark of %U may move: %v", r, got)
		}
		if got, want := toLower("h"+s), strings.ToLower("h"+s); got != want {
			t.Errorf("%U in small letters: %q, want %q", r, got, want)
		}
		if !factSettled.all(s) {
			continue
		}
		for _, other := range []string{"a", "ộ", "đ", s} {
			if text := other + s + other; norm.NFC.String(text) != text || strings.ContainsFunc(text, hasCompatibilityForm) {
				t.Errorf("%q is not settled", text)
			}
		}
	}
	if letters[true] < 1000 || letters[false] < 1000 {
		t.Errorf("%d letters and %d others: the test says little", letters[true], letters[false])
	}
	for _, s := range []string{"a\xffb", "\u00a0", "e\u0301", "ﬁ", "⁄", "Ａ"} {
		if factSettled.all(s) {
			t.Errorf("%q counts as settled", s)
		}
	}
	if got := toLower("\xffA"); got != strings.ToLower("\xffA") {
		t.Errorf("broken text in small letters: %q", got)
	}
}
