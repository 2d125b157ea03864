package ocr

import (
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/sohoa/sohoa/ingest/child"
	"github.com/sohoa/sohoa/schema"
)

func mock(t *testing.T, cfg Config, how ...string) *Pool {
	t.Helper()
	cfg.Command = append([]string{"", "ocr-child"}, how...)
	if cfg.Workers == 0 {
		cfg.Workers = 1
	}
	p, err := NewPool(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func white(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = 0xff
	}
	return g
}

var three = []Region{
	{Box: schema.Box{X0: 0, Y0: 0, X1: 50, Y1: 20}},
	{Box: schema.Box{X0: 50, Y0: 0, X1: 90, Y1: 20}},
	{Box: schema.Box{X0: 0, Y0: 20, X1: 90, Y1: 60}},
}

// A page that ends its child is begun again once and then refused; what was
// read before is kept.
func TestFaultsRefuseThePage(t *testing.T) {
	for _, how := range []string{"exit", "abort", "garbage", "half", "wrong-kind", "wrong-index", "no-json", "closes"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			p := mock(t, Config{}, how)
			out, err := p.Read(context.Background(), white(100, 60), 200, three)
			if !errors.Is(err, ErrRefused) {
				t.Fatalf("error %v, want a refused page", err)
			}
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("more than one line: %q", err)
			}
			// The second child begins at the region that ended the first one,
			// and reads that before its own fault comes.
			if got := schema.RawOf(out[0].Lines, " ") + schema.RawOf(out[1].Lines, " "); got != "chữchữ" {
				t.Errorf("regions read before the faults: %q", got)
			}
			if !errors.Is(out[2].Err, ErrRefused) {
				t.Errorf("last region has error %v", out[2].Err)
			}
			// The pool goes on with other pages.
			if _, err := p.Read(context.Background(), white(100, 60), 200, three[:1]); err != nil {
				t.Errorf("the next page: %v", err)
			}
		})
	}
}

func TestOneDeathIsForgiven(t *testing.T) {
	p := mock(t, Config{}, "once", filepath.Join(t.TempDir(), "dead"))
	out, err := p.Read(context.Background(), white(100, 60), 200, three)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range out {
		if r.Err != nil || len(r.Lines) != 1 {
			t.Errorf("region %d: %+v", i, r)
		}
	}
}

func TestHangTimesOut(t *testing.T) {
	// The first region is read in the time, unless the machine has much else to do.
	var out []Reading
	var err error
	limit := 300 * time.Millisecond
	for ; limit < 5*time.Minute; limit *= 4 {
		p := mock(t, Config{PageTimeout: limit}, "hang")
		if out, err = p.Read(context.Background(), white(100, 60), 200, three); out[0].Err == nil {
			break
		}
	}
	if !errors.Is(err, ErrTimedOut) || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error %v, want one of time", err)
	}
	if !strings.Contains(err.Error(), "1 of 3 regions") || !strings.Contains(err.Error(), limit.String()) {
		t.Errorf("message tells neither asked nor allowed: %v", err)
	}
	if out[0].Err != nil || out[1].Err == nil {
		t.Errorf("readings: %+v", out)
	}
}

func TestCancelEndsTheChild(t *testing.T) {
	p := mock(t, Config{}, "hang")
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(200*time.Millisecond, cancel)
	_, err := p.Read(ctx, white(100, 60), 200, three)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want cancelled", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is watched on Linux only")
	}
	p := mock(t, Config{Memory: 512 << 20}, "eats") // a binary that is watched for races holds much itself
	_, err := p.Read(context.Background(), white(100, 60), 200, three)
	if !errors.Is(err, ErrRefused) {
		t.Fatalf("error %v, want a refused page", err)
	}
	// Either the watch or the kernel's limit comes first.
	var dead *child.Error
	if !errors.As(err, &dead) || dead.Reason != child.OverSize && dead.Reason != child.Exited {
		t.Errorf("reason: %v", err)
	}
}

func TestWordsOutsideThePageAreClipped(t *testing.T) {
	p := mock(t, Config{}, "outside")
	out, err := p.Read(context.Background(), white(100, 60), 200, three[:2])
	if err != nil {
		t.Fatal(err)
	}
	w := out[1].Lines[0].Words[0]
	if w.Box != three[1].Box || w.Confidence != 1 {
		t.Errorf("word %+v, want the region's box and a confidence of at most 1", w)
	}
}

func TestMissingModelHasRemedy(t *testing.T) {
	_, err := NewPool(context.Background(), Config{Command: []string{"", "ocr-child", "no-model"}})
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, ErrUnavailable) {
		t.Fatalf("error %v", err)
	}
	if e.Remedy() != Remedy || strings.Contains(err.Error(), "\n") {
		t.Errorf("remedy %q, message %q", e.Remedy(), err)
	}
	if s := Check(context.Background(), Config{Command: []string{"", "ocr-child", "no-model"}}); s.OK() || s.Remedy != Remedy {
		t.Errorf("check: %+v", s)
	}
}

func TestProgramMissing(t *testing.T) {
	_, err := NewPool(context.Background(), Config{Command: []string{"/no/such/program"}})
	if !errors.Is(err, ErrUnavailable) {
		t.Fatalf("error %v", err)
	}
}

func TestChildrenAreReplaced(t *testing.T) {
	p := mock(t, Config{PagesPerChild: 1}, "none")
	before := pidOf(p)
	for range 2 {
		if _, err := p.Read(context.Background(), white(9, 9), 200, []Region{{}}); err != nil {
			t.Fatal(err)
		}
	}
	if pidOf(p) != 0 {
		t.Error("the child of the last page was not ended")
	}
	if _, err := os.Stat("/proc/self"); err == nil && exists(before) {
		t.Errorf("process %d is still there", before)
	}
}

