package extract

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

func TestWordEvidence(t *testing.T) {
	for _, c := range []struct {
		text   string
		second string // of the last word
		doubts string // those of the last word that are no score
	}{
		{"không Sợ", "Sợ", "case"},
		{"quý. Sở", "Sở", ""},
		{"Công SỞ", "SỞ", ""},
		{"hồ sơ", "so", "differs letters surer"},
		{"thu:theo", "thu: theo", "differs surer inner"},
		{"quý III", "III", "roman"},
		{"mục 12,5", "12,5", "figures"},
	} {
		texts := strings.Fields(c.text)
		words := make([]word, len(texts))
		for i, text := range texts {
			words[i] = word{text: text, src: &schema.Word{Text: text, Confidence: 0.95, Second: &schema.Alternative{Text: text, Score: 0.97}}}
		}
		last := len(words) - 1
		words[last].src.Second = &schema.Alternative{Text: c.second, Score: 0.97}
		e := gather(newPassage(words))
		var got []string
		for _, d := range []struct {
			at   int
			name string
		}{
			{confidence.WordAlone, "alone"}, {confidence.WordDiffers, "differs"}, {confidence.WordLetters, "letters"}, {confidence.WordSurer, "surer"},
			{confidence.WordFigures, "figures"}, {confidence.WordInner, "inner"}, {confidence.WordRoman, "roman"}, {confidence.WordCase, "case"}, {confidence.WordSign, "sign"},
		} {
			if e.words[last].Doubts[d.at] > 0 {
				got = append(got, d.name)
			}
		}
		if s := strings.Join(got, " "); s != c.doubts {
			t.Errorf("%q, again %q: %q, want %q", c.text, c.second, s, c.doubts)
		}
		if want := strings.Contains(c.doubts, "differs"); (e.Differ == 1) != want {
			t.Errorf("%q, again %q: %d words differ", c.text, c.second, e.Differ)
		}
	}
}

// Both readings are told.
func TestSecondReadingIsAnAlternative(t *testing.T) {
	words := []word{
		{text: "quý", src: &schema.Word{Text: "quý", Confidence: 0.96, Second: &schema.Alternative{Text: "quý", Score: 0.9}}},
		{text: "II", src: &schema.Word{Text: "II", Confidence: 0.9, Second: &schema.Alternative{Text: "III", Score: 0.8}}},
	}
	got := secondReading(newPassage(words))
	if len(got) != 1 || got[0] != (schema.Alternative{Text: "quý III", Score: 0.8}) {
		t.Errorf("%v", got)
	}
	if got := secondReading(newPassage(words[:1])); got != nil {
		t.Errorf("%v", got)
	}
}
