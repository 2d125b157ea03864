package ingest

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"strings"
	"testing"
)

// lined is a page of dark lines on white with a picture that differs in each
// row, so that it packs badly.
func lined(w, h int, colour bool) image.Image {
	var im interface {
		image.Image
		Set(x, y int, c color.Color)
	} = image.NewGray(image.Rect(0, 0, w, h))
	if colour {
		im = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	state := uint32(1)
	for y := range h {
		for x := range w {
			state = state*1664525 + 1013904223
			v := uint8(state>>24) / 2
			im.Set(x, y, color.RGBA{v, v, v, 255})
		}
	}
	return im
}

// whiteBelow counts the rows at the foot of a page that are white.
func whiteBelow(im image.Image) (rows int) {
	pix, stride, step := pixels(im)
	w, h := im.Bounds().Dx(), im.Bounds().Dy()
	for y := h - 1; y >= 0; y-- {
		if bytes.ContainsFunc(pix[y*stride:][:w*step], func(r rune) bool { return r != 0xfffd && r != 0xff }) {
			break
		}
		rows++
	}
	return rows
}

// Of a file that is cut off the rows are read that it holds; the others are
// white, and the page says so.
func TestCutOff(t *testing.T) {
	grey, colour := lined(160, 240, false), lined(160, 240, true)
	for name, c := range map[string]struct {
		content []byte
		im      image.Image
		exact   bool
	}{
		"grey.png":   {pngBytes(t, grey), grey, true},
		"colour.png": {pngBytes(t, colour), colour, true},
		"grey.jpg":   {jpegBytes(t, grey), grey, false},
		"colour.jpg": {jpegBytes(t, colour), colour, false},
	} {
		whole := onePage(t, name, c.content)
		for _, share := range []float64{0.3, 0.6, 0.9} {
			cut := c.content[:int(share*float64(len(c.content)))]
			in := onePage(t, name, cut)
			if in.Image.Bounds() != c.im.Bounds() || !strings.Contains(in.Lost, "cut off") {
				t.Fatalf("%s cut to %.1f: %v, lost %q", name, share, in.Image.Bounds(), in.Lost)
			}
			white := whiteBelow(in.Image)
			if got := 1 - float64(white)/240; got < share-0.15 || got > share+0.1 {
				t.Errorf("%s cut to %.1f: %d rows of 240 are white", name, share, white)
			}
			pix, stride, step := pixels(in.Image)
			want, _, _ := pixels(whole.Image)
			if n := (240 - white) * stride; step*160 != stride || !bytes.Equal(pix[:n], want[:n]) {
				t.Errorf("%s cut to %.1f: the rows above are not those of the whole picture", name, share)
			}
			if !strings.Contains(in.Lost, "copy or scan the file again") {
				t.Errorf("%s: nothing says what to do: %s", name, in.Lost)
			}
		}
	}
}

// The helper says what was lost, as this process does.
func TestHelperSaysWhatWasLost(t *testing.T) {
	b := pngBytes(t, lined(160, 240, false))
	f, err := openFile(t, "x.png", b[:len(b)/2], Options{Decoder: &Decoder{}})
	if err != nil {
		t.Fatal(err)
	}
	in, err := f.Page(context.Background(), 1)
	if err != nil || !strings.Contains(in.Lost, "upper 4") {
		t.Errorf("%q, %v", in.Lost, err)
	}
}

// A file whose last bytes alone are missing has all its rows.
func TestCutOffAtItsEnd(t *testing.T) {
	for name, b := range map[string][]byte{"x.png": pngBytes(t, letterF(90, 120)), "x.jpg": jpegBytes(t, letterF(90, 120))} {
		cut := len(b) - 12 // the chunk IEND
		if name == "x.jpg" {
			cut = len(b) - 2 // the marker EOI
		}
		in := onePage(t, name, b[:cut])
		if in.Lost != "" || whiteBelow(in.Image) != whiteBelow(onePage(t, name, b).Image) {
			t.Errorf("%s without its end: lost %q", name, in.Lost)
		}
	}
}

// What holds no row is refused.
func TestCutOffAtItsHead(t *testing.T) {
	interlaced := pngBytes(t, lined(160, 240, false))
	head := append([]byte{}, interlaced[16:29]...)
	head[12] = 1
	interlaced = append(appendChunk(append([]byte{}, interlaced[:8]...), "IHDR", head), interlaced[33:]...)
	png, jpg := pngBytes(t, lined(160, 240, false)), jpegBytes(t, lined(160, 240, false))
	for name, b := range map[string][]byte{
		"head.png": png[:45], "head.jpg": jpg[:bytes.Index(jpg, []byte{0xff, 0xda})+20], "interlaced.png": interlaced[:len(interlaced)/2],
	} {
		f, err := openFile(t, name, b, Options{})
		if err == nil {
			_, err = f.Page(context.Background(), 1)
		}
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// A progressive file gives what its whole scans hold when letters can be told
// in that, and is refused otherwise. The file is a letter of 60×90 pixels.
func TestCutOffProgressive(t *testing.T) {
	b, err := os.ReadFile("testdata/passes.jpg")
	if err != nil {
		t.Fatal(err)
	}
	var scans []int
	for at := range b[:len(b)-1] {
		if b[at] == 0xff && b[at+1] == 0xda {
			scans = append(scans, at)
		}
	}
	if len(scans) < 4 {
		t.Fatalf("%d scans", len(scans))
	}
	for n, scan := range scans {
		f, err := openFile(t, "x.jpg", b[:scan+11], Options{})
		if err != nil {
			t.Fatal(err)
		}
		in, err := f.Page(context.Background(), 1)
		// The third scan holds the finest strokes, at half the depth.
		if n < 3 {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("cut in scan %d: %v", n+1, err)
			}
			continue
		}
		if err != nil || in.Lost != LostPasses {
			t.Errorf("cut in scan %d: lost %q, %v", n+1, in.Lost, err)
			continue
		}
		got, want, far := in.Image.(*image.Gray), letterF(60, 90), 0
		for i := range got.Pix {
			if d := int(got.Pix[i]) - int(want.Pix[i]); d > 60 || d < -60 {
				far++
			}
		}
		if far > len(got.Pix)/50 {
			t.Errorf("cut in scan %d: %d of %d pixels are another", n+1, far, len(got.Pix))
		}
	}
}
