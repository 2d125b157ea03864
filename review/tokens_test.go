package review

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/store"
)

// An administrator makes a token, sees it once, and ends it.
func TestTokensOfPrograms(t *testing.T) {
	v := newSite(t)
	v.account("Quản trị", Administrator)
	c := v.visitor("Quản trị")
	if status, body, _ := c.get("/tokens"); status != http.StatusOK || strings.Contains(body, "sohoa_") {
		t.Fatalf("%d %s", status, body)
	}
	for what, form := range map[string]url.Values{
		"no name":           {"scope": {"documents:read"}, "days": {"90"}},
		"no scope":          {"name": {"bảng <số>"}, "days": {"90"}},
		"a foreign scope":   {"name": {"bảng <số>"}, "scope": {"everything"}, "days": {"90"}},
		"a foreign time":    {"name": {"bảng <số>"}, "scope": {"documents:read"}, "days": {"7"}},
		"no number of days": {"name": {"bảng <số>"}, "scope": {"documents:read"}},
	} {
		if status, body, _ := c.post("/tokens", form); status != http.StatusUnprocessableEntity || !strings.Contains(body, `role="alert"`) {
			t.Errorf("%s: %d", what, status)
		}
	}
	if all, err := v.store.Tokens(t.Context()); err != nil || len(all) > 0 {
		t.Fatalf("tokens of refused forms: %+v, %v", all, err)
	}
	form := url.Values{"name": {"bảng <số>"}, "scope": {"events:read", "documents:read", "documents:read"}, "days": {"90"}}
	status, body, header := c.post("/tokens", form)
	secret := regexp.MustCompile(`sohoa_[a-z0-9]+_[A-Z0-9]+`).FindString(body)
	if status != http.StatusOK || secret == "" || header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d, %q, %v", status, secret, header)
	}
	made, err := v.store.TokenOf(t.Context(), secret)
	if err != nil || made.Name != "bảng <số>" || made.By != "Quản trị" || strings.Join(made.Scopes, " ") != "documents:read events:read" || made.Until.IsZero() {
		t.Fatalf("%+v, %v", made, err)
	}
	if _, body, _ := c.get("/tokens"); strings.Contains(body, secret) || !strings.Contains(body, made.ID) || !strings.Contains(body, "bảng &lt;số&gt;") {
		t.Errorf("the list: %s", body)
	}
	if status, _, _ := c.post("/tokens/revoke", url.Values{"id": {made.ID}}); status != http.StatusSeeOther {
		t.Errorf("revoke: %d", status)
	}
	if _, err := v.store.TokenOf(t.Context(), secret); err == nil {
		t.Error("a revoked token is good")
	}
	if status, _, _ := c.post("/tokens/revoke", url.Values{"id": {"nobody"}}); status != http.StatusNotFound {
		t.Errorf("revoke what is not there: %d", status)
	}
	log, err := v.store.AuditLog(t.Context(), "", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, e := range log {
		if e.Action == store.TokenMade || e.Action == store.TokenRevoked {
			told = append(told, e.Actor+" "+e.Action)
		}
	}
	if strings.Join(told, ", ") != "Quản trị token.made, Quản trị token.revoked" {
		t.Errorf("the log tells %q", told)
	}
}
