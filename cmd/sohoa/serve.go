package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/sohoa/sohoa/export/webhook"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/review"
	"github.com/sohoa/sohoa/review/api"
	"github.com/sohoa/sohoa/store"
)

type serveCmd struct {
	storing
	reading
	sampling
	telling
	Addr        string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"address to serve at"`
	TLSCert     string        `name:"tls-cert" type:"existingfile" placeholder:"FILE" help:"certificate (PEM), for addresses that others reach"`
	TLSKey      string        `name:"tls-key" type:"existingfile" placeholder:"FILE" help:"key of the certificate (PEM)"`
	BehindProxy bool          `help:"a proxy in front of this does TLS and sets X-Forwarded-For"`
	Work        bool          `default:"true" negatable:"" help:"read pages here too, not by sohoa worker alone"`
	DoubleEntry []string      `placeholder:"FIELD" help:"fields that two people type without seeing each other's: amounts, number, …"`
	StopTime    time.Duration `default:"10s" help:"how long pages may go on after the worker is told to stop"`
	MaxUpload   int64         `default:"500" placeholder:"MB" help:"largest upload, in MB"`
	Log         string        `default:"text" enum:"text,json,off" help:"log as text or json, or off"`
}

func (serveCmd) Help() string {
	return example(
		"  sohoa serve --data sohoa-data",
		"  sohoa serve --addr 0.0.0.0:443 --tls-cert cert.pem --tls-key key.pem",
		"  sohoa serve --addr 10.0.0.5:8080 --behind-proxy --db postgres://sohoa@db/sohoa --blobs file:///shared/sohoa --no-work",
	)
}

func (s *serveCmd) Run(ctx context.Context, c *console) error {
	if err := s.guard(c); err != nil {
		return err
	}
	hooks, err := s.sender(c)
	if err != nil {
		return err
	}
	log := newLog(c, s.Log)
	st, err := s.open(ctx, c, log)
	if err != nil {
		return err
	}
	defer st.Close()
	s.own(s.Data)
	set, closeAll, err := s.settings(ctx, c, "auto")
	if err != nil {
		return err
	}
	defer closeAll()
	app, err := s.application(ctx, st, set, log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return failure(c.Sprintf("choose another address with --addr"), err)
	}
	programs, err := api.New(st, app, api.Options{
		Version: version, Engine: pipeline.New(set).Key(), MaxUpload: s.MaxUpload << 20, Secure: s.TLSCert != "" || s.BehindProxy,
		Fault: func(err error) { log.Error("a request could not be answered", "reason", err) },
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	mux := http.NewServeMux()
	mux.Handle(api.Prefix+"/", programs)
	mux.Handle("/", app)
	if err := s.greet(ctx, c, app, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	// The worker and the pages end together: when one fails the other is told.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	working := make(chan error, 1)
	go func() {
		working <- s.read(ctx, st, set, hooks, log)
		stop()
	}()
	err = s.serve(ctx, listener, mux)
	stop()
	return errors.Join(err, <-working)
}

// guard refuses an address that others reach when passwords would travel in
// the clear.
func (s *serveCmd) guard(c *console) error {
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return usage(c.Sprintf("choose another address with --addr"), err)
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return usage(c.Sprintf("give both --tls-cert and --tls-key"), errors.New(c.Sprintf("TLS needs a certificate and its key")))
	}
	ip, err := netip.ParseAddr(host)
	private := host == "localhost" || err == nil && ip.IsLoopback()
	if !private && s.TLSCert == "" && !s.BehindProxy {
		return usage(c.Sprintf("give --tls-cert and --tls-key, or --behind-proxy when a proxy does TLS"),
			errors.New(c.Sprintf("%s can be reached by others, and without TLS they could read passwords", s.Addr)))
	}
	return nil
}

func (s *serveCmd) application(_ context.Context, st *store.Store, set pipeline.Settings, log *slog.Logger) (*review.Server, error) {
	return review.New(st, review.Options{
		Engine:      pipeline.New(set).Key(),
		Interpret:   interpreter(set.Extract.Profiles),
		Fold:        normalize.Fold,
		Restore:     func(text string) string { return set.Restorer.Restore(text).Text },
		Double:      s.DoubleEntry,
		Scopes:      api.Scopes(),
		Secure:      s.TLSCert != "" || s.BehindProxy,
		BehindProxy: s.BehindProxy,
		MaxUpload:   s.MaxUpload << 20,
		Fault:       func(err error) { log.Error("a page could not be made", "reason", err) },
	})
}

// greet says where the pages are, and how the first person gets in.
func (s *serveCmd) greet(ctx context.Context, c *console, app *review.Server, at net.Addr) error {
	scheme := "http"
	if s.TLSCert != "" {
		scheme = "https"
	}
	here := url.URL{Scheme: scheme, Host: at.String()}
	fmt.Fprintln(c.out, c.Sprintf("Review pages are at %s", here.String()))
	here.Path = api.Prefix + "/docs"
	fmt.Fprintln(c.out, c.Sprintf("The API is at %s", here.String()))
	here.Path = ""
	first, err := app.FirstLink(ctx)
	if err != nil {
		return err
	}
	if first != "" {
		here.Path = first
		fmt.Fprintln(c.out, c.Sprintf("Nobody has an account yet. This link makes the administrator, once, within a day:"))
		fmt.Fprintln(c.out, "  "+here.String())
	}
	return nil
}

// read works on the queue until ctx ends.
func (s *serveCmd) read(ctx context.Context, st *store.Store, set pipeline.Settings, hooks *webhook.Sender, log *slog.Logger) (err error) {
	if !s.Work {
		<-ctx.Done()
		return nil
	}
	r := newReader(st, set, true)
	defer func() { err = errors.Join(err, r.close()) }()
	work := r.work()
	defer tell(ctx, st, hooks, &work, log)()
	return st.NewWorker(work, store.WorkerConfig{
		Slots:    s.workers(),
		PageTime: s.PageTime + time.Minute, // the pipeline keeps the time itself; this is for when it cannot
		StopTime: s.StopTime,
		Sample:   s.Sample,
		Observe:  func(e store.Event) { logEvent(log, e) },
	}).Run(ctx)
}

// serve answers until ctx ends, then lets the answers under way finish. Those
// that take long, and browsers that hold a connection without asking anything,
// are cut off.
func (s *serveCmd) serve(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Minute, // a large upload over a slow line
		WriteTimeout:      30 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12},
	}
	ended := make(chan error, 1)
	go func() {
		if s.TLSCert != "" {
			ended <- srv.ServeTLS(l, s.TLSCert, s.TLSKey)
		} else {
			ended <- srv.Serve(l)
		}
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		quiet, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err := srv.Shutdown(quiet)
		if errors.Is(err, context.DeadlineExceeded) {
			err = srv.Close()
		}
		return err
	}
}
