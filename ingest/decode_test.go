package ingest

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/tiff"

	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/schema"
)

func tiffBytes(t testing.TB, im image.Image, opt *tiff.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tiff.Encode(&b, im, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A helper gives the very page that this process would.
func TestHelperDecodesTheSame(t *testing.T) {
	colour := image.NewRGBA(image.Rect(0, 0, 90, 70))
	for i := range colour.Pix {
		colour.Pix[i] = byte(i*7) | 0x80
	}
	for name, content := range map[string][]byte{
		"grey.png":   withPHYs(pngBytes(t, letterF(80, 120)), 8000, 4000, 1),
		"colour.png": pngBytes(t, colour),
		"odd.jpg":    jpegBytes(t, letterF(83, 117)),
		"turned.jpg": jpegBytes(t, letterF(80, 120), exif(6)),
		"flate.tif":  tiffBytes(t, colour, &tiff.Options{Compression: tiff.Deflate}),
	} {
		var pages [2]PageInput
		for i, d := range []*Decoder{nil, {}} {
			f, err := openFile(t, name, content, Options{Decoder: d})
			if err != nil {
				t.Fatal(err)
			}
			if pages[i], err = f.Page(context.Background(), 1); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if !reflect.DeepEqual(pages[0], pages[1]) {
			t.Errorf("%s: the helper's page differs: %v dpi, %v; %v dpi, %v", name,
				pages[0].DPI, pages[0].Image.Bounds(), pages[1].DPI, pages[1].Image.Bounds())
		}
	}
}

// scanBomb is a progressive JPEG of some kilobytes that has a decoder walk
// over 64 million pixels again with each scan.
func scanBomb(scans int) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xdb, 0, 67, 0}
	b = append(b, bytes.Repeat([]byte{1}, 64)...)
	b = append(b, 0xff, 0xc2, 0, 11, 8, 0x1f, 0x40, 0x1f, 0x40, 1, 1, 0x11, 0) // 8000×8000, one component
	b = append(b, 0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xe0)
	for range scans {
		b = append(b, 0xff, 0xda, 0, 8, 1, 1, 0, 1, 1, 0)
		b = append(b, make([]byte, 120)...) // each 15 zero bits: 16384 blocks have nothing more
	}
	return append(b, 0xff, 0xd9)
}

// stripBomb is a TIFF of 60×60 pixels whose strip unpacks to 400 MB.
func stripBomb(t testing.TB) []byte {
	var z bytes.Buffer
	w, err := zlib.NewWriterLevel(&z, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	for range 400 {
		w.Write(make([]byte, 1<<20))
	}
	w.Close()
	b := tiffBytes(t, image.NewGray(image.Rect(0, 0, 60, 60)), nil)
	dir := int(binary.LittleEndian.Uint32(b[4:]))
	n := int(binary.LittleEndian.Uint16(b[dir:]))
	for e := b[dir+2:][:12*n]; len(e) > 0; e = e[12:] {
		switch binary.LittleEndian.Uint16(e) {
		case 259: // compression
			binary.LittleEndian.PutUint16(e[8:], 8)
		case 273: // where the strip begins
			binary.LittleEndian.PutUint32(e[8:], uint32(len(b)))
		case 279: // its bytes
			binary.LittleEndian.PutUint16(e[2:], 4)
			binary.LittleEndian.PutUint32(e[8:], uint32(z.Len()))
		}
	}
	return append(b, z.Bytes()...)
}

// What a small file can ask for without end is ended, says what was allowed,
// and what to do.
func TestPictureBombs(t *testing.T) {
	head := pngBytes(t, letterF(8, 8))
	binary.BigEndian.PutUint32(head[16:], 60000)
	binary.BigEndian.PutUint32(head[20:], 60000)
	binary.BigEndian.PutUint32(head[29:], crc32.ChecksumIEEE(head[12:29]))
	for _, c := range []struct {
		name    string
		content []byte
		decoder Decoder
		kind    error
		says    string
	}{
		{"pixels.png", head, Decoder{}, ErrLimit, "60000×60000 pixels, 80 million pixels allowed"},
		{"scans.jpg", scanBomb(20000), Decoder{Timeout: time.Second}, pdf.ErrTimedOut, "the 1s allowed"},
		{"memory.png", pngBytes(t, letterF(8, 8)), Decoder{Command: []string{"", "picture-child", "eats"}, Memory: 400 << 20}, ErrLimit, "400 MB allowed"},
	} {
		began := time.Now()
		f, err := openFile(t, c.name, c.content, Options{Decoder: &c.decoder})
		if err == nil {
			_, err = f.Page(context.Background(), 1)
		}
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s (%d bytes): error %v, want %v that says %q", c.name, len(c.content), err, c.kind, c.says)
			continue
		}
		var help interface{ Remedy() string }
		if !errors.As(err, &help) || help.Remedy() == "" {
			t.Errorf("%s: nothing says what to do", c.name)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s: it took %v", c.name, took)
		}
	}
}

// Of a strip that unpacks to more than its picture only the picture is taken.
func TestStripBomb(t *testing.T) {
	f, err := openFile(t, "strip.tif", stripBomb(t), Options{Decoder: &Decoder{Memory: 200 << 20}})
	if err != nil {
		t.Fatal(err)
	}
	in, err := f.Page(context.Background(), 1)
	if err != nil || in.Image.Bounds().Size() != image.Pt(60, 60) {
		t.Errorf("%v, %v", in.Image, err)
	}
}

// A file that says it is a thousand times coarser downwards than across is not
// believed: stretched, it would be a bomb.
func TestResolutionIsNoBomb(t *testing.T) {
	for _, c := range []struct {
		x, y uint32 // pixels a metre
		want image.Point
	}{
		{8000, 4000, image.Pt(300, 400)},
		{8000, 1, image.Pt(300, 200)},
		{1, 4000000000, image.Pt(300, 200)},
	} {
		in := onePage(t, "x.png", withPHYs(pngBytes(t, letterF(300, 200)), c.x, c.y, 1))
		if got := in.Image.Bounds().Size(); got != c.want || in.DPI < 50 || in.DPI > 2400 {
			t.Errorf("%d by %d a metre: %v at %d dpi, want %v", c.x, c.y, got, in.DPI, c.want)
		}
	}
	in := pagePicture(letterF(300, 200), pictureMeta{DPIX: 200, DPIY: 100}, 300*300)
	if got := in.Image.Bounds().Size(); got != image.Pt(300, 200) {
		t.Errorf("stretched over the limit: %v", got)
	}
}

// Whatever a helper does, the page gets an error of a known kind.
func TestBrokenPictureHelpers(t *testing.T) {
	for how, kind := range map[string]error{
		"hang": pdf.ErrTimedOut, "exit": ErrDamaged, "garbage": ErrDamaged, "huge": ErrDamaged, "wrong-size": ErrDamaged, "no-json": ErrDamaged, "other": ErrDamaged,
	} {
		d := &Decoder{Command: []string{"", "picture-child", how}}
		if how == "hang" { // others answer, however long that takes
			d.Timeout = 300 * time.Millisecond
		}
		f, err := openFile(t, "x.png", pngBytes(t, letterF(30, 40)), Options{Decoder: d})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = f.Page(context.Background(), 1); !errors.Is(err, kind) {
			t.Errorf("%s: error %v, want %v", how, err, kind)
		}
	}
}

func FuzzReadPicture(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x21{\"w\":2,\"h\":1,\"dpi\":9,\"grey\":true}ab"))
	f.Add([]byte("\x00\x00\x00\x02{}"))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, '{'})
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := readPicture(b, 1000)
		if err == nil && (in.Image.Bounds().Empty() || in.Source != schema.FromOCR || in.DPI <= 0) {
			t.Fatalf("%v at %d dpi and no error", in.Image.Bounds(), in.DPI)
		}
	})
}

