package review

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	devlog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// tab is a page in Chromium. Its keys are all that these tests use.
type tab struct {
	t   testing.TB
	ctx context.Context
}

// browser starts Chromium and skips the test where there is none.
func browser(t testing.TB) func() *tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if path, err = exec.LookPath("google-chrome"); err != nil {
			t.Skip("no Chromium here: install the package chromium to run the browser tests")
		}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	var parent context.Context
	return func() *tab {
		t.Helper()
		if parent == nil {
			parent = allocator
		}
		ctx, cancel := chromedp.NewContext(parent)
		t.Cleanup(cancel)
		parent = ctx // the next one is a tab of the same browser
		b := &tab{t, ctx}
		b.do(chromedp.EmulateViewport(1366, 768))
		// Whatever the browser complains of, a script that fails or a breach of
		// the Content-Security-Policy, fails the test.
		if err := chromedp.Listen(ctx, func(event any) {
			switch e := event.(type) {
			case *runtime.EventExceptionThrown:
				t.Errorf("script: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception)
			case *devlog.EventEntryAdded:
				if e.Entry.Level == devlog.EntryLevelError && e.Entry.Source != devlog.EntrySourceNetwork {
					t.Errorf("browser: %s %s", e.Entry.Source, e.Entry.Text)
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := chromedp.Call(ctx, devlog.Enable, cdp.Empty{}); err != nil {
			t.Fatal(err)
		}
		return b
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if len(steps) > 0 && chromedp.FromContext(b.ctx).Target == nil {
		ctx = b.ctx // the first call starts the browser, which lives as long as its context
	}
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) open(url string) { b.t.Helper(); b.do(chromedp.Navigate(url)) }

// press presses keys one after the other. As on a keyboard, a key whose press
// a script keeps for itself types nothing; letters that are on no key come from
// an input method.
func (b *tab) press(keys ...string) {
	b.t.Helper()
	for _, r := range strings.Join(keys, "") {
		k := kb.Keys[r]
		var err error
		if k == nil {
			_, err = chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: string(r)})
		} else {
			for _, what := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
				p := input.DispatchKeyEventParams{Type: what, Key: k.Key, Code: k.Code, WindowsVirtualKeyCode: k.Windows, NativeVirtualKeyCode: k.Native}
				if k.Print && what == input.DispatchKeyEventTypeKeyDown {
					p.Text, p.UnmodifiedText = k.Text, k.Unmodified
				}
				if _, err = chromedp.Call(b.ctx, input.DispatchKeyEvent, p); err != nil {
					break
				}
			}
		}
		if err != nil {
			b.t.Fatalf("press %q: %v", r, err)
		}
	}
}

func (b *tab) js(expression string) string {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[any]("String("+expression+")"))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return fmt.Sprint(v)
}

// until waits for an expression to become true.
func (b *tab) until(expression string) {
	b.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(15 * time.Millisecond) {
		v, err := chromedp.Run(b.ctx, chromedp.Evaluate[any]("Boolean("+expression+")"))
		if err == nil && v == true {
			return
		}
		if time.Now().After(end) {
			b.shot("failed")
			b.t.Fatalf("not within ten seconds: %s (%v); at %s", expression, err, b.js("location.href"))
		}
	}
}

// field waits for the panel of a field.
func (b *tab) field(path string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`document.querySelector(".panel")?.dataset.path === %q && !document.querySelector("#panel.busy")`, path))
}

func (b *tab) shot(name string) {
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Errorf("screenshot %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(b.t.ArtifactDir(), name+".png"), picture, 0o644); err != nil {
		b.t.Error(err)
	}
}

func (b *tab) login(v *site, name string) {
	b.t.Helper()
	b.open(v.URL + "/login")
	b.until(`document.activeElement.name === "name"`)
	b.press(name, kb.Tab, testPassword, kb.Enter)
	b.until(`location.pathname === "/"`)
}

