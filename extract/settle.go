package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Rows of a lost table with columns of documents, units and figures are settled
// by what such cells can hold: one document, one unit, one figure. Their cells
// are centred beside a text of several lines, so that OCR reads a document a
// line before its row and leaves specks of its other lines behind the text's.

// settle tidies the cells of such rows.
func (b *builder) settle(p *Profile, rows []*row, lacks []bool) []*row {
	if p.pattern != nil || !p.has(TypeCitation, TypeUnit, TypeMeasure) {
		return rows
	}
	title, placed := p.titleColumn(), placedWords(rows)
	if c := p.column(func(c *Column) bool { return c.Type == TypeCitation }); c >= 0 && title >= 0 {
		rows = b.splitRows(p, rows, title, c)
	}
	rings := make([]passage, len(rows)) // of signs of shares, among the specks
	if c := p.column(func(c *Column) bool { return c.Type == TypeCitation }); c >= 0 {
		known := datesOf(rows, c)
		for _, r := range rows {
			takeDocument(p, r, title, c, known)
		}
		passOn(rows, c, known)
		for _, r := range rows {
			takeDate(p, r, title, c)
			cell, guessed := completed(r.cells[c], known)
			if r.cells[c] = cell; guessed {
				r.position[c] = min(r.place(c), 0.5)
			}
		}
	}
	b.tellRows(p, rows, lacks, placed)
	if title >= 0 {
		b.endRanges(rows, title, placed)
	}
	for i, r := range rows {
		if title >= 0 {
			if r.cells[title], rings[i] = b.tidyLines(r.cells[title]); len(rings[i].words) == 0 {
				rings[i] = b.ringBehind(r.cells[title], placed)
			}
		}
		for c := range p.Columns {
			if p.Columns[c].Type == TypeMeasure {
				r.cells[c] = figureAlone(r.cells[c])
			}
		}
	}
	if c := p.column(func(c *Column) bool { return c.Type == TypeUnit }); c >= 0 {
		settleUnits(&p.Columns[c], rows, c, rings)
	}
	return rows
}

// datesOf maps the numbers of a column's documents to their dates, by value, as
// they are printed.
func datesOf(rows []*row, c int) map[string]map[string]string {
	dates := map[string]map[string]string{}
	for _, r := range rows {
		read := r.cells[c].codesAsRead()
		for _, h := range field.Citations(read.text) {
			number, date := h.Citation.Number, h.Citation.Date
			if dates[number] == nil {
				dates[number] = map[string]string{}
			}
			if len(date) == 10 && !strings.Contains(date, "?") {
				dates[number][date] = strings.TrimSpace(read.text[strings.LastIndexByte(read.text[:h.To], ' ')+1 : h.To])
			}
		}
	}
	return dates
}

// documentsIn finds the documents that a cell names, but for codes without a kind
// that no other row dates: those are of another cell's text.
func documentsIn(read passage, known map[string]map[string]string) []field.CitationHit {
	return slices.DeleteFunc(field.Citations(read.text), func(h field.CitationHit) bool {
		return h.Implied && len(known[wholeNumber(h.Citation.Number, known)]) == 0
	})
}

// documentFrom is the word where a document begins: that of its kind, of which
// letters may be lost ("ết định 77/QĐ-UBND").
func documentFrom(p passage, h field.CitationHit) int {
	k := p.wordAt(h.From)
	kind := strings.Fields(normalize.Fold(h.Citation.Type))
	for i := len(kind) - 1; i >= 0 && h.From == h.NumberAt[0] && k > 0; i-- {
		read := strings.Trim(normalize.Fold(p.words[k-1].decoded()), ".,;:'’‘")
		if read == "" || !strings.HasSuffix(kind[i], read) && normalize.Similarity(kind[i], read) < 0.6 {
			break
		}
		k--
	}
	return k
}

