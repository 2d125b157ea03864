package extract

import (
	"math"
	"slices"
	"strings"
)

// The figures of a row stand in the order of its columns where they share a line of
// print; where cells lie a little off each other they stand on lines of their own, in
// any order, and some are not there at all. What tells their columns then is what the
// figures of each column look like in the rest of the table: shares, signs, how large
// they are. The search, which sees one piece at a time, knows none of that, so the
// figures of each row are given to its columns anew, all at once, as the table's other
// rows have them.

// A figure is a piece that holds one number.
type figure struct {
	piece, line int
	shape       figureShape
	value       float64
	block       int // of the pieces
}

// A figureShape is how a number is written.
type figureShape int

const (
	shapeShare   figureShape = iota // "12,5%"
	shapeSigned                     // "+12,5%", "-3"
	shapeBound                      // ">=80"
	shapeDecimal                    // "12,5"
	shapeLarge                      // of four digits or more
	shapeSmall
	figureShapes
)

// figureRounds is how often shapes are learned from the places of the round before.
const figureRounds = 4

// mostFigures bounds the figures of a row; rows with more are left as they are.
const mostFigures = 7

// Scores of figures, in nats.
const (
	figureAside      = -6.0 // a figure is given to no column
	figureTurn       = -1.5 // two figures on lines of their own stand in the other order
	figureTurnFar    = -4.0 // likewise, with blank space between
	figurePart       = 0.5  // a part is no more than its whole
	figureShare      = 3.0  // a share is that of two others
	figureOtherShare = -0.8 // it is not, as far as they were read
	figureNoShare    = -3.0 // a share has a sign
	figureMoved      = -0.6 // a figure leaves the column that the search gave it
	figureHeaded     = 0.8  // how usual a cell is in a column whose head was found
	figureHeadless   = 0.15 // and in one whose head was not
)

// shapeOf tells how a number is written.
func shapeOf(text string) figureShape {
	t := strings.Trim(text, " |.,;()")
	digits := strings.Count(t, "") - 1
	for _, r := range t {
		if r < '0' || r > '9' {
			digits--
		}
	}
	switch {
	case strings.HasPrefix(t, "+") || strings.HasPrefix(t, "-") || strings.HasPrefix(t, "±"):
		return shapeSigned
	case strings.ContainsAny(t, "<>≥≤=~"):
		return shapeBound
	case strings.HasSuffix(t, "%"):
		return shapeShare
	case digits > 3 && !strings.Contains(t, ","):
		return shapeLarge
	case strings.ContainsAny(t, ".,"):
		if i := strings.LastIndexAny(t, ".,"); len(t)-i-1 == 3 {
			return shapeLarge
		}
		return shapeDecimal
	}
	return shapeSmall
}

// A figureTable learns what the figures of a table's columns look like.
type figureTable struct {
	l      *layout
	headed bool  // the heads of enough columns were found
	cols   []int // columns that hold figures, from left to right
	rows   [][]figure
	places [][]int                 // by row and figure: index among cols, or noPlace
	shape  [][figureShapes]float64 // by column: share of its figures, in logarithms
	size   []moment                // by column: of the logarithms of its figures
	filled []float64               // by column: share of the rows that have one
	share  [3]int                  // index among cols of share, part and whole; or -1
}

// A moment is a mean and a deviation.
type moment struct{ mean, dev float64 }

// placeFigures gives the figures of each row to the columns that hold such.
func (l *layout) placeFigures(found []bool) {
	t := l.figureTable(found)
	if t == nil {
		return
	}
	t.learn(found, 0)
	for round := range figureRounds {
		for r := range t.rows {
			t.places[r] = t.assign(r)
		}
		t.learn(found, round+1)
	}
	t.put()
}

