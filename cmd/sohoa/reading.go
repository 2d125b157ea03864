package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
)

// reading holds the flags of the commands that read pages, and starts what
// they need for it.
type reading struct {
	Profiles  []string      `placeholder:"PATH" help:"more report types: a YAML file or a folder of them"`
	Catalogue []string      `placeholder:"FILE.json" help:"result of a plan that titles are linked to"`
	Workers   int           `default:"0" placeholder:"N" help:"pages worked on at once (default: one a core)"`
	PageTime  time.Duration `default:"3m" help:"time that a page may take"`
	OCRLang   string        `name:"ocr-lang" default:"vie" help:"language of Tesseract"`
	ReadOnce  bool          `help:"read no line a second time: faster, and more is left to review"`
	confident
	Replay string `placeholder:"DIR" help:"replay recorded OCR from this folder" hidden:""`
	Record bool   `help:"with --replay: read what is missing and record it" hidden:""`
}

// workers is the number of pages worked on at once.
func (r *reading) workers() int {
	if r.Workers > 0 {
		return r.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// settings starts what the pipeline works with. closeAll ends it again.
func (r *reading) settings(ctx context.Context, c *console, profile string) (set pipeline.Settings, closeAll func(), err error) {
	var closers []io.Closer
	stop := func() {}
	end := func() {
		stop()
		for _, cl := range slices.Backward(closers) {
			_ = cl.Close() // the results are written; a child that will not end is killed by its pool
		}
	}
	defer func() {
		if err != nil {
			end()
		}
	}()
	workers := r.workers()
	if os.Getenv("GOMEMLIMIT") == "" {
		// Pictures come and go by tens of megabytes and hold no pointers, so that
		// collecting them early costs little.
		stop = limitMemory(int64(70+30*workers) << 20)
	}
	options, err := r.extraction(c, profile)
	if err != nil {
		return set, nil, err
	}
	restorer, err := normalize.Default()
	if err != nil {
		return set, nil, err
	}
	// Each takes a tenth of a second to load what it needs: both at once.
	var (
		renderer  *pdf.Renderer
		noPDF     error
		rendering sync.WaitGroup
	)
	rendering.Go(func() {
		renderer, noPDF = pdf.NewRenderer(ctx, pdf.Config{Instances: max(1, workers/2), CacheDir: cacheDir()})
	})
	engine, noOCR := r.engine(ctx, workers)
	rendering.Wait()
	if noPDF == nil {
		closers = append(closers, renderer)
	}
	if noOCR == nil {
		closers = append(closers, engine)
	}
	switch {
	case noPDF != nil:
		return set, nil, noPDF
	case noOCR != nil:
		return set, nil, failure(c.Sprintf("run `sohoa doctor` to see what is missing"), noOCR)
	}
	return pipeline.Settings{
		Renderer:   renderer,
		Decoder:    &ingest.Decoder{},
		Engine:     engine,
		Restorer:   restorer,
		Extract:    options,
		PageBudget: r.PageTime,
		Once:       r.ReadOnce,
		Version:    version,
	}, end, nil
}

// cacheDir is where compiled modules are kept, "" when the user has no such
// place.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "sohoa")
}

// engine starts Tesseract, or a replay of what it once read.
func (r *reading) engine(ctx context.Context, workers int) (ocr.Engine, error) {
	return openEngine(ctx, r.OCRLang, workers, r.Replay, r.Record, r.PageTime)
}

func (r *reading) extraction(c *console, profile string) (extract.Options, error) {
	profiles, err := extract.LoadProfiles(r.Profiles...)
	if err != nil {
		return extract.Options{}, err
	}
	if profile != "auto" {
		profiles = slices.DeleteFunc(profiles, func(p extract.Profile) bool { return p.Name != profile })
		if len(profiles) == 0 {
			return extract.Options{}, usage(c.Sprintf("run `sohoa profiles list` to see them"), errors.New(c.Sprintf("unknown report type %q", profile)))
		}
	}
	var catalogue []extract.CatalogueEntry
	for _, path := range r.Catalogue {
		doc, err := readDocument(path)
		if err != nil {
			return extract.Options{}, err
		}
		catalogue = append(catalogue, extract.CatalogueOf(doc)...)
	}
	options := extract.Options{Profiles: profiles, Catalogue: catalogue}
	return options, r.apply(c, &options)
}
