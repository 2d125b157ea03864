package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// onBothDatabases are the tests of delivery. They run at the same time, since
// they mostly wait.
var onBothDatabases = map[string]func(*testing.T, *store.Store){
	"Receivers":       testReceivers,
	"OthersDoNotWait": testOthersDoNotWait,
	"WhoIsTold":       testWhoIsTold,
	"GivingUp":        testGivingUp,
}

func TestSQLite(t *testing.T) { runAll(t, storetest.SQLite) }

func TestPostgres(t *testing.T) { runAll(t, storetest.StartPostgres(t).Database) }

func runAll(t *testing.T, open func(testing.TB) storetest.Database) {
	for name, f := range onBothDatabases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t).Open(t)
			// The store thinks that it is earlier than it is, so that the pauses
			// between tries are over at once.
			s.SetClock(func() time.Time { return time.Now().Add(-2 * time.Hour) })
			f(t, s)
		})
	}
}

// receiver keeps what it was told, and behaves as told.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	secrets []string
	answer  func(n int, w http.ResponseWriter, r *http.Request) // to the n-th request, from 1
	n       int
	taken   map[string]int // by webhook-id: answered with 200
	bodies  map[string]map[string]bool
	faults  []string
}

func newReceiver(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *receiver {
	r := &receiver{answer: answer, taken: map[string]int{}, bodies: map[string]map[string]bool{}}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) { s.code = code; s.ResponseWriter.WriteHeader(code) }

func (v *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	id := r.Header.Get("webhook-id")
	v.mu.Lock()
	if err != nil {
		v.faults = append(v.faults, err.Error())
	}
	for _, secret := range v.secrets {
		hook, err := standardwebhooks.NewWebhook(secret)
		if err == nil {
			err = hook.Verify(body, r.Header)
		}
		if err != nil {
			v.faults = append(v.faults, err.Error())
		}
	}
	if v.bodies[id] == nil {
		v.bodies[id] = map[string]bool{}
	}
	v.bodies[id][string(body)] = true
	v.n++
	n := v.n
	v.mu.Unlock()
	s := &status{w, http.StatusOK}
	v.answer(n, s, r)
	if s.code == http.StatusOK {
		v.mu.Lock()
		v.taken[id]++
		v.mu.Unlock()
	}
}

func (v *receiver) has() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.taken)
}

// check looks at what holds for every receiver: signatures fit, and an id
// stands for one message.
func (v *receiver) check(t *testing.T) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, f := range v.faults {
		t.Error(f)
	}
	for id, bodies := range v.bodies {
		if len(bodies) != 1 {
			t.Errorf("%s stands for %d messages", id, len(bodies))
		}
	}
}

func within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	const patience = 5 * time.Minute // with a broken deliverer; a good one may have to wait for its machine
	for end := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// run delivers until stop is called or the test ends.
func run(t *testing.T, s *store.Store, timeout time.Duration) (stop func()) {
	t.Helper()
	return start(t, s, &Deliverer{Store: s, Sender: NewSender(Sender{Guard: local, Timeout: timeout}), Every: 10 * time.Millisecond, Rest: 50 * time.Millisecond, Fault: func(err error) { t.Error(err) }})
}

func start(t *testing.T, s *store.Store, d *Deliverer) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { d.Run(ctx) })
	wg.Go(func() {
		if err := s.NewWorker(store.Work{Tasks: d.Tasks()}, store.WorkerConfig{}).Run(ctx); err != nil {
			t.Errorf("worker: %v", err)
		}
	})
	stop = sync.OnceFunc(func() { cancel(); wg.Wait() })
	t.Cleanup(stop)
	return stop
}

func hook(t *testing.T, s *store.Store, r *receiver, types ...string) store.Webhook {
	t.Helper()
	h, err := s.MakeWebhook(t.Context(), store.Webhook{URL: r.URL, Types: types, By: "test"})
	if err != nil {
		t.Fatal(err)
	}
	r.mu.Lock()
	r.secrets = []string{h.Secret}
	r.mu.Unlock()
	return h
}

