package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sohoa/sohoa/review/api"
	"github.com/sohoa/sohoa/store"
)

// tokenCmd holds the commands about tokens of programs that use the API.
type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"make a token and show it, once"`
	List   tokenListCmd   `cmd:"" help:"list the tokens, what they allow and when they were last used"`
	Revoke tokenRevokeCmd `cmd:"" help:"end a token at once"`
}

type tokenCreateCmd struct {
	Name string `arg:"" help:"name of the client, for lists and the history"`
	storing
	Scope []string      `placeholder:"SCOPE" help:"what it may do: documents:read, documents:write, corrections:write, events:read, webhooks:manage; may be given many times"`
	Lasts time.Duration `placeholder:"TIME" help:"it ends by itself after this time, like 2160h"`
}

func (tokenCreateCmd) Help() string {
	return example(
		"  sohoa token create dashboard --scope documents:read --scope events:read",
		"  sohoa token create scanner-room --scope documents:write --lasts 2160h",
	)
}

func (t *tokenCreateCmd) Run(ctx context.Context, c *console) error {
	hint := c.Sprintf("scopes are %s", strings.Join(api.Scopes(), ", "))
	if len(t.Scope) == 0 {
		return usage(hint, errors.New(c.Sprintf("a token needs at least one --scope")))
	}
	for _, s := range t.Scope {
		if !slices.Contains(api.Scopes(), s) {
			return usage(hint, errors.New(c.Sprintf("there is no scope %q", s)))
		}
	}
	s, err := t.open(ctx, c, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	token := store.Token{Name: t.Name, Scopes: t.Scope, By: whoami()}
	if t.Lasts > 0 {
		token.Until = time.Now().Add(t.Lasts)
	}
	_, secret, err := s.MakeToken(ctx, token)
	if err != nil {
		return err
	}
	// The token alone goes to standard output, for scripts.
	fmt.Fprintln(c.err, c.Sprintf("Keep this token well; it is not shown again:"))
	fmt.Fprintln(c.out, secret)
	return nil
}

type tokenListCmd struct{ storing }

func (t *tokenListCmd) Run(ctx context.Context, c *console) error {
	s, err := t.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	all, err := s.Tokens(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, k := range all {
		state := c.Sprintf("never used")
		switch {
		case !k.Revoked.IsZero():
			state = c.Sprintf("revoked %s", k.Revoked.Local().Format(time.DateTime))
		case !k.Until.IsZero() && k.Until.Before(time.Now()):
			state = c.Sprintf("ended %s", k.Until.Local().Format(time.DateTime))
		case !k.Used.IsZero():
			state = c.Sprintf("used %s", k.Used.Local().Format(time.DateTime))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", k.ID, k.Name, strings.Join(k.Scopes, " "), state)
	}
	return w.Flush()
}

type tokenRevokeCmd struct {
	ID string `arg:"" help:"id of the token, as in the list"`
	storing
}

func (t *tokenRevokeCmd) Run(ctx context.Context, c *console) error {
	s, err := t.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	err = s.RevokeToken(ctx, t.ID, whoami())
	if errors.Is(err, store.ErrNotFound) {
		return usage(c.Sprintf("run `sohoa token list` to see them"), errors.New(c.Sprintf("no token has the id %q", t.ID)))
	}
	return err
}
