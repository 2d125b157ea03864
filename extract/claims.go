package extract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

// Claims are what the running text says of the records: how many have come how
// far, and which. A record whose status could not be read neither bears a claim
// out nor speaks against it.

// checkClaims holds statements of the running text ("đã hoàn thành 20 mô
// hình", "18 mô hình đang triển khai") against the statuses of the records,
// and lists of titles behind them against their records.
func (b *builder) checkClaims() {
	for i := range b.tables {
		t := &b.tables[i]
		if !t.profile.mayClaim() {
			continue
		}
		st := b.standing(t)
		if len(st.known) == 0 {
			continue
		}
		for _, s := range b.said[t.profile] {
			for _, c := range s.claims {
				b.checkClaim(c, &st)
			}
			for _, l := range s.numbers {
				b.checkNumberList(l, t, &st)
			}
			b.checkList(t, s, &st)
		}
	}
}

// claiming are the profiles of the tables whose records the running text may speak of.
func (b *builder) claiming() []*Profile {
	var out []*Profile
	for i := range b.tables {
		if p := b.tables[i].profile; p.mayClaim() && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// mayClaim reports whether a text can say how many of its records have come how far.
func (p *Profile) mayClaim() bool { return len(p.Claims) > 0 && p.Groups.Unit != "" }

// A standing is how far the records of a table have come.
type standing struct {
	known   map[string]schema.Status // by the records' ids
	counts  map[schema.Status]int
	unknown []string          // ids of those whose status is not known
	names   map[string]string // numbers by id
}

func (b *builder) standing(t *recordTable) standing {
	s := standing{known: map[string]schema.Status{}, counts: map[schema.Status]int{}, names: map[string]string{}}
	for _, k := range t.records {
		r := &b.res.Records[k]
		s.names[r.ID] = r.ID
		if n := r.Fields["number"].One; n != nil && n.Text != "" {
			s.names[r.ID] = fmt.Sprint(n.Value)
		}
		f := r.Fields["status"].One
		if f == nil {
			continue
		}
		if v, _ := f.Value.(string); v != "" {
			s.known[r.ID] = schema.Status(v)
			s.counts[schema.Status(v)]++
		} else {
			s.unknown = append(s.unknown, r.ID)
		}
	}
	return s
}

// list names records by their numbers.
func (s *standing) list(ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, s.names[id])
	}
	return strings.Join(out, ", ")
}

// checkClaim reports a count that the table does not have. Where the records of
// unknown status may make up what is missing it says so, and warns of nothing.
func (b *builder) checkClaim(c claim, s *standing) {
	got := s.counts[c.status]
	if got == c.count {
		return
	}
	check := schema.Check{Rule: "claim", Severity: schema.Warning, Places: c.at.places(), Fields: []string{"status"},
		Message: fmt.Sprintf("the text says %s, the table has %d of status %s", quoteStart(c.at.text), got, c.status)}
	if n := len(s.unknown); n > 0 {
		check.Message += fmt.Sprintf(", and %d of which the status is not known: %s", n, s.list(s.unknown))
		if got < c.count && got+n >= c.count {
			check.Severity, check.Records = schema.Info, s.unknown
		}
	}
	b.check(check)
}

// A statement is what a paragraph of the running text says about the records of
// a profile: counts, lists of numbers, and a list of titles.
type statement struct {
	claims  []claim
	numbers []numberList
	listed  []listedTitle
	places  []schema.Place // of the list
}

// statements finds what a paragraph says of the records of profiles; nil where it says
// nothing.
func statements(text passage, profiles []*Profile) (said map[*Profile][]statement) {
	for _, p := range profiles {
		st := statement{claims: findClaims(p, text), listed: listedTitles(p, text)}
		if st.listed != nil {
			st.places = text.places()
		}
		if !p.Groups.Sections { // there numbers begin anew
			st.numbers = findNumberLists(p, text)
		}
		if st.claims != nil || st.listed != nil || st.numbers != nil {
			if said == nil {
				said = map[*Profile][]statement{}
			}
			said[p] = append(said[p], st)
		}
	}
	return said
}

