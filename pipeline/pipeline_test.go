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
	return pipeline.Settings{Engine: e, Restorer: r, Version: "test"}
}

// read takes a file the whole way.
func read(t *testing.T, p *pipeline.Pipeline, path string) *schema.Document {
	t.Helper()
	f, err := p.Open(t.Context(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pages := make([]schema.Page, f.Pages())
	for i := range pages {
		pages[i], _ = p.ReadPage(t.Context(), f, i+1, schema.Manner{})
	}
	doc, err := p.Assemble(f.ID(), f.Source(), pages)
	if err != nil {
		t.Fatal(err)
	}
	return doc
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
		"over the budget before the engine": {engine: reads("báo"), budget: time.Nanosecond, want: schema.TimedOut, reason: "1ns a page may take"},
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
			doc := read(t, pipeline.New(set), picture(t, "page.png"))
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

// A page whose file is cut off is read as far as it goes, and says so.
func TestCutOffPicture(t *testing.T) {
	path := picture(t, "page.png")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b[:len(b)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	doc := read(t, pipeline.New(settings(t, reads("báo", "cáo"))), path)
	if p := doc.Pages[0]; p.Outcome != schema.Partial || !strings.Contains(p.Reason, "% of its rows were read") {
		t.Errorf("%s: %q", p.Outcome, p.Reason)
	}
}

func ExampleHint() {
	err := fmt.Errorf("a.pdf: %w", &ocr.Error{Kind: ocr.ErrUnavailable})
	fmt.Println(pipeline.Hint(err) == (&ocr.Error{Kind: ocr.ErrUnavailable}).Remedy(), pipeline.Hint(errors.New("x")) == "")
	// Output: true true
}
