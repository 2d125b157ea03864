package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

// bothDatabases runs a test on an empty store of each kind.
func bothDatabases(t *testing.T, f func(*testing.T, *store.Store, storetest.Database)) {
	t.Run("SQLite", func(t *testing.T) { db := storetest.SQLite(t); f(t, db.Open(t), db) })
	t.Run("Postgres", func(t *testing.T) { db := storetest.StartPostgres(t).Database(t); f(t, db.Open(t), db) })
}

func TestTokens(t *testing.T) {
	bothDatabases(t, func(t *testing.T, s *store.Store, _ storetest.Database) {
		ctx := t.Context()
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		s.SetClock(func() time.Time { return now })
		if _, _, err := s.MakeToken(ctx, store.Token{Name: " ", Scopes: []string{"a"}}); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("a token without a name: %v", err)
		}
		made, secret, err := s.MakeToken(ctx, store.Token{Name: "dashboard", Scopes: []string{"documents:read", "events:read"}, By: "Lan", Until: now.Add(48 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(secret, "sohoa_"+made.ID+"_") || len(secret) < 40 {
			t.Errorf("secret %q", secret)
		}
		got, err := s.TokenOf(ctx, secret)
		if err != nil || got.ID != made.ID || !got.May("events:read") || got.May("events") || got.Actor() != "api:dashboard" {
			t.Errorf("token %+v, %v", got, err)
		}
		for _, wrong := range []string{"", made.ID, secret[:len(secret)-1], secret + "A", strings.ToLower(secret)} {
			if _, err := s.TokenOf(ctx, wrong); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%q is taken: %v", wrong, err)
			}
		}
		all, err := s.Tokens(ctx)
		if err != nil || len(all) != 1 || !all[0].Used.Equal(now) {
			t.Errorf("tokens %+v, %v", all, err)
		}
		now = now.Add(49 * time.Hour)
		if _, err := s.TokenOf(ctx, secret); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a token that ended: %v", err)
		}
		_, other, err := s.MakeToken(ctx, store.Token{Name: "other", Scopes: []string{"a"}, By: "Lan"})
		if err != nil {
			t.Fatal(err)
		}
		got, err = s.TokenOf(ctx, other)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time changes nothing
			if err := s.RevokeToken(ctx, got.ID, "Lan"); err != nil {
				t.Error(err)
			}
		}
		if _, err := s.TokenOf(ctx, other); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a revoked token: %v", err)
		}
		if err := s.RevokeToken(ctx, "none", "Lan"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("revoking none: %v", err)
		}
		if _, _, err := s.VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestIdempotencyKeys(t *testing.T) {
	bothDatabases(t, func(t *testing.T, s *store.Store, _ storetest.Database) {
		ctx := t.Context()
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		s.SetClock(func() time.Time { return now })
		hold := func(token string, want error, answer string) {
			t.Helper()
			a, err := s.HoldKey(ctx, token, "key")
			if !errors.Is(err, want) || (a == nil) != (answer == "") || a != nil && a.Body != answer {
				t.Fatalf("hold: %+v, %v; want %q, %v", a, err, answer, want)
			}
		}
		hold("one", nil, "")
		hold("one", store.ErrConflict, "")
		hold("two", nil, "") // keys of others are others
		if err := s.DropKey(ctx, "one", "key"); err != nil {
			t.Fatal(err)
		}
		hold("one", nil, "")
		if err := s.SettleKey(ctx, "one", "key", store.Answer{Fingerprint: "f", Body: `{"a":1}`}); err != nil {
			t.Fatal(err)
		}
		if err := s.DropKey(ctx, "one", "key"); err != nil { // what is settled stays
			t.Fatal(err)
		}
		hold("one", nil, `{"a":1}`)
		now = now.Add(2 * time.Hour)
		hold("one", nil, `{"a":1}`)
		hold("two", nil, "") // its holder died
		now = now.Add(24 * time.Hour)
		hold("one", nil, "")
	})
}

func TestRecords(t *testing.T) {
	bothDatabases(t, func(t *testing.T, s *store.Store, db storetest.Database) {
		ctx := t.Context()
		first, second := storetest.Process(t, s, 1, 2), storetest.Process(t, s, 2, 1)
		count := func(q store.RecordQuery) int {
			t.Helper()
			q.Limit = 2
			seen := map[string]bool{}
			for {
				rows, next, err := s.Records(ctx, q)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rows {
					if seen[r.Document+r.Record.ID] || r.Record.ID == "" || r.Profile != "models" {
						t.Errorf("%+v", r)
					}
					seen[r.Document+r.Record.ID] = true
				}
				if q.After = next; next == "" {
					return len(seen)
				}
			}
		}
		yes, no := true, false
		title := schema.Field{Value: "Kết quả quý II năm 2025 của tỉnh Sơn Hải", Text: "Kết quả quý II năm 2025 của tỉnh Sơn Hải", Confidence: 1, State: schema.Corrected}
		name := schema.Field{Value: "Mô hình", Text: "Mô hình", Confidence: 1, State: schema.Corrected}
		if _, err := s.Correct(ctx, second, store.Batch{By: "Lan", Changes: []store.Change{
			{What: store.TheField, Path: "header/title", Field: &title}, {What: store.TheField, Path: "records/p1%2F1/title", Field: &name},
		}}); err != nil {
			t.Fatal(err)
		}
		if err := s.Approve(ctx, second, "Lan", 0); err != nil {
			t.Fatal(err)
		}
		changed, err := s.Document(ctx, second)
		if err != nil {
			t.Fatal(err)
		}
		for want, queries := range map[int][]store.RecordQuery{
			9: {{}, {Kind: "model"}, {Profile: "models"}},
			6: {{Document: first}, {Approved: &no}},
			3: {{Province: "sơn hải"}, {Province: "SON HAI", Period: "2025-Q2"}, {From: "2025-06-30", To: "2026-01-01"}, {Approved: &yes}, {Changed: changed.Changed}, {Number: "2"}},
			8: {{ToReview: &yes}},
			1: {{ToReview: &no}, {Document: second, Number: "1"}},
			0: {{Kind: "task"}, {Profile: "model"}, {Province: "Khác"}, {From: "2025-07-01"}, {To: "2025-03-31"}, {Status: "completed"}, {Changed: time.Now().Add(time.Hour)}},
		} {
			for _, q := range queries {
				if got := count(q); got != want {
					t.Errorf("%+v: %d records, want %d", q, got, want)
				}
			}
		}
		for _, bad := range []string{"x", "1-2", "1-2-3-4", "1-a-3"} {
			if _, _, err := s.Records(ctx, store.RecordQuery{After: bad}); !errors.Is(err, store.ErrInvalid) {
				t.Errorf("cursor %q: %v", bad, err)
			}
		}
		if o, err := s.Origin(ctx, second); err != nil || o.Province != "Sơn Hải" || o.Period != "2025-Q2" {
			t.Errorf("origin %+v, %v", o, err)
		}
		// A store of an older version knows no origins.
		if _, err := s.Tamper(ctx, `DELETE FROM origins`); err != nil {
			t.Fatal(err)
		}
		if o, err := db.Open(t).Origin(ctx, second); err != nil || o.Province != "Sơn Hải" {
			t.Errorf("origin %+v, %v", o, err)
		}
		events, err := s.Events(ctx, []string{store.Approved, store.Amended}, 0, 10)
		if err != nil || len(events) != 2 || events[0].Action != store.Amended || events[1].Document != second {
			t.Errorf("events %+v, %v", events, err)
		}
		all, err := s.Corrections(ctx, second, "", 0, 1)
		if err != nil || len(all) != 1 || all[0].Path != "header/title" {
			t.Errorf("corrections %+v, %v", all, err)
		}
		if all, err = s.Corrections(ctx, second, "records/p1%2F1/title", all[0].ID, 9); err != nil || len(all) != 1 {
			t.Errorf("corrections %+v, %v", all, err)
		}
	})
}