// takeDocument moves a document that stands in a row's text to its column where
// that has none: the line of print ran on. Texts may cite documents of their
// own, so only one that other rows have there is taken.
func takeDocument(p *Profile, r *row, title, c int, known map[string]map[string]string) {
	if title < 0 || len(documentsIn(r.cells[c].codesAsRead(), known)) > 0 {
		return
	}
	lines := byLine(r.cells[title])
	for i, l := range lines {
		read := l.codesAsRead()
		hits := field.Citations(read.text)
		if len(hits) != 1 || known[hits[0].Citation.Number] == nil {
			continue
		}
		from, to := documentFrom(read, hits[0]), read.wordAt(hits[0].To-1)+1
		if to < len(l.words) && normalize.Similarity(l.words[to].text, "ngày") >= 0.7 {
			to++
		}
		lines[i] = newPassage(l.words[:from])
		r.cells[c] = concat(newPassage(read.words[from:to]), r.cells[c])
		giveFigures(p, r, c, newPassage(l.words[to:]))
		r.cells[title] = concat(lines...)
		return
	}
}

// takeDate moves a date in a row's text to the row's document, which has none.
func takeDate(p *Profile, r *row, title, c int) {
	hits := field.Citations(r.cells[c].codesAsRead().text)
	if title < 0 || len(hits) != 1 || hits[0].Citation.Date != "" {
		return
	}
	lines := byLine(r.cells[title])
	for i, l := range lines {
		for _, d := range field.Dates(l.text) {
			k, to := l.wordAt(d.From), l.wordAt(d.To-1)+1
			if to-k > 1 || k == 0 || normalize.Similarity(l.words[k-1].text, "ngày") >= 0.7 || letters(l.text[d.To:]) > 6 {
				continue
			}
			lines[i] = newPassage(l.words[:k])
			r.cells[c] = concat(r.cells[c], newPassage(l.words[k:to]))
			giveFigures(p, r, c, newPassage(l.words[to:]))
			r.cells[title] = concat(lines...)
			return
		}
	}
}

// giveFigures gives what stood on a line behind the cell of column c to the
// columns of figures there, the first to those that are empty.
func giveFigures(p *Profile, r *row, c int, rest passage) {
	for k := c + 1; k < len(p.Columns) && len(rest.words) > 0; k++ {
		if p.Columns[k].Type != TypeMeasure || len(r.cells[k].words) > 0 || !numeric(rest.words[0].text) {
			continue
		}
		r.cells[k], rest = newPassage(rest.words[:1]), newPassage(rest.words[1:])
	}
}

// passOn gives a second document of a cell to the next row where that row has
// none: it was read a line too early. Rows between that have one each pass
// theirs on, too.
func passOn(rows []*row, c int, known map[string]map[string]string) {
	const most = 6 // rows on
	count := func(i int) int { return len(documentsIn(rows[i].cells[c].codesAsRead(), known)) }
	for i := range rows {
		if count(i) != 2 {
			continue
		}
		end := i + 1
		for end < len(rows) && end <= i+most && count(end) == 1 {
			end++
		}
		if end == len(rows) || end > i+most || count(end) > 0 {
			continue
		}
		for k := end - 1; k >= i; k-- {
			cell := rows[k].cells[c].codesAsRead()
			hits := documentsIn(cell, known)
			from := documentFrom(cell, hits[len(hits)-1])
			rows[k+1].cells[c] = concat(newPassage(cell.words[from:]), rows[k+1].cells[c]).trimmed()
			rows[k].cells[c] = newPassage(cell.words[:from]).trimmed()
		}
	}
}

// completed spells the one document of a cell: its kind in full, and the date
// that stands with the same number in other rows where its own cannot be read,
// which guessed tells.
func completed(p passage, known map[string]map[string]string) (cell passage, guessed bool) {
	cell = p.codesAsRead()
	hits := documentsIn(cell, known)
	if len(hits) != 1 || hits[0].Citation.Type == "" {
		return p, false
	}
	h := hits[0]
	number := wholeNumber(h.Citation.Number, known)
	if _, codes := field.DocumentTypes(); field.KindOf(number) != "" && codes[field.KindOf(number)] != codes[h.Citation.Type] {
		h.Citation.Type = field.KindOf(number) // letters of codes are surer than those of words
	}
	from := cell.starts[documentFrom(cell, h)]
	kind := spelled(cell.slice(from, h.NumberAt[0]).trimmed(), h.Citation.Type, "number")
	code := spelled(cell.slice(h.NumberAt[0], h.NumberAt[1]), number, "number")
	if strings.Contains(strings.ToLower(cell.text[from:h.NumberAt[0]]), "số") {
		kind = spelled(cell.slice(from, h.NumberAt[0]).trimmed(), h.Citation.Type+" số", "number")
	}
	if len(kind.words) == 0 {
		code = spelled(cell.slice(h.NumberAt[0], h.NumberAt[1]), h.Citation.Type+" "+number, "number")
	}
	rest := cell.slice(h.NumberAt[1], len(cell.text))
	if date, ok := only(known[number]); h.Citation.Date != "" {
		rest = withoutSpecks(cell.slice(h.NumberAt[1], h.To))
	} else if ok {
		rest, guessed = dated(rest, code, date), true
	}
	return concat(kind, code, rest).trimmed(), guessed
}

