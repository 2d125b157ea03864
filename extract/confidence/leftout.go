package confidence

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// Judged is a field as it is judged by a model that was fitted without its document:
// weights, curve and threshold all come from others.
type Judged struct {
	Source   schema.TextSource
	Class    string
	Document string // as of [Sample]
	Chance   float64
	Accepted bool
	Right    bool
}

// LeftOut tells how good confidences are of documents that were left out.
type LeftOut struct {
	Name      string // of the class, or of the document
	Documents int
	Fields    int
	Right     float64 // share of the fields
	Said      float64 // mean confidence
	Quality
	Wrong int // of the accepted ones
	// Low and High are the bounds that the share of right among accepted fields lies
	// between in nine of ten draws of documents with replacement. Errors come
	// together: a column that was taken for another is wrong in all its rows.
	Low, High float64
}

// LeaveOut judges each field by a model that was fitted without its document, with
// the options that [Fit] takes. The error is [ErrTooFew].
func LeaveOut(samples []Sample, opt Options) ([]Judged, error) {
	samples = opt.wanted(samples)
	if err := enough(samples); err != nil {
		return nil, err
	}
	base := opt.base()
	fold := partition(samples)
	chance := unseenChances(samples, fold, unseenOdds(samples, fold, base), base)
	return unseen(samples, fold, chance, opt.Precision), nil
}

// unseen judges all fields by thresholds that know nothing of their fold.
func unseen(samples []Sample, fold []int, chance []float64, precision float64) []Judged {
	out := make([]Judged, 0, len(samples))
	for f := range folds {
		others, left := make([]Sample, 0, len(samples)), make([]float64, 0, len(samples))
		for i := range samples {
			if fold[i] != f {
				others, left = append(others, samples[i]), append(left, chance[i])
			}
		}
		m := new(Model)
		for _, source := range Sources {
			for class, rungs := range ladders(others, left, source) {
				m.Parts = append(m.Parts, &Part{Source: source, Class: class, Ladder: rungs})
			}
		}
		limit := make(map[schema.TextSource]map[string]float64)
		for i := range samples {
			s := &samples[i]
			if fold[i] != f || cells(s.Class) || m.part(s.Source, s.Class) == nil {
				continue
			}
			if limit[s.Source] == nil {
				limit[s.Source] = make(map[string]float64)
			}
			at, ok := limit[s.Source][s.Class]
			if !ok {
				at = m.Threshold(s.Source, s.Class, precision)
				limit[s.Source][s.Class] = at
			}
			p := round(chance[i])
			sent := len(s.Doubts) > Rule && s.Doubts[Rule]+s.Doubts[Handwriting] > 0
			out = append(out, Judged{s.Source, s.Class, s.Document, p, p >= at && !sent, s.Right})
		}
	}
	return out
}

// ByClass gathers judged fields by source and class, each source as a whole first.
func ByClass(fields []Judged) []LeftOut {
	return gathered(fields, func(j *Judged) []string { return []string{string(j.Source), string(j.Source) + " " + j.Class} })
}

// ByDocument gathers judged fields by the documents that they are of.
func ByDocument(fields []Judged) []LeftOut {
	return gathered(fields, func(j *Judged) []string { return []string{j.Document} })
}

func gathered(fields []Judged, names func(*Judged) []string) []LeftOut {
	by := make(map[string][]Judged)
	for i := range fields {
		for _, n := range names(&fields[i]) {
			by[n] = append(by[n], fields[i])
		}
	}
	var out []LeftOut
	for name, list := range by {
		out = append(out, leftOut(name, list))
	}
	slices.SortFunc(out, func(a, b LeftOut) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func leftOut(name string, fields []Judged) LeftOut {
	samples := make([]Sample, len(fields))
	r := LeftOut{Name: name, Fields: len(fields)}
	documents := make(map[string]*Rung) // accepted fields and wrong ones among them
	for i, j := range fields {
		samples[i].Right = j.Right
		r.Said += j.Chance / float64(len(fields))
		if j.Right {
			r.Right += 1 / float64(len(fields))
		}
		if documents[j.Document] == nil {
			documents[j.Document] = new(Rung)
		}
		if j.Accepted {
			documents[j.Document].Fields++
			if !j.Right {
				documents[j.Document].Wrong++
				r.Wrong++
			}
		}
	}
	r.Documents = len(documents)
	r.Quality = quality(samples, func(i int) (float64, bool) { return fields[i].Chance, fields[i].Accepted })
	r.Low, r.High = drawn(documents)
	return r
}

// draws is how often documents are drawn anew for an interval.
const draws = 1000

// drawn returns the bounds that the share of right among accepted fields lies between
// in nine of ten draws of as many documents.
func drawn(documents map[string]*Rung) (low, high float64) {
	var names []string
	for n, r := range documents {
		if r.Fields > 0 {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return 0, 1
	}
	slices.Sort(names)
	rng := rand.New(rand.NewPCG(1, uint64(len(names))))
	shares := make([]float64, draws)
	for d := range shares {
		var all Rung
		for range names {
			r := documents[names[rng.IntN(len(names))]]
			all.Fields, all.Wrong = all.Fields+r.Fields, all.Wrong+r.Wrong
		}
		shares[d] = 1 - float64(all.Wrong)/float64(all.Fields)
	}
	slices.Sort(shares)
	return shares[draws/20], shares[draws-1-draws/20]
}
