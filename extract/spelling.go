package extract

import (
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
)

// Some words are rightly spelled in two ways, and reports mix them: "kỹ" and
// "kĩ", "chíp" and "chip". A language model knows which is commoner; what stands
// on the page is another matter, and the letter that was read tells.

// asSpelled returns the spelling of a repaired word that agrees with the letters
// that were read.
func asSpelled(text, raw string) string {
	_, core, _ := parts(text)
	_, read, _ := parts(raw)
	if core == "" || utf8.RuneCountInString(core) != utf8.RuneCountInString(read) {
		return text
	}
	if strings.EqualFold(core, "chíp") && strings.EqualFold(read, "chip") {
		return strings.Replace(text, core, read, 1)
	}
	last, n := utf8.DecodeLastRuneInString(core)
	i, ok := iForY[last]
	if !ok || !strings.HasSuffix(normalize.Fold(read), "i") || !eitherSpelling[normalize.Fold(core)] {
		return text
	}
	return strings.Replace(text, core, core[:len(core)-n]+string(i), 1)
}

// otherSpelling reports whether two words are one, spelled in two ways.
func otherSpelling(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return a != b && oneSpelling(a) == oneSpelling(b)
}

func oneSpelling(s string) string {
	if s == "chíp" {
		return "chip"
	}
	last, n := utf8.DecodeLastRuneInString(s)
	if i, ok := iForY[last]; ok && eitherSpelling[normalize.Fold(s)] {
		return s[:len(s)-n] + string(i)
	}
	return s
}

var iForY = map[rune]rune{'y': 'i', 'ý': 'í', 'ỳ': 'ì', 'ỷ': 'ỉ', 'ỹ': 'ĩ', 'ỵ': 'ị'}

// eitherSpelling are the folded syllables that are written with y or with i.
var eitherSpelling = map[string]bool{"ky": true, "ly": true, "my": true, "sy": true, "ty": true, "hy": true, "quy": true}