func count(t *testing.T, s *store.Store, h store.Webhook, state store.DeliveryState) int {
	t.Helper()
	all, err := s.Deliveries(t.Context(), h.ID, state, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// testReceivers is the promise: a receiver that fails, one that hangs and one
// that goes away and comes back get each event at least once, under one id, and
// do not keep others from getting theirs.
func testReceivers(t *testing.T, s *store.Store) {
	const events = 12
	good := newReceiver(t, func(int, http.ResponseWriter, *http.Request) {})
	fails := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n%3 != 0 {
			w.WriteHeader([]int{500, 503, 404, 429}[n%4])
		}
	})
	hangs := newReceiver(t, func(n int, w http.ResponseWriter, r *http.Request) {
		if n <= 10 {
			<-r.Context().Done() // until the sender gives up
			w.WriteHeader(http.StatusTeapot)
		}
	})
	forgets := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n <= 4 { // it has the event, but its answer is lost
			panic(http.ErrAbortHandler)
		}
	})
	away := newReceiver(t, func(int, http.ResponseWriter, *http.Request) {})
	away.Close()
	address, listen := takeAddress(t)
	away.URL = "http://" + address
	all := []*receiver{good, fails, hangs, forgets, away}
	var hooks []store.Webhook
	for _, r := range all {
		hooks = append(hooks, hook(t, s, r, Types()...))
	}
	// One that is well answers in this time even where it has to wait for others.
	const timeout = time.Second
	stop := run(t, s, timeout)
	for i := range events {
		if err := s.Audit(t.Context(), "Lan", store.Approved, fmt.Sprint(i), 1, map[string]any{"revision": i}); err != nil {
			t.Fatal(err)
		}
		if i == events/2 { // the sender stops in the middle, and another goes on
			stop()
			stop = run(t, s, timeout)
		}
	}
	within(t, "the good receiver has all", func() bool { return good.has() == events })
	within(t, "the receiver that is away was tried", func() bool {
		all, err := s.Deliveries(t.Context(), hooks[4].ID, "", 0, 1)
		return err == nil && len(all) == 1 && all[0].Attempts > 0 && all[0].Last.Error != "" && all[0].Last.Status == 0
	})
	back := httptest.NewUnstartedServer(away)
	listener, err := listen()
	if err != nil {
		t.Fatal(err)
	}
	back.Listener.Close()
	back.Listener = listener
	back.Start()
	t.Cleanup(back.Close)
	for i, r := range all {
		within(t, fmt.Sprintf("receiver %d has all", i), func() bool {
			// Without the pauses, a slow machine may have come to the last try while
			// the receiver was away.
			given, err := s.Deliveries(t.Context(), hooks[i].ID, store.Undone, 0, 100)
			for _, d := range given {
				err = errors.Join(err, s.Replay(t.Context(), d.ID))
			}
			if err != nil {
				t.Fatal(err)
			}
			return r.has() == events && count(t, s, hooks[i], store.Delivered) == events
		})
		r.check(t)
	}
	if n := count(t, s, hooks[0], store.Pending); n != 0 {
		t.Errorf("%d deliveries are pending", n)
	}
	log, err := s.Deliveries(t.Context(), hooks[1].ID, store.Delivered, 0, events)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(log, func(d store.Delivery) bool { return d.Attempts > 1 }) {
		t.Errorf("the log tells of no failed try: %+v", log)
	}
	for _, d := range log {
		tries, err := s.Attempts(t.Context(), d.ID)
		if err != nil || len(tries) != d.Attempts || tries[len(tries)-1].Error != "" || len(tries) > 1 && tries[0].Error == "" {
			t.Errorf("attempts %+v, %v", tries, err)
		}
	}
}

