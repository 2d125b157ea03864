package extract

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/title"
	"github.com/sohoa/sohoa/schema"
)

// Reports of many offices on one national list have the same titles in the same
// order, each damaged at other places. What is whole in one report helps to find
// and to mend titles of another.

// ReportTitles are the titles of a report's records, in order.
type ReportTitles struct {
	Document string // its id
	Torn     bool   // some of its titles stand in tables without a grid and are doubtful
	titles   []reportTitle
}

type reportTitle struct {
	kind, number, text string
	key                string // the same for titles that differ by marks and signs only
	confidence         float64
	sure               bool   // accepted, or a catalogue has it
	ref                string // the entry of a catalogue that it is surely linked to
	form               title.Title
	pairs              []string // its neighbouring words by twos, in order of the alphabet
	rest               []string // words of its record's other texts, likewise
}

const (
	// minShared is how many titles two reports have in common when they are on
	// one list, and sharedPart which part of the one to be helped they are.
	minShared, sharedPart = 4, 0.25
	// minBeside is the confidence below which a title that nothing vouches for
	// is no help.
	minBeside = 0.02
	// enoughBeside is the share of a report's titles that must be found: a handful is
	// no list, and rows that it lacks would be taken for others.
	enoughBeside = 0.5
	// mostBeside is how many reports are asked, those that have most in common.
	mostBeside = 24
	// copied is the share of the words of a row that two copies of one report have
	// in common; two reports on one list have fewer.
	copied = 0.8
	// pairsShared is how many pairs of neighbouring words two titles share that are
	// compared.
	pairsShared = 2
)

// TitlesOfReport takes the titles of a document's records.
func TitlesOfReport(doc *schema.Document) ReportTitles {
	out := ReportTitles{Document: doc.DocumentID}
	for i := range doc.Records {
		r := &doc.Records[i]
		t, n := r.Fields["title"].One, r.Fields["number"].One
		if t == nil || n == nil {
			continue
		}
		form := title.New(t.Text)
		x := reportTitle{kind: r.Kind, number: n.Text, text: strings.TrimRight(t.Text, " .;"), key: form.Key, form: form, pairs: form.Pairs(), confidence: t.Confidence, sure: t.State == schema.Accepted}
		if v, ok := n.Value.(string); ok {
			x.number = v
		}
		if ref := r.Fields["catalogue_ref"].One; ref != nil && ref.State == schema.Accepted {
			x.sure = x.sure || strings.EqualFold(strings.TrimRight(ref.Text, " .;"), x.text)
			x.ref, _ = ref.Value.(string)
		}
		x.rest = wordsBeside(r)
		out.titles = append(out.titles, x)
		out.Torn = out.Torn || r.Table == nil && t.State != schema.Accepted
	}
	return out
}

// Beside returns what other reports on the same list call the rows of a report,
// one entry a title in the spelling that most of them have, for
// [Options.Beside]. Entries whose place in the list is known have the number of
// the report's own row. The result does not depend on the order of the others; nil
// when none is on the same list.
func Beside(own ReportTitles, others []ReportTitles) []CatalogueEntry {
	type other struct {
		titles  []reportTitle
		id      string
		quality float64
		pairs   [][2]int
	}
	var list []other
	for _, o := range others {
		if o.Document == own.Document {
			continue
		}
		if pairs := sameOrder(own.same(o)); len(pairs) >= minShared && float64(len(pairs)) >= sharedPart*float64(len(own.titles)) && !own.isCopy(o, pairs) {
			list = append(list, other{o.titles, o.Document, o.quality(), pairs})
		}
	}
	slices.SortFunc(list, func(a, b other) int {
		return cmp.Or(cmp.Compare(len(b.pairs), len(a.pairs)), cmp.Compare(a.id, b.id))
	})
	votes := map[CatalogueEntry]*besideVote{}
	for _, o := range list[:min(len(list), mostBeside)] {
		numbers := own.numbersFor(len(o.titles), o.pairs)
		for k, t := range o.titles {
			if t.text == "" {
				continue
			}
			e := CatalogueEntry{Kind: t.kind, Number: numbers[k], Title: t.text}
			if votes[e] == nil {
				votes[e] = &besideVote{entry: e, key: t.key}
			}
			votes[e].add(t, o.quality > own.quality())
		}
	}
	out := elected(votes, own)
	if float64(len(out)) < enoughBeside*float64(len(own.titles)) {
		return nil
	}
	return out
}

