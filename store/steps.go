package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"gocloud.dev/blob"

	"github.com/sohoa/sohoa/schema"
)

// The four kinds of jobs. Each does its work first, outside any transaction,
// and then commits the result, what follows from it and its own completion
// together.

func (w *Worker) split(ctx context.Context, job *rivertype.JobRow, args splitArgs) error {
	task, err := w.task(ctx, args.Version)
	if err != nil {
		return err
	}
	start := time.Now()
	source, err := call(ctx, w.cfg.OtherTime, func(ctx context.Context) (schema.Source, error) { return w.work.Split(ctx, task) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && source.Pages < 1 {
		err = Permanent(errors.New("it has no pages"))
	}
	if err != nil {
		// Splitting is cheap and rarely fails for a while, so the attempts that
		// River counts are tries enough.
		return w.failed(ctx, job, task, err, func(tries int) river.JobArgs { return splitArgs{args.Version} }, job.Attempt-1)
	}
	err = w.commit(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE versions SET state = $2, source = $3, pages = $4 WHERE id = $1 AND state = $5`, task.id, Reading, clean(mustJSON(source)), source.Pages, Queued)
		if err != nil {
			return err
		}
		if n == 1 {
			if err := w.s.queuePages(ctx, t, task.id, task.priority, source.Pages, nil); err != nil {
				return err
			}
			if _, err := t.exec(ctx, `UPDATE documents SET state = $2, pages = $3, media_type = $4, changed_at = $5 WHERE id = $1 AND version = 0`,
				task.Document, Reading, source.Pages, source.MediaType, microseconds(w.s.now())); err != nil {
				return err
			}
		}
		return w.s.complete(ctx, t, job)
	})
	if err == nil {
		task.Source, task.Pages = source, source.Pages
		w.tell(Event{Kind: SplitDone, Task: task, Seconds: time.Since(start).Seconds()})
	}
	return err
}

func (w *Worker) page(ctx context.Context, job *rivertype.JobRow, args pageArgs) error {
	task, err := w.task(ctx, args.Version)
	if err != nil {
		return err
	}
	task.Manner = args.Manner
	start := time.Now()
	var result PageResult
	switch {
	case job.Attempt > w.cfg.MaxAttempts:
		err = Permanent(fmt.Errorf("it was begun %d times and never finished: it kills the worker that reads it", job.Attempt-1))
	default:
		result, err = call(ctx, w.cfg.PageTime, func(ctx context.Context) (PageResult, error) { return w.work.Page(ctx, task, args.Page) })
		if ctx.Err() != nil {
			return ctx.Err() // the worker stops: River puts the job back
		}
		if err == nil && result.Picture != nil {
			err = w.s.keepPicture(ctx, task, args.Page, result)
		}
	}
	if errors.Is(err, ErrNotFound) && w.gone(ctx, job) {
		return err // a source that was deleted does not come back
	}
	if err != nil {
		if wait, again := retryAfter(err, args.Tries); again {
			args.Tries++
			return w.tryAgain(ctx, job, task, args.Page, err, wait, args)
		}
		result = PageResult{Page: lostPage(task, args.Page, w.cfg.PageTime, err)}
	}
	for {
		var kept bool
		kept, err = w.keepPage(ctx, job, task, args, result)
		if err == nil {
			if kept {
				p := result.Page
				e := Event{Kind: PageDone, Task: task, Page: args.Page, Outcome: p.Outcome, Attempts: job.Attempt + args.Tries, Seconds: time.Since(start).Seconds()}
				if p.Outcome != schema.Done {
					e.Err = errors.New(p.Reason)
				}
				w.tell(e)
			}
			return nil
		}
		if !w.s.db.permanent(err) || result.Page.Outcome == schema.Refused {
			return err
		}
		// The database will never take this page; it takes the news of that.
		result = PageResult{Page: lostPage(task, args.Page, w.cfg.PageTime, Permanent(fmt.Errorf("keep the page: %w", err)))}
	}
}

// lostPage is a page that could not be read.
func lostPage(task Task, n int, limit time.Duration, err error) schema.Page {
	p := schema.Page{PageInfo: schema.PageInfo{Number: n, Outcome: schema.Refused, Reason: clean(err.Error()), TextSource: schema.FromOCR}}
	if task.Source.MediaType == "text/plain" {
		p.TextSource = schema.FromText
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errStuck) {
		p.Outcome, p.Reason = schema.TimedOut, fmt.Sprintf("took longer than the %s a page may take", limit)
	}
	return p
}

// keepPage writes the page, counts it, and queues assembling after the last.
// A page that is there already, read by another worker, stays; kept is false.
func (w *Worker) keepPage(ctx context.Context, job *rivertype.JobRow, task Task, args pageArgs, result PageResult) (kept bool, err error) {
	p := result.Page
	p.Number = args.Page
	data, err := pack(p)
	if err != nil {
		return false, err
	}
	picture := ""
	if result.Picture != nil {
		picture = pictureKey(task.Document, task.Version, args.Page, result.PictureSuffix)
	}
	err = w.commit(ctx, func(t tx) error {
		n, err := t.exec(ctx, `INSERT INTO pages (version_id, number, outcome, reason, attempts, worker, picture, data, finished_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (version_id, number) DO NOTHING`,
			task.id, args.Page, p.Outcome, clean(p.Reason), job.Attempt+args.Tries, w.name, picture, data, microseconds(w.s.now()))
		if err != nil {
			return err
		}
		if kept = n == 1; kept {
			var left int
			if err := t.row(ctx, `UPDATE versions SET pages_left = pages_left - 1 WHERE id = $1 RETURNING pages_left`, task.id).Scan(&left); err != nil {
				return notFound(err) // deleted while it was read
			}
			if left == 0 {
				if err := w.s.insertJobs(ctx, t, newJob(assembleArgs{Version: task.id}, priorityFirst, rank(task.id, 0))); err != nil {
					return err
				}
			}
		}
		return w.s.complete(ctx, t, job)
	})
	return kept, err
}

func (w *Worker) assemble(ctx context.Context, job *rivertype.JobRow, args assembleArgs) error {
	task, err := w.task(ctx, args.Version)
	if err != nil {
		return err
	}
	start := time.Now()
	var pages []schema.Page
	if err := w.read(ctx, func() (err error) {
		pages, err = w.s.pages(ctx, task.id)
		return err
	}); err != nil {
		return err
	}
	doc, err := call(ctx, w.cfg.OtherTime, func(ctx context.Context) (*schema.Document, error) { return w.work.Assemble(ctx, task, pages) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && doc.DocumentID != task.Document {
		err = Permanent(fmt.Errorf("the document says to be %s", doc.DocumentID))
	}
	if err == nil {
		drawn := draw(doc, w.cfg.Sample)
		doc.DropLayers() // the words of all pages hang on them
		err = w.commit(ctx, func(t tx) error {
			fresh, err := w.s.publish(ctx, t, task, doc)
			if err == nil && fresh {
				err = w.s.keepSample(ctx, t, task.id, drawn, w.cfg.Sample)
			}
			if err != nil {
				return err
			}
			if fresh && w.work.Export != nil {
				if err := w.s.insertJobs(ctx, t, newJob(exportArgs{Version: task.id}, priorityFirst, rank(task.id, 0))); err != nil {
					return err
				}
			}
			return w.s.complete(ctx, t, job)
		})
		if err == nil {
			w.tell(Event{Kind: Assembled, Task: task, Document: doc, Seconds: time.Since(start).Seconds()})
			return nil
		}
		if !w.s.db.permanent(err) {
			return err
		}
		err = Permanent(err)
	}
	return w.failed(ctx, job, task, err, func(tries int) river.JobArgs { return assembleArgs{args.Version, tries} }, args.Tries)
}

func (w *Worker) export(ctx context.Context, job *rivertype.JobRow, args exportArgs) error {
	task, err := w.task(ctx, args.Version)
	if err != nil {
		return err
	}
	if w.work.Export == nil {
		return w.tryAgain(ctx, job, task, 0, errors.New("this worker cannot export"), 10*time.Second, args)
	}
	start := time.Now()
	var doc *schema.Document
	if err := w.read(ctx, func() (err error) {
		doc, _, err = w.s.Current(ctx, task.Document)
		return err
	}); err != nil {
		return err
	}
	_, err = call(ctx, w.cfg.OtherTime, func(ctx context.Context) (struct{}, error) { return struct{}{}, w.work.Export(ctx, task, doc) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		if wait, again := retryAfter(err, args.Tries); again {
			args.Tries++
			return w.tryAgain(ctx, job, task, 0, err, wait, args)
		}
	}
	reason := ""
	if err != nil {
		reason = clean(err.Error())
	}
	if err := w.commit(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `UPDATE versions SET exported_at = $2, reason = $3 WHERE id = $1`, task.id, microseconds(w.s.now()), reason); err != nil {
			return err
		}
		return w.s.complete(ctx, t, job)
	}); err != nil {
		return err
	}
	if err != nil {
		w.tell(Event{Kind: GaveUp, Task: task, Err: fmt.Errorf("export: %w", err)})
		return nil
	}
	w.tell(Event{Kind: Exported, Task: task, Seconds: time.Since(start).Seconds()})
	return nil
}

// failed ends a version that cannot be split or assembled, or tries again.
func (w *Worker) failed(ctx context.Context, job *rivertype.JobRow, task Task, cause error, again func(tries int) river.JobArgs, tries int) error {
	if wait, ok := retryAfter(cause, tries); ok {
		return w.tryAgain(ctx, job, task, 0, cause, wait, again(tries+1))
	}
	now := microseconds(w.s.now())
	reason, fix := clean(cause.Error()), clean(remedy(cause))
	err := w.commit(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE versions SET state = $2, reason = $3, remedy = $4, finished_at = $5 WHERE id = $1 AND state NOT IN ('ready', 'failed')`, task.id, Unreadable, reason, fix, now)
		if err != nil {
			return err
		}
		if n == 1 {
			if _, err := t.exec(ctx, `UPDATE documents SET state = $2, reason = $3, remedy = $4, changed_at = $5, revision = revision + 1 WHERE id = $1 AND version = 0`, task.Document, Unreadable, reason, fix, now); err != nil {
				return err
			}
			if err := w.s.audit(ctx, t, machine, Failed, task.Document, task.Version, map[string]any{"reason": reason}); err != nil {
				return err
			}
		}
		return w.s.complete(ctx, t, job)
	})
	if err == nil {
		e := Event{Kind: GaveUp, Task: task, Err: cause}
		if job.AttemptedAt != nil {
			e.Seconds = time.Since(*job.AttemptedAt).Seconds()
		}
		w.tell(e)
	}
	return err
}

// tryAgain completes the job and queues one like it for later, before all
// others.
func (w *Worker) tryAgain(ctx context.Context, job *rivertype.JobRow, task Task, page int, cause error, wait time.Duration, args river.JobArgs) error {
	err := w.commit(ctx, func(t tx) error {
		if err := w.s.insertJobs(ctx, t, newJob(args, priorityFirst, w.s.now().Add(wait))); err != nil {
			return err
		}
		return w.s.complete(ctx, t, job)
	})
	if err == nil {
		w.tell(Event{Kind: Retrying, Task: task, Page: page, Err: cause, Retry: wait})
	}
	return err
}

func (s *Store) keepPicture(ctx context.Context, task Task, page int, r PageResult) error {
	if pictureTypes[r.PictureSuffix] == "" {
		return Permanent(fmt.Errorf("keep page picture: suffix %q", r.PictureSuffix))
	}
	if err := s.blobs.WriteAll(ctx, pictureKey(task.Document, task.Version, page, r.PictureSuffix), r.Picture, &blob.WriterOptions{ContentType: pictureTypes[r.PictureSuffix]}); err != nil {
		return Transient(fmt.Errorf("keep page picture: %w", err))
	}
	return nil
}
