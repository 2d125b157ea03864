package scan

import (
	"cmp"
	_ "embed"
	"image"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/sohoa/sohoa/schema"
)

// Engines that read lines want a line. Of a "4" alone in a cell they make
// nothing, of a bold "II" an "H", and of "29" a "2": many cells of a few
// characters are misread that a child reads. Such a token has few
// pieces, each of one of few shapes, so its pieces are compared with the same
// characters drawn in the faces of office paper. What is not clearly nearer to
// one than to all others is left to the engine.

//go:generate go run gen_glyphs.go

//go:embed glyphs.bin
var glyphData []byte

// InkLevel is the lightness below which a pixel of a whitened page is ink.
const InkLevel = inkLevel

// A shape is the picture of a glyph brought to shapeW×shapeH squares of 16
// levels, packed two to a byte, behind its proportions.
const (
	shapeW, shapeH = 12, 16
	shapeBytes     = 2 + shapeW*shapeH/2
)

// glyph is a character, or a numeral whose serifs touch, as one face draws it.
type glyph struct {
	text  string
	shape shape
}

// shape is what a piece of print looks like, at any size.
type shape struct {
	aspect float64 // natural logarithm of width by height
	rise   float64 // height in heights of small letters
	dark   [shapeW * shapeH]uint8
}

// glyphs returns the shapes that the program knows.
var glyphs = sync.OnceValue(func() []glyph {
	var out []glyph
	for b := glyphData; len(b) > 0; {
		n := int(b[0])
		g := glyph{text: string(b[1 : 1+n])}
		b = b[1+n:]
		g.shape = unpackShape(b[:shapeBytes])
		b = b[shapeBytes:]
		out = append(out, g)
	}
	return out
})

// GlyphShape returns the shape of the print in a box of a page on which small
// letters are x pixels high, as glyphs.bin keeps it.
func GlyphShape(g *image.Gray, box image.Rectangle, x int) []byte {
	s := shapeOf(g, schema.Box{X0: box.Min.X, Y0: box.Min.Y, X1: box.Max.X, Y1: box.Max.Y}, x)
	out := []byte{uint8(math.Round(s.aspect*32 + 128)), uint8(math.Round(s.rise * 64))}
	for i := 0; i < len(s.dark); i += 2 {
		out = append(out, s.dark[i]<<4|s.dark[i+1])
	}
	return out
}

func unpackShape(b []byte) (s shape) {
	s.aspect, s.rise = (float64(b[0])-128)/32, float64(b[1])/64
	for i, v := range b[2:shapeBytes] {
		s.dark[2*i], s.dark[2*i+1] = v>>4, v&15
	}
	return s
}

// shapeOf averages the darkness of the box over the squares of a shape, the
// darkest square as 15.
func shapeOf(g *image.Gray, b schema.Box, x int) (s shape) {
	w, h := b.Width(), b.Height()
	s.aspect = math.Log(float64(w) / float64(h))
	s.rise = min(float64(h)/float64(max(x, 1)), 3.9)
	var mean [shapeW * shapeH]float64
	most := 1.0
	for i := range shapeH {
		y0, y1 := float64(h*i)/shapeH, float64(h*(i+1))/shapeH
		for k := range shapeW {
			x0, x1 := float64(w*k)/shapeW, float64(w*(k+1))/shapeW
			sum := 0.0
			for y := int(y0); float64(y) < y1; y++ {
				fy := min(float64(y+1), y1) - max(float64(y), y0)
				row := g.Pix[g.PixOffset(g.Rect.Min.X+b.X0, g.Rect.Min.Y+b.Y0+y):]
				for x := int(x0); float64(x) < x1; x++ {
					sum += fy * (min(float64(x+1), x1) - max(float64(x), x0)) * float64(255-row[x])
				}
			}
			mean[i*shapeW+k] = sum / ((y1 - y0) * (x1 - x0))
			most = max(most, mean[i*shapeW+k])
		}
	}
	for i, v := range mean {
		s.dark[i] = uint8(v*15/most + 0.5)
	}
	return s
}

