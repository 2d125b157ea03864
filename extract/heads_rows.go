package extract

import (
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
)

// Heads that wrap beside others, or stand lower than they, do not tell which of them is to
// the left. The rows do: a line of print, or cells that came one by one, have figures,
// units, days and names in the order of the columns.

// A rowItem is what may be a cell or a line of one: a figure, a unit, a day, a text.
type rowItem struct {
	passage
	kind itemKind
}

type itemKind uint8

const (
	itemText itemKind = iota
	itemFigure
	itemShare
	itemDate
	itemUnit
	itemCitation
	itemLabel // of a status
	itemSum   // of money
)

// Bounds of the rows that are asked.
const (
	askedLines = 80 // lines below the heads
	askedItems = 12 // items of a line
)

// What rows say of an order, beside heads on one line (see ahead).
const (
	rowsWeight = 8.0 // of the mean over all lines
	itemAside  = -1.5
	itemSkips  = -0.15 // a column between two items of a line has none
)

// A rowOrder weighs orders of columns by the rows.
type rowOrder struct {
	fits [][][]float64 // by line, item and column

	figures [][]float64 // by line: the figures in it
	single  []bool      // by head: a column of figures
	shares  [][3]int    // heads of a share, its part and its whole
}

// rowsBelowHeads takes the items of the lines from from to to, in the order in which they
// were printed.
func (b *builder) rowsBelowHeads(p *Profile, from, to int) (out [][]rowItem) {
	to = min(to, from+askedLines)
	apart := 0 // lines between blank ones
	for i := from; i < to; i++ {
		if b.lines[i].gap {
			apart++
		}
	}
	blocks := 2*apart > to-from
	figures := 0
	for c := range p.Columns {
		if p.Columns[c].Type.single() {
			figures++
		}
	}
	s := &splitter{b: b, p: p}
	var row []rowItem
	for i := from; i < to; i++ {
		line := s.items(b.lines[i].passage, figures > 1)
		// Cells one by one: those of a row follow its number.
		begins := len(line) > 0 && firstCell.MatchString(line[0].text)
		if blocks && !begins && len(row) > 0 && b.lines[i].gap {
			row = append(row, line...)
			continue
		}
		if blocks && !begins && len(row) > 0 {
			continue // a cell's next line
		}
		out, row = addItems(out, row), line
	}
	return addItems(out, row)
}

func addItems(out [][]rowItem, line []rowItem) [][]rowItem {
	if len(line) > 0 && firstCell.MatchString(line[0].text) {
		line = line[1:]
	}
	if len(line) < 2 || len(line) > askedItems {
		return out
	}
	return append(out, line)
}

// items cuts a line at its bars, around labels of statuses and sums of money, and behind
// texts where figures, units and days follow.
func (s *splitter) items(line passage, figures bool) (out []rowItem) {
	for _, part := range s.cutRules(line) {
		if len(part.words) == 0 {
			continue
		}
		from := 0
		add := func(to int) {
			if to > from {
				item := newPassage(part.words[from:to]).trimmed()
				out = append(out, rowItem{item, s.kindOf(item)})
			}
			from = to
		}
		for k := 0; k < len(part.words); k++ {
			if to, kind := s.told(part, k); to > k {
				add(k)
				add(to)
				out[len(out)-1].kind = kind
				k = to - 1
				continue
			}
			if !figures {
				continue
			}
			to, ends := k, []int(nil)
			for to < len(part.words) {
				end := figureEnd(part.words, to)
				if end == to {
					break
				}
				to, ends = end, append(ends, end)
			}
			// One figure that small letters go on from is a sentence's.
			if to == k || len(ends) == 1 && to < len(part.words) && startsLower(part.words[to].text) {
				continue
			}
			add(k)
			for _, end := range ends {
				add(end)
			}
			k = to
		}
		add(len(part.words))
	}
	return out
}

// figureEnd returns the word behind the figure that begins at word k, with its sign and
// the end of its range: "≥ 80", "85 - 95"; k where there is none.
func figureEnd(words []word, k int) int {
	i := k
	if strings.Trim(words[i].text, "<>=≥≤~±") == "" {
		i++
	}
	if i == len(words) || !numeric(words[i].text) {
		return k
	}
	if i+2 < len(words) && strings.Trim(words[i+1].text, "-–—") == "" && numeric(words[i+2].text) {
		return i + 3
	}
	return i + 1
}

