package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/store"
)

// A worker may give a document up before its submission returns: the failure
// is told and counted once for each of its files all the same.
func TestFailureThatComesEarlyIsToldOnce(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	var told []string
	b, err := openBatch(ctx, filepath.Join(dir, storeFolder), pipeline.Settings{}, "auto", 1, func(e runEvent) {
		if e.Kind == eventFailed {
			told = append(told, e.File)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	first, again := filepath.Join(dir, "a.txt"), filepath.Join(dir, "b.txt")
	for _, file := range []string{first, again} {
		if err := os.WriteFile(file, []byte("Báo cáo"), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := b.store.Submit(ctx, store.Upload{Name: "a.txt", Path: file, By: "test", Engine: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if file == first {
			b.seen(store.Event{Kind: store.GaveUp, Task: store.Task{Document: r.Document, Version: r.Version}, Err: errors.New("pdf has no pages")})
		}
		if err := b.add(ctx, file, r); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) != 2 || told[0] != first || told[1] != again || b.sum.Failed != 2 || b.left != 0 {
		t.Errorf("told of %v, counted %d, %d left", told, b.sum.Failed, b.left)
	}
}
