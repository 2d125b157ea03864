// Package pipeline is the order of the stages: how a file becomes a document.
//
//	file ─ open ─► page ─ upright ─► grids ─ read ─► words ─ repair ─► page
//	pages ─ join tables ─► build records ─► document
//
// A page is the unit of work and a document the unit of result. A page that
// fails gets an outcome and a reason; the rest goes on. The package prints
// nothing and writes no files of its own: it tells an observer and hands
// documents to a sink.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"image"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/extract/table"
	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Settings are what a pipeline works with. The caller owns Renderer and Engine
// and closes them.
type Settings struct {
	Renderer *pdf.Renderer
	Engine   ocr.Engine
	Restorer *normalize.Restorer
	Extract  extract.Options

	Workers    int           // pages worked on at once; at least 1
	PageBudget time.Duration // time a page may take before it is given up; 0 means [DefaultPageBudget]
	Limits     ingest.Limits
	Version    string      // of the program, for the document's engine entry
	Pages      PageStore   // nil keeps nothing
	Observe    func(Event) // called from many goroutines, one at a time; nil is silence
}

// DefaultPageBudget is the time that a page may take: ten times what the
// densest page of the field's appendices needs on one slow core.
const DefaultPageBudget = 180 * time.Second

// Pipeline runs documents. It is safe for use by many goroutines.
type Pipeline struct {
	set     Settings
	slots   chan struct{} // one a page that is being worked on
	observe sync.Mutex
}

// New returns a pipeline with the given settings.
func New(s Settings) *Pipeline {
	s.Workers = max(s.Workers, 1)
	if s.PageBudget == 0 {
		s.PageBudget = DefaultPageBudget
	}
	return &Pipeline{set: s, slots: make(chan struct{}, s.Workers)}
}

// Run reads the files and hands each finished document to sink, in the order
// in which they finish. A file that fails is told to the observer and counted.
// An error means that the run itself could not go on: the context ended or the
// sink refused a document.
func (p *Pipeline) Run(ctx context.Context, files []string, sink func(file string, doc *schema.Document) error) (Summary, error) {
	start := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		mu  sync.Mutex
		sum Summary
		wg  sync.WaitGroup
	)
	// As many documents are open as there are workers: then the workers stay
	// busy over the end of one document, and memory stays bounded.
	open := make(chan struct{}, p.set.Workers)
	for _, file := range files {
		select {
		case open <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-open }()
			began := time.Now()
			doc, err := p.Document(ctx, file)
			if err == nil {
				if err := sink(file, doc); err != nil {
					cancel(err)
					return
				}
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case ctx.Err() != nil: // the end of the run is no fault of the document
			case err != nil:
				sum.Failed++
				p.tell(Event{Kind: Failed, File: file, Reason: err.Error(), Hint: Hint(err)})
			default:
				e := Event{Kind: Finished, File: file, Pages: len(doc.Pages), Records: len(doc.Records), Review: Review(doc), Seconds: time.Since(began).Seconds()}
				sum.add(doc, e)
				p.tell(e)
			}
		})
	}
	wg.Wait()
	sum.Elapsed = time.Since(start)
	return sum, context.Cause(ctx)
}

func (s *Summary) add(doc *schema.Document, e Event) {
	s.Documents++
	s.Pages += e.Pages
	s.Records += e.Records
	s.Review += e.Review
	for _, page := range doc.Pages {
		if page.Outcome != schema.Done {
			s.BadPages++
		}
	}
}

// Review counts the fields of a document that need review.
func Review(doc *schema.Document) int {
	n := 0
	doc.EachField(func(_ string, f *schema.Field) {
		if f.State == schema.NeedsReview {
			n++
		}
	})
	return n
}

// Document reads one file to its end.
func (p *Pipeline) Document(ctx context.Context, file string) (*schema.Document, error) {
	id, source, pages, err := p.Pages(ctx, file)
	if err != nil {
		return nil, err
	}
	return p.Assemble(id, source, pages)
}

// Pages is the first half of [Pipeline.Document]: it reads the pages of a file
// and leaves them at that.
func (p *Pipeline) Pages(ctx context.Context, file string) (id string, source schema.Source, pages []schema.Page, err error) {
	f, err := p.Open(ctx, file, "")
	if err != nil {
		return "", source, nil, err
	}
	defer f.Close()
	p.tell(Event{Kind: Opened, File: file, Pages: f.Pages()})

	pages = make([]schema.Page, f.Pages())
	var (
		wg       sync.WaitGroup
		mu       sync.Mutex
		storeErr error
	)
	for i := range pages {
		select {
		case p.slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-p.slots }()
			var err error
			pages[i], err = p.page(ctx, f, file, i+1)
			mu.Lock()
			storeErr = errors.Join(storeErr, err)
			mu.Unlock()
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return "", source, nil, err
	}
	return f.ID(), f.Source(), pages, storeErr
}

