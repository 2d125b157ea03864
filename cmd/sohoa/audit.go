package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/sohoa/sohoa/store"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"check that nothing in the audit log was changed, taken out or put in, and that all deletions came to their end"`
}

// auditVerifyCmd checks the chain of the audit log. What a chain cannot tell
// is that its end was cut off together with its head: for that somebody keeps
// an end elsewhere, and gives it as --entries and --hash.
type auditVerifyCmd struct {
	storing
	Entries int64  `placeholder:"N" help:"entries that an earlier check found"`
	Hash    string `placeholder:"HASH" help:"hash of the last entry that an earlier check found"`
}

func (auditVerifyCmd) Help() string {
	return example(
		"  sohoa audit verify --data sohoa-data",
		"  sohoa audit verify --db postgres://sohoa@db/sohoa --blobs file:///shared/sohoa --entries 5021 --hash 9f2c…",
	)
}

func (a *auditVerifyCmd) Run(ctx context.Context, c *console) error {
	if a.Hash != "" && a.Entries <= 0 {
		return usage(c.Sprintf("give --entries with --hash"), errors.New(c.Sprintf("--hash is that of the last of so many entries")))
	}
	s, err := a.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	n, last, err := s.VerifyAudit(ctx)
	if err == nil && (a.Entries > 0 || a.Hash != "") {
		err = a.since(ctx, s, n)
	}
	if errors.Is(err, store.ErrTampered) {
		return failure(c.Sprintf("compare with a backup, and find out who can write to the database"), err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, c.Sprintf("The audit log is whole: %d entries, the last one %s.", n, last))
	half, err := s.HalfDeleted(ctx)
	if err != nil || len(half) == 0 {
		return err
	}
	for _, id := range half {
		fmt.Fprintln(c.out, id)
	}
	return failure(c.Sprintf("run `sohoa delete` for each of them again: it goes on where it was"),
		errors.New(c.Sprintf("%d deletions were interrupted; files or traces of these documents are left", len(half))))
}

// since checks that the log still holds what an earlier check found.
func (a *auditVerifyCmd) since(ctx context.Context, s *store.Store, n int64) error {
	if n < a.Entries {
		return fmt.Errorf("%w: it had %d entries, it has %d", store.ErrTampered, a.Entries, n)
	}
	if a.Entries <= 0 || a.Hash == "" {
		return nil
	}
	at, err := s.AuditLog(ctx, "", a.Entries-1, 1)
	if err != nil {
		return err
	}
	if len(at) != 1 || at[0].Hash != a.Hash {
		return fmt.Errorf("%w: entry %d is not the one that it was", store.ErrTampered, a.Entries)
	}
	return nil
}
