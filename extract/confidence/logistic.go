package confidence

import (
	"math"
	"slices"
)

// Logistic regression whose weights are never negative, by Newton steps on one
// coordinate after another (projected coordinate descent): with some twenty
// doubts and some ten thousand fields it is done in a moment, needs no step
// size, and the projection is a max.

// weighting is a fitted logistic model.
type weighting struct {
	intercept float64
	weights   []float64
}

// point is what a model is fitted to: a field or a word.
type point struct {
	doubts []float64
	right  bool
}

func (w *weighting) odds(x []float64) float64 {
	sum := w.intercept
	for i, v := range x[:min(len(x), len(w.weights))] {
		sum -= w.weights[i] * v
	}
	return sum
}

// Strength of the pull towards the prior. Doubts lie between 0 and a few, so
// one pull serves all.
const (
	pull       = 1.0
	sweeps     = 60
	enoughStep = 1e-4
)

// fitLogistic fits to points; the weights are pulled towards those of prior,
// which is what a small class leans on.
func fitLogistic(points []point, prior weighting, strength float64) weighting {
	w := weighting{prior.intercept, slices.Clone(prior.weights)}
	if len(points) == 0 {
		return w
	}
	z := make([]float64, len(points)) // log odds
	for i := range points {
		z[i] = w.odds(points[i].doubts)
	}
	// step moves one coordinate, whose derivative by the log odds is d(i).
	step := func(value, prior, lowest float64, d func(i int) float64) float64 {
		slope, curve := strength*(value-prior), strength
		for i := range points {
			x := d(i)
			if x == 0 {
				continue
			}
			p := 1 / (1 + math.Exp(-z[i]))
			y := 0.0
			if points[i].right {
				y = 1
			}
			slope += (p - y) * x
			curve += p * (1 - p) * x * x
		}
		// Far from the optimum a Newton step may overshoot.
		next := max(lowest, value-max(-1, min(1, slope/max(curve, 1e-9))))
		if next != value {
			for i := range points {
				if x := d(i); x != 0 {
					z[i] += (next - value) * x
				}
			}
		}
		return next
	}
	for range sweeps {
		moved := 0.0
		track := func(before, after float64) float64 { moved = max(moved, math.Abs(after-before)); return after }
		w.intercept = track(w.intercept, step(w.intercept, prior.intercept, math.Inf(-1), func(int) float64 { return 1 }))
		for k := range w.weights {
			w.weights[k] = track(w.weights[k], step(w.weights[k], prior.weights[k], 0, func(i int) float64 { return -points[i].doubts[k] }))
		}
		if moved < enoughStep {
			break
		}
	}
	return w
}
