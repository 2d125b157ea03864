package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
)

// What is known of the words of woven lines before any is placed.

// A wovenLine is a line with what is known of its words before any is placed.
type wovenLine struct {
	index    int
	from     int // its first piece
	first    int // words of the lines before it
	words    []word
	text     []string  // from word k to the line's end
	left     []float64 // how wide what stands before word k is printed, with spaces
	right    []float64 // likewise up to its end
	bar      []bool    // a bar stands before word k
	bars     []int     // bars before words 1 to k
	edge     []bool    // a part may begin before word k
	sound    []bool
	speck    []bool
	halves   []int       // specks of upper halves among words 1 to k
	capitals []int       // capitals among them that do not go on from what stands before
	answers  []int       // answers among words 1 to k
	answer   []bool      // a cell that says no more than "Không" begins before word k
	inner    []float64   // how well words 1 to k follow those before them, in nats, summed
	hits     [][]float64 // by column, summed: what words up to k say
	starts   [][]bool    // by column: a wording that the column's cells begin with
	label    []bool
	labelTo  []int // where a label that begins before word k ends
	labels   []int // labels among words 1 to k
	upper    []bool
	lower    []bool
	cell     []int // where all borders were read as bars: the column of word k
	number   int   // the row's number that stands before its words, or 0
	gap      bool
	beside   bool  // several columns were found on it
	woven    bool  // or on lines near it
	fixed    place // where it stands in a row that came block by block
	block    bool  // the lines between the blank ones around it hold one cell

	item     []int8 // the number of an item of a list that word k is, or 0
	nextItem []int  // the first word from k on that is one

	terms   []int32     // the numbers of the words, see [numberWords]
	pairs   []int32     // and of the pairs that they end
	learned [][]float64 // by column, summed: what words up to k say by where other rows have them

	topics map[int]float64 // what its words say of a row, by slot, in nats

	of map[int]int // words of titles on it, by the slot of their row

	slot   int // of the row that begins here, or -1
	anchor int // its first word
	most   int // the word behind its wording
}

func newWeaver(l *layout, r wovenRegion) *weaver {
	w := &weaver{l: l, barRate: 0.5, widths: make([]float64, len(l.p.Columns)), byTail: map[uint64]int32{}, byEntry: map[[4]int32]float64{}, follow: map[uint64]float64{}}
	labels := false
	for i := r.from; i < r.to; i++ {
		labels = labels || l.pieces[i].status
	}
	for c := range l.p.Columns {
		switch l.p.Columns[c].Type {
		case TypeOrdinal:
		case TypeStatus:
			if labels && !l.lacks[c] {
				w.cols = append(w.cols, c)
			}
		default:
			w.cols = append(w.cols, c)
		}
	}
	sp := &splitter{b: l.b, p: l.p}
	words := 0
	for i := r.from; i < r.to; {
		end := i
		for end < r.to && l.pieces[end].line == l.pieces[i].line {
			end++
		}
		x := w.read(sp, i, end)
		x.first = words
		words += len(x.words)
		w.lines = append(w.lines, x)
		i = end
	}
	w.findBlocks()
	topics := l.topics()
	for i := range w.lines {
		w.lines[i].topics = topics.of(w.lines[i].words)
		for k := max(i-2, 0); k <= i+2 && k < len(w.lines); k++ {
			w.lines[i].woven = w.lines[i].woven || w.lines[k].beside
		}
	}
	return w
}

// barEvery is the least number of lines of one cell for each bar among them: OCR
// takes a letter for one now and then.
const barEvery = 5

// findBlocks notes the lines that blank ones part from others, when none of them
// is wider than a cell: OCR saw the white around the cell.
func (w *weaver) findBlocks() {
	for from := 0; from < len(w.lines); {
		to := from + 1
		for to < len(w.lines) && !w.lines[to].gap {
			to++
		}
		one, bars := from > 0 && w.lines[from].gap, 0
		for i := from; i < to; i++ {
			x := &w.lines[i]
			n := len(x.words)
			one = one && x.slot < 0 && x.right[n-1] < minMerged
			bars += x.bars[n]
		}
		one = one && barEvery*bars <= to-from
		for i := from; i < to; i++ {
			w.lines[i].block = one
		}
		from = to
	}
}

