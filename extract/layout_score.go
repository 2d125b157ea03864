package extract

// What a place of a piece scores beside those before it.

// untitled is the cost of leaving a row that has a beginning but no title.
func (l *layout) untitled(h *hypothesis) float64 {
	if l.title < 0 || h.row < 0 || h.row >= len(l.slots) || h.last[l.title] >= 0 || l.closed(h) {
		return 0
	}
	return scoreUntitled
}

// unlabeled is the cost of leaving a row without a status label where most
// rows have one.
func (l *layout) unlabeled(h *hypothesis) float64 {
	if !l.labels || h.labeled || h.row < 0 || h.row >= len(l.slots) || l.closed(h) {
		return 0
	}
	return scoreUnlabeled
}

// midLine is the cost of leaving a row within a line of print. Where titles tell
// the rows, OCR puts lines of several rows together; where numbers do, a line
// is one row's.
func (l *layout) midLine(h *hypothesis, i int) float64 {
	if l.p.pattern != nil || h.col < 0 || h.col >= len(l.p.Columns) || h.last[h.col] < 0 || l.pieces[h.last[h.col]].line != l.pieces[i].line {
		return 0
	}
	return scoreRowMidLine
}

// skipped is the cost of rows between two that get nothing.
func (l *layout) skipped(from, to int) float64 {
	s := 0.0
	for r := from + 1; r < to && r < len(l.slots); r++ {
		s += scoreSkipRow
	}
	return s
}

// cellStart scores piece i as the first of a cell in column c.
func (l *layout) cellStart(i, c int) float64 {
	pc := &l.pieces[i]
	s := l.emit[i][c] + l.wide(i, c)
	if l.lacks[c] {
		s += scoreNoHead
	}
	if l.p.Columns[c].Type == TypeAgency && !l.starts[i][c] {
		s += scoreNoAgency
	}
	switch {
	case pc.upper || pc.status:
		s += scoreNewUpper
	case pc.lower && !l.starts[i][c]:
		s += scoreNewLower
	}
	if pc.lead {
		switch {
		case pc.gap:
			s += scoreGapChange
		case !l.beside[i]:
			s += scoreNoGapChange
		}
	}
	return s
}

// leaving scores the end of the row that a hypothesis leaves: a sentence that
// is not over, gone on by a small letter, should not be left.
func (l *layout) leaving(h *hypothesis, i int) float64 {
	if h.col < 0 || h.col >= len(l.p.Columns) || h.last[h.col] < 0 {
		return 0
	}
	if l.pieces[i].lower && !l.pieces[h.last[h.col]].over {
		return -0.8
	}
	return 0
}

// across scores the place of a piece whose line holds text of several columns,
// as the lines around it do: columns follow each other from left to right on
// every line, each line begins anew, and a cell whose sentence is not over is
// not passed by.
func (l *layout) across(h *hypothesis, i, c int) (s float64, ok bool) {
	pc := &l.pieces[i]
	from := 0
	if h.col >= 0 && h.col < len(l.p.Columns) && h.last[h.col] >= 0 && l.pieces[h.last[h.col]].line == pc.line {
		if c < h.col {
			return 0, false
		}
		from = h.col + 1
		if c == h.col {
			switch pc.cut {
			case cutRule, cutType:
				return scoreRuleSame, true
			case cutEdge, cutWidth:
				return scoreEdgeSame, true
			}
			return scoreSeamSame, true
		}
		if pc.cut == cutRule {
			s += scoreRuleRight
		}
	} else if h.col >= 0 && h.col < len(l.p.Columns) && h.col != l.num {
		// What the line before left out behind its last piece; a number stands
		// between the lines of its row's cells.
		for k := h.col + 1; k < len(l.p.Columns); k++ {
			s += l.passedBy(h, k, l.pieces[h.last[h.col]].line)
		}
	}
	for k := from; k < c; k++ {
		s += l.passedBy(h, k, pc.line)
		if h.last[k] < 0 && k != l.num && !l.lacks[k] && l.onAnchorLine(h, pc.line) {
			s += scorePassEmpty
		}
	}
	return s, true
}

// onAnchorLine reports whether the row that a hypothesis is at begins on a line.
func (l *layout) onAnchorLine(h *hypothesis, line int) bool {
	a := l.slots[h.row].anchor
	return a >= 0 && l.pieces[a].line == line
}

// passedBy is the cost of leaving a cell out on a line when the line above
// held text of it that goes on.
func (l *layout) passedBy(h *hypothesis, k, line int) float64 {
	last := h.last[k]
	if last < 0 {
		return 0
	}
	prev := &l.pieces[last]
	if prev.over || prev.line < line-2 || prev.line == line || l.widths[k] > 0 && float64(h.fill[k]) < 0.6*l.widths[k] {
		return 0
	}
	return scorePassedBy
}

// inRow scores piece i in column c of the current row; not ok where it cannot stand.
func (l *layout) inRow(h *hypothesis, i, c int) (s float64, ok bool) {
	if s, ok = l.move(h, i, c); !ok {
		return 0, false
	}
	if h.last[c] < 0 {
		if c == l.title && l.p.pattern != nil && h.row >= 0 && l.slots[h.row].anchor >= 0 {
			return 0, false // its title stands elsewhere
		}
		return s + l.cellStart(i, c) + l.titledPiece(h.row, i, c), true
	}
	s += l.emitOn(i, c) + l.titledPiece(h.row, i, c)
	return s + l.goesOn(h, i, c), true
}

