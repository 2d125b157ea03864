package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/sohoa/sohoa/eval"
	"github.com/sohoa/sohoa/export"
)

type evalCmd struct {
	Gold   string `required:"" placeholder:"DIR" help:"folder of truth"`
	Pred   string `required:"" placeholder:"DIR" help:"folder of results"`
	Budget string `placeholder:"FILE" help:"fail when a figure is worse than in this file"`
	Report string `placeholder:"FILE.html" help:"write a page of plots"`
	Before string `placeholder:"FILE.json" help:"figures of an earlier run, to show what changed"`
	Split  string `enum:"all,dev,test" default:"all" help:"all documents, those for development, or those kept for tests"`
	Misses bool   `help:"list what was read wrong"`
	JSON   bool   `help:"figures as JSON"`
}

func (evalCmd) Help() string {
	return example(
		"  sohoa eval --gold fixtures/truth --pred ket-qua",
		"  sohoa eval --gold fixtures/truth --pred ket-qua --budget fixtures/budgets.yaml",
	)
}

func (e *evalCmd) Run(c *console) error {
	var opts eval.Options
	if e.Split != "all" {
		opts.Split = e.Split
	}
	report, err := eval.Run(e.Gold, e.Pred, opts)
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
		err = e.page(report)
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

// page writes the report as a page of plots, beside the figures of an earlier
// run where they are given.
func (e *evalCmd) page(report eval.Report) error {
	var before *eval.Report
	if e.Before != "" {
		old, err := eval.ReadReport(e.Before)
		if err != nil {
			return err
		}
		before = &old
	}
	return export.WriteFile(e.Report, func(w io.Writer) error { return report.WriteHTML(w, before) })
}
