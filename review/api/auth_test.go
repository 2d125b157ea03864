package api

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

// public are the addresses that need no token.
var public = []string{"/openapi.json", "/openapi.yaml", "/docs", "/docs.css"}

// TestWhoMayDoWhat walks all operations that there are: none answers without a
// token that has its scope, and each does with that scope alone.
func TestWhoMayDoWhat(t *testing.T) {
	v := newSite(t, storetest.SQLite(t))
	revoked := v.token(Scopes()...)
	if err := v.store.RevokeToken(t.Context(), mustToken(t, v, revoked).ID, "test"); err != nil {
		t.Fatal(err)
	}
	_, old, err := v.store.MakeToken(t.Context(), store.Token{Name: "old", Scopes: Scopes(), Until: time.Now().Add(-time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("{id}", strings.Repeat("0", 64), "{page}", "1", "{batch}", "none", "{webhook}", "none", "{delivery}", "1")
	seen := map[string]bool{}
	for path, at := range v.api.api.OpenAPI().Paths {
		for _, op := range operations(at) {
			t.Run(op.OperationID, func(t *testing.T) {
				scope := scopeOf(op)
				if !slices.Contains(Scopes(), scope) {
					t.Fatalf("the scope is %q", scope)
				}
				seen[scope] = true
				address := fill.Replace(path)
				call := func(token string, head ...string) int {
					return v.call(token, op.Method, address, strings.NewReader("{}"), head...).Status
				}
				for name, token := range map[string]string{"none": "", "revoked": revoked, "ended": old, "invented": "sohoa_abc_DEF"} {
					if a := v.call(token, op.Method, address, nil).is(http.StatusUnauthorized); !strings.HasPrefix(a.Header.Get("WWW-Authenticate"), "Bearer") {
						t.Errorf("%s: %v", name, a.Header)
					}
				}
				if got := call("", "Authorization", "Basic "+v.token(scope)); got != http.StatusUnauthorized {
					t.Errorf("a token as a password: %d", got)
				}
				others := slices.DeleteFunc(Scopes(), func(s string) bool { return s == scope })
				v.call(v.token(others...), op.Method, address, nil).is(http.StatusForbidden)
				if got := call(v.token(scope)); got == http.StatusUnauthorized || got == http.StatusForbidden || got >= 500 {
					t.Errorf("with its scope: %d", got)
				}
			})
		}
	}
	for _, scope := range Scopes() {
		if !seen[scope] {
			t.Errorf("the scope %s allows nothing", scope)
		}
	}
	for _, path := range public {
		a := v.call("", http.MethodGet, path, nil).is(http.StatusOK)
		if tag := a.Header.Get("ETag"); tag == "" || v.call("", http.MethodGet, path, nil, "If-None-Match", tag).Status != http.StatusNotModified {
			t.Errorf("%s: %v", path, a.Header)
		}
	}
}

// TestSessionsMeanNothing logs a person in to the review pages: the cookie that
// any page could make the browser send opens nothing here.
func TestSessionsMeanNothing(t *testing.T) {
	v := newSite(t, storetest.SQLite(t))
	const password = "một mật khẩu dài"
	if err := v.store.Invite(t.Context(), "invited", "administrator", "test", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := func(path string, values url.Values) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.URL+path, strings.NewReader(values.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if a := do(t, browser, r); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d %.300s", path, a.Status, a.Body)
		}
	}
	form("/start/invited", url.Values{"name": {"Lan"}, "password": {password}, "again": {password}})
	get := func(path string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, v.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		return do(t, browser, r).Status
	}
	if got := get("/accounts"); got != http.StatusOK {
		t.Fatalf("the person is not logged in: %d", got)
	}
	if got := get(Prefix + "/documents"); got != http.StatusUnauthorized {
		t.Errorf("a session reads the API: %d", got)
	}
}

// TestHeaders looks at what every answer carries, and that the page for readers
// loads nothing from elsewhere.
func TestHeaders(t *testing.T) {
	v := newSite(t, storetest.SQLite(t))
	token := v.token(ReadDocuments)
	for _, path := range append([]string{"/documents", "/nowhere"}, public...) {
		h := v.call(token, http.MethodGet, path, nil).Header
		if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'; style-src 'self'") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Access-Control-Allow-Origin") != "" || h.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", path, h)
		}
	}
	docs := string(v.call("", http.MethodGet, "/docs", nil).Body)
	for _, foreign := range []string{"<script", "<style", "style=", "src=\"http", "href=\"http", "@import", "url("} {
		if strings.Contains(docs, foreign) || strings.Contains(string(docsStyle), foreign) {
			t.Errorf("the page holds %s", foreign)
		}
	}
	for _, at := range v.api.api.OpenAPI().Paths {
		for _, op := range operations(at) {
			if !strings.Contains(docs, `id="`+op.OperationID+`"`) || op.Summary == "" {
				t.Errorf("the page does not tell of %s", op.OperationID)
			}
		}
	}
}
