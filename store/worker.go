package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/sohoa/sohoa/schema"
)

// Task is a version of a document that is to be read.
type Task struct {
	Document  string // id
	Version   int
	Name      string // the first name it was submitted under
	MediaType string
	Bytes     int64
	Engine    string        // as in [Upload]
	Profile   string        // as in [Upload]
	Source    schema.Source // what Split said; zero before
	Pages     int           // likewise
	Manner    string        // how the page at hand is to be read, see [Store.ReadPage]; "" is the usual way

	id       int64 // of the version
	priority int
}

// PageResult is what reading a page gives.
type PageResult struct {
	Page schema.Page
	// Picture is the upright page as a PNG, JPEG or WebP file for reviewers;
	// nil keeps none.
	Picture       []byte
	PictureSuffix string // ".png", ".jpg" or ".webp"
}

// Work holds the functions that do the reading. They are called from many
// goroutines. What fails is told by errors, see [Permanent] and [Transient];
// a function that returns after its context ended has its result thrown away.
type Work struct {
	// Split opens the source (see [Store.SourceFile]) and says what it is.
	Split func(context.Context, Task) (schema.Source, error)
	// Page reads a page, 1-based. An error after the last try becomes a page
	// that is refused or timed out.
	Page func(ctx context.Context, t Task, n int) (PageResult, error)
	// Assemble makes the document of its pages, which lie in order.
	Assemble func(context.Context, Task, []schema.Page) (*schema.Document, error)
	// Export, if not nil, is called with each finished document, at least once:
	// writing it again must do no harm.
	Export func(context.Context, Task, *schema.Document) error
	// Tasks are functions for other work, by name; see [Store.Enqueue]. A worker
	// without any leaves it to others.
	Tasks map[string]TaskFunc
}

// WorkerConfig says how a [Worker] works.
type WorkerConfig struct {
	Slots       int           // jobs at once; 0 means 1
	PageTime    time.Duration // a page that takes longer is given up; 0 means 4 minutes
	OtherTime   time.Duration // for the other functions; 0 means 10 minutes
	StopTime    time.Duration // how long pages may go on after Run was told to end; 0 stops them at once
	MaxAttempts int           // a page that was begun so often and never ended (it kills its worker) is refused; 0 means 10
	Sample      float64       // share of the accepted fields that go to review all the same; 0 for none
	Observe     func(Event)   // called from many goroutines, one at a time; nil is silence
}

// Event tells an observer what a worker did.
type Event struct {
	Kind     EventKind
	Task     Task
	Name     string         // of a task that is no reading, "" otherwise
	Page     int            // 1-based
	Outcome  schema.Outcome // of the page
	Attempts int            // that the page took
	Document *schema.Document
	Err      error
	Retry    time.Duration // when Kind is Retrying: until then
	Seconds  float64       // that the work took
}

// EventKind names an [Event].
type EventKind string

// Kinds of events, and the fields of [Event] that they set besides Task.
const (
	SplitDone EventKind = "split"    // Seconds
	PageDone  EventKind = "page"     // Page, Outcome, Attempts, Err when not done, Seconds
	Assembled EventKind = "document" // Document, Seconds
	Exported  EventKind = "exported" // Seconds
	GaveUp    EventKind = "failed"   // Err
	Retrying  EventKind = "retry"    // Page (0 when it is not a page), Err, Retry
	Trouble   EventKind = "trouble"  // Err: the database cannot be reached, work waits
)

// Worker takes jobs from the queue and does them.
type Worker struct {
	s    *Store
	work Work
	cfg  WorkerConfig
	name string
	id   int64

	observe sync.Mutex
	mu      sync.Mutex
	active  map[int64]bool // jobs whose function runs
	missing map[int64]bool // jobs that the database says we have, and we do not know of
	dead    map[int64]bool // workers that were found dead once
	tasks   map[int64]Task // by version, for the pages of a document
}

