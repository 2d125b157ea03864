package compare

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Period is the time that a report is about. Its name is that of
// [store.Origin]: "2025", "2025-H1", "2025-Q3", "2025-07", or two of them
// joined by "..". The zero Period is not known.
type Period struct {
	Name string `json:"name"`
	From string `json:"from"` // first day, "2025-07-01"; "" when open
	To   string `json:"to"`   // last day
}

var periodForm = regexp.MustCompile(`^(\d{4})(?:-(?:H([12])|Q([1-4])|(\d{2})(?:-(\d{2}))?))?$`)

// ParsePeriod reads the name of a period. A range may be open at one end:
// "2025-07..".
func ParsePeriod(s string) (Period, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	first, last, isRange := strings.Cut(s, "..")
	p := Period{Name: s}
	if !isRange {
		last = first
	}
	if first == "" && last == "" {
		return Period{}, fmt.Errorf("period %q: want a year, half, quarter, month or day: 2025, 2025-H1, 2025-Q3, 2025-07, 2025-07-31", s)
	}
	var err error
	if first != "" {
		if p.From, _, err = bounds(first); err != nil {
			return Period{}, err
		}
	}
	if last != "" {
		if _, p.To, err = bounds(last); err != nil {
			return Period{}, err
		}
	}
	if p.From != "" && p.To != "" && p.From > p.To {
		return Period{}, fmt.Errorf("period %q ends before it begins", s)
	}
	return p, nil
}

// bounds gives the first and the last day of a year, half, quarter, month or day.
func bounds(s string) (from, to string, err error) {
	m := periodForm.FindStringSubmatch(s)
	if m == nil {
		return "", "", fmt.Errorf("period %q: want a year, half, quarter, month or day: 2025, 2025-H1, 2025-Q3, 2025-07, 2025-07-31", s)
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // digits only
	year, first, last := number(m[1]), 1, 12
	switch {
	case m[2] != "":
		last = 6 * number(m[2])
		first = last - 5
	case m[3] != "":
		last = 3 * number(m[3])
		first = last - 2
	case m[4] != "":
		first = number(m[4])
		last = first
		if first < 1 || first > 12 {
			return "", "", fmt.Errorf("period %q: no such month", s)
		}
		if m[5] != "" {
			day, err := time.Parse(time.DateOnly, s)
			if err != nil {
				return "", "", fmt.Errorf("period %q: no such day", s)
			}
			return day.Format(time.DateOnly), day.Format(time.DateOnly), nil
		}
	}
	return time.Date(year, time.Month(first), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly),
		time.Date(year, time.Month(last)+1, 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), nil
}

// Within reports whether p lies in q. A period that is not known lies in no
// other than the one without bounds.
func (p Period) Within(q Period) bool {
	if q.From == "" && q.To == "" {
		return true
	}
	return p.To != "" && p.From != "" && (q.From == "" || p.From >= q.From) && (q.To == "" || p.To <= q.To)
}

// before orders periods by their end: a report on nine months comes after the
// one on six, and after the quarter that ended with them.
func (p Period) before(q Period) int {
	if c := strings.Compare(p.To, q.To); c != 0 {
		return c
	}
	if c := strings.Compare(q.From, p.From); c != 0 {
		return c
	}
	return strings.Compare(p.Name, q.Name)
}
