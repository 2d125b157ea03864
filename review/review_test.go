package review

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/message/catalog"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// TestEveryRouteAsksForItsRole walks the table of routes as everybody. A route
// that is added is tested by being there.
func TestEveryRouteAsksForItsRole(t *testing.T) {
	v := newSite(t)
	id := v.report()
	people := []*visitor{v.visitor("")}
	for role := Reader; role <= Administrator; role++ {
		v.account(role.String(), role)
		people = append(people, v.visitor(role.String()))
	}
	for _, r := range routes {
		method, path, _ := strings.Cut(r.pattern, " ")
		path = strings.NewReplacer("{$}", "", "{id}", id, "{version}", "1", "{page}", "1", "{format}", "json", "{token}", "none").Replace(path)
		for role, c := range people {
			form := url.Values(nil)
			if method == http.MethodPost {
				form = url.Values{"nothing": {"useful"}}
			}
			if path == "/logout" {
				continue // it would end the session that this test needs
			}
			status, _, header := c.send(method, path, form, false)
			toLogin := status == http.StatusSeeOther && strings.HasPrefix(header.Get("Location"), "/login")
			refused := status == http.StatusForbidden || toLogin
			if want := Role(role) < r.role; refused != want {
				t.Errorf("%s as %q: status %d, refused %v, want %v", r.pattern, Role(role), status, refused, want)
			}
		}
	}
}

func TestHeadersAndForeignForms(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	c := v.visitor("Bình")
	_, _, h := c.get("/")
	if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.URL+"/logout", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	a, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if a.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site was taken: %d", a.StatusCode)
	}
}

func TestTextOfDocumentsIsNoMarkup(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	c := v.visitor("Bình")
	for _, page := range []string{"/", "/d/" + id, "/d/" + id + "/history"} {
		if status, body, _ := c.get(page); status != http.StatusOK || strings.Contains(body, "<b>điểm") {
			t.Errorf("%s: status %d, markup of the document in the page", page, status)
		}
	}
}