type claim struct {
	status schema.Status
	count  int
	at     passage
}

// findClaims finds a count of the unit with a status word just before or
// behind it.
func findClaims(p *Profile, text passage) []claim {
	var out []claim
	unit := field.NewPhrase(p.Groups.Unit)
	// Numbers are fewer than words, so they are looked at first.
	for k := range len(text.words) - 1 {
		n, err := strconv.Atoi(strings.TrimLeft(text.words[k].text, "(")) // a sign behind it parts it from the unit
		if err != nil || n < 1 || n > 999 {
			continue
		}
		from, to := text.starts[k+1], len(text.text)
		if end := k + 6; end < len(text.words) {
			to = text.starts[end]
		}
		h, ok := field.NewText(text.text[from:to]).FindPrefix(unit, 0.7)
		h.From, h.To = h.From+from, h.To+from
		if !ok || upperShare(text.text[h.From:h.To]) > 0.8 {
			continue // a heading declares, it claims nothing
		}
		lo, hi := max(0, k-6), min(len(text.words), k+9)
		left := newPassage(text.words[lo:k])
		right := text.slice(h.To, hiEnd(text, hi))
		if cut := strings.IndexAny(right.text, ".;:"); cut >= 0 {
			right = right.slice(0, cut)
		}
		if cut := strings.LastIndexAny(left.text, ".;:"); cut >= 0 {
			left = left.slice(cut+1, len(left.text))
		}
		if wholeOf.MatchString(right.text) {
			continue // "đang triển khai 11 mô hình, trong đó 3 mô hình đã xong": the 11 have several
		}
		best, score := schema.Status(""), 0.0
		for _, c := range p.Claims {
			for _, ph := range field.NewPhrases(c.Phrases...) {
				if hit, ok := field.NewText(left.text).Find(ph, 0.86); ok && !denied(left.text[:hit.From]) {
					if near := hit.Score - 0.01*float64(len(left.text)-hit.To); near > score {
						best, score = c.Status, near
					}
				}
				if hit, ok := field.NewText(right.text).Find(ph, 0.86); ok && hit.From < 14 && !denied(right.text[:hit.From]) {
					if near := hit.Score - 0.01*float64(hit.From); near > score {
						best, score = c.Status, near
					}
				}
			}
		}
		if best != "" {
			out = append(out, claim{best, n, concat(left, newPassage(text.words[k:k+1]), text.slice(h.From, h.To), right)})
		}
	}
	return out
}

// wholeOf matches what follows a count of records whose parts are told next.
var wholeOf = regexp.MustCompile(`(?i)^[\s,:(]*(trong đó|gồm|bao gồm)(\s|$)`)

func hiEnd(p passage, hi int) int {
	if hi >= len(p.words) {
		return len(p.text)
	}
	return p.starts[hi]
}

const (
	// minListed is how many titles make a list.
	minListed = 4
	// minListLink is the likeness from which on a title of a list is one of the
	// table's: both may be damaged, and nothing is written into the record.
	minListLink = 0.6
)

// A listedTitle is one of a list in the running text, which may number it as
// another document does.
type listedTitle struct {
	number int
	title  string
}

// listedTitles reads a list of titles ("Mô hình 1: …; Mô hình 3: …"), nil when
// there are too few for one. What stands between two marks without a number of
// its own belongs to the title before.
func listedTitles(p *Profile, text passage) []listedTitle {
	if p.pattern == nil || strings.Count(text.text, ";") < minListed-1 {
		return nil
	}
	var list []listedTitle
	open := false // the part before is of a title
	from := 0
	for i := 0; i <= len(text.text); i++ {
		if i < len(text.text) && text.text[i] != ';' {
			continue
		}
		part, reach := text.slice(from, i).trimmed(), 12
		if from == 0 {
			reach = 80 // what introduces the list stands before its first title
		}
		from = i + 1
		n, _, to, ok := p.pattern.find(part.text, reach)
		switch {
		case ok:
			title := strings.TrimLeft(part.text[to:], " -–:.")
			if open = letters(title) > 8; open {
				list = append(list, listedTitle{n, title})
			}
		case open:
			last := &list[len(list)-1]
			last.title += "; " + part.text
		}
	}
	for i := range list {
		list[i].title = withoutBrackets(list[i].title)
	}
	if len(list) < minListed {
		return nil
	}
	return list
}

