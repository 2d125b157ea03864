package extract

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Checks tell what a reader of the document should know. They hold one part of
// it against another; none changes a value, since real reports contradict
// themselves and the machine cannot know which part is wrong.

func (b *builder) checkAll(tables []schema.Table) {
	for i := range b.tables {
		t := &b.tables[i]
		b.checkNumbers(t)
		b.checkGroups(t)
		b.checkTotals(t)
	}
	b.checkDeclared()
	b.checkClaims()
	b.checkRatios()
	b.checkDates()
	b.checkAmounts()
	b.checkCitations()
	for _, f := range b.foreign {
		b.check(schema.Check{Rule: "foreign_currency", Severity: schema.Info, Places: f.places, Message: fmt.Sprintf("%q is no sum in đồng and is not among the amounts", f.text)})
	}
}

// reportUnplaced lists text of a table that found no place.
func (b *builder) reportUnplaced(p *Profile, left []passage) {
	var kept []passage
	lines := make(map[int]bool)
	for _, l := range left {
		// Row numbers and specks are no loss.
		if _, number := field.Ordinal(strings.TrimRight(l.text, ":")); junk(l.text) || len(l.words) == 1 && number && len(l.text) <= 4 {
			continue
		}
		kept = append(kept, l)
		lines[l.words[0].line] = true
	}
	if len(kept) == 0 {
		return
	}
	all := concat(kept...)
	b.check(schema.Check{
		Rule: "unplaced", Severity: schema.Warning, Places: all.places(),
		Message: fmt.Sprintf("text of %d lines of a table of the type %q found no place in any row: %s", len(lines), p.Name, quoteStart(all.text)),
	})
}

func quoteStart(s string) string {
	r := []rune(s)
	if len(r) > 80 {
		return strconv.Quote(string(r[:80]) + "…")
	}
	return strconv.Quote(s)
}

// checkNumbers reports gaps and repeats in the numbering of a table.
func (b *builder) checkNumbers(t *recordTable) {
	prev := 0
	var group *schema.Group
	seen := make(map[string]string)
	for i, r := range t.rows {
		id := b.res.Records[t.records[i]].ID
		if r.group != group && t.profile.Groups.Sections {
			prev = 0
			clear(seen)
		}
		group = r.group
		if r.number == 0 {
			continue
		}
		n := strconv.Itoa(r.number)
		if other, ok := seen[n]; ok {
			b.check(schema.Check{Rule: "number_repeated", Severity: schema.Warning, Records: []string{other, id}, Fields: []string{"number"},
				Message: fmt.Sprintf("number %s stands twice", n)})
		}
		seen[n] = id
		restart := r.number == 1 && i > 0
		// A table that begins in mid-count goes on from another.
		goesOn := prev == 0 && r.number > 3
		if r.number > prev+1 && !restart && !goesOn {
			missing := fmt.Sprintf("%d", prev+1)
			if r.number > prev+2 {
				missing = fmt.Sprintf("%d to %d", prev+1, r.number-1)
			}
			b.check(schema.Check{Rule: "number_gap", Severity: schema.Warning, Records: []string{id}, Fields: []string{"number"},
				Message: fmt.Sprintf("no record has the number %s, which should stand before %d", missing, r.number)})
		}
		if r.number < prev && !restart {
			b.check(schema.Check{Rule: "number_order", Severity: schema.Warning, Records: []string{id}, Fields: []string{"number"},
				Message: fmt.Sprintf("number %d follows %d", r.number, prev)})
		}
		prev = r.number
	}
}

// checkGroups holds the count in a group row against the rows below it.
func (b *builder) checkGroups(t *recordTable) {
	for k, g := range t.groups {
		if g.group.Declared == nil {
			continue
		}
		end := len(t.rows)
		if k+1 < len(t.groups) {
			end = t.groups[k+1].first
		}
		found := end - g.first
		if found == *g.group.Declared {
			continue
		}
		var ids []string
		for i := g.first; i < end; i++ {
			ids = append(ids, b.res.Records[t.records[i]].ID)
		}
		b.check(schema.Check{Rule: "declared_count", Severity: schema.Warning, Records: ids,
			Message: fmt.Sprintf("group %s declares %d, %d found", strings.TrimSpace(g.group.Number+" "+g.group.Name), *g.group.Declared, found)})
	}
}

