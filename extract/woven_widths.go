package extract

import (
	"math"
	"slices"
)

// How wide the columns of woven lines are: from cells that stand alone, from bars,
// and from the round before.

// knownFrom is how many lines tell how wide a column is; a head, or bars, that
// show it count as that many.
const knownFrom = 5

// barredTitles measures how far it is from where rows begin to the next bar: as
// wide as titles are. A bar that was not read makes it longer, so the lesser
// count. It is 0 when too few bars were read.
func barredTitles(ws []*weaver) float64 {
	var wide []float64
	for _, w := range ws {
		for i := range w.lines {
			x := &w.lines[i]
			first := x.anchor
			if w.l.p.pattern == nil {
				first++ // the title stands behind its number
			}
			if x.slot < 0 || first >= len(x.words) || x.label[first] {
				continue
			}
			if k := slices.Index(x.bar[first+1:], true); k >= 0 {
				wide = append(wide, x.right[first+k]-x.left[first])
			}
		}
	}
	if len(wide) < 4 {
		return 0
	}
	slices.Sort(wide)
	return min(1.1*wide[len(wide)/4], titleWidth)
}

// learnWoven measures how wide the lines of each column are, how many of the
// borders between parts were read as bars, and whether cells take turns.
func learnWoven(ws []*weaver, ends []*weave) {
	l, borders, bars := ws[0].l, 2.0, 1.0
	by, firsts := make([][]lineFit, len(ws[0].widths)), []lineFit{}
	for k, w := range ws {
		if ends[k] == nil {
			continue
		}
		i := len(w.lines) - 1
		below := map[[2]int]firstWord{} // by row and column, of the cell's line below
		for t := ends[k].newTrack; t != nil; t = t.prev {
			x := &w.lines[i]
			for _, p := range t.parts {
				if p.from > 0 {
					borders++
					if x.bar[p.from] {
						bars++
					}
				}
				cell := [2]int{t.row, int(p.col)}
				fit := lineFit{wide: x.right[p.to-1] - x.left[p.from]}
				if next, ok := below[cell]; ok && !(next.upper && ended(x.words[p.to-1].text)) {
					fit.room = fit.wide + l.p.wideOf(" ") + next.wide
				}
				below[cell] = firstWord{x.right[p.from] - x.left[p.from], x.upper[p.from]}
				by[p.col] = append(by[p.col], fit)
				if x.slot >= 0 && int(p.from) == x.anchor {
					firsts = append(firsts, fit)
				}
			}
			i--
		}
	}
	// The first lines of titles are the surest.
	if l.p.pattern != nil && len(firsts) >= knownFrom {
		by[l.title] = firsts
	}
	if wide := ws[0].barred; wide > 0 && (l.p.pattern == nil || len(firsts) >= knownFrom) {
		by[l.title] = slices.Repeat([]lineFit{{wide: wide}}, knownFrom)
	}
	for c, lines := range by {
		if len(ws[0].plain[c]) >= knownFrom {
			continue // known from lines that are surer
		}
		wide := 0.0
		if len(lines) >= knownFrom {
			wide = l.widthOf(lines)
		}
		if usual := ws[0].usual; usual != nil && l.p.proseAlone() && (c != l.title || ws[0].barred == 0) {
			wide = nearUsual(wide, usual[c])
		}
		for _, w := range ws {
			w.widths[c] = wide
		}
	}
	learnWords(ws, ends)
	turns := takenTurns(ws, ends)
	for _, w := range ws {
		w.barRate, w.turns = bars/borders, turns
	}
}

// densest returns the width at the upper end of where most of them lie, and sorts
// them: full lines of a column are about as wide, what came there wrongly is not.
func densest(of []float64) float64 {
	slices.Sort(of)
	best, most := of[len(of)-1], 0
	for i, w := range of {
		n := 0
		for k := i; k >= 0 && of[k] >= 0.85*w-1; k-- {
			n++
		}
		if n >= most {
			best, most = w, n
		}
	}
	return best
}

// quantile returns the value that so many per cent are not above, and sorts them.
func quantile(of []float64, percent int) float64 {
	slices.Sort(of)
	return of[len(of)*percent/100]
}

