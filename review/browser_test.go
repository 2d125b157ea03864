package review

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sohoa/sohoa/review/reviewtest"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// login comes in at the site.
func (v *site) login(b *reviewtest.Tab, name string) {
	v.t.Helper()
	b.Open(v.URL + "/login")
	b.Until(`document.activeElement.name === "name"`)
	b.Press(name, kb.Tab, testPassword, kb.Enter)
	b.Until(`location.pathname === "/"`)
}

// TestScannedReportByKeyboard goes the whole way: first account, upload, queue,
// correction, approval, export.
func TestScannedReportByKeyboard(t *testing.T) {
	b := reviewtest.Browser(t)()
	v := newSite(t)
	first, err := v.app.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.Open(v.URL + first)
	b.Until(`document.activeElement.name === "name"`)
	b.Press("Lan Anh", kb.Tab, testPassword, kb.Tab, testPassword)
	b.Shot("1-first-account")
	b.Press(kb.Enter)
	b.Until(`document.querySelector("[data-upload]")`)

	v.work()
	file := filepath.Join(t.TempDir(), "bao-cao.pdf")
	if err := os.WriteFile(file, []byte("%PDF-1.7 pretended"), 0o600); err != nil {
		t.Fatal(err)
	}
	// The system's own dialogue for choosing files is no part of the page.
	b.Do(chromedp.SetUploadFiles("input[type=file]", []string{file}))
	b.Until(`document.querySelector(".tag.ready")`)
	b.Shot("2-queue")
	b.Press(kb.ArrowDown, kb.Enter)

	// The least sure field comes first, framed on its page.
	const amount, status, agency, title = "records/m%2F3/amounts/0", "records/m%2F3/status", "records/m%2F3/lead_agency", "records/m%2F3/title"
	b.Field(amount)
	b.Until(`document.querySelector("#page-1 image").getAttribute("href")`)
	if got := b.JS(`(() => { const r = document.querySelector("rect.current").getBoundingClientRect(), f = document.querySelector(".sheets").getBoundingClientRect(); return r.top >= f.top && r.bottom <= f.bottom && r.left >= f.left && r.right <= f.right })()`); got != "true" {
		t.Error("the view has not moved to the field's box")
	}
	b.Shot("3-correct")

	// A slip is told beside the field, and what was typed stays.
	b.Press("e", "x", kb.Enter)
	b.Until(`document.querySelector("#error").textContent.includes("Đây không phải số tiền")`)
	if got := b.JS(`document.querySelector("textarea").value`); got != "2,5 ty dongx" {
		t.Errorf("the input holds %q", got)
	}
	// Typing without an input method: the word before the cursor gets its marks.
	b.JS(`document.querySelector("textarea").select()`)
	b.Press("2,5 ty")
	b.Until(`document.querySelector("#proposals li")?.textContent === "2,5 tỷ"`)
	b.Press(kb.Tab, " dong")
	b.Until(`[...document.querySelectorAll("#proposals li")].some((li) => li.textContent === "2,5 tỷ đồng")`)
	b.Shot("4-typing")
	b.Press(kb.Tab)
	b.Until(`document.querySelector("#read").textContent.startsWith("hai tỷ năm trăm triệu đồng")`)
	b.Press(kb.Enter)

	b.Field(status)
	b.Press("x") // unreadable
	b.Field(agency)
	b.Press("u") // that was a mistake: the field comes back
	b.Field(status)
	b.Press("s") // put off
	b.Field(agency)
	b.Press("d") // same as above
	b.Field(title)
	if got := b.JS(`document.querySelectorAll(".boxes rect").length + " on " + document.querySelectorAll(".sheet:not([hidden])").length`); got != "2 on 2" {
		t.Errorf("boxes of a field that spans pages: %s", got)
	}
	b.Shot("5-two-pages")
	b.Press("n", "+", "r", "0")
	b.Press("1") // as read
	if got := b.JS(`document.querySelector("textarea").value`); got != "Điểrn công dân só tại thôn" {
		t.Errorf("the input holds %q", got)
	}
	b.Press("2", kb.Enter) // the alternative
	b.Field(status)        // what was put off comes last
	b.Press("e")
	b.JS(`document.querySelector("textarea").select()`)
	b.Press("hoan thanh")
	b.Until(`document.querySelector("#proposals li[aria-selected=true]")`)
	b.Press(kb.Tab, kb.Enter)
	b.Until(`document.querySelector(".done [data-focus]") === document.activeElement`)
	b.Shot("6-approve")
	b.Press(kb.Enter)
	b.Until(`document.querySelector("[name=reason]")`)
	b.Shot("7-approved")

	var doc schema.Document
	b.JS(`fetch(location.pathname + "/export/json").then((a) => a.text()).then((t) => { window.exported = t })`)
	b.Until(`window.exported`)
	if err := json.Unmarshal([]byte(b.JS(`window.exported`)), &doc); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{amount: "2,5 tỷ đồng", status: "Hoàn thành", agency: "Sở Tư pháp", title: "Điểm công dân số tại thốn"}
	for path, text := range want {
		f := store.FieldAt(&doc, path)
		if f == nil || f.Text != text || f.State != schema.Corrected {
			t.Errorf("%s is %+v, want %q corrected", path, f, text)
		}
	}
	if m, _ := store.FieldAt(&doc, amount).Value.(map[string]any); m["vnd"] != 2.5e9 {
		t.Errorf("amount has the value %v", m)
	}
	if err := doc.Validate(); err != nil {
		t.Error(err)
	}
	b.Open(v.URL + "/d/" + doc.DocumentID + "/history")
	b.Shot("8-history")
}

