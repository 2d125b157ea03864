package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sohoa/sohoa/store"
)

// secret is the number of the report that is deleted: it stands in the texts
// of its pages, in its name and in what people typed, and nowhere else.
const secret = 987654321987

func testDelete(t *testing.T, db Database) {
	s := db.Open(t)
	needle := fmt.Sprint(secret)
	work := Work(s)
	read := work.Page
	work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
		r, err := read(ctx, task, n)
		r.Picture, r.PictureSuffix = []byte("picture of "+task.Document), ".png"
		return r, err
	}
	stop := start(t, s, work, store.WorkerConfig{Slots: 2})
	id := submit(t, s, secret, 2).Document
	other := submit(t, s, 5, 2).Document
	idle(t, s)
	again, err := s.Submit(t.Context(), store.Upload{Name: "tên khác " + needle, Bytes: bytes.NewReader(Report(secret, 2)), By: "test", Engine: "two"})
	if err != nil || again.Version != 2 {
		t.Fatalf("%+v, %v", again, err)
	}
	idle(t, s)
	stop()
	if err := s.Approve(t.Context(), id, "chị Lan", 0); err != nil {
		t.Fatal(err)
	}
	if err := s.Reopen(t.Context(), id, "chị Lan", "sai số "+needle); err != nil {
		t.Fatal(err)
	}
	if err := s.Audit(t.Context(), "anh Nam", "document.exported", id, 1, map[string]any{"to": needle}); err != nil {
		t.Fatal(err)
	}
	before, err := s.Dump(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, values := range before {
		found += holding(values, needle)
	}
	if found < 10 {
		t.Fatalf("the test looks for %q, which stands in %d places", needle, found)
	}
	if n := blobsOf(t, db, id); n != 5 { // the source, and two pages in two versions
		t.Fatalf("%d blobs", n)
	}

	tomb, err := s.Delete(t.Context(), id, "chị Lan", "theo yêu cầu của công dân")
	if err != nil {
		t.Fatal(err)
	}
	if tomb.Versions != 2 || tomb.Pages != 4 || tomb.Unerased != 0 || tomb.Blobs != 5 {
		t.Errorf("tombstone %+v", tomb)
	}
	if half, err := s.HalfDeleted(t.Context()); err != nil || len(half) > 0 {
		t.Errorf("deletions that did not come to their end: %v, %v", half, err)
	}
	after, err := s.Dump(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for column, values := range after {
		if holding(values, needle) > 0 {
			t.Errorf("%s still holds the text", column)
		}
		stays := column == "tombstones.document" || column == "audit.document"
		if n := holding(values, id); n > 0 && !stays {
			t.Errorf("%s still names the document", column)
		}
	}
	if n := blobsOf(t, db, id); n != 0 {
		t.Errorf("%d blobs are left", n)
	}
	// Nor do the files of the database, in space that is not used any more.
	if file, ok := db.file(); ok {
		packed := firstPacked(before["pages.data"], needle)
		for _, name := range []string{file, file + "-wal"} {
			b, err := os.ReadFile(name)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			if bytes.Contains(b, []byte(needle)) || len(packed) > 0 && bytes.Contains(b, packed) {
				t.Errorf("%s still has bytes of the text", filepath.Base(name))
			}
		}
	}

	// The other report is whole, the log too, and it says what happened.
	if d, err := s.Document(t.Context(), other); err != nil || d.State != store.Ready {
		t.Errorf("the other report: %+v, %v", d, err)
	}
	if _, _, err := s.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	log, err := s.AuditLog(t.Context(), id, 0, 100)
	if err != nil || len(log) < 6 {
		t.Fatalf("log %+v, %v", log, err)
	}
	if last := log[len(log)-1]; last.Action != store.Deleted || last.Actor != "chị Lan" || !strings.Contains(string(last.Data), "công dân") {
		t.Errorf("the last entry is %+v", last)
	}
	// Data that are erased without a deletion are noticed.
	undo, err := s.Tamper(t.Context(), `UPDATE audit SET data = '{"erased":true}', salt = '' WHERE document = '`+other+`'`)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.VerifyAudit(t.Context()); !errors.Is(err, store.ErrTampered) {
		t.Errorf("erased by an intruder: %v", err)
	}
	if err := undo(); err != nil {
		t.Fatal(err)
	}
	undo, err = s.Tamper(t.Context(), `UPDATE audit SET data = '{"name":"x"}' WHERE document = '`+other+`'`)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.VerifyAudit(t.Context()); !errors.Is(err, store.ErrTampered) {
		t.Errorf("changed by an intruder: %v", err)
	}
	if err := undo(); err != nil {
		t.Fatal(err)
	}

	// It is gone for readers, may be deleted once more, and does not come back
	// by itself.
	if _, _, err := s.Current(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("current: %v", err)
	}
	if _, err := s.Delete(t.Context(), id, "chị Lan", "once more"); err != nil {
		t.Error(err)
	}
	if _, err := s.Delete(t.Context(), strings.Repeat("0", 64), "chị Lan", ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a document that never was: %v", err)
	}
	up := store.Upload{Name: "lại", Bytes: bytes.NewReader(Report(secret, 2)), By: "watch", Engine: "one"}
	if _, err := s.Submit(t.Context(), up); !errors.Is(err, store.ErrDeleted) {
		t.Errorf("submitted again: %v", err)
	}
	if n := blobsOf(t, db, id); n != 0 {
		t.Errorf("what was refused left %d blobs", n)
	}
	up.Again, up.Bytes = true, bytes.NewReader(Report(secret, 2))
	if r, err := s.Submit(t.Context(), up); err != nil || !r.Queued || r.Version != 1 {
		t.Errorf("submitted on purpose: %+v, %v", r, err)
	}
}

// Work that is under way when its document is deleted ends, and leaves nothing.
func testDeleteWhileReading(t *testing.T, db Database) {
	s := db.Open(t)
	work := Work(s)
	read := work.Page
	var reading atomic.Int32
	deleted := make(chan struct{})
	work.Page = func(ctx context.Context, task store.Task, n int) (store.PageResult, error) {
		reading.Add(1)
		r, err := read(ctx, task, n)
		<-deleted
		r.Picture, r.PictureSuffix = []byte("picture"), ".png"
		return r, err
	}
	stop := start(t, s, work, store.WorkerConfig{Slots: 2})
	id := submit(t, s, secret, 6).Document
	within(t, patience, "two pages are being read", func() bool { return reading.Load() == 2 })
	if _, err := s.Delete(t.Context(), id, "chị Lan", "nhầm"); err != nil {
		t.Fatal(err)
	}
	close(deleted)
	idle(t, s)
	other := submit(t, s, 5, 1).Document
	idle(t, s)
	stop()
	if d, err := s.Document(t.Context(), other); err != nil || d.State != store.Ready {
		t.Errorf("the other report: %+v, %v", d, err)
	}
	// Each of the two slots may have taken its next page just before.
	if n := reading.Load(); n < 3 || n > 5 {
		t.Errorf("%d pages were read, want the two under way, at most two more, and that of the other report", n)
	}
	after, err := s.Dump(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for column, values := range after {
		if holding(values, fmt.Sprint(secret)) > 0 {
			t.Errorf("%s holds the text", column)
		}
	}
	if n := blobsOf(t, db, id); n != 0 {
		t.Errorf("%d blobs are left", n)
	}
}

// holding counts the values that contain what is looked for.
func holding(values []string, needle string) (n int) {
	for _, v := range values {
		if strings.Contains(v, needle) {
			n++
		}
	}
	return n
}

// firstPacked returns the packed form of the first value that holds needle: it
// stands before the plain one in a dump.
func firstPacked(values []string, needle string) []byte {
	for _, v := range values {
		if i := strings.Index(v, "{"); strings.Contains(v, needle) && i > 40 {
			return []byte(v[20:40])
		}
	}
	return nil
}

// file is the file of a SQLite database.
func (d Database) file() (string, bool) {
	return d.URL, d.server == nil
}

// blobsOf counts the files of a document among the blobs.
func blobsOf(t *testing.T, db Database, id string) (n int) {
	t.Helper()
	u, err := url.Parse(db.Blobs)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(filepath.FromSlash(u.Path), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.Contains(path, id) {
			n++
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return n
}
