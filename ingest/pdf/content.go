package pdf

import (
	"errors"
	"fmt"
	"math"

	pdflib "github.com/ledongthuc/pdf"
)

// The reader of page contents over ledongthuc/pdf. The library reads files,
// objects, streams, tokens and encodings. Its own walk over a page
// (Page.Content) places no glyph of a composite font, because it knows widths
// of one-byte codes alone, ignores word spacing, and does not enter forms;
// Word, Chromium and LibreOffice write Vietnamese in composite fonts. So the
// walk is done here, over pdflib.Interpret.

// box is what the page shows of its plane, and how it is turned.
type box struct {
	x0, y0, x1, y1 float64
	turn           int // quarter turns clockwise
}

// size returns width and height in points as shown.
func (b box) size() (w, h float64) {
	w, h = b.x1-b.x0, b.y1-b.y0
	if b.turn%2 == 1 {
		w, h = h, w
	}
	return w, h
}

// show maps a point of the page's plane (y upwards) to the page as shown
// (origin at the top left, y downwards).
func (b box) show(x, y float64) (float64, float64) {
	switch b.turn {
	case 1:
		return y - b.y0, x - b.x0
	case 2:
		return b.x1 - x, y - b.y0
	case 3:
		return b.y1 - y, b.x1 - x
	}
	return x - b.x0, b.y1 - y
}

// inherited looks a key up on a page and above it. Damaged files have loops
// there.
func inherited(v pdflib.Value, key string) pdflib.Value {
	for range 64 {
		if r := v.Key(key); !r.IsNull() {
			return r
		}
		if v = v.Key("Parent"); v.IsNull() {
			break
		}
	}
	return pdflib.Value{}
}

func rect(v pdflib.Value) (b box, ok bool) {
	if v.Len() < 4 {
		return box{}, false
	}
	var n [4]float64
	for i := range n {
		n[i] = v.Index(i).Float64()
	}
	b = box{x0: min(n[0], n[2]), y0: min(n[1], n[3]), x1: max(n[0], n[2]), y1: max(n[1], n[3])}
	return b, b.x1-b.x0 > 0 && b.y1-b.y0 > 0
}

func pageBox(page pdflib.Value) box {
	media, ok := rect(inherited(page, "MediaBox"))
	if !ok {
		media = box{x1: 612, y1: 792} // what PDFium takes
	}
	b := media
	if crop, ok := rect(inherited(page, "CropBox")); ok {
		c := box{x0: max(crop.x0, media.x0), y0: max(crop.y0, media.y0), x1: min(crop.x1, media.x1), y1: min(crop.y1, media.y1)}
		if c.x0 < c.x1 && c.y0 < c.y1 {
			b = c
		}
	}
	b.turn = int(((inherited(page, "Rotate").Int64()/90)%4 + 4) % 4)
	return b
}

// contents is what the walk over one page finds.
type contents struct {
	box      box
	glyphs   []glyph
	unmapped int   // characters that the fonts give no text for
	doubt    error // why positions or characters may be wrong; nil when they are right
}

// Bounds on the work for one page. A dense page draws some ten thousand
// glyphs; drawings run to millions of operators, which carry no text.
const (
	maxGlyphs = 300_000
	maxOps    = 20_000_000
	maxForms  = 8
)

var errTooMuch = errors.New("page content without end")

// readPage walks the contents of a page. It panics as the library does; the
// glyphs found before that are in c.
func readPage(page pdflib.Value, c *contents) {
	c.box = pageBox(page)
	w := &walker{out: c, fonts: map[string]*font{}}
	s := state{ctm: unit, hscale: 1}
	w.run(page.Key("Contents"), inherited(page, "Resources"), s, 0)
}

type matrix struct{ a, b, c, d, e, f float64 }

var unit = matrix{a: 1, d: 1}