func pidOf(p *Pool) int {
	w := <-p.idle
	defer func() { p.idle <- w }()
	if w.proc == nil {
		return 0
	}
	return w.proc.PID()
}

func exists(pid int) bool {
	proc, err := os.FindProcess(pid)
	return err == nil && proc.Signal(nil) == nil
}

func TestManyReadersShareThePool(t *testing.T) {
	p := mock(t, Config{Workers: 2}, "none")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if out, err := p.Read(context.Background(), white(100, 60), 200, three); err != nil || len(out[2].Lines) != 1 {
				t.Errorf("%v %v", out, err)
			}
		})
	}
	wg.Wait()
}

func TestReadAfterClose(t *testing.T) {
	p := mock(t, Config{}, "none")
	p.Close()
	p.Close()
	if _, err := p.Read(context.Background(), white(9, 9), 200, []Region{{}}); err == nil {
		t.Error("a closed pool reads")
	}
}

func TestEnvironmentHoldsNoSecrets(t *testing.T) {
	t.Setenv("SOHOA_DB_PASSWORD", "hunter2")
	for _, e := range environment() {
		if strings.Contains(e, "hunter2") {
			t.Errorf("a child would see %s", e)
		}
	}
}

// drawn writes a line of text, by a font of the Go project.
func drawn(t testing.TB, text string) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 13, DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	g := white(900, 120)
	d := font.Drawer{Dst: g, Src: image.NewUniform(color.Black), Face: face, Dot: fixed.P(40, 70)}
	d.DrawString(text)
	return g
}

// real starts a pool on the real Tesseract, or skips the test.
func real(t testing.TB) *Pool {
	t.Helper()
	p, err := NewPool(context.Background(), Config{Workers: 1})
	if err != nil {
		t.Skipf("no Tesseract with Vietnamese here: %v", err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func TestTesseractReads(t *testing.T) {
	p := real(t)
	page := drawn(t, "Trung tam 2025 hanh chinh")
	for _, mode := range []Mode{Block, Line, Auto} {
		out, err := p.Read(context.Background(), page, 200, []Region{{Mode: mode}, {Box: schema.Box{X0: 880, Y0: 100, X1: 900, Y1: 120}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.ToLower(schema.RawOf(out[0].Lines, " ")); !strings.Contains(got, "2025") {
			t.Errorf("%v: read %q", mode, got)
		}
		for _, l := range out[0].Lines {
			for _, w := range l.Words {
				if w.Box.X0 < 30 || w.Box.Y0 < 30 || w.Box.Y1 > 90 || w.Confidence < 0 || w.Confidence > 1 {
					t.Errorf("%v: word %+v", mode, w)
				}
			}
		}
		if len(out[1].Lines) != 0 || out[1].Err != nil {
			t.Errorf("empty region: %+v", out[1])
		}
	}
	if !strings.HasPrefix(p.Info(), "tesseract ") || !strings.HasSuffix(p.Info(), "(vie)") {
		t.Errorf("info %q", p.Info())
	}
}

func TestUnknownModelIsTheRegionsError(t *testing.T) {
	p := real(t)
	out, err := p.Read(context.Background(), drawn(t, "2025"), 200, []Region{{Model: 3}, {}})
	if err != nil || out[0].Err == nil || out[1].Err != nil {
		t.Errorf("%v %v", out, err)
	}
}

// manyRegions lie in a row, one much larger than the rest.
func manyRegions(n int) (out []Region) {
	for i := range n {
		out = append(out, Region{Box: schema.Box{X0: i, X1: i + 1, Y1: 10}})
	}
	out[n/3].Box.Y1 = 60
	return out
}

// A page of many regions is shared out while children stand idle; the readings
// come in the order asked, and a child that dies takes only its share along.
func TestPageIsShared(t *testing.T) {
	regions := manyRegions(4 * minShare)
	for how, lost := range map[string]bool{"none": false, "exit": true} {
		p := mock(t, Config{Workers: 3}, how)
		out, err := p.Read(context.Background(), white(100, 60), 200, regions)
		if (err != nil) != lost || lost && !errors.Is(err, ErrRefused) {
			t.Fatalf("%s: error %v", how, err)
		}
		read := 0
		for i, r := range out {
			if r.Err != nil {
				continue
			}
			read++
			if len(r.Lines) != 1 || r.Lines[0].Words[0].Box.X0 != i {
				t.Errorf("%s: region %d has %+v", how, i, r)
			}
		}
		// Each child that dies answers one region in each of its two lives.
		if want := map[bool]int{false: len(regions), true: 3 * maxDeaths}[lost]; read != want {
			t.Errorf("%s: %d of %d regions read, want %d", how, read, len(regions), want)
		}
		if n := len(p.idle); n != 3 {
			t.Errorf("%s: %d workers given back", how, n)
		}
	}
}

func TestShares(t *testing.T) {
	wire := func(areas ...int) (out []wireRegion) {
		for _, a := range areas {
			out = append(out, wireRegion{Box: schema.Box{X1: a, Y1: 1}})
		}
		return out
	}
	for _, c := range []struct {
		areas []int
		want  []int
	}{
		{[]int{100, 100, 100, 100}, []int{2, 2}},
		{[]int{900, 100, 100, 100}, []int{1, 3}},
		{[]int{100, 100, 100, 900}, []int{3, 1}},
		{[]int{100, 100, 100, 100}, []int{4}},
		{[]int{0, 0}, []int{1, 1}},
		{[]int{5000}, []int{0, 1, 0}},
	} {
		if got := shares(wire(c.areas...), len(c.want)); !slices.Equal(got, c.want) {
			t.Errorf("%v in %d shares: %v, want %v", c.areas, len(c.want), got, c.want)
		}
	}
}