// figureTable gathers the figures of each row; nil where a table has no two columns
// of figures.
func (l *layout) figureTable(found []bool) *figureTable {
	if l.p.pattern != nil {
		return nil
	}
	t := &figureTable{l: l, rows: make([][]figure, len(l.slots)), places: make([][]int, len(l.slots))}
	at := l.rowsOfPieces()
	for i := range l.pieces {
		if r := at[i]; r >= 0 && l.isFigure(i) {
			f := figure{piece: i, line: l.pieces[i].line, shape: shapeOf(l.pieces[i].raw()), block: l.block[i]}
			text := l.pieces[i].text
			if w := l.pieces[i].words; len(w) == 2 && tornPercent(w[0].text, w[1].text) {
				text = strings.ReplaceAll(text, " ", ",") // a share of which the comma is lost
			}
			f.value, _ = readCount(strings.Trim(text, "+-<>=~≥≤± "))
			t.rows[r] = append(t.rows[r], f)
		}
	}
	t.chooseColumns(found)
	if len(t.cols) < 2 {
		return nil
	}
	t.readShare()
	for r := range t.rows {
		t.places[r] = make([]int, len(t.rows[r]))
		for k, f := range t.rows[r] {
			t.places[r][k] = slices.Index(t.cols, l.best[f.piece].col)
		}
	}
	return t
}

// isFigure reports whether piece i is a number and nothing else, and no row's.
func (l *layout) isFigure(i int) bool {
	pc := &l.pieces[i]
	if l.groups[i].slot >= 0 || l.barrier(i) || len(pc.words) > 4 {
		return false
	}
	if runTogetherDate.MatchString(pc.text) {
		return false
	}
	if figureEnd(pc.words, 0) == len(pc.words) {
		return true
	}
	return len(pc.words) == 2 && numeric(strings.ReplaceAll(pc.text, " ", "")) && tornPercent(pc.words[0].text, pc.words[1].text)
}

// rowsOfPieces tells by piece which row it belongs to: where the search found no place
// for it, that of the other pieces of its line, else that of the pieces around it when
// both are one row's.
func (l *layout) rowsOfPieces() []int {
	at := make([]int, len(l.pieces))
	byLine := map[int]int{}
	for i, pl := range l.best {
		at[i] = pl.row
		if pl.row >= 0 && pl.col >= 0 {
			byLine[l.pieces[i].line] = pl.row
		} else {
			at[i] = noPlace
		}
	}
	before := noPlace
	for i := range at {
		if at[i] >= 0 {
			before = at[i]
			continue
		}
		if r, ok := byLine[l.pieces[i].line]; ok {
			at[i] = r
			continue
		}
		behind := noPlace
		for k := i + 1; k < len(at) && behind < 0; k++ {
			if l.barrier(k) {
				behind = before // a group row ends the row
				break
			}
			behind = l.best[k].row
		}
		if l.barrier(i) {
			before = noPlace
		} else if before == behind || behind < 0 {
			at[i] = before
		}
	}
	return at
}

// chooseColumns finds the columns that hold figures. Where OCR left enough of the
// heads, they tell: columns of text to the right of columns of figures hold figures,
// too, if there are too few of the others, and where as many columns have heads as most
// rows have figures, they are all.
func (t *figureTable) chooseColumns(found []bool) {
	var headed, wordy []int
	for c := range t.l.p.Columns {
		switch typ := t.l.p.Columns[c].Type; {
		case typ.single() && !t.l.lacks[c]:
			t.cols = append(t.cols, c)
			if found[c] {
				headed = append(headed, c)
			}
		case typ == TypeText && len(t.cols) > 0 && found[c]:
			wordy = append(wordy, c)
		}
	}
	usual := t.usualCount()
	if t.headed = len(headed) >= 2 && 2*len(headed) >= usual; !t.headed {
		return
	}
	if n := min(max(usual-len(headed), 0), len(wordy)); n > 0 {
		t.cols, headed = slices.Concat(t.cols, wordy[:n]), slices.Concat(headed, wordy[:n])
		slices.Sort(t.cols)
		slices.Sort(headed)
	}
}

