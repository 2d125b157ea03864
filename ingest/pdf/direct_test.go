package pdf

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"testing"
)

// drawn has PDFium draw a page, whatever it consists of.
func drawn(t *testing.T, d *Document, n int) *Picture {
	t.Helper()
	b, err := d.r.with(context.Background(), false, d, msgRender, renderRequest{Page: n, MaxPixels: d.r.cfg.MaxPixels}, msgPicture)
	if err != nil {
		t.Fatal(err)
	}
	pic, err := decodePicture(b)
	if err != nil {
		t.Fatal(err)
	}
	return pic
}

func bytesOf(im image.Image) []byte {
	switch im := im.(type) {
	case *image.Gray:
		return im.Pix
	case *image.RGBA:
		return im.Pix
	}
	return nil
}

// A page that is one picture looks the same whether it is drawn or taken as it
// is decoded.
func TestDirectIsAsDrawn(t *testing.T) {
	files := []string{"an-trach-procedures.bilevel.pdf", "bach-van-tasks.vni.pdf", "long-tan-equipment.stamped.pdf", "vinh-lac-plan.mixed.pdf"}
	taken := 0
	for _, name := range files {
		b, err := os.ReadFile(filepath.Join("../../fixtures/scans", name))
		if err != nil {
			t.Fatal(err)
		}
		d := openBytes(t, b)
		for n := 1; n <= d.Pages(); n++ {
			pic, err := d.Render(context.Background(), n, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !pic.Direct {
				continue
			}
			taken++
			want := drawn(t, d, n)
			if pic.Image.Bounds() != want.Image.Bounds() || pic.DPI != want.DPI || !bytes.Equal(bytesOf(pic.Image), bytesOf(want.Image)) {
				t.Errorf("%s, page %d: %T of %v, drawn %T of %v", name, n, pic.Image, pic.Image.Bounds(), want.Image, want.Image.Bounds())
			}
		}
	}
	if taken < 8 {
		t.Errorf("only %d pages are one picture", taken)
	}
}

// What a page shows beside the pixels of its picture is not lost.
func TestDirectRefuses(t *testing.T) {
	const w, h = 120, 160
	grey := string(bytes.Repeat([]byte{90}, w*h))
	picture := func(more string) string {
		return stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8%s", w, h, more), grey)
	}
	half := bytes.Repeat([]byte{0}, w*h)
	for i := range half[:w*h/2] {
		half[i] = 0xff
	}
	mask := stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8", w, h), string(half))
	const place = "q 60 0 0 80 0 0 cm /I Do Q"
	direct := map[string]bool{"plain": true, "negative": true, "hidden text": true, "turned": true, "beyond page": true}
	for name, c := range map[string]struct{ contents, picture, resources, page string }{
		"plain":          {place, picture(""), "", ""},
		"turned":         {place, picture(""), "", "/Rotate 270"},
		"negative":       {place, picture("/Decode[1 0]"), "", ""},
		"hidden text":    {place + " BT /F 12 Tf 3 Tr 5 5 Td (x) Tj ET", picture(""), "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>", ""},
		"soft mask":      {place, picture("/SMask 6 0 R"), "", ""},
		"colour mask":    {place, picture("/Mask[80 100]"), "", ""},
		"stencil":        {"1 0 0 rg " + place, stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ImageMask true", w, h), grey[:w/8*h]), "", ""},
		"clipped":        {"0 0 30 80 re W n " + place, picture(""), "", ""},
		"drawn over":     {place + " 1 0 0 rg 10 10 20 20 re f", picture(""), "", ""},
		"twice":          {place + " q 30 0 0 40 0 0 cm /I Do Q", picture(""), "", ""},
		"see-through":    {"/G gs " + place, picture(""), "/ExtGState<</G<</ca 0.5>>>>", ""},
		"upside down":    {"q 60 0 0 -80 0 80 cm /I Do Q", picture(""), "", ""},
		"mirrored":       {"q -60 0 0 80 60 0 cm /I Do Q", picture(""), "", ""},
		"beyond page":    {"q 60 0 0 80 10 -10 cm /I Do Q", picture(""), "", ""},
		"with a comment": {place, picture(""), "", "/Annots[<</Type/Annot/Subtype/Square/Rect[5 5 40 40]/C[1 0 0]/IC[1 0 0]/AP<</N 7 0 R>>>>]"},
	} {
		file := build(
			"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>%s>>/MediaBox[0 0 60 80]%s>>", c.resources, c.page),
			stream("", c.contents), c.picture, mask,
			stream("/Type/XObject/Subtype/Form/BBox[0 0 35 35]", "1 0 0 rg 0 0 35 35 re f"),
		)
		d := openBytes(t, file)
		pic, err := d.Render(context.Background(), 1, 0)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := drawn(t, d, 1); pic.Image.Bounds() != want.Image.Bounds() || !bytes.Equal(bytesOf(pic.Image), bytesOf(want.Image)) {
			t.Errorf("%s: not what is drawn", name)
		}
		if pic.Direct != direct[name] {
			t.Errorf("%s: taken without being drawn: %v", name, pic.Direct)
		}
	}
}
