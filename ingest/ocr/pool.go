package ocr

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/sohoa/sohoa/ingest/child"
)

// Model is a set of languages that Tesseract loads together.
type Model struct {
	Languages []string `json:"languages"`     // "vie": the names of the traineddata files
	Dir       string   `json:"dir,omitempty"` // folder of the files; "" is where Tesseract looks by itself
}

func (m Model) String() string { return strings.Join(m.Languages, "+") }

// Config sets up a [Pool]. The zero value is usable.
type Config struct {
	// Command starts a child: a program that calls [ServeChild] and its
	// arguments. Empty is the running program with the argument "ocr-child".
	Command []string
	Workers int // children at a time; 0 is one a processor

	Languages   []string // that the usual model reads; empty is Vietnamese, "vie"
	TessdataDir string   // folder of its traineddata; "" is where Tesseract looks by itself
	More        []Model  // others, for second readings: [Region.Model] counts them from 1

	// PagesPerChild is after how many pages a child is replaced; 0 is 100.
	// gosseract frees neither words nor iterators, some 10 kB a page.
	PagesPerChild int
	// RecycleAt is the resident set in bytes over which a child is replaced
	// after its page; 0 is 300 MiB.
	RecycleAt int64
	// Memory is the resident set in bytes at which a child is killed; 0 is
	// 768 MiB. An A3 page at 600 dpi needs about 400.
	Memory int64
	// PageTimeout is the time that one page may take; 0 is two minutes. Dense A3
	// tables take about twenty seconds on a slow machine.
	PageTimeout time.Duration
}

// DefaultConfig returns the settings that stand in for those left zero.
func DefaultConfig() Config { return Config{}.withDefaults() }

func (c Config) withDefaults() Config {
	if len(c.Command) == 0 {
		c.Command = []string{"", "ocr-child"}
	}
	if c.Workers <= 0 {
		c.Workers = runtime.NumCPU()
	}
	if len(c.Languages) == 0 {
		c.Languages = []string{"vie"}
	}
	if c.PagesPerChild <= 0 {
		c.PagesPerChild = 100
	}
	if c.RecycleAt <= 0 {
		c.RecycleAt = 300 << 20
	}
	if c.Memory <= 0 {
		c.Memory = 768 << 20
	}
	if c.PageTimeout <= 0 {
		c.PageTimeout = 2 * time.Minute
	}
	return c
}

// models returns all models, the usual one first.
func (c Config) models() []Model {
	return append([]Model{{Languages: c.Languages, Dir: c.TessdataDir}}, c.More...)
}

// variables are what every model is told.
var variables = map[string]string{
	// Scanned pages are dark on white; looking for light on dark costs time.
	"tessedit_do_invert": "0",
	// Reports are set in proportional type; looking for other type costs a twentieth
	// of the time, and where it is found in long lines commas are lost.
	"textord_all_prop": "1",
	// Without this Tesseract prints to the standard error.
	"debug_file": os.DevNull,
}

// Pool reads with Tesseract in child processes, as many at a time as
// [Config.Workers]. A call of Read takes one child for its page, and more for a
// page of many regions while no other page wants them.
type Pool struct {
	cfg     Config
	idle    chan *worker // Workers of them, each with a child or without
	version string
	named   sync.Once // sets what the first child tells of itself
	close   sync.Once
	closed  chan struct{}

	confined   child.Sandbox
	ownNetwork bool
}

// Sandbox tells what the children have given up: see [child.EnterSandbox].
func (p *Pool) Sandbox() child.Sandbox { return p.confined }

// OwnNetwork tells whether the children run the model's network by arithmetic of
// their own, which takes half the time of reading and gives the same: see
// docs/decisions/008-the-network-is-computed-here.md.
func (p *Pool) OwnNetwork() bool { return p.ownNetwork }

// worker is a place for a child.
type worker struct {
	proc  *child.Process // nil: none runs
	pages int            // that it has read
}

