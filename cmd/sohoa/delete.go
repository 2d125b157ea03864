package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/sohoa/sohoa/store"
)

type deleteCmd struct {
	Document string `arg:"" help:"document to delete, by its id"`
	Reason   string `required:"" placeholder:"TEXT" help:"why, for the audit log; name no person here"`
	storing
}

func (deleteCmd) Help() string {
	return example(
		`  sohoa delete 3f5a… --reason "request 12/2026"`,
	)
}

func (d *deleteCmd) Run(ctx context.Context, c *console) error {
	s, err := d.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	gone, err := s.Delete(ctx, d.Document, whoami(), d.Reason)
	if errors.Is(err, store.ErrNotFound) {
		return failure(c.Sprintf("give the whole id, as `sohoa status` and the results name it"), err)
	}
	if err != nil {
		return failure(c.Sprintf("run the same command again: it goes on where it was"), err)
	}
	fmt.Fprintln(c.out, c.Sprintf("Deleted: %d versions, %d pages, %d corrections, %d files.", gone.Versions, gone.Pages, gone.Corrections, gone.Blobs))
	if gone.Unerased > 0 {
		fmt.Fprintln(c.out, c.Sprintf("%d entries of the audit log are older than deletion and keep what they say.", gone.Unerased))
	}
	fmt.Fprintln(c.out, c.Sprintf("Backups still hold it; see docs/security.md."))
	return nil
}
