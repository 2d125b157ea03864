package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

type workerCmd struct {
	storing
	reading
	sampling
	telling
	Drain    bool          `help:"end when there is nothing left to do"`
	StopTime time.Duration `default:"30s" help:"how long pages may go on after the worker is told to stop"`
	Pictures bool          `default:"true" negatable:"" help:"keep a picture of each page for review"`
	Metrics  string        `placeholder:"ADDR" help:"serve Prometheus metrics at this address"`
	Log      string        `default:"text" enum:"text,json,off" help:"log as text or json, or off"`
}

func (workerCmd) Help() string {
	return example(
		"  sohoa worker --data sohoa-data",
		"  sohoa worker --db postgres://sohoa@db/sohoa --blobs file:///shared/sohoa --metrics :9090",
		"  sohoa worker --drain",
	)
}

func (w *workerCmd) Run(ctx context.Context, c *console) error {
	hooks, err := w.sender(c)
	if err != nil {
		return err
	}
	log := newLog(c, w.Log)
	s, err := w.open(ctx, c, log)
	if err != nil {
		return err
	}
	defer s.Close()
	w.own(w.Data)
	set, closeAll, err := w.settings(ctx, c, "auto")
	if err != nil {
		return err
	}
	defer closeAll()
	r := newReader(s, set, w.Pictures)
	defer r.close()

	m := newMetrics(s)
	if w.Metrics != "" {
		stop, err := m.serve(w.Metrics, log)
		if err != nil {
			return failure(c.Sprintf("choose another address with --metrics"), err)
		}
		defer stop()
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if w.Drain {
		go stopWhenIdle(ctx, s, stop)
	}
	var faults atomic.Int64
	work := r.work()
	defer tell(ctx, s, hooks, &work, log)()
	err = s.NewWorker(work, store.WorkerConfig{
		Slots:    w.workers(),
		PageTime: w.PageTime + time.Minute, // the pipeline keeps the time itself; this is for when it cannot
		StopTime: w.StopTime,
		Sample:   w.Sample,
		Observe: func(e store.Event) {
			logEvent(log, e)
			m.observe(e)
			if e.Kind == store.GaveUp && e.Name == "" || e.Kind == store.PageDone && e.Outcome != schema.Done {
				faults.Add(1)
			}
		},
	}).Run(ctx)
	if err == nil && w.Drain && faults.Load() > 0 {
		return errPartial
	}
	return err
}

// stopWhenIdle ends a worker that was told to drain the queue.
func stopWhenIdle(ctx context.Context, s *store.Store, stop func()) {
	for ctx.Err() == nil {
		if idle, err := s.Idle(ctx); err == nil && idle {
			stop()
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// newLog writes to standard error.
func newLog(c *console, format string) *slog.Logger {
	o := &slog.HandlerOptions{Level: slog.LevelInfo}
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(c.err, o))
	case "text":
		return slog.New(slog.NewTextHandler(c.err, o))
	}
	return slog.New(slog.DiscardHandler)
}

// logEvent writes what a worker did, with the document and the page.
func logEvent(log *slog.Logger, e store.Event) {
	log = log.With("document", e.Task.Document, "version", e.Task.Version, "name", e.Task.Name)
	if e.Name != "" {
		log = log.With("task", e.Name)
	}
	if e.Page > 0 {
		log = log.With("page", e.Page)
	}
	if e.Seconds > 0 {
		log = log.With("seconds", fmt.Sprintf("%.3f", e.Seconds))
	}
	switch e.Kind {
	case store.PageDone:
		if e.Outcome != schema.Done {
			log.Warn("page failed", "outcome", e.Outcome, "reason", e.Err)
			return
		}
		log.Debug("page read", "attempts", e.Attempts)
	case store.SplitDone:
		log.Info("document opened", "pages", e.Task.Pages)
	case store.Assembled:
		log.Info("document finished", "records", len(e.Document.Records), "profile", e.Document.Engine.Profile)
	case store.Exported:
		log.Info("document exported")
	case store.Retrying:
		log.Warn("failed, will be tried again", "reason", e.Err, "in", e.Retry)
	case store.GaveUp:
		what := "document failed"
		if e.Name != "" {
			what = "task given up"
		}
		log.Error(what, "reason", e.Err)
	case store.Trouble:
		log.Error("the database cannot be used, waiting for it", "reason", e.Err)
	}
}

// serveHTTP serves until stop is called.
func serveHTTP(addr string, h http.Handler, log *slog.Logger) (stop func(), err error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics", "reason", err)
		}
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_ = srv.Shutdown(ctx) // whoever still reads metrics may try again
	}, nil
}
