package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// Words stand where a figure is due when there is none to give: "Đang tổng hợp số
// liệu của các xã". Such a text wraps within the narrow column of figures, so that its
// lines are read behind those of the row's name, between them and on lines of their
// own, and the figures in it look like the row's. The lines of the rows are parted
// once more between the name and such a text: by how the language model expects each
// part to go on, by where a sentence begins, and by how wide names are.

// Scores of telling, in nats.
const (
	toldOpens   = -3.0  // a row has such a text
	toldLower   = -2.5  // it begins with a small letter
	toldGap     = -0.4  // a line without any of it between two with some
	toldFigure  = -0.3  // a figure behind a word is one of the text's
	toldAlone   = -3.0  // likewise, a figure by itself
	toldWide    = -0.3  // for each letter beyond the width of columns of figures
	rowMoved    = -1.0  // a line of a name leaves its row
	toldCrowded = -4.0  // the row has more figures beside the text than columns are left
	nameLower   = -2.0  // a name begins with a small letter
	nameLost    = -4.0  // a row without a name
	nameWide    = -0.3  // for each letter beyond the width of names
	nameSkipped = -0.6  // a line of a row without any of its name, between two with some
	sideSound   = -2.0  // a word is left out that is one
	sideSpeck   = -0.2  // a speck is left out
	partSpeck   = -0.5  // a speck is part of a name or a text
	nameRoom    = -0.12 // for each letter that the line above a word had room for
	offMiddle   = -0.7  // for each line by which a number is off the middle of its name
	sideLost    = -0.1  // a word is left out that had no place before
	nextItem    = 1.6   // the next item of a list
	lineCut     = 1.0   // a line is parted where nothing shows it
)

// mostAside bounds the words that are left out between a name and a text on a line.
const mostAside = 6

// leastTold is how many letters a text has that stands in the place of a figure.
const leastTold = 9

// toldShare is how wide a column of figures is beside that of names.
const toldShare = 0.45

// tellBeam is how many ways are kept from line to line.
const tellBeam = 32

// A teller parts the lines of rows that follow each other.
type teller struct {
	b         *builder
	p         *Profile
	rows      []*row
	title     int
	col       int     // the column of the texts
	figures   int     // columns of figures
	width     float64 // of names, in letters
	narrowest float64 // of such texts
	centred   bool    // numbers stand beside the middle of their names
	lines     []toldLine
	at        []int // by row: index of its number's line
	follow    map[[2]string]float64
}

// A toldLine is a line of print without its number, unit and document.
type toldLine struct {
	words    []word
	kind     []wordKind
	parted   []bool // a bar, a unit or a document stands before the word
	anchor   int    // the row whose number stands on it, or -1
	nameTo   int    // no word from here on is a name's
	toldFrom int    // none before is a text's
	row      int    // the row whose name it was part of, or -1

	// What does not change with the way that comes to the line.
	names []linePart // its first words, by how many
	tolds []linePart // its words from one on
	cuts  []float64  // what is lost where it is parted before a word
	opens []bool     // a text may begin at a word
	side  []float64  // score of a word beside both
}

// A linePart is the first or the last words of a line.
type linePart struct {
	text   string
	wide   int     // letters, as read
	first  int     // letters of the first word
	lower  bool    // it begins with a small letter
	specks float64 // their score
}

// A wordKind tells where a word stood before.
type wordKind byte

const (
	kindName wordKind = iota
	kindFigure
	kindTold
	kindLost
)

// A telling is a way to part the lines so far.
type telling struct {
	score      float64
	row        int
	name, told string // what the current row has of each, its end
	nameAt     int    // line of the last part, or -1
	toldAt     int
	figures    int // left beside
	wide       int // letters of the name's last part
	above      int // lines of the name above the number
	below      int
	line       int
	nameTo     int
	toldFrom   int
	prev       *telling
}

