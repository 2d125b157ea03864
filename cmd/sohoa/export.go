package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/sohoa/sohoa/compare"
	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/export/archive"
	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

type exportCmd struct {
	storing
	Format   string   `default:"jsonl" enum:"jsonl,csv,xlsx,parquet,json,pdf,hocr,alto" placeholder:"jsonl|csv|xlsx|parquet|json|pdf|hocr|alto" help:"jsonl, csv, xlsx, parquet: all records as one table; json, pdf, hocr, alto: a file a document"`
	Out      string   `short:"o" placeholder:"FILE|DIR" help:"file, or folder where the format makes a file a document (default: standard output)"`
	Document []string `placeholder:"ID" help:"only this document; the first characters of its id are enough"`
	Profile  []string `placeholder:"NAME" help:"only documents of this report type"`
	Province []string `sep:";" placeholder:"NAME" help:"only this province; may be given again"`
	Period   string   `placeholder:"PERIOD" help:"only reports about a time in this one: 2025, 2025-H1, 2025-Q3, 2025-07, 2025-01..2025-09"`
	Kind     []string `placeholder:"KIND" help:"only records of this kind: model, task, indicator, …"`
	Number   []string `placeholder:"N" help:"only records with this number in their report"`
	Status   []string `placeholder:"STATUS" help:"only records with this status: completed, in_progress, not_started, not_registered, transferred"`
	State    string   `enum:",accepted,needs_review,confirmed,corrected" default:"" placeholder:"STATE" help:"only records in this state: accepted, needs_review, confirmed, corrected"`
	Approved bool     `help:"only documents that were approved"`
	Since    string   `name:"changed-since" placeholder:"TIME" help:"only documents changed at or after this time: 2025-07-31, 2025-07-31T08:00:00+07:00, or 36h ago as 36h"`
	BOM      bool     `name:"bom" help:"csv: begin with a byte order mark, for Excel"`
	Comma    string   `default:"," placeholder:"CHAR" help:"csv: sign between cells; Excel on a Vietnamese system wants ;"`
	BaseURL  string   `name:"base-url" placeholder:"URL" help:"address of the review pages, for links to each place"`
}

func (exportCmd) Help() string {
	return example(
		"  sohoa export --approved > records.jsonl",
		"  sohoa export --format xlsx -o records.xlsx --province 'Sơn Hải' --period 2025-Q3 --base-url https://sohoa.example",
		"  sohoa export --format parquet -o models.parquet --kind model --db postgres://sohoa@db/sohoa --blobs file:///shared/sohoa",
		"  sohoa export --format csv --bom --comma ';' -o records.csv",
		"  sohoa export --format pdf -o searchable/ --changed-since 24h",
	)
}

func (q *exportCmd) Run(ctx context.Context, c *console) error {
	chosen, err := q.filter(c)
	if err != nil {
		return err
	}
	comma, err := commaOf(c, q.Comma)
	if err != nil {
		return err
	}
	perDocument := slices.Contains([]string{"json", "pdf", "hocr", "alto"}, q.Format)
	if perDocument && q.Out == "" {
		return usage(c.Sprintf("give a folder with -o"), errors.New(c.Sprintf("this format makes a file a document")))
	}
	s, err := q.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	docs, err := chosen.documents(ctx, s)
	if err != nil {
		return err
	}
	set := export.Settings{Keep: chosen.record, BaseURL: q.BaseURL, BOM: q.BOM, Comma: comma}
	var count int
	if perDocument {
		count, err = q.files(ctx, c, s, docs, set)
	} else {
		format := export.Format(q.Format)
		binary := format == export.XLSX || format == export.Parquet
		err = writeOut(c, q.Out, binary, func(w io.Writer) error {
			count, err = rows(ctx, s, w, format, docs, set)
			return err
		})
	}
	if count > 0 {
		// Who took what out is part of the history, also when it broke off.
		if err := s.Audit(context.WithoutCancel(ctx), whoami(), "records.exported", "", 0, map[string]any{"format": q.Format, "documents": count, "approved": q.Approved}); err != nil {
			return err
		}
	}
	return err
}

// choice is what the filters of the command line let through.
type choice struct {
	*exportCmd
	since     time.Time
	within    compare.Period
	provinces []string
}

