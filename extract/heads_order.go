package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/profiles"
	"github.com/sohoa/sohoa/normalize"
)

// The order of heads on the page is that of the table's columns. Heads on one line tell it;
// of others it is guessed from blank lines between them, from the order that the profile
// knows, and from which was read first.

// on counts the heads that have words on a line.
func on(heads []blockHead, line int) (n int) {
	for i := range heads {
		if slices.ContainsFunc(heads[i].at, func(at blockPlace) bool { return at.line == line }) {
			n++
		}
	}
	return n
}

// torn reports whether heads of several lines stand in each other's lines, which then say
// little of their order.
func (x *headBlock) torn(heads []blockHead) bool {
	lines, beside := 0, false
	for i := range x.words {
		if n := on(heads, i); n > 0 {
			lines++
			beside = beside || n > 1
		}
	}
	return beside && lines > 1
}

// inOrder puts heads into the order in which they stand on the page, from left to right,
// and gives those that no wording knows to the column of the profile that is missing there.
func (x *headBlock) inOrder(p *Profile, heads []blockHead, gaps func(line int) bool, rows [][]rowItem, unit bool) []blockHead {
	sorted, told := x.ordered(p, heads, gaps, rows, unit)
	if p.figureColumns() < 2 || len(rows) == 0 {
		return sorted
	}
	// A head that no wording knows may be of figures.
	for i := range heads {
		if h := &heads[i]; h.col != noPlace || h.other || h.remarks() {
			continue
		}
		try := slices.Clone(heads)
		try[i].col = figuresElse
		if s, t := x.ordered(p, try, gaps, rows, unit); t > told+leadOfFigures {
			heads, sorted, told = try, s, t
		}
	}
	// So may one that only names a time, where rows have more figures than the others name.
	times := x.timeHeads(heads)
	for _, more := range times[:min(len(times), max(0, figuresMissing(p, sorted, rows)))] {
		if s, t := x.ordered(p, append(slices.Clone(heads), more), gaps, rows, unit); t > told+leadOfFigures {
			heads, sorted, told = append(heads, more), s, t
		}
	}
	return sorted
}

// leadOfFigures is how much more of the rows a column of figures must explain.
const leadOfFigures = 1.0

// ordered puts heads into order, and tells what the rows say of it.
func (x *headBlock) ordered(p *Profile, heads []blockHead, gaps func(line int) bool, rows [][]rowItem, unit bool) ([]blockHead, float64) {
	heads = slices.Clone(heads)
	for i := range heads {
		heads[i].usual = float64(heads[i].col)
	}
	for i := range heads {
		if heads[i].col < 0 {
			x.standIn(p, heads, i)
		}
	}
	x.texts = p.allText()
	before := x.pairs(heads, gaps)
	newVoting(p, heads, unit).addTo(before, rows)
	byRows := newRowOrder(p, heads, rows, unit)
	best, top := readingOrder(heads), math.Inf(-1)
	for _, start := range [][]int{readingOrder(heads), usualOrder(heads)} {
		if order, score := climb(start, before, byRows); score > top {
			best, top = order, score
		}
	}
	sorted := make([]blockHead, len(heads))
	for i, k := range best {
		sorted[i] = heads[k]
	}
	return sorted, byRows.of(best)
}

// timeHeads are heads that say nothing but a time, "Năm 2024": they are of columns only
// where the rows have more figures than other heads name.
func (x *headBlock) timeHeads(heads []blockHead) (out []blockHead) {
	taken := make(map[blockPlace]bool)
	for _, h := range heads {
		for _, at := range h.at {
			taken[at] = true
		}
	}
	for i, line := range x.words {
		for from := 0; from < len(line); from++ {
			to := from
			for to < len(line) && line[to].silent && !taken[blockPlace{i, to}] && (to == from || !line[to].bar) {
				to++
			}
			if to-from < 2 || !line[from].upper || letters(line[to-1].text) > 0 {
				continue
			}
			h := blockHead{col: figuresElse, key: -len(x.words) - len(out), other: true}
			for k := from; k < to; k++ {
				h.at = append(h.at, blockPlace{i, k})
			}
			out, from = append(out, h), to-1
		}
	}
	return out
}