// distance is the mean difference of the squares, in parts of full darkness,
// and what the proportions differ by.
func (s *shape) distance(o *shape) float64 {
	sum := 0
	for i, v := range s.dark {
		d := int(v) - int(o.dark[i])
		sum += d * d
	}
	return math.Sqrt(float64(sum)/(15*15*shapeW*shapeH)) + 0.25*math.Abs(s.aspect-o.aspect) + 0.1*math.Abs(s.rise-o.rise)
}

// verdict is what a piece of print may be, and how far it is from that.
type verdict map[string]float64

// verdictOn compares a piece with all shapes.
func verdictOn(s *shape) verdict {
	v := verdict{}
	for i := range glyphs() {
		g := &glyphs()[i]
		d := s.distance(&g.shape)
		if k, ok := v[g.text]; !ok || d < k {
			v[g.text] = d
		}
	}
	return v
}

// among returns the nearest text that is picked, and the distance of the next
// that is picked too.
func (v verdict) among(pick func(string) bool) (text string, d, next float64) {
	d, next = math.Inf(1), math.Inf(1)
	for t, k := range v {
		switch {
		case !pick(t):
		case k < d || k == d && t < text:
			text, d, next = t, k, d
		default:
			next = min(next, k)
		}
	}
	return text, d, next
}

// Kinds of pieces that one token is made of.
func anyText(string) bool       { return true }
func digit(t string) bool       { return t[0] >= '0' && t[0] <= '9' }
func numeralPart(t string) bool { return strings.Trim(t, "IVX") == "" }
func capital(t string) bool     { return t == "Đ" || len(t) == 1 && t[0] >= 'A' && t[0] <= 'H' }

// tokens are what [Sheet.Token] may answer from shapes. A lone stop or comma
// that is lost or taken for the other changes an amount tenfold, so numbers
// that have one are none of its business; nor are those of bare strokes, which
// [Sheet.numeral] knows better.
var (
	tokens  = regexp.MustCompile(`^([0-9]{1,3}|X{0,2}(IX|IV|V?I{0,3})|[A-HĐ])$`)
	strokes = regexp.MustCompile(`^[1I]+$`)
)

// How near a piece must be, how much nearer than the next of its kind, and how
// much farther than one of another kind it may be: a bold 8 is as near to a B.
const (
	nearEnough   = 0.30
	clearerBy    = 0.90
	kindSlack    = 1.10
	coarse       = 17   // pixels, of digits: 12 pt type at 150 dpi; for what is lower
	coarseEnough = 0.23 // it must be so near
	coarseBy     = 0.80 // and so much nearer
	sureCapital  = 0.22 // for a letter, which a broken digit may resemble
	barSlack     = 1.50 // for a 1 beside another digit: bars are alike
)

// Token reads what stands alone in a small cell by the shapes of its pieces,
// when it is a number of up to three digits, a numeral or a lone capital and
// plain to see. It returns "" for everything else, and for what it is not sure
// of.
func (s *Sheet) Token(b schema.Box) (string, schema.Box) {
	if t, at := s.numeral(b); t != "" {
		return t, at
	}
	ink := s.Ink(b)
	x := s.xHeight()
	if ink.Empty() || x <= 0 || ink.Height()*100 > 175*x || ink.Height()*100 < 120*x || ink.Width() > 5*x {
		return "", schema.Box{}
	}
	// Thin strokes fall apart at the usual level of ink. What is left of them
	// may look like another digit, so both levels must not disagree.
	whole := s.Whole(ink, b)
	strict, pale := s.shaped(s.pieces(ink, inkLevel), x), s.shaped(s.pieces(whole, paleLevel), x)
	switch {
	case strict == "" || whole != ink && pale != "":
		strict = pale
	case pale != "" && pale != strict:
		strict = ""
	}
	if strict == "" {
		return "", schema.Box{}
	}
	return strict, whole
}

// Whole returns the box of print with the pale parts that hang on to it, as far
// as they lie in the cell: of a thin stroke only some parts may count as ink.
func (s *Sheet) Whole(ink, cell schema.Box) schema.Box {
	h := ink.Height()
	near := max(s.DPI/50, 2)
	room := cell.Inset(max(s.DPI/60, 2)).Intersect(ink.Inset(-h * 6 / 10))
	if ink.Empty() || room.Empty() {
		return ink
	}
	parts := s.part(room, paleLevel).blobs()
	out := ink
	for again := true; again; {
		again = false
		for _, p := range parts {
			b := schema.Box{X0: room.X0 + p.x0, Y0: room.Y0 + p.y0, X1: room.X0 + p.x1, Y1: room.Y0 + p.y1}
			if p.area*40000 <= 4*s.DPI*s.DPI || out.Union(b) == out || out.Inset(-near).Intersect(b).Empty() {
				continue
			}
			out, again = out.Union(b), true
		}
	}
	return out
}

