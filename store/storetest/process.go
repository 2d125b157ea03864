package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Main is for TestMain: it runs the tests, or, in a child that [Child]
// started, a worker.
func Main(m *testing.M) {
	if os.Getenv("SOHOA_STORETEST_CHILD") == "" {
		os.Exit(m.Run())
	}
	if err := child(); err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Child starts a process of its own that works on the database with so many
// slots, each page taking that long, and writes finished documents into the
// folder out when it is not empty. The child ends on SIGTERM.
func Child(t testing.TB, db Database, slots int, page time.Duration, out string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "SOHOA_STORETEST_CHILD=1", "SOHOA_STORETEST_URL="+db.URL, "SOHOA_STORETEST_BLOBS="+db.Blobs,
		"SOHOA_STORETEST_SLOTS="+strconv.Itoa(slots), "SOHOA_STORETEST_PAGE="+page.String(), "SOHOA_STORETEST_OUT="+out)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

func child() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	slots, err := strconv.Atoi(os.Getenv("SOHOA_STORETEST_SLOTS"))
	if err != nil {
		return err
	}
	takes, err := time.ParseDuration(os.Getenv("SOHOA_STORETEST_PAGE"))
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, os.Getenv("SOHOA_STORETEST_URL"), store.Options{Blobs: os.Getenv("SOHOA_STORETEST_BLOBS")})
	if err != nil {
		return err
	}
	work := Work(s)
	read := work.Page
	work.Page = func(ctx context.Context, t store.Task, n int) (store.PageResult, error) {
		select {
		case <-time.After(takes):
		case <-ctx.Done():
		}
		return read(ctx, t, n)
	}
	if out := os.Getenv("SOHOA_STORETEST_OUT"); out != "" {
		work.Export = func(_ context.Context, t store.Task, doc *schema.Document) error {
			return writeDocument(out, t.Name, doc)
		}
	}
	return errors.Join(s.NewWorker(work, store.WorkerConfig{Slots: slots}).Run(ctx), s.Close())
}

// writeDocument writes a file whole or not at all.
func writeDocument(dir, name string, doc *schema.Document) error {
	f, err := os.CreateTemp(dir, ".part-*")
	if err != nil {
		return err
	}
	err = json.NewEncoder(f).Encode(doc)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name+".json"))
	}
	return err
}