// told finds the label of a status, or the sum of money, that is a cell's by itself and
// begins with word k of a part: no word leads to it, and none in small letters goes on
// from it. It returns the word behind it.
func (s *splitter) told(part passage, k int) (to int, kind itemKind) {
	w := part.words[k].text
	rest := part.text[part.starts[k]:]
	alone := func(end int) bool {
		to = part.wordAt(part.starts[k]+end-1) + 1
		return to == len(part.words) || !startsLower(part.words[to].text)
	}
	if s.p.labels != nil && s.p.has(TypeStatus) && startsUpper(w) {
		if h, ok := s.p.labels.Label(rest); ok && h.From == 0 && alone(h.To) {
			return to, itemLabel
		}
	}
	if numeric(w) && slices.ContainsFunc(s.p.Columns, func(c Column) bool { return c.Amounts }) && (k == 0 || !leadsToNumber[letterCore(normalize.Fold(part.words[k-1].text))]) {
		if sums := field.BareAmounts(rest); len(sums) > 0 && sums[0].From == 0 && alone(sums[0].To) {
			return to, itemSum
		}
	}
	return k, itemText
}

// kindOf tells what an item is.
func (s *splitter) kindOf(item passage) itemKind {
	switch {
	case isLoneDate(item.text) || loneTime.MatchString(strings.ToLower(normalize.Fold(item.text))):
		return itemDate
	case strings.HasSuffix(item.text, "%") && numeric(item.text):
		return itemShare
	case letters(item.text) == 0 && strings.ContainsAny(item.text, "0123456789"):
		return itemFigure
	case s.isUnit(item):
		return itemUnit
	}
	if cites := field.Citations(item.text); len(cites) > 0 && cites[0].From == 0 {
		return itemCitation
	}
	return itemText
}

// isUnit reports whether an item is a unit that a column of the profile lists.
func (s *splitter) isUnit(item passage) bool {
	c := s.p.column(func(c *Column) bool { return c.Type == TypeUnit })
	return c >= 0 && (isUnit(&s.p.Columns[c], item.text) || isUnit(&s.p.Columns[c], item.raw()))
}

// newRowOrder scores the items of rows for the columns of heads.
func newRowOrder(p *Profile, heads []blockHead, rows [][]rowItem, unit bool) *rowOrder {
	o := &rowOrder{}
	for _, row := range rows {
		line := make([][]float64, len(row))
		for i := range row {
			text := field.NewText(row[i].text)
			line[i] = make([]float64, len(heads))
			for h := range heads {
				line[i][h] = itemFits(p, heads[h].col, &row[i], text, unit)
			}
		}
		o.fits = append(o.fits, line)
	}
	o.readShares(p, heads, rows)
	return o
}

// readShares notes which columns may be shares of which others, and the figures of the lines.
func (o *rowOrder) readShares(p *Profile, heads []blockHead, rows [][]rowItem) {
	index := func(field string) int {
		return slices.IndexFunc(heads, func(h blockHead) bool { return h.col >= 0 && p.Columns[h.col].Field == field })
	}
	var measures []int // what was planned, what was done
	for c := range p.Columns {
		if p.Columns[c].Type == TypeMeasure {
			measures = append(measures, index(p.Columns[c].Field))
		}
	}
	o.single = make([]bool, len(heads))
	for i, h := range heads {
		o.single[i] = h.col == figuresElse || h.col >= 0 && p.Columns[h.col].Type.single()
		switch {
		case h.col >= 0 && len(p.Columns[h.col].Share) == 2:
			if of := p.Columns[h.col].Share; index(of[0]) >= 0 && index(of[1]) >= 0 {
				o.shares = append(o.shares, [3]int{i, index(of[0]), index(of[1])})
			}
		case h.col == figuresElse && len(measures) == 2 && measures[0] >= 0 && measures[1] >= 0:
			o.shares = append(o.shares, [3]int{i, measures[1], measures[0]})
		}
	}
	if len(o.shares) == 0 {
		return
	}
	for _, row := range rows {
		var values []float64
		for i := range row {
			if row[i].kind != itemFigure && row[i].kind != itemShare {
				continue
			}
			v, ok := readCount(strings.Trim(row[i].text, "+-<>=≥≤~% "))
			if !ok {
				v = math.NaN()
			}
			values = append(values, v)
		}
		o.figures = append(o.figures, values)
	}
}

