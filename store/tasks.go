package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river/rivertype"
)

// Tasks are work besides reading: telling other systems, for one. They lie in
// the same durable queue under a name of their own, with slots of their own,
// so that a receiver that hangs holds up no page.

// NewTask is a task for the queue.
type NewTask struct {
	Name    string          // decides which function of [Work] does it
	Payload json.RawMessage // for that function
	At      time.Time       // not before; zero is at once
}

// TaskFunc does a task, at least once. tries counts the failures before. An
// error is tried again, later and later, for about half a day; one marked
// [Permanent] is not.
type TaskFunc func(ctx context.Context, payload json.RawMessage, tries int) error

// taskTries bounds the tries: with an hour at most between two they end after
// half a day.
const taskTries = 20

type taskArgs struct {
	Name    string          `json:"name"`
	Payload json.RawMessage `json:"payload"`
	Tries   int             `json:"t,omitempty"`
}

// Kind names the job for River.
func (taskArgs) Kind() string { return "task" }

const taskQueue = "tasks"

func newTaskJob(args taskArgs, at time.Time) job {
	j := newJob(args, priorityNormal, at)
	j.Queue = taskQueue
	return j
}

// Enqueue puts tasks on the queue.
func (s *Store) Enqueue(ctx context.Context, tasks ...NewTask) error {
	if err := s.db.durable(ctx, func(t tx) error { return s.enqueue(ctx, t, tasks) }); err != nil {
		return fmt.Errorf("queue tasks: %w", err)
	}
	return nil
}

func (s *Store) enqueue(ctx context.Context, t tx, tasks []NewTask) error {
	jobs := make([]job, len(tasks))
	for i, task := range tasks {
		at := task.At
		if at.IsZero() {
			at = s.now()
		}
		if len(task.Payload) == 0 {
			task.Payload = null
		}
		jobs[i] = newTaskJob(taskArgs{Name: task.Name, Payload: task.Payload}, at)
	}
	return s.insertJobs(ctx, t, jobs...)
}

// Cursor returns how far a reader of the audit log has come, 0 at the start.
func (s *Store) Cursor(ctx context.Context, name string) (int64, error) {
	var seq int64
	err := notFound(s.db.row(ctx, `SELECT seq FROM cursors WHERE name = $1`, name).Scan(&seq))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return 0, fmt.Errorf("cursor %s: %w", name, err)
	}
	return seq, nil
}

// Forward moves a cursor and queues the tasks that came of the entries in
// between, both or neither. It fails with [ErrConflict] when another process
// has moved the cursor: then that one has queued them.
func (s *Store) Forward(ctx context.Context, name string, from, to int64, tasks ...NewTask) error {
	err := s.db.durable(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `INSERT INTO cursors (name, seq) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`, name); err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE cursors SET seq = $3 WHERE name = $1 AND seq = $2`, name, from, to)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrConflict
		}
		return s.enqueue(ctx, t, tasks)
	})
	if err != nil {
		return fmt.Errorf("move cursor %s: %w", name, err)
	}
	return nil
}

func (w *Worker) errand(ctx context.Context, row *rivertype.JobRow, args taskArgs) error {
	do := w.work.Tasks[args.Name]
	var err error
	if do == nil {
		err = fmt.Errorf("this worker has no function for tasks called %q", args.Name)
	} else {
		_, err = call(ctx, w.cfg.OtherTime, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx, args.Payload, args.Tries) })
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	again := err != nil && args.Tries+1 < taskTries
	if c := (classified{}); errors.As(err, &c) && c.class == permanent {
		again = false
	}
	wait := min(5*time.Second<<min(args.Tries, 20), time.Hour)
	args.Tries++
	if e := w.commit(ctx, func(t tx) error {
		if again {
			if err := w.s.insertJobs(ctx, t, newTaskJob(args, w.s.now().Add(wait))); err != nil {
				return err
			}
		}
		return w.s.complete(ctx, t, row)
	}); e != nil {
		return e
	}
	switch {
	case again:
		w.tell(Event{Kind: Retrying, Name: args.Name, Err: err, Retry: wait})
	case err != nil:
		w.tell(Event{Kind: GaveUp, Name: args.Name, Err: err})
	}
	return nil
}
