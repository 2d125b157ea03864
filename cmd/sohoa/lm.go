package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/normalize/lm"
)

type lmCmd struct {
	Train lmTrainCmd `cmd:"" help:"train a language model from text"`
	Info  lmInfoCmd  `cmd:"" help:"tell about a language model file"`
}

type lmTrainCmd struct {
	Texts []string `arg:"" name:"file" help:"text files, or - for standard input"`
	Out   string   `short:"o" required:"" placeholder:"FILE" help:"model file to write"`
	Name  string   `default:"vi" placeholder:"NAME" help:"name that the model carries"`
	All   bool     `help:"train on the held-out lines too"`
}

func (lmTrainCmd) Help() string {
	return example("  xz -dc corpora/*.xz | sohoa lm train - -o vi.lm")
}

func (l *lmTrainCmd) Run(ctx context.Context, c *console) error {
	var texts []io.Reader
	for _, path := range l.Texts {
		if path == "-" {
			texts = append(texts, c.in)
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		texts = append(texts, f)
	}
	return normalize.Train(ctx, io.MultiReader(texts...), l.Out, normalize.TrainOptions{
		LM:         lm.Options{Name: l.Name},
		Everything: l.All,
		Progress:   func(n int64) { fmt.Fprintf(c.err, "\r%d MB", n>>20) },
	})
}

type lmInfoCmd struct {
	File string `arg:"" optional:"" help:"model file (default: the one built in)"`
}

func (l *lmInfoCmd) Run(c *console) error {
	model, err := defaultModel()
	if l.File != "" {
		model, err = lm.Open(l.File)
	}
	if err != nil {
		return err
	}
	enc := json.NewEncoder(c.out)
	enc.SetIndent("", "  ")
	return enc.Encode(model.Info())
}

func defaultModel() (*lm.Model, error) {
	r, err := normalize.Default()
	if err != nil {
		return nil, err
	}
	return r.Model(), nil
}
