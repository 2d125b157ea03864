package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestOpenErrors(t *testing.T) {
	good := page("/MediaBox[0 0 200 200]", "")
	many := "<</Type/Pages/Count 21/Kids[" + strings.Repeat("3 0 R ", 21) + "]>>"
	for _, c := range []struct {
		name string
		file []byte
		kind error
	}{
		{"nothing", nil, ErrNotPDF},
		{"text", []byte("Báo cáo kết quả"), ErrNotPDF},
		{"head alone", []byte("%PDF-1.4\n"), ErrDamaged},
		{"cut off", good[:len(good)/3], ErrDamaged},
		{"garbage after the head", append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte{0xfe, 3}, 4000)...), ErrDamaged},
		{"no pages", build("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"), ErrNoPages},
		{"too many pages", build("<</Type/Catalog/Pages 2 0 R>>", many, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"), ErrLimit},
		{"encrypted", encrypted(), ErrEncrypted},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := renderer(t).Open(context.Background(), bytes.NewReader(c.file), int64(len(c.file)))
			if !errors.Is(err, c.kind) {
				t.Fatalf("error %v, want %v", err, c.kind)
			}
			var e *Error
			if !errors.As(err, &e) || e.Remedy() == "" || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q, remedy missing or more than a line", err)
			}
		})
	}
}

// encrypted makes a file whose password nobody knows: the check value is noise.
func encrypted() []byte {
	b := build("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
	crypt := "/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + strings.Repeat("5a", 32) + ">/U<" + strings.Repeat("a5", 32) + ">>>"
	return bytes.Replace(b, []byte("/Root 1 0 R"), []byte("/Root 1 0 R"+crypt), 1)
}

func TestRenderSize(t *testing.T) {
	for _, c := range []struct {
		entries  string
		dpi      int
		w, h     int
		got      int
		grey     bool
		contents string
	}{
		{"/MediaBox[0 0 144 72]", 0, 600, 300, 300, true, ""},
		{"/MediaBox[0 0 144 72]", 150, 300, 150, 150, true, ""},
		{"/MediaBox[0 0 144 72]", 7, 200, 100, 100, true, ""},
		{"/MediaBox[0 0 144 72]/Rotate 90", 150, 150, 300, 150, true, ""},
		{"/MediaBox[0 0 144 72]/CropBox[10 10 82 46]", 100, 100, 50, 100, true, ""},
		{"/MediaBox[0 0 144 72]", 100, 200, 100, 100, false, "1 0 0 rg 0 0 20 20 re f"},
	} {
		pic, err := openBytes(t, page(c.entries, c.contents)).Render(context.Background(), 1, c.dpi)
		if err != nil {
			t.Errorf("%s: %v", c.entries, err)
			continue
		}
		if s := pic.Image.Bounds().Size(); s != image.Pt(c.w, c.h) || pic.DPI != c.got {
			t.Errorf("%s at %d dpi: %v pixels at %d dpi, want %d×%d at %d", c.entries, c.dpi, s, pic.DPI, c.w, c.h, c.got)
		}
		if _, grey := pic.Image.(*image.Gray); grey != c.grey {
			t.Errorf("%s: a %T", c.entries, pic.Image)
		}
	}
}

// A page over the limit of pixels is rendered smaller, and refused when
// nothing could be read then.
func TestRenderLimit(t *testing.T) {
	pic, err := openBytes(t, page("/MediaBox[0 0 842 1191]", "")).Render(context.Background(), 1, 600)
	if err != nil {
		t.Fatal(err)
	}
	if s := pic.Image.Bounds().Size(); s.X*s.Y > 4e6 || pic.DPI < 100 || pic.DPI > 200 {
		t.Errorf("%v pixels at %d dpi", s, pic.DPI)
	}
	_, err = openBytes(t, page("/MediaBox[0 0 14400 14400]", "")).Render(context.Background(), 1, 0)
	if !errors.Is(err, ErrLimit) {
		t.Errorf("a page of five metres: %v", err)
	}
}

// Each pixel of a scan becomes a pixel of the page, whatever the page's place
// and rotation.
func TestScanIsNotResampled(t *testing.T) {
	const w, h = 331, 467 // an odd size at an odd resolution
	r := rand.New(rand.NewPCG(3, 4))
	pix := make([]byte, w*h)
	for i := range pix {
		pix[i] = byte(r.IntN(256))
	}
	for _, c := range []struct {
		media  string
		x, y   float64 // where the scan's corner lies
		wp, hp float64 // its size in points
		turn   int
	}{
		{"0 0 120 169", 0, 0, 120, 169, 0},
		{"0 0 119.7 169.3", 0, 0, 119.7, 169.3, 0},
		{"10 -20 130 149", 10, -20, 120, 169, 0},
		{"0 0 130 180", 3.3, 5.7, 120, 169, 0},
		{"0 0 120 169", 0, 0, 120, 169, 90},
		{"0 0 120 169", 0, 0, 120, 169, 180},
		{"0 0 120 169", 0, 0, 120, 169, 270},
	} {
		b := build(
			"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>/MediaBox[%s]/Rotate %d>>", c.media, c.turn),
			stream("", fmt.Sprintf("q %g 0 0 %g %g %g cm /I Do Q", c.wp, c.hp, c.x, c.y)),
			stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8", w, h), string(pix)),
		)
		pic, err := openBytes(t, b).Render(context.Background(), 1, 0)
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		if !pic.Scan || pic.DPI != 199 && pic.DPI != 200 {
			t.Errorf("%+v: scan %v at %d dpi", c, pic.Scan, pic.DPI)
		}
		if !holds(pic.Image, pix, w, h, c.turn/90) {
			t.Errorf("%+v: the scan was resampled to %v", c, pic.Image.Bounds())
		}
	}
}

