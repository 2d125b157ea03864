package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/schema"
)

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.PDF", "a.txt", "sub/c.jpeg", "sub/.hidden.pdf", ".git/d.pdf", "~$e.pdf", "f.docx", "g.tif", "sub/deep/h.png", "sub/i.XLSX", "sub/~$i.xlsx", "j.exe"} {
		path := filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(path), 0o755)
		os.WriteFile(path, []byte("x"), 0o600)
	}
	os.Mkdir(filepath.Join(dir, "folder.pdf"), 0o755)
	os.Mkdir(filepath.Join(dir, "empty"), 0o755)
	os.Symlink(dir, filepath.Join(dir, "sub", "circle"))
	os.Symlink(filepath.Join(dir, "a.txt"), filepath.Join(dir, "sub", "link.txt"))

	found := Find([]string{dir, filepath.Join(dir, "a.txt"), filepath.Join(dir, "f.docx"), filepath.Join(dir, "nowhere")})
	within := func(paths []string) (names []string) {
		for _, f := range paths {
			rel, _ := filepath.Rel(dir, f)
			names = append(names, rel)
		}
		return names
	}
	names := within(found.Files)
	want := []string{"a.txt", "b.PDF", "f.docx", "g.tif", "sub/c.jpeg", "sub/deep/h.png", "sub/link.txt"}
	if !reflect.DeepEqual(names, want) {
		t.Errorf("found %q, want %q", names, want)
	}
	if names, want := within(found.Office), []string{"f.docx", "sub/i.XLSX"}; !reflect.DeepEqual(names, want) {
		t.Errorf("office documents %q, want %q", names, want)
	}
	if len(found.Problems) != 1 || !errors.Is(found.Problems[0], ErrMissing) {
		t.Errorf("problems %v, want the missing path", found.Problems)
	}
	nowhere, empty := filepath.Join(dir, "nowhere"), filepath.Join(dir, "empty")
	if found := Find([]string{nowhere, empty}); len(found.Problems) != 2 || !errors.Is(found.Problems[1], ErrNoFiles) {
		t.Errorf("an empty folder: %v", found.Problems)
	}
}

// Each bad file gets one line that says what, and one that says what to do.
func TestBadFiles(t *testing.T) {
	whole := pngBytes(t, letterF(100, 100))
	for _, c := range []struct {
		name    string
		content []byte
		kind    error
	}{
		{"empty.pdf", nil, ErrEmpty},
		{"text.pdf", []byte("Báo cáo"), pdf.ErrNotPDF},
		{"noise.pdf", []byte("\x01\x02\x03"), pdf.ErrNotPDF},
		{"cut.pdf", []byte("%PDF-1.7\n1 0 obj"), pdf.ErrDamaged},
		{"blank.txt", []byte(" \n\n\f"), ErrEmpty},
		{"noise.txt", []byte("\x00\x01\x02"), ErrMismatch},
		{"text.png", []byte("no picture"), ErrMismatch},
		{"cut.png", whole[:20], ErrDamaged},
		{"arithmetic.jpg", []byte("\xff\xd8\xff\xc9\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00\xff\xda"), ErrForm},
		{"word.docx", []byte("PK\x03\x04"), ErrOffice},
		{"word", []byte("{\\rtf1\\ansi Báo cáo}"), ErrOffice},
		{"word.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ErrOffice},
		{"packed.zip", []byte("PK\x03\x04"), ErrUnknown},
		{"big.tif", []byte("II+\x00\x08\x00\x00\x00"), ErrDamaged},
	} {
		_, err := openFile(t, c.name, c.content, Options{Renderer: renderer(t)})
		if !errors.Is(err, c.kind) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.kind)
			continue
		}
		var help interface{ Remedy() string }
		if !errors.As(err, &help) || help.Remedy() == "" || strings.Contains(err.Error()+help.Remedy(), "\n") {
			t.Errorf("%s: %q has no remedy of one line", c.name, err)
		}
	}
	if _, err := Open(context.Background(), filepath.Join(t.TempDir(), "nowhere.pdf"), Options{}); !errors.Is(err, ErrMissing) {
		t.Errorf("a missing file: %v", err)
	}
	f, err := openFile(t, "head.png", whole[:45], Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Page(context.Background(), 1); !errors.Is(err, ErrDamaged) {
		t.Errorf("the head of a picture: %v", err)
	}
}