// NewPool starts a first child, which tells whether Tesseract and its models
// are there, and returns the pool. The error is an [Error] with a remedy when
// they are not.
func NewPool(ctx context.Context, cfg Config) (*Pool, error) {
	cfg = cfg.withDefaults()
	p := &Pool{cfg: cfg, idle: make(chan *worker, cfg.Workers), closed: make(chan struct{})}
	for range cfg.Workers {
		p.idle <- &worker{}
	}
	w := <-p.idle
	err := p.ensure(ctx, w)
	p.idle <- w
	if err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// Info names the engine as documents quote it: "tesseract 5.3.0 (vie)".
func (p *Pool) Info() string {
	var names []string
	for _, m := range p.cfg.models() {
		names = append(names, m.String())
	}
	return fmt.Sprintf("tesseract %s (%s)", p.version, strings.Join(names, ", "))
}

// Close ends the children. Reads that are under way are waited for.
func (p *Pool) Close() error {
	p.close.Do(func() {
		close(p.closed)
		for range p.cfg.Workers {
			w := <-p.idle
			w.stop()
		}
	})
	return nil
}

func (w *worker) stop() {
	if w.proc != nil {
		w.proc.Close()
		w.proc = nil
	}
	w.pages = 0
}

// startTime is how long a child may take to load its models: a second, or much
// longer where many start at once on a machine that does other things.
const startTime = 2 * time.Minute

// ensure gives the worker a child if it has none.
func (p *Pool) ensure(ctx context.Context, w *worker) error {
	if w.proc != nil {
		return nil
	}
	proc, err := child.Start(child.Command{
		Path: p.cfg.Command[0], Args: p.cfg.Command[1:], Env: environment(),
		Memory: p.cfg.Memory,
	})
	if err != nil {
		return &Error{Kind: ErrUnavailable, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	var r ready
	err = greet(ctx, proc, hello{Models: p.cfg.models(), Variables: variables, Confine: true}, &r)
	if err != nil {
		proc.Close()
		if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return ctx.Err()
		}
		return &Error{Kind: ErrUnavailable, Err: err}
	}
	p.named.Do(func() { p.version, p.confined, p.ownNetwork = r.Version, r.Sandbox, r.OwnNetwork })
	w.proc, w.pages = proc, 0
	return nil
}

func greet(ctx context.Context, proc *child.Process, h hello, r *ready) error {
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := proc.Send(ctx, msgHello, b); err != nil {
		return err
	}
	kind, payload, err := proc.Receive(ctx)
	switch {
	case err != nil:
		return err
	case kind == msgFailed:
		return errors.New(sentence(payload))
	case kind != msgReady:
		return fmt.Errorf("unexpected answer %q to the greeting", kind)
	}
	return json.Unmarshal(payload, r)
}

// sentence makes what a child said fit for a message: one line, no control
// characters, not endless.
func sentence(b []byte) string {
	s := strings.Join(strings.Fields(strings.ToValidUTF8(string(b), "?")), " ")
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}

// environment is all that a child gets to know of the parent's: where the
// models and libraries are. No secret travels.
func environment() []string {
	env := []string{"OMP_THREAD_LIMIT=1", "LC_ALL=C", "GOMAXPROCS=2", "GOTRACEBACK=none"}
	for _, name := range []string{"TESSDATA_PREFIX", "LD_LIBRARY_PATH", "PATH"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// bestDPI is the resolution at which Tesseract's models read best. They bring
// every line to a height of 36 pixels, which 13-point print has at about 170
// dpi; enlarged before, letters are smoothed twice. On the cells of four real
// scans of 150, 200, 200 and 300 dpi, brought to 300 dpi, the share read with
// at most 5 % of the characters wrong was 0.81, 0.80, 0.92 and 0.82; brought
// to 150-170 dpi 0.92, 0.85, 0.96 and 0.91, all else equal.
const bestDPI = 170

// ScaleFor is the engine's choice of a scale for a page: large pictures are
// shrunk to bestDPI, small ones enlarged to where accents are still told
// apart, those near it left as they are.
func ScaleFor(dpi int) float64 {
	switch {
	case dpi <= 0:
		return 1
	case dpi > bestDPI:
		return bestDPI / float64(dpi)
	case dpi < bestDPI*3/4:
		return min(3, bestDPI*0.9/float64(dpi))
	}
	return 1
}

// maxDeaths is how many children one page may kill before it is refused: once
// may be the machine's fault (memory ran short), twice is the page's.
const maxDeaths = 2

// Read implements [Engine]. A page, or its share of a child, that kills the
// child is begun again in a new one at the region where that happened; at the
// second time it is given up with [ErrRefused]. A page over its time is given up with [ErrTimedOut].
func (p *Pool) Read(ctx context.Context, page *image.Gray, dpi int, regions []Region) ([]Reading, error) {
	out := make([]Reading, len(regions))
	if len(regions) == 0 {
		return out, nil
	}
	bounds := page.Bounds()
	if bounds.Empty() || bounds.Dx()*bounds.Dy() > maxMessage-64 {
		return fail(out, 0, &Error{Kind: ErrRefused, Detail: fmt.Sprintf("a picture of %d×%d pixels, %d million pixels allowed", bounds.Dx(), bounds.Dy(), (maxMessage-64)>>20)})
	}
	wire := make([]wireRegion, len(regions))
	for i, r := range regions {
		wire[i] = wireRegion{Box: r.on(bounds), Scale: r.Scale, Model: r.Model}
		if int(r.Mode) < len(psm) {
			wire[i].PSM = psm[r.Mode]
		} else {
			return fail(out, 0, fmt.Errorf("unknown %v", r.Mode))
		}
		if !(r.Scale > 0) || math.IsInf(r.Scale, 0) {
			wire[i].Scale = ScaleFor(dpi)
		}
	}
	var first *worker
	select {
	case <-p.closed:
		return fail(out, 0, &Error{Kind: ErrUnavailable, Detail: "the pool is closed"})
	case <-ctx.Done():
		return fail(out, 0, ctx.Err())
	case first = <-p.idle:
	}
	pageCtx, cancel := context.WithTimeout(ctx, p.cfg.PageTimeout)
	defer cancel()
	workers := append(p.spare(len(regions)/minShare-1), first)
	errs := make([]error, len(workers))
	var wg sync.WaitGroup
	for i, n := range shares(wire, len(workers)) {
		w, regions, part := workers[i], wire[:n], out[len(out)-len(wire):][:n]
		wire = wire[n:]
		wg.Go(func() {
			defer func() { p.idle <- w }()
			errs[i] = p.readShare(ctx, pageCtx, w, page, dpi, regions, part)
		})
	}
	wg.Wait()
	return out, cmp.Or(errs...)
}

// minShare is the least number of regions for which a page is sent to one more
// child: sending it costs as much time as reading one or two cells.
const minShare = 12

// spare takes up to n workers for which no other page is waiting. Without them
// most children stand idle while the last pages of a run are read.
func (p *Pool) spare(n int) (out []*worker) {
	for len(out) < n {
		select {
		case w := <-p.idle:
			out = append(out, w)
		default:
			return out
		}
	}
	return out
}

// shares parts regions, in their order, into n shares of about the same area,
// which is what the time of reading goes by, and returns their lengths.
func shares(regions []wireRegion, n int) []int {
	area := func(r wireRegion) int { return r.Box.Width()*r.Box.Height() + 1 }
	total := 0
	for _, r := range regions {
		total += area(r)
	}
	out := make([]int, n)
	sum := 0
	for _, r := range regions {
		// By its middle, so that one large region does not drag others along.
		out[min(n-1, (2*sum+area(r))*n/(2*total))]++
		sum += area(r)
	}
	return out
}

// readShare has one worker read regions of a page and fills out.
func (p *Pool) readShare(ctx, pageCtx context.Context, w *worker, page *image.Gray, dpi int, regions []wireRegion, out []Reading) error {
	if len(regions) == 0 {
		return nil
	}
	next := 0 // the first region without a reading
	giveUp := func(err error) error {
		_, err = fail(out, next, err)
		return err
	}
	for deaths := 0; next < len(regions); {
		if err := p.ensure(ctx, w); err != nil {
			return giveUp(err)
		}
		n, err := readPage(pageCtx, w.proc, page, dpi, regions[next:], out[next:])
		next += n
		if err == nil {
			break
		}
		w.stop()
		switch {
		case ctx.Err() != nil:
			return giveUp(ctx.Err())
		case pageCtx.Err() != nil:
			return giveUp(&Error{Kind: ErrTimedOut,
				Detail: fmt.Sprintf("%d of %d regions read in the %v allowed", next, len(regions), p.cfg.PageTimeout)})
		}
		deaths++
		if deaths == maxDeaths {
			return giveUp(&Error{Kind: ErrRefused,
				Detail: fmt.Sprintf("it ended %d reading processes, the last in region %d of %d", deaths, next+1, len(regions)), Err: err})
		}
	}
	w.pages++
	if w.pages >= p.cfg.PagesPerChild || w.proc.Resident() > p.cfg.RecycleAt {
		w.stop()
	}
	return nil
}

// fail fills the readings from i on with an error.
func fail(out []Reading, i int, err error) ([]Reading, error) {
	for ; i < len(out); i++ {
		out[i].Err = err
	}
	return out, err
}

// readPage has one child read regions of a page and fills out with what comes;
// n is how many came before the error.
func readPage(ctx context.Context, proc *child.Process, page *image.Gray, dpi int, regions []wireRegion, out []Reading) (n int, err error) {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	pix := page.Pix
	if o := page.PixOffset(page.Rect.Min.X, page.Rect.Min.Y); page.Stride == w {
		pix = pix[o : o+w*h]
	} else {
		packed := make([]byte, 0, w*h)
		for y := range h {
			packed = append(packed, pix[o+y*page.Stride:][:w]...)
		}
		pix = packed
	}
	if err := proc.Send(ctx, msgPage, encodePage(dpi, w, h), pix); err != nil {
		return 0, err
	}
	req, err := json.Marshal(regions)
	if err != nil {
		return 0, err
	}
	if err := proc.Send(ctx, msgRegions, req); err != nil {
		return 0, err
	}
	for n < len(regions) {
		kind, payload, err := proc.Receive(ctx)
		if err != nil {
			return n, err
		}
		if err := takeReading(kind, payload, n, regions[n], &out[n]); err != nil {
			proc.Kill(child.Garbled, "")
			return n, err
		}
		n++
	}
	return n, nil
}

// takeReading checks one answer of a child against what was asked.
func takeReading(kind byte, payload []byte, i int, reg wireRegion, out *Reading) error {
	if kind == msgFailed {
		return errors.New(sentence(payload))
	}
	if kind != msgReading {
		return fmt.Errorf("unexpected answer %q to a region", kind)
	}
	var r wireReading
	if err := json.Unmarshal(payload, &r); err != nil {
		return fmt.Errorf("a reading that is none: %w", err)
	}
	if r.Index != i {
		return fmt.Errorf("a reading of region %d where %d was asked", r.Index, i)
	}
	out.Lines = unpack(r.Lines, reg.Box)
	if r.Err != "" {
		out.Err = errors.New(sentence([]byte(r.Err)))
	}
	return nil
}
