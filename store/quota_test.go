package store

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestUploadsAtOnce(t *testing.T) {
	q := newQuota()
	var done []func()
	for range maxUploads {
		d, err := q.take()
		if err != nil {
			t.Fatal(err)
		}
		done = append(done, d)
	}
	_, err := q.take()
	if !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "16 allowed; try again") {
		t.Errorf("one too many: %v", err)
	}
	done[3]()
	if _, err := q.take(); err != nil {
		t.Errorf("after one has ended: %v", err)
	}
}

// An upload that would fill the disk ends before it does.
func TestUploadLeavesRoom(t *testing.T) {
	free := int64(keepFree + 100<<20)
	r := newRoomy(io.LimitReader(zeros{}, 1<<30), "x")
	r.free = func(string) (int64, bool) { return free, true }
	n, err := io.Copy(writer(func(b []byte) { free -= int64(len(b)) }), r)
	if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "512 MB are to stay free") || !strings.Contains(err.Error(), "make room") {
		t.Errorf("error %v", err)
	}
	if free < keepFree-lookEvery-1<<20 {
		t.Errorf("%d bytes were taken, %d are left", n, free)
	}
	r = newRoomy(strings.NewReader("small"), "x")
	r.free = func(string) (int64, bool) { return 0, false }
	if b, err := io.ReadAll(r); err != nil || string(b) != "small" {
		t.Errorf("where free space cannot be told: %q, %v", b, err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

type writer func([]byte)

func (w writer) Write(b []byte) (int, error) { w(b); return len(b), nil }
