package compare

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/sohoa/sohoa/extract/title"
	"github.com/sohoa/sohoa/schema"
)

// item is a record on its way to a row.
type item struct {
	report int // index into the reports
	at     int // index into the report's records
	record *schema.Record
	name   string // its title as the report writes it
	title  title.Title
	ref    string  // of the catalogue, "204/KH-UBND#25"; "" when it was not linked
	sure   float64 // how sure the link by catalogue is
	asked  bool    // the link by catalogue needs review
}

// Linked says what brought a record into its row.
type Linked string

// Ways to a row.
const (
	ByCatalogue Linked = "catalogue" // the record names the entry of the plan
	ByTitle     Linked = "title"     // its title is like those of the other records
	Alone       Linked = "alone"     // no other report has it
)

// member is an item in its row.
type member struct {
	*item
	by     Linked
	like   float64 // likeness to the nearest title of another report, or sureness of the catalogue's link
	unsure bool    // somebody should look whether it belongs here
}

// nameOf is what a record is called, by whichever field its kind has for it.
func nameOf(r *schema.Record) string {
	for _, field := range titleFields {
		for _, f := range r.Fields[field].All() {
			if f.Text != "" {
				return f.Text
			}
		}
	}
	return ""
}

var titleFields = []string{"title", "name", "task", "content"}

// itemsOf lists the records of a kind that have a title. What a plan calls its
// entries is what the records of other reports were linked to.
func itemsOf(reports []*Report, kind string, same Same) []*item {
	var all []*item
	for i, r := range reports {
		number := ""
		if f := r.Header.Number; f != nil {
			number, _ = f.Value.(string)
		}
		for k := range r.Records {
			rec := &r.Records[k]
			name := nameOf(rec)
			if rec.Kind != kind || name == "" {
				continue
			}
			x := &item{report: i, at: k, record: rec, name: name, title: same.of(title.New(name))}
			if f := rec.Fields["catalogue_ref"].One; f != nil {
				x.ref, _ = f.Value.(string)
				x.sure, x.asked = f.Confidence, f.State == schema.NeedsReview
			} else if n := numberOf(rec); r.Plan && number != "" && n != "" {
				x.ref, x.sure = number+"#"+n, 1
			}
			if x.title.Key == "" {
				continue
			}
			all = append(all, x)
		}
	}
	return all
}

// link brings the items into rows: first those of one entry of a catalogue,
// then the likest titles, and so on down to title.MinLink. A report has a subject
// once, so a row takes one record of each report at most; entries of one
// catalogue are subjects of their own and never meet. The order of the reports
// does not matter.
func link(items []*item) [][]member {
	rows := make([]int, len(items)) // row of each item
	clusters := make([]cluster, len(items))
	for i, x := range items {
		rows[i] = i
		clusters[i] = newCluster(i, x)
	}
	how := make([]member, len(items))
	for i, x := range items {
		how[i] = member{item: x, by: Alone}
	}
	byRef := map[string]int{}
	for i, x := range items {
		if x.ref == "" {
			continue
		}
		first, ok := byRef[x.ref]
		if !ok {
			byRef[x.ref] = i
			continue
		}
		if clusters[rows[first]].fits(&clusters[rows[i]]) {
			merge(clusters, rows, rows[first], rows[i])
			for _, k := range []int{first, i} {
				how[k].by, how[k].like, how[k].unsure = ByCatalogue, items[k].sure, items[k].asked
			}
		}
	}
	pairs := likelyPairs(items)
	rivals := rivalsOf(pairs, len(items))
	for _, p := range pairs {
		a, b := rows[p.a], rows[p.b]
		if a == b {
			continue
		}
		if !clusters[a].fits(&clusters[b]) {
			continue
		}
		for _, k := range []int{p.a, p.b} {
			if how[k].by == Alone {
				how[k].by, how[k].like = ByTitle, p.like
				how[k].unsure = p.like < title.SureLink || p.like < 1 && p.like-rivals[k].without(p, items) < title.MinLead
			}
		}
		merge(clusters, rows, a, b)
	}
	var out [][]member
	for _, c := range clusters {
		if c.items == nil {
			continue
		}
		var row []member
		for _, i := range c.items {
			row = append(row, how[i])
		}
		out = append(out, row)
	}
	return out
}

// cluster is a row that is being put together.
type cluster struct {
	items    []int
	reports  map[int]bool
	catalogs map[string]string // catalogue to its entry
}

func newCluster(i int, x *item) cluster {
	c := cluster{items: []int{i}, reports: map[int]bool{x.report: true}, catalogs: map[string]string{}}
	if plan, _, ok := strings.Cut(x.ref, "#"); ok {
		c.catalogs[plan] = x.ref
	}
	return c
}

