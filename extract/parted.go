package extract

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
)

// Typed text keeps all borders between the cells of a line, as bars or as white, and so
// does the text that programs take out of PDF files: what is lost is which column a cell
// of a line with few cells is of, and where rows begin that are centred beside their
// number. Each cell is one line of print, so everything about it is known: a cell is a run
// of lines that fill their column, it does not go on once it was passed by, and all cells
// of a row begin at its top or lie about its middle.

// A partedTable is such a table: its cells are the pieces of a layout.
type partedTable struct {
	l      *layout
	cols   []int // columns that take text, from left to right
	lines  []partedLine
	widths []float64 // by column of the profile, in print; 0 when unknown
	align  partedAlign
	wide   []float64 // by piece: how wide it is printed
	first  []float64 // by piece: likewise its first word
	items  [][]int8  // by piece: the numbers of the items of lists in it
	end    int       // the line of text behind the table, 0 where there is none
}

// A partedLine is a line of cells.
type partedLine struct {
	pieces []int // those of text
	at     []int // by piece: its column by the white before it, or -1
	slot   int   // of the row of which the number stands on it, or -1
	group  bool  // no row goes on beyond it: a group's row
	first  bool  // of its page
}

// partedAlign tells how the cells of a row stand beside each other.
type partedAlign uint8

const (
	alignTop    partedAlign = iota // all begin at its top
	alignMiddle                    // all lie about its middle
	alignMixed                     // short ones lie about its middle, texts begin at its top
	alignments
)

// Bounds of tables that are read so.
const (
	partedRows  = 0.25 // lines with all cells, for each row
	partedRound = 3    // rounds in which widths of columns are learned
	partedBeam  = 48
	sureWhite   = 3.0  // the lead of a cell of which white tells the column
	mostBars    = 1.0  // and at most of one that only bars part from others
	partedOver  = 0.04 // share of the cells that may be wider than their column
	partedLeast = 1.0  // points for each line: where borders are missing it is less than none
	partedSlack = 1.04 // by how much print may be spread
)

// rowsParted reads the rows of a table of which all borders between cells are known; ok is
// false where they are not.
func (b *builder) rowsParted(h *headRegion, lines *tableLines, all []bool) (rows []*row, lacks []bool, ok bool) {
	p := h.profile
	lacks = p.lacking(h.found, all, h.whole)
	if p.pattern != nil || b.opt.Restorer == nil || p.numberColumn() < 0 || p.has(TypeCount, TypePercent, TypeMeasure, TypeUnit, TypeCitation, TypeMoney) {
		return nil, nil, false // figures lie about their rows in another way
	}
	split := &splitter{b: b, p: p}
	main := b.withoutHeadsAgain(h, lines.main)
	t := &partedTable{l: newLayout(b, p, lacks, split.cells(main))}
	if !t.read() || !t.solve() {
		return nil, nil, false
	}
	lines.main = main
	if t.end > 0 {
		lines.main = main[:slices.Index(main, t.end)]
	}
	return t.l.rows(), lacks, true
}

// withoutHeadsAgain marks the lines at the tops of pages that are those of the heads once
// more, and returns the others.
func (b *builder) withoutHeadsAgain(h *headRegion, main []int) []int {
	const above = 4 // lines of heads over others, which no column is known by
	heads := map[string]bool{}
	for i := max(0, h.from-above); i < h.to; i++ {
		heads[lettersDigits(normalize.Fold(b.lines[i].text))] = true
	}
	var out []int
	for _, i := range main {
		top := b.lines[i].first || i > 0 && (b.headLines[i-1] || b.lines[i-1].first && pageNumber(b.lines[i-1].text))
		if top && heads[lettersDigits(normalize.Fold(b.lines[i].text))] {
			b.headLines[i] = true
			continue
		}
		out = append(out, i)
	}
	return out
}

