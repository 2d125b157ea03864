package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/eval"
	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

type evalCmd struct {
	Gold      []string            `placeholder:"DIR" help:"folder of truth"`
	Pred      []string            `placeholder:"DIR" help:"folder of results"`
	Budget    string              `placeholder:"FILE" help:"fail when a figure is worse than in this file"`
	Report    string              `placeholder:"FILE.html" help:"write a page of plots"`
	Scans     string              `placeholder:"DIR" help:"folder of the sources, for cuttings in the page of plots"`
	Previous  string              `placeholder:"FILE" help:"figures of an earlier run (JSON or a page of plots), to show what changed"`
	Split     string              `enum:"all,dev,test" default:"all" help:"all documents, those for development, or those kept for tests"`
	Misses    bool                `help:"list what was read wrong"`
	Pairs     string              `placeholder:"FILE" help:"write what was read beside what is right, for sohoa lm channel"`
	JSON      bool                `help:"figures as JSON"`
	Calibrate string              `placeholder:"FILE" help:"fit confidences to truth, or to the corrections in a store, and write a calibration"`
	Sources   []schema.TextSource `placeholder:"SOURCE,…" help:"with --calibrate: fit these sources of text only and keep the others of the calibration in use"`
	LeftOut   bool                `help:"with --calibrate: print how good confidences are of reports that were left out, by class and report"`
	Profiles  []string            `placeholder:"PATH" help:"more report types: a YAML file or a folder of them"`
	Fresh     bool                `hidden:"" help:"lean on no calibration in use"`
	On        string              `hidden:"" help:"what the calibration is fitted on, in words"`
	confident
	storing
}

func (evalCmd) Help() string {
	return example(
		"  sohoa eval --gold fixtures/truth --pred ket-qua",
		"  sohoa eval --gold fixtures/truth --pred ket-qua --report bang.html --scans fixtures/scans",
		"  sohoa eval --calibrate do-chac.json --data sohoa-data",
		"  sohoa eval --calibrate do-chac.json --gold dap-an --pred ket-qua",
		"  sohoa eval --calibrate do-chac.json --sources text,clean_text --gold dap-an --pred ket-qua",
		"  sohoa eval --calibration do-chac.json --gold dap-an --pred ket-qua",
	)
}

// options are what the flags leave of the documents.
func (e *evalCmd) options() (o eval.Options) {
	if e.Split != "all" {
		o.Split = e.Split
	}
	return o
}

// golds reads all folders of truth.
func (e *evalCmd) golds() (all []*eval.Gold, err error) {
	for _, dir := range e.Gold {
		golds, err := eval.ReadGolds(dir)
		if err != nil {
			return nil, err
		}
		all = append(all, golds...)
	}
	return all, nil
}

// compare evaluates the results as they were written, or as they would be by
// the calibration that is named.
func (e *evalCmd) compare(ctx context.Context, c *console) (report eval.Report, docs []*schema.Document, err error) {
	golds, err := e.golds()
	if err != nil {
		return report, nil, err
	}
	if e.Calibration != "" {
		docs, err = e.rejudged(ctx, c)
	} else {
		docs, err = e.written()
	}
	if err != nil {
		return report, nil, err
	}
	report = eval.Compare(golds, docs, e.options())
	if len(report.Documents) == 0 {
		return report, nil, fmt.Errorf("no document in %s has its truth in %s", strings.Join(e.Pred, ", "), strings.Join(e.Gold, ", "))
	}
	return report, docs, nil
}

// written reads the results.
func (e *evalCmd) written() (docs []*schema.Document, err error) {
	for _, dir := range e.Pred {
		more, err := eval.ReadDocuments(dir)
		if err != nil {
			return nil, err
		}
		docs = append(docs, more...)
	}
	return docs, nil
}

func (e *evalCmd) Run(ctx context.Context, c *console) error {
	if e.Precision <= 0 || e.Precision >= 1 {
		return usage(c.Sprintf("give a share between 0 and 1, such as 0.99"), errors.New(c.Sprintf("wrong --precision")))
	}
	if (len(e.Gold) == 0 || len(e.Pred) == 0) && (e.Calibrate == "" || len(e.Gold)+len(e.Pred) > 0) {
		return usage(c.Sprintf("name the folder of truth with --gold and that of results with --pred"), errors.New(c.Sprintf("nothing to compare")))
	}
	if err := e.checkSources(c); err != nil {
		return err
	}
	if e.Calibrate != "" {
		return e.calibrate(ctx, c)
	}
	report, docs, err := e.compare(ctx, c)
	if err != nil {
		return err
	}
	switch {
	case e.JSON:
		err = report.WriteJSON(c.out)
	case e.Misses:
		err = report.PrintMisses(c.out)
	default:
		err = report.Print(c.out)
	}
	if err == nil && e.Report != "" {
		err = e.page(ctx, report, docs)
	}
	if err == nil && e.Pairs != "" {
		err = export.WriteFile(e.Pairs, report.WritePairs)
	}
	if err != nil || e.Budget == "" {
		return err
	}
	budget, err := eval.ReadBudget(e.Budget)
	if err != nil {
		return err
	}
	breaches := eval.Check(report, budget)
	for _, b := range breaches {
		fmt.Fprintln(c.err, b)
	}
	if len(breaches) > 0 {
		return failure("", errors.New(c.Sprintf("the figures are worse than the budget allows")))
	}
	return nil
}

// checkSources refuses names of no source, and sources where nothing is fitted.
func (e *evalCmd) checkSources(c *console) error {
	known := make([]string, len(confidence.Sources))
	for i, s := range confidence.Sources {
		known[i] = string(s)
	}
	for _, s := range e.Sources {
		if !slices.Contains(confidence.Sources, s) {
			return usage(c.Sprintf("sources are %s", strings.Join(known, ", ")), errors.New(c.Sprintf("unknown source %q", string(s))))
		}
	}
	if len(e.Sources) > 0 && e.Calibrate == "" {
		return usage(c.Sprintf("name the file to write with --calibrate"), errors.New(c.Sprintf("--sources says what to fit, and nothing is fitted")))
	}
	return nil
}

// page writes the report as a page of plots, beside the figures of an earlier
// run and with cuttings from the sources where they are given.
func (e *evalCmd) page(ctx context.Context, report eval.Report, docs []*schema.Document) (err error) {
	var opts eval.PageOptions
	if e.Previous != "" {
		old, err := eval.ReadReport(e.Previous)
		if err != nil {
			return err
		}
		opts.Before = &old
	}
	if e.Scans != "" {
		k, err := newCuttings(ctx, e.Scans, docs)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, k.close()) }()
		opts.Cut = func(document string, at schema.Place) ([]byte, error) { return k.cut(ctx, document, at) }
	}
	return export.WriteFile(e.Report, func(w io.Writer) error { return report.WriteHTML(w, opts) })
}
