package pdf

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

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

	Reader string `json:"reader"`          // "ledongthuc" or "pdfium"
	Note   string `json:"note,omitempty"`  // what the first reader could not do
	Doubt  bool   `json:"doubt,omitempty"` // positions or characters may be wrong
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

// Text returns the text layer of page n for the picture that
// [Document.Render] made of it. A page without text has a layer
// without lines. ledongthuc/pdf reads first, in a process of its own, since
// it can recurse or loop on bad files; where it fails, or doubts what it read,
// PDFium reads in its sandbox. The error tells that neither could.
func (d *Document) Text(ctx context.Context, n int, pic *Picture) (*Layer, error) {
	if err := d.check(n); err != nil {
		return nil, err
	}
	size := pic.Image.Bounds().Size()
	req := textRequest{Page: n, Width: size.X, Height: size.Y, PointsWide: pic.Width, PointsHigh: pic.Height}
	first, err := d.ask(ctx, true, req)
	if err == nil && first.Note == "" {
		return first, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	second, err2 := d.ask(ctx, false, req)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && err2 != nil:
		return nil, fmt.Errorf("reading the text layer of page %d: %w; with pdfium: %w", n, err, err2)
	case err != nil:
		second.Note = err.Error()
		return second, nil
	case err2 != nil, !first.Doubt && second.Unmapped >= first.Unmapped:
		return first, nil
	}
	second.Note = first.Note
	return second, nil
}

// maxTextDeaths is how many readers of text a file may end before its text is
// left to PDFium.
const maxTextDeaths = 3

func (d *Document) ask(ctx context.Context, text bool, req textRequest) (*Layer, error) {
	ask := d.askText
	if !text {
		ask = func(ctx context.Context, kind byte, req any, want byte) ([]byte, error) {
			return d.r.with(ctx, false, d, kind, req, want)
		}
	}
	b, err := ask(ctx, msgText, req, msgLayer)
	if err != nil {
		return nil, err
	}
	var l Layer
	if err := json.Unmarshal(b, &l); err != nil {
		return nil, fault(ErrDamaged, nil, "the answer is no text layer")
	}
	return &l, nil
}

// askText asks the reader of text, unless the file has ended it too often.
func (d *Document) askText(ctx context.Context, kind byte, req any, want byte) ([]byte, error) {
	if d.textDeaths.Load() >= maxTextDeaths {
		return nil, fmt.Errorf("the reader of text ended %d times on this file", maxTextDeaths)
	}
	b, err := d.r.with(ctx, true, d, kind, req, want)
	var dead *child.Error
	if (errors.As(err, &dead) || errors.Is(err, ErrTimedOut) || errors.Is(err, ErrLimit)) && ctx.Err() == nil {
		d.textDeaths.Add(1)
	}
	return b, err
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
	case c.doubt != nil:
		layer.Note, layer.Doubt = c.doubt.Error(), true
	case c.unmapped > 0:
		layer.Note = fmt.Sprintf("%d characters without meaning", c.unmapped)
	}
	return layer, nil
}

// text implements reader: it reads a page's text with PDFium.
func (s *sandbox) text(req textRequest) (*Layer, error) {
	layer := &Layer{Reader: "pdfium"}
	err := s.page(req.Page, func(page requests.Page) error {
		b, err := s.shown(page)
		if err != nil {
			return err
		}
		text, err := s.lib.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
		if err != nil {
			return err
		}
		defer guard(func() error {
			_, err := s.lib.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
			return err
		})
		glyphs, err := pdfiumGlyphs(s.lib, text.TextPage, b)
		if err != nil {
			return err
		}
		w, h := b.size()
		layer.fill(glyphs, float64(req.Width)/w, float64(req.Height)/h)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return layer, nil
}

// shown returns what a page shows of its plane. PDFium gives characters on
// that plane, before rotation.
func (s *sandbox) shown(page requests.Page) (box, error) {
	w, err := s.lib.FPDF_GetPageWidth(&requests.FPDF_GetPageWidth{Page: page})
	if err != nil {
		return box{}, err
	}
	h, err := s.lib.FPDF_GetPageHeight(&requests.FPDF_GetPageHeight{Page: page})
	if err != nil {
		return box{}, err
	}
	if !(w.Width > 0 && h.Height > 0) || w.Width > 1e6 || h.Height > 1e6 {
		return box{}, fault(ErrDamaged, nil, "a page of %.0f×%.0f points", w.Width, h.Height)
	}
	rot, err := s.lib.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: page})
	if err != nil {
		return box{}, err
	}
	b := box{turn: int(rot.PageRotation) & 3}
	if mb, err := s.lib.FPDFPage_GetCropBox(&requests.FPDFPage_GetCropBox{Page: page}); err == nil {
		b.x0, b.y0 = float64(mb.Left), float64(mb.Bottom)
	} else if mb, err := s.lib.FPDFPage_GetMediaBox(&requests.FPDFPage_GetMediaBox{Page: page}); err == nil {
		b.x0, b.y0 = float64(mb.Left), float64(mb.Bottom)
	}
	b.x1, b.y1 = b.x0+w.Width, b.y0+h.Height
	if b.turn%2 == 1 {
		b.x1, b.y1 = b.x0+h.Height, b.y0+w.Width
	}
	return b, nil
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
		// PDFium's own mark of an error in a font's map counts good maps too.
		if r < ' ' || r == 0xfffe || r == 0xffff {
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
			g.font = untagged(f.FontName)
		}
		if !(g.size > 0) || bad(g.x0) || bad(g.x1) || bad(g.y0) || bad(g.y1) {
			continue
		}
		out = append(out, g)
	}
	return out, nil
}
