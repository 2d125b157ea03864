package confidence

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/sohoa/sohoa/schema"
)

// Sample is a field of which it is known whether it is right.
type Sample struct {
	schema.Evidence
	Right bool
	// RightWords tells which of its words are right; nil where that is not known.
	RightWords []bool
	// Document names the report that the field is of. Scans of one report have
	// the same name, since what was learnt from one of them says little new about
	// the others.
	Document string
}

// Least counts below which nothing is fitted, or a class gets no part of its
// own. They are what half a day of reviewing gives.
const (
	leastDocuments = 5
	leastFields    = 300
	leastWrong     = 15

	classFields = 80 // of a part of its own
	classWrong  = 3
	curveFields = 200 // of a curve of its own
	curveWrong  = 12
)

// folds is the number of parts that documents are parted into.
const folds = 10

// ErrTooFew is the reason when there is not enough to fit a model to.
var ErrTooFew = errors.New("too few fields are known to be right or wrong")

// ErrNoBetter is the reason when a model fits documents that it has not seen
// no better than the one in use.
var ErrNoBetter = errors.New("the new calibration is no better than the one in use")

// Outcome tells how a fitted model and the one in use compare on the same
// fields. The new one was fitted without the documents that it is judged by.
type Outcome struct {
	New, Old Quality
}

// Quality is how good confidences are, those of cells left out.
type Quality struct {
	LogLoss  float64 // mean of -ln of what was given to what came true, in nats
	ECE      float64 // expected calibration error, fifteen bins
	Accepted float64 // share of the fields that are accepted for the promise
	Right    float64 // share of the accepted ones that are right
}

// Options says how [Fit] goes about it.
type Options struct {
	// Base is the model in use; nil fits from nothing.
	Base *Model
	// Fresh leans on nothing of Base, and compares with nothing.
	Fresh bool
	// Sources are the ones to fit, all when empty. The parts of the others are
	// those of Base.
	Sources []schema.TextSource
	// Precision is the share of the accepted fields that shall be right.
	Precision float64
	// On says in words what the fields are.
	On string
}

// Fit fits a model to fields and compares it with Base, the model in use, whose
// weights those of the new one are pulled towards and whose parts stand in for
// sources and classes that there are too few fields of. With such a base, Fit
// refuses a model that is no better on documents that it was not fitted to; the
// error is [ErrTooFew] or [ErrNoBetter], with the figures.
func Fit(samples []Sample, opt Options) (*Model, Outcome, error) {
	var out Outcome
	samples = opt.wanted(samples)
	if err := enough(samples); err != nil {
		return nil, out, err
	}
	base := opt.base()
	fold := partition(samples)
	odds := unseenOdds(samples, fold, base)
	chance := unseenChances(samples, fold, odds, base)

	m := &Model{Schema: Version, Words: weighWords(samples, base)}
	samples = withWords(samples, m.Words)
	m.addParts(samples, odds, chance, base)
	for _, source := range Sources {
		if m.find(source, Any) == nil {
			return nil, out, fmt.Errorf("%w: none from source %q", ErrTooFew, source)
		}
	}
	judge := func(i int) (float64, bool) {
		return chance[i], chance[i] >= m.Threshold(samples[i].Source, samples[i].Class, opt.Precision)
	}
	out.New = quality(samples, judge)
	m.record(samples, judge, opt.On, base)
	if base != nil && !opt.Fresh {
		out.Old = quality(samples, func(i int) (float64, bool) {
			p := base.Probability(&samples[i].Evidence)
			return p, p >= base.Threshold(samples[i].Source, samples[i].Class, opt.Precision)
		})
		if err := out.better(opt.Precision); err != nil {
			return nil, out, err
		}
	}
	// What was just made must read back: thresholds and odds come from arrays
	// that reading fills.
	data, err := m.Bytes()
	if err != nil {
		return nil, out, err
	}
	m, err = parse(data)
	return m, out, err
}

// fits reports whether a source is one of those to fit.
func (o *Options) fits(source schema.TextSource) bool {
	return len(o.Sources) == 0 || slices.Contains(o.Sources, source)
}

// wanted returns the fields of the sources to fit, in an order that does not hang
// on the one that they came in: it must not decide anything.
func (o *Options) wanted(samples []Sample) []Sample {
	var out []Sample
	for i := range samples {
		if o.fits(samples[i].Source) {
			out = append(out, samples[i])
		}
	}
	slices.SortStableFunc(out, func(a, b Sample) int {
		return cmp.Or(cmp.Compare(a.Document, b.Document), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Class, b.Class), slices.Compare(a.Doubts, b.Doubts))
	})
	return out
}

