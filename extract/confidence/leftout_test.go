package confidence

import (
	"errors"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestLeaveOutKnowsNothingOfTheDocument(t *testing.T) {
	samples := invented(7200, 5, 4)
	// One document is wrong throughout, without a doubt.
	for i := range samples {
		if samples[i].Document == "d3" {
			samples[i].Right, samples[i].Doubts = false, doubts(nil)
		}
	}
	fields, err := LeaveOut(samples, Options{Precision: 0.95, Fresh: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(fields) != len(samples) {
		t.Errorf("%d fields of %d", len(fields), len(samples))
	}
	for _, r := range ByDocument(fields) {
		if r.Name == "d3" && (r.Right != 0 || r.Said < 0.8 || r.Wrong == 0 || r.Low != 0) {
			t.Errorf("the document that is wrong: %+v", r)
		}
		if r.Name == "d4" && (r.Documents != 1 || r.Fields != 60) {
			t.Errorf("another one: %+v", r)
		}
	}
	rows := ByClass(fields)
	if n := len(rows); n != 4*len(Sources) {
		t.Errorf("%d rows, want one for each source and its three classes", n)
	}
	for _, r := range rows {
		if r.Accepted > 0 && !(r.Low <= r.Quality.Right && r.Quality.Right <= r.High && r.Low < r.High) {
			t.Errorf("%s: %.4f right, between %.4f and %.4f", r.Name, r.Quality.Right, r.Low, r.High)
		}
	}
	if _, err := LeaveOut(samples[:100], Options{}); !errors.Is(err, ErrTooFew) {
		t.Errorf("a hundred fields: %v", err)
	}
}

// A doubt that clean texts do not show weighs there as in torn ones.
func TestCleanTextsLeanOnTornOnes(t *testing.T) {
	samples := invented(7200, 6, 4)
	for i := range samples {
		if samples[i].Source == CleanText {
			samples[i].Doubts[Rival] = 0
		}
	}
	m, _, err := Fit(samples, Options{Precision: 0.95, Fresh: true})
	if err != nil {
		t.Fatal(err)
	}
	clean, torn := m.find(CleanText, Any).weights[Rival], m.find(schema.FromText, Any).weights[Rival]
	if torn < 3 || clean < torn-0.01 {
		t.Errorf("the weight is %.2f in clean texts and %.2f in torn ones", clean, torn)
	}
}
