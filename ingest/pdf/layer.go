package pdf

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"

	pdflib "github.com/ledongthuc/pdf"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/sohoa/sohoa/ingest/child"
	"github.com/sohoa/sohoa/schema"
)

// Layer is the text that a PDF carries for a page.
type Layer struct {
	// Lines stand in the order in which the file draws them; boxes are pixels
	// of the picture that the layer was asked for. Words name their fonts.
	Lines []schema.Line `json:"lines"`

	Chars     int    `json:"chars"`     // characters that are no space
	Unmapped  int    `json:"unmapped"`  // of these, how many the fonts give no meaning: U+FFFD in the text
	Invisible int    `json:"invisible"` // of these, how many are drawn without ink: a scan's earlier OCR
	Turned    [4]int `json:"turned"`    // of these, how many are turned by 0, 90, 180, 270 degrees clockwise

	Reader string `json:"reader"`         // "ledongthuc" or "pdfium"
	Note   string `json:"note,omitempty"` // why the first reader's result was not used
}

// fill lays out glyphs and counts them.
func (l *Layer) fill(glyphs []glyph, sx, sy float64) {
	l.Lines = layout(glyphs, sx, sy)
	for _, g := range glyphs {
		if g.text == " " || g.text == "\u00a0" {
			continue
		}
		l.Chars++
		if g.text == "\ufffd" {
			l.Unmapped++
		}
		if g.invisible {
			l.Invisible++
		}
		l.Turned[g.turn]++
	}
}

