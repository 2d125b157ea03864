package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
)

// Where OCR read straight across a table, each line of text holds a line of
// several cells, and pieces cut beforehand are cut wrongly: only what a cell
// said one line above tells where its next line begins. Such runs of lines are
// unwoven once more after the search. For every line all ways are weighed to
// part its words among the columns, from left to right, each column at most
// once; a row is a band of whole lines, since a rule parts it from the next.
// What counts is how the language model expects each part to go on from the
// cell's last line, how wide the column's lines are, and the bars that were
// read. A beam keeps the best ways from line to line.
type weaver struct {
	l       *layout
	lines   []wovenLine
	cols    []int       // columns that take text, from left to right
	widths  []float64   // by column of the profile; 0 when unknown
	barRate float64     // share of the borders between parts that were read as bars
	barred  float64     // how wide titles are by the bars behind them, or 0
	plain   [][]float64 // by column: widths of lines outside of the regions
	floors  []int       // by slot: the piece that its row begins at or below
	middle  bool        // cells are centred upright, so that rows begin above their number
	tops    bool        // but for those of other columns than the title's
	scratch [2][]choices
	tails   []tail
	byTail  map[[3]int32]int32
	byEntry map[[4]int32]float64
	follow  map[[3]int32]float64
}

// A wovenLine is a line with what is known of its words before any is placed.
type wovenLine struct {
	index    int
	from     int // its first piece
	words    []word
	text     []string // from word k to the line's end
	left     []int    // letters before word k, with spaces
	right    []int    // letters up to the end of word k
	bar      []bool   // a bar stands before word k
	bars     []int    // bars before words 1 to k
	edge     []bool   // a part may begin before word k
	sound    []bool
	speck    []bool
	halves   []int       // specks of upper halves among words 1 to k
	capitals []int       // capitals among them that do not go on from what stands before
	answer   []bool      // a cell that says no more than "Không" begins before word k
	inner    []float64   // how well words 1 to k follow those before them, in nats, summed
	hits     [][]float64 // by column, summed: what words up to k say
	starts   [][]bool    // by column: a wording that the column's cells begin with
	label    []bool
	labels   []int // labels among words 1 to k
	upper    []bool
	lower    []bool
	cell     []int // where all borders were read as bars: the column of word k
	gap      bool
	beside   bool  // several columns were found on it
	woven    bool  // or on lines near it
	fixed    place // where it stands in a row that came block by block
	block    bool  // the lines between the blank ones around it hold one cell

	slot   int // of the row that begins here, or -1
	anchor int // its first word
	most   int // the word behind its wording
}

// A tail is the end of what a cell holds so far.
type tail struct {
	end        normalize.Ending
	over, open bool
	answer     bool // it says no more than "Không"
	fill       int
}

// A strand is a cell that is being read; tail is -1 before its first line.
type strand struct {
	tail        int32
	idle        int32 // lines since that went by without it
	first, last int16 // lines of the row that its cell begins and ends on
}

// A part is a run of words of a line in one column.
type part struct{ col, from, to int }

type weave struct {
	score    float64
	row      int
	blocks   int  // its lines that stand apart; with many its height is not known
	labeled  bool // it has a status label
	begun    bool // the row's beginning was seen, or it has none
	above    int  // lines of the row above its beginning
	title    int  // lines from its beginning to the title's last
	below    int  // lines below those
	strands  [maxColumns]strand
	newest   []part
	newTrack *track
}

// A track leads back through the lines.
type track struct {
	row    int
	parts  []part
	margin float64
	prev   *track
}

const (
	wovenBeam = 16 // ways kept from line to line
	wovenBest = 4  // ways to part a line, for each way to come there
)