// read takes in the line of pieces from to to.
func (w *weaver) read(sp *splitter, from, to int) wovenLine {
	l := w.l
	x := wovenLine{index: l.pieces[from].line, from: from, gap: l.pieces[from].gap, beside: l.severalColumns(from), slot: -1}
	x.fixed = l.fixed[from]
	anchor := -1
	for i := from; i < to; i++ {
		if s := l.groups[i].slot; s >= 0 {
			x.slot, anchor = s, i
		}
	}
	bar := false
	cells := sp.cutRules(l.b.lines[x.index].passage)
	var in []int
	for i, p := range cells {
		for _, wd := range p.words {
			in = append(in, i)
			x.words = append(x.words, wd)
			x.bar = append(x.bar, bar && len(x.words) > 1)
			bar = false
		}
		bar = true
	}
	whole := newPassage(x.words)
	if anchor >= 0 {
		w.findAnchor(&x, anchor)
	}
	x.cell = w.allBarred(&x, in, len(cells))
	n := len(x.words)
	if l.p.pattern != nil && anchor < 0 && n > 1 {
		x.number, _ = field.Ordinal(x.words[0].raw)
	}
	r := l.b.opt.Restorer
	x.bars, x.capitals, x.inner = make([]int, n+1), make([]int, n+1), make([]float64, n+1)
	x.edge, x.speck, x.upper, x.lower, x.label = make([]bool, n+1), upperHalves(x.words), make([]bool, n), make([]bool, n), make([]bool, n+1)
	for k := range n {
		at := whole.starts[k]
		x.text = append(x.text, whole.text[at:])
		left := 0.0
		if k > 0 {
			left = x.right[k-1] + l.p.wideOf(" ")
		}
		x.left = append(x.left, left)
		t := x.words[k].text
		x.right = append(x.right, left+l.p.wideOf(t))
		x.sound = append(x.sound, r.Sound(t))
		var one piece
		one.passage = newPassage(x.words[k : k+1])
		sp.describe(&one)
		x.upper[k], x.lower[k] = one.upper, one.lower
		x.speck[k] = x.speck[k] || isSpeck(x.words[k])
		x.bars[k+1], x.inner[k+1] = x.bars[k], x.inner[k]
		if k == 0 {
			x.edge[k] = true
			continue
		}
		f := r.Follows(r.Ending(whole.text[:at]), x.text[k])
		sound := x.sound[k] && x.sound[k-1]
		if sound {
			x.inner[k+1] += clip(f) // damaged words follow on damaged words: that says nothing
		}
		x.capitals[k+1] = x.capitals[k]
		if startsUpper(t) && !ended(x.words[k-1].text) && (f < 0 || !r.Sound(x.words[k-1].text)) {
			x.capitals[k+1]++
		}
		if x.bar[k] {
			x.bars[k+1]++
		}
		x.edge[k] = x.bar[k] || x.upper[k] || f < weighWoven.edge || !sound || x.speck[k] || x.speck[k-1]
	}
	x.edge[n] = true
	x.answer = make([]bool, n+1)
	for k := range n {
		for to := k + 1; to <= min(k+2, n) && x.upper[k] && strings.HasPrefix(x.words[k].text, "K"); to++ {
			says := field.ReadPresence(newPassage(x.words[k:to]).text)
			if says == field.None || says == field.No && (to == n || x.bar[to] || to < n && x.upper[to]) {
				x.answer[k], x.edge[k], x.edge[to] = true, true, true
			}
		}
	}
	x.answers = make([]int, n+1)
	for k := range n {
		x.answers[k+1] = x.answers[k]
		if k > 0 && x.answer[k] {
			x.answers[k+1]++
		}
	}
	x.halves = make([]int, n+1)
	for k, half := range upperHalves(x.words) {
		x.halves[k+1] = x.halves[k]
		if half {
			x.halves[k+1]++
		}
	}
	x.readItems()
	for k := x.nextItem[0]; k < n; k = x.nextItem[k+1] {
		x.edge[k] = true
	}
	x.labelTo = make([]int, n+1)
	w.readHits(&x, whole)
	x.labels = make([]int, n+1)
	for k := range n {
		x.labels[k+1] = x.labels[k]
		if k > 0 && x.label[k] {
			x.labels[k+1]++
		}
	}
	return x
}

