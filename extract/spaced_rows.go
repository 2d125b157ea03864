package extract

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

// A spacedAnchor is what tells of a row: its number, the numeral of a group, the word of a
// sum, a line across the columns, or the head of the numbers' column.
type spacedAnchor struct {
	from, to int // lines, of the part
	kind     anchorKind
}

type anchorKind uint8

const (
	rowAnchor anchorKind = iota
	groupAnchor
	totalAnchor
	headAnchor
)

// headOfNumbers are heads of the column of numbers, and what is left of them where a line
// breaks them.
var headOfNumbers = regexp.MustCompile(`^(s?tt|so( tt)?|st|t|no|thu tu|so thu tu)$`)

// isNumberHead recognises one.
func isNumberHead(text string) bool {
	return headOfNumbers.MatchString(strings.ToLower(normalize.Fold(strings.Trim(text, " .:"))))
}

// A counter is the first word of a line that may count rows.
type counter struct {
	line    int
	center  int // of the word, in half characters
	from    int
	number  int // of a row; the last part of "1.2"
	above   int // "1" of "1.2"; 0 for none
	numeral bool
}

// counterOf reads the first word of a line.
func counterOf(l *spacedLine, i int) (c counter, ok bool) {
	text := strings.TrimRight(l.words[0].text, ".)")
	c = counter{line: i, center: l.from[0] + l.to[0], from: l.from[0]}
	if rowNumeral.MatchString(l.words[0].text) {
		c.numeral = true
		return c, true
	}
	if !rowNumber.MatchString(l.words[0].text) || len(l.words) == 1 && len(l.words[0].text) > 3 {
		return c, false
	}
	if above, own, is := strings.Cut(text, "."); is {
		c.above, _ = strconv.Atoi(above)
		text = own
	}
	c.number, _ = strconv.Atoi(text)
	return c, c.number > 0
}

// counts reports whether a row so counted may stand below another one.
func (c counter) counts(on counter, last int) bool {
	switch {
	case c.numeral:
		return true
	case c.above == 0 && on.numeral:
		return c.number == 1 || last > 0 && c.number > last && c.number <= last+2
	case c.above == 0:
		return last > 0 && c.number > last && c.number <= last+2 || last == 0 && c.number == 1
	case on.above == c.above:
		return c.number > on.number && c.number <= on.number+2
	}
	return c.number == 1 // the first below its row
}

// longestChain returns the lines, from the given one on, that count rows below each other;
// last is the number of the row before, 0 where none is known.
func longestChain(lines []spacedLine, from, last int) (best []int) {
	const near = 3 // characters that numbers of one column lie off each other
	var all []counter
	for i := from; i < len(lines); i++ {
		if c, ok := counterOf(&lines[i], i); ok {
			all = append(all, c)
		}
	}
	rows := 0
	for i := range all {
		if last > 0 && !all[i].numeral && !all[i].counts(counter{numeral: true}, last) {
			continue
		}
		chain, numbered, cur, at := []int{all[i].line}, 0, last, all[i]
		if !at.numeral {
			numbered++
			cur = max(at.above, at.number)
			if at.above > 0 {
				cur = at.above
			}
		}
		for _, c := range all[i+1:] {
			if d := c.center - all[i].center; (d > 2*near || d < -2*near) && c.from != all[i].from || !c.counts(at, cur) {
				continue
			}
			if c.numeral && len(lines[c.line].words) == 1 {
				continue
			}
			chain, at = append(chain, c.line), c
			if !c.numeral {
				numbered++
				if cur = c.number; c.above > 0 {
					cur = c.above
				}
			}
		}
		if numbered > rows || numbered == rows && numbered > 0 && last == 0 && !betweenHeads(lines, best) && len(chain) >= len(best) {
			best, rows = chain, numbered
		}
		if last > 0 && rows > 0 {
			break
		}
	}
	for len(best) > 1 {
		// A numeral above the heads counts the text's sections.
		if c, _ := counterOf(&lines[best[0]], best[0]); !c.numeral || !betweenHeads(lines, best[:2]) {
			break
		}
		best = best[1:]
	}
	for n := len(best); n > 0; n-- {
		// One below the last row counts them, too.
		if c, _ := counterOf(&lines[best[n-1]], best[n-1]); !c.numeral {
			break
		}
		best = best[:n-1]
	}
	if last == 0 && rows < 2 && !(rows == 1 && headAbove(lines, best[0])) {
		return nil
	}
	return best
}

// headAbove reports whether the head of the numbers' column stands above a line, near it.
func headAbove(lines []spacedLine, line int) bool {
	const most = 12 // lines
	for i := line - 1; i >= 0 && i >= line-most; i-- {
		if p := lines[i].pieces(); len(p) > 1 && isNumberHead(lines[i].text(p[0][0], p[0][1])) {
			return true
		}
	}
	return false
}

// betweenHeads reports whether the head of the numbers' column stands between the first two
// lines of a chain.
func betweenHeads(lines []spacedLine, chain []int) bool {
	if len(chain) < 2 {
		return false
	}
	for i := chain[0] + 1; i < chain[1]; i++ {
		if p := lines[i].pieces(); len(p) > 1 && isNumberHead(lines[i].text(p[0][0], p[0][1])) {
			return true
		}
	}
	return false
}