// TestScannedReportByKeyboard goes the whole way: first account, upload, queue,
// correction, approval, export.
func TestScannedReportByKeyboard(t *testing.T) {
	b := browser(t)()
	v := newSite(t)
	first, err := v.app.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.open(v.URL + first)
	b.until(`document.activeElement.name === "name"`)
	b.press("Lan Anh", kb.Tab, testPassword, kb.Tab, testPassword)
	b.shot("1-first-account")
	b.press(kb.Enter)
	b.until(`document.querySelector("[data-upload]")`)

	v.work()
	file := filepath.Join(t.TempDir(), "bao-cao.pdf")
	if err := os.WriteFile(file, []byte("%PDF-1.7 pretended"), 0o600); err != nil {
		t.Fatal(err)
	}
	// The system's own dialogue for choosing files is no part of the page.
	b.do(chromedp.SetUploadFiles("input[type=file]", []string{file}))
	b.until(`document.querySelector(".tag.ready")`)
	b.shot("2-queue")
	b.press(kb.ArrowDown, kb.Enter)

	// The least sure field comes first, framed on its page.
	const amount, status, agency, title = "records/m%2F3/amounts/0", "records/m%2F3/status", "records/m%2F3/lead_agency", "records/m%2F3/title"
	b.field(amount)
	b.until(`document.querySelector("#page-1 image").getAttribute("href")`)
	if got := b.js(`(() => { const r = document.querySelector("rect.current").getBoundingClientRect(), f = document.querySelector(".sheets").getBoundingClientRect(); return r.top >= f.top && r.bottom <= f.bottom && r.left >= f.left && r.right <= f.right })()`); got != "true" {
		t.Error("the view has not moved to the field's box")
	}
	b.shot("3-correct")

	// A slip is told beside the field, and what was typed stays.
	b.press("e", "x", kb.Enter)
	b.until(`document.querySelector("#error").textContent.includes("Đây không phải số tiền")`)
	if got := b.js(`document.querySelector("textarea").value`); got != "2,5 ty dongx" {
		t.Errorf("the input holds %q", got)
	}
	// Typing without an input method: the word before the cursor gets its marks.
	b.js(`document.querySelector("textarea").select()`)
	b.press("2,5 ty")
	b.until(`document.querySelector("#proposals li")?.textContent === "2,5 tỷ"`)
	b.press(kb.Tab, " dong")
	b.until(`[...document.querySelectorAll("#proposals li")].some((li) => li.textContent === "2,5 tỷ đồng")`)
	b.shot("4-typing")
	b.press(kb.Tab)
	b.until(`document.querySelector("#read").textContent.startsWith("hai tỷ năm trăm triệu đồng")`)
	b.press(kb.Enter)

	b.field(status)
	b.press("x") // unreadable
	b.field(agency)
	b.press("u") // that was a mistake: the field comes back
	b.field(status)
	b.press("s") // put off
	b.field(agency)
	b.press("d") // same as above
	b.field(title)
	if got := b.js(`document.querySelectorAll(".boxes rect").length + " on " + document.querySelectorAll(".sheet:not([hidden])").length`); got != "2 on 2" {
		t.Errorf("boxes of a field that spans pages: %s", got)
	}
	b.shot("5-two-pages")
	b.press("n", "+", "r", "0")
	b.press("1") // as read
	if got := b.js(`document.querySelector("textarea").value`); got != "Điểrn công dân só tại thôn" {
		t.Errorf("the input holds %q", got)
	}
	b.press("2", kb.Enter) // the alternative
	b.field(status)        // what was put off comes last
	b.press("e")
	b.js(`document.querySelector("textarea").select()`)
	b.press("hoan thanh")
	b.until(`document.querySelector("#proposals li[aria-selected=true]")`)
	b.press(kb.Tab, kb.Enter)
	b.until(`document.querySelector(".done [data-focus]") === document.activeElement`)
	b.shot("6-approve")
	b.press(kb.Enter)
	b.until(`document.querySelector("[name=reason]")`)
	b.shot("7-approved")

	var doc schema.Document
	b.js(`fetch(location.pathname + "/export/json").then((a) => a.text()).then((t) => { window.exported = t })`)
	b.until(`window.exported`)
	if err := json.Unmarshal([]byte(b.js(`window.exported`)), &doc); err != nil {
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
	b.open(v.URL + "/d/" + doc.DocumentID + "/history")
	b.shot("8-history")
}

// TestTwoReviewersAtOnce gives the document to whoever comes first.
func TestTwoReviewersAtOnce(t *testing.T) {
	start := browser(t)
	v := newSite(t)
	v.account("Bình", Reviewer)
	v.account("Chi", Reviewer)
	id := v.report()
	first := start()
	first.login(v, "Bình")
	first.open(v.URL + "/d/" + id)
	first.field("records/m%2F3/amounts/0")

	// Cookies belong to the browser, so the second one needs another host name.
	second := start()
	other := *v
	other.URL = strings.Replace(v.URL, "127.0.0.1", "localhost", 1)
	second.login(&other, "Chi")
	second.open(other.URL + "/d/" + id)
	second.until(`document.querySelector(".warn").textContent.includes("Bình")`)
	if got := second.js(`document.querySelector("textarea").readOnly + " " + document.querySelectorAll(".actions").length`); got != "true 0" {
		t.Errorf("read-only and actions: %s", got)
	}
	second.shot("two-reviewers")
	first.open(v.URL + "/")
	if err := v.store.Release(t.Context(), id, "Bình"); err != nil {
		t.Fatal(err)
	}
	second.do(chromedp.Reload())
	second.until(`document.querySelector(".actions")`)
}

// TestLostConnection breaks the line between typing and the answer.
func TestLostConnection(t *testing.T) {
	b := browser(t)()
	v := newSite(t)
	v.account("Bình", Reviewer)
	id := v.report()
	b.login(v, "Bình")
	b.open(v.URL + "/d/" + id)
	b.field("records/m%2F3/amounts/0")

	// A reload in the middle of typing loses nothing.
	b.press("e")
	b.js(`document.querySelector("textarea").select()`)
	b.press("7 tỷ đồng")
	b.do(chromedp.Reload())
	b.field("records/m%2F3/amounts/0")
	if got := b.js(`document.querySelector("textarea").value`); got != "7 tỷ đồng" {
		t.Fatalf("after a reload the input holds %q", got)
	}
	v.line.Store(cutAfter) // the server hears, its answers get lost
	b.press(kb.Enter)
	b.until(`!document.querySelector(".offline").hidden`)
	b.shot("offline")
	if got := b.js(`document.querySelector("textarea").value`); got != "7 tỷ đồng" {
		t.Errorf("without a connection the input holds %q", got)
	}
	v.line.Store(whole)
	b.field("records/m%2F3/status")
	history, err := v.store.History(t.Context(), id)
	if err != nil || len(history) != 1 {
		t.Errorf("%d corrections, %v; want one", len(history), err)
	}
	if got := b.js(`Object.keys(localStorage).filter((k) => k.includes("draft")).length`); got != "0" {
		t.Errorf("%s drafts are left", got)
	}
}
