package archive

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"unicode/utf16"

	"github.com/sohoa/sohoa/export/archive/pdffile"
)

// The text layer is set in a font without letters: each character is an em
// wide, so that a word is stretched over its place by its length alone. The font
// is made here, as no font file has to be found, licensed or embedded for
// letters that nobody sees.
//
// A glyph is a line from one corner of its box to the other and back: it has no
// area, so that a reader that does fill it draws nothing, and it has an extent,
// without which PDFium, the reader in Chromium, loses words of one character
// and all words of pages that are turned.
//
// The boxes of words differ in height, "ma" from "Mạ", yet all words of a line
// are set in one size: readers such as poppler take words of other sizes for
// other lines, and then find no phrase that goes over two of them. So the font
// comes in several heights: from the baseline up to the ascent that the
// descriptor states, with a glyph of that height for all characters.
const (
	emUnits = 1000
	// advance is the width of a character. PDFium begins another line where a
	// word stands higher than half a character is wide, as one without
	// descenders does after one with them: half an em would be too little.
	advance = 1000
	// step is by how much the heights differ: 50 is a fortieth of an em to
	// either side, a pixel in 12 pt print at 200 dpi.
	step    = 50
	heights = 21 // up to 1.05 em, from where poppler cuts ascents off
	// overhang is by how much a glyph is wider than its place, to either side:
	// what does not overlap PDFium takes for another line.
	overhang = 50
	// depth is how far characters reach below the baseline: as good as nothing,
	// but readers take 0 for a mistake.
	depth = 1
)

// fontName is the layer's font. The letters before the plus mark it as a
// subset, which it is of any font.
const fontName = "SOHOAX+SohoaBlank"

// font gives characters their codes, in the order in which they come, so that
// the same pages give the same bytes.
type font struct {
	out   *pdffile.Writer
	codes map[rune]int
	runes []rune                   // by code, from 1
	refs  [heights + 1]pdffile.Ref // by height, from 1; zero: not used
}

func newFont(out *pdffile.Writer) *font { return &font{out: out, codes: map[rune]int{}} }

// height returns the height, in steps, nearest to a part of an em.
func height(ems float64) int {
	return min(max(int(math.Round(ems*emUnits/step)), 1), heights)
}

// use gives the font of a height.
func (f *font) use(height int) pdffile.Ref {
	if f.refs[height] == (pdffile.Ref{}) {
		f.refs[height] = f.out.Reserve()
	}
	return f.refs[height]
}

// code returns the code of a character. A font has 65,535; what comes after
// them is shown as U+FFFD.
func (f *font) code(r rune) int {
	if c, ok := f.codes[r]; ok {
		return c
	}
	if len(f.runes) >= 0xfffe && r != '\ufffd' {
		return f.code('\ufffd')
	}
	f.runes = append(f.runes, r)
	f.codes[r] = len(f.runes)
	return len(f.runes)
}

// encode gives a text as the hexadecimal string that a content stream shows.
func (f *font) encode(b *bytes.Buffer, text string) {
	b.WriteByte('<')
	for _, r := range text {
		fmt.Fprintf(b, "%04X", f.code(r))
	}
	b.WriteByte('>')
}

