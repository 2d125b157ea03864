package extract

import (
	"fmt"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// Appendices name the document that they belong to ("Ban hành kèm theo Báo cáo
// số 608/BC-UBND ngày 04/7/2025"). Number and day are written by hand at each
// place, so OCR reads them differently: no other document is meant, but a
// person should see all readings.

// ownHead reports whether a citation behind the text before is the document
// itself in the head of an appendix, and notes it. One with the very number of
// the letterhead stays among the citations.
func (b *builder) ownHead(before string, c schema.Citation) bool {
	own, _ := headerText(b.res.Header.Number)
	code := codeOf(own)
	if code == "" {
		return false
	}
	if codeOf(c.Number) != code {
		return false
	}
	tail := before[max(0, strings.LastIndexByte(before, '(')):]
	if !opensAttachment(tail) || !sameMonth(c.Date, b.res.Header.Date) {
		return false
	}
	b.own = append(b.own, c)
	return !strings.EqualFold(c.Number, own)
}

func headerText(f *schema.Field) (string, bool) {
	if f == nil {
		return "", false
	}
	s, ok := f.Value.(string)
	return s, ok
}

// codeOf is a number without its ordinal: "/BC-UBND" of "608/BC-UBND".
func codeOf(number string) string {
	return strings.ToUpper(number[max(0, strings.IndexAny(number, "/-")):])
}

// sameMonth reports whether a date may be of the month of the document's own.
func sameMonth(date string, own *schema.Field) bool {
	s, ok := headerText(own)
	return !ok || date == "" || fitsDate(date[:7], s[:7])
}

// fitsDate compares two dates, or the same parts of two, in which "?" is any
// digit.
func fitsDate(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] && a[i] != '?' && b[i] != '?' {
			return false
		}
	}
	return true
}

// compareHeads reports where appendices name the document otherwise than its
// letterhead, and takes what they read for a day that the letterhead leaves
// open as the likeliest reading.
func (b *builder) compareHeads() {
	number, _ := headerText(b.res.Header.Number)
	date, dated := headerText(b.res.Header.Date)
	var others []string
	for _, c := range b.own {
		if !strings.EqualFold(c.Number, number) || dated && c.Date != "" && !fitsDate(c.Date, date) {
			others = append(others, strings.TrimSpace(c.Number+" "+c.Date))
		}
		if dated && strings.Contains(date, "?") && !strings.Contains(c.Date, "?") && fitsDate(c.Date, date) {
			b.preferDay(c.Date)
		}
	}
	if len(others) > 0 {
		b.check(schema.Check{
			Rule: "own_number", Severity: schema.Warning,
			Message: fmt.Sprintf("the letterhead says %s, heads of appendices say %s", strings.TrimSpace(number+" "+date), strings.Join(others, "; ")),
		})
	}
}

// preferDay makes a date the likeliest of the readings of the letterhead's.
func (b *builder) preferDay(date string) {
	list := b.res.Header.Date.Alternatives
	for i := range list {
		if list[i].Text == date {
			for k := range list {
				list[k].Score = round3(0.5 * list[k].Score)
			}
			list[i].Score = round3(list[i].Score + 0.5)
		}
	}
}
