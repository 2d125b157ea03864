package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

// engine is an [ocr.Engine] that reads what the test says.
type engine func(ctx context.Context, regions []ocr.Region) ([]ocr.Reading, error)

func (e engine) Read(ctx context.Context, _ *image.Gray, _ int, regions []ocr.Region) ([]ocr.Reading, error) {
	return e(ctx, regions)
}
func (engine) Info() string { return "test 1.0" }
func (engine) Close() error { return nil }

// reads answers every region with the same words.
func reads(words ...string) engine {
	return func(_ context.Context, regions []ocr.Region) ([]ocr.Reading, error) {
		out := make([]ocr.Reading, len(regions))
		for i, r := range regions {
			l := schema.Line{Box: r.Box}
			for _, w := range words {
				l.Words = append(l.Words, schema.Word{Text: w, Raw: w, Box: r.Box, Confidence: 0.9})
			}
			out[i].Lines = []schema.Line{l}
		}
		return out, nil
	}
}

// picture writes a page with some rows of dark blocks, the size of A5 at
// 100 dpi, and returns its path.
func picture(t *testing.T, name string) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 583, 827))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for line := range 12 {
		for x := 60; x < 500; x++ {
			for y := range 14 {
				if x/9%3 != 0 && (x+y)%7 != 0 {
					img.SetGray(x, 100+line*40+y, color.Gray{}) // something like letters
				}
			}
		}
	}
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func settings(t *testing.T, e ocr.Engine) pipeline.Settings {
	t.Helper()
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	return pipeline.Settings{Engine: e, Restorer: r, Workers: 2, Version: "test"}
}

func TestOutcomes(t *testing.T) {
	for name, c := range map[string]struct {
		engine engine
		budget time.Duration
		want   schema.Outcome
		reason string
	}{
		"done":    {engine: reads("báo", "cáo"), want: schema.Done},
		"nothing": {engine: reads(), want: schema.Done},
		"refused": {engine: func(context.Context, []ocr.Region) ([]ocr.Reading, error) {
			return nil, &ocr.Error{Kind: ocr.ErrRefused, Detail: "killed two children"}
		}, want: schema.Refused, reason: "read: page refused: killed two children"},
		"timed out by the engine": {engine: func(context.Context, []ocr.Region) ([]ocr.Reading, error) {
			return nil, &ocr.Error{Kind: ocr.ErrTimedOut, Detail: "asked 10 s, allowed 5 s"}
		}, want: schema.TimedOut, reason: "asked 10 s, allowed 5 s"},
		"over the page's budget": {engine: func(ctx context.Context, _ []ocr.Region) ([]ocr.Reading, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, budget: 300 * time.Millisecond, want: schema.TimedOut, reason: "300ms a page may take"},
		"panic": {engine: func(context.Context, []ocr.Region) ([]ocr.Reading, error) {
			panic("index out of range")
		}, want: schema.Refused, reason: "internal fault: index out of range"},
		"part of the regions": {engine: func(ctx context.Context, regions []ocr.Region) ([]ocr.Reading, error) {
			out, err := reads("chữ")(ctx, regions)
			if len(out) > 1 { // one region alone is a question about the turn
				out[0] = ocr.Reading{Err: errors.New("child lost")}
			}
			return out, err
		}, want: schema.Partial, reason: "1 of "},
		"given up half-way": {engine: func(ctx context.Context, regions []ocr.Region) ([]ocr.Reading, error) {
			out, err := reads("chữ")(ctx, regions)
			if len(out) > 1 {
				err = &ocr.Error{Kind: ocr.ErrRefused, Detail: "over its memory"}
				out[1] = ocr.Reading{Err: err}
			}
			return out, err
		}, want: schema.Partial, reason: "over its memory"},
		"words outside the page": {engine: func(_ context.Context, regions []ocr.Region) ([]ocr.Reading, error) {
			out := make([]ocr.Reading, len(regions))
			for i := range out {
				out[i].Lines = []schema.Line{{Words: []schema.Word{{Text: "xa", Raw: "xa", Confidence: 1, Box: schema.Box{X0: -50, Y0: 10, X1: 90000, Y1: 40}}}}}
			}
			return out, nil
		}, want: schema.Done},
	} {
		t.Run(name, func(t *testing.T) {
			set := settings(t, c.engine)
			set.PageBudget = c.budget
			doc, err := pipeline.New(set).Document(t.Context(), picture(t, "page.png"))
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Pages) != 1 || doc.Pages[0].Outcome != c.want || !strings.Contains(doc.Pages[0].Reason, c.reason) {
				t.Errorf("got %+v, want %s with %q", doc.Pages, c.want, c.reason)
			}
			if err := doc.Validate(); err != nil {
				t.Error(err)
			}
			if (doc.Pages[0].Reason == "") != (c.want == schema.Done) {
				t.Errorf("outcome %s with reason %q", doc.Pages[0].Outcome, doc.Pages[0].Reason)
			}
		})
	}
}