// base returns the model that the new one leans on, and whose parts stand in for
// those that it gets none of; nil when there is none. A fresh fit has the sources alone that are left out.
func (o *Options) base() *Model {
	if o.Base == nil || !o.Fresh {
		return o.Base
	}
	m := &Model{Schema: Version}
	for _, p := range o.Base.Words {
		if !o.fits(p.Source) {
			m.Words = append(m.Words, p)
		}
	}
	for _, p := range o.Base.Parts {
		if !o.fits(p.Source) {
			m.Parts = append(m.Parts, p)
		}
	}
	for _, f := range o.Base.Sources {
		if !o.fits(f.Source) {
			m.Sources = append(m.Sources, f)
		}
	}
	return m
}

// record writes down what the model was fitted to, all in all and by source. Of
// sources that were not fitted it says what base does.
func (m *Model) record(samples []Sample, judge func(i int) (float64, bool), on string, base *Model) {
	m.Fitted = fittedTo(samples, judge, on)
	for _, source := range Sources {
		var of []Sample
		var at []int
		for i := range samples {
			if samples[i].Source == source {
				of, at = append(of, samples[i]), append(at, i)
			}
		}
		if len(of) > 0 {
			f := fittedTo(of, func(i int) (float64, bool) { return judge(at[i]) }, on)
			m.Sources = append(m.Sources, &SourceFitted{source, f})
		} else if f := base.fitted(source); f != nil {
			m.Sources = append(m.Sources, f)
		}
	}
}

func fittedTo(samples []Sample, judge func(i int) (float64, bool), on string) Fitted {
	q := quality(samples, judge)
	return Fitted{
		On: on, Documents: len(documents(samples)), Fields: len(samples), Wrong: wrong(samples),
		LogLoss: round(q.LogLoss), ECE: round(q.ECE),
	}
}

// unseenOdds are the odds of each field by weights that have not seen its document.
func unseenOdds(samples []Sample, fold []int, base *Model) []float64 {
	odds := make([]float64, len(samples))
	var folded sync.WaitGroup
	for f := range folds {
		folded.Go(func() {
			train, test := split(samples, fold, f)
			words := weighWords(train, base)
			w := weigh(withWords(train, words), base)
			m := &Model{Words: words}
			for _, i := range test {
				odds[i] = w.of(&samples[i]).odds(m.doubts(&samples[i].Evidence))
			}
		})
	}
	folded.Wait()
	return odds
}

// unseenChances are the probabilities of fields with such odds, by curves that have
// not seen their documents either.
func unseenChances(samples []Sample, fold []int, odds []float64, base *Model) []float64 {
	chance := make([]float64, len(samples))
	for f := range folds {
		var seen []int
		for i := range samples {
			if fold[i] != f {
				seen = append(seen, i)
			}
		}
		c := bend(samples, odds, seen, base)
		for i := range samples {
			if fold[i] == f {
				chance[i] = (&Part{Curve: c.of(&samples[i])}).at(odds[i])
			}
		}
	}
	return chance
}

// addParts fits the parts of a model to all fields. Those of base stand in for what
// there are too few fields of.
func (m *Model) addParts(samples []Sample, odds, chance []float64, base *Model) {
	everything := make([]int, len(samples))
	for i := range everything {
		everything[i] = i
	}
	w, c := weigh(samples, base), bend(samples, odds, everything, base)
	for _, source := range Sources {
		own := ladders(samples, chance, source)
		for _, class := range slices.Sorted(maps.Keys(w[source])) {
			m.Parts = append(m.Parts, newPart(samples, source, class, w[source][class], c.at(source, class), own))
		}
		if base == nil {
			continue
		}
		for _, p := range base.Parts {
			if p.Source == source && m.find(source, p.Class) == nil {
				m.Parts = append(m.Parts, p)
			}
		}
	}
}