// Text returns the text layer of page n for a picture of the page of size
// pixels, as [Document.Render] made it. A page without text has a layer
// without lines. ledongthuc/pdf reads first, in a helper process, since it can
// recurse or loop on bad files; where it fails, or doubts what it read, PDFium
// reads in its sandbox. The error tells that neither could.
func (d *Document) Text(ctx context.Context, n int, size image.Point) (*Layer, error) {
	if err := d.check(n); err != nil {
		return nil, err
	}
	if size.X <= 0 || size.Y <= 0 {
		return nil, fmt.Errorf("text layer for a picture of %d×%d pixels", size.X, size.Y)
	}
	first, err := d.readText(ctx, n, size)
	if err == nil && first.Note == "" {
		return first, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	second, err2 := d.pdfiumText(ctx, n, size)
	switch {
	case err2 == nil && err != nil:
		second.Note = err.Error()
	case err2 == nil:
		second.Note = first.Note
	case err == nil:
		return first, nil // doubtful is more than nothing
	default:
		return nil, fmt.Errorf("reading the text layer of page %d: %w; with pdfium: %w", n, err, err2)
	}
	return second, nil
}

// What parent and text helper say to each other.
const (
	msgText   = 't' // textRequest
	msgLayer  = 'T' // Layer
	msgFailed = 'E' // a sentence
)

type textRequest struct {
	Page          int     `json:"page"`
	Width, Height int     // pixels of the picture
	PointsWide    float64 // size of the page as PDFium sees it, to tell when the two see different pages
	PointsHigh    float64
}

// textFile is the descriptor under which a helper finds the PDF.
const textFile = 3

// ServeText is the work of a text helper: it answers requests from r about the
// PDF that it has open as descriptor 3, until r ends. The hidden command that
// [Config.TextCommand] names calls it with the standard input and output.
func ServeText(r io.Reader, w io.Writer) error {
	child.EndWithParent()
	f := os.NewFile(textFile, "pdf")
	st, err := f.Stat()
	if err != nil {
		return fmt.Errorf("looking at the pdf: %w", err)
	}
	return serveText(f, st.Size(), r, w)
}

func serveText(file io.ReaderAt, size int64, r io.Reader, w io.Writer) error {
	var lib *pdflib.Reader
	for {
		kind, payload, err := child.ReadFrame(r, 1<<20)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		var req textRequest
		if kind != msgText || json.Unmarshal(payload, &req) != nil {
			return fmt.Errorf("unknown request %q", kind)
		}
		if lib == nil {
			if lib, err = pdflib.NewReader(file, size); err != nil {
				if err := child.WriteFrame(w, msgFailed, []byte(err.Error())); err != nil {
					return err
				}
				continue
			}
		}
		layer, err := readLayer(lib, req)
		if err != nil {
			if err := child.WriteFrame(w, msgFailed, []byte(err.Error())); err != nil {
				return err
			}
			continue
		}
		b, err := json.Marshal(layer)
		if err != nil {
			return err
		}
		if err := child.WriteFrame(w, msgLayer, b); err != nil {
			return err
		}
	}
}

// readLayer reads a page with ledongthuc/pdf. The library reports what it
// cannot read by panicking, and lets some of its own mistakes out so too; both
// become errors. What was read before the panic is kept, with a note.
func readLayer(lib *pdflib.Reader, req textRequest) (layer *Layer, err error) {
	var c contents
	layer = &Layer{Reader: "ledongthuc"}
	defer func() {
		if p := recover(); p != nil {
			layer, err = nil, fmt.Errorf("%v", p)
		}
	}()
	page := lib.Page(req.Page)
	if page.V.IsNull() {
		return nil, fmt.Errorf("page %d is not found", req.Page)
	}
	readPage(page.V, &c)
	w, h := c.box.size()
	if req.PointsWide > 0 && (math.Abs(w-req.PointsWide) > 2 || math.Abs(h-req.PointsHigh) > 2) {
		return nil, fmt.Errorf("page %d measures %.0f×%.0f points here and %.0f×%.0f in pdfium", req.Page, w, h, req.PointsWide, req.PointsHigh)
	}
	layer.fill(c.glyphs, float64(req.Width)/w, float64(req.Height)/h)
	switch {
	case c.doubt != nil && len(c.glyphs) > 0:
		layer.Note = c.doubt.Error()
	case c.unmapped > 0:
		layer.Note = fmt.Sprintf("%d characters without meaning", c.unmapped)
	}
	return layer, nil
}

// textHelper is a helper process for one document.
type textHelper struct {
	proc   *child.Process
	temp   *os.File // the file for the helper when the document is none
	deaths int
}

func (t *textHelper) close() {
	if t.proc != nil {
		t.proc.Close()
		t.proc = nil
	}
	if t.temp != nil {
		t.temp.Close()
		t.temp = nil
	}
}

// maxTextDeaths is how many helpers a document may end before its text is left
// to PDFium.
const maxTextDeaths = 3

// readText asks the helper, starting it when there is none.
func (d *Document) readText(ctx context.Context, n int, size image.Point) (*Layer, error) {
	points, err := d.points(ctx, n)
	if err != nil {
		return nil, err
	}
	d.textMu.Lock()
	defer d.textMu.Unlock()
	if d.text == nil {
		d.text = &textHelper{}
	}
	t := d.text
	if t.deaths >= maxTextDeaths {
		return nil, fmt.Errorf("the reader of text ended %d times on this file", t.deaths)
	}
	if t.proc == nil {
		f, err := d.asFile(t)
		if err != nil {
			return nil, err
		}
		cmd := d.r.cfg.TextCommand
		t.proc, err = child.Start(child.Command{
			Path: cmd[0], Args: cmd[1:], Dir: "/", Files: []*os.File{f}, Memory: d.r.cfg.TextMemory,
			Env: []string{"GOMAXPROCS=2", "GOTRACEBACK=none", fmt.Sprint("GOMEMLIMIT=", d.r.cfg.TextMemory*3/4)},
		})
		if err != nil {
			return nil, err
		}
	}
	req, err := json.Marshal(textRequest{Page: n, Width: size.X, Height: size.Y, PointsWide: points[0], PointsHigh: points[1]})
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, d.r.cfg.TextTimeout)
	defer cancel()
	layer, err := ask(limited, t.proc, req)
	if e := (*child.Error)(nil); errors.As(err, &e) {
		t.proc.Close()
		t.proc = nil
		if ctx.Err() == nil {
			t.deaths++
		}
	}
	return layer, err
}

func ask(ctx context.Context, proc *child.Process, req []byte) (*Layer, error) {
	if err := proc.Send(ctx, msgText, req); err != nil {
		return nil, err
	}
	kind, payload, err := proc.Receive(ctx)
	if err != nil {
		return nil, err
	}
	if kind == msgFailed {
		if len(payload) > 300 {
			payload = payload[:300]
		}
		return nil, fmt.Errorf("%q", payload)
	}
	var l Layer
	if kind != msgLayer || json.Unmarshal(payload, &l) != nil {
		proc.Kill(child.Garbled, "")
		return nil, &child.Error{Reason: child.Garbled, Detail: "it answered a page of text with something else"}
	}
	return &l, nil
}

// asFile returns the document as a file that a helper can be given: itself, or
// a nameless copy when it lies elsewhere.
func (d *Document) asFile(t *textHelper) (*os.File, error) {
	if f, ok := d.file.(*os.File); ok {
		return f, nil
	}
	if t.temp != nil {
		return t.temp, nil
	}
	f, err := os.CreateTemp("", "sohoa-*.pdf")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name())
	if _, err := io.Copy(f, io.NewSectionReader(d.file, 0, d.size)); err != nil {
		f.Close()
		return nil, fmt.Errorf("copying the pdf for its reader of text: %w", err)
	}
	t.temp = f
	return f, nil
}