// unweave parts the lines again that several columns run across, and puts what
// it finds in the place of their pieces.
func (l *layout) unweave() {
	if l.b.opt.Restorer == nil || l.title < 0 || !l.p.allText() {
		return
	}
	blocks := l.cellBlocks()
	l.labelsAbove(blocks)
	known := make([]float64, len(l.p.Columns))
	for c, of := range l.blockWidths(blocks) {
		if len(of) > 0 {
			known[c] = densest(of)
		}
	}
	l.placeBlocks(blocks, known)
	regions := l.wovenRegions()
	if len(regions) == 0 {
		return
	}
	ws := make([]*weaver, len(regions))
	for i, r := range regions {
		ws[i] = newWeaver(l, r)
	}
	if wide := barredTitles(ws); wide > 0 {
		for _, w := range ws {
			w.barred, w.widths[l.title] = wide, wide
		}
	}
	plain := l.plainWidths(regions)
	floors := l.rowFloors(blocks)
	for c, wide := range known {
		if wide > 0 {
			plain[c] = slices.Repeat([]float64{wide}, knownFrom)
		}
	}
	for c, wide := range l.heads {
		if wide > 0 {
			plain[c] = append(plain[c], slices.Repeat([]float64{wide}, knownFrom)...)
		}
	}
	for c, of := range plain {
		if len(of) >= knownFrom {
			for _, w := range ws {
				w.widths[c] = densest(of)
			}
		}
	}
	for _, w := range ws {
		w.plain, w.floors = plain, floors
	}
	usualWidths(l, ws)
	ends, top := weaveAll(ws, regions, false, 2)
	if centred, score := weaveAll(ws, regions, true, 2); score > top {
		ends, top = centred, score
	}
	if l.p.pattern == nil {
		// Numbers and titles may be centred beside cells that begin at the top.
		for _, w := range ws {
			w.tops = true
		}
		if mixed, score := weaveAll(ws, regions, true, 2); score > top {
			ends = mixed
		}
	}
	for i := len(regions) - 1; i >= 0; i-- {
		if ends[i] != nil {
			l.replace(regions[i], ws[i], ends[i])
		}
	}
}

// weaveAll parts the lines of all regions, which share their columns, a number
// of rounds: widths of columns and the share of bars are learned from the round
// before. It returns the best way through each region, nil where there is none.
func weaveAll(ws []*weaver, regions []wovenRegion, middle bool, rounds int) (ends []*weave, score float64) {
	ends = make([]*weave, len(regions))
	for range rounds {
		score = 0
		for i, w := range ws {
			w.middle = middle
			if ends[i] = w.run(regions[i]); ends[i] != nil {
				score += ends[i].score
			}
		}
		learnWoven(ws, ends)
	}
	return ends, score
}

// allText reports whether all columns hold text, so that language tells them
// apart.
func (p *Profile) allText() bool {
	return !p.has(TypeDate, TypeCount, TypePercent, TypeMeasure, TypeUnit, TypeCitation, TypeMoney)
}

// A wovenRegion is a run of pieces, and the slots of the rows that begin in it.
type wovenRegion struct{ from, to, first, last int }

// wovenRegions finds the runs of rows between group rows, in tables of which enough
// lines hold text of several columns. Tables that are woven in places only are
// left as they are: there the search, which knows the blank space between
// cells, is right more often.
func (l *layout) wovenRegions() []wovenRegion {
	least := 4 // one line in so many
	if l.p.pattern == nil {
		least = 3
	}
	everywhere := least*l.besideLines(0, len(l.pieces)) >= l.countLines(0, len(l.pieces))
	anchors := []int{} // pieces where rows begin
	for _, s := range l.slots {
		if s.anchor >= 0 {
			anchors = append(anchors, s.anchor)
		}
	}
	var out []wovenRegion
	for k := 0; k < len(anchors); {
		r := wovenRegion{from: l.lineStart(anchors[k]), first: l.groups[anchors[k]].slot}
		for r.from > 0 && !l.barrier(r.from-1) && (k == 0 || l.pieces[r.from-1].line > l.pieces[anchors[k-1]].line) {
			r.from = l.lineStart(r.from - 1)
		}
		for {
			r.to, r.last = l.nextBound(anchors, k), l.groups[anchors[k]].slot
			k++
			if k == len(anchors) || r.to < l.lineStart(anchors[k]) {
				break
			}
			if !everywhere && l.wovenRow(anchors, k) != l.wovenRow(anchors, k-1) {
				break
			}
		}
		if everywhere || l.wovenRow(anchors, k-1) {
			out = append(out, r)
		}
	}
	return out
}

// knownFrom is how many lines tell how wide a column is; a head, or bars, that
// show it count as that many.
const knownFrom = 5

// wovenRow reports whether the row that begins at anchors[k] is woven.
func (l *layout) wovenRow(anchors []int, k int) bool {
	from, to := l.lineStart(anchors[k]), l.nextBound(anchors, k)
	return 3*l.besideLines(from, to) >= l.countLines(from, to)
}

// barrier reports whether piece i is none of a cell's.
func (l *layout) barrier(i int) bool { return l.groups[i].skip || l.groups[i].total }

func (l *layout) lineStart(i int) int {
	for i > 0 && l.pieces[i-1].line == l.pieces[i].line {
		i--
	}
	return i
}

// nextBound returns the piece behind the row that begins at anchors[k]: the
// first on the line of the next beginning, or of a group row.
func (l *layout) nextBound(anchors []int, k int) int {
	end := len(l.pieces)
	if k+1 < len(anchors) {
		end = l.lineStart(anchors[k+1])
	}
	for i := anchors[k]; i < end; i++ {
		if l.barrier(i) {
			return i
		}
	}
	return end
}

