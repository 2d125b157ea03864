package extract

import "testing"

// A learned width that strays from the usual one is the work of a neighbour's words.
func TestNearUsual(t *testing.T) {
	for _, c := range []struct{ wide, usual, want float64 }{
		{30, 0, 30}, {0, 20, 25}, {50, 20, 28}, {10, 20, 16}, {22, 20, 22},
	} {
		if got := nearUsual(c.wide, c.usual); got != c.want {
			t.Errorf("nearUsual(%v, %v) = %v, want %v", c.wide, c.usual, got, c.want)
		}
	}
}
