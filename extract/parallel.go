package extract

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// mostParallel bounds what is read of a document at a time: each table that is
// searched holds its own buffers.
const mostParallel = 4

// inParallel calls f with the numbers below n, several at a time, and returns when
// all calls have. A panic in one of them is the caller's.
func inParallel(n int, f func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0), mostParallel)
	if workers < 2 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	panics := make(chan any, workers)
	for range workers {
		group.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panics <- p
				}
			}()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
	select {
	case p := <-panics:
		panic(p)
	default:
	}
}
