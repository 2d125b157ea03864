// Package reviewtest drives the review pages in Chromium by the keyboard, for
// tests of the pages alone and of the program that serves them.
package reviewtest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
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
)

// Tab is a page in Chromium. Its keys are all that these tests use.
type Tab struct {
	t   testing.TB
	ctx context.Context
}

// Browser starts Chromium and skips the test where there is none. Each call of
// the function that it returns opens another tab of it.
func Browser(t testing.TB) func() *Tab {
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
	return func() *Tab {
		t.Helper()
		if parent == nil {
			parent = allocator
		}
		ctx, cancel := chromedp.NewContext(parent)
		t.Cleanup(cancel)
		parent = ctx // the next one is a tab of the same browser
		b := &Tab{t, ctx}
		b.Do(chromedp.EmulateViewport(1366, 768))
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

// Do runs what chromedp can do besides the keys.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	if len(steps) > 0 && chromedp.FromContext(b.ctx).Target == nil {
		ctx = b.ctx // the first call starts the browser, which lives as long as its context
	}
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// Open goes to an address.
func (b *Tab) Open(url string) { b.t.Helper(); b.Do(chromedp.Navigate(url)) }

// Press presses keys one after the other. As on a keyboard, a key whose press
// a script keeps for itself types nothing; letters that are on no key come from
// an input method.
func (b *Tab) Press(keys ...string) {
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

// JS returns the value of an expression as a string.
func (b *Tab) JS(expression string) string {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[any]("String("+expression+")"))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return fmt.Sprint(v)
}

// Patience bounds a wait for what never comes. It is no measure for pages that
// are well: those may be on a machine with much else to do.
const Patience = 3 * time.Minute

// Until waits for an expression to become true.
func (b *Tab) Until(expression string) {
	b.t.Helper()
	for end := time.Now().Add(Patience); ; time.Sleep(15 * time.Millisecond) {
		v, err := chromedp.Run(b.ctx, chromedp.Evaluate[any]("Boolean("+expression+")"))
		if err == nil && v == true {
			return
		}
		if time.Now().After(end) {
			b.Shot("failed")
			b.t.Fatalf("not within %s: %s (%v); at %s", Patience, expression, err, b.JS("location.href"))
		}
	}
}

// Field waits for the panel of a field.
func (b *Tab) Field(path string) {
	b.t.Helper()
	b.Until(fmt.Sprintf(`document.querySelector(".panel")?.dataset.path === %q && !document.querySelector("#panel.busy")`, path))
}

// Drag moves the mouse from one point to another with its button held. Points
// are in pixels of the view.
func (b *Tab) Drag(from, to image.Point) {
	b.t.Helper()
	at := func(p image.Point) (x, y float64) { return float64(p.X), float64(p.Y) }
	x0, y0 := at(from)
	x1, y1 := at(to)
	mid := func(m *input.DispatchMouseEventParams) { m.Button, m.Buttons = input.MouseButtonLeft, 1 }
	b.Do(
		chromedp.MouseEvent(chromedp.MousePressed, x0, y0, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent(chromedp.MouseMoved, (x0+x1)/2, (y0+y1)/2, mid),
		chromedp.MouseEvent(chromedp.MouseMoved, x1, y1, mid),
		chromedp.MouseEvent(chromedp.MouseReleased, x1, y1, chromedp.ButtonLeft, chromedp.ClickCount(1)),
	)
}

// Screen is what the tab looks like.
func (b *Tab) Screen() image.Image {
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		b.t.Fatal(err)
	}
	return img
}

// Shot keeps a screenshot among the artifacts of the test.
func (b *Tab) Shot(name string) {
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
