package compare

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Report is a document to compare.
type Report struct {
	*schema.Document
	Path     string // of the file that it was read from; "" in a store
	Version  int    // 0 outside a store
	State    string // "ready" or "approved"; "" outside a store
	Link     string // its address in the review pages; "" when there are none
	Plan     bool   // it says what is to be done, not how far it is
	Province string // "" when nothing tells
	Period   Period
	Evidence Evidence
}

// Evidence says where province and period were found.
type Evidence struct {
	Province string `json:"province,omitempty"` // "header", "attached_to", "text", "name" or "given"
	Period   string `json:"period,omitempty"`   // "title", "attached_to", "date", "text", "name" or "given"
}

// Given says what a report is about, for reports that do not say it themselves
// and those that were read wrong.
type Given struct {
	Pattern  string // of the file's name, as path.Match has it: "tra-giang*"
	Province string // "" leaves it open
	Period   Period
}

// ParseGiven reads "PATTERN=PROVINCE", "PATTERN=PROVINCE,PERIOD" or
// "PATTERN=,PERIOD".
func ParseGiven(s string) (Given, error) {
	pattern, rest, ok := strings.Cut(s, "=")
	if _, err := path.Match(pattern, ""); !ok || pattern == "" || err != nil {
		return Given{}, fmt.Errorf("%q: want FILE=PROVINCE,PERIOD", s)
	}
	province, period, _ := strings.Cut(rest, ",")
	g := Given{Pattern: pattern, Province: strings.TrimSpace(province)}
	if period = strings.TrimSpace(period); period != "" {
		p, err := ParsePeriod(period)
		if err != nil {
			return Given{}, err
		}
		g.Period = p
	}
	return g, nil
}

func (g Given) fits(r *Report) bool {
	names := []string{r.Source.Name, strings.TrimSuffix(r.Source.Name, filepath.Ext(r.Source.Name))}
	if r.Path != "" {
		names = append(names, filepath.Base(r.Path))
	}
	return slices.ContainsFunc(names, func(name string) bool { ok, _ := path.Match(g.Pattern, name); return ok })
}

// Locate finds the province and the period of each report that has none yet.
//
// What is given counts most. Then comes what the letterhead and the title say
// ([store.OriginOf]), what an appendix says of the document that it is attached
// to, the province that the text speaks of most and the day that it reports up
// to, and at last the names of the file and of the folders that it is in. With
// merged, provinces that are now part of another one are counted there.
func Locate(reports []*Report, given []Given, merged bool) {
	for _, r := range reports {
		for _, g := range given {
			if !g.fits(r) {
				continue
			}
			if g.Province != "" {
				r.Province, r.Evidence.Province = g.Province, "given"
			}
			if g.Period.Name != "" {
				r.Period, r.Evidence.Period = g.Period, "given"
			}
		}
		r.fromDocument()
	}
	named := agree(reports)
	for _, r := range reports {
		r.fromName(named)
		if merged {
			if now, ok := today[r.Province]; ok {
				r.Province = now
			}
		}
	}
}

// Origin finds the province and the period of one document as [Locate] does,
// "" and the zero Period where nothing tells.
func Origin(doc *schema.Document) (province string, period Period) {
	r := &Report{Document: doc}
	Locate([]*Report{r}, nil, false)
	return r.Province, r.Period
}

// StoredOrigin is [Origin] as the store keeps it (see [store.Options]), so that
// views, the API and comparisons agree.
func StoredOrigin(doc *schema.Document) store.Origin {
	r := &Report{Document: doc}
	Locate([]*Report{r}, nil, false)
	return store.Origin{Province: r.Province, Period: r.Period.Name, From: r.Period.From, To: r.Period.To, PeriodSource: r.Evidence.Period}
}

