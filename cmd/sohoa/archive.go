package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"

	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/export/archive"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// drawing decodes a page of a document as its file shows it.
type drawing func(ctx context.Context, n int) (image.Image, error)

// writeArchive writes a document of the store as searchable PDF, hOCR or ALTO.
// The words come from the stored pages of its newest version, pictures that
// cannot be copied from draw. The error is [archive.ErrText] for a document that
// has no pictures.
func writeArchive(ctx context.Context, w io.Writer, s *store.Store, f archive.Format, doc *schema.Document, draw drawing) (err error) {
	about, err := s.Document(ctx, doc.DocumentID)
	if err != nil {
		return err
	}
	pages := func(yield func(schema.Page, error) bool) {
		for n := 1; n <= doc.Source.Pages; n++ {
			if page, err := s.Page(ctx, doc.DocumentID, about.Version, n); !yield(page, err) || err != nil {
				return
			}
		}
	}
	path, release, err := s.SourceFile(ctx, doc.DocumentID)
	if err != nil {
		return err
	}
	defer release()
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() != doc.Source.Bytes {
		return fmt.Errorf("%s has changed since it was read", doc.Source.Name)
	}
	return archive.Write(ctx, w, f, doc, pages, archive.Source{File: file, Size: info.Size(), Picture: draw})
}

// picture decodes pages with what reads them, for which its settings need no
// engine.
func (r *reader) picture(doc *schema.Document) drawing {
	return func(ctx context.Context, n int) (image.Image, error) {
		f, done, err := r.open(ctx, store.Task{Document: doc.DocumentID, Name: doc.Source.Name})
		if err != nil {
			return nil, err
		}
		defer done()
		page, err := f.Page(ctx, n)
		return page.Image, err
	}
}

// archiveFile writes such a file, whole or not at all. Of a text file there is
// nothing to write. lost is about the document, which others outlive; err is
// about the place that is written to, or the end of the run.
func (r *reader) archiveFile(ctx context.Context, path string, f archive.Format, doc *schema.Document) (lost, err error) {
	var to watched
	err = export.WriteFile(path, func(w io.Writer) error {
		to.Writer = w
		lost = writeArchive(ctx, &to, r.store, f, doc, r.picture(doc))
		return lost
	})
	switch {
	case errors.Is(lost, archive.ErrText):
		return nil, nil
	case lost == nil || to.failed || ctx.Err() != nil:
		return nil, err
	}
	return fmt.Errorf("write as %s: %w", f, lost), nil
}

// watched remembers whether writing failed.
type watched struct {
	io.Writer
	failed bool
}

// Write implements [io.Writer].
func (w *watched) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	w.failed = w.failed || err != nil
	return n, err
}
