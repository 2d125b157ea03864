package pipeline

import (
	"regexp"
	"strings"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// barred matches a word that begins with a numeral of strokes, and what engines
// make of their serifs: "II", "HI", "III/2025".
var barred = regexp.MustCompile(`^([IH]{2,4}|H)([/.,;:)-].*)?$`)

// settleBars corrects the roman numerals of strokes that a line has by what the
// picture shows: of "III" engines make "II" or "HI", and nothing else in a text
// tells which quarter or appendix it is.
func settleBars(l *schema.Line, sheet *scan.Sheet) {
	for i := range l.Words {
		w := &l.Words[i]
		m := barred.FindStringSubmatch(w.Text)
		if m == nil {
			continue
		}
		n := sheet.Bars(w.Box)
		if n == 0 || m[1] == "III"[:n] {
			continue
		}
		text := strings.Repeat("I", n) + m[2]
		w.Repairs = append(w.Repairs, schema.Repair{From: w.Text, To: text, Reason: "strokes in the picture", Score: 0.95})
		w.Text = text
	}
}
