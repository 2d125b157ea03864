package pdf

import (
	"math"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/schema"
)

// glyph is a character placed on a page. Coordinates are points of the page as
// it is shown, origin at the top left, y growing downwards.
type glyph struct {
	text           string // one character, rarely more: ligatures
	x0, y0, x1, y1 float64
	ox, oy         float64 // where its baseline begins
	size           float64 // height of the font, in points
	turn           int     // quarter turns clockwise that the line of text is turned by
	font           string
	invisible      bool // drawn with no ink: the earlier OCR of a scan
}

// along and across give a point's place along the line of text and across it
// (growing downwards for a reader of the line).
func along(turn int, x, y float64) float64 {
	switch turn {
	case 1:
		return y
	case 2:
		return -x
	case 3:
		return -y
	}
	return x
}

func across(turn int, x, y float64) float64 {
	switch turn {
	case 1:
		return -x
	case 2:
		return -y
	case 3:
		return x
	}
	return y
}

// span gives the interval of the glyph's box along its line.
func (g *glyph) span() (from, to float64) {
	a, b := along(g.turn, g.x0, g.y0), along(g.turn, g.x1, g.y1)
	return min(a, b), max(a, b)
}

// Distances in font heights. A gap between words is about 0.25 of a font's
// height, and letter spacing rarely passes 0.1; words of one line that stand
// further apart than a line's height belong to two columns.
const (
	wordGap   = 0.16
	lineGap   = 1.5
	sameLine  = 0.35 // baselines of raised and lowered letters differ by this much
	stepBack  = 0.6  // kerning and marks go back a little; more is another line
	doublePut = 0.12 // fake bold puts a letter twice, this near
)

// layout turns glyphs, in the order in which the page draws them, into lines
// of words with boxes in pixels: sx and sy are pixels a point. The order of
// drawing is the order of the text in all common producers, cell by cell in
// tables, so it is kept.
func layout(glyphs []glyph, sx, sy float64) []schema.Line {
	var b builder
	for i := range glyphs {
		b.add(&glyphs[i])
	}
	b.endLine()
	px := func(v, s float64, round func(float64) float64) int {
		return int(round(min(1e6, max(-1e6, v*s))))
	}
	out := make([]schema.Line, 0, len(b.lines))
	for _, l := range b.lines {
		var line schema.Line
		for _, w := range l {
			box := schema.Box{
				X0: px(w.x0, sx, math.Floor), Y0: px(w.y0, sy, math.Floor),
				X1: px(w.x1, sx, math.Ceil), Y1: px(w.y1, sy, math.Ceil),
			}
			text := w.text.String()
			line.Words = append(line.Words, schema.Word{Text: text, Raw: text, Box: box, Confidence: 1, Font: w.font})
			line.Box = line.Box.Union(box)
		}
		out = append(out, line)
	}
	return out
}

// word is a word being built.
type word struct {
	text           strings.Builder
	x0, y0, x1, y1 float64
	font           string
	runes          map[string]int // characters by font: the word's font is that of most
}

// builder collects words and lines.
type builder struct {
	lines [][]*word
	line  []*word
	word  *word
	last  *glyph  // the last one put, or the last space
	end   float64 // how far the line reaches
	space bool    // a space came since the last word
}

func (b *builder) add(g *glyph) {
	if b.last != nil {
		from, to := g.span()
		h := max(1, min(g.size, b.last.size))
		gap := from - b.end
		rise := math.Abs(across(g.turn, g.ox, g.oy) - across(b.last.turn, b.last.ox, b.last.oy))
		switch {
		case combining(g.text) && b.word != nil && rise < h:
			// Marks drawn over their letter stand anywhere around it.
		case g.turn != b.last.turn, rise > max(sameLine*h, sameLine*min(g.size, b.last.size)), gap > lineGap*h, gap < -stepBack*h && to < b.end-stepBack*h:
			if b.twice(g) {
				return
			}
			b.endLine()
		case b.twice(g):
			return
		case gap > wordGap*h:
			b.endWord()
		}
	}
	_, to := g.span()
	if strings.TrimFunc(g.text, blank) == "" {
		b.endWord()
		// A space moves the end on, so that wide gaps made of spaces stay
		// one line; it may not stand alone at the start of one.
		if b.last != nil {
			b.end = max(b.end, to)
			b.last = g
		}
		return
	}
	if b.word == nil {
		b.word = &word{x0: g.x0, y0: g.y0, x1: g.x1, y1: g.y1, font: g.font, runes: map[string]int{}}
	}
	w := b.word
	w.text.WriteString(strings.Map(printable, g.text))
	w.x0, w.y0, w.x1, w.y1 = min(w.x0, g.x0), min(w.y0, g.y0), max(w.x1, g.x1), max(w.y1, g.y1)
	if w.runes[g.font]++; w.runes[g.font] > w.runes[w.font] {
		w.font = g.font
	}
	if b.last == nil {
		b.end = to
	}
	b.end = max(b.end, to)
	b.last = g
}

// twice reports whether g is the letter just put, put again for a bold look.
func (b *builder) twice(g *glyph) bool {
	l := b.last
	return l != nil && l != g && l.text == g.text && l.font == g.font && strings.TrimFunc(g.text, blank) != "" &&
		math.Abs(l.ox-g.ox) < doublePut*g.size && math.Abs(l.oy-g.oy) < doublePut*g.size
}

func (b *builder) endWord() {
	if b.word != nil && b.word.text.Len() > 0 {
		b.line = append(b.line, b.word)
	}
	b.word = nil
}

func (b *builder) endLine() {
	b.endWord()
	if len(b.line) > 0 && !b.again() {
		b.lines = append(b.lines, b.line)
	}
	b.line, b.last, b.end = nil, nil, 0
}

// again reports whether the line is the one before it once more, a hair's
// breadth away: bold made by printing twice.
func (b *builder) again() bool {
	if len(b.lines) == 0 {
		return false
	}
	prev := b.lines[len(b.lines)-1]
	if len(prev) != len(b.line) {
		return false
	}
	for i, w := range b.line {
		p := prev[i]
		near := doublePut * (w.y1 - w.y0)
		if p.text.String() != w.text.String() || math.Abs(p.x0-w.x0) > near || math.Abs(p.y0-w.y0) > near {
			return false
		}
	}
	return true
}

func blank(r rune) bool {
	return unicode.IsSpace(r) || r == 0 || r == '\u200b' || r == '\ufeff' || r == '\u00ad'
}

// printable drops what is no character: nulls of broken maps, zero-width marks.
func printable(r rune) rune {
	if r < ' ' || r == 0x7f || r == '\u200b' || r == '\ufeff' {
		return -1
	}
	return r
}

func combining(s string) bool {
	for _, r := range s {
		return unicode.Is(unicode.Mn, r)
	}
	return false
}
