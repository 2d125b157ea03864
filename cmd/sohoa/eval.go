package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sohoa/sohoa/eval"
)

type evalCmd struct {
	Gold   string `required:"" placeholder:"DIR" help:"folder of truth"`
	Pred   string `required:"" placeholder:"DIR" help:"folder of results"`
	Budget string `placeholder:"FILE" help:"fail when a figure is worse than in this file"`
	JSON   bool   `help:"figures as JSON"`
}

func (evalCmd) Help() string {
	return example(
		"  sohoa eval --gold fixtures/truth --pred ket-qua",
		"  sohoa eval --gold fixtures/truth --pred ket-qua --budget fixtures/budgets.yaml",
	)
}

func (e *evalCmd) Run(c *console) error {
	report, err := eval.Run(e.Gold, e.Pred, eval.Options{})
	if err != nil {
		return err
	}
	if e.JSON {
		enc := json.NewEncoder(c.out)
		enc.SetIndent("", "  ")
		err = enc.Encode(report)
	} else {
		err = report.Print(c.out)
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
