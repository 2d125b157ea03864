package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"html"
	"image"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/ccitt"

	"github.com/sohoa/sohoa/export/archive/pdffile"
	"github.com/sohoa/sohoa/schema"
)

// nearest is how far, in pixels of the page, a word of a searchable PDF may
// stand from where it was read.
const nearest = 3.0

// altoWord is a word with its box.
type altoWord struct {
	text   string
	x0, y0 float64
	x1, y1 float64
}

// altoPage are the words of a page, and its size in pixels.
type altoPage struct {
	w, h  float64
	words []altoWord
}

func readALTO(t *testing.T, file string) (pages []altoPage) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := xml.NewDecoder(f)
	for {
		tok, err := d.Token()
		if tok == nil {
			return pages
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		attr := map[string]string{}
		for _, a := range e.Attr {
			attr[a.Name.Local] = a.Value
		}
		number := func(name string) float64 {
			v, _ := strconv.ParseFloat(attr[name], 64)
			return v
		}
		switch e.Name.Local {
		case "Page":
			pages = append(pages, altoPage{w: number("WIDTH"), h: number("HEIGHT")})
		case "String":
			p := &pages[len(pages)-1]
			x, y := number("HPOS"), number("VPOS")
			p.words = append(p.words, altoWord{attr["CONTENT"], x, y, x + number("WIDTH"), y + number("HEIGHT")})
		}
	}
}

