package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/store"
)

// Scopes of tokens.
const (
	ReadDocuments    = "documents:read"
	WriteDocuments   = "documents:write"
	WriteCorrections = "corrections:write"
	ReadEvents       = "events:read"
	ManageWebhooks   = "webhooks:manage"
)

// Scopes lists all scopes that a token may have.
func Scopes() []string {
	return []string{ReadDocuments, WriteDocuments, WriteCorrections, ReadEvents, ManageWebhooks}
}

const securityScheme = "token"

type clientKey struct{}

// caller returns the token that the request came with.
func caller(ctx context.Context) store.Token {
	t, _ := ctx.Value(clientKey{}).(store.Token)
	return t
}

// authorise lets requests through whose token has the scope of the operation.
// An operation without a scope is let through to nobody.
func (v *Server) authorise(ctx huma.Context, next func(huma.Context)) {
	scheme, secret, _ := strings.Cut(ctx.Header("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || secret == "" {
		v.refuse(ctx, http.StatusUnauthorized, "", "send a token: Authorization: Bearer sohoa_…")
		return
	}
	t, err := v.store.TokenOf(ctx.Context(), strings.TrimSpace(secret))
	switch {
	case errors.Is(err, store.ErrNotFound):
		v.refuse(ctx, http.StatusUnauthorized, `error="invalid_token"`, "the token is unknown, was revoked or has ended")
		return
	case err != nil:
		v.write(ctx, v.problem(ctx.Context(), ctx.Operation().OperationID, err))
		return
	}
	scope := scopeOf(ctx.Operation())
	if scope == "" || !t.May(scope) {
		v.refuse(ctx, http.StatusForbidden, fmt.Sprintf(`error="insufficient_scope", scope="%s"`, scope), fmt.Sprintf("the token lacks the scope %s", scope))
		return
	}
	next(huma.WithValue(ctx, clientKey{}, t))
}

// scopeOf returns the scope that an operation needs.
func scopeOf(op *huma.Operation) string {
	for _, s := range op.Security {
		for _, scope := range s[securityScheme] {
			return scope
		}
	}
	return ""
}

// refuse answers in the form of RFC 6750.
func (v *Server) refuse(ctx huma.Context, status int, challenge, text string) {
	if challenge != "" {
		challenge = ", " + challenge
	}
	ctx.SetHeader("WWW-Authenticate", `Bearer realm="sohoa"`+challenge)
	v.write(ctx, newProblem(status, "", text))
}

func (v *Server) write(ctx huma.Context, p *Problem) {
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(p.Status)
	if err := v.api.Marshal(ctx.BodyWriter(), "application/json", p); err != nil {
		v.set.Fault(fmt.Errorf("answer: %w", err))
	}
}