// allBarred turns in, the numbers of the words' cells among n, into their columns,
// -1 for the row's number. It returns nil when a line has not as many cells as
// the table has columns of text.
func (w *weaver) allBarred(x *wovenLine, in []int, n int) []int {
	number := 0 // of cells before those of text
	switch worded := w.l.p.pattern != nil; {
	case x.slot >= 0 && worded:
		number = in[x.anchor]
	case worded && len(in) > 1 && in[1] > in[0] && numeric(x.words[0].raw):
		number = 1
	case x.slot >= 0 && x.anchor+1 < len(in) && in[x.anchor+1] > in[x.anchor]:
		number = in[x.anchor] + 1
	}
	var cols []int
	for _, c := range w.cols {
		if !w.l.lacks[c] {
			cols = append(cols, c)
		}
	}
	if n-number != len(cols) {
		return nil
	}
	for k := range in {
		if in[k] -= number; in[k] >= 0 {
			in[k] = cols[in[k]]
		}
	}
	return in
}

// findAnchor finds the word where a row begins, and the one behind its wording.
func (w *weaver) findAnchor(x *wovenLine, anchor int) {
	p := w.l.pieces[anchor].passage
	for k := range x.words {
		if x.words[k].src != p.words[0].src {
			continue
		}
		x.anchor, x.most = k, k+1
		if w.l.p.pattern != nil {
			if _, _, to, ok := w.l.p.pattern.in(p, 6); ok {
				x.most = min(k+p.wordAt(max(to-1, 0))+1, len(x.words))
			}
		}
		return
	}
}

// isSpeck reports whether a word is what OCR made of dirt or a rule.
func isSpeck(w word) bool {
	core := strings.Trim(w.raw, ".,;:|()'’`‘“”\"[]{}_-")
	return letters(core) == 0 && !strings.ContainsAny(core, "0123456789%") && strings.Trim(w.raw, "-–+*") != "" || utf8.RuneCountInString(core) == 1 && letters(core) == 1 && upperShare(core) > 0
}

// upperHalves finds what OCR made of the upper halves of words: runs of short
// words in capitals, digits and single signs.
func upperHalves(words []word) []bool {
	out := make([]bool, len(words))
	for from := 0; from < len(words); {
		to := from
		for to < len(words) && isHalf(words[to].raw) {
			to++
		}
		if to-from >= 3 {
			for k := from; k < to; k++ {
				out[k] = true
			}
		}
		from = to + 1
	}
	return out
}

func isHalf(raw string) bool {
	core := strings.Trim(raw, ".,;:|()'’`‘“”\"[]{}_-")
	switch n := utf8.RuneCountInString(core); {
	case n <= 1:
		return true
	case n == 2:
		return letters(core) > 0 && upperShare(core) == 1
	case n == 3:
		return letters(core) > 1 && upperShare(core) == 1 && strings.ContainsAny(core[:1], "0123456789")
	}
	return false
}

