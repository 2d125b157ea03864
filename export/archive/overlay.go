package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/sohoa/sohoa/export/archive/pdffile"
	"github.com/sohoa/sohoa/schema"
)

// original is a PDF that can be appended to.
type original struct {
	*pdffile.File
	pages []pdffile.Ref
}

// overlayable opens the source as a PDF that can be appended to. A count of
// pages other than the reader's means that one of the two has read the file
// wrongly.
func overlayable(doc *schema.Document, src Source) (*original, error) {
	f, err := pdffile.Open(src.File, src.Size)
	if err != nil {
		return nil, err
	}
	pages, err := f.Pages()
	if err != nil {
		return nil, err
	}
	if len(pages) != doc.Source.Pages {
		return nil, fmt.Errorf("%w: %d pages where %d were read", pdffile.ErrDamaged, len(pages), doc.Source.Pages)
	}
	// Every page is looked at before the first byte is written.
	for i, ref := range pages {
		p, err := f.Page(ref)
		if err != nil {
			return nil, err
		}
		_, err = frameOf(f, p)
		if err == nil {
			err = readable(f, p)
		}
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
	}
	return &original{f, pages}, nil
}

// readable checks that what a page needs besides its contents can be read; for
// contents that cannot there is a way later.
func readable(f *pdffile.File, p pdffile.Page) error {
	resources, err := f.Dict(p.Dict["Resources"])
	if err != nil {
		return err
	}
	for _, key := range []pdffile.Name{"Font", "XObject"} {
		if _, err := f.Dict(resources[key]); err != nil {
			return err
		}
	}
	return nil
}

// frameOf reads how a page is shown: what of its media box its crop box leaves,
// and its turn.
func frameOf(f *pdffile.File, p pdffile.Page) (frame, error) {
	var fr frame
	media, ok := f.Box(p.Dict["MediaBox"])
	if !ok {
		return fr, fmt.Errorf("%w: a page without a size", pdffile.ErrDamaged)
	}
	fr.box = media
	if crop, ok := f.Box(p.Dict["CropBox"]); ok {
		both := [4]float64{max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3])}
		if both[0] < both[2] && both[1] < both[3] {
			fr.box = both
		}
	}
	o, err := f.Resolve(p.Dict["Rotate"])
	if err != nil {
		return fr, err
	}
	if turn, ok := pdffile.Int(o); ok {
		fr.rotate = (turn%360 + 360) % 360 / 90 * 90
	}
	return fr, nil
}

// overlay lays text over the pages of a PDF.
type overlay struct {
	*original
	out    *pdffile.Writer
	font   *font
	save   pdffile.Ref // stream that saves the graphics state, shared by all pages
	eraser eraser
}

func writeOverlay(ctx context.Context, w io.Writer, doc *schema.Document, pages Pages, f *original) error {
	out, err := pdffile.NewRevision(w, f.File)
	if err != nil {
		return err
	}
	o := overlay{original: f, out: out, font: newFont(out), eraser: eraser{file: f.File, out: out, forms: map[drawn]pdffile.Ref{}}}
	o.save = out.AddStream(nil, []byte("q\n"))
	for page, err := range pages {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil && (page.Number < 1 || page.Number > len(f.pages)) {
			err = fmt.Errorf("page %d of a pdf with %d pages", page.Number, len(f.pages))
		}
		if err == nil && needsLayer(&page) {
			err = o.page(&page)
		}
		if err = errors.Join(err, out.Err()); err != nil {
			return err
		}
	}
	o.font.write()
	return o.close(MetadataOf(doc))
}

// needsLayer reports whether a page's own text is not what was read: text that a
// program set and that needed no repair stays as it is, and so does a page that
// could not be read.
func needsLayer(p *schema.Page) bool {
	if p.Width <= 0 || p.Height <= 0 || p.Outcome == schema.Refused || p.Outcome == schema.TimedOut {
		return false
	}
	if p.TextSource != schema.FromTextLayer {
		return true
	}
	for _, b := range blocks(p) {
		lines := b.lines
		if b.grid != nil {
			for _, c := range b.grid.Cells {
				lines = append(lines, c.Lines...)
			}
		}
		for _, l := range lines {
			for _, w := range l.Words {
				if w.Text != w.Raw {
					return true
				}
			}
		}
	}
	return false
}

