package client

import (
	"context"
	"net/http"
)

// BearerToken sends a token with each request; see [WithRequestEditorFn].
func BearerToken(token string) RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
}
