package extract

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// An Explanation tells what profiles made of one table, so that a user can see
// why a new profile does not match, and mend it.
type Explanation struct {
	Where   string      // "table 2, pages 3–5" or "PHỤ LỤC 2, lines 976–1240"
	Pages   []int       // pages that it stands on
	Grid    bool        // the grid is known; otherwise rows and columns were rebuilt from lines
	Profile string      // that was chosen; "" when none fits
	Tried   []TriedHead // every profile with how well it fits, best first
	Heads   []HeadMatch // heads of the table with what they were taken for; only for known grids
	Missing []string    // fields of the chosen (or best) profile that no head was found for
	Groups  []string    // group rows that were recognised
	Records int         // rows that became records
	Empty   []string    // fields that no record has a text in
}

// A TriedHead is a profile and how well it fits.
type TriedHead struct {
	Profile string
	Fit     float64 // 0..1; from 0.5 on the profile is used
}

// Explain runs [Build] and tells for each table which profile was chosen and
// why, for tables with known grids and for those that are rebuilt from lines.
func Explain(pages []schema.Page, tables []schema.Table, opt Options) []Explanation {
	b := newBuilder(pages, tables, opt)
	b.readTables(tables)
	b.readSections()
	var out []Explanation
	year := b.reportYear()
	for i := range tables {
		heads := tableHeads(&tables[i])
		holds := contents(&tables[i], len(heads))
		e := Explanation{Where: "table " + strconv.Itoa(i+1) + pagesText(tables[i].Pages), Pages: tables[i].Pages, Grid: true}
		for k := range b.profiles {
			_, fit, _, _ := b.profiles[k].fitColumns(heads, holds, year)
			e.Tried = append(e.Tried, TriedHead{b.profiles[k].Name, round3(fit)})
		}
		p := bestProfile(b.profiles, &tables[i], year).profile
		if p != nil {
			e.Profile = p.Name
		}
		e.finish(b, p, func(p *Profile) []HeadMatch {
			_, _, m, _ := p.fitColumns(heads, holds, year)
			return m
		})
		if e.Heads == nil {
			for c, h := range heads {
				e.Heads = append(e.Heads, HeadMatch{Column: c, Head: h})
			}
		}
		for k := range b.tables {
			if t := &b.tables[k]; len(t.rows) > 0 && t.rows[0].table != nil && *t.rows[0].table == i {
				e.rows(b, t)
			}
		}
		out = append(out, e)
	}
	for i := range b.sections {
		s := &b.sections[i]
		if s.from >= s.to {
			continue
		}
		name := s.name
		if name == "" {
			name = "body"
		}
		first, last := &b.lines[s.from], &b.lines[s.to-1]
		e := Explanation{Where: name, Pages: pageRange(first.page, last.page)}
		if first.num > 0 {
			e.Where += ", lines " + strconv.Itoa(first.num) + "–" + strconv.Itoa(last.num)
		}
		end := min(s.from+headWindow, s.to)
		for k := range b.usual {
			if _, fit := b.matchHeads(&b.usual[k], s.from, end); fit > 0 {
				e.Tried = append(e.Tried, TriedHead{b.usual[k].Name, round3(min(fit, 1))})
			}
		}
		read := false
		for k := range b.tables {
			t := &b.tables[k]
			if t.section != s {
				continue
			}
			read = true
			e.Profile = t.profile.Name
			e.finish(b, t.profile, nil)
			e.rows(b, t)
		}
		if !read && len(e.Tried) == 0 {
			continue // running text
		}
		if !read {
			e.finish(b, nil, nil)
		}
		out = append(out, e)
	}
	return out
}

// finish sorts what was tried and names what the chosen profile lacks.
func (e *Explanation) finish(b *builder, p *Profile, heads func(*Profile) []HeadMatch) {
	slices.SortStableFunc(e.Tried, func(a, b TriedHead) int { return cmp.Compare(b.Fit, a.Fit) })
	if p == nil && len(e.Tried) > 0 && e.Tried[0].Fit > 0 {
		i := slices.IndexFunc(b.profiles, func(p Profile) bool { return p.Name == e.Tried[0].Profile })
		p = &b.profiles[i]
	}
	if p == nil || heads == nil {
		return
	}
	e.Heads = heads(p)
	for _, c := range p.Columns {
		if !c.Seldom && !slices.ContainsFunc(e.Heads, func(h HeadMatch) bool { return h.Field == c.Field }) {
			e.Missing = append(e.Missing, c.Field)
		}
	}
}

// rows counts the records of a table and names the fields that none has.
func (e *Explanation) rows(b *builder, t *recordTable) {
	e.Records += len(t.records)
	for _, g := range t.groups {
		e.Groups = append(e.Groups, strings.TrimSpace(g.group.Number+" "+g.group.Name))
	}
	e.Empty = nil
	for _, c := range t.profile.Columns {
		if !slices.ContainsFunc(t.records, func(i int) bool {
			_, ok := b.res.Records[i].Fields[c.Field]
			return ok
		}) {
			e.Empty = append(e.Empty, c.Field)
		}
	}
}

func pagesText(pages []int) string {
	switch len(pages) {
	case 0:
		return ""
	case 1:
		return ", page " + strconv.Itoa(pages[0])
	}
	return ", pages " + strconv.Itoa(pages[0]) + "–" + strconv.Itoa(pages[len(pages)-1])
}

func pageRange(a, b int) []int {
	var out []int
	for p := a; p <= b; p++ {
		out = append(out, p)
	}
	return out
}