// shaped reads pieces by their shapes; x is the height of small letters.
func (s *Sheet) shaped(parts []schema.Box, x int) string {
	if len(parts) == 0 || len(parts) > 5 {
		return ""
	}
	var read []verdict
	for i, p := range parts {
		// A lower piece is a mark or dirt; a gap may hold a stop that was lost.
		if p.Height()*100 < 120*x || abs(p.Y1-parts[0].Y1) > max(x/6, 1) ||
			i > 0 && p.X0-parts[i-1].X1 > x*6/10 {
			return ""
		}
		form := shapeOf(s.Gray, p, x)
		read = append(read, verdictOn(&form))
	}
	enough, clearer := nearEnough, clearerBy
	if parts[0].Height() < coarse {
		enough, clearer = coarseEnough, coarseBy
	}
	// Each kind of token is tried: its pieces are all of that kind.
	best, least := "", math.Inf(1)
	for _, kind := range []func(string) bool{digit, numeralPart, capital} {
		text, sum, fits := "", 0.0, true
		for _, v := range read {
			t, d, next := v.among(kind)
			free, least, _ := v.among(anyText)
			slack := kindSlack
			if t == "1" && len(read) > 1 && (free == "I" || free == "J" || free == "t") {
				slack = barSlack
			}
			fits = fits && d <= enough && d <= clearer*next && d <= slack*least
			text, sum = text+t, sum+min(d, slack*least)
		}
		if !fits || !tokens.MatchString(text) {
			continue
		}
		switch {
		case sum < least*clearerBy:
			best, least = text, sum
		case sum*clearerBy < least:
			best, least = "", min(sum, least) // one kind is as good as the other
		}
	}
	if strokes.MatchString(best) || capital(best) && least > sureCapital {
		return ""
	}
	return best
}

// pieces returns the parts of a box that white columns keep apart, from left
// to right: pieces of what is darker than level, those above each other as one.
func (s *Sheet) pieces(b schema.Box, level uint8) []schema.Box {
	var out []schema.Box
	for _, p := range s.part(b, level).blobs() {
		if p.area*40000 > 4*s.DPI*s.DPI { // no grain
			out = append(out, schema.Box{X0: b.X0 + p.x0, Y0: b.Y0 + p.y0, X1: b.X0 + p.x1, Y1: b.Y0 + p.y1})
		}
	}
	slices.SortFunc(out, func(a, b schema.Box) int { return cmp.Or(cmp.Compare(a.X0, b.X0), cmp.Compare(a.Y0, b.Y0)) })
	merged := out[:0]
	for _, p := range out {
		if k := len(merged) - 1; k >= 0 {
			over := min(merged[k].X1, p.X1) - max(merged[k].X0, p.X0)
			if over*2 > min(merged[k].Width(), p.Width()) {
				merged[k] = merged[k].Union(p)
				continue
			}
		}
		merged = append(merged, p)
	}
	return merged
}

// Printed tells how far the digits in a box are from printed ones: the mean
// distance of its pieces from the nearest digit of the faces that Token knows,
// 0 for the drawings themselves, 0.14 to 0.34 for print on scanned pages, more
// for handwriting. It returns 0 when nothing there is as high as a small letter.
func (s *Sheet) Printed(b schema.Box) float64 {
	x := s.xHeight()
	ink := s.Ink(b)
	if ink.Empty() || x <= 0 {
		return 0
	}
	sum, n := 0.0, 0.0
	for _, p := range s.pieces(ink, paleLevel) {
		if p.Height() < x {
			continue
		}
		form := shapeOf(s.Gray, p, x)
		_, d, _ := verdictOn(&form).among(digit)
		sum, n = sum+d, n+1
	}
	return sum / max(n, 1)
}