// wholeNumber is a document's number with the last letter that it lost, where a
// column has one such document.
func wholeNumber(number string, known map[string]map[string]string) string {
	if len(known[number]) > 0 {
		return number
	}
	found := ""
	for n, dates := range known {
		if len(dates) == 0 || !strings.HasPrefix(n, number) || utf8.RuneCountInString(n) > utf8.RuneCountInString(number)+1 {
			continue
		}
		if found != "" {
			return number
		}
		found = n
	}
	if found == "" {
		return number
	}
	return found
}

// only returns the one value of a map with one.
func only(m map[string]string) (string, bool) {
	for _, v := range m {
		return v, len(m) == 1
	}
	return "", false
}

// spelled replaces a passage by a text of one word.
func spelled(p passage, text, reason string) passage {
	if p.text == text || len(p.words) == 0 {
		return p
	}
	w := p.words[0]
	w.raw = p.raw()
	w.fix = append(slices.Clone(w.fix), schema.Repair{From: p.text, To: text, Reason: reason, Score: 0.9})
	w.text = text
	return newPassage([]word{w})
}

// dated is the date that is known from elsewhere, in the place of what was read
// for it behind a document's number.
func dated(rest, number passage, date string) passage {
	if len(rest.words) == 0 {
		day := number.words[len(number.words)-1]
		day.raw, day.src, day.text = "", nil, ""
		rest = newPassage([]word{day})
	}
	day := rest.words[0]
	day.raw = rest.raw()
	day.text = "ngày " + date
	day.fix = append(slices.Clone(day.fix), schema.Repair{From: rest.text, To: day.text, Reason: "column", Score: 0.8})
	return newPassage([]word{day})
}

// withoutSpecks leaves out words of one sign and those of signs alone.
func withoutSpecks(p passage) passage {
	var kept []word
	for _, w := range p.words {
		if core := strings.Trim(w.text, ".,;:|!?'\"`°-_"); core == "" || utf8.RuneCountInString(core) == 1 && letters(core) == 1 {
			continue
		}
		kept = append(kept, w)
	}
	return newPassage(kept)
}

// percentShapes are what the sign of a share is read as.
var percentShapes = map[string]bool{"%o": true, "yo": true, "y%": true, "ye": true, "o/o": true, "°": true, "°%": true, "0/0": true, "9%": true, "%%": true}

// settleUnits spells the sign of a share however it was read. Where a row has no
// unit, most others are shares, and a ring of the sign was among the specks of
// its text, it is one, too.
func settleUnits(col *Column, rows []*row, c int, rings []passage) {
	if !slices.Contains(col.Values, "%") {
		return
	}
	shares := 0
	for _, r := range rows {
		cell := r.cells[c]
		if shape := normalize.Fold(strings.Trim(cell.raw(), " .,|")); percentShapes[shape] {
			r.cells[c] = spelled(cell, "%", "unit")
		}
		if r.cells[c].text == "%" {
			shares++
		}
	}
	for i, r := range rows {
		if len(r.cells[c].words) == 0 && len(rings[i].words) > 0 && 2*shares > len(rows) {
			r.cells[c] = spelled(rings[i], "%", "unit")
			r.position[c] = 0.6
		}
	}
}

// figureAlone leaves out the words beside a figure.
func figureAlone(cell passage) passage {
	at := -1
	for i, w := range cell.words {
		switch {
		case !numeric(w.text) && letters(w.text) > 6:
			return cell
		case numeric(w.text) && at >= 0:
			return cell
		case numeric(w.text):
			at = i
		}
	}
	if at < 0 || len(cell.words) == 1 || len(cell.words) > 5 {
		return cell
	}
	if at > 0 && strings.Trim(cell.words[at-1].text, "<>=~≥≤") == "" {
		return newPassage(cell.words[at-1 : at+1])
	}
	return newPassage(cell.words[at : at+1])
}