// withoutBrackets leaves out the agency in brackets behind a title.
func withoutBrackets(title string) string {
	if k := strings.LastIndex(title, "("); k > 20 {
		title = title[:k]
	}
	return strings.TrimSpace(title)
}

// checkList links a list of titles in the running text, which claims that they
// are completed, to the records by title. It tells which have another status,
// which have none that is known, and which were not found.
func (b *builder) checkList(t *recordTable, st statement, s *standing) {
	var ids, titles, listed []string
	for _, k := range t.records {
		if e := b.res.Records[k].Fields["title"]; e.One != nil && e.One.Text != "" {
			ids, titles = append(ids, b.res.Records[k].ID), append(titles, e.One.Text)
		}
	}
	for _, l := range st.listed {
		listed = append(listed, l.title)
	}
	at, found := linkList(listed, titles)
	if found < minListed {
		return
	}
	var other, unknown, missing []string
	for i, k := range at {
		if k < 0 {
			missing = append(missing, strconv.Itoa(st.listed[i].number)+" "+quoteStart(listed[i]))
			continue
		}
		switch status, ok := s.known[ids[k]]; {
		case !ok:
			unknown = append(unknown, ids[k])
		case status != schema.Completed:
			other = append(other, ids[k])
		}
	}
	slices.SortFunc(unknown, byPlace(ids))
	slices.SortFunc(other, byPlace(ids))
	message := fmt.Sprintf("the text lists %d titles as %s, %d of them are so in the table", len(listed), schema.Completed, found-len(other)-len(unknown))
	if len(other) > 0 {
		message += "; another status: " + s.list(other)
	}
	if len(unknown) > 0 {
		message += "; status not known: " + s.list(unknown)
	}
	if len(missing) > 0 {
		message += "; not found by title: " + strings.Join(missing, ", ")
	}
	b.check(schema.Check{Rule: "claim_list", Severity: severityOf(len(other)), Records: append(other, unknown...), Fields: []string{"status"}, Places: st.places, Message: message})
}

// linkList links listed titles to those of records: at has the index of the
// record for each, or -1. Lists follow the table, so a damaged title need only be
// clearly the likest of those between the neighbours of its place.
func linkList(listed, titles []string) (at []int, found int) {
	at = make([]int, len(listed))
	for i := range at {
		at[i] = -1
	}
	taken := make(map[int]bool)
	l := newLikeness(listed, titles)
	link := func(a, b int) {
		at[a], taken[b] = b, true
		found++
	}
	for _, x := range l.pairs(listed, titles, minListLink, func(int, int) bool { return true }) {
		if at[x.a] < 0 && !taken[x.b] {
			link(x.a, x.b)
		}
	}
	sure := slices.Clone(at)
	near := l.pairs(listed, titles, minListLink/2-minLead, func(a, b int) bool {
		for i, k := range sure {
			if k >= 0 && (i < a && k >= b || i > a && k <= b) {
				return false
			}
		}
		return sure[a] < 0
	})
	for a := range sure {
		mine := slices.DeleteFunc(slices.Clone(near), func(x titlePair) bool { return x.a != a })
		if len(mine) > 0 && mine[0].score >= minListLink/2 && (len(mine) == 1 || mine[0].score-mine[1].score >= minLead) && !taken[mine[0].b] {
			link(a, mine[0].b)
		}
	}
	return at, found
}

// byPlace orders ids as they stand in a list.
func byPlace(ids []string) func(a, b string) int {
	return func(a, b string) int { return slices.Index(ids, a) - slices.Index(ids, b) }
}

func severityOf(n int) schema.Severity {
	if n > 0 {
		return schema.Warning
	}
	return schema.Info
}
