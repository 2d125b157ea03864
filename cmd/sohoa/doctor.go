package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sohoa/sohoa/ingest/child"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
)

// doctorCmd tries each thing that a run needs, the way a run uses it, and
// tells what holds the helpers that read foreign files.
type doctorCmd struct {
	OCRLang string `name:"ocr-lang" default:"vie" help:"language of Tesseract"`
	JSON    bool   `help:"findings as JSON"`
}

// finding is one line of the doctor. A warning is no reason to fail: reading
// works, with less between a hostile file and the machine.
type finding struct {
	Name    string         `json:"name"`
	OK      bool           `json:"ok"`
	Warning bool           `json:"warning,omitempty"`
	Info    string         `json:"info,omitempty"`
	Error   string         `json:"error,omitempty"`
	Hint    string         `json:"hint,omitempty"`
	Sandbox *child.Sandbox `json:"sandbox,omitempty"`
}

func (d *doctorCmd) Run(ctx context.Context, c *console) error {
	var found []finding
	report := func(name, info string, err error) {
		f := finding{Name: name, OK: err == nil, Info: info}
		if err != nil {
			f.Error, f.Hint = err.Error(), pipeline.Hint(err)
		}
		found = append(found, f)
	}
	sandbox := func(name string, s child.Sandbox) {
		f := finding{Name: name, OK: s.Closed(), Warning: !s.Closed(), Info: s.String(), Sandbox: &s}
		if !s.Closed() {
			f.Hint = c.Sprintf("run on Linux 5.13 or newer with seccomp and Landlock switched on; see docs/security.md")
		}
		found = append(found, f)
	}
	status := ocr.Check(ctx, ocr.Config{Languages: strings.Split(d.OCRLang, "+")})
	report("tesseract", status.Info, status.Err)

	renderer, err := pdf.NewRenderer(ctx, pdf.Config{CacheDir: cacheDir()})
	report("pdfium", "WebAssembly", err)

	restorer, modelErr := normalize.Default()
	info := ""
	if modelErr == nil {
		info = restorer.Info()
	}
	report("model", info, modelErr)

	if status.Err == nil {
		network := "Tesseract's own arithmetic, which takes twice the time"
		if status.OwnNetwork {
			network = "own arithmetic, the same to the last bit"
		}
		report("network", network, nil)
		sandbox("ocr-child", status.Sandbox)
	}
	if err == nil {
		sandbox("pdf-child", renderer.Sandbox())
		if err := renderer.Close(); err != nil {
			return err
		}
	}
	return d.tell(c, found)
}

// tell prints what was found, and fails when something is missing.
func (d *doctorCmd) tell(c *console, found []finding) error {
	missing := false
	for _, f := range found {
		missing = missing || !f.OK && !f.Warning
		if d.JSON {
			continue
		}
		mark, text := "✓", f.Info
		switch {
		case f.Warning:
			mark = "!"
		case !f.OK:
			mark, text = "✗", f.Error
		}
		fmt.Fprintf(c.out, "%s %-12s %s\n", mark, f.Name, text)
		if f.Hint != "" {
			fmt.Fprintf(c.out, "  %s%s\n", c.Sprintf("hint: "), c.remedy(f.Hint))
		}
	}
	if d.JSON {
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		if err := e.Encode(found); err != nil {
			return err
		}
	}
	if missing {
		return errors.New(c.Sprintf("something is missing, see above"))
	}
	return nil
}
