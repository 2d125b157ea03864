package review

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// mayUse says, for every page and action there is, who may have it: the least
// role. It is written down here once more, so that a role that is changed in
// the program by mistake is noticed.
var mayUse = map[string]Role{
	"GET /{$}": Reader, "GET /d/{id}": Reader, "GET /d/{id}/field": Reader, "GET /d/{id}/read": Reader, "GET /d/{id}/suggest": Reader,
	"GET /d/{id}/table": Reader, "GET /d/{id}/history": Reader, "GET /d/{id}/export/{format}": Reader,
	"GET /d/{id}/v/{version}/page/{page}": Reader, "GET /d/{id}/v/{version}/page/{page}/crop": Reader, "GET /d/{id}/crop": Reader,
	"GET /groups": Reader, "GET /figures": Reader, "GET /password": Reader, "POST /password": Reader, "GET /compare": Reader,
	"GET /compare/export/{format}": Reader, "GET /compare/{format}": Reader,

	"POST /documents": Reviewer, "POST /d/{id}/field": Reviewer, "POST /d/{id}/claim": Reviewer, "POST /d/{id}/release": Reviewer,
	"POST /d/{id}/accept": Reviewer, "POST /d/{id}/undo": Reviewer, "POST /d/{id}/retry": Reviewer, "POST /d/{id}/cell": Reviewer,
	"POST /d/{id}/rows": Reviewer, "POST /d/{id}/reread": Reviewer, "POST /d/{id}/cells": Reviewer, "POST /groups": Reviewer,

	"POST /d/{id}/approve": Approver, "POST /d/{id}/reopen": Approver,

	"GET /accounts": Administrator, "POST /accounts/invite": Administrator, "POST /accounts/change": Administrator, "POST /d/{id}/delete": Administrator,
	"GET /tokens": Administrator, "POST /tokens": Administrator, "POST /tokens/revoke": Administrator,

	"GET /login": Nobody, "POST /login": Nobody, "POST /logout": Nobody, "POST /language": Nobody, "GET /start/{token}": Nobody, "POST /start/{token}": Nobody,
}

func TestRolesAreThoseWrittenDown(t *testing.T) {
	for _, r := range routes {
		want, ok := mayUse[r.pattern]
		if !ok {
			t.Errorf("%s: nobody has written down who may have it; it asks for %v", r.pattern, r.role)
		} else if r.role != want {
			t.Errorf("%s asks for %v, want %v", r.pattern, r.role, want)
		}
	}
}

// hostile are texts as a file or its name may hold them. Each leaves a mark in
// a page that lets it through as markup.
var hostile = []string{
	`<xss-probe>`, `"><xss-probe x="`, `'><xss-probe x='`, `" onmouseover=xssprobe x="`, `</script><xss-probe>`, `{{.Who}}<xss-probe>`,
	`javascript:xssprobe()`, "\u202exss\u202c<xss-probe>", `<svg/onload=xssprobe>`, `]]><xss-probe>`,
}

// injected returns what of the hostile texts a page took for markup.
func injected(page string) string {
	for _, mark := range []string{"<xss-probe", `" onmouseover=xssprobe`, `' onmouseover=xssprobe`, `href="javascript:xssprobe`, `src="javascript:xssprobe`, "<svg/onload"} {
		if i := strings.Index(page, mark); i >= 0 {
			return page[max(0, i-60):min(len(page), i+60)]
		}
	}
	return ""
}

