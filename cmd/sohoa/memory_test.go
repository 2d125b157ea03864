package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestLimitMemory(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(before)
	const least = 200 << 20
	stop := limitMemory(least)
	limit := func() int64 { return debug.SetMemoryLimit(-1) }
	until := func(want string, ok func(int64) bool) {
		t.Helper()
		for range 200 {
			runtime.GC()
			if ok(limit()) {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Errorf("the limit is %d MB, want %s", limit()>>20, want)
	}
	if limit() != least {
		t.Fatalf("the limit is %d MB at first, want 200", limit()>>20)
	}
	held := make([]byte, 300<<20)
	until("room beyond the 300 MB in use", func(n int64) bool { return n > 400<<20 && n < math.MaxInt64 })
	runtime.KeepAlive(held)
	held = nil
	until("200 MB again", func(n int64) bool { return n == least })
	stop()
}
