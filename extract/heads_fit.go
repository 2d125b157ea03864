package extract

import (
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
)

// Which column is which is decided for all columns of a table at once: the likest pair
// alone would leave a head without its column where another one could have been taken.

// headFit is how a head fits a column of the profile.
type headFit struct {
	score   float64
	wording string
}

// sureHead is the likeness from which a head says plainly what its column is. Below lie heads
// that hold a wording among other words, or share it with columns beside.
const sureHead = 0.75

// ofFigures is how like a wording the head of a column of texts must be that holds figures, or
// crosses.
const ofFigures = 0.9

// fitColumns assigns table columns to profile columns. Both keep their order where they
// can; a profile column is used once. assigned[c] is the profile column of table column c,
// or -1. holds is what stands below the heads, as far as that is known: a name is no column
// of figures, and a count no column of prose. year is the report's, or 0.
// A title that no head names is the first column of prose behind the number, a
// text that the profile requires one below the end of its head.
// Columns of which a row crosses one are assigned together: spans tells which and to what.
func (p *Profile) fitColumns(heads []string, holds []content, year int) (assigned []int, fit float64, matches []HeadMatch, spans []crossing) {
	scores := p.headFits(heads, holds, year)
	if spans = p.crossings(heads, holds); len(spans) > 0 {
		holds = slices.Clone(holds)
	}
	for i := range spans {
		x := &spans[i]
		for c := x.from; c < x.to; c++ {
			scores[c], holds[c] = make([]headFit, len(p.Columns)), content{}
		}
		scores[x.from] = x.fits(p)
	}
	assigned = assign(scores)
	matches = make([]HeadMatch, len(heads))
	used := make([]bool, len(p.Columns))
	for c, w := range assigned {
		matches[c] = HeadMatch{Column: c, Head: heads[c]}
		if w >= 0 {
			used[w] = true
			matches[c] = HeadMatch{Column: c, Head: heads[c], Field: p.Columns[w].Field, Wording: scores[c][w].wording, Score: scores[c][w].score}
		}
	}
	for i := range spans {
		x := &spans[i]
		x.want, assigned[x.from] = assigned[x.from], -1
		for c := x.from + 1; c < x.to && x.want >= 0; c++ {
			matches[c] = matches[x.from]
			matches[c].Column, matches[c].Head = c, heads[c]
		}
	}
	fits := p.fitOfGrid(used)
	if c, w := p.titleByCells(heads, holds, assigned, used); c >= 0 {
		assigned[c], used[w] = w, true
		matches[c] = HeadMatch{Column: c, Head: heads[c], Field: p.Columns[w].Field, Score: minHead, ByCells: true}
		if illegible(heads[c]) {
			fits = p.fitOfGrid(used)
		}
	}
	if c, w := p.deadlineByCells(heads, holds, assigned, used); c >= 0 {
		assigned[c] = w
		matches[c] = HeadMatch{Column: c, Head: heads[c], Field: p.Columns[w].Field, Score: minHead, ByCells: true}
	}
	return assigned, fits, matches, spans
}

// deadlineByCells finds the column of days where no head names it: the only one of days
// that is not about when something begins. column is -1 where there is none.
func (p *Profile) deadlineByCells(heads []string, holds []content, assigned []int, used []bool) (column, want int) {
	const most = 0.8
	column, want = -1, p.column(func(c *Column) bool { return c.Type == TypeDate })
	if want < 0 || used[want] {
		return -1, want
	}
	for c, h := range heads {
		if assigned[c] >= 0 || holds[c].dates < most || senseOf(h).begins {
			continue
		}
		if column >= 0 {
			return -1, want
		}
		column = c
	}
	return column, want
}