// Texts of documents, names of files and what people type are never markup, on
// no page: the test visits all of them.
func TestHostileTextIsNoMarkup(t *testing.T) {
	v := newSite(t)
	v.account("Quản trị", Administrator)
	id := v.report()
	doc, revision, err := v.store.Current(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var changes []store.Change
	for i := range doc.Records {
		r := doc.Records[i]
		r.Fields = maps.Clone(r.Fields)
		for _, name := range []string{"number", "title", "lead_agency"} {
			f := *r.Fields[name].One
			f.Text, f.Value = hostile[i%len(hostile)]+name, hostile[(i+3)%len(hostile)]
			f.Raw, f.Confidence, f.State = f.Text, 0.3, schema.NeedsReview
			f.Alternatives = []schema.Alternative{{Text: hostile[(i+1)%len(hostile)], Score: 0.2}}
			f.Repairs = []schema.Repair{{From: hostile[0], To: hostile[1], Reason: hostile[2]}}
			r.Fields[name] = schema.One(f)
		}
		r.Group = &schema.Group{Number: hostile[1], Name: hostile[4]}
		changes = append(changes, store.Change{What: store.TheRecord, Path: store.RecordPath(r.ID), Record: &r})
	}
	if _, err := v.store.Correct(t.Context(), id, store.Batch{By: "Bình<xss-probe>", Note: hostile[1], Revision: revision, Changes: changes}); err != nil {
		t.Fatal(err)
	}
	for i, name := range hostile {
		if _, err := v.store.Submit(t.Context(), store.Upload{Name: name + ".pdf", Bytes: strings.NewReader(fmt.Sprintf("%%PDF-1.7 %d", i)), By: name, Engine: "test"}); err != nil {
			t.Fatal(err)
		}
	}
	c := v.visitor("Quản trị")
	visited := 0
	for _, r := range routes {
		path, get := strings.CutPrefix(r.pattern, "GET ")
		if !get || strings.Contains(path, "/crop") || strings.HasSuffix(path, "/page/{page}") {
			continue
		}
		for _, query := range []string{"", "?search=" + url.QueryEscape(hostile[1]), "?next=" + url.QueryEscape(hostile[6]), "?path=" + url.QueryEscape(hostile[0]), "?show=all&profile=" + url.QueryEscape(hostile[3])} {
			path := strings.NewReplacer("{$}", "", "{id}", id, "{version}", "1", "{page}", "1", "{format}", "json", "{token}", url.PathEscape(hostile[0])).Replace(path)
			status, body, header := c.get(path + query)
			visited++
			if strings.HasPrefix(header.Get("Content-Type"), "text/html") {
				if found := injected(body); found != "" {
					t.Errorf("%s%s (%d): markup of a document: …%s…", path, query, status, found)
				}
			}
		}
	}
	if visited < 50 {
		t.Errorf("%d pages were visited", visited)
	}
	// Errors quote what was asked for.
	for _, path := range []string{"/d/" + url.PathEscape(hostile[0]), "/" + url.PathEscape(hostile[1]), "/start/" + url.PathEscape(hostile[8])} {
		if _, body, _ := c.get(path); injected(body) != "" {
			t.Errorf("%s: %s", path, injected(body))
		}
	}
}

// Every answer carries the headers, whatever it is and whoever asks.
func TestHeadersOnEveryRoute(t *testing.T) {
	v := newSite(t)
	id := v.report()
	for role := Nobody; role <= Administrator; role += Administrator {
		c := v.visitor("")
		if role > Nobody {
			v.account("x", role)
			c = v.visitor("x")
		}
		paths := []string{"GET /static/app.js", "GET /static/none", "GET /static/", "GET /nowhere", "POST /nowhere", "DELETE /", "OPTIONS /", "GET /static/../review.go", "GET //evil"}
		for _, r := range routes {
			if r.pattern != "POST /logout" {
				paths = append(paths, strings.NewReplacer("{$}", "", "{id}", id, "{version}", "1", "{page}", "1", "{format}", "json", "{token}", "none").Replace(r.pattern))
			}
		}
		for _, p := range paths {
			method, path, _ := strings.Cut(p, " ")
			_, _, h := c.send(method, path, nil, false)
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin", "Content-Security-Policy": "frame-ancestors 'none'", "Permissions-Policy": "camera=()",
			} {
				if !strings.Contains(h.Get(name), want) {
					t.Errorf("%s as %v: %s is %q", p, role, name, h.Get(name))
				}
			}
			if csp := h.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
				t.Errorf("%s: policy %q", p, csp)
			}
		}
	}
}

// No action is taken for a form of another site, and none for one that a
// browser does not say where it came from but whose origin is another.
func TestForeignFormsOnEveryAction(t *testing.T) {
	v := newSite(t)
	v.account("Quản trị", Administrator)
	id := v.report()
	c := v.visitor("Quản trị")
	for _, r := range routes {
		path, post := strings.CutPrefix(r.pattern, "POST ")
		if !post {
			continue
		}
		path = strings.NewReplacer("{id}", id, "{token}", "none").Replace(path)
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
			q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.URL+path, strings.NewReader("reason=x"))
			if err != nil {
				t.Fatal(err)
			}
			q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			q.Header.Set(name, value)
			a, err := c.Do(q)
			if err != nil {
				t.Fatal(err)
			}
			a.Body.Close()
			if a.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %s %s: %d", path, name, value, a.StatusCode)
			}
		}
	}
}