// A besideVote is a spelling of a title with what speaks for it.
type besideVote struct {
	entry      CatalogueEntry
	key        string
	n          int
	sure       bool
	better     bool // it stands in a report that was read better
	confidence float64
}

func (v *besideVote) add(t reportTitle, better bool) {
	v.n++
	v.better = v.better || better
	v.sure = v.sure || t.sure || better && t.ref != ""
	v.confidence = max(v.confidence, t.confidence)
}

// elected returns the best spelling of each title.
func elected(votes map[CatalogueEntry]*besideVote, own ReportTitles) []CatalogueEntry {
	mine := map[[2]string]reportTitle{}
	for _, t := range own.titles {
		mine[[2]string{t.kind, t.number}] = t
	}
	var all []*besideVote
	for _, v := range votes {
		if v.sure || v.n > 1 || v.helps(mine[[2]string{v.entry.Kind, v.entry.Number}]) {
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b *besideVote) int {
		return cmp.Or(cmp.Compare(b.n, a.n), compareBool(b.sure, a.sure), cmp.Compare(b.confidence, a.confidence),
			cmp.Compare(a.entry.Number, b.entry.Number), cmp.Compare(a.entry.Title, b.entry.Title), cmp.Compare(a.entry.Kind, b.entry.Kind))
	})
	var out []CatalogueEntry
	numbers, keys := map[[2]string]bool{}, map[[2]string]bool{}
	for _, v := range all {
		number, key := [2]string{v.entry.Kind, v.entry.Number}, [2]string{v.entry.Kind, v.key}
		if keys[key] || v.entry.Number != "" && numbers[number] {
			continue
		}
		keys[key], numbers[number] = true, true
		out = append(out, v.entry)
	}
	return out
}

// helps reports whether a title that one other report alone has, and nothing vouches
// for, may mend the report's own one: it comes from a report that was read better on
// the whole, and has the words that this one has.
func (v *besideVote) helps(own reportTitle) bool {
	is, its := strings.Fields(own.text), strings.Fields(v.entry.Title)
	switch {
	case v.confidence < minBeside || !v.better || own.sure || own.ref != "":
		return false
	case len(is) > len(its) && hasAll(is, its) && !strings.HasSuffix(own.text, ","):
		// It lost words that the report has. No title ends with a comma: words before
		// one came from another cell.
		return false
	}
	return true
}

