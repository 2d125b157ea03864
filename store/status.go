package store

import (
	"context"
	"fmt"
	"time"
)

// Status is what there is to do and how it goes.
type Status struct {
	Documents map[State]int  // how many in each state
	Waiting   map[string]int // jobs that wait, by kind: split, page, assemble, export
	Running   map[string]int // jobs that run, by kind
	Later     int            // jobs among Waiting whose time has not come: tried again after a fault
	PagesLeft int            // of versions that are being read; the pages of documents still to be split are unknown
	Workers   []WorkerStatus
	// Rate is the pages that were finished a second, over the last minute and
	// the last quarter of an hour.
	Rate, Rate15 float64
	// TimeLeft is PagesLeft over the better known rate; 0 when nothing moves.
	TimeLeft time.Duration
}

// WorkerStatus is a worker that has not ended orderly.
type WorkerStatus struct {
	Name    string
	Slots   int
	Started time.Time
	Seen    time.Time // when it last wrote; a few seconds ago if it lives
	Gone    bool      // it was found dead, and its jobs were given to others
}

// Status counts. It reads indexes only, however much there is to do.
func (s *Store) Status(ctx context.Context) (Status, error) {
	out := Status{Documents: map[State]int{}, Waiting: map[string]int{}, Running: map[string]int{}}
	fail := func(err error) (Status, error) { return out, fmt.Errorf("read the status: %w", err) }

	r, err := s.db.query(ctx, `SELECT state, COUNT(*) FROM documents GROUP BY state`)
	if _, err := collect(r, err, func(s scanner) (x struct{}, err error) {
		var st State
		var n int
		err = s.Scan(&st, &n)
		out.Documents[st] = n
		return x, err
	}); err != nil {
		return fail(err)
	}
	r, err = s.db.query(ctx, `SELECT CAST(state AS TEXT), kind, COUNT(*) FROM river_job WHERE state IN ('available', 'running', 'retryable', 'scheduled') GROUP BY state, kind`)
	if _, err := collect(r, err, func(s scanner) (x struct{}, err error) {
		var state, kind string
		var n int
		err = s.Scan(&state, &kind, &n)
		if state == "running" {
			out.Running[kind] += n
		} else {
			out.Waiting[kind] += n
		}
		return x, err
	}); err != nil {
		return fail(err)
	}
	if err := s.db.row(ctx, s.db.dialect().laterJobs).Scan(&out.Later); err != nil {
		return fail(err)
	}
	if err := s.db.row(ctx, `SELECT COALESCE(SUM(pages_left), 0) FROM versions WHERE state NOT IN ('ready', 'failed')`).Scan(&out.PagesLeft); err != nil {
		return fail(err)
	}
	r, err = s.db.query(ctx, `SELECT name, slots, started_at, seen_at, gone_at FROM workers ORDER BY id`)
	if out.Workers, err = collect(r, err, func(s scanner) (w WorkerStatus, err error) {
		var started, seen, gone int64
		err = s.Scan(&w.Name, &w.Slots, &started, &seen, &gone)
		w.Started, w.Seen, w.Gone = timeOf(started), timeOf(seen), gone > 0
		return w, err
	}); err != nil {
		return fail(err)
	}
	if out.Rate, err = s.rate(ctx, time.Minute); err != nil {
		return fail(err)
	}
	if out.Rate15, err = s.rate(ctx, 15*time.Minute); err != nil {
		return fail(err)
	}
	if best := max(out.Rate, out.Rate15); best > 0 {
		out.TimeLeft = time.Duration(float64(out.PagesLeft) / best * float64(time.Second))
	}
	return out, nil
}

func (s *Store) rate(ctx context.Context, over time.Duration) (float64, error) {
	var n int
	var first *int64
	now := s.now()
	if err := s.db.row(ctx, `SELECT COUNT(*), MIN(finished_at) FROM pages WHERE finished_at >= $1`, microseconds(now.Add(-over))).Scan(&n, &first); err != nil || n < 2 {
		return 0, err
	}
	// Work that began within the window is not thinned by the time before it.
	return float64(n) / max(now.Sub(timeOf(*first)).Seconds(), 1), nil
}

// Fault is a document or a page that came to no good end.
type Fault struct {
	Document string
	Name     string
	Version  int
	Page     int // 0 when the whole document failed
	Outcome  string
	Reason   string
	Remedy   string
}

// Faults lists what failed among the newest versions: documents that could not
// be read, and pages whose outcome is not done. [Store.Retry] tries again.
func (s *Store) Faults(ctx context.Context, limit int) ([]Fault, error) {
	r, err := s.db.query(ctx, `SELECT v.document, COALESCE((SELECT name FROM names n WHERE n.document = v.document ORDER BY at, name LIMIT 1), ''), v.version, 0, v.state, v.reason, v.remedy
		FROM versions v WHERE v.state = 'failed' AND v.version = (SELECT MAX(version) FROM versions o WHERE o.document = v.document)
		UNION ALL
		SELECT v.document, COALESCE((SELECT name FROM names n WHERE n.document = v.document ORDER BY at, name LIMIT 1), ''), v.version, p.number, p.outcome, p.reason, ''
		FROM pages p JOIN versions v ON v.id = p.version_id
		WHERE p.outcome <> 'done' AND v.version = (SELECT MAX(version) FROM versions o WHERE o.document = v.document)
		ORDER BY 2, 1, 4 LIMIT $1`, limit)
	all, err := collect(r, err, func(s scanner) (f Fault, err error) {
		return f, s.Scan(&f.Document, &f.Name, &f.Version, &f.Page, &f.Outcome, &f.Reason, &f.Remedy)
	})
	if err != nil {
		return nil, fmt.Errorf("list faults: %w", err)
	}
	return all, nil
}

// Idle reports whether there is nothing to read: no job waits or runs. Tasks
// that wait for other systems do not count.
func (s *Store) Idle(ctx context.Context) (bool, error) {
	var n int
	err := s.db.row(ctx, `SELECT COUNT(*) FROM versions WHERE state NOT IN ('ready', 'failed')`).Scan(&n)
	if err != nil || n > 0 {
		return false, err
	}
	err = s.db.row(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM river_job WHERE queue = 'default' AND state IN ('available', 'running', 'retryable', 'scheduled') LIMIT 1) AS open_jobs`).Scan(&n)
	return n == 0, err
}

// Unfinished returns how many versions are not finished.
func (s *Store) Unfinished(ctx context.Context) (n int, err error) {
	if err := s.db.row(ctx, `SELECT COUNT(*) FROM versions WHERE state NOT IN ('ready', 'failed')`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the open documents: %w", err)
	}
	return n, nil
}

// PagesLeft returns how many pages of opened documents are to be read, and
// counts a document that is not opened yet as one.
func (s *Store) PagesLeft(ctx context.Context) (n int, err error) {
	if err := s.db.row(ctx, `SELECT COALESCE(SUM(CASE WHEN state = 'queued' THEN 1 ELSE pages_left END), 0) FROM versions WHERE state NOT IN ('ready', 'failed')`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the pages left: %w", err)
	}
	return n, nil
}
