package ocr

import (
	"bytes"
	"encoding/json"
	"image"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/sohoa/sohoa/ingest/child"
	"github.com/sohoa/sohoa/schema"
)

func TestPackUnpack(t *testing.T) {
	at := schema.Box{X0: 100, Y0: 200, X1: 300, Y1: 260}
	w := func(s string, b schema.Box, c float64) schema.Word {
		return schema.Word{Text: s, Raw: s, Box: b, Confidence: c}
	}
	in := []schema.Line{{
		Words: []schema.Word{w("tỷ", schema.Box{X0: 110, Y0: 210, X1: 130, Y1: 230}, 0.913), w("đồng", schema.Box{X0: 140, Y0: 210, X1: 190, Y1: 230}, 1)},
		Box:   schema.Box{X0: 110, Y0: 210, X1: 190, Y1: 230},
	}}
	b, err := json.Marshal(pack(in, at))
	if err != nil {
		t.Fatal(err)
	}
	if want := `[[["tỷ",10,10,30,30,913],["đồng",40,10,90,30,1000]]]`; string(b) != want {
		t.Errorf("packed %s, want %s", b, want)
	}
	var back []packedLine
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if got := unpack(back, at); !reflect.DeepEqual(got, in) {
		t.Errorf("got %+v, want %+v", got, in)
	}
}

// crop at scale 1 copies the pixels; at other scales an even picture stays
// even and sizes come out right.
func TestCrop(t *testing.T) {
	page := image.NewGray(image.Rect(10, 10, 60, 50)) // a picture need not begin at 0,0
	r := rand.New(rand.NewPCG(1, 2))
	for i := range page.Pix {
		page.Pix[i] = uint8(r.IntN(256))
	}
	box := schema.Box{X0: 3, Y0: 4, X1: 23, Y1: 14}
	spix, _ := crop(page, box, 1)
	head := spixHead(68, 58, 68)
	if !bytes.HasPrefix(spix, head) || len(spix) != len(head)+68*58 {
		t.Fatalf("head %q, %d bytes", spix[:len(head)], len(spix))
	}
	pix := spix[len(head):]
	inWords(pix) // and back
	for y := range 58 {
		for x := range 68 {
			want := uint8(0xff)
			if bx, by := x-border, y-border; bx >= 0 && bx < 20 && by >= 0 && by < 10 {
				want = page.GrayAt(10+3+bx, 10+4+by).Y
			}
			if pix[y*68+x] != want {
				t.Fatalf("pixel %d,%d is %d, want %d", x, y, pix[y*68+x], want)
			}
		}
	}
	for i := range page.Pix {
		page.Pix[i] = 77
	}
	for _, scale := range []float64{0.3, 0.85, 1.5, 3} {
		spix, used := crop(page, box, scale)
		if used != scale {
			t.Errorf("scale %v became %v", scale, used)
		}
		n := 0
		for _, v := range spix[len(head):] {
			if v == 77 {
				n++
			}
		}
		if want := int(20*scale+0.5) * int(10*scale+0.5); n != want {
			t.Errorf("scale %v: %d pixels kept their value, want %d", scale, n, want)
		}
	}
	if _, used := crop(image.NewGray(image.Rect(0, 0, 9000, 9000)), schema.Box{X1: 9000, Y1: 9000}, 8); used > 1 {
		t.Errorf("a crop over the limit was enlarged by %v", used)
	}
}

func TestScaleFor(t *testing.T) {
	for _, dpi := range []int{0, 72, 100, 150, 200, 300, 600} {
		s := ScaleFor(dpi)
		if s <= 0 || s > 3 {
			t.Errorf("%d dpi: scale %v", dpi, s)
		}
		if eff := s * float64(dpi); dpi > 0 && (eff < 120 || eff > 320) {
			t.Errorf("%d dpi is read at %.0f", dpi, eff)
		}
	}
}

// FuzzChild feeds a child whatever bytes: it must answer or end with an error,
// never crash. Tesseract is not reached: no greeting names a model that exists.
func FuzzChild(f *testing.F) {
	frame := func(kind byte, payload ...[]byte) []byte {
		var b bytes.Buffer
		child.WriteFrame(&b, kind, payload...)
		return b.Bytes()
	}
	f.Add(frame(msgPage, encodePage(300, 2, 1), []byte{1, 2}))
	f.Add(append(frame(msgPage, encodePage(300, 1, 1), []byte{1}), frame(msgRegions, []byte(`[{"box":[0,0,9,9],"model":-1}]`))...))
	f.Add(frame(msgHello, []byte(`{"models":[]}`)))
	f.Add([]byte{msgPage, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, in []byte) {
		if bytes.Contains(in, []byte(`"languages"`)) {
			return
		}
		var out bytes.Buffer
		_ = ServeChild(bytes.NewReader(in), &out)
		for out.Len() > 0 {
			if _, _, err := child.ReadFrame(&out, 1<<20); err != nil {
				t.Fatalf("the answer is no frame: %v", err)
			}
		}
	})
}

// FuzzReading feeds the parent whatever answer: words stay in their region.
func FuzzReading(f *testing.F) {
	f.Add(byte(msgReading), []byte(`{"i":0,"lines":[[["chữ",1,2,30,40,913]]]}`))
	f.Add(byte(msgReading), []byte(`{"i":0,"lines":[[["x",99999999999,2,-3,4,-1]]]}`))
	f.Add(byte(msgReading), []byte(`{"i":0,"lines":[[[]]]}`))
	f.Add(byte(msgFailed), []byte("no\nmodel"))
	at := schema.Box{X0: 10, Y0: 20, X1: 110, Y1: 60}
	f.Fuzz(func(t *testing.T, kind byte, payload []byte) {
		var out Reading
		if takeReading(kind, payload, 0, wireRegion{Box: at}, &out) != nil {
			return
		}
		for _, l := range out.Lines {
			for _, w := range l.Words {
				if w.Box.Empty() || w.Box.Intersect(at) != w.Box || w.Confidence < 0 || w.Confidence > 1 || w.Raw == "" {
					t.Fatalf("word %+v", w)
				}
			}
		}
	})
}

// FuzzRecording feeds the reader of recordings whatever file.
func FuzzRecording(f *testing.F) {
	f.Add([]byte("\x1f\x8b"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		decodeRecording(bytes.NewReader(b))
	})
}
