package ocr

import (
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// counting is an engine that reads the same word everywhere and counts.
type counting struct {
	regions atomic.Int32
	fail    error
}

func (c *counting) Read(_ context.Context, page *image.Gray, _ int, regions []Region) ([]Reading, error) {
	c.regions.Add(int32(len(regions)))
	out := make([]Reading, len(regions))
	for i, r := range regions {
		if c.fail != nil {
			out[i].Err = c.fail
			continue
		}
		b := r.on(page.Rect)
		out[i].Lines = []schema.Line{{Words: []schema.Word{{Text: "chữ", Raw: "chữ", Box: b, Confidence: 0.5}}, Box: b}}
	}
	return out, c.fail
}
func (c *counting) Info() string { return "counting 1" }
func (c *counting) Close() error { return nil }

func TestRecordedReplays(t *testing.T) {
	dir := t.TempDir()
	live := &counting{}
	page := white(100, 60)
	page.Pix[5] = 0 // the regions differ
	rec, err := OpenRecorded(dir, live)
	if err != nil {
		t.Fatal(err)
	}
	want, err := rec.Read(context.Background(), page, 200, three)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rec.Read(context.Background(), page, 200, three); err != nil || live.regions.Load() != 3 {
		t.Errorf("a second reading asked the engine again: %d regions, %v", live.regions.Load(), err)
	}
	replay, err := OpenRecorded(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := replay.Read(context.Background(), page, 200, three)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("replayed %+v, %v; want %+v", got, err, want)
	}
	if replay.Info() != "counting 1" {
		t.Errorf("info %q", replay.Info())
	}
	// Another resolution, mode or picture is another recording.
	for name, ask := range map[string]func() ([]Reading, error){
		"dpi": func() ([]Reading, error) { return replay.Read(context.Background(), page, 300, three[:1]) },
		"mode": func() ([]Reading, error) {
			return replay.Read(context.Background(), page, 200, []Region{{Box: three[0].Box, Mode: Line}})
		},
		"scale": func() ([]Reading, error) {
			return replay.Read(context.Background(), page, 200, []Region{{Box: three[0].Box, Scale: 2}})
		},
		"box": func() ([]Reading, error) {
			return replay.Read(context.Background(), page, 200, []Region{{Box: schema.Box{X1: 51, Y1: 20}}})
		},
	} {
		out, err := ask()
		if err != nil || !errors.Is(out[0].Err, ErrNotRecorded) {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
}

func TestRecordingsAreTheSameBytes(t *testing.T) {
	page := white(100, 60)
	var files [2]map[string]string
	for i := range files {
		dir := t.TempDir()
		rec, err := OpenRecorded(dir, &counting{})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for _, r := range three { // in whatever order
			wg.Go(func() { rec.Read(context.Background(), page, 200, []Region{r}) })
		}
		wg.Wait()
		files[i] = contents(t, dir)
	}
	if len(files[0]) != 1 || !reflect.DeepEqual(files[0], files[1]) {
		t.Errorf("two runs made different files: %d and %d", len(files[0]), len(files[1]))
	}
}

func TestFailedReadingsAreNotKept(t *testing.T) {
	dir := t.TempDir()
	rec, err := OpenRecorded(dir, &counting{fail: ErrRefused})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rec.Read(context.Background(), white(9, 9), 200, []Region{{}}); !errors.Is(err, ErrRefused) {
		t.Errorf("error %v", err)
	}
	if n := len(contents(t, dir)); n != 0 {
		t.Errorf("%d files were written", n)
	}
}

func TestPrune(t *testing.T) {
	dir := t.TempDir()
	rec, _ := OpenRecorded(dir, &counting{})
	a, b := white(30, 30), white(40, 40)
	rec.Read(context.Background(), a, 200, []Region{{}})
	rec.Read(context.Background(), b, 200, []Region{{}})
	again, err := OpenRecorded(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	again.Read(context.Background(), a, 200, []Region{{}})
	if err := again.Prune(); err != nil {
		t.Fatal(err)
	}
	if n := len(contents(t, dir)); n != 1 {
		t.Errorf("%d files after pruning, want 1", n)
	}
}

func TestDamagedRecording(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "x"+recordingSuffix), []byte("no gzip"), 0o644)
	if _, err := OpenRecorded(dir, nil); err == nil {
		t.Error("a damaged recording was opened")
	}
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(b)
	}
	return out
}
