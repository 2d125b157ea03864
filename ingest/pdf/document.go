package pdf

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io"
	"math"
	"sync"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// Document is an open PDF file. It may be used by many goroutines.
type Document struct {
	r      *Renderer
	file   io.ReaderAt
	size   int64
	header bool // the file says that it is a PDF
	pages  int

	textMu sync.Mutex
	text   *textHelper
}

// headerWithin is how far from the start readers look for the header.
const headerWithin = 1024

// Open opens a PDF file of size bytes. It reads from file until Close. Errors
// are of type [*Error]: [ErrNotPDF], [ErrEncrypted], [ErrNoPages],
// [ErrDamaged], [ErrLimit], [ErrTimedOut].
func (r *Renderer) Open(ctx context.Context, file io.ReaderAt, size int64) (*Document, error) {
	if size > math.MaxInt32 {
		return nil, fault(ErrLimit, nil, "a file of %d MB, %d MB allowed", size>>20, math.MaxInt32>>20)
	}
	head := make([]byte, min(size, headerWithin))
	if _, err := file.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("reading the head of the pdf: %w", err)
	}
	d := &Document{r: r, file: file, size: size, header: bytes.Contains(head, []byte("%PDF-"))}
	if size == 0 || !d.header {
		return nil, fault(ErrNotPDF, nil, "")
	}
	err := r.with(ctx, d, func(in *instance) error {
		n, err := in.lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: in.ref})
		if err != nil {
			return err
		}
		d.pages = n.PageCount
		return nil
	})
	if err != nil {
		return nil, err
	}
	switch {
	case d.pages <= 0:
		return nil, fault(ErrNoPages, nil, "")
	case d.pages > r.cfg.MaxPages:
		return nil, fault(ErrLimit, nil, "%d pages, %d allowed", d.pages, r.cfg.MaxPages)
	}
	return d, nil
}

// Pages returns the number of pages.
func (d *Document) Pages() int { return d.pages }

// Close ends what was started for the document. The file stays the caller's.
func (d *Document) Close() error {
	d.textMu.Lock()
	defer d.textMu.Unlock()
	if d.text != nil {
		d.text.close()
		d.text = nil
	}
	return nil
}

// Picture is a rendered page.
type Picture struct {
	Image image.Image // *image.Gray when no pixel has colour, else *image.RGBA
	DPI   int
	// Scan tells that one picture covers the page and gives it its resolution.
	Scan bool
	// Cover is the share of the page, 0..1, that embedded pictures cover.
	Cover float64
	// Width and Height are the size of the page in points, as it is shown.
	Width, Height float64
}

// Resolutions in dpi at which pages are rendered.
const (
	minDPI     = 100
	maxDPI     = 600
	defaultDPI = 300
)

// Render renders page n, counted from 1, as a person would see it: the page's
// own rotation is applied. With dpi 0 the resolution is that of the picture
// that covers the page, if there is one, so that no pixel of a scan is
// resampled, and 300 otherwise. Pages so large that they would pass
// [Config.MaxPixels] are rendered at a lower resolution.
func (d *Document) Render(ctx context.Context, n, dpi int) (*Picture, error) {
	if err := d.check(n); err != nil {
		return nil, err
	}
	var pic *Picture
	err := d.r.with(ctx, d, func(in *instance) error {
		page, err := in.lib.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: in.ref, Index: n - 1})
		if err != nil {
			return fault(ErrDamaged, nil, "page %d cannot be opened", n)
		}
		defer guard(func() error {
			_, err := in.lib.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: page.Page})
			return err
		})
		ref := requests.Page{ByReference: &page.Page}
		if pic, err = d.survey(in.lib, ref, n); err != nil {
			return err
		}
		w, h, err := d.pixels(pic, dpi)
		if err != nil {
			return err
		}
		pic.Image, err = render(in.lib, ref, w, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	return pic, nil
}

func (d *Document) check(n int) error {
	if n < 1 || n > d.pages {
		return fmt.Errorf("page %d of a pdf with %d pages", n, d.pages)
	}
	return nil
}

// embedded is a picture placed on a page.
type embedded struct {
	x0, y0, x1, y1 float64 // on the page, in points
	dpi            float64
}

// surveyObjects bounds how many objects of a page are looked at for pictures:
// a scan has few, a drawing may have hundreds of thousands.
const surveyObjects = 3000

