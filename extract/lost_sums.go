package extract

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
)

// Where the head of a column of sums gives their unit, its cells hold bare figures. In
// lines that OCR read straight across nothing but what they are tells them from the
// numbers of the sentences beside: no noun follows, no words lead to them. As days are, they
// are taken out of their lines before the rest is parted, and given to the rows on
// whose lines they stood.

// A lostSum is a bare figure on a line of a lost table, and how surely it is a cell.
type lostSum struct {
	line  int
	words []word
	score float64
}

// bareFigure matches a figure of a cell of sums: "1.250", "386,4", "95".
var bareFigure = regexp.MustCompile(`^(?:[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{1,6})(?:[.,][0-9]{1,2})?$`)

// plainYear matches what a year looks like.
var plainYear = regexp.MustCompile(`^(?:19|20)[0-9]{2}$`)

// Weights of what speaks for a bare figure, in points, and how many it needs.
const (
	figureBar     = 2.0  // a bar stands on one of its sides
	figureEdge    = 1.0  // the line ends with it
	figureCapital = 1.0  // a capital follows, or what stands before is over
	figureFollow  = -0.7 // a nat by which the next words follow a number
	figureLeads   = -0.5 // a nat by which a number follows the words before
	figureShort   = -0.6 // it has two digits
	figureSingle  = -2.0 // or one
	figureMost    = 4.0  // nats beyond which they say no more
	figureFrom    = 1.2
)

const (
	fewestSums  = 3   // as many figures stand alone where a column has nothing else
	figureRows  = 0.4 // share of the rows that have one
	mostOrdinal = 60  // what stands alone up to here may be the number of a row
	leastWhole  = 5   // digits of a sum in đồng
)

// rowsWithoutSums lays lines of which the bare figures of a column of sums were taken out,
// and gives these to the rows. It is false where the head gives no unit, few figures stand
// alone, or few rows have one.
func (b *builder) rowsWithoutSums(h *headRegion, main []int, all []bool) (rows []*row, p *Profile, lacks []bool, ok bool) {
	col, unit := b.sumsColumn(h)
	if col < 0 || !h.profile.withoutColumn(col).allText() {
		return nil, nil, nil, false
	}
	part := *b
	part.lines = slices.Clone(b.lines)
	var sums []lostSum
	for _, i := range main {
		left, taken := b.cutSums(part.lines[i].passage, unit == wholeUnit)
		if len(taken) == 0 {
			continue
		}
		part.lines[i].passage = left
		for _, s := range taken {
			s.line = i
			sums = append(sums, s)
		}
	}
	if len(sums) < fewestSums {
		return nil, nil, nil, false
	}
	without := func(bs []bool) []bool { return slices.Delete(slices.Clone(bs), col, col+1) }
	text := *h
	text.profile = h.profile.withoutColumn(col)
	text.found, text.widths = without(h.found), slices.Delete(slices.Clone(h.widths), col, col+1)
	rows, p, lacks = part.layLines(text.profile, &text, main, without(all))
	if given := putSums(rows, sums, col); float64(given) < figureRows*float64(len(rows)) {
		return nil, nil, nil, false
	}
	whole := *h.profile
	whole.pattern = p.pattern
	return rows, &whole, slices.Insert(lacks, col, false), true
}

// wholeUnit is the unit of sums that are written in full.
const wholeUnit = "đồng"

// sumsColumn is the column of sums of which the heads give the unit, and the unit; -1
// where there is none.
func (b *builder) sumsColumn(h *headRegion) (col int, unit string) {
	for c, u := range b.unitsOfLost(h) {
		if h.profile.Columns[c].Type == TypeText {
			return c, u
		}
	}
	return -1, ""
}

