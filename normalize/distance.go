package normalize

import (
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Costs of [Distance], in units of one wrong letter. Confusions that OCR makes
// all the time cost little, so that a damaged head stays near its right form
// while another head of the same length does not come near.
//
// They are counted in whole parts of a letter: that is twice as quick as with
// fractions, and no rounding decides whether a limit is kept.
const (
	costLetter   = LetterParts
	costConfused = 5 // letters of one class of [FoldOCR], and the pairs below
	costGlyphs   = 8 // several letters for one: "rn" for "m"
	costSpace    = 6 // a space lost or put in
	costSign     = 8 // punctuation lost or put in
)

// LetterParts are the parts of a letter that costs are counted in.
const LetterParts = 20

// beyond is more than any distance that is within a limit.
const beyond = math.MaxInt32 / 2

// inLetters turns a cost into letters, +Inf what is beyond the limit.
func inLetters(cost int32) float64 {
	if cost >= beyond {
		return math.Inf(1)
	}
	return float64(cost) / costLetter
}

// inParts turns a limit in letters into the highest cost that keeps it.
func inParts(limit float64) int32 {
	return int32(max(-1, min(math.Floor(limit*costLetter+1e-6), beyond-1)))
}

// likeLetters are pairs of folded letters that OCR confuses in Vietnamese
// text, most of them because a mark changed the letter's look.
var likeLetters = symmetric("ae ac ao co ce eo eg oa dp do db oq o6 e6 a4 u1 dt g9 gq yv uv uw vw yt tl rt ft nu nm hb iy s8 s6 b6 b8 z2 dj")

// likeGlyphs are groups of folded letters that look like one other letter.
var likeGlyphs = map[string]string{
	"rn": "m", "nn": "m", "ri": "n", "ii": "u", "li": "u", "il": "u", "ir": "u",
	"tr": "u", "it": "u", "ti": "u", "vv": "w", "cl": "d", "dp": "d", "bd": "d",
	"ct": "c", "uo": "w", "u'": "u", "o'": "o", "d'": "d",
}

func symmetric(pairs string) map[[2]rune]bool {
	set := make(map[[2]rune]bool)
	for _, p := range strings.Fields(pairs) {
		if r := []rune(Fold(p)); len(r) == 2 {
			set[[2]rune{r[0], r[1]}] = true
			set[[2]rune{r[1], r[0]}] = true
		}
	}
	return set
}

// Distance returns the weighted edit distance between the folded forms of a
// and b, in letters: 0 for equal forms, about 1 for each letter that is wrong,
// missing or too many, less for what OCR often confuses. Runs of white space
// count as one space. It is symmetric.
func Distance(a, b string) float64 {
	d, _ := DistanceWithin(a, b, math.Inf(1))
	return d
}

// DistanceWithin is [Distance] for callers who care for near texts only: it
// gives up, with false, as soon as the distance must be more than limit.
func DistanceWithin(a, b string, limit float64) (float64, bool) {
	if a == b {
		return 0, true
	}
	var near, far [64]rune
	x, y := foldInto(near[:0], a), foldInto(far[:0], b)
	if slices.Equal(x, y) {
		return 0, true
	}
	var d [1]float64
	PrefixDistances(x, y, []int{len(x)}, limit, d[:])
	return d[0], d[0] <= limit
}

// PrefixDistances sets d[k] to the distance of x[:ends[k]] from y, all of them
// for little more than the last one costs; where one must be more than limit it
// may set +Inf. x and y are folded, with one space between words; ends ascend.
func PrefixDistances(x, y []rune, ends []int, limit float64, d []float64) {
	var near [64]column
	prefixDistances(x, newWording(near[:0], y), ends, limit, d)
}

// A Wording is a folded text that is prepared to be compared with many others.
type Wording struct {
	columns []column // one before the text, and those of its letters
	letters runeSet
	glyphs  runeSet // letters that two neighbours look like
	plain   bool    // it is of ASCII
	quick   *quick  // nil where it cannot tell
}

// A runeSet has a bit for each of 32 runes, which others share.
type runeSet uint32

func bitOf(r rune) runeSet { return 1 << (r & 31) }

// NewWording prepares a folded text, with one space between words.
func NewWording(y []rune) Wording {
	w := newWording(make([]column, 0, len(y)+1), y)
	w.quick = newQuick(&w)
	return w
}

// newWording is [NewWording] with room for the columns.
func newWording(room []column, y []rune) Wording {
	w := Wording{columns: append(room[:0], column{glyph: none}), plain: true}
	for j, r := range y {
		c := column{letter: r, glyph: none, gap: gapCost(r)}
		if j > 0 {
			c.glyph = likeGlyph(y[j-1], r)
		}
		c.lost = w.columns[j].lost + c.gap
		w.columns = append(w.columns, c)
		w.plain = w.plain && r < 128
		w.letters |= bitOf(r)
		if c.glyph != none {
			w.glyphs |= bitOf(c.glyph)
		}
	}
	return w
}

// PrefixDistances is the function [PrefixDistances] with the wording for y.
func (w *Wording) PrefixDistances(x []rune, ends []int, limit float64, d []float64) {
	if w.quick != nil && w.quick.beyond(w, x, ends, inParts(limit)) {
		for k := range ends {
			d[k] = math.Inf(1)
		}
		return
	}
	prefixDistances(x, *w, ends, limit, d)
}

// DistancesBetween calls f for each k with what tells x[:ends[k]] from the beginnings
// of y, until it returns false or nothing is within the limit any more: costs[j] is
// the distance from y[:from+j] in parts of a letter, [LetterParts] to one. Beginnings
// that are not among them are beyond the limit, in letters; some that are may be, too.
// The costs are valid during the call only. x and y are folded; ends ascend from at
// least 1.
func DistancesBetween(x, y []rune, ends []int, limit float64, f func(k, from int, costs []int32) bool) {
	r := rooms.Get().(*room) // the costs that f is given keep it from the stack
	defer rooms.Put(r)
	b := newBand(newWording(r.columns[:0], y), r.cells[:], inParts(limit))
	for i, k := 1, 0; k < len(ends) && b.alive(); i++ {
		row := b.next(x, i)
		for ; k < len(ends) && ends[k] == i; k++ {
			if !f(k, b.low, row[min(b.low, b.high+1):b.high+1]) {
				return
			}
		}
	}
}

// A room is what a table of distances between a text and beginnings of another needs.
type room struct {
	columns [72]column
	cells   [3 * 72]int32
}

var rooms = sync.Pool{New: func() any { return new(room) }}

func prefixDistances(x []rune, y Wording, ends []int, limit float64, d []float64) {
	var room [3 * 64]int32
	b := newBand(y, room[:], inParts(limit))
	last := len(y.columns) - 1
	for len(ends) > 0 && ends[0] == 0 {
		d[0] = inLetters(b.rows[0][last])
		ends, d = ends[1:], d[1:]
	}
	for i := 1; len(ends) > 0 && b.alive(); i++ {
		row := b.next(x, i)
		for len(ends) > 0 && ends[0] == i {
			d[0] = math.Inf(1)
			if b.high == last {
				d[0] = inLetters(row[last])
			}
			ends, d = ends[1:], d[1:]
		}
	}
	for k := range ends {
		d[k] = math.Inf(1)
	}
}

// A band is the part of a table of distances that is within a limit: only such cells
// lead on to others. Three rows of the table suffice, the last one and the two that a
// glyph of two letters reaches back to.
type band struct {
	Wording
	rows        [3][]int32
	limit       int32
	low, high   int // the first and the last cell within the limit of the last row
	low2, high2 int // likewise of the row before
}

// newBand begins a table with the row before the first letter. room is used for the
// rows when it suffices.
func newBand(y Wording, room []int32, limit int32) band {
	width := len(y.columns)
	if 3*width > len(room) {
		room = make([]int32, 3*width)
	}
	b := band{Wording: y, limit: limit, low2: width, high2: -1}
	for i := range b.rows {
		b.rows[i] = room[i*width : (i+1)*width]
	}
	for j := range y.columns {
		b.rows[0][j] = y.columns[j].lost
	}
	for b.high+1 < width && b.rows[0][b.high+1] <= limit {
		b.high++
	}
	return b
}

// alive reports whether rows to come may have cells within the limit.
func (b *band) alive() bool { return b.high >= 0 || b.high2 >= 0 }

// next fills row i, that of the letter x[i-1], as far as the next two rows look, and
// returns it.
func (b *band) next(x []rune, i int) []int32 {
	width, limit := len(b.columns), b.limit
	now, prev, prev2 := b.rows[i%3], b.rows[(i+2)%3], b.rows[(i+1)%3]
	letter := column{letter: x[i-1], glyph: none, gap: gapCost(x[i-1])}
	if i >= 2 {
		letter.glyph = likeGlyph(x[i-2], x[i-1])
	}
	from, to := min(b.low, b.low2), min(max(b.high+2, b.high2+1), width-1)
	if from > 0 {
		now[from-1], now[max(from-2, 0)] = beyond, beyond
	}
	if b.plain && letter.letter < 128 && b.glyphs&bitOf(letter.letter) == 0 && (letter.glyph == none || b.letters&bitOf(letter.glyph) == 0) {
		fillPlainRow(now[:to+1], prev, b.columns, letter, from)
	} else {
		fillRow(now[:to+1], prev, prev2[:b.high2+1], b.columns, letter, from)
	}
	end := to + 1
	for ; end < width && now[end-1] <= limit; end++ {
		now[end] = now[end-1] + b.columns[end].gap
	}
	for k := end; k < min(end+2, width); k++ {
		now[k] = beyond
	}
	b.low2, b.high2 = b.low, b.high
	b.low, b.high = from, end-1
	for b.low < end && now[b.low] > limit {
		b.low++
	}
	for b.high >= b.low && now[b.high] > limit {
		b.high--
	}
	if b.low > b.high {
		b.low, b.high = width, -1
	}
	return now
}

// A column is a letter of a text with what is known of it before it is
// compared.
type column struct {
	letter rune
	glyph  rune // the letter that it and the one before it look like
	gap    int32
	lost   int32 // what it costs to lose all letters up to it
}

// fillRow fills a row of the table of distances from cell from on, of which the
// cell before holds a cost beyond the limit, from the two rows before it.
func fillRow(now, prev, prev2 []int32, columns []column, letter column, from int) {
	prev, columns = prev[:len(now)], columns[:len(now)]
	left, diagonal := int32(beyond), int32(beyond)
	if from > 0 {
		diagonal = prev[from-1]
	}
	// All that is known of the row's letter is looked up before its cells.
	ascii := uint32(letter.letter) < 128
	swaps := &swapCosts[letter.letter&127]
	for j := from; j < len(now); j++ {
		y := &columns[j]
		above := prev[j]
		swap := int32(swaps[y.letter&127])
		if !ascii || uint32(y.letter) >= 128 {
			swap = swapCost(letter.letter, y.letter)
		}
		c := min(above+letter.gap, diagonal+swap, left+y.gap)
		if y.glyph == letter.letter {
			c = min(c, prev[j-2]+costGlyphs)
		}
		if letter.glyph == y.letter && j-1 < len(prev2) {
			c = min(c, prev2[j-1]+costGlyphs)
		}
		now[j], left, diagonal = c, c, above
	}
}

// fillPlainRow is [fillRow] for texts of ASCII where no two letters look like one.
func fillPlainRow(now, prev []int32, columns []column, letter column, from int) {
	left, diagonal := int32(beyond), int32(beyond)
	if from > 0 {
		diagonal = prev[from-1]
	}
	swaps, gap := &swapCosts[letter.letter&127], letter.gap
	now = now[from:]
	prev, columns = prev[from:][:len(now)], columns[from:][:len(now)]
	for j := range now {
		y, above := &columns[j], prev[j]
		left = min(above+gap, diagonal+int32(swaps[y.letter&127]), left+y.gap)
		now[j], diagonal = left, above
	}
}

// Similarity is [Distance] scaled to the length of the longer text: 1 for
// equal folded forms, 0 for texts with nothing in common.
func Similarity(a, b string) float64 {
	var near, far [64]rune
	x, y := foldInto(near[:0], a), foldInto(far[:0], b)
	if slices.Equal(x, y) {
		return 1
	}
	var d [1]float64
	PrefixDistances(x, y, []int{len(x)}, math.Inf(1), d[:])
	return max(0, 1-d[0]/float64(max(len(x), len(y))))
}

// SimilarityFrom is [Similarity] for callers who care for texts that are at least so alike:
// it gives up, with false, as soon as they must be less.
func SimilarityFrom(a, b string, least float64) (float64, bool) {
	var near, far [64]rune
	x, y := foldInto(near[:0], a), foldInto(far[:0], b)
	if slices.Equal(x, y) {
		return 1, true
	}
	longest := float64(max(len(x), len(y)))
	var d [1]float64
	PrefixDistances(x, y, []int{len(x)}, (1-least)*longest+1e-9, d[:])
	like := max(0, 1-d[0]/longest)
	return like, like >= least
}

// foldInto folds s, makes runs of white space one space and appends that.
func foldInto(out []rune, s string) []rune {
	gap := false
	for _, r := range Fold(s) {
		if unicode.IsSpace(r) {
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, ' ')
			gap = false
		}
		out = append(out, r)
	}
	return out
}