// tellRows finds such texts in the column of figures behind all others. placed are
// the words that had a place.
func (b *builder) tellRows(p *Profile, rows []*row, lacks []bool, placed map[*schema.Word]bool) {
	t := &teller{b: b, p: p, title: p.titleColumn(), col: -1, follow: map[[2]string]float64{}}
	for c := range p.Columns {
		if p.Columns[c].Type == TypeMeasure && !lacks[c] {
			if p.Columns[c].Field != "" {
				t.col = c
			}
			t.figures++
		}
	}
	if b.opt.Restorer == nil || t.title < 0 || t.col < 0 || p.numberColumn() < 0 {
		return
	}
	t.width, t.centred = nameWidth(rows, t.title), t.inMiddle(rows)
	for from := 0; from < len(rows); {
		to := from
		last := -1
		for to < len(rows) && rows[to].group == rows[from].group && t.anchor(rows[to]) > last {
			last = t.anchor(rows[to])
			to++
		}
		if to > from {
			t.rows = rows[from:to]
			t.run(placed)
		}
		from = max(to, from+1)
	}
}

// anchor is the line of a row's number, or -1.
func (t *teller) anchor(r *row) int {
	if words := r.cells[t.p.numberColumn()].words; len(words) > 0 {
		return words[0].line
	}
	return -1
}

// inMiddle reports whether most numbers stand beside the middle of their names.
func (t *teller) inMiddle(rows []*row) bool {
	middle, top := 0, 0
	for _, r := range rows {
		at, above, below := t.anchor(r), 0, 0
		for _, l := range byLine(r.cells[t.title]) {
			switch line := l.words[0].line; {
			case line < at:
				above++
			case line > at:
				below++
			}
		}
		switch {
		case at < 0 || above+below < 2:
		case above-below < 2 && below-above < 2:
			middle++
		default:
			top++
		}
	}
	return middle > top
}

// nameWidth is how wide the full lines of names are, in letters.
func nameWidth(rows []*row, title int) float64 {
	var widths []float64
	for _, r := range rows {
		for _, l := range byLine(r.cells[title]) {
			widths = append(widths, float64(utf8.RuneCountInString(l.raw())))
		}
	}
	if len(widths) == 0 {
		return 0
	}
	slices.Sort(widths)
	return widths[len(widths)*4/5]
}

// run parts the lines of the rows.
func (t *teller) run(placed map[*schema.Word]bool) {
	t.gather(placed)
	t.narrowest = toldShare * t.width
	var end *telling
	if !slices.ContainsFunc(t.lines, func(l toldLine) bool { return len(l.words) > 0 }) {
		return
	}
	// The texts found first tell how wide their column is.
	for range 2 {
		best := t.search()
		if best == nil || !t.narrow(best) {
			return
		}
		end = best
	}
	t.put(end)
}

// search finds the best way to part all lines, nil when there is none.
func (t *teller) search() *telling {
	beam := []*telling{{row: -1, nameAt: -1, toldAt: -1, line: -1}}
	for i := range t.lines {
		beam = t.step(beam, i)
		if len(beam) == 0 {
			return nil
		}
	}
	best, top := (*telling)(nil), 0.0
	for _, h := range beam {
		if h.row == len(t.rows)-1 {
			if s := h.score + t.leave(h); best == nil || s > top {
				best, top = h, s
			}
		}
	}
	return best
}

// narrow learns how wide the lines of texts are; false when there are none.
func (t *teller) narrow(end *telling) bool {
	var widths []float64
	for h := end; h != nil && h.line >= 0; h = h.prev {
		if words := t.lines[h.line].words[h.toldFrom:]; len(words) > 0 {
			widths = append(widths, float64(utf8.RuneCountInString(newPassage(words).raw())))
		}
	}
	slices.Sort(widths)
	if len(widths) >= 4 {
		t.narrowest = min(t.narrowest, widths[len(widths)*4/5])
	}
	return len(widths) > 0
}

// A wordPlace is where a word of a row stood before.
type wordPlace struct {
	kind wordKind
	side bool // in a column of units or documents
	row  int
}

