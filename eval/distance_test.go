package eval

import (
	"math/rand/v2"
	"testing"
)

// slowDistance is the textbook recurrence, to check the bit-parallel one.
func slowDistance(a, b []rune) int {
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i, x := range a {
		cur := make([]int, len(b)+1)
		cur[0] = i + 1
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			cur[j+1] = min(prev[j]+cost, prev[j+1]+1, cur[j]+1)
		}
		prev = cur
	}
	return prev[len(b)]
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"đường", "đường", 0},
		{"kitten", "sitting", 3},
		{"tỉnh Đắk Lắk", "tinh Dak Lak", 4},
		{"mô hình", "mhình", 2},
	} {
		if got := Distance([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// Lengths around the word size of 64 are where a block method goes wrong.
func TestDistanceAgainstRecurrence(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	text := func(n int) []rune {
		out := make([]rune, n)
		for i := range out {
			out[i] = rune('a' + rng.IntN(4))
		}
		return out
	}
	for _, n := range []int{1, 5, 63, 64, 65, 127, 128, 129, 200} {
		for _, m := range []int{1, 60, 64, 66, 130, 250} {
			a, b := text(n), text(m)
			if got, want := Distance(a, b), slowDistance(a, b); got != want {
				t.Fatalf("lengths %d, %d: got %d, want %d", n, m, got, want)
			}
		}
	}
}

func FuzzDistance(f *testing.F) {
	f.Add("Số: 12/BC-UBND", "S6: l2/BC-UBND")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 400 || len(b) > 400 {
			t.Skip()
		}
		x, y := []rune(a), []rune(b)
		if got, want := Distance(x, y), slowDistance(x, y); got != want {
			t.Errorf("Distance(%q, %q) = %d, want %d", a, b, got, want)
		}
	})
}
