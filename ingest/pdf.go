package ingest

import (
	"context"
	"fmt"
	"image"
	"os"

	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/schema"
)

// pdfFile gives the pages of a PDF, each with its text or as a picture.
type pdfFile struct {
	doc   *pdf.Document
	judge func([]schema.Line) ([]schema.Line, float64)
}

func openPDF(ctx context.Context, f *os.File, size int64, opt Options) (pages, error) {
	if opt.Renderer == nil {
		return nil, fault(ErrUnknown, nil, "no renderer for PDF files was given")
	}
	doc, err := opt.Renderer.Open(ctx, f, size)
	if err != nil {
		return nil, err
	}
	if n := doc.Pages(); n > opt.Limits.Pages {
		return nil, fault(ErrLimit, nil, "%d pages, %d allowed", n, opt.Limits.Pages)
	}
	return &pdfFile{doc: doc, judge: opt.TextLayer}, nil
}

func (p *pdfFile) count() int   { return p.doc.Pages() }
func (p *pdfFile) close() error { return nil }

// Thresholds of the triage.
const (
	// minQuality is the least quality at which a text layer is trusted. A
	// layer that a wrong-language OCR left lies far below, text set by a
	// program far above.
	minQuality = 0.7
	// minHiddenQuality is the same for a layer over a scan. It is
	// someone's OCR, and ours, cell by cell and with repair, is usually better.
	minHiddenQuality = 0.93
	// minMapped is the share of a layer's characters that its fonts must give a
	// meaning to. Where they do not it is often always the same letters, and
	// nothing is left of them to repair.
	minMapped = 0.995
	// minCover is the share of the page's ink that the words of a layer must
	// cover to be the page's text. On a scan an electronic signature covers
	// some hundredths.
	minCover = 0.5
	// minDigitalCover is the same on a page that is no scan, where pictures,
	// drawings and ruling lines have ink of their own.
	minDigitalCover = 0.25
)

func (p *pdfFile) page(ctx context.Context, n int) (PageInput, error) {
	pic, err := p.doc.Render(ctx, n, 0)
	if err != nil {
		return PageInput{}, err
	}
	in := PageInput{Source: schema.FromOCR, Image: pic.Image, DPI: pic.DPI}
	layer, err := p.doc.Text(ctx, n, pic)
	switch {
	case ctx.Err() != nil:
		return PageInput{}, ctx.Err()
	case err != nil:
		in.Note = fmt.Sprintf("text layer not read: %v", err)
		return in, nil
	case layer.Chars == 0:
		return in, nil
	}
	// Damaged files put text far outside of their pages, where no reviewer can
	// be shown it.
	var words int
	if layer.Lines, words = OnPage(layer.Lines, in.Image.Bounds().Size(), 0); words > MaxWords {
		in.Note = fmt.Sprintf("text layer not used: it has more than %d words, %d allowed", words-1, MaxWords)
		return in, nil
	}
	p.triage(&in, layer, pic.Scan)
	return in, nil
}

// triage decides whether the layer is the text of the page.
func (p *pdfFile) triage(in *PageInput, layer *pdf.Layer, scan bool) {
	need := minDigitalCover
	if scan {
		need = minCover
	}
	if cover := inkCover(in.Image, layer.Lines); cover < need {
		in.Note = fmt.Sprintf("text layer not used: it covers %.0f %% of what is on the page", cover*100)
		return
	}
	if mapped := 1 - float64(layer.Unmapped)/float64(layer.Chars); mapped < minMapped {
		in.Note = fmt.Sprintf("text layer not used: %d of its %d characters have no meaning", layer.Unmapped, layer.Chars)
		return
	}
	lines, quality := layer.Lines, 1.0
	if p.judge != nil {
		lines, quality = p.judge(layer.Lines)
	}
	enough, what := minQuality, "text layer"
	if scan { // whoever laid text over a scan had it read
		enough, what = minHiddenQuality, "earlier ocr"
	}
	if quality < enough {
		in.Note = fmt.Sprintf("%s not used: its quality is %.2f, %.2f needed", what, quality, enough)
		return
	}
	in.Source, in.Lines = schema.FromTextLayer, lines
	if scan {
		in.Note = "text of an earlier ocr"
	}
	turnUpright(in, layer.Turned)
}

// turnUpright turns a page so that most of its text stands upright: tables set
// sideways on pages that the file does not turn.
func turnUpright(in *PageInput, turnedBy [4]int) {
	quarters := 0
	for q, n := range turnedBy {
		if n > turnedBy[quarters] {
			quarters = q
		}
	}
	if quarters == 0 {
		return
	}
	w, h := in.Image.Bounds().Dx(), in.Image.Bounds().Dy()
	in.Image = turned(in.Image, 4-quarters)
	in.Rotation = 90 * (4 - quarters)
	for i := range in.Lines {
		l := &in.Lines[i]
		l.Box = turnedBox(l.Box, 4-quarters, w, h)
		for j := range l.Words {
			l.Words[j].Box = turnedBox(l.Words[j].Box, 4-quarters, w, h)
		}
	}
}

// turnedBox moves a box of a picture of w×h pixels along with [turned].
func turnedBox(b schema.Box, quarters, w, h int) schema.Box {
	switch quarters & 3 {
	case 1:
		return schema.Box{X0: h - b.Y1, Y0: b.X0, X1: h - b.Y0, Y1: b.X1}
	case 2:
		return schema.Box{X0: w - b.X1, Y0: h - b.Y1, X1: w - b.X0, Y1: h - b.Y0}
	case 3:
		return schema.Box{X0: b.Y0, Y0: w - b.X1, X1: b.Y1, Y1: w - b.X0}
	}
	return b
}

// Tiles of the ink measure: the picture is looked at in squares of so many
// pixels, and a square counts as inked when enough of it is dark. Counting
// squares, not pixels, keeps a black photograph from outweighing all text.
const (
	inkTile  = 8
	inkDark  = 128
	inkCount = 3
)

// inkCover returns the share of the inked tiles of a picture that lie in or
// next to words; 1 for an empty page.
func inkCover(im image.Image, lines []schema.Line) float64 {
	b := im.Bounds()
	tw, th := (b.Dx()+inkTile-1)/inkTile, (b.Dy()+inkTile-1)/inkTile
	covered := make([]bool, tw*th)
	for _, l := range lines {
		for _, w := range l.Words {
			x0, x1 := max(0, w.Box.X0/inkTile-1), min(tw, w.Box.X1/inkTile+2)
			y0, y1 := max(0, w.Box.Y0/inkTile), min(th, w.Box.Y1/inkTile+1)
			for y := y0; y < y1; y++ {
				for x := x0; x < x1; x++ {
					covered[y*tw+x] = true
				}
			}
		}
	}
	pix, stride, step := pixels(im)
	green := step / 4 // green stands for brightness: red stamps count half, white none
	var ink, hit int
	for ty := range th {
		for tx := range tw {
			dark := 0
			for y := ty * inkTile; y < min(b.Dy(), (ty+1)*inkTile); y++ {
				for x := tx * inkTile; x < min(b.Dx(), (tx+1)*inkTile); x++ {
					if pix[y*stride+x*step+green] < inkDark {
						dark++
					}
				}
			}
			if dark >= inkCount {
				ink++
				if covered[ty*tw+tx] {
					hit++
				}
			}
		}
	}
	if ink == 0 {
		return 1
	}
	return float64(hit) / float64(ink)
}