// checkDeclared holds the count in a table's title ("44 mô hình") against the
// records of all its parts.
func (b *builder) checkDeclared() {
	for i := range b.tables {
		t := &b.tables[i]
		unit := t.profile.Groups.Unit
		if unit == "" || t.titles == "" {
			continue
		}
		if n, ok := countBefore(t.titles, unit); ok && n != len(t.rows) {
			b.check(schema.Check{Rule: "declared_count", Severity: schema.Warning,
				Message: fmt.Sprintf("the title declares %d %s, %d found", n, unit, len(t.rows))})
		}
	}
}

// countBefore finds "44 mô hình" in a text.
func countBefore(text, unit string) (int, bool) {
	words := strings.Fields(text)
	for i, w := range words {
		n, err := strconv.Atoi(strings.Trim(w, "(),.;:"))
		if err != nil || n < 2 || n > 999 || i+1 >= len(words) {
			continue
		}
		rest := field.NewText(strings.Join(words[i+1:min(i+6, len(words))], " "))
		if _, ok := rest.FindPrefix(field.NewPhrase(unit), 0.72); ok {
			return n, true
		}
	}
	return 0, false
}

// checkTotals holds a total row's counts against the sum of the column. Total
// rows of known grids only; in lost ones their numbers cannot be told apart.
func (b *builder) checkTotals(t *recordTable) {
	for col, want := range t.totals {
		sum, n := 0.0, 0
		name := t.profile.Columns[col].Field
		for _, i := range t.records {
			e := b.res.Records[i].Fields[name]
			if e.One == nil {
				continue
			}
			if v, ok := e.One.Value.(float64); ok {
				sum += v
				n++
			}
		}
		if n > 1 && math.Abs(sum-want) > 0.5 {
			b.check(schema.Check{Rule: "total", Severity: schema.Warning, Fields: []string{name},
				Message: fmt.Sprintf("the total row says %s for %s, the rows add up to %s", formatCount(want), name, formatCount(sum))})
		}
	}
}

// checkClaims holds statements of the running text ("đã hoàn thành 20 mô
// hình", "18 mô hình đang triển khai") against the statuses of the records,
// and lists of titles behind them against their records.
func (b *builder) checkClaims() {
	said := make(map[*Profile][]statement)
	for i := range b.tables {
		t := &b.tables[i]
		if len(t.profile.Claims) == 0 || t.profile.Groups.Unit == "" {
			continue
		}
		counts := make(map[schema.Status]int)
		byStatus := make(map[string]schema.Status)
		for _, k := range t.records {
			r := &b.res.Records[k]
			if s := r.Fields["status"]; s.One != nil {
				v, _ := s.One.Value.(string)
				counts[schema.Status(v)]++
				byStatus[r.ID] = schema.Status(v)
			}
		}
		if len(byStatus) == 0 {
			continue
		}
		if _, ok := said[t.profile]; !ok {
			said[t.profile] = b.statements(t.profile)
		}
		for _, st := range said[t.profile] {
			for _, c := range st.claims {
				if got := counts[c.status]; got != c.count {
					b.check(schema.Check{Rule: "claim", Severity: schema.Warning, Places: c.at.places(), Fields: []string{"status"},
						Message: fmt.Sprintf("the text says %s, the table has %d of status %s", quoteStart(c.at.text), got, c.status)})
				}
			}
			b.checkList(t, st, byStatus)
		}
	}
}

// A statement is what a paragraph of the running text says about the records of
// a profile: counts, and a list of titles.
type statement struct {
	claims []claim
	titles []string
	places []schema.Place // of the list
}