func TestLimits(t *testing.T) {
	for _, l := range []Limits{{Bytes: 10}, {TextBytes: 10}, {Pages: 1}} {
		_, err := openFile(t, "x.txt", []byte("page one\n\n\n\n\npage two"), Options{Limits: l})
		if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "allowed") {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

func TestKindIsToldByTheBytes(t *testing.T) {
	f, err := openFile(t, "picture.pdf", pngBytes(t, letterF(100, 140)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := schema.Source{Name: "picture.pdf", MediaType: "image/png", Bytes: f.Source().Bytes, Pages: 1}
	if f.Source() != want || len(f.ID()) != 64 {
		t.Errorf("%+v, id %s", f.Source(), f.ID())
	}
	for _, n := range []int{0, 2} {
		if _, err := f.Page(context.Background(), n); err == nil {
			t.Errorf("page %d of one", n)
		}
	}
}

// digital is a PDF whose page has text in a simple font; scan says that a grey
// picture covers the page, with bars of ink where text would be.
func digital(contents string, scan bool) []byte {
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</H 5 0 R>>/XObject<</I 6 0 R>>>>>>",
	}
	if scan {
		contents = "q 300 0 0 200 0 0 cm /I Do Q " + contents
	}
	stream := func(dict, data string) string {
		return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
	}
	pix := bytes.Repeat([]byte{0xff}, 600*400)
	for _, y := range []int{80, 180, 280} {
		for x := 40; x < 560; x++ {
			for k := range 20 {
				pix[(y+k)*600+x] = 0
			}
		}
	}
	objects = append(objects, stream("", contents),
		"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 126/Widths["+strings.Repeat("600 ", 95)+"]>>",
		stream("/Type/XObject/Subtype/Image/Width 600/Height 400/ColorSpace/DeviceGray/BitsPerComponent 8", string(pix)))
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

func TestTriage(t *testing.T) {
	const (
		lines  = "BT /H 14 Tf 20 150 Td (Bao cao ket qua) Tj 0 -50 Td (thuc hien) Tj 0 -50 Td (nam 2025) Tj ET"
		hidden = "BT 3 Tr /H 14 Tf 20 150 Td 260 Tz (Bao cao ket qua) Tj 0 -50 Td (Bao cao ket qua) Tj 0 -50 Td (Bao cao ket qua) Tj ET"
		seal   = "BT /H 5 Tf 10 10 Td (Ky boi: Van phong) Tj ET"
	)
	for _, c := range []struct {
		name    string
		file    []byte
		quality float64
		source  schema.TextSource
		note    string
	}{
		{"digital", digital(lines, false), 1, schema.FromTextLayer, ""},
		{"digital, bad text", digital(lines, false), 0.2, schema.FromOCR, "quality is 0.20"},
		{"scan", digital("", true), 1, schema.FromOCR, ""},
		{"scan with a signature laid over", digital(seal, true), 1, schema.FromOCR, "covers"},
		{"scan with a good earlier ocr", digital(hidden, true), 0.97, schema.FromTextLayer, "earlier ocr"},
		{"scan with a middling earlier ocr", digital(hidden, true), 0.85, schema.FromOCR, "earlier ocr not used"},
		{"drawing without text", digital("0 0 200 100 re f", false), 1, schema.FromOCR, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			judge := func(l []schema.Line) ([]schema.Line, float64) { return l, c.quality }
			f, err := openFile(t, "x.pdf", c.file, Options{Renderer: renderer(t), TextLayer: judge})
			if err != nil {
				t.Fatal(err)
			}
			in, err := f.Page(context.Background(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if in.Source != c.source || !strings.Contains(in.Note, c.note) || (c.note == "") != (in.Note == "") {
				t.Errorf("from %s (%s), want %s (%s)", in.Source, in.Note, c.source, c.note)
			}
			if (len(in.Lines) > 0) != (in.Source == schema.FromTextLayer) || in.Image == nil || in.DPI == 0 {
				t.Errorf("%d lines, picture %v at %d dpi", len(in.Lines), in.Image != nil, in.DPI)
			}
		})
	}
}

// Text that stands sideways is brought upright with its page.
func TestSidewaysText(t *testing.T) {
	f, err := openFile(t, "x.pdf", digital("BT /H 14 Tf 0 1 -1 0 100 20 Tm (Phu luc 01) Tj 0 -30 Td (Bang so lieu) Tj ET", false), Options{Renderer: renderer(t)})
	if err != nil {
		t.Fatal(err)
	}
	in, err := f.Page(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if s := in.Image.Bounds().Size(); in.Source != schema.FromTextLayer || s.X >= s.Y {
		t.Fatalf("from %s (%s), %v pixels; the page was 300×200 points", in.Source, in.Note, s)
	}
	g := in.Image.(*image.Gray)
	for _, l := range in.Lines {
		if l.Box.Width() < 3*l.Box.Height() {
			t.Errorf("line %v does not lie", l.Box)
		}
		dark := 0
		for y := l.Box.Y0; y < l.Box.Y1; y++ {
			for x := l.Box.X0; x < l.Box.X1; x++ {
				if g.GrayAt(x, y).Y < 128 {
					dark++
				}
			}
		}
		if dark < 100 {
			t.Errorf("there is no text in %v", l.Box)
		}
	}
}

func TestTurnUpright(t *testing.T) {
	for quarters, want := range [4]int{0, 270, 180, 90} {
		in := PageInput{Image: image.NewGray(image.Rect(0, 0, 30, 20))}
		var turnedBy [4]int
		turnedBy[quarters] = 9
		turnUpright(&in, turnedBy)
		if in.Rotation != want {
			t.Errorf("text turned by %d quarters: rotation %d, want %d", quarters, in.Rotation, want)
		}
		if landscape := in.Image.Bounds().Dx() == 30; landscape != (quarters%2 == 0) {
			t.Errorf("text turned by %d quarters: picture %v", quarters, in.Image.Bounds())
		}
	}
}

func TestTurnedBox(t *testing.T) {
	im := letterF(30, 20)
	for q := range 4 {
		out := turned(im, q).(*image.Gray)
		b := turnedBox(schema.Box{X0: 2, Y0: 3, X1: 9, Y1: 5}, q, 30, 20)
		if b.Area() != 14 || b.Intersect(schema.Box{X1: out.Rect.Dx(), Y1: out.Rect.Dy()}) != b {
			t.Errorf("%d quarter turns: %v on %v", q, b, out.Rect)
		}
	}
	if back := turned(turned(im, 1), 3).(*image.Gray); !bytes.Equal(back.Pix, im.Pix) {
		t.Error("a turn there and back changes the picture")
	}
}
