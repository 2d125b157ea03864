package eval

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

// scoreHeader compares the fields of the letterhead, title and foot; a field
// that truth does not name is not judged.
func scoreHeader(g *Gold, h *schema.Header, s *Scores) {
	fields := h.Fields()
	for _, name := range slices.Sorted(maps.Keys(g.Header)) {
		want, f := g.Header[name], fields[name]
		ok := f != nil && loose(fieldText(f)) == loose(want)
		s.header(name, ok)
		if !ok {
			s.miss(want, fieldText(f), "header, %s", name)
		}
		if f != nil {
			s.sample("header."+name, confidence.HeaderClass(name, f), f, ok, nearlyRight(want, fieldText(f)), want, fieldText(f))
		}
	}
	if g.AttachedTo != nil {
		ok := false
		if h.AttachedTo != nil {
			if c, is := citationOf(h.AttachedTo.Value); is {
				ok = sameCitation(*g.AttachedTo, c)
			}
		}
		s.header("attached_to", ok)
		if h.AttachedTo != nil {
			s.sample("header.attached_to", confidence.Attached, h.AttachedTo, ok, false, strings.TrimSpace(g.AttachedTo.Type+" "+g.AttachedTo.Number), fieldText(h.AttachedTo))
		}
	}
	if g.Recipients != nil {
		var got []string
		for _, f := range h.Recipients {
			got = append(got, fieldText(&f))
		}
		if !slices.Equal(g.Recipients, got) {
			s.miss(strings.Join(g.Recipients, "; "), strings.Join(got, "; "), "recipients")
		}
		s.Recipients.add(matchTexts(g.Recipients, got, loose))
		left := slices.Clone(g.Recipients)
		for i := range h.Recipients {
			f := &h.Recipients[i]
			k := slices.IndexFunc(left, func(w string) bool { return loose(w) == loose(fieldText(f)) })
			if k >= 0 {
				left = slices.Delete(left, k, k+1)
			}
			s.sample("header.recipients", confidence.Name, f, k >= 0, false, "", fieldText(f))
		}
	}
}

// sameCitation reports whether every part of want that is known is the same.
func sameCitation(want, got schema.Citation) bool {
	part := func(w, g string) bool { return w == "" || loose(w) == loose(g) }
	return part(want.Type, got.Type) && numberKey(want.Number, got.Number) && part(want.Date, got.Date) && part(want.Issuer, got.Issuer)
}

func numberKey(want, got string) bool {
	return want == "" || documentNumber(want) == documentNumber(got)
}

// documentNumber is the form in which numbers of documents are compared: no
// blanks, no case.
func documentNumber(s string) string {
	return strings.ToLower(strings.ReplaceAll(Canonical(s), " ", ""))
}

// matchTexts counts the texts that two lists have in common, as multisets.
func matchTexts(want, got []string, form func(string) string) Match {
	m := Match{Gold: len(want), Pred: len(got)}
	count := make(map[string]int)
	for _, w := range want {
		count[form(w)]++
	}
	for _, x := range got {
		if count[form(x)] > 0 {
			count[form(x)]--
			m.Both++
		}
	}
	return m
}

// scoreCitations compares the documents that the running text names. Each
// distinct number counts once, since a text names the same document at many
// places and with different completeness. A document's own number, which its
// appendices repeat, is no citation.
func scoreCitations(g *Gold, fields []schema.Field, s *Scores) {
	if g.Citations == nil {
		return
	}
	var got []schema.Citation
	for _, f := range fields {
		if c, ok := citationOf(f.Value); ok {
			got = append(got, c)
			right := slices.ContainsFunc(g.Citations, func(w schema.Citation) bool { return documentNumber(w.Number) == documentNumber(c.Number) })
			s.sample("text.citations", confidence.Citation, &f, right || documentNumber(c.Number) == documentNumber(g.Header["number"]), false, "", c.Number)
		}
	}
	own := documentNumber(g.Header["number"])
	number := func(c schema.Citation) string {
		if n := documentNumber(c.Number); n != own {
			return n
		}
		return ""
	}
	dated := func(c schema.Citation) string {
		if c.Date == "" || number(c) == "" {
			return ""
		}
		return number(c) + " " + c.Date
	}
	want, found := distinct(g.Citations, number), distinct(got, number)
	if !slices.Equal(want, found) {
		s.miss(strings.Join(want, "; "), strings.Join(found, "; "), "citations")
	}
	s.Citations.add(matchTexts(want, found, Canonical))
	s.CitationDate.add(matchTexts(distinct(g.Citations, dated), distinct(got, dated), Canonical))
}

func distinct(list []schema.Citation, key func(schema.Citation) string) []string {
	set := make(map[string]bool)
	for _, c := range list {
		if k := key(c); k != "" {
			set[k] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// scoreTextAmounts compares the sums that the running text names.
func scoreTextAmounts(g *Gold, fields []schema.Field, s *Scores) {
	if g.Amounts == nil {
		return
	}
	var got, want []sum
	for _, f := range fields {
		if m, ok := moneyOf(f.Value); ok {
			got = append(got, newSum("", m, &f))
		}
	}
	for _, m := range g.Amounts {
		want = append(want, newSum("", m, nil))
	}
	m := matchSums(want, got, false, func(x sum, ok bool) {
		s.sample("text.amounts", confidence.Money, x.field, ok, false, "", x.String())
	})
	if m.Both < m.Gold || m.Both < m.Pred {
		s.miss(fmt.Sprint(want), fmt.Sprint(got), "amounts of the running text")
	}
	s.Amounts.add(m)
}
