package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/export/archive/pdffile"
	"github.com/sohoa/sohoa/schema"
)

// found is a word that pdftotext reads, with its place in points.
type found struct {
	text string
	box  [4]float64
}

var (
	pagePattern = regexp.MustCompile(`(?s)<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>`)
	wordPattern = regexp.MustCompile(`<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>`)
)

// readBack reads the words of each page with pdftotext of poppler-utils, in the
// order of the file, and has qpdf look for mistakes. Where they are not
// installed the test is skipped.
func readBack(t testing.TB, pdf []byte) [][]found {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if qpdf, err := exec.LookPath("qpdf"); err == nil {
		if out, err := exec.Command(qpdf, "--check", file).CombinedOutput(); err != nil {
			t.Errorf("qpdf --check: %v\n%s", err, out)
		}
	}
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	cmd := exec.Command(tool, "-cropbox", "-bbox", "-raw", file, "-")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("pdftotext: %v: %s", err, complaints.Bytes())
	}
	var pages [][]found
	for _, p := range pagePattern.FindAllSubmatch(out, -1) {
		var words []found
		for _, w := range wordPattern.FindAllSubmatch(p[3], -1) {
			f := found{text: html.UnescapeString(string(w[5]))}
			for i := range f.box {
				f.box[i], _ = strconv.ParseFloat(string(w[i+1]), 64)
			}
			words = append(words, f)
		}
		pages = append(pages, words)
	}
	return pages
}

func texts(words []found) string {
	var all []string
	for _, w := range words {
		all = append(all, w.text)
	}
	return strings.Join(all, " ")
}

const sampleText = "Triển khai nền tảng số <hóa> & lưu Mô hình đã xong Nơi nhận:"

// grey draws a picture with some pattern of greys.
func grey(w, h int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(200 + i%53)
	}
	return img
}

func coded(t testing.TB, img image.Image, encode func(io.Writer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(w io.Writer, img image.Image) error { return jpeg.Encode(w, img, nil) }

func sourceOf(data []byte) Source {
	return Source{File: bytes.NewReader(data), Size: int64(len(data)), Picture: func(context.Context, int) (image.Image, error) {
		return nil, errors.New("no picture was to be asked for")
	}}
}

func write(t testing.TB, doc *schema.Document, pages Pages, src Source, want Kind) []byte {
	t.Helper()
	var b bytes.Buffer
	kind, err := WritePDF(context.Background(), &b, doc, pages, src)
	if err != nil {
		t.Fatal(err)
	}
	if kind != want {
		t.Fatalf("made a pdf of the kind %q, want %q", kind, want)
	}
	return b.Bytes()
}

func TestPDFOfPictures(t *testing.T) {
	doc, page := sample()
	colours := image.NewPaletted(image.Rect(0, 0, 800, 1000), color.Palette{color.White, color.Black, color.RGBA{200, 0, 0, 255}})
	for i := range colours.Pix {
		colours.Pix[i] = uint8(i / 97 % 3)
	}
	rgb := image.NewRGBA(image.Rect(0, 0, 800, 1000))
	for i := range rgb.Pix {
		rgb.Pix[i] = uint8(i*7%251) | 0x80
	}
	for i := 3; i < len(rgb.Pix); i += 4 {
		rgb.Pix[i] = 255
	}
	bilevel := image.NewGray(image.Rect(0, 0, 800, 1000))
	for i := range bilevel.Pix {
		bilevel.Pix[i] = uint8(i / 31 % 2 * 255)
	}
	unpacked := func(img image.Image) Source {
		return Source{Picture: func(context.Context, int) (image.Image, error) { return img, nil }}
	}
	for _, c := range []struct {
		name, media, filter string
		src                 Source
	}{
		{"grey png", "image/png", "FlateDecode", sourceOf(coded(t, grey(800, 1000), png.Encode))},
		{"png with a palette", "image/png", "FlateDecode", sourceOf(coded(t, colours, png.Encode))},
		{"colour png", "image/png", "FlateDecode", sourceOf(coded(t, rgb, png.Encode))},
		{"grey jpeg", "image/jpeg", "DCTDecode", sourceOf(coded(t, grey(800, 1000), asJPEG))},
		{"colour jpeg", "image/jpeg", "DCTDecode", sourceOf(coded(t, rgb, asJPEG))},
		{"bilevel tiff", "image/tiff", "CCITTFaxDecode", unpacked(bilevel)},
		{"grey tiff", "image/tiff", "FlateDecode", unpacked(grey(800, 1000))},
		{"colour tiff", "image/tiff", "FlateDecode", unpacked(rgb)},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc.Source.MediaType = c.media
			pdf := write(t, doc, each(page), c.src, Built)
			if again := write(t, doc, each(page), c.src, Built); !bytes.Equal(pdf, again) {
				t.Error("the second time gave other bytes")
			}
			dict := scanOf(t, pdf)
			if dict["Filter"] != pdffile.Name(c.filter) {
				t.Errorf("packed by %v", dict["Filter"])
			}
			if c.src.Size > 0 && c.media == "image/jpeg" {
				whole := make([]byte, c.src.Size)
				if _, err := c.src.File.ReadAt(whole, 0); err != nil {
					t.Fatal(err)
				}
				if !bytes.Contains(pdf, whole) {
					t.Error("the picture is not in it as it was")
				}
			}
			words := readBack(t, pdf)
			if len(words) != 1 || texts(words[0]) != sampleText {
				t.Fatalf("read back %v", words)
			}
			checkPlaces(t, &page, words[0], 1)
		})
	}
}

