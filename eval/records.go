package eval

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

// longFields are the columns of free text, which are measured by characters
// rather than as right or wrong.
var longFields = map[string]bool{"results": true, "difficulties": true, "benefits": true, "cost": true, "next_steps": true}

// typedFields are the columns that hold a date, a number, a share or the number of
// a document: values that other programs count with, right or wrong as a whole.
var typedFields = map[string]bool{
	"deadline": true, "directive": true, "target": true, "progress": true,
	"total": true, "online": true, "ratio": true, "change": true, "beneficiaries": true,
}

// fieldText returns what a field says: its value where that is a text or a
// number, else its repaired text.
func fieldText(f *schema.Field) string {
	if f == nil {
		return ""
	}
	switch v := f.Value.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return f.Text
}

// entryText joins the texts of all fields of an entry.
func entryText(e schema.Entry) string {
	var parts []string
	for _, f := range e.All() {
		parts = append(parts, fieldText(&f))
	}
	return strings.Join(parts, "; ")
}

// recordNumber is a number as records are told apart by: without leading
// zeros and what stands behind it.
func recordNumber(s string) string {
	return strings.TrimLeft(strings.TrimRight(Canonical(s), " .:)"), "0")
}

// scoreRecords compares the records of a document, each kind by itself.
// Records are paired by their number, and where several bear the same one (a
// numbering that begins anew under each group) the likest are paired first.
func scoreRecords(gold []GoldRecord, pred []schema.Record, s *Scores) {
	kinds := make(map[string]bool)
	for _, r := range gold {
		kinds[r.Kind] = true
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		var g []*GoldRecord
		var p []*schema.Record
		for i := range gold {
			if gold[i].Kind == kind {
				g = append(g, &gold[i])
			}
		}
		for i := range pred {
			if pred[i].Kind == kind {
				p = append(p, &pred[i])
			}
		}
		scoreKind(kind, g, p, s)
	}
}

func scoreKind(kind string, gold []*GoldRecord, pred []*schema.Record, s *Scores) {
	k := s.kind(kind)
	partner := pairRecords(gold, pred)
	k.Numbers.add(Match{Pred: len(pred), Gold: len(gold)})
	for i, g := range gold {
		var p *schema.Record
		if partner[i] >= 0 {
			p = pred[partner[i]]
			k.Numbers.Both++
		}
		scoreRecord(kind, g, p, k, s)
	}
	// A record that truth does not have bears a wrong number.
	for j, p := range pred {
		if number := p.Fields["number"].One; number != nil && !slices.Contains(partner, j) {
			s.sample(kind+".number", confidence.Ordinal, number, false, false, "", fieldText(number))
		}
	}
	scoreAmounts(kind, gold, pred, k, s)
}

// pairRecords returns for each true record the predicted one of the same
// number, or -1.
func pairRecords(gold []*GoldRecord, pred []*schema.Record) []int {
	likeness := func(g *GoldRecord, p *schema.Record) float64 {
		sum := 0.0
		for _, name := range slices.Sorted(maps.Keys(g.Fields)) {
			if name != "number" {
				sum += dice(bigrams(Canonical(g.Fields[name])), bigrams(Canonical(entryText(p.Fields[name]))))
			}
		}
		if g.Group != nil && p.Group != nil && *g.Group == p.Group.Number {
			sum++
		}
		return sum
	}
	var pairs []likePair
	for i, g := range gold {
		for j, p := range pred {
			if recordNumber(g.Number()) == recordNumber(entryText(p.Fields["number"])) {
				pairs = append(pairs, likePair{i, j, likeness(g, p)})
			}
		}
	}
	return likestPairs(pairs, len(gold))
}

