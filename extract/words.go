package extract

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// secondScore is what right words score when they are read again.
const secondScore = 0.97

// wordEvidence collects what speaks against word i; what the language says of it
// comes later, see [Evidence.surprised].
func wordEvidence(words []word, i int) schema.WordEvidence {
	w := words[i]
	d := make([]float64, confidence.WordDoubts)
	letters, digits, inner := 0, 0, 0
	for i, r := range w.text {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		case i > 0 && letters+digits > 0 && i < len(strings.TrimRightFunc(w.text, unicode.IsPunct)):
			inner++
		}
	}
	if digits > 0 {
		d[confidence.WordFigures] = 1
	}
	if letters > 0 && inner > 0 {
		d[confidence.WordInner] = 1
	}
	if roman(w.text) {
		d[confidence.WordRoman] = 1
	}
	if i > 0 && oddCapital(words[i-1].text, w.text) {
		d[confidence.WordCase] = 1
	}
	if i+1 < len(words) && strings.ContainsAny(lastOf(w.text), ".,:;-") {
		d[confidence.WordSign] = 1
	}
	d[confidence.WordOdd] = math.Log1p(float64(odd(w.text)))
	if src := w.src; src != nil {
		ofSource(d, src)
	}
	for i, v := range d {
		d[i] = math.Round(v*1e4) / 1e4
	}
	return schema.WordEvidence{Text: w.text, Doubts: d}
}

// ofSource adds what engine and repair say of a word.
func ofSource(d []float64, w *schema.Word) {
	d[confidence.WordEngine] = 1 - w.Confidence
	d[confidence.WordSlip] = math.Log1p(100 * Slip(w.Confidence))
	switch second := w.Second; {
	case second == nil && w.Confidence < 1:
		d[confidence.WordAlone] = 1
	case second == nil:
	case second.Text == w.Text:
		d[confidence.WordSecond] = max(0, secondScore-second.Score)
	default:
		d[confidence.WordDiffers] = 1
		d[confidence.WordSurer] = max(0, second.Score-w.Confidence+0.3)
		if strings.ReplaceAll(second.Text, " ", "") != strings.ReplaceAll(w.Text, " ", "") {
			d[confidence.WordLetters] = 1
		}
	}
	if len(w.Repairs) > 0 {
		sure := 1.0
		for _, r := range w.Repairs {
			sure *= r.Score
		}
		d[confidence.WordRepair] = 1 - sure
	} else {
		d[confidence.WordRivals] = rivals(w)
	}
	if w.Unsure {
		d[confidence.WordUnsure] = 1
	}
}

// oddCapital reports whether a word begins with a capital whose small letter has
// the same shape, behind a word in small letters that ends no sentence. Engines
// scale lines to one height and confuse the two.
func oddCapital(before, text string) bool {
	first, n := utf8.DecodeRuneInString(norm.NFD.String(text))
	rest := []rune(text)
	if n == 0 || !strings.ContainsRune("COSVXZ", first) || len(rest) > 1 && unicode.IsUpper(rest[1]) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	return before == strings.ToLower(before) && unicode.IsLetter(last)
}

// measureCapitals says of first letters whose height tells capitals from small
// letters how far they are from the height that they should have.
func (e *Evidence) measureCapitals(words []word) {
	size, ok := sizeOfPrint(words)
	if !ok {
		return
	}
	for i := range words {
		high, ok := capitalHeight(words, i, size)
		if !ok {
			continue
		}
		d := e.words[i].Doubts
		d[confidence.WordCase] = 0
		if first, _ := utf8.DecodeRuneInString(words[i].text); unicode.IsUpper(first) {
			high = 1 - high
		}
		d[confidence.WordHeight] = round4(offHeight(high))
	}
}

// offHeight is how far a first letter is from the height that it should have,
// as a share of the difference between capitals and small letters; boxes are
// sharp to a pixel.
func offHeight(share float64) float64 { return min(max(0, share-0.25), 1) }

// lastOf returns the last character of a text.
func lastOf(text string) string {
	_, n := utf8.DecodeLastRuneInString(text)
	return text[len(text)-n:]
}

// rivals is the probability that one of a word's rivals is right.
func rivals(w *schema.Word) float64 {
	sum := 0.0
	for _, a := range w.Alternatives {
		sum += a.Score
	}
	return min(sum, 0.95)
}

// roman reports whether a word is a roman numeral of two strokes and more.
func roman(text string) bool {
	t := strings.Trim(text, " .,;:()")
	return len(t) > 1 && strings.Trim(t, "IVX") == ""
}

// surprised takes what the language model says of each run of characters
// between white space.
func (e *Evidence) surprised(costs []float64) {
	for i := range e.words {
		n := len(strings.Fields(e.words[i].Text))
		if n > len(costs) {
			return
		}
		for _, c := range costs[:n] {
			d := &e.words[i].Doubts[confidence.WordSurprise]
			*d = max(*d, math.Round(c*1e3)/1e4)
		}
		costs = costs[n:]
	}
}

// likelyCapitals takes what is known of how words are written: "Sở" may well have
// a capital, "Vật" hardly.
func (e *Evidence) likelyCapitals(share func(word string) float64) {
	for i := range e.words {
		if d := e.words[i].Doubts; d[confidence.WordCase] > 0 {
			d[confidence.WordCase] = round4(max(0, -math.Log(share(e.words[i].Text)+rarest)-usualCapital))
		}
	}
}

// Words with a capital in one of seven places, -ln of which is usualCapital, are
// no reason to look; rarest stands in for never.
const usualCapital, rarest = 2, 0.002

// rivalled takes what the text around says of each run of characters between
// white space.
func (e *Evidence) rivalled(rivals []normalize.Rival) {
	for i := range e.words {
		n := len(strings.Fields(e.words[i].Text))
		if n > len(rivals) {
			return
		}
		if n == 0 {
			continue
		}
		d := e.words[i].Doubts
		for _, r := range rivals[:n] {
			d[confidence.WordMark] = max(d[confidence.WordMark], math.Round(1e3*(r.Mark+spareMark))/1e4)
		}
		if gain := rivals[n-1].Sign; gain > 0 {
			at := confidence.WordSignLost
			if strings.ContainsAny(lastOf(e.words[i].Text), ".,:;") {
				at = confidence.WordSignOdd
			}
			d[at] = math.Round(1e3*gain) / 1e4
		}
		rivals = rivals[n:]
	}
}

// spareMark is how much likelier than its rivals, in nats, a word has to be for
// them to be out of the question.
const spareMark = 3

// seam is the highest cost of a word that begins a line behind another one: where
// columns ran together, cells are put together wrongly at the ends of lines.
func (e *Evidence) seam(costs []float64) (most float64) {
	for i := range e.words {
		n := len(strings.Fields(e.words[i].Text))
		if n > len(costs) {
			return most
		}
		if n > 0 && e.heads[i] {
			most = max(most, costs[0])
		}
		costs = costs[n:]
	}
	return most
}
