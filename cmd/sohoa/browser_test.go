package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sohoa/sohoa/review/reviewtest"
	"github.com/sohoa/sohoa/schema"
)

// TestScanToExport has the program itself read a scanned report, with recorded
// OCR, and goes from the upload to the approved export by the keyboard alone.
func TestScanToExport(t *testing.T) {
	b := reviewtest.Browser(t)()
	fixtures, err := filepath.Abs("../../fixtures")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := program(t, dir, "serve", "--data", filepath.Join(dir, "data"), "--addr", "127.0.0.1:0", "--log", "off", "--replay", filepath.Join(fixtures, "recorded"))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // when it has ended already, Wait says how
		if err := cmd.Wait(); err != nil {
			t.Errorf("serve ended with %v", err)
		}
	}()
	var first string
	for lines := bufio.NewScanner(out); first == "" && lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, "http://") {
			first = line
		}
	}

	b.Open(first)
	b.Until(`document.activeElement.name === "name"`)
	b.Press("Lan Anh", kb.Tab, "một mật khẩu dài", kb.Tab, "một mật khẩu dài", kb.Enter)
	b.Until(`document.querySelector("[data-upload]")`)
	b.Do(chromedp.SetUploadFiles("input[type=file]", []string{filepath.Join(fixtures, "scans", "tra-giang-models.grey200.pdf")}))
	b.Until(`document.querySelector(".tag.ready")`)
	b.Shot("1-queue")
	b.Press(kb.ArrowDown, kb.Enter)
	b.Until(`document.querySelector(".panel")`)
	b.Until(`document.querySelector(".sheet:not([hidden]) image")?.getAttribute("href")`)
	b.JS(`(window.page = new Image()).src = document.querySelector(".sheet:not([hidden]) image").getAttribute("href")`)
	b.Until(`page.complete && page.naturalWidth > 1000`)
	b.Shot("2-correct")
	decided := 0
	for b.JS(`!!document.querySelector(".done")`) != "true" {
		if decided++; decided > 400 {
			t.Fatal("the fields do not come to an end")
		}
		path := b.JS(`document.querySelector(".panel").dataset.path`)
		b.Press(kb.Enter)
		b.Until(`!document.querySelector("#panel.busy") && (document.querySelector(".panel").dataset.path !== "` + path + `" || document.querySelector("#error")?.textContent)`)
		if b.JS(`document.querySelector(".panel").dataset.path`) == path {
			b.Press("x") // what was read is no value of its kind
			b.Until(`document.querySelector(".panel").dataset.path !== "` + path + `"`)
		}
	}
	if decided == 0 {
		t.Error("there was nothing to review")
	}
	b.Until(`document.querySelector(".done [data-focus]") === document.activeElement`)
	b.Press(kb.Enter)
	b.Until(`document.querySelector("[name=reason]")`)
	b.Shot("3-approved")
	b.Open(b.JS(`location.href`) + "/table")
	b.Until(`document.querySelector("table.grid")`)
	b.Shot("4-table")

	var doc schema.Document
	b.JS(`fetch(location.pathname.replace("/table", "/export/json")).then((a) => a.text()).then((t) => { window.exported = t })`)
	b.Until(`window.exported`)
	if err := json.Unmarshal([]byte(b.JS(`window.exported`)), &doc); err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(); err != nil {
		t.Error(err)
	}
	if len(doc.Records) == 0 || doc.Header.Title == nil {
		t.Errorf("%d records, title %v", len(doc.Records), doc.Header.Title)
	}
	doc.EachField(func(path string, f *schema.Field) {
		if f.State == schema.NeedsReview {
			t.Errorf("%s needs review in an approved document", path)
		}
	})
}
