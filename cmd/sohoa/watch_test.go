package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestWatcherWaitsUntilFilesHaveSettled drives a watcher by its own clock.
func TestWatcherWaitsUntilFilesHaveSettled(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_000_000, 0)
	var submitted, complaints []string
	done := map[string]bool{}
	refuse := false
	w := &watcher{
		dir: dir, settle: 5 * time.Second, now: func() time.Time { return now },
		pending: map[string]sighting{}, refused: map[string]bool{},
		known: func(path string, _ fs.FileInfo) (bool, error) { return done[path], nil },
		submit: func(path string, _ fs.FileInfo) error {
			if refuse {
				return errors.New("database away")
			}
			done[path] = true
			submitted = append(submitted, filepath.Base(path))
			return nil
		},
		complain: func(path string, _ error) { complaints = append(complaints, filepath.Base(path)) },
	}
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now, now); err != nil {
			t.Fatal(err)
		}
	}
	look := func(after time.Duration, want ...string) {
		t.Helper()
		now = now.Add(after)
		submitted = nil
		if err := w.look(); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(submitted, want) {
			t.Errorf("submitted %q, want %q", submitted, want)
		}
	}

	write("grows.pdf", "1")
	write("empty.pdf", "")
	write("~$lock.pdf", "x")
	look(0)
	look(4 * time.Second)
	write("grows.pdf", "12") // just before its time
	look(2 * time.Second)
	look(4 * time.Second)
	look(time.Second, "grows.pdf")
	look(time.Minute) // once only; the empty one never

	// A file that cannot be submitted now is tried again.
	write("late.txt", "x")
	refuse = true
	look(0)
	look(6 * time.Second)
	refuse = false
	look(time.Second)
	look(5*time.Second, "late.txt")
	if !slices.Equal(complaints, []string{"late.txt"}) {
		t.Errorf("complaints %q", complaints)
	}

	// A file that is gone again is forgotten.
	write("gone.txt", "x")
	look(0)
	if err := os.Remove(filepath.Join(dir, "gone.txt")); err != nil {
		t.Fatal(err)
	}
	look(time.Minute)
	if len(w.pending) != 1 { // the empty one
		t.Errorf("still waiting for %v", w.pending)
	}

	// A link out of the folder is told once.
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "link.txt")); err != nil {
		t.Fatal(err)
	}
	complaints = nil
	look(0)
	look(time.Minute)
	if !slices.Equal(complaints, []string{"link.txt"}) {
		t.Errorf("complaints %q", complaints)
	}
}