// usualCount is how many figures most rows have.
func (t *figureTable) usualCount() int {
	var counts []int
	for _, row := range t.rows {
		if len(row) > 0 {
			counts = append(counts, len(row))
		}
	}
	if len(counts) == 0 {
		return 0
	}
	slices.Sort(counts)
	return counts[len(counts)*3/4]
}

// readShare finds the columns of a share and of what it is computed from.
func (t *figureTable) readShare() {
	t.share = [3]int{-1, -1, -1}
	for k, c := range t.cols {
		if of := t.l.p.Columns[c].Share; len(of) == 2 {
			index := func(name string) int {
				return slices.IndexFunc(t.cols, func(c int) bool { return t.l.p.Columns[c].Field == name })
			}
			t.share = [3]int{k, index(of[0]), index(of[1])}
		}
	}
}

// typedShapes are how figures of columns of a type are written before any is known,
// by shape.
var typedShapes = map[ColumnType][figureShapes]float64{
	TypeCount:   {0.2, 0.1, 0.1, 0.2, 4, 4},
	TypePercent: {5, 2, 0.2, 1, 0.1, 0.5},
	TypeMeasure: {1, 0.5, 1, 1, 1, 2},
	TypeText:    {0.5, 0.5, 0.2, 0.5, 1, 1},
}

// learn counts what the figures of each column look like. Before the first
// round nothing is known but the columns' types and heads, or the search's places
// where heads are lost.
func (t *figureTable) learn(found []bool, round int) {
	t.shape = make([][figureShapes]float64, len(t.cols))
	t.size, t.filled = make([]moment, len(t.cols)), make([]float64, len(t.cols))
	rows := 0.0
	logs := make([][]float64, len(t.cols))
	for r, row := range t.rows {
		if len(row) > 0 {
			rows++
		}
		for k, f := range row {
			if c := t.places[r][k]; c >= 0 && (round > 0 || !t.headed) {
				t.shape[c][f.shape]++
				t.filled[c]++
				logs[c] = append(logs[c], math.Log1p(math.Abs(f.value)))
			}
		}
	}
	for k, c := range t.cols {
		prior := typedShapes[t.l.p.Columns[c].Type]
		sum := 0.0
		for s := range t.shape[k] {
			t.shape[k][s] += 0.5 * prior[s]
			sum += t.shape[k][s]
		}
		for s := range t.shape[k] {
			t.shape[k][s] = math.Log(t.shape[k][s] / sum)
		}
		usual := figureHeaded
		switch {
		case !t.headed:
			usual = 0.5
		case !found[c]:
			usual = figureHeadless
		}
		const weight = 4 // rows that the head counts for
		t.filled[k] = (t.filled[k] + weight*usual) / (rows + weight)
		t.size[k] = moments(logs[k])
	}
}

// moments measures logarithms; what few figures say is held to be wide.
func moments(logs []float64) moment {
	n := float64(len(logs))
	if n < 3 {
		return moment{}
	}
	mean, dev := 0.0, 0.0
	for _, x := range logs {
		mean += x / n
	}
	for _, x := range logs {
		dev += (x - mean) * (x - mean) / n
	}
	return moment{mean, math.Sqrt(dev) + 0.5}
}

// fit scores a figure in a column.
func (t *figureTable) fit(f *figure, c int) float64 {
	s := t.shape[c][f.shape]
	if d := t.size[c].dev; d > 0 && f.value != 0 { // nothing may be counted anywhere
		z := (math.Log1p(math.Abs(f.value)) - t.size[c].mean) / d
		s -= min(3, z*z/2) + math.Log(d)
	}
	filled := min(0.98, t.filled[c])
	return s + math.Log(filled/(1-filled))
}

