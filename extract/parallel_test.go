package extract

import (
	"sync/atomic"
	"testing"
)

func TestInParallel(t *testing.T) {
	for _, n := range []int{0, 1, 3, 1000} {
		calls := make([]atomic.Int32, n)
		inParallel(n, func(i int) { calls[i].Add(1) })
		for i := range calls {
			if got := calls[i].Load(); got != 1 {
				t.Errorf("%d of %d was called %d times", i, n, got)
			}
		}
	}
}

// A panic in a goroutine that nobody waits for would end the program.
func TestInParallelPanics(t *testing.T) {
	defer func() {
		if got := recover(); got != "broken" {
			t.Errorf("panic %v", got)
		}
	}()
	inParallel(10, func(i int) {
		if i == 7 {
			panic("broken")
		}
	})
}