// cells cuts lines at their bars alone.
func (s *splitter) cells(lines []int) []piece {
	var out []piece
	for _, i := range lines {
		l := &s.b.lines[i]
		lead := true
		for _, part := range s.cutRules(l.passage) {
			if len(part.words) == 0 {
				continue
			}
			pc := piece{passage: part, line: i, lead: lead, gap: lead && l.gap, first: lead && l.first}
			if !lead {
				pc.cut = cutRule
			}
			s.describe(&pc)
			pc.junk = false
			lead = false
			out = append(out, pc)
		}
	}
	return out
}

// read gathers the lines of the table; false where its borders are not known.
func (t *partedTable) read() bool {
	l := t.l
	for c := range l.p.Columns {
		if c != l.num && !l.lacks[c] {
			t.cols = append(t.cols, c)
		}
	}
	if len(l.slots) < 2 || len(t.cols) < 2 || slices.ContainsFunc(l.slots, func(s slot) bool { return s.anchor < 0 || s.counts }) {
		return false
	}
	t.wide, t.first, t.items = make([]float64, len(l.pieces)), make([]float64, len(l.pieces)), make([][]int8, len(l.pieces))
	full, most := 0, 0
	for i := 0; i < len(l.pieces); {
		x := partedLine{slot: -1, first: l.pieces[i].first}
		end := i
		for ; end < len(l.pieces) && l.pieces[end].line == l.pieces[i].line; end++ {
			t.wide[end] = inPrint(l.pieces[end].text)
			t.first[end] = inPrint(l.pieces[end].words[0].text)
			t.items[end] = itemsOf(l.pieces[end].words)
			switch {
			case l.barrier(end):
				x.group = true
			case l.groups[end].slot >= 0:
				if x.slot >= 0 || len(x.pieces) > 0 {
					return false // a number behind text
				}
				x.slot = l.groups[end].slot
			default:
				x.pieces, x.at = append(x.pieces, end), append(x.at, -1)
			}
		}
		if len(x.pieces) == 1 && x.slot < 0 && pageNumber(l.pieces[i].text) && (x.first || end == len(l.pieces) || l.pieces[end].first) {
			x.pieces, x.at = nil, nil
		}
		i = end
		if x.group {
			x.pieces, x.at, x.slot = nil, nil, -1
		}
		if len(x.pieces) > len(t.cols) {
			return false
		}
		if len(x.pieces) >= len(t.cols)-1 {
			full++
		}
		most = max(most, len(x.pieces))
		t.lines = append(t.lines, x)
	}
	t.endTable()
	t.findWhite()
	return most == len(t.cols) && float64(full) >= partedRows*float64(len(l.slots))
}

// endTable leaves out the text that stands behind the table: apart from it, and wider than
// its cells are.
func (t *partedTable) endTable() {
	const wider = 1.2
	most, last := 0.0, -1 // widest cell that stands beside others; line of the last number
	for k, x := range t.lines {
		if x.slot >= 0 {
			last = k
		}
		for _, i := range x.pieces {
			if len(x.pieces) > 1 {
				most = max(most, t.wide[i])
			}
		}
	}
	for k := last + 1; k < len(t.lines); k++ {
		x := &t.lines[k]
		if len(x.pieces) != 1 || !t.l.pieces[x.pieces[0]].gap || x.first || t.wide[x.pieces[0]] < wider*most {
			continue
		}
		t.end = t.l.pieces[x.pieces[0]].line
		t.lines = t.lines[:k]
		return
	}
}

// findWhite gives cells of lines that keep the layout to the columns that they stand in.
// Lines with all cells tell where columns are: those of the same page, since sheets may be
// set off from each other, else those of all.
func (t *partedTable) findWhite() {
	everywhere := make([]span, len(t.cols))
	for k := range t.lines {
		t.spans(k, everywhere)
	}
	for page := 0; page < len(t.lines); {
		end := page + 1
		for end < len(t.lines) && !t.lines[end].first {
			end++
		}
		cols := make([]span, len(t.cols))
		for k := page; k < end; k++ {
			t.spans(k, cols)
		}
		if cols[0].to == 0 {
			cols = everywhere
		}
		for k := page; k < end; k++ {
			t.toSpans(k, cols)
		}
		page = end
	}
}

