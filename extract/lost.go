package extract

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/extract/field"
)

// Tables whose grid is lost: OCR gave their text line by line, columns run into
// each other, numbers stand before, in or behind their titles. A section is
// matched to a profile by the heads that stand in it; then its lines are cut
// into pieces, and a search gives every piece to a row and a column.

// readLost reads the tables of a section without any grid.
func (b *builder) readLost(s *section) {
	for from := s.from; from < s.to; {
		h, ok := b.findHeads(s, from)
		if own, is := b.ownHeads(s, from, ok); is && (!ok || own.inPlaceOf(&h) && own.differs(&h)) {
			h, ok = own, true
		} else if is {
			h.tellWhole(&own)
		}
		if !ok {
			return
		}
		to := s.to
		// The foot of a document ends a table.
		for i := h.to; i < s.to; i++ {
			if isFoot(b.lines[i].text) {
				to = i
				break
			}
		}
		to = b.closing(h.to, b.nextTable(s, &h, to))
		b.readTable(h, to)
		from = to
		if to == s.to {
			return
		}
		if isFoot(b.lines[to].text) {
			from++
		}
	}
}

// isFoot reports whether a line begins the foot of a document: the word for its
// recipients, and nothing but the signer's capacity behind it. "Người nhận trợ
// cấp" looks like it.
func isFoot(text string) bool {
	h, ok := field.NewText(text).FindPrefix(recipients, 0.75)
	if !ok || len(strings.Fields(text)) > 8 {
		return false
	}
	rest := strings.TrimSpace(text[h.To:])
	return rest == "" || strings.ContainsAny(rest[:1], ":.;") || upperShare(rest) > 0.6
}

// readTable reads the rows below the heads h, down to line to.
func (b *builder) readTable(h headRegion, to int) {
	before := slices.Clone(b.headLines[h.from:to])
	if h.own == nil {
		b.addWovenHeads(&h, to)
	}
	b.markHeads(h)
	lines := b.linesBelow(h, to)
	// The columns of another sheet are the table's, though none of their text
	// stands here.
	all := slices.Clone(h.found)
	for c := range lines.sideCols {
		all[c] = true
	}
	p := h.profile
	rows, lacks, parted := b.rowsParted(&h, &lines, all)
	if !parted {
		rows, p, lacks = b.rowsBelow(&h, lines.main, all)
	}
	if len(rows) == 0 {
		// Heads without rows are running text that speaks of what tables of this
		// type hold, or the title of one whose grid is known.
		copy(b.headLines[h.from:to], before)
		return
	}
	if len(lines.side) > 0 {
		b.joinSides(p, rows, lines.side, lines.sideCols)
	}
	if !parted {
		realign(p, rows)
		b.closeNames(p, rows)
		shiftCells(p, rows, lacks)
		rows = b.settle(p, rows, lacks)
	}
	b.repairAgain(p, rows)
	units := b.unitsOfLost(&h)
	for _, r := range rows {
		r.units = units
		b.readNumberIfMissing(p, r)
	}
	rows = b.leaveHeadings(p, rows)
	b.shareCells(p, rows)
	if h.own != nil {
		h.own.restore(rows)
		p = h.own.of
	} else {
		leaveOut(rows, p.lacking(all, all, h.whole))
	}
	b.found = append(b.found, foundTable{profile: p, rows: rows, titles: h.titles, lines: slices.Concat(lines.main, lines.side), heads: h.known(p, all)})
}

// known tells how surely the columns of the rows below are known; all tells which of
// them any sheet has a head of.
func (h *headRegion) known(p *Profile, all []bool) (k knownHeads) {
	if h.own != nil {
		k.own = 1
		if h.own.torn {
			k.own = 2
		}
		return k
	}
	for c := range p.Columns {
		k.missing = append(k.missing, c < len(all) && !all[c] && !p.Columns[c].Seldom)
	}
	return k
}

// rowsBelow lays the lines of a table to rows. It returns the profile that they were laid
// by, which lacks the wording of titles where the table has none, and which columns it does
// not have; all tells which of them any sheet has.
func (b *builder) rowsBelow(h *headRegion, main []int, all []bool) ([]*row, *Profile, []bool) {
	part, dates, col, ok := b.withoutDates(h, main)
	if !ok {
		if rows, p, lacks, ok := b.rowsWithoutSums(h, main, all); ok {
			return rows, p, lacks
		}
		return b.layLines(h.profile, h, main, all)
	}
	without := func(bs []bool) []bool { return slices.Delete(slices.Clone(bs), col, col+1) }
	text := *h
	text.profile = h.profile.withoutColumn(col)
	text.found, text.widths = without(h.found), slices.Delete(slices.Clone(h.widths), col, col+1)
	rows, p, lacks := part.layLines(text.profile, &text, main, without(all))
	putDates(rows, dates, col)
	whole := *h.profile
	whole.pattern = p.pattern
	return rows, &whole, slices.Insert(lacks, col, false)
}