// Assemble is the second half of the way: from the pages, in order, to the
// document with the given id.
func (p *Pipeline) Assemble(id string, source schema.Source, pages []schema.Page) (*schema.Document, error) {
	tables := table.Join(pages)
	dropStrayCommas(tables, pages)
	result := extract.Build(pages, tables, p.set.Extract)
	doc := &schema.Document{
		DocumentID: id,
		Source:     source,
		Engine: schema.Engine{
			Sohoa:         p.set.Version,
			LanguageModel: p.set.Restorer.Info(),
			Profile:       result.Profile,
		},
		Header:    result.Header,
		Records:   result.Records,
		Tables:    tables,
		Citations: result.Citations,
		Amounts:   result.Amounts,
		Checks:    result.Checks,
	}
	for _, page := range pages {
		doc.Pages = append(doc.Pages, page.PageInfo)
		if page.TextSource == schema.FromOCR {
			doc.Engine.Tesseract = p.set.Engine.Info()
		}
	}
	doc.Seal()
	if err := doc.Validate(); err != nil {
		return nil, fmt.Errorf("assemble %s: %w", source.Name, err)
	}
	return doc, nil
}

// page finds a kept page or reads it. The error is about the keeping alone:
// what goes wrong with the page becomes its outcome.
func (p *Pipeline) page(ctx context.Context, f *ingest.File, file string, n int) (schema.Page, error) {
	start := time.Now()
	key := p.key(f, n)
	if p.set.Pages != nil {
		if page, ok, err := p.set.Pages.Load(key); err != nil || ok {
			p.tellPage(file, page, true, start)
			return page, err
		}
	}
	page, _ := p.readPage(ctx, f, n)
	if ctx.Err() != nil {
		return page, nil // stopped in mid-page: nothing to keep or tell
	}
	p.tellPage(file, page, false, start)
	// A page that timed out is not kept: the next run, on a calmer machine or
	// with a larger budget, may read it.
	if p.set.Pages != nil && page.Outcome != schema.TimedOut {
		return page, p.set.Pages.Save(key, page)
	}
	return page, nil
}

// key names a page and everything that decides how it is read.
func (p *Pipeline) key(f *ingest.File, n int) string {
	return fmt.Sprintf("%s/%s/%d", f.ID(), p.Key(), n)
}

func (p *Pipeline) tellPage(file string, page schema.Page, kept bool, start time.Time) {
	p.tell(Event{Kind: PageDone, File: file, Page: page.Number, Outcome: page.Outcome, Reason: page.Reason, Kept: kept, Seconds: time.Since(start).Seconds()})
}

func (p *Pipeline) tell(e Event) {
	if p.set.Observe == nil {
		return
	}
	p.observe.Lock()
	defer p.observe.Unlock()
	p.set.Observe(e)
}

// work is a page between two stages.
type work struct {
	file  *ingest.File
	input ingest.PageInput
	sheet *scan.Sheet // nil for text files
	page  schema.Page
}

// stages are the way of a page, in order. A stage that does not concern a page
// leaves it as it is.
var stages = []struct {
	name string
	do   func(*Pipeline, context.Context, *work) error
}{
	{"open", (*Pipeline).open},
	{"straighten", (*Pipeline).straighten},
	{"find tables", (*Pipeline).findTables},
	{"read", (*Pipeline).read},
	{"repair", (*Pipeline).repair},
	{"write out", (*Pipeline).writeOut},
}

// readPage takes a page through the stages and gives it its outcome. upright
// is the picture that the page's coordinates are about, nil for text files and
// for pages that did not get so far.
func (p *Pipeline) readPage(ctx context.Context, f *ingest.File, n int) (page schema.Page, upright image.Image) {
	ctx, cancel := context.WithTimeout(ctx, p.set.PageBudget)
	defer cancel()
	w := &work{file: f}
	w.page.Number = n
	w.page.Outcome = schema.Done
	w.page.TextSource = schema.FromOCR
	stage := ""
	defer func() {
		// A page must never take the run down: what our own code did not
		// foresee is a refused page with the place of the fault in its reason.
		if r := recover(); r != nil {
			page = w.fail(schema.Refused, fmt.Sprintf("%s: internal fault: %v (%s)", stage, r, panicPlace()))
		}
		if w.sheet != nil {
			upright = w.sheet.Upright
		}
	}()
	for _, s := range stages {
		stage = s.name
		if err := s.do(p, ctx, w); err != nil {
			return w.fail(p.outcome(ctx, err), fmt.Sprintf("%s: %v", stage, err)), nil
		}
		if ctx.Err() != nil {
			return w.fail(schema.TimedOut, fmt.Sprintf("%s: took longer than the %s a page may take", stage, p.set.PageBudget)), nil
		}
	}
	return w.page, nil
}

// panicPlace names the function of this module that panicked, for the report.
func panicPlace() string {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	for {
		f, more := frames.Next()
		if _, name, ours := strings.Cut(f.Function, "github.com/sohoa/sohoa/"); ours {
			return fmt.Sprintf("%s:%d", name, f.Line)
		}
		if !more {
			return "outside this module"
		}
	}
}

// fail ends a page with another outcome than done. Half-read layers are taken
// away, so that no record is built from half a table.
func (w *work) fail(outcome schema.Outcome, reason string) schema.Page {
	info := w.page.PageInfo
	info.Outcome, info.Reason = outcome, reason
	return schema.Page{PageInfo: info}
}

// outcome tells from an error's type how its page ended.
func (p *Pipeline) outcome(ctx context.Context, err error) schema.Outcome {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ocr.ErrTimedOut) || errors.Is(err, pdf.ErrTimedOut) || ctx.Err() != nil {
		return schema.TimedOut
	}
	return schema.Refused
}

// Hint returns what the user can do about an error, "" when nothing is known.
// Errors carry it by a method Remedy.
func Hint(err error) string {
	var h interface{ Remedy() string }
	if errors.As(err, &h) {
		return h.Remedy()
	}
	return ""
}
