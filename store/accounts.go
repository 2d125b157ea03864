package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Actions of the audit log about people.
const (
	Invited        = "account.invited"
	AccountMade    = "account.made"
	AccountChanged = "account.changed"
)

// Account is a person who may log in. What a role allows and how passwords are
// hashed is up to the program in front of the store.
type Account struct {
	Name     string
	Role     string
	Password string // hash
	Disabled bool
	Created  time.Time
}

const accountColumns = `SELECT name, role, password, disabled, created_at FROM accounts `

func scanAccount(r scanner) (a Account, err error) {
	var disabled, created int64
	err = r.Scan(&a.Name, &a.Role, &a.Password, &disabled, &created)
	a.Disabled, a.Created = disabled != 0, timeOf(created)
	return a, notFound(err)
}

// Accounts lists all accounts by name.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	r, err := s.db.query(ctx, accountColumns+`ORDER BY name`)
	return collect(r, err, scanAccount)
}

// Account returns one account, [ErrNotFound] when there is none.
func (s *Store) Account(ctx context.Context, name string) (Account, error) {
	a, err := scanAccount(s.db.row(ctx, accountColumns+`WHERE name = $1`, name))
	if err != nil {
		return a, fmt.Errorf("account %q: %w", name, err)
	}
	return a, nil
}

// ChangeAccount gives an account another role or password, or disables it.
func (s *Store) ChangeAccount(ctx context.Context, a Account, by string) error {
	err := s.db.durable(ctx, func(t tx) error {
		disabled := 0
		if a.Disabled {
			disabled = 1
		}
		n, err := t.exec(ctx, `UPDATE accounts SET role = $2, password = $3, disabled = $4 WHERE name = $1`, a.Name, a.Role, a.Password, disabled)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, t, by, AccountChanged, "", 0, map[string]any{"name": a.Name, "role": a.Role, "disabled": a.Disabled})
	})
	if err != nil {
		return fmt.Errorf("change account %q: %w", a.Name, err)
	}
	return nil
}

// Invite lets whoever has the token make one account with the role, until the
// given time.
func (s *Store) Invite(ctx context.Context, token, role, by string, until time.Time) error {
	err := s.db.durable(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `DELETE FROM invitations WHERE until < $1`, microseconds(s.now())); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO invitations (hash, role, by_whom, until) VALUES ($1, $2, $3, $4)`, hashed(token), role, by, microseconds(until)); err != nil {
			return err
		}
		return s.audit(ctx, t, by, Invited, "", 0, map[string]any{"role": role})
	})
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	return nil
}

// Invitation returns the role that a token gives, [ErrNotFound] when it was
// used or is too old.
func (s *Store) Invitation(ctx context.Context, token string) (role string, err error) {
	err = s.db.row(ctx, `SELECT role FROM invitations WHERE hash = $1 AND until > $2`, hashed(token), microseconds(s.now())).Scan(&role)
	if err != nil {
		return "", fmt.Errorf("invitation: %w", notFound(err))
	}
	return role, nil
}

// MakeAccount uses an invitation up. It fails with [ErrNotFound] when the
// token is not good any more and with [ErrConflict] when the name is taken;
// the invitation is then still good. The account gets the invitation's role.
func (s *Store) MakeAccount(ctx context.Context, token string, a Account) error {
	err := s.db.durable(ctx, func(t tx) error {
		now := microseconds(s.now())
		if err := t.row(ctx, `DELETE FROM invitations WHERE hash = $1 AND until > $2 RETURNING role`, hashed(token), now).Scan(&a.Role); err != nil {
			return notFound(err)
		}
		n, err := t.exec(ctx, `INSERT INTO accounts (name, role, password, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING`, clean(a.Name), a.Role, a.Password, now)
		if err == nil && n == 0 {
			err = ErrConflict
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, t, a.Name, AccountMade, "", 0, map[string]any{"name": a.Name, "role": a.Role})
	})
	if err != nil {
		return fmt.Errorf("make account %q: %w", a.Name, err)
	}
	return nil
}

// Session returns what was kept for a session token, found is false when there
// is nothing or it is too old.
func (s *Store) Session(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = notFound(s.db.row(ctx, `SELECT data FROM sessions WHERE hash = $1 AND until > $2`, hashed(token), microseconds(s.now())).Scan(&data))
	if errors.Is(err, ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// KeepSession keeps data for a session token. Sessions that ended are removed.
func (s *Store) KeepSession(ctx context.Context, token string, data []byte, until time.Time) error {
	return s.db.update(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `DELETE FROM sessions WHERE until < $1`, microseconds(s.now())); err != nil {
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO sessions (hash, data, until) VALUES ($1, $2, $3)
			ON CONFLICT (hash) DO UPDATE SET data = excluded.data, until = excluded.until`, hashed(token), data, microseconds(until))
		return err
	})
}

// EndSession forgets a session.
func (s *Store) EndSession(ctx context.Context, token string) error {
	_, err := s.db.exec(ctx, `DELETE FROM sessions WHERE hash = $1`, hashed(token))
	return err
}

// hashed is how secrets are kept: whoever reads the database cannot use them.
func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