// turnScore scores two figures of a row, a before b in what was read, in columns ca and
// cb; not ok where they share a line and stand in the other order.
func turnScore(a, b *figure, ca, cb int) (s float64, ok bool) {
	switch {
	case ca < cb:
		return 0, true
	case a.line == b.line:
		return 0, false
	case a.block != b.block:
		return figureTurnFar, true
	}
	return figureTurn, true
}

// assign finds the best columns for the figures of row r.
func (t *figureTable) assign(r int) []int {
	row := t.rows[r]
	if len(row) > mostFigures {
		return t.places[r]
	}
	best, top := t.places[r], math.Inf(-1)
	now := make([]int, len(row))
	atMost := t.atMost(row)
	const rounding = 1e-9
	var try func(k int, s float64, used uint)
	try = func(k int, s float64, used uint) {
		if s+atMost[k] < top-rounding {
			return
		}
		if k == len(row) {
			if s += t.shareScore(row, now); s > top {
				best, top = slices.Clone(now), s
			}
			return
		}
		for c := -1; c < len(t.cols); c++ {
			if c >= 0 && used&(1<<c) != 0 {
				continue
			}
			gain, allowed := t.gain(row, now, k, c)
			if !allowed {
				continue
			}
			now[k] = c
			next := used
			if c >= 0 {
				next |= 1 << c
			}
			try(k+1, s+gain, next)
		}
	}
	try(0, 0, 0)
	return best
}

// atMost bounds what the figures of a row from each on may gain: no way gains more than each
// would alone. Without that bound, seven figures on lines of their own are tried in all orders.
func (t *figureTable) atMost(row []figure) []float64 {
	most := make([]float64, len(row)+1)
	most[len(row)] = figureShare
	for k := len(row) - 1; k >= 0; k-- {
		alone := figureAside
		for c := range t.cols {
			alone = max(alone, t.fit(&row[k], c))
		}
		most[k] = most[k+1] + alone
	}
	return most
}

// gain is what speaks for figure k of a row in column c, -1 for none, where those before it
// have the columns now; false where their order forbids it.
func (t *figureTable) gain(row []figure, now []int, k, c int) (gain float64, allowed bool) {
	f := &row[k]
	gain = figureAside
	if c >= 0 {
		gain = t.fit(f, c)
	}
	if was := slices.Index(t.cols, t.l.best[f.piece].col); c != was && was >= 0 {
		gain += figureMoved
	}
	for j := 0; j < k && c >= 0; j++ {
		if now[j] < 0 {
			continue
		}
		turn, ok := turnScore(&row[j], f, now[j], c)
		if !ok {
			return 0, false
		}
		gain += turn
	}
	return gain, true
}

// shareScore scores what the figures of a row are computed from.
func (t *figureTable) shareScore(row []figure, places []int) float64 {
	var of [3]*figure // share, part, whole
	for k, c := range places {
		for i, want := range t.share {
			if c >= 0 && c == want {
				of[i] = &row[k]
			}
		}
	}
	s := 0.0
	if of[1] != nil && of[2] != nil && of[1].value > of[2].value {
		s -= figurePart * 4
	}
	if of[0] != nil && of[0].shape == shapeSigned {
		s += figureNoShare
	}
	if of[0] != nil && of[1] != nil && of[2] != nil && of[2].value > 0 {
		if math.Abs(100*of[1].value/of[2].value-of[0].value) < 0.1 {
			s += figureShare
		} else {
			s += figureOtherShare
		}
	}
	return s
}

// put gives the figures their places.
func (t *figureTable) put() {
	for r, row := range t.rows {
		for k, f := range row {
			now := &t.l.best[f.piece]
			switch c := t.places[r][k]; {
			case c >= 0 && (now.row != r || now.col != t.cols[c]):
				*now = place{r, t.cols[c], 0.5}
			case c < 0 && slices.Contains(t.cols, now.col):
				*now = place{noPlace, noPlace, 0}
			}
		}
	}
}
