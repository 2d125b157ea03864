package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"

	"github.com/sohoa/sohoa/export/archive/pdffile"
	"github.com/sohoa/sohoa/schema"
)

// Source is the file that a document was read from.
type Source struct {
	File io.ReaderAt
	Size int64 // bytes

	// Picture decodes page n, from 1, as the file shows it: not turned upright,
	// not straightened, at the file's resolution. It is asked for the pages
	// whose bytes cannot be taken as they are.
	Picture func(ctx context.Context, n int) (image.Image, error)
}

// Media types of what a [Source] holds.
const (
	mediaPDF  = "application/pdf"
	mediaJPEG = "image/jpeg"
	mediaPNG  = "image/png"
)

// Kind says what [WritePDF] made.
type Kind string

const (
	// Overlay is the PDF that was read, byte for byte, and after it a revision
	// that lays the text over its pages. It is as much of a PDF/A as it was: we
	// cannot promise that for a file that others made.
	Overlay Kind = "overlay"
	// Rebuilt is a PDF/A-2b of the renderings of a PDF that cannot be appended
	// to: it is encrypted, or its tables are damaged.
	Rebuilt Kind = "rebuilt"
	// Built is a PDF/A-2b of pictures, their bytes as they were wherever PDF has
	// a place for them.
	Built Kind = "built"
)

// WritePDF writes a searchable PDF: the pages as they were scanned, over them,
// invisible, the repaired words in their places, and the document's fields as
// metadata. Old text layers that were not trusted lose their meaning, pages that
// lie on their side are shown upright. Pages are read one at a time.
//
// The error is [ErrText] for a document without page pictures, that of pages or
// of the source, or one of writing.
func WritePDF(ctx context.Context, w io.Writer, doc *schema.Document, pages Pages, src Source) (Kind, error) {
	pages = correctionsOf(doc).pages(pages)
	switch doc.Source.MediaType {
	case mediaText:
		return "", ErrText
	case mediaPDF:
		f, err := overlayable(doc, src)
		if err == nil {
			return Overlay, writeOverlay(ctx, w, doc, pages, f)
		}
		if !refused(err) {
			return "", fmt.Errorf("reading the pdf: %w", err)
		}
		return Rebuilt, writeBuilt(ctx, w, doc, pages, src, true)
	}
	return Built, writeBuilt(ctx, w, doc, pages, src, false)
}

