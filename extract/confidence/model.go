package confidence

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"sort"
	"sync"

	"github.com/sohoa/sohoa/schema"
)

// Version names the JSON form of a [Model].
const Version = "sohoa.confidence/1"

// Model gives fields their confidence. Its JSON form is meant to be read by
// people; see docs/confidence.md.
type Model struct {
	Schema  string          `json:"schema"`            // [Version]
	Fitted  Fitted          `json:"fitted"`            // by the fit that made it
	Sources []*SourceFitted `json:"sources,omitempty"` // each by the fit that its parts are of; files of earlier versions do not tell
	Words   []*WordPart     `json:"words,omitempty"`   // by source
	Parts   []*Part         `json:"parts"`             // by source and class
}

// Fitted says what a model was fitted to, and how good it is on documents that
// it has not seen.
type Fitted struct {
	On        string  `json:"on"`        // in words
	Documents int     `json:"documents"` // parted into folds so that scans of one report stay together
	Fields    int     `json:"fields"`
	Wrong     int     `json:"wrong"`
	LogLoss   float64 `json:"log_loss"` // mean over the fields, in nats, of documents not seen
	ECE       float64 `json:"ece"`      // likewise
}

// SourceFitted is [Fitted] for the fields from one source.
type SourceFitted struct {
	Source schema.TextSource `json:"source"`
	Fitted
}

// fitted returns what the parts of a source were fitted to, nil where nobody knows.
func (m *Model) fitted(source schema.TextSource) *SourceFitted {
	if m == nil {
		return nil
	}
	for _, f := range m.Sources {
		if f.Source == source {
			return f
		}
	}
	return nil
}

// Part is the model of one class of fields from one source.
type Part struct {
	Source schema.TextSource `json:"source"`
	Class  string            `json:"class"` // [Any] is for classes that the source has no part of
	Fields int               `json:"fields"`
	Wrong  int               `json:"wrong"`

	// The log odds of being right are Intercept - Σ weight·doubt.
	Intercept float64            `json:"intercept"`
	Weights   map[string]float64 `json:"weights"`         // those above zero, by the doubts' names
	Usual     map[string]float64 `json:"usual,omitempty"` // mean of each doubt that has a weight

	Curve  []Point `json:"curve"`  // probability by log odds, rising; straight in between and flat beyond
	Ladder []Rung  `json:"ladder"` // from the surest down

	weights, usual [Count]float64
}

// Point is a point of the curve from log odds to probability.
type Point struct {
	Odds        float64 `json:"odds"` // natural logarithm
	Probability float64 `json:"p"`
}

// Rung counts the fields of documents not seen that had at least a probability.
type Rung struct {
	From   float64 `json:"from"`
	Fields int     `json:"fields"`
	Wrong  int     `json:"wrong"`
}

//go:embed model.json
var shipped []byte

// Default returns the model that the program comes with.
var Default = sync.OnceValue(func() *Model {
	m, err := parse(shipped)
	if err != nil {
		panic("shipped confidence model: " + err.Error()) // a broken build
	}
	return m
})

// Read reads a model file that [Fit] made.
func Read(path string) (*Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading calibration: %w", err)
	}
	m, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("reading calibration %s: %w", path, err)
	}
	return m, nil
}

func parse(data []byte) (*Model, error) {
	m := new(Model)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, err
	}
	if m.Schema != Version {
		return nil, fmt.Errorf("schema %q, want %q", m.Schema, Version)
	}
	for _, f := range m.Sources {
		if f == nil {
			return nil, errors.New("an empty part")
		}
	}
	for _, p := range m.Words {
		if p == nil {
			return nil, errors.New("an empty part")
		}
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("words of %s: %w", p.Source, err)
		}
	}
	for _, p := range m.Parts {
		if p == nil {
			return nil, errors.New("an empty part")
		}
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("%s, %s: %w", p.Source, p.Class, err)
		}
	}
	for _, source := range Sources {
		if m.find(source, Any) == nil {
			return nil, fmt.Errorf("no part for all fields of source %q", source)
		}
	}
	return m, nil
}

