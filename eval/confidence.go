package eval

import (
	"cmp"
	"math"
	"slices"
)

// Sample is one predicted field that could be judged.
type Sample struct {
	Type       string  `json:"type"` // "header.number", "model.status", …
	Confidence float64 `json:"confidence"`
	Accepted   bool    `json:"accepted"` // the machine vouched for it
	Right      bool    `json:"right"`
	Document   string  `json:"document,omitempty"`
	Want       string  `json:"want,omitempty"`
	Got        string  `json:"got,omitempty"`
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
	acceptedRight := 0
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
	c.AcceptedWilson = Wilson(acceptedRight, c.Accepted)
	c.AcceptedWrong = c.Accepted - acceptedRight

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
			c.Wilson = Wilson(right, i+1)
			threshold = s.Confidence
		}
	}
	c.Threshold = threshold
	c.Review = 1 - c.Coverage
	return c
}

// Wilson returns the lower bound of the 95 % score interval of Wilson (1927)
// for hits of n trials: what the true share hardly lies below. It is 0 for no
// trials.
func Wilson(hits, n int) float64 {
	if n == 0 {
		return 0
	}
	const z = 1.959963984540054
	p, m := float64(hits)/float64(n), float64(n)
	centre := p + z*z/(2*m)
	spread := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, (centre-spread)/(1+z*z/m))
}
