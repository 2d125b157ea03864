package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/schema"
)

// The way of a document in pieces, for workers that share the pages of many
// documents: Open, then ReadPage for each page anywhere, then Assemble.

// Open opens a file that people call by name, "" when the path tells. Its
// pages may be read by many goroutines; the caller closes it.
func (p *Pipeline) Open(ctx context.Context, file, name string) (*ingest.File, error) {
	return ingest.Open(ctx, file, ingest.Options{
		Renderer:  p.set.Renderer,
		TextLayer: p.set.Restorer.TextLayer,
		Limits:    p.set.Limits,
		Name:      name,
	})
}

// ReadPage reads a page, 1-based. What goes wrong with it is its outcome.
// upright is the picture that the page's coordinates are about, nil for text
// files and for pages that did not get so far. The page is no outcome of
// anything when ctx has ended.
func (p *Pipeline) ReadPage(ctx context.Context, f *ingest.File, n int) (page schema.Page, upright image.Image) {
	return p.readPage(ctx, f, n)
}

// Key names everything that decides how a page is read, shortly: the program,
// the engine and the language model.
func (p *Pipeline) Key() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n", p.set.Version, p.set.Engine.Info(), p.set.Restorer.Info())
	return hex.EncodeToString(h.Sum(nil))[:12]
}