// NewWorker returns a worker that is not running yet.
func (s *Store) NewWorker(work Work, cfg WorkerConfig) *Worker {
	cfg.Slots = max(cfg.Slots, 1)
	if cfg.PageTime == 0 {
		cfg.PageTime = 4 * time.Minute
	}
	if cfg.OtherTime == 0 {
		cfg.OtherTime = 10 * time.Minute
	}
	if cfg.MaxAttempts == 0 {
		cfg.MaxAttempts = 10
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return &Worker{
		s: s, work: work, cfg: cfg,
		name:   fmt.Sprintf("%.40s-%d-%s", host, os.Getpid(), rand.Text()[:8]),
		active: map[int64]bool{}, missing: map[int64]bool{}, dead: map[int64]bool{}, tasks: map[int64]Task{},
	}
}

// patience is how often the queue is asked when it was found empty, and the
// least time between two fetches when it was not.
func (s *Store) patience() (poll, cooldown time.Duration) {
	if s.Database() == "sqlite" {
		return 25 * time.Millisecond, time.Millisecond // a fetch is a function call
	}
	return 200 * time.Millisecond, 2 * time.Millisecond
}

// Run works until ctx ends, then stops as StopTime says. Jobs that it leaves
// unfinished go back to the queue at once; those of a worker that was killed
// are taken over by the others within seconds.
func (w *Worker) Run(ctx context.Context) error {
	if ctx.Err() != nil {
		return nil
	}
	now := microseconds(w.s.now())
	// Ending while we start is no fault, so the start itself is not interrupted.
	starting, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	var release func()
	err := w.s.db.update(starting, func(t tx) (err error) {
		if err := t.row(starting, `INSERT INTO workers (name, slots, started_at, seen_at) VALUES ($1, $2, $3, $3) RETURNING id`, w.name, w.cfg.Slots, now).Scan(&w.id); err != nil {
			return err
		}
		// The lock is taken before the others can see this worker.
		release, err = w.s.db.announce(starting, w.id)
		return err
	})
	if err != nil {
		if release != nil {
			release()
		}
		return fmt.Errorf("start worker: %w", err)
	}
	defer release()
	if err := w.sweep(starting); err != nil {
		return fmt.Errorf("start worker: %w", err)
	}
	c, err := w.client()
	if err != nil {
		return fmt.Errorf("start worker: %w", err)
	}
	if err := c.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start worker: %w", err)
	}
	w.sweepUntil(ctx.Done())

	// The client goes through two stages: first no new jobs are taken, then
	// those that still run are cancelled.
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(w.cfg.StopTime, time.Millisecond))
	defer cancel()
	if err := c.Stop(stop); err != nil {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace+10*time.Second)
		defer cancel()
		if err := c.StopAndCancel(stop); err != nil {
			return fmt.Errorf("stop worker: %w", err)
		}
	}
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if _, err := w.s.db.exec(bye, `DELETE FROM workers WHERE id = $1`, w.id); err != nil {
		return fmt.Errorf("stop worker: %w", err)
	}
	return nil
}

func (w *Worker) client() (client, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &doer[splitArgs]{do: w.split, w: w})
	river.AddWorker(workers, &doer[pageArgs]{do: w.page, w: w})
	river.AddWorker(workers, &doer[assembleArgs]{do: w.assemble, w: w})
	river.AddWorker(workers, &doer[exportArgs]{do: w.export, w: w})
	river.AddWorker(workers, &doer[taskArgs]{do: w.errand, w: w})
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: w.cfg.Slots}}
	if len(w.work.Tasks) > 0 {
		queues[taskQueue] = river.QueueConfig{MaxWorkers: taskSlots, FetchPollInterval: 500 * time.Millisecond}
	}
	poll, cooldown := w.s.patience()
	return w.s.db.client(&river.Config{
		ID:                          w.name,
		Queues:                      queues,
		Workers:                     workers,
		Logger:                      w.s.log,
		PollOnly:                    true, // we insert rows ourselves, without notifications
		FetchPollInterval:           poll,
		FetchCooldown:               cooldown,
		JobTimeout:                  -1, // call keeps the time
		RetryPolicy:                 soon{},
		CompletedJobRetentionPeriod: 5 * time.Minute, // the result is elsewhere
	})
}

// taskSlots is how many tasks a worker does at once; they mostly wait.
const taskSlots = 8

// soon is the retry policy for what the worker could not write down: River
// sees only errors of the database, and those are tried until they pass.
type soon struct{}

