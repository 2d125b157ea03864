// Package pdf is the only reader of PDF bytes. Pages are rendered by PDFium,
// compiled to WebAssembly: a hostile file is parsed in a sandbox that has no
// disk, no network, and memory up to a limit. The text that a file carries is
// read by ledongthuc/pdf, and by PDFium where that fails or doubts itself.
//
// Both run in helper processes, because both can run for ever on a bad file.
// WebAssembly can be interrupted from outside, but the checks for that make
// PDFium six times slower (1.05 s instead of 0.17 s for a page at 200 dpi); a
// process can be killed at no cost. Helpers are given no file: they ask the
// parent for the bytes that they need.
package pdf

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"sync"
	"time"

	"github.com/sohoa/sohoa/ingest/child"
)

// Config sets up a [Renderer]. The zero value is usable.
type Config struct {
	// Command starts a helper: a program that calls [ServeChild] and its
	// arguments. Empty is the running program with the argument "pdf-child".
	Command []string
	// Instances is how many pages are worked on at a time; 0 is one. A page
	// takes 0.2 s and its OCR some seconds, so one serves several workers.
	Instances int
	// Memory is the limit in bytes on what PDFium holds; 0 is 512 MiB. It
	// keeps decoded pictures beside the page: A4 at 600 dpi in colour takes
	// 100 MB for each.
	Memory int64
	// TextMemory is the limit in bytes on a reader of text; 0 is 256 MiB.
	TextMemory int64
	// PagesPerInstance is after how many pages an instance of PDFium is
	// replaced; 0 is 50. The memory of WebAssembly grows and never shrinks.
	PagesPerInstance int
	// PageTimeout is the time that PDFium may take for a page, and for opening
	// a file; 0 is 30 s.
	PageTimeout time.Duration
	// TextTimeout is the time for the text layer of one page; 0 is 10 s.
	TextTimeout time.Duration
	// MaxPixels is the limit on the pixels of a rendered page; 0 is 80
	// million: A3 at 600 dpi has 70. Pages over it are rendered smaller.
	MaxPixels int
	// MaxPages is the limit on the pages of a file; 0 is 5000.
	MaxPages int
	// CacheDir keeps the compiled module between runs: a start then takes
	// 0.1 s instead of 2.5 s, and 250 MB less. "" keeps nothing. Only the user
	// may be able to write to it, since what lies there is run.
	CacheDir string
}

// DefaultConfig returns the settings that stand in for those left zero.
func DefaultConfig() Config { return Config{}.withDefaults() }

func (c Config) withDefaults() Config {
	if len(c.Command) == 0 {
		c.Command = []string{"", "pdf-child"}
	}
	if c.Instances <= 0 {
		c.Instances = 1
	}
	if c.Memory <= 0 {
		c.Memory = 512 << 20
	}
	if c.TextMemory <= 0 {
		c.TextMemory = 256 << 20
	}
	if c.PagesPerInstance <= 0 {
		c.PagesPerInstance = 50
	}
	if c.PageTimeout <= 0 {
		c.PageTimeout = 30 * time.Second
	}
	if c.TextTimeout <= 0 {
		c.TextTimeout = 10 * time.Second
	}
	if c.MaxPixels <= 0 {
		c.MaxPixels = 80e6
	}
	if c.MaxPages <= 0 {
		c.MaxPages = 5000
	}
	return c
}

// Renderer holds the helpers that documents are read with. It may be used by
// many goroutines.
type Renderer struct {
	cfg    Config
	pdfium chan *helper // Instances of them, each with a process or without
	text   chan *helper // the same for ledongthuc/pdf
	close  sync.Once
	closed chan struct{}

	mu       sync.Mutex
	confined child.Sandbox // of the helper that was started last
}

// Sandbox tells what the helpers have given up beside the sandbox that
// WebAssembly is: see [child.EnterSandbox].
func (r *Renderer) Sandbox() child.Sandbox {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.confined
}

// helper is a place for a helper process, with the document it has open.
type helper struct {
	proc *child.Process // nil: none runs
	doc  *Document
}