// refused reports whether an error says that a PDF is not to be appended to,
// rather than that it could not be read.
func refused(err error) bool {
	for _, kind := range []error{pdffile.ErrDamaged, pdffile.ErrEncrypted, pdffile.ErrUnsupported, pdffile.ErrLimit} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// builder makes a PDF of pictures.
type builder struct {
	out  *pdffile.Writer
	font *font
	tree pdffile.Ref
	kids pdffile.Array
}

// layerFont is how the names of the layer's fonts begin among a page's
// resources.
const layerFont = "SohoaText"

func writeBuilt(ctx context.Context, w io.Writer, doc *schema.Document, pages Pages, src Source, rendered bool) error {
	out := pdffile.NewWriter(w)
	b := builder{out: out, font: newFont(out), tree: out.Reserve()}
	for page, err := range pages {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		pic, err := pictureOf(ctx, doc, src, page.Number, rendered)
		if err != nil {
			return fmt.Errorf("picture of page %d: %w", page.Number, err)
		}
		b.page(&page, pic)
		if err := b.out.Err(); err != nil {
			return err
		}
	}
	b.out.Put(b.tree, pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": b.kids, "Count": len(b.kids)})
	b.font.write()
	meta := MetadataOf(doc)
	profile := b.out.AddStream(pdffile.Dict{"N": 3}, srgbProfile())
	root := b.out.Add(pdffile.Dict{
		"Type": pdffile.Name("Catalog"), "Pages": b.tree, "Lang": pdffile.Text("vi"),
		"Metadata":          addMetadata(b.out, meta.xmp(true)),
		"ViewerPreferences": pdffile.Dict{"DisplayDocTitle": pdffile.Raw("true")},
		"OutputIntents": pdffile.Array{pdffile.Dict{
			"Type": pdffile.Name("OutputIntent"), "S": pdffile.Name("GTS_PDFA1"),
			"OutputConditionIdentifier": pdffile.Text("sRGB IEC 61966-2-1"), "Info": pdffile.Text("sRGB IEC 61966-2-1"),
			"DestOutputProfile": profile,
		}},
	})
	return b.out.Close(pdffile.Dict{"Root": root, "Info": b.out.Add(meta.info(nil))})
}

// pictureOf gives the picture of a page, as its file has it where that is
// possible.
func pictureOf(ctx context.Context, doc *schema.Document, src Source, n int, rendered bool) (picture, error) {
	pic, err := picture{}, errRepack
	switch doc.Source.MediaType {
	case mediaJPEG:
		pic, err = jpegPicture(src.File, src.Size)
	case mediaPNG:
		pic, err = pngPicture(src.File, src.Size)
	}
	if !errors.Is(err, errRepack) {
		return pic, err
	}
	img, err := src.Picture(ctx, n)
	if err != nil {
		return picture{}, err
	}
	return packPicture(img, rendered)
}

// page writes a page with its picture and its layer.
func (b *builder) page(p *schema.Page, pic picture) {
	// The page is as large as the upright one with its turn undone.
	s := sheetOf(&p.PageInfo)
	dpi := float64(p.DPI)
	if p.Width <= 0 || p.Height <= 0 || p.DPI <= 0 {
		// It was not read; it is shown as an A4 page, 11.69 inches long.
		w, _ := pdffile.Int(pic.dict["Width"])
		h, _ := pdffile.Int(pic.dict["Height"])
		if pic.orientation > 4 {
			w, h = h, w
		}
		s.w, s.h, dpi = float64(w), float64(h), float64(max(w, h))/11.69
	}
	fr := frame{rotate: p.Rotation}
	w, h := s.w/dpi*72, s.h/dpi*72
	if p.Rotation%180 != 0 {
		w, h = h, w
	}
	fr.box = [4]float64{0, 0, round(w), round(h)}

	image := b.out.Reserve()
	b.out.Copy(image, pic.dict, pic.data, pic.length)
	m := turns[pic.orientation].then(transform{fr.box[2], 0, 0, fr.box[3], 0, 0})
	content := fmt.Appendf(nil, "q %.3f %.3f %.3f %.3f %.3f %.3f cm /Scan Do Q\n", m[0], m[1], m[2], m[3], m[4], m[5])
	layer, fonts := writeLayer(p, b.font, layerFont, fr)
	content = append(content, layer...)
	resources := pdffile.Dict{"XObject": pdffile.Dict{"Scan": image}}
	if fonts != nil {
		resources["Font"] = fonts
	}
	b.kids = append(b.kids, b.out.Add(pdffile.Dict{
		"Type": pdffile.Name("Page"), "Parent": b.tree, "Rotate": p.Rotation,
		"MediaBox":  pdffile.Array{0, 0, number(fr.box[2]), number(fr.box[3])},
		"Resources": resources,
		"Contents":  b.out.AddStream(nil, content),
	}))
}

// round keeps three decimals: a thousandth of a point.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }

func number(v float64) pdffile.Raw { return pdffile.Raw(fmt.Sprintf("%.3f", v)) }

// addMetadata writes an XMP packet, not packed, so that programs that know
// nothing of PDF find it.
func addMetadata(w *pdffile.Writer, xmp []byte) pdffile.Ref {
	ref := w.Reserve()
	w.Copy(ref, pdffile.Dict{"Type": pdffile.Name("Metadata"), "Subtype": pdffile.Name("XML")}, bytes.NewReader(xmp), int64(len(xmp)))
	return ref
}