// countLines counts the lines of pieces.
func (l *layout) countLines(from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if !l.barrier(i) && (i == from || l.pieces[i].line != l.pieces[i-1].line) {
			n++
		}
	}
	return n
}

// besideLines counts those that hold several columns.
func (l *layout) besideLines(from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if (i == from || l.pieces[i].line != l.pieces[i-1].line) && l.severalColumns(i) {
			n++
		}
	}
	return n
}

// severalColumns reports whether the line of piece i holds more than one column,
// or is too wide for one.
func (l *layout) severalColumns(i int) bool {
	return l.beside[i] || !l.barrier(i) && utf8.RuneCountInString(l.b.lines[l.pieces[i].line].text) >= minMerged
}

func newWeaver(l *layout, r wovenRegion) *weaver {
	w := &weaver{l: l, barRate: 0.5, widths: make([]float64, len(l.p.Columns)), byTail: map[[3]int32]int32{}, byEntry: map[[4]int32]float64{}, follow: map[[3]int32]float64{}}
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
	for i := r.from; i < r.to; {
		end := i
		for end < r.to && l.pieces[end].line == l.pieces[i].line {
			end++
		}
		w.lines = append(w.lines, w.read(sp, i, end))
		i = end
	}
	w.findBlocks()
	for i := range w.lines {
		for k := max(i-2, 0); k <= i+2 && k < len(w.lines); k++ {
			w.lines[i].woven = w.lines[i].woven || w.lines[k].beside
		}
	}
	return w
}

