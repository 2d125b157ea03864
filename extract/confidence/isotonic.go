package confidence

import (
	"cmp"
	"math"
	"slices"
)

// scored is a field with the log odds that a model gave it which has not seen
// its document.
type scored struct {
	odds  float64
	right bool
}

// block is a run of fields to which one probability is given.
type block struct {
	n, right int
	odds     float64 // sum
}

func (b block) share() float64 { return float64(b.right) / float64(b.n) }

// blocksOf pools adjacent violators (Ayer et al., 1955) after parting the
// fields into runs of at least least of them, so that one field alone makes no
// step.
func blocksOf(fields []scored, least int) []block {
	fields = slices.Clone(fields)
	slices.SortStableFunc(fields, func(a, b scored) int { return cmp.Compare(a.odds, b.odds) })
	var out []block
	for i := 0; i < len(fields); {
		var b block
		for i < len(fields) && (b.n < least || fields[i].odds == fields[i-1].odds || len(fields)-i < least/2) {
			b.n++
			b.odds += fields[i].odds
			if fields[i].right {
				b.right++
			}
			i++
		}
		out = append(out, b)
		for n := len(out); n > 1 && out[n-2].share() >= out[n-1].share(); n = len(out) {
			out[n-2] = block{out[n-2].n + out[n-1].n, out[n-2].right + out[n-1].right, out[n-2].odds + out[n-1].odds}
			out = out[:n-1]
		}
	}
	return out
}

// curveOf is the curve through the blocks. A share of n fields is moved
// towards one half by half a field on either side (Jeffreys), so that "never
// wrong so far" does not become certainty.
//
// Within the topmost run the surest fields are the best ones too, so the curve
// goes on to the surest of all, where a third of the doubt is left. Without that
// most fields would have the same probability, and no threshold could part them.
func curveOf(fields []scored) []Point {
	var out []Point
	blocks := blocksOf(fields, max(15, len(fields)/60))
	surest := fields[0].odds
	for _, f := range fields {
		surest = max(surest, f.odds)
	}
	for _, b := range blocks {
		p := Point{round(b.odds / float64(b.n)), round((float64(b.right) + 0.5) / (float64(b.n) + 1))}
		p.Probability = min(max(p.Probability, 0.0005), 0.9995)
		if n := len(out); n > 0 {
			if p.Odds <= out[n-1].Odds {
				continue
			}
			p.Probability = max(p.Probability, out[n-1].Probability)
		}
		out = append(out, p)
	}
	if last := out[len(out)-1]; round(surest) > last.Odds {
		out = append(out, Point{round(surest), round(1 - (1-last.Probability)/3)})
	}
	return out
}

// straight is the curve of the logistic model itself, for parts with too few
// fields or too few wrong ones to bend it.
func straight() []Point {
	var out []Point
	for odds := -5.0; odds <= 7; odds++ {
		out = append(out, Point{odds, round(1 / (1 + math.Exp(-odds)))})
	}
	return out
}

// ladderOf counts the fields above each probability, with at most rungs rungs.
func ladderOf(probabilities []float64, right []bool) []Rung {
	order := make([]int, len(probabilities))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(probabilities[b], probabilities[a]) })
	var all []Rung
	n, wrong := 0, 0
	for k, i := range order {
		n++
		if !right[i] {
			wrong++
		}
		if k+1 < len(order) && probabilities[order[k+1]] == probabilities[i] {
			continue
		}
		all = append(all, Rung{probabilities[i], n, wrong})
	}
	// The rungs just above a wrong field say all; of the others some will do.
	const rungs = 60
	var out []Rung
	for i, r := range all {
		last := i+1 == len(all)
		if last || all[i+1].Wrong > r.Wrong || i*rungs/len(all) != (i+1)*rungs/len(all) {
			out = append(out, r)
		}
	}
	return out
}
