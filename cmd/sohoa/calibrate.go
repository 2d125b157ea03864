package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/sohoa/sohoa/eval"
	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// What confidences are computed from is no part of results, so calibrating
// puts the documents together anew, from the pages that a store keeps.

// calibrate fits a calibration and writes it.
func (e *evalCmd) calibrate(ctx context.Context, c *console) error {
	if len(e.Gold) == 0 {
		e.own(e.Data)
	}
	var options extract.Options
	if err := e.apply(c, &options); err != nil {
		return err
	}
	base := cmp.Or(options.Calibration, confidence.Default())
	again, err := newReassembly(e.Profiles, base, e.Precision)
	if err != nil {
		return err
	}
	var samples []confidence.Sample
	var on string
	if len(e.Gold) > 0 {
		samples, on, err = e.fromTruth(ctx, c, again)
	} else {
		samples, on, err = e.fromCorrections(ctx, c, again)
	}
	if err != nil {
		return err
	}
	if e.On != "" {
		on = e.On
	}
	fit := confidence.Options{Base: base, Fresh: e.Fresh, Sources: e.Sources, Precision: e.Precision, On: on}
	if e.LeftOut {
		if err := printLeftOut(c, samples, fit); err != nil {
			return failure(c.Sprintf("review more documents, the random sample among them, and try again"), err)
		}
	}
	model, outcome, err := confidence.Fit(samples, fit)
	if outcome.New != (confidence.Quality{}) {
		show := func(name string, q confidence.Quality) {
			fmt.Fprintln(c.out, c.Sprintf("%s: log loss %.4f, ECE %.4f, accepted %.1f %%, of them right %.2f %%", c.Sprintf(name), q.LogLoss, q.ECE, 100*q.Accepted, 100*q.Right))
		}
		if !e.Fresh {
			show("in use", outcome.Old)
		}
		show("new", outcome.New)
	}
	switch {
	case errors.Is(err, confidence.ErrTooFew):
		return failure(c.Sprintf("review more documents, the random sample among them, and try again"), err)
	case errors.Is(err, confidence.ErrNoBetter):
		return failure(c.Sprintf("keep the calibration in use"), err)
	case err != nil:
		return err
	}
	data, err := model.Bytes()
	if err != nil {
		return err
	}
	if err := export.WriteFile(e.Calibrate, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
		return err
	}
	fmt.Fprintln(c.out, c.Sprintf("%d fields of %d documents; written to %s", model.Fitted.Fields, model.Fitted.Documents, e.Calibrate))
	return nil
}

// versionName is what the names of a report's versions have behind that of the report.
var versionName = regexp.MustCompile(`-\d\d[a-z]?$`)

// printLeftOut prints how good confidences are of reports that were left out with all
// their versions.
func printLeftOut(c *console, samples []confidence.Sample, fit confidence.Options) error {
	samples = slices.Clone(samples)
	for i := range samples {
		samples[i].Document = versionName.ReplaceAllString(samples[i].Document, "")
	}
	fields, err := confidence.LeaveOut(samples, fit)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "left out\treports\tfields\tright\tconfidence\tECE\tlog loss\taccepted\tof them right\tbetween\t\twrong\t")
	for _, list := range [][]confidence.LeftOut{confidence.ByClass(fields), confidence.ByDocument(fields)} {
		for _, r := range list {
			fmt.Fprintf(w, "%s\t%d\t%d\t%.1f %%\t%.3f\t%.3f\t%.3f\t%.1f %%\t%.4f\t%.4f\t%.4f\t%d\t\n",
				r.Name, r.Documents, r.Fields, 100*r.Right, r.Said, r.ECE, r.LogLoss, 100*r.Accepted, r.Quality.Right, r.Low, r.High, r.Wrong)
		}
	}
	return w.Flush()
}