// lastNumber is the number of the last row of a part.
func (p *spacedPart) lastNumber(before int) int {
	for _, a := range slices.Backward(p.anchors) {
		if a.kind != rowAnchor {
			continue
		}
		if c, ok := counterOf(&p.lines[a.from], a.from); ok && !c.numeral {
			if c.above > 0 {
				return c.above
			}
			return c.number
		}
	}
	return before
}

// firstNumber is the number of the first row of a part.
func (p *spacedPart) firstNumber() int {
	for _, a := range p.anchors {
		if c, ok := counterOf(&p.lines[a.from], a.from); ok && a.kind == rowAnchor && !c.numeral {
			if c.above > 0 {
				return c.above
			}
			return c.number
		}
	}
	return 0
}

// lay finds the columns of a part of which chain are the rows that count, and where it
// begins and ends: heads tells that it begins with them. It reports whether the columns
// convince.
func (p *spacedPart) lay(chain []int, heads bool) bool {
	const fewestColumns, few = 3, 8 // columns; lines that tell little
	from, last := p.head, p.head-1
	if len(chain) > 0 {
		last = chain[len(chain)-1]
	}
	if heads {
		from = chain[0]
	}
	to := last + 1
	for to < len(p.lines) && !p.lines[to].gap && !(len(p.lines[to].pieces()) == 1 && p.lines[to].from[0] <= p.lines[from].from[0]) {
		to++
	}
	if to <= from {
		return false
	}
	for k := from - 1; heads && to-from < few && k >= 0 && len(p.lines[k].pieces()) > 1 && !p.lines[k+1].gap; k-- {
		from = k
	}
	p.gaps = spacedGaps(p.lines[from:to], p.columns)
	if heads && from < chain[0] {
		p.gaps = withoutEmpty(p.lines[chain[0]:to], p.gaps)
	}
	if p.columns > 0 && len(p.gaps) != p.columns-1 {
		return false
	}
	if len(p.gaps) < fewestColumns-1 || len(p.gaps) >= mostColumns {
		return false
	}
	for _, i := range chain {
		if p.lines[i].to[0] > p.gaps[0].to {
			return false
		}
	}
	for i := range p.lines {
		cut, _, _ := p.lines[i].cut(p.gaps)
		p.cuts = append(p.cuts, cut)
	}
	end := p.end(last)
	top := p.head
	if heads {
		top = p.top(chain[0])
	}
	if end <= top {
		return false // heads once more, and nothing below
	}
	p.anchor(chain, top, end, heads)
	p.lines, p.cuts = p.lines[top:end], p.cuts[top:end]
	for k := range p.anchors {
		p.anchors[k].from -= top
		p.anchors[k].to -= top
	}
	p.head -= top
	if heads {
		p.head = 0
	}
	crossed := 0
	for i := p.head; i < len(p.lines); i++ {
		if _, _, c := p.lines[i].cut(p.gaps); c && len(p.lines[i].pieces()) > 2 {
			crossed++
		}
	}
	const most = 0.15 // of the lines may have words across a gap
	return float64(crossed) <= most*float64(len(p.lines))
}

// sole returns what stands alone in a line, as one piece, and whether it stands across
// columns.
func (p *spacedPart) sole(i int) (across, alone bool) {
	l := &p.lines[i]
	if len(l.pieces()) > 1 {
		return false, false
	}
	first, last := 0, len(p.gaps)
	for first < last && l.from[0] >= p.gaps[first].from {
		first++
	}
	for last > first && l.to[len(l.to)-1] <= p.gaps[last-1].to {
		last--
	}
	return last > first, true
}

// end is the line behind the last row, which begins at the given line or has it in its
// middle.
func (p *spacedPart) end(last int) int {
	i := last + 1
	for ; i < len(p.lines); i++ {
		l := &p.lines[i]
		if sumsUp(l.text(l.pieces()[0][0], l.pieces()[0][1])) {
			continue
		}
		across, _ := p.sole(i)
		if l.gap || across || p.cuts[i][0].column == 0 || isFoot(l.all()) || pageNumber(l.all()) && i == len(p.lines)-1 {
			break
		}
	}
	return i
}

// top is the first line of the heads, which stand above the given line.
func (p *spacedPart) top(first int) int {
	const most = 14 // lines of heads, with the first row's above its number
	left, right := p.lines[first].from[0], 0
	for i := first; i < len(p.lines) && i < first+most; i++ {
		right = max(right, p.lines[i].to[len(p.lines[i].to)-1])
	}
	top, named := first, false
	for i := first - 1; i >= 0 && i >= first-most; i-- {
		l := &p.lines[i]
		across, alone := p.sole(i)
		title := across && (p.cuts[i][0].column == 0 || l.from[0] <= left || 5*(l.to[len(l.to)-1]-l.from[0]) > 3*(right-left) ||
			upperShare(l.all()) > 0.9 && letters(l.all()) > 15)
		if title || p.lines[i+1].gap && named || alone && pageNumber(l.all()) {
			break
		}
		top = i
		named = named || p.cuts[i][0].column == 0
	}
	return top
}

