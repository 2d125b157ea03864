// Package storetest holds the tests that every database of the store must
// pass, and what they need: databases that are made for one test, and work
// whose result is known beforehand.
package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Database says where a store may be opened, more than once and by many
// processes.
type Database struct {
	URL, Blobs string
	server     *Server // nil for SQLite
}

// Open opens the store and closes it at the end of the test.
func (d Database) Open(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), d.URL, store.Options{Blobs: d.Blobs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// SQLite returns an empty database in a folder of the test.
func SQLite(t testing.TB) Database {
	dir := t.TempDir()
	return Database{URL: filepath.Join(dir, "sohoa.db"), Blobs: "file://" + filepath.Join(dir, "blobs")}
}

// Report makes the bytes of a pretended report: its pages are known by its
// number, and each says something else.
func Report(number, pages int) []byte {
	return fmt.Appendf(nil, "report %d\npages %d\n", number, pages)
}

// parse reads what Report wrote.
func parse(data []byte) (number, pages int, err error) {
	_, err = fmt.Sscanf(string(data), "report %d\npages %d\n", &number, &pages)
	return number, pages, err
}

// Work returns functions that read reports made by [Report]. They are as
// deterministic as the real ones, and as quick as functions can be, so that
// what is measured and tested is the store.
func Work(s *store.Store) store.Work {
	number := func(ctx context.Context, t store.Task) (int, int, error) {
		file, release, err := s.SourceFile(ctx, t.Document)
		if err != nil {
			return 0, 0, err
		}
		defer release()
		data, err := os.ReadFile(file)
		if err != nil {
			return 0, 0, err
		}
		n, pages, err := parse(data)
		if err != nil {
			return 0, 0, store.Permanent(fmt.Errorf("not a report: %w", err))
		}
		return n, pages, nil
	}
	return store.Work{
		Split: func(ctx context.Context, t store.Task) (schema.Source, error) {
			_, pages, err := number(ctx, t)
			return schema.Source{Name: t.Name, MediaType: "text/plain", Bytes: t.Bytes, Pages: pages}, err
		},
		Page: func(ctx context.Context, t store.Task, n int) (store.PageResult, error) {
			number, _, err := number(ctx, t)
			return store.PageResult{Page: page(number, n, t.Engine)}, err
		},
		Assemble: func(_ context.Context, t store.Task, pages []schema.Page) (*schema.Document, error) {
			return document(t, pages), nil
		},
	}
}

// page is what Work reads on a page: a table of three rows.
func page(number, n int, engine string) schema.Page {
	p := schema.Page{PageInfo: schema.PageInfo{Number: n, Outcome: schema.Done, TextSource: schema.FromText}}
	p.Text = fmt.Sprintf("Báo cáo %d, trang %d, %s", number, n, engine)
	for row := 1; row <= 3; row++ {
		text := fmt.Sprintf("Mô hình %d của trang %d", row, n)
		p.Lines = append(p.Lines, schema.Line{Number: row, Words: []schema.Word{{Text: text, Raw: strings.ToUpper(text), Confidence: 0.5}}})
	}
	return p
}

// document is what Work assembles: a record a line, some of whose fields need
// review.
func document(t store.Task, pages []schema.Page) *schema.Document {
	doc := &schema.Document{DocumentID: t.Document, Source: t.Source, Engine: schema.Engine{Sohoa: t.Engine, Profile: "models"}}
	field := func(text string, value any, page, line int, state schema.State) schema.Field {
		return schema.Field{Value: value, Text: text, Raw: text, Confidence: 0.75, State: state, Boxes: []schema.Place{{Page: page, Line: &[2]int{line, line}}}}
	}
	title := field("Báo cáo "+t.Document[:6], "Báo cáo "+t.Document[:6], 1, 1, schema.Accepted)
	doc.Header.Title = &title
	for _, p := range pages {
		doc.Pages = append(doc.Pages, p.PageInfo)
		for i, l := range p.Lines {
			text := l.Words[0].Text
			doc.Records = append(doc.Records, schema.Record{
				ID: fmt.Sprintf("p%d/%d", p.Number, i+1), Kind: "model",
				Fields: map[string]schema.Entry{
					"number":  schema.One(field(fmt.Sprint(i+1), fmt.Sprint(i+1), p.Number, l.Number, schema.Accepted)),
					"title":   schema.One(field(text, text, p.Number, l.Number, schema.NeedsReview)),
					"amounts": {List: []schema.Field{field("2,5 tỷ đồng", schema.Money{VND: 2_500_000_000, Per: "năm"}, p.Number, l.Number, schema.Accepted)}},
				},
			})
		}
	}
	doc.Citations = []schema.Field{field("Quyết định số 06/QĐ-TTg", schema.Citation{Type: "Quyết định", Number: "06/QĐ-TTg"}, 1, 1, schema.Accepted)}
	doc.Seal()
	return doc
}

// submit puts a report into the store.
func submit(t testing.TB, s *store.Store, number, pages int) store.Receipt {
	t.Helper()
	r, err := s.Submit(t.Context(), store.Upload{Name: fmt.Sprintf("report-%d.txt", number), Bytes: bytes.NewReader(Report(number, pages)), By: "test", Engine: "one"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// start runs a worker until the test ends or stop is called. A worker tells what
// it did after it did it: only when it has stopped all was told.
func start(t testing.TB, s *store.Store, work store.Work, cfg store.WorkerConfig) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.NewWorker(work, cfg).Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("worker: %v", err)
		}
	}
	t.Cleanup(stop)
	return stop
}

// patience bounds a wait in a store that is broken. It is no measure for a good
// one: that may be on a machine with much else to do.
const patience = 5 * time.Minute

// within waits for something to become true.
func within(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", limit, what)
		}
	}
}

// idle waits until all work is done.
func idle(t testing.TB, s *store.Store) {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			st, err := s.Status(context.Background())
			t.Logf("status: %+v, %v", st, err)
		}
	})
	within(t, patience, "all work done", func() bool {
		ok, err := s.Idle(t.Context())
		return err == nil && ok // where the server was restarted, connections are broken once
	})
}

// process puts a report into the store and has it read.
func process(t testing.TB, s *store.Store, number, pages int) string {
	t.Helper()
	id := submit(t, s, number, pages).Document
	defer start(t, s, Work(s), store.WorkerConfig{Slots: 2})()
	idle(t, s)
	return id
}

func identity(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
