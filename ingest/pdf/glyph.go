package pdf

import (
	"cmp"
	"math"
	"slices"
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
	wordGap  = 0.16
	lineGap  = 1.5
	sameLine = 0.35 // baselines of raised and lowered letters differ by this much
	stepBack = 0.6  // kerning and marks go back a little; more is another run
	touching = 0.15 // two runs this near are parts of one
	twice    = 0.12 // fake bold puts a letter twice, this near
)

// layout turns glyphs, in the order in which the page draws them, into lines
// of words with boxes in pixels: sx and sy are pixels a point. The order of
// drawing is the order of the text in all common producers, cell by cell in
// tables, so it is kept for lines. Within a line it is not: letters that the
// font lacks are drawn after the line, from another font.
func layout(glyphs []glyph, sx, sy float64) []schema.Line {
	px := func(v, s float64, round func(float64) float64) int {
		return int(round(min(1e6, max(-1e6, v*s))))
	}
	var out []schema.Line
	for _, r := range joined(cut(glyphs)) {
		for _, words := range r.lines() {
			var line schema.Line
			for _, w := range words {
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
	}
	return out
}

// run is a sequence of glyphs on one line of text.
type run struct {
	glyphs   []*glyph
	turn     int
	base     float64 // across the line: where its baseline is
	height   float64
	from, to float64 // along the line
}

func (r *run) add(g *glyph) {
	from, to := g.span()
	if len(r.glyphs) == 0 {
		*r = run{turn: g.turn, base: across(g.turn, g.ox, g.oy), height: g.size, from: from, to: to}
	}
	r.glyphs = append(r.glyphs, g)
	r.height = max(r.height, g.size)
	r.from, r.to = min(r.from, from), max(r.to, to)
}

// cut cuts the glyphs into runs where the drawing goes on elsewhere.
func cut(glyphs []glyph) []*run {
	var runs []*run
	var r *run
	for i := range glyphs {
		g := &glyphs[i]
		if r != nil {
			from, _ := g.span()
			h := max(1, min(g.size, r.height))
			rise := math.Abs(across(g.turn, g.ox, g.oy) - r.base)
			switch {
			case combining(g.text) && rise < h:
				// Marks drawn over their letter stand anywhere around it.
			case g.turn != r.turn, rise > sameLine*h, from-r.to > lineGap*h, from-r.to < -stepBack*h:
				r = nil
			}
		}
		if r == nil {
			if blanks(g.text) {
				continue // a run does not begin with spaces
			}
			r = &run{}
			runs = append(runs, r)
		}
		r.add(g)
	}
	return runs
}

// joined joins runs that are parts of one line: that stand on one baseline and
// overlap or touch. The result stands in the order of its first parts.
func joined(runs []*run) []*run {
	order := make([]int, len(runs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := runs[a], runs[b]
		return cmp.Or(cmp.Compare(x.turn, y.turn), cmp.Compare(x.base, y.base))
	})
	into := make([]int, len(runs)) // which run a run went into
	for i := range into {
		into[i] = i
	}
	root := func(i int) int {
		for into[i] != i {
			i = into[i]
		}
		return i
	}
	for changed, rounds := true, 0; changed && rounds < 8; rounds++ {
		changed = false
		for k, i := range order {
			if into[i] != i {
				continue
			}
			for _, j := range order[k+1:] {
				a, b := runs[root(i)], runs[j]
				h := max(1, min(a.height, b.height))
				if b.turn != a.turn || b.base-runs[i].base > sameLine*max(a.height, b.height) {
					break
				}
				if into[j] != j || root(i) == j || math.Abs(a.base-b.base) > sameLine*h {
					continue
				}
				if b.from-a.to > touching*h || a.from-b.to > touching*h {
					continue
				}
				first, second := root(i), j
				if second < first {
					first, second = second, first
				}
				runs[first].take(runs[second])
				into[second] = first
				changed = true
				if second == i {
					break
				}
			}
		}
	}
	var out []*run
	for i, r := range runs {
		if into[i] == i {
			out = append(out, r)
		}
	}
	return out
}

// take adds the glyphs of another run, but not those that r has at the same
// place: text printed twice looks bold.
func (r *run) take(o *run) {
	for _, g := range o.glyphs {
		if !slices.ContainsFunc(r.glyphs, g.doubles) {
			r.add(g)
		}
	}
}

// doubles reports whether g is o once more.
func (g *glyph) doubles(o *glyph) bool {
	return g.text == o.text && math.Abs(g.ox-o.ox) < twice*g.size && math.Abs(g.oy-o.oy) < twice*g.size
}

// word is a word being built.
type word struct {
	text           strings.Builder
	x0, y0, x1, y1 float64
	font           string
	runes          map[string]int // characters by font: the word's font is that of most
}

func (w *word) add(g *glyph) {
	if w.runes == nil {
		w.x0, w.y0, w.x1, w.y1 = g.x0, g.y0, g.x1, g.y1
		w.runes, w.font = map[string]int{}, g.font
	}
	w.text.WriteString(strings.Map(printable, g.text))
	w.x0, w.y0, w.x1, w.y1 = min(w.x0, g.x0), min(w.y0, g.y0), max(w.x1, g.x1), max(w.y1, g.y1)
	if w.runes[g.font]++; w.runes[g.font] > w.runes[w.font] {
		w.font = g.font
	}
}

// lines cuts a run into words, and into lines where a gap is wide enough for
// two columns.
func (r *run) lines() (out [][]*word) {
	slices.SortStableFunc(r.glyphs, func(a, b *glyph) int {
		return cmp.Compare(along(r.turn, a.ox, a.oy), along(r.turn, b.ox, b.oy))
	})
	var line []*word
	w := &word{}
	endWord := func() {
		if w.text.Len() > 0 {
			line = append(line, w)
		}
		w = &word{}
	}
	var last *glyph
	var end float64
	for _, g := range r.glyphs {
		from, to := g.span()
		if last != nil && !combining(g.text) {
			if g.doubles(last) && !blanks(g.text) {
				continue
			}
			switch h := max(1, min(g.size, last.size)); {
			case from-end > lineGap*h:
				endWord()
				if len(line) > 0 {
					out = append(out, line)
				}
				line = nil
			case from-end > wordGap*h:
				endWord()
			}
		}
		if blanks(g.text) {
			endWord()
		} else {
			w.add(g)
		}
		if last == nil || to > end {
			end = to
		}
		last = g
	}
	endWord()
	if len(line) > 0 {
		out = append(out, line)
	}
	return out
}

func blanks(s string) bool { return strings.TrimFunc(s, blank) == "" }

// blank recognises what draws nothing. A soft hyphen in a page's content is
// drawn: the fonts of TCVN3 show it as "ư", others as a hyphen.
func blank(r rune) bool {
	return unicode.IsSpace(r) || r == 0 || r == '\u200b' || r == '\ufeff'
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
