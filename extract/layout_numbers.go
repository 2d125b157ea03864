package extract

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
)

// Where titles have no wording of their own rows are found by their numbers.

// numberSlots finds the rows by the numbers of the first column: the chain of
// candidates that counts best.
func (l *layout) numberSlots() {
	type cand struct {
		piece, n int
		minor    int // of "1.2"
		weight   float64
		section  int
		second   int // piece with the number's second digit, on the line below; 0 for none
	}
	var cands []cand
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
				cands = append(cands, cand{i, n, 0, 1, section, k})
			}
		}
		if n, ok := field.Ordinal(pc.text); ok && n < 400 {
			w := 1.0
			if i+1 < len(l.pieces) && l.pieces[i+1].line == pc.line {
				w = 1.2
			}
			cands = append(cands, cand{i, n, 0, w, section, 0})
		} else if n, minor, ok := dottedOrdinal(pc.words[0].raw); ok && l.p.Groups.Sections {
			cands = append(cands, cand{i, n, minor, 1, section, 0})
		} else if len(pc.words) > 1 {
			if n, ok := field.Ordinal(pc.words[0].text); ok && n < 400 && !strings.HasSuffix(pc.words[0].text, "%") {
				switch {
				case l.narrowCell(i):
					cands = append(cands, cand{i, n, 0, 0.6, section, 0})
				case numeric(pc.words[1].text) || letters(pc.text) <= 6:
				case strings.HasPrefix(pc.words[0].text, "0"):
					// "03 biểu mẫu" counts in a sentence, rarely rows.
					cands = append(cands, cand{i, n, 0, 0.2, section, 0})
				default:
					cands = append(cands, cand{i, n, 0, 0.6, section, 0})
				}
			}
		}
		if len(cands) > 4000 {
			break
		}
	}
	n := len(cands)
	best, prev := make([]float64, n), make([]int, n)
	end := -1
	for i := range cands {
		best[i], prev[i] = cands[i].weight-0.4*float64(cands[i].n-1), -1
		for j := max(0, i-400); j < i; j++ {
			if cands[i].piece <= max(cands[j].piece, cands[j].second) {
				continue
			}
			step := cands[i].n - cands[j].n
			s := best[j] + cands[i].weight
			switch {
			case cands[i].section != cands[j].section:
				if cands[i].n > 3 {
					continue
				}
				s += 1 - 0.4*float64(cands[i].n-1)
			case step == 0 && cands[i].minor == cands[j].minor+1:
				s++
			case cands[i].minor > 0:
				continue
			case step == 1:
				s++
			case step > 1 && step <= 6:
				s += 0.3 - 0.25*float64(step-1)
			default:
				continue
			}
			// A number torn over two lines must count on; alone it says nothing.
			if cands[i].second > 0 && (step != 1 || cands[i].section != cands[j].section) {
				continue
			}
			if s > best[i] {
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
	var chain []cand
	for i := end; i >= 0; i = prev[i] {
		chain = append(chain, cands[i])
	}
	slices.Reverse(chain)
	if len(chain) < 2 {
		return
	}
	// Numbers glued to their text become pieces of their own.
	shift := 0
	for i := range chain {
		c := &chain[i]
		c.piece += shift
		if c.second > 0 {
			l.dropNumber(c.second + shift)
		}
		pc := l.pieces[c.piece]
		if len(pc.words) > 1 {
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
	for i, c := range chain {
		if c.minor > 0 {
			l.groups[c.piece].slot = len(l.slots)
			l.slots = append(l.slots, slot{label: fmt.Sprintf("%d.%d", c.n, c.minor), anchor: c.piece})
			continue
		}
		from := 1
		if i > 0 && chain[i-1].section == c.section {
			from = chain[i-1].n + 1
		}
		for m := from; m < c.n; m++ {
			l.slots = append(l.slots, slot{number: m, anchor: -1})
		}
		l.groups[c.piece].slot = len(l.slots)
		l.slots = append(l.slots, slot{number: c.n, anchor: c.piece})
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