// figureColumns counts the columns of a profile that hold one figure.
func (p *Profile) figureColumns() (n int) {
	for c := range p.Columns {
		if p.Columns[c].Type.single() {
			n++
		}
	}
	return n
}

// figuresMissing tells how many more figures most rows have than there are columns for
// them.
func figuresMissing(p *Profile, heads []blockHead, rows [][]rowItem) int {
	room, wordy := 0, 0
	for i := range heads {
		switch c := heads[i].col; {
		case c == figuresElse, c >= 0 && p.Columns[c].Type.single():
			room, wordy = room+1, 0
		case c >= 0 && p.Columns[c].Type == TypeText:
			wordy++ // sums may stand there, or words
		}
	}
	var counts []int
	behind := 0 // lines that end with words
	for _, row := range rows {
		n := 0
		for i := range row {
			if row[i].kind == itemFigure || row[i].kind == itemShare {
				n++
			}
		}
		if n > 1 {
			counts = append(counts, n)
			if row[len(row)-1].kind == itemText {
				behind++
			}
		}
	}
	if len(counts) < 3 {
		return 0
	}
	if 3*behind < len(counts) {
		room += wordy
	}
	slices.Sort(counts)
	return counts[len(counts)/2] - room
}

// climb moves one head of an order after another to where more speaks for it, until
// nothing does.
func climb(order []int, before [][]float64, byRows *rowOrder) ([]int, float64) {
	const least = 1e-9
	score := func(order []int) float64 { return inPairs(order, before) + byRows.of(order) }
	top := score(order)
	for moved := true; moved; {
		moved = false
		for i := range order {
			for at := range order {
				if at == i {
					continue
				}
				next := slices.Insert(slices.Delete(slices.Clone(order), i, i+1), at, order[i])
				if s := score(next); s > top+least {
					order, top, moved = next, s, true
				}
			}
		}
	}
	return order, top
}

// inPairs is what speaks for each two heads of an order to stand as they do.
func inPairs(order []int, before [][]float64) (sum float64) {
	for i, a := range order {
		for _, b := range order[i+1:] {
			sum += before[a][b]
		}
	}
	return sum
}

// pairs tells of each two heads how much speaks for the first to stand to the left.
func (x *headBlock) pairs(heads []blockHead, gaps func(line int) bool) [][]float64 {
	before := make([][]float64, len(heads))
	for i := range before {
		before[i] = make([]float64, len(heads))
		for k := range before[i] {
			if i != k {
				before[i][k] = x.ahead(&heads[i], &heads[k], gaps)
			}
		}
	}
	return before
}

// readingOrder is the order in which heads begin, line by line.
func readingOrder(heads []blockHead) []int {
	order := make([]int, len(heads))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := heads[a].at[0], heads[b].at[0]
		return cmp.Or(cmp.Compare(x.line, y.line), cmp.Compare(x.word, y.word))
	})
	return order
}

// usualOrder is the order of the profile's columns.
func usualOrder(heads []blockHead) []int {
	order := readingOrder(heads)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(heads[a].usual, heads[b].usual) })
	return order
}

// remarks are heads of last columns, which no profile has.
var remarks = headWords(profiles.Remarks())

// remarks reports whether a head is one of remarks.
func (h *blockHead) remarks() bool {
	for remark := range remarks {
		if h.col == noPlace && normalize.Similarity(remark, h.text) >= headRunsLike {
			return true
		}
	}
	return false
}

// standIn gives head i, which no wording knows, a place among the columns of the profile:
// beside the nearest head of its line. Where the profile's column beside that one was not
// found and is not unlike, the head is its.
func (x *headBlock) standIn(p *Profile, heads []blockHead, i int) {
	h := &heads[i]
	h.usual = float64(len(p.Columns))
	if h.remarks() {
		return
	}
	if h.usual = x.besideNearest(heads, h, h.usual); h.other {
		return
	}
	taken := func(c int) bool {
		return c == len(p.Columns) || slices.ContainsFunc(heads, func(o blockHead) bool { return o.col == c })
	}
	c := int(math.Floor(h.usual))
	if taken(c) {
		c = int(math.Ceil(h.usual))
	}
	if c < 0 || taken(c) || p.Columns[c].Seldom || p.Columns[c].Type == TypeOrdinal {
		return
	}
	const least = 0.35
	for _, ph := range x.phrases(p)[c] {
		if normalize.Similarity(ph.String(), h.text) >= least {
			h.col, h.usual = c, float64(c)
			return
		}
	}
}

