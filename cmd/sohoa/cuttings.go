package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"path/filepath"

	"golang.org/x/image/draw"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

// cuttings cuts pictures of fields out of the sources. Results keep no
// pictures, so pages are straightened anew, the way they were.
type cuttings struct {
	renderer *pdf.Renderer
	pipeline *pipeline.Pipeline
	paths    map[string]string            // of the sources, by their names
	pages    map[string][]schema.PageInfo // by the names of the sources
	made     map[string]image.Image       // by name and page
}

// newCuttings looks for sources below a folder.
func newCuttings(ctx context.Context, dir string, docs []*schema.Document) (*cuttings, error) {
	k := &cuttings{paths: make(map[string]string), pages: make(map[string][]schema.PageInfo), made: make(map[string]image.Image)}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			k.paths[e.Name()] = path
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for sources: %w", err)
	}
	for _, d := range docs {
		k.pages[d.Source.Name] = d.Pages
	}
	restorer, err := normalize.Default()
	if err != nil {
		return nil, err
	}
	if k.renderer, err = pdf.NewRenderer(ctx, pdf.Config{Instances: 1, CacheDir: cacheDir()}); err != nil {
		return nil, err
	}
	k.pipeline = pipeline.New(pipeline.Settings{Renderer: k.renderer, Decoder: &ingest.Decoder{}, Engine: readBefore{}, Restorer: restorer, Version: version})
	return k, nil
}

func (k *cuttings) close() error { return k.renderer.Close() }

// cut returns a place of a source as a JPEG, nothing when the source is not
// there or has no pictures.
func (k *cuttings) cut(ctx context.Context, document string, at schema.Place) ([]byte, error) {
	page, err := k.page(ctx, document, at.Page)
	if err != nil || page == nil || at.Box == nil {
		return nil, err
	}
	const air = 10 // pixels around
	box := at.Box.Inset(-air)
	area := image.Rect(box.X0, box.Y0, box.X1, box.Y1).Intersect(page.Bounds())
	if area.Empty() {
		return nil, nil
	}
	// A cell of forty lines is shown small: its place says more than its text.
	const wide, high = 640, 320
	scale := min(1, float64(wide)/float64(area.Dx()), float64(high)/float64(area.Dy()))
	small := image.NewGray(image.Rect(0, 0, max(1, int(scale*float64(area.Dx()))), max(1, int(scale*float64(area.Dy())))))
	draw.CatmullRom.Scale(small, small.Bounds(), page, area, draw.Src, nil)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: 60}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// page returns the upright picture of a page, nil when there is none.
func (k *cuttings) page(ctx context.Context, document string, n int) (image.Image, error) {
	key := fmt.Sprintf("%s %d", document, n)
	if img, ok := k.made[key]; ok {
		return img, nil
	}
	k.made[key] = nil
	path, ok := k.paths[document]
	if !ok || n < 1 || n > len(k.pages[document]) {
		return nil, nil
	}
	f, err := k.pipeline.Open(ctx, path, document)
	if err != nil {
		return nil, err
	}
	info := k.pages[document][n-1]
	manner, err := schema.ParseManner(info.Manner)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	// The page was turned then; asking the engine again is not needed.
	if manner.Turn = info.Rotation; manner.Turn == 0 {
		manner.Turn = schema.AsItLies
	}
	_, upright := k.pipeline.ReadPage(ctx, f, n, manner)
	k.made[key] = upright
	return upright, f.Close()
}
