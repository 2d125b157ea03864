package field

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sohoa/sohoa/normalize"
)

// Columns of deadlines hold more than days: "Quý IV/2025", "tháng 10, 11/2024",
// "6 tháng đầu năm 2025", "01/07-15/07/2025". Such a cell is a period, the days of
// which are known even where it names none.

// CellTime reads a cell of a column of days: the day, as [CellDate] does, or the
// period, whose Value is its first and last day with a stroke between them, as ISO 8601
// writes intervals: "2025-10-01/2025-12-31". A day without a year is "????-06-30".
func CellTime(cell string) (Date, bool) {
	if d, ok := cellPeriod(cell); ok {
		return d, true
	}
	return CellDate(cell)
}

// Recurring reports whether a cell of a column of days says that the work has no
// last day: "Thường xuyên", "Hằng quý", "Định kỳ 6 tháng".
func Recurring(cell string) bool {
	return recurring.MatchString(strings.Join(strings.Fields(normalize.Fold(cell)), " "))
}

var recurring = regexp.MustCompile(`^(thuong xuyen|lien tuc|dinh ky|(hang|moi) (ngay|tuan|thang|quy|nam))\b[^.;]{0,40}[.;]?$`)

// A part is one end of a period as it is written, with what it leaves to the other
// end as nought: "tháng 10" of "tháng 10, 11/2024" has no year.
type part struct {
	kind             partKind
	day, month, year int // month: of a day; the first of the months of others
	months           int // how many months; 12 for a year
	number           int // that a word of the other end must explain: 11 of "tháng 11, 12/2024"
}

type partKind int

const (
	bareNumber partKind = iota
	oneDay
	inMonths
	quarter
)

// first and last return the days that a part begins and ends with.
func (p part) first() time.Time {
	return time.Date(p.year, time.Month(p.month), max(p.day, 1), 0, 0, 0, 0, time.UTC)
}

func (p part) last() time.Time {
	if p.kind == oneDay {
		return p.first()
	}
	return p.first().AddDate(0, p.months, -1)
}

// exists reports whether there is such a day, month or year.
func (p part) exists() bool {
	return p.year >= 1900 && p.year <= 2199 && p.month >= 1 && p.month <= 12 && p.day <= 31 && p.first().Month() == time.Month(p.month)
}

var (
	// timeLead matches words before a period that do not change it.
	timeLead = regexp.MustCompile(`^(?:truoc|den|het|trong|xong|hoan thanh|ket thuc|thoi gian|thoi han|thuc hien|cham nhat|giai doan|nhiem ky|khoang|vao|ca|lo trinh|:|-)\s+`)
	// timeWithin matches words that place a day within a month or quarter.
	timeWithin = regexp.MustCompile(`^(?:dau|giua|cuoi)\s+(thang|quy)\b`)
	// gluedTime matches "T9", "Q3" and "quýIII".
	gluedTime = regexp.MustCompile(`\b(t|q|quy|thang|nam)([0-9]|[ivx]+\b)`)
	// dottedDay matches the points of a day or a month, dashedYear a dash before the year
	// of a month.
	dottedDay  = regexp.MustCompile(`\b[0-9]{1,2}\.(?:[0-9]{1,2}(?:\.[0-9]{4})?|[0-9]{4})\b`)
	dashedYear = regexp.MustCompile(`((?:thang|quy|t|q|va) (?:[0-9]{1,2}|[ivx]+)) ?- ?((?:19|20)[0-9]{2})\b`)
	yearWord   = regexp.MustCompile(`[\s,]*\bnam ((?:19|20)[0-9]{2})$`)
	someMonths = regexp.MustCompile(`^([0-9]{1,2}) thang (dau|cuoi)/([0-9]{4})$`)
	halfYear   = regexp.MustCompile(`^nua (dau|cuoi)/([0-9]{4})$`)
	timeSpan   = regexp.MustCompile(`\s*(?:[-–—÷]+|\b(?:den|toi)(?: het| cuoi)?\b)\s*`)
	timeList   = regexp.MustCompile(`\s*(?:[,;&]|\bva\b)\s*`)
)

