package extract

import (
	"cmp"
	"slices"

	"github.com/sohoa/sohoa/extract/title"
	"github.com/sohoa/sohoa/schema"
)

// Thresholds of likeness, which are those of comparing reports.
const (
	minLink  = title.MinLink
	sureLink = title.SureLink
	minLead  = title.MinLead
)

// likeness compares titles among others, whose words tell how much a word says.
type likeness struct {
	weights title.Weights
	made    map[string]title.Title
}

func newLikeness(lists ...[]string) likeness {
	l := likeness{made: map[string]title.Title{}}
	var all []title.Title
	for _, s := range slices.Concat(lists...) {
		l.made[s] = title.New(s)
		all = append(all, l.made[s])
	}
	l.weights = title.NewWeights(all)
	return l
}

// A titlePair is two titles that may be one: an index into each of two lists.
type titlePair struct {
	a, b  int
	score float64
}

// pairs lists the pairs of two lists of which each title has one partner, the
// likest first, down to least. may tells which can be paired at all.
func (l likeness) pairs(as, bs []string, least float64, may func(a, b int) bool) []titlePair {
	var out []titlePair
	for i, a := range as {
		for k, b := range bs {
			if !may(i, k) {
				continue
			}
			if s := l.weights.Misread(l.made[a], l.made[b]); s >= least {
				out = append(out, titlePair{i, k, s})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b titlePair) int { return cmp.Compare(b.score, a.score) })
	return out
}

// titlesOf are the titles of records, "" where there is none.
func titlesOf(records []schema.Record) []string {
	out := make([]string, len(records))
	for i := range records {
		if f := records[i].Fields["title"].One; f != nil {
			out[i] = f.Text
		}
	}
	return out
}

func entryTitles(entries []CatalogueEntry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Title)
	}
	return out
}
