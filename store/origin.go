package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/schema"
)

// Origin says which province a report is from and which time it is about, as
// far as its letterhead and title say. Other systems select by it. It follows
// the corrections of those fields.
type Origin struct {
	Province string // "Sơn Hải"; "" when it is not said, and for ministries
	// Period is "2025", "2025-H1", "2025-Q3", "2025-07", or a range of months or
	// years like "2025-01..2025-09"; "" when nothing tells.
	Period       string
	From, To     string // its first and last day, "2025-07-31"
	PeriodSource string // "title", "date" when only the day of the document is known, what else [Options.Origin] goes by, or ""
}

// OriginOf reads the origin off a header.
//
// The province is what follows "tỉnh" in the names of the issuer and the agency
// above it, then in the title; a city is only taken for one when it is among
// those that rank as provinces. Where none of them says it, it is the place
// that stands before the date. The period is what the title says; a report
// whose title says nothing is put into the month of its date.
func OriginOf(h *schema.Header) Origin {
	text := func(f *schema.Field) string {
		if f == nil {
			return ""
		}
		return norm.NFC.String(f.Text)
	}
	var o Origin
	for _, from := range []string{text(h.Issuer), text(h.Parent), text(h.Title)} {
		if o.Province = provinceIn(from); o.Province != "" {
			break
		}
	}
	if o.Province == "" && (h.Issuer == nil || !ministry.MatchString(fold(text(h.Issuer)))) {
		o.Province = titled(strings.Fields(text(h.Place)), 4)
	}
	if p, ok := periodIn(text(h.Title)); ok {
		o.Period, o.From, o.To, o.PeriodSource = p.name, p.from, p.to, "title"
	} else if date := valueOf(h.Date); isDay.MatchString(date) {
		year, _ := strconv.Atoi(date[:4])
		month, _ := strconv.Atoi(date[5:7])
		if p, ok := months(year, month, month); ok {
			o.Period, o.From, o.To, o.PeriodSource = p.name, p.from, p.to, "date"
		}
	}
	return o
}

var isDay = regexp.MustCompile(`^\d{4}-\d{2}-`)

// ministry matches issuers of the whole country, folded.
var ministry = regexp.MustCompile(`^(bo|chinh phu|thu tuong|van phong chinh phu|tong cuc|cuc|uy ban dan toc|ngan hang nha nuoc|bao hiem xa hoi viet nam)\b`)

// cities are those that rank as provinces, folded.
var cities = []string{"ha noi", "hai phong", "da nang", "can tho", "hue", "ho chi minh"}

var longProvinces = []string{"thua thien hue", "ba ria vung tau", "ba ria - vung tau"}

// provinceIn finds the province that a text names after "tỉnh", or a city after
// "thành phố".
func provinceIn(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == ',' || r == ';' || r == '(' || r == ')' || r == ':'
	})
	for i, w := range words {
		rest := words[i+1:]
		switch f := fold(w); {
		case (f == "tinh" || f == "t.") && marked(w):
			most := 2
			for _, long := range longProvinces {
				if n := len(strings.Fields(long)); len(rest) >= n && fold(strings.Join(rest[:n], " ")) == long {
					most = n
				}
			}
			if name := titled(rest, most); name != "" {
				return name
			}
		case f == "pho" && i > 0 && fold(words[i-1]) == "thanh", f == "tp", f == "tp.":
			for _, city := range cities {
				if n := len(strings.Fields(city)); len(rest) >= n && fold(strings.Join(rest[:n], " ")) == city {
					return titled(rest, n)
				}
			}
		}
	}
	return ""
}

// marked reports whether a word that folds to "tinh" is "tỉnh" or may be: with
// another tone it is another word ("tình hình", "tính").
func marked(w string) bool {
	switch strings.ToLower(w) {
	case "tình", "tính", "tĩnh", "tịnh":
		return false
	}
	return true
}

// titled returns up to n words that begin with capitals, each with one capital.
func titled(words []string, n int) string {
	var out []string
	for _, w := range words[:min(n, len(words))] {
		w = strings.Trim(w, ".,;:\"“”")
		r := []rune(w)
		if len(r) == 0 || !unicode.IsUpper(r[0]) && w != "-" && w != "–" {
			break
		}
		out = append(out, string(r[0])+strings.ToLower(string(r[1:])))
	}
	return strings.Join(out, " ")
}

// fold takes case and marks away: "Đắk Lắk" is "dak lak".
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ':
			b.WriteByte('d')
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

type period struct{ name, from, to string }

