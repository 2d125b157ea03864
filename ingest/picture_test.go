package ingest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/tiff"
)

// letterF is a picture that looks different whichever way it is turned.
func letterF(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			g.Pix[y*w+x] = 0xff
			if x < w/3 || y < h/5 || y > 2*h/5 && y < 3*h/5 && x < w/2 {
				g.Pix[y*w+x] = 0
			}
		}
	}
	return g
}

func pngBytes(t testing.TB, im image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withPHYs puts a resolution in pixels a metre into a PNG file.
func withPHYs(b []byte, x, y uint32, unit byte) []byte {
	chunk := []byte("pHYs")
	chunk = binary.BigEndian.AppendUint32(chunk, x)
	chunk = binary.BigEndian.AppendUint32(chunk, y)
	chunk = append(chunk, unit)
	out := append([]byte{}, b[:33]...) // signature and IHDR
	out = binary.BigEndian.AppendUint32(out, 9)
	out = append(out, chunk...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	return append(out, b[33:]...)
}

func jpegBytes(t testing.TB, im image.Image, segments ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, im, nil); err != nil {
		t.Fatal(err)
	}
	out := []byte{0xff, 0xd8}
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, b.Bytes()[2:]...)
}

func jfif(unit byte, x, y uint16) []byte {
	b := []byte{0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, unit}
	b = binary.BigEndian.AppendUint16(b, x)
	return append(binary.BigEndian.AppendUint16(b, y), 0, 0)
}

func exif(orientation uint16) []byte {
	body := []byte("Exif\x00\x00")
	body = append(body, headOfTIFF(binary.LittleEndian, [][3]uint32{{tagOrientation, 3, uint32(orientation)}})...)
	seg := []byte{0xff, 0xe1}
	seg = binary.BigEndian.AppendUint16(seg, uint16(len(body)+2))
	return append(seg, body...)
}

// headOfTIFF writes a TIFF of one directory with the entries tag, type, value.
func headOfTIFF(order binary.AppendByteOrder, entries [][3]uint32) []byte {
	b := []byte("II*\x00")
	if order == binary.BigEndian {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, uint16(len(entries)))
	for _, e := range entries {
		b = order.AppendUint16(b, uint16(e[0]))
		b = order.AppendUint16(b, uint16(e[1]))
		b = order.AppendUint32(b, 1)
		if e[1] == 3 {
			b = order.AppendUint16(b, uint16(e[2]))
			b = order.AppendUint16(b, 0)
		} else {
			b = order.AppendUint32(b, e[2])
		}
	}
	return order.AppendUint32(b, 0)
}

func openFile(t testing.TB, name string, content []byte, opt Options) (*File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(context.Background(), path, opt)
	if err == nil {
		t.Cleanup(func() { f.Close() })
	}
	return f, err
}

