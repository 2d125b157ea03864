package pdf

import (
	"fmt"
	"math"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	pdflib "github.com/ledongthuc/pdf"
)

// A scanned page is one picture and nothing else. To have PDFium draw it costs
// twice what decoding costs: the picture is laid out, transformed and composed
// pixel by pixel onto another four times as large, to come out as it went in.
// Such a picture is taken as PDFium decodes it instead.
//
// What a picture shows is more than its pixels: masks, layers that are switched
// off, transparency. PDFium tells of all but the first two, which the reader of
// text looks for in the page's resources. A page with anything unusual is drawn.

// bare reports whether the resources of a page hold pictures that show all of
// their pixels, and nothing that can hide or recolour them.
func bare(lib *pdflib.Reader, n int) (ok bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			ok, err = false, fmt.Errorf("%v", p)
		}
	}()
	page := lib.Page(n)
	if page.V.IsNull() {
		return false, fmt.Errorf("page %d is not found", n)
	}
	res := inherited(page.V, "Resources")
	if !res.Key("Properties").IsNull() { // layers
		return false, nil
	}
	states := res.Key("ExtGState")
	for _, name := range states.Keys() {
		for _, key := range []string{"TR", "TR2", "SMask"} {
			if !states.Key(name).Key(key).IsNull() {
				return false, nil
			}
		}
	}
	objects := res.Key("XObject")
	for _, name := range objects.Keys() {
		for _, key := range []string{"SMask", "Mask", "ImageMask", "SMaskInData", "OC", "Alternates"} {
			if !objects.Key(name).Key(key).IsNull() {
				return false, nil
			}
		}
	}
	return len(objects.Keys()) > 0, nil
}

// bare implements reader; it is the reader of text that knows.
func (s *sandbox) bare(int) (bool, error) { return false, nil }

// raster is a picture as PDFium decodes it: step bytes a pixel, one for grey
// and three or four in the order blue, green, red.
type raster struct {
	pix          []byte
	w, h         int
	stride, step int
}

// decode gives the one picture that a page of frame f consists of, as the page
// shows it. ok is false for any page that is something else; it is to be drawn.
func decode(lib pdfium.Pdfium, page requests.Page, b box, nat native, f frame) (head *pictureHead, pix []byte, ok bool) {
	if !f.whole {
		return nil, nil, false
	}
	image, ok := lonePicture(lib, page)
	if !ok {
		return nil, nil, false
	}
	bm, err := lib.FPDFImageObj_GetBitmap(&requests.FPDFImageObj_GetBitmap{ImageObject: image})
	if err != nil {
		return nil, nil, false
	}
	defer guard(func() error {
		_, err := lib.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: bm.Bitmap})
		return err
	})
	src, ok := rasterOf(lib, bm.Bitmap)
	if !ok {
		return nil, nil, false
	}
	w, h := src.w, src.h
	if b.turn%2 == 1 {
		w, h = h, w
	}
	if math.Abs(float64(w)-nat.w) > 0.5 || math.Abs(float64(h)-nat.h) > 0.5 {
		return nil, nil, false
	}
	left, top := int(math.Round(nat.x*f.sx)), int(math.Round(nat.y*f.sy))
	grey, pix := src.lay(f.w, f.h, left, top, b.turn)
	return &pictureHead{W: f.w, H: f.h, Grey: grey}, pix, true
}

// lonePicture returns the picture that a page consists of, when it stands
// upright on the page's plane and nothing else is to be seen there.
func lonePicture(lib pdfium.Pdfium, page requests.Page) (image references.FPDF_PAGEOBJECT, ok bool) {
	notes, err := lib.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: page})
	if err != nil || notes.Count > 0 {
		return "", false
	}
	count, err := lib.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil || count.Count > surveyObjects {
		return "", false
	}
	for i := range count.Count {
		o, err := lib.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			return "", false
		}
		kind, err := lib.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o.PageObject})
		switch {
		case err != nil:
			return "", false
		case kind.Type == enums.FPDF_PAGEOBJ_TEXT && unseen(lib, o.PageObject): // an earlier reading of the scan
		case kind.Type == enums.FPDF_PAGEOBJ_IMAGE && !ok && plainPicture(lib, page, o.PageObject):
			image, ok = o.PageObject, true
		default:
			return "", false
		}
	}
	return image, ok
}

func unseen(lib pdfium.Pdfium, text references.FPDF_PAGEOBJECT) bool {
	mode, err := lib.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: text})
	return err == nil && mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE
}

