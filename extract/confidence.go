package extract

import (
	"math"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

// Evidence is what a field's words and the way it was found say about it.
// [rater.doubts] makes of it the doubts that package confidence weighs.
type Evidence struct {
	Engine    float64 // mean score of the engine for the words, by letters, 0..1
	Weakest   float64 // the lowest of those scores
	Slips     float64 // words that the engine's scores lead one to expect wrong; see [slip]
	Repairs   float64 // the chance that all repairs are right: the product of their scores
	Changed   int     // words that repair changed
	Rivals    float64 // -ln of the chance that no rival of an unchanged word is right
	Rival     float64 // the highest probability of one such rival
	Unsure    int     // words that repair saw damage in and left
	Stamped   float64 // share of the words under a stamp
	Handwrit  float64 // share of the words that a person wrote
	Format    float64 // how well the text fits the grammar of its type, 0..1; 1 for plain text
	Position  float64 // how surely the text belongs to this field and record, 0..1; 1 in a known grid
	Words     int     // words and signs between white space
	Letters   int     // letters and digits
	Romans    int     // roman numerals of two strokes and more, whose strokes engines miscount
	Odd       int     // signs that reports do not use, digits within words
	Height    float64 // mean height of the words' boxes in pixels; 0 for text input
	Page      int     // first page that it stands on; 0 when on none
	Differ    int     // words that a second reading has otherwise
	Unwritten bool    // the value is understood from the words rather than copied from them

	words []schema.WordEvidence
	heads []bool // by word: it begins a line, behind another one
}

// mended leaves what repair did out of account: a grammar that tolerates
// damage itself has read the text.
func (e *Evidence) mended() {
	e.Repairs, e.Changed, e.Rivals, e.Rival, e.Unsure = 1, 0, 0, 0, 0
	for i := range e.words {
		for _, k := range []int{confidence.WordRivals, confidence.WordRepair, confidence.WordUnsure} {
			e.words[i].Doubts[k] = 0
		}
	}
	e.Unwritten = true
}

// DefaultThreshold is the score from which a link to a catalogue's title is as
// good as the title itself; see [Link].
const DefaultThreshold = 0.9

// DefaultPrecision is the share of accepted fields that is promised to be
// right.
const DefaultPrecision = 0.99

// gather collects the evidence that the words of a passage carry.
func gather(p passage) Evidence {
	e := Evidence{Engine: 1, Weakest: 1, Repairs: 1, Format: 1, Position: 1, Words: len(p.words)}
	sum, high, boxes, stamped, written := 0.0, 0, 0, 0, 0
	for i, w := range p.words {
		n := 0
		for _, r := range w.text {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				n++
			}
		}
		e.Letters += n
		e.Odd += odd(w.text)
		if roman(w.text) {
			e.Romans++
		}
		e.words = append(e.words, wordEvidence(p.words, i))
		e.heads = append(e.heads, i > 0 && w.line >= 0 && w.line != p.words[i-1].line)
		if e.Page == 0 {
			e.Page = w.page
		}
		if w.src == nil {
			sum += float64(n)
			continue
		}
		sum += float64(n) * w.src.Confidence
		if w.src.Second != nil && w.src.Second.Text != w.src.Text {
			e.Differ++
		}
		e.Weakest = min(e.Weakest, w.src.Confidence)
		e.Slips += Slip(w.src.Confidence)
		if len(w.src.Repairs) > 0 {
			e.Changed++
			for _, r := range w.src.Repairs {
				e.Repairs *= r.Score
			}
		} else if len(w.src.Alternatives) > 0 {
			rival := rivals(w.src)
			e.Rival = max(e.Rival, rival)
			e.Rivals -= math.Log(1 - rival)
		}
		if w.src.Unsure {
			e.Unsure++
		}
		if !w.src.Box.Empty() {
			high += w.src.Box.Height()
			boxes++
		}
		switch w.src.Under {
		case schema.Stamp:
			stamped++
		case schema.Handwriting:
			written++
		}
	}
	e.measureCapitals(p.words)
	if e.Letters > 0 {
		e.Engine = sum / float64(e.Letters)
	}
	if boxes > 0 {
		e.Height = float64(high) / float64(boxes)
	}
	e.Odd += unpaired(p.text)
	if n := float64(len(p.words)); n > 0 {
		e.Stamped, e.Handwrit = float64(stamped)/n, float64(written)/n
	}
	return e
}