// statements finds them once for all tables of a profile.
func (b *builder) statements(p *Profile) []statement {
	var out []statement
	for text := range b.paragraphs() {
		st := statement{claims: findClaims(p, text), titles: listedTitles(p, text)}
		if st.titles != nil {
			st.places = text.places()
		}
		if st.claims != nil || st.titles != nil {
			out = append(out, st)
		}
	}
	return out
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
		n, err := strconv.Atoi(strings.Trim(text.words[k].text, "(),.;:"))
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
		best, score := schema.Status(""), 0.0
		for _, c := range p.Claims {
			for _, ph := range field.NewPhrases(c.Phrases...) {
				if hit, ok := field.NewText(left.text).Find(ph, 0.86); ok {
					if near := hit.Score - 0.01*float64(len(left.text)-hit.To); near > score {
						best, score = c.Status, near
					}
				}
				if hit, ok := field.NewText(right.text).Find(ph, 0.86); ok && hit.From < 14 {
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

// listedTitles reads a list of titles ("Mô hình 1: …; Mô hình 3: …"), nil when
// there are too few for one.
func listedTitles(p *Profile, text passage) []string {
	if p.pattern == nil || strings.Count(text.text, ";") < minListed-1 {
		return nil
	}
	var titles []string
	from := 0
	for i := 0; i <= len(text.text); i++ {
		if i < len(text.text) && text.text[i] != ';' {
			continue
		}
		part := text.slice(from, i).trimmed()
		if _, _, to, ok := p.pattern.find(part.text, 12); ok {
			title := strings.TrimLeft(part.text[to:], " -–:.")
			if k := strings.LastIndex(title, "("); k > 20 {
				title = title[:k]
			}
			if letters(title) > 8 {
				titles = append(titles, strings.TrimSpace(title))
			}
		}
		from = i + 1
	}
	if len(titles) < minListed {
		return nil
	}
	return titles
}

// checkList links a list of titles in the running text to the records by title
// and reports those whose status is another one than the list's, which claims
// completion.
func (b *builder) checkList(t *recordTable, st statement, byStatus map[string]schema.Status) {
	var ids, titles []string
	for _, k := range t.records {
		if e := b.res.Records[k].Fields["title"]; e.One != nil && e.One.Text != "" {
			ids, titles = append(ids, b.res.Records[k].ID), append(titles, e.One.Text)
		}
	}
	found := 0
	var wrong []string
	listed, taken := make(map[int]bool), make(map[int]bool)
	for _, x := range newLikeness(st.titles, titles).pairs(st.titles, titles, minListLink, func(int, int) bool { return true }) {
		if listed[x.a] || taken[x.b] {
			continue
		}
		listed[x.a], taken[x.b] = true, true
		found++
		if s, ok := byStatus[ids[x.b]]; ok && s != schema.Completed {
			wrong = append(wrong, ids[x.b])
		}
	}
	slices.Sort(wrong)
	if found < minListed {
		return
	}
	b.check(schema.Check{Rule: "claim_list", Severity: severityOf(len(wrong)), Records: wrong, Fields: []string{"status"}, Places: st.places,
		Message: fmt.Sprintf("the text lists %d titles, %d were found in the table by their titles; %d of these are not %s there", len(st.titles), found, len(wrong), schema.Completed)})
}

func severityOf(n int) schema.Severity {
	if n > 0 {
		return schema.Warning
	}
	return schema.Info
}

// checkRatios holds stated shares against the numbers that they come from.
func (b *builder) checkRatios() {
	report := func(p passage, r field.Ratio, ids []string) {
		if r.Agrees() {
			return
		}
		at := p.slice(r.From, max(r.To, r.Stated.To))
		b.check(schema.Check{Rule: "ratio", Severity: schema.Warning, Records: ids, Places: at.places(),
			Message: fmt.Sprintf("%s is %.2f %%, the text says %s %%", strings.TrimSpace(p.text[r.From:r.To]), r.Share(), formatCount(r.Stated.Value))})
	}
	for p := range b.paragraphs() {
		for _, r := range field.Ratios(p.text) {
			report(p, r, nil)
		}
	}
	for i := range b.tables {
		t := &b.tables[i]
		for k, r := range t.rows {
			for c, cell := range r.cells {
				if t.profile.Columns[c].Type != TypeText || len(r.shared[c]) > 1 && r.shared[c][0] != r {
					continue
				}
				for _, x := range field.Ratios(cell.text) {
					report(cell, x, []string{b.res.Records[t.records[k]].ID})
				}
			}
		}
	}
}

// checkDates reports dates later than now.
func (b *builder) checkDates() {
	if b.opt.Now.IsZero() {
		return
	}
	late := func(f *schema.Field, value, what string) {
		d, err := time.Parse("2006-01-02", value)
		if err != nil || !d.After(b.opt.Now) {
			return
		}
		b.check(schema.Check{Rule: "future_date", Severity: schema.Warning, Places: f.Boxes, Fields: []string{what},
			Message: fmt.Sprintf("%s lies after %s", value, b.opt.Now.Format("2006-01-02"))})
	}
	if f := b.res.Header.Date; f != nil {
		v, _ := f.Value.(string)
		late(f, v, "date")
	}
	for i := range b.res.Citations {
		if c, ok := b.res.Citations[i].Value.(schema.Citation); ok {
			late(&b.res.Citations[i], c.Date, "citations")
		}
	}
}

// checkAmounts reports sums that could be read in two ways, and pairs that
// differ by a lost decimal mark alone (2,5 and 25).
func (b *builder) checkAmounts() {
	type seen struct {
		f  *schema.Field
		id string
		m  schema.Money
	}
	var all []seen
	for i := range b.res.Amounts {
		m, _ := b.res.Amounts[i].Value.(schema.Money)
		all = append(all, seen{&b.res.Amounts[i], "", m})
	}
	for i := range b.res.Records {
		r := &b.res.Records[i]
		list := r.Fields["amounts"].List
		for k := range list {
			m, _ := list[k].Value.(schema.Money)
			all = append(all, seen{&list[k], r.ID, m})
		}
	}
	ids := func(s seen) []string {
		if s.id == "" {
			return nil
		}
		return []string{s.id}
	}
	for _, s := range all {
		if len(s.f.Alternatives) > 0 {
			b.check(schema.Check{Rule: "amount_readings", Severity: schema.Warning, Records: ids(s), Fields: []string{"amounts"}, Places: s.f.Boxes,
				Message: fmt.Sprintf("%q is read as %d đồng, but may be %s", s.f.Text, s.m.VND, s.f.Alternatives[0].Text)})
		}
	}
	for i, x := range all {
		for _, y := range all[:i] {
			lo, hi := min(x.m.VND, y.m.VND), max(x.m.VND, y.m.VND)
			if lo < 1e6 || hi != 10*lo || digits(x.f.Text) != digits(y.f.Text) || len(digits(x.f.Text)) < 2 {
				continue
			}
			b.check(schema.Check{Rule: "amount_readings", Severity: schema.Warning, Records: append(ids(y), ids(x)...), Fields: []string{"amounts"}, Places: append(slices.Clone(y.f.Boxes), x.f.Boxes...),
				Message: fmt.Sprintf("%q and %q differ by a decimal mark alone", y.f.Text, x.f.Text)})
		}
	}
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// checkCitations reports documents that are cited with two dates.
func (b *builder) checkCitations() {
	dates := make(map[string]string)
	reported := make(map[string]bool)
	for i := range b.res.Citations {
		f := &b.res.Citations[i]
		c, ok := f.Value.(schema.Citation)
		if !ok || c.Date == "" || strings.Contains(c.Date, "?") {
			continue
		}
		// Numbers begin anew each year.
		key := normalize.Fold(c.Number) + c.Date[:4]
		first, ok := dates[key]
		if !ok {
			dates[key] = c.Date
			continue
		}
		if first != c.Date && !reported[key+c.Date] {
			reported[key+c.Date] = true
			b.check(schema.Check{Rule: "citation_dates", Severity: schema.Warning, Places: f.Boxes, Fields: []string{"citations"},
				Message: fmt.Sprintf("%s is dated %s here and %s elsewhere", c.Number, c.Date, first)})
		}
	}
}
