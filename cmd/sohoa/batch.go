package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/sohoa/sohoa/compare"
	"github.com/sohoa/sohoa/ingest/child"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// batch is a run over a list of files with a store in the output folder: the
// same store and the same worker as a server has, so that a run that was
// stopped, however it was stopped, goes on at the page where it was.
type batch struct {
	store   *store.Store
	reader  *reader
	set     pipeline.Settings
	profile string
	workers int            // pages worked on at once
	observe func(runEvent) // one call at a time; nil is silence
	sink    func(file string, doc *schema.Document) error

	mu       sync.Mutex
	docs     map[string]*batchDoc     // of this run, by id
	early    map[string][]store.Event // of documents whose submission has not returned yet
	listed   chan struct{}            // closed when all files have been submitted
	left     int                      // documents that are not settled
	read     bool                     // a page was read
	sum      summary
	finished context.CancelCauseFunc
}

// batchDoc is a document of the run; the same bytes may lie in several files.
type batchDoc struct {
	files   []string
	version int
	began   time.Time
	result  *schema.Document // between its export and the news of it
	err     error            // why it failed
	settled bool
}

// openBatch opens the store in the folder.
func openBatch(ctx context.Context, dir string, set pipeline.Settings, profile string, workers int, observe func(runEvent)) (*batch, error) {
	s, err := store.Open(ctx, filepath.Join(dir, "store.db"), store.Options{Origin: compare.StoredOrigin})
	if err != nil {
		return nil, err
	}
	return &batch{
		store: s, reader: newReader(s, set, false), set: set, profile: profile, workers: workers, observe: observe,
		docs: map[string]*batchDoc{}, early: map[string][]store.Event{}, listed: make(chan struct{}),
	}, nil
}

// useful reports whether the store holds what a later run can build on: pages
// that were read, documents that are done or still wait.
func (b *batch) useful(ctx context.Context) bool {
	status, err := b.store.Status(ctx)
	if err != nil || b.read {
		return true
	}
	delete(status.Documents, store.Unreadable)
	return len(status.Documents) > 0
}

func (b *batch) close() error {
	if err := b.reader.close(); err != nil {
		return err
	}
	return b.store.Close()
}

// run reads the files and hands each finished document to sink, once a file. A
// file that fails is told to the observer and counted. An error means that the
// run itself could not go on: the context ended or the sink refused a document.
func (b *batch) run(ctx context.Context, files []string, sink func(file string, doc *schema.Document) error) (summary, error) {
	start := time.Now()
	b.sink = sink
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	b.finished = cancel
	work := b.reader.work()
	work.Export = b.export
	worker := b.store.NewWorker(work, store.WorkerConfig{
		Slots:    b.workers,
		PageTime: b.set.PageBudget + time.Minute, // the pipeline keeps the time itself
		Observe:  b.seen,
	})
	submitting := make(chan error, 1)
	go func() {
		err := b.submit(ctx, files)
		if err != nil {
			cancel(err)
		}
		submitting <- err
	}()
	err := worker.Run(ctx)
	if err != nil {
		cancel(err)
	}
	<-submitting
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sum.Elapsed = time.Since(start)
	b.sum.HelperDeaths = child.Deaths()
	if cause := context.Cause(ctx); err == nil && cause != errSettled {
		err = cause
	}
	return b.sum, err
}

// errSettled ends the worker when there is nothing left to wait for.
var errSettled = fmt.Errorf("all documents are settled")

// submit puts the files on the queue, finds what an earlier run has done of
// them, and puts them before what that run has left over besides.
func (b *batch) submit(ctx context.Context, files []string) error {
	p, err := b.reader.pipeline(b.profile)
	if err != nil {
		return err
	}
	options, err := json.Marshal(b.set.Extract)
	if err != nil {
		return fmt.Errorf("name the settings: %w", err)
	}
	sum := sha256.Sum256(options)
	upload := store.Upload{By: whoami(), Engine: p.Key(), Assembly: b.profile + " " + hex.EncodeToString(sum[:6]), Profile: b.profile}
	for _, file := range files {
		upload.Name, upload.Path = filepath.Base(file), file
		r, err := b.store.Submit(ctx, upload)
		if err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			// What the pipeline says of such a file comes with a remedy.
			if f, e := p.Open(ctx, file, ""); e != nil {
				err = e
			} else {
				_ = f.Close()
			}
			b.mu.Lock()
			b.fail(file, err, 0)
			b.mu.Unlock()
			continue
		}
		if err := b.add(ctx, file, r); err != nil {
			return err
		}
	}
	b.mu.Lock()
	var ids []string
	for id := range b.docs {
		ids = append(ids, id)
	}
	b.mu.Unlock()
	if err := b.store.Only(ctx, ids); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.listed)
	b.settle()
	return nil
}

