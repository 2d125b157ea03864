package confidence

import (
	"fmt"
	"math"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// A text is right when each of its words is. What is known about a word is a
// list of doubts as well, of which a logistic model for each source makes the
// chance that the word is right. Their product is the doubt [Words] of the
// field: a long text of sure words and a short one with an unsure word no longer
// look alike.

// The doubts about a word, by their place in [schema.WordEvidence.Doubts].
const (
	WordEngine   = iota // 1 - the engine's score
	WordSlip            // ln(1 + a hundred times the odds that words of this score are wrong)
	WordAlone           // it was read once
	WordDiffers         // a second reading has something else in its place
	WordLetters         // likewise, other than in spaces
	WordSurer           // how far the second reading's score is above that of this one, with 0.3 to spare
	WordSecond          // read the same twice: how far the second score is below 0.97
	WordRivals          // probability of all rivals of an unchanged word
	WordRepair          // 1 - the chance that its repairs are right
	WordUnsure          // repair saw damage in it and left it
	WordSurprise        // -ln P of it after the words before it, a tenth
	WordFigures         // it has digits
	WordInner           // letters with a sign in between
	WordRoman           // a roman numeral of two strokes and more
	WordOdd             // signs that reports do not use, digits within words
	WordCase            // a capital that differs from its small letter by size alone, behind a word in small letters
	WordSign            // it ends in a sign, behind which the text goes on
	WordSmall           // how far the print of its page is below 30 pixels high, 0..1
	WordHeight          // how far its first letter is from the height of a capital, or of a small letter, whichever it was read as
	WordMark            // how much likelier other marks on its letters would be, in nats, a tenth; with three nats to spare
	WordSignOdd         // how much likelier another sign or none would be behind it, in nats, a tenth
	WordSignLost        // it has no sign behind it: how much likelier one would be
	WordEnd             // last of its text: share of the column's other texts that end otherwise
	WordDoubts          // how many these are
)

var wordNames = [WordDoubts]string{
	"engine", "slip", "alone", "differs", "letters", "surer", "second", "rivals", "repair", "unsure", "surprise", "figures", "inner", "roman", "odd", "case", "sign", "small",
	"height", "mark", "sign_odd", "sign_lost", "end",
}

// wordReasons are what a reviewer is told when a doubt about a word weighs most.
var wordReasons = [WordDoubts]string{
	"engine", "engine", "engine", "second", "second", "second", "second", "repair", "repair", "repair", "repair", "engine", "engine", "engine", "engine", "engine", "engine", "engine",
	"engine", "engine", "engine", "engine", "engine",
}

// wordReason names what speaks most against the words of a field.
func (m *Model) wordReason(e *schema.Evidence) string {
	p := m.wordPart(e.Source)
	by := make(map[string]float64)
	for _, w := range e.Words {
		for i, x := range w.Doubts[:min(len(w.Doubts), WordDoubts)] {
			by[wordReasons[i]] += p.weights[i] * x
		}
	}
	best := "engine"
	for _, r := range []string{"second", "repair"} {
		if by[r] > by[best] {
			best = r
		}
	}
	return best
}

// WordPart is the model of the words from one source.
type WordPart struct {
	Source schema.TextSource `json:"source"`
	Words  int               `json:"words"`
	Wrong  int               `json:"wrong"`

	// The log odds of being right are Intercept - Σ weight·doubt.
	Intercept float64            `json:"intercept"`
	Weights   map[string]float64 `json:"weights"` // those above zero, by the doubts' names

	weights []float64
}

// check fills the weights and refuses what is no model.
func (p *WordPart) check() error {
	p.weights = make([]float64, WordDoubts)
	for name, w := range p.Weights {
		i := slices.Index(wordNames[:], name)
		if i < 0 {
			return fmt.Errorf("unknown doubt %q about a word", name)
		}
		if !(w >= 0 && w < 1e6) {
			return fmt.Errorf("weight %v of %q is not between 0 and a million", w, name)
		}
		p.weights[i] = w
	}
	return nil
}

func (m *Model) wordPart(source schema.TextSource) *WordPart {
	if m == nil {
		return nil
	}
	for _, p := range m.Words {
		if p.Source == source {
			return p
		}
	}
	return nil
}

// The doubt [Words] is the log odds of a word being wrong, kept between bounds
// and moved so that it begins at zero.
const (
	surestText = -7.0
	oddestText = 4.0
)

// wordsDoubt returns the doubt [Words] of a field, 0 where there is no model or
// nothing to look at.
func (p *WordPart) wordsDoubt(words []schema.WordEvidence) float64 {
	if p == nil || len(words) == 0 {
		return 0
	}
	w := weighting{p.Intercept, p.weights}
	sum := 0.0 // -ln of the chance that all are right
	for i := range words {
		sum += math.Log1p(math.Exp(-w.odds(words[i].Doubts)))
	}
	return max(0, min(math.Log(math.Expm1(sum)), oddestText)-surestText) / 2
}

// doubts returns the doubts of a field with that about its words.
func (m *Model) doubts(e *schema.Evidence) []float64 {
	p := m.wordPart(e.Source)
	if p == nil || len(e.Words) == 0 || len(e.Doubts) <= Words {
		return e.Doubts
	}
	out := slices.Clone(e.Doubts)
	out[Words] = p.wordsDoubt(e.Words)
	return out
}

// wordsOf lists the words of which it is known whether they are right.
func wordsOf(samples []Sample, source schema.TextSource) (out []point) {
	for i := range samples {
		s := &samples[i]
		if s.Source != source || len(s.RightWords) != len(s.Words) {
			continue
		}
		for k := range s.Words {
			out = append(out, point{s.Words[k].Doubts, s.RightWords[k]})
		}
	}
	return out
}

// Least counts of words below which a source gets no model of its own.
const (
	leastWords      = 1000
	leastWrongWords = 20
)

// weighWords fits the models of words, towards those of base, which stand in
// where too little is known.
func weighWords(samples []Sample, base *Model) (out []*WordPart) {
	var torn *WordPart // which clean texts lean on, as in [weigh]
	for _, source := range Sources {
		known := base.wordPart(source)
		list := wordsOf(samples, source)
		wrong := wrongPoints(list)
		if len(list) < leastWords || wrong < leastWrongWords {
			if known != nil {
				out = append(out, known)
			}
			continue
		}
		prior := weighting{4, make([]float64, WordDoubts)}
		switch {
		case known != nil:
			prior = weighting{known.Intercept, known.weights}
		case source == CleanText && torn != nil:
			prior = weighting{torn.Intercept, torn.weights}
		}
		w := fitLogistic(list, prior, pull)
		p := &WordPart{Source: source, Words: len(list), Wrong: wrong, Intercept: round(w.intercept), Weights: make(map[string]float64)}
		for k, v := range w.weights {
			if v = round(v); v > 0 {
				p.Weights[wordNames[k]] = v
			}
		}
		p.weights = w.weights
		out = append(out, p)
		if source == schema.FromText {
			torn = p
		}
	}
	return out
}

// withWords returns the samples with the doubt [Words] by the given models.
func withWords(samples []Sample, words []*WordPart) []Sample {
	m := &Model{Words: words}
	out := slices.Clone(samples)
	for i := range out {
		out[i].Doubts = m.doubts(&out[i].Evidence)
	}
	return out
}