// findBlocks notes the lines that blank ones part from others, when none of them
// is wider than a cell: OCR saw the white around the cell.
func (w *weaver) findBlocks() {
	for from := 0; from < len(w.lines); {
		to := from + 1
		for to < len(w.lines) && !w.lines[to].gap {
			to++
		}
		one := from > 0 && w.lines[from].gap
		for i := from; i < to; i++ {
			x := &w.lines[i]
			n := len(x.words)
			one = one && x.slot < 0 && x.bars[n] == 0 && x.right[n-1] < minMerged
		}
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
	r := l.b.opt.Restorer
	x.bars, x.capitals, x.inner = make([]int, n+1), make([]int, n+1), make([]float64, n+1)
	x.edge, x.speck, x.upper, x.lower, x.label = make([]bool, n+1), upperHalves(x.words), make([]bool, n), make([]bool, n), make([]bool, n+1)
	for k := range n {
		at := whole.starts[k]
		x.text = append(x.text, whole.text[at:])
		left := utf8.RuneCountInString(whole.text[:at])
		x.left = append(x.left, left)
		t := x.words[k].text
		x.right = append(x.right, left+utf8.RuneCountInString(t))
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
	x.halves = make([]int, n+1)
	for k, half := range upperHalves(x.words) {
		x.halves[k+1] = x.halves[k]
		if half {
			x.halves[k+1]++
		}
	}
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
	if x.slot >= 0 && w.l.p.pattern == nil && x.anchor+1 < len(in) && in[x.anchor+1] > in[x.anchor] {
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
		for _, ph := range p.starts[c] {
			for _, h := range t.FindAll(ph, 0.8) {
				if k := whole.wordAt(h.From); whole.starts[k] == h.From && x.upper[k] {
					x.starts[c][k], x.edge[k] = true, true
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
		_, in := w.l.titled[x.words[k].src]
		if !in {
			continue
		}
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

// labelScore is what a status label says of column c: it stands in the column
// of labels or, where there is none, in the one whose sentences say the status.
func (w *weaver) labelScore(c int) float64 {
	if c == w.labelColumn() {
		return scoreLabel
	}
	return -scoreLabel
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

func clip(f float64) float64 { return max(-followMost, min(followMost, f)) }

// run finds the best way through the lines, or nil.
func (w *weaver) run(r wovenRegion) *weave {
	start := weave{row: r.first - 1, begun: true}
	for c := range start.strands {
		start.strands[c].tail = -1
	}
	for i := range w.l.pieces[:r.from] {
		if pl := w.l.best[i]; pl.row == r.first-1 && pl.row >= 0 && pl.col >= 0 && pl.col < len(w.l.p.Columns) {
			pc := &w.l.pieces[i]
			w.tails = append(w.tails, tail{w.l.b.opt.Restorer.Ending(pc.text), pc.over, pc.open, pc.answer, pc.width})
			start.strands[pl.col] = strand{tail: int32(len(w.tails) - 1)}
		}
	}
	beam := []weave{start}
	for i := range w.lines {
		var next []weave
		for h := range beam {
			next = w.expand(next, &beam[h], i, r)
		}
		if len(next) == 0 {
			return nil
		}
		beam = w.keep(next)
	}
	for h := range beam {
		beam[h].score += w.leave(&beam[h])
	}
	end := slices.MaxFunc(beam, func(a, b weave) int { return cmp.Compare(a.score, b.score) })
	if end.row < r.last {
		return nil
	}
	return &end
}

// keep returns the best ways, one for each state that later lines can tell
// apart.
func (w *weaver) keep(list []weave) []weave {
	slices.SortStableFunc(list, func(a, b weave) int { return cmp.Compare(b.score, a.score) })
	type state struct {
		row     int
		begun   bool
		strands [maxColumns]strand
	}
	seen := map[state]bool{}
	var out []weave
	margin := 0.0
	for i := range list {
		h := &list[i]
		if margin == 0 && (h.row != list[0].row || !slices.Equal(h.newest, list[0].newest)) {
			margin = list[0].score - h.score
		}
		s := state{h.row, h.begun, h.strands}
		if len(out) < wovenBeam && !seen[s] {
			seen[s] = true
			out = append(out, *h)
		}
	}
	for i := range out {
		out[i].newTrack = &track{out[i].row, out[i].newest, margin, out[i].newTrack}
	}
	return out
}

// expand adds the ways on over line i.
func (w *weaver) expand(out []weave, h *weave, i int, r wovenRegion) []weave {
	x := &w.lines[i]
	if x.fixed.row >= 0 && x.fixed.row != h.row && x.slot < 0 {
		return out
	}
	if x.slot >= 0 {
		switch {
		case h.row == x.slot && !h.begun:
			n := *h
			n.begun = true
			return w.across(out, &n, i)
		case h.row < x.slot && h.begun:
			n := w.enter(h, x.slot)
			n.begun = true
			return w.across(out, &n, i)
		}
		return out
	}
	if h.row >= 0 && !(h.begun && h.row < r.last && w.l.isHeading(h.row)) {
		out = w.across(out, h, i)
	}
	if !h.begun || x.fixed.row >= 0 {
		return out
	}
	for s := h.row + 1; s <= r.last && s <= h.row+3; s++ {
		anchored := w.l.slots[s].anchor >= 0
		if anchored && x.from < w.floors[s] {
			break
		}
		n := w.enter(h, s)
		n.score += weighWoven.early
		n.begun = !anchored
		out = w.across(out, &n, i)
		if anchored {
			break
		}
	}
	return out
}

// enter begins row s.
func (w *weaver) enter(h *weave, s int) weave {
	n := *h
	n.score += w.leave(h) + scoreSkipRow*float64(s-h.row-1)
	n.row, n.above, n.title, n.below, n.labeled, n.blocks = s, 0, 0, 0, false, 0
	for c := range n.strands {
		n.strands[c] = strand{tail: -1}
	}
	return n
}

// leave is the cost of leaving a row: cells that are not over, and a title that
// stands where titles of this table do not.
func (w *weaver) leave(h *weave) float64 {
	s := 0.0
	if w.l.labels && !h.labeled && h.row >= 0 {
		s += scoreUnlabeled
	}
	lines := h.above + h.title + h.below
	// Where most lines stand apart the row's height is not known.
	apart := w.l.p.pattern != nil && h.blocks > lines
	for _, c := range w.cols {
		t := h.strands[c].tail
		if t < 0 {
			continue
		}
		switch st := h.strands[c]; {
		case apart, h.row >= 0 && w.l.slots[h.row].counts:
		case w.middle && (!w.tops || c == w.l.title):
			s += weighWoven.cellCentre * min(6, math.Abs(float64(int(st.first)+int(st.last)+1-lines))/2)
		default:
			s += weighWoven.cellTop * float64(min(st.first, 5))
		}
		switch tl := &w.tails[t]; {
		case tl.open:
			s += weighWoven.leaveOpen
		case !tl.over && w.widths[c] > 0 && float64(tl.fill) > 0.85*w.widths[c]:
			s += weighWoven.leaveFull
		}
	}
	if apart || h.row >= 0 && w.l.slots[h.row].counts {
		return s // where a count begins, a row does, wherever its cells lie
	}
	if w.middle {
		return s + weighWoven.centre*math.Abs(float64(max(-6, min(6, h.above-h.below))))
	}
	return s + weighWoven.top*float64(min(h.above, 6))
}

// A choice is a way to part the first words of a line.
type choice struct {
	score float64
	prev  *choice
	part  part // col -1: a word left out
}

// choices are the best ways to part the same words, the best first.
type choices struct {
	n    int
	best [wovenBest]choice
}

// across adds the ways to part line i.
func (w *weaver) across(out []weave, h *weave, i int) []weave {
	x := &w.lines[i]
	n := len(x.words)
	// By word and last column, counted from 1; 0 is none. The second holds
	// those whose last column lies before.
	here, before := w.lists(0, n), w.lists(1, n)
	width := len(w.cols) + 1
	start := choice{score: h.score}
	pass := make([]float64, len(w.cols))
	for ci, c := range w.cols {
		pass[ci] = w.pass(h, x, c)
		start.score += pass[ci]
	}
	worded := x.slot >= 0 && w.l.p.pattern != nil
	first := 0
	if worded {
		first = x.anchor // what stands before is the row's number
	} else if x.slot >= 0 && w.l.p.pattern == nil {
		first = min(x.anchor+1, n) // the number is no cell's text
	}
	here[first*width].put(start)
	for k := first; k < n; k++ {
		for ci := range width {
			list := &here[k*width+ci]
			if !worded || k < x.anchor || k >= x.most {
				here[(k+1)*width+ci].putAll(list, w.leftOut(x, k), part{-1, k, k + 1})
			}
			if ci == 0 {
				continue
			}
			prior := &before[k*width+ci]
			*prior = before[k*width+ci-1]
			for e := range here[k*width+ci-1].n {
				prior.put(here[k*width+ci-1].best[e])
			}
			c, least := w.cols[ci-1], k+1
			if prior.n == 0 || !x.edge[k] {
				continue
			}
			if x.fixed.row >= 0 && x.slot < 0 {
				if c != x.fixed.col || k > first {
					continue
				}
				least = n
			} else if x.block {
				if k > first || !x.gap && len(h.newest) == 1 && h.newest[0].col != c {
					continue // one cell, that of the line above
				}
				least = n
			}
			if worded && (k == x.anchor) != (c == w.l.title) {
				continue // the title begins with its wording, and nowhere else
			}
			if c != w.l.title && w.l.isHeading(h.row) {
				continue
			}
			if worded && k == x.anchor {
				least = min(x.most+1, n) // no title ends behind its wording
			}
			s := w.begin(h, x, c, k) - pass[ci-1]
			if x.block && x.gap && i > 0 && w.lines[i-1].block && len(h.newest) == 1 && h.newest[0].col >= c {
				s += weighWoven.blockBack
			}
			for to := least; to <= n; to++ {
				if to < n && !x.edge[to] && !x.speck[to] {
					continue
				}
				more, ok := w.partScore(x, c, k, to)
				if !ok {
					break
				}
				if c == w.l.title {
					more += w.entryScore(h.row, x, i, k, to)
				}
				here[to*width+ci].putAll(prior, s+more, part{c, k, to})
			}
		}
	}
	var ends choices
	for ci := range width {
		for e := range here[n*width+ci].n {
			ends.put(here[n*width+ci].best[e])
		}
	}
	for e := range ends.n {
		out = append(out, w.step(h, x, i, &ends.best[e]))
	}
	return out
}

// lists returns empty lists for the words of a line.
func (w *weaver) lists(which, words int) []choices {
	n := (words + 1) * (len(w.cols) + 1)
	if cap(w.scratch[which]) < n {
		w.scratch[which] = make([]choices, n)
	}
	out := w.scratch[which][:n]
	for i := range out {
		out[i].n = 0
	}
	return out
}

// putAll puts in those that go on from others by a part.
func (cs *choices) putAll(from *choices, score float64, p part) {
	for i := range from.n {
		if !cs.put(choice{from.best[i].score + score, &from.best[i], p}) {
			return
		}
	}
}

// put puts in one, and reports whether it is among the best.
func (cs *choices) put(c choice) bool {
	if cs.n == wovenBest && c.score <= cs.best[wovenBest-1].score {
		return false
	}
	if cs.n < wovenBest {
		cs.n++
	}
	at := cs.n - 1
	for ; at > 0 && cs.best[at-1].score < c.score; at-- {
		cs.best[at] = cs.best[at-1]
	}
	cs.best[at] = c
	return true
}

// leftOut is the cost of a word that goes to no cell.
func (w *weaver) leftOut(x *wovenLine, k int) float64 {
	if k == 0 || k < x.anchor && x.slot >= 0 {
		if x.right[k]-x.left[k] <= 4 && (numeric(x.words[k].text) || x.speck[k] || numeric(x.words[k].raw)) {
			return 0 // the row's number
		}
	}
	if x.speck[k] {
		return weighWoven.speck
	}
	return weighWoven.leftOut
}

// pass is the cost of leaving a cell out on a line.
func (w *weaver) pass(h *weave, x *wovenLine, c int) float64 {
	st := h.strands[c]
	if st.tail < 0 || !x.woven {
		return 0
	}
	t := &w.tails[st.tail]
	switch {
	case t.over, w.widths[c] > 0 && float64(t.fill) < 0.7*w.widths[c]:
		return 0
	case st.idle == 0:
		return weighWoven.pass
	}
	return weighWoven.passAgain
}

// begin scores word k of a line as the first of a part in column c.
func (w *weaver) begin(h *weave, x *wovenLine, c, k int) float64 {
	g := &weighWoven
	s := g.part
	if x.label[k] {
		s += w.labelScore(c)
		if c == w.labelColumn() && (h.labeled || h.strands[c].tail >= 0) {
			s += scoreSecondLabel // a label begins its cell, and a row has one
		}
	}
	if x.cell != nil && x.cell[k] >= 0 {
		if x.cell[k] == c {
			s += g.itsCell
		} else {
			s -= g.itsCell
		}
	}
	behind := x.slot >= 0 && w.l.p.pattern == nil && k == x.anchor+1 // a number is a border too
	if k > 0 && !x.bar[k] && !behind {
		s += g.noBar * w.barRate
		if !x.woven {
			s += g.alone
		} else if x.right[len(x.words)-1] < oneColumn {
			s += g.narrow
		}
		if !x.sound[k] && !x.label[k] {
			s += g.blurred
		}
	}
	st := h.strands[c]
	if st.tail < 0 {
		if w.l.lacks[c] {
			s += g.noHead
		}
		switch {
		case x.starts[c][k], x.answer[k] && c != w.l.title:
			s += g.start
		case x.upper[k] || x.label[k]:
			s += g.newUpper
		case x.lower[k]:
			s += g.newLower
		}
		if c == w.l.title && w.l.p.pattern != nil && w.l.slots[h.row].anchor >= 0 && !(x.slot == h.row && k == x.anchor) {
			s += g.titleEarly
		}
		return s + g.newCell
	}
	t := &w.tails[st.tail]
	if x.answer[k] || t.answer {
		s += g.answerOn
	}
	s += g.follow * w.goesOn(st.tail, x, k)
	switch {
	case x.lower[k] && t.over:
		s += g.lowerAfter
	case x.lower[k] && !t.over:
		s += g.lowerOn
	case x.upper[k] && !t.over:
		s += g.upperOn
	}
	if t.open {
		s += g.open
	}
	s += g.idle * float64(min(st.idle, 4))
	if wide := w.widths[c]; wide > 0 {
		room := wide - float64(t.fill+1+x.right[k]-x.left[k])
		if room -= 0.06*wide + 1; room > 0 {
			if t.over {
				s += max(g.shortMost/3, g.short/3*room)
			} else {
				s += max(g.shortMost, g.short*room)
			}
		}
	}
	return s
}

// oneColumn is how wide a line of one cell may be, in letters.
const oneColumn = 60

// partScore scores the words from to to of a line in column c; false when they
// are far too wide for any column.
func (w *weaver) partScore(x *wovenLine, c, from, to int) (float64, bool) {
	g := &weighWoven
	width := float64(x.right[to-1] - x.left[from])
	if width > 110 {
		return 0, false
	}
	s := g.follow*(x.inner[to]-x.inner[from+1]) + x.hits[c][to] - x.hits[c][from]
	s += g.barIn * float64(x.bars[to]-x.bars[from+1])
	s -= scoreLabel * float64(x.labels[to]-x.labels[from+1])
	s += g.half*float64(x.halves[to]-x.halves[from]) + g.capital*float64(x.capitals[to]-x.capitals[from+1])
	if w.l.p.Columns[c].Type == TypeStatus && !x.label[from] {
		s -= scoreLabel
	}
	if wide := w.widths[c]; wide > 0 {
		if more := width - 1.06*wide - 1; more > 0 {
			if more > 40 {
				return 0, false
			}
			s += g.wide * more
		}
	} else if width > 48 {
		s += g.wide / 2 * (width - 48)
	}
	return s, true
}

// entryScore scores the words from to to of line i as a part of the title of a
// row: those of entries of the catalogue that it begins like, or of any when its
// beginning is destroyed and the part is long enough to tell.
func (w *weaver) entryScore(row int, x *wovenLine, i, from, to int) float64 {
	wide := max(w.widths[w.l.title], titleWidth)
	if w.l.known[row] {
		return w.titledScore(row, x, from, to)
	}
	if len(w.l.b.opt.Catalogue) == 0 || float64(x.right[to-1]-x.left[from]) > 1.3*wide {
		return 0
	}
	key := [4]int32{int32(row), int32(i), int32(from), int32(to)}
	s, ok := w.byEntry[key]
	if ok {
		return s
	}
	if x.slot == row && from == x.anchor {
		from = min(x.most, to-1)
	}
	part := foldedFields(x.words[from:to])
	bonus := scoreEntry + 0.5*float64(len(part)) // the longer, the surer
	like := func(words []string, least float64) bool {
		return shareIn(part, words) >= least && (partOf(part, words) || prefixLikeness(part, words) >= minPrefix)
	}
	switch entries := w.l.entries[row]; {
	case x.speck[to-1]:
	case len(entries) > 0:
		s = scoreNoEntry
		if slices.ContainsFunc(entries, func(words []string) bool { return like(words, 0.4) }) {
			s = bonus
		}
	case len(part) >= tellingPart && slices.ContainsFunc(w.l.allEntries(), func(words []string) bool { return like(words, 0.7) }):
		s = bonus
	}
	w.byEntry[key] = s
	return s
}

// titledScore scores the words from to to of a line as a part of a title that the
// catalogue knows.
func (w *weaver) titledScore(row int, x *wovenLine, from, to int) float64 {
	s := 0.0
	for k := from; k < to; k++ {
		switch of, in := w.l.titled[x.words[k].src]; {
		case in && of == row:
			s += weighWoven.titled
		case x.slot != row || k >= x.most:
			s -= weighWoven.titled
		}
	}
	return s
}

// tellingPart is how many words of a title tell which entry it is.
const tellingPart = 4

// shareIn is the share of the words of a part that an entry has.
func shareIn(part, words []string) float64 {
	n := 0
	for _, w := range part {
		if slices.Contains(words, w) {
			n++
		}
	}
	return float64(n) / float64(len(part))
}

func foldedFields(words []word) []string {
	return strings.Fields(normalize.Fold(newPassage(words).text))
}

// goesOn tells how well word k of a line goes on from a cell's last line.
func (w *weaver) goesOn(t int32, x *wovenLine, k int) float64 {
	if !x.sound[k] {
		return 0
	}
	key := [3]int32{t, int32(x.index), int32(k)}
	f, ok := w.follow[key]
	if !ok {
		f = clip(w.l.b.opt.Restorer.Follows(w.tails[t].end, x.text[k]))
		w.follow[key] = f
	}
	return f
}

// step makes the way on that a choice is.
func (w *weaver) step(h *weave, x *wovenLine, i int, end *choice) weave {
	n := *h
	n.score, n.newest = end.score, nil
	if x.woven {
		for _, c := range w.cols {
			n.strands[c].idle++
		}
	}
	title := false
	at := int16(h.above + h.title + h.below)
	for ch := end; ch.prev != nil; ch = ch.prev {
		if ch.part.col < 0 {
			continue
		}
		n.newest = append(n.newest, ch.part)
		n.labeled = n.labeled || x.label[ch.part.from] && ch.part.col == w.labelColumn()
		st := strand{tail: w.tailOf(x, i, ch.part), first: at, last: at}
		if was := h.strands[ch.part.col]; was.tail >= 0 {
			st.first = was.first
			if x.block {
				st.last = was.last
			}
		}
		n.strands[ch.part.col] = st
		title = title || ch.part.col == w.l.title
	}
	slices.Reverse(n.newest)
	switch {
	case x.block:
		n.blocks++
	case !n.begun:
		n.above++
	case title || x.slot >= 0:
		n.title += n.below + 1
		n.below = 0
	default:
		n.below++
	}
	return n
}

// tailOf returns the tail that a part leaves.
func (w *weaver) tailOf(x *wovenLine, i int, p part) int32 {
	key := [3]int32{int32(i), int32(p.from), int32(p.to)}
	if t, ok := w.byTail[key]; ok {
		return t
	}
	ps := newPassage(x.words[p.from:p.to])
	w.tails = append(w.tails, tail{w.l.b.opt.Restorer.Ending(ps.text), ended(ps.text), endsOpenly(ps.text), x.answer[p.from] && p.to-p.from <= 2, x.right[p.to-1] - x.left[p.from]})
	w.byTail[key] = int32(len(w.tails) - 1)
	return w.byTail[key]
}

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
				wide = append(wide, float64(x.right[first+k]-x.left[first]))
			}
		}
	}
	if len(wide) < 4 {
		return 0
	}
	slices.Sort(wide)
	return min(1.1*wide[len(wide)/4], titleWidth)
}

// learnWoven measures how wide the lines of each column are, and how many of
// the borders between parts were read as bars.
func learnWoven(ws []*weaver, ends []*weave) {
	borders, bars := 2.0, 1.0
	by, firsts := make([][]float64, len(ws[0].widths)), []float64{}
	for k, w := range ws {
		if ends[k] == nil {
			continue
		}
		i := len(w.lines) - 1
		for t := ends[k].newTrack; t != nil; t = t.prev {
			x := &w.lines[i]
			for _, p := range t.parts {
				if p.from > 0 {
					borders++
					if x.bar[p.from] {
						bars++
					}
				}
				by[p.col] = append(by[p.col], float64(x.right[p.to-1]-x.left[p.from]))
				if x.slot >= 0 && p.from == x.anchor {
					firsts = append(firsts, float64(x.right[p.to-1]-x.left[p.from]))
				}
			}
			i--
		}
	}
	// The first lines of titles are the surest.
	l := ws[0].l
	if l.p.pattern != nil && len(firsts) >= knownFrom {
		by[l.title] = firsts
	}
	if wide := ws[0].barred; wide > 0 && (l.p.pattern == nil || len(firsts) >= knownFrom) {
		by[l.title] = slices.Repeat([]float64{wide}, knownFrom)
	}
	for c, lines := range by {
		if len(ws[0].plain[c]) >= knownFrom {
			continue // known from lines that are surer
		}
		wide := 0.0
		if len(lines) >= knownFrom {
			wide = densest(lines)
		}
		for _, w := range ws {
			w.widths[c] = wide
		}
	}
	for _, w := range ws {
		w.barRate = bars / borders
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
			out[pl.col] = append(out[pl.col], float64(l.pieces[i].width))
		}
		i = end
	}
	return out
}

// replace puts the parts that a weaver found in the place of a region's pieces.
func (l *layout) replace(r wovenRegion, w *weaver, end *weave) {
	tracks := make([]*track, len(w.lines))
	i := len(w.lines) - 1
	for t := end.newTrack; t != nil && i >= 0; t = t.prev {
		tracks[i] = t
		i--
	}
	sp := &splitter{b: l.b, p: l.p}
	var pieces []piece
	var best []place
	var marks []mark
	for i, t := range tracks {
		x := &w.lines[i]
		number := l.p.pattern == nil && x.slot >= 0
		if number {
			pc := piece{passage: newPassage(x.words[x.anchor : x.anchor+1]), line: x.index, lead: true}
			sp.describe(&pc)
			pieces, best, marks = append(pieces, pc), append(best, place{x.slot, l.num, 3}), append(marks, mark{slot: x.slot})
		}
		for _, p := range t.parts {
			pc := piece{passage: newPassage(x.words[p.from:p.to]).trimmed(), line: x.index, lead: p.from == 0, gap: x.gap && p.from == 0}
			if len(pc.words) == 0 {
				continue
			}
			sp.describe(&pc)
			m := mark{slot: -1}
			if !number && x.slot >= 0 && p.from == x.anchor {
				m.slot = x.slot
			}
			pieces, best, marks = append(pieces, pc), append(best, place{t.row, p.col, t.margin}), append(marks, m)
		}
	}
	shift := len(pieces) - (r.to - r.from)
	for s := range l.slots {
		if l.slots[s].anchor >= r.to {
			l.slots[s].anchor += shift
		}
	}
	for k := range marks {
		if s := marks[k].slot; s >= 0 {
			l.slots[s].anchor = r.from + k
		}
	}
	l.pieces = slices.Concat(l.pieces[:r.from], pieces, l.pieces[r.to:])
	l.best = slices.Concat(l.best[:r.from], best, l.best[r.to:])
	l.groups = slices.Concat(l.groups[:r.from], marks, l.groups[r.to:])
}

// usualWidths starts the columns of which nothing is known with their usual share
// of the lines' width. They begin somewhat too wide: what is cut off is lost to
// another cell, while a part that could be longer costs little.
func usualWidths(l *layout, ws []*weaver) {
	var lines []float64
	for _, w := range ws {
		for i := range w.lines {
			if x := &w.lines[i]; x.beside {
				lines = append(lines, float64(x.right[len(x.words)-1]))
			}
		}
	}
	sum := 0.0
	for c := range l.p.Columns {
		if !l.lacks[c] {
			sum += l.p.Columns[c].Width
		}
	}
	if len(lines) < knownFrom || sum == 0 {
		return
	}
	full := quantile(lines, 90)
	for _, w := range ws {
		for c, wide := range w.widths {
			if wide == 0 {
				w.widths[c] = usualRoom * full * l.p.Columns[c].Width / sum
			}
		}
	}
}

// usualRoom is how much wider than usual columns are taken to be at first.
const usualRoom = 1.25
