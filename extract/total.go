package extract

import (
	"github.com/sohoa/sohoa/extract/field"
)

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
