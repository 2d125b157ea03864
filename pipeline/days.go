package pipeline

import (
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// settleDays reads a printed day of which the engine took a digit for a letter
// ("ngày 0B tháng 02", for a speck above the 6) by the shapes of its digits. What
// was read as a digit must be one of that shape, too.
func settleDays(l *schema.Line, sheet *scan.Sheet) {
	for i := 1; i+1 < len(l.Words); i++ {
		w := &l.Words[i]
		if w.Under != "" || utf8.RuneCountInString(w.Raw) != 2 || !strings.ContainsAny(w.Raw, "0123456789") || strings.Trim(w.Raw, "0123456789") == "" ||
			!dayWord.MatchString(l.Words[i-1].Text) || !monthWord.MatchString(l.Words[i+1].Text) {
			continue
		}
		text := shapedDigits(w, sheet)
		if text == "" || text == w.Text {
			continue
		}
		w.Repairs = append(w.Repairs, schema.Repair{From: w.Text, To: text, Reason: "shapes of the digits", Score: 0.9})
		w.Text = text
	}
}

// shapedDigits returns the two digits of a word by their shapes, "" where they are
// none, or not those that were read.
func shapedDigits(w *schema.Word, sheet *scan.Sheet) string {
	text := ""
	if !belowSpecks(w.Box, func(box schema.Box) bool {
		seen, far := sheet.Digits(box)
		text = seen
		return len(seen) == 2 && far < digitsFar
	}) {
		return ""
	}
	for k, r := range []rune(w.Raw) {
		if r >= '0' && r <= '9' && byte(r) != text[k] {
			return ""
		}
	}
	return text
}
