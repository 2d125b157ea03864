package field

import (
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

var digitWords = map[string]int64{
	"khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}

// Spelled reads a whole number in words, "một tỷ hai trăm lẻ năm triệu đồng chẵn"; false
// when other words than those of numbers and of money stand there.
func Spelled(text string) (n int64, ok bool) {
	const longest = 200 // bytes
	if len(text) > longest {
		return 0, false
	}
	var total, group, digit int64
	scale := int64(1) // the last
	fold := strings.ReplaceAll(strings.Join(strings.Fields(normalize.Fold(text)), " "), "viet nam", "")
	for _, w := range strings.FieldsFunc(fold, func(r rune) bool { return strings.ContainsRune(" ,.;:/", r) }) {
		d, is := digitWords[w]
		switch {
		case is:
			group, digit = group+digit, d
		case w == "muoi":
			group, digit = group+10*max(digit, 1), 0
		case w == "tram":
			group, digit = group+100*digit, 0
		case w == "nghin" || w == "ngan":
			scale = 1e3
			total, group, digit = total+(group+digit)*scale, 0, 0
		case w == "trieu":
			scale = 1e6
			total, group, digit = total+(group+digit)*scale, 0, 0
		case w == "ty" || w == "ti":
			scale = 1e9
			if total += group + digit; total > maxVND/1e9 {
				return 0, false
			}
			total, group, digit = total*scale, 0, 0
		case w == "ruoi":
			total += scale / 2
		case w == "le" || w == "linh" || w == "dong" || w == "chan":
		default:
			return 0, false
		}
		if total > maxVND || group > 1e6 {
			return 0, false
		}
	}
	total += group + digit
	return total, total > 0
}