// testOthersDoNotWait has one receiver hang with many messages in the queue: it
// gets a few of them to try how it is, and the other has all its own meanwhile.
func testOthersDoNotWait(t *testing.T, s *store.Store) {
	const events = 60
	hangs := newReceiver(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		w.WriteHeader(http.StatusTeapot)
	})
	good := newReceiver(t, func(int, http.ResponseWriter, *http.Request) {})
	h, g := hook(t, s, hangs, store.Approved), hook(t, s, good, store.Approved)
	for i := range events {
		if err := s.Audit(t.Context(), "Lan", store.Approved, fmt.Sprint(i), 1, map[string]any{"revision": i}); err != nil {
			t.Fatal(err)
		}
	}
	// The time is one that the good receiver does not reach on a loaded machine.
	d := &Deliverer{Store: s, Sender: NewSender(Sender{Guard: local, Timeout: 8 * time.Second}), Every: 10 * time.Millisecond, Rest: time.Hour, Fault: func(err error) { t.Error(err) }}
	start(t, s, d)
	within(t, "the good receiver has all", func() bool { return count(t, s, g, store.Delivered) == events })
	// All slots may be taken by it once, before it is known to hang.
	hangs.mu.Lock()
	tried := hangs.n
	hangs.mu.Unlock()
	if tried == 0 || tried > 8 {
		t.Errorf("the receiver that hangs was tried %d times", tried)
	}
	if n := count(t, s, h, store.Pending); n != events {
		t.Errorf("%d deliveries to it are pending, want all", n)
	}
}

func TestRests(t *testing.T) {
	r := newRests(10 * time.Second)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	may := func(want bool) {
		t.Helper()
		if wait, ok := r.begin("a", now); ok != want || !ok && wait < 5*time.Second {
			t.Fatalf("%v after %s", ok, wait)
		}
	}
	hung, bad := store.Attempt{Hung: true, Error: "x"}, store.Attempt{Error: "x", Status: 500}
	for range 3 { // all began before the first was over
		may(true)
	}
	for range 3 {
		r.end("a", hung, now)
	}
	may(false)
	now = now.Add(9 * time.Second)
	may(false)
	now = now.Add(time.Second)
	may(true)  // one looks how it is
	may(false) // the others wait for what it says
	r.end("a", hung, now)
	now = now.Add(19 * time.Second)
	may(false) // the rest has grown
	now = now.Add(time.Second)
	may(true)
	r.end("a", bad, now) // it answers again
	may(true)
	may(true)
	if _, ok := r.begin("b", now); !ok {
		t.Error("another receiver rests too")
	}
}

// testWhoIsTold looks at which events go where.
func testWhoIsTold(t *testing.T, s *store.Store) {
	ctx := t.Context()
	tell := func(action string, data any) {
		t.Helper()
		if err := s.Audit(ctx, "Lan", action, "d", 1, data); err != nil {
			t.Fatal(err)
		}
	}
	tell(store.Approved, map[string]any{"revision": 1}) // before anybody listens
	r := newReceiver(t, func(int, http.ResponseWriter, *http.Request) {})
	approvals := hook(t, s, r, store.Approved)
	other := newReceiver(t, func(int, http.ResponseWriter, *http.Request) {})
	off := hook(t, s, other, Types()...)
	off.Disabled = "by hand"
	if err := s.ChangeWebhook(ctx, off, "test"); err != nil {
		t.Fatal(err)
	}
	tell("login", nil)
	tell(store.Processed, map[string]any{"current": false})
	tell(store.Processed, map[string]any{"pages": 3})
	tell(store.Approved, map[string]any{"revision": 2})
	run(t, s, time.Minute)
	within(t, "the approval arrives", func() bool { return r.has() == 1 })

	// Made to hear of readings too, and of what was before.
	approvals.Types = []string{store.Approved, store.Processed}
	if err := s.ChangeWebhook(ctx, approvals, "test"); err != nil {
		t.Fatal(err)
	}
	within(t, "nothing is pending", func() bool { return count(t, s, approvals, store.Pending) == 0 })
	n, err := s.ReplaySince(ctx, approvals.ID, time.Time{})
	if err != nil || n != 3 {
		t.Fatalf("%d queued, %v; want two approvals and the reading that people see", n, err)
	}
	within(t, "the replayed arrive", func() bool { return r.has() == 3 && count(t, s, approvals, store.Delivered) == 3 })
	if other.has() != 0 || count(t, s, off, "") != 0 {
		t.Error("one that is disabled was told")
	}
	r.check(t)

	// The old secret signs too for a while.
	before := approvals.Secret
	turned, err := s.TurnSecret(ctx, approvals.ID, "test", 24*time.Hour)
	if err != nil || turned.Secret == before || turned.OldSecret != before {
		t.Fatalf("%+v, %v", turned, err)
	}
	r.mu.Lock()
	r.secrets = []string{before, turned.Secret}
	r.mu.Unlock()
	tell(store.Approved, map[string]any{"revision": 3})
	within(t, "the last arrives", func() bool { return r.has() == 4 && count(t, s, approvals, store.Delivered) == 4 })
	r.check(t)

	// The log is kept for a time.
	if err := s.PruneDeliveries(ctx, time.Now().Add(-24*time.Hour)); err != nil || count(t, s, approvals, "") != 4 {
		t.Errorf("%d deliveries, %v", count(t, s, approvals, ""), err)
	}
	if err := s.PruneDeliveries(ctx, time.Now()); err != nil || count(t, s, approvals, "") != 0 {
		t.Errorf("%d deliveries, %v", count(t, s, approvals, ""), err)
	}
	if err := s.DropWebhook(ctx, approvals.ID, "test"); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Deliveries(ctx, approvals.ID, "", 0, 10); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
}