// move scores how the eye moves within a row to piece i in column c.
func (l *layout) move(h *hypothesis, i, c int) (s float64, ok bool) {
	pc := &l.pieces[i]
	switch {
	case l.beside[i]:
		return l.across(h, i, c)
	case h.col < 0 || h.col >= len(l.p.Columns):
		return 0, true
	case c == h.col:
		return l.stay(pc, c), true
	case c > h.col:
		return scoreNextColumn + scoreSkipColumn*float64(c-h.col-1) + toTheRight(pc), true
	case !pc.lead:
		return scoreRuleLeft + scoreBack, true
	}
	return scoreBack, true
}

// stay scores that a piece stands in the column of the one before, though something
// parts them.
func (l *layout) stay(pc *piece, c int) float64 {
	switch {
	case !pc.lead && (pc.cut == cutRule || pc.cut == cutType || pc.cut == cutEdge && c == l.title):
		return scoreRuleSame
	case !pc.lead && pc.cut == cutWidth:
		return scoreEdgeSame
	case pc.gap && !pc.first:
		return scoreGapSame
	}
	return 0
}

// toTheRight scores what parts a piece from the one before, which stands in a column
// to the left of its own.
func toTheRight(pc *piece) float64 {
	if pc.lead {
		return 0
	}
	switch pc.cut {
	case cutWord:
		return -0.4
	case cutEdge, cutWidth, cutSeam:
		return 0
	}
	return scoreRuleRight
}

// goesOn scores piece i as more text of a cell of the current row.
func (l *layout) goesOn(h *hypothesis, i, c int) float64 {
	pc, prev := &l.pieces[i], &l.pieces[h.last[c]]
	s := 0.0
	if l.p.Columns[c].Type.single() && numeric(prev.text) {
		s += scoreTypeMiss
	}
	part := c == l.title && l.inEntry(h.row, i)
	if !part {
		s += scoreFollow * l.follows(int(h.last[c]), i)
	}
	s += l.fits(h, i, c)
	if prev.open && pc.lead {
		s += scoreOpen
	}
	if !pc.lead && (pc.cut == cutRule || pc.cut == cutType) {
		return s // what a rule parts does not go on as a sentence
	}
	s += l.sentenceGoesOn(h, i, c)
	if c != h.col && pc.lead && !pc.gap && !l.beside[i] {
		s += scoreNoGapChange / 2
	}
	if c == l.title {
		s += l.titleGoesOn(h.row, i, int(h.last[c]), part)
	}
	// The new piece ends a cell that holds one word: "Không" stands alone.
	if prev.answer && !pc.junk {
		s -= 1.2
	}
	return s
}

// sentenceGoesOn scores the first letter of piece i behind the end of the cell's text.
func (l *layout) sentenceGoesOn(h *hypothesis, i, c int) float64 {
	pc, prev := &l.pieces[i], &l.pieces[h.last[c]]
	switch {
	case pc.cut == cutSeam && !pc.lead && prev.line == pc.line:
		return 0 // a seam that is none: the sentence goes on in its line
	case pc.lower && !prev.over:
		return scoreGoesOn
	case pc.lower:
		return scoreLowerAfter
	case pc.upper && prev.over:
		return scoreAfterStop
	case pc.upper && pc.bullet:
		return 0.1
	case pc.upper && !pc.lead && c == h.col:
		return scoreSameLine
	case pc.upper && c == h.col && !pc.gap && l.full(int(h.last[c]), c):
		return scoreFullLine
	case pc.upper:
		return scoreBreaksOff
	}
	return 0
}

// follows tells how well piece i goes on from piece j, in nats; 0 when there is
// no language model.
func (l *layout) follows(j, i int) float64 {
	r := l.b.opt.Restorer
	if r == nil {
		return 0
	}
	key := [2]int32{int32(j), int32(i)}
	f, ok := l.follow[key]
	if !ok {
		f = max(-followMost, min(followMost, r.Follows(r.Ending(l.pieces[j].text), l.pieces[i].text)))
		l.follow[key] = f
	}
	return f
}

// emitOn is the evidence for a piece that goes on in a cell; beginnings matter
// little there.
func (l *layout) emitOn(i, c int) float64 {
	s := l.emit[i][c]
	if l.starts[i][c] {
		s -= scoreStartHit * 0.5
	}
	return s
}

// titleGoesOn scores piece i as a further line of a row's title, of which the last is
// given; part tells that it is one of an entry that the title begins like.
func (l *layout) titleGoesOn(row, i, last int, part bool) float64 {
	pc, prev := &l.pieces[i], &l.pieces[last]
	between := float64(min(max(0, pc.line-prev.line-1), 6))
	s := 0.0
	switch {
	case part:
		return scoreEntry
	case l.beside[i]:
		// Lines of a title follow each other closely.
		if l.p.pattern != nil {
			s += scoreTitleGap * between
		}
		if len(l.entries[row]) > 0 {
			s += scoreNoEntry
		}
		return s
	}
	s += scoreTitleFar * between
	switch {
	case l.full(last, l.title):
		s += scoreTitleOpen
	case pc.upper:
		s += scoreTitleShut
	}
	if prev.stop && pc.upper {
		s += scoreTitleShut
	}
	return s
}