// swapCosts holds swapCost for pairs of ASCII runes, which folded text is made
// of but for stray signs.
var swapCosts = func() *[128][128]uint8 {
	var class [128]rune
	for r := range class {
		class[r] = confusable(rune(r))
	}
	t := new([128][128]uint8)
	for a := range t {
		for b := range t[a] {
			switch {
			case a == b:
			case class[a] == class[b]:
				t[a][b] = costConfused
			default:
				t[a][b] = costLetter
			}
		}
	}
	for pair := range likeLetters {
		if a, b := pair[0], pair[1]; a != b && a|b < 128 {
			t[a][b] = costConfused
		}
	}
	return t
}()

func swapCost(a, b rune) int32 {
	switch {
	case a == b:
		return 0
	case confusable(a) == confusable(b) || likeLetters[[2]rune{a, b}]:
		return costConfused
	}
	return costLetter
}

// gapCosts holds gapCost for ASCII runes.
var gapCosts = func() (t [128]int32) {
	for r := range t {
		t[r] = slowGapCost(rune(r))
	}
	return t
}()

func gapCost(r rune) int32 {
	if r < 128 {
		return gapCosts[r]
	}
	return slowGapCost(r)
}

func slowGapCost(r rune) int32 {
	switch {
	case r == ' ':
		return costSpace
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return costLetter
	}
	return costSign
}

// likeGlyphOf holds likeGlyphs by its two letters; all of them are ASCII.
var likeGlyphOf = func() *[128][128]byte {
	t := new([128][128]byte)
	for two, one := range likeGlyphs {
		t[two[0]][two[1]] = one[0]
	}
	return t
}()

// none is the letter that others look like where there is no such letter.
const none rune = -1

// likeGlyph returns the letter that two others look like.
func likeGlyph(a, b rune) rune {
	if a|b >= 128 || likeGlyphOf[a][b] == 0 {
		return none
	}
	return rune(likeGlyphOf[a][b])
}