func (q *exportCmd) filter(c *console) (*choice, error) {
	f := &choice{exportCmd: q}
	for _, p := range q.Province {
		f.provinces = append(f.provinces, normalize.Fold(strings.TrimSpace(p)))
	}
	var err error
	if q.Period != "" {
		if f.within, err = compare.ParsePeriod(q.Period); err != nil {
			return nil, usage(c.Sprintf("periods are written like 2025, 2025-H1, 2025-Q3, 2025-07 or 2025-01..2025-09"), err)
		}
	}
	if q.Since != "" {
		if f.since, err = momentOf(q.Since, time.Now()); err != nil {
			return nil, usage(c.Sprintf("times are written like 2025-07-31, 2025-07-31T08:00:00+07:00 or 36h"), err)
		}
	}
	return f, nil
}

// momentOf reads a day of this machine's calendar, a moment, or how long ago it
// was.
func momentOf(s string, now time.Time) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, s, now.Location()); err == nil {
		return t, nil
	}
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%q is no time", s)
	}
	return t, nil
}

// found is a document to export with its origin.
type found struct {
	id       string
	name     string
	version  int
	state    store.State
	changed  time.Time
	origin   store.Origin
	number   string
	date     string
	sortedBy string
}

// documents lists the documents that are let through, in an order that depends
// on them alone: by province, period, date, number and id.
func (f *choice) documents(ctx context.Context, s *store.Store) ([]found, error) {
	var all []found
	err := eachFinished(ctx, s, f.Approved, func(d store.Document) error {
		switch {
		case d.Changed.Before(f.since):
			return nil
		case len(f.Document) > 0 && !slices.ContainsFunc(f.Document, func(prefix string) bool { return strings.HasPrefix(d.ID, prefix) }):
			return nil
		case len(f.Profile) > 0 && !slices.ContainsFunc(strings.Split(d.Profile, "+"), func(p string) bool { return slices.Contains(f.Profile, p) }):
			return nil
		}
		o, err := s.Origin(ctx, d.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		about := compare.Period{Name: o.Period, From: o.From, To: o.To}
		if ok := f.about(o.Province, about); !ok && (o.Province == "" || o.Period == "") {
			// The letterhead does not say it, as in most appendices; the rest may.
			doc, _, err := s.Current(ctx, d.ID)
			if err != nil {
				return err
			}
			if !f.about(compare.Origin(doc)) {
				return nil
			}
		} else if !ok {
			return nil
		}
		x := found{id: d.ID, version: d.Version, state: d.State, changed: d.Changed, origin: o, number: d.Number, date: d.Date, sortedBy: normalize.Fold(o.Province)}
		if len(d.Names) > 0 {
			x.name = d.Names[0]
		}
		all = append(all, x)
		return nil
	})
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.sortedBy, b.sortedBy), cmp.Compare(a.origin.To, b.origin.To), cmp.Compare(a.date, b.date), cmp.Compare(a.number, b.number), cmp.Compare(a.id, b.id))
	})
	return all, err
}

// about reports whether reports of this province and time are let through.
func (f *choice) about(province string, period compare.Period) bool {
	return (len(f.provinces) == 0 || slices.Contains(f.provinces, normalize.Fold(province))) && period.Within(f.within)
}

// record reports whether a record is let through.
func (f *choice) record(r *schema.Record) bool {
	one := func(name string, among []string) bool {
		if len(among) == 0 {
			return true
		}
		return slices.ContainsFunc(r.Fields[name].All(), func(x schema.Field) bool {
			v, ok := x.Value.(string)
			if s, is := x.Value.(schema.Status); is {
				v, ok = string(s), true
			}
			return ok && slices.Contains(among, v) || slices.Contains(among, x.Text)
		})
	}
	return (len(f.Kind) == 0 || slices.Contains(f.Kind, r.Kind)) && one("number", f.Number) && one("status", f.Status) &&
		(f.State == "" || string(export.StateOf(r)) == f.State)
}

// load reads a document as an exporter takes it.
func (d *found) load(ctx context.Context, s *store.Store) (*export.Stored, error) {
	doc, revision, err := s.Current(ctx, d.id)
	if err != nil {
		return nil, err
	}
	if d.name != "" {
		doc.Source.Name = d.name
	}
	province, period := compare.Origin(doc)
	return &export.Stored{
		Document: doc, Version: d.version, Revision: revision, State: string(d.state), Changed: d.changed,
		Province: province, Period: period.Name,
	}, nil
}

