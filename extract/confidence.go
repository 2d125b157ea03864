package extract

import (
	"math"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// Evidence is everything that a field's confidence is computed from. It is one
// struct so that another model, fitted to truth, can take the place of
// [Evidence.Confidence] without the rest of the package changing.
type Evidence struct {
	Engine     float64 // mean score of the engine for the words, by letters, 0..1
	Weakest    float64 // the lowest of those scores
	Repairs    float64 // the chance that all repairs are right: the product of their scores, in long texts of the worst three
	Repaired   float64 // share of the words that repair changed, 0..1
	Unsure     float64 // share of the words that repair saw damage in and left, 0..1
	Format     float64 // how well the text fits the grammar of its type, 0..1; 1 for plain text
	Position   float64 // how surely the text belongs to this field and record, 0..1; 1 in a known grid
	Marked     bool    // a stamp or handwriting lies on it
	Handwrit   bool    // a person wrote it
	Conflicted bool    // a check speaks against it
	Letters    int     // length of the text
	Copied     bool    // the value is the text itself, which must be right to the letter
}

// longText is the number of words from which on a text is prose that a reader
// takes as a whole rather than a value that must be right to the letter.
const longText = 50

// DefaultThreshold is the confidence below which a field needs review: of the
// fields above it 99 % are right on the documents that it was chosen on.
const DefaultThreshold = 0.9

// Confidence is the calibrated chance that the field is right.
func (e Evidence) Confidence() float64 {
	c := valueCalibration
	if e.Copied {
		c = textCalibration
	}
	return math.Round(1000*c.probability(e.score(), e.Letters)) / 1000
}

// score is set by hand: the product of what each kind of
// evidence leaves of certainty. A word that the engine was sure of counts
// little more than one that it was fairly sure of, since its scores are no
// probabilities; a doubtful repair, a format that does not fit and an uncertain
// place in the table weigh in fully.
func (e Evidence) score() float64 {
	c := cleanScore
	c *= 1 - 0.35*(1-e.Engine)
	c *= 1 - 0.15*(1-e.Weakest)
	c *= 0.15 + 0.85*e.Repairs
	c *= 1 - 0.06*e.Repaired
	c *= 1 - 0.5*e.Unsure
	c *= e.Format
	c *= e.Position
	if e.Marked {
		c *= 0.8
	}
	if e.Handwrit {
		c *= 0.6
	}
	if e.Conflicted {
		c *= 0.7
	}
	return min(max(c, 0), 1)
}

// why names what keeps the confidence down, most telling first.
func (e Evidence) why() []string {
	var out []string
	if e.Handwrit {
		out = append(out, "handwriting")
	}
	if e.Marked && !e.Handwrit {
		out = append(out, "stamp")
	}
	if e.Format < 0.9 {
		out = append(out, "format")
	}
	if e.Position < 0.9 {
		out = append(out, "position")
	}
	if e.Repairs < 0.8 || e.Unsure > 0.1 {
		out = append(out, "repair")
	}
	if e.Engine < 0.75 {
		out = append(out, "engine")
	}
	if e.Conflicted {
		out = append(out, "check")
	}
	return out
}

// gather collects the evidence that the words of a passage carry.
func gather(p passage) Evidence {
	e := Evidence{Engine: 1, Weakest: 1, Repairs: 1, Format: 1, Position: 1}
	letters, sum := 0, 0.0
	repaired, unsure := 0, 0
	var worst []float64
	for _, w := range p.words {
		n := len([]rune(w.text))
		letters += n
		if w.src == nil {
			sum += float64(n)
			continue
		}
		sum += float64(n) * w.src.Confidence
		e.Weakest = min(e.Weakest, w.src.Confidence)
		if len(w.src.Repairs) > 0 {
			repaired++
			score := 1.0
			for _, r := range w.src.Repairs {
				score *= r.Score
			}
			worst = append(worst, score)
		}
		if w.src.Unsure {
			unsure++
		}
		switch w.src.Under {
		case schema.Stamp:
			e.Marked = true
		case schema.Handwriting:
			e.Handwrit = true
		}
	}
	e.Letters = letters
	if letters > 0 {
		e.Engine = sum / float64(letters)
	}
	if n := len(p.words); n > 0 {
		e.Repaired = float64(repaired) / float64(n)
		e.Unsure = float64(unsure) / float64(n)
	}
	// A text is right when every repair of it is: the product is the chance of
	// that. For a long cell it would always be small and say nothing; there the
	// three most doubtful repairs decide.
	slices.Sort(worst)
	if len(p.words) > longText {
		worst = worst[:min(3, len(worst))]
	}
	for _, s := range worst {
		e.Repairs *= s
	}
	return e
}

// makeField builds a field from a passage. change, when not nil, adds what
// only the caller knows to the evidence.
func (b *builder) makeField(value any, p passage, change func(*Evidence)) schema.Field {
	e := gather(p)
	copied, isText := value.(string)
	e.Copied = value == nil || isText && copied == p.text && letters(p.text) > 0
	if change != nil {
		change(&e)
	}
	f := schema.Field{
		Value: value, Text: p.text, Raw: p.raw(), Confidence: e.Confidence(), State: schema.Accepted,
		Boxes: p.places(),
	}
	seen := make(map[*schema.Word]bool)
	for _, w := range p.words {
		if w.src != nil && !seen[w.src] {
			seen[w.src] = true
			f.Repairs = append(f.Repairs, w.src.Repairs...)
		}
		f.Repairs = append(f.Repairs, w.fix...)
	}
	if len(p.words) == 1 && p.words[0].src != nil && p.words[0].text == p.words[0].src.Text {
		f.Alternatives = append(f.Alternatives, p.words[0].src.Alternatives...)
	}
	b.judge(&f, e)
	return f
}

// judge sets a field's state from its confidence.
func (b *builder) judge(f *schema.Field, e Evidence) {
	if f.Confidence < b.threshold || e.Handwrit {
		f.State = schema.NeedsReview
		f.Why = e.why()
		if len(f.Why) == 0 {
			f.Why = []string{"sum"} // no single reason, several small ones
		}
	}
}