// survey measures the page and looks for a picture that covers it.
func (d *Document) survey(lib pdfium.Pdfium, page requests.Page, n int) (*Picture, error) {
	w, err := lib.FPDF_GetPageWidth(&requests.FPDF_GetPageWidth{Page: page})
	if err != nil {
		return nil, err
	}
	h, err := lib.FPDF_GetPageHeight(&requests.FPDF_GetPageHeight{Page: page})
	if err != nil {
		return nil, err
	}
	pic := &Picture{Width: w.Width, Height: h.Height}
	if !(pic.Width > 0 && pic.Height > 0) || pic.Width > 1e6 || pic.Height > 1e6 {
		return nil, fault(ErrDamaged, nil, "page %d measures %.0f×%.0f points", n, pic.Width, pic.Height)
	}
	rot, err := lib.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: page})
	if err != nil {
		return nil, err
	}
	pw, ph := pic.Width, pic.Height // before rotation: objects are placed so
	if rot.PageRotation%2 == 1 {
		pw, ph = ph, pw
	}
	count, err := lib.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return nil, err
	}
	var found []embedded
	for i := range min(count.Count, surveyObjects) {
		o, err := lib.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			continue
		}
		found = appendPictures(found, lib, o.PageObject, identity, 0)
	}
	var dpi float64
	dpi, pic.Cover = resolution(found, pw, ph)
	if dpi > 0 {
		pic.Scan = true
		pic.DPI = int(math.Round(dpi))
	}
	return pic, nil
}

var identity = structs.FPDF_FS_MATRIX{A: 1, D: 1}

// appendPictures adds the pictures that an object is or holds, placed by m.
func appendPictures(found []embedded, lib pdfium.Pdfium, o references.FPDF_PAGEOBJECT, m structs.FPDF_FS_MATRIX, depth int) []embedded {
	kind, err := lib.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o})
	if err != nil || kind.Type != enums.FPDF_PAGEOBJ_IMAGE && kind.Type != enums.FPDF_PAGEOBJ_FORM {
		return found
	}
	own, err := lib.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
	if err != nil {
		return found
	}
	m = times(own.Matrix, m)
	if kind.Type == enums.FPDF_PAGEOBJ_FORM {
		n, err := lib.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: o})
		if err != nil || depth >= 3 {
			return found
		}
		for i := range min(n.Count, surveyObjects) {
			sub, err := lib.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: o, Index: uint64(i)})
			if err != nil {
				continue
			}
			found = appendPictures(found, lib, sub.PageObject, m, depth+1)
		}
		return found
	}
	size, err := lib.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: o})
	if err != nil || size.Width == 0 || size.Height == 0 {
		return found
	}
	// A picture fills the unit square; the matrix places that on the page.
	a, b, c, d := float64(m.A), float64(m.B), float64(m.C), float64(m.D)
	e := embedded{
		x0: float64(m.E) + min(0, a) + min(0, c), x1: float64(m.E) + max(0, a) + max(0, c),
		y0: float64(m.F) + min(0, b) + min(0, d), y1: float64(m.F) + max(0, b) + max(0, d),
	}
	wide, high := math.Hypot(a, b), math.Hypot(c, d)
	if !(wide > 0 && high > 0) {
		return found
	}
	e.dpi = math.Sqrt(float64(size.Width)/wide*float64(size.Height)/high) * 72
	return append(found, e)
}

// times gives the matrix that applies x, then y.
func times(x, y structs.FPDF_FS_MATRIX) structs.FPDF_FS_MATRIX {
	return structs.FPDF_FS_MATRIX{
		A: x.A*y.A + x.B*y.C, B: x.A*y.B + x.B*y.D,
		C: x.C*y.A + x.D*y.C, D: x.C*y.B + x.D*y.D,
		E: x.E*y.A + x.F*y.C + y.E, F: x.E*y.B + x.F*y.D + y.F,
	}
}

// A page counts as a scan when pictures of one resolution cover this share of
// it: scanners leave margins out and cut pages into strips.
const scanCover = 0.6

// resolution returns the highest resolution in dpi at which pictures cover the
// page, 0 when none does, and the share of the page that pictures of any
// resolution cover. Some scanners lay the print at 300 dpi over a background
// at 100: the higher one is the one to read.
func resolution(found []embedded, pageWidth, pageHeight float64) (dpi, cover float64) {
	page := pageWidth * pageHeight
	share := func(keep func(embedded) bool) float64 {
		var sum float64
		for _, e := range found {
			if !keep(e) {
				continue
			}
			w := min(e.x1, pageWidth) - max(e.x0, 0)
			h := min(e.y1, pageHeight) - max(e.y0, 0)
			if w > 0 && h > 0 {
				sum += w * h
			}
		}
		return min(1, sum/page)
	}
	for _, e := range found {
		if e.dpi > dpi && e.dpi >= minDPI/2 && share(func(o embedded) bool { return math.Abs(o.dpi-e.dpi) < e.dpi/20 }) >= scanCover {
			dpi = e.dpi
		}
	}
	return dpi, share(func(embedded) bool { return true })
}