// cutSums takes the bare figures that stand in cells of their own off a line. Of several
// side by side, as of columns of what was granted and what was spent, the first counts;
// all go, but for a bar before them.
func (b *builder) cutSums(p passage, whole bool) (left passage, sums []lostSum) {
	rest := make([]word, 0, len(p.words))
	bar := false // one stood before the figure that was taken out
	for k := 0; k < len(p.words); {
		to := k
		for to < len(p.words) && isBareFigure(p.words[to]) {
			to++
		}
		s := 0.0
		if to > k {
			s = b.figureScore(p, k, to, whole)
		}
		if to == k || s < figureFrom {
			to = max(to, k+1)
			from := len(rest)
			rest = append(rest, p.words[k:to]...)
			if w := &rest[from]; bar && from > 0 && !strings.HasPrefix(w.text, "|") {
				w.text, w.raw = "|"+w.text, "|"+w.raw
			}
			k, bar = to, false
			continue
		}
		sums = append(sums, lostSum{words: slices.Clone(p.words[k : k+1]), score: s})
		k, bar = to, strings.HasPrefix(p.words[k].text, "|")
	}
	if len(sums) == 0 {
		return p, nil
	}
	return newPassage(rest).asWideAs(p), sums
}

// isBareFigure reports whether a word is a figure and nothing else, but for bars.
func isBareFigure(w word) bool { return bareFigure.MatchString(strings.Trim(w.text, "|[]")) }

// figureScore tells how surely the figures from to to of a line stand in cells of their own.
func (b *builder) figureScore(p passage, from, to int, whole bool) float64 {
	core := strings.Trim(p.words[from].text, "|[]")
	n := len(p.words)
	alone := from == 0 && to == n
	ordinal, isOrdinal := field.Ordinal(core)
	switch {
	case whole && digitsIn(core) < leastWhole:
		return 0
	case alone && isOrdinal && ordinal <= mostOrdinal, from == 0 && !alone && isOrdinal && ordinal < 1000:
		return 0 // the row's number
	case plainYear.MatchString(core):
		return 0 // a sum of thousands has a stop: "2.026"
	case to < n && strings.HasPrefix(p.words[to].text, "%"):
		return 0
	}
	s := 0.0
	switch len(core) {
	case 1:
		s += figureSingle
	case 2:
		s += figureShort
	}
	text := func(a, z int) string { return newPassage(p.words[a:z]).text }
	r := b.opt.Restorer
	clipped := func(f float64) float64 { return max(-figureMost, min(figureMost, f)) }
	switch {
	case to == n:
		s += figureEdge
	case strings.HasPrefix(p.words[to].text, "|") || strings.HasSuffix(p.words[to-1].text, "|"):
		s += figureBar
	default:
		if startsUpper(p.words[to].text) {
			s += figureCapital
		}
		if r != nil && r.Sound(p.words[to].text) {
			s += figureFollow * clipped(r.Follows(r.Ending(text(max(0, from-3), to)), text(to, min(n, to+3))))
		}
	}
	switch {
	case from == 0:
		s += figureEdge
	case strings.HasPrefix(p.words[from].text, "|") || strings.HasSuffix(p.words[from-1].text, "|"):
		s += figureBar
	default:
		before := p.words[from-1].text
		if ended(before) {
			s += figureCapital
		}
		if leadsToNumber[strings.ToLower(normalize.Fold(letterCore(before)))] {
			s += figureLeads * figureMost
		} else if r != nil && r.Sound(before) {
			s += figureLeads * clipped(r.Follows(r.Ending(text(max(0, from-3), from)), text(from, min(n, to+1))))
		}
	}
	return s
}

// leadsToNumber are words behind which a number is part of a sentence.
var leadsToNumber = headWords([]string{"so", "ngay", "thang", "nam", "quy", "dat", "la", "con", "tu", "den", "tren", "hon", "khoang", "gan", "dieu", "khoan", "lan", "thu", "va", "duoc", "gom", "quan", "tong", "hinh", "mh"})

func digitsIn(s string) (n int) {
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// putSums gives the bare figures of a table to its rows, in column col: to the row of which
// other words stand on the line, else to the nearest one. Of several a row keeps the surest.
// It returns how many rows got one.
func putSums(rows []*row, sums []lostSum, col int) (given int) {
	for _, r := range rows {
		r.cells = slices.Insert(r.cells, col, passage{})
		r.position, r.shared = behind(r.position, col), behind(r.shared, col)
	}
	score := map[*row]float64{}
	for _, s := range sums {
		r, far := nearestRow(rows, s.line)
		if r == nil || s.score <= score[r] {
			continue
		}
		if score[r] == 0 {
			given++
		}
		score[r] = s.score
		r.cells[col] = newPassage(s.words).trimmed()
		if r.position[col] = dateNear; far == 0 {
			r.position[col] = dateOnLine
		}
	}
	return given
}
