package extract

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
)

// Where titles have no wording of their own rows are found by their numbers.

// A numbered is a piece that may begin a row by its number.
type numbered struct {
	piece, n int
	minor    int // of "1.2"
	weight   float64
	section  int
	second   int // piece with the number's second digit, on the line below; 0 for none
}

// Bounds of the search for numbers: the highest, how many candidates there are at
// most, and how many before one may be its row's neighbour.
const (
	highestNumber = 400
	mostNumbered  = 4000
	numberReach   = 400
)

// numberSlots finds the rows by the numbers of the first column: the chain of
// candidates that counts best.
func (l *layout) numberSlots() {
	chain := bestChain(l.numberedPieces())
	if len(chain) < 2 {
		return
	}
	l.partNumbers(chain)
	for i, c := range chain {
		if c.minor > 0 {
			l.groups[c.piece].slot = len(l.slots)
			l.slots = append(l.slots, slot{label: fmt.Sprintf("%d.%d", c.n, c.minor), anchor: c.piece})
			continue
		}
		from := 1
		if i > 0 && (chain[i-1].section == c.section || c.n == chain[i-1].n+1) {
			from = chain[i-1].n + 1
		}
		for m := from; m < c.n; m++ {
			l.slots = append(l.slots, slot{number: m, anchor: -1})
		}
		l.groups[c.piece].slot = len(l.slots)
		l.slots = append(l.slots, slot{number: c.n, anchor: c.piece})
	}
}

// numberedPieces are the pieces that begin lines with numbers.
func (l *layout) numberedPieces() []numbered {
	var out []numbered
	section := 0
	for i := range l.pieces {
		if l.groups[i].group != nil && l.p.Groups.Sections {
			section++
		}
		if l.groups[i].skip || !l.pieces[i].lead {
			continue
		}
		pc := &l.pieces[i]
		if strings.Contains(pc.raw(), "(") {
			continue // "(1)" counts within a cell
		}
		if k := l.digitBelow(i); k > 0 {
			if n, ok := field.Ordinal(pc.words[0].text + l.pieces[k].words[0].text); ok {
				out = append(out, numbered{i, n, 0, 1, section, k})
			}
		}
		if n, minor, weight := l.numberOf(i); weight > 0 {
			out = append(out, numbered{i, n, minor, weight, section, 0})
		}
		if len(out) > mostNumbered {
			break
		}
	}
	return out
}

// numberOf reads the number that piece i begins with; weight tells how likely it
// is a row's, 0 when it is none.
func (l *layout) numberOf(i int) (n, minor int, weight float64) {
	pc := &l.pieces[i]
	if l.dotted {
		n, minor, ok := dottedOrdinal(pc.words[0].raw)
		if !ok {
			return 0, 0, 0
		}
		return n, minor, 1
	}
	if n, ok := field.Ordinal(pc.text); ok && n < highestNumber {
		if i+1 < len(l.pieces) && l.pieces[i+1].line == pc.line {
			return n, 0, 1.2
		}
		return n, 0, 1
	}
	if n, minor, ok := dottedOrdinal(pc.words[0].raw); ok && l.p.Groups.Sections {
		return n, minor, 1
	}
	if len(pc.words) < 2 {
		return 0, 0, 0
	}
	first := pc.words[0].text
	n, ok := field.Ordinal(first)
	switch {
	case !ok || n >= highestNumber || strings.HasSuffix(first, "%"):
	case l.narrowCell(i):
		return n, 0, 0.6
	case numeric(pc.words[1].text) || letters(pc.text) <= 6:
	case strings.HasPrefix(first, "0"):
		return n, 0, 0.2 // "03 biểu mẫu" counts in a sentence, rarely rows
	default:
		return n, 0, 0.6
	}
	return 0, 0, 0
}

// bestChain returns the candidates that count best one behind the other.
func bestChain(cands []numbered) []numbered {
	best, prev := make([]float64, len(cands)), make([]int, len(cands))
	end := -1
	for i := range cands {
		best[i], prev[i] = cands[i].weight-0.4*float64(cands[i].n-1), -1
		for j := max(0, i-numberReach); j < i; j++ {
			step, ok := cands[i].after(&cands[j])
			if s := best[j] + cands[i].weight + step; ok && s > best[i] {
				best[i], prev[i] = s, j
			}
		}
		if cands[i].second > 0 && prev[i] < 0 {
			best[i] = math.Inf(-1)
		}
		if end < 0 || best[i] > best[end] {
			end = i
		}
	}
	var chain []numbered
	for i := end; i >= 0; i = prev[i] {
		chain = append(chain, cands[i])
	}
	slices.Reverse(chain)
	return chain
}

