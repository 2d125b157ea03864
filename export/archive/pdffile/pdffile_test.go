package pdffile_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/export/archive/pdffile"
)

// build makes a file of objects, numbered from 1; the first is the catalog.
func build(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /ID [<00> <01>] >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

// twoPages is a small file whose pages inherit from their tree.
func twoPages() []byte {
	content := "BT /F1 12 Tf (x) Tj ET"
	return build(
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] /MediaBox [0 0 200 100] /Rotate 90 >>",
		"<< /Type /Page /Parent 2 0 R /Contents 5 0 R >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [10 300 210 0] /Rotate 0 >>",
		fmt.Sprintf("<< /Length 6 0 R >>\nstream\n%s\nendstream", content),
		fmt.Sprint(len(content)),
	)
}

func open(t testing.TB, data []byte) *pdffile.File {
	t.Helper()
	f, err := pdffile.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPages(t *testing.T) {
	f := open(t, twoPages())
	pages, err := f.Pages()
	if err != nil || len(pages) != 2 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	first, err := f.Page(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	if box, ok := f.Box(first.Dict["MediaBox"]); !ok || box != [4]float64{0, 0, 200, 100} {
		t.Errorf("inherited box %v", box)
	}
	if turn, _ := pdffile.Int(first.Dict["Rotate"]); turn != 90 {
		t.Errorf("inherited turn %d", turn)
	}
	second, err := f.Page(pages[1])
	if err != nil {
		t.Fatal(err)
	}
	if box, ok := f.Box(second.Dict["MediaBox"]); !ok || box != [4]float64{10, 0, 210, 300} {
		t.Errorf("own box %v", box)
	}
	o, err := f.Resolve(first.Dict["Contents"])
	if err != nil {
		t.Fatal(err)
	}
	data, err := o.(*pdffile.Stream).Decode()
	if err != nil || string(data) != "BT /F1 12 Tf (x) Tj ET" {
		t.Errorf("contents %q, %v", data, err)
	}
}

// TestObjectsThatNeedThemselves has a stream whose length is the stream. No
// stack is deep enough for that, and none can be recovered from.
func TestObjectsThatNeedThemselves(t *testing.T) {
	f := open(t, build(
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Count 0 /Kids [] >>",
		"<< /Length 3 0 R >>\nstream\nx\nendstream",
	))
	if _, err := f.Get(pdffile.Ref{Number: 3}); err == nil {
		t.Error("read a stream that is as long as itself")
	}
	if o, err := f.Get(pdffile.Ref{Number: 2}); err != nil || o == nil {
		t.Errorf("afterwards object 2 is %v, %v", o, err)
	}
}

func TestLexer(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"12", "12"}, {"-.5", "-.5"}, {"12 0 R", "12 0 R"}, {"[1 2 0 R(a\\)(b))/N]", "[1 2 0 R (a\\)(b)) /N]"},
		{"<</B 1/A<</C[true null]>>>>", "<</A <</C [true null]>>/B 1>>"}, {"/A#20b#2f", "/A#20b#2F"},
		{"<48 65>", "<48 65>"}, {"% comment\n7", "7"}, {"null", "null"}, {"<</A null>>", "<<>>"},
	} {
		l := pdffile.Lexer{Data: []byte(c.in)}
		o, word, err := l.Next()
		var b bytes.Buffer
		if err == nil && word == "" {
			pdffile.Write(&b, o)
		}
		if b.String() != c.want {
			t.Errorf("%q: %q %q %v, want %q", c.in, b.String(), word, err, c.want)
		}
	}
	l := pdffile.Lexer{Data: []byte("1 0 R Tj'"), Content: true}
	var got []string
	for {
		o, word, err := l.Next()
		if err != nil {
			break
		}
		got = append(got, fmt.Sprint(o, word))
	}
	if fmt.Sprint(got) != "[1 0 <nil>R <nil>Tj']" {
		t.Errorf("a content stream: %q", got)
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]pdffile.Raw{
		"a(b)\\": `(a\(b\)\\)`, "Số": "<FEFF00531ED1>", "😀": "<FEFFD83DDE00>", "": "()",
	} {
		if got := pdffile.Text(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	good := twoPages()
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":             {nil, pdffile.ErrDamaged},
		"cut":               {good[:len(good)/2], pdffile.ErrDamaged},
		"shifted":           {append([]byte("junk\n"), good...), pdffile.ErrDamaged},
		"encrypted":         {bytes.Replace(good, []byte("/Size"), []byte("/Encrypt 9 0 R /Size"), 1), pdffile.ErrEncrypted},
		"no catalog":        {bytes.Replace(good, []byte("/Root 1 0 R"), nil, 1), pdffile.ErrDamaged},
		"revisions in ring": {bytes.Replace(good, []byte("/Size"), fmt.Appendf(nil, "/Prev %d /Size", bytes.Index(good, []byte("xref\n"))), 1), nil},
	} {
		f, err := pdffile.Open(bytes.NewReader(c.data), int64(len(c.data)))
		if err == nil {
			_, err = f.Pages()
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for name, objects := range map[string][]string{
		"tree in a ring":   {"<< /Pages 2 0 R >>", "<< /Kids [2 0 R] >>"},
		"no tree":          {"<< /Type /Catalog >>"},
		"page not there":   {"<< /Pages 2 0 R >>", "<< /Kids [9 0 R] >>"},
		"references round": {"<< /Pages 2 0 R >>", "<< /Kids 3 0 R >>", "4 0 R", "3 0 R"},
		"deep":             {"<< /Pages 2 0 R >>", strings.Repeat("[", 1000)},
	} {
		if _, err := open(t, build(objects...)).Pages(); !errors.Is(err, pdffile.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// revise appends a revision in which the first page is turned.
func revise(t *testing.T, data []byte) []byte {
	t.Helper()
	f := open(t, data)
	pages, err := f.Pages()
	if err != nil {
		t.Fatal(err)
	}
	page, err := f.Page(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := pdffile.NewRevision(&out, f)
	if err != nil {
		t.Fatal(err)
	}
	page.Dict["Rotate"] = 180
	page.Dict["Contents"] = w.AddStream(nil, []byte("q Q"))
	w.Put(page.Ref, page.Dict)
	if err := w.Close(nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRevision(t *testing.T) {
	plain := twoPages()
	variants := map[string][]byte{"table": plain}
	if qpdf, err := exec.LookPath("qpdf"); err == nil {
		// qpdf wants a file to seek in.
		cmd := exec.Command("sh", "-c", "cat > \"$0\" && "+qpdf+" --object-streams=generate --deterministic-id \"$0\" -", t.TempDir()+"/a.pdf")
		cmd.Stdin = bytes.NewReader(plain)
		packed, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		variants["streams"] = packed
	} else {
		t.Log("qpdf is not here: no file with object streams")
	}
	for name, data := range variants {
		t.Run(name, func(t *testing.T) {
			once := revise(t, data)
			if !bytes.HasPrefix(once, data) {
				t.Fatal("the file is not kept as it was")
			}
			if again := revise(t, data); !bytes.Equal(once, again) {
				t.Error("the second time gave other bytes")
			}
			f := open(t, revise(t, once)) // a revision of a revision
			pages, err := f.Pages()
			if err != nil || len(pages) != 2 {
				t.Fatalf("%d pages, %v", len(pages), err)
			}
			page, err := f.Page(pages[0])
			if err != nil {
				t.Fatal(err)
			}
			if turn, _ := pdffile.Int(page.Dict["Rotate"]); turn != 180 {
				t.Errorf("turn %d", turn)
			}
			o, err := f.Resolve(page.Dict["Contents"])
			if err != nil {
				t.Fatal(err)
			}
			if content, err := o.(*pdffile.Stream).Decode(); string(content) != "q Q" {
				t.Errorf("contents %q, %v", content, err)
			}
		})
	}
}

// TestLengths has streams that do not say how long they are, or say it wrongly.
func TestLengths(t *testing.T) {
	for _, length := range []string{"", "/Length 5", "/Length 50000", "/Length -1", "/Length 9 0 R", "/Length (x)"} {
		f := open(t, build("<< /Type /Catalog >>", "<< "+length+" >>\nstream\nq 1 0 0 1 5 5 cm Q\nendstream"))
		o, err := f.Get(pdffile.Ref{Number: 2})
		if err != nil {
			t.Errorf("%q: %v", length, err)
			continue
		}
		if got, err := o.(*pdffile.Stream).Decode(); string(got) != "q 1 0 0 1 5 5 cm Q" {
			t.Errorf("%q: %q, %v", length, got, err)
		}
	}
}

func TestWriterTellsErrors(t *testing.T) {
	w := pdffile.NewWriter(io.Discard)
	w.Copy(w.Reserve(), pdffile.Dict{}, strings.NewReader("short"), 10)
	if err := w.Close(nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a stream that ends early: %v", err)
	}
}

func TestFilters(t *testing.T) {
	for name, c := range map[string]struct {
		dict, data, want string
	}{
		"hexadecimal": {"/Filter /ASCIIHexDecode", "48 65 6c\n6C 6f>", "Hello"},
		"base 85":     {"/Filter [/ASCII85Decode]", "87cURDZ~>", "Hello"},
		"none":        {"", "Hello", "Hello"},
		"lzw":         {"/Filter /LZWDecode", "xxxxx", ""},
		"flate":       {"/Filter /FlateDecode", "no", ""},
	} {
		f := open(t, build("<< /Type /Catalog >>", fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", c.dict, len(c.data), c.data)))
		o, err := f.Get(pdffile.Ref{Number: 2})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := o.(*pdffile.Stream).Decode()
		if string(got) != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// FuzzFile reads all that can be reached from the catalog of a file. It must
// end, and not panic.
func FuzzFile(f *testing.F) {
	f.Add(twoPages())
	f.Add(build("<< /Pages 2 0 R >>", "<< /Kids [2 0 R 3 0 R] >>", "<< /Filter /FlateDecode /Length 3 0 R >>\nstream\n\nendstream"))
	f.Add([]byte("%PDF-1.5\n1 0 obj\n<</Type/XRef/W[1 2 1]/Index[0 3]/Size 3/Root 2 0 R/Length 12>>\nstream\n\x00\x00\x00\x00\x01\x00\x09\x00\x02\x00\x01\x00\nendstream\nendobj\nstartxref\n9\n%%EOF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := pdffile.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		pages, err := file.Pages()
		if err != nil {
			return
		}
		for _, ref := range pages[:min(len(pages), 20)] {
			page, err := file.Page(ref)
			if err != nil {
				continue
			}
			file.Box(page.Dict["MediaBox"])
			if o, err := file.Resolve(page.Dict["Contents"]); err == nil {
				if s, ok := o.(*pdffile.Stream); ok {
					_, _ = s.Decode()
				}
			}
		}
	})
}

func ExampleOpen() {
	data := twoPages()
	f, err := pdffile.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		fmt.Println(err)
		return
	}
	pages, err := f.Pages()
	fmt.Println(len(pages), "pages", err)
	// Output: 2 pages <nil>
}
