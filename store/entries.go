package store

import (
	"context"
	"fmt"
	"time"
)

// Entry is what a person typed for a field that two have to type without
// seeing each other's.
type Entry struct {
	Path string
	By   string
	Text string
	At   time.Time
}

// Enter keeps what a person typed. It changes nothing of the document; typing
// again replaces what the same person typed before.
func (s *Store) Enter(ctx context.Context, document string, version int, e Entry) error {
	err := s.db.durable(ctx, func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO entries (document, version, path, by_whom, text, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (document, version, path, by_whom) DO UPDATE SET text = excluded.text, at = excluded.at`,
			document, version, clean(e.Path), clean(e.By), clean(e.Text), microseconds(s.now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("enter %s: %w", e.Path, err)
	}
	return nil
}

// Entries lists what people typed for fields of a version, oldest first.
func (s *Store) Entries(ctx context.Context, document string, version int) ([]Entry, error) {
	r, err := s.db.query(ctx, `SELECT path, by_whom, text, at FROM entries WHERE document = $1 AND version = $2 ORDER BY at, by_whom`, document, version)
	return collect(r, err, func(s scanner) (e Entry, err error) {
		var at int64
		err = s.Scan(&e.Path, &e.By, &e.Text, &at)
		e.At = timeOf(at)
		return e, err
	})
}