// TestRunGoesOn has a bad file between two good ones.
func TestRunGoesOn(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pdf")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	set := settings(t, reads("số", "hóa"))
	var events []pipeline.Event
	set.Observe = func(e pipeline.Event) { events = append(events, e) }
	var mu sync.Mutex
	names := map[string]bool{}
	files := []string{picture(t, "a.png"), empty, picture(t, "b.png")}
	sum, err := pipeline.New(set).Run(t.Context(), files, func(file string, doc *schema.Document) error {
		mu.Lock()
		defer mu.Unlock()
		names[doc.Source.Name] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Documents != 2 || sum.Failed != 1 || sum.Pages != 2 || sum.Clean() || !names["a.png"] || !names["b.png"] {
		t.Errorf("summary %+v, documents %v", sum, names)
	}
	failed := 0
	for _, e := range events {
		if e.Kind == pipeline.Failed {
			failed++
			if e.File != empty || e.Reason == "" || e.Hint == "" {
				t.Errorf("failure %+v", e)
			}
		}
	}
	if failed != 1 {
		t.Errorf("%d failures told", failed)
	}
}

// TestStoppedRunGoesOn stops a run at its second page; the next one reads that
// page only.
func TestStoppedRunGoesOn(t *testing.T) {
	files := []string{picture(t, "a.png"), picture(t, "b.png")}
	// The same bytes are the same document; the second file must differ.
	if f, err := os.OpenFile(files[1], os.O_APPEND|os.O_WRONLY, 0); err != nil {
		t.Fatal(err)
	} else if _, err := f.WriteString("x"); errors.Join(err, f.Close()) != nil {
		t.Fatal(err)
	}
	store := pipeline.PageDir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	run := func(ctx context.Context, word string, seen func(pipeline.Event)) (pipeline.Summary, error) {
		set := settings(t, reads(word))
		set.Workers, set.Pages, set.Observe = 1, store, seen
		return pipeline.New(set).Run(ctx, files, func(string, *schema.Document) error { return nil })
	}
	_, err := run(ctx, "một", func(e pipeline.Event) {
		if e.Kind == pipeline.PageDone {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped run ended with %v", err)
	}
	kept, read := 0, 0
	sum, err := run(t.Context(), "hai", func(e pipeline.Event) {
		switch {
		case e.Kind == pipeline.PageDone && e.Kept:
			kept++
		case e.Kind == pipeline.PageDone:
			read++
		}
	})
	if err != nil || sum.Documents != 2 || kept != 1 || read != 1 {
		t.Errorf("second run: %+v, %d pages kept, %d read, %v", sum, kept, read, err)
	}
}

func TestDamagedKeptPageIsReadAgain(t *testing.T) {
	dir := pipeline.PageDir(t.TempDir())
	page := schema.Page{PageInfo: schema.PageInfo{Number: 1, Outcome: schema.Done, Text: "chữ"}}
	if err := dir.Save("id/key/1", page); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := dir.Load("id/key/1"); err != nil || !ok || got.Text != "chữ" {
		t.Fatalf("got %+v, %v, %v", got, ok, err)
	}
	path := filepath.Join(string(dir), "id/key/1.json.gz")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 5, len(whole) / 2, len(whole) - 1} {
		if err := os.WriteFile(path, whole[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := dir.Load("id/key/1"); ok || err != nil {
			t.Errorf("cut off at %d of %d bytes: found %v, %v", n, len(whole), ok, err)
		}
	}
}

func ExampleHint() {
	err := fmt.Errorf("a.pdf: %w", &ocr.Error{Kind: ocr.ErrUnavailable})
	fmt.Println(pipeline.Hint(err) == (&ocr.Error{Kind: ocr.ErrUnavailable}).Remedy(), pipeline.Hint(errors.New("x")) == "")
	// Output: true true
}