// A span is where a cell or a column begins and ends, in characters of its line; zero when
// that is not known.
type span struct{ from, to int }

// spanOf is that of piece i.
func (t *partedTable) spanOf(i int) span {
	words := t.l.pieces[i].words
	first, last := words[0].src, words[len(words)-1].src
	if first == nil || last == nil || first.Column == 0 || last.Column == 0 {
		return span{}
	}
	return span{first.Column, last.Column + utf8.RuneCountInString(last.Raw)}
}

// spans widens columns by the cells of line k where it has all.
func (t *partedTable) spans(k int, cols []span) {
	x := &t.lines[k]
	if len(x.pieces) != len(t.cols) {
		return
	}
	for n, i := range x.pieces {
		s := t.spanOf(i)
		switch {
		case s.to == 0:
			return
		case cols[n].to == 0:
			cols[n] = s
		default:
			cols[n] = span{min(cols[n].from, s.from), max(cols[n].to, s.to)}
		}
	}
}

// toSpans gives the cells of line k to the columns that they lie in most.
func (t *partedTable) toSpans(k int, cols []span) {
	x := &t.lines[k]
	free := 0
	for n, i := range x.pieces {
		s, best, top := t.spanOf(i), -1, 0
		for c := free; c < len(t.cols) && s.to > 0; c++ {
			if in := min(s.to, cols[c].to) - max(s.from, cols[c].from); in > top {
				best, top = c, in
			}
		}
		if best >= 0 {
			x.at[n], free = t.cols[best], best+1
		}
	}
}

// solve gives all cells to rows and columns; false where they do not fit.
func (t *partedTable) solve() bool {
	best, top := []place(nil), math.Inf(-1)
	for a := range alignments {
		t.align = a
		t.widths = make([]float64, len(t.l.p.Columns))
		for _, x := range t.lines {
			if len(x.pieces) == len(t.cols) {
				for n, i := range x.pieces {
					t.widths[t.cols[n]] = max(t.widths[t.cols[n]], t.wide[i])
				}
			}
		}
		for range partedRound {
			places, score := t.search()
			if places == nil {
				break
			}
			if score > top {
				best, top = places, score
			}
			t.learn(places)
		}
	}
	if best == nil {
		return false
	}
	t.l.best = best
	t.learn(best)
	if top < partedLeast*float64(len(t.lines)) {
		return false
	}
	over, cells := 0, 0
	for i, pl := range best {
		if pl.col < 0 || pl.row < 0 || pl.col == t.l.num {
			continue
		}
		cells++
		if t.wide[i] > 1.1*t.widths[pl.col]+2 {
			over++
		}
	}
	return float64(over) <= partedOver*float64(cells)
}

// learn takes from the places of cells how wide columns are: as most of their widest lines.
func (t *partedTable) learn(places []place) {
	of := make([][]float64, len(t.widths))
	for i, pl := range places {
		if pl.col >= 0 && pl.col != t.l.num {
			of[pl.col] = append(of[pl.col], t.wide[i])
		}
	}
	for c, ws := range of {
		if len(ws) == 0 {
			continue
		}
		slices.Sort(ws)
		t.widths[c] = ws[len(ws)-1-len(ws)/20]
	}
}

// A partedWay is a way to place the lines so far.
type partedWay struct {
	score  float64
	row    int  // slot
	begun  bool // its number was seen
	from   int  // its first line
	number int  // that of its number
	cut    bool // a page begins within it
	last   [maxColumns]int32
	top    [maxColumns]int16 // first line of the cell on this page
	bottom [maxColumns]int16 // last one
	item   [maxColumns]int8  // the last item of its list, 0 before any
	trail  *partedTrail
}