// gather collects the lines from the first to the last of the rows.
func (t *teller) gather(placed map[*schema.Word]bool) {
	t.lines, t.at = nil, make([]int, len(t.rows))
	where, cited := map[*schema.Word]wordPlace{}, map[int]bool{}
	first, last := t.anchor(t.rows[0]), 0
	for k, r := range t.rows {
		for c := range r.cells {
			for _, w := range r.cells[c].words {
				first, last = min(first, w.line), max(last, w.line)
				where[w.src] = t.placeOf(w, c, k)
				cited[w.line] = cited[w.line] || t.p.Columns[c].Type == TypeCitation
			}
		}
	}
	for i := first; i <= last; i++ {
		l := toldLine{anchor: -1, nameTo: -1, row: -1}
		for k, r := range t.rows {
			if t.anchor(r) == i {
				l.anchor, t.at[k] = k, i-first
			}
		}
		if !t.b.headLines[i] && !t.b.groupLines[i] {
			t.addWords(&l, i, func(w word) (wordPlace, bool) {
				at, ok := where[w.src]
				if !ok {
					// What became part of a document that is spelled out now, or had no place.
					at = wordPlace{kind: kindLost, side: placed[w.src] && cited[i]}
				}
				return at, ok
			})
		}
		l.nameTo = max(l.nameTo, 0)
		t.weigh(&l)
		t.lines = append(t.lines, l)
	}
}

// weigh works out what is the same for all ways that come to a line.
func (t *teller) weigh(l *toldLine) {
	n := len(l.words)
	for k := range n + 1 {
		l.names = append(l.names, t.linePart(l.words[:k], "|[“\"(- "))
		l.tolds = append(l.tolds, t.linePart(l.words[k:], "|[“\"( "))
		l.cuts = append(l.cuts, t.cut(l, k))
		if k < n {
			l.opens, l.side = append(l.opens, t.opens(l, k)), append(l.side, t.beside(l, k))
		}
	}
}

// linePart is a part of a line, which may begin with some of the signs of before.
func (t *teller) linePart(words []word, before string) linePart {
	p := newPassage(words)
	first, _, _ := strings.Cut(p.text, " ")
	return linePart{
		text: p.text, wide: utf8.RuneCountInString(p.raw()), first: utf8.RuneCountInString(first),
		lower: startsLower(strings.TrimLeft(p.text, before)), specks: t.specks(words),
	}
}

// placeOf is the place of a word in column c of row k.
func (t *teller) placeOf(w word, c, k int) wordPlace {
	switch {
	case c == t.title:
		return wordPlace{kind: kindName, row: k}
	case t.p.Columns[c].Type != TypeMeasure:
		return wordPlace{side: true}
	case numeric(w.text):
		return wordPlace{kind: kindFigure}
	}
	return wordPlace{kind: kindTold}
}

// addWords adds the words of line i that may be a name's or a text's.
func (t *teller) addWords(l *toldLine, i int, place func(word) (wordPlace, bool)) {
	number := -1
	if l.anchor >= 0 {
		src := t.rows[l.anchor].cells[t.p.numberColumn()].words[0].src
		number = slices.IndexFunc(t.b.lines[i].words, func(w word) bool { return w.src == src })
	}
	bar := false
	for k, w := range t.b.lines[i].words {
		if k == number {
			continue
		}
		at, found := place(w)
		if at.side {
			if l.nameTo < 0 && len(l.words) > 0 {
				l.nameTo = len(l.words)
			}
			l.toldFrom, bar = len(l.words), true
			continue
		}
		if found && at.kind == kindName {
			l.row = at.row
		}
		l.words, l.kind = append(l.words, w), append(l.kind, at.kind)
		l.parted = append(l.parted, bar || strings.HasPrefix(w.raw, "|"))
		bar = strings.HasSuffix(w.raw, "|")
	}
	if l.nameTo < 0 {
		l.nameTo = len(l.words)
	}
}

