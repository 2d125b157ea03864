package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
)

// doctorCmd tries each thing that a run needs, the way a run uses it.
type doctorCmd struct {
	OCRLang string `name:"ocr-lang" default:"vie" help:"language of Tesseract"`
}

func (d *doctorCmd) Run(ctx context.Context, c *console) error {
	missing := 0
	report := func(name, info string, err error) {
		if err == nil {
			fmt.Fprintf(c.out, "✓ %-12s %s\n", name, info)
			return
		}
		missing++
		fmt.Fprintf(c.out, "✗ %-12s %v\n", name, err)
		if hint := pipeline.Hint(err); hint != "" {
			fmt.Fprintf(c.out, "  %s%s\n", c.Sprintf("hint: "), hint)
		}
	}
	status := ocr.Check(ctx, ocr.Config{Languages: strings.Split(d.OCRLang, "+")})
	report("tesseract", status.Info, status.Err)

	renderer, err := pdf.NewRenderer(ctx, pdf.Config{})
	if err == nil {
		err = renderer.Close()
	}
	report("pdfium", "WebAssembly", err)

	restorer, err := normalize.Default()
	info := ""
	if err == nil {
		info = restorer.Info()
	}
	report("model", info, err)

	if missing > 0 {
		return errors.New(c.Sprintf("something is missing, see above"))
	}
	return nil
}