// slips gives the odds of a word being wrong by the engine's score of it, as
// counted on recordings of Tesseract; straight in between. Scores of right words
// lie between 0.93 and 0.97.
var slips = [...]struct{ score, odds float64 }{
	{0.60, 0.11}, {0.80, 0.06}, {0.90, 0.03}, {0.93, 0.012}, {0.955, 0.0066}, {0.965, 0.0024}, {0.97, 0.002},
}

// Slip returns how likely a word is wrong by the engine's score for it, 0..1; 0 for a
// score of 1, which words have that no engine read.
func Slip(score float64) float64 {
	if score >= 1 {
		return 0
	}
	for i, s := range slips {
		if score > s.score {
			continue
		}
		if i == 0 {
			return s.odds
		}
		low := slips[i-1]
		return low.odds + (s.odds-low.odds)*(score-low.score)/(s.score-low.score)
	}
	return slips[len(slips)-1].odds
}

// unpaired counts the quotes and brackets of a text that have no partner.
func unpaired(text string) int {
	apart := func(open, shut string) int {
		n := strings.Count(text, open) - strings.Count(text, shut)
		return max(n, -n)
	}
	// „ closes with either of the other two.
	return apart("(", ")") + min(apart("“", "”"), apart("„", "”"), apart("„", "“")) + strings.Count(text, "\"")%2 + strings.Count(text, "„")
}

// odd counts the characters of a word that printed reports hardly use, and the
// places where letters and other characters meet as they hardly do: "ứng
// cứu.sự", "hồ SơA", "1l0". Codes, units and names such as VNeID are no reason
// to look.
func odd(word string) (n int) {
	if strings.ContainsAny(word, "/@") {
		return strings.Count(word, "|")
	}
	code := strings.Contains(word, "-") || strings.ToUpper(word) == word
	rs := []rune(word)
	for i, r := range rs {
		switch {
		case strings.ContainsRune("|_~^{}[]\\#$¢¥§€£@*`'‘’<>=°", r):
			n++
		case i == 0 || code:
		case unicode.IsLower(rs[i-1]) && unicode.IsUpper(r) && !strings.HasPrefix(word, "VN"):
			n++
		case len(rs) > 3 && unicode.IsDigit(r) != unicode.IsDigit(rs[i-1]) && (unicode.IsLower(r) || unicode.IsLower(rs[i-1])):
			n++
		case i+1 < len(rs) && strings.ContainsRune(".,:;", r) && unicode.IsLower(rs[i-1]) && unicode.IsLetter(rs[i+1]):
			n++
		}
	}
	return n
}

// unfit is the fit to a grammar at which no calibration is asked: a digit is
// unknown, a stroke is missing, a sum is torn. A person has to look.
const unfit = 0.5

// secondReading returns what a passage would be by the second readings of its
// words, nothing where they say the same.
func secondReading(p passage) []schema.Alternative {
	var texts []string
	differs, score := false, 1.0
	for _, w := range p.words {
		text := w.text
		if w.src != nil && w.src.Second != nil && w.src.Text == w.text && w.src.Second.Text != w.text {
			text, differs = w.src.Second.Text, true
			score = min(score, w.src.Second.Score)
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	if !differs || len(texts) == 0 {
		return nil
	}
	return []schema.Alternative{{Text: strings.Join(texts, " "), Score: round3(score)}}
}

// makeField builds a field from a passage. change, when not nil, adds what
// only the caller knows to the evidence. Its confidence comes last, when all is
// known; see [builder.assess].
func (b *builder) makeField(value any, p passage, change func(*Evidence)) schema.Field {
	e := gather(p)
	copied, isText := value.(string)
	e.Unwritten = !(value == nil || isText && copied == p.text && letters(p.text) > 0)
	if change != nil {
		change(&e)
	}
	f := schema.Field{
		Value: value, Text: p.text, Raw: p.raw(), Confidence: round3(e.Format * e.Position * min(e.Repairs, 0.98)), State: schema.Accepted,
		Boxes: p.places(), Evidence: b.rater.doubts(e, p.text),
	}
	if e.Format <= unfit {
		f.State, f.Why = schema.NeedsReview, []string{"format"}
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
	if !e.Unwritten {
		f.Alternatives = append(f.Alternatives, secondReading(p)...)
	}
	return f
}