func TestLoginIsSlowedDownAndSessionsEnd(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	c := v.visitor("Bình")
	if status, _, _ := c.get("/password"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	a, err := v.store.Account(t.Context(), "Bình")
	if err != nil {
		t.Fatal(err)
	}
	a.Disabled = true
	if err := v.store.ChangeAccount(t.Context(), a, "test"); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := c.get("/"); status != http.StatusSeeOther {
		t.Errorf("a disabled account still gets in: %d", status)
	}
	slowed := false
	for i := 0; i < 10*loginBurst && !slowed; i++ {
		status, _, _ := v.visitor("").post("/login", url.Values{"name": {"Bình"}, "password": {"guess"}})
		slowed = status == http.StatusTooManyRequests
	}
	if !slowed {
		t.Error("passwords can be tried without end")
	}
}

func TestFirstLinkWorksOnce(t *testing.T) {
	v := newSite(t)
	link, err := v.app.FirstLink(t.Context())
	if err != nil || link == "" {
		t.Fatal(link, err)
	}
	form := url.Values{"name": {"Lan"}, "password": {testPassword}, "again": {"another"}}
	if status, _, _ := v.visitor("").post(link, form); status != http.StatusUnprocessableEntity {
		t.Errorf("two passwords: %d", status)
	}
	form.Set("again", testPassword)
	if status, _, _ := v.visitor("").post(link, form); status != http.StatusSeeOther {
		t.Errorf("first use: %d", status)
	}
	form.Set("name", "Mai")
	if status, _, _ := v.visitor("").post(link, form); status != http.StatusNotFound {
		t.Errorf("second use: %d", status)
	}
	if link, err := v.app.FirstLink(t.Context()); err != nil || link != "" {
		t.Errorf("another link %q, %v", link, err)
	}
	if a, err := v.store.Account(t.Context(), "Lan"); err != nil || a.Role != "administrator" || strings.Contains(a.Password, testPassword) {
		t.Errorf("account %+v, %v", a, err)
	}
}

// TestBatchIsOneEntry accepts all above a bound and takes that back.
func TestBatchIsOneEntry(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	c := v.visitor("Bình")
	before, err := v.store.Document(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if status, body, _ := c.post("/d/"+id+"/accept", url.Values{"above": {"0,98"}}); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	after, _ := v.store.Document(t.Context(), id)
	if after.FieldsLeft != before.FieldsLeft-1 {
		t.Errorf("%d fields left, then %d", before.FieldsLeft, after.FieldsLeft)
	}
	if status, _, _ := c.post("/d/"+id+"/accept", url.Values{"above": {"0.98"}}); status != http.StatusConflict {
		t.Errorf("nothing to accept: %d", status)
	}
	if status, body, _ := c.post("/d/"+id+"/undo", url.Values{}); status != http.StatusOK || !strings.Contains(body, `data-path="records/m%2F3/title"`) {
		t.Errorf("undo: %d %s", status, body)
	}
	if d, _ := v.store.Document(t.Context(), id); d.FieldsLeft != before.FieldsLeft {
		t.Errorf("after undo %d fields are left, want %d", d.FieldsLeft, before.FieldsLeft)
	}
	if all, _ := v.store.History(t.Context(), id); len(all) != 2 {
		t.Errorf("%d entries; nothing may be deleted", len(all))
	}
	if status, _, _ := c.post("/d/"+id+"/undo", url.Values{}); status != http.StatusConflict {
		t.Errorf("nothing to undo: %d", status)
	}
}

// TestFieldChangedMeanwhile sends a decision that was made on an old content.
func TestFieldChangedMeanwhile(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	c := v.visitor("Bình")
	const path = "records/m%2F3/lead_agency"
	_, panel, _ := c.send(http.MethodGet, "/d/"+id+"/field?path="+url.QueryEscape(path), nil, true)
	base := regexp.MustCompile(`name="base" value="(\w+)"`).FindStringSubmatch(panel)[1]
	other := schema.Field{Value: "Sở Y tế", Text: "Sở Y tế", State: schema.Corrected, Confidence: 1}
	if _, err := v.store.Correct(t.Context(), id, store.Batch{By: "Chi", Changes: []store.Change{{What: store.TheField, Path: path, Field: &other}}}); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"path": {path}, "base": {base}, "text": {"Sở Y tế tỉnh"}, "action": {"accept"}}
	_, body, _ := c.post("/d/"+id+"/field", form)
	if !strings.Contains(body, "<q>Sở Y tế</q>") || !strings.Contains(body, ">Sở Y tế tỉnh</textarea>") {
		t.Errorf("the other's text or ours is missing:\n%s", body)
	}
	form.Set("text", "Sở Y tế") // both say the same: nothing to complain of
	if _, body, _ = c.post("/d/"+id+"/field", form); strings.Contains(body, "<q>") {
		t.Error("an agreement was taken for a conflict")
	}
	if all, _ := v.store.History(t.Context(), id); len(all) != 1 {
		t.Errorf("%d entries, want that of the other alone", len(all))
	}
}

func TestUploadTellsFilesByTheirBytes(t *testing.T) {
	for head, want := range map[string]string{
		"%PDF-1.4 …": "application/pdf", "\n%PDF-1.4": "application/pdf", "II*\x00abc": "image/tiff", "MM\x00+abc": "image/tiff", "\x89PNG\r\n\x1a\nabc": "image/png",
		"\xff\xd8\xff\xe0abc": "image/jpeg", "Báo cáo": "text/plain", "<html><script>": "", "MZ\x90\x00": "", "PK\x03\x04": "", "": "",
	} {
		if got := mediaType([]byte(head)); got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
	for in, want := range map[string]string{`C:\x\a.pdf`: "a.pdf", "../../etc/passwd": "passwd", "b\u202efdp.exe": "bfdp.exe", "..": "tep", "": "tep"} {
		if got := fileName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestRedirectsStayHere(t *testing.T) {
	for in, want := range map[string]string{"/d/1?x=y": "/d/1?x=y", "": "/", "https://evil.example/": "/", "//evil.example": "/", `/\evil.example`: "/", "evil": "/"} {
		if got := localPath(in); got != want {
			t.Errorf("%q leads to %q, want %q", in, got, want)
		}
	}
}

func TestInWords(t *testing.T) {
	for n, want := range map[int64]string{
		0: "không", 5: "năm", 10: "mười", 15: "mười lăm", 21: "hai mươi mốt", 24: "hai mươi tư", 105: "một trăm linh năm", 1000: "một nghìn",
		1_005: "một nghìn không trăm linh năm", 350_000_000: "ba trăm năm mươi triệu", 2_500_000_000: "hai tỷ năm trăm triệu",
		2_005_000_000: "hai tỷ không trăm linh năm triệu", 1_000_000_001: "một tỷ không trăm linh một", 1_000_000_000_000: "một nghìn tỷ", -15: "âm mười lăm",
	} {
		if got := inWords(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestDifferences(t *testing.T) {
	for _, c := range []struct{ text, other, want string }{
		{"tổ chức", "tố chức", "t[ổ] chức"}, {"như nhau", "như nhau", "như nhau"}, {"", "x", ""}, {"thêm chữ số", "chữ số", "[thêm ]chữ số"}, {"hoàn toàn khác", "xyz", "hoàn toàn khác"},
	} {
		var b strings.Builder
		for _, p := range differences(c.text, c.other) {
			if p.Differs {
				p.Text = "[" + p.Text + "]"
			}
			b.WriteString(p.Text)
		}
		if b.String() != c.want {
			t.Errorf("%q against %q: %q, want %q", c.text, c.other, b.String(), c.want)
		}
	}
}

func TestAlternativesOfDaysAreWrittenAsDays(t *testing.T) {
	for in, want := range map[string]string{"2024-02-06": "06/02/2024", "2024-02-0?": "2024-02-0?", "6/2/2024": "6/2/2024"} {
		if got := written(Date, in); got != want {
			t.Errorf("%q is written %q, want %q", in, got, want)
		}
	}
}

func TestSuggestionsWithoutAnInputMethod(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	c := v.visitor("Bình")
	for _, tc := range []struct{ path, typed, want string }{
		{"records/m%2F3/amounts/0", "2,5 ty", "2,5 tỷ"},
		{"records/m%2F3/amounts/0", "350 trieu dong", "350 triệu đồng"},
		{"records/m%2F3/lead_agency", "so tu", "Sở Tư pháp"},
		{"records/m%2F3/lead_agency", "tphap", "Sở Tư pháp"},
		{"records/m%2F3/status", "hoan t", "Hoàn thành"},
	} {
		status, body, _ := c.get("/d/" + id + "/suggest?" + url.Values{"path": {tc.path}, "text": {tc.typed}}.Encode())
		var got []string
		if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s: %v", status, body, err)
		}
		if !strings.Contains(strings.Join(got, "|")+"|", tc.want+"|") {
			t.Errorf("%q: %q lacks %q", tc.typed, got, tc.want)
		}
	}
}

// TestPicturesAreSmall holds what is sent under its bound.
func TestPicturesAreSmall(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reader)
	id := v.report()
	c := v.visitor("Bình")
	for _, path := range []string{"/page/1?width=2400", "/page/1", "/page/1/crop?box=80,300,330,360,1240"} {
		status, body, h := c.get("/d/" + id + "/v/1" + path)
		if status != http.StatusOK || h.Get("Content-Type") != "image/jpeg" || len(body) > mostBytes || len(body) < 100 {
			t.Errorf("%s: %d, %s, %d bytes", path, status, h.Get("Content-Type"), len(body))
		}
	}
	for _, path := range []string{"/page/9", "/page/x", "/page/1/crop?box=no", "/page/1/crop?box=9000,9000,9001,9001,1240"} {
		if status, _, _ := c.get("/d/" + id + "/v/1" + path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// TestEverythingIsTranslated looks for every sentence of the templates and the
// code in the table, and compares the verbs of both sides.
func TestEverythingIsTranslated(t *testing.T) {
	said := map[string]string{}
	find := func(name, text string, patterns ...string) {
		for _, p := range patterns {
			for _, m := range regexp.MustCompile(p).FindAllStringSubmatch(text, -1) {
				said[strings.ReplaceAll(m[1], `\"`, `"`)] = name
			}
		}
	}
	if err := fs.WalkDir(files, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := files.ReadFile(path)
		find(path, string(data), `\.T "((?:[^"\\]|\\.)*)"`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		data, err := os.ReadFile(s)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(s, "_test.go") {
			find(s, string(data), `\.T\("((?:[^"\\]|\\.)*)"[,)]`, `complaint\([\w.]+, "((?:[^"\\]|\\.)*)"`)
		}
	}
	for _, k := range keys {
		said[k.Does] = "keys.go"
	}
	for _, f := range filters {
		said[f.Label] = "queue.go"
	}
	for name := range englishNames {
		said[name] = "texts.go"
	}
	if len(said) < 100 {
		t.Fatalf("only %d sentences found", len(said))
	}
	for s, where := range said {
		if _, ok := vietnamese[s]; !ok {
			t.Errorf("%s: no Vietnamese for %q", where, s)
		}
	}
	verbs := regexp.MustCompile(`%[a-z%]`)
	b := catalog.NewBuilder()
	for en, vi := range vietnamese {
		if fmt.Sprint(verbs.FindAllString(en, -1)) != fmt.Sprint(verbs.FindAllString(vi, -1)) {
			t.Errorf("%q and %q have different verbs", en, vi)
		}
		if err := b.SetString(language.Vietnamese, en, vi); err != nil {
			t.Errorf("%q: %v", en, err)
		}
	}
}
