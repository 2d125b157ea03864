package main

import (
	"context"
	"os"

	"github.com/sohoa/sohoa/normalize"
)

type restoreCmd struct {
	File  string `arg:"" optional:"" help:"file to repair (default: standard input)"`
	JSON  bool   `help:"tokens, reasons and scores as JSON"`
	Model string `placeholder:"FILE" help:"model file (default: the one built in)"`
}

func (restoreCmd) Help() string {
	return example(
		"  sohoa restore < broken.txt > whole.txt",
		"  echo 'dir liéu dan cu' | sohoa restore --json",
	)
}

func (r *restoreCmd) Run(ctx context.Context, c *console) error {
	restorer, err := normalize.Default()
	if r.Model != "" {
		restorer, err = normalize.Open(r.Model)
	}
	if err != nil {
		return err
	}
	in := c.in
	if r.File != "" && r.File != "-" {
		f, err := os.Open(r.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	return restorer.Filter(ctx, in, c.out, normalize.FilterOptions{JSON: r.JSON})
}