// step adds line i to all ways.
func (t *teller) step(beam []*telling, i int) []*telling {
	var next []*telling
	l := &t.lines[i]
	for _, h := range beam {
		if l.anchor >= 0 {
			if h.row == l.anchor {
				next = t.part(next, h, h, i)
			}
			if h.row == l.anchor-1 {
				next = t.part(next, h, t.begin(h), i)
			}
			continue
		}
		if h.row >= 0 {
			next = t.part(next, h, h, i)
		}
		// A row begins above its number once the number before has gone by.
		if h.row+1 < len(t.rows) && (h.row < 0 || t.passed(h.row, i)) && len(l.words) > 0 {
			next = t.part(next, h, t.begin(h), i)
		}
	}
	return bestTellings(next)
}

// bestTellings keeps the best of those that differ, as many as the beam is wide.
func bestTellings(all []*telling) (out []*telling) {
	slices.SortStableFunc(all, func(a, b *telling) int { return cmp.Compare(b.score, a.score) })
	for _, h := range all {
		if len(out) == tellBeam {
			break
		}
		if !slices.ContainsFunc(out, func(o *telling) bool {
			return o.row == h.row && o.name == h.name && o.told == h.told && o.figures == h.figures
		}) {
			out = append(out, h)
		}
	}
	return out
}

// passed reports whether the number of a row stands above line i.
func (t *teller) passed(row, i int) bool {
	for k := range i {
		if t.lines[k].anchor == row {
			return true
		}
	}
	return false
}

// begin goes on to the next row.
func (t *teller) begin(h *telling) *telling {
	n := *h
	n.score += t.leave(h)
	n.row, n.name, n.told, n.nameAt, n.toldAt, n.figures, n.wide, n.above, n.below = h.row+1, "", "", -1, -1, 0, 0, 0, 0
	return &n
}

// leave scores the end of a row.
func (t *teller) leave(h *telling) float64 {
	s := 0.0
	if h.row >= 0 && h.nameAt < 0 {
		s += nameLost
	}
	if off := max(h.above-h.below, h.below-h.above); t.centred && off > 1 {
		s += offMiddle * float64(off-1)
	}
	if h.toldAt >= 0 && h.figures >= t.figures {
		s += toldCrowded * float64(h.figures-t.figures+1)
	}
	return s
}

// part adds the ways to part line i in the row of h, which goes on from prev.
func (t *teller) part(out []*telling, prev, h *telling, i int) []*telling {
	l := &t.lines[i]
	n := len(l.words)
	for a := 0; a <= l.nameTo; a++ {
		if a > 0 && l.kind[a-1] == kindFigure {
			break // figures are none of a name's
		}
		for b := n; b >= max(a, l.toldFrom); b-- {
			if b-a > mostAside && a > 0 && b < n {
				continue
			}
			if b < n && h.toldAt < 0 && !l.opens[b] {
				continue
			}
			s, figures := l.beside(a, b)
			s -= l.cuts[a]
			if b > a {
				s -= l.cuts[b]
			}
			x := &telling{score: h.score + s, row: h.row, name: h.name, told: h.told, nameAt: h.nameAt, toldAt: h.toldAt, figures: h.figures + figures, wide: h.wide, above: h.above, below: h.below, line: i, nameTo: a, toldFrom: b, prev: prev}
			if a > 0 {
				x.score += t.name(h, i, &l.names[a])
				if l.row >= 0 && l.row != h.row {
					x.score += rowMoved
				}
				x.name, x.nameAt = lastWords(h.name, l.words[:a]), i
				x.wide = l.names[a].wide
				switch at := t.at[h.row]; {
				case i < at:
					x.above++
				case i > at:
					x.below++
				}
			}
			if b < n {
				x.score += t.tell(h, i, b)
				x.told, x.toldAt = lastWords(h.told, l.words[b:]), i
			}
			out = append(out, x)
		}
	}
	return out
}

