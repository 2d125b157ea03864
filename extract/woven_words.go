package extract

import (
	"math"
	"slices"

	"github.com/sohoa/sohoa/normalize"
)

// The cells of a column say much the same from row to row: what helped whom, what is
// still to be paid, what comes next. So words speak for the column that the round before
// has them in, in other rows than the line's own: there all cells speak of what the row is
// about. A pair of words tells more than each, so a word counts alone only where the pair
// that it ends was not seen.

const (
	learnedFrom  = 3   // cells of other rows that tell anything of a word
	learnedMost  = 1.5 // nats beyond which they say no more
	learnedPrior = 2.0 // cells that are shared out by how much columns hold, beside those seen
)

// A wordCell is a cell that has a word.
type wordCell struct{ row, col int16 }

// learnedWords tell which cells have a word, or a pair of words, by its number.
type learnedWords struct {
	cells [][]wordCell
	usual []float64 // share of all words, by column
}

// numberWords numbers the words and pairs of words of all lines, -1 for those that say
// nothing, and returns how many there are.
func numberWords(ws []*weaver) int {
	numbers := map[string]int32{}
	of := func(t string) int32 {
		n, ok := numbers[t]
		if !ok {
			n = int32(len(numbers))
			numbers[t] = n
		}
		return n
	}
	for _, w := range ws {
		for i := range w.lines {
			x := &w.lines[i]
			x.terms, x.pairs = make([]int32, len(x.words)), make([]int32, len(x.words))
			prev := ""
			for k := range x.words {
				x.terms[k], x.pairs[k] = -1, -1
				t := lettersDigits(normalize.Fold(x.words[k].text))
				if !x.sound[k] || len(t) < 2 {
					t = ""
				}
				if t != "" {
					x.terms[k] = of(t)
					if prev != "" {
						x.pairs[k] = of(prev + " " + t)
					}
				}
				prev = t
			}
		}
	}
	return len(numbers)
}

// learnWords learns what the words of all lines say of their columns from where the
// ways put them.
func learnWords(ws []*weaver, ends []*weave) {
	if ws[0].lines[0].terms == nil {
		ws[0].terms = numberWords(ws)
	}
	seen := learnedWords{make([][]wordCell, ws[0].terms), make([]float64, len(ws[0].widths))}
	words := 0.0
	for k, w := range ws {
		if ends[k] == nil {
			continue
		}
		i := len(w.lines) - 1
		for t := ends[k].newTrack; t != nil; t = t.prev {
			x := &w.lines[i]
			for _, p := range t.parts {
				cell := wordCell{int16(t.row), int16(p.col)}
				seen.usual[p.col] += float64(p.to - p.from)
				words += float64(p.to - p.from)
				for j := p.from; j < p.to; j++ {
					seen.add(x.terms[j], cell)
					if j > p.from {
						seen.add(x.pairs[j], cell)
					}
				}
			}
			i--
		}
	}
	// Parts of a table may have other columns than the first: none is without its share.
	for c := range seen.usual {
		seen.usual[c] = (seen.usual[c] + 1) / (words + float64(len(ws[0].cols)))
	}
	for k, w := range ws {
		i := len(w.lines) - 1
		if ends[k] == nil {
			continue
		}
		for t := ends[k].newTrack; t != nil; t = t.prev {
			seen.tell(w, &w.lines[i], t.row)
			i--
		}
	}
}

// add notes a cell that has a word.
func (s *learnedWords) add(term int32, cell wordCell) {
	if term >= 0 && !slices.Contains(s.cells[term], cell) {
		s.cells[term] = append(s.cells[term], cell)
	}
}

// tell notes what the words of a line of a row say of their columns.
func (s *learnedWords) tell(w *weaver, x *wovenLine, row int) {
	x.learned = make([][]float64, len(s.usual))
	for _, c := range w.cols {
		x.learned[c] = make([]float64, len(x.words)+1)
	}
	in := make([]float64, len(s.usual))
	for k := range x.words {
		n := s.count(in, x.pairs[k], row)
		if n < learnedFrom {
			n = s.count(in, x.terms[k], row)
		}
		for _, c := range w.cols {
			says := 0.0
			if n >= learnedFrom {
				says = math.Log((in[c] + learnedPrior*s.usual[c]) / ((n + learnedPrior) * s.usual[c]))
			}
			x.learned[c][k+1] = x.learned[c][k] + max(-learnedMost, min(learnedMost, says))
		}
	}
}

// count counts the cells of other rows that have a word, by column and in all.
func (s *learnedWords) count(in []float64, term int32, row int) float64 {
	n := 0.0
	clear(in)
	if term < 0 {
		return 0
	}
	for _, cell := range s.cells[term] {
		if int(cell.row) != row {
			in[cell.col]++
			n++
		}
	}
	return n
}
