package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "gocloud.dev/blob/memblob" // a bucket that is no folder

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Run runs all tests on databases that the first function makes, a fresh one
// each, which may hold an empty store already. The second makes databases that
// hold nothing.
func Run(t *testing.T, database, empty func(testing.TB) Database) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Database)
	}{
		{"Process", testProcess},
		{"SameBytesTwice", testSameBytesTwice},
		{"NewVersion", testNewVersion},
		{"Errors", testErrors},
		{"Fair", testFair},
		{"Only", testOnly},
		{"SamePageTwice", testSamePageTwice},
		{"Hanging", testHanging},
		{"StopAndGoOn", testStopAndGoOn},
		{"Retry", testRetry},
		{"ReadPage", testReadPage},
		{"LostJobs", testLostJobs},
		{"Tasks", testTasks},
		{"Clock", testClock},
		{"Correct", testCorrect},
		{"Records", testRecords},
		{"Undo", testUndo},
		{"CarryOver", testCarryOver},
		{"Sample", testSample},
		{"Replace", testReplace},
		{"Approve", testApprove},
		{"Claim", testClaim},
		{"Audit", testAudit},
		{"Delete", testDelete},
		{"DeleteWhileReading", testDeleteWhileReading},
		{"Lists", testLists},
		{"Blobs", testBlobs},
		{"Bucket", testBucket},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, database(t)) })
	}
	t.Run("OpenTwice", func(t *testing.T) { testOpenTwice(t, empty(t)) })
}

func testProcess(t *testing.T, db Database) {
	s := db.Open(t)
	var exported atomic.Value
	work := Work(s)
	work.Export = func(_ context.Context, _ store.Task, doc *schema.Document) error {
		data, err := json.Marshal(doc)
		exported.Store(data)
		return err
	}
	r := submit(t, s, 1, 12)
	if !r.New || !r.Queued || r.Version != 1 || r.Document != identity(Report(1, 12)) {
		t.Errorf("receipt %+v", r)
	}
	var events sync.Map
	stop := start(t, s, work, store.WorkerConfig{Slots: 4, Observe: func(e store.Event) {
		n, _ := events.LoadOrStore(e.Kind, new(atomic.Int64))
		n.(*atomic.Int64).Add(1)
	}})
	idle(t, s)
	stop()

	doc, revision, err := s.Current(t.Context(), r.Document)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(); err != nil {
		t.Error(err)
	}
	if len(doc.Pages) != 12 || len(doc.Records) != 36 || revision == 0 {
		t.Errorf("%d pages, %d records, revision %d", len(doc.Pages), len(doc.Records), revision)
	}
	if _, ok := doc.Records[0].Fields["amounts"].List[0].Value.(schema.Money); !ok {
		t.Errorf("an amount came back as %T", doc.Records[0].Fields["amounts"].List[0].Value)
	}
	// What is exported is, to the byte, what the machine made.
	var pages []schema.Page
	for n := 1; n <= 12; n++ {
		pages = append(pages, page(1, n, "one"))
	}
	want, err := json.Marshal(document(store.Task{Document: r.Document, Engine: "one", Source: doc.Source}, pages))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := exported.Load().([]byte); !bytes.Equal(got, want) {
		t.Errorf("exported\n%s\nwant\n%s", got, want)
	}
	for kind, n := range map[store.EventKind]int64{store.SplitDone: 1, store.PageDone: 12, store.Assembled: 1, store.Exported: 1} {
		got, ok := events.Load(kind)
		if !ok || got.(*atomic.Int64).Load() != n {
			t.Errorf("events of kind %s: %v, want %d", kind, got, n)
		}
	}
	d, err := s.Document(t.Context(), r.Document)
	if err != nil {
		t.Fatal(err)
	}
	if d.State != store.Ready || d.Version != 1 || d.Pages != 12 || d.Fields != 1+36*3+1 || d.FieldsLeft != 36 || d.Profile != "models" || !slices.Equal(d.Names, []string{"report-1.txt"}) {
		t.Errorf("document %+v", d)
	}
}

