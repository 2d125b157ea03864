package normalize

import (
	"math/rand/v2"
	"testing"
)

// What is ruled out without a table of distances must be beyond the limit by the
// definition of the distance, and most of what is far must be ruled out.
func TestQuick(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	letters := []rune("rnmuiltcdoaeghs 08.'đ¢")
	text := func(most int) []rune {
		out := make([]rune, 1+random.IntN(most))
		for i := range out {
			out[i] = letters[random.IntN(len(letters))]
		}
		return out
	}
	beyond, far := 0, 0
	for range 30000 {
		y := []rune("s")
		for _, r := range text(24) {
			if r == ' ' || quickPlace(r) >= 0 {
				y = append(y, r)
			}
		}
		x := text(30)
		if random.IntN(2) == 0 { // texts that are alike
			x = append([]rune(nil), y...)
			for range random.IntN(9) {
				at := random.IntN(len(x))
				switch random.IntN(3) {
				case 0:
					x[at] = letters[random.IntN(len(letters))]
				case 1:
					x = append(x[:at+1], x[at:]...)
				case 2:
					x = append(x[:at], x[at+1:]...)
				}
				if len(x) == 0 {
					x = append(x, 's')
				}
			}
		}
		limit := 0.3 * float64(max(len(x), len(y)))
		w := NewWording(y)
		if w.quick == nil {
			t.Fatalf("nothing known of %q", string(y))
		}
		end := 1 + random.IntN(len(x))
		near := plainDistance(x[:end], y) <= limit || plainDistance(x, y) <= limit
		ruledOut := w.quick.beyond(&w, x, []int{end, len(x)}, inParts(limit))
		if near && ruledOut {
			t.Fatalf("%q and %q within %.2f of %q are ruled out", string(x[:end]), string(x), limit, string(y))
		}
		if !near {
			far++
			if ruledOut {
				beyond++
			}
		}
	}
	if far < 10000 || beyond < far/3 {
		t.Errorf("%d of %d far texts are ruled out", beyond, far)
	}
	t.Logf("%d of %d far texts are ruled out", beyond, far)
	for _, s := range []string{"số: 5", "đường", "", "   ", "a text of more letters than the bits of a word hold, so that none of it is told in this way"} {
		if w := NewWording([]rune(s)); w.quick != nil {
			t.Errorf("%q is told of", s)
		}
	}
}