// NewRenderer starts a first helper, which tells whether PDFium runs here, and
// returns the Renderer. That takes two or three seconds to compile PDFium if
// [Config.CacheDir] has no compiled one, and a tenth of a second otherwise. The
// caller must close the Renderer.
func NewRenderer(ctx context.Context, cfg Config) (*Renderer, error) {
	cfg = cfg.withDefaults()
	r := &Renderer{
		cfg:    cfg,
		pdfium: make(chan *helper, cfg.Instances), text: make(chan *helper, cfg.Instances),
		closed: make(chan struct{}),
	}
	for range cfg.Instances {
		r.pdfium <- &helper{}
		r.text <- &helper{}
	}
	h := <-r.pdfium
	err := r.start(ctx, h, false)
	r.pdfium <- h
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Close ends the helpers. Work that is under way is waited for.
func (r *Renderer) Close() error {
	r.close.Do(func() {
		close(r.closed)
		for range r.cfg.Instances {
			(<-r.pdfium).stop()
			(<-r.text).stop()
		}
	})
	return nil
}

func (h *helper) stop() {
	if h.proc != nil {
		h.proc.Close()
	}
	*h = helper{}
}

// CompileMemory is what a helper may hold in bytes beside PDFium's own memory:
// compiling the module takes 250 MB for a moment.
const CompileMemory = 400 << 20

// softMemory is from where on a helper collects its garbage with zeal: the
// copies of pictures and, where the module's memory grew, of that. Without it
// twice what is needed piles up, 530 MB for pages that need 280.
const softMemory = 192 << 20

// maxCacheFile is the size up to which a helper may write the compiled module,
// which has 19 MB.
const maxCacheFile = 64 << 20

// startTimeout is how long a helper may take to start: compiling the module
// takes seconds, and on a machine that does much else many times as long.
const startTimeout = 3 * time.Minute

func (r *Renderer) start(ctx context.Context, h *helper, text bool) error {
	cmd := child.Command{
		Path: r.cfg.Command[0], Args: r.cfg.Command[1:],
		MaxFrame: 4*r.cfg.MaxPixels + 1<<20,
		Memory:   r.cfg.Memory + CompileMemory,
	}
	req := hello{Memory: r.cfg.Memory, PagesPerInstance: r.cfg.PagesPerInstance, CacheDir: r.cfg.CacheDir, Confine: true}
	if text {
		cmd.Memory = r.cfg.TextMemory
		req = hello{Text: true, Confine: true}
	} else if r.cfg.CacheDir != "" {
		cmd.MaxFile = maxCacheFile
	}
	cmd.Env = []string{"GOMAXPROCS=2", "GOTRACEBACK=none", fmt.Sprint("GOMEMLIMIT=", softMemory)}
	proc, err := child.Start(cmd)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	h.proc, h.doc = proc, nil
	answer, err := exchange(ctx, h.proc, nil, msgHello, req, msgReady)
	var greeting ready
	if err == nil {
		err = json.Unmarshal(answer, &greeting)
	}
	if err != nil {
		h.stop()
		return fmt.Errorf("starting the reader of pdf files: %w", err)
	}
	r.mu.Lock()
	r.confined = greeting.Sandbox
	r.mu.Unlock()
	return nil
}

// with asks one of the helpers of a kind about doc: it takes one that is idle,
// by preference one that has doc open, starts it if need be, opens doc in it,
// sends the request and returns the answer. A helper that dies after it has read
// others is replaced once.
func (r *Renderer) with(ctx context.Context, text bool, doc *Document, kind byte, req any, want byte) ([]byte, error) {
	pool, limit := r.pdfium, r.cfg.PageTimeout
	if text {
		pool, limit = r.text, r.cfg.TextTimeout
	}
	var h *helper
	select {
	case <-r.closed:
		return nil, errors.New("renderer is closed")
	case <-ctx.Done():
		return nil, ctx.Err()
	case h = <-pool:
	}
	if h.doc != doc {
		h = prefer(pool, h, doc)
	}
	defer func() { pool <- h }()
	for {
		fresh := h.proc == nil
		if fresh {
			if err := r.start(ctx, h, text); err != nil {
				return nil, err
			}
		}
		answer, err := h.ask(ctx, limit, doc, kind, req, want)
		var dead *child.Error
		if !errors.As(err, &dead) {
			return answer, err
		}
		h.stop()
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case dead.Reason == child.OverTime:
			return nil, fault(ErrTimedOut, nil, "the %v allowed were not enough", limit)
		case !fresh:
			continue // it may have died of what it held of others: this one gets a helper of its own
		case dead.Reason == child.OverSize:
			return nil, fault(ErrLimit, nil, "memory: %s", dead.Detail)
		}
		return nil, fault(ErrDamaged, err, "")
	}
}