// holds reports whether a picture holds all pixels of another one somewhere,
// turned by quarters clockwise.
func holds(im image.Image, pix []byte, w, h, quarters int) bool {
	g, ok := im.(*image.Gray)
	if !ok {
		return false
	}
	tw, th := w, h
	if quarters%2 == 1 {
		tw, th = h, w
	}
	at := func(x, y int) byte {
		switch quarters {
		case 1:
			return pix[(h-1-x)*w+y]
		case 2:
			return pix[(h-1-y)*w+w-1-x]
		case 3:
			return pix[x*w+w-1-y]
		}
		return pix[y*w+x]
	}
	for oy := 0; oy+th <= g.Rect.Dy(); oy++ {
	next:
		for ox := 0; ox+tw <= g.Rect.Dx(); ox++ {
			for y := range th {
				for x := range tw {
					if g.Pix[(oy+y)*g.Stride+ox+x] != at(x, y) {
						continue next
					}
				}
			}
			return true
		}
	}
	return false
}

// A small picture, or one askew, does not make a page a scan.
func TestPictureIsNoScan(t *testing.T) {
	for _, contents := range []string{
		"q 50 0 0 50 10 10 cm /I Do Q",
		"BT /H 12 Tf 20 100 Td (text) Tj ET",
	} {
		pic, err := openBytes(t, page("/MediaBox[0 0 200 200]", contents)).Render(context.Background(), 1, 0)
		if err != nil || pic.Scan || pic.DPI != 300 {
			t.Errorf("%q: %+v, %v", contents, pic, err)
		}
	}
}

func TestPageOutside(t *testing.T) {
	d := openBytes(t, page("/MediaBox[0 0 200 200]", ""))
	for _, n := range []int{-1, 0, 2} {
		if _, err := d.Render(context.Background(), n, 0); err == nil {
			t.Errorf("page %d was rendered", n)
		}
	}
}

// Documents take turns in one helper, which is renewed between.
func TestManyDocuments(t *testing.T) {
	r, err := NewRenderer(context.Background(), Config{PagesPerInstance: 2, CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var docs []*Document
	for i := range 3 {
		b := page(fmt.Sprintf("/MediaBox[0 0 %d 72]", 72*(i+1)), "")
		d, err := r.Open(context.Background(), bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, d)
	}
	for range 3 {
		for i, d := range docs {
			pic, err := d.Render(context.Background(), 1, 100)
			if err != nil || pic.Image.Bounds().Dx() != 100*(i+1) {
				t.Fatalf("document %d: %v, %v", i, pic, err)
			}
		}
	}
}

func TestHelperFaults(t *testing.T) {
	file := page("/MediaBox[0 0 200 200]", "")
	for how, kind := range map[string]error{"hang": ErrTimedOut, "exit": ErrDamaged, "garbage": ErrDamaged, "reads-outside": ErrDamaged, "wrong-picture": ErrDamaged} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			config := Config{Command: []string{"", "pdf-child", how}}
			if how == "hang" { // others answer, however long that takes
				config.PageTimeout = 300 * time.Millisecond
			}
			r, err := NewRenderer(context.Background(), config)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			d, err := r.Open(context.Background(), bytes.NewReader(file), int64(len(file)))
			if err == nil {
				_, err = d.Render(context.Background(), 1, 0)
			}
			if !errors.Is(err, kind) {
				t.Errorf("error %v, want %v", err, kind)
			}
			if errors.Is(kind, ErrTimedOut) && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v is not known as a deadline", err)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	r, err := NewRenderer(context.Background(), Config{Command: []string{"", "pdf-child", "hang"}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	file := page("/MediaBox[0 0 200 200]", "")
	if _, err := r.Open(ctx, bytes.NewReader(file), int64(len(file))); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func FuzzPicture(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x0e{\"w\":1,\"h\":1}x"))
	f.Add([]byte("\x00\x00\x00\x30{\"w\":2,\"h\":1,\"grey\":true,\"DPI\":300,\"Width\":1}     ab"))
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		pic, err := decodePicture(b)
		if err == nil {
			s := pic.Image.Bounds().Size()
			pic.Image.At(s.X-1, s.Y-1)
		}
		readFailure(b)
	})
}

// What a helper holds of other documents may end it. The document that it dies
// with is not to suffer for that.
func TestHelperThatOthersWoreOutIsReplaced(t *testing.T) {
	r, err := NewRenderer(context.Background(), Config{Command: []string{"", "pdf-child", "tires"}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	file := page("/MediaBox[0 0 90 90]", "")
	for n := range 3 {
		if _, err := r.Open(context.Background(), bytes.NewReader(file), int64(len(file))); err != nil {
			t.Fatalf("document %d: %v", n+1, err)
		}
	}
}
