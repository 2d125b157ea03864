package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Actions of the audit log about tokens.
const (
	TokenMade    = "token.made"
	TokenRevoked = "token.revoked"
)

// Token lets a program use the API. What its scopes allow is up to the program
// in front of the store.
type Token struct {
	ID      string // public
	Name    string // of the client, as people call it
	Scopes  []string
	By      string // who made it
	Created time.Time
	Until   time.Time // it ends by itself then; zero is never
	Used    time.Time // last, to the minute; zero is never
	Revoked time.Time // zero while it is good
}

// Actor is how what the client does is signed in the history and the audit log.
func (t Token) Actor() string { return "api:" + t.Name }

// May reports whether the token has the scope.
func (t Token) May(scope string) bool { return slices.Contains(t.Scopes, scope) }

// MakeToken makes a token and returns the secret that the client sends. It
// cannot be shown again: the store keeps its hash alone.
func (s *Store) MakeToken(ctx context.Context, t Token) (made Token, secret string, err error) {
	// rand.Text has 130 bits. The words before it let people and scanners of
	// leaked secrets see what it is.
	t.ID = strings.ToLower(rand.Text()[:10])
	secret = "sohoa_" + t.ID + "_" + rand.Text()
	t.Created, t.Name = s.now().UTC().Truncate(time.Microsecond), clean(strings.TrimSpace(t.Name))
	if t.Name == "" || len(t.Scopes) == 0 {
		return t, "", fmt.Errorf("make token: %w: it needs a name and at least one scope", ErrInvalid)
	}
	err = s.db.durable(ctx, func(x tx) error {
		if _, err := x.exec(ctx, `INSERT INTO tokens (id, name, hash, scopes, by_whom, created_at, until) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			t.ID, t.Name, hashed(secret), strings.Join(t.Scopes, " "), clean(t.By), microseconds(t.Created), microseconds(t.Until)); err != nil {
			return err
		}
		return s.audit(ctx, x, t.By, TokenMade, "", 0, map[string]any{"token": t.ID, "name": t.Name, "scopes": t.Scopes})
	})
	if err != nil {
		return t, "", fmt.Errorf("make token: %w", err)
	}
	return t, secret, nil
}

const tokenColumns = `SELECT id, name, scopes, by_whom, created_at, until, used_at, revoked_at FROM tokens `

func scanToken(r scanner) (t Token, err error) {
	var scopes string
	var created, until, used, revoked int64
	err = r.Scan(&t.ID, &t.Name, &scopes, &t.By, &created, &until, &used, &revoked)
	t.Scopes = strings.Fields(scopes)
	t.Created, t.Until, t.Used, t.Revoked = timeOf(created), timeOf(until), timeOf(used), timeOf(revoked)
	return t, notFound(err)
}

// Tokens lists all tokens, the revoked ones too, oldest first.
func (s *Store) Tokens(ctx context.Context) ([]Token, error) {
	r, err := s.db.query(ctx, tokenColumns+`ORDER BY created_at, id`)
	all, err := collect(r, err, scanToken)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return all, nil
}

// TokenOf returns the token whose secret a client sent, [ErrNotFound] when it
// is none, was revoked or has ended. It notes that the token was used.
func (s *Store) TokenOf(ctx context.Context, secret string) (Token, error) {
	now := s.now()
	t, err := scanToken(s.db.row(ctx, tokenColumns+`WHERE hash = $1 AND revoked_at = 0 AND (until = 0 OR until > $2)`, hashed(secret), microseconds(now)))
	if err != nil {
		return Token{}, fmt.Errorf("token: %w", err)
	}
	// A write for each request would make readers wait for each other.
	if now.Sub(t.Used) >= time.Minute {
		if _, err := s.db.exec(ctx, `UPDATE tokens SET used_at = $2 WHERE id = $1 AND used_at < $3`, t.ID, microseconds(now), microseconds(now.Add(-time.Minute))); err != nil {
			return Token{}, fmt.Errorf("token: %w", err)
		}
	}
	return t, nil
}

// RevokeToken ends a token at once. One that was revoked before stays so;
// [ErrNotFound] when there is none with the id.
func (s *Store) RevokeToken(ctx context.Context, id, by string) error {
	err := s.db.durable(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at = 0`, id, microseconds(s.now()))
		if err != nil {
			return err
		}
		if n == 1 {
			return s.audit(ctx, t, by, TokenRevoked, "", 0, map[string]any{"token": id})
		}
		var there string
		return notFound(t.row(ctx, `SELECT id FROM tokens WHERE id = $1`, id).Scan(&there))
	})
	if err != nil {
		return fmt.Errorf("revoke token %q: %w", id, err)
	}
	return nil
}

// An idempotency key lives for a day; a request that holds one and never ended
// loses it after an hour, which is longer than the largest upload may take.
const (
	keepKey = 24 * time.Hour
	holdKey = time.Hour
)

// Answer is what was answered to a request with an idempotency key.
type Answer struct {
	Fingerprint string // of the request
	Body        string // JSON
}

// HoldKey takes an idempotency key of a client's request. done is the answer
// when a request with the key has ended; [ErrConflict] says that one is under
// way. Otherwise the caller has the key, and ends with [Store.SettleKey] or
// [Store.DropKey].
func (s *Store) HoldKey(ctx context.Context, token, key string) (done *Answer, err error) {
	err = s.db.update(ctx, func(t tx) error {
		now := s.now()
		if _, err := t.exec(ctx, `DELETE FROM idempotency WHERE at < $1 OR (fingerprint = '' AND at < $2)`, microseconds(now.Add(-keepKey)), microseconds(now.Add(-holdKey))); err != nil {
			return err
		}
		n, err := t.exec(ctx, `INSERT INTO idempotency (token, key, at) VALUES ($1, $2, $3) ON CONFLICT (token, key) DO NOTHING`, token, clean(key), microseconds(now))
		if err != nil || n == 1 {
			return err
		}
		var a Answer
		if err := t.row(ctx, `SELECT fingerprint, answer FROM idempotency WHERE token = $1 AND key = $2`, token, clean(key)).Scan(&a.Fingerprint, &a.Body); err != nil {
			return err
		}
		if a.Fingerprint == "" {
			return ErrConflict
		}
		done = &a
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("idempotency key: %w", err)
	}
	return done, nil
}

// SettleKey keeps the answer to the request that holds the key.
func (s *Store) SettleKey(ctx context.Context, token, key string, a Answer) error {
	if a.Fingerprint == "" {
		return errors.New("idempotency key: an answer needs the fingerprint of its request")
	}
	if _, err := s.db.exec(ctx, `UPDATE idempotency SET fingerprint = $3, answer = $4 WHERE token = $1 AND key = $2`, token, clean(key), a.Fingerprint, clean(a.Body)); err != nil {
		return fmt.Errorf("idempotency key: %w", err)
	}
	return nil
}

// DropKey gives a key back whose request failed, so that it may be tried again.
func (s *Store) DropKey(ctx context.Context, token, key string) error {
	if _, err := s.db.exec(ctx, `DELETE FROM idempotency WHERE token = $1 AND key = $2 AND fingerprint = ''`, token, clean(key)); err != nil {
		return fmt.Errorf("idempotency key: %w", err)
	}
	return nil
}