// pixels settles the resolution and returns the size of the picture in pixels.
func (d *Document) pixels(pic *Picture, dpi int) (w, h int, err error) {
	exact := float64(dpi)
	if dpi == 0 {
		exact = defaultDPI
		if pic.Scan {
			exact = float64(pic.DPI)
		}
	}
	exact = min(maxDPI, max(minDPI, exact))
	if px := pic.Width * pic.Height / 72 / 72 * exact * exact; px > float64(d.r.cfg.MaxPixels) {
		exact *= math.Sqrt(float64(d.r.cfg.MaxPixels)/px) * 0.999
		if exact < minDPI/2 {
			return 0, 0, fault(ErrLimit, nil, "a page of %.1f×%.1f m, %d million pixels allowed",
				pic.Width/72*0.0254, pic.Height/72*0.0254, d.r.cfg.MaxPixels/1e6)
		}
	}
	pic.DPI = int(math.Round(exact))
	return max(1, int(math.Round(pic.Width*exact/72))), max(1, int(math.Round(pic.Height*exact/72))), nil
}

// render draws the page into a bitmap of w×h pixels and copies it out.
func render(lib pdfium.Pdfium, page requests.Page, w, h int) (image.Image, error) {
	bm, err := lib.FPDFBitmap_CreateEx(&requests.FPDFBitmap_CreateEx{Width: w, Height: h, Format: enums.FPDF_BITMAP_FORMAT_BGRX, Pointer: uint64(0)})
	if err != nil {
		return nil, err
	}
	defer guard(func() error {
		_, err := lib.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: bm.Bitmap})
		return err
	})
	// When memory ran out PDFium returns no bitmap, and go-pdfium does not
	// look; the width tells.
	if got, err := lib.FPDFBitmap_GetWidth(&requests.FPDFBitmap_GetWidth{Bitmap: bm.Bitmap}); err != nil || got.Width != w {
		return nil, fmt.Errorf("no memory for a picture of %d×%d pixels", w, h)
	}
	if _, err := lib.FPDFBitmap_FillRect(&requests.FPDFBitmap_FillRect{Bitmap: bm.Bitmap, Width: w, Height: h, Color: 0xffffffff}); err != nil {
		return nil, err
	}
	_, err = lib.FPDF_RenderPageBitmap(&requests.FPDF_RenderPageBitmap{Bitmap: bm.Bitmap, Page: page, SizeX: w, SizeY: h,
		Flags: enums.FPDF_RENDER_FLAG_ANNOT | enums.FPDF_RENDER_FLAG_REVERSE_BYTE_ORDER | enums.FPDF_RENDER_FLAG_RENDER_LIMITEDIMAGECACHE})
	if err != nil {
		return nil, err
	}
	stride, err := lib.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: bm.Bitmap})
	if err != nil {
		return nil, err
	}
	buf, err := lib.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bm.Bitmap})
	if err != nil {
		return nil, err
	}
	if stride.Stride < 4*w || len(buf.Buffer) < stride.Stride*h {
		return nil, fmt.Errorf("a bitmap of %d bytes for %d×%d pixels", len(buf.Buffer), w, h)
	}
	return picture(buf.Buffer, stride.Stride, w, h), nil
}

// picture copies RGBX pixels out of the module's memory: into a grey picture
// when all of them are grey, which saves three quarters of the memory.
func picture(buf []byte, stride, w, h int) image.Image {
	grey := true
scan:
	for y := range h {
		row := buf[y*stride:][:4*w]
		for x := 0; x < len(row); x += 4 {
			if row[x] != row[x+1] || row[x] != row[x+2] {
				grey = false
				break scan
			}
		}
	}
	if grey {
		g := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			row, out := buf[y*stride:][:4*w], g.Pix[y*w:][:w]
			for x := range out {
				out[x] = row[4*x]
			}
		}
		return g
	}
	c := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		row, out := buf[y*stride:][:4*w], c.Pix[y*c.Stride:][:4*w]
		copy(out, row)
		for x := 3; x < len(out); x += 4 {
			out[x] = 0xff // PDFium leaves the fourth byte unset
		}
	}
	return c
}
