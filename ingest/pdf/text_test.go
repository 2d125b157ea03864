package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"
	"testing"

	pdflib "github.com/ledongthuc/pdf"

	"github.com/sohoa/sohoa/schema"
)

func text(t *testing.T, file []byte) (*Picture, *Layer) {
	t.Helper()
	d := openBytes(t, file)
	pic, err := d.Render(context.Background(), 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	l, err := d.Text(context.Background(), 1, pic)
	if err != nil {
		t.Fatal(err)
	}
	return pic, l
}

func joinedText(l *Layer) string { return schema.RawOf(l.Lines, "|") }

func TestText(t *testing.T) {
	for _, c := range []struct {
		name, contents, want string
	}{
		{"one line", "BT /H 12 Tf 20 100 Td (Bao cao) Tj ET", "Bao cao"},
		{"two lines", "BT /H 12 Tf 14 TL 20 100 Td (one) Tj T* (two) Tj (three) ' ET", "one|two|three"},
		{"words by gaps", "BT /H 12 Tf 20 100 Td [(one) -300 (two) -50 (three)] TJ ET", "one twothree"},
		{"word and letter spacing", "BT /H 12 Tf 3 Tw 0.5 Tc 20 100 Td (a b) Tj ET", "a b"},
		{"columns", "BT /H 12 Tf 20 100 Td (left) Tj 100 0 Td (right) Tj ET", "left|right"},
		{"composite font", "BT /C 12 Tf 20 100 Td <000100020003000400050006> Tj ET", "Số hóa"},
		{"letters drawn later", "BT /H 12 Tf 20 100 Td [(a) -600 (c)] TJ /H 12 Tf 7.2 0 Td (b) Tj ET", "abc"},
		{"printed twice", "BT /H 12 Tf 20 100 Td (bold) Tj 0.3 0 Td (bold) Tj ET", "bold"},
		{"form", "BT /H 12 Tf 20 100 Td (page) Tj ET /F Do", "page|form"},
		{"nothing", "0 0 10 10 re f", ""},
		{"unbalanced Q", "Q Q BT /H 12 Tf 20 100 Td (still) Tj ET Q", "still"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, l := text(t, page("/MediaBox[0 0 300 200]", c.contents))
			if got := joinedText(l); got != c.want {
				t.Errorf("read %q by %s (%s), want %q", got, l.Reader, l.Note, c.want)
			}
			if c.want != "" && l.Reader != "ledongthuc" {
				t.Errorf("read by %s: %s", l.Reader, l.Note)
			}
		})
	}
}

func TestFontNames(t *testing.T) {
	_, l := text(t, page("/MediaBox[0 0 300 200]", "BT /C 12 Tf 20 100 Td <0001> Tj /H 12 Tf 50 0 Td (x) Tj ET"))
	if a, b := l.Lines[0].Words[0].Font, l.Lines[1].Words[0].Font; a != "Times New" || b != "Courier" {
		t.Errorf("fonts %q and %q", a, b)
	}
}

func TestInvisibleAndUnmapped(t *testing.T) {
	_, l := text(t, page("/MediaBox[0 0 300 200]", "BT 3 Tr /H 12 Tf 20 100 Td (scan) Tj ET"))
	if l.Invisible != 4 || l.Chars != 4 {
		t.Errorf("%d of %d characters invisible, want 4 of 4", l.Invisible, l.Chars)
	}
	_, l = text(t, page("/MediaBox[0 0 300 200]", "BT /C 12 Tf 20 100 Td <000100090002> Tj ET"))
	if l.Unmapped != 1 || l.Chars != 3 || l.Note == "" {
		t.Errorf("%d of %d characters unmapped (%q), want 1 of 3", l.Unmapped, l.Chars, l.Note)
	}
}

