package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/store"
)

type submitCmd struct {
	Paths []string `arg:"" name:"path" help:"files and folders: PDF, PNG, JPEG, TIFF, TXT"`
	storing
	queueing
	JSON bool `help:"results as JSON lines"`
}

// queueing holds the flags of the commands that put files on the queue.
type queueing struct {
	Profile  string `default:"auto" placeholder:"auto|NAME" help:"report type, or auto"`
	Again    bool   `help:"read documents again that were read before"`
	Bulk     bool   `help:"let other documents go first"`
	MaxQueue int    `default:"100000" placeholder:"N" help:"wait while more pages than this are to be read"`

	submitted int
}

func (submitCmd) Help() string {
	return example(
		"  sohoa submit bao-cao/",
		"  sohoa submit a.pdf --db postgres://sohoa@db/sohoa --blobs file:///shared/sohoa",
		"  sohoa submit kho-luu-tru/ --bulk --again --profile models",
	)
}

func (q *submitCmd) Run(ctx context.Context, c *console) error {
	found := ingest.Find(q.Paths)
	problems := found.Problems
	for _, err := range problems {
		c.complain(c.err, err, pipeline.Hint(err))
	}
	if !q.JSON {
		passedOver(c, found.Office)
	}
	if len(found.Files) == 0 {
		return usage(c.Sprintf("give a folder that holds PDF, PNG, JPEG, TIFF or TXT files"), errors.New(c.Sprintf("no files to read")))
	}
	s, err := q.open(ctx, c, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	for _, file := range found.Files {
		r, err := q.submit(ctx, s, file)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			c.complain(c.err, err, pipeline.Hint(err))
			problems = append(problems, err)
			continue
		}
		q.tell(c, file, r)
	}
	if len(problems) > 0 {
		return errPartial
	}
	return nil
}

func (q *submitCmd) tell(c *console, file string, r store.Receipt) {
	if q.JSON {
		_ = json.NewEncoder(c.out).Encode(struct {
			File     string `json:"file"`
			Document string `json:"document"`
			Version  int    `json:"version"`
			New      bool   `json:"new"`
			Queued   bool   `json:"queued"`
		}{file, r.Document, r.Version, r.New, r.Queued}) // a closed output has no reader to tell
		return
	}
	what := c.Sprintf("known already")
	if r.Queued {
		what = c.Sprintf("queued")
	}
	fmt.Fprintf(c.out, "%.12s  %s  %s\n", r.Document, what, file)
}

// submit puts one file on the queue, when there is room.
func (q *queueing) submit(ctx context.Context, s *store.Store, file string) (store.Receipt, error) {
	// Counting the queue costs more than a submission; now and then is enough.
	q.submitted++
	for q.MaxQueue > 0 && q.submitted%50 == 1 {
		left, err := s.PagesLeft(ctx)
		if err != nil || left <= q.MaxQueue {
			break
		}
		select {
		case <-ctx.Done():
			return store.Receipt{}, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	f, err := os.Open(file)
	if err != nil {
		return store.Receipt{}, err
	}
	defer f.Close()
	u := store.Upload{Name: filepath.Base(file), Bytes: f, By: whoami(), Again: q.Again, Bulk: q.Bulk}
	if q.Profile != "auto" {
		u.Profile = q.Profile
	}
	return s.Submit(ctx, u)
}
