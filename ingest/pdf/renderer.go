// Package pdf is the only reader of PDF bytes. Pages are rendered by PDFium,
// compiled to WebAssembly: a hostile file is parsed in a sandbox that has no
// disk, no network, and memory up to a limit. The text that a file carries is
// read by ledongthuc/pdf in a helper process, and by PDFium where that fails.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
)

// Config sets up a [Renderer]. The zero value is usable.
type Config struct {
	// Instances is how many pages are rendered at a time; 0 is one. A page
	// takes 0.2 s and its OCR some seconds, so one serves several workers.
	Instances int
	// Memory is the limit in bytes on what one instance holds; 0 is 512 MiB.
	// PDFium keeps decoded pictures beside the page: A4 at 600 dpi in colour
	// takes 100 MB for each.
	Memory int64
	// PagesPerInstance is after how many pages an instance is replaced; 0 is
	// 50. The memory of a WebAssembly instance grows and never shrinks.
	PagesPerInstance int
	// PageTimeout is the time that PDFium may take for a page, and for opening a
	// file; 0 is 30 s.
	PageTimeout time.Duration
	// MaxPixels is the limit on the pixels of a rendered page; 0 is 80
	// million: A3 at 600 dpi has 70. Pages over it are rendered smaller.
	MaxPixels int
	// MaxPages is the limit on the pages of a file; 0 is 5000.
	MaxPages int
	// CacheDir keeps the compiled module between runs and saves a second or
	// two at the start. "" keeps nothing. Only the user may be able to write
	// to it, since what lies there is run.
	CacheDir string

	// TextCommand starts a helper that reads text layers: a program that calls
	// [ServeText] and its arguments. Empty is the running program with the
	// argument "text-child".
	TextCommand []string
	// TextTimeout is the time for the text layer of one page; 0 is 10 s.
	TextTimeout time.Duration
	// TextMemory is the limit in bytes on what a text helper holds; 0 is 384 MiB.
	TextMemory int64
}

func (c Config) withDefaults() Config {
	if c.Instances <= 0 {
		c.Instances = 1
	}
	if c.Memory <= 0 {
		c.Memory = 512 << 20
	}
	if c.PagesPerInstance <= 0 {
		c.PagesPerInstance = 50
	}
	if c.PageTimeout <= 0 {
		c.PageTimeout = 30 * time.Second
	}
	if c.MaxPixels <= 0 {
		c.MaxPixels = 80e6
	}
	if c.MaxPages <= 0 {
		c.MaxPages = 5000
	}
	if len(c.TextCommand) == 0 {
		c.TextCommand = []string{"", "text-child"}
	}
	if c.TextTimeout <= 0 {
		c.TextTimeout = 10 * time.Second
	}
	if c.TextMemory <= 0 {
		c.TextMemory = 384 << 20
	}
	return c
}

// Renderer holds the PDFium instances that documents are read with. It may be
// used by many goroutines.
type Renderer struct {
	cfg    Config
	cache  wazero.CompilationCache
	stop   context.CancelFunc
	pool   pdfium.Pool
	idle   chan *instance // Instances of them, each with a module or without
	close  sync.Once
	closed chan struct{}
}

// instance is a place for a PDFium module, with the document it last opened.
type instance struct {
	lib   pdfium.Pdfium // nil: none runs
	doc   *Document
	ref   references.FPDF_DOCUMENT
	pages int // that it has worked on
}

// NewRenderer compiles PDFium, which takes a second or two. The caller must
// close the Renderer.
func NewRenderer(ctx context.Context, cfg Config) (*Renderer, error) {
	cfg = cfg.withDefaults()
	rt := wazero.NewRuntimeConfig().
		// Without this nothing ends a module that loops.
		WithCloseOnContextDone(true).
		WithMemoryLimitPages(uint32(cfg.Memory >> 16))
	r := &Renderer{cfg: cfg, idle: make(chan *instance, cfg.Instances), closed: make(chan struct{})}
	if cfg.CacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(cfg.CacheDir)
		if err != nil {
			return nil, fmt.Errorf("opening the cache of compiled modules: %w", err)
		}
		r.cache = cache
		rt = rt.WithCompilationCache(cache)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// The pool outlives the call, so it has a context of its own.
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	pool, err := webassembly.Init(webassembly.Config{
		Context:       own,
		MaxIdle:       0,
		MaxTotal:      cfg.Instances + 1,    // one may still be closing while the next one starts
		FSConfig:      wazero.NewFSConfig(), // no folder at all; the default is the whole disk
		RuntimeConfig: rt,
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
	if err != nil {
		stop()
		return nil, fmt.Errorf("starting pdfium: %w", err)
	}
	r.pool, r.stop = pool, stop
	for range cfg.Instances {
		r.idle <- &instance{}
	}
	return r, nil
}

// Close ends the instances. Work that is under way is waited for.
func (r *Renderer) Close() error {
	var err error
	r.close.Do(func() {
		close(r.closed)
		for range r.cfg.Instances {
			in := <-r.idle
			in.drop()
		}
		err = r.pool.Close()
		r.stop()
		if r.cache != nil {
			err = errors.Join(err, r.cache.Close(context.Background()))
		}
	})
	return err
}

// drop ends the module of an instance.
func (in *instance) drop() {
	if in.lib != nil {
		guard(func() error { return in.lib.Close() })
	}
	*in = instance{}
}

// guard turns a panic of the library into an error. go-pdfium trusts that what
// the module returns makes sense, which a damaged file can upset.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("pdfium: %v", p)
		}
	}()
	return f()
}

