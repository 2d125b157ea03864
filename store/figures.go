package store

import (
	"context"
	"fmt"
)

// Group is what figures are told apart by: the report type, and the province,
// or the issuer where no province is known.
type Group struct {
	Profile, Province string
}

// groupColumns select the group of documents d.
const groupColumns = `d.profile, CASE WHEN COALESCE(o.province, '') <> '' THEN o.province ELSE d.issuer END`

// Totals are sums over the documents of a group.
type Totals struct {
	Group
	Documents  int
	Approved   int
	Fields     int
	FieldsLeft int
	Touched    int // fields that people corrected or confirmed
}

// Untouched is the number of fields that nobody had to touch.
func (t Totals) Untouched() int { return max(0, t.Fields-t.FieldsLeft-t.Touched) }

// TotalsByGroup sums the documents up, the largest groups first.
func (s *Store) TotalsByGroup(ctx context.Context) ([]Totals, error) {
	r, err := s.db.query(ctx, `SELECT `+groupColumns+`, COUNT(*), CAST(SUM(CASE WHEN d.state = $1 THEN 1 ELSE 0 END) AS BIGINT),
			CAST(SUM(d.fields) AS BIGINT), CAST(SUM(d.fields_left) AS BIGINT), CAST(COALESCE(SUM(t.touched), 0) AS BIGINT)
		FROM documents d LEFT JOIN origins o ON o.document = d.id
		LEFT JOIN (SELECT document, version, COUNT(DISTINCT path) AS touched FROM corrections WHERE what = $2 GROUP BY document, version) t
			ON t.document = d.id AND t.version = d.version
		WHERE d.version > 0 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`, string(Locked), string(TheField))
	all, err := collect(r, err, func(s scanner) (t Totals, err error) {
		return t, s.Scan(&t.Profile, &t.Province, &t.Documents, &t.Approved, &t.Fields, &t.FieldsLeft, &t.Touched)
	})
	if err != nil {
		return nil, fmt.Errorf("sum up documents: %w", err)
	}
	return all, nil
}

// GroupsOfLast returns the groups of the documents that [Store.LastCorrections]
// with the same limit is about, by their ids.
func (s *Store) GroupsOfLast(ctx context.Context, limit int) (map[string]Group, error) {
	type row struct {
		id string
		Group
	}
	r, err := s.db.query(ctx, `SELECT d.id, `+groupColumns+` FROM documents d LEFT JOIN origins o ON o.document = d.id
		WHERE d.id IN (SELECT document FROM (SELECT document FROM corrections WHERE what = $1 AND carried = 0 ORDER BY id DESC LIMIT $2) l)`, string(TheField), limit)
	all, err := collect(r, err, func(s scanner) (g row, err error) { return g, s.Scan(&g.id, &g.Profile, &g.Province) })
	if err != nil {
		return nil, fmt.Errorf("groups of corrected documents: %w", err)
	}
	out := make(map[string]Group, len(all))
	for _, g := range all {
		out[g.id] = g.Group
	}
	return out, nil
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