// sharesOf scores the shares that an order of columns makes of the figures of lines with one
// in each column.
func (o *rowOrder) sharesOf(order []int) (sum float64) {
	const near, is, isNot = 0.06, 1.0, -0.3
	if len(o.shares) == 0 {
		return 0
	}
	at, n := make([]int, len(order)), 0
	for _, h := range order {
		if at[h] = n; o.single[h] {
			n++
		}
	}
	for _, line := range o.figures {
		if len(line) != n {
			continue
		}
		for _, s := range o.shares {
			share, part, whole := line[at[s[0]]], line[at[s[1]]], line[at[s[2]]]
			switch {
			case math.IsNaN(share+part+whole) || whole == 0:
			case math.Abs(100*part/whole-share) < near:
				sum += is
			default:
				sum += isNot
			}
		}
	}
	return sum
}

// itemFits scores an item for a column, in nats.
func itemFits(p *Profile, col int, item *rowItem, text *field.Text, unit bool) float64 {
	switch {
	case col == noPlace:
		return 0
	case col == figuresElse:
		return typeItemElse(item.kind)
	}
	c := &p.Columns[col]
	switch item.kind {
	case itemFigure, itemShare:
		if unit && c.Amounts && item.kind == itemFigure {
			return 2
		}
		return figureItem(c, item.kind)
	case itemDate:
		return typeItem(c, TypeDate)
	case itemUnit:
		return typeItem(c, TypeUnit)
	case itemCitation:
		return typeItem(c, TypeCitation)
	case itemLabel:
		return typeItem(c, TypeStatus)
	case itemSum:
		return sumItem(c)
	}
	return textItem(p, col, item, text)
}

// typeItemElse scores an item for a column of figures that the profile does not know.
func typeItemElse(kind itemKind) float64 {
	if kind == itemFigure || kind == itemShare {
		return 1.8
	}
	return -2
}

// figureItem scores a figure for a column.
func figureItem(c *Column, kind itemKind) float64 {
	switch c.Type {
	case TypePercent:
		if kind == itemShare {
			return 2
		}
		return 1
	case TypeCount:
		if kind == itemShare {
			return -1
		}
		return 2
	case TypeMeasure, TypeMoney:
		return 2
	case TypeText:
		return -0.3
	}
	return -3
}

// typeItem scores a value of a type for a column.
func typeItem(c *Column, of ColumnType) float64 {
	switch {
	case c.Type == of:
		return 2.5
	case c.Type == TypeText:
		return 0
	}
	return -2
}

// sumItem scores a sum of money for a column: texts have some in their sentences.
func sumItem(c *Column) float64 {
	switch {
	case c.Amounts, c.Type == TypeMoney:
		return 1
	case c.Type == TypeText:
		return -0.3
	}
	return -2
}

// textItem scores words for a column.
func textItem(p *Profile, col int, item *rowItem, text *field.Text) float64 {
	c := &p.Columns[col]
	opens := func(ph field.Phrase) bool {
		_, ok := text.FindPrefix(ph, 0.84)
		return ok
	}
	switch c.Type {
	case TypeTitle:
		return 0.5
	case TypeAgency:
		switch {
		case shortAgency.MatchString(item.text), slices.ContainsFunc(agencyOpenings, opens), slices.ContainsFunc(p.starts[col], opens):
			return 1.5
		case len(item.words) > 8:
			return -2
		}
		return -0.5
	case TypeUnit:
		if len(item.words) <= 2 {
			return 0.3
		}
		return -2.5
	case TypeCount, TypePercent, TypeDate, TypeMoney:
		return -2.5
	case TypeMeasure, TypeCitation:
		return -1.2
	}
	s := 0.3
	if slices.ContainsFunc(p.starts[col], opens) {
		s += 1
	}
	return s
}

// of scores an order of heads, the mean over all lines.
func (o *rowOrder) of(order []int) float64 {
	if len(o.fits) == 0 {
		return 0
	}
	sum := 0.0
	for _, line := range o.fits {
		sum += lineInOrder(line, order)
	}
	return rowsWeight * (sum + max(0, o.sharesOf(order))) / float64(len(o.fits))
}

// lineInOrder is the best way to give the items of a line columns from left to right.
func lineInOrder(line [][]float64, order []int) float64 {
	n := len(order)
	best := make([]float64, n+1) // by how many columns are behind
	for k := 1; k <= n; k++ {
		best[k] = math.Inf(-1)
	}
	for _, fits := range line {
		next := make([]float64, n+1)
		for k := range next {
			next[k] = best[k] + itemAside
		}
		for from := 0; from <= n; from++ {
			for k := from; k < n; k++ {
				s := best[from] + fits[order[k]] + itemSkips*float64(k-from)
				if from == 0 {
					s -= itemSkips * float64(k) // a line may begin anywhere
				}
				next[k+1] = max(next[k+1], s)
			}
		}
		best = next
	}
	return slices.Max(best)
}