// page writes a page anew: its old contents without what they say, and the
// layer.
func (o *overlay) page(p *schema.Page) error {
	page, err := o.Page(o.pages[p.Number-1])
	if err != nil {
		return err
	}
	fr, err := frameOf(o.File, page)
	if err != nil {
		return err
	}
	fr.rotate = (fr.rotate + p.Rotation) % 360
	resources, err := o.Dict(page.Dict["Resources"])
	if err != nil {
		return err
	}
	contents, resources, err := o.contents(page, resources, fr)
	if err != nil {
		return err
	}
	fonts, err := o.Dict(resources["Font"])
	if err != nil {
		return err
	}
	prefix := layerFont
	for k := range fonts {
		for strings.HasPrefix(string(k), prefix) { // the file is one of ours already
			prefix += "X"
		}
	}
	if layer, more := writeLayer(p, o.font, prefix, fr); layer != nil {
		contents = append(contents, o.out.AddStream(nil, layer))
		all := pdffile.Dict{}
		maps.Copy(all, fonts)
		maps.Copy(all, more)
		clone := pdffile.Dict{"Font": all}
		for k, v := range resources {
			if k != "Font" {
				clone[k] = v
			}
		}
		resources = clone
	}
	page.Dict["Contents"], page.Dict["Resources"], page.Dict["Rotate"] = contents, resources, fr.rotate
	o.out.Put(page.Ref, page.Dict)
	return nil
}

// contents gives a page's content streams without what their text says, between
// saving and restoring the graphics state, and the resources that they need.
func (o *overlay) contents(page pdffile.Page, resources pdffile.Dict, fr frame) (pdffile.Array, pdffile.Dict, error) {
	old, data, err := o.content(page)
	if err != nil && !refused(err) {
		return nil, nil, err
	}
	var got erased
	if err == nil {
		w, h := fr.size()
		o.eraser.page = w * h
		got, err = o.eraser.erase(data, resources, graphics{ctm: identity}, 0)
		if err != nil && !refused(err) {
			return nil, nil, err
		}
	}
	if err == nil && !got.changed {
		restore := bytes.Repeat([]byte("Q\n"), 1+got.open)
		return append(append(pdffile.Array{o.save}, old...), o.out.AddStream(nil, restore)), resources, nil
	}
	if err == nil {
		if resources, err = o.eraser.withForms(resources, got.forms); err != nil {
			return nil, nil, err
		}
		data := append([]byte("q\n"), got.data...)
		data = append(append(data, '\n'), bytes.Repeat([]byte("Q\n"), 1+got.open)...)
		return pdffile.Array{o.out.AddStream(nil, data)}, resources, nil
	}
	// A stream that we cannot read says nothing as a whole.
	before := o.out.AddStream(nil, []byte(silence+"q\n"))
	after := o.out.AddStream(nil, []byte("Q\nEMC\n"))
	return append(append(pdffile.Array{before}, old...), after), resources, nil
}

// content reads a page's content streams: the references, and what they hold.
func (o *overlay) content(page pdffile.Page) (pdffile.Array, []byte, error) {
	list := pdffile.Array{page.Dict["Contents"]}
	v, err := o.Resolve(page.Dict["Contents"])
	if err != nil {
		return nil, nil, err
	}
	if a, ok := v.(pdffile.Array); ok {
		list = a
	}
	var refs pdffile.Array
	var data []byte
	for _, item := range list {
		v, err := o.Resolve(item)
		if err != nil {
			return list, nil, err
		}
		stream, ok := v.(*pdffile.Stream)
		if _, isRef := item.(pdffile.Ref); !ok || !isRef {
			continue
		}
		refs = append(refs, item)
		part, err := stream.Decode()
		if err != nil {
			return list, nil, err
		}
		data = append(append(data, part...), '\n')
		if len(data) > pdffile.MaxDecoded {
			return list, nil, pdffile.ErrLimit
		}
	}
	return refs, data, nil
}

// close writes catalog, metadata and table.
func (o *overlay) close(meta Metadata) error {
	root, _ := o.Trailer["Root"].(pdffile.Ref)
	catalog, err := o.Dict(root)
	if err != nil {
		return err
	}
	catalog = maps.Clone(catalog)
	catalog["Metadata"] = addMetadata(o.out, meta.xmp(false))
	if catalog["Lang"] == nil {
		catalog["Lang"] = pdffile.Text("vi")
	}
	if o.Version() < "1.7" {
		catalog["Version"] = pdffile.Name("1.7")
	}
	o.out.Put(root, catalog)
	info, err := o.Dict(o.Trailer["Info"])
	if err != nil && !refused(err) {
		return err
	}
	return o.out.Close(pdffile.Dict{"Info": o.out.Add(meta.info(info))})
}
