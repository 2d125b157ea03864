package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s in lower case, without any marks and with đ as d, which is
// the form that heads, statuses and names are compared in. White space and
// punctuation stay. Invalid UTF-8 is kept byte for byte.
func Fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	var room [64]byte
	return string(AppendFold(room[:0], s))
}

// AppendFold appends what [Fold] returns for s to b.
func AppendFold(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			b = append(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			b = append(b, s[i])
		} else {
			b = appendFolded(b, r)
		}
		i += n
	}
	return b
}

// foldBlock holds the folded form of the runes that Vietnamese text is made
// of, as a byte each; 0 means that the slow way is needed.
var foldBlock = func() (t [0x1F00]byte) {
	for r := rune(0xC0); r < 0x1F00; r++ {
		if r >= 0x250 && r < 0x1E00 {
			continue
		}
		if s := foldSlow(r); len(s) == 1 {
			t[r] = s[0]
		}
	}
	return t
}()

func appendFolded(b []byte, r rune) []byte {
	if r < 0x1F00 {
		if f := foldBlock[r]; f != 0 {
			return append(b, f)
		}
	}
	return append(b, foldSlow(r)...)
}

func foldSlow(r rune) string {
	switch {
	case r == 'đ' || r == 'Đ' || r == 'ð' || r == 'Ð':
		// The Icelandic letter stands for the Vietnamese one in old fonts.
		return "d"
	case unicode.Is(unicode.Mn, r):
		return ""
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if !unicode.Is(unicode.Mn, d) {
			b.WriteRune(unicode.ToLower(d))
		}
	}
	return b.String()
}

// FoldOCR folds further than [Fold]: letters, digits and signs that OCR takes
// for one another become one, so that "MÔ HÌNH 10" and "M0 hinh 1o" are equal.
// Its result is for comparing only.
func FoldOCR(s string) string { return strings.Map(confusable, Fold(s)) }

// confusable maps a folded rune to the one that stands for its class.
func confusable(r rune) rune {
	switch r {
	case '0', '@', '©', '°':
		return 'o'
	case '1', 'i', '|', '!', '[', ']', '}', '{':
		return 'l'
	case '¢', '€', '£':
		return 'e'
	case '¥':
		return 'y'
	case '5', '$':
		return 's'
	}
	return r
}

// NFC returns s in Unicode normal form C, after replacing compatibility forms
// (ligatures, full-width letters, non-breaking spaces) that old fonts and OCR
// leave. Superscripts and fractions are kept, since they carry meaning
// (m², ½), but for the stroke of a fraction, which is a slash. Invalid UTF-8 is kept byte for byte.
func NFC(s string) string {
	if factSettled.all(s) {
		return s
	}
	// Engines read the stroke of a date as that of a fraction.
	s = strings.ReplaceAll(s, "\u2044", "/")
	if strings.IndexFunc(s, hasCompatibilityForm) >= 0 {
		var b strings.Builder
		b.Grow(len(s))
		for i := 0; i < len(s); {
			r, n := utf8.DecodeRuneInString(s[i:])
			if hasCompatibilityForm(r) {
				b.WriteString(norm.NFKC.String(s[i : i+n]))
			} else {
				b.WriteString(s[i : i+n])
			}
			i += n
		}
		s = b.String()
	}
	return norm.NFC.String(s)
}

// isPlain reports whether every byte is ASCII: such text is in every form.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func hasCompatibilityForm(r rune) bool {
	switch {
	case r == 0xA0, r == 0x2007, r == 0x202F, // spaces that do not break
		0x0132 <= r && r <= 0x0133, r == 0x0149, // ĳ ŉ
		0xFB00 <= r && r <= 0xFB06, // ligatures
		0xFF01 <= r && r <= 0xFF5E: // full width
		return true
	}
	return false
}
