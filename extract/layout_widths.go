package extract

import (
	"slices"
	"unicode/utf8"
)

// How wide columns are, as a first search tells, and which pieces are too wide for
// theirs.

// learnWidths measures how wide the lines of each column are, from a first
// search; in the second, lines much wider than their column lose.
func (l *layout) learnWidths() {
	byCol := make([][]float64, len(l.p.Columns))
	for i := 0; i < len(l.pieces); {
		pl := l.best[i]
		w := l.pieces[i].width
		k := i + 1
		for k < len(l.pieces) && l.pieces[k].line == l.pieces[i].line && l.best[k].row == pl.row && l.best[k].col == pl.col {
			w += l.pieces[k].width + 1
			k++
		}
		i = k
		if pl.row >= 0 && pl.col >= 0 && (w < minMerged || l.p.pattern == nil) {
			byCol[pl.col] = append(byCol[pl.col], float64(w))
		}
	}
	for c, ws := range byCol {
		if len(ws) < 6 {
			continue
		}
		slices.Sort(ws)
		l.widths[c] = ws[len(ws)*85/100]
	}
	// Where columns ran together the first lines of titles are the surest.
	if l.p.pattern != nil && l.title >= 0 {
		var firsts []float64
		for i := range l.pieces {
			if l.groups[i].slot >= 0 && l.beside[i] {
				firsts = append(firsts, float64(l.pieces[i].width))
			}
		}
		if slices.Sort(firsts); len(firsts) >= 6 {
			l.widths[l.title] = min(l.widths[l.title], firsts[len(firsts)*3/4])
		}
	}
}

// recut cuts the pieces that are much wider than the column that a first search
// gave them: they ran together from several columns. It returns the pieces of
// a second search, and false when nothing was cut.
func (l *layout) recut() ([]piece, bool) {
	if l.p.pattern == nil {
		return nil, false
	}
	var out []piece
	changed := false
	sp := &splitter{b: l.b, p: l.p}
	for i := 0; i < len(l.pieces); i++ {
		pc := l.pieces[i]
		col := l.best[i].col
		// What the title's edge parted and the search joined is one piece.
		for col >= 0 && i+1 < len(l.pieces) && l.best[i+1] == (place{l.best[i].row, col, l.best[i+1].margin}) && !l.pieces[i+1].lead &&
			(l.pieces[i+1].cut == cutEdge || l.pieces[i+1].cut == cutWord || l.pieces[i+1].cut == cutSeam) && l.groups[i].slot < 0 && l.groups[i+1].slot < 0 {
			pc.passage = concat(pc.passage, l.pieces[i+1].passage)
			i++
			sp.describe(&pc)
		}
		if l.groups[i].skip || l.groups[i].slot >= 0 || col < 0 || l.widths[col] < 20 || pc.width < minMerged-15 {
			out = append(out, pc)
			continue
		}
		w := int(l.widths[col])
		rest := pc
		for rest.width > w*13/10 {
			k := edgeWord(rest.passage, w+2)
			if k == 0 {
				break
			}
			head := rest
			head.passage = newPassage(rest.words[:k]).trimmed()
			sp.describe(&head)
			out = append(out, head)
			rest.passage = newPassage(rest.words[k:]).trimmed()
			rest.lead, rest.gap, rest.first, rest.cut = false, false, false, cutWidth
			sp.describe(&rest)
			changed = true
		}
		out = append(out, rest)
	}
	return out, changed
}

// edgeWord finds the last word that begins within width letters.
func edgeWord(p passage, width int) int {
	k := 0
	for i := 1; i < len(p.words); i++ {
		if utf8.RuneCountInString(p.text[:p.starts[i]])-1 > width {
			break
		}
		k = i
	}
	return k
}

// fits scores piece i behind the cell's last by the room that the lines of
// column c have: one that goes on below is full, and none is overfull.
func (l *layout) fits(h *hypothesis, i, c int) float64 {
	w := l.widths[c]
	pc, prev := &l.pieces[i], &l.pieces[h.last[c]]
	if l.p.pattern == nil && prev.line != pc.line && !prev.over && pc.lower && outgrows(pc, int(h.fill[c])) {
		return scoreOutgrows + l.wide(i, c)
	}
	if w == 0 {
		return l.wide(i, c)
	}
	if prev.line == pc.line {
		if all := float64(int(h.fill[c]) + 1 + pc.width); all > 1.2*w+4 {
			return scoreWide * min(2, all/w-1)
		}
		return 0
	}
	s := l.wide(i, c)
	if pc.lower && !prev.over && float64(h.fill[c]) < 0.6*w {
		s += scoreShortLine
	}
	return s
}

// outgrows reports whether a piece is much wider than its column can be where
// it goes on below a line of above letters: that line ended since the next word
// did not fit.
func outgrows(pc *piece, above int) bool {
	room := above + 1 + utf8.RuneCountInString(pc.words[0].text)
	return float64(pc.width) > 1.5*float64(room)+6
}

// full reports whether a piece fills its column, so that its text likely goes
// on in the next line.
func (l *layout) full(i, c int) bool {
	w := l.widths[c]
	if w == 0 {
		w = 34
	}
	return float64(l.pieces[i].width) >= 0.72*w
}

func (l *layout) wide(i, c int) float64 {
	w := l.widths[c]
	if w == 0 || float64(l.pieces[i].width) <= 1.2*w+4 {
		return 0
	}
	s := scoreWide * min(2, float64(l.pieces[i].width)/w-1)
	if c == l.title && l.p.pattern != nil {
		s = 3*s - 1 // titles keep to their narrow column
	}
	return s
}
