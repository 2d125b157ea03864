package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sohoa/sohoa/schema"
)

// RecordQuery selects records of current versions. Zero fields do not restrict.
type RecordQuery struct {
	Document string
	Kind     string // "model", "task", …
	Profile  string // report type; one among several that a document was read as
	Province string // letter case and marks do not matter
	Period   string // as in [Origin]
	// From and To select what is about any day between them: "2025-01-01".
	From, To string
	Number   string // as the report writes it: "3", "II.4"
	Status   string // a schema.Status
	Approved *bool  // of the document
	ToReview *bool  // whether a field of the record needs review
	Changed  time.Time
	After    string // cursor that an earlier page of results ended with
	Limit    int    // 0 means 100
}

// RecordRow is a record with the document that it stands in.
type RecordRow struct {
	Document string
	Version  int
	Revision int64
	Profile  string
	State    State // of the document
	Changed  time.Time
	Origin   Origin
	Position int // in the document, 0-based
	Number   string
	Title    string
	Status   string
	ToReview int // fields of it that need review
	Record   schema.Record
}

// Records lists records in the order in which their documents changed, and
// returns the cursor of the next page of results, "" at the end. A document
// that changes while somebody pages comes again at the end; none that stays as
// it is is left out or comes twice.
func (s *Store) Records(ctx context.Context, q RecordQuery) (_ []RecordRow, next string, _ error) {
	if q.Limit <= 0 {
		q.Limit = 100
	}
	from, where, args, err := q.conditions()
	if err != nil {
		return nil, "", err
	}
	args = append(args, q.Limit+1)
	r, err := s.db.query(ctx, `SELECT d.id, v.version, d.revision, d.profile, d.state, d.changed_at, v.id, COALESCE(o.province, ''), COALESCE(o.period, ''), COALESCE(o.period_from, ''), COALESCE(o.period_to, ''), COALESCE(o.period_source, ''),
		r.position, r.number, r.title, r.status, r.data,
		(SELECT COUNT(*) FROM fields f WHERE f.version_id = r.version_id AND f.record = r.id AND f.state = 'needs_review')
		FROM `+from+` WHERE `+where+fmt.Sprintf(` ORDER BY d.changed_at, v.id, r.position LIMIT $%d`, len(args)), args...)
	all, err := collect(r, err, scanListed)
	if err != nil {
		return nil, "", fmt.Errorf("list records: %w", err)
	}
	if len(all) > q.Limit {
		all = all[:q.Limit]
		last := all[len(all)-1]
		next = fmt.Sprintf("%d-%d-%d", last.changed, last.version, last.Position)
	}
	out := make([]RecordRow, len(all))
	for i, x := range all {
		out[i] = x.RecordRow
	}
	return out, next, nil
}

// conditions turns a query into the tables to look in, what has to hold, and
// what the placeholders in it stand for.
func (q *RecordQuery) conditions() (from, where string, args []any, err error) {
	all := []string{"v.document = d.id AND v.version = d.version AND r.version_id = v.id"}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	// SQLite keeps to the order of a CROSS JOIN: documents come in the order of
	// their changes, so that a page is read and not sorted out of all records.
	from = "documents d CROSS JOIN versions v CROSS JOIN records r LEFT JOIN origins o ON o.document = d.id"
	if q.Province != "" || q.Period != "" { // few documents, found by an index
		from = "origins o CROSS JOIN documents d CROSS JOIN versions v CROSS JOIN records r"
		all = append(all, "o.document = d.id")
	}
	equal := func(column, value string) {
		if value != "" {
			all = append(all, column+" = "+arg(clean(value)))
		}
	}
	equal("d.id", q.Document)
	// A kind is too common to look records up by; the empty string keeps the
	// databases from it.
	equal("r.kind || ''", q.Kind)
	equal("o.province_key", fold(q.Province))
	equal("o.period", q.Period)
	equal("r.number", q.Number)
	equal("r.status", q.Status)
	if q.Profile != "" { // "indicators+services" is both
		all = append(all, "'+' || d.profile || '+' LIKE "+arg("%+"+escapeLike(clean(q.Profile))+"+%")+` ESCAPE '\'`)
	}
	if q.From != "" {
		all = append(all, "o.period_to >= "+arg(clean(q.From)))
	}
	if q.To != "" {
		all = append(all, "o.period_from <> '' AND o.period_from <= "+arg(clean(q.To)))
	}
	if q.Approved != nil {
		all = append(all, map[bool]string{true: "d.state = ", false: "d.state <> "}[*q.Approved]+arg(string(Locked)))
	}
	const open = "EXISTS (SELECT 1 FROM fields f WHERE f.version_id = r.version_id AND f.record = r.id AND f.state = 'needs_review')"
	if q.ToReview != nil {
		all = append(all, map[bool]string{true: "", false: "NOT "}[*q.ToReview]+open)
	}
	all = append(all, "d.changed_at >= "+arg(microseconds(q.Changed)))
	if q.After != "" {
		c, err := parseRecordCursor(q.After)
		if err != nil {
			return "", "", nil, err
		}
		// The first part alone is what PostgreSQL has an index for.
		all = append(all, fmt.Sprintf("d.changed_at >= %s AND (d.changed_at, v.id, r.position) > (%[1]s, %s, %s)", arg(c[0]), arg(c[1]), arg(c[2])))
	}
	return from, strings.Join(all, " AND "), args, nil
}

