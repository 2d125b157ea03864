package store

import (
	"context"
	"fmt"
)

// Totals are sums over documents that have something in common.
type Totals struct {
	Profile, Issuer string
	Documents       int
	Approved        int
	Fields          int
	FieldsLeft      int
}

// TotalsByKind sums the documents up by report type and issuer.
func (s *Store) TotalsByKind(ctx context.Context) ([]Totals, error) {
	r, err := s.db.query(ctx, `SELECT profile, issuer, COUNT(*), CAST(SUM(CASE WHEN state = $1 THEN 1 ELSE 0 END) AS BIGINT), CAST(SUM(fields) AS BIGINT), CAST(SUM(fields_left) AS BIGINT)
		FROM documents WHERE version > 0 GROUP BY profile, issuer ORDER BY COUNT(*) DESC, profile, issuer`, string(Locked))
	all, err := collect(r, err, func(s scanner) (t Totals, err error) {
		return t, s.Scan(&t.Profile, &t.Issuer, &t.Documents, &t.Approved, &t.Fields, &t.FieldsLeft)
	})
	if err != nil {
		return nil, fmt.Errorf("sum up documents: %w", err)
	}
	return all, nil
}

// Profiles returns the report types of the documents, by name.
func (s *Store) Profiles(ctx context.Context) ([]string, error) {
	r, err := s.db.query(ctx, `SELECT DISTINCT profile FROM documents WHERE profile <> '' ORDER BY profile`)
	all, err := collect(r, err, func(s scanner) (name string, err error) { return name, s.Scan(&name) })
	if err != nil {
		return nil, fmt.Errorf("list report types: %w", err)
	}
	return all, nil
}

// LastCorrections returns up to limit changes of fields, newest first, of all
// documents.
func (s *Store) LastCorrections(ctx context.Context, limit int) ([]Correction, error) {
	r, err := s.db.query(ctx, correctionColumns+`WHERE what = $1 AND carried = 0 ORDER BY id DESC LIMIT $2`, string(TheField), limit)
	return collect(r, err, scanCorrection)
}

// FieldsTouched counts the fields of current versions that people corrected or
// confirmed.
func (s *Store) FieldsTouched(ctx context.Context) (n int, err error) {
	err = s.db.row(ctx, `SELECT COUNT(*) FROM (SELECT DISTINCT c.document, c.path FROM corrections c JOIN documents d ON d.id = c.document AND d.version = c.version WHERE c.what = $1) t`, string(TheField)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count corrected fields: %w", err)
	}
	return n, nil
}

// DayCount is how often something happened on a day.
type DayCount struct {
	Day   int64 // days since 1970 in UTC
	Count int
}

// AuditDays counts the entries of an action by day, for the last days.
func (s *Store) AuditDays(ctx context.Context, action string, days int) ([]DayCount, error) {
	const day = 24 * 3600 * 1_000_000
	since := (microseconds(s.now())/day - int64(days) + 1) * day
	r, err := s.db.query(ctx, `SELECT at / 86400000000, COUNT(*) FROM audit WHERE action = $1 AND at >= $2 GROUP BY at / 86400000000 ORDER BY 1`, action, since)
	return collect(r, err, func(s scanner) (d DayCount, err error) { return d, s.Scan(&d.Day, &d.Count) })
}

// CorrectionDays counts the corrected or confirmed fields by day, for the last days.
func (s *Store) CorrectionDays(ctx context.Context, days int) ([]DayCount, error) {
	const day = 24 * 3600 * 1_000_000
	since := (microseconds(s.now())/day - int64(days) + 1) * day
	r, err := s.db.query(ctx, `SELECT at / 86400000000, COUNT(*) FROM corrections WHERE what = $1 AND undoes = '' AND carried = 0 AND at >= $2 GROUP BY at / 86400000000 ORDER BY 1`, string(TheField), since)
	return collect(r, err, func(s scanner) (d DayCount, err error) { return d, s.Scan(&d.Day, &d.Count) })
}
