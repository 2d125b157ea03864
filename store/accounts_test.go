package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

// TestPeople holds accounts, sessions, double entries and figures against both
// databases.
func TestPeople(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { people(t, storetest.SQLite(t).Open(t)) })
	t.Run("Postgres", func(t *testing.T) { people(t, storetest.StartPostgres(t).Database(t).Open(t)) })
}

func people(t *testing.T, s *store.Store) {
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Invite(ctx, "token", "approver", "test", time.Now().Add(time.Hour)))
	must(s.Invite(ctx, "late", "approver", "test", time.Now().Add(-time.Hour)))
	if role, err := s.Invitation(ctx, "token"); role != "approver" || err != nil {
		t.Errorf("invitation: %q, %v", role, err)
	}
	if err := s.MakeAccount(ctx, "late", store.Account{Name: "Mai"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a late invitation: %v", err)
	}
	must(s.MakeAccount(ctx, "token", store.Account{Name: "Lan", Password: "hash", Role: "administrator"}))
	if err := s.MakeAccount(ctx, "token", store.Account{Name: "Mai"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an invitation used twice: %v", err)
	}
	must(s.Invite(ctx, "second", "reader", "test", time.Now().Add(time.Hour)))
	if err := s.MakeAccount(ctx, "second", store.Account{Name: "Lan"}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a name that is taken: %v", err)
	}
	if _, err := s.Invitation(ctx, "second"); err != nil {
		t.Errorf("the invitation is used up by a name that is taken: %v", err)
	}
	a, err := s.Account(ctx, "Lan")
	if err != nil || a.Role != "approver" || a.Password != "hash" {
		t.Errorf("account %+v, %v; its role is the invitation's", a, err)
	}
	a.Disabled = true
	must(s.ChangeAccount(ctx, a, "test"))
	if all, err := s.Accounts(ctx); err != nil || len(all) != 1 || !all[0].Disabled {
		t.Errorf("accounts %+v, %v", all, err)
	}

	must(s.KeepSession(ctx, "cookie", []byte("data"), time.Now().Add(time.Hour)))
	must(s.KeepSession(ctx, "old", []byte("data"), time.Now().Add(-time.Hour)))
	for token, want := range map[string]bool{"cookie": true, "old": false, "other": false} {
		if _, found, err := s.Session(ctx, token); found != want || err != nil {
			t.Errorf("session %s: %v, %v", token, found, err)
		}
	}
	must(s.EndSession(ctx, "cookie"))
	if _, found, _ := s.Session(ctx, "cookie"); found {
		t.Error("a session that ended is found")
	}

	must(s.Enter(ctx, "d", 1, store.Entry{Path: "p", By: "Lan", Text: "1"}))
	must(s.Enter(ctx, "d", 1, store.Entry{Path: "p", By: "Lan", Text: "2"}))
	if all, err := s.Entries(ctx, "d", 1); err != nil || len(all) != 1 || all[0].Text != "2" {
		t.Errorf("entries %+v, %v", all, err)
	}

	id := storetest.Process(t, s, 1, 2)
	if all, err := s.TotalsByGroup(ctx); err != nil || len(all) != 1 || all[0].Documents != 1 || all[0].Fields == 0 {
		t.Errorf("totals %+v, %v", all, err)
	}
	doc, _, err := s.Current(ctx, id)
	must(err)
	f := store.FieldAt(doc, "header/title")
	_, err = s.Correct(ctx, id, store.Batch{By: "Lan", Changes: []store.Change{{What: store.TheField, Path: "header/title", Field: f}}})
	must(err)
	if n, err := s.FieldsTouched(ctx); n != 1 || err != nil {
		t.Errorf("%d fields touched, %v", n, err)
	}
	if days, err := s.CorrectionDays(ctx, 3); err != nil || len(days) != 1 || days[0].Count != 1 {
		t.Errorf("days %+v, %v", days, err)
	}
	if days, err := s.AuditDays(ctx, store.Processed, 3); err != nil || len(days) != 1 || days[0].Count != 1 {
		t.Errorf("days %+v, %v", days, err)
	}
	if last, err := s.LastCorrections(ctx, 5); err != nil || len(last) != 1 {
		t.Errorf("last %+v, %v", last, err)
	}
	if _, _, err := s.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
}