// FuzzDecode decodes pictures of a few pixels in this process: whatever the
// bytes are, there is a page of the size announced, or an error.
func FuzzDecode(f *testing.F) {
	colour := image.NewRGBA(image.Rect(0, 0, 5, 3))
	f.Add(pngBytes(f, letterF(9, 12)), uint8(0), 200.0, 100.0, uint8(6))
	f.Add(jpegBytes(f, letterF(9, 12)), uint8(1), 0.0, 0.0, uint8(5))
	for media, b := range [][]byte{pngBytes(f, lined(40, 60, true)), jpegBytes(f, lined(40, 60, true))} {
		f.Add(b[:len(b)/2], uint8(media), 0.0, 0.0, uint8(1))
	}
	if b, err := os.ReadFile("testdata/passes.jpg"); err == nil {
		f.Add(b[:len(b)*3/4], uint8(1), 0.0, 0.0, uint8(1))
	}
	f.Add(tiffBytes(f, colour, &tiff.Options{Compression: tiff.Deflate, Predictor: true}), uint8(2), 1e300, 1e-300, uint8(0))
	f.Add(faxTIFF(twoTones(70, 20), true, true, false, 8), uint8(2), 204.0, 98.0, uint8(1))
	f.Add(jpegTIFF(f, false), uint8(2), 0.0, 0.0, uint8(1))
	f.Add(tiffBytes(f, letterF(9, 12), nil), uint8(2), 300.0, 300.0, uint8(2))
	f.Fuzz(func(t *testing.T, b []byte, media uint8, x, y float64, orientation uint8) {
		kinds := []string{typePNG, typeJPEG, typeTIFF}
		name := []string{"x.png", "x.jpg", "x.tif"}[media%3]
		if kind, err := sniff(b[:min(len(b), sniffLen)], name[1:]); err != nil || kind != kinds[media%3] {
			return
		}
		const limit = 1 << 16
		f, err := openFile(t, name, b, Options{Limits: Limits{Pixels: limit, Pages: 3}})
		if err != nil {
			return
		}
		for n := 1; n <= f.Pages(); n++ {
			in, err := f.Page(context.Background(), n)
			if err != nil {
				continue
			}
			if size := in.Image.Bounds().Size(); size.X <= 0 || size.Y <= 0 || size.X*size.Y > limit || in.DPI < 50 || in.DPI > 2400 {
				t.Fatalf("%v at %d dpi", size, in.DPI)
			}
		}
		in := pagePicture(letterF(30, 40), pictureMeta{DPIX: x, DPIY: y, Orientation: int(orientation)}, limit)
		if size := in.Image.Bounds().Size(); size.X*size.Y > limit {
			t.Fatalf("stretched to %v", size)
		}
	})
}
