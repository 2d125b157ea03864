package extract

import (
	"slices"
	"strings"
)

// Heads that no wording has word by word may still be like one, begin with it, or end with
// it, as heads of known grids are told (heads.go). In running text it is not known where a
// head ends and which lines it wraps to, so all that may be one are tried: words from a
// capital or a bar on, and what goes on of them in small letters on the lines below.

// Bounds of the heads that are tried.
const (
	mostTried  = 160 // heads of a block
	triedLines = 5   // lines of a head
	triedWords = 12  // words of a head
)

// headLikes remember how like wordings of columns heads are.
type headLikes map[headLike]headFit

type headLike struct {
	p    *Profile
	col  int
	head string
}

// of is how like a wording of a column a head of that sense is; nought where the column is
// not about that.
func (l headLikes) of(p *Profile, col int, head string, sense sense) headFit {
	key := headLike{p, col, head}
	fit, ok := l[key]
	if !ok {
		if fit.score, fit.wording = headScore(head, p.grid[col]); fit.score < minHead || !p.Columns[col].maySay(sense, fit.wording) {
			fit = headFit{}
		}
		l[key] = fit
	}
	return fit
}

// mayBeHeads lists the places of words that may be a head.
func (x *headBlock) mayBeHeads() (all [][]blockPlace) {
	var grow func(at []blockPlace, lines int)
	grow = func(at []blockPlace, lines int) {
		if len(all) == mostTried {
			return
		}
		all = append(all, slices.Clone(at))
		if lines == triedLines || len(at) >= triedWords {
			return
		}
		line := at[len(at)-1].line
		for i := line + 1; i < len(x.words) && i <= line+2; i++ {
			for _, run := range x.runs(i, false) {
				grow(append(slices.Clone(at), run...), lines+1)
			}
		}
	}
	for i := range x.words {
		for _, run := range x.runs(i, true) {
			grow(run, 1)
		}
	}
	return all
}

// runs are the words of a line that may stand in one head: up to a bar, or before a capital.
// begin tells those that begin a head from those that go on with one in small letters.
func (x *headBlock) runs(i int, begin bool) (out [][]blockPlace) {
	line := x.words[i]
	for from := range line {
		w := &line[from]
		opens := w.upper || w.bar && from > 0
		if begin != (w.upper || opens && x.capitals) || !begin && from > 0 && !w.bar && !line[from-1].upper {
			continue
		}
		if numberHeads[w.text] {
			continue
		}
		var run []blockPlace
		for k := from; k < len(line) && (k == from || !line[k].bar); k++ {
			run = append(run, blockPlace{i, k})
			if k+1 == len(line) || line[k+1].bar || line[k+1].upper {
				out = append(out, slices.Clone(run))
			}
		}
	}
	return out
}

// alike finds the heads that are like wordings of a profile's columns as a whole.
func (x *headBlock) alike(p *Profile) (all []blockHead) {
	if x.tried == nil {
		x.tried = x.mayBeHeads()
	}
	for _, at := range x.tried {
		var words []string
		said := 0
		for _, place := range at {
			w := &x.words[place.line][place.word]
			words = append(words, w.shown)
			if !w.silent {
				said += len(w.text)
			}
		}
		if said < 5 {
			continue
		}
		head := strings.Join(words, " ")
		sense, runs := senseOf(head), 1
		for k := 1; k < len(at); k++ {
			if at[k].line != at[k-1].line {
				runs++
			}
		}
		for c := range p.Columns {
			if p.Columns[c].Type == TypeOrdinal {
				continue
			}
			if fit := x.likes.of(p, c, head, sense); fit.score > 0 {
				all = append(all, blockHead{col: c, key: c, at: at, runs: runs, letters: said, likely: fit.score, weight: float64(said) * fit.score * fit.score, text: fit.wording})
			}
		}
	}
	return all
}