// fits reports whether two rows may be one.
func (c *cluster) fits(o *cluster) bool {
	for r := range c.reports {
		if o.reports[r] {
			return false
		}
	}
	for plan, ref := range c.catalogs {
		if other, ok := o.catalogs[plan]; ok && other != ref {
			return false
		}
	}
	return true
}

func merge(clusters []cluster, rows []int, into, from int) {
	a, b := &clusters[into], &clusters[from]
	for _, i := range b.items {
		rows[i] = into
	}
	a.items = append(a.items, b.items...)
	for r := range b.reports {
		a.reports[r] = true
	}
	for plan, ref := range b.catalogs {
		a.catalogs[plan] = ref
	}
	*b = cluster{}
}

// pair is two items of different reports with like titles.
type pair struct {
	a, b int
	like float64
}

// likelyPairs lists the pairs from title.MinLink up, the likest first. To compare all
// titles of a hundred reports letter by letter would take minutes: only titles
// that share a telling word, or are equal but for signs, are looked at.
func likelyPairs(items []*item) []pair {
	titles := make([]title.Title, len(items))
	for i, x := range items {
		titles[i] = x.title
	}
	w := title.NewWeights(titles)
	// Reports repeat titles word for word; each is compared once.
	byKey := map[string][]int{}
	var keys []string
	for i, t := range titles {
		if byKey[t.Key] == nil {
			keys = append(keys, t.Key)
		}
		byKey[t.Key] = append(byKey[t.Key], i)
	}
	sort.Strings(keys)
	like := candidates(keys, byKey, titles, w)
	var pairs []pair
	for _, key := range keys {
		same := byKey[key]
		for n, i := range same {
			for _, k := range same[n+1:] {
				if items[i].report != items[k].report {
					pairs = append(pairs, pair{i, k, 1})
				}
			}
		}
	}
	for _, l := range like {
		for _, i := range byKey[keys[l.a]] {
			for _, k := range byKey[keys[l.b]] {
				if items[i].report != items[k].report {
					pairs = append(pairs, pair{min(i, k), max(i, k), l.like})
				}
			}
		}
	}
	order := func(x *item) string { return x.title.Key }
	slices.SortFunc(pairs, func(p, q pair) int {
		return cmp.Or(cmp.Compare(q.like, p.like), cmp.Compare(order(items[p.a]), order(items[q.a])), cmp.Compare(order(items[p.b]), order(items[q.b])), cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b))
	})
	return pairs
}

// candidates compares the distinct titles.
func candidates(keys []string, byKey map[string][]int, titles []title.Title, w title.Weights) []pair {
	having := map[string][]int{} // piece of a title to the titles that have it
	pieces := make([][]string, len(keys))
	for n, key := range keys {
		pieces[n] = piecesOf(key)
		for _, p := range pieces[n] {
			having[p] = append(having[p], n)
		}
	}
	var out []pair
	shared := make([]int, len(keys))
	for n := range keys {
		clear(shared)
		for _, p := range pieces[n] {
			for _, k := range having[p] {
				if k > n {
					shared[k]++
				}
			}
		}
		for k := n + 1; k < len(keys); k++ {
			// Titles as like as that have a good part of their pieces in common.
			if shared[k]*5 < min(len(pieces[n]), len(pieces[k])) {
				continue
			}
			if s := w.Likeness(titles[byKey[keys[n]][0]], titles[byKey[keys[k]][0]]); s >= title.MinLink {
				out = append(out, pair{n, k, s})
			}
		}
	}
	return out
}

// piecesOf lists the runs of three letters of a text, each once.
func piecesOf(s string) []string {
	if len(s) < 3 {
		return []string{s}
	}
	var all []string
	for i := 0; i+3 <= len(s); i++ {
		all = append(all, s[i:i+3])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// rival lists, for an item, the likest records of each other report.
type rival []pair

func rivalsOf(pairs []pair, n int) []rival {
	all := make([]rival, n)
	for _, p := range pairs {
		all[p.a] = append(all[p.a], p)
		all[p.b] = append(all[p.b], p)
	}
	return all
}

// without returns the likeness of the best other choice beside a pair: another
// record of the report that the pair leads to, that has another title.
func (r rival) without(chosen pair, items []*item) float64 {
	for _, p := range r {
		if p == chosen {
			continue
		}
		for _, end := range [][2]int{{chosen.a, chosen.b}, {chosen.b, chosen.a}} {
			mine, theirs := end[0], end[1]
			other := p.a
			if p.a == mine {
				other = p.b
			} else if p.b != mine {
				continue
			}
			if items[other].report == items[theirs].report && other != theirs {
				return p.like
			}
		}
	}
	return 0
}
