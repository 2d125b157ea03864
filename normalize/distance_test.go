package normalize

import (
	"math"
	"math/rand/v2"
	"testing"
)

// plainDistance is the distance as its definition says: the cheapest of all
// ways to end, with nothing shared and nothing given up.
func plainDistance(x, y []rune) float64 {
	d := make([][]int32, len(x)+1)
	for i := range d {
		d[i] = make([]int32, len(y)+1)
		for j := range d[i] {
			if i == 0 && j == 0 {
				continue
			}
			c := int32(math.MaxInt32)
			if i > 0 {
				c = min(c, d[i-1][j]+slowGapCost(x[i-1]))
			}
			if j > 0 {
				c = min(c, d[i][j-1]+slowGapCost(y[j-1]))
			}
			if i > 0 && j > 0 {
				c = min(c, d[i-1][j-1]+swapCost(x[i-1], y[j-1]))
			}
			if i > 0 && j > 1 && likeGlyphs[string(y[j-2:j])] == string(x[i-1]) {
				c = min(c, d[i-1][j-2]+costGlyphs)
			}
			if i > 1 && j > 0 && likeGlyphs[string(x[i-2:i])] == string(y[j-1]) {
				c = min(c, d[i-2][j-1]+costGlyphs)
			}
			d[i][j] = c
		}
	}
	return float64(d[len(x)][len(y)]) / costLetter
}

func TestPrefixDistances(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("rnmuiltcdo ae08.đ¢\x00")
	text := func(most int) []rune {
		out := make([]rune, random.IntN(most))
		for i := range out {
			out[i] = letters[random.IntN(len(letters))]
		}
		return out
	}
	near, far := 0, 0
	for range 3000 {
		x, y := text(90), text(90)
		if random.IntN(2) == 0 { // texts that are alike
			y = append([]rune(nil), x...)
			for range random.IntN(6) {
				if len(y) > 0 {
					y[random.IntN(len(y))] = letters[random.IntN(len(letters))]
				}
			}
		}
		ends := []int{0, len(x) / 3, len(x) / 2, len(x)}
		limit := 20 * random.Float64()
		var got [4]float64
		PrefixDistances(x, y, ends, limit, got[:])
		for k, end := range ends {
			want := plainDistance(x[:end], y)
			switch {
			case want <= limit:
				near++
				if got[k] != want {
					t.Fatalf("%q from %q: %v, want %v", string(x[:end]), string(y), got[k], want)
				}
			case got[k] <= limit:
				t.Fatalf("%q from %q: %v, want more than %v", string(x[:end]), string(y), got[k], limit)
			default:
				far++
			}
		}
	}
	if near < 1000 || far < 1000 {
		t.Errorf("%d distances within their limit, %d beyond: the test says little", near, far)
	}
}

func TestSwapCosts(t *testing.T) {
	for a := range rune(128) {
		for b := range rune(128) {
			if got, want := int32(swapCosts[a][b]), swapCost(a, b); got != want {
				t.Errorf("%q for %q costs %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestDistancesBetween(t *testing.T) {
	x, y := []rune("trn cliem 8o"), []rune("tm diem so tai")
	ends := []int{1, 3, 9, len(x)}
	for _, limit := range []float64{math.Inf(1), 4, 1.5} {
		calls := 0
		DistancesBetween(x, y, ends, limit, func(k, from int, costs []int32) bool {
			calls++
			for j := range len(y) + 1 {
				var want [1]float64
				PrefixDistances(x[:ends[k]], y[:j], []int{ends[k]}, math.Inf(1), want[:])
				if j < from || j >= from+len(costs) {
					if want[0] <= limit {
						t.Errorf("%q and %q are %v apart, within %v, and were left out", string(x[:ends[k]]), string(y[:j]), want[0], limit)
					}
				} else if got := float64(costs[j-from]) / LetterParts; got != want[0] && want[0] <= limit {
					t.Errorf("%q and %q: %v, want %v", string(x[:ends[k]]), string(y[:j]), got, want[0])
				}
			}
			return k < 2
		})
		if calls != 3 {
			t.Errorf("limit %v: %d calls, want 3: the third ended it", limit, calls)
		}
	}
}