// after scores a number behind another one; false when it cannot follow it.
func (c *numbered) after(o *numbered) (score float64, ok bool) {
	step := c.n - o.n
	switch {
	case c.piece <= max(o.piece, o.second):
		return 0, false
	case c.second > 0 && (step != 1 || c.section != o.section):
		// A number torn over two lines must count on; alone it says nothing.
		return 0, false
	case c.section != o.section && step == 1 && c.minor == 0:
		return 0.5, true // numbers go on over groups
	case c.section != o.section:
		return 1 - 0.4*float64(c.n-1), c.n <= 3
	case step == 0 && c.minor == o.minor+1:
		return 1, true
	case step == 1 && c.minor == 1 && o.minor > 0:
		return 1, true // "2.1" behind "1.4"
	case step == 0 && o.minor > 0 && c.minor == o.minor+2:
		return 0.3, true
	case c.minor > 0:
		return 0, false
	case step == 1:
		return 1, true
	case step > 1 && step <= 6:
		return 0.3 - 0.25*float64(step-1), true
	}
	return 0, false
}

// partNumbers makes numbers that are glued to their text pieces of their own.
func (l *layout) partNumbers(chain []numbered) {
	shift := 0
	for i := range chain {
		c := &chain[i]
		c.piece += shift
		if c.second > 0 {
			l.dropNumber(c.second + shift)
		}
		pc := l.pieces[c.piece]
		if len(pc.words) < 2 {
			continue
		}
		num, rest := pc, pc
		num.passage, rest.passage = newPassage(pc.words[:1]), newPassage(pc.words[1:]).trimmed()
		rest.gap, rest.first, rest.lead, rest.cut = false, false, false, cutType
		sp := &splitter{b: l.b, p: l.p}
		sp.describe(&num)
		sp.describe(&rest)
		l.pieces[c.piece] = num
		l.pieces = slices.Insert(l.pieces, c.piece+1, rest)
		l.groups = slices.Insert(l.groups, c.piece+1, mark{slot: -1})
		shift++
	}
}

// narrowCell reports whether a few words behind a number end at a rule or where
// another column begins: "3 12 DVC |" begins a row, however little it says.
func (l *layout) narrowCell(i int) bool {
	pc := &l.pieces[i]
	if letters(pc.text) < 2 || pc.width > 24 || i+1 == len(l.pieces) {
		return false
	}
	next := &l.pieces[i+1]
	return next.line == pc.line && (next.cut == cutRule || next.cut == cutWord) && letters(next.text) > 6
}

// digitBelow finds the piece that begins the line below piece i with a digit,
// when i begins with one: numbers of narrow columns are broken between digits. It
// returns 0 when there is none.
func (l *layout) digitBelow(i int) int {
	digit := func(s string) bool { return len(s) == 1 && s[0] >= '0' && s[0] <= '9' }
	if first := l.pieces[i].words[0].text; !digit(first) || first == "0" {
		return 0
	}
	for k := i + 1; k < len(l.pieces) && l.pieces[k].line <= l.pieces[i].line+1; k++ {
		if l.pieces[k].line == l.pieces[i].line+1 {
			if l.pieces[k].lead && !l.groups[k].skip && digit(strings.Trim(l.pieces[k].words[0].text, ".")) {
				return k
			}
			return 0
		}
	}
	return 0
}

// dropNumber takes the second digit of a torn number off piece i.
func (l *layout) dropNumber(i int) {
	pc := &l.pieces[i]
	if len(pc.words) < 2 {
		l.groups[i].skip = true
		return
	}
	pc.passage = newPassage(pc.words[1:]).trimmed()
	(&splitter{b: l.b, p: l.p}).describe(pc)
}

// dottedOrdinal reads "1.2".
func dottedOrdinal(s string) (n, minor int, ok bool) {
	s = strings.Trim(s, " |.")
	if !dotted.MatchString(s) || strings.Count(s, ".") != 1 {
		return 0, 0, false
	}
	a, b, _ := strings.Cut(s, ".")
	n, ok1 := field.Ordinal(a)
	minor, ok2 := field.Ordinal(b)
	return n, minor, ok1 && ok2
}
