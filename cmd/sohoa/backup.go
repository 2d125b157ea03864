package main

import (
	"context"
	"fmt"
)

type backupCmd struct {
	File string `arg:"" help:"file to write; it must not exist"`
	storing
}

func (backupCmd) Help() string {
	return example(
		"  sohoa backup sohoa-2026-07-31.db",
		"  pg_dump -Fc postgres://sohoa@db/sohoa > sohoa.dump   # a store on PostgreSQL",
	)
}

func (b *backupCmd) Run(ctx context.Context, c *console) error {
	s, err := b.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Backup(ctx, b.File); err != nil {
		return failure(c.Sprintf("a store on PostgreSQL is backed up by pg_dump; a SQLite one into a new file"), err)
	}
	fmt.Fprintln(c.out, c.Sprintf("The database is in %s; copy the folder of files too.", b.File))
	return nil
}
