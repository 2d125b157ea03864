package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
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
				if _, err := t.exec(ctx, `INSERT INTO audit (seq, at, actor, action, document, version, data, hash, salt, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
					e.Seq, microseconds(e.At), e.Actor, e.Action, e.Document, e.Version, string(e.Data), e.Hash, e.salt, e.seal); err != nil {
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

// Dump returns everything that the tables of the store hold, by table and
// column, packed documents and pages unpacked. It is there for tests of
// deletion: what is not in it is in no table, whichever tables there are.
func (s *Store) Dump(ctx context.Context) (map[string][]string, error) {
	type column struct{ table, name, kind string }
	q := `SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, 2`
	text := func(c column) string { return `CAST("` + c.name + `" AS BLOB)` }
	if s.Database() != "sqlite" {
		q = `SELECT table_name, column_name, data_type FROM information_schema.columns JOIN information_schema.tables t USING (table_schema, table_name)
			WHERE table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY 1, 2`
		text = func(c column) string {
			if c.kind == "bytea" {
				return `"` + c.name + `"`
			}
			return `convert_to(CAST("` + c.name + `" AS TEXT), 'UTF8')`
		}
	}
	r, err := s.db.query(ctx, q)
	columns, err := collect(r, err, func(r scanner) (c column, err error) { return c, r.Scan(&c.table, &c.name, &c.kind) })
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, c := range columns {
		r, err := s.db.query(ctx, `SELECT COALESCE(`+text(c)+`, '') FROM "`+c.table+`"`)
		values, err := collect(r, err, func(r scanner) (string, error) {
			var b []byte
			if err := r.Scan(&b); err != nil {
				return "", err
			}
			if z, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
				if plain, err := io.ReadAll(z); err == nil {
					b = append(b, plain...)
				}
			}
			return string(b), nil
		})
		if err != nil {
			return nil, err
		}
		out[c.table+"."+c.name] = values
	}
	return out, nil
}
