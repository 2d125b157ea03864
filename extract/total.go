package extract

import (
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
)

// sums are what the name of a row that sums up says and nothing else, in tables of
// every kind.
var sums = map[string]bool{"tong": true, "cong": true, "tong cong": true, "tong so": true, "tong cong so": true, "cong tong": true}

// sumsUp reports whether a whole cell says that its row sums up.
func sumsUp(text string) bool {
	return sums[strings.ToLower(normalize.Fold(strings.Trim(text, " .:;,|-")))]
}

// isTotal recognises the wording of a row that sums up the rows above it.
func (p *Profile) isTotal(text string) bool {
	if len(p.totals) == 0 || len(text) > 120 {
		return false
	}
	t := field.NewText(text)
	for _, w := range p.totals {
		if h, ok := t.FindPrefix(w, 0.75); ok && upperShare(text[h.From:h.To]) > 0.6 {
			return true
		}
	}
	return false
}