// better returns [ErrNoBetter] with the figures where the new model is not.
func (o Outcome) better(precision float64) error {
	switch {
	case o.New.LogLoss >= o.Old.LogLoss:
		return fmt.Errorf("%w: log loss %.4f against %.4f on documents not seen", ErrNoBetter, o.New.LogLoss, o.Old.LogLoss)
	case o.New.Right < min(o.Old.Right, precision):
		return fmt.Errorf("%w: of the accepted fields %.2f %% would be right, against %.2f %%", ErrNoBetter, 100*o.New.Right, 100*o.Old.Right)
	case o.Old.Right >= precision && o.New.Accepted < o.Old.Accepted/2:
		// Fewer fields prove less. Where the old one keeps the promise there is no
		// reason to accept so much less.
		return fmt.Errorf("%w: it accepts %.1f %% of the fields, against %.1f %% of which as many are right as promised", ErrNoBetter, 100*o.New.Accepted, 100*o.Old.Accepted)
	}
	return nil
}

// enough refuses fields that nothing can be learnt from.
func enough(samples []Sample) error {
	d, w := len(documents(samples)), wrong(samples)
	if d < leastDocuments || len(samples) < leastFields || w < leastWrong {
		return fmt.Errorf("%w: %d fields of %d documents, %d of them wrong; want %d, %d and %d",
			ErrTooFew, len(samples), d, w, leastFields, leastDocuments, leastWrong)
	}
	return nil
}

func wrong(samples []Sample) int {
	n := 0
	for i := range samples {
		if !samples[i].Right {
			n++
		}
	}
	return n
}

func wrongPoints(points []point) (n int) {
	for _, x := range points {
		if !x.right {
			n++
		}
	}
	return n
}

func documents(samples []Sample) map[string]int {
	out := make(map[string]int)
	for i := range samples {
		out[samples[i].Document]++
	}
	return out
}

// partition gives each field the fold of its document; the folds get about as
// many fields each, the largest documents first.
func partition(samples []Sample) []int {
	size := documents(samples)
	names := slices.SortedFunc(maps.Keys(size), func(a, b string) int { return cmp.Or(cmp.Compare(size[b], size[a]), cmp.Compare(a, b)) })
	var load [folds]int
	of := make(map[string]int)
	for _, n := range names {
		least := 0
		for f := range load {
			if load[f] < load[least] {
				least = f
			}
		}
		of[n] = least
		load[least] += size[n]
	}
	out := make([]int, len(samples))
	for i := range samples {
		out[i] = of[samples[i].Document]
	}
	return out
}

func split(samples []Sample, fold []int, f int) (train []Sample, test []int) {
	for i := range samples {
		if fold[i] == f {
			test = append(test, i)
		} else {
			train = append(train, samples[i])
		}
	}
	return train, test
}

// weightings are the logistic models by source and class.
type weightings map[schema.TextSource]map[string]weighting

func (w weightings) of(s *Sample) *weighting {
	if x, ok := w[s.Source][s.Class]; ok {
		return &x
	}
	x := w[s.Source][Any]
	return &x
}

// weigh fits the logistic models: one to all fields of a source, towards base,
// and one to each class that has enough fields, towards that of the source. Without
// a base, clean texts lean on torn ones: what hardly happens to them weighs as much
// there, not nothing.
func weigh(samples []Sample, base *Model) weightings {
	out := make(weightings)
	parted := make(map[schema.TextSource]map[string][]point)
	for i := range samples {
		s := &samples[i]
		if parted[s.Source] == nil {
			parted[s.Source] = make(map[string][]point)
		}
		x := point{s.Doubts, s.Right}
		if !cells(s.Class) {
			parted[s.Source][Any] = append(parted[s.Source][Any], x)
		}
		parted[s.Source][s.Class] = append(parted[s.Source][s.Class], x)
	}
	for _, source := range Sources {
		classes := parted[source]
		if classes == nil {
			continue
		}
		prior := weighting{4, make([]float64, Count)} // a field without doubts is right
		torn, both := out[schema.FromText]
		switch p := base.known(source, Any); {
		case p != nil:
			prior = weighting{p.Intercept, p.weights[:]}
		case source == CleanText && both:
			prior = torn[Any]
		}
		all := fitLogistic(classes[Any], prior, pull)
		out[source] = map[string]weighting{Any: all}
		for class, list := range classes {
			if class == Any || len(list) < classFields {
				continue
			}
			prior := all
			if p := base.known(source, class); p != nil {
				prior = weighting{p.Intercept, p.weights[:]}
			}
			if wrongPoints(list) < classWrong {
				out[source][class] = prior // a ladder of its own is all that it needs
				continue
			}
			out[source][class] = fitLogistic(list, prior, classPull)
		}
	}
	return out
}

