package store

import (
	"context"
	"time"
)

// ReleaseRunning takes all running jobs from their workers, as happens when a
// worker is taken for dead. It is there for tests.
func (s *Store) ReleaseRunning(ctx context.Context) error {
	_, err := s.db.exec(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`)
	return err
}

// Tamper does to the database what an intruder would, and returns what takes
// it back. It is there for tests of the audit log.
func (s *Store) Tamper(ctx context.Context, sql string) (undo func() error, err error) {
	entries, err := s.AuditLog(ctx, "", 0, 1<<30)
	if err != nil {
		return nil, err
	}
	_, err = s.db.exec(ctx, sql)
	return func() error {
		return s.db.update(ctx, func(t tx) error {
			if _, err := t.exec(ctx, `DELETE FROM audit`); err != nil {
				return err
			}
			for _, e := range entries {
				if _, err := t.exec(ctx, `INSERT INTO audit (seq, at, actor, action, document, version, data, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
					e.Seq, microseconds(e.At), e.Actor, e.Action, e.Document, e.Version, string(e.Data), e.Hash); err != nil {
					return err
				}
			}
			return nil
		})
	}, err
}

// LoseJobs deletes all jobs, as a database does that was restored badly. It is
// there for tests.
func (s *Store) LoseJobs(ctx context.Context) error {
	_, err := s.db.exec(ctx, `DELETE FROM river_job`)
	return err
}

// SetClock replaces the clock of the store. It is there for tests, and to be
// called before the store is used.
func (s *Store) SetClock(now func() time.Time) { s.now = now }