func testSameBytesTwice(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	var wg sync.WaitGroup
	var made, queued atomic.Int64
	for i := range 10 {
		wg.Go(func() {
			r, err := []*store.Store{s, other}[i%2].Submit(t.Context(), store.Upload{Name: fmt.Sprintf("name-%d.txt", i%2), Bytes: bytes.NewReader(Report(7, 2)), By: "test"})
			if err != nil {
				t.Error(err)
			}
			if r.New {
				made.Add(1)
			}
			if r.Queued {
				queued.Add(1)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 || queued.Load() != 1 {
		t.Errorf("%d documents were made, %d versions queued, want 1 and 1", made.Load(), queued.Load())
	}
	start(t, s, Work(s), store.WorkerConfig{Slots: 2})
	idle(t, s)
	d, err := s.Document(t.Context(), identity(Report(7, 2)))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(d.Names)
	if !slices.Equal(d.Names, []string{"name-0.txt", "name-1.txt"}) {
		t.Errorf("names %q", d.Names)
	}
}

func testNewVersion(t *testing.T, db Database) {
	s := db.Open(t)
	id := process(t, s, 3, 2)
	again := func(u store.Upload) store.Receipt {
		t.Helper()
		u.Name, u.Bytes, u.By = "report-3.txt", bytes.NewReader(Report(3, 2)), "test"
		r, err := s.Submit(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := again(store.Upload{Engine: "one"}); r.Queued || r.New || r.Version != 1 {
		t.Errorf("the same engine: %+v", r)
	}
	if r := again(store.Upload{}); r.Queued {
		t.Errorf("any engine: %+v", r)
	}
	if r := again(store.Upload{Engine: "two"}); !r.Queued || r.New || r.Version != 2 {
		t.Errorf("a newer engine: %+v", r)
	}
	// While it is read again, the old version stays.
	if doc, _, err := s.Current(t.Context(), id); err != nil || doc.Engine.Sohoa != "one" {
		t.Errorf("current while reading again: %v, %v", doc, err)
	}
	stop := start(t, s, Work(s), store.WorkerConfig{Slots: 2})
	idle(t, s)
	stop()
	if doc, _, err := s.Current(t.Context(), id); err != nil || doc.Engine.Sohoa != "two" || !strings.HasSuffix(doc.Pages[0].Text, "two") {
		t.Errorf("current after: %v, %v", doc, err)
	}
	if doc, err := s.Machine(t.Context(), id, 1); err != nil || doc.Engine.Sohoa != "one" {
		t.Errorf("version 1: %v, %v", doc, err)
	}
	vs, err := s.Versions(t.Context(), id)
	if err != nil || len(vs) != 2 || vs[0].State != store.Ready || vs[1].PagesLeft != 0 {
		t.Errorf("versions %+v, %v", vs, err)
	}
	// Other report types, the same engine: no page is read again.
	if r := again(store.Upload{Engine: "two", Assembly: "other types"}); !r.Queued || r.Version != 3 {
		t.Errorf("other report types: %+v", r)
	}
	work := Work(s)
	work.Page = func(context.Context, store.Task, int) (store.PageResult, error) {
		t.Error("a page was read again")
		return store.PageResult{}, store.Permanent(errors.New("no"))
	}
	stop = start(t, s, work, store.WorkerConfig{Slots: 2})
	idle(t, s)
	stop()
	if states, err := s.PageStates(t.Context(), id, 3); err != nil || len(states) != 2 || states[1].Outcome != schema.Done {
		t.Errorf("pages of version 3: %+v, %v", states, err)
	}
	// A version that is still waiting gives way to a newer one.
	again(store.Upload{Engine: "three"})
	if r := again(store.Upload{Engine: "four"}); r.Version != 5 {
		t.Errorf("while another waits: %+v", r)
	}
	stop = start(t, s, Work(s), store.WorkerConfig{Slots: 2})
	idle(t, s)
	stop()
	if states, err := s.PageStates(t.Context(), id, 4); err != nil || len(states) != 0 {
		t.Errorf("a version that was overtaken was read: %+v, %v", states, err)
	}
	if doc, _, err := s.Current(t.Context(), id); err != nil || doc.Engine.Sohoa != "four" {
		t.Errorf("current: %v, %v", doc, err)
	}
	fields, err := s.Fields(t.Context(), store.FieldQuery{Document: id, Limit: 1000})
	if err != nil || len(fields) != 1+6*3+1 {
		t.Errorf("%d fields in the index, want those of one version, 20: %v", len(fields), err)
	}
}

// testErrors has each kind of error at each step.
func testErrors(t *testing.T, db Database) {
	s := db.Open(t)
	good := Work(s)
	var calls sync.Map
	count := func(key string) int64 {
		n, _ := calls.LoadOrStore(key, new(atomic.Int64))
		return n.(*atomic.Int64).Add(1)
	}
	work := good
	work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
		c := count(fmt.Sprint("page ", n))
		switch {
		case n == 1:
			return store.PageResult{}, store.Permanent(errors.New("damaged"))
		case n == 2 && c == 1:
			return store.PageResult{}, store.Transient(errors.New("network"))
		case n == 3 && c == 1:
			return store.PageResult{}, errors.New("who knows")
		case n == 4:
			panic("boom")
		}
		return good.Page(ctx, task, n)
	}
	work.Assemble = func(ctx context.Context, task store.Task, pages []schema.Page) (*schema.Document, error) {
		if count("assemble") == 1 {
			return nil, store.Transient(errors.New("disk full"))
		}
		return good.Assemble(ctx, task, pages)
	}
	id := submit(t, s, 1, 5).Document
	broken, err := s.Submit(t.Context(), store.Upload{Name: "x.txt", Bytes: strings.NewReader("nothing"), By: "test"})
	if err != nil {
		t.Fatal(err)
	}
	start(t, s, work, store.WorkerConfig{Slots: 3})
	idle(t, s)

	for n, want := range map[int]int64{1: 1, 2: 2, 3: 2, 4: 1, 5: 1} {
		if got := count(fmt.Sprint("page ", n)) - 1; got != want {
			t.Errorf("page %d was tried %d times, want %d", n, got, want)
		}
	}
	for n, want := range map[int]schema.Outcome{1: schema.Refused, 2: schema.Done, 3: schema.Done, 4: schema.Refused, 5: schema.Done} {
		p, err := s.Page(t.Context(), id, 1, n)
		if err != nil || p.Outcome != want || (p.Outcome == schema.Done) != (p.Reason == "") {
			t.Errorf("page %d: %s (%s), %v, want %s", n, p.Outcome, p.Reason, err, want)
		}
	}
	d, err := s.Document(t.Context(), broken.Document)
	if err != nil || d.State != store.Unreadable || !strings.Contains(d.Reason, "not a report") {
		t.Errorf("broken document %+v, %v", d, err)
	}
	faults, err := s.Faults(t.Context(), 100)
	if err != nil || len(faults) != 3 {
		t.Errorf("faults %+v, %v", faults, err)
	}
}

// testFair checks that a small report that comes after a large one is done
// long before it.
func testFair(t *testing.T, db Database) {
	s := db.Open(t)
	large := submit(t, s, 1, 200).Document
	small := submit(t, s, 2, 4).Document
	var order []string
	stop := start(t, s, Work(s), store.WorkerConfig{Slots: 2, Observe: func(e store.Event) {
		if e.Kind == store.PageDone {
			order = append(order, e.Task.Document)
		}
	}})
	idle(t, s)
	stop()
	if n := len(order); n != 204 {
		t.Fatalf("%d pages done, want 204", n)
	}
	slices.Reverse(order)
	last := 204 - slices.Index(order, small)
	if last > 40 {
		t.Errorf("the last page of the small report was the %dth; the large one (%s) held it up", last, large[:6])
	}
}

// testOnly checks that what is wanted now goes before what waits for longer.
func testOnly(t *testing.T, db Database) {
	s := db.Open(t)
	submit(t, s, 1, 30)
	// The first is opened and its pages are in the queue; the second is not.
	ctx, cancel := context.WithCancel(t.Context())
	before := 0
	if err := s.NewWorker(Work(s), store.WorkerConfig{Observe: func(e store.Event) {
		cancel()
		if e.Kind == store.PageDone {
			before++
		}
	}}).Run(ctx); err != nil {
		t.Fatal(err)
	}
	wanted := submit(t, s, 2, 5).Document
	if err := s.Only(t.Context(), []string{wanted}); err != nil {
		t.Fatal(err)
	}
	var order []string
	stop := start(t, s, Work(s), store.WorkerConfig{Observe: func(e store.Event) {
		if e.Kind == store.PageDone {
			order = append(order, e.Task.Document)
		}
	}})
	idle(t, s)
	stop()
	for i, id := range order {
		if i < 5 && id != wanted {
			t.Errorf("page %d was of another document", i)
		}
	}
	if n := before + len(order); n != 35 {
		t.Errorf("%d pages done, want the others too", n)
	}
}

// testSamePageTwice has two workers read the same page: one is taken for dead
// while it reads.
func testSamePageTwice(t *testing.T, db Database) {
	s := db.Open(t)
	id := submit(t, s, 1, 1).Document
	work := Work(s)
	read := work.Page
	var readers atomic.Int64
	both := make(chan struct{})
	work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
		r, err := read(ctx, task, n)
		i := readers.Add(1)
		r.Page.Text = fmt.Sprint("reader ", i)
		if i == 2 {
			close(both)
		}
		<-both
		return r, err
	}
	var done, assembled atomic.Int64
	observe := func(e store.Event) {
		switch e.Kind {
		case store.PageDone:
			done.Add(1)
		case store.Assembled:
			assembled.Add(1)
		}
	}
	stop := start(t, s, work, store.WorkerConfig{Observe: observe})
	within(t, patience, "the first reads", func() bool { return readers.Load() == 1 })
	if err := s.ReleaseRunning(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := db.Open(t)
	stopOther := start(t, other, work, store.WorkerConfig{Observe: observe})
	idle(t, s)
	stop()
	stopOther()
	if done.Load() != 1 || assembled.Load() != 1 {
		t.Errorf("%d pages kept, assembled %d times, want 1 and 1", done.Load(), assembled.Load())
	}
	if vs, err := s.Versions(t.Context(), id); err != nil || len(vs) != 1 || vs[0].PagesLeft != 0 {
		t.Errorf("versions %+v, %v", vs, err)
	}
}

func testHanging(t *testing.T, db Database) {
	s := db.Open(t)
	id := submit(t, s, 1, 3).Document
	work := Work(s)
	read := work.Page
	work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
		if n == 2 {
			<-ctx.Done()
			return store.PageResult{}, ctx.Err()
		}
		return read(ctx, task, n)
	}
	start(t, s, work, store.WorkerConfig{Slots: 2, PageTime: 100 * time.Millisecond})
	idle(t, s)
	p, err := s.Page(t.Context(), id, 1, 2)
	if err != nil || p.Outcome != schema.TimedOut || p.Reason == "" {
		t.Errorf("page 2: %+v, %v", p.PageInfo, err)
	}
}

// testStopAndGoOn stops workers in mid-page, many times.
func testStopAndGoOn(t *testing.T, db Database) {
	s := db.Open(t)
	id := submit(t, s, 1, 30).Document
	work := Work(s)
	read := work.Page
	var reads atomic.Int64
	work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
		reads.Add(1)
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
		}
		return read(ctx, task, n)
	}
	for range 5 {
		stop := start(t, s, work, store.WorkerConfig{Slots: 3})
		time.Sleep(40 * time.Millisecond)
		stop()
	}
	stop := start(t, s, work, store.WorkerConfig{Slots: 3})
	idle(t, s)
	stop()
	if doc, _, err := s.Current(t.Context(), id); err != nil || len(doc.Records) != 90 {
		t.Errorf("after stopping: %v", err)
	}
	if n := reads.Load(); n > 30+5*3 {
		t.Errorf("%d pages were read for 30, with 5 stops of 3 slots", n)
	}
}

func testRetry(t *testing.T, db Database) {
	s := db.Open(t)
	id := submit(t, s, 1, 4).Document
	work := Work(s)
	read := work.Page
	var broken atomic.Bool
	var reads atomic.Int64
	broken.Store(true)
	work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
		reads.Add(1)
		if n == 3 && broken.Load() {
			return store.PageResult{}, store.Permanent(errors.New("damaged"))
		}
		return read(ctx, task, n)
	}
	start(t, s, work, store.WorkerConfig{Slots: 2})
	idle(t, s)
	broken.Store(false)
	r, err := s.Retry(t.Context(), id, "test")
	if err != nil || !r.Queued || r.Version != 2 {
		t.Fatalf("retry: %+v, %v", r, err)
	}
	idle(t, s)
	if n := reads.Load(); n != 5 {
		t.Errorf("%d pages were read, want 4 and 1", n)
	}
	if faults, err := s.Faults(t.Context(), 10); err != nil || len(faults) != 0 {
		t.Errorf("faults %+v, %v", faults, err)
	}
	if doc, _, err := s.Current(t.Context(), id); err != nil || len(doc.Records) != 12 {
		t.Errorf("after retry: %v", err)
	}
}

// testReadPage has one page read in another manner, twice.
func testReadPage(t *testing.T, db Database) {
	s := db.Open(t)
	id := submit(t, s, 1, 4).Document
	work := Work(s)
	read := work.Page
	var mu sync.Mutex
	var reads []string
	work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
		mu.Lock()
		reads = append(reads, fmt.Sprintf("%d:%s", n, task.Manner))
		mu.Unlock()
		return read(ctx, task, n)
	}
	taken := func() []string {
		mu.Lock()
		defer mu.Unlock()
		defer func() { reads = nil }()
		slices.Sort(reads)
		return reads
	}
	start(t, s, work, store.WorkerConfig{Slots: 2})
	idle(t, s)
	if got := taken(); !slices.Equal(got, []string{"1:", "2:", "3:", "4:"}) {
		t.Fatalf("read %v at first", got)
	}
	if _, err := s.Correct(t.Context(), id, store.Batch{By: "lan", Changes: []store.Change{setTitle(t, s, id, 0, "tên khác")}}); err != nil {
		t.Fatal(err)
	}
	for _, manner := range []string{"turn=90", ""} {
		if r, err := s.ReadPage(t.Context(), id, 3, manner, "lan"); err != nil || !r.Queued {
			t.Fatalf("read page 3 as %q: %+v, %v", manner, r, err)
		}
		idle(t, s)
		if got := taken(); !slices.Equal(got, []string{"3:" + manner}) {
			t.Errorf("asked for %q: read %v", manner, got)
		}
		if f := title(t, s, id, 0); f.Text != "tên khác" {
			t.Errorf("the correction was lost: %q", f.Text)
		}
	}
	// All later versions keep to it.
	if _, err := s.ReadPage(t.Context(), id, 2, "fine", "lan"); err != nil {
		t.Fatal(err)
	}
	idle(t, s)
	taken()
	if _, err := s.Submit(t.Context(), store.Upload{Name: "x", Bytes: bytes.NewReader(Report(1, 4)), Again: true, By: "lan"}); err != nil {
		t.Fatal(err)
	}
	idle(t, s)
	if got := taken(); !slices.Equal(got, []string{"1:", "2:fine", "3:", "4:"}) {
		t.Errorf("read as a whole again: %v", got)
	}
	for _, n := range []int{0, 5} {
		if _, err := s.ReadPage(t.Context(), id, n, "", "lan"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("page %d: %v", n, err)
		}
	}
	d, err := s.Document(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Approve(t.Context(), id, "mai", d.Revision); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ReadPage(t.Context(), id, 1, "", "lan"); !errors.Is(err, store.ErrApproved) {
		t.Errorf("approved document: %v", err)
	}
}

// testClock has clocks that jump by hours, while pages fail and are put off.
func testClock(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	var calls atomic.Int64
	jumping := func() time.Time {
		return time.Now().Add(time.Duration(calls.Add(1)%3-1) * 3 * time.Hour)
	}
	s.SetClock(jumping)
	other.SetClock(jumping)
	var ids []string
	for n := range 5 {
		ids = append(ids, submit(t, s, n, 4).Document)
	}
	var failed sync.Map
	for _, st := range []*store.Store{s, other} {
		work := Work(st)
		read := work.Page
		work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
			if _, again := failed.LoadOrStore(fmt.Sprint(task.Document, n), true); !again && n == 2 {
				return store.PageResult{}, store.Transient(errors.New("network"))
			}
			return read(ctx, task, n)
		}
		start(t, st, work, store.WorkerConfig{Slots: 2})
	}
	idle(t, s)
	for _, id := range ids {
		d, err := s.Document(t.Context(), id)
		if err != nil || d.State != store.Ready || d.Pages != 4 {
			t.Errorf("document %+v, %v", d, err)
		}
	}
}

