package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sohoa/sohoa/store"
)

// metrics counts what this worker does, and reads the queue when it is asked.
type metrics struct {
	registry  *prometheus.Registry
	pages     *prometheus.CounterVec
	seconds   prometheus.Histogram
	documents *prometheus.CounterVec
	retries   prometheus.Counter
	trouble   prometheus.Counter
}

func newMetrics(s *store.Store) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		pages:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sohoa_pages_total", Help: "Pages read by this worker, by outcome."}, []string{"outcome"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "sohoa_page_seconds", Help: "Time that reading a page took.",
			Buckets: []float64{.01, .1, .5, 1, 2, 4, 8, 16, 32, 64, 128, 256}}),
		documents: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sohoa_documents_total", Help: "Documents ended by this worker, by result."}, []string{"result"}),
		retries:   prometheus.NewCounter(prometheus.CounterOpts{Name: "sohoa_retries_total", Help: "Pieces of work that failed and were queued again."}),
		trouble:   prometheus.NewCounter(prometheus.CounterOpts{Name: "sohoa_database_trouble_total", Help: "Times that the database could not be used."}),
	}
	m.registry.MustRegister(m.pages, m.seconds, m.documents, m.retries, m.trouble, queueMetrics{s})
	return m
}

func (m *metrics) observe(e store.Event) {
	switch e.Kind {
	case store.PageDone:
		m.pages.WithLabelValues(string(e.Outcome)).Inc()
		m.seconds.Observe(e.Seconds)
	case store.Assembled:
		m.documents.WithLabelValues("finished").Inc()
	case store.GaveUp:
		if e.Name != "" {
			break // a message to another system
		}
		m.documents.WithLabelValues("failed").Inc()
	case store.Retrying:
		m.retries.Inc()
	case store.Trouble:
		m.trouble.Inc()
	}
}

func (m *metrics) serve(addr string, log *slog.Logger) (stop func(), err error) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return serveHTTP(addr, mux, log)
}

// queueMetrics asks the store for its status each time that metrics are read.
type queueMetrics struct{ s *store.Store }

var (
	queueJobs      = prometheus.NewDesc("sohoa_queue_jobs", "Jobs of all workers, by kind and state.", []string{"kind", "state"}, nil)
	queuePages     = prometheus.NewDesc("sohoa_queue_pages_left", "Pages still to be read of documents that were opened.", nil, nil)
	queueDocuments = prometheus.NewDesc("sohoa_store_documents", "Documents in the store, by state.", []string{"state"}, nil)
	queueWorkers   = prometheus.NewDesc("sohoa_workers", "Workers, by whether they live.", []string{"living"}, nil)
)

// Describe implements prometheus.Collector.
func (q queueMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{queueJobs, queuePages, queueDocuments, queueWorkers} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (q queueMetrics) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	st, err := q.s.Status(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(queueJobs, err)
		return
	}
	gauge := func(d *prometheus.Desc, v int, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(v), labels...)
	}
	for kind, n := range st.Waiting {
		gauge(queueJobs, n, kind, "waiting")
	}
	for kind, n := range st.Running {
		gauge(queueJobs, n, kind, "running")
	}
	for state, n := range st.Documents {
		gauge(queueDocuments, n, string(state))
	}
	gauge(queuePages, st.PagesLeft)
	living := 0
	for _, w := range st.Workers {
		if !w.Gone {
			living++
		}
	}
	gauge(queueWorkers, living, "true")
	gauge(queueWorkers, len(st.Workers)-living, "false")
}
