package pipeline

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// The number and the day of a letterhead are filled in by hand. In colour the
// pen is known by its ink; on grey and bilevel scans by what it writes, which is
// unlike the digits of any type. What the engine made of it goes to review.

// handBorder is the distance from printed digits, see [scan.Sheet.Printed],
// from which they count as written. On the first pages of six real scans and
// eight samples, 150 to 300 dpi, what was printed lay at 0.14 to 0.34, italics
// highest, and what was written at 0.38 to 0.58.
const handBorder = 0.36

// The words beside which a letterhead is filled in, with room for misread marks.
var (
	dayWord    = regexp.MustCompile(`(?i)^ng[\pL]{1,2}y$`)
	monthWord  = regexp.MustCompile(`(?i)^th[\pL]{1,3}ng$`)
	yearWord   = regexp.MustCompile(`(?i)^n[\pL]{1,2}m$`)
	numberWord = regexp.MustCompile(`^S[\pL6]{1,2}:?$`)
)

// markHand marks the words of the first page's letterhead that a person wrote.
func markHand(page *schema.Page, sheet *scan.Sheet) {
	if page.Number != 1 || sheet == nil {
		return
	}
	for i := range page.Lines {
		words := page.Lines[i].Words
		if len(words) == 0 || words[0].Box.Y0 > page.Height/3 {
			continue
		}
		for k := range words {
			box, ok := filledIn(words, k)
			if ok && words[k].Under == "" && sheet.Printed(box) >= handBorder {
				words[k].Under = schema.Handwriting
				page.Marks = append(page.Marks, schema.Mark{Kind: schema.Handwriting, Box: box})
			}
		}
	}
}

// filledIn reports whether word k stands where a letterhead is filled in: for
// the day, the month or the number. It returns the box of the part that is; the
// code of the issuer behind a number's stroke is printed.
func filledIn(words []schema.Word, k int) (schema.Box, bool) {
	at := func(i int) string {
		if i < 0 || i >= len(words) {
			return ""
		}
		return words[i].Raw
	}
	before, after := at(k-1), at(k+1)
	w := words[k]
	n := utf8.RuneCountInString(w.Raw)
	switch {
	case n <= 4 && dayWord.MatchString(before) && monthWord.MatchString(after),
		n <= 4 && dayWord.MatchString(at(k-3)) && monthWord.MatchString(before) && yearWord.MatchString(after),
		numberWord.MatchString(before) && strings.HasPrefix(after, "/"):
		return w.Box, true
	case numberWord.MatchString(before):
		number, _, ok := strings.Cut(w.Raw, "/")
		box := w.Box
		box.X1 = box.X0 + box.Width()*utf8.RuneCountInString(number)/max(n, 1)
		return box, ok && number != ""
	}
	return schema.Box{}, false
}
