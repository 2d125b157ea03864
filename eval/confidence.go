package eval

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

// Sample is one predicted field that could be judged.
type Sample struct {
	Type       string            `json:"type"`   // "header.number", "model.status", …
	Class      string            `json:"class"`  // of package confidence
	Source     schema.TextSource `json:"source"` // of its first page
	Confidence float64           `json:"confidence"`
	Accepted   bool              `json:"accepted"` // the machine vouched for it
	Right      bool              `json:"right"`
	// Near is, for long texts, whether a reader would take it for right: at most
	// one character in fifty is wrong, and no digit. For all else it is Right.
	Near     bool           `json:"near"`
	Document string         `json:"document,omitempty"` // the source's name
	Report   string         `json:"report,omitempty"`   // that it is a scan of: the stem of its truth
	Want     string         `json:"want,omitempty"`
	Got      string         `json:"got,omitempty"`
	Read     string         `json:"-"` // what the engine read, of fields that are copied
	Places   []schema.Place `json:"places,omitempty"`

	// Evidence is there when the document came straight from extraction.
	Evidence *schema.Evidence `json:"-"`
}

// sample judges a field. near tells whether a long text is as good as right.
func (s *Scores) sample(kind, class string, f *schema.Field, right, near bool, want, got string) {
	x := Sample{
		Type: kind, Class: class, Confidence: f.Confidence, Accepted: f.State != schema.NeedsReview,
		Right: right, Near: right || near && class == confidence.Long, Want: want, Got: got, Places: f.Boxes, Evidence: f.Evidence,
	}
	switch class {
	case confidence.Short, confidence.Long, confidence.Name:
		x.Read = f.Raw
	}
	s.Samples = append(s.Samples, x)
}

// nearlyRight reports whether two texts differ in no digit and in at most one
// character in fifty of the true one.
func nearlyRight(want, got string) bool {
	digits := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, s)
	}
	w := []rune(want)
	return digits(want) == digits(got) && 50*Distance(w, []rune(got)) <= len(w)
}

// leastSure returns the field of an entry that a reviewer would be sent to.
func leastSure(fields []schema.Field) *schema.Field {
	least := &fields[0]
	for i := range fields {
		if f := &fields[i]; (f.State == schema.NeedsReview) == (least.State == schema.NeedsReview) && f.Confidence < least.Confidence ||
			f.State == schema.NeedsReview && least.State != schema.NeedsReview {
			least = f
		}
	}
	return least
}

// Calibration says how far the confidences of fields can be trusted.
type Calibration struct {
	ECE float64 `json:"ece"` // expected calibration error
	// Coverage is the largest share of the fields, surest first, of which the
	// wanted precision is right; Review is the rest, which people must see;
	// Threshold is the confidence of the last field covered, and Wilson the
	// lower bound of the precision above it.
	Coverage  float64 `json:"coverage"`
	Review    float64 `json:"review"`
	Threshold float64 `json:"threshold"`
	Wilson    float64 `json:"wilson"`
	// What the states in the documents say, whatever the confidences are.
	Accepted          int     `json:"accepted"`
	AcceptedShare     float64 `json:"accepted_share"`
	AcceptedPrecision float64 `json:"accepted_precision"`
	AcceptedWilson    float64 `json:"accepted_wilson"`
	AcceptedWrong     int     `json:"accepted_wrong"`
	AcceptedNear      float64 `json:"accepted_near"` // share of the accepted that are right or near it

	Bins []Bin `json:"bins"` // the reliability plot
}

// Bin is a column of the reliability plot.
type Bin struct {
	From       float64 `json:"from"`
	To         float64 `json:"to"`
	N          int     `json:"n"`
	Confidence float64 `json:"confidence"` // mean
	Right      float64 `json:"right"`      // share
}

// Calibrate computes the calibration of samples for a wanted precision such as
// 0.99. The expected calibration error is that of Naeini et al. (2015) with
// fifteen bins of equal width, as in Guo et al. (2017).
func Calibrate(samples []Sample, precision float64) Calibration {
	const bins = 15
	c := Calibration{Review: 1, Threshold: math.Inf(1)}
	if len(samples) == 0 {
		c.Threshold = 1
		return c
	}
	sum := make([]struct {
		n, right   int
		confidence float64
	}, bins)
	acceptedRight, acceptedNear := 0, 0
	for _, s := range samples {
		b := min(max(int(s.Confidence*bins), 0), bins-1)
		sum[b].n++
		sum[b].confidence += s.Confidence
		if s.Right {
			sum[b].right++
		}
		if s.Accepted {
			c.Accepted++
			if s.Right {
				acceptedRight++
			}
			if s.Near {
				acceptedNear++
			}
		}
	}
	total := float64(len(samples))
	for i, b := range sum {
		bin := Bin{From: float64(i) / bins, To: float64(i+1) / bins, N: b.n}
		if b.n > 0 {
			bin.Confidence = b.confidence / float64(b.n)
			bin.Right = ratio(b.right, b.n)
			c.ECE += float64(b.n) / total * math.Abs(bin.Right-bin.Confidence)
		}
		c.Bins = append(c.Bins, bin)
	}
	c.AcceptedShare = ratio(c.Accepted, len(samples))
	c.AcceptedPrecision = ratio(acceptedRight, c.Accepted)
	c.AcceptedWilson = confidence.Wilson(acceptedRight, c.Accepted)
	c.AcceptedWrong = c.Accepted - acceptedRight
	c.AcceptedNear = ratio(acceptedNear, c.Accepted)

	order := slices.Clone(samples)
	slices.SortStableFunc(order, func(a, b Sample) int { return cmp.Compare(b.Confidence, a.Confidence) })
	right, threshold := 0, 1.0
	for i, s := range order {
		if s.Right {
			right++
		}
		// A threshold cannot part fields of equal confidence.
		if i+1 < len(order) && order[i+1].Confidence == s.Confidence {
			continue
		}
		if ratio(right, i+1) >= precision {
			c.Coverage = ratio(i+1, len(order))
			c.Wilson = confidence.Wilson(right, i+1)
			threshold = s.Confidence
		}
	}
	c.Threshold = threshold
	c.Review = 1 - c.Coverage
	return c
}