// with runs f on an instance that has doc open. It prefers one that has it
// open already. An instance in which anything went wrong is thrown away.
func (r *Renderer) with(ctx context.Context, doc *Document, f func(in *instance) error) error {
	select {
	case <-r.closed:
		return errors.New("renderer is closed")
	default:
	}
	var in *instance
	select {
	case <-ctx.Done():
		return ctx.Err()
	case in = <-r.idle:
	}
	if in.doc != doc {
		in = r.prefer(in, doc)
	}
	defer func() { r.idle <- in }()

	limited, cancel := context.WithTimeout(ctx, r.cfg.PageTimeout)
	defer cancel()
	err := r.attempt(limited, in, doc, f)
	if err == nil {
		in.pages++
		if in.pages >= r.cfg.PagesPerInstance {
			in.drop()
			// The memory of the module is a Go slice; without this it waits
			// for a collection that a heap of this size rarely sees.
			debug.FreeOSMemory()
		}
		return nil
	}
	if e := (*Error)(nil); errors.As(err, &e) {
		return err // a clean answer about the file, the instance is sound
	}
	in.drop()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return fault(ErrTimedOut, nil, "pdfium worked on it for the %v allowed", r.cfg.PageTimeout)
	}
	return fault(ErrDamaged, err, "")
}

// prefer looks among the idle instances for one that has doc open, and gives
// back the others.
func (r *Renderer) prefer(in *instance, doc *Document) *instance {
	for range r.cfg.Instances - 1 {
		select {
		case other := <-r.idle:
			if other.doc == doc {
				r.idle <- in
				return other
			}
			r.idle <- other
		default:
			return in
		}
	}
	return in
}

func (r *Renderer) attempt(ctx context.Context, in *instance, doc *Document, f func(in *instance) error) error {
	if in.lib == nil {
		lib, err := r.pool.GetInstanceWithContext(ctx)
		if err != nil {
			return fmt.Errorf("starting pdfium: %w", err)
		}
		in.lib = lib
	}
	lib := in.lib
	stop := context.AfterFunc(ctx, func() { guard(func() error { return lib.Kill() }) })
	defer stop()
	return guard(func() error {
		if in.doc != doc {
			if in.doc != nil {
				if _, err := lib.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: in.ref}); err != nil {
					return err
				}
				in.doc = nil
			}
			ref, err := open(lib, doc)
			if err != nil {
				return err
			}
			in.doc, in.ref = doc, ref
		}
		return f(in)
	})
}

// open opens the document in a module. PDFium reads the file piece by piece
// through a callback, so the module holds no copy of it.
func open(lib pdfium.Pdfium, doc *Document) (references.FPDF_DOCUMENT, error) {
	var res references.FPDF_DOCUMENT
	err := guard(func() error {
		o, err := lib.OpenDocument(&requests.OpenDocument{
			FileReader:     io.NewSectionReader(doc.file, 0, doc.size),
			FileReaderSize: doc.size,
		})
		if err == nil {
			res = o.Document
		}
		return err
	})
	if err == nil {
		return res, nil
	}
	// go-pdfium 1.19.8 loses the reason on its way out of a failed opening
	// (it looks for the reader in the wrong table and panics), but PDFium
	// still knows it.
	if !known(err) {
		if last, lastErr := lib.FPDF_GetLastError(&requests.FPDF_GetLastError{}); lastErr == nil {
			err = reasons[last.Error]
			if err == nil {
				err = pdfiumerrors.ErrUnknown
			}
		}
	}
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword), errors.Is(err, pdfiumerrors.ErrSecurity):
		return "", fault(ErrEncrypted, nil, "")
	case errors.Is(err, pdfiumerrors.ErrFormat), errors.Is(err, pdfiumerrors.ErrFile),
		errors.Is(err, pdfiumerrors.ErrUnknown), errors.Is(err, pdfiumerrors.ErrSuccess):
		if doc.header {
			return "", fault(ErrDamaged, nil, "pdfium finds no document in it")
		}
		return "", fault(ErrNotPDF, nil, "")
	}
	return "", err
}

var reasons = map[responses.FPDF_GetLastErrorError]error{
	responses.FPDF_GetLastErrorErrorUnknown:  pdfiumerrors.ErrUnknown,
	responses.FPDF_GetLastErrorErrorFile:     pdfiumerrors.ErrFile,
	responses.FPDF_GetLastErrorErrorFormat:   pdfiumerrors.ErrFormat,
	responses.FPDF_GetLastErrorErrorPassword: pdfiumerrors.ErrPassword,
	responses.FPDF_GetLastErrorErrorSecurity: pdfiumerrors.ErrSecurity,
}

func known(err error) bool {
	for _, r := range reasons {
		if errors.Is(err, r) {
			return true
		}
	}
	return errors.Is(err, pdfiumerrors.ErrSuccess)
}