// check fills the arrays and refuses what is no model: a file may have been
// edited by hand.
func (p *Part) check() error {
	for name, w := range p.Weights {
		i := slices.Index(names[:], name)
		if i < 0 {
			return fmt.Errorf("unknown doubt %q", name)
		}
		if !(w >= 0 && w < 1e6) {
			return fmt.Errorf("weight %v of %q is not between 0 and a million", w, name)
		}
		p.weights[i] = w
	}
	for name, v := range p.Usual {
		i := slices.Index(names[:], name)
		if i < 0 {
			return fmt.Errorf("unknown doubt %q", name)
		}
		p.usual[i] = v
	}
	if len(p.Curve) == 0 {
		return fmt.Errorf("no curve")
	}
	for i, c := range p.Curve {
		if !(c.Probability > 0 && c.Probability < 1) {
			return fmt.Errorf("probability %v is not between 0 and 1", c.Probability)
		}
		if i > 0 && (c.Odds <= p.Curve[i-1].Odds || c.Probability < p.Curve[i-1].Probability) {
			return fmt.Errorf("the curve does not rise at log odds %v", c.Odds)
		}
	}
	for i, r := range p.Ladder {
		if i > 0 && (r.From >= p.Ladder[i-1].From || r.Fields < p.Ladder[i-1].Fields || r.Wrong < p.Ladder[i-1].Wrong) || r.Wrong > r.Fields {
			return fmt.Errorf("the ladder does not go down at %v", r.From)
		}
	}
	return nil
}

// Bytes returns the model as [Read] reads it, one line a part.
func (m *Model) Bytes() ([]byte, error) {
	var b bytes.Buffer
	fitted, err := json.Marshal(m.Fitted)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, "{\n \"schema\": %q,\n \"fitted\": %s,\n", m.Schema, fitted)
	if len(m.Sources) > 0 {
		if err := writeLines(&b, "sources", m.Sources, " ],\n"); err != nil {
			return nil, err
		}
	}
	if len(m.Words) > 0 {
		if err := writeLines(&b, "words", m.Words, " ],\n"); err != nil {
			return nil, err
		}
	}
	if err := writeLines(&b, "parts", m.Parts, " ]\n}\n"); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// writeLines writes a list under its key, a line for each element, and what follows.
