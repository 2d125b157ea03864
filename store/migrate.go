package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the database up to what this program knows: River's tables
// first, then ours, each file of migrations once and in a transaction. A
// database that a newer program has touched is refused.
func migrate(ctx context.Context, db database) error {
	return db.alone(ctx, func() error {
		if err := db.migrateRiver(ctx); err != nil {
			return fmt.Errorf("migrate the job tables: %w", err)
		}
		return migrateOurs(ctx, db)
	})
}

func migrateOurs(ctx context.Context, db database) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	slices.Sort(files)
	return db.update(ctx, func(t tx) error {
		d := db.dialect()
		if _, err := t.exec(ctx, `CREATE TABLE IF NOT EXISTS sohoa_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)`); err != nil {
			return err
		}
		var have int
		if err := t.row(ctx, `SELECT COALESCE(MAX(number), 0) FROM sohoa_migrations`).Scan(&have); err != nil {
			return err
		}
		if have > len(files) {
			return fmt.Errorf("%w (migration %d, this one knows %d)", ErrNewer, have, len(files))
		}
		for i, file := range files {
			if i < have {
				continue
			}
			text, err := migrations.ReadFile(file)
			if err != nil {
				return err
			}
			if _, err := t.exec(ctx, strings.NewReplacer(slices.Concat(d.migration, d.views)...).Replace(string(text))); err != nil {
				return fmt.Errorf("migrate %s: %w", file, err)
			}
			if _, err := t.exec(ctx, `INSERT INTO sohoa_migrations (number, name, at) VALUES ($1, $2, $3)`, i+1, file, microseconds(time.Now())); err != nil {
				return err
			}
		}
		return nil
	})
}