// The boxes of the text lie where the picture has its ink, for both readers,
// however the page is turned and wherever its corner is.
func TestBoxesCoverTheInk(t *testing.T) {
	contents := "BT /H 14 Tf 30 110 Td (Report) Tj 0 -60 Td (No. 5) Tj ET"
	for _, entries := range []string{
		"/MediaBox[0 0 200 150]",
		"/MediaBox[0 0 200 150]/Rotate 90",
		"/MediaBox[0 0 200 150]/Rotate 180",
		"/MediaBox[0 0 200 150]/Rotate 270",
		"/MediaBox[10 20 200 150]",
		"/MediaBox[0 0 400 300]/CropBox[20 30 200 150]/Rotate 90",
	} {
		file := page(entries, contents)
		pic, first := text(t, file)
		d := openBytes(t, file)
		size := pic.Image.Bounds().Size()
		second, err := d.ask(context.Background(), false, textRequest{Page: 1, Width: size.X, Height: size.Y})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range []*Layer{first, second} {
			// On a turned page PDFium has an order of its own.
			if got := joinedText(l); got != "Report|No. 5" && (got != "No. 5|Report" || l.Reader != "pdfium") {
				t.Errorf("%s: %s read %q", entries, l.Reader, got)
			}
			g := pic.Image.(*image.Gray)
			ink, out := 0, 0
			for y := range size.Y {
				for x := range size.X {
					if g.Pix[y*g.Stride+x] > 100 {
						continue
					}
					ink++
					in := false
					for _, line := range l.Lines {
						in = in || line.Box.Inset(-2).Contains(x, y)
					}
					if !in {
						out++
					}
				}
			}
			if ink < 50 || out > 0 {
				t.Errorf("%s: %s leaves %d of %d dark pixels outside %v", entries, l.Reader, out, ink, l.Lines)
			}
			want := [4]int{}
			for q, r := range []string{"none", "/Rotate 90", "/Rotate 180", "/Rotate 270"} {
				if strings.Contains(entries, r) || q == 0 && !strings.Contains(entries, "Rotate") {
					want[q] = l.Chars
				}
			}
			if l.Turned != want {
				t.Errorf("%s: %s says the text is turned %v, want %v", entries, l.Reader, l.Turned, want)
			}
		}
	}
}

// What the first reader cannot do or doubts, PDFium does.
func TestPDFiumSteadsIn(t *testing.T) {
	good := page("/MediaBox[0 0 300 200]", "BT /H 12 Tf 20 100 Td (text) Tj ET")
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"another version", bytes.Replace(good, []byte("%PDF-1.4"), []byte("%PDF-2.0"), 1), "text"},
		{"rubbish at the end", append(bytes.Clone(good), bytes.Repeat([]byte("\n% rubbish"), 50)...), "text"},
		{"inline picture", page("/MediaBox[0 0 300 200]", "BI /W 2 /H 2 /BPC 8 /CS /G ID ab(c EI BT /H 12 Tf 20 100 Td (after) Tj ET"), "after"},
		// The library waits for the string's end for ever, and is ended.
		{"string without an end", page("/MediaBox[0 0 300 200]", "BT /H 12 Tf 20 100 Td (open) Tj ET <41"), "open"},
		// The page tree leads back to itself: the first reader goes round for
		// ever, and is ended.
		{"circle", build(
			"<</Type/Catalog/Pages 2 0 R>>",
			"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</H 5 0 R>>>>>>",
			stream("", "BT /H 12 Tf 20 100 Td (round) Tj ET"),
			"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
		), "round"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, l := text(t, c.file)
			if got := joinedText(l); got != c.want || l.Reader != "pdfium" || l.Note == "" {
				t.Errorf("%s read %q (%s), want %q", l.Reader, got, l.Note, c.want)
			}
		})
	}
}

