package review

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/sohoa/sohoa/review/reviewtest"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// TestCellsMove moves whole cells and parts of cells to the next ones, and
// takes each move back.
func TestCellsMove(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	c := v.visitor("Bình")
	texts := func(paths ...string) (out []string) {
		t.Helper()
		doc, _, err := v.store.Current(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			if f := store.FieldAt(doc, p); f != nil {
				out = append(out, f.Text)
			} else {
				out = append(out, "–")
			}
		}
		return out
	}
	const title1, title2 = "records/m%2F1/title", "records/m%2F2/title"
	first, second := texts(title1)[0], texts(title2)[0]
	for _, tc := range []struct {
		action, path, text, rest string
		look                     [2]string
		want                     [2]string
	}{
		{"cell-down", title1, "", "", [2]string{title1, title2}, [2]string{"", first + " " + second}},
		{"cell-down", title1, "Khám chữa bệnh", "bằng căn cước", [2]string{title1, title2}, [2]string{"Khám chữa bệnh", "bằng căn cước " + second}},
		{"cell-up", title2, "lý lịch tư pháp", "Cấp phiếu", [2]string{title1, title2}, [2]string{first + " Cấp phiếu", "lý lịch tư pháp"}},
		{"cell-right", "records/m%2F2/status", "", "", [2]string{}, [2]string{}},
	} {
		form := url.Values{"action": {tc.action}, "path": {tc.path}, "row": {"m/" + parsePath(tc.path).record[2:]}, "text": {tc.text}, "rest": {tc.rest}}
		status, body, _ := c.post("/d/"+id+"/rows", form)
		if tc.want == [2]string{} { // a status is no sum of money
			if status != http.StatusConflict || body == "" {
				t.Errorf("%s of %s: %d %s", tc.action, tc.path, status, body)
			}
			continue
		}
		if status != http.StatusOK {
			t.Fatalf("%s of %s: %d %s", tc.action, tc.path, status, body)
		}
		if got := texts(tc.look[:]...); got[0] != tc.want[0] || got[1] != tc.want[1] {
			t.Errorf("%s of %s: %q, want %q", tc.action, tc.path, got, tc.want)
		}
		doc, _, err := v.store.Current(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		to := store.FieldAt(doc, map[bool]string{true: title1, false: title2}[tc.action == "cell-up"])
		if to.State != schema.Corrected || len(to.Boxes) != 2 {
			t.Errorf("%s: the field is %s with %d places", tc.action, to.State, len(to.Boxes))
		}
		if status, body, _ := c.post("/d/"+id+"/undo", url.Values{}); status != http.StatusOK {
			t.Fatalf("undo: %d %s", status, body)
		}
		if got := texts(title1, title2); got[0] != first || got[1] != second {
			t.Errorf("after undoing %s: %q", tc.action, got)
		}
	}
	for _, form := range []url.Values{
		{"row": {"m/1"}, "action": {"cell-up"}, "path": {title1}},
		{"row": {"m/2"}, "action": {"cell-down"}, "path": {title1}},
		{"row": {"m/1"}, "action": {"cell-left"}, "path": {"records/m%2F1/number"}},
		{"row": {"m/1"}, "action": {"cell-down"}, "path": {"records/m%2F1/nothing"}},
	} {
		if status, _, _ := c.post("/d/"+id+"/rows", form); status < 400 || status > 499 {
			t.Errorf("%v: %d", form, status)
		}
	}
}

func TestPageIsReadAgainInAnotherManner(t *testing.T) {
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	c := v.visitor("Bình")
	for _, form := range []url.Values{{"what": {"page"}}, {"what": {"page"}, "page": {"3"}}, {"what": {"page"}, "page": {"1"}, "turn": {"45"}}} {
		if status, _, _ := c.post("/d/"+id+"/reread", form); status != http.StatusBadRequest {
			t.Errorf("%v: %d", form, status)
		}
	}
	for i, tc := range []struct {
		form url.Values
		want [2]string
	}{
		{url.Values{"what": {"page"}, "page": {"2"}, "turn": {"90"}, "fine": {"1"}}, [2]string{"", "turn=90 fine"}},
		{url.Values{"what": {"page"}, "page": {"1"}, "running": {"1"}, "picture": {"1"}}, [2]string{"running picture", "turn=90 fine"}},
		{url.Values{"what": {"document"}}, [2]string{"running picture", "turn=90 fine"}},
		{url.Values{"what": {"page"}, "page": {"1"}}, [2]string{"", "turn=90 fine"}},
	} {
		if status, body, _ := c.post("/d/"+id+"/reread", tc.form); status != http.StatusSeeOther {
			t.Fatalf("%v: %d %s", tc.form, status, body)
		}
		v.awaitVersion(id, i+2)
		doc, _, err := v.store.Current(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]string{doc.Pages[0].Manner, doc.Pages[1].Manner}; got != tc.want {
			t.Errorf("%v: pages were read as %q, want %q", tc.form, got, tc.want)
		}
	}
}

// TestPageIsReadAgainByKeyboard asks for it where a reviewer sees that it is
// needed.
func TestPageIsReadAgainByKeyboard(t *testing.T) {
	b := reviewtest.Browser(t)()
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	v.login(b, "Bình")
	b.Open(v.URL + "/d/" + id)
	b.Until(`document.querySelector("rect.current")`)
	b.Press("g")
	b.Until(`document.querySelector("dialog.reread").open && document.querySelector("[name=page]").value === "1"`)
	b.JS(`document.querySelector("[name=fine]").focus()`)
	b.Press(" ")
	b.Shot("read-again")
	b.JS(`document.querySelector("dialog.reread button.main").focus()`)
	b.Press("\r")
	b.Until(`location.pathname === "/"`)
	v.awaitVersion(id, 2)
	doc, _, err := v.store.Current(t.Context(), id)
	if err != nil || doc.Pages[0].Manner != "fine" {
		t.Errorf("page 1 was read as %q, %v", doc.Pages[0].Manner, err)
	}
}