type partedTrail struct {
	row    int
	cols   []int
	scores []float64
	prev   *partedTrail
}

// search finds the best way over all lines; nil where none leads to the end.
func (t *partedTable) search() ([]place, float64) {
	start := partedWay{row: -1, begun: true}
	start.empty()
	beam := []partedWay{start}
	for k := range t.lines {
		var next []partedWay
		for w := range beam {
			next = t.step(next, &beam[w], k)
		}
		if len(next) == 0 {
			return nil, 0
		}
		slices.SortStableFunc(next, func(a, b partedWay) int {
			switch {
			case a.score > b.score:
				return -1
			case a.score < b.score:
				return 1
			}
			return 0
		})
		beam = beam[:0]
		for i := range next {
			if len(beam) == partedBeam {
				break
			}
			if !slices.ContainsFunc(beam, next[i].same) {
				beam = append(beam, next[i])
			}
		}
	}
	top := -1
	for w := range beam {
		if beam[w].row != len(t.l.slots)-1 || !beam[w].begun {
			continue
		}
		beam[w].score += t.leave(&beam[w], len(t.lines))
		if top < 0 || beam[w].score > beam[top].score {
			top = w
		}
	}
	if top < 0 {
		return nil, 0
	}
	places := make([]place, len(t.l.pieces))
	for i := range places {
		places[i] = place{noPlace, noPlace, 0}
		if s := t.l.groups[i].slot; s >= 0 {
			places[i] = place{s, t.l.num, 3}
		}
	}
	k := len(t.lines) - 1
	for tr := beam[top].trail; tr != nil; tr = tr.prev {
		for n, c := range tr.cols {
			margin := max(0, min(tr.scores[n], mostBars))
			if t.lines[k].at[n] >= 0 {
				margin = sureWhite
			}
			places[t.lines[k].pieces[n]] = place{tr.row, c, margin}
		}
		k--
	}
	return places, beam[top].score
}

func (w *partedWay) empty() {
	for c := range w.last {
		w.last[c], w.top[c], w.bottom[c], w.item[c] = -1, -1, -1, 0
	}
}

// same reports whether the future cannot tell two ways apart.
func (w *partedWay) same(o partedWay) bool {
	return w.row == o.row && w.begun == o.begun && w.from == o.from && w.last == o.last && w.top == o.top
}

// step adds the ways on over line k.
func (t *partedTable) step(out []partedWay, w *partedWay, k int) []partedWay {
	x := &t.lines[k]
	if x.slot < 0 && !x.group {
		n := *w
		n.score += partedOut * float64(len(x.pieces))
		n.trail = &partedTrail{row: noPlace, prev: w.trail}
		out = append(out, n)
		if len(x.pieces) == 0 {
			return out
		}
	}
	if x.group {
		if !w.begun {
			return out
		}
		n := *w
		n.score += t.leave(w, k)
		n.empty()
		n.from = -1 // closed
		n.trail = &partedTrail{row: noPlace, prev: w.trail}
		return append(out, n)
	}
	if w.from >= 0 && w.row >= 0 && (x.slot < 0 || x.slot == w.row && !w.begun) {
		n := *w
		if x.slot == w.row {
			n.begun, n.number = true, k
		}
		if x.first {
			n.cut = true
			for c := range n.top {
				n.top[c], n.bottom[c] = -1, -1
			}
		}
		out = t.place(out, &n, k)
	}
	if s := w.row + 1; w.begun && s < len(t.l.slots) && (x.slot < 0 || x.slot == s) {
		if x.slot < 0 && t.align == alignTop {
			return out
		}
		n := *w
		if w.from >= 0 && w.row >= 0 {
			n.score += t.leave(w, k)
		}
		n.empty()
		n.row, n.from, n.number, n.begun, n.cut = s, k, k, x.slot == s, false
		out = t.place(out, &n, k)
	}
	return out
}

