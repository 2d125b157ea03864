package store

import (
	"context"
	"encoding/json"
	"time"
)

// sweepEvery is how often a worker looks for the jobs of dead ones.
const sweepEvery = 3 * time.Second

func (w *Worker) sweepUntil(done <-chan struct{}) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*sweepEvery)
		if err := w.sweep(ctx); err != nil {
			w.tell(Event{Kind: Trouble, Err: err})
		}
		cancel()
	}
}

// sweep gives back the jobs of workers that are no more. Who lives is told by
// locks that the operating system or the database server takes away from the
// dead, so that no clock, right or wrong, has a say. On PostgreSQL a lock is
// also lost when a connection breaks: there a worker is dead when it was found
// so twice. Should one that lives be taken for dead, its pages are read twice
// and kept once.
func (w *Worker) sweep(ctx context.Context) error {
	now := microseconds(w.s.now())
	if _, err := w.s.db.exec(ctx, `UPDATE workers SET seen_at = $2, gone_at = 0 WHERE id = $1`, w.id, now); err != nil {
		return err
	}
	type known struct {
		id, gone int64
		name     string
	}
	// Those that were found dead before are looked at again: one that was taken
	// for dead by mistake may have gone on, and died since.
	r, err := w.s.db.query(ctx, `SELECT id, gone_at, name FROM workers WHERE id <> $1`, w.id)
	others, err := collect(r, err, func(s scanner) (k known, err error) { return k, s.Scan(&k.id, &k.gone, &k.name) })
	if err != nil {
		return err
	}
	ids := make([]int64, len(others))
	for i, o := range others {
		ids[i] = o.id
	}
	alive, err := w.s.db.living(ctx, ids)
	if err != nil {
		return err
	}
	names := []string{}
	gone := []int64{}
	suspects := map[int64]bool{}
	for _, o := range others {
		switch {
		case alive[o.id]:
		case o.gone > 0 || w.s.Database() == "sqlite" || w.dead[o.id]:
			names = append(names, o.name)
			if o.gone == 0 {
				gone = append(gone, o.id)
			}
		default:
			suspects[o.id] = true
		}
	}
	w.dead = suspects
	return w.s.db.update(ctx, func(t tx) error {
		if len(names) > 0 {
			list, err := json.Marshal(names)
			if err != nil {
				return err
			}
			if _, err := t.exec(ctx, w.s.db.dialect().releaseJobs, string(list)); err != nil {
				return err
			}
			for _, id := range gone {
				if _, err := t.exec(ctx, `UPDATE workers SET gone_at = $2 WHERE id = $1`, id, now); err != nil {
					return err
				}
			}
		}
		if _, err := t.exec(ctx, `DELETE FROM workers WHERE gone_at > 0 AND gone_at < $1`, now-int64(24*time.Hour/time.Microsecond)); err != nil {
			return err
		}
		if err := w.releaseMissing(ctx, t); err != nil {
			return err
		}
		if _, err := t.exec(ctx, w.s.db.dialect().rerankJobs); err != nil {
			return err
		}
		// Nothing is put off for more than five minutes (see retryAfter).
		if _, err := t.exec(ctx, w.s.db.dialect().clampJobs); err != nil {
			return err
		}
		return w.s.revive(ctx, t)
	})
}

// revive queues what is missing of unfinished versions when there is no job at
// all. That cannot happen while the database keeps its word; it is there for a
// database that was restored, repaired, or lost its last seconds. A job that
// is queued twice finds its result there and does nothing.
func (s *Store) revive(ctx context.Context, t tx) error {
	var jobs int
	if err := t.row(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM river_job WHERE queue = 'default' AND state IN ('available', 'running', 'retryable', 'scheduled', 'pending') LIMIT 1) AS open_jobs`).Scan(&jobs); err != nil || jobs > 0 {
		return err
	}
	type version struct {
		id              int64
		state           State
		priority, pages int
	}
	r, err := t.query(ctx, `SELECT id, state, priority, pages FROM versions WHERE state NOT IN ('ready', 'failed') ORDER BY id LIMIT 100`)
	open, err := collect(r, err, func(s scanner) (v version, err error) {
		return v, s.Scan(&v.id, &v.state, &v.priority, &v.pages)
	})
	if err != nil {
		return err
	}
	for _, v := range open {
		if v.state == Queued {
			err = s.insertJobs(ctx, t, newJob(splitArgs{v.id}, v.priority, rank(v.id, 0)))
		} else {
			r, e := t.query(ctx, `SELECT number FROM pages WHERE version_id = $1`, v.id)
			var kept []int
			kept, err = collect(r, e, func(s scanner) (n int, err error) { return n, s.Scan(&n) })
			if err == nil {
				err = s.queuePages(ctx, t, v.id, v.priority, v.pages, kept)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// releaseMissing gives back jobs that the database says this worker has and
// that it never heard of: the connection broke after the database had handed
// them out. One sweep is not proof, the job may just be starting.
func (w *Worker) releaseMissing(ctx context.Context, t tx) error {
	r, err := t.query(ctx, w.s.db.dialect().runningJobs, w.name)
	mine, err := collect(r, err, func(s scanner) (id int64, err error) { return id, s.Scan(&id) })
	if err != nil {
		return err
	}
	missing := map[int64]bool{}
	for _, id := range mine {
		w.mu.Lock()
		active := w.active[id]
		w.mu.Unlock()
		switch {
		case active:
		case w.missing[id]:
			if _, err := t.exec(ctx, `UPDATE river_job SET state = 'available' WHERE id = $1 AND state = 'running'`, id); err != nil {
				return err
			}
		default:
			missing[id] = true
		}
	}
	w.missing = missing
	return nil
}