// tidyLines takes the specks of other cells off the ends of a text's lines, and
// lines that are nothing else. ring is one that may be of a per cent sign.
func (b *builder) tidyLines(cell passage) (tidy, ring passage) {
	drop := func(words []word) {
		for _, w := range words {
			if w.raw == "o" || w.raw == "°" {
				ring = newPassage([]word{w})
			}
		}
	}
	var kept []passage
	lines := byLine(cell)
	for i, l := range lines {
		if len(lines) > 1 && b.allSpecks(kept, l) || len(kept) == 0 && i+1 < len(lines) && speckAbove(l, lines[i+1]) {
			drop(l.words)
			continue
		}
		if to := b.tailOfSpecks(l); to < len(l.words) {
			drop(l.words[to:])
			l = newPassage(l.words[:to])
		}
		for len(l.words) > 2 && (i+1 == len(lines) || !openRange.MatchString(l.text) || !numeric(lines[i+1].words[0].text)) {
			last := len(l.words) - 1
			var next passage
			if i+1 < len(lines) {
				next = lines[i+1]
			}
			if !b.foreignSpeck(newPassage(l.words[:last]), l.words[last], next) {
				break
			}
			drop(l.words[last:])
			l = newPassage(l.words[:last])
		}
		kept = append(kept, l)
	}
	return concat(kept...), ring
}

// openRange is the end of a text that breaks off within a range: "từ 20 -".
var openRange = regexp.MustCompile(`[0-9%] ?[-–]$`)

// endRanges gives names that break off within a range the figure that stands alone
// below and has no place: it looks like one of another column.
func (b *builder) endRanges(rows []*row, title int, placed map[*schema.Word]bool) {
	for _, r := range rows {
		words := r.cells[title].words
		if !openRange.MatchString(r.cells[title].text) {
			continue
		}
		next := words[len(words)-1].line + 1
		for next < len(b.lines) && len(b.lines[next].words) == 0 {
			next++
		}
		if next < len(b.lines) && len(b.lines[next].words) == 1 && numeric(b.lines[next].text) && !placed[b.lines[next].words[0].src] {
			r.cells[title] = concat(r.cells[title], b.lines[next].passage)
		}
	}
}

// ringBehind finds a ring of a per cent sign behind a line of a name, where no cell
// took it.
func (b *builder) ringBehind(name passage, placed map[*schema.Word]bool) passage {
	if strings.Count(name.text, "(") != strings.Count(name.text, ")") {
		return passage{}
	}
	for _, l := range byLine(name) {
		line := b.lines[l.words[0].line].words
		k := slices.IndexFunc(line, func(w word) bool { return w.src == l.words[len(l.words)-1].src }) + 1
		if k == 0 || k == len(line) || placed[line[k].src] {
			continue
		}
		switch line[k].raw {
		case ")", "o", "°":
			return newPassage(line[k : k+1])
		}
	}
	return passage{}
}

// allSpecks reports whether a line of a text is made of specks: few short words
// that do not go on from the lines before.
func (b *builder) allSpecks(before []passage, l passage) bool {
	if len(l.words) > 4 {
		return false
	}
	for _, w := range l.words {
		core := coreOf(w)
		if utf8.RuneCountInString(core) > 3 || strings.HasSuffix(w.raw, ".") && letters(core) > 1 {
			return false
		}
	}
	r := b.opt.Restorer
	if r == nil || len(before) == 0 {
		return junk(l.raw())
	}
	return r.Follows(r.Ending(before[len(before)-1].text), l.text) < 0
}

// speckAbove reports whether the first line of a text is made of specks above it: no
// text breaks off behind a few single signs and goes on with a capital.
func speckAbove(l, next passage) bool {
	if len(l.words) > 3 || !startsUpper(next.text) || bullet(l.text) || strings.ContainsAny(l.raw(), "0123456789") {
		return false
	}
	return !slices.ContainsFunc(l.words, func(w word) bool {
		return utf8.RuneCountInString(strings.Trim(w.raw, ".,;:()|")) > 2
	})
}

