package pdf

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime/debug"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"
	"github.com/klippa-app/go-pdfium/structs"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
)

// sandbox is PDFium in WebAssembly, in the helper process.
type sandbox struct {
	pool  pdfium.Pool
	cache wazero.CompilationCache
	limit int // pages per instance

	lib   pdfium.Pdfium // the running instance; nil: none
	pages int           // that it has worked on
	doc   references.FPDF_DOCUMENT
	file  io.ReaderAt // the open document; nil: none
	size  int64
}

func newSandbox(h hello) (*sandbox, error) {
	s := &sandbox{limit: max(1, h.PagesPerInstance)}
	rt := wazero.NewRuntimeConfig().WithMemoryLimitPages(uint32(max(1, min(1<<16, h.Memory>>16))))
	if h.CacheDir != "" {
		// Without a cache the start is slow, which is no reason to fail.
		if cache, err := wazero.NewCompilationCacheWithDir(h.CacheDir); err == nil {
			s.cache = cache
			rt = rt.WithCompilationCache(cache)
		}
	}
	pool, err := webassembly.Init(webassembly.Config{
		MaxTotal:      2,                    // one may still be closing while the next one starts
		FSConfig:      wazero.NewFSConfig(), // no folder at all; the default is the whole disk
		RuntimeConfig: rt,
		Stdout:        io.Discard,
		Stderr:        io.Discard,
		RandomSource:  rand.Reader,
	})
	if err != nil {
		return nil, fmt.Errorf("starting pdfium: %w", err)
	}
	s.pool = pool
	debug.FreeOSMemory() // compiling left some 200 MB behind
	return s, nil
}

func (s *sandbox) close() {
	s.drop()
	s.pool.Close()
	if s.cache != nil {
		s.cache.Close(context.Background())
	}
}

// drop ends the instance; the document stays known and is opened again in the
// next one.
func (s *sandbox) drop() {
	if s.lib != nil {
		lib := s.lib
		guard(func() error { return lib.Close() })
		s.lib = nil
		// The memory of the module is a Go slice; without this it waits for a
		// collection that a heap of this size rarely sees.
		debug.FreeOSMemory()
	}
	s.pages, s.doc = 0, ""
}

// guard turns a panic of the library into an error. go-pdfium trusts that what
// the module returns makes sense, which a damaged file can upset.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("pdfium: %v", p)
		}
	}()
	return f()
}

// open implements reader.
func (s *sandbox) open(file io.ReaderAt, size int64) (pages int, err error) {
	if s.lib != nil && s.doc != "" {
		doc := s.doc
		if guard(func() error {
			_, err := s.lib.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc})
			return err
		}) != nil {
			s.drop()
		}
	}
	s.doc, s.file, s.size = "", file, size
	err = s.work(func() error {
		n, err := s.lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: s.doc})
		if err != nil {
			return err
		}
		pages = n.PageCount
		return nil
	})
	return pages, err
}

// work runs f with the document open. An instance in which anything went wrong
// is thrown away.
func (s *sandbox) work(f func() error) error {
	if s.file == nil {
		return errors.New("no document is open")
	}
	err := guard(func() error {
		if s.lib == nil {
			lib, err := s.pool.GetInstanceWithContext(context.Background())
			if err != nil {
				return err
			}
			s.lib = lib
		}
		if s.doc == "" {
			doc, err := openDocument(s.lib, s.file, s.size)
			if err != nil {
				return err
			}
			s.doc = doc
		}
		return f()
	})
	if e := (*Error)(nil); err != nil && !errors.As(err, &e) {
		s.drop()
		return fault(ErrDamaged, nil, "%v", err)
	}
	if s.pages++; s.pages >= s.limit {
		s.drop()
	}
	return err
}