// headFits compares each head with each column of the profile; what cannot be is nought.
func (p *Profile) headFits(heads []string, holds []content, year int) [][]headFit {
	senses := make([]sense, len(heads))
	scores := make([][]headFit, len(heads))
	for c, h := range heads {
		senses[c] = senseOf(h)
		scores[c] = make([]headFit, len(p.Columns))
		for w := range p.Columns {
			marks := p.Columns[w].Type == TypeText && holds[c].onlyMarks()
			if !marks && !p.Columns[w].mayHold(holds[c]) {
				continue
			}
			s, wording := headScore(h, p.grid[w])
			if marks && s < ofFigures {
				continue
			}
			if col := &p.Columns[w]; col.Required && col.Type == TypeText && holds[c].prose && s < endLike && endOfHead(h, p.grid[w]) {
				s, wording = endLike, ""
			}
			if col := &p.Columns[w]; col.Type == TypeText && !col.Amounts && holds[c].figures && s < ofFigures {
				continue
			}
			if s >= minHead && p.Columns[w].maySay(senses[c], wording) {
				scores[c][w] = headFit{s, wording}
			}
		}
	}
	of := yearOf(senses, columnsOf(p, scores), year)
	for c := range heads {
		for w := range p.Columns {
			if of != 0 && senses[c].year != 0 && senses[c].year != of && p.Columns[w].ofOneYear() {
				scores[c][w] = headFit{}
			}
		}
	}
	return scores
}

// titleByCells finds the column of the titles where no head names it: one of prose below a
// head that a stamp lies over, or the first of prose behind the number, if nothing that the
// profile knows stands before it. column is -1 where there is none.
func (p *Profile) titleByCells(heads []string, holds []content, assigned []int, used []bool) (column, want int) {
	want = p.titleColumn()
	if want < 0 || used[want] {
		return -1, want
	}
	mayBe := func(c int) bool { return assigned[c] < 0 && holds[c].prose }
	for c, h := range heads {
		if mayBe(c) && illegible(h) {
			return c, want
		}
	}
	number := p.numberColumn()
	for c := range heads {
		if mayBe(c) && holds[c].offices < 0.5 {
			return c, want
		}
		if assigned[c] >= 0 && assigned[c] != number {
			break
		}
	}
	return -1, want
}

// guessedColumns tells by column of the profile whether a head says in part at most that the
// table has it there.
func guessedColumns(p *Profile, assigned []int, matches []HeadMatch, spans []crossing) []bool {
	out := make([]bool, len(p.Columns))
	for _, x := range spans {
		if x.want >= 0 && matches[x.from].Score < sureHead {
			out[x.want] = true
		}
	}
	for c, w := range assigned {
		if w >= 0 && matches[c].Score < sureHead && !matches[c].opens() {
			out[w] = true
		}
	}
	return out
}

// opens reports whether the head begins with the wording, of two words at least: what
// follows only says more.
func (m *HeadMatch) opens() bool {
	if !strings.Contains(m.Wording, " ") {
		return false
	}
	_, ok := field.NewText(inFull(m.Head)).FindPrefix(field.NewPhrase(m.Wording), 0.85)
	return ok
}

// assign pairs heads with columns of the profile so that the pairs are the likest in all:
// the Hungarian method, with a column that takes nothing for each head. Likeness counts by a
// power of it, so that no two passing pairs take the place of a plain one.
func assign(scores [][]headFit) []int {
	const power = 6
	n := len(scores)
	out := make([]int, n)
	if n == 0 {
		return out
	}
	m := len(scores[0])
	cost := func(c, w int) float64 {
		if w >= m || scores[c][w].score < minHead {
			return 0
		}
		// Of heads that are as like as each other the first.
		return -math.Pow(scores[c][w].score, power) + 1e-6*float64(c)
	}
	u, v := make([]float64, n+1), make([]float64, n+m+1)
	of, way := make([]int, n+m+1), make([]int, n+m+1)
	for i := 1; i <= n; i++ {
		of[0] = i
		least, seen := make([]float64, n+m+1), make([]bool, n+m+1)
		for j := range least {
			least[j] = math.Inf(1)
		}
		at := 0
		for {
			seen[at] = true
			row, next, step := of[at], 0, math.Inf(1)
			for j := 1; j <= n+m; j++ {
				if seen[j] {
					continue
				}
				if d := cost(row-1, j-1) - u[row] - v[j]; d < least[j] {
					least[j], way[j] = d, at
				}
				if least[j] < step {
					step, next = least[j], j
				}
			}
			for j := range seen {
				if seen[j] {
					u[of[j]] += step
					v[j] -= step
				} else {
					least[j] -= step
				}
			}
			if at = next; of[at] == 0 {
				break
			}
		}
		for at != 0 {
			of[at], at = of[way[at]], way[at]
		}
	}
	for c := range out {
		out[c] = -1
	}
	for j := 1; j <= m; j++ {
		if i := of[j]; i > 0 && scores[i-1][j-1].score >= minHead {
			out[i-1] = j - 1
		}
	}
	return out
}