// NextRetry implements river.ClientRetryPolicy.
func (soon) NextRetry(*rivertype.JobRow) time.Time { return time.Now().Add(3 * time.Second) }

// doer binds a kind of job to its function.
type doer[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	w  *Worker
	do func(context.Context, *rivertype.JobRow, T) error
}

// Work implements river.Worker.
func (d *doer[T]) Work(ctx context.Context, job *river.Job[T]) error {
	d.w.mu.Lock()
	d.w.active[job.ID] = true
	d.w.mu.Unlock()
	defer func() {
		d.w.mu.Lock()
		delete(d.w.active, job.ID)
		d.w.mu.Unlock()
	}()
	err := d.do(ctx, job.JobRow, job.Args)
	if errors.Is(err, ErrNotFound) && ctx.Err() == nil && d.w.gone(ctx, job.JobRow) {
		return nil // its document was deleted: there is nothing left to do
	}
	return err
}

// panicPlace names the function that panicked and its line, for the report.
// The whole stack would put this machine's paths into people's lists of faults.
func panicPlace() string {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	for {
		f, more := frames.Next()
		if f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", path.Base(f.Function), f.Line)
		}
		if !more {
			return "unknown place"
		}
	}
}

// grace is how long a function may take to return after its context ended.
const grace = 5 * time.Second

// call runs a function of Work within a time. One that panics has failed; one
// that does not return in time is left behind: its goroutine goes on, and
// nobody hears what it says.
func call[T any](ctx context.Context, limit time.Duration, f func(context.Context) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r.err = Permanent(fmt.Errorf("%w: %v (%s)", errPanicked, p, panicPlace()))
			}
			done <- r
		}()
		r.value, r.err = f(ctx)
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-time.After(grace):
		var none T
		return none, errStuck
	}
}

// commit runs f in a transaction until it is through. A result that cost
// minutes is not thrown away because the database is away for a while or the
// disk is full; only the end of the worker ends the trying.
func (w *Worker) commit(ctx context.Context, f func(tx) error) error {
	told := false
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		try, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		err := w.s.db.update(try, f)
		cancel()
		if err == nil || w.s.db.permanent(err) || errors.Is(err, ErrNotFound) {
			return err
		}
		if !told {
			w.tell(Event{Kind: Trouble, Err: err})
			told = true
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// read runs a query outside a transaction until the database answers.
func (w *Worker) read(ctx context.Context, f func() error) error {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := f()
		if err == nil || errors.Is(err, ErrNotFound) || w.s.db.permanent(err) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

func (w *Worker) tell(e Event) {
	if w.cfg.Observe == nil {
		return
	}
	w.observe.Lock()
	defer w.observe.Unlock()
	w.cfg.Observe(e)
}

const taskColumns = `SELECT v.id, v.document, v.version, v.engine, v.profile, v.priority, v.source, v.pages, d.media_type, d.bytes,
	COALESCE((SELECT name FROM names n WHERE n.document = d.id ORDER BY at, name LIMIT 1), '')
	FROM versions v JOIN documents d ON d.id = v.document `

func scanTask(r scanner) (t Task, err error) {
	var source string
	if err = r.Scan(&t.id, &t.Document, &t.Version, &t.Engine, &t.Profile, &t.priority, &source, &t.Pages, &t.MediaType, &t.Bytes, &t.Name); err != nil {
		return t, notFound(err)
	}
	if source != "" {
		err = unmarshal(source, &t.Source)
	}
	return t, err
}

// task finds the version that a job is about.
func (w *Worker) task(ctx context.Context, version int64) (t Task, err error) {
	w.mu.Lock()
	t, ok := w.tasks[version]
	w.mu.Unlock()
	if ok {
		return t, nil
	}
	err = w.read(ctx, func() error {
		t, err = scanTask(w.s.db.row(ctx, taskColumns+`WHERE v.id = $1`, version))
		return err
	})
	if err == nil && t.Pages > 0 { // split: from now on nothing of it changes
		w.mu.Lock()
		if len(w.tasks) > 1000 {
			clear(w.tasks)
		}
		w.tasks[version] = t
		w.mu.Unlock()
	}
	return t, err
}