// place adds the ways to give the cells of line k to columns of the row that a way is in.
func (t *partedTable) place(out []partedWay, w *partedWay, k int) []partedWay {
	x := &t.lines[k]
	cols := make([]int, 0, len(x.pieces))
	scores := make([]float64, 0, len(x.pieces))
	var try func(n, from int, score float64)
	try = func(n, from int, score float64) {
		if n == len(x.pieces) {
			next := *w
			next.score = score
			for c := from; c < len(t.cols); c++ {
				next.score += t.passed(w, t.cols[c], k)
			}
			for m, c := range cols {
				next.last[c], next.bottom[c] = int32(x.pieces[m]), int16(k)
				if w.top[c] < 0 {
					next.top[c] = int16(k)
				}
				if of := t.items[x.pieces[m]]; len(of) > 0 {
					next.item[c] = of[len(of)-1]
				}
			}
			next.trail = &partedTrail{w.row, slices.Clone(cols), slices.Clone(scores), w.trail}
			out = append(out, next)
			return
		}
		skipped := 0.0
		for c := from; c <= len(t.cols)-(len(x.pieces)-n); c++ {
			if col := t.cols[c]; x.at[n] < 0 || x.at[n] == col {
				s := t.cell(w, x.pieces[n], col, k)
				cols, scores = append(cols, col), append(scores, s)
				try(n+1, c+1, score+skipped+s)
				cols, scores = cols[:n], scores[:n]
			}
			skipped += t.passed(w, t.cols[c], k)
		}
	}
	try(0, 0, w.score)
	return out
}

// Scores of the cells of such tables, in points.
const (
	partedFollow  = 0.6  // a nat by which the language model expects a line behind the one above
	partedLower   = -3.0 // a cell begins with a small letter
	partedWide    = -0.6 // for each letter that a cell is wider than its column
	partedRoom    = -2.5 // a cell goes on below a line that had room for its next word
	partedAgain   = -6.0 // it goes on behind lines that passed it by
	partedTurn    = -0.2 // behind one such line, where cells lie about the middle
	partedOpen    = -1.5 // it is over though its last word wants another
	partedFull    = -1.0 // or its last line is full and its sentence not over
	partedUnended = -0.3 // or its sentence is not over
	partedOff     = -1.5 // for each line that it lies off its place
	partedOut     = -6.0 // a cell goes to no row
	partedEmpty   = -0.5 // a row has no cell in a column
)

// cell scores a cell of line k in column c of the row that a way is in.
func (t *partedTable) cell(w *partedWay, i, c, k int) float64 {
	l := t.l
	pc := &l.pieces[i]
	s := 0.0
	if wide := t.widths[c]; wide > 0 && t.wide[i] > partedSlack*wide+1 {
		s += partedWide*min(t.wide[i]-wide, 12) - 1
	}
	last := w.last[c]
	if l.p.Columns[c].Type == TypeDate {
		return s + t.date(last, i, c)
	}
	s += t.itemScore(w.item[c], last >= 0, i)
	if last < 0 {
		s += l.emit[i][c]
		if l.p.Columns[c].Type == TypeAgency && !l.starts[i][c] {
			s--
		}
		switch {
		case pc.upper:
			s += scoreNewUpper
		case pc.lower && !l.starts[i][c]:
			s += partedLower
		}
		return s
	}
	prev := &l.pieces[last]
	s += partedFollow * l.follows(int(last), i)
	if l.p.Columns[c].Type != TypeAgency { // the lines of a name begin in any way
		s += l.emitOn(i, c)
	}
	if l.p.Columns[c].Type.single() && numeric(prev.text) {
		s += scoreTypeMiss
	}
	switch {
	case pc.lower && !prev.over:
		s += scoreGoesOn
	case pc.lower:
		s += scoreLowerAfter
	case pc.upper && !prev.over && !pc.bullet && !t.full(int(last), i, c):
		s += scoreBreaksOff
	}
	if prev.open {
		s += scoreOpen
	}
	if !prev.over && !pc.bullet && !t.full(int(last), i, c) {
		s += partedRoom
	}
	switch between := k - int(w.bottom[c]) - 1; {
	case w.bottom[c] < 0 || between == 0: // the row was cut before
	case between == 1 && t.middle(c):
		s += partedTurn
	default:
		s += partedAgain
	}
	return s
}

