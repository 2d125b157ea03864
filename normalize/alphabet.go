package normalize

import "unicode"

// letters are the lower-case letters of Vietnamese words, with those that
// names and borrowed words bring. Their places are the numbers that lexicon
// and channel use for them; capitals follow in the same order.
const letters = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"

const (
	noLetter    = 0xff
	letterCount = 93
)

// letterOf and lettersByNumber lead from runes to numbers and back.
var (
	lettersByNumber [2 * letterCount]rune
	letterTable     [0x1F00]uint8
)

func init() {
	for i := range letterTable {
		letterTable[i] = noLetter
	}
	i := 0
	for _, r := range letters {
		lettersByNumber[i], lettersByNumber[i+letterCount] = r, unicode.ToUpper(r)
		letterTable[r] = uint8(i)
		letterTable[unicode.ToUpper(r)] = uint8(i + letterCount)
		i++
	}
	if i != letterCount {
		panic("normalize: the alphabet has another length")
	}
}

// letterNumber returns the number of a letter, noLetter for other runes.
func letterNumber(r rune) uint8 {
	if r < 0 || int(r) >= len(letterTable) {
		return noLetter
	}
	return letterTable[r]
}

// distinctive reports whether a letter is found in Vietnamese text but not in
// what an engine writes that knows Western European letters only.
func distinctive(r rune) bool {
	return r > 0xff && letterNumber(r) != noLetter
}