// add takes a submitted file into the run.
func (b *batch) add(ctx context.Context, file string, r store.Receipt) error {
	if !r.Queued {
		again, err := b.timedOut(ctx, r)
		if err != nil {
			return err
		}
		if again {
			if r, err = b.store.Retry(ctx, r.Document, whoami()); err != nil {
				return err
			}
		}
	}
	kept, err := b.store.PageStates(ctx, r.Document, r.Version)
	if err != nil {
		return err
	}
	versions, err := b.store.Versions(ctx, r.Document)
	if err != nil {
		return err
	}
	v := versions[r.Version-1]

	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.docs[r.Document]
	if d == nil {
		d = &batchDoc{version: r.Version, began: time.Now()}
		b.docs[r.Document] = d
		b.left++
	}
	d.files = append(d.files, file)
	early := b.early[r.Document]
	delete(b.early, r.Document)
	if v.Pages > 0 && len(early) == 0 {
		b.tell(runEvent{Kind: eventOpened, File: file, Pages: v.Pages})
		for _, p := range kept {
			b.tell(runEvent{Kind: eventPage, File: file, Page: p.Number, Outcome: p.Outcome, Reason: p.Reason, Kept: true})
		}
	}
	for _, e := range early {
		b.follow(d, e)
	}
	switch {
	case d.err != nil:
		if len(early) == 0 { // else following what came early has told it
			b.fail(file, d.err, 0)
		}
	case d.result != nil:
		return b.write(file, d.result)
	case d.settled, v.State == store.Ready && !v.Exported.IsZero() && len(early) == 0:
		// Done by an earlier run, or under another name by this one; the files
		// may have been deleted since, or other formats be asked for.
		doc, _, err := b.store.Current(ctx, r.Document)
		if err == nil {
			err = b.write(file, doc)
		}
		if err != nil {
			return err
		}
		if !d.settled {
			d.settled = true
			b.left--
		}
		b.count(file, doc, d)
	}
	return nil
}

// timedOut reports whether a document that an earlier run has finished has
// pages that took too long then. This machine may be calmer, or the time more.
func (b *batch) timedOut(ctx context.Context, r store.Receipt) (bool, error) {
	b.mu.Lock()
	_, ours := b.docs[r.Document]
	b.mu.Unlock()
	if ours {
		return false, nil // this run has tried
	}
	pages, err := b.store.PageStates(ctx, r.Document, r.Version)
	for _, p := range pages {
		if p.Outcome == schema.TimedOut {
			return true, err
		}
	}
	return false, err
}

// export writes the results of a document that was just finished.
func (b *batch) export(ctx context.Context, t store.Task, doc *schema.Document) error {
	for {
		b.mu.Lock()
		d := b.docs[t.Document]
		if d != nil {
			defer b.mu.Unlock()
			for _, file := range d.files {
				if err := b.write(file, doc); err != nil {
					b.finished(err) // the run cannot go on; the job stays for the next
					return store.Transient(err)
				}
			}
			d.result = doc
			return nil
		}
		b.mu.Unlock()
		select {
		case <-b.listed:
			return nil // left over from an earlier run with other files
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond): // its submission is about to return
		}
	}
}

// write hands a document to the sink under the name of its file.
func (b *batch) write(file string, doc *schema.Document) error {
	return b.renamed(b.sink)(file, doc)
}

// renamed makes a sink give documents the names of their files.
func (b *batch) renamed(sink func(file string, doc *schema.Document) error) func(file string, doc *schema.Document) error {
	return func(file string, doc *schema.Document) error {
		named := *doc
		named.Source.Name = filepath.Base(file)
		return sink(file, &named)
	}
}

// seen turns what the worker tells into what a run tells.
func (b *batch) seen(e store.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.docs[e.Task.Document]
	if d == nil {
		select {
		case <-b.listed:
		default:
			b.early[e.Task.Document] = append(b.early[e.Task.Document], e)
		}
		return
	}
	b.follow(d, e)
	b.settle()
}

// follow brings the run up to an event. The caller holds the lock.
func (b *batch) follow(d *batchDoc, e store.Event) {
	if d.settled || e.Task.Version != d.version {
		return
	}
	for _, file := range d.files {
		switch e.Kind {
		case store.SplitDone:
			b.tell(runEvent{Kind: eventOpened, File: file, Pages: e.Task.Pages, Seconds: e.Seconds})
		case store.PageDone:
			p := runEvent{Kind: eventPage, File: file, Page: e.Page, Outcome: e.Outcome, Seconds: e.Seconds}
			b.read = true
			if e.Err != nil {
				p.Reason = e.Err.Error()
			}
			b.tell(p)
		case store.Exported:
			b.count(file, d.result, d)
		case store.GaveUp:
			d.err = e.Err
			b.fail(file, e.Err, e.Seconds)
		}
	}
	if e.Kind == store.Exported || e.Kind == store.GaveUp {
		d.settled, d.result = true, nil
		b.left--
	}
}

// settle ends the run when nothing is left. The caller holds the lock.
func (b *batch) settle() {
	select {
	case <-b.listed:
		if b.left == 0 {
			b.finished(errSettled)
		}
	default:
	}
}

func (b *batch) count(file string, doc *schema.Document, d *batchDoc) {
	e := runEvent{Kind: eventDocument, File: file, Pages: len(doc.Pages), Records: len(doc.Records), Review: pipeline.Review(doc), Seconds: time.Since(d.began).Seconds()}
	b.sum.Documents++
	b.sum.Pages += e.Pages
	b.sum.Records += e.Records
	b.sum.Review += e.Review
	for _, p := range doc.Pages {
		if p.Outcome != schema.Done {
			b.sum.BadPages++
		}
	}
	b.tell(e)
}

func (b *batch) fail(file string, err error, seconds float64) {
	b.sum.Failed++
	e := failed(file, err)
	e.Seconds = seconds
	b.tell(e)
}

func (b *batch) tell(e runEvent) {
	if b.observe != nil {
		b.observe(e)
	}
}