// itemsOf are the numbers of the items of lists among words: "(1)", "2)".
func itemsOf(words []word) (of []int8) {
	for _, w := range words {
		if m := itemMark.FindStringSubmatch(w.raw); m != nil {
			n, _ := strconv.Atoi(m[1]) // two digits
			of = append(of, int8(n))
		}
	}
	return of
}

// itemScore scores the items in piece i behind those of a cell, of which last is the last
// one; begun tells whether it has text.
func (t *partedTable) itemScore(last int8, begun bool, i int) float64 {
	s := 0.0
	for _, m := range t.items[i] {
		switch {
		case last > 0 && m == last+1:
			s += scoreItemNext
		case m == 1 && !begun:
			s += scoreItemFirst
		default:
			s += scoreItemJump
		}
		last, begun = m, true
	}
	return s
}

// date scores a cell in a column of days, of which last is the line above or -1: one day.
func (t *partedTable) date(last int32, i, c int) float64 {
	text := t.l.pieces[i].text
	switch {
	case last >= 0 && strings.ContainsAny(t.l.pieces[last].text, "0123456789"):
		return 2 * scoreTypeMiss
	case loneTime.MatchString(strings.ToLower(normalize.Fold(text))):
		return scoreTypeFit
	case last >= 0:
		return scoreTypeMiss
	}
	return t.l.emit[i][c]
}

// full reports whether the next line of a cell begins with a word that the last one had no
// room for.
func (t *partedTable) full(last, next, c int) bool {
	return t.widths[c] == 0 || t.wide[last]+t.first[next]+inPrint(" ") > 0.97*t.widths[c]-0.5
}

// passed scores that column c has no cell on line k.
func (t *partedTable) passed(w *partedWay, c, k int) float64 {
	if w.bottom[c] != int16(k-1) || w.last[c] < 0 {
		return 0
	}
	if t.middle(c) {
		return t.ended(w, c) / 2 // it may be another's turn
	}
	return t.ended(w, c)
}

// ended scores that a cell of a row is over.
func (t *partedTable) ended(w *partedWay, c int) float64 {
	pc := &t.l.pieces[w.last[c]]
	switch {
	case pc.over:
		return 0
	case pc.open:
		return partedOpen
	case t.widths[c] > 0 && t.wide[w.last[c]] > 0.9*t.widths[c]:
		return partedFull
	case t.l.p.Columns[c].Type == TypeText:
		return partedUnended
	}
	return 0
}

// leave scores that a row is over before line k.
func (t *partedTable) leave(w *partedWay, k int) float64 {
	if w.from < 0 || w.row < 0 {
		return 0
	}
	s := 0.0
	if t.align != alignTop && !w.cut {
		s += partedOff * min(math.Abs(float64(2*w.number-w.from-(k-1)))/2, 4)
	}
	for _, c := range t.cols {
		if w.last[c] < 0 {
			s += partedEmpty
			continue
		}
		if t.middle(c) || w.bottom[c] == int16(k-1) {
			s += t.ended(w, c)
		}
		if w.cut || w.top[c] < 0 {
			continue
		}
		off := 0.0
		if t.middle(c) {
			off = math.Abs(float64(int(w.top[c])+int(w.bottom[c])-w.from-(k-1))) / 2
		} else {
			off = float64(int(w.top[c]) - w.from)
		}
		s += partedOff * min(off, 4)
	}
	return s
}

// middle reports whether cells of a column lie about the middle of their row.
func (t *partedTable) middle(c int) bool {
	return t.align == alignMiddle || t.align == alignMixed && t.l.p.Columns[c].Type != TypeText
}