// cellPeriod reads a cell that holds a period and nothing else.
func cellPeriod(cell string) (Date, bool) {
	const longest = 80 // bytes of a folded period
	s := strings.Join(strings.Fields(normalize.Fold(cell)), " ")
	s = strings.Trim(s, " .;,()|")
	if s == "" || len(s) > longest {
		return Date{}, false
	}
	s, open := withoutLead(s)
	s = gluedTime.ReplaceAllString(s, "$1 $2")
	s = dottedDay.ReplaceAllStringFunc(s, func(d string) string { return strings.ReplaceAll(d, ".", "/") })
	s = strings.NewReplacer(" / ", "/", " /", "/", "/ ", "/").Replace(s)
	s = dashedYear.ReplaceAllString(s, "$1/$2")

	spans := splitTime(s, timeSpan)
	if len(spans) > 2 || open && len(spans) < 2 {
		return Date{}, false // "từ quý II/2025" has no end
	}
	var parts []part
	list := false
	for i, span := range spans {
		items := splitTime(span, timeList)
		list = list || len(items) > 1
		for _, item := range items {
			p, ok := readPart(item)
			if !ok {
				return Date{}, false
			}
			parts = append(parts, p)
		}
		if list && (i > 0 || len(spans) > 1) {
			return Date{}, false // a list of ranges
		}
	}
	if len(parts) == 0 {
		return Date{}, false
	}
	if len(parts) == 1 && parts[0].kind == oneDay && !strings.ContainsAny(cell, "/-") {
		return Date{}, false // "12.5" is a number
	}
	return period(parts, list, cell)
}

// withoutLead takes the words before a period off; open tells that "từ" was among them.
func withoutLead(s string) (rest string, open bool) {
	for {
		switch {
		case timeLead.MatchString(s):
			s = timeLead.ReplaceAllString(s, "")
		case timeWithin.MatchString(s):
			s = timeWithin.ReplaceAllString(s, "$1")
		case strings.HasPrefix(s, "tu "):
			s, open = s[len("tu "):], true
		default:
			return s, open
		}
	}
}

