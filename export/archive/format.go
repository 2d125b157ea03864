package archive

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/sohoa/sohoa/schema"
)

// Format is a form that this package writes.
type Format string

// The forms.
const (
	PDF  Format = "pdf"
	HOCR Format = "hocr"
	ALTO Format = "alto"
)

// Formats lists the forms.
func Formats() []Format { return []Format{PDF, HOCR, ALTO} }

// Suffix is how the names of files of the form end.
func (f Format) Suffix() string {
	if f == ALTO {
		return ".alto.xml" // nothing opens a file called .alto
	}
	return "." + string(f)
}

// MediaType is what HTTP calls the form.
func (f Format) MediaType() string {
	switch f {
	case PDF:
		return mediaPDF
	case HOCR:
		return "text/vnd.hocr+html"
	case ALTO:
		return "application/alto+xml"
	}
	return ""
}

// ErrFormat reports a form that is not in [Formats].
var ErrFormat = errors.New("unknown format")

// Write writes a document in a form. Only PDF needs the source.
func Write(ctx context.Context, w io.Writer, f Format, doc *schema.Document, pages Pages, src Source) error {
	switch f {
	case PDF:
		_, err := WritePDF(ctx, w, doc, pages, src)
		return err
	case HOCR:
		return WriteHOCR(w, doc, pages)
	case ALTO:
		return WriteALTO(w, doc, pages)
	}
	return fmt.Errorf("%w %q", ErrFormat, f)
}
