package store

import (
	"context"
	"errors"
	"fmt"
)

// Backup writes the SQLite database, as it is at one moment, into a new file,
// while work goes on. The blobs are not in it; they never change once written,
// so that copying them afterwards gives a set that fits. PostgreSQL has
// pg_dump for this.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.Database() != "sqlite" {
		return errors.New("back up: the store is on PostgreSQL")
	}
	if _, err := s.db.exec(ctx, `VACUUM INTO $1`, file); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}
