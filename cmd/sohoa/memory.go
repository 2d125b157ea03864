package main

import (
	"runtime/debug"
	runtimemetrics "runtime/metrics"
	"sync"
	"time"
)

// Shares of the soft memory limit: what is in use may take so much of it that a report of
// some hundred pages is put together within the limit that the workers have. Beyond, a
// limit would save no memory and have the collector take half of the processors' time.
const (
	limitFactor = 1.35     // times what is in use
	limitBeside = 15 << 20 // bytes that the heap does not count
)

// limitMemory sets the runtime's soft memory limit to at least the given bytes, and raises
// it while what is in use comes near to it. stop ends the watch.
func limitMemory(least int64) (stop func()) {
	debug.SetMemoryLimit(least)
	done := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		often := time.NewTicker(100 * time.Millisecond)
		defer often.Stop()
		limit := least
		for {
			select {
			case <-done:
				return
			case <-often.C:
			}
			if now := limitFor(inUse(), least); now > limit || now < limit-limit/10 {
				limit = now
				debug.SetMemoryLimit(limit)
			}
		}
	})
	return func() {
		close(done)
		watch.Wait()
	}
}

// limitFor is the limit in bytes for a heap of which so many are in use.
func limitFor(used, least int64) int64 {
	return max(least, int64(limitFactor*float64(used))+limitBeside)
}

// inUse is how many bytes of the heap the last collection found in use.
func inUse() int64 {
	s := []runtimemetrics.Sample{{Name: "/gc/heap/live:bytes"}}
	runtimemetrics.Read(s)
	if s[0].Value.Kind() != runtimemetrics.KindUint64 {
		return 0
	}
	return int64(s[0].Value.Uint64())
}
