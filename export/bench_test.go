package export_test

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/export"
)

// BenchmarkExport writes more and more records in each form and tells the
// largest live heap on the way: it must not grow with the records.
//
//	go test ./export -run XXX -bench Export -benchtime 1x
func BenchmarkExport(b *testing.B) {
	for _, f := range rowFormats {
		for _, n := range []int{1_000, 10_000, 100_000, 300_000} {
			b.Run(fmt.Sprintf("%s/%d", f, n), func(b *testing.B) {
				if testing.Short() && n > 10_000 {
					b.Skip("a tenth is enough for a look")
				}
				// A tight collector makes the heap that is seen the one that is needed.
				defer debug.SetGCPercent(debug.SetGCPercent(20))
				for b.Loop() {
					size, stop := new(counter), watchHeap()
					start := time.Now()
					e, err := export.NewEncoder(size, f, export.Settings{BaseURL: "https://sohoa.example"})
					if err != nil {
						b.Fatal(err)
					}
					for d := range n / 50 {
						doc := many(1, 50)[0]
						doc.Document.DocumentID = fmt.Sprintf("%064x", d)
						if err := e.Add(doc); err != nil {
							b.Fatal(err)
						}
					}
					if err := e.Close(); err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(n)/time.Since(start).Seconds(), "records/s")
					b.ReportMetric(float64(stop())/1e6, "peak-MB")
					b.ReportMetric(float64(*size)/1e6, "file-MB")
				}
			})
		}
	}
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// watchHeap looks at the live heap until stop, which returns the largest size
// in bytes that it saw.
func watchHeap() (stop func() uint64) {
	runtime.GC()
	var wg sync.WaitGroup
	done := make(chan struct{})
	most := uint64(0)
	wg.Go(func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	return func() uint64 { close(done); wg.Wait(); return most }
}