// TestTwoReviewersAtOnce gives the document to whoever comes first.
func TestTwoReviewersAtOnce(t *testing.T) {
	start := reviewtest.Browser(t)
	v := newSite(t)
	v.account("Bình", Reviewer)
	v.account("Chi", Reviewer)
	id := v.report()
	first := start()
	v.login(first, "Bình")
	first.Open(v.URL + "/d/" + id)
	first.Field("records/m%2F3/amounts/0")

	// Cookies belong to the browser, so the second one needs another host name.
	second := start()
	other := *v
	other.URL = strings.Replace(v.URL, "127.0.0.1", "localhost", 1)
	other.login(second, "Chi")
	second.Open(other.URL + "/d/" + id)
	second.Until(`document.querySelector(".warn").textContent.includes("Bình")`)
	if got := second.JS(`document.querySelector("textarea").readOnly + " " + document.querySelectorAll(".actions").length`); got != "true 0" {
		t.Errorf("read-only and actions: %s", got)
	}
	second.Shot("two-reviewers")
	first.Open(v.URL + "/")
	if err := v.store.Release(t.Context(), id, "Bình"); err != nil {
		t.Fatal(err)
	}
	second.Do(chromedp.Reload())
	second.Until(`document.querySelector(".actions")`)
}

// TestLostConnection breaks the line between typing and the answer.
func TestLostConnection(t *testing.T) {
	b := reviewtest.Browser(t)()
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	v.login(b, "Bình")
	b.Open(v.URL + "/d/" + id)
	b.Field("records/m%2F3/amounts/0")

	// A reload in the middle of typing loses nothing.
	b.Press("e")
	b.JS(`document.querySelector("textarea").select()`)
	b.Press("7 tỷ đồng")
	b.Do(chromedp.Reload())
	b.Field("records/m%2F3/amounts/0")
	if got := b.JS(`document.querySelector("textarea").value`); got != "7 tỷ đồng" {
		t.Fatalf("after a reload the input holds %q", got)
	}
	v.line.Store(cutAfter) // the server hears, its answers get lost
	b.Press(kb.Enter)
	b.Until(`!document.querySelector(".offline").hidden`)
	b.Shot("offline")
	if got := b.JS(`document.querySelector("textarea").value`); got != "7 tỷ đồng" {
		t.Errorf("without a connection the input holds %q", got)
	}
	v.line.Store(whole)
	b.Field("records/m%2F3/status")
	history, err := v.store.History(t.Context(), id)
	if err != nil || len(history) != 1 {
		t.Errorf("%d corrections, %v; want one", len(history), err)
	}
	if got := b.JS(`Object.keys(localStorage).filter((k) => k.includes("draft")).length`); got != "0" {
		t.Errorf("%s drafts are left", got)
	}
}