func TestCMap(t *testing.T) {
	m := readCMap(strings.NewReader(`% a comment <0001>
		/CMapName /X-Y def (a name) <</Registry (x)>> def
		3 beginbfchar <01> <0041> <02> <D835DC00> <03> <004600660069> endbfchar
		4 beginbfrange <0005> <0007> <1EA0> <02ff> <03ff> <0061> <00fe> <0102> <1E00> <0010> <0012> [<0031> <0032>] endbfrange
		1 beginbfchar <99`))
	for code, want := range map[string]string{
		"\x01": "A", "\x02": "𝐀", "\x03": "Ffi",
		"\x00\x06": "ạ", "\x02\xff": "a", "\x01\x00": "Ḃ", "\x00\x11": "2", "\x00\x12": "",
	} {
		got, ok := m.lookup(code)
		if !ok || got != want {
			t.Errorf("%x: %q, %v; want %q", code, got, ok, want)
		}
	}
	if _, ok := m.lookup("\x77"); ok {
		t.Error("a code without an entry has a meaning")
	}
}

func FuzzCMap(f *testing.F) {
	f.Add([]byte("1 beginbfchar <01> <0041> endbfchar 1 beginbfrange <0005> <0007> [<1EA0>] endbfrange"), "\x00\x06")
	f.Add([]byte("[<<[<"), "")
	f.Fuzz(func(t *testing.T, b []byte, code string) {
		readCMap(bytes.NewReader(b)).lookup(code)
	})
}

// bounded fails after so many reads, so that a circle in a file ends the
// fuzzing of that file, not of all.
type bounded struct {
	r    io.ReaderAt
	left int
}

func (b *bounded) ReadAt(p []byte, off int64) (int, error) {
	if b.left--; b.left < 0 {
		return 0, errors.New("read too often")
	}
	return b.r.ReadAt(p, off)
}

// ends reports whether all strings end that begin in the streams of a file. At
// one that does not the library reads on for ever, without reading the file;
// TestPDFiumSteadsIn shows what the program does then.
func ends(b []byte) bool {
	parts := bytes.Split(b, []byte("stream"))
	for _, p := range parts[1:] {
		for _, pair := range []string{"<>", "()"} {
			if open, shut := bytes.LastIndexByte(p, pair[0]), bytes.LastIndexByte(p, pair[1]); open > shut || bytes.Count(p, []byte{pair[0]}) > bytes.Count(p, []byte{pair[1]}) {
				return false
			}
		}
	}
	return true
}

// FuzzText feeds the reader of text whatever file. In the program it runs in a
// process of its own; here it must at least not panic.
func FuzzText(f *testing.F) {
	f.Add(page("/MediaBox[0 0 300 200]", "BT /H 12 Tf 20 100 Td (text) Tj [(a)-200(b)] TJ ET /F Do"))
	f.Add(page("/MediaBox[0 0 300 200]/Rotate 90", "BT /C 12 Tf 20 100 Td <000100020003> Tj ET"))
	f.Add(page("/MediaBox[0 0 0 0]", "q Q Q 1 0 0 1 0 0 cm BT (no font) Tj ET"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if !ends(b) {
			return
		}
		lib, err := pdflib.NewReader(&bounded{bytes.NewReader(b), 300}, int64(len(b)))
		if err != nil {
			return
		}
		l, err := readLayer(lib, textRequest{Page: 1, Width: 1000, Height: 1000})
		if err != nil {
			return
		}
		for _, line := range l.Lines {
			for _, w := range line.Words {
				if w.Raw == "" || strings.ContainsAny(w.Raw, "\x00\n") {
					t.Fatalf("word %q", w.Raw)
				}
			}
		}
	})
}

func ExampleError() {
	var err error = fault(ErrLimit, nil, "%d pages, %d allowed", 7000, 5000)
	fmt.Println(err)
	var e *Error
	if errors.As(err, &e) {
		fmt.Println(e.Remedy())
	}
	// Output:
	// over a limit: 7000 pages, 5000 allowed
	// split the file, or scan it at a lower resolution
}