// cut scores what is lost where a line is parted before word k: the connection of the
// words on either side.
func (t *teller) cut(l *toldLine, k int) float64 {
	if k == 0 || k == len(l.words) || l.parted[k] || l.kind[k] == kindFigure && l.kind[k-1] == kindFigure {
		return 0
	}
	if w := l.words[k].raw; w == "-" || w == "+" {
		return lineCut
	}
	return lineCut + max(0, t.goesOn(lastWords("", l.words[:k]), newPassage(l.words[k:]).text))
}

// opens reports whether a text may begin at word k of a line.
func (t *teller) opens(l *toldLine, k int) bool {
	w := l.words[k].text
	if numeric(w) && k+1 < len(l.words) && !t.speck(l.words[k+1]) {
		return true // "06 lớp"
	}
	return letters(newPassage(l.words[k:]).text) > 3 && (bullet(w) || startsUpper(strings.TrimLeft(w, "|[“\"(")) || l.kind[k] == kindTold)
}

// beside scores the words a to b of a line, which are neither a name's nor a text's.
func (l *toldLine) beside(a, b int) (s float64, figures int) {
	for k := a; k < b; k++ {
		if l.kind[k] == kindFigure {
			figures++
		}
		s += l.side[k]
	}
	return s, figures
}

// beside scores word k of a line, which is neither a name's nor a text's.
func (t *teller) beside(l *toldLine, k int) float64 {
	switch {
	case l.kind[k] == kindFigure:
		return 0
	case l.kind[k] == kindLost:
		return sideLost
	case l.kind[k] == kindTold, t.speck(l.words[k]):
		return sideSpeck
	}
	return sideSound
}

// speck reports whether a word may be what is left of others.
func (t *teller) speck(w word) bool {
	return lateDate.MatchString(w.raw) || utf8.RuneCountInString(strings.Trim(w.raw, ".,;:()|")) < 3 || !t.b.opt.Restorer.Sound(w.text)
}

// lateDate is the end of a document's date.
var lateDate = regexp.MustCompile(`[0-9]/20[0-9][0-9]$`)

// specks scores the specks of a part.
func (t *teller) specks(words []word) float64 {
	n := 0
	for _, w := range words {
		if lateDate.MatchString(w.raw) {
			n += 5
			continue
		}
		if core := strings.Trim(w.raw, ".,;:()|"); utf8.RuneCountInString(core) < 3 && !t.b.opt.Restorer.Sound(w.text) {
			n++
		}
	}
	return partSpeck * float64(n)
}

// name scores a part of a row's name.
func (t *teller) name(h *telling, i int, part *linePart) float64 {
	s := nameWide*max(0, float64(part.wide)-t.width-3) + part.specks
	if h.nameAt < 0 {
		if part.lower {
			s += nameLower
		}
		return s
	}
	s += nameRoom * min(15, max(0, t.width-float64(h.wide+part.first)-3))
	s += nameSkipped * float64(min(t.between(h.nameAt, i), 4))
	return s + t.goesOn(h.name, part.text)
}

// between counts the lines with words between two lines.
func (t *teller) between(from, to int) int {
	n := 0
	for k := from + 1; k < to; k++ {
		if len(t.lines[k].words) > 0 {
			n++
		}
	}
	return n
}

// tell scores a part of the text, from word b of line i on.
func (t *teller) tell(h *telling, i, b int) float64 {
	l := &t.lines[i]
	part := &l.tolds[b]
	item := l.words[b].raw == "-" || l.words[b].raw == "+"
	s := part.specks
	if item {
		s -= partSpeck
	}
	for k := b; k < len(l.words); k++ {
		switch {
		case l.kind[k] != kindFigure:
		case k == b && strings.HasSuffix(h.told, ":"):
		case k > b && !l.parted[k] && l.kind[k-1] != kindFigure, k+1 < len(l.words) && letters(l.words[k+1].text) > 1:
			s += toldFigure
		default:
			s += toldAlone
		}
	}
	s += toldWide * max(0, float64(part.wide)-t.narrowest)
	if h.toldAt < 0 {
		s += toldOpens
		if part.lower {
			s += toldLower
		}
		return s
	}
	s += toldGap * float64(min(t.between(h.toldAt, i), 4))
	if item {
		return s + nextItem
	}
	return s + t.goesOn(h.told, part.text)
}