// scoreRecord compares two records of the same number; p is nil when the
// record was not found.
func scoreRecord(kind string, g *GoldRecord, p *schema.Record, k *KindScores, s *Scores) {
	get := func(name string) (schema.Entry, bool) {
		if p == nil {
			return schema.Entry{}, false
		}
		e, ok := p.Fields[name]
		return e, ok && len(e.All()) > 0
	}
	sample := func(name string, ok bool, want string) {
		e, found := get(name)
		if !ok && p != nil {
			s.miss(want, entryText(e), "%s %s, %s", kind, g.Number(), name)
		}
		if found {
			f := leastSure(e.All())
			s.sample(kind+"."+name, confidence.RecordClass(name, f), f, ok, nearlyRight(want, entryText(e)), want, entryText(e))
		}
	}
	k.Typed.Count(p != nil) // its number
	if p != nil {
		sample("number", true, g.Number())
	} else {
		s.miss(g.Number(), "", "%s %s is not found", kind, g.Number())
	}
	for _, name := range slices.Sorted(maps.Keys(g.Fields)) {
		want := Canonical(g.Fields[name])
		e, _ := get(name)
		got := Canonical(entryText(e))
		edits := Edits{Distance([]rune(want), []rune(got)), len([]rune(want))}
		switch {
		case name == "number":
		case name == "title":
			ok := strings.TrimRight(want, ".;") == strings.TrimRight(got, ".;")
			k.TitleExact.Count(ok)
			k.TitleChars.add(edits)
			k.TextChars.add(edits)
			sample(name, ok, want)
		case longFields[name]:
			k.LongChars.add(edits)
			k.TextChars.add(edits)
			sample(name, edits.Edits == 0, want)
		default:
			ok := sameField(e, want)
			if typedFields[name] && e.One != nil {
				ok = ok && sameValue(e.One, want)
			}
			var one Share
			one.Count(ok)
			k.field(name, one)
			if typedFields[name] {
				k.Typed.add(one)
			} else {
				k.TextChars.add(edits)
			}
			sample(name, ok, want)
		}
	}
	if g.Group != nil {
		ok := p != nil && p.Group != nil && strings.EqualFold(p.Group.Number, *g.Group) || p != nil && p.Group == nil && *g.Group == ""
		k.Group.Count(ok)
	}
	if g.Status != nil {
		e, _ := get("status")
		got := entryText(e)
		m := Match{}
		if *g.Status != "" {
			m.Gold = 1
		}
		if got != "" {
			m.Pred = 1
		}
		ok := got == *g.Status || got != "" && slices.Contains(g.StatusAlternatives, got)
		if ok && got != "" {
			m.Both, m.Gold = 1, 1
		}
		k.Status.add(m)
		k.Typed.Count(ok)
		if ok {
			s.status(got+"\t"+got, 1) // an alternative is as good
		} else {
			s.status(*g.Status+"\t"+got, 1)
		}
		sample("status", ok, *g.Status)
	}
}

// sameField reports whether an entry says what is printed, by its value or by
// its text: a date may stand as "2025-12-31" or as "31/12/2025".
func sameField(e schema.Entry, want string) bool {
	var texts []string
	for _, f := range e.All() {
		texts = append(texts, f.Text)
	}
	for _, got := range []string{entryText(e), strings.Join(texts, "; ")} {
		if got = Canonical(got); got == want || sameNumber(got, want) {
			return true
		}
	}
	return isoDate(want) != "" && entryText(e) == isoDate(want)
}

// sameNumber compares two texts as numbers in the Vietnamese way of writing
// them: points between thousands, a comma before decimals.
func sameNumber(a, b string) bool {
	parse := func(s string) (float64, bool) {
		s = strings.TrimSpace(strings.TrimSuffix(s, "%"))
		if !strings.Contains(s, ",") {
			if _, after, ok := strings.Cut(s, "."); !ok || len(after) != 3 {
				v, err := strconv.ParseFloat(s, 64)
				return v, err == nil
			}
		}
		v, err := strconv.ParseFloat(strings.ReplaceAll(strings.ReplaceAll(s, ".", ""), ",", "."), 64)
		return v, err == nil
	}
	x, ok := parse(a)
	y, ok2 := parse(b)
	return ok && ok2 && x == y
}

// sum is an amount that stands once in a table, be it in one record or shared
// by several.
type sum struct {
	vnd, to int64
	column  string
	records []string      // numbers, sorted
	field   *schema.Field // of a predicted one
}