// known is find for models that there may be none of.
func (m *Model) known(source schema.TextSource, class string) *Part {
	if m == nil {
		return nil
	}
	return m.find(source, class)
}

// curves are the curves by source and class.
type curves map[schema.TextSource]map[string][]Point

func (c curves) of(s *Sample) []Point { return c.at(s.Source, s.Class) }

func (c curves) at(source schema.TextSource, class string) []Point {
	if x, ok := c[source][class]; ok {
		return x
	}
	if x, ok := c[source][Any]; ok {
		return x
	}
	return straight()
}

// bend makes the curves from the fields listed.
func bend(samples []Sample, odds []float64, seen []int, base *Model) curves {
	out := make(curves)
	parted := make(map[schema.TextSource]map[string][]scored)
	for _, i := range seen {
		s := &samples[i]
		if parted[s.Source] == nil {
			parted[s.Source] = make(map[string][]scored)
		}
		x := scored{odds[i], s.Right}
		if !cells(s.Class) {
			parted[s.Source][Any] = append(parted[s.Source][Any], x)
		}
		parted[s.Source][s.Class] = append(parted[s.Source][s.Class], x)
	}
	for source, classes := range parted {
		out[source] = make(map[string][]Point)
		for class, list := range classes {
			n := 0
			for _, x := range list {
				if !x.right {
					n++
				}
			}
			switch {
			case len(list) >= curveFields && n >= curveWrong:
				out[source][class] = curveOf(list)
			case class == Any && len(list) >= classFields:
				out[source][class] = curveOf(list)
			case base.known(source, class) != nil:
				out[source][class] = base.known(source, class).Curve
			}
		}
	}
	return out
}

// newPart puts a part together.
func newPart(samples []Sample, source schema.TextSource, class string, w weighting, curve []Point, ladders map[string][]Rung) *Part {
	p := &Part{
		Source: source, Class: class, Intercept: round(w.intercept), Curve: curve, Ladder: ladders[class],
		Weights: make(map[string]float64), Usual: make(map[string]float64),
	}
	var sum [Count]float64
	for i := range samples {
		s := &samples[i]
		if s.Source != source || class != Any && s.Class != class || class == Any && cells(s.Class) {
			continue
		}
		p.Fields++
		if !s.Right {
			p.Wrong++
		}
		for k, x := range s.Doubts {
			sum[k] += x
		}
	}
	for k, v := range w.weights {
		if v = round(v); v > 0 {
			p.Weights[names[k]] = v
			p.Usual[names[k]] = round(sum[k] / float64(max(p.Fields, 1)))
		}
	}
	return p
}

// ladders counts the fields of a source above each probability, by class.
func ladders(samples []Sample, chance []float64, source schema.TextSource) map[string][]Rung {
	type list struct {
		chance []float64
		right  []bool
	}
	lists := make(map[string]*list)
	for i := range samples {
		if samples[i].Source != source {
			continue
		}
		for _, class := range []string{Any, samples[i].Class} {
			if class == Any && cells(samples[i].Class) {
				continue
			}
			if lists[class] == nil {
				lists[class] = new(list)
			}
			l := lists[class]
			l.chance = append(l.chance, round(chance[i]))
			l.right = append(l.right, samples[i].Right)
		}
	}
	out := make(map[string][]Rung)
	for class, l := range lists {
		out[class] = ladderOf(l.chance, l.right)
	}
	return out
}

// quality judges probabilities and decisions.
func quality(samples []Sample, judge func(i int) (chance float64, accepted bool)) Quality {
	const bins = 15
	var q Quality
	var n, accepted, acceptedRight float64
	var count, said, held [bins]float64
	for i := range samples {
		if cells(samples[i].Class) {
			continue
		}
		p, ok := judge(i)
		b := min(int(p*bins), bins-1)
		n++
		count[b]++
		said[b] += p
		if samples[i].Right {
			held[b]++
			q.LogLoss -= math.Log(max(p, 1e-4))
		} else {
			q.LogLoss -= math.Log(max(1-p, 1e-4))
		}
		if ok {
			accepted++
			if samples[i].Right {
				acceptedRight++
			}
		}
	}
	for b := range count {
		q.ECE += math.Abs(held[b]-said[b]) / max(n, 1)
	}
	q.LogLoss /= max(n, 1)
	q.Accepted, q.Right = accepted/max(n, 1), acceptedRight/max(accepted, 1)
	if accepted == 0 {
		q.Right = 1
	}
	return q
}
