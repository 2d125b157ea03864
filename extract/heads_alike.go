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
	leastTried = 5   // letters of it
)

// headLikes remember how like wordings of columns heads are, and what sense heads have.
type headLikes struct {
	fits   map[headLike]headFit
	senses map[string]sense
}

func newHeadLikes() *headLikes {
	return &headLikes{fits: map[headLike]headFit{}, senses: map[string]sense{}}
}

type headLike struct {
	p    *Profile
	col  int
	head string
}

// of is how like a wording of a column a head of that sense is; nought where the column is
// not about that.
func (l *headLikes) of(p *Profile, col int, head string) headFit {
	key := headLike{p, col, head}
	fit, ok := l.fits[key]
	if !ok {
		if fit.score, fit.wording = headScoreFrom(head, p.grid[col], minHead); fit.score < minHead || !p.Columns[col].maySay(l.sense(head), fit.wording) {
			fit = headFit{}
		}
		l.fits[key] = fit
	}
	return fit
}

// sense is what a head says.
func (l *headLikes) sense(head string) sense {
	s, ok := l.senses[head]
	if !ok {
		s = senseOf(head)
		l.senses[head] = s
	}
	return s
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

// A triedHead is words of a block that may be a head.
type triedHead struct {
	at   []blockPlace
	text string
	said int // letters of the words that say something
	runs int // lines
}

// triedHeads lists the heads that are tried, but for those that say nearly nothing.
func (x *headBlock) triedHeads() []triedHead {
	out := []triedHead{}
	for _, at := range x.mayBeHeads() {
		h := triedHead{at: at, runs: 1}
		words := make([]string, len(at))
		for k, place := range at {
			w := &x.words[place.line][place.word]
			words[k] = w.shown
			if !w.silent {
				h.said += len(w.text)
			}
			if k > 0 && place.line != at[k-1].line {
				h.runs++
			}
		}
		if h.said >= leastTried {
			h.text = strings.Join(words, " ")
			out = append(out, h)
		}
	}
	return out
}

// alike finds the heads that are like wordings of a profile's columns as a whole.
func (x *headBlock) alike(p *Profile) (all []blockHead) {
	if x.tried == nil {
		x.tried = x.triedHeads()
	}
	for _, h := range x.tried {
		for c := range p.Columns {
			if p.Columns[c].Type == TypeOrdinal {
				continue
			}
			if fit := x.likes.of(p, c, h.text); fit.score > 0 {
				weight := float64(h.said) * fit.score * fit.score
				all = append(all, blockHead{col: c, key: c, at: h.at, runs: h.runs, letters: h.said, likely: fit.score, weight: weight, text: fit.wording})
			}
		}
	}
	return all
}
