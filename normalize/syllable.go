package normalize

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// rhymes are what may follow the first consonant of a Vietnamese syllable,
// without tones. After qu and gi, whose vowel letter belongs to the consonant,
// the same list holds.
var rhymes = setOf("a ac ach ai am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "+
	"e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu "+
	"o oc oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oi om on ong ooc oong op ot "+
	"ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơng ơp ơt u ua uân uâng uât uây uc uê uêch uên uênh uêt ui um un ung uôc uôi uôm uôn uông uôt uơ up ut "+
	"uy uya uych uyên uyêt uynh uyt uyn uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu "+
	"y yêm yên yêng yêt yêu ynh ych yt êng", " ")

// IsSyllable reports whether a word, in lower case and NFC, can be a Vietnamese
// syllable.
func IsSyllable(word string) bool { return isSyllable(word) }

// isSyllable reports whether word, in lower case and NFC, can be a Vietnamese
// syllable: a known rhyme after a known first consonant, and at most one tone,
// which before a stop is sharp or heavy.
func isSyllable(word string) bool {
	tone := rune(0)
	bare := make([]byte, 0, len(word)+4)
	shaped, toned := -1, -1 // letters with another mark, and with the tone
	at := -1
	for _, r := range norm.NFD.String(word) {
		switch r {
		case 0x300, 0x301, 0x303, 0x309, 0x323:
			if tone != 0 {
				return false
			}
			tone, toned = r, at
			continue
		case 0x302, 0x306, 0x31b:
			shaped = at
		default:
			at++
		}
		bare = utf8.AppendRune(bare, r)
	}
	if tone != 0 && shaped >= 0 && toned != shaped {
		return false // the tone belongs on the last letter that has a mark
	}
	s := norm.NFC.String(string(bare))
	// The longest first consonants come first.
	for _, n := range []int{3, 2, 1, 0} {
		if len(s) <= n {
			continue
		}
		onset, rest := s[:n], s[n:]
		if n > 0 && strings.HasPrefix(s, "đ") {
			if n != 2 {
				continue
			}
		}
		if n == 2 && onset == "qu" {
			onset = "q"
			if strings.HasPrefix(rest, "u") || strings.HasPrefix(rest, "ư") {
				continue
			}
		}
		if n == 1 && onset == "q" && rest != "uơ" || !onsets[onset] || !rhymes[rest] {
			continue
		}
		if (strings.HasSuffix(rest, "p") || strings.HasSuffix(rest, "t") || strings.HasSuffix(rest, "c") || strings.HasSuffix(rest, "ch")) &&
			tone != 0x301 && tone != 0x323 {
			return false
		}
		return true
	}
	return false
}
