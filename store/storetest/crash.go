package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Crash kills worker processes with SIGKILL at random moments while they work
// through a queue, and checks that in the end nothing is lost, nothing was done
// twice, and the files are those of an undisturbed run. It kills 12 times, or
// SOHOA_KILLS.
func Crash(t *testing.T, db Database) {
	kills := 12
	if n, err := strconv.Atoi(os.Getenv("SOHOA_KILLS")); err == nil {
		kills = n
	}
	const workers, slots, pageTime = 2, 3, 20 * time.Millisecond
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))

	s := db.Open(t)
	out := t.TempDir()
	// Enough work that every kill hits some: a kill every fifth of a second,
	// and six pages in 20 milliseconds.
	sizes := []int{}
	for n := 0; n < 8*kills; n++ {
		sizes = append(sizes, 1+random.IntN(12))
	}
	sizes[0] = 60
	ids := make([]string, len(sizes))
	for n, pages := range sizes {
		ids[n] = submit(t, s, n, pages).Document
	}
	var running [workers]*exec.Cmd
	for i := range running {
		running[i] = Child(t, db, slots, pageTime, out)
	}
	t.Cleanup(func() {
		for _, c := range running {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	})
	for range kills {
		time.Sleep(time.Duration(20+random.IntN(350)) * time.Millisecond)
		victim := random.IntN(workers)
		if err := running[victim].Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = running[victim].Wait() // killed, as it says
		running[victim] = Child(t, db, slots, pageTime, out)
	}
	if ok, err := s.Idle(t.Context()); ok || err != nil {
		t.Logf("the work was done before the last kill: %v", err)
	}
	idle(t, s)

	for n, id := range ids {
		d, err := s.Document(t.Context(), id)
		if err != nil || d.State != store.Ready || d.Pages != sizes[n] {
			t.Errorf("document %d: %+v, %v", n, d, err)
			continue
		}
		var pages []schema.Page
		for p := 1; p <= sizes[n]; p++ {
			kept, err := s.Page(t.Context(), id, 1, p)
			if err != nil || kept.Outcome != schema.Done {
				t.Errorf("document %d page %d: %s %s, %v", n, p, kept.Outcome, kept.Reason, err)
			}
			pages = append(pages, page(n, p, "one"))
		}
		name := fmt.Sprintf("report-%d.txt", n)
		want := t.TempDir()
		source := schema.Source{Name: name, MediaType: "text/plain", Bytes: int64(len(Report(n, sizes[n]))), Pages: sizes[n]}
		if err := writeDocument(want, name, document(store.Task{Document: id, Engine: "one", Source: source}, pages)); err != nil {
			t.Fatal(err)
		}
		a, err1 := os.ReadFile(filepath.Join(want, name+".json"))
		b, err2 := os.ReadFile(filepath.Join(out, name+".json"))
		if err := errors.Join(err1, err2); err != nil || !bytes.Equal(a, b) {
			t.Errorf("document %d: its file differs from that of an undisturbed run: %v", n, err)
		}
		log, err := s.AuditLog(t.Context(), id, 0, 10)
		if err != nil || len(log) != 2 {
			t.Errorf("document %d was told of %d times in the audit log, want 2: %+v, %v", n, len(log), log, err)
		}
		if vs, err := s.Versions(t.Context(), id); err != nil || len(vs) != 1 || vs[0].PagesLeft != 0 {
			t.Errorf("document %d: versions %+v, %v", n, vs, err)
		}
	}
	if _, _, err := s.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	if faults, err := s.Faults(t.Context(), 10); err != nil || len(faults) > 0 {
		t.Errorf("faults %+v, %v", faults, err)
	}
}

// Interrupted stops and starts the database server while workers are busy.
func Interrupted(t *testing.T, server *Server) {
	db := server.Database(t)
	s := db.Open(t)
	const pages, slots, stops = 300, 3, 2
	id := submit(t, s, 1, pages).Document
	work := Work(s)
	read := work.Page
	// The 50th page and the 150th are under way when the server stops.
	stopIt, stopped := make(chan struct{}), make(chan struct{})
	var reads atomic.Int64
	work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
		r, err := read(ctx, task, n)
		switch reads.Add(1) {
		case 50, 150:
			stopIt <- struct{}{}
			<-stopped
		}
		return r, err
	}
	var done, trouble atomic.Int64
	stop := start(t, s, work, store.WorkerConfig{Slots: slots, Observe: func(e store.Event) {
		switch e.Kind {
		case store.PageDone:
			done.Add(1)
		case store.Trouble:
			trouble.Add(1)
		}
	}})
	for range stops {
		<-stopIt
		before := trouble.Load()
		err := server.Stop()
		stopped <- struct{}{}
		if err != nil {
			t.Fatal(err)
		}
		within(t, patience, "the worker notices that the database is away", func() bool { return trouble.Load() > before })
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
	}
	idle(t, s)
	stop()
	d, err := s.Document(t.Context(), id)
	if err != nil || d.State != store.Ready || d.Pages != pages {
		t.Errorf("document %+v, %v", d, err)
	}
	// Of a page that was written while the server stopped nobody may have heard.
	if n := done.Load(); n < pages-slots*stops || n > pages {
		t.Errorf("%d pages done, want %d", n, pages)
	}
}

// Full lets the database run out of space under a worker. limit makes it so,
// and lifts it again.
func Full(t *testing.T, db Database, limit func(*store.Store, bool) error) {
	s := db.Open(t)
	const pages = 200
	id := submit(t, s, 1, pages).Document
	var done, trouble atomic.Int64
	if err := limit(s, true); err != nil {
		t.Fatal(err)
	}
	stop := start(t, s, Work(s), store.WorkerConfig{Slots: 2, Observe: func(e store.Event) {
		switch e.Kind {
		case store.PageDone:
			done.Add(1)
		case store.Trouble:
			trouble.Add(1)
		}
	}})
	within(t, patience, "the disk is full", func() bool { return trouble.Load() > 0 })
	if done.Load() == pages {
		t.Fatal("there was room for all")
	}
	if err := limit(s, false); err != nil {
		t.Fatal(err)
	}
	idle(t, s)
	stop()
	if d, err := s.Document(t.Context(), id); err != nil || d.State != store.Ready {
		t.Errorf("document %+v, %v", d, err)
	}
	if done.Load() != pages {
		t.Errorf("%d pages done, want %d", done.Load(), pages)
	}
}