// layLines cuts lines into pieces and lays them to rows and columns.
func (b *builder) layLines(p *Profile, h *headRegion, main []int, all []bool) ([]*row, *Profile, []bool) {
	lacks := p.lacking(h.found, all, h.whole)
	split := &splitter{b: b, p: p}
	pieces := split.cut(main)
	if p.pattern != nil && !p.numbered(pieces) {
		// Titles that do not begin with their wording: the numbers of the first
		// column are all there is.
		plain := *p
		plain.pattern = nil
		p = &plain
		split.p = p
		pieces = split.cut(main)
	}
	return b.layRows(p, h.found, lacks, h.widths, pieces), p, lacks
}

// unitsOfLost tells by column of the profile in which unit of money the heads, or a line
// above them, say that numbers are counted. Only one column may be meant.
func (b *builder) unitsOfLost(h *headRegion) map[int]string {
	sums := -1
	for c := range h.profile.Columns {
		if col := &h.profile.Columns[c]; (col.Amounts || col.Type == TypeMoney) && h.found[c] {
			if sums >= 0 {
				return nil
			}
			sums = c
		}
	}
	if sums < 0 {
		return nil
	}
	var parts []passage
	for l := h.from; l < h.to || l < h.to+headMargin && l < len(b.headLines) && b.headLines[l]; l++ {
		parts = append(parts, b.lines[l].passage)
	}
	text := concat(parts...).text
	unit := field.MoneyUnit(text)
	if unit == "" {
		unit = field.TornMoneyUnit(text)
	}
	for l := h.from; l < h.to && unit == ""; l++ {
		unit = field.UnitNote(b.lines[l].text)
	}
	if unit == "" {
		unit = b.noteAbove(&section{from: max(0, h.from-noteLines)}, h.from)
	}
	if unit == "" {
		return nil
	}
	return map[int]string{sums: unit}
}

// markHeads marks the lines of the heads. What stands between them in capitals, or
// cites a document, is the table's title that OCR put there.
func (b *builder) markHeads(h headRegion) {
	for l := h.from; l < h.to; l++ {
		text := b.lines[l].text
		title := isAppendix(text) || upperShare(text) > 0.75 && letters(text) > 8 || len(field.Dates(text)) > 0
		if h.at[l] || !title {
			b.headLines[l] = true
		}
	}
}

// tableLines are the lines below heads that hold cells.
type tableLines struct {
	main, side []int        // lines of rows, lines of pages with the columns of another sheet
	sideCols   map[int]bool // the columns of that sheet
	onSide     bool         // the page is of another sheet
}

// linesBelow finds the lines of cells below the heads h, down to line to, and marks
// those of heads that are printed again. Widths of heads that other pages have are
// added to those of h.
func (b *builder) linesBelow(h headRegion, to int) tableLines {
	t := tableLines{sideCols: map[int]bool{}}
	heads, headWords, capitals := b.headTexts(h), b.headWords(h), b.inCapitals(h)
	atTop := false // only heads stand above on the page
	for i := h.to; i < to; i++ {
		l := &b.lines[i]
		switch {
		case l.first:
			atTop = true
			b.headsOfPage(h, &t, i, to)
		case l.gap && upperShare(l.text) > 0.75 && !b.headLines[i]:
			// Heads between two pages that were not told apart.
			if cols, at, _ := b.pageHeads(h.profile, i, to); 2*len(cols) > len(h.profile.Columns) {
				b.markAll(at)
			}
		}
		if b.headLines[i] {
			continue
		}
		if repeatsHead(heads, l.text) || i > h.to && b.headLines[i-1] && headWords.all(l.text) || atTop && headWords.most(l.text) ||
			capitals && h.profile.headsAgain(l.passage) || i < h.to+headMargin && b.endsHeads(h, i) {
			b.headLines[i] = true
			continue
		}
		if l.role == "page_number" {
			continue
		}
		atTop = atTop && len(foldedWords(l.text)) < 3
		if t.onSide {
			t.side = append(t.side, i)
		} else {
			t.main = append(t.main, i)
		}
	}
	return t
}

// headsOfPage looks for heads at the top of the page that begins with line i: each
// page may print them again, the whole set or that of the sheet that it is.
func (b *builder) headsOfPage(h headRegion, t *tableLines, i, to int) {
	p := h.profile
	cols, at, widths := b.pageHeads(p, i, to)
	if len(cols) == 0 {
		return
	}
	// The columns of another sheet are none of those that the first page has.
	t.onSide = count(h.found) >= 2 && !cols[p.titleColumn()] && !cols[p.numberColumn()] && !b.anchored(p, i, to)
	for c := range cols {
		t.onSide = t.onSide && !h.found[c]
	}
	b.markAll(at)
	if !t.onSide {
		for c := range widths {
			h.widths[c] = max(h.widths[c], widths[c])
		}
		return
	}
	for c := range cols {
		t.sideCols[c] = true
	}
	// Above the heads of another sheet stands the other half of what was over the
	// first one's: its title.
	for k := i; k < to && !at[k] && k < i+3; k++ {
		b.headLines[k] = true
		b.otherHalf = append(b.otherHalf, k)
	}
}

