package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
	"sync"

	"golang.org/x/image/draw"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// reader joins the pipeline, which knows no queue, and the store, which knows
// no stage.
type reader struct {
	store    *store.Store
	set      pipeline.Settings
	pictures bool // keep a picture of each page for reviewers

	mu        sync.Mutex
	pipelines map[string]*pipeline.Pipeline // by the report type that was asked for
	files     map[string]*openFile          // by document
	uses      int64
	clock     documentClock
}

// openFile is a source that stays open between its pages: opening a PDF costs
// as much as reading some pages.
type openFile struct {
	once    sync.Once
	file    *ingest.File
	err     error
	release func()
	users   int
	used    int64 // order of last use
}

// keepOpen is how many files stay open without a user.
const keepOpen = 3

func newReader(s *store.Store, set pipeline.Settings, pictures bool) *reader {
	return &reader{store: s, set: set, pictures: pictures, pipelines: map[string]*pipeline.Pipeline{}, files: map[string]*openFile{}}
}

// work is what a worker of the store calls.
func (r *reader) work() store.Work {
	return store.Work{Split: r.split, Page: r.page, Assemble: r.assemble}
}

// close closes the files. No worker may run any more.
func (r *reader) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for id, f := range r.files {
		if f.file != nil {
			errs = append(errs, f.file.Close())
			f.release()
		}
		delete(r.files, id)
	}
	return errors.Join(errs...)
}

// pipeline returns the pipeline for a report type, "" or "auto" for all of them.
func (r *reader) pipeline(profile string) (*pipeline.Pipeline, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.pipelines[profile]; p != nil {
		return p, nil
	}
	set, err := r.settingsFor(profile)
	if err != nil {
		return nil, err
	}
	p := pipeline.New(set)
	r.pipelines[profile] = p
	return p, nil
}

// settingsFor returns the settings with the report type that was asked for.
func (r *reader) settingsFor(profile string) (pipeline.Settings, error) {
	set := r.set
	if profile != "" && profile != "auto" {
		set.Extract.Profiles = slices.DeleteFunc(slices.Clone(set.Extract.Profiles), func(p extract.Profile) bool { return p.Name != profile })
		if len(set.Extract.Profiles) == 0 {
			return set, store.Permanent(fmt.Errorf("unknown report type %q", profile))
		}
	}
	return set, nil
}

// open returns the file of a task; done gives it back.
func (r *reader) open(ctx context.Context, t store.Task) (_ *ingest.File, done func(), err error) {
	p, err := r.pipeline(t.Profile)
	if err != nil {
		return nil, nil, err
	}
	r.mu.Lock()
	f := r.files[t.Document]
	if f == nil {
		f = &openFile{}
		r.files[t.Document] = f
	}
	r.uses++
	f.users++
	f.used = r.uses
	r.mu.Unlock()
	f.once.Do(func() {
		// Other pages wait for the file too: the end of one must not close it.
		f.file, f.release, f.err = r.openSource(context.WithoutCancel(ctx), p, t)
	})
	if f.err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.files[t.Document] == f {
			delete(r.files, t.Document) // the next try opens it anew
		}
		return nil, nil, f.err
	}
	return f.file, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		f.users--
		r.closeOldest()
	}, nil
}

// closeOldest closes files that nobody has used for longest. The caller holds
// the lock.
func (r *reader) closeOldest() {
	for {
		unused, oldest := 0, ""
		for id, f := range r.files {
			if f.users > 0 {
				continue
			}
			unused++
			if oldest == "" || f.used < r.files[oldest].used {
				oldest = id
			}
		}
		if unused <= keepOpen {
			return
		}
		f := r.files[oldest]
		delete(r.files, oldest)
		_ = f.file.Close() // it was only read
		f.release()
	}
}

func (r *reader) openSource(ctx context.Context, p *pipeline.Pipeline, t store.Task) (*ingest.File, func(), error) {
	path, release, err := r.store.SourceFile(ctx, t.Document)
	if err != nil {
		return nil, nil, err
	}
	f, err := p.Open(ctx, path, t.Name)
	if err != nil {
		release()
		// An error that knows what the user can do is about the file; one about
		// the way to it may pass.
		var known interface{ Remedy() string }
		if errors.As(err, &known) && !errors.Is(err, ingest.ErrMissing) && !errors.Is(err, ingest.ErrNoAccess) {
			err = store.Permanent(err)
		}
		return nil, nil, err
	}
	if f.ID() != t.Document {
		release()
		return nil, nil, store.Permanent(errors.Join(errors.New("the file has changed since it was submitted"), f.Close()))
	}
	return f, release, nil
}

func (r *reader) split(ctx context.Context, t store.Task) (schema.Source, error) {
	f, done, err := r.open(ctx, t)
	if err != nil {
		return schema.Source{}, err
	}
	defer done()
	return f.Source(), nil
}

func (r *reader) page(ctx context.Context, t store.Task, n int) (out store.PageResult, err error) {
	f, done, err := r.open(ctx, t)
	if err != nil {
		return out, err
	}
	defer done()
	p, err := r.pipeline(t.Profile)
	if err != nil {
		return out, err
	}
	end, err := r.clock.begin(t.Document)
	if err != nil {
		return out, err
	}
	defer end()
	manner, err := schema.ParseManner(t.Manner)
	if err != nil {
		return out, store.Permanent(err)
	}
	var upright image.Image
	out.Page, upright = p.ReadPage(ctx, f, n, manner)
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	if r.pictures && upright != nil {
		out.PictureSuffix = ".jpg"
		out.Picture, err = pagePicture(upright)
	}
	return out, err
}

func (r *reader) assemble(_ context.Context, t store.Task, pages []schema.Page) (*schema.Document, error) {
	r.clock.forget(t.Document)
	p, err := r.pipeline(t.Profile)
	if err != nil {
		return nil, err
	}
	return p.Assemble(t.Document, t.Source, pages)
}

// pictureSide bounds the longer side of kept pictures, in pixels: an A4 page
// at 200 dpi, which shows every mark of a letter and takes some 300 kB.
const pictureSide = 2340

// pagePicture encodes a page for reviewers.
func pagePicture(img image.Image) ([]byte, error) {
	b := img.Bounds()
	if long := max(b.Dx(), b.Dy()); long > pictureSide {
		size := image.Rect(0, 0, max(1, b.Dx()*pictureSide/long), max(1, b.Dy()*pictureSide/long))
		var small draw.Image = image.NewRGBA(size)
		if _, gray := img.(*image.Gray); gray {
			small = image.NewGray(size)
		}
		draw.ApproxBiLinear.Scale(small, size, img, b, draw.Src, nil)
		img = small
	}
	var buf bytes.Buffer
	err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 70})
	return buf.Bytes(), err
}