// readHits notes what the words of a line say of their column.
func (w *weaver) readHits(x *wovenLine, whole passage) {
	l, n := w.l, len(x.words)
	p := l.p
	x.hits, x.starts = make([][]float64, len(p.Columns)), make([][]bool, len(p.Columns))
	t := field.NewText(whole.text)
	for _, c := range w.cols {
		x.hits[c], x.starts[c] = make([]float64, n+1), make([]bool, n+1)
		for _, ph := range p.words[c] {
			for _, h := range t.FindAll(ph, 0.84) {
				x.hits[c][whole.wordAt(h.From)+1] += weighWoven.word
			}
		}
		starts := p.starts[c]
		if p.Columns[c].Type == TypeAgency && p.proseAlone() {
			starts = slices.Concat(starts, agencyOpenings)
		}
		for _, ph := range starts {
			for _, h := range t.FindAll(ph, 0.8) {
				if k := whole.wordAt(h.From); whole.starts[k] == h.From && x.upper[k] {
					x.starts[c][k], x.edge[k] = true, true
					if k > 0 && strings.Trim(x.words[k-1].raw, "-–+*•") == "" {
						x.starts[c][k-1], x.edge[k-1] = true, true
					}
				}
			}
		}
		if p.Columns[c].Amounts {
			for _, a := range field.BareAmounts(whole.text) {
				x.hits[c][whole.wordAt(a.From)+1] += weighWoven.amount
			}
		}
	}
	w.readTitle(x)
	if p.statuses != nil {
		hits := p.statuses.Labels(whole.text)
		if w.ownLabels() {
			hits = append(hits, smallLabels(p, x, whole)...)
		}
		for _, h := range hits {
			k := whole.wordAt(h.From)
			if x.label[k] {
				continue
			}
			x.label[k], x.edge[k] = true, true
			to := whole.wordAt(h.To-1) + 1
			for i := k + 1; i < to; i++ {
				x.edge[i] = x.edge[i] && (w.ownLabels() || x.bar[i]) // a label is one
			}
			x.edge[to] = true
			x.labelTo[k] = to
		}
	}
	for _, c := range w.cols {
		for k := range n {
			x.hits[c][k+1] += x.hits[c][k]
		}
	}
}

// readTitle notes which words the catalogue has in a title.
func (w *weaver) readTitle(x *wovenLine) {
	for k := range x.words {
		of, in := w.l.titled[x.words[k].src]
		if !in {
			continue
		}
		if x.of == nil {
			x.of = map[int]int{}
		}
		x.of[of]++
		for _, c := range w.cols {
			if c != w.l.title {
				x.hits[c][k+1] -= weighWoven.titled
			}
		}
		x.edge[k] = x.edge[k] || k == 0 || !w.inTitle(x, k-1)
		x.edge[k+1] = x.edge[k+1] || k+1 == len(x.words) || !w.inTitle(x, k+1)
	}
}

// inTitle reports whether the catalogue has word k in a title.
func (w *weaver) inTitle(x *wovenLine, k int) bool {
	_, in := w.l.titled[x.words[k].src]
	return in
}

// labelColumn is the column of status labels, or -1.
func (w *weaver) labelColumn() int {
	at := -1
	for _, c := range w.cols {
		switch {
		case w.l.p.Columns[c].Type == TypeStatus:
			return c
		case w.l.p.Columns[c].Status:
			at = c
		}
	}
	return at
}

// ownLabels reports whether status labels have a column of their own.
func (w *weaver) ownLabels() bool {
	return slices.ContainsFunc(w.cols, func(k int) bool { return w.l.p.Columns[k].Type == TypeStatus })
}

// smallLabels finds status labels in small letters: they begin with a capital,
// and behind them stands a bar or another cell begins.
func smallLabels(p *Profile, x *wovenLine, whole passage) []field.StatusHit {
	var out []field.StatusHit
	n := len(x.words)
	for k := range n {
		if !x.upper[k] {
			continue
		}
		h, ok := p.statuses.Label(whole.text[whole.starts[k]:])
		if !ok || h.From > 0 {
			continue
		}
		h.To += whole.starts[k]
		h.From = whole.starts[k]
		if to := whole.wordAt(h.To-1) + 1; to == n || x.bar[to] || x.upper[to] {
			out = append(out, h)
		}
	}
	return out
}

// dirtSigns are signs that words have none of within.
const dirtSigns = "‘’“”\"'`{}[]()^*#@$€£¥«»;:?!|\\_"

// isDirt reports whether a word is what OCR made of print that it could not read: letters
// with signs between.
func isDirt(raw string) bool {
	core := strings.Trim(raw, dirtSigns+".,-")
	signs := 0
	for _, r := range core {
		if strings.ContainsRune(dirtSigns, r) {
			signs++
		}
	}
	return signs >= 2 && 5*signs >= utf8.RuneCountInString(core)
}
