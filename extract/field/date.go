package field

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Date is a day in a text, with what could not be read left open.
type Date struct {
	From, To int
	// Value is "2025-07-07"; a digit that could not be read is "?", so
	// "2025-07-?4" and "2025-09-??".
	Value string
	Clean bool // every part was read
}

// Time returns the day, and false when a part is unknown or there is no such
// day.
func (d Date) Time() (time.Time, bool) {
	t, err := time.Parse("2006-01-02", d.Value)
	return t, err == nil
}

var (
	// "ngày 05 tháng 9 năm 2025". The day may be handwriting, of which OCR makes
	// "d4", "/9", "{§", "…" or nothing.
	dateWords = regexp.MustCompile(`(?i)ng[\pL¢]{1,2}y\s*([^\s,;:)]{0,4})\s*t[h]?[\pL]{1,4}ng\s*([0-9lIoO]{1,2}|[.…_]{1,6})?[\s.,]*(?:n[\pL]{1,2}m)\s*([0-9lIoO]{3,4}|[.…_]{1,6})`)
	// "07/7/2025", "…/9/2025", "24/10//2023", "27/1072014" (7 for a slash). A
	// dash parts the numbers less often, a point hardly ever.
	dateDigits = regexp.MustCompile(`([0-9dDlIoO?]{1,2}|[.…_]{1,6})?\s?(/{1,2}|-)\s?([0-9lIoO]{1,2})\s?(/{1,2}|-|7)([0-9]{3,4})`)
)

// matchesWith returns the matches of a pattern in a text, none of which is without one of
// the signs: a look for those costs a hundredth of the pattern.
func matchesWith(pattern *regexp.Regexp, text, signs string) [][]int {
	if !strings.ContainsAny(text, signs) {
		return nil
	}
	return pattern.FindAllStringSubmatchIndex(text, -1)
}

// Dates finds the days in a text.
func Dates(text string) []Date {
	var out []Date
	for _, m := range dateWords.FindAllStringSubmatchIndex(text, -1) {
		day := sub(text, m, 1)
		if _, ok := twoDigits(day, 31); !ok {
			day = "" // the words leave no doubt that a day stands here
		}
		if d, ok := makeDate(day, sub(text, m, 2), sub(text, m, 3)); ok {
			d.From, d.To = m[0], m[1]
			out = append(out, d)
		}
	}
	for _, m := range matchesWith(dateDigits, text, "/-") {
		if overlaps(out, m[0], m[1]) {
			continue
		}
		// Digits or a document's code that go on are no date.
		if m[1] < len(text) && (text[m[1]] >= '0' && text[m[1]] <= '9' || text[m[1]] == '/') {
			continue
		}
		day := sub(text, m, 1)
		from := m[0]
		if from > 0 && day != "" {
			if c := text[from-1]; c >= '0' && c <= '9' || c == '/' || c == '-' || c == '.' {
				continue
			}
		}
		if sub(text, m, 2) == "-" && sub(text, m, 4) != "-" || sub(text, m, 4) == "-" && sub(text, m, 2) != "-" {
			continue
		}
		// "/9/2025" without a day is one only after the word for day.
		before := strings.TrimRight(text[:from], " \t\n.…_")
		if strings.Trim(day, ".…_ ") == "" && !endsWithDay(before) {
			continue
		}
		if d, ok := makeDate(day, sub(text, m, 3), sub(text, m, 5)); ok {
			d.From, d.To = m[0], m[1]
			for d.From < d.To && (text[d.From] == ' ' || text[d.From] == '\n') {
				d.From++
			}
			out = append(out, d)
		}
	}
	sortDates(out)
	return out
}

// wholeDate matches a cell that holds a day and nothing but words for "before", however
// its parts are parted; day or month may be left open: "…/11/2025", "30.6.2025".
var wholeDate = regexp.MustCompile(`^\D{0,24}?([0-9]{1,2}|[.…_?]{1,6})?\s*[/.-]\s*([0-9]{1,2}|[.…_?]{1,6})\s*[/.-]\s*((?:19|20)?[0-9]{2})[\s.;]*$`)