// plainWidths measures, by column, the lines that hold text of one cell and lie
// outside of the regions.
func (l *layout) plainWidths(regions []wovenRegion) [][]float64 {
	out := make([][]float64, len(l.p.Columns))
	for i := 0; i < len(l.pieces); {
		end := i + 1
		for end < len(l.pieces) && l.pieces[end].line == l.pieces[i].line {
			end++
		}
		woven := slices.ContainsFunc(regions, func(r wovenRegion) bool { return i >= r.from && i < r.to })
		if pl := l.best[i]; l.p.pattern != nil && end == i+1 && !woven && !l.barrier(i) && pl.row >= 0 && pl.col >= 0 {
			out[pl.col] = append(out[pl.col], l.p.wideOf(l.pieces[i].text))
		}
		i = end
	}
	return out
}

// usualWidths starts the columns of which nothing is known with their usual share
// of the lines' width. They begin somewhat too wide: what is cut off is lost to
// another cell, while a part that could be longer costs little.
func usualWidths(l *layout, ws []*weaver) {
	var lines []float64
	for _, w := range ws {
		for i := range w.lines {
			if x := &w.lines[i]; x.beside {
				lines = append(lines, x.right[len(x.words)-1])
			}
		}
	}
	sum := 0.0
	for c := range l.p.Columns {
		if !l.lacks[c] {
			sum += l.p.widthShare(c)
		}
	}
	if len(lines) < knownFrom || sum == 0 {
		return
	}
	full := quantile(lines, 90)
	usual := make([]float64, len(l.p.Columns))
	for c := range l.p.Columns {
		usual[c] = full * l.p.widthShare(c) / sum
	}
	for _, w := range ws {
		w.usual = usual
		for c, wide := range w.widths {
			if wide == 0 {
				w.widths[c] = usualRoom * usual[c]
			}
		}
	}
}

// widthShare is the usual share of a column of the table's width, 0 where nothing is known of
// it. In tables of prose a column that no report type needs has as much as those of few words.
func (p *Profile) widthShare(c int) float64 {
	if x := &p.Columns[c]; x.Width > 0 || x.Field != "" || x.Type != TypeText || !p.proseAlone() {
		return x.Width
	}
	return otherShare
}

// otherShare is the share of a column that no report type needs.
const otherShare = 0.1

// proseAlone reports whether the rows of a table begin with numbers, and neither wordings
// of titles nor labels of statuses tell where columns end.
func (p *Profile) proseAlone() bool {
	return p.pattern == nil && !slices.ContainsFunc(p.Columns, func(c Column) bool { return c.Status || c.Type == TypeStatus })
}

// nearUsual keeps a learned width near the usual one, for tables of prose alone: a column
// that was given a neighbour's words seems wide, and is given more of them by the next round.
func nearUsual(wide, usual float64) float64 {
	switch {
	case usual == 0:
		return wide
	case wide == 0:
		return usualRoom * usual // too few lines were given to it
	}
	return max(usualLeast*usual, min(usualMost*usual, wide))
}

// Shares of their usual width between which columns are believed to be.
const (
	usualLeast = 0.8
	usualMost  = 1.4
)

// usualRoom is how much wider than usual columns are taken to be at first.
const usualRoom = 1.25

// widthOf returns how wide a column is by its lines. Where rows begin with numbers, lists
// break their lines before these are full, so the widest count.
func (l *layout) widthOf(lines []lineFit) float64 {
	if l.p.pattern != nil {
		return fitted(lines)
	}
	var wide []float64
	for _, x := range lines {
		wide = append(wide, x.wide)
	}
	return densest(wide)
}

// A lineFit is how wide a line of a cell is, and with the word that the cell goes on
// with below, which did not fit; 0 where it does not go on.
type lineFit struct{ wide, room float64 }

// A firstWord is the first word of a line of a cell.
type firstWord struct {
	wide  float64
	upper bool
}

const (
	fitMost  = 6.0  // letters beyond which a line that does not fit says no more
	fitSlack = 0.1  // what a letter's room behind a cell's last line says, beside one that is too many
	fitClose = 0.02 // share of a column's width that print is spread or squeezed by
)

// fitted returns the width of a column that its lines fit best: none is wider, and the
// word below would not have fitted.
func fitted(lines []lineFit) float64 {
	off := func(x float64) float64 { return min(max(x, 0), fitMost) }
	best, least := 0.0, math.Inf(1)
	for _, of := range lines {
		w, cost := of.wide, 0.0
		for _, x := range lines {
			cost += off(x.wide - (1+fitClose)*w)
			if x.room > 0 {
				cost += off((1-fitClose)*w - x.room)
			} else {
				cost += fitSlack * off(w-x.wide)
			}
		}
		if cost < least {
			best, least = w, cost
		}
	}
	return best
}
