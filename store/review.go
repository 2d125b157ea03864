package store

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Claim says that a person works on a document, so that two do not do the same.
type Claim struct {
	Document string
	By       string
	Since    time.Time
	Until    time.Time // it ends by itself then
}

// Claim takes a document for a person, or prolongs their claim. It fails with
// [ErrClaimed] while another person has it; the error names them.
func (s *Store) Claim(ctx context.Context, document, by string, lasts time.Duration) (Claim, error) {
	now := s.now()
	c := Claim{Document: document, By: by, Since: now, Until: now.Add(lasts)}
	err := s.db.update(ctx, func(t tx) error {
		// The document's row makes two that come at once take turns.
		var id string
		if err := t.row(ctx, `SELECT id FROM documents WHERE id = $1`+s.db.dialect().forUpdate, document).Scan(&id); err != nil {
			return notFound(err)
		}
		n, err := t.exec(ctx, `INSERT INTO claims (document, by_whom, since, until) VALUES ($1, $2, $3, $4)
			ON CONFLICT (document) DO UPDATE SET by_whom = excluded.by_whom, until = excluded.until,
				since = CASE WHEN claims.by_whom = excluded.by_whom AND claims.until > $3 THEN claims.since ELSE excluded.since END
			WHERE claims.by_whom = excluded.by_whom OR claims.until <= $3`, document, by, microseconds(now), microseconds(c.Until))
		if err != nil {
			return err
		}
		var since int64
		var who string
		if err := t.row(ctx, `SELECT by_whom, since FROM claims WHERE document = $1`, document).Scan(&who, &since); err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("%w: %s", ErrClaimed, who)
		}
		c.Since = timeOf(since)
		return nil
	})
	if err != nil {
		return Claim{}, fmt.Errorf("claim %s: %w", document, err)
	}
	return c, nil
}

// Release ends a person's claim. Releasing what one does not have does nothing.
func (s *Store) Release(ctx context.Context, document, by string) error {
	_, err := s.db.exec(ctx, `DELETE FROM claims WHERE document = $1 AND by_whom = $2`, document, by)
	return err
}

// Approve locks a document: nobody, machine or person, changes it until it is
// reopened. revision is the one that was looked at, 0 to take the current one.
func (s *Store) Approve(ctx context.Context, document, by string, revision int64) error {
	return s.setLock(ctx, document, by, revision, Ready, Locked, Approved)
}

// Reopen unlocks an approved document; the reason goes into the audit log.
func (s *Store) Reopen(ctx context.Context, document, by, reason string) error {
	return s.setLock(ctx, document, by, 0, Locked, Ready, Reopened, reason)
}

func (s *Store) setLock(ctx context.Context, document, by string, revision int64, from, to State, action string, reason ...string) error {
	err := s.db.durable(ctx, func(t tx) error {
		var state State
		var version, left int
		var has int64
		if err := t.row(ctx, `SELECT state, version, revision, fields_left FROM documents WHERE id = $1`+s.db.dialect().forUpdate, document).Scan(&state, &version, &has, &left); err != nil {
			return notFound(err)
		}
		if state == to {
			return nil
		}
		if state != from || revision != 0 && revision != has {
			return ErrConflict
		}
		if _, err := t.exec(ctx, `UPDATE documents SET state = $2, revision = revision + 1, changed_at = $3 WHERE id = $1`, document, to, microseconds(s.now())); err != nil {
			return err
		}
		return s.audit(ctx, t, by, action, document, version, map[string]any{"revision": has + 1, "fields_left": left, "reason": strings.Join(reason, "")})
	})
	if err != nil {
		return fmt.Errorf("%s: %s: %w", action, document, err)
	}
	return nil
}

// FieldQuery selects fields of current versions. Zero fields do not restrict.
type FieldQuery struct {
	Document      string
	State         string // a schema.State
	Name          string // "status", "title", …
	RecordKind    string
	Kind          string  // text, number, bool, money, citation, quantity, none
	Text          string  // exactly; for checking all that was read as the same value
	MaxConfidence float64 // at most; 0 does not restrict
	LeastSure     bool    // order by confidence instead of place
	Limit         int     // 0 means 200
	Offset        int
}

// FieldRow is a field as the index has it.
type FieldRow struct {
	Document   string
	Version    int
	Path       string
	Record     string // id, "" outside records
	RecordKind string
	Name       string
	Kind       string
	State      string
	Confidence float64
	Text       string
	Why        []string
	Page       int // first page that it stands on, 0 when on none
}

// Fields lists fields of the current versions of documents.
func (s *Store) Fields(ctx context.Context, q FieldQuery) ([]FieldRow, error) {
	if q.Limit <= 0 {
		q.Limit = 200
	}
	where, args := []string{"d.version = v.version"}, []any{}
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	for column, value := range map[string]string{"d.id": q.Document, "f.state": q.State, "f.name": q.Name, "f.record_kind": q.RecordKind, "f.kind": q.Kind, "f.text": q.Text} {
		if value != "" {
			where = append(where, column+" = "+arg(value))
		}
	}
	if q.MaxConfidence > 0 {
		where = append(where, "f.confidence <= "+arg(q.MaxConfidence))
	}
	order := "v.id, f.page, f.path"
	if q.LeastSure {
		order = "f.confidence, v.id, f.path"
	}
	r, err := s.db.query(ctx, `SELECT v.document, v.version, f.path, f.record, f.record_kind, f.name, f.kind, f.state, f.confidence, f.text, f.why, f.page
		FROM fields f JOIN versions v ON v.id = f.version_id JOIN documents d ON d.id = v.document
		WHERE `+strings.Join(where, " AND ")+` ORDER BY `+order+` LIMIT `+arg(q.Limit)+` OFFSET `+arg(q.Offset), args...)
	all, err := collect(r, err, func(s scanner) (f FieldRow, err error) {
		var why string
		err = s.Scan(&f.Document, &f.Version, &f.Path, &f.Record, &f.RecordKind, &f.Name, &f.Kind, &f.State, &f.Confidence, &f.Text, &why, &f.Page)
		if why != "" {
			f.Why = strings.Split(why, ",")
		}
		return f, err
	})
	if err != nil {
		return nil, fmt.Errorf("list fields: %w", err)
	}
	return all, nil
}