// testGivingUp ends deliveries after the last try and at 410 Gone, and sends
// them again when asked to.
func testGivingUp(t *testing.T, s *store.Store) {
	ctx := t.Context()
	well := make(chan struct{})
	bad := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		select {
		case <-well:
		default:
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	gone := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	h, g := hook(t, s, bad, store.Approved), hook(t, s, gone, store.Approved)
	for i := range 2 {
		if err := s.Audit(ctx, "Lan", store.Approved, fmt.Sprint(i), 1, map[string]any{"revision": i}); err != nil {
			t.Fatal(err)
		}
	}
	run(t, s, time.Minute)
	within(t, "it is given up", func() bool { return count(t, s, h, store.Undone) == 2 })
	all, err := s.Deliveries(ctx, h.ID, store.Undone, 0, 9)
	if err != nil || all[0].Attempts != store.TaskTries || all[0].Last.Status != http.StatusBadGateway {
		t.Fatalf("%+v, %v", all, err)
	}
	within(t, "nothing more is sent to one that is gone", func() bool {
		d, err := s.Webhook(ctx, g.ID)
		return err == nil && d.Disabled != "" && count(t, s, g, store.Pending) == 0
	})
	close(well)
	if err := s.Replay(ctx, all[0].ID); err != nil {
		t.Fatal(err)
	}
	within(t, "the replayed arrives", func() bool { return count(t, s, h, store.Delivered) == 1 })
	if n := count(t, s, h, store.Undone); n != 1 {
		t.Errorf("%d are given up, want the other one", n)
	}
	if err := s.Replay(ctx, 99999); err == nil {
		t.Error("a delivery that is none was replayed")
	}
	bad.check(t)
}

// TestMessages makes the events of a document's life, and looks at the messages.
func TestMessages(t *testing.T) {
	s := storetest.SQLite(t).Open(t)
	ctx := t.Context()
	id := storetest.Process(t, s, 1, 2)
	f := schema.Field{Value: "Mô hình", Text: "Mô hình", Confidence: 1, State: schema.Corrected}
	if _, err := s.Correct(ctx, id, store.Batch{By: "Lan", Changes: []store.Change{{What: store.TheField, Path: "records/p1%2F1/title", Field: &f}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Approve(ctx, id, "Lan", 0); err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(ctx, Types(), 0, 10)
	if err != nil || len(events) != 3 {
		t.Fatalf("%+v, %v", events, err)
	}
	var all []Message
	for _, e := range events {
		data, err := NewMessage(e)
		if err != nil {
			t.Fatal(err)
		}
		var m Message
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		if m.Data.Document != id || m.Data.Event != e.EventID() || m.Data.Version != 1 || m.Time.IsZero() {
			t.Errorf("%s", data)
		}
		all = append(all, m)
	}
	if d := all[0].Data; d.Pages != 2 || d.Records != 6 || d.FieldsLeft != 6 || d.Actor != "sohoa" {
		t.Errorf("processed: %+v", d)
	}
	if d := all[1].Data; d.Actor != "Lan" || !slices.Equal(d.Paths, []string{"records/p1%2F1/title"}) || d.Batch == "" || d.Revision != 2 {
		t.Errorf("corrected: %+v", d)
	}
	if d := all[2].Data; d.Revision != 3 || d.FieldsLeft != 5 {
		t.Errorf("approved: %+v", d)
	}
}