// String shows a sum for the list of what was read wrong.
func (x sum) String() string {
	s := strconv.FormatInt(x.vnd, 10)
	if x.to != 0 {
		s += "–" + strconv.FormatInt(x.to, 10)
	}
	if where := strings.Trim(strings.Join(x.records, ", ")+" "+x.column, " "); where != "" {
		s += " (" + where + ")"
	}
	return s
}

// newSum returns an amount of the record with the given number.
func newSum(number string, m schema.Money, f *schema.Field) sum {
	x := sum{vnd: m.VND, to: m.VNDTo, column: m.Column, records: []string{recordNumber(number)}, field: f}
	for _, n := range m.SharedWith {
		x.records = append(x.records, recordNumber(n))
	}
	slices.Sort(x.records)
	x.records = slices.Compact(x.records)
	return x
}

// once drops the copies of sums that several records share.
func once(list []sum) []sum {
	seen := make(map[string]bool)
	return slices.DeleteFunc(list, func(x sum) bool {
		if len(x.records) < 2 {
			return false
		}
		key := x.String()
		copied := seen[key]
		seen[key] = true
		return copied
	})
}

// scoreAmounts compares the sums of all records of a kind. A sum is found when
// a predicted one of the same đồng stands in (one of) its records; a shared
// sum counts once on both sides.
func scoreAmounts(kind string, gold []*GoldRecord, pred []*schema.Record, k *KindScores, s *Scores) {
	var want, got []sum
	known := make(map[string]bool)
	for _, g := range gold {
		if g.AmountsKnown || len(g.Amounts) > 0 {
			known[recordNumber(g.Number())] = true
			for _, m := range g.Amounts {
				want = append(want, newSum(g.Number(), m, nil))
			}
		}
	}
	if len(known) == 0 {
		return
	}
	for _, p := range pred {
		number := entryText(p.Fields["number"])
		if len(known) < len(gold) && !known[recordNumber(number)] {
			continue // nothing is known about this record's amounts
		}
		for _, f := range p.Fields["amounts"].All() {
			if m, ok := moneyOf(f.Value); ok {
				got = append(got, newSum(number, m, &f))
			}
		}
	}
	want, got = once(want), once(got)
	k.AmountsCol.add(matchSums(want, got, true, nil))
	m := matchSums(want, got, false, func(x sum, ok bool) {
		s.sample(kind+".amounts", confidence.Money, x.field, ok, false, "", x.String())
	})
	if m.Both < m.Gold || m.Both < m.Pred {
		s.miss(fmt.Sprint(want), fmt.Sprint(got), "%s, amounts", kind)
	}
	k.Amounts.add(m)
}

// matchSums pairs sums of the same đồng that stand in a common record, and in
// the same column when that is asked; each predicted one is judged.
func matchSums(want, got []sum, column bool, judge func(x sum, ok bool)) Match {
	m := Match{Gold: len(want), Pred: len(got)}
	used := make([]bool, len(got))
	for _, w := range want {
		for j, g := range got {
			if used[j] || g.vnd != w.vnd || g.to != w.to || column && g.column != w.column {
				continue
			}
			if !slices.ContainsFunc(g.records, func(n string) bool { return slices.Contains(w.records, n) }) {
				continue
			}
			used[j] = true
			m.Both++
			break
		}
	}
	if judge != nil {
		for j, g := range got {
			judge(g, used[j])
		}
	}
	return m
}

// moneyOf reads the value of an amount, typed or fresh from JSON.
func moneyOf(v any) (schema.Money, bool) {
	var m schema.Money
	ok := reread(v, &m)
	return m, ok
}

// citationOf reads the value of a citation.
func citationOf(v any) (schema.Citation, bool) {
	var c schema.Citation
	ok := reread(v, &c)
	return c, ok
}

func reread(v, into any) bool {
	if v == nil {
		return false
	}
	data, err := json.Marshal(v)
	if err != nil {
		return false
	}
	return json.Unmarshal(data, into) == nil
}
