package review

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sohoa/sohoa/store"
)

// The page of tokens: programs get theirs from administrators, who see which
// are still used and end those that are not. `sohoa token` does the same.

// tokenDays are the lifetimes that the form offers; 0 is without end.
var tokenDays = []int{90, 365, 0}

type tokensView struct {
	view
	Tokens []store.Token
	Scopes []string
	Days   []int
	Secret string // of the token that was made just now
	Error  string
	Name   string   // what was typed, when it has to be typed again
	Chosen []string // likewise
}

// State says whether the token is good, and when it was used.
func (v tokensView) State(t store.Token) string {
	switch {
	case !t.Revoked.IsZero():
		return v.T("revoked %s", v.When(t.Revoked))
	case v.Ended(t):
		return v.T("ended %s", v.When(t.Until))
	case t.Used.IsZero():
		return v.T("never used")
	}
	return v.T("used %s", v.When(t.Used))
}

// Ended reports whether the token is of no use any more.
func (tokensView) Ended(t store.Token) bool {
	return !t.Revoked.IsZero() || !t.Until.IsZero() && !t.Until.After(time.Now())
}

// ScopeName says what a scope allows.
func (v tokensView) ScopeName(scope string) string {
	if _, ok := vietnamese["scope."+scope]; ok {
		return v.T("scope." + scope)
	}
	return ""
}

// Has reports whether the scope was chosen in the form.
func (v tokensView) Has(scope string) bool { return slices.Contains(v.Chosen, scope) }

func (r *request) tokens() error { return r.showTokens(http.StatusOK, tokensView{}) }

func (r *request) showTokens(status int, v tokensView) (err error) {
	if v.Tokens, err = r.s.store.Tokens(r.Context()); err != nil {
		return err
	}
	slices.Reverse(v.Tokens) // people look for the newest
	v.view, v.Scopes, v.Days = r.view(r.texts.T("Tokens of programs")), r.s.set.Scopes, tokenDays
	v.Section = "accounts"
	return r.renderStatus(status, "tokens", v)
}

// makeToken shows the secret once; only its hash is kept.
func (r *request) makeToken() error {
	r.Body = http.MaxBytesReader(r.w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		return fmt.Errorf("%w: %w", store.ErrInvalid, err)
	}
	name, chosen := clean(r.PostFormValue("name")), r.PostForm["scope"]
	again := func(text string) error {
		return r.showTokens(http.StatusUnprocessableEntity, tokensView{Error: text, Name: name, Chosen: chosen})
	}
	days, err := strconv.Atoi(r.PostFormValue("days"))
	switch {
	case name == "" || len(name) > 200:
		return again(r.texts.T("Say which program it is for."))
	case len(chosen) == 0 || slices.ContainsFunc(chosen, func(s string) bool { return !slices.Contains(r.s.set.Scopes, s) }):
		return again(r.texts.T("Choose what the program may do."))
	case err != nil || !slices.Contains(tokenDays, days):
		return again(r.texts.T("Choose how long it is good."))
	}
	t := store.Token{Name: name, Scopes: slices.Compact(slices.Sorted(slices.Values(chosen))), By: r.who.Name}
	if days > 0 {
		t.Until = time.Now().Add(time.Duration(days) * 24 * time.Hour)
	}
	_, secret, err := r.s.store.MakeToken(r.Context(), t)
	if err != nil {
		return err
	}
	return r.showTokens(http.StatusOK, tokensView{Secret: secret})
}

func (r *request) revokeToken() error {
	err := r.s.store.RevokeToken(r.Context(), strings.TrimSpace(r.PostFormValue("id")), r.who.Name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err != nil {
		return r.complaint(http.StatusNotFound, "There is no such token.")
	}
	return r.redirect("/tokens")
}