// openDocument opens a document in an instance. PDFium reads the file piece by
// piece through a callback, so the instance holds no copy of it.
func openDocument(lib pdfium.Pdfium, file io.ReaderAt, size int64) (references.FPDF_DOCUMENT, error) {
	var res references.FPDF_DOCUMENT
	err := guard(func() error {
		o, err := lib.OpenDocument(&requests.OpenDocument{
			FileReader:     io.NewSectionReader(file, 0, size),
			FileReaderSize: size,
		})
		if err == nil {
			res = o.Document
		}
		return err
	})
	if err == nil {
		return res, nil
	}
	// go-pdfium 1.19.8 loses the reason on its way out of a failed opening
	// (it looks for the reader in the wrong table and panics), but PDFium
	// still knows it.
	last, lastErr := lib.FPDF_GetLastError(&requests.FPDF_GetLastError{})
	if lastErr != nil {
		return "", err
	}
	switch last.Error {
	case responses.FPDF_GetLastErrorErrorPassword, responses.FPDF_GetLastErrorErrorSecurity:
		return "", fault(ErrEncrypted, nil, "")
	case responses.FPDF_GetLastErrorErrorFormat, responses.FPDF_GetLastErrorErrorFile:
		return "", fault(ErrDamaged, nil, "pdfium finds no document in it")
	}
	if errors.Is(err, pdfiumerrors.ErrPassword) || errors.Is(err, pdfiumerrors.ErrSecurity) {
		return "", fault(ErrEncrypted, nil, "")
	}
	return "", fault(ErrDamaged, nil, "pdfium cannot open it")
}

// page runs f on a loaded page.
func (s *sandbox) page(n int, f func(page requests.Page) error) error {
	return s.work(func() error {
		p, err := s.lib.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: s.doc, Index: n - 1})
		if err != nil {
			return fault(ErrDamaged, nil, "page %d cannot be opened", n)
		}
		lib := s.lib
		defer guard(func() error {
			_, err := lib.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: p.Page})
			return err
		})
		return f(requests.Page{ByReference: &p.Page})
	})
}

// render implements reader.
func (s *sandbox) render(req renderRequest) (head *pictureHead, pix []byte, err error) {
	err = s.page(req.Page, func(page requests.Page) error {
		b, err := s.shown(page)
		if err != nil {
			return err
		}
		pic, nat, err := survey(s.lib, page, b)
		if err != nil {
			return err
		}
		f, err := settle(pic, nat, req.DPI, req.MaxPixels)
		if err != nil {
			return err
		}
		done := false
		if req.Bare {
			head, pix, done = decode(s.lib, page, b, nat, f)
		}
		if !done {
			if head, pix, err = render(s.lib, page, f); err != nil {
				return err
			}
		}
		head.Picture = *pic
		head.Direct = done
		return nil
	})
	return head, pix, err
}

// embedded is a picture placed on a page.
type embedded struct {
	x0, y0, x1, y1 float64 // on the page, in points
	dpi            float64
	sx, sy         float64 // its pixels a point across and up the page; 0 when it stands askew
}

// surveyObjects bounds how many objects of a page are looked at for pictures:
// a scan has few, a drawing may have hundreds of thousands.
const surveyObjects = 3000

// survey looks for a picture that covers the page, of which b is shown.
func survey(lib pdfium.Pdfium, page requests.Page, b box) (*Picture, native, error) {
	pic := &Picture{}
	pic.Width, pic.Height = b.size()
	count, err := lib.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return nil, native{}, err
	}
	var found []embedded
	for i := range min(count.Count, surveyObjects) {
		o, err := lib.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			continue
		}
		found = appendPictures(found, lib, o.PageObject, identity, 0)
	}
	scan, cover := resolution(found, b)
	pic.Cover = cover
	if scan.dpi == 0 {
		return pic, native{}, nil
	}
	pic.Scan = true
	nat := native{dpi: scan.dpi, sx: scan.sx, sy: scan.sy}
	if b.turn%2 == 1 {
		nat.sx, nat.sy = nat.sy, nat.sx
	}
	x0, y0 := b.show(scan.x0, scan.y0)
	x1, y1 := b.show(scan.x1, scan.y1)
	nat.x, nat.y = min(x0, x1), min(y0, y1)
	nat.w, nat.h = math.Abs(x1-x0)*nat.sx, math.Abs(y1-y0)*nat.sy
	return pic, nat, nil
}