// hasAll reports whether words hold others, in order, marks and signs aside.
func hasAll(words, others []string) bool {
	for _, w := range words {
		if len(others) > 0 && lettersDigits(w) == lettersDigits(others[0]) {
			others = others[1:]
		}
	}
	return len(others) == 0
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// wordsBeside lists the words of a record's texts without its title, each once.
// Those of up to three letters say nothing.
func wordsBeside(r *schema.Record) []string {
	var out []string
	for name, e := range r.Fields {
		if e.One == nil || name == "title" || name == "number" || name == "status" || name == "catalogue_ref" {
			continue
		}
		for _, w := range strings.Fields(e.One.Text) {
			if t := lettersDigits(w); len(t) > 3 {
				out = append(out, t)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// isCopy reports whether another report is this one again, as where a folder holds a
// scan and its text: a copy is no second witness. pairs are their common titles.
func (r ReportTitles) isCopy(o ReportTitles, pairs [][2]int) bool {
	const telling = 6 // words
	var shares []float64
	for _, p := range pairs {
		a, b := r.titles[p[0]].rest, o.titles[p[1]].rest
		if n := min(len(a), len(b)); n >= telling {
			shares = append(shares, float64(inBoth(a, b))/float64(n))
		}
	}
	slices.Sort(shares)
	return len(shares) >= minShared-1 && shares[len(shares)/2] >= copied
}

// inBoth counts the words that two sorted lists share.
func inBoth(a, b []string) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch c := cmp.Compare(a[0], b[0]); {
		case c < 0:
			a = a[1:]
		case c > 0:
			b = b[1:]
		default:
			n, a, b = n+1, a[1:], b[1:]
		}
	}
	return n
}

// quality is the mean confidence of a report's titles.
func (r ReportTitles) quality() float64 {
	sum := 0.0
	for _, t := range r.titles {
		sum += t.confidence
	}
	return sum / float64(max(len(r.titles), 1))
}

// byName finds the titles that a report has once under a name.
func (r ReportTitles) byName(name func(*reportTitle) string) map[string]int {
	at := make(map[string]int, len(r.titles))
	for i := range r.titles {
		key := name(&r.titles[i])
		if _, twice := at[key]; twice || key == "" {
			at[key] = -1
			continue
		}
		at[key] = i
	}
	return at
}

// same pairs the titles of a report with those of another that are the same: by their
// letters, by the catalogue's entry that both are linked to, or so like each other as
// no others of the two reports are. Pairs ascend in the other report.
func (r ReportTitles) same(o ReportTitles) [][2]int {
	of := make([]int, len(o.titles)) // title of r, counted from 1
	taken := make([]bool, len(r.titles))
	for _, name := range []func(*reportTitle) string{func(t *reportTitle) string { return t.key }, func(t *reportTitle) string { return t.ref }} {
		mine, its := r.byName(name), o.byName(name)
		for key, k := range its {
			if i, ok := mine[key]; ok && i >= 0 && k >= 0 && of[k] == 0 && !taken[i] {
				of[k], taken[i] = i+1, true
			}
		}
	}
	r.likest(o, of, taken)
	var out [][2]int
	for k, i := range of {
		if i > 0 {
			out = append(out, [2]int{i - 1, k})
		}
	}
	return out
}

// likest pairs titles that are still without partner, each the likest of the other.
// Titles with less than two pairs of words in common are not compared: to compare takes
// longer than all the rest.
func (r ReportTitles) likest(o ReportTitles, of []int, taken []bool) {
	var forms []title.Title
	for _, t := range slices.Concat(r.titles, o.titles) {
		forms = append(forms, t.form)
	}
	weights := title.NewWeights(forms)
	type best struct {
		at    int
		score float64
	}
	mine, its := make([]best, len(r.titles)), make([]best, len(o.titles))
	for i := range r.titles {
		for k := range o.titles {
			if taken[i] || of[k] > 0 || inBoth(r.titles[i].pairs, o.titles[k].pairs) < pairsShared {
				continue
			}
			score := weights.Likeness(r.titles[i].form, o.titles[k].form)
			if score > mine[i].score {
				mine[i] = best{k, score}
			}
			if score > its[k].score {
				its[k] = best{i, score}
			}
		}
	}
	for k, b := range its {
		if b.score >= title.SureLink && mine[b.at].at == k && mine[b.at].score == b.score {
			of[k] = b.at + 1
		}
	}
}

// sameOrder keeps as many pairs of titles as stand in the same order in two reports.
func sameOrder(pairs [][2]int) [][2]int {
	// The longest run of pairs that ascends in both: pairs ascend in the other
	// report already.
	best, from := make([]int, len(pairs)), make([]int, len(pairs))
	end := -1
	for x := range pairs {
		best[x], from[x] = 1, -1
		for y := range x {
			if pairs[y][0] < pairs[x][0] && best[y]+1 > best[x] {
				best[x], from[x] = best[y]+1, y
			}
		}
		if end < 0 || best[x] > best[end] {
			end = x
		}
	}
	var out [][2]int
	for ; end >= 0; end = from[end] {
		out = append(out, pairs[end])
	}
	slices.Reverse(out)
	return out
}

// numbersFor gives the n titles of another report the numbers of the report's own
// rows: those of the same titles, and of rows between two of them where there are
// as many in both reports. It is "" where that is not known.
func (r ReportTitles) numbersFor(n int, pairs [][2]int) []string {
	out := make([]string, n)
	give := func(i, k int) {
		if i >= 0 && i < len(r.titles) && k >= 0 && k < n {
			out[k] = r.titles[i].number
		}
	}
	for x, p := range pairs {
		give(p[0], p[1])
		if x > 0 {
			if last := pairs[x-1]; p[0]-last[0] == p[1]-last[1] {
				for d := 1; d < p[0]-last[0]; d++ {
					give(last[0]+d, last[1]+d)
				}
			}
		}
	}
	if len(pairs) > 0 {
		first, last := pairs[0], pairs[len(pairs)-1]
		for d := 1; first[0] == first[1] && d <= first[1]; d++ {
			give(first[0]-d, first[1]-d)
		}
		for d := 1; len(r.titles)-last[0] == n-last[1] && last[1]+d < n; d++ {
			give(last[0]+d, last[1]+d)
		}
	}
	return out
}