// markAll marks lines as heads.
func (b *builder) markAll(lines map[int]bool) {
	for k := range lines {
		b.headLines[k] = true
	}
}

// lacking tells which columns of a profile a sheet does not have: those without
// a head on it, where most heads of the whole table were found, or whole tells that these
// are all. The head of a required column that was found nowhere is one that OCR destroyed.
func (p *Profile) lacking(sheet, table []bool, whole bool) []bool {
	out := make([]bool, len(sheet))
	if whole || 4*count(table) >= 3*len(table) {
		for c := range sheet {
			out[c] = !sheet[c] && (table[c] || !p.Columns[c].Required)
		}
	}
	return out
}

// leaveOut marks the columns that a table lacks: no head, and no text in any
// row.
func leaveOut(rows []*row, lacks []bool) {
	absent := make(map[int]bool)
	for c := range lacks {
		absent[c] = lacks[c] && !slices.ContainsFunc(rows, func(r *row) bool { return len(r.cells[c].words) > 0 })
	}
	for _, r := range rows {
		r.absent = absent
	}
}

func (b *builder) readNumberIfMissing(p *Profile, r *row) {
	if r.number == 0 && r.label == "" {
		b.readNumber(p, r)
	}
}

// anchored reports whether the page that begins at line from holds beginnings
// of rows: their wording, or numbers that count on.
func (b *builder) anchored(p *Profile, from, to int) bool {
	prev := -1
	for i := from; i < to && (i == from || !b.lines[i].first); i++ {
		text := strings.TrimSpace(b.lines[i].text)
		if p.pattern != nil {
			if _, _, _, ok := p.pattern.find(text, 6); ok {
				return true
			}
			continue
		}
		word, rest, _ := strings.Cut(text, " ")
		n, ok := field.Ordinal(word)
		if !ok || rest != "" && !startsLetter(rest) {
			continue
		}
		if prev > 0 && n > prev && n <= prev+2 {
			return true
		}
		prev = n
	}
	return false
}

func startsLetter(s string) bool {
	s = strings.TrimLeft(s, " |[")
	return s != "" && letters(s[:min(len(s), 4)]) > 0
}

// unplaced reports the words that found no place in any row, by line.
func (b *builder) unplaced(p *Profile, rows []*row, lines []int) {
	placed := make(map[int][]string) // what was read, by line: a text for each cell
	for _, r := range rows {
		for _, c := range r.cells {
			for _, part := range byLine(c) {
				if i := part.words[0].line; i >= 0 {
					placed[i] = append(placed[i], strings.ReplaceAll(part.raw(), " ", ""))
				}
			}
		}
	}
	var left []passage
	for _, i := range lines {
		b.inRows[i] = true
		if !b.groupLines[i] && !b.headLines[i] {
			left = append(left, leftOver(b.lines[i].passage, placed[i])...)
		}
	}
	b.left = append(b.left, left...)
	b.reportUnplaced(p, len(rows), left)
}

// leftOver returns the runs of a line's words that stand in none of the texts,
// which are taken from that line and written without spaces.
func leftOver(line passage, texts []string) []passage {
	var out []passage
	from := -1
	for k, w := range line.words {
		found := !letterOrDigit(w.raw)
		for t := 0; t < len(texts) && !found; t++ {
			// Cells lose the rules at their edges.
			read := strings.ReplaceAll(strings.Trim(w.raw, "|[]{}_"), " ", "")
			if at := strings.Index(texts[t], read); at >= 0 {
				texts[t] = texts[t][:at] + "\x00" + texts[t][at+len(read):]
				found = true
			}
		}
		if !found && from < 0 {
			from = k
		}
		if from >= 0 && (found || k == len(line.words)-1) {
			end := k
			if !found {
				end = k + 1
			}
			out = append(out, newPassage(line.words[from:end]))
			from = -1
		}
	}
	return out
}

func letterOrDigit(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// numbered reports whether titles begin with the wording that the profile names
// for them.
func (p *Profile) numbered(pieces []piece) bool {
	n := 0
	for i := range pieces {
		if _, _, _, ok := p.pattern.in(pieces[i].passage, 6); ok {
			n++
		}
	}
	return n >= 2
}

// layRows gives pieces to rows and columns. lacks tells which columns the table
// does not have, heads how wide columns are by their heads.
func (b *builder) layRows(p *Profile, found, lacks []bool, heads []float64, pieces []piece) []*row {
	lay := newLayout(b, p, lacks, pieces)
	if len(lay.slots) == 0 {
		return nil
	}
	if moved, ok := lay.returnStrays(); ok {
		lay = newLayout(b, p, lacks, moved)
	}
	lay.search()
	lay.learnWidths()
	if cut, ok := lay.recut(); ok {
		again := newLayout(b, p, lacks, cut)
		again.widths = lay.widths
		lay = again
	}
	lay.search()
	lay.placeFigures(found)
	lay.heads = heads
	lay.unweave()
	rows := lay.rows()
	lay.returnWords(rows)
	return rows
}
