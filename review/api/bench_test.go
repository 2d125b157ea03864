package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

// BenchmarkReaders has fifty clients ask for lists and fields while two workers
// write all the time. Besides the mean it tells the 95th percentile of the time
// that an answer takes, in milliseconds.
func BenchmarkReaders(b *testing.B) {
	for name, open := range map[string]func(testing.TB) storetest.Database{
		"SQLite":   storetest.SQLite,
		"Postgres": func(t testing.TB) storetest.Database { return storetest.StartPostgres(t).Database(t) },
	} {
		b.Run(name, func(b *testing.B) {
			v := newSite(b, open(b))
			plain := httptest.NewServer(v.api) // nothing holds the answers against the description
			b.Cleanup(plain.Close)
			v.URL = plain.URL
			token := v.token(ReadDocuments, ReadEvents)
			v.work(1)
			v.work(1)
			var ids []string
			for i := range 200 {
				ids = append(ids, v.report(fmt.Sprint(i)))
			}
			stop := make(chan struct{})
			var writing, reading sync.WaitGroup
			writing.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					if _, err := v.store.Submit(b.Context(), store.Upload{Name: "b.pdf", Bytes: strings.NewReader(fmt.Sprint("%PDF-1.7 more ", i)), By: "test", Engine: "test"}); err != nil {
						b.Error(err)
						return
					}
					time.Sleep(20 * time.Millisecond) // some fifty pages a second of each
				}
			})
			const clients = 50
			var mu sync.Mutex
			var took []time.Duration
			b.ResetTimer()
			for c := range clients {
				reading.Go(func() {
					for n := c; n < b.N; n += clients {
						id := ids[n%len(ids)]
						path := []string{"/records?limit=50&number=2", "/documents/" + id, "/documents/" + id + "/fields", "/events?limit=50"}[n%4]
						began := time.Now()
						v.call(token, http.MethodGet, path, nil).is(http.StatusOK)
						mu.Lock()
						took = append(took, time.Since(began))
						mu.Unlock()
					}
				})
			}
			reading.Wait()
			b.StopTimer()
			close(stop)
			writing.Wait()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
		})
	}
}
