package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/store"
)

type watchCmd struct {
	Dir string `arg:"" help:"folder to watch"`
	storing
	queueing
	Settle time.Duration `default:"5s" help:"a file is complete when it has not changed for so long"`
	Every  time.Duration `default:"2s" help:"how often the folder is looked through"`
	Once   bool          `help:"end when all files that are there have been submitted"`
	Log    string        `default:"text" enum:"text,json,off" help:"log as text or json, or off"`
}

func (watchCmd) Help() string {
	return example(
		"  sohoa watch /srv/scanner",
		"  sohoa watch /srv/scanner --settle 30s --db postgres://sohoa@db/sohoa --blobs file:///shared/sohoa",
	)
}

func (q *watchCmd) Run(ctx context.Context, c *console) error {
	dir, err := filepath.EvalSymlinks(q.Dir)
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return failure(c.Sprintf("give a folder that exists"), err)
	}
	log := newLog(c, q.Log)
	s, err := q.open(ctx, c, log)
	if err != nil {
		return err
	}
	defer s.Close()
	w := &watcher{
		dir: dir, settle: q.Settle, now: time.Now, pending: map[string]sighting{}, refused: map[string]bool{},
		known: func(path string, st fs.FileInfo) (bool, error) { return s.Watched(ctx, path, st.Size(), st.ModTime()) },
		submit: func(path string, st fs.FileInfo) error {
			r, err := q.submit(ctx, s, path)
			if errors.Is(err, store.ErrDeleted) {
				// It would be refused again each time; that it was seen is kept.
				log.Warn("passed over", "file", path, "reason", err)
				return s.SetWatched(ctx, path, st.Size(), st.ModTime(), "")
			}
			if err != nil {
				return err
			}
			log.Info("submitted", "file", path, "document", r.Document, "queued", r.Queued)
			return s.SetWatched(ctx, path, st.Size(), st.ModTime(), r.Document)
		},
		complain: func(path string, err error) { log.Warn("passed over", "file", path, "reason", err) },
	}
	for {
		if err := w.look(); err != nil {
			return err
		}
		if q.Once && len(w.pending) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil // being told to stop is how a watcher ends
		case <-time.After(q.Every):
		}
	}
}

// watcher looks through a folder again and again. It asks the file system
// rather than being told by it: network folders, where scanners put their
// files, tell nothing.
type watcher struct {
	dir      string // without links
	settle   time.Duration
	now      func() time.Time
	pending  map[string]sighting // files that may still grow
	refused  map[string]bool     // complained about already
	known    func(path string, st fs.FileInfo) (bool, error)
	submit   func(path string, st fs.FileInfo) error
	complain func(path string, err error)
}

// sighting is how a file was when it was last seen to change.
type sighting struct {
	size     int64
	modified time.Time
	since    time.Time
}

var errOutside = errors.New("it is a link that leaves the folder")

// look goes through the folder once and submits the files that are complete.
// An error means that the folder itself cannot be read.
func (w *watcher) look() error {
	seen := map[string]bool{}
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if path == w.dir {
				return err
			}
			w.refuse(path, err)
			return nil
		}
		if path != w.dir && temporary(d.Name()) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if err := ingest.Office(d.Name()); err != nil && !d.IsDir() {
			w.refuse(path, err)
		}
		if d.IsDir() || !wanted(d.Name()) {
			return nil
		}
		st, err := w.stat(path, d)
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone since the folder was listed
		case err != nil:
			w.refuse(path, err)
		case st.Mode().IsRegular():
			seen[path] = true
			if err := w.consider(path, st); err != nil {
				w.refuse(path, err)
			}
		}
		return nil
	})
	for path := range w.pending {
		if !seen[path] {
			delete(w.pending, path)
		}
	}
	if err != nil {
		return fmt.Errorf("look through %s: %w", w.dir, err)
	}
	return nil
}

// stat follows a link only when it stays within the folder.
func (w *watcher) stat(path string, d fs.DirEntry) (fs.FileInfo, error) {
	if d.Type()&fs.ModeSymlink != 0 {
		real, err := filepath.EvalSymlinks(path)
		if err != nil {
			return nil, err
		}
		if !inside(real, w.dir) {
			return nil, errOutside
		}
	}
	return os.Stat(path)
}

// consider submits a file that has kept its size and time for long enough and
// was not submitted before.
func (w *watcher) consider(path string, st fs.FileInfo) error {
	now := w.now()
	s, ok := w.pending[path]
	if !ok {
		known, err := w.known(path, st)
		if err != nil || known {
			return err
		}
	}
	if !ok || s.size != st.Size() || !s.modified.Equal(st.ModTime()) {
		w.pending[path] = sighting{st.Size(), st.ModTime(), now}
		return nil
	}
	if now.Sub(s.since) < w.settle || st.Size() == 0 {
		return nil
	}
	if err := w.submit(path, st); err != nil {
		// Tried again after another time of waiting.
		s.since = now
		w.pending[path] = s
		return err
	}
	delete(w.pending, path)
	delete(w.refused, path)
	return nil
}

func (w *watcher) refuse(path string, err error) {
	if !w.refused[path] {
		w.refused[path] = true
		w.complain(path, err)
	}
}

// temporary reports whether a name is one that programs give to files that
// they have not finished.
func temporary(name string) bool {
	lower := strings.ToLower(name)
	for _, suffix := range []string{"~", ".tmp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", ".lock"} {
		if strings.HasSuffix(lower, suffix) {
			return true
		}
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~") || strings.HasPrefix(name, "#")
}

// wanted reports whether a file is one that can be read, by its ending.
func wanted(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".txt":
		return true
	}
	return false
}