// pdfWords reads the words of a PDF with pdftotext, in points of the page as
// shown.
func pdfWords(t *testing.T, file string) (pages []altoPage) {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	out, err := exec.Command(tool, "-bbox", "-raw", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	page := regexp.MustCompile(`(?s)<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>`)
	word := regexp.MustCompile(`<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>`)
	number := func(b []byte) float64 {
		v, _ := strconv.ParseFloat(string(b), 64)
		return v
	}
	for _, p := range page.FindAllSubmatch(out, -1) {
		one := altoPage{w: number(p[1]), h: number(p[2])}
		for _, w := range word.FindAllSubmatch(p[3], -1) {
			one.words = append(one.words, altoWord{html.UnescapeString(string(w[5])), number(w[1]), number(w[2]), number(w[3]), number(w[4])})
		}
		pages = append(pages, one)
	}
	return pages
}

// scanOf makes a file of another kind of the pages of a bilevel PDF: of the
// very same pixels, so that the recorded OCR fits.
func scanOf(t *testing.T, pdf, kind string) []byte {
	t.Helper()
	data, err := os.ReadFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	f, err := pdffile.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := f.Pages()
	if err != nil {
		t.Fatal(err)
	}
	type fax struct {
		w, h   int
		data   []byte
		packed []byte
	}
	var scans []fax
	for _, ref := range pages {
		page, err := f.Page(ref)
		if err != nil {
			t.Fatal(err)
		}
		resources, _ := f.Dict(page.Dict["Resources"])
		objects, _ := f.Dict(resources["XObject"])
		o, err := f.Resolve(objects["Im0"])
		if err != nil {
			t.Fatal(err)
		}
		s := o.(*pdffile.Stream)
		w, _ := pdffile.Int(s.Dict["Width"])
		h, _ := pdffile.Int(s.Dict["Height"])
		packed, err := s.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		img := image.NewGray(image.Rect(0, 0, w, h))
		if err := ccitt.DecodeIntoGray(img, bytes.NewReader(packed), ccitt.MSB, ccitt.Group4, nil); err != nil {
			t.Fatal(err)
		}
		scans = append(scans, fax{w, h, img.Pix, packed})
	}
	const dpi = 300
	var out bytes.Buffer
	if kind == "png" {
		img := &image.Gray{Pix: scans[0].data, Stride: scans[0].w, Rect: image.Rect(0, 0, scans[0].w, scans[0].h)}
		if err := png.Encode(&out, img); err != nil {
			t.Fatal(err)
		}
		return out.Bytes() // an A4 page of its size is taken for 300 dpi
	}
	// A TIFF of as many pages: its directories, then what they point to.
	le := binary.LittleEndian
	out.WriteString("II*\x00\x08\x00\x00\x00")
	const entries = 10
	dir := 2 + 12*entries + 4
	body := 8 + dir*len(scans)
	var rest []byte
	for i, s := range scans {
		at := uint32(body + len(rest))
		rest = append(rest, le.AppendUint32(le.AppendUint32(nil, dpi), 1)...)
		rest = append(rest, s.packed...)
		if len(rest)%2 != 0 {
			rest = append(rest, 0)
		}
		b := le.AppendUint16(nil, entries)
		for _, e := range [entries][3]uint32{
			{256, 4, uint32(s.w)}, {257, 4, uint32(s.h)}, {258, 3, 1}, {259, 3, 4}, {262, 3, 0}, {273, 4, at + 8},
			{278, 4, uint32(s.h)}, {279, 4, uint32(len(s.packed))}, {282, 5, at}, {283, 5, at},
		} {
			b = le.AppendUint16(le.AppendUint16(b, uint16(e[0])), uint16(e[1]))
			b = le.AppendUint32(le.AppendUint32(b, 1), e[2])
		}
		next := uint32(0)
		if i+1 < len(scans) {
			next = uint32(8 + dir*(i+1))
		}
		out.Write(le.AppendUint32(b, next))
	}
	out.Write(rest)
	return out.Bytes()
}

// TestArchiveForms reads scans of all kinds and asks of the searchable PDF made
// of each that pdftotext finds every word of the ALTO file, no others, and each
// within 3 pixels of its place; and that sohoa itself, whose reader of text
// layers is another one, reads the same words from it.
func TestArchiveForms(t *testing.T) {
	scans, err := filepath.Abs("../../fixtures/scans")
	if err != nil {
		t.Fatal(err)
	}
	recorded := filepath.Join(filepath.Dir(scans), "recorded")
	in, out, again, bin := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	bilevel := filepath.Join(scans, "son-hai-report.bilevel.pdf")
	for name, kind := range map[string]string{"many-pages.tiff": "tiff", "one-page.png": "png"} {
		if err := os.WriteFile(filepath.Join(in, name), scanOf(t, bilevel, kind), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"run", in}
	for _, name := range []string{
		"dong-ha-gaps.bilevel.pdf",        // two tones
		"lam-khe-models.sideways.pdf",     // pages turned either way
		"tra-giang-models.wronglayer.pdf", // an old layer without Vietnamese
		"son-hai-report.tcvn3.pdf",        // an old layer in a legacy encoding, good once converted
		"son-hai-report.stamped.pdf",      // colour
		"tay-an-halves.grey200.pdf",       // leaning
	} {
		args = append(args, filepath.Join(scans, name))
	}
	replay := []string{"--replay", recorded, "--workers", "2"}
	run := func(args ...string) {
		t.Helper()
		cmd := program(t, bin, args...)
		// 3: some page is partial, such as one whose recording has gone stale.
		if b, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != exitPartial {
			t.Fatalf("%v: %v\n%s", args, err, b)
		}
	}
	run(append(append(args, "-o", out, "--formats", "json,pdf,hocr,alto"), replay...)...)
	made, err := filepath.Glob(filepath.Join(out, "*.pdf"))
	if err != nil || len(made) != 8 {
		t.Fatalf("%d files, %v", len(made), err)
	}
	run(append([]string{"run", "-o", again, "--formats", "json,alto"}, append(made, replay...)...)...)
	for _, file := range made {
		name := strings.TrimSuffix(filepath.Base(file), ".pdf")
		t.Run(name, func(t *testing.T) {
			if qpdf, err := exec.LookPath("qpdf"); err == nil {
				if b, err := exec.Command(qpdf, "--check", file).CombinedOutput(); err != nil {
					t.Errorf("qpdf --check: %v\n%s", err, b)
				}
			}
			want, got := readALTO(t, filepath.Join(out, name+".alto.xml")), pdfWords(t, file)
			var doc schema.Document
			data, err := os.ReadFile(filepath.Join(out, name+".json"))
			if err == nil {
				err = json.Unmarshal(data, &doc)
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(want) != len(got) || len(want) != len(doc.Pages) {
				t.Fatalf("%d pages, %d in the pdf", len(want), len(got))
			}
			worst := 0.0
			for i := range want {
				worst = max(worst, compareWords(t, doc.Pages[i], want[i], got[i]))
			}
			t.Logf("worst place: %.2f pixels", worst)
			checkReread(t, want, readALTO(t, filepath.Join(again, name+".pdf.alto.xml")))
		})
	}
}

// compareWords checks that the words of a page and those of its PDF are the
// same in the same order, and returns by how many pixels the farthest is off.
func compareWords(t *testing.T, info schema.PageInfo, want, got altoPage) (worst float64) {
	t.Helper()
	if len(want.words) != len(got.words) {
		t.Errorf("page %d: %d words, %d in the pdf", info.Number, len(want.words), len(got.words))
		return 0
	}
	if (want.w > want.h) != (got.w > got.h) {
		got.w, got.h = got.h, got.w // pdftotext tells the size before /Rotate
	}
	// Boxes are of the straightened page, about the middle of which the scan
	// was turned; none of these leans so far that it was given room.
	sin, cos := math.Sincos(info.Skew * math.Pi / 180)
	for i, w := range want.words {
		g := got.words[i]
		if g.text != w.text {
			t.Errorf("page %d: word %d is %q, want %q", info.Number, i, g.text, w.text)
			return worst
		}
		dx, dy := (w.x0+w.x1-want.w)/2, (w.y0+w.y1-want.h)/2
		x, y := want.w/2+cos*dx-sin*dy, want.h/2+sin*dx+cos*dy
		kx, ky := want.w/got.w, want.h/got.h
		hw, hh := (w.x1-w.x0)/2, (w.y1-w.y0)/2
		off := max(math.Abs(g.x0*kx-(x-hw)), math.Abs(g.x1*kx-(x+hw)), math.Abs(g.y0*ky-(y-hh)), math.Abs(g.y1*ky-(y+hh)))
		if off > nearest {
			t.Errorf("page %d: %q is %.1f pixels off", info.Number, w.text, off)
		}
		worst = max(worst, off)
	}
	return worst
}

// checkReread compares the words with those that sohoa's own reader takes from
// the PDF. The order of lines may be another, a word may be repaired anew, and
// words whose boxes overlap run into each other: one in a hundred may differ.
func checkReread(t *testing.T, want, got []altoPage) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("read again it has %d pages", len(got))
	}
	all, missing := 0, []string(nil)
	for i := range want {
		found := map[string]int{}
		for _, w := range got[i].words {
			found[w.text]++
		}
		for _, w := range want[i].words {
			if all++; found[w.text] == 0 {
				missing = append(missing, w.text)
			}
			found[w.text]--
		}
	}
	if 100*len(missing) > all {
		t.Errorf("read again, %d of %d words are missing: %q", len(missing), all, missing)
	}
}