// mostTail is how many words of specks may end a line.
const mostTail = 5

// tailOfSpecks returns the word from which on a line holds nothing but specks: two and
// more single letters, or behind a sentence that is over words that are none.
func (b *builder) tailOfSpecks(l passage) int {
	n := len(l.words)
	for k := max(2, n-mostTail); k < n && b.opt.Restorer != nil; k++ {
		if before := l.words[k-1].text; !ended(before) || letters(before) < 2 {
			continue
		}
		lost, signs := 0, false
		for _, w := range l.words[k:] {
			if !b.opt.Restorer.Sound(w.raw) {
				lost++
			}
			signs = signs || scrambled(coreOf(w))
		}
		if signs && 2*lost >= n-k {
			return k
		}
	}
	single := n
	for single > 2 {
		core := coreOf(l.words[single-1])
		if utf8.RuneCountInString(core) != 1 || letters(core) == 0 && core != "°" {
			break
		}
		single--
	}
	if n-single > 1 {
		return single
	}
	return n
}

// coreOf is what was read of a word without the signs around it.
func coreOf(w word) string { return strings.Trim(w.raw, ".,;:()\"“”'’`-–…") }

// foreignSpeck reports whether the last word of a line is none of its text: signs
// that make no word or, where the language model finds the next line a better
// neighbour of the words before, a short one.
func (b *builder) foreignSpeck(before passage, w word, next passage) bool {
	core := coreOf(w)
	n := utf8.RuneCountInString(core)
	switch {
	case core == "", scrambled(core), strings.HasPrefix(w.raw, ".") && numeric(core):
		return true
	case n > 2 || strings.ContainsAny(core, "0123456789%"):
		return false
	case n == 1 && (upperShare(core) == 1 && letters(core) == 1 || letters(core) == 0 || stray(w)):
		return true
	}
	r := b.opt.Restorer
	if r == nil || len(next.words) == 0 || ended(w.text) {
		return false
	}
	without, with := r.Ending(before.text), r.Ending(before.text+" "+w.text)
	return r.Follows(without, next.text) > r.Follows(with, next.text)+min(0, r.Follows(without, w.text))+1 && !b.bridges(before, w, next)
}

// leastBridge is how much likelier, in nats, the words behind a bridge are behind it
// than out of any context.
const leastBridge = 3

// bridges reports whether a word at the end of a line is one that the next line's
// first word expects once it is repaired between the two: "ky" before "năng".
func (b *builder) bridges(before passage, w word, next passage) bool {
	const around = 3 // words on either side
	r := b.opt.Restorer
	var words []string
	for _, x := range before.words[max(0, len(before.words)-around):] {
		words = append(words, x.raw)
	}
	at := len(words)
	words = append(words, w.raw)
	for _, x := range next.words[:min(around, len(next.words))] {
		words = append(words, x.raw)
	}
	mended := strings.Fields(r.Restore(strings.Join(words, " ")).Text)
	if len(mended) != len(words) || !r.Sound(mended[at]) {
		return false
	}
	return r.Follows(r.Ending(mended[at]), strings.Join(mended[at+1:], " ")) > leastBridge
}

// scrambled reports whether a word holds signs that stand in none.
func scrambled(core string) bool {
	signs := 0
	for i, r := range core {
		if i > 0 && strings.ContainsRune("{}[]<>|!;*#^~\\£§©®°&'\"“”", r) || strings.ContainsRune("{}<>|*#^~\\£§©®°", r) {
			signs++
		}
	}
	return signs > 1 || signs == 1 && !strings.ContainsFunc(core, unicode.IsLetter)
}

