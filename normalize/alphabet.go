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

// lettersByNumber and letterTable lead from numbers to runes and back. They
// are set before init functions run, since other tables are made from them.
var (
	lettersByNumber = func() (list [2 * letterCount]rune) {
		for i, r := range []rune(letters) {
			list[i], list[i+letterCount] = r, unicode.ToUpper(r)
		}
		return list
	}()

	letterTable = func() (table [0x1F00]uint8) {
		for i := range table {
			table[i] = noLetter
		}
		for i, r := range lettersByNumber {
			table[r] = uint8(i)
		}
		return table
	}()
)

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