// goesOn scores a part behind what stands before it.
func (t *teller) goesOn(before, part string) float64 {
	key := [2]string{before, part}
	s, ok := t.follow[key]
	if ok {
		return s
	}
	r := t.b.opt.Restorer
	s = scoreFollow * max(-followMost, min(followMost, r.Follows(r.Ending(before), part)))
	lower := startsLower(strings.TrimLeft(part, "|[“\"( "))
	switch {
	case lower && !ended(before):
		s += scoreGoesOn
	case lower:
		s += scoreLowerAfter
	case ended(before):
		s += scoreAfterStop
	case bullet(part):
	case startsUpper(part):
		s += scoreBreaksOff
	}
	if endsOpenly(before) {
		s += scoreOpen
	}
	t.follow[key] = s
	return s
}

// lastWords is the end of a text that goes on with words.
func lastWords(before string, words []word) string {
	const most = 6
	out := strings.Fields(before)
	for _, w := range words {
		out = append(out, w.text)
	}
	return strings.Join(out[max(0, len(out)-most):], " ")
}

// put gives the words their places where a row has such a text, and to the rows beside
// such a row whose lines changed.
func (t *teller) put(end *telling) {
	shares := t.shares(end)
	told := func(i int) bool { return i >= 0 && i < len(shares) && shares[i].tells }
	for i, r := range t.rows {
		x := &shares[i]
		if !told(i-1) && !told(i) && !told(i+1) || len(x.name.words) == 0 {
			continue
		}
		r.cells[t.title] = x.name
		if told(i) {
			t.tells(r, x)
		}
	}
}

// A rowShare is what of the lines belongs to one row.
type rowShare struct {
	name, told passage
	figures    []word
	tells      bool // words stand where a figure is due
}

// shares collects the rows' parts of the lines along a telling, from its end.
func (t *teller) shares(end *telling) []rowShare {
	shares := make([]rowShare, len(t.rows))
	for h := end; h != nil && h.line >= 0; h = h.prev {
		l := &t.lines[h.line]
		x := &shares[h.row]
		if k := h.nameTo; k > 0 && k < h.toldFrom && l.kind[k] == kindName && letters(l.words[k].raw) < 4 && len(x.name.words) > 0 &&
			t.b.bridges(newPassage(l.words[:k]), l.words[k], x.name) {
			h.nameTo++
		}
		x.name = concat(newPassage(l.words[:h.nameTo]).trimmed(), x.name)
		x.told = concat(newPassage(l.words[h.toldFrom:]).trimmed(), x.told)
		for k := h.toldFrom - 1; k >= h.nameTo; k-- {
			if l.kind[k] == kindFigure {
				x.figures = slices.Insert(x.figures, 0, l.words[k])
			}
		}
		x.tells = x.tells || h.toldFrom < len(l.words)
	}
	return shares
}

// tells puts the words of a row into their column, and its figures into the other columns of
// figures, in their order.
func (t *teller) tells(r *row, x *rowShare) {
	for c := range t.p.Columns {
		if t.p.Columns[c].Type == TypeMeasure {
			r.cells[c] = passage{}
		}
	}
	for c := range t.p.Columns {
		if t.p.Columns[c].Type == TypeMeasure && c != t.col && len(x.figures) > 0 {
			r.cells[c], x.figures = newPassage(x.figures[:1]), x.figures[1:]
			r.position[c] = 0.6
		}
	}
	r.cells[t.col] = x.told
	r.position[t.col] = 0.6
}

// placedWords are the words that have a place.
func placedWords(rows []*row) map[*schema.Word]bool {
	out := map[*schema.Word]bool{}
	for _, r := range rows {
		for _, cell := range r.cells {
			for _, w := range cell.words {
				out[w.src] = true
			}
		}
	}
	return out
}
