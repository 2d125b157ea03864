package pdf

import (
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
	if tag, rest, ok := strings.Cut(f.name, "+"); ok && len(tag) == 6 {
		f.name = rest
	}
	if tu := v.Key("ToUnicode"); tu.Kind() == pdflib.Stream {
		f.toUnicode = readCMap(tu)
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

// text gives the meaning of a code, "" when the font does not tell.
func (f *font) text(code uint32, raw string) string {
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

// cmap is a ToUnicode map (Adobe Technical Note 5014).
type cmap struct {
	chars  map[string]string
	ranges []cmapRange
}

type cmapRange struct {
	lo, hi string
	dst    pdflib.Value
}

// maxCMap bounds the entries kept of a map; a font has at most 65,536 codes.
const maxCMap = 1 << 17

// readCMap reads a map over the library's tokens. The library has a reader of
// its own, but uses it for some encodings only and knows no step of a range
// over a byte's end.
func readCMap(v pdflib.Value) *cmap {
	m := &cmap{chars: map[string]string{}}
	pdflib.Interpret(v, func(stk *pdflib.Stack, op string) {
		var args []pdflib.Value
		for stk.Len() > 0 {
			args = append(args, stk.Pop())
		}
		// Popped from the stack, so the last operand stands first.
		switch op {
		case "endbfchar":
			for i := 0; i+1 < len(args) && len(m.chars) < maxCMap; i += 2 {
				if args[i].Kind() == pdflib.String && args[i+1].Kind() == pdflib.String {
					m.chars[args[i+1].RawString()] = fromUTF16(args[i].RawString())
				}
			}
		case "endbfrange":
			for i := 0; i+2 < len(args) && len(m.ranges) < maxCMap; i += 3 {
				lo, hi := args[i+2].RawString(), args[i+1].RawString()
				if len(lo) > 0 && len(lo) == len(hi) && len(lo) <= 4 {
					m.ranges = append(m.ranges, cmapRange{lo, hi, args[i]})
				}
			}
		}
	})
	return m
}

func (m *cmap) lookup(code string) (string, bool) {
	if s, ok := m.chars[code]; ok {
		return s, true
	}
	for _, r := range m.ranges {
		if len(r.lo) != len(code) || code < r.lo || code > r.hi {
			continue
		}
		step := number(code) - number(r.lo)
		var s string
		switch r.dst.Kind() {
		case pdflib.Array:
			s = fromUTF16(r.dst.Index(int(step)).RawString())
		case pdflib.String:
			s = fromUTF16(r.dst.RawString())
			if last, n := utf8.DecodeLastRuneInString(s); n > 0 {
				s = s[:len(s)-n] + string(last+rune(step))
			}
		}
		m.chars[code] = s // the next one of its kind is found at once
		return s, true
	}
	return "", false
}

func number(s string) (n uint32) {
	for i := range len(s) {
		n = n<<8 | uint32(s[i])
	}
	return n
}

func fromUTF16(s string) string {
	u := make([]uint16, 0, len(s)/2)
	if len(s) == 1 { // some producers write one byte
		return string(rune(s[0]))
	}
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(u))
}
