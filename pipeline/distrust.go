package pipeline

import (
	"context"
	"fmt"
	"image"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/ocr"
)

// distrust holds an engine to its contract, since a library that was upset by
// a picture may say anything: what does not lie on the page is left out, what
// sticks out of it is cut, a confidence that is none is zero, and a page with
// more words than fit on paper is refused.
type distrust struct{ ocr.Engine }

// Read implements [ocr.Engine].
func (d distrust) Read(ctx context.Context, page *image.Gray, dpi int, regions []ocr.Region) ([]ocr.Reading, error) {
	readings, err := d.Engine.Read(ctx, page, dpi, regions)
	refuse := func(err error) ([]ocr.Reading, error) {
		out := make([]ocr.Reading, len(regions))
		for i := range out {
			out[i].Err = err
		}
		return out, err
	}
	if len(readings) != len(regions) {
		if err == nil {
			err = &ocr.Error{Kind: ocr.ErrRefused, Detail: fmt.Sprintf("%d readings of %d regions", len(readings), len(regions))}
		}
		return refuse(err)
	}
	size := page.Bounds().Size()
	words := 0
	for i := range readings {
		r := &readings[i]
		if r.Lines, words = ingest.OnPage(r.Lines, size, words); words > ingest.MaxWords {
			return refuse(&ocr.Error{Kind: ocr.ErrRefused, Detail: fmt.Sprintf("more than %d words on the page, %d allowed", words-1, ingest.MaxWords)})
		}
		if err != nil && r.Err == nil && len(r.Lines) == 0 {
			r.Err = err
		}
	}
	return readings, err
}