// rows writes the records of the documents as one table and counts the
// documents.
func rows(ctx context.Context, s *store.Store, w io.Writer, format export.Format, docs []found, set export.Settings) (count int, err error) {
	e, err := export.NewEncoder(w, format, set)
	if err != nil {
		return 0, err
	}
	for i := range docs {
		doc, err := docs[i].load(ctx, s)
		if err == nil {
			err = e.Add(doc)
		}
		if err != nil {
			return count, errors.Join(err, e.Close())
		}
		count++
	}
	return count, e.Close()
}

// files writes a file a document into a folder. A document that cannot be
// written in the format is told, and the others are written.
func (q *exportCmd) files(ctx context.Context, c *console, s *store.Store, docs []found, set export.Settings) (count int, err error) {
	if len(docs) > 0 {
		made := missing(q.Out)
		if err := makeOutput(q.Out); err != nil {
			return 0, failure(c.Sprintf("choose a folder that you may write to with -o"), err)
		}
		defer func() {
			if count == 0 {
				discard(made)
			}
		}()
	}
	pictures := &pictures{store: s}
	defer pictures.close()
	taken, failed := map[string]bool{}, false
	for i := range docs {
		d := &docs[i]
		doc, err := d.load(ctx, s)
		if err != nil {
			return count, err
		}
		name := filepath.Base(doc.Source.Name)
		for n := 2; taken[name]; n++ {
			name = filepath.Base(doc.Source.Name) + "~" + strconv.Itoa(n)
		}
		taken[name] = true
		if q.Format == string(export.JSON) {
			err = export.Write(filepath.Join(q.Out, name+".json"), export.JSON, doc, set)
		} else {
			err = pictures.archive(ctx, filepath.Join(q.Out, name), archive.Format(q.Format), doc.Document)
		}
		switch {
		case ctx.Err() != nil:
			return count, ctx.Err()
		case err != nil:
			c.complain(c.err, fmt.Errorf("%s: %w", name, err), "")
			failed = true
		default:
			count++
		}
	}
	switch {
	case count > 0:
		fmt.Fprintln(c.err, c.Sprintf("%d files are in %s.", count, q.Out))
	case !failed: // of those that could not be written it was told
		fmt.Fprintln(c.err, c.Sprintf("No document to write."))
	}
	if failed {
		return count, errPartial
	}
	return count, nil
}

// pictures draws pages for the forms of archives, where a source cannot be
// copied into them.
type pictures struct {
	store    *store.Store
	renderer *pdf.Renderer // started when a page has to be drawn
}

func (p *pictures) close() {
	if p.renderer != nil {
		_ = p.renderer.Close() // what it drew is written
	}
}

// archive writes a document as one file.
func (p *pictures) archive(ctx context.Context, path string, format archive.Format, doc *schema.Document) (err error) {
	draw, done := p.of(doc)
	defer func() { err = errors.Join(err, done()) }()
	return export.WriteFile(path+format.Suffix(), func(w io.Writer) error {
		return writeArchive(ctx, w, p.store, format, doc, draw)
	})
}

// of draws the pages of a document, whose source stays open until done.
func (p *pictures) of(doc *schema.Document) (draw drawing, done func() error) {
	var open *ingest.File
	release := func() {}
	draw = func(ctx context.Context, n int) (_ image.Image, err error) {
		if open == nil {
			if open, release, err = p.open(ctx, doc); err != nil {
				return nil, err
			}
		}
		page, err := open.Page(ctx, n)
		return page.Image, err
	}
	return draw, func() error {
		defer release()
		if open == nil {
			return nil
		}
		return open.Close()
	}
}

func (p *pictures) open(ctx context.Context, doc *schema.Document) (_ *ingest.File, release func(), err error) {
	if p.renderer == nil {
		if p.renderer, err = pdf.NewRenderer(ctx, pdf.Config{Instances: 1, CacheDir: cacheDir()}); err != nil {
			return nil, func() {}, err
		}
	}
	path, release, err := p.store.SourceFile(ctx, doc.DocumentID)
	if err != nil {
		return nil, func() {}, err
	}
	f, err := ingest.Open(ctx, path, ingest.Options{Renderer: p.renderer, Name: doc.Source.Name})
	if err != nil {
		release()
		return nil, func() {}, err
	}
	return f, release, nil
}

// terminalWidth is how many columns people see at once, 0 where the output
// goes to a file.
func terminalWidth(w io.Writer, path string) int {
	if f, ok := w.(*os.File); ok && (path == "" || path == "-") && isTerminal(w) {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			return width
		}
	}
	return 0
}

// isTerminal reports whether people read what is written there.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
