package extract

import (
	"fmt"
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
		b.checkGroups(t, tables)
		b.checkTotals(t)
	}
	b.checkDeclared()
	b.checkClaims()
	b.checkFigures()
	b.checkDates()
	b.checkAmounts()
	b.checkCitations()
	for _, f := range b.foreign {
		b.check(schema.Check{Rule: "foreign_currency", Severity: schema.Info, Places: f.places, Message: fmt.Sprintf("%q is no sum in đồng and is not among the amounts", f.text)})
	}
}

// reportUnplaced lists text of a table that found no place.
func (b *builder) reportUnplaced(p *Profile, rows int, left []passage) {
	var kept []passage
	lines := make(map[int]bool)
	for _, l := range left {
		// Row numbers and specks are no loss.
		number, isNumber := field.Ordinal(strings.TrimRight(l.text, ":"))
		if junk(l.text) || len(l.words) == 1 && isNumber && len(l.text) <= 4 && number <= rows+unnumbered {
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

// unnumbered is by how much a row's number may exceed the rows that were found.
const unnumbered = 10

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
			if over, _, ok := dottedOrdinal(r.label); ok {
				prev = max(prev, over) // "1" stood over "1.1" and is no record
			}
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
func (b *builder) checkGroups(t *recordTable, tables []schema.Table) {
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
		b.check(schema.Check{Rule: "declared_count", Severity: schema.Warning, Records: ids, Places: b.groupPlaces(g.group, tables),
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
			b.check(schema.Check{Rule: "declared_count", Severity: schema.Warning, Places: b.titlePlaces(n, unit),
				Message: fmt.Sprintf("the title declares %d %s, %d found", n, unit, len(t.rows))})
		}
	}
}

// groupPlaces is where a group row stands.
func (b *builder) groupPlaces(g *schema.Group, tables []schema.Table) []schema.Place {
	if g.Name == "" {
		return nil
	}
	for i := range tables {
		for _, row := range tables[i].Rows {
			for k := range row {
				if strings.Contains(row[k].Text, g.Name) {
					return cellPassage(&row[k]).places()
				}
			}
		}
	}
	// Names of several lines begin on the first.
	name := []rune(g.Name)
	begin := string(name[:min(len(name), 12)])
	for i := range b.lines {
		if b.inRows[i] || b.groupLines[i] || b.headLines[i] {
			if strings.Contains(b.lines[i].text, begin) {
				return b.lines[i].places()
			}
		}
	}
	return nil
}

// titlePlaces is where a title declares so many of a unit; the number may end a line.
func (b *builder) titlePlaces(n int, unit string) []schema.Place {
	for i := range b.lines {
		l := b.lines[i].passage
		if b.inRows[i] {
			continue
		}
		if i+1 < len(b.lines) {
			l = concat(l, b.lines[i+1].passage)
		}
		if got, ok := countBefore(l.text, unit); ok && got == n {
			return l.places()
		}
	}
	return nil
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

// checkFigures holds figures of texts against each other: stated shares against the
// numbers that they come from, sums against their words and their parts.
func (b *builder) checkFigures() {
	b.res.Checks = append(b.res.Checks, b.figures...)
	for i := range b.tables {
		t := &b.tables[i]
		for k, r := range t.rows {
			for c, cell := range r.cells {
				if t.profile.Columns[c].Type != TypeText || len(r.shared[c]) > 1 && r.shared[c][0] != r {
					continue
				}
				b.res.Checks = append(b.res.Checks, figureChecks(cell, []string{b.res.Records[t.records[k]].ID})...)
			}
		}
	}
}

// figureChecks reports what figures of a text, of the records with the ids, say against
// each other.
func figureChecks(p passage, ids []string) []schema.Check {
	return append(ratioChecks(p, ids), sumChecks(p, ids)...)
}

// ratioChecks reports the stated shares of a text, of the records with the ids, that their
// numbers speak against.
func ratioChecks(p passage, ids []string) (out []schema.Check) {
	for _, r := range field.Ratios(p.text) {
		if r.Agrees() {
			continue
		}
		at := p.slice(r.From, max(r.To, r.Stated.To))
		out = append(out, newCheck(schema.Check{Rule: "ratio", Severity: schema.Warning, Records: ids, Places: at.places(),
			Message: fmt.Sprintf("%s is %.2f %%, the text says %s %%", strings.TrimSpace(p.text[r.From:r.To]), r.Share(), formatCount(r.Stated.Value))}))
	}
	return out
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
