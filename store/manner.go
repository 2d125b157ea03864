package store

import (
	"context"
	"fmt"
)

// ReadPage has one page of a document read again in another manner ("" is the
// usual one; what the words mean is for [Work.Page] to know, see
// [Task.Manner]). A new version takes over the other pages; later versions keep
// to the manner. What people corrected is carried over as always. An approved
// document is refused with [ErrApproved].
func (s *Store) ReadPage(ctx context.Context, document string, page int, manner, by string) (Receipt, error) {
	out := Receipt{Document: document}
	err := s.db.update(ctx, func(t tx) error {
		old, err := s.before(ctx, t, document)
		if err != nil {
			return err
		}
		if page < 1 || page > old.pages {
			return fmt.Errorf("page %d of %d: %w", page, old.pages, ErrNotFound)
		}
		if old.state == Queued || old.state == Reading {
			if err := s.supersede(ctx, t, old.id); err != nil {
				return err
			}
		}
		if err := s.setManner(ctx, t, document, page, manner, by); err != nil {
			return err
		}
		out.Version, out.Queued = old.version+1, true
		u := Upload{By: by, Engine: old.engine, Assembly: old.assembly, Profile: old.profile}
		kept, err := s.nextVersion(ctx, t, u, document, old, page)
		if err != nil {
			return err
		}
		return s.audit(ctx, t, by, Submitted, document, out.Version, map[string]any{"page": page, "manner": manner, "kept_pages": kept})
	})
	if err != nil {
		return Receipt{}, fmt.Errorf("read page %d of %s again: %w", page, document, err)
	}
	return out, nil
}

func (s *Store) setManner(ctx context.Context, t tx, document string, page int, manner, by string) error {
	if manner == "" {
		_, err := t.exec(ctx, `DELETE FROM manners WHERE document = $1 AND page = $2`, document, page)
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO manners (document, page, manner, by_whom, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (document, page) DO UPDATE SET manner = excluded.manner, by_whom = excluded.by_whom, at = excluded.at`,
		document, page, manner, by, microseconds(s.now()))
	return err
}

// manners returns how the pages of a version's document are to be read, where
// that is not the usual way.
func (s *Store) manners(ctx context.Context, t tx, version int64) (map[int]string, error) {
	type wish struct {
		page   int
		manner string
	}
	r, err := t.query(ctx, `SELECT page, manner FROM manners WHERE document = (SELECT document FROM versions WHERE id = $1)`, version)
	all, err := collect(r, err, func(s scanner) (w wish, err error) { return w, s.Scan(&w.page, &w.manner) })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	out := make(map[int]string, len(all))
	for _, w := range all {
		out[w.page] = w.manner
	}
	return out, nil
}