func writeLines[T any](b *bytes.Buffer, key string, list []T, end string) error {
	fmt.Fprintf(b, " %q: [\n", key)
	for i, p := range list {
		line, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("writing calibration: %w", err)
		}
		b.WriteString("  ")
		b.Write(line)
		if i+1 < len(list) {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString(end)
	return nil
}

func (m *Model) find(source schema.TextSource, class string) *Part {
	for _, p := range m.Parts {
		if p.Source == source && p.Class == class {
			return p
		}
	}
	return nil
}

// part returns the part for a class, that of the whole source where the class
// had too few fields for one of its own.
func (m *Model) part(source schema.TextSource, class string) *Part {
	if p := m.find(source, class); p != nil {
		return p
	}
	if p := m.find(source, Any); p != nil {
		return p
	}
	return m.find(schema.FromOCR, Any)
}

// Probability returns how likely the field with this evidence is right, 0..1,
// rounded to ten-thousandths.
func (m *Model) Probability(e *schema.Evidence) float64 {
	p := m.part(e.Source, e.Class)
	return round(p.at(p.odds(m.doubts(e))))
}

// odds are the log odds before the curve.
func (p *Part) odds(doubts []float64) float64 {
	sum := p.Intercept
	for i, x := range doubts[:min(len(doubts), Count)] {
		sum -= p.weights[i] * x
	}
	return sum
}

// at reads the curve.
func (p *Part) at(odds float64) float64 {
	c := p.Curve
	i, _ := slices.BinarySearchFunc(c, odds, func(a Point, x float64) int {
		switch {
		case a.Odds < x:
			return -1
		case a.Odds > x:
			return 1
		}
		return 0
	})
	switch {
	case i == 0:
		return c[0].Probability
	case i == len(c):
		return c[i-1].Probability
	}
	a, b := c[i-1], c[i]
	return a.Probability + (b.Probability-a.Probability)*(odds-a.Odds)/(b.Odds-a.Odds)
}

// A promise is about all accepted fields together, and is kept when fields of
// each class are accepted down to the same probability. No class pays for
// another without limit, though: the accepted fields of one class may be wrong
// [leniency] times as often as promised, and a field that is wrong eight times
// as often as promised is never accepted.
const (
	leniency   = 3
	farthest   = 8
	strictness = 0.1
)

// Threshold returns the confidence from which fields of a class are accepted
// when the promise is that a share of precision of them is right. It is the
// lower of two rungs: the lowest of the class's own ladder on which the
// one-sided bound of Wilson (95 %) keeps the promise, and the lowest of the ladder of its whole
// source, as long as of the class's own fields no more were wrong than the
// promise allows with leniency. Of sums and numbers a tenth of what is promised
// may be wrong. It is above 1 when nothing can be accepted.
func (m *Model) Threshold(source schema.TextSource, class string, precision float64) float64 {
	p, all := m.part(source, class), m.part(source, Any)
	own, above := p.proven(precision), 0.0
	if Strict(class) {
		var strict []*Part
		for _, p := range m.Parts {
			if p.Source == source && Strict(p.Class) {
				strict = append(strict, p)
			}
		}
		above = p.allowed(strict, strictness*(1-precision), precision)
	}
	if p == all || cells(class) {
		return max(own, above)
	}
	common := max(all.proven(precision), p.allowed([]*Part{all}, leniency*(1-precision), precision))
	return max(min(own, common), above)
}

// proven returns the lowest rung of the ladder on which the true share of right fields
// lies below precision in one of twenty cases only, by the one-sided bound of
// Wilson; 2 when there is none.
func (p *Part) proven(precision float64) float64 {
	best := 2.0
	for _, r := range p.Ladder {
		if r.From < lowest(precision) {
			break
		}
		if low, _ := interval(r.Fields-r.Wrong, r.Fields, 1.644853626951473); r.Fields > 0 && low >= precision {
			best = r.From
		}
	}
	return best
}

// allowed returns the lowest rung of the ladder on which a share of wrong fields may
// be wrong, 2 when there is none. Whether two or three of a class's 2,900 fields are
// wrong is chance, and of 100 fields one. So the class is lent fields of a pool that
// it is part of, as many as may have one wrong among them, with the share that
// is wrong in the pool from that probability on.
func (p *Part) allowed(pool []*Part, wrong, precision float64) float64 {
	best := 2.0
	for _, r := range p.Ladder {
		if r.From < lowest(precision) {
			break
		}
		var all Rung
		for _, other := range pool {
			o := other.above(r.From)
			all.Fields, all.Wrong = all.Fields+o.Fields, all.Wrong+o.Wrong
		}
		lent := 1 / wrong
		if float64(r.Wrong)+lent*float64(all.Wrong)/float64(max(all.Fields, 1)) <= wrong*(float64(r.Fields)+lent) {
			best = r.From
		}
	}
	return best
}

// above returns the rung of the ladder that counts all fields of at least a probability,
// with those that lie above the next rung: ladders are thinned.
func (p *Part) above(from float64) Rung {
	n := len(p.Ladder)
	if n == 0 {
		return Rung{}
	}
	i := sort.Search(n, func(i int) bool { return p.Ladder[i].From <= from })
	return p.Ladder[min(i, n-1)]
}

// lowest is the probability below which nothing is accepted.
func lowest(precision float64) float64 { return 1 - farthest*(1-precision) }

// Wilson returns the lower bound of the 95 % score interval of Wilson (1927)
// for hits of n trials: what the true share hardly lies below. It is 0 for no
// trials.
func Wilson(hits, n int) float64 { low, _ := Interval(hits, n); return low }

// Interval returns both ends of the 95 % score interval of Wilson (1927), 0 and
// 1 for no trials.
func Interval(hits, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	return interval(hits, n, 1.959963984540054)
}

func interval(hits, n int, z float64) (low, high float64) {
	p, m := float64(hits)/float64(n), float64(n)
	centre := p + z*z/(2*m)
	spread := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, (centre-spread)/(1+z*z/m)), min(1, (centre+spread)/(1+z*z/m))
}
