package confidence

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// worded makes fields of several words whose own doubts alone decide whether
// they are right.
func worded(n int, seed uint64) []Sample {
	rng := rand.New(rand.NewPCG(seed, 2))
	out := invented(n, seed, 4)
	for i := range out {
		s := &out[i]
		s.Doubts = doubts(nil)
		s.Right = true
		for range 1 + rng.IntN(20) {
			d := make([]float64, WordDoubts)
			d[WordDiffers] = float64(rng.IntN(8) / 7)
			d[WordSlip] = rng.Float64()
			right := rng.Float64() < 1/(1+math.Exp(-(5-2*d[WordDiffers]-d[WordSlip])))
			s.Words = append(s.Words, schema.WordEvidence{Text: "x", Doubts: d})
			s.RightWords = append(s.RightWords, right)
			s.Right = s.Right && right
		}
	}
	return out
}

// A text's chance is the product of those of its words.
func TestWordsMakeTheChanceOfAText(t *testing.T) {
	m, _, err := Fit(worded(6000, 1), Options{Precision: 0.99, On: "invented"})
	if err != nil {
		t.Fatal(err)
	}
	p := m.wordPart(schema.FromOCR)
	if p == nil || math.Abs(p.Weights["differs"]-2) > 0.5 || math.Abs(p.Weights["slip"]-1) > 0.5 || p.Weights["rivals"] != 0 {
		t.Fatalf("words: %+v", p)
	}
	fresh := worded(6000, 2)
	if q := quality(fresh, func(i int) (float64, bool) { return m.Probability(&fresh[i].Evidence), false }); q.ECE > 0.03 {
		t.Errorf("fresh documents: %+v", q)
	}
	sure := schema.Evidence{Source: schema.FromOCR, Class: Long, Doubts: doubts(nil), Words: make([]schema.WordEvidence, 12)}
	for i := range sure.Words {
		sure.Words[i].Doubts = make([]float64, WordDoubts)
	}
	before := m.Probability(&sure)
	sure.Words[3].Doubts[WordDiffers] = 1
	if after := m.Probability(&sure); after > before-0.03 {
		t.Errorf("%.3f with a word that was read in two ways, %.3f without", after, before)
	}
	for i := range sure.Words {
		sure.Words[i].Doubts[WordDiffers] = 1
	}
	if why := m.Why(&sure); len(why) == 0 || why[0] != "second" {
		t.Errorf("why: %q", why)
	}
}

// A calibration that says nothing about words is one as well.
func TestModelWithoutWords(t *testing.T) {
	m := *Default()
	m.Words = nil
	e := schema.Evidence{Source: schema.FromOCR, Class: Short, Doubts: doubts(nil), Words: []schema.WordEvidence{{Text: "x", Doubts: []float64{1}}}}
	if p := m.Probability(&e); !(p > 0.5) {
		t.Errorf("%v", p)
	}
}