// splitTime parts a text at the signs between the ends of a period.
func splitTime(s string, at *regexp.Regexp) []string {
	var out []string
	for _, x := range at.Split(s, -1) {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// readPart reads one end of a period.
func readPart(s string) (part, bool) {
	// "tháng 9 năm 2025" is "tháng 9/2025".
	if m := yearWord.FindStringSubmatchIndex(s); m != nil && m[0] > 0 {
		s = s[:m[0]] + "/" + s[m[2]:]
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "nam "), "ngay ")
	if m := someMonths.FindStringSubmatch(s); m != nil {
		return partOfYear(m[1], m[2], m[3])
	}
	if m := halfYear.FindStringSubmatch(s); m != nil {
		return partOfYear("6", m[1], m[2])
	}
	word, rest := "", s
	if w, r, ok := strings.Cut(s, " "); ok {
		word, rest = w, r
	}
	switch {
	case word == "":
		return readNumbers(strings.Split(rest, "/"))
	case word == "quy" || word == "q":
		return readQuarter(rest)
	case word == "t" || like(word, "thang"):
		p, ok := readNumbers(strings.Split(rest, "/"))
		switch {
		case !ok || p.kind == oneDay && p.year > 0:
			return part{}, false
		case p.kind == bareNumber:
			p = part{kind: inMonths, month: p.number, months: 1}
		}
		return p, p.kind == inMonths && p.months == 1 && p.month <= 12
	}
	return part{}, false
}

// partOfYear is the first or last so many months of a year.
func partOfYear(months, which, year string) (part, bool) {
	n, y := number(months), number(year)
	if n < 1 || n > 11 {
		return part{}, false
	}
	p := part{kind: inMonths, month: 1, months: n, year: y}
	if which == "cuoi" {
		p.month = 13 - n
	}
	return p, true
}

func quarterOf(q, year int) part {
	return part{kind: quarter, month: 3*q - 2, months: 3, year: year}
}

func readQuarter(s string) (part, bool) {
	name, year, _ := strings.Cut(s, "/")
	q, exact, ok := ReadRoman(name, 0)
	if n := number(name); n > 0 {
		q, exact, ok = n, true, true
	}
	if !ok || !exact || q > 4 {
		return part{}, false
	}
	return quarterOf(q, number(year)), year == "" || len(year) == 4 && number(year) > 0
}

// readNumbers reads numbers with strokes between them: a year, a day, a month of a
// year, or a number that the other end explains.
func readNumbers(s []string) (part, bool) {
	if _, exact, ok := ReadRoman(s[0], 0); ok && exact && number(s[0]) == 0 {
		return readQuarter(strings.Join(s, "/"))
	}
	var n []int
	for _, x := range s {
		v := number(x)
		if v == 0 {
			return part{}, false
		}
		n = append(n, v)
	}
	isYear := func(v int) bool { return v >= 1900 && v <= 2199 }
	switch {
	case len(n) == 1 && isYear(n[0]):
		return part{kind: inMonths, month: 1, months: 12, year: n[0]}, true
	case len(n) == 1 && n[0] <= 31:
		return part{number: n[0]}, true
	case len(n) == 2 && isYear(n[1]) && n[0] <= 12:
		return part{kind: inMonths, month: n[0], months: 1, year: n[1]}, true
	case len(n) == 2 && n[0] <= 31 && n[1] <= 12:
		return part{kind: oneDay, day: n[0], month: n[1]}, true
	case len(n) == 3 && isYear(n[2]) && n[0] <= 31 && n[1] <= 12:
		return part{kind: oneDay, day: n[0], month: n[1], year: n[2]}, true
	}
	return part{}, false
}

// number reads at most four digits; 0 is none.
func number(s string) int {
	if len(s) > 4 || strings.Trim(s, "0123456789") != "" {
		return 0
	}
	n, _ := strconv.Atoi(s)
	return n
}

// period joins the ends of a period, which explain each other.
func period(parts []part, list bool, cell string) (Date, bool) {
	explain(parts)
	first, last := parts[0], parts[len(parts)-1]
	whole := Date{From: 0, To: len(cell), Clean: true}
	if len(parts) == 1 && first.kind == oneDay {
		if first.year > 0 {
			return Date{}, false // a day, which CellDate reads
		}
		d, ok := makeDate(strconv.Itoa(first.day), strconv.Itoa(first.month), "")
		d.To = whole.To
		return d, ok
	}
	for i, p := range parts {
		if p.kind == bareNumber || !p.exists() || list && i > 0 && !p.first().Equal(parts[i-1].last().AddDate(0, 0, 1)) {
			return Date{}, false // "tháng 3, 9/2025" are two months, no period
		}
	}
	if last.last().Before(first.first()) {
		return Date{}, false
	}
	whole.Value = first.first().Format(time.DateOnly) + "/" + last.last().Format(time.DateOnly)
	return whole, true
}

// explain gives the ends of a period what the others say for them: their kind, their
// month and their year.
func explain(parts []part) {
	known := parts[0]
	for _, p := range parts {
		if known.kind == bareNumber {
			known = p
		}
	}
	for i := range parts {
		p := &parts[i]
		// "quý 3 và 4/2025": the second end looks like a month.
		if p.kind == inMonths && p.months == 1 && parts[0].kind == quarter && i > 0 && p.month <= 4 {
			*p = quarterOf(p.month, p.year)
		}
		if p.kind != bareNumber {
			continue
		}
		switch {
		case known.kind == oneDay:
			*p = part{kind: oneDay, day: p.number, month: known.month}
		case known.kind == quarter && p.number <= 4:
			*p = quarterOf(p.number, 0)
		case known.kind == inMonths && known.months == 1:
			*p = part{kind: inMonths, month: p.number, months: 1}
		}
	}
	for i := range slices.Backward(parts) {
		if parts[i].year == 0 && i+1 < len(parts) {
			parts[i].year = parts[i+1].year
		}
	}
}
