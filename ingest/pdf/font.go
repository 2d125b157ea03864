package pdf

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	pdflib "github.com/ledongthuc/pdf"
)

// font is what the walk needs of a font: how codes are cut from strings, what
// they mean, how wide they are. Lengths are in units of the font's height.
type font struct {
	name            string // without the tag of a subset
	composite       bool   // codes of two bytes unless the map says otherwise
	toUnicode       *cmap
	encoding        [256]string // simple fonts without a map
	unicodeCodes    bool        // composite with a Uni…-UCS2 or -UTF16 encoding
	widths          map[uint32]float64
	missing         float64
	ascent, descent float64
	doubt           string // why its text or widths may be wrong
}

func loadFont(v pdflib.Value) *font {
	f := &font{name: v.Key("BaseFont").Name(), widths: map[uint32]float64{}, ascent: 0.9, descent: -0.22}
	if v.Kind() != pdflib.Dict {
		f.doubt = "is missing"
	}
	f.name = untagged(f.name)
	if tu := v.Key("ToUnicode"); tu.Kind() == pdflib.Stream {
		f.toUnicode = readCMap(io.LimitReader(tu.Reader(), maxCMapBytes))
	}
	desc := v
	unitLen := 0.001
	switch v.Key("Subtype").Name() {
	case "Type0":
		f.composite = true
		desc = v.Key("DescendantFonts").Index(0)
		f.cidWidths(desc)
		switch enc := v.Key("Encoding"); {
		case enc.Kind() == pdflib.Stream:
			f.doubt = "has an encoding of its own"
		case strings.HasPrefix(enc.Name(), "Identity"):
			if f.toUnicode == nil {
				f.doubt = "has no map to Unicode"
			}
		case strings.Contains(enc.Name(), "UCS2"), strings.Contains(enc.Name(), "UTF16"):
			f.unicodeCodes = true
		default:
			f.doubt = "has the encoding " + enc.Name()
		}
	case "Type3":
		if m := v.Key("FontMatrix"); m.Len() == 6 {
			unitLen = m.Index(0).Float64()
		}
		f.simpleWidths(v, unitLen)
		f.simpleEncoding(v)
	default:
		f.simpleWidths(v, unitLen)
		f.simpleEncoding(v)
	}
	if d := desc.Key("FontDescriptor"); d.Kind() == pdflib.Dict {
		a, b := d.Key("Ascent").Float64()/1000, d.Key("Descent").Float64()/1000
		if b > 0 {
			b = -b // a common mistake of producers
		}
		if a > 0.4 && a < 1.5 && b > -0.8 {
			f.ascent, f.descent = a, min(-0.1, b)
		}
	}
	return f
}

// untagged takes the tag of a subset, "ABCDEF+", from a font's name.
func untagged(name string) string {
	if tag, rest, ok := strings.Cut(name, "+"); ok && len(tag) == 6 {
		return rest
	}
	return name
}

func (f *font) simpleWidths(v pdflib.Value, unitLen float64) {
	f.missing = v.Key("FontDescriptor").Key("MissingWidth").Float64() * unitLen
	w := v.Key("Widths")
	first := v.Key("FirstChar").Int64()
	for i := range min(w.Len(), 256) {
		if code := first + int64(i); code >= 0 && code < 256 {
			f.widths[uint32(code)] = w.Index(i).Float64() * unitLen
		}
	}
	if len(f.widths) == 0 {
		// One of the 14 standard fonts, whose widths PDFium knows.
		f.missing = 0.5
		f.doubt = "has no widths"
	}
}

// simpleEncoding asks the library what each byte means, and adds glyph names
// of the form uni1EA1, which it does not know.
func (f *font) simpleEncoding(v pdflib.Value) {
	lib := pdflib.Font{V: v}
	enc := lib.Encoder()
	for i := range f.encoding {
		f.encoding[i] = enc.Decode(string([]byte{byte(i)}))
	}
	diff := v.Key("Encoding").Key("Differences")
	code := int64(-1)
	for i := range diff.Len() {
		x := diff.Index(i)
		switch x.Kind() {
		case pdflib.Integer:
			code = x.Int64()
		case pdflib.Name:
			if r := uniName(x.Name()); r != 0 && code >= 0 && code < 256 {
				f.encoding[code] = string(r)
			}
			code++
		}
	}
}

// uniName reads the glyph names uniXXXX and uXXXXX of the Adobe glyph list.
func uniName(s string) rune {
	hex, ok := strings.CutPrefix(s, "uni")
	if !ok {
		hex, ok = strings.CutPrefix(s, "u")
	}
	if !ok || len(hex) < 4 || len(hex) > 6 {
		return 0
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return 0
	}
	return rune(n)
}

// cidWidths reads the W array of a composite font: "first [w w w]" and
// "first last w" in any mixture.
func (f *font) cidWidths(v pdflib.Value) {
	f.missing = 1
	if dw := v.Key("DW"); !dw.IsNull() {
		f.missing = dw.Float64() / 1000
	}
	w := v.Key("W")
	n := w.Len()
	for i := 0; i+1 < n; {
		first := w.Index(i).Int64()
		if list := w.Index(i + 1); list.Kind() == pdflib.Array {
			for j := range list.Len() {
				f.setWidth(first+int64(j), list.Index(j).Float64())
			}
			i += 2
			continue
		}
		if i+2 >= n {
			break
		}
		last, width := w.Index(i+1).Int64(), w.Index(i+2).Float64()
		for c := max(0, first); c <= min(last, 0xffff); c++ {
			f.setWidth(c, width)
		}
		i += 3
	}
}

func (f *font) setWidth(code int64, w float64) {
	if code >= 0 && code <= 0xffff {
		f.widths[uint32(code)] = w / 1000
	}
}

func (f *font) width(code uint32) float64 {
	if w, ok := f.widths[code]; ok {
		return w
	}
	return f.missing
}

// next cuts the first code from a string; n is how many bytes it has.
func (f *font) next(raw string) (code uint32, n int) {
	n = 1
	if f.composite && len(raw) >= 2 {
		n = 2
	}
	for i := range n {
		code = code<<8 | uint32(raw[i])
	}
	return code, n
}

// text gives the meaning of a code, "" when the font does not tell. Control
// characters are none: they come from maps that count wrongly.
func (f *font) text(code uint32, raw string) string {
	s := f.meaning(code, raw)
	if r, _ := utf8.DecodeRuneInString(s); r < ' ' && r != '\t' && r != '\n' && r != '\r' {
		return ""
	}
	return s
}

func (f *font) meaning(code uint32, raw string) string {
	if f.toUnicode != nil {
		if s, ok := f.toUnicode.lookup(raw); ok {
			return s
		}
		if f.composite {
			return ""
		}
	}
	switch {
	case f.unicodeCodes:
		return string(utf16.Decode([]uint16{uint16(code)}))
	case f.composite:
		return ""
	}
	if s := f.encoding[code&0xff]; s != "\ufffd" && s != "\x00" {
		return s
	}
	return ""
}
