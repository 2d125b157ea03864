package store

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Priorities of jobs. Within one, River takes them by scheduled_at, then id.
const (
	priorityFirst  = 1 // ends documents that are begun, and what is tried again
	priorityNormal = 2
	priorityBulk   = 3
	priorityParked = 4 // see Store.Only
)

// Fairness. All page jobs of a document are in the queue from the start, and
// their scheduled_at, a time long past, is their place in it: page n of the
// v-th version stands at place 8v+n. So the pages of a document of up to eight
// pages come before those of the next, while a long one lets eight others in
// for every eight pages it gets: a small report is never stuck behind a large
// one, and every page's place is finite, so a large one is not starved
// either. The database finds the first place through an index, however many
// wait.
const pagesPerTurn = 8

var rankEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// rank returns the place of a page as a time; a millisecond is a place. A
// hundred million versions fit before 2010.
func rank(version int64, page int) time.Time {
	return rankEpoch.Add(time.Duration(version*pagesPerTurn+int64(page)) * time.Millisecond)
}

// Arguments of the jobs: the version's row and the page. All else is read
// from the database when the job starts.
type (
	splitArgs struct {
		Version int64 `json:"v"`
	}
	pageArgs struct {
		Version int64 `json:"v"`
		Page    int   `json:"n"`
		Tries   int   `json:"t,omitempty"` // failures so far
		// Manner is in the job so that reading a page takes no query for what
		// hardly any page has.
		Manner string `json:"m,omitempty"`
	}
	assembleArgs struct {
		Version int64 `json:"v"`
		Tries   int   `json:"t,omitempty"`
	}
	exportArgs struct {
		Version int64 `json:"v"`
		Tries   int   `json:"t,omitempty"`
	}
)

// Kind names the job for River.
func (splitArgs) Kind() string    { return "split" }
func (pageArgs) Kind() string     { return "page" }
func (assembleArgs) Kind() string { return "assemble" }
func (exportArgs) Kind() string   { return "export" }

// job is a row for River's table, in the form that dialect.insertJobs reads.
// We write the rows ourselves, as River's manual shows for other languages:
// its own insert gives a job either a time to wait for or a place in the
// queue, but not both, and two thousand pages are one statement this way.
type job struct {
	Args        any    `json:"args"`
	Kind        string `json:"kind"`
	MaxAttempts int    `json:"max_attempts"`
	Priority    int    `json:"priority"`
	Queue       string `json:"queue"`
	ScheduledAt string `json:"scheduled_at"`
	Rank        string `json:"rank"`
}

func newJob(args river.JobArgs, priority int, at time.Time) job {
	when := at.UTC().Format("2006-01-02 15:04:05.000")
	return job{
		Args: args, Kind: args.Kind(), Priority: priority, Queue: "default", ScheduledAt: when, Rank: when,
		// The worker decides when to give up; River must never throw a job away.
		MaxAttempts: math.MaxInt16,
	}
}

func (s *Store) insertJobs(ctx context.Context, t tx, jobs ...job) error {
	for batch := range slices.Chunk(jobs, 1000) {
		data, err := json.Marshal(batch)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, s.db.dialect().insertJobs, string(data)); err != nil {
			return err
		}
	}
	return nil
}

// complete marks a job as done in the transaction that holds its result. It is
// river.JobCompleteTx without the reading back of the row, which took a third
// of the database's time. The row must stay for a while: SQLite gives the
// number of a deleted row to the next, and River, which hears only afterwards
// that the job is done, would mark that one. Its cleaner takes the row away
// minutes later.
func (s *Store) complete(ctx context.Context, t tx, job *rivertype.JobRow) error {
	_, err := t.exec(ctx, s.db.dialect().completeJob, job.ID)
	return err
}

// queuePages queues the pages 1 to n of a version except those kept from an
// earlier one. When none is left to read it queues assembling.
func (s *Store) queuePages(ctx context.Context, t tx, version int64, priority, n int, kept []int) error {
	have := map[int]bool{}
	for _, k := range kept {
		have[k] = true
	}
	manners, err := s.manners(ctx, t, version)
	if err != nil {
		return err
	}
	jobs := make([]job, 0, n)
	for page := 1; page <= n; page++ {
		if !have[page] {
			jobs = append(jobs, newJob(pageArgs{Version: version, Page: page, Manner: manners[page]}, priority, rank(version, page)))
		}
	}
	if _, err := t.exec(ctx, `UPDATE versions SET pages_left = $2 WHERE id = $1`, version, len(jobs)); err != nil {
		return err
	}
	if len(jobs) == 0 {
		jobs = append(jobs, newJob(assembleArgs{Version: version}, priorityFirst, rank(version, 0)))
	}
	return s.insertJobs(ctx, t, jobs...)
}
