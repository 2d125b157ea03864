// Package pipeline is the order of the stages: how a file becomes a document.
//
//	file ─ open ─► page ─ upright ─► grids ─ read ─► words ─ repair ─ read again ─ settle capitals, stops, figures ─► page
//	pages ─ join tables ─► build records ─► document
//
// A page is the unit of work and a document the unit of result. A page that
// fails gets an outcome and a reason; the rest goes on. The package prints
// nothing and writes no files; queues, retries and what is kept between runs
// are the callers'.
package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"runtime"
	"strings"
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
	Decoder  *ingest.Decoder // nil decodes pictures in this process
	Engine   ocr.Engine
	Restorer *normalize.Restorer
	Extract  extract.Options
	Once     bool // no line is read a second time: faster, and more is left to review

	// Watch is shown each page that an engine read, before repair; nil for nobody.
	// Pages may be shown at the same time.
	Watch func(page *schema.Page, print *Print)

	PageBudget time.Duration // time a page may take before it is given up; 0 means [DefaultPageBudget]
	Limits     ingest.Limits
	Version    string // of the program, for the document's engine entry
}

// DefaultPageBudget is the time that a page may take: ten times what the
// densest page of the field's appendices needs on one slow core.
const DefaultPageBudget = 180 * time.Second

// Pipeline reads pages and puts documents together. It keeps nothing from one
// call to the next and is safe for use by many goroutines: workers share the
// pages of many documents, so Open, ReadPage and Assemble may each happen
// anywhere.
type Pipeline struct {
	set Settings
}

// New returns a pipeline with the given settings.
func New(s Settings) *Pipeline {
	if s.PageBudget == 0 {
		s.PageBudget = DefaultPageBudget
	}
	s.Engine = distrust{s.Engine}
	return &Pipeline{set: s}
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

// Open opens a file that people call by name, "" when the path tells. Its
// pages may be read by many goroutines; the caller closes it.
func (p *Pipeline) Open(ctx context.Context, file, name string) (*ingest.File, error) {
	return ingest.Open(ctx, file, ingest.Options{
		Renderer:  p.set.Renderer,
		TextLayer: p.set.Restorer.TextLayer,
		Decoder:   p.set.Decoder,
		Limits:    p.set.Limits,
		Name:      name,
	})
}

// Key names everything that decides how a page is read, shortly: the program,
// the engine, the language model, and whether doubtful lines are read twice.
func (p *Pipeline) Key() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n", p.set.Version, p.set.Engine.Info(), p.set.Restorer.Info())
	if p.set.Once {
		fmt.Fprintln(h, "once")
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// Assemble makes the document with the given id of its pages, in order.
func (p *Pipeline) Assemble(id string, source schema.Source, pages []schema.Page) (*schema.Document, error) {
	pages = table.Borrow(pages)
	tables := table.Join(pages)
	dropStrayCommas(tables, pages)
	settleColumnNumbers(tables, pages)
	options := p.set.Extract
	options.Restorer = p.set.Restorer
	extract.RateTables(pages, tables, options)
	result := extract.Build(pages, tables, options)
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

// work is a page between two stages.
type work struct {
	file   *ingest.File
	manner schema.Manner
	input  ingest.PageInput
	sheet  *scan.Sheet // nil for text files
	page   schema.Page
	read   schema.Page    // its lines as they were read, before repair
	small  float64        // height of its small letters in pixels, 0 where too few words tell
	eyes   normalize.Eyes // on the marks of its words, nil where nothing tells
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
	{"read again", (*Pipeline).readAgain},
	{"settle capitals", (*Pipeline).settleCapitals},
	{"settle stops", (*Pipeline).settleStops},
	{"settle figures", (*Pipeline).settleFigures},
	{"write out", (*Pipeline).writeOut},
}

// ReadPage takes a page, 1-based, through the stages. What goes wrong with it
// is its outcome. upright is the picture that the page's coordinates are about,
// nil for text files and for pages that did not get so far. The page is no
// outcome of anything when ctx has ended.
func (p *Pipeline) ReadPage(ctx context.Context, f *ingest.File, n int, manner schema.Manner) (page schema.Page, upright image.Image) {
	ctx, cancel := context.WithTimeout(ctx, p.set.PageBudget)
	defer cancel()
	w := &work{file: f, manner: manner}
	w.page.Number, w.page.Manner = n, manner.String()
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
		err := s.do(p, ctx, w)
		if ctx.Err() != nil && (err == nil || errors.Is(err, context.DeadlineExceeded)) {
			return w.fail(schema.TimedOut, fmt.Sprintf("%s: took longer than the %s a page may take", stage, p.set.PageBudget)), nil
		}
		if err != nil {
			return w.fail(p.outcome(ctx, err), fmt.Sprintf("%s: %v", stage, err)), nil
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
