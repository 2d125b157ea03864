package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Watched reports whether the file with this size and time of change has been
// submitted by a watcher before.
func (s *Store) Watched(ctx context.Context, path string, bytes int64, modified time.Time) (bool, error) {
	var n, at int64
	err := notFound(s.db.row(ctx, `SELECT bytes, modified FROM watched WHERE path = $1`, clean(path)).Scan(&n, &at))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up %s: %w", path, err)
	}
	return n == bytes && at == microseconds(modified), nil
}

// SetWatched notes that the file was submitted as the given document.
func (s *Store) SetWatched(ctx context.Context, path string, bytes int64, modified time.Time, document string) error {
	_, err := s.db.exec(ctx, `INSERT INTO watched (path, bytes, modified, document) VALUES ($1, $2, $3, $4)
		ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes, modified = excluded.modified, document = excluded.document`,
		clean(path), bytes, microseconds(modified), document)
	if err != nil {
		return fmt.Errorf("note %s: %w", path, err)
	}
	return nil
}
