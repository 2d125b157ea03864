package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

type runCmd struct {
	Paths     []string      `arg:"" name:"path" help:"files and folders: PDF, PNG, JPEG, TIFF, TXT"`
	Out       string        `short:"o" required:"" placeholder:"DIR" help:"folder for the results"`
	Profile   string        `default:"auto" placeholder:"auto|NAME" help:"report type, or auto"`
	Profiles  []string      `placeholder:"DIR" help:"folder with more report types (YAML)"`
	Catalogue []string      `placeholder:"FILE.json" help:"result of a plan that titles are linked to"`
	Workers   int           `default:"0" placeholder:"N" help:"pages worked on at once (default: one a core)"`
	Formats   []string      `default:"json" help:"output formats: json, csv, xlsx"`
	JSON      bool          `help:"progress as JSON lines"`
	PageTime  time.Duration `default:"3m" help:"time that a page may take"`
	OCRLang   string        `name:"ocr-lang" default:"vie" help:"language of Tesseract"`
	Replay    string        `placeholder:"DIR" help:"replay recorded OCR from this folder" hidden:""`
	Record    bool          `help:"with --replay: read what is missing and record it" hidden:""`
}

func (runCmd) Help() string {
	return example(
		"  sohoa run bao-cao/ -o ket-qua",
		"  sohoa run a.pdf b.txt scans/ -o out --formats json,csv,xlsx",
		"  sohoa run bao-cao/ -o ket-qua --json 2> progress.jsonl",
	)
}

func (r *runCmd) Run(ctx context.Context, c *console) error {
	formats, err := r.formats(c)
	if err != nil {
		return err
	}
	if err := makeOutput(r.Out); err != nil {
		return failure(c.Sprintf("choose a folder that you may write to with -o"), err)
	}
	files, problems := ingest.Find(r.Paths)
	files = slices.DeleteFunc(files, func(f string) bool { return inside(f, r.Out) })
	if len(files) == 0 && len(problems) == 0 {
		return usage(c.Sprintf("give a folder that holds PDF, PNG, JPEG, TIFF or TXT files"), errors.New(c.Sprintf("no files to read")))
	}
	set, closeAll, err := r.settings(ctx, c)
	if err != nil {
		return err
	}
	defer closeAll()

	view := newView(c, r.JSON, len(files))
	set.Observe = view.event
	for _, err := range problems {
		view.event(pipeline.Event{Kind: pipeline.Failed, Reason: err.Error(), Hint: pipeline.Hint(err)})
	}
	names := outputNames(files)
	sum, err := pipeline.New(set).Run(ctx, files, func(file string, doc *schema.Document) error {
		for _, format := range formats {
			path := filepath.Join(r.Out, names[file]+"."+string(format))
			if err := export.Write(path, format, doc); err != nil {
				return failure(c.Sprintf("choose a folder that you may write to with -o"), err)
			}
		}
		return nil
	})
	sum.Failed += len(problems)
	view.close(sum, err == nil)
	if err != nil {
		return err
	}
	if !r.JSON {
		closingTable(c, sum, r.Out)
	}
	if !sum.Clean() {
		return errPartial
	}
	return nil
}

func (r *runCmd) formats(c *console) ([]export.Format, error) {
	var all []export.Format
	for _, f := range r.Formats {
		if !slices.Contains(export.Formats(), export.Format(f)) {
			return nil, usage(c.Sprintf("formats are %s", fmt.Sprint(export.Formats())), errors.New(c.Sprintf("unknown format %q", f)))
		}
		all = append(all, export.Format(f))
	}
	return all, nil
}

// settings starts what the pipeline works with. closeAll ends it again.
func (r *runCmd) settings(ctx context.Context, c *console) (set pipeline.Settings, closeAll func(), err error) {
	var closers []io.Closer
	closeAll = func() {
		for _, cl := range slices.Backward(closers) {
			_ = cl.Close() // the results are written; a child that will not end is killed by its pool
		}
	}
	defer func() {
		if err != nil {
			closeAll()
		}
	}()
	workers := r.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	options, err := r.extraction(c)
	if err != nil {
		return set, nil, err
	}
	restorer, err := normalize.Default()
	if err != nil {
		return set, nil, err
	}
	renderer, err := pdf.NewRenderer(ctx, pdf.Config{Instances: max(1, workers/2), CacheDir: cacheDir()})
	if err != nil {
		return set, nil, err
	}
	closers = append(closers, renderer)
	engine, err := r.engine(ctx, workers)
	if err != nil {
		return set, nil, failure(c.Sprintf("run `sohoa doctor` to see what is missing"), err)
	}
	closers = append(closers, engine)
	return pipeline.Settings{
		Renderer:   renderer,
		Engine:     engine,
		Restorer:   restorer,
		Extract:    options,
		Workers:    workers,
		PageBudget: r.PageTime,
		Version:    version,
		Pages:      pipeline.PageDir(filepath.Join(r.Out, ".sohoa", "pages")),
	}, closeAll, nil
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
func (r *runCmd) engine(ctx context.Context, workers int) (ocr.Engine, error) {
	return openEngine(ctx, r.OCRLang, workers, r.Replay, r.Record, r.PageTime)
}

func (r *runCmd) extraction(c *console) (extract.Options, error) {
	profiles, err := extract.LoadProfiles(r.Profiles...)
	if err != nil {
		return extract.Options{}, err
	}
	if r.Profile != "auto" {
		profiles = slices.DeleteFunc(profiles, func(p extract.Profile) bool { return p.Name != r.Profile })
		if len(profiles) == 0 {
			return extract.Options{}, usage(c.Sprintf("run `sohoa profiles list` to see them"), errors.New(c.Sprintf("unknown report type %q", r.Profile)))
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
	return extract.Options{Profiles: profiles, Catalogue: catalogue}, nil
}

// makeOutput makes the folder and proves that files can be written there,
// before hours of work find out.
func makeOutput(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return errors.Join(
		export.WriteFile(filepath.Join(dir, ".sohoa-probe"), func(io.Writer) error { return nil }),
		os.Remove(filepath.Join(dir, ".sohoa-probe")),
	)
}

// inside reports whether file lies in the folder dir: results of an earlier
// run are no input.
func inside(file, dir string) bool {
	f, err1 := filepath.Abs(file)
	d, err2 := filepath.Abs(dir)
	return err1 == nil && err2 == nil && strings.HasPrefix(f, d+string(filepath.Separator))
}

// outputNames gives each input the name of its results: its file name, with a
// counter where two inputs of different folders are called the same.
func outputNames(files []string) map[string]string {
	names := make(map[string]string, len(files))
	taken := map[string]bool{}
	for _, f := range files {
		name := filepath.Base(f)
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s~%d", filepath.Base(f), n)
		}
		taken[name] = true
		names[f] = name
	}
	return names
}

func closingTable(c *console, s pipeline.Summary, dir string) {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	row := func(name string, n any) { fmt.Fprintf(w, "%s\t%v\n", c.Sprintf(name), n) }
	row("documents", s.Documents)
	row("pages", s.Pages)
	row("records", s.Records)
	row("fields to review", s.Review)
	if s.BadPages > 0 {
		row("pages with failures", s.BadPages)
	}
	if s.Failed > 0 {
		row("documents failed", s.Failed)
	}
	row("seconds", fmt.Sprintf("%.1f", s.Elapsed.Seconds()))
	_ = w.Flush()
	fmt.Fprintln(c.out, c.Sprintf("Results are in %s.", dir))
}
