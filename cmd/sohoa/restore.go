package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

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

func (r *restoreCmd) Run(c *console) error {
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
	return restoreLines(restorer, in, c.out, r.JSON)
}

// restoreLines repairs line by line. A line keeps its own ending, and one
// without an ending gets none, so that the output has as many lines as the
// input.
func restoreLines(r *normalize.Restorer, in io.Reader, out io.Writer, asJSON bool) error {
	lines, w := bufio.NewReaderSize(in, 1<<16), bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for {
		line, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if line != "" {
			text := strings.TrimRight(line, "\r\n")
			if restored := r.Restore(text); asJSON {
				if err := enc.Encode(restored); err != nil {
					return err
				}
			} else if _, err := w.WriteString(restored.Text + line[len(text):]); err != nil {
				return err
			}
		}
		if err != nil {
			return w.Flush()
		}
	}
}
