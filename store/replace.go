package store

import (
	"context"
	"fmt"

	"github.com/sohoa/sohoa/schema"
)

// Replace puts another result of the same pages in the place of the current
// version's, as when its titles were linked to a plan that was read after it.
// A document that people have corrected or approved keeps what they saw, and
// one that is not finished has nothing to replace; done is false then.
func (s *Store) Replace(ctx context.Context, document string, version int, doc *schema.Document) (done bool, err error) {
	data, err := pack(doc)
	if err != nil {
		return false, fmt.Errorf("replace %s: %w", document, err)
	}
	err = s.db.durable(ctx, func(t tx) error {
		var state State
		var current int
		if err := t.row(ctx, `SELECT state, version FROM documents WHERE id = $1`+s.db.dialect().forUpdate, document).Scan(&state, &current); err != nil {
			return notFound(err)
		}
		entries, err := s.history(ctx, t, document, version)
		if err != nil {
			return err
		}
		if state != Ready || current != version || len(entries) > 0 {
			return nil
		}
		var id int64
		if err := t.row(ctx, `UPDATE versions SET data = $3 WHERE document = $1 AND version = $2 RETURNING id`, document, version, data).Scan(&id); err != nil {
			return notFound(err)
		}
		for _, table := range []string{"fields", "records"} {
			if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE version_id = $1`, id); err != nil {
				return err
			}
		}
		total, left, err := s.index(ctx, t, id, doc)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE documents SET revision = revision + 1, fields = $2, fields_left = $3, changed_at = $4 WHERE id = $1`,
			document, total, left, microseconds(s.now())); err != nil {
			return err
		}
		done = true
		return s.audit(ctx, t, machine, Processed, document, version, map[string]any{"linked": true, "records": len(doc.Records), "fields": total, "fields_left": left})
	})
	if err != nil {
		return false, fmt.Errorf("replace %s: %w", document, err)
	}
	return done, nil
}