// splitRows parts a row that holds several: all numbers of a page were lost, and
// its texts went to the last row before. Each text begins with a capital on a
// line of its own, and has a document.
func (b *builder) splitRows(p *Profile, rows []*row, title, c int) []*row {
	for i := 0; i < len(rows); i++ {
		r := rows[i]
		docs := field.Citations(r.cells[c].codesAsRead().text)
		if len(docs) < 2 || r.number == 0 {
			continue
		}
		starts := textStarts(p, r, title)
		next := i + 1
		for next < len(rows) && rows[next].group == r.group && len(rows[next].cells[title].words) == 0 {
			next++
		}
		last := next == len(rows) || rows[next].group != r.group
		if missing := next - i - 1; len(starts) != len(docs) || missing < len(docs)-1 && !last {
			continue
		}
		for k := next - i; k < len(docs); k++ {
			n := r.number + k
			rows = slices.Insert(rows, i+k, &row{number: n, settled: n, group: r.group, cells: make([]passage, len(p.Columns)), position: map[int]float64{}, shared: map[int][]*row{}})
		}
		parts := rows[i : i+len(docs)]
		partTexts(p, r, parts, starts, title)
		partDocuments(parts, docs, c)
		b.partFigures(p, parts, starts)
	}
	return rows
}

// textStarts are the lines of a row where a text begins, be it in the column of
// texts or in one of figures.
func textStarts(p *Profile, r *row, title int) []int {
	var lines []passage
	for k := range p.Columns {
		for _, l := range byLine(r.cells[k]) {
			if k == title || p.Columns[k].Type == TypeMeasure && letters(l.text) > 8 {
				lines = append(lines, l)
			}
		}
	}
	var out []int
	for _, l := range lines {
		if startsUpper(l.text) && letters(l.text) > 8 && !slices.Contains(out, l.words[0].line) {
			out = append(out, l.words[0].line)
		}
	}
	slices.Sort(out)
	return out
}

// partTexts gives the lines of row r to the rows of the texts that begin on the
// lines starts; figures go to the row whose text stands nearest above.
func partTexts(p *Profile, r *row, parts []*row, starts []int, title int) {
	cells := r.cells
	r.cells = make([]passage, len(cells))
	for k := range cells {
		if t := p.Columns[k].Type; t == TypeOrdinal || t == TypeCitation {
			r.cells[k] = cells[k]
			continue
		}
		for _, l := range byLine(cells[k]) {
			at, found := slices.BinarySearch(starts, l.words[0].line)
			if !found {
				at = max(at-1, 0)
			}
			to := k
			switch text := parts[at].cells[title].text; {
			case p.Columns[k].Type != TypeMeasure:
			case letters(l.text) > 8, strings.HasSuffix(text, "-"):
				to = title
			default:
				to = firstFree(p, parts[at], k)
			}
			parts[at].cells[to] = concat(parts[at].cells[to], l)
			parts[at].position[to] = 0.5
		}
	}
}

// firstFree is the first column of figures up to k that is empty in a row, else k.
func firstFree(p *Profile, r *row, k int) int {
	for c := range k {
		if p.Columns[c].Type == TypeMeasure && len(r.cells[c].words) == 0 {
			return c
		}
	}
	return k
}

// partFigures gives the figures that end the lines of each row to its columns of
// figures, in order: the search found no place for most of them.
func (b *builder) partFigures(p *Profile, parts []*row, starts []int) {
	for i, r := range parts {
		end := starts[i] + 1
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		for line := starts[i]; line < end; line++ {
			words := b.lines[line].words
			from := len(words)
			for from > 1 && numeric(words[from-1].text) {
				from--
			}
			figures := words[from:]
			if len(figures) == 0 || !endsTyped(words[from-1]) {
				continue
			}
			for c := range p.Columns {
				if p.Columns[c].Type == TypeMeasure && len(figures) > 0 {
					r.cells[c], figures = newPassage(figures[:1]), figures[1:]
					r.position[c] = 0.5
				}
			}
			break
		}
	}
}

// endsTyped reports whether a word may end a unit or a document rather than a text.
func endsTyped(w word) bool {
	return letters(w.text) == 0 || strings.ContainsAny(w.raw, "0123456789") || normalize.Similarity(w.text, "ngày") >= 0.7
}

// partDocuments gives the documents of the first row's cell to all rows, in order.
func partDocuments(parts []*row, docs []field.CitationHit, c int) {
	cell := parts[0].cells[c].codesAsRead()
	from := 0
	for i := range parts {
		to := len(cell.words)
		if i+1 < len(docs) {
			to = documentFrom(cell, docs[i+1])
		}
		parts[i].cells[c] = newPassage(cell.words[from:to])
		parts[i].position[c] = 0.5
		from = to
	}
}
