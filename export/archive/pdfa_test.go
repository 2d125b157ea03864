package archive

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/sohoa/sohoa/export/archive/pdffile"
)

// TestPDFAKeepsTheRules walks all objects of files that are promised to be
// PDF/A-2b, and looks for what ISO 19005-2 forbids and asks for: 6.1.2 head,
// 6.1.3 identifier, 6.1.7 filters, 6.2.4.3 colours, 6.2.8 pictures, 6.2.10
// transparency, 6.2.11 fonts, 6.5 actions, 6.6.2 metadata.
func TestPDFAKeepsTheRules(t *testing.T) {
	colours := image.NewRGBA(image.Rect(0, 0, 800, 1000))
	for i := range colours.Pix {
		colours.Pix[i] = uint8(i)
		if i%4 == 3 { // opaque
			colours.Pix[i] = 255
		}
	}
	for name, c := range map[string]struct {
		kind string
		data []byte
	}{
		"grey":      {"image/png", coded(t, grey(800, 1000), png.Encode)},
		"colour":    {"image/jpeg", coded(t, colours, asJPEG)},
		"two tones": {"image/png", coded(t, image.NewPaletted(image.Rect(0, 0, 800, 1000), color.Palette{color.White, color.Black}), png.Encode)},
	} {
		t.Run(name, func(t *testing.T) {
			doc, page := sample()
			doc.Source.MediaType = c.kind
			pdf := write(t, doc, each(page), sourceOf(c.data), Built)
			if !bytes.HasPrefix(pdf, []byte("%PDF-1.")) || pdf[9] != '%' || pdf[10] < 128 || pdf[11] < 128 || pdf[12] < 128 || pdf[13] < 128 {
				t.Errorf("the head is %q", pdf[:16])
			}
			f, err := pdffile.Open(bytes.NewReader(pdf), int64(len(pdf)))
			if err != nil {
				t.Fatal(err)
			}
			if ids, ok := f.Trailer["ID"].(pdffile.Array); !ok || len(ids) != 2 {
				t.Errorf("identifier %v", f.Trailer["ID"])
			}
			r := rules{t: t, file: f, seen: map[pdffile.Ref]bool{}}
			r.walk(f.Trailer["Root"])
			if r.fonts == 0 || r.pictures == 0 || r.metadata == 0 {
				t.Errorf("%d fonts, %d pictures, %d metadata were looked at", r.fonts, r.pictures, r.metadata)
			}
		})
	}
}

type rules struct {
	t                         *testing.T
	file                      *pdffile.File
	seen                      map[pdffile.Ref]bool
	fonts, pictures, metadata int
}

func (r *rules) walk(o pdffile.Object) {
	if ref, ok := o.(pdffile.Ref); ok {
		if r.seen[ref] {
			return
		}
		r.seen[ref] = true
	}
	o, err := r.file.Resolve(o)
	if err != nil {
		r.t.Fatal(err)
	}
	var d pdffile.Dict
	switch o := o.(type) {
	case pdffile.Array:
		for _, x := range o {
			r.walk(x)
		}
		return
	case pdffile.Dict:
		d = o
	case *pdffile.Stream:
		d = o.Dict
		r.stream(d)
	default:
		return
	}
	r.dict(d)
	for _, v := range d {
		r.walk(v)
	}
}

func (r *rules) dict(d pdffile.Dict) {
	for _, key := range []pdffile.Name{"AA", "OpenAction", "JS", "JavaScript", "Launch", "EmbeddedFiles", "NeedAppearances", "XFA", "Encrypt", "OPI", "Ref", "TR", "HTP", "Alternates"} {
		if d[key] != nil {
			r.t.Errorf("/%s in %v", key, d)
		}
	}
	for _, key := range []pdffile.Name{"CA", "ca"} {
		if v, ok := pdffile.Float(d[key]); ok && v != 1 {
			r.t.Errorf("/%s %v: something shines through", key, v)
		}
	}
	if mask := d["SMask"]; mask != nil && mask != pdffile.Name("None") {
		r.t.Errorf("a soft mask in %v", d)
	}
	if space, err := r.file.Resolve(d["ColorSpace"]); err != nil || space == pdffile.Name("DeviceCMYK") {
		r.t.Errorf("colours %v, %v: the profile is one of RGB", space, err)
	}
	if d["Type"] == pdffile.Name("Font") {
		r.font(d)
	}
}

func (r *rules) font(d pdffile.Dict) {
	r.fonts++
	switch d["Subtype"] {
	case pdffile.Name("Type0"):
		if d["ToUnicode"] == nil || d["Encoding"] != pdffile.Name("Identity-H") {
			r.t.Errorf("font %v", d)
		}
	case pdffile.Name("CIDFontType2"):
		about, err := r.file.Dict(d["FontDescriptor"])
		if err != nil || about["FontFile2"] == nil || d["CIDToGIDMap"] == nil || d["W"] == nil && d["DW"] == nil {
			r.t.Errorf("font %v, %v, %v", d, about, err)
		}
	default:
		r.t.Errorf("font of the kind %v", d["Subtype"])
	}
}

func (r *rules) stream(d pdffile.Dict) {
	if s := fmt.Sprint(d["Filter"]); bytes.Contains([]byte(s), []byte("LZW")) || bytes.Contains([]byte(s), []byte("Crypt")) {
		r.t.Errorf("filter %s", s)
	}
	for _, key := range []pdffile.Name{"F", "FFilter", "FDecodeParms", "PS"} {
		if d[key] != nil {
			r.t.Errorf("a stream with /%s", key)
		}
	}
	switch {
	case d["Type"] == pdffile.Name("Metadata"):
		if r.metadata++; d["Subtype"] != pdffile.Name("XML") || d["Filter"] != nil {
			r.t.Errorf("metadata %v", d)
		}
	case d["Subtype"] == pdffile.Name("Image"):
		if r.pictures++; d["Interpolate"] == pdffile.Raw("true") {
			r.t.Errorf("picture %v", d)
		}
	}
}