// fromTruth judges results by truth. The stores in the folders of results hold
// the pages.
func (e *evalCmd) fromTruth(ctx context.Context, c *console, again *reassembly) (samples []confidence.Sample, on string, err error) {
	golds, err := e.golds()
	if err != nil {
		return nil, "", err
	}
	if e.Split == "all" {
		// What is kept for tests tells how good a model is as long as none was
		// fitted to it.
		golds = slices.DeleteFunc(golds, func(g *eval.Gold) bool { return g.Split == "test" })
	}
	docs, err := e.reassembled(ctx, again)
	if err != nil {
		return nil, "", err
	}
	report := eval.Compare(golds, docs, e.options())
	if len(report.Documents) == 0 {
		return nil, "", errors.New(c.Sprintf("no document has its truth in the folders of truth"))
	}
	all := report.Groups[len(report.Groups)-1].Scores
	for _, list := range [][]eval.Sample{all.Samples, all.Cells} {
		for _, s := range list {
			if s.Evidence != nil {
				samples = append(samples, confidence.Sample{Evidence: *s.Evidence, Right: s.Right, RightWords: s.RightWords(), Document: s.Report})
			}
		}
	}
	return samples, c.Sprintf("%d documents with truth", len(report.Documents)), nil
}

// rejudged puts the documents together as the calibration that is named would
// judge them.
func (e *evalCmd) rejudged(ctx context.Context, c *console) ([]*schema.Document, error) {
	var options extract.Options
	if err := e.apply(c, &options); err != nil {
		return nil, err
	}
	again, err := newReassembly(e.Profiles, options.Calibration, e.Precision)
	if err != nil {
		return nil, err
	}
	return e.reassembled(ctx, again)
}

// reassembled puts the documents of all folders of results together again, from
// the pages in the stores that lie there.
func (e *evalCmd) reassembled(ctx context.Context, again *reassembly) (docs []*schema.Document, err error) {
	for _, dir := range e.Pred {
		s, err := store.Open(ctx, filepath.Join(dir, ".sohoa", "store.db"), store.Options{})
		if err != nil {
			return nil, fmt.Errorf("%s holds no results of sohoa run: %w", dir, err)
		}
		err = s.EachLesson(ctx, func(l store.Lesson) error {
			doc, err := again.document(l)
			if err == nil {
				docs = append(docs, doc)
			}
			return err
		})
		if err := errors.Join(err, s.Close()); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// fromCorrections judges results by what people made of them in review.
func (e *evalCmd) fromCorrections(ctx context.Context, c *console, again *reassembly) (samples []confidence.Sample, on string, err error) {
	s, err := e.existing(ctx, c)
	if err != nil {
		return nil, "", err
	}
	n := 0
	err = s.EachLesson(ctx, func(l store.Lesson) error {
		if len(l.Judged) == 0 {
			return nil
		}
		n++
		doc, err := again.document(l)
		if err != nil {
			return err
		}
		for path, verdict := range l.Judged {
			// The program may be another one since: only what it reads the same
			// today is known to be right or wrong.
			f := store.FieldAt(doc, path)
			if f == nil || f.Evidence == nil || f.Text != verdict.Was.Text {
				continue
			}
			samples = append(samples, confidence.Sample{Evidence: *f.Evidence, Right: verdict.Right, Document: l.Document})
		}
		return nil
	})
	return samples, c.Sprintf("corrections in %d documents", n), errors.Join(err, s.Close())
}

// reassembly puts documents together again, with what their confidences are
// computed from.
type reassembly struct {
	restorer  *normalize.Restorer
	profiles  []extract.Profile
	model     *confidence.Model
	precision float64
}

func newReassembly(folders []string, model *confidence.Model, precision float64) (*reassembly, error) {
	restorer, err := normalize.Default()
	if err != nil {
		return nil, err
	}
	profiles, err := extract.LoadProfiles(folders...)
	return &reassembly{restorer, profiles, model, precision}, err
}

func (r *reassembly) document(l store.Lesson) (*schema.Document, error) {
	profiles := r.profiles
	if l.Profile != "" && l.Profile != "auto" {
		profiles = nil
		for _, p := range r.profiles {
			if strings.EqualFold(p.Name, l.Profile) {
				profiles = append(profiles, p)
			}
		}
	}
	p := pipeline.New(pipeline.Settings{
		Restorer: r.restorer, Engine: readBefore{l.Made.Engine.Tesseract}, Version: l.Made.Engine.Sohoa,
		Extract: extract.Options{Profiles: profiles, Calibration: r.model, Precision: r.precision, CellEvidence: true},
	})
	return p.Assemble(l.Document, l.Made.Source, l.Pages)
}

// readBefore stands for an engine that has done its work.
type readBefore struct{ info string }

func (readBefore) Read(context.Context, *image.Gray, int, []ocr.Region) ([]ocr.Reading, error) {
	return nil, errors.New("these pages were read before")
}
func (e readBefore) Info() string { return e.info }
func (readBefore) Close() error   { return nil }
