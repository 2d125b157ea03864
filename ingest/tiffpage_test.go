package ingest

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"math/bits"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"github.com/sohoa/sohoa/export/archive/fax"
)

// tiffOf writes a TIFF of one page with the numbers of its tags and its strips,
// as four bytes each or, when big, as eight.
func tiffOf(order binary.AppendByteOrder, big bool, tags map[uint16]uint64, strips [][]byte, tables []byte) []byte {
	b := []byte("II*\x00\x00\x00\x00\x00")
	if big {
		b = []byte("II+\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	}
	if order == binary.BigEndian {
		b[0], b[1], b[2], b[3] = 'M', 'M', 0, b[2]
		if big {
			b[4], b[5] = 0, 8
		}
	}
	number := func(b []byte, v uint64) []byte {
		if big {
			return order.AppendUint64(b, v)
		}
		return order.AppendUint32(b, uint32(v))
	}
	var places, sizes []byte
	for _, s := range strips {
		places, sizes = number(places, uint64(len(b))), number(sizes, uint64(len(s)))
		b = append(b, s...)
	}
	far := map[uint16]uint64{}
	for tag, content := range map[uint16][]byte{tagStripOffsets: places, tagStripBytes: sizes, tagJPEGTables: tables} {
		far[tag] = uint64(len(b))
		b = append(b, content...)
	}
	var dir []byte
	n := uint64(0)
	for tag := range uint16(400) {
		kind, count, value := uint16(4), uint64(1), tags[tag]
		if big {
			kind = 16
		}
		switch _, given := tags[tag]; {
		case tag == tagStripOffsets || tag == tagStripBytes:
			if count, value = uint64(len(strips)), far[tag]; count == 1 { // it stands in the entry
				value = uint64(order.(binary.ByteOrder).Uint32(b[value:]))
				if big {
					value = order.(binary.ByteOrder).Uint64(b[far[tag]:])
				}
			}
		case tag == tagJPEGTables && tables != nil:
			kind, count, value = 7, uint64(len(tables)), far[tag]
		case !given:
			continue
		}
		dir = order.AppendUint16(order.AppendUint16(dir, tag), kind)
		dir = number(number(dir, count), value)
		n++
	}
	at := uint64(len(b))
	if big {
		order.(binary.ByteOrder).PutUint64(b[8:], at)
		return number(append(order.AppendUint64(b, n), dir...), 0)
	}
	order.(binary.ByteOrder).PutUint32(b[4:], uint32(at))
	return number(append(order.AppendUint16(b, uint16(n)), dir...), 0)
}

// faxWriter writes CCITT Group 3, one bit a byte.
type faxWriter struct{ bits []byte }

func (f *faxWriter) word(words string, i int) {
	for _, bit := range strings.Fields(words)[i] {
		f.bits = append(f.bits, byte(bit-'0'))
	}
}

func (f *faxWriter) run(n int, black bool) {
	words := faxWhite + faxLong
	if black {
		words = faxBlack + faxLong
	}
	for ; n >= 64; n -= min(n, 2560) / 64 * 64 {
		f.word(words, 63+min(n, 2560)/64)
	}
	f.word(words, n)
}

// changesOf gives where the colour of a row changes, 0 being black.
func changesOf(row []byte) (out []int) {
	last := byte(0xff)
	for x, v := range row {
		if v != last {
			out, last = append(out, x), v
		}
	}
	return out
}

// next is the first change behind a0 to the other colour than black says.
func nextChange(changes []int, a0, w int, black bool) (b1, b2 int) {
	for i, c := range changes {
		if c > a0 && (i%2 == 1) == black {
			if i+1 < len(changes) {
				return c, changes[i+1]
			}
			return c, w
		}
	}
	return w, w
}

// line writes a row by the row above, or by itself when above is nil.
func (f *faxWriter) line(row, above []byte) {
	w, changes := len(row), changesOf(row)
	if above == nil {
		at := 0
		for i, c := range append(changes, w) {
			f.run(c-at, i%2 == 1)
			at = c
		}
		return
	}
	for a0, black := -1, false; a0 < w; {
		b1, b2 := nextChange(changesOf(above), a0, w, black)
		a1, a2 := nextChange(changes, a0, w, black)
		switch d := a1 - b1; {
		case b2 < a1:
			f.word(faxModes, modePass)
			a0 = b2
		case d >= -3 && d <= 3:
			if d < 0 {
				d = 3 - d
			}
			f.word(faxModes, modeVertical+d)
			a0, black = a1, !black
		default:
			f.word(faxModes, modeHorizontal)
			f.run(a1-max(a0, 0), black)
			f.run(a2-a1, !black)
			a0 = a2
		}
	}
}

func (f *faxWriter) endOfLine(mixed, flat bool) {
	f.bits = append(f.bits, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
	if mixed {
		tag := byte(0)
		if flat {
			tag = 1
		}
		f.bits = append(f.bits, tag)
	}
}

func (f *faxWriter) bytes() []byte {
	out := make([]byte, (len(f.bits)+7)/8)
	for i, b := range f.bits {
		out[i/8] |= b << (7 - i%8)
	}
	return out
}

// faxStrip packs rows of a picture of two tones.
func faxStrip(im *image.Gray, from, to int, mixed bool) []byte {
	f := &faxWriter{}
	w := im.Bounds().Dx()
	for y := from; y < to; y++ {
		flat := !mixed || (y-from)%4 == 0
		f.endOfLine(mixed, flat)
		var above []byte
		if !flat {
			above = im.Pix[(y-1)*w:][:w]
		}
		f.line(im.Pix[y*w:][:w], above)
	}
	for range 6 {
		f.endOfLine(mixed, true)
	}
	return f.bytes()
}

// twoTones is a page of blots of all sizes.
func twoTones(w, h int) *image.Gray {
	im := image.NewGray(image.Rect(0, 0, w, h))
	state := uint32(7)
	for i := range im.Pix {
		im.Pix[i] = 0xff
	}
	for range w * h / 150 {
		state = state*1664525 + 1013904223
		x, y, r := int(state>>8)%w, int(state>>17)%h, int(state>>28)%9+1
		for yy := y; yy < min(y+r, h); yy++ {
			for xx := x; xx < min(x+2*r, w); xx++ {
				im.Pix[yy*w+xx] = 0
			}
		}
	}
	return im
}

func faxTIFF(im *image.Gray, mixed, big, reversed bool, rowsPerStrip int) []byte {
	w, h := im.Bounds().Dx(), im.Bounds().Dy()
	var strips [][]byte
	for y := 0; y < h; y += rowsPerStrip {
		s := faxStrip(im, y, min(y+rowsPerStrip, h), mixed)
		for i := range s {
			if reversed {
				s[i] = bits.Reverse8(s[i])
			}
		}
		strips = append(strips, s)
	}
	tags := map[uint16]uint64{tagWidth: uint64(w), tagHeight: uint64(h), tagCompression: 3, tagRowsPerStrip: uint64(rowsPerStrip), tagFillOrder: 1, tagT4Options: 0}
	if mixed {
		tags[tagT4Options] = 1
	}
	if reversed {
		tags[tagFillOrder] = 2
	}
	return tiffOf(binary.LittleEndian, big, tags, strips, nil)
}

func TestFax(t *testing.T) {
	im := twoTones(3000, 90)
	for name, b := range map[string][]byte{
		"one-dimensional":          faxTIFF(im, false, false, false, 90),
		"two-dimensional":          faxTIFF(im, true, false, false, 90),
		"two-dimensional, strips":  faxTIFF(im, true, false, false, 32),
		"last bit first, BigTIFF":  faxTIFF(im, true, true, true, 90),
		"one-dimensional, reverse": faxTIFF(im, false, true, true, 7),
	} {
		in := onePage(t, "x.tif", b)
		if got, ok := in.Image.(*image.Gray); !ok || !bytes.Equal(got.Pix, im.Pix) || in.Lost != "" {
			t.Errorf("%s: another picture, lost %q", name, in.Lost)
		}
	}
}

// A line that was damaged on its way costs itself and those that lean on it; a
// file that ends early costs what is behind its end.
func TestFaxDamaged(t *testing.T) {
	im := twoTones(800, 120)
	strip := faxStrip(im, 0, 120, true)
	at := len(strip) / 2
	strip[at], strip[at+1] = ^strip[at], ^strip[at+1]
	tags := map[uint16]uint64{tagWidth: 800, tagHeight: 120, tagCompression: 3, tagRowsPerStrip: 120, tagT4Options: 1}
	in := onePage(t, "x.tif", tiffOf(binary.BigEndian, false, tags, [][]byte{strip}, nil))
	bad := 0
	for y := range 120 {
		if !bytes.Equal(in.Image.(*image.Gray).Pix[y*800:][:800], im.Pix[y*800:][:800]) {
			bad++
		}
	}
	if bad == 0 || bad > 8 {
		t.Errorf("two wrong bytes spoil %d rows of 120", bad)
	}
	in = onePage(t, "x.tif", tiffOf(binary.BigEndian, false, tags, [][]byte{faxStrip(im, 0, 120, true)[:at]}, nil))
	if white := whiteBelow(in.Image); white < 40 || white > 80 || !strings.Contains(in.Lost, "of its rows") {
		t.Errorf("half a strip: %d white rows of 120, %q", white, in.Lost)
	}
}

// jpegTIFF has its tables in the directory, as libtiff writes it.
func jpegTIFF(t testing.TB, big bool) []byte {
	colour := image.NewRGBA(image.Rect(0, 0, 48, 80))
	for y := range 80 {
		for x := range 48 {
			colour.Set(x, y, color.RGBA{uint8(60 + y), 40, uint8(200 - y), 255})
		}
	}
	var strips [][]byte
	var tables []byte
	for y := 0; y < 80; y += 32 {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, colour.SubImage(image.Rect(0, y, 48, min(y+32, 80))), nil); err != nil {
			t.Fatal(err)
		}
		tables = []byte{0xff, 0xd8}
		strip := []byte{0xff, 0xd8}
		for rest := b.Bytes()[2:]; ; {
			n := 2 + int(binary.BigEndian.Uint16(rest[2:]))
			switch rest[1] {
			case 0xdb, 0xc4:
				tables = append(tables, rest[:n]...)
			case 0xda:
				n = len(rest)
				fallthrough
			default:
				strip = append(strip, rest[:n]...)
			}
			if rest = rest[n:]; len(rest) == 0 {
				break
			}
		}
		tables, strips = append(tables, 0xff, 0xd9), append(strips, strip)
	}
	return tiffOf(binary.LittleEndian, big, map[uint16]uint64{
		tagWidth: 48, tagHeight: 80, tagBits: 8, tagCompression: 7, tagPhotometric: 6, tagSamples: 3, tagRowsPerStrip: 32,
	}, strips, tables)
}

func TestJPEGInTIFF(t *testing.T) {
	for _, big := range []bool{false, true} {
		im := onePage(t, "x.tif", jpegTIFF(t, big)).Image
		for _, y := range []int{3, 40, 77} {
			r, g, b, _ := im.At(20, y).RGBA()
			if abs(int(r>>8)-60-y) > 8 || abs(int(g>>8)-40) > 8 || abs(int(b>>8)-200+y) > 8 {
				t.Errorf("row %d: %d %d %d", y, r>>8, g>>8, b>>8)
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

// The library reads BigTIFF through a directory of the old form.
func TestBigTIFF(t *testing.T) {
	im := letterF(64, 50)
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		b := tiffOf(order, true, map[uint16]uint64{
			tagWidth: 64, tagHeight: 50, tagBits: 8, tagCompression: 1, tagPhotometric: 1, tagSamples: 1, tagRowsPerStrip: 20,
		}, [][]byte{im.Pix[:64*20], im.Pix[64*20 : 64*40], im.Pix[64*40:]}, nil)
		if got := onePage(t, "x.tif", b).Image.(*image.Gray); !bytes.Equal(got.Pix, im.Pix) {
			t.Errorf("%v: another picture", order)
		}
	}
}

// What is not read is named, with the page and the way out, by the helper too.
func TestFormsNotRead(t *testing.T) {
	for compression, name := range map[uint64]string{6: "JPEG of the old form (6)", 34661: "JBIG", 34712: "JPEG 2000", 50000: "Zstandard", 12345: "an unknown form (12345)"} {
		b := tiffOf(binary.LittleEndian, false, map[uint16]uint64{tagWidth: 9, tagHeight: 9, tagCompression: compression}, [][]byte{make([]byte, 90)}, nil)
		for _, d := range []*Decoder{nil, {}} {
			f, err := openFile(t, "x.tif", b, Options{Decoder: d})
			if err != nil {
				t.Fatal(err)
			}
			_, err = f.Page(context.Background(), 1)
			if !errors.Is(err, ErrForm) || !strings.Contains(err.Error(), "page 1: compressed as "+name) || !strings.Contains(err.Error(), "tiffcp -c lzw") {
				t.Errorf("%d: %v", compression, err)
			}
		}
	}
}

func FuzzFax(f *testing.F) {
	im := twoTones(70, 20)
	f.Add(faxStrip(im, 0, 20, false), uint8(70), false, false)
	f.Add(faxStrip(im, 0, 20, true), uint8(70), true, false)
	f.Fuzz(func(t *testing.T, data []byte, width uint8, mixed, reversed bool) {
		w, h := int(width)+1, 40
		pix := make([]byte, w*h)
		if rows := decodeFax(pix, data, w, h, mixed, reversed); rows < 0 || rows > h {
			t.Fatalf("%d rows of %d", rows, h)
		}
	})
}

// packBits packs without runs, as simple programs do.
func packBits(row []byte) (out []byte) {
	for len(row) > 0 {
		n := min(len(row), 128)
		out = append(append(out, byte(n-1)), row[:n]...)
		row = row[n:]
	}
	return out
}

// Greys and palettes of few bits are read, in strips of every packing that
// scanners use.
func TestFewBits(t *testing.T) {
	const w, h = 37, 24
	for _, bits := range []int{2, 4} {
		most := 1<<bits - 1
		rowBytes := (w*bits + 7) / 8
		packed := make([]byte, rowBytes*h)
		level := func(x, y int) int { return (x + 3*y) & most }
		for y := range h {
			for x := range w {
				packed[y*rowBytes+x*bits/8] |= byte(level(x, y) << (8 - bits - x*bits%8))
			}
		}
		for compression, pack := range map[uint64]func([]byte) []byte{
			1:     func(b []byte) []byte { return b },
			32773: packBits,
			8: func(b []byte) []byte {
				var z bytes.Buffer
				w := zlib.NewWriter(&z)
				w.Write(b)
				w.Close()
				return z.Bytes()
			},
		} {
			for _, photometric := range []uint64{whiteIsZero, blackIsZero} {
				tags := map[uint16]uint64{tagWidth: w, tagHeight: h, tagBits: uint64(bits), tagCompression: compression, tagPhotometric: photometric, tagSamples: 1, tagRowsPerStrip: 10}
				strips := [][]byte{pack(packed[:10*rowBytes]), pack(packed[10*rowBytes : 20*rowBytes]), pack(packed[20*rowBytes:])}
				in := onePage(t, "x.tif", tiffOf(binary.LittleEndian, bits == 4, tags, strips, nil))
				for _, at := range []image.Point{{0, 0}, {36, 0}, {5, 9}, {6, 10}, {36, 23}} {
					want := byte(level(at.X, at.Y) * 255 / most)
					if photometric == whiteIsZero {
						want = ^want
					}
					if got := in.Image.(*image.Gray).GrayAt(at.X, at.Y).Y; got != want || in.Lost != "" {
						t.Errorf("%d bits, compression %d, photometric %d: %v is %d, want %d (%s)", bits, compression, photometric, at, got, want, in.Lost)
					}
				}
			}
		}
	}
}

// Of a page whose strips end early the upper rows are read, however packed.
func TestCutOffTIFF(t *testing.T) {
	im := twoTones(800, 120)
	var differences bytes.Buffer
	z := zlib.NewWriter(&differences)
	for y := range 120 {
		last := byte(0)
		for _, v := range im.Pix[800*y:][:800] {
			z.Write([]byte{v - last, v - last, v - last})
			last = v
		}
	}
	z.Close()
	whole := map[string][]byte{
		"plain": tiffBytes(t, im, nil), "deflate": tiffBytes(t, im, &tiff.Options{Compression: tiff.Deflate}),
		"differences": tiffOf(binary.LittleEndian, false, map[uint16]uint64{tagWidth: 800, tagHeight: 120, tagBits: 8, tagCompression: 8, tagPhotometric: redGreenBlue, tagSamples: 3, tagRowsPerStrip: 120, tagPredictor: 2},
			[][]byte{differences.Bytes()}, nil),
		"group 4": tiffOf(binary.LittleEndian, false, map[uint16]uint64{tagWidth: 800, tagHeight: 120, tagBits: 1, tagCompression: 4, tagPhotometric: whiteIsZero, tagSamples: 1, tagRowsPerStrip: 120},
			[][]byte{fax.Encode(im)}, nil),
	}
	for name, b := range whole {
		in := onePage(t, "x.tif", halfStrip(b))
		if white := whiteBelow(in.Image); white < 20 || white > 100 || !strings.Contains(in.Lost, "of its rows") {
			t.Errorf("%s: %d white rows of 120, %q", name, white, in.Lost)
		}
		for y := range 20 {
			for x := range 800 {
				if r, _, _, _ := in.Image.At(x, y).RGBA(); byte(r>>8) != im.Pix[800*y+x] {
					t.Fatalf("%s: another picture at %d, %d", name, x, y)
				}
			}
		}
	}
}

// halfStrip shortens the only strip of a file, as one that was copied half.
func halfStrip(b []byte) []byte {
	dir := int(binary.LittleEndian.Uint32(b[4:]))
	b = bytes.Clone(b)
	for e := b[dir+2:][:12*int(binary.LittleEndian.Uint16(b[dir:]))]; len(e) > 0; e = e[12:] {
		if binary.LittleEndian.Uint16(e) == tagStripBytes {
			binary.LittleEndian.PutUint32(e[8:], binary.LittleEndian.Uint32(e[8:])/2)
		}
	}
	return b
}