// native is the resolution of the picture that covers a page: dpi, and pixels
// a point along both sides of the page as shown, 0 when there is no one
// answer; x, y is where it begins, in points, and w, h its size in pixels.
type native struct{ dpi, sx, sy, x, y, w, h float64 }

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
	switch {
	case math.Hypot(b, c) < 1e-3*math.Hypot(a, d):
		e.sx, e.sy = float64(size.Width)/wide, float64(size.Height)/high
	case math.Hypot(a, d) < 1e-3*math.Hypot(b, c):
		e.sx, e.sy = float64(size.Height)/high, float64(size.Width)/wide
	}
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

// resolution returns a picture of the highest resolution at which pictures
// cover the page, the zero value when none does, and the share of the page
// that pictures of any resolution cover. Some scanners lay the print at 300 dpi over a background
// at 100: the higher one is the one to read.
func resolution(found []embedded, b box) (scan embedded, cover float64) {
	page := (b.x1 - b.x0) * (b.y1 - b.y0)
	share := func(keep func(embedded) bool) float64 {
		var sum float64
		for _, e := range found {
			if !keep(e) {
				continue
			}
			w := min(e.x1, b.x1) - max(e.x0, b.x0)
			h := min(e.y1, b.y1) - max(e.y0, b.y0)
			if w > 0 && h > 0 {
				sum += w * h
			}
		}
		return min(1, sum/page)
	}
	for _, e := range found {
		if e.dpi > scan.dpi && e.dpi >= minDPI/2 && share(func(o embedded) bool { return math.Abs(o.dpi-e.dpi) < e.dpi/20 }) >= scanCover {
			scan = e
		}
	}
	return scan, share(func(embedded) bool { return true })
}

// frame is how a page is laid on a bitmap of w×h pixels: sx and sy pixels a
// point, moved by tx, ty pixels.
type frame struct {
	w, h           int
	sx, sy, tx, ty float64
	whole          bool // each pixel of the scan becomes one of the bitmap
}

// maxSide is the longer side of a picture in pixels: five metres at the lowest
// resolution.
const maxSide = 20_000

// trace is the part of a scan's size by which it is rendered smaller: 0.05
// pixels in 2500, above the rounding errors of 32-bit numbers.
const trace = 2e-5

// settle chooses the resolution, and with it the frame.
func settle(pic *Picture, nat native, dpi, maxPixels int) (frame, error) {
	exact := float64(dpi)
	if dpi == 0 {
		exact = defaultDPI
		if pic.Scan {
			exact = nat.dpi
		}
	}
	exact = min(maxDPI, max(minDPI, exact))
	if long := max(pic.Width, pic.Height); long/72*minDPI > maxSide {
		return frame{}, fault(ErrLimit, nil, "a page of %.0f×%.0f points, %d points allowed", pic.Width, pic.Height, maxSide*72/minDPI)
	}
	exact = min(exact, maxSide/max(pic.Width, pic.Height)*72)
	shrunk := false
	if px := pic.Width * pic.Height / 72 / 72 * exact * exact; px > float64(maxPixels) {
		exact *= math.Sqrt(float64(maxPixels)/px) * 0.999
		shrunk = true
		if exact < minDPI/2 {
			return frame{}, fault(ErrLimit, nil, "a page of %.1f×%.1f m, %d million pixels allowed",
				pic.Width/72*0.0254, pic.Height/72*0.0254, maxPixels/1e6)
		}
	}
	pic.DPI = int(math.Round(exact))
	f := frame{sx: exact / 72, sy: exact / 72}
	if exact == nat.dpi && !shrunk && nat.sx > 0 && math.Abs(nat.sx/nat.sy-1) < 0.02 {
		// Then each pixel of the scan becomes one of the page: the scan is
		// neither blurred nor, which takes PDFium long, resampled. For that it
		// has to begin at a whole pixel, and be a trace smaller than it is:
		// PDFium rounds the sides of a picture outwards.
		f.whole = true
		f.sx, f.sy = nat.sx*(1-trace), nat.sy*(1-trace)
		f.tx = math.Round(nat.x*f.sx) - nat.x*f.sx + 0.5*trace*nat.w
		f.ty = math.Round(nat.y*f.sy) - nat.y*f.sy + 0.5*trace*nat.h
	}
	f.w = max(1, int(math.Round(pic.Width*f.sx)))
	f.h = max(1, int(math.Round(pic.Height*f.sy)))
	return f, nil
}

