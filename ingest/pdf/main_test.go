package pdf

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/ingest/child"
)

// The test binary plays the helpers: the real one and broken ones. The word
// after "pdf-child" says which.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "pdf-child" {
		if err := play(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if shared != nil {
		shared.Close()
	}
	os.Exit(code)
}

func play(args []string) error {
	if len(args) == 0 {
		return ServeChild(os.Stdin, os.Stdout)
	}
	for opened := 0; ; {
		kind, _, err := child.ReadFrame(os.Stdin, 1<<20)
		if err != nil {
			return nil
		}
		if kind == msgHello {
			child.WriteFrame(os.Stdout, msgReady, []byte("{}"))
			continue
		}
		switch args[0] {
		case "hang":
			time.Sleep(time.Hour)
		case "exit":
			os.Exit(3)
		case "garbage":
			os.Stdout.WriteString("panic: something else\n")
			time.Sleep(time.Hour)
		case "tires":
			if kind == msgOpen {
				if opened++; opened > 1 {
					os.Exit(3)
				}
			}
			child.WriteFrame(os.Stdout, msgOpened, []byte(`{"pages":1}`))
		case "reads-outside":
			child.WriteFrame(os.Stdout, msgRead, bytes.Repeat([]byte{0xff}, 16))
		case "wrong-picture":
			if kind == msgOpen || kind == msgCount {
				child.WriteFrame(os.Stdout, msgOpened, []byte(`{"pages":1}`))
			} else {
				child.WriteFrame(os.Stdout, msgPicture, []byte{0, 0, 0, 2, '{', '}', 1, 2, 3})
			}
		}
	}
}

// shared is the renderer of all tests that need the real one: starting it
// takes some seconds.
var (
	shared *Renderer
	once   sync.Once
)

func renderer(t testing.TB) *Renderer {
	t.Helper()
	once.Do(func() {
		var err error
		if shared, err = NewRenderer(context.Background(), Config{MaxPages: 20, MaxPixels: 4e6}); err != nil {
			t.Fatal(err)
		}
	})
	if shared == nil {
		t.Fatal("no renderer")
	}
	return shared
}

func openBytes(t testing.TB, b []byte) *Document {
	t.Helper()
	d, err := renderer(t).Open(context.Background(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// build writes a PDF file of the objects given, numbered from 1; the first one
// is the catalogue.
func build(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
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

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// page builds a file of one page with the entries and contents given. Its
// fonts are /H, a simple one, and /C, a composite one whose codes 1 to 7 mean
// "Số hóa" and its sixth letter once more, decomposed; /F is a form.
func page(entries, contents string) []byte {
	widths := strings.Repeat("600 ", 95)
	return build(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</H 5 0 R/C 6 0 R>>/XObject<</F 9 0 R/I 10 0 R>>>>"+entries+">>",
		stream("", contents),
		"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 126/Widths["+widths+"]>>",
		"<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Times#20New/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 8 0 R>>",
		"<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Times#20New/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500/W[1[600 500]3 3 250]>>",
		stream("", "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <0000> <ffff> endcodespacerange\n"+
			"2 beginbfchar <0001> <0053> <0003> <0020> endbfchar\n2 beginbfrange <0002> <0002> <1ED1> <0004> <0005> [<0068> <00F3>] endbfrange\n1 beginbfrange <0006> <0006> <0061> endbfrange\n1 beginbfchar <0007> <0061> endbfchar\nendcmap end end"),
		stream("/Type/XObject/Subtype/Form/BBox[0 0 500 500]/Matrix[1 0 0 1 20 30]/Resources<</Font<</H 5 0 R>>>>", "BT /H 10 Tf 0 0 Td (form) Tj ET"),
		stream("/Type/XObject/Subtype/Image/Width 4/Height 4/ColorSpace/DeviceGray/BitsPerComponent 8", "\x00\x40\x80\xc0\xff\x10\x20\x30\x50\x60\x70\x90\xa0\xb0\xd0\xe0"),
	)
}