// write writes the objects of all heights that were used.
func (f *font) write() {
	if len(f.runes) == 0 {
		return
	}
	program := f.program()
	file := f.out.AddStream(pdffile.Dict{"Length1": len(program)}, program)
	unicode := f.out.AddStream(nil, f.toUnicode())
	used := len(f.runes) + 1 // codes, with 0, which is no character
	for h, ref := range f.refs {
		if ref == (pdffile.Ref{}) {
			continue
		}
		descriptor := f.out.Add(pdffile.Dict{
			"Type": pdffile.Name("FontDescriptor"), "FontName": pdffile.Name(fontName), "Flags": 4, // symbolic
			"FontBBox": pdffile.Array{-overhang, 0, advance + overhang, h * step}, "ItalicAngle": 0,
			"Ascent": h * step, "Descent": -depth, "CapHeight": h * step, "StemV": 80, "FontFile2": file,
		})
		descendant := f.out.Add(pdffile.Dict{
			"Type": pdffile.Name("Font"), "Subtype": pdffile.Name("CIDFontType2"), "BaseFont": pdffile.Name(fontName),
			"CIDSystemInfo":  pdffile.Dict{"Registry": pdffile.Text("Adobe"), "Ordering": pdffile.Text("Identity"), "Supplement": 0},
			"FontDescriptor": descriptor, "DW": advance,
			// Glyph h is the one that is h steps high.
			"CIDToGIDMap": f.out.AddStream(nil, bytes.Repeat([]byte{0, byte(h)}, used)),
		})
		f.out.Put(ref, pdffile.Dict{
			"Type": pdffile.Name("Font"), "Subtype": pdffile.Name("Type0"), "BaseFont": pdffile.Name(fontName),
			"Encoding": pdffile.Name("Identity-H"), "DescendantFonts": pdffile.Array{descendant}, "ToUnicode": unicode,
		})
	}
}

// toUnicode is the map from codes to characters (ISO 32000-1, 9.10.3), which is
// what search and copying read.
func (f *font) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	const block = 100 // the most that one operator may map
	for i := 0; i < len(f.runes); i += block {
		part := f.runes[i:min(i+block, len(f.runes))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for k, r := range part {
			fmt.Fprintf(&b, "<%04X> <", i+k+1)
			for _, u := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// program makes the TrueType file: the tables that a CIDFontType2 needs
// (ISO 32000-1, 9.9), with a glyph for each height.
func (*font) program() []byte {
	const glyphs = heights + 1 // the first stands for characters that are missing
	be := binary.BigEndian
	words := func(v ...uint16) []byte {
		var b []byte
		for _, n := range v {
			b = be.AppendUint16(b, n)
		}
		return b
	}
	left, right := -overhang, uint16(advance+overhang)
	var glyf []byte
	loca := words(0, 0)
	for h := 1; h < glyphs; h++ {
		top := uint16(h * step)
		glyf = append(glyf, words(1, uint16(left), 0, right, top, // one contour, and the box around it
			1, 0, 0x0101, // its second point is the last, no instructions, both on the curve
			uint16(left), right+overhang, 0, top)...) // x, then y, each from the point before
		loca = append(loca, words(uint16(len(glyf)/2))...)
	}
	tables := []struct {
		tag  string
		data []byte
	}{
		{"glyf", glyf},
		{"head", words(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, // version, revision, checksum to come, magic number
			0, emUnits, 0, 0, 0, 0, 0, 0, 0, 0, // flags, units, made and changed at no time
			uint16(left), 0, right, heights*step, // the box around all glyphs
			0, 8, 2, 0, 0)}, // style, smallest size, direction, short offsets, format
		{"hhea", words(1, 0, emUnits, 0, 0, advance, 0, 0, advance, 1, 0, 0, 0, 0, 0, 0, 0, 1)},
		{"hmtx", append(words(advance, 0), make([]byte, 2*(glyphs-1))...)},
		{"loca", loca},
		{"maxp", words(1, 0, glyphs, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)},
	}
	out := words(1, 0, uint16(len(tables)), 64, 2, uint16(16*len(tables)-64))
	at := len(out) + 16*len(tables)
	var body []byte
	head := 0
	for _, t := range tables {
		if t.tag == "head" {
			head = at + len(body)
		}
		out = append(out, t.tag...)
		out = be.AppendUint32(out, checksum(t.data))
		out = be.AppendUint32(out, uint32(at+len(body)))
		out = be.AppendUint32(out, uint32(len(t.data)))
		body = append(body, t.data...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	out = append(out, body...)
	be.PutUint32(out[head+8:], 0xb1b0afba-checksum(out))
	return out
}

// checksum is that of TrueType tables: the sum of their 32-bit words.
func checksum(b []byte) (sum uint32) {
	for i := 0; i < len(b); i += 4 {
		var w [4]byte
		copy(w[:], b[i:])
		sum += binary.BigEndian.Uint32(w[:])
	}
	return sum
}