// agree gives the provinces of the reports one spelling each and returns them.
// The known ones are spelt as they are; another name that is nearly one that
// more reports have, or that has no digits in it, is that one misread.
func agree(reports []*Report) (named []string) {
	count := map[string]int{}
	for _, r := range reports {
		if r.Province != "" {
			r.Province = spell(r.Province)
			count[r.Province]++
		}
	}
	for name := range count {
		named = append(named, name)
	}
	rank := func(name string) int {
		_, real := known[key(name)]
		switch {
		case real:
			return 2
		case !strings.ContainsAny(name, "0123456789"):
			return 1
		}
		return 0
	}
	slices.SortFunc(named, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	means, kept := map[string]string{}, named[:0:0]
	for _, name := range named {
		means[name] = name
		for _, other := range kept {
			if rank(name) < 2 && normalize.Similarity(key(name), key(other)) >= minSpelling {
				means[name] = other
				break
			}
		}
		if means[name] == name {
			kept = append(kept, name)
		}
	}
	for _, r := range reports {
		if r.Province != "" {
			r.Province = means[r.Province]
		}
	}
	return kept
}

// fromDocument fills in what the document itself says.
func (r *Report) fromDocument() {
	o := store.OriginOf(&r.Header)
	r.say(o.Province, "header", Period{}, "")
	if o.PeriodSource == "title" {
		r.say("", "", Period{o.Period, o.From, o.To}, "title")
	}
	if f := r.Header.AttachedTo; f != nil {
		h := schema.Header{Title: &schema.Field{Text: f.Text}}
		if c, ok := schema.TypedValue(f.Value).(schema.Citation); ok {
			h.Issuer = &schema.Field{Text: c.Issuer}
			h.Date = &schema.Field{Value: c.Date, Text: c.Date}
		}
		at := store.OriginOf(&h)
		r.say(at.Province, "attached_to", Period{at.Period, at.From, at.To}, "attached_to")
	}
	if o.PeriodSource != "" {
		r.say("", "", Period{o.Period, o.From, o.To}, "date")
	}
	if r.Province == "" || r.Period.Name == "" {
		province, period := r.fromText()
		r.say(province, "text", period, "text")
	}
}

// say sets what is not known yet.
func (r *Report) say(province, from string, period Period, since string) {
	if r.Province == "" && province != "" {
		r.Province, r.Evidence.Province = province, from
	}
	if r.Period.Name == "" && period.Name != "" {
		r.Period, r.Evidence.Period = period, since
	}
}

// upTo is how reports say the day that their figures are of.
var upTo = regexp.MustCompile(`(?i)đến (?:hết )?ngày (\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)`)

// fromText looks for the province that the text names most often and the month
// up to which it reports.
func (r *Report) fromText() (province string, period Period) {
	provinces, months := map[string]int{}, map[string]int{}
	for _, p := range r.Pages {
		for line := range strings.Lines(p.Text) {
			if o := store.OriginOf(&schema.Header{Title: &schema.Field{Text: line}}); o.Province != "" {
				provinces[spell(o.Province)]++
			}
			for _, m := range upTo.FindAllStringSubmatch(line, -1) {
				months[fmt.Sprintf("%s-%02s", m[3], m[2])]++
			}
		}
	}
	province = most(provinces)
	if month := most(months); month != "" {
		if p, err := ParsePeriod(month); err == nil {
			period = p
		}
	}
	return province, period
}

// most returns the key that was counted most often, of equals the last.
func most(count map[string]int) string {
	best := ""
	for k, n := range count {
		if n > count[best] || n == count[best] && k > best {
			best = k
		}
	}
	return best
}

// Ways in which files are named after periods.
var (
	nameQuarter = regexp.MustCompile(`(?:^|[^a-z0-9])(?:quy|q)[ _-]?(iv|i{1,3}|[1-4])[ _./-]+(?:nam[ _-])?(20\d\d)(?:$|\D)`)
	nameYearQ   = regexp.MustCompile(`(?:^|\D)(20\d\d)[ _-]?q([1-4])(?:$|\D)`)
	nameHalf    = regexp.MustCompile(`(?:^|\D)(20\d\d)[ _-]?h([12])(?:$|\D)`)
	nameMonth   = regexp.MustCompile(`(?:^|[^a-z0-9])(?:thang|t)[ _-]?(0?[1-9]|1[0-2])[ _./-]+(?:nam[ _-])?(20\d\d)(?:$|\D)`)
	nameISO     = regexp.MustCompile(`(?:^|\D)(20\d\d)-(0[1-9]|1[0-2])(?:-\d\d)?(?:$|\D)`)
	nameYear    = regexp.MustCompile(`(?:^|\D)(20\d\d)(?:$|\D)`)
	romans      = map[string]string{"i": "1", "ii": "2", "iii": "3", "iv": "4"}
)

// fromName looks at the name of the file, then at those of the two folders
// above it.
func (r *Report) fromName(named []string) {
	names := []string{r.Source.Name}
	if r.Path != "" {
		dir := filepath.Dir(filepath.ToSlash(r.Path))
		names = append(names, path.Base(dir), path.Base(path.Dir(dir)))
	}
	for _, name := range names {
		if r.Province == "" {
			r.say(inName(name, named), "name", Period{}, "")
		}
		if r.Period.Name == "" {
			r.say("", "", periodOfName(name), "name")
		}
	}
}

func periodOfName(name string) Period {
	f := normalize.Fold(name)
	written := ""
	if m := nameQuarter.FindStringSubmatch(f); m != nil {
		q := m[1]
		if n, ok := romans[q]; ok {
			q = n
		}
		written = m[2] + "-Q" + q
	} else if m := nameYearQ.FindStringSubmatch(f); m != nil {
		written = m[1] + "-Q" + m[2]
	} else if m := nameHalf.FindStringSubmatch(f); m != nil {
		written = m[1] + "-H" + m[2]
	} else if m := nameMonth.FindStringSubmatch(f); m != nil {
		written = fmt.Sprintf("%s-%02s", m[2], m[1])
	} else if m := nameISO.FindStringSubmatch(f); m != nil {
		written = m[1] + "-" + m[2]
	} else if m := nameYear.FindStringSubmatch(f); m != nil {
		written = m[1]
	}
	if p, err := ParsePeriod(written); err == nil {
		return p
	}
	return Period{}
}