// anchor lists what tells of rows between two lines.
func (p *spacedPart) anchor(chain []int, top, end int, heads bool) {
	head := -1
	if heads {
		for i := chain[0] - 1; i >= top; i-- {
			if p.cuts[i][0].column != 0 {
				if head >= 0 && i < head-1 {
					break
				}
				continue
			}
			if head < 0 {
				p.anchors = append(p.anchors, spacedAnchor{i, i, headAnchor})
			}
			head = i
			p.anchors[0].from = i
		}
		if head < 0 && chain[0] > top {
			p.anchors = append(p.anchors, spacedAnchor{top, chain[0] - 1, headAnchor})
		}
	}
	in, from := 0, p.head
	if len(chain) > 0 {
		from = chain[0]
	}
	for i := max(p.head, from); i < end; i++ {
		l := &p.lines[i]
		first := l.pieces()[0]
		switch across, alone := p.sole(i); {
		case in < len(chain) && chain[in] == i:
			kind := rowAnchor
			if c, _ := counterOf(l, i); c.numeral && len(l.pieces()) <= 2 {
				kind = groupAnchor
			}
			p.anchors = append(p.anchors, spacedAnchor{i, i, kind})
			in++
		case sumsUp(l.text(first[0], first[1])):
			p.anchors = append(p.anchors, spacedAnchor{i, i, totalAnchor})
		case across, alone && upperShare(l.all()) > 0.75 && letters(l.all()) > 8 && p.cuts[i][0].column <= 1 && in < len(chain) && chain[in] == i+1:
			p.anchors = append(p.anchors, spacedAnchor{i, i, groupAnchor})
		}
	}
}

// Costs of what speaks against a row's lines, in columns whose cells do not lie about its
// number as they should.
const (
	beginsSmall = 0.6  // a cell begins with a small letter
	blankAbove  = -0.6 // blank lines stand above the row
	goesOnCost  = 0.3  // a line at the top of a page goes on from the row before
	aboveNumber = 4.0  // a line above a number that stands in its row's first line
)

// rows parts the lines of a part among its anchors: the first line of each, and the cost of
// it. middle tells that cells lie about their row's middle, else they begin in its first
// line.
func (p *spacedPart) rows(middle bool) (starts []int, cost float64) {
	n := len(p.anchors)
	if n == 0 {
		return nil, 0
	}
	type state struct {
		cost float64
		from int // start of the anchor before
	}
	best, least := make([][]state, n), make([]int, n)
	// to returns the best way for an anchor's lines to end before a line.
	to := func(j, end int) (now state) {
		now.cost = math.Inf(1)
		for k, st := range best[j] {
			if c := st.cost + p.bandCost(p.anchors[j], least[j]+k, end, middle); c < now.cost {
				now = state{c, least[j] + k}
			}
		}
		return now
	}
	for j, a := range p.anchors {
		least[j] = p.head
		if j > 0 {
			least[j] = p.anchors[j-1].to + 1
		}
		if !middle && a.kind != headAnchor {
			least[j] = a.from
		}
		for s := least[j]; s <= a.from; s++ {
			var st state
			switch {
			case j > 0:
				st = to(j-1, s)
			case a.kind != headAnchor:
				st.cost = goesOnCost * float64(s-p.head)
			}
			st.cost += p.startCost(s)
			best[j] = append(best[j], st)
		}
	}
	starts = make([]int, n)
	last := to(n-1, len(p.lines))
	cost = last.cost
	for j, at := n-1, last.from; j >= 0; j-- {
		starts[j] = at
		at = best[j][at-least[j]].from
	}
	return starts, cost
}

// startCost is what speaks against a row that begins at a line.
func (p *spacedPart) startCost(i int) (cost float64) {
	if p.lines[i].gap {
		cost += blankAbove
	}
	for _, s := range p.cuts[i] {
		if startsLower(p.lines[i].words[s.words[0]].text) {
			cost += beginsSmall
		}
	}
	return cost
}

// bandCost is what speaks against lines from to being those of an anchor.
func (p *spacedPart) bandCost(a spacedAnchor, from, to int, middle bool) (cost float64) {
	columns := len(p.gaps) + 1
	above, on, below := make([]int, columns), make([]int, columns), make([]int, columns)
	for i := from; i < to; i++ {
		for _, s := range p.cuts[i] {
			switch {
			case s.over > 1:
			case 2*i < a.from+a.to:
				above[s.column]++
			case 2*i > a.from+a.to:
				below[s.column]++
			default:
				on[s.column]++
			}
		}
	}
	for c := 1; c < columns; c++ {
		switch {
		case middle || a.kind == headAnchor:
			cost += math.Abs(float64(above[c] - below[c]))
		case on[c] == 0 && above[c]+below[c] > 0:
			cost++
		}
	}
	if a.kind == groupAnchor {
		cost += float64(to - from - 1)
	}
	return cost
}