// scanOf gives the dictionary of the picture of the first page.
func scanOf(t testing.TB, pdf []byte) pdffile.Dict {
	t.Helper()
	f, err := pdffile.Open(bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := f.Pages()
	if err != nil {
		t.Fatal(err)
	}
	page, err := f.Page(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	resources, _ := f.Dict(page.Dict["Resources"])
	objects, _ := f.Dict(resources["XObject"])
	dict, err := f.Dict(objects["Scan"])
	if err != nil || dict == nil {
		t.Fatalf("no picture: %v", err)
	}
	return dict
}

// checkPlaces compares the words of an upright, straight page with where they
// were found, in order.
func checkPlaces(t testing.TB, page *schema.Page, words []found, most float64) {
	t.Helper()
	var want []schema.Word
	for _, b := range blocks(page) {
		want = append(want, wordsOf(b)...)
	}
	if len(words) != len(want) {
		t.Fatalf("%d words, want %d", len(words), len(want))
	}
	scale := float64(page.DPI) / 72
	for i, w := range want {
		for k, v := range []int{w.Box.X0, w.Box.Y0, w.Box.X1, w.Box.Y1} {
			if d := math.Abs(words[i].box[k]*scale - float64(v)); d > most {
				t.Errorf("%s: found at %.2f, %.2f pixels from %v", w.Text, words[i].box, d, w.Box)
			}
		}
	}
}

func wordsOf(b block) (out []schema.Word) {
	lines := b.lines
	if b.grid != nil {
		for _, row := range rows(b.grid) {
			for _, c := range row {
				lines = append(lines, c.Lines...)
			}
		}
	}
	for _, l := range spoken(lines) {
		out = append(out, l.Words...)
	}
	return out
}

func TestPDFIsArchival(t *testing.T) {
	doc, page := sample()
	doc.Source.MediaType = "image/jpeg"
	pdf := write(t, doc, each(page), sourceOf(coded(t, grey(800, 1000), asJPEG)), Built)
	f, err := pdffile.Open(bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := f.Dict(f.Trailer["Root"])
	if err != nil {
		t.Fatal(err)
	}
	stream, err := f.Resolve(catalog["Metadata"])
	if err != nil {
		t.Fatal(err)
	}
	packet, err := stream.(*pdffile.Stream).Decode()
	if err != nil {
		t.Fatal(err)
	}
	_, xmp, _ := strings.Cut(string(packet), "?>\n")
	root := parse(t, []byte(xmp))
	value := func(name string) string {
		for _, n := range root.all(named(name)) {
			return strings.TrimSpace(n.text + strings.Join(textsBelow(n), ""))
		}
		return ""
	}
	for name, want := range map[string]string{
		"part": "2", "conformance": "B", "title": "Kết quả \"số hóa\" & lưu trữ", "creator": "UBND TỈNH HƯNG LẬP",
		"CodeNumber": "12", "CodeNotation": "BC-UBND", "IssuedDate": "2024-03-05", "TypeName": "Báo cáo",
		"PageAmount": "1", "SourceSHA256": doc.DocumentID, "Producer": "sohoa 1.0",
	} {
		if got := value(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	// Each field of our own is described.
	described := map[string]bool{}
	for _, n := range root.all(named("name")) {
		described[n.text] = true
	}
	for _, p := range MetadataOf(doc).properties() {
		if !described[p.name] {
			t.Errorf("%s is not described", p.name)
		}
	}
	intents, err := f.Resolve(catalog["OutputIntents"])
	if err != nil {
		t.Fatal(err)
	}
	intent := intents.(pdffile.Array)[0].(pdffile.Dict)
	profile, err := f.Resolve(intent["DestOutputProfile"])
	if err != nil {
		t.Fatal(err)
	}
	if data, err := profile.(*pdffile.Stream).Decode(); err != nil || !bytes.Equal(data, srgbProfile()) {
		t.Errorf("profile: %v", err)
	}
	if f.Trailer["ID"] == nil || f.Trailer["Encrypt"] != nil {
		t.Error("no identifier, or encrypted")
	}
}

func textsBelow(n *node) (out []string) {
	for _, c := range n.children {
		out = append(append(out, c.text), textsBelow(c)...)
	}
	return out
}

// TestPDFReplacesItsOwnLayer takes a file of ours for the original, with other
// words in it, and turned.
func TestPDFReplacesItsOwnLayer(t *testing.T) {
	doc, page := sample()
	wrong := page
	wrong.Lines = []schema.Line{line(90, 100, "WRONG", "words")}
	wrong.Grids = nil
	first := write(t, doc, each(wrong), sourceOf(coded(t, grey(800, 1000), png.Encode)), Built)
	if got := texts(readBack(t, first)[0]); got != "WRONG words" {
		t.Fatalf("the original says %q", got)
	}
	doc.Source.MediaType = "application/pdf"
	second := write(t, doc, each(page), sourceOf(first), Overlay)
	if !bytes.HasPrefix(second, first) {
		t.Error("the original is not kept as it was")
	}
	words := readBack(t, second)[0]
	if texts(words) != sampleText {
		t.Errorf("read back %q", texts(words))
	}
	checkPlaces(t, &page, words, 1)
	third := write(t, doc, each(page), sourceOf(second), Overlay)
	if got := texts(readBack(t, third)[0]); got != sampleText {
		t.Errorf("laid over twice it says %q", got)
	}
}

// scanned makes a PDF of one page, 576×720 points, with a picture of the whole
// page named Scan and a form named Old.
func scanned(pageKeys, contents, form string) []byte {
	var b bytes.Buffer
	w := pdffile.NewWriter(&b)
	tree, page := w.Reserve(), w.Reserve()
	font := w.Add(pdffile.Dict{"Type": pdffile.Name("Font"), "Subtype": pdffile.Name("Type1"), "BaseFont": pdffile.Name("Helvetica")})
	fonts := pdffile.Dict{"F1": font}
	scan := w.AddStream(pictureDict(8, 10, 8, pdffile.Name("DeviceGray"), ""), make([]byte, 80))
	old := w.AddStream(pdffile.Dict{
		"Type": pdffile.Name("XObject"), "Subtype": pdffile.Name("Form"), "BBox": pdffile.Array{0, 0, 576, 720},
		"Resources": pdffile.Dict{"Font": fonts, "XObject": pdffile.Dict{"Scan": scan}},
	}, []byte(form))
	l := pdffile.Lexer{Data: []byte("<<" + pageKeys + ">>")}
	o, _, err := l.Next()
	if err != nil {
		panic(err)
	}
	dict := o.(pdffile.Dict)
	dict["Type"], dict["Parent"] = pdffile.Name("Page"), tree
	if dict["MediaBox"] == nil {
		dict["MediaBox"] = pdffile.Array{0, 0, 576, 720}
	}
	dict["Resources"] = pdffile.Dict{"Font": fonts, "XObject": pdffile.Dict{"Scan": scan, "Old": old}}
	if dict["Contents"] == nil {
		dict["Contents"] = w.AddStream(nil, []byte(contents))
	}
	w.Put(page, dict)
	w.Put(tree, pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": pdffile.Array{page}, "Count": 1})
	if err := w.Close(pdffile.Dict{"Root": w.Add(pdffile.Dict{"Type": pdffile.Name("Catalog"), "Pages": tree})}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

const wholeScan = "q 576 0 0 720 0 0 cm /Scan Do Q\n"

func TestOverlayErasesOldText(t *testing.T) {
	doc, page := sample()
	doc.Source.MediaType = "application/pdf"
	shown := "BT /F1 20 Tf 50 500 Td (old) Tj 0 -30 Td [(te) -20 (xt)] TJ (next) ' ET\n"
	hidden := strings.Replace(shown, "BT", "BT 3 Tr", 1)
	for name, c := range map[string]struct{ keys, contents, form string }{
		"nothing":                {"", wholeScan, ""},
		"invisible":              {"", wholeScan + hidden, ""},
		"invisible in a form":    {"", wholeScan + "/Old Do", hidden},
		"mode set before a form": {"", wholeScan + "3 Tr q /Old Do Q", shown},
		"visible":                {"", wholeScan + shown, ""},
		"visible in a form":      {"", wholeScan + "/Old Do", shown},
		"beneath the picture":    {"", shown + wholeScan, ""},
		"covered in a form":      {"", "/Old Do", shown + wholeScan},
		"large and small":        {"", "/Old Do q .1 0 0 .1 300 50 cm /Old Do Q", shown + wholeScan + hidden},
		"small and large":        {"", "q .1 0 0 .1 300 50 cm /Old Do Q /Old Do", shown + wholeScan + hidden},
		"state left open":        {"", "q 2 0 0 2 5 5 cm q " + hidden, ""},
		"state closed too often": {"", wholeScan + "Q Q " + hidden, ""},
		"marked":                 {"", "/P <</MCID 0>> BDC " + shown + " EMC " + hidden, ""},
		"inline picture":         {"", "q 9 0 0 9 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID ET(\n EI Q\n" + hidden, ""},
		"cropped and turned":     {"/MediaBox [-100 -50 700 800] /CropBox [10 20 586 740] /Rotate 0", hidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			pdf := scanned(c.keys, c.contents, c.form)
			out := write(t, doc, each(page), sourceOf(pdf), Overlay)
			if !bytes.HasPrefix(out, pdf) {
				t.Error("the original is not kept as it was")
			}
			words := readBack(t, out)[0]
			if got := texts(words); got != sampleText {
				t.Fatalf("read back %q", got)
			}
			checkPlaces(t, &page, words, 1)
		})
	}
}

// TestOverlayKeepsTheLook draws pages before and after.
func TestOverlayKeepsTheLook(t *testing.T) {
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm (poppler-utils) is not installed")
	}
	doc, page := sample()
	doc.Source.MediaType = "application/pdf"
	draw := func(pdf []byte) []byte {
		cmd := exec.Command(tool, "-r", "50", "-", "-")
		file := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(file, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd.Args = []string{tool, "-r", "50", file}
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	const most, words = "q 576 0 0 470 0 0 cm /Scan Do Q\n", "BT /F1 30 Tf 0 Tr 100 400 Td (beneath) Tj 0 250 Td (beside) Tj 20 TL (below) ' ET\n"
	for name, c := range map[string]struct{ contents, form string }{
		"all sorts":               {"q 288 0 0 360 0 0 cm /Scan Do Q BT /F1 40 Tf 1 Tr 300 500 Td (seen) Tj ET BT 3 Tr 0 -100 Td (not) Tj ET q 3 w 10 10 m 500 700 l S /Old Do", "BT /F1 30 Tf 0 Tr 100 650 Td (form) Tj ET 0 0 1 rg 400 20 50 50 re f"},
		"beside a large picture":  {words + most, ""},
		"in a form, large, small": {"/Old Do q .3 0 0 .3 380 500 cm /Old Do Q", words + most},
		"in a form, small, large": {"q .3 0 0 .3 380 500 cm /Old Do Q q .9 0 0 .9 0 0 cm /Old Do Q", words + most},
	} {
		t.Run(name, func(t *testing.T) {
			pdf := scanned("", c.contents, c.form)
			before, after := draw(pdf), draw(write(t, doc, each(page), sourceOf(pdf), Overlay))
			if len(before) < 1000 || !bytes.Equal(before, after) {
				t.Error("the page looks otherwise than before")
			}
		})
	}
}

// TestOverlayOfUnknownFilter has contents that we cannot read: they are silenced
// as a whole.
func TestOverlayOfUnknownFilter(t *testing.T) {
	doc, page := sample()
	doc.Source.MediaType = "application/pdf"
	pdf := scanned("", "BT /F1 20 Tf 50 500 Td (old) Tj ET\n", "")
	f, err := pdffile.Open(bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := pdffile.NewRevision(&b, f)
	if err != nil {
		t.Fatal(err)
	}
	pages, _ := f.Pages()
	p, err := f.Page(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	// "BT /F1 20 Tf 50 500 Td (old) Tj ET" in run lengths: 34 bytes as they are.
	content := "BT /F1 20 Tf 50 500 Td (old) Tj ET"
	data := string([]byte{byte(len(content) - 1)}) + content + string([]byte{128})
	ref := w.Reserve()
	w.Copy(ref, pdffile.Dict{"Filter": pdffile.Name("RunLengthDecode")}, strings.NewReader(data), int64(len(data)))
	p.Dict["Contents"] = ref
	w.Put(p.Ref, p.Dict)
	if err := w.Close(nil); err != nil {
		t.Fatal(err)
	}
	if got := texts(readBack(t, b.Bytes())[0]); got != "old" {
		t.Fatalf("the original says %q", got)
	}
	if got := texts(readBack(t, write(t, doc, each(page), sourceOf(b.Bytes()), Overlay))[0]); got != sampleText {
		t.Errorf("read back %q", got)
	}
}

// TestOverlayLeavesGoodText has pages whose own text is what was read, or of
// which nothing was.
func TestOverlayLeavesGoodText(t *testing.T) {
	doc, page := sample()
	doc.Source.MediaType = "application/pdf"
	pdf := scanned("", "BT /F1 20 Tf 50 500 Td (good) Tj ET\n", "")
	page.TextSource = schema.FromTextLayer
	page.Lines[0].Words[0].Raw = page.Lines[0].Words[0].Text
	refusedPage := schema.Page{PageInfo: schema.PageInfo{Number: 1, Outcome: schema.Refused}}
	for name, p := range map[string]schema.Page{"text layer": page, "refused": refusedPage} {
		if got := texts(readBack(t, write(t, doc, each(p), sourceOf(pdf), Overlay))[0]); got != "good" {
			t.Errorf("%s: read back %q", name, got)
		}
	}
	// A repair anywhere, in a table's cell, brings the layer.
	page.Grids[0].Cells[0].Lines[0].Words[0].Raw = "Mo"
	if got := texts(readBack(t, write(t, doc, each(page), sourceOf(pdf), Overlay))[0]); got != sampleText {
		t.Errorf("repaired: read back %q", got)
	}
}

// TestRebuilt has PDFs that cannot be appended to.
func TestRebuilt(t *testing.T) {
	doc, page := sample()
	doc.Source.MediaType = "application/pdf"
	good := scanned("", wholeScan, "")
	for name, data := range map[string][]byte{
		"encrypted":       bytes.Replace(good, []byte("<</ID"), []byte("<</Encrypt 1 0 R/ID"), 1),
		"no table":        good[:bytes.LastIndex(good, []byte("xref\n0"))],
		"offsets shifted": append([]byte("\n\n"), good...),
		"fonts in a ring": ringed(good),
	} {
		src := sourceOf(data)
		src.Picture = func(context.Context, int) (image.Image, error) { return grey(800, 1000), nil }
		words := readBack(t, write(t, doc, each(page), src, Rebuilt))[0]
		if texts(words) != sampleText {
			t.Errorf("%s: read back %q", name, texts(words))
		}
		checkPlaces(t, &page, words, 1)
	}
	doc.Source.Pages = 2 // the reader saw more pages
	src := sourceOf(good)
	src.Picture = func(context.Context, int) (image.Image, error) { return grey(800, 1000), nil }
	write(t, doc, each(page), src, Rebuilt)
}

// ringed makes the fonts of the page a reference that leads to itself.
func ringed(pdf []byte) []byte {
	f, err := pdffile.Open(bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		panic(err)
	}
	pages, err := f.Pages()
	if err != nil {
		panic(err)
	}
	page, err := f.Page(pages[0])
	if err != nil {
		panic(err)
	}
	var b bytes.Buffer
	w, err := pdffile.NewRevision(&b, f)
	if err != nil {
		panic(err)
	}
	ring := w.Reserve()
	w.Put(ring, ring)
	page.Dict["Resources"] = pdffile.Dict{"Font": ring}
	w.Put(page.Ref, page.Dict)
	if err := w.Close(nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestPDFErrors(t *testing.T) {
	doc, page := sample()
	lost := errors.New("lost")
	src := sourceOf(coded(t, grey(80, 100), png.Encode))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	noPicture := Source{Picture: func(context.Context, int) (image.Image, error) { return nil, lost }}
	text, tiff, pdf := *doc, *doc, *doc
	text.Source.MediaType, tiff.Source.MediaType, pdf.Source.MediaType = "text/plain", "image/tiff", "application/pdf"
	over := sourceOf(scanned("", wholeScan, ""))
	beyond := page
	beyond.Number = 7
	for name, c := range map[string]struct {
		ctx   context.Context
		w     io.Writer
		doc   *schema.Document
		pages Pages
		src   Source
		want  error
	}{
		"text file":                {context.Background(), io.Discard, &text, each(page), src, ErrText},
		"lost page":                {context.Background(), io.Discard, doc, broken(lost), src, lost},
		"lost page of a pdf":       {context.Background(), io.Discard, &pdf, broken(lost), over, lost},
		"lost picture":             {context.Background(), io.Discard, &tiff, each(page), noPicture, lost},
		"disk full":                {context.Background(), full{}, doc, each(page), src, errFull},
		"disk full, of a pdf":      {context.Background(), full{}, &pdf, each(page), over, errFull},
		"stopped":                  {ctx, io.Discard, doc, each(page), src, context.Canceled},
		"stopped, of a pdf":        {ctx, io.Discard, &pdf, each(page), over, context.Canceled},
		"a page that is not there": {context.Background(), io.Discard, &pdf, each(beyond), over, nil},
	} {
		_, err := WritePDF(c.ctx, c.w, c.doc, c.pages, c.src)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestEXIF lays pictures down as their orientation tells. A dark corner shows
// where their top left comes to lie.
func TestEXIF(t *testing.T) {
	for o := 1; o <= 8; o++ {
		data := coded(t, grey(80, 100), asJPEG)
		exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string([]byte{byte(o)}) + "\x00\x00\x00\x00\x00\x00"
		n := len(exif) + 2
		data = slices.Concat(data[:2], []byte{0xff, 0xe1, byte(n >> 8), byte(n)}, []byte(exif), data[2:])
		pic, err := jpegPicture(bytes.NewReader(data), int64(len(data)))
		if err != nil || pic.orientation != o {
			t.Errorf("orientation %d: %d, %v", o, pic.orientation, err)
		}
		// The corners of the picture, counted with y up, must come to lie where
		// TIFF 6.0 says row 0 and column 0 are.
		m := turns[o]
		at := func(x, y float64) string {
			return fmt.Sprint(m[0]*x+m[2]*y+m[4], " ", m[1]*x+m[3]*y+m[5])
		}
		corners := [9][2]string{1: {"0 1", "1 1"}, 2: {"1 1", "0 1"}, 3: {"1 0", "0 0"}, 4: {"0 0", "1 0"},
			5: {"0 1", "0 0"}, 6: {"1 1", "1 0"}, 7: {"1 0", "1 1"}, 8: {"0 0", "0 1"}}
		if got := [2]string{at(0, 1), at(1, 1)}; got != corners[o] {
			t.Errorf("orientation %d: the upper corners lie at %v, want %v", o, got, corners[o])
		}
	}
}

func TestProfile(t *testing.T) {
	p := srgbProfile()
	if n := int(p[0])<<24 | int(p[1])<<16 | int(p[2])<<8 | int(p[3]); n != len(p) || string(p[36:40]) != "acsp" {
		t.Errorf("head: %d of %d bytes", n, len(p))
	}
	// The primaries of sRGB under D50, as published with its profiles.
	want := map[string]vector{"rXYZ": {0.4361, 0.2225, 0.0139}, "gXYZ": {0.3851, 0.7169, 0.0971}, "bXYZ": {0.1431, 0.0606, 0.7142}, "wtpt": {0.9642, 1, 0.8249}}
	u32 := func(at int) int { return int(p[at])<<24 | int(p[at+1])<<16 | int(p[at+2])<<8 | int(p[at+3]) }
	for i := range u32(128) {
		tag := 132 + 12*i
		name, at := string(p[tag:tag+4]), u32(tag+4)
		if at+u32(tag+8) > len(p) {
			t.Errorf("%s lies outside", name)
		}
		v, ok := want[name]
		if !ok {
			continue
		}
		delete(want, name)
		for k := range v {
			if got := float64(int32(uint32(u32(at+8+4*k)))) / 65536; math.Abs(got-v[k]) > 0.0006 {
				t.Errorf("%s: %.4f, want %.4f", name, got, v[k])
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

func TestFontProgram(t *testing.T) {
	f := newFont(pdffile.NewWriter(io.Discard))
	for _, r := range "Triển khai nền tảng số 😀" {
		f.code(r)
	}
	p := f.program()
	if got := checksum(p); got != 0xb1b0afba {
		t.Errorf("the checksum of all is %x", got)
	}
	be := func(b []byte) int { return int(b[0])<<24 | int(b[1])<<16 | int(b[2])<<8 | int(b[3]) }
	for i := range int(p[5]) {
		e := p[12+16*i:]
		at, n := be(e[8:]), be(e[12:])
		if at%4 != 0 || at+n > len(p) {
			t.Errorf("table %s at %d, %d bytes of %d", e[:4], at, n, len(p))
		}
	}
	if got := string(f.toUnicode()); !strings.Contains(got, "<0001> <0054>\n") || !strings.Contains(got, "<D83DDE00>") {
		t.Errorf("map to Unicode:\n%s", got)
	}
}

// FuzzErase gives the eraser content streams of all kinds. It must
// end, and not panic.
func FuzzErase(f *testing.F) {
	f.Add([]byte(wholeScan + "BT 3 Tr /F1 20 Tf (old) Tj ET"))
	f.Add([]byte("BT (a) Tj ET q BI /W 1 ID x EI Q (b) '"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pdf := scanned("", "", "BT 3 Tr (form) Tj ET")
		file, err := pdffile.Open(bytes.NewReader(pdf), int64(len(pdf)))
		if err != nil {
			t.Fatal(err)
		}
		pages, err := file.Pages()
		if err != nil {
			t.Fatal(err)
		}
		page, err := file.Page(pages[0])
		if err != nil {
			t.Fatal(err)
		}
		e := eraser{file: file, out: pdffile.NewWriter(io.Discard), page: 576 * 720, forms: map[drawn]pdffile.Ref{}}
		_, _ = e.erase(data, page.Dict["Resources"].(pdffile.Dict), graphics{ctm: identity}, 0)
	})
}