// testTasks has a receiver that fails and comes back, one that refuses, and
// two processes that forward the same events.
func testTasks(t *testing.T, db Database) {
	s := db.Open(t)
	id := process(t, s, 1, 1)
	log, err := s.AuditLog(t.Context(), id, 0, 10)
	if err != nil || len(log) != 2 {
		t.Fatalf("log %+v, %v", log, err)
	}
	task := store.NewTask{Name: "tell", Payload: json.RawMessage(`{"event":"processed"}`)}
	if err := s.Forward(t.Context(), "webhooks", 0, log[1].Seq, task); err != nil {
		t.Fatal(err)
	}
	if err := s.Forward(t.Context(), "webhooks", 0, log[1].Seq, task); !errors.Is(err, store.ErrConflict) {
		t.Errorf("forwarded twice: %v", err)
	}
	if seq, err := s.Cursor(t.Context(), "webhooks"); err != nil || seq != log[1].Seq {
		t.Errorf("cursor %d, %v", seq, err)
	}
	if err := s.Enqueue(t.Context(), store.NewTask{Name: "refuse"}, store.NewTask{Name: "tell", Payload: json.RawMessage(`{}`), At: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	work := Work(s)
	var told, refused, gaveUp atomic.Int64
	work.Tasks = map[string]store.TaskFunc{
		"tell": func(_ context.Context, payload json.RawMessage, tries int) error {
			if !strings.Contains(string(payload), "processed") {
				t.Errorf("payload %s", payload)
			}
			told.Add(1)
			return nil
		},
		"refuse": func(context.Context, json.RawMessage, int) error {
			refused.Add(1)
			return store.Permanent(errors.New("gone"))
		},
	}
	start(t, s, work, store.WorkerConfig{Observe: func(e store.Event) {
		if e.Kind == store.GaveUp && e.Name == "refuse" {
			gaveUp.Add(1)
		}
	}})
	within(t, patience, "tasks done", func() bool { return told.Load() == 1 && gaveUp.Load() == 1 })
	if refused.Load() != 1 {
		t.Errorf("refused %d times, want 1", refused.Load())
	}
	// A task that was told is done a moment later; one for later stays.
	idle(t, s)
}

func testLostJobs(t *testing.T, db Database) {
	s := db.Open(t)
	a, b := submit(t, s, 1, 10).Document, submit(t, s, 2, 3).Document
	var done atomic.Int64
	stop := start(t, s, Work(s), store.WorkerConfig{Observe: func(e store.Event) {
		if e.Kind == store.PageDone {
			done.Add(1)
		}
	}})
	within(t, patience, "some pages done", func() bool { return done.Load() > 3 })
	stop()
	c := submit(t, s, 3, 2).Document
	if err := s.LoseJobs(t.Context()); err != nil {
		t.Fatal(err)
	}
	start(t, s, Work(s), store.WorkerConfig{Slots: 2})
	idle(t, s)
	for _, id := range []string{a, b, c} {
		if d, err := s.Document(t.Context(), id); err != nil || d.State != store.Ready {
			t.Errorf("document %+v, %v", d, err)
		}
	}
}

func testAudit(t *testing.T, db Database) {
	s := db.Open(t)
	id := process(t, s, 1, 1)
	if err := s.Approve(t.Context(), id, "chị Lan", 0); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := s.Audit(t.Context(), "test", "user.login", "", 0, map[string]any{"n": i}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	n, last, err := s.VerifyAudit(t.Context())
	if err != nil || n != 23 || last == "" {
		t.Fatalf("audit: %d entries, %v", n, err)
	}
	log, err := s.AuditLog(t.Context(), id, 0, 10)
	if err != nil || len(log) != 3 || log[0].Action != store.Submitted || log[1].Action != store.Processed || log[2].Action != store.Approved || log[2].Actor != "chị Lan" {
		t.Errorf("log %+v, %v", log, err)
	}
	for _, tamper := range []string{
		`UPDATE audit SET actor = 'somebody' WHERE seq = 3`,
		`DELETE FROM audit WHERE seq = 23`,
		`UPDATE audit SET seq = 99 WHERE seq = 5`,
	} {
		undo, err := s.Tamper(t.Context(), tamper)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.VerifyAudit(t.Context()); !errors.Is(err, store.ErrTampered) {
			t.Errorf("%s: not noticed: %v", tamper, err)
		}
		if err := undo(); err != nil {
			t.Fatal(err)
		}
	}
}

func testLists(t *testing.T, db Database) {
	s := db.Open(t)
	for n := range 7 {
		submit(t, s, n, n+1)
	}
	start(t, s, Work(s), store.WorkerConfig{Slots: 2})
	idle(t, s)
	for _, order := range []store.Order{store.NewestFirst, store.OldestFirst, store.FewestLeft} {
		seen := map[string]bool{}
		q := store.DocumentQuery{Order: order, Limit: 3}
		for pages := 0; ; pages++ {
			docs, next, err := s.Documents(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range docs {
				seen[d.ID] = true
			}
			if q.After = next; next == "" {
				break
			}
		}
		if len(seen) != 7 {
			t.Errorf("order %q: %d documents, want 7", order, len(seen))
		}
	}
	for _, c := range []struct {
		q    store.DocumentQuery
		want int
	}{
		{store.DocumentQuery{Search: "REPORT-3"}, 1},
		{store.DocumentQuery{Search: "100%"}, 0},
		{store.DocumentQuery{States: []store.State{store.Ready, store.Locked}}, 7},
		{store.DocumentQuery{States: []store.State{store.Queued}}, 0},
		{store.DocumentQuery{Profile: "models", ToReview: true}, 7},
		{store.DocumentQuery{Changed: time.Now().Add(time.Hour)}, 0},
	} {
		docs, _, err := s.Documents(t.Context(), c.q)
		if err != nil || len(docs) != c.want {
			t.Errorf("%+v: %d documents, %v, want %d", c.q, len(docs), err, c.want)
		}
	}
	fields, err := s.Fields(t.Context(), store.FieldQuery{State: string(schema.NeedsReview), Name: "title", Text: "Mô hình 1 của trang 1", LeastSure: true})
	if err != nil || len(fields) != 7 {
		t.Errorf("the same text in 7 documents: %d, %v", len(fields), err)
	}
	st, err := s.Status(t.Context())
	if err != nil || st.Documents[store.Ready] != 7 || st.PagesLeft != 0 || st.Rate15 <= 0 || len(st.Workers) != 1 {
		t.Errorf("status %+v, %v", st, err)
	}
}

func testBlobs(t *testing.T, db Database) {
	s := db.Open(t)
	work := Work(s)
	read := work.Page
	work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
		r, err := read(ctx, task, n)
		r.Picture, r.PictureSuffix = fmt.Appendf(nil, "picture %d", n), ".png"
		return r, err
	}
	id := submit(t, s, 1, 2).Document
	start(t, s, work, store.WorkerConfig{})
	idle(t, s)
	all := func(r io.ReadCloser, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if got := all(s.Source(t.Context(), id)); got != string(Report(1, 2)) {
		t.Errorf("source %q", got)
	}
	r, mediaType, err := s.Picture(t.Context(), id, 1, 2)
	if got := all(r, err); got != "picture 2" || mediaType != "image/png" {
		t.Errorf("picture %q, %s", got, mediaType)
	}
	if _, _, err := s.Picture(t.Context(), id, 1, 3); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a picture that is not there: %v", err)
	}
}

// testBucket keeps files in a bucket that is no folder, so that sources have to
// be copied for reading, more of them than are kept.
func testBucket(t *testing.T, db Database) {
	t.Setenv("TMPDIR", t.TempDir())
	db.Blobs = "mem://"
	s := db.Open(t)
	for n := range 40 {
		submit(t, s, n, 2)
	}
	start(t, s, Work(s), store.WorkerConfig{Slots: 3})
	idle(t, s)
	st, err := s.Status(t.Context())
	if err != nil || st.Documents[store.Ready] != 40 {
		t.Errorf("status %+v, %v", st, err)
	}
	left, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "sohoa-source-*"))
	if err != nil || len(left) > 20 {
		t.Errorf("%d copies of sources are kept, %v", len(left), err)
	}
}

// testOpenTwice opens an existing store at the same time.
func testOpenTwice(t *testing.T, db Database) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := store.Open(t.Context(), db.URL, store.Options{Blobs: db.Blobs})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	process(t, db.Open(t), 1, 1)
}