// render draws the page into a bitmap and copies it out.
func render(lib pdfium.Pdfium, page requests.Page, f frame) (*pictureHead, []byte, error) {
	w, h := f.w, f.h
	bm, err := lib.FPDFBitmap_CreateEx(&requests.FPDFBitmap_CreateEx{Width: w, Height: h, Format: enums.FPDF_BITMAP_FORMAT_BGRX, Pointer: uint64(0)})
	if err != nil {
		return nil, nil, err
	}
	defer guard(func() error {
		_, err := lib.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: bm.Bitmap})
		return err
	})
	// When memory ran out PDFium returns no bitmap, and go-pdfium does not
	// look; the width tells.
	if got, err := lib.FPDFBitmap_GetWidth(&requests.FPDFBitmap_GetWidth{Bitmap: bm.Bitmap}); err != nil || got.Width != w {
		return nil, nil, fmt.Errorf("no memory for a picture of %d×%d pixels", w, h)
	}
	if _, err := lib.FPDFBitmap_FillRect(&requests.FPDFBitmap_FillRect{Bitmap: bm.Bitmap, Width: w, Height: h, Color: 0xffffffff}); err != nil {
		return nil, nil, err
	}
	_, err = lib.FPDF_RenderPageBitmapWithMatrix(&requests.FPDF_RenderPageBitmapWithMatrix{Bitmap: bm.Bitmap, Page: page,
		Matrix:   structs.FPDF_FS_MATRIX{A: float32(f.sx), D: float32(f.sy), E: float32(f.tx), F: float32(f.ty)},
		Clipping: structs.FPDF_FS_RECTF{Right: float32(w), Bottom: float32(h)},
		Flags:    enums.FPDF_RENDER_FLAG_ANNOT | enums.FPDF_RENDER_FLAG_REVERSE_BYTE_ORDER | enums.FPDF_RENDER_FLAG_RENDER_LIMITEDIMAGECACHE})
	if err != nil {
		return nil, nil, err
	}
	stride, err := lib.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: bm.Bitmap})
	if err != nil {
		return nil, nil, err
	}
	buf, err := lib.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bm.Bitmap})
	if err != nil {
		return nil, nil, err
	}
	if stride.Stride < 4*w || len(buf.Buffer) < stride.Stride*h {
		return nil, nil, fmt.Errorf("a bitmap of %d bytes for %d×%d pixels", len(buf.Buffer), w, h)
	}
	grey, pix := copyPixels(buf.Buffer, stride.Stride, w, h)
	return &pictureHead{W: w, H: h, Grey: grey}, pix, nil
}

// copyPixels copies RGBX pixels out of the module's memory: as one byte each
// when all of them are grey, which saves three quarters of the memory.
func copyPixels(buf []byte, stride, w, h int) (grey bool, pix []byte) {
	grey = true
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
		pix = make([]byte, w*h)
		for y := range h {
			row, out := buf[y*stride:][:4*w], pix[y*w:][:w]
			for x := range out {
				out[x] = row[4*x]
			}
		}
		return true, pix
	}
	pix = make([]byte, 4*w*h)
	for y := range h {
		row, out := buf[y*stride:][:4*w], pix[4*y*w:][:4*w]
		copy(out, row)
		for x := 3; x < len(out); x += 4 {
			out[x] = 0xff // PDFium leaves the fourth byte unset
		}
	}
	return false, pix
}