// plainPicture reports whether a picture stands upright, is not clipped, and
// has colours of its own: a stencil has none.
func plainPicture(lib pdfium.Pdfium, page requests.Page, image references.FPDF_PAGEOBJECT) bool {
	m, err := lib.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: image})
	if err != nil || !(m.Matrix.A > 0 && m.Matrix.D > 0) || m.Matrix.B != 0 || m.Matrix.C != 0 {
		return false
	}
	through, err := lib.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: image})
	if err != nil || through.HasTransparency {
		return false
	}
	meta, err := lib.FPDFImageObj_GetImageMetadata(&requests.FPDFImageObj_GetImageMetadata{ImageObject: image, Page: page})
	if err != nil || meta.ImageMetadata.Colorspace == enums.FPDF_COLORSPACE_UNKNOWN {
		return false
	}
	clip, err := lib.FPDFPageObj_GetClipPath(&requests.FPDFPageObj_GetClipPath{PageObject: image})
	if err != nil {
		return false
	}
	paths, err := lib.FPDFClipPath_CountPaths(&requests.FPDFClipPath_CountPaths{ClipPath: clip.ClipPath})
	return err != nil || paths.Count == 0 // an object without a clip path has no answer
}

// rasterOf looks at a bitmap of PDFium without copying it. One with an alpha
// channel shows not all of its pixels.
func rasterOf(lib pdfium.Pdfium, bm references.FPDF_BITMAP) (r raster, ok bool) {
	format, err := lib.FPDFBitmap_GetFormat(&requests.FPDFBitmap_GetFormat{Bitmap: bm})
	if err != nil {
		return raster{}, false
	}
	switch format.Format {
	case enums.FPDF_BITMAP_FORMAT_GRAY:
		r.step = 1
	case enums.FPDF_BITMAP_FORMAT_BGR:
		r.step = 3
	case enums.FPDF_BITMAP_FORMAT_BGRX:
		r.step = 4
	default:
		return raster{}, false
	}
	w, err1 := lib.FPDFBitmap_GetWidth(&requests.FPDFBitmap_GetWidth{Bitmap: bm})
	h, err2 := lib.FPDFBitmap_GetHeight(&requests.FPDFBitmap_GetHeight{Bitmap: bm})
	stride, err3 := lib.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: bm})
	buf, err4 := lib.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bm})
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		return raster{}, false
	}
	r.w, r.h, r.stride, r.pix = w.Width, h.Height, stride.Stride, buf.Buffer
	return r, r.w > 0 && r.h > 0 && r.stride >= r.w*r.step && len(r.pix) >= r.stride*r.h
}

// lay lays the picture, turned by quarters clockwise, on white paper of w×h
// pixels with its corner at left, top: one byte a pixel when all of it is grey,
// else RGBA.
func (r raster) lay(w, h, left, top, quarters int) (grey bool, pix []byte) {
	grey = r.grey()
	size := 4
	if grey {
		size = 1
	}
	rw, rh := r.w, r.h
	if quarters%2 == 1 {
		rw, rh = rh, rw
	}
	pix = make([]byte, w*h*size)
	if left > 0 || top > 0 || left+rw < w || top+rh < h {
		for i := range pix {
			pix[i] = 0xff
		}
	}
	x0, x1 := max(0, left), min(w, left+rw)
	for y := max(0, top); y < min(h, top+rh) && x0 < x1; y++ {
		from, by := r.row(y-top, quarters)
		from += (x0 - left) * by
		out := pix[(y*w+x0)*size : (y*w+x1)*size]
		switch {
		case !grey:
			for i := 0; i < len(out); i += 4 {
				p := r.pix[from : from+3 : from+3]
				q := out[i : i+4 : i+4]
				q[0], q[1], q[2], q[3] = p[2], p[1], p[0], 0xff
				from += by
			}
		case by == 1:
			copy(out, r.pix[from:])
		default:
			for i := range out {
				out[i] = r.pix[from]
				from += by
			}
		}
	}
	return grey, pix
}

// row tells where the row y of the turned picture begins and how far it is
// from one of its pixels to the next.
func (r raster) row(y, quarters int) (from, by int) {
	switch quarters {
	case 1:
		return (r.h-1)*r.stride + y*r.step, -r.stride
	case 2:
		return (r.h-1-y)*r.stride + (r.w-1)*r.step, -r.step
	case 3:
		return (r.w - 1 - y) * r.step, r.stride
	}
	return y * r.stride, r.step
}

func (r raster) grey() bool {
	if r.step == 1 {
		return true
	}
	for y := range r.h {
		row := r.pix[y*r.stride:][:r.w*r.step]
		for x := 0; x < len(row); x += r.step {
			if row[x] != row[x+1] || row[x] != row[x+2] {
				return false
			}
		}
	}
	return true
}