// A session that an attacker knew before the login is worth nothing after it,
// and cookies cannot be read by scripts.
func TestSessionFixation(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	attacker := v.visitor("")
	if status, _, _ := attacker.post("/language", url.Values{"language": {"vi"}}); status >= 500 {
		t.Fatal(status)
	}
	site, err := url.Parse(v.URL)
	if err != nil {
		t.Fatal(err)
	}
	victim := v.visitor("")
	planted := &http.Cookie{Name: "sohoa", Value: strings.Repeat("A", 43), Path: "/"}
	victim.Jar.SetCookies(site, append(attacker.Jar.Cookies(site), planted))
	attacker.Jar.SetCookies(site, []*http.Cookie{planted})
	before := victim.Jar.Cookies(site)
	status, _, h := victim.post("/login", url.Values{"name": {"Bình"}, "password": {testPassword}})
	if status != http.StatusSeeOther {
		t.Fatalf("login: %d", status)
	}
	for _, c := range h.Values("Set-Cookie") {
		if strings.HasPrefix(c, "sohoa=") && (!strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=")) {
			t.Errorf("cookie %q", c)
		}
	}
	for _, old := range before {
		for _, now := range victim.Jar.Cookies(site) {
			if old.Name == "sohoa" && now.Name == old.Name && now.Value == old.Value {
				t.Error("the session has the name that it had before the login")
			}
		}
	}
	if status, _, _ := attacker.get("/password"); status != http.StatusSeeOther {
		t.Errorf("the attacker is in: %d", status)
	}
}

// Uploads are held to their limit while they come, are told by their bytes,
// and reach no folder by their names.
func TestUploads(t *testing.T) {
	v := newSite(t)
	v.app.set.MaxUpload = 1 << 20
	v.account("Bình", Reviewer)
	c := v.visitor("Bình")
	for _, u := range []struct {
		name   string
		data   io.Reader
		status int
	}{
		{"a.pdf", strings.NewReader("%PDF-1.7 one"), http.StatusSeeOther},
		{"../../../../tmp/escaped.pdf", strings.NewReader("%PDF-1.7 two"), http.StatusSeeOther},
		{`..\..\escaped.pdf`, strings.NewReader("%PDF-1.7 three"), http.StatusSeeOther},
		{"page.pdf", strings.NewReader("<html><script>alert(1)</script>"), http.StatusUnsupportedMediaType},
		{"reports.zip", strings.NewReader("PK\x03\x04../../x"), http.StatusUnsupportedMediaType},
		{"program.pdf", strings.NewReader("MZ\x90\x00"), http.StatusUnsupportedMediaType},
		{"huge.pdf", io.MultiReader(strings.NewReader("%PDF-1.7"), io.LimitReader(endless{}, 3<<20)), http.StatusRequestEntityTooLarge},
	} {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		part, err := w.CreateFormFile("file", u.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(part, u.data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.URL+"/documents", &body)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Content-Type", w.FormDataContentType())
		a, err := c.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != u.status {
			t.Errorf("%s: status %d, want %d", u.name, a.StatusCode, u.status)
		}
		if u.status == http.StatusRequestEntityTooLarge && !strings.Contains(string(text), "1 MB") {
			t.Errorf("%s: nothing says what is allowed", u.name)
		}
	}
	all, _, err := v.store.Documents(t.Context(), store.DocumentQuery{})
	if err != nil || len(all) != 3 {
		t.Errorf("%d documents, %v", len(all), err)
	}
	for _, d := range all {
		for _, name := range d.Names {
			if strings.ContainsAny(name, `/\`) {
				t.Errorf("a name with a folder: %q", name)
			}
		}
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestDeleteAsksTwice(t *testing.T) {
	v := newSite(t)
	v.account("Quản trị", Administrator)
	id := v.report()
	c := v.visitor("Quản trị")
	for _, form := range []url.Values{{}, {"reason": {"nhầm"}}, {"reason": {"nhầm"}, "confirm": {"000000"}}, {"confirm": {id[:6]}}} {
		if status, _, _ := c.post("/d/"+id+"/delete", form); status != http.StatusUnprocessableEntity {
			t.Errorf("%v: status %d", form, status)
		}
	}
	if _, body, _ := c.get("/d/" + id + "/history"); !strings.Contains(body, `action="/d/`+id+`/delete"`) {
		t.Error("the page does not offer it")
	}
	if status, _, _ := c.post("/d/"+id+"/delete", url.Values{"reason": {"nhầm"}, "confirm": {id[:6]}}); status != http.StatusSeeOther {
		t.Fatalf("status %d", status)
	}
	if status, _, _ := c.get("/d/" + id); status != http.StatusNotFound {
		t.Errorf("it is still there: %d", status)
	}
	tomb, err := v.store.Tombstone(t.Context(), id)
	if err != nil || tomb.By != "Quản trị" || tomb.Reason != "nhầm" {
		t.Errorf("%+v, %v", tomb, err)
	}
}
