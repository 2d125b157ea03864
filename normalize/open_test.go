package normalize

import (
	"runtime"
	"testing"

	"github.com/sohoa/sohoa/normalize/lm"
)

// BenchmarkLoad measures the opening of the model that is linked in.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := lm.LoadString(vietnamese); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNew measures what a restorer makes from the model, and the memory
// that it keeps beyond it.
func BenchmarkNew(b *testing.B) {
	m, err := lm.LoadString(vietnamese)
	if err != nil {
		b.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var r *Restorer
	for b.Loop() {
		if r, err = New(m); err != nil {
			b.Fatal(err)
		}
	}
	r.Restore("trién khai nhiém vu")
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB")
	runtime.KeepAlive(r)
}