// Ways in which titles name periods, folded.
var (
	quarterWords = regexp.MustCompile(`\bquy (iv|i{1,3}|[1-4])(?: ?/ ?| nam | )(20\d\d)\b`)
	halfWords    = regexp.MustCompile(`\b(?:0?6|sau) thang (dau|cuoi) nam (20\d\d)\b`)
	manyMonths   = regexp.MustCompile(`\b(0?[2-9]|1[01]|hai|ba|bon|nam|bay|tam|chin|muoi|muoi mot) thang (?:dau )?nam (20\d\d)\b`)
	monthWords   = regexp.MustCompile(`\bthang (0?[1-9]|1[0-2])(?: ?/ ?| nam )(20\d\d)\b`)
	yearRange    = regexp.MustCompile(`\bgiai doan (20\d\d) ?[-–] ?(20\d\d)\b`)
	yearWords    = regexp.MustCompile(`\bnam (20\d\d)\b`)
	dayWords     = regexp.MustCompile(`\bngay \d{1,2}(?: ?[/.-] ?\d{1,2} ?[/.-] ?20\d\d| thang \d{1,2} nam 20\d\d)\b`)
	countWords   = map[string]int{"hai": 2, "ba": 3, "bon": 4, "nam": 5, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11}
)

// periodIn finds the period that a title names. Days in it are those of other
// documents that it cites.
func periodIn(title string) (period, bool) {
	s := dayWords.ReplaceAllString(fold(title), "")
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	if m := quarterWords.FindStringSubmatch(s); m != nil {
		q := map[string]int{"i": 1, "ii": 2, "iii": 3, "iv": 4}[m[1]]
		if q == 0 {
			q = number(m[1])
		}
		p, ok := months(number(m[2]), 3*q-2, 3*q)
		p.name = fmt.Sprintf("%s-Q%d", m[2], q)
		return p, ok
	}
	if m := halfWords.FindStringSubmatch(s); m != nil {
		first, name := 1, m[2]+"-H1"
		if m[1] == "cuoi" {
			first, name = 7, m[2]+"-H2"
		}
		p, ok := months(number(m[2]), first, first+5)
		p.name = name
		return p, ok
	}
	if m := manyMonths.FindStringSubmatch(s); m != nil {
		n := countWords[m[1]]
		if n == 0 {
			n = number(m[1])
		}
		return months(number(m[2]), 1, n)
	}
	if m := monthWords.FindStringSubmatch(s); m != nil {
		return months(number(m[2]), number(m[1]), number(m[1]))
	}
	if m := yearRange.FindStringSubmatch(s); m != nil && m[1] < m[2] {
		return period{m[1] + ".." + m[2], m[1] + "-01-01", m[2] + "-12-31"}, true
	}
	if m := yearWords.FindStringSubmatch(s); m != nil {
		return period{m[1], m[1] + "-01-01", m[1] + "-12-31"}, true
	}
	return period{}, false
}

// months is the period from the first to the last of these months.
func months(year, first, last int) (period, bool) {
	if year < 1900 || first < 1 || last > 12 || first > last {
		return period{}, false
	}
	from := time.Date(year, time.Month(first), 1, 0, 0, 0, 0, time.UTC)
	to := time.Date(year, time.Month(last)+1, 0, 0, 0, 0, 0, time.UTC)
	p := period{from.Format("2006-01"), from.Format(time.DateOnly), to.Format(time.DateOnly)}
	if first != last {
		p.name += ".." + to.Format("2006-01")
	}
	return p, true
}

// keepOrigin writes down the origin of a document as it is now.
func (s *Store) keepOrigin(ctx context.Context, t tx, document string, doc *schema.Document) error {
	o := s.origin(doc)
	_, err := t.exec(ctx, `INSERT INTO origins (document, province, province_key, period, period_from, period_to, period_source) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (document) DO UPDATE SET province = excluded.province, province_key = excluded.province_key, period = excluded.period,
			period_from = excluded.period_from, period_to = excluded.period_to, period_source = excluded.period_source`,
		document, clean(o.Province), fold(clean(o.Province)), o.Period, o.From, o.To, o.PeriodSource)
	if err != nil {
		return fmt.Errorf("keep the origin: %w", err)
	}
	return nil
}

// Origin returns the origin of a document, [ErrNotFound] when it is not
// finished.
func (s *Store) Origin(ctx context.Context, document string) (o Origin, err error) {
	err = s.db.row(ctx, `SELECT province, period, period_from, period_to, period_source FROM origins WHERE document = $1`, document).
		Scan(&o.Province, &o.Period, &o.From, &o.To, &o.PeriodSource)
	if err != nil {
		return o, fmt.Errorf("origin of %s: %w", document, notFound(err))
	}
	return o, nil
}

// fillOrigins gives an origin to documents that were finished before the store
// knew of origins. There are some only once after an update.
func (s *Store) fillOrigins(ctx context.Context) error {
	r, err := s.db.query(ctx, `SELECT d.id FROM documents d WHERE d.version > 0 AND NOT EXISTS (SELECT 1 FROM origins o WHERE o.document = d.id) ORDER BY d.id`)
	ids, err := collect(r, err, func(s scanner) (id string, err error) { return id, s.Scan(&id) })
	if err != nil {
		return fmt.Errorf("fill in origins: %w", err)
	}
	for _, id := range ids {
		doc, _, err := s.Current(ctx, id)
		if errors.Is(err, ErrNotFound) {
			continue // deleted meanwhile
		}
		if err == nil {
			err = s.db.update(ctx, func(t tx) error { return s.keepOrigin(ctx, t, id, doc) })
		}
		if err != nil {
			return fmt.Errorf("fill in origins: %w", err)
		}
	}
	return nil
}
