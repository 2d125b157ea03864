package review

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sohoa/sohoa/review/reviewtest"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

func (v *site) ids(document string) string {
	v.t.Helper()
	doc, _, err := v.store.Current(v.t.Context(), document)
	if err != nil {
		v.t.Fatal(err)
	}
	var ids []string
	for _, r := range doc.Records {
		ids = append(ids, strings.TrimPrefix(r.ID, "m/"))
	}
	return strings.Join(ids, " ")
}

// TestRowsAreOneEntryEach moves, joins, splits, adds and removes rows, and takes
// each of it back.
func TestRowsAreOneEntryEach(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	c := v.visitor("Bình")
	const title = "records/m%2F1/title"
	for _, tc := range []struct {
		name string
		form url.Values
		want func(ids string) bool
	}{
		{"down", url.Values{"row": {"m/1"}}, func(ids string) bool { return ids == "2 1 3" }},
		{"up", url.Values{"row": {"m/3"}}, func(ids string) bool { return ids == "1 3 2" }},
		{"join", url.Values{"row": {"m/1"}}, func(ids string) bool { return ids == "1 3" }},
		{"remove", url.Values{"row": {"m/2"}}, func(ids string) bool { return ids == "1 3" }},
		{"add", url.Values{"row": {"m/1"}}, func(ids string) bool { return strings.HasPrefix(ids, "1 added-") && strings.HasSuffix(ids, " 2 3") }},
		{"split", url.Values{"row": {"m/1"}, "path": {title}, "text": {"Khám chữa bệnh"}, "rest": {" bằng căn cước"}}, func(ids string) bool { return strings.HasPrefix(ids, "1 added-") && strings.HasSuffix(ids, " 2 3") }},
	} {
		tc.form.Set("action", tc.name)
		if status, body, _ := c.post("/d/"+id+"/rows", tc.form); status != http.StatusOK {
			t.Fatalf("%s: %d %s", tc.name, status, body)
		}
		if ids := v.ids(id); !tc.want(ids) {
			t.Errorf("%s: rows are %s", tc.name, ids)
		}
		doc, _, err := v.store.Current(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		first := store.FieldAt(doc, title)
		switch {
		case tc.name == "join" && first.Text != "Khám chữa bệnh bằng căn cước Cấp phiếu lý lịch tư pháp":
			t.Errorf("joined: %q", first.Text)
		case tc.name == "split" && first.Text != "Khám chữa bệnh":
			t.Errorf("split: %q above", first.Text)
		case tc.name == "split":
			if below := doc.Records[1].Fields["title"].One; below.Text != "bằng căn cước" || below.State != schema.Corrected {
				t.Errorf("split: %+v below", below)
			}
		}
		if status, body, _ := c.post("/d/"+id+"/undo", url.Values{}); status != http.StatusOK {
			t.Fatalf("undo %s: %d %s", tc.name, status, body)
		}
		if ids := v.ids(id); ids != "1 2 3" {
			t.Fatalf("after undoing %s rows are %s", tc.name, ids)
		}
	}
	for _, form := range []url.Values{
		{"row": {"m/1"}, "action": {"up"}}, {"row": {"m/3"}, "action": {"join"}}, {"row": {"m/9"}, "action": {"add"}}, {"row": {"m/1"}, "action": {"burn"}},
		{"row": {"m/1"}, "action": {"split"}, "path": {"records/m%2F2/title"}},
	} {
		if status, _, _ := c.post("/d/"+id+"/rows", form); status < 400 || status > 499 {
			t.Errorf("%v: %d", form, status)
		}
	}
}

func TestCellsAnswerAboutThemselves(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	c := v.visitor("Bình")
	doc, _, err := v.store.Current(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	const path = "records/m%2F2/amounts/0"
	form := url.Values{"path": {path}, "base": {digest(store.FieldAt(doc, path))}, "text": {"ba trăm"}}
	ask := func() (a cellAnswer) {
		t.Helper()
		status, body, _ := c.post("/d/"+id+"/cell", form)
		if err := json.Unmarshal([]byte(body), &a); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		return a
	}
	if a := ask(); a.Error == "" {
		t.Errorf("no sum of money was taken: %+v", a)
	}
	form.Set("text", "400 triệu đồng")
	a := ask()
	if a.Error != "" || a.State != "corrected" || !strings.HasPrefix(a.Read, "bốn trăm triệu đồng") {
		t.Errorf("answer %+v", a)
	}
	form.Set("text", "500 triệu đồng") // on a content that is no longer there
	if a := ask(); a.Now != "400 triệu đồng" {
		t.Errorf("answer %+v", a)
	}
	// A field that the machine did not find comes into being.
	form = url.Values{"path": {"records/m%2F2/cost"}, "base": {digest(&schema.Field{})}, "text": {"Không sử dụng ngân sách"}}
	if a := ask(); a.Text != "Không sử dụng ngân sách" {
		t.Errorf("answer %+v", a)
	}
}

func TestPlainTablesAreCorrected(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	c := v.visitor("Bình")
	_, page, _ := c.get("/d/" + id + "/table")
	const path = "tables/0/rows/1/1"
	m := regexp.MustCompile(`data-path="` + path + `" data-base="(\w+)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no cell %s in\n%s", path, page)
	}
	for _, tc := range []struct{ path, base, text, now string }{
		{path, m[1], "mười", ""},
		{path, m[1], "một trăm", "mười"}, // on a content that is no longer there
	} {
		status, body, _ := c.post("/d/"+id+"/cell", url.Values{"path": {tc.path}, "base": {tc.base}, "text": {tc.text}})
		var a cellAnswer
		if err := json.Unmarshal([]byte(body), &a); err != nil || status != http.StatusOK || a.Now != tc.now {
			t.Errorf("%q: %d %s", tc.text, status, body)
		}
	}
	doc, _, err := v.store.Current(t.Context(), id)
	if err != nil || doc.Tables[0].Rows[1][1].Text != "mười" {
		t.Errorf("table %+v, %v", doc.Tables[0].Rows, err)
	}
	for _, bad := range []string{"tables/0/rows/9/9", "tables/7/rows/0/0", "tables/x"} {
		if status, _, _ := c.post("/d/"+id+"/cell", url.Values{"path": {bad}, "text": {"x"}}); status != http.StatusNotFound {
			t.Errorf("%s: %d", bad, status)
		}
	}
	if status, _, _ := c.post("/d/"+id+"/undo", url.Values{}); status != http.StatusOK {
		t.Errorf("undo: %d", status)
	}
}

func TestGroupCheckPicksTheOddOneOut(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	c := v.visitor("Bình")
	if status, body, _ := c.get("/groups?name=number&text=2"); status != http.StatusOK || strings.Count(body, `class="odd"`) != 1 {
		t.Fatalf("%d, %d crops", status, strings.Count(body, `class="odd"`))
	}
	if status, _, h := c.get("/d/" + id + "/crop?path=" + url.QueryEscape("records/m%2F2/number")); status != http.StatusSeeOther || !strings.Contains(h.Get("Location"), "box=80%2C450%2C330%2C510%2C1240") {
		t.Errorf("crop leads to %q", h.Get("Location"))
	}
	for path, odd := range map[string]bool{"records/m%2F2/number": true, "records/m%2F1/number": false} {
		text := map[bool]string{true: "2", false: "1"}[odd]
		form := url.Values{"name": {"number"}, "text": {text}, "item": {id + " " + path}}
		if odd {
			form.Set("odd", id+" "+path)
		}
		if status, body, _ := c.post("/groups", form); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, body)
		}
		doc, _, err := v.store.Current(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		want := map[bool]schema.State{true: schema.NeedsReview, false: schema.Confirmed}[odd]
		if f := store.FieldAt(doc, path); f.State != want {
			t.Errorf("%s is %s, want %s", path, f.State, want)
		}
	}
	// What somebody else works on is passed over.
	v.account("Chi", Reviewer)
	if _, err := v.store.Claim(t.Context(), id, "Chi", 1e12); err != nil {
		t.Fatal(err)
	}
	c.post("/groups", url.Values{"name": {"number"}, "text": {"3"}, "item": {id + " records/m%2F3/number"}})
	doc, _, _ := v.store.Current(t.Context(), id)
	if f := store.FieldAt(doc, "records/m%2F3/number"); f.State != schema.Accepted {
		t.Errorf("a field of another's document became %s", f.State)
	}
}

// TestTableByKeyboard edits, moves and splits in the grid.
func TestTableByKeyboard(t *testing.T) {
	b := reviewtest.Browser(t)()
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	v.login(b, "Bình")
	b.Open(v.URL + "/d/" + id + "/table")
	b.Until(`document.activeElement.dataset?.path === "records/m%2F3/title"`) // the first that needs review
	b.Until(`document.querySelector("rect.current")`)
	b.Shot("table")
	b.Press(kb.Enter, "Diem so", kb.Enter)
	b.Until(`document.querySelector('[data-path="records/m%2F3/title"]').textContent === "Diem so"`)
	b.Press(kb.ArrowUp)
	b.Until(`document.activeElement.dataset?.path === "records/m%2F2/title"`)
	b.Press("a")
	b.Until(`document.querySelectorAll("table:not(.plain) tr[data-row]").length === 4 && document.activeElement.closest("tr").dataset.row.startsWith("added-")`)
	b.Press("u")
	b.Until(`document.querySelectorAll("table:not(.plain) tr[data-row]").length === 3`)
	b.Press(kb.Home)
	b.Until(`document.activeElement.dataset?.path === "records/m%2F1/number"`)
	b.Press(kb.ArrowRight, kb.ArrowDown)
	b.Until(`document.activeElement.dataset?.path === "records/m%2F2/title"`)
	b.Do(chromedp.KeyEvent(kb.ArrowDown, chromedp.KeyModifiers(chromedp.ModifierAlt, chromedp.ModifierShift)))
	b.Until(`document.querySelector('[data-path="records/m%2F2/title"]').textContent === "" && document.activeElement.dataset?.path === "records/m%2F3/title"`)
	b.Press("u")
	b.Until(`document.querySelector('[data-path="records/m%2F2/title"]').textContent !== ""`)
	b.Press("?")
	b.Until(`document.querySelector("dialog.help").open`)
	b.Shot("table-help")
	if got := v.ids(id); got != "1 2 3" {
		t.Errorf("rows are %s", got)
	}
}

func TestFiguresAdd(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Approver)
	id := v.report()
	c := v.visitor("Bình")
	for _, path := range []string{"records/m%2F3/lead_agency", "records/m%2F3/status"} {
		doc, _, err := v.store.Current(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		f := store.FieldAt(doc, path)
		c.post("/d/"+id+"/field", url.Values{"path": {path}, "base": {digest(f)}, "text": {"Hoàn thành"}, "action": {"accept"}})
	}
	doc, err := v.store.Document(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if status, _, _ := c.post("/d/"+id+"/approve", url.Values{"revision": {"0"}}); status != http.StatusConflict {
		t.Errorf("approved with %d fields left: %d", doc.FieldsLeft, status)
	}
	touched, err := v.store.FieldsTouched(t.Context())
	if err != nil || touched != 2 {
		t.Errorf("%d touched, %v", touched, err)
	}
	days, err := v.store.CorrectionDays(t.Context(), figureDays)
	if err != nil || len(days) != 1 || days[0].Count != 2 {
		t.Errorf("days %v, %v", days, err)
	}
	groups, err := v.store.TotalsByGroup(t.Context())
	if err != nil || len(groups) != 1 || groups[0].Profile != "models" || groups[0].Touched != 2 || groups[0].Untouched() != groups[0].Fields-groups[0].FieldsLeft-2 {
		t.Errorf("groups %+v, %v", groups, err)
	}
	if of, err := v.store.GroupsOfLast(t.Context(), 10); err != nil || of[id] != groups[0].Group {
		t.Errorf("groups of the last corrections %v, %v", of, err)
	}
	if status, body, _ := c.get("/figures"); status != http.StatusOK || !strings.Contains(body, "100 %") { // both that were looked at were changed
		t.Errorf("figures: %d", status)
	}
}