// ask opens doc in the helper if need be, sends the request and returns the
// answer.
func (h *helper) ask(ctx context.Context, limit time.Duration, doc *Document, kind byte, req any, want byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if h.doc != doc {
		h.doc = nil
		if _, err := exchange(ctx, h.proc, doc, msgOpen, openRequest{Size: doc.size}, msgOpened); err != nil {
			return nil, err
		}
		h.doc = doc
	}
	return exchange(ctx, h.proc, doc, kind, req, want)
}

// prefer looks among the idle helpers for one that has doc open, and gives
// back the others.
func prefer(pool chan *helper, h *helper, doc *Document) *helper {
	for range cap(pool) - 1 {
		select {
		case other := <-pool:
			if other.doc == doc {
				pool <- h
				return other
			}
			pool <- other
		default:
			return h
		}
	}
	return h
}

// exchange sends a request, hands out the bytes of the document that the
// helper asks for, and returns the answer, which must be of the kind wanted.
func exchange(ctx context.Context, proc *child.Process, doc *Document, kind byte, req any, want byte) ([]byte, error) {
	b, err := json.Marshal(req)
	if err != nil {
		return nil, err
	}
	if err := proc.Send(ctx, kind, b); err != nil {
		return nil, err
	}
	for {
		got, payload, err := proc.Receive(ctx)
		if err != nil {
			return nil, err
		}
		switch {
		case got == want:
			return payload, nil
		case got == msgFailed:
			return nil, readFailure(payload)
		case got == msgRead && doc != nil && len(payload) == 16:
			off, n := int64(binary.BigEndian.Uint64(payload)), int64(binary.BigEndian.Uint64(payload[8:]))
			if off < 0 || n < 0 || n > maxRead || off > doc.size-n {
				break
			}
			data := make([]byte, n)
			if _, err := doc.file.ReadAt(data, off); err != nil {
				return nil, abandon(proc, fmt.Errorf("reading the pdf: %w", err))
			}
			if err := proc.Send(ctx, msgData, data); err != nil {
				return nil, err
			}
			continue
		}
		return nil, abandon(proc, &child.Error{Reason: child.Garbled, Detail: "it said something that was not asked"})
	}
}

// abandon kills a helper with which the parent cannot go on.
func abandon(proc *child.Process, err error) error {
	proc.Kill(child.Garbled, "")
	return &child.Error{Reason: child.Garbled, Err: err}
}

// decodePicture reads a msgPicture: the length of its head, the head, the
// pixels.
func decodePicture(b []byte) (*Picture, error) {
	bad := fault(ErrDamaged, nil, "the answer is no picture")
	if len(b) < 4 {
		return nil, bad
	}
	n := binary.BigEndian.Uint32(b)
	if int64(n) > int64(len(b)-4) {
		return nil, bad
	}
	var head pictureHead
	if err := json.Unmarshal(b[4:4+n], &head); err != nil {
		return nil, bad
	}
	pix := b[4+n:]
	step := 4
	if head.Grey {
		step = 1
	}
	if head.W <= 0 || head.H <= 0 || head.W > 1<<20 || head.H > 1<<20 || len(pix) != head.W*head.H*step || head.DPI <= 0 {
		return nil, bad
	}
	pic := head.Picture
	r := image.Rect(0, 0, head.W, head.H)
	if head.Grey {
		pic.Image = &image.Gray{Pix: pix, Stride: head.W, Rect: r}
	} else {
		pic.Image = &image.RGBA{Pix: pix, Stride: 4 * head.W, Rect: r}
	}
	return &pic, nil
}