// points returns the size of a page as it is shown.
func (d *Document) points(ctx context.Context, n int) (size [2]float64, err error) {
	err = d.r.with(ctx, d, func(in *instance) error {
		s, err := in.lib.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: in.ref, Index: n - 1})
		if err != nil {
			return fault(ErrDamaged, nil, "page %d cannot be measured", n)
		}
		size = [2]float64{s.Width, s.Height}
		return nil
	})
	return size, err
}

// pdfiumText reads a page's text with PDFium.
func (d *Document) pdfiumText(ctx context.Context, n int, size image.Point) (*Layer, error) {
	layer := &Layer{Reader: "pdfium"}
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
		w, err := in.lib.FPDF_GetPageWidth(&requests.FPDF_GetPageWidth{Page: ref})
		if err != nil {
			return err
		}
		h, err := in.lib.FPDF_GetPageHeight(&requests.FPDF_GetPageHeight{Page: ref})
		if err != nil {
			return err
		}
		rot, err := in.lib.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: ref})
		if err != nil {
			return err
		}
		// PDFium gives characters on the page's plane with the visible corner
		// at the origin of its boxes, before rotation.
		b := box{turn: int(rot.PageRotation) % 4}
		if mb, err := in.lib.FPDFPage_GetCropBox(&requests.FPDFPage_GetCropBox{Page: ref}); err == nil {
			b.x0, b.y0 = float64(mb.Left), float64(mb.Bottom)
		} else if mb, err := in.lib.FPDFPage_GetMediaBox(&requests.FPDFPage_GetMediaBox{Page: ref}); err == nil {
			b.x0, b.y0 = float64(mb.Left), float64(mb.Bottom)
		}
		b.x1, b.y1 = b.x0+w.Width, b.y0+h.Height
		if b.turn%2 == 1 {
			b.x1, b.y1 = b.x0+h.Height, b.y0+w.Width
		}
		text, err := in.lib.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: ref})
		if err != nil {
			return err
		}
		defer guard(func() error {
			_, err := in.lib.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
			return err
		})
		glyphs, err := pdfiumGlyphs(in.lib, text.TextPage, b)
		if err != nil {
			return err
		}
		layer.fill(glyphs, float64(size.X)/w.Width, float64(size.Y)/h.Height)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return layer, nil
}

func pdfiumGlyphs(lib pdfium.Pdfium, tp references.FPDF_TEXTPAGE, b box) ([]glyph, error) {
	count, err := lib.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: tp})
	if err != nil {
		return nil, err
	}
	if count.Count > maxGlyphs {
		return nil, errTooMuch
	}
	var out []glyph
	for i := range count.Count {
		u, err := lib.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: tp, Index: i})
		if err != nil {
			return nil, err
		}
		if gen, err := lib.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: tp, Index: i}); err != nil || gen.IsGenerated {
			continue // spaces and line ends that PDFium made up
		}
		loose, err := lib.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: tp, Index: i})
		if err != nil {
			continue
		}
		r := rune(u.Unicode)
		if bad, err := lib.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: tp, Index: i}); err == nil && bad.HasUnicodeMapError || r == 0 {
			r = '\ufffd'
		}
		g := glyph{text: string(r)}
		x0, y0 := b.show(float64(loose.Rect.Left), float64(loose.Rect.Bottom))
		x1, y1 := b.show(float64(loose.Rect.Right), float64(loose.Rect.Top))
		g.x0, g.x1, g.y0, g.y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
		g.ox, g.oy = g.x0, g.y1
		if o, err := lib.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: tp, Index: i}); err == nil {
			g.ox, g.oy = b.show(o.X, o.Y)
		}
		if a, err := lib.FPDFText_GetCharAngle(&requests.FPDFText_GetCharAngle{TextPage: tp, Index: i}); err == nil {
			g.turn = ((int(math.Round(float64(a.CharAngle)/(math.Pi/2)))+b.turn)%4 + 4) % 4
		}
		g.size = g.y1 - g.y0
		if g.turn%2 == 1 {
			g.size = g.x1 - g.x0
		}
		if f, err := lib.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: tp, Index: i}); err == nil {
			g.font = f.FontName
		}
		if !(g.size > 0) || bad(g.x0) || bad(g.x1) || bad(g.y0) || bad(g.y1) {
			continue
		}
		out = append(out, g)
	}
	return out, nil
}