// then gives the matrix that applies m first.
func (m matrix) then(n matrix) matrix {
	return matrix{
		a: m.a*n.a + m.b*n.c, b: m.a*n.b + m.b*n.d,
		c: m.c*n.a + m.d*n.c, d: m.c*n.b + m.d*n.d,
		e: m.e*n.a + m.f*n.c + n.e, f: m.e*n.b + m.f*n.d + n.f,
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return x*m.a + y*m.c + m.e, x*m.b + y*m.d + m.f
}

// state is the graphics state, as far as text needs it (PDF 32000-1, 9.3).
type state struct {
	ctm, tm, tlm         matrix
	charSpace, wordSpace float64
	hscale, leading      float64
	size, rise           float64
	mode                 int64
	font                 *font
}

type walker struct {
	out   *contents
	fonts map[string]*font // by resource dictionary level and name
	ops   int
	forms int // running number of forms entered: fonts of two forms may share a name
}

func (w *walker) doubt(format string, args ...any) {
	if w.out.doubt == nil {
		w.out.doubt = fmt.Errorf(format, args...)
	}
}

func numbers(args []pdflib.Value, n int) ([6]float64, bool) {
	var out [6]float64
	if len(args) < n {
		return out, false
	}
	for i, a := range args[len(args)-n:] {
		out[i] = a.Float64()
		if math.IsNaN(out[i]) || math.IsInf(out[i], 0) {
			return out, false
		}
	}
	return out, true
}

// run interprets one content stream.
func (w *walker) run(stream, resources pdflib.Value, s state, depth int) {
	level := w.forms
	var saved []state
	if k := stream.Kind(); k != pdflib.Stream && k != pdflib.Array {
		return
	}
	pdflib.Interpret(stream, func(stk *pdflib.Stack, op string) {
		if w.ops++; w.ops > maxOps || len(w.out.glyphs) > maxGlyphs {
			panic(errTooMuch)
		}
		args := make([]pdflib.Value, stk.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stk.Pop()
		}
		switch op {
		case "q":
			if len(saved) < 1000 {
				saved = append(saved, s)
			}
		case "Q":
			if n := len(saved); n > 0 {
				// The text matrices are no part of the graphics state.
				tm, tlm := s.tm, s.tlm
				s = saved[n-1]
				s.tm, s.tlm = tm, tlm
				saved = saved[:n-1]
			}
		case "cm":
			if v, ok := numbers(args, 6); ok {
				s.ctm = matrix{v[0], v[1], v[2], v[3], v[4], v[5]}.then(s.ctm)
			}
		case "gs":
			if len(args) == 1 {
				if f := resources.Key("ExtGState").Key(args[0].Name()).Key("Font"); f.Len() == 2 {
					s.font, s.size = loadFont(f.Index(0)), f.Index(1).Float64()
				}
			}
		case "Tf":
			if len(args) == 2 {
				s.font = w.font(resources, args[0].Name(), level)
				s.size = args[1].Float64()
			}
		case "Do":
			if len(args) == 1 {
				w.form(resources.Key("XObject").Key(args[0].Name()), resources, s, depth)
			}
		case "ID":
			// The library takes the bytes of an inline picture for operators:
			// what follows may be lost.
			w.doubt("inline picture")
		default:
			s.text(op, args)
			w.text(&s, op, args)
		}
	})
}

// text carries out the operators that set how text looks, and where it stands
// (ISO 32000-1, 9.3 and 9.4.2).
func (s *state) text(op string, args []pdflib.Value) {
	switch op {
	case "BT":
		s.tm, s.tlm = unit, unit
	case "Tc":
		set(args, &s.charSpace)
	case "Tw":
		set(args, &s.wordSpace)
	case "TL":
		set(args, &s.leading)
	case "Ts":
		set(args, &s.rise)
	case "Tz":
		if v, ok := numbers(args, 1); ok {
			s.hscale = v[0] / 100
		}
	case "Tr":
		if len(args) == 1 {
			s.mode = args[0].Int64()
		}
	case "Tm":
		if v, ok := numbers(args, 6); ok {
			s.tlm = matrix{v[0], v[1], v[2], v[3], v[4], v[5]}
			s.tm = s.tlm
		}
	case "Td", "TD":
		if v, ok := numbers(args, 2); ok {
			if op == "TD" {
				s.leading = -v[1]
			}
			s.move(v[0], v[1])
		}
	case "T*":
		s.move(0, -s.leading)
	}
}

// text carries out the operators that show text (9.4.3).
func (w *walker) text(s *state, op string, args []pdflib.Value) {
	switch op {
	case "Tj":
		if len(args) > 0 {
			w.show(s, args[len(args)-1].RawString())
		}
	case "'", `"`:
		if op == `"` && len(args) == 3 {
			s.wordSpace, s.charSpace = args[0].Float64(), args[1].Float64()
		}
		s.move(0, -s.leading)
		if len(args) > 0 {
			w.show(s, args[len(args)-1].RawString())
		}
	case "TJ":
		if len(args) == 0 {
			return
		}
		v := args[len(args)-1]
		for i := range v.Len() {
			x := v.Index(i)
			if x.Kind() == pdflib.String {
				w.show(s, x.RawString())
			} else {
				s.advance(-x.Float64() / 1000 * s.size)
			}
		}
	}
}

func set(args []pdflib.Value, to *float64) {
	if v, ok := numbers(args, 1); ok {
		*to = v[0]
	}
}

func (s *state) move(x, y float64) {
	s.tlm = matrix{1, 0, 0, 1, x, y}.then(s.tlm)
	s.tm = s.tlm
}

// advance moves along the line by x, in text space before horizontal scaling.
func (s *state) advance(x float64) {
	s.tm = matrix{1, 0, 0, 1, x * s.hscale, 0}.then(s.tm)
}

func (w *walker) form(v, outer pdflib.Value, s state, depth int) {
	if v.Kind() != pdflib.Stream || v.Key("Subtype").Name() != "Form" {
		return
	}
	if depth >= maxForms {
		panic(errTooMuch)
	}
	if m := v.Key("Matrix"); m.Len() == 6 {
		var f [6]float64
		for i := range f {
			f[i] = m.Index(i).Float64()
		}
		s.ctm = matrix{f[0], f[1], f[2], f[3], f[4], f[5]}.then(s.ctm)
	}
	if own := v.Key("Resources"); !own.IsNull() {
		outer = own
	}
	w.forms++
	w.run(v, outer, s, depth+1)
}

func (w *walker) font(resources pdflib.Value, name string, level int) *font {
	key := fmt.Sprint(level, "/", name)
	if f, ok := w.fonts[key]; ok {
		return f
	}
	f := loadFont(resources.Key("Font").Key(name))
	w.fonts[key] = f
	return f
}

// show puts the glyphs of a string on the page (PDF 32000-1, 9.4.4).
func (w *walker) show(s *state, raw string) {
	f := s.font
	if f == nil {
		w.doubt("text without a font")
		return
	}
	if f.doubt != "" {
		w.doubt("font %s: %s", f.name, f.doubt)
	}
	for len(raw) > 0 {
		code, n := f.next(raw)
		text := f.text(code, raw[:n])
		width := f.width(code)
		m := matrix{s.size * s.hscale, 0, 0, s.size, 0, s.rise}.then(s.tm).then(s.ctm)
		w.put(f, text, width, m, s.mode)
		tx := width*s.size + s.charSpace
		if n == 1 && raw[0] == ' ' {
			tx += s.wordSpace
		}
		s.advance(tx)
		raw = raw[n:]
	}
}

// put adds a glyph: m maps its space, in which the font is 1 high, to the page.
func (w *walker) put(f *font, text string, width float64, m matrix, mode int64) {
	if text == "" {
		w.out.unmapped++
		text = "\ufffd"
	}
	b := w.out.box
	corner := func(x, y float64) (float64, float64) { return b.show(m.apply(x, y)) }
	g := glyph{text: text, font: f.name, invisible: mode == 3 || mode == 7}
	g.ox, g.oy = corner(0, 0)
	x1, y1 := corner(width, f.descent)
	x2, y2 := corner(0, f.ascent)
	x3, y3 := corner(width, f.ascent)
	x4, y4 := corner(0, f.descent)
	g.x0, g.x1 = min(x1, x2, x3, x4), max(x1, x2, x3, x4)
	g.y0, g.y1 = min(y1, y2, y3, y4), max(y1, y2, y3, y4)
	ux, uy := corner(0, 1)
	g.size = math.Hypot(ux-g.ox, uy-g.oy)
	dx, dy := corner(1, 0)
	g.turn = quarter(dx-g.ox, dy-g.oy)
	if bad(g.x0) || bad(g.x1) || bad(g.y0) || bad(g.y1) || !(g.size > 0) {
		return
	}
	w.out.glyphs = append(w.out.glyphs, g)
}

func bad(v float64) bool { return math.IsNaN(v) || math.Abs(v) > 1e6 }

// quarter gives the quarter turns clockwise of a direction on the shown page.
func quarter(dx, dy float64) int {
	switch {
	case math.Abs(dx) >= math.Abs(dy) && dx >= 0:
		return 0
	case math.Abs(dx) >= math.Abs(dy):
		return 2
	case dy > 0:
		return 1
	}
	return 3
}