// listedRecord is a [RecordRow] with what its cursor is made of.
type listedRecord struct {
	RecordRow
	changed, version int64
}

func scanListed(s scanner) (x listedRecord, err error) {
	var data string
	if err = s.Scan(&x.Document, &x.Version, &x.Revision, &x.Profile, &x.State, &x.changed, &x.version, &x.Origin.Province, &x.Origin.Period, &x.Origin.From, &x.Origin.To, &x.Origin.PeriodSource,
		&x.Position, &x.Number, &x.Title, &x.Status, &data, &x.ToReview); err != nil {
		return x, err
	}
	x.RecordRow.Changed = timeOf(x.changed)
	return x, json.Unmarshal([]byte(data), &x.Record)
}

func parseRecordCursor(c string) (out [3]int64, err error) {
	parts := strings.Split(c, "-")
	if len(parts) == len(out) {
		for i, p := range parts {
			if out[i], err = strconv.ParseInt(p, 10, 64); err != nil {
				break
			}
		}
		if err == nil {
			return out, nil
		}
	}
	return out, fmt.Errorf("%w: cursor %q", ErrInvalid, c)
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// FieldPlace is a field of a document with its path.
type FieldPlace struct {
	Path       string
	Record     string // id, "" outside records
	RecordKind string
	Name       string
	Field      *schema.Field // leads into the document
}

// AllFields lists all fields of a document, in its order.
func AllFields(doc *schema.Document) []FieldPlace {
	var all []FieldPlace
	eachField(doc, func(l located) {
		all = append(all, FieldPlace{l.path, l.record, l.recordKind, l.name, l.field})
	})
	return all
}

// Events lists up to limit entries of the audit log that are of one of the
// actions, after the given one, oldest first.
func (s *Store) Events(ctx context.Context, actions []string, after int64, limit int) ([]AuditEntry, error) {
	args, in := []any{after, limit}, make([]string, len(actions))
	for i, a := range actions {
		args = append(args, a)
		in[i] = fmt.Sprintf("$%d", len(args))
	}
	r, err := s.db.query(ctx, auditColumns+`WHERE seq > $1 AND action IN (`+strings.Join(in, ", ")+`) ORDER BY seq LIMIT $2`, args...)
	all, err := collect(r, err, scanAudit)
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return all, nil
}

// Corrections lists up to limit corrections of a document, of all versions,
// after the one with the given id, oldest first; of one path, or of all when
// path is "".
func (s *Store) Corrections(ctx context.Context, document, path string, after int64, limit int) ([]Correction, error) {
	q, args := `WHERE document = $1 AND id > $2 ORDER BY id LIMIT $3`, []any{document, after, limit}
	if path != "" {
		q, args = `WHERE document = $1 AND id > $2 AND path = $4 ORDER BY id LIMIT $3`, append(args, clean(path))
	}
	r, err := s.db.query(ctx, correctionColumns+q, args...)
	all, err := collect(r, err, scanCorrection)
	if err != nil {
		return nil, fmt.Errorf("list corrections: %w", err)
	}
	return all, nil
}

// EventID names an entry to other systems: the same entry always has the same,
// and no two share one.
func (e AuditEntry) EventID() string { return "evt_" + e.Hash[:min(24, len(e.Hash))] }
