package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"

	"github.com/sohoa/sohoa/export/archive"
	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// build lays the words of a page over a picture.
func build(t *testing.T, page schema.Page, img image.Image) []byte {
	t.Helper()
	var picture, pdf bytes.Buffer
	if err := png.Encode(&picture, img); err != nil {
		t.Fatal(err)
	}
	doc := &schema.Document{DocumentID: "ab", Source: schema.Source{Name: "a.png", MediaType: "image/png", Pages: 1}}
	pages := func(yield func(schema.Page, error) bool) { yield(page, nil) }
	src := archive.Source{File: bytes.NewReader(picture.Bytes()), Size: int64(picture.Len())}
	if _, err := archive.WritePDF(context.Background(), &pdf, doc, pages, src); err != nil {
		t.Fatal(err)
	}
	return pdf.Bytes()
}

// TestPDFiumReadsLines has PDFium, which is Chromium's viewer, read pages that
// lie any way: words of one character, dashes above the baseline and words with
// and without descenders make one line.
func TestPDFiumReadsLines(t *testing.T) {
	pool, err := webassembly.Init(webassembly.Config{MinIdle: 1, MaxIdle: 1, MaxTotal: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	lib, err := pool.GetInstance(time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	// Boxes as an engine gives them for 13 pt print at 200 dpi: text, x, width,
	// and the rows from top to bottom.
	type word struct {
		text           string
		x, w, top, low int
	}
	lines := [][]word{
		{{"Độc", 300, 60, 200, 233}, {"lập", 370, 50, 204, 240}, {"-", 430, 12, 219, 222}, {"Tự", 452, 40, 205, 240}, {"do", 502, 38, 205, 232}},
		{{"tháng", 300, 90, 255, 290}, {"9", 400, 16, 257, 282}, {"năm", 426, 72, 258, 282}, {"2025", 508, 70, 257, 282}, {";", 588, 8, 266, 288}, {"“ứng", 606, 70, 255, 290}, {"xa", 686, 36, 267, 282}},
		{{"Triển", 300, 80, 305, 333}, {"khai", 390, 70, 305, 332}, {"nền", 470, 60, 308, 332}, {"tảng", 540, 70, 306, 340}},
	}
	const want = "Độc lập - Tự do\r\ntháng 9 năm 2025 ; “ứng xa\r\nTriển khai nền tảng"
	for _, rotation := range []int{0, 90, 180, 270} {
		page := schema.Page{PageInfo: schema.PageInfo{Number: 1, Width: 1000, Height: 1400, DPI: 200, Rotation: rotation, Skew: 0.7}}
		for _, l := range lines {
			var line schema.Line
			for _, w := range l {
				box := schema.Box{X0: w.x, Y0: w.top, X1: w.x + w.w, Y1: w.low}
				line.Words = append(line.Words, schema.Word{Text: w.text, Raw: w.text, Box: box})
				line.Box = line.Box.Union(box)
			}
			page.Lines = append(page.Lines, line)
		}
		w, h := 1000, 1400
		if rotation%180 != 0 {
			w, h = h, w
		}
		pdf := build(t, page, image.NewGray(image.Rect(0, 0, w, h)))
		doc, err := lib.OpenDocument(&requests.OpenDocument{File: &pdf})
		if err != nil {
			t.Fatal(err)
		}
		got, err := lib.GetPageText(&requests.GetPageText{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document}}})
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(got.Text) != want {
			t.Errorf("turned by %d it reads %q, want %q", rotation, got.Text, want)
		}
		if _, err := lib.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc.Document}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWordsStandOnTheirInk draws pages that lie and lean in known ways, has
// package scan straighten them, puts a word on a piece of ink of the straight
// page, and looks where the word stands on the page of the PDF.
func TestWordsStandOnTheirInk(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	const dpi, w, h = 150, 1240, 1754
	for _, c := range []struct {
		rotation int // that makes the page upright
		lean     float64
	}{{0, 0}, {0, 1.3}, {0, -3.2}, {90, 0.8}, {90, 2.6}, {180, -1.1}, {270, 0}, {270, -4}} {
		t.Run(fmt.Sprintf("%d,%g", c.rotation, c.lean), func(t *testing.T) {
			// The page as it is to be seen, leaning: bars for words in lines, and
			// one bar by itself.
			alone := image.Rect(700, 1200, 900, 1230)
			sin, cos := math.Sincos(c.lean * math.Pi / 180)
			seen := image.NewGray(image.Rect(0, 0, w, h))
			for y := range h {
				for x := range w {
					dx, dy := float64(x)+.5-w/2, float64(y)+.5-h/2
					px, py := int(w/2+cos*dx+sin*dy), int(h/2-sin*dx+cos*dy)
					ink := image.Pt(px, py).In(alone)
					if px >= 150 && px < w-150 && py >= 200 && py < 1000 {
						ink = ink || py%50 < 18 && (px+37*(py/50))%90 < 70
					}
					if !ink {
						seen.SetGray(x, y, color.Gray{255})
					}
				}
			}
			sheet, err := scan.Prepare(context.Background(), turn(seen, 360-c.rotation), dpi, scan.Options{Rotation: c.rotation})
			if err != nil {
				t.Fatal(err)
			}
			// On the straight page the bar lies in this part.
			b := sheet.Gray.Bounds()
			ink := sheet.Ink(schema.Box{X0: b.Dx()/2 - 50, Y0: b.Dy()/2 + 250, X1: b.Dx()/2 + 400, Y1: b.Dy()/2 + 450})
			if ink.Width() < 150 {
				t.Fatalf("the bar was not found: %v", ink)
			}
			page := schema.Page{PageInfo: schema.PageInfo{Number: 1, Width: b.Dx(), Height: b.Dy(), DPI: dpi, Rotation: sheet.Rotation, Skew: sheet.Skew}}
			page.Lines = []schema.Line{{Box: ink, Words: []schema.Word{{Text: "mực", Raw: "mực", Box: ink}}}}
			file := filepath.Join(t.TempDir(), "a.pdf")
			if err := os.WriteFile(file, build(t, page, turn(seen, 360-c.rotation)), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(tool, "-bbox", file, "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			m := regexp.MustCompile(`<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>`).FindSubmatch(out)
			if m == nil || html.UnescapeString(string(m[5])) != "mực" {
				t.Fatalf("no word in %s", out)
			}
			var got [4]float64
			for i := range got {
				v, _ := strconv.ParseFloat(string(m[i+1]), 64)
				got[i] = v * dpi / 72
			}
			// The middle of the bar on the page as it is to be seen.
			dx, dy := float64(alone.Min.X+alone.Max.X)/2-w/2, float64(alone.Min.Y+alone.Max.Y)/2-h/2
			x, y := w/2+cos*dx-sin*dy, h/2+sin*dx+cos*dy
			if d := math.Hypot((got[0]+got[2])/2-x, (got[1]+got[3])/2-y); d > 3 {
				t.Errorf("rotation %d, skew %.2f: the word stands at %.0f, %.1f pixels from the ink's middle %.0f,%.0f", sheet.Rotation, sheet.Skew, got, d, x, y)
			}
		})
	}
}

// turn turns a picture clockwise by a multiple of 90 degrees.
func turn(g *image.Gray, degrees int) *image.Gray {
	for range degrees % 360 / 90 {
		w, h := g.Rect.Dx(), g.Rect.Dy()
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				out.SetGray(h-1-y, x, g.GrayAt(x, y))
			}
		}
		g = out
	}
	return g
}