// besideNearest is the place among the columns of the profile beside the known head that is
// nearest on the first line of head h; otherwise where there is none.
func (x *headBlock) besideNearest(heads []blockHead, h *blockHead, otherwise float64) float64 {
	usual, near := otherwise, len(x.words[h.at[0].line])
	for k := range heads {
		o := &heads[k]
		if o.col < 0 {
			continue
		}
		for _, at := range o.at {
			if at.line != h.at[0].line {
				continue
			}
			side, away := 0.5, h.at[0].word-at.word
			if away < 0 {
				side, away = -0.5, -away
			}
			if away < near {
				near, usual = away, float64(o.col)+side
			}
		}
	}
	return usual
}

// ahead tells how much speaks for head a to stand to the left of head b.
func (x *headBlock) ahead(a, b *blockHead, gaps func(line int) bool) (s float64) {
	const onLine, inBlock, remarksLast, asProfile, asRead = 40, 4, 4, 1, 0.5
	for _, p := range a.at {
		for _, q := range b.at {
			if p.line == q.line && p.word < q.word {
				return onLine
			}
			if p.line == q.line {
				return 0
			}
		}
	}
	first, last := a.at[0].line, a.at[len(a.at)-1].line
	if other := b.at[0].line; other > last && x.alone(a) && x.alone(b) {
		for l := last + 1; l <= other; l++ {
			if gaps(l) {
				s += inBlock
				break
			}
		}
	}
	if a.usual < b.usual {
		s += asProfile
	}
	if b.remarks() {
		s += remarksLast
	}
	// A head of more lines than those beside it begins above them and ends below. Where
	// columns hold figures, heads over several are often read first: there it counts.
	if first < b.at[0].line && (!x.texts || last <= b.at[len(b.at)-1].line) {
		s += asRead
	}
	return s
}

// alone reports whether nothing else stands on the lines of a head.
func (x *headBlock) alone(h *blockHead) bool {
	n, all := 0, 0
	for i := range x.words {
		on := 0
		for _, at := range h.at {
			if at.line == i {
				on++
			}
		}
		if on > 0 {
			n, all = n+on, all+len(x.words[i])
		}
	}
	return 2*n > all
}

// sharesInOrder puts the columns of a part and of its whole, of which heads below each other
// say nothing of the order, as the figures of the rows do: "45 | 50 | 90 %".
func (b *builder) sharesInOrder(r *headRegion, to int) {
	p := r.profile
	for _, col := range p.Columns {
		if len(col.Share) != 2 {
			continue
		}
		index := func(name string) int { return p.column(func(c *Column) bool { return c.Field == name }) }
		part, whole := index(col.Share[0]), index(col.Share[1])
		if part < 0 || whole < 0 {
			continue
		}
		first := 0 // rows with the part first, less those with the whole
		for i := r.to; i < to; i++ {
			first += shareOrder(b.lines[i].text)
		}
		if first > 1 && part > whole || first < -1 && part < whole {
			r.own.swap(p, part, whole)
		}
		return
	}
}

// shareOrder reports whether a line has a part, its whole and its share behind each other
// (1), or the whole before the part (-1); 0 for neither.
func shareOrder(text string) int {
	const near = 0.06
	var n []float64
	for _, w := range strings.Fields(strings.ReplaceAll(text, "|", " ")) {
		if !numeric(w) {
			continue
		}
		v, ok := readCount(strings.Trim(w, "%+"))
		if !ok {
			continue
		}
		if n = append(n, v); len(n) < 3 {
			continue
		}
		a, b, share := n[len(n)-3], n[len(n)-2], v
		switch {
		case a == b || a <= 0 || b <= 0:
		case math.Abs(100*a/b-share) < near:
			return 1
		case math.Abs(100*b/a-share) < near:
			return -1
		}
	}
	return 0
}