// CellDate reads the day in a cell of a column of days: as [Dates] does, and in forms
// that elsewhere would be decimals, codes or shares. Years of two digits are of this
// century.
func CellDate(cell string) (Date, bool) {
	switch ds := Dates(cell); len(ds) {
	case 1:
		return ds[0], true
	case 0:
	default:
		return Date{}, false
	}
	m := wholeDate.FindStringSubmatchIndex(cell)
	if m == nil {
		return Date{}, false
	}
	year := sub(cell, m, 3)
	short := len(year) == 2
	if short {
		year = "20" + year
	}
	d, ok := makeDate(sub(cell, m, 1), sub(cell, m, 2), year)
	if !ok {
		return Date{}, false
	}
	d.Clean = d.Clean && !short
	d.From, d.To = 0, len(cell)
	return d, true
}

func endsWithDay(s string) bool {
	i := strings.LastIndexAny(s, " \t\n")
	lx := lex(s[i+1:])
	return len(lx) > 0 && like(lx[len(lx)-1].fold, "ngay")
}

func sortDates(ds []Date) {
	for i := 1; i < len(ds); i++ {
		for j := i; j > 0 && ds[j].From < ds[j-1].From; j-- {
			ds[j], ds[j-1] = ds[j-1], ds[j]
		}
	}
}

func overlaps(ds []Date, from, to int) bool {
	for _, d := range ds {
		if from < d.To && to > d.From {
			return true
		}
	}
	return false
}

func sub(text string, m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return text[m[2*n]:m[2*n+1]]
}

func makeDate(day, month, year string) (Date, bool) {
	d := Date{Clean: true}
	dd, okDay := twoDigits(day, 31)
	mm, okMonth := twoDigits(month, 12)
	if !okDay || !okMonth {
		return d, false
	}
	year = digitsOf(year)
	yy := "????"
	switch {
	case len(year) == 4:
		if y, _ := strconv.Atoi(year); y < 1900 || y > 2199 {
			return d, false
		}
		yy = year
	case len(year) == 3 && year[0] >= '1' && year[0] <= '2':
		yy = year + "?"
	case year == "":
	default:
		return d, false
	}
	d.Value = fmt.Sprintf("%s-%s-%s", yy, mm, dd)
	if strings.Contains(d.Value, "?") {
		d.Clean = false
	} else if _, err := time.Parse("2006-01-02", d.Value); err != nil {
		return d, false // the 31st of June: a misreading, but of which digit?
	}
	return d, true
}

// twoDigits reads a day or a month that is at most max: known digits stay, what
// stands for a digit without being one becomes "?".
func twoDigits(s string, max int) (string, bool) {
	s = strings.Trim(s, ".…_ ")
	if s == "" {
		return "??", true
	}
	digits := make([]byte, 0, 2)
	for _, r := range s {
		digits = append(digits, cmp.Or(digitOf(r), '?'))
	}
	out := string(digits)
	switch len(digits) {
	case 1:
		out = "0" + out
		if out == "0?" {
			out = "??"
		}
	case 2:
	default:
		return "", false
	}
	if v, err := strconv.Atoi(out); err == nil && (v < 1 || v > max) {
		return "", false
	}
	return out, true
}

// digitsOf keeps what is a digit or stands for one.
func digitsOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		if d := digitOf(r); d != 0 {
			b.WriteByte(d)
		}
	}
	return b.String()
}

// digitOf returns the digit that r is or, as engines confuse them, stands for; 0
// when there is none.
func digitOf(r rune) byte {
	switch {
	case isDigit(r):
		return byte(r)
	case r == 'l' || r == 'I':
		return '1'
	case r == 'o' || r == 'O':
		return '0'
	}
	return 0
}
