package confidence

import (
	"math"
	"slices"
)

// Logistic regression whose weights are never negative, by Newton's method: each
// step minimises the quadratic approximation under the bounds by descent on one
// coordinate after another (as glmnet does; Friedman, Hastie and Tibshirani,
// 2010), for which a matrix of the size of the doubts is all that is needed. The
// fields are gone through once a step.

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

// Strength of the pull towards the prior. It is of weights as they were if all
// doubts spread alike: the mean score of pages lies between 0.9 and 0.96 and
// tells as much as doubts that reach from 0 to 2.
const (
	pull       = 1.0
	classPull  = 10.0 // of a class towards its source
	leastScale = 0.02 // of what hardly spreads
	newton     = 30   // steps at most
	sweeps     = 200
	enoughStep = 1e-4
	leastShare = 1e-4 // of a step: what gains nothing then is at the optimum
)

// fitLogistic fits to points; the weights are pulled towards those of prior,
// which is what a small class leans on.
func fitLogistic(points []point, prior weighting, strength float64) weighting {
	w := weighting{prior.intercept, slices.Clone(prior.weights)}
	if len(points) == 0 {
		return w
	}
	// The intercept is the weight of a doubt that everything has, with its sign
	// turned and without a bound.
	n := len(prior.weights) + 1
	at := make([]float64, n)
	target := make([]float64, n)
	copy(target[1:], prior.weights)
	target[0] = -prior.intercept
	copy(at, target)
	strengths := make([]float64, n)
	for k, s := range spread(points, n-1) {
		strengths[k+1] = strength * s * s
	}
	strengths[0] = strength
	loss := lossOf(points, at, strengths, target)
	for range newton {
		slope, curve := derivatives(points, at, strengths, target)
		step := boundedStep(slope, curve, at)
		// Far from the optimum the whole step may go beyond it and come back the next
		// time, without end; a part of it always gains.
		next, better := slices.Clone(at), loss
		share := 1.0
		for ; share > leastShare; share /= 2 {
			for k, d := range step {
				next[k] = at[k] + share*d
			}
			if better = lossOf(points, next, strengths, target); better < loss {
				break
			}
		}
		if share <= leastShare {
			break
		}
		at, loss = next, better
		if share*farthestOf(step) < enoughStep {
			break
		}
	}
	w.intercept = -at[0]
	copy(w.weights, at[1:])
	return w
}

// lossOf returns the loss with its pull: what the fit makes least.
func lossOf(points []point, at, strengths, target []float64) float64 {
	sum := 0.0
	for k, v := range at {
		sum += strengths[k] * (v - target[k]) * (v - target[k]) / 2
	}
	w := weighting{-at[0], at[1:]}
	for i := range points {
		odds := w.odds(points[i].doubts)
		if points[i].right {
			odds = -odds
		}
		sum += max(odds, 0) + math.Log1p(math.Exp(-math.Abs(odds))) // ln(1 + e^odds)
	}
	return sum
}

// farthestOf is the largest change of a weight in a step.
func farthestOf(step []float64) (far float64) {
	for _, d := range step {
		far = max(far, math.Abs(d))
	}
	return far
}

// spread returns the standard deviation of each doubt, between bounds.
func spread(points []point, doubts int) []float64 {
	sum, squares := make([]float64, doubts), make([]float64, doubts)
	for i := range points {
		for k, x := range points[i].doubts[:min(doubts, len(points[i].doubts))] {
			sum[k] += x
			squares[k] += x * x
		}
	}
	n := float64(len(points))
	for k := range sum {
		mean := sum[k] / n
		sum[k] = min(max(math.Sqrt(max(0, squares[k]/n-mean*mean)), leastScale), 1)
	}
	return sum
}

// derivatives returns the gradient and the matrix of second derivatives of the
// loss with its pull.
func derivatives(points []point, at, strengths, target []float64) (slope []float64, curve [][]float64) {
	n := len(at)
	slope, curve = make([]float64, n), make([][]float64, n)
	for k := range curve {
		curve[k] = make([]float64, n)
		curve[k][k] = strengths[k]
		slope[k] = strengths[k] * (at[k] - target[k])
	}
	index, value := make([]int, 0, n), make([]float64, 0, n) // of what is not zero
	for i := range points {
		index, value = append(index[:0], 0), append(value[:0], 1)
		odds := -at[0]
		for k, x := range points[i].doubts {
			if x != 0 && k+1 < n {
				index, value = append(index, k+1), append(value, x)
				odds -= at[k+1] * x
			}
		}
		p := 1 / (1 + math.Exp(-odds))
		off := -p // of the derivative by what is taken off the odds
		if points[i].right {
			off++
		}
		h := p * (1 - p)
		for a, ka := range index {
			slope[ka] += off * value[a]
			for b := range a + 1 {
				curve[ka][index[b]] += h * value[a] * value[b]
			}
		}
	}
	for a := range n {
		for b := range a {
			curve[b][a] = curve[a][b]
		}
	}
	return slope, curve
}

// boundedStep returns the step that minimises slope·d + d·curve·d/2 and leaves no
// weight but the first below zero.
func boundedStep(slope []float64, curve [][]float64, at []float64) []float64 {
	step := make([]float64, len(at))
	for range sweeps {
		moved := 0.0
		for k := range step {
			g := slope[k]
			for j, d := range step {
				g += curve[k][j] * d
			}
			next := step[k] - g/max(curve[k][k], 1e-9)
			if k > 0 {
				next = max(next, -at[k])
			}
			moved = max(moved, math.Abs(next-step[k]))
			step[k] = next
		}
		if moved < enoughStep/100 {
			break
		}
	}
	return step
}
