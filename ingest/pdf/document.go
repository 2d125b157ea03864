package pdf

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"math"
	"sync/atomic"
)

// Document is an open PDF file. It may be used by many goroutines.
type Document struct {
	r          *Renderer
	file       io.ReaderAt
	size       int64
	pages      int
	textDeaths atomic.Int32 // readers of text that this file has ended
}

// headerWithin is how far from the start readers look for the header.
const headerWithin = 1024

// Open opens a PDF file of size bytes, and reads from it as long as pages are
// asked for. Errors are of type [*Error]: [ErrNotPDF], [ErrEncrypted],
// [ErrNoPages], [ErrDamaged], [ErrLimit], [ErrTimedOut].
func (r *Renderer) Open(ctx context.Context, file io.ReaderAt, size int64) (*Document, error) {
	if size > math.MaxInt32 {
		return nil, fault(ErrLimit, nil, "a file of %d MB, %d MB allowed", size>>20, math.MaxInt32>>20)
	}
	head := make([]byte, min(size, headerWithin))
	if _, err := file.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("reading the head of the pdf: %w", err)
	}
	if !bytes.Contains(head, []byte("%PDF-")) {
		return nil, fault(ErrNotPDF, nil, "")
	}
	d := &Document{r: r, file: file, size: size}
	b, err := r.with(ctx, false, d, msgCount, nil, msgOpened)
	if err != nil {
		return nil, err
	}
	var o opened
	if err := json.Unmarshal(b, &o); err != nil {
		return nil, fault(ErrDamaged, nil, "")
	}
	d.pages = o.Pages
	switch {
	case d.pages <= 0:
		return nil, fault(ErrNoPages, nil, "")
	case d.pages > r.cfg.MaxPages:
		return nil, fault(ErrLimit, nil, "%d pages, %d allowed", d.pages, r.cfg.MaxPages)
	}
	return d, nil
}

// Pages returns the number of pages.
func (d *Document) Pages() int { return d.pages }

// Picture is a rendered page.
type Picture struct {
	Image image.Image `json:"-"` // *image.Gray when no pixel has colour, else *image.RGBA
	DPI   int
	// Scan tells that one picture covers the page and gives it its resolution.
	Scan bool
	// Direct tells that the page was not drawn: it is one picture, which was
	// taken as it is.
	Direct bool
	// Cover is the share of the page, 0..1, that embedded pictures cover.
	Cover float64
	// Width and Height are the size of the page in points, as it is shown.
	Width, Height float64
}

// Resolutions in dpi at which pages are rendered.
const (
	minDPI     = 100
	maxDPI     = 600
	defaultDPI = 300
)

// Render renders page n, counted from 1, as a person would see it: the page's
// own rotation is applied. With dpi 0 the resolution is that of the picture
// that covers the page, if there is one, so that no pixel of a scan is
// resampled, and 300 otherwise. Pages so large that they would pass
// [Config.MaxPixels] are rendered at a lower resolution. Errors are of type
// [*Error].
func (d *Document) Render(ctx context.Context, n, dpi int) (*Picture, error) {
	if err := d.check(n); err != nil {
		return nil, err
	}
	req := renderRequest{Page: n, DPI: dpi, MaxPixels: d.r.cfg.MaxPixels, Bare: dpi == 0 && d.bare(ctx, n)}
	b, err := d.r.with(ctx, false, d, msgRender, req, msgPicture)
	if err != nil {
		return nil, err
	}
	return decodePicture(b)
}

// bare asks the reader of text whether nothing hides or recolours the pictures
// of a page. Where it cannot tell, the page is drawn.
func (d *Document) bare(ctx context.Context, n int) bool {
	b, err := d.askText(ctx, msgBare, bareRequest{n}, msgIsBare)
	if err != nil {
		return false
	}
	var is isBare
	return json.Unmarshal(b, &is) == nil && is.Bare
}

func (d *Document) check(n int) error {
	if n < 1 || n > d.pages {
		return fmt.Errorf("page %d of a pdf with %d pages", n, d.pages)
	}
	return nil
}