func onePage(t testing.TB, name string, content []byte) PageInput {
	t.Helper()
	f, err := openFile(t, name, content, Options{})
	if err != nil {
		t.Fatal(err)
	}
	in, err := f.Page(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestResolutionOfPictures(t *testing.T) {
	a4 := letterF(826, 1169) // 100 dpi
	for _, c := range []struct {
		name string
		file []byte
		want int
	}{
		{"png says nothing", pngBytes(t, a4), 100},
		{"png says 150", withPHYs(pngBytes(t, a4), 5906, 5906, 1), 150},
		{"png says 72, a default", withPHYs(pngBytes(t, letterF(1654, 2339)), 2835, 2835, 1), 200},
		{"png in no unit", withPHYs(pngBytes(t, a4), 5906, 5906, 0), 100},
		{"jpeg says nothing", jpegBytes(t, a4), 100},
		{"jfif in inches", jpegBytes(t, a4, jfif(1, 120, 120)), 120},
		{"jfif in cm", jpegBytes(t, a4, jfif(2, 59, 59)), 150},
	} {
		if in := onePage(t, "x", c.file); in.DPI != c.want {
			t.Errorf("%s: %d dpi, want %d", c.name, in.DPI, c.want)
		}
	}
}

func TestOrientation(t *testing.T) {
	f := letterF(40, 60)
	for orientation := uint16(1); orientation <= 8; orientation++ {
		stored := image.NewGray(f.Rect)
		if orientation >= 5 {
			stored = image.NewGray(image.Rect(0, 0, 60, 40))
		}
		// The page is f as a viewer shows it; the file holds it so that the
		// orientation brings it upright. EXIF says where row 0 and column 0 of
		// the file are on the page.
		for y := range 60 {
			for x := range 40 {
				sx, sy := stand(orientation, x, y)
				stored.SetGray(sx, sy, f.GrayAt(x, y))
			}
		}
		got := orient(plain(stored), int(orientation)).(*image.Gray)
		if got.Rect != f.Rect || !bytes.Equal(got.Pix, f.Pix) {
			t.Errorf("orientation %d is not brought upright", orientation)
		}
	}
	in := onePage(t, "x.jpg", jpegBytes(t, letterF(40, 60), exif(6)))
	if s := in.Image.Bounds().Size(); s != image.Pt(60, 40) {
		t.Errorf("a photograph turned by its EXIF has %v pixels", s)
	}
}

// stand says where the pixel x,y of the upright page of 40×60 pixels stands in
// a file of an orientation (TIFF 6.0: 1 = row 0 is the top, column 0 the left;
// 6 = row 0 is the right, column 0 the top; …).
func stand(orientation uint16, x, y int) (col, row int) {
	const w, h = 40, 60
	switch orientation {
	case 2: // row top, column right
		return w - 1 - x, y
	case 3: // bottom, right
		return w - 1 - x, h - 1 - y
	case 4: // bottom, left
		return x, h - 1 - y
	case 5: // row left, column top
		return y, x
	case 6: // row right, column top
		return y, w - 1 - x
	case 7: // row right, column bottom
		return h - 1 - y, w - 1 - x
	case 8: // row left, column bottom
		return h - 1 - y, x
	}
	return x, y
}

func TestPixelFormats(t *testing.T) {
	r := image.Rect(0, 0, 2, 1)
	grey16 := image.NewGray16(r)
	grey16.SetGray16(1, 0, color.Gray16{Y: 0x80ff})
	alpha := image.NewNRGBA(r)
	alpha.SetNRGBA(1, 0, color.NRGBA{A: 0xff})
	palette := image.NewPaletted(r, color.Palette{color.Gray{Y: 10}, color.Gray{Y: 200}})
	palette.Pix[1] = 1
	colours := image.NewPaletted(r, color.Palette{color.RGBA{R: 200, A: 255}, color.White})
	for _, c := range []struct {
		name  string
		im    image.Image
		grey  bool
		first uint8
	}{
		{"16 bits", grey16, true, 0},
		{"transparent over white", alpha, false, 0xff},
		{"grey palette", palette, true, 10},
		{"coloured palette", colours, false, 200},
	} {
		pix, _, step := pixels(plain(c.im))
		if (step == 1) != c.grey || pix[0] != c.first {
			t.Errorf("%s: %d bytes a pixel, first %d", c.name, step, pix[0])
		}
	}
}

func TestPictureLimit(t *testing.T) {
	_, err := openFile(t, "x.png", pngBytes(t, letterF(300, 300)), Options{Limits: Limits{Pixels: 50_000}})
	if !errors.Is(err, ErrLimit) {
		t.Errorf("error %v", err)
	}
	// The head announces what the file does not hold.
	bomb := pngBytes(t, letterF(3, 3))
	binary.BigEndian.PutUint32(bomb[16:], 60000)
	binary.BigEndian.PutUint32(bomb[20:], 60000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	if _, err := openFile(t, "x.png", bomb, Options{}); !errors.Is(err, ErrLimit) {
		t.Errorf("a bomb: %v", err)
	}
}

func TestTIFF(t *testing.T) {
	im := letterF(200, 100)
	for _, c := range []tiff.CompressionType{tiff.Uncompressed, tiff.Deflate} {
		var b bytes.Buffer
		if err := tiff.Encode(&b, im, &tiff.Options{Compression: c, Predictor: c == tiff.Deflate}); err != nil {
			t.Fatal(err)
		}
		in := onePage(t, "x.tif", b.Bytes())
		if g, ok := in.Image.(*image.Gray); !ok || !bytes.Equal(g.Pix, im.Pix) {
			t.Errorf("compression %v: the picture changed", c)
		}
	}
}

// Pages are those of the chain, without thumbnails; circles and lies end it, and
// of a chain that is cut off the last page says so.
func TestTIFFPages(t *testing.T) {
	file, _ := pages2(t)
	f, err := openFile(t, "x.tif", file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if f.Pages() != 2 {
		t.Fatalf("%d pages, want 2", f.Pages())
	}
	for n, want := range []uint8{10, 200} {
		in, err := f.Page(context.Background(), n+1)
		if err != nil {
			t.Fatal(err)
		}
		if pix, _, _ := pixels(in.Image); pix[0] != want {
			t.Errorf("page %d begins with %d, want %d", n+1, pix[0], want)
		}
	}
	if _, err := openFile(t, "x.tif", file, Options{Limits: Limits{Pages: 1}}); !errors.Is(err, ErrLimit) {
		t.Errorf("one page allowed: %v", err)
	}
	// The second directory's successor is the first one again.
	_, next := pages2(t)
	circle := bytes.Clone(file)
	copy(circle[next:], circle[4:8])
	if f, err := openFile(t, "x.tif", circle, Options{}); err != nil || f.Pages() != 2 {
		t.Errorf("a circle: %v", err)
	}
	for _, cut := range []int{20, 115} { // within the second directory, before it
		f, err := openFile(t, "x.tif", file[:len(file)-cut], Options{})
		if err != nil || f.Pages() != 2 {
			t.Fatalf("the last %d bytes cut off: %v", cut, err)
		}
		if _, err := f.Page(context.Background(), 1); err != nil {
			t.Errorf("the last %d bytes cut off: %v", cut, err)
		}
		if _, err := f.Page(context.Background(), 2); !errors.Is(err, ErrDamaged) {
			t.Errorf("the last %d bytes cut off: the page that is lost gives %v", cut, err)
		}
	}
	if _, err := openFile(t, "x.tif", file[:6], Options{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("cut off in the head: %v", err)
	}
}

// pages2 writes a TIFF of two pages of 2×2 pixels; next is where the second
// directory names its successor.
func pages2(t *testing.T) (file []byte, next int) {
	t.Helper()
	le := binary.LittleEndian
	file = []byte("II*\x00\x00\x00\x00\x00")
	link := 4
	for _, v := range []byte{10, 200} {
		data := len(file)
		file = append(file, v, v, v, v)
		le.PutUint32(file[link:], uint32(len(file)))
		entries := [][3]uint32{
			{256, 3, 2}, {257, 3, 2}, {258, 3, 8}, {259, 3, 1}, {262, 3, 1},
			{273, 4, uint32(data)}, {277, 3, 1}, {278, 3, 2}, {279, 4, 4},
		}
		dir := headOfTIFF(le, entries)[8:]
		file = append(file, dir...)
		link = len(file) - 4
	}
	return file, link
}

func FuzzTIFF(f *testing.F) {
	f.Add(headOfTIFF(binary.LittleEndian, [][3]uint32{{256, 3, 2}, {257, 4, 2}, {282, 5, 8}}))
	f.Add(headOfTIFF(binary.BigEndian, [][3]uint32{{274, 3, 6}, {254, 4, 1}}))
	f.Add([]byte("II*\x00\x08\x00\x00\x00\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		dirs, err := tiffDirs(bytes.NewReader(b), int64(len(b)), 100)
		if err == nil && (len(dirs) == 0 || len(dirs) > 100) {
			t.Fatalf("%d pages and no error", len(dirs))
		}
	})
}

func FuzzMeta(f *testing.F) {
	f.Add(append([]byte{0xff, 0xd8}, append(jfif(1, 300, 300), exif(6)...)...))
	f.Add(append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 9, 'p', 'H', 'Y', 's'))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, m := range []pictureMeta{jpegMeta(bufio.NewReader(bytes.NewReader(b))), pngMeta(bufio.NewReader(bytes.NewReader(b)))} {
			if dpi := resolution(1000, 1400, m.DPIX); dpi < 40 || dpi > 2400 {
				t.Fatalf("%d dpi", dpi)
			}
		}
	})
}
