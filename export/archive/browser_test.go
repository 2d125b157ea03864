package archive_test

import (
	"fmt"
	"image"
	"image/color"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/review/reviewtest"
	"github.com/sohoa/sohoa/schema"
)

// viewer shows a PDF as a browser's own viewer does, a pixel of the page a pixel
// of the screen at 96 dpi, and asks it for the text that is selected.
const viewer = `<!doctype html><body style="margin:0;overflow:hidden">
<embed id="pdf" type="application/pdf" src="a.pdf#toolbar=0&navpanes=0&zoom=100" style="width:1200px;height:760px">
<script>
let selected = null
addEventListener("message", e => { if (e.data.type === "getSelectedTextReply") selected = e.data.selectedText })
function ask(type) { document.getElementById("pdf").postMessage({type}, "*"); return true }
</script>`

// TestBrowserSelectsWords opens searchable PDFs in Chromium's viewer, selects
// all, draws the mouse over the ink of each word as a reader does, and looks at
// what the viewer would copy and where it marks it.
func TestBrowserSelectsWords(t *testing.T) {
	const w, h, dpi = 700, 600, 96
	lines := [][]string{{"Triển", "khai", "nền", "tảng", "số"}, {"Độc", "lập", "–", "Tự", "do"}, {"550.000", "đồng/lượt", "(2025)"}}
	for _, rotation := range []int{0, 90, 180} {
		t.Run(fmt.Sprint(rotation), func(t *testing.T) {
			sheet := image.NewGray(image.Rect(0, 0, w, h))
			for i := range sheet.Pix {
				sheet.Pix[i] = 255
			}
			page := schema.Page{PageInfo: schema.PageInfo{Number: 1, Width: w, Height: h, DPI: dpi, Rotation: rotation}}
			for i, l := range lines {
				var line schema.Line
				x := 90 + 17*i
				for _, text := range l {
					box := schema.Box{X0: x, Y0: 120 + 60*i, X1: x + 11*len([]rune(text)) + 6, Y1: 140 + 60*i}
					x = box.X1 + 14
					for py := box.Y0; py < box.Y1; py++ {
						for px := box.X0; px < box.X1; px++ {
							sheet.SetGray(px, py, color.Gray{150})
						}
					}
					line.Words = append(line.Words, schema.Word{Text: text, Raw: text, Box: box})
					line.Box = line.Box.Union(box)
				}
				page.Lines = append(page.Lines, line)
			}
			tab := reviewtest.Browser(t)()
			tab.Open(serveViewer(t, build(t, page, turn(sheet, 360-rotation))))
			var plain image.Image
			var ink schema.Box
			for _, l := range page.Lines {
				ink = ink.Union(l.Box)
			}
			for end := time.Now().Add(reviewtest.Patience); !near(greyBars(plain).Size(), image.Pt(ink.Width(), ink.Height()), 3); plain = tab.Screen() {
				if time.Now().After(end) {
					t.Fatalf("the viewer shows ink at %v, want %v", greyBars(plain), ink)
				}
			}
			// The first bar tells where on the screen the page lies.
			first := page.Lines[0].Words[0].Box
			offset := greyBars(plain).Min.Sub(image.Pt(first.X0, first.Y0))
			on := func(b schema.Box) image.Rectangle { return image.Rect(b.X0, b.Y0, b.X1, b.Y1).Add(offset) }
			marked := func(what string, box schema.Box) {
				t.Helper()
				want := on(box)
				for end := time.Now().Add(reviewtest.Patience); ; time.Sleep(20 * time.Millisecond) { // until it is drawn
					got := changed(plain, tab.Screen(), want.Inset(-15))
					if near(got.Min, want.Min, 3) && near(got.Max, want.Max, 3) {
						return
					}
					if time.Now().After(end) {
						t.Fatalf("%q is marked at %v, its ink lies at %v", what, got, want)
					}
				}
			}
			tab.Until(fmt.Sprintf(`ask("selectAll") && ask("getSelectedText") && selected?.trim().replace(/\s+/g, " ") === %q`, strings.Join(slices.Concat(lines...), " ")))
			for i, l := range page.Lines {
				marked(strings.Join(lines[i], " "), l.Box)
			}
			if rotation != 0 {
				return // there the viewer takes the halves of letters, where a marking begins, from the page before it is turned
			}
			for _, l := range page.Lines {
				for _, word := range l.Words {
					at := on(word.Box)
					middle := (at.Min.Y + at.Max.Y) / 2
					tab.Drag(image.Pt(at.Min.X-3, middle), image.Pt(at.Max.X+3, middle))
					tab.Until(fmt.Sprintf(`ask("getSelectedText") && selected === %q`, word.Text))
					marked(word.Text, word.Box)
				}
			}
		})
	}
}

func near(p, q image.Point, most int) bool {
	return max(p.X-q.X, q.X-p.X, p.Y-q.Y, q.Y-p.Y) <= most
}

func serveViewer(t *testing.T, pdf []byte) string {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a.pdf" {
			w.Header().Set("Content-Type", "application/pdf")
			_, _ = w.Write(pdf) // the browser is gone if this fails
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, viewer)
	}))
	t.Cleanup(site.Close)
	return site.URL
}

// greyBars is the area of the page's ink; nil has none.
func greyBars(img image.Image) (area image.Rectangle) {
	if img == nil {
		return area
	}
	each(img.Bounds(), func(x, y int) {
		r, g, b, _ := img.At(x, y).RGBA()
		if r>>8 > 140 && r>>8 < 160 && r == g && g == b {
			area = area.Union(image.Rect(x, y, x+1, y+1))
		}
	})
	return area
}

// changed is the part of an area in which two pictures differ.
func changed(a, b image.Image, within image.Rectangle) (area image.Rectangle) {
	each(within, func(x, y int) {
		if a.At(x, y) != b.At(x, y) {
			area = area.Union(image.Rect(x, y, x+1, y+1))
		}
	})
	return area
}

func each(area image.Rectangle, do func(x, y int)) {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			do(x, y)
		}
	}
}
