package extract

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A catalogue knows the titles. In text whose columns ran together the words of a
// title are found by it: they stand at the heads of lines below the title's
// beginning, in order. All entries that the first line may begin are laid along
// the lines; the one that leaves the least of itself out is the title's.

// titleWords are the words that titles are made of, by the slot of their row.
type titleWords map[*schema.Word]int

const (
	titleSlack  = 0.34 // share of letters that a line of a title may have wrong
	titleWhole  = 0.5  // how much of an entry must be found, wrong letters counting against it
	titleBeam   = 6    // places in an entry that are followed from line to line
	titleLead   = 3    // words that may stand before a title's on its line: the number, and dirt
	titleTrials = 10   // entries that are tried, the likest beginnings
	titleJumps  = 20   // words of an entry that may be destroyed between two lines
	titleLost   = 0.6  // what a letter of theirs costs, of the first twelve
	titlePart   = 1.0  // what another line costs: what is like a few letters is on every line
	titleSkip   = 0.3  // what a line without the title's words costs
	titleFree   = 0.6  // how much of an entry must be found where no beginning of a row is
	titleStart  = 6    // letters that must be right on its first line there
	titleHigh   = 24   // lines that a title's lines lie within
	titlePast   = 0.4  // what a letter that is behind counts against a way where ways are compared
	titleRun    = 60   // letters of a line that are compared
	titleWide   = 8    // letters that a line may have more or fewer than the entry
	titleTry    = 8    // letters after which others are not compared any more when too many are wrong,
	titleOff    = 0.55 // as a share
	titleOwn    = 4    // letters that the report's own words for others may be longer, besides half of those
	titleNumber = 0.4  // what the row's number is worth where other reports have the title there
	titleSame   = 0.2  // and more where its beginning is looked for anywhere
	titleSure   = 9    // letters that must be right for that
)

// A titleEntry is an entry of the catalogue as it is compared with lines.
type titleEntry struct {
	title  string // as it is spelled
	text   string
	starts []int  // of its words
	taken  bool   // by a row
	number string // of the rows that it is likely to be the title of; "" when that says nothing
}

func newTitleEntry(title string) titleEntry {
	e := titleEntry{title: title}
	for _, w := range strings.Fields(title) {
		if t := lettersDigits(w); t != "" {
			e.starts = append(e.starts, len(e.text))
			e.text += t
		}
	}
	return e
}

// titleEntries are the entries that titles of the table's rows may be: those of
// catalogues, and what other reports on the same list call their rows.
func (l *layout) titleEntries() []titleEntry {
	var out []titleEntry
	for i, e := range slices.Concat(l.b.opt.Catalogue, l.b.opt.Beside) {
		t := newTitleEntry(e.Title)
		if e.Kind != "" && e.Kind != l.p.Kind || t.text == "" {
			continue
		}
		if i >= len(l.b.opt.Catalogue) {
			t.number = e.Number
		}
		if k := slices.IndexFunc(out, func(o titleEntry) bool { return o.text == t.text }); k >= 0 {
			out[k].number = cmp.Or(out[k].number, t.number)
			continue
		}
		out = append(out, t)
	}
	return out
}

// A titleTrail is a way to lay the first letters of an entry along lines.
type titleTrail struct {
	begin int // letters of the entry before its last line's
	at    int // letters of the entry that it has
	score float64
	line  int
	from  int // words of the line
	to    int
	prev  *titleTrail
}

// A titleLine is a line as it is compared with entries, and what came of that: the
// lines of a table are laid along the same entries each time that its pieces change.
type titleLine struct {
	words []word
	text  []string // letters of each word, folded
	raw   []string // likewise as they were read; nil where that is the same
	left  []int    // letters from each word on, at most
	known map[titlePlace][]titleGain
}

// A titlePlace is a word of a line, from which on words are laid along a text.
type titlePlace struct {
	word int
	text string
}

// titleLineAt prepares a line of the document.
func (b *builder) titleLineAt(i int) *titleLine {
	x := b.titleLines[i]
	if x == nil {
		x = newTitleLine(b.lines[i].passage.words)
		b.titleLines[i] = x
	}
	return x
}

func newTitleLine(words []word) *titleLine {
	x := &titleLine{
		words: words, text: make([]string, len(words)), raw: make([]string, len(words)), left: make([]int, len(words)),
		known: map[titlePlace][]titleGain{},
	}
	left := 0
	for i, w := range slices.Backward(words) {
		x.text[i], x.raw[i] = lettersDigits(w.text), lettersDigits(w.raw)
		left += max(len(x.text[i]), len(x.raw[i]))
		x.left[i] = left
	}
	if slices.Equal(x.text, x.raw) {
		x.raw = nil
	}
	return x
}

// A laidTitle is an entry that was laid along the lines of a row.
type laidTitle struct {
	slot, entry int
	lines       []*titleLine
	end         *titleTrail
	score       float64
}

// findTitles finds the words of the titles that the catalogue knows. The entries
// are shared out among the rows, the best ways first.
func (l *layout) findTitles() titleWords {
	if len(l.b.opt.Catalogue)+len(l.b.opt.Beside) == 0 || l.title < 0 || l.p.pattern == nil {
		return nil
	}
	entries := l.titleEntries()
	out := titleWords{}
	keep := func(t laidTitle) {
		entries[t.entry].taken = true
		l.wording[t.slot] = entries[t.entry].title
		skipped := 0 // letters of the entry between a line and the next
		for x := t.end; x != nil; x = x.prev {
			words := t.lines[x.line].words
			for _, w := range words[x.from:x.to] {
				out[w.src] = t.slot
			}
			if x.to < len(words) && skipped > 0 && l.isWreck(words[x.to], skipped) {
				out[words[x.to].src] = t.slot
			}
			lost := skipped
			if x == t.end {
				lost = len(entries[t.entry].text) - x.at
			}
			l.leaveOpen(words[x.to:], lost)
			if x.prev != nil {
				skipped = x.begin - x.prev.at
				if skipped > 0 {
					l.leaveOpen(words[:x.from], skipped)
				}
			}
		}
		if x := t.end; x != nil && entries[t.entry].number != "" {
			if words := t.lines[x.line].words; x.to == len(words)-1 {
				l.mayTitle[words[x.to].src] = true
			}
		}
	}
	var laid []laidTitle
	for s := range l.slots {
		if lines, first := l.titleLines(s); len(lines) > 0 {
			laid = append(laid, layTitles(lines, first, entries, s, l.slotNumber(s))...)
		}
	}
	slices.SortStableFunc(laid, func(a, b laidTitle) int { return cmp.Compare(b.score, a.score) })
	for _, t := range laid {
		if l.wording[t.slot] == "" && !entries[t.entry].taken {
			keep(t)
		}
	}
	for s := range l.slots {
		if lines := l.linesBetween(s, out); len(lines) > 0 {
			if t, ok := freeTitle(lines, entries, l.slotNumber(s)); ok {
				t.slot = s
				keep(t)
			}
		}
	}
	return out
}

// leaveOpen notes legible words beside a place where letters of the entry were not
// found: they may be the report's own wording, as well as another cell's.
func (l *layout) leaveOpen(words []word, lost int) {
	if lost == 0 {
		return
	}
	room := lost*3/2 + titleOwn
	for _, w := range words {
		room -= len(lettersDigits(w.text))
		if room < 0 || strings.HasPrefix(w.text, "|") || l.b.opt.Restorer == nil || !l.b.opt.Restorer.Sound(w.text) {
			return
		}
		l.mayTitle[w.src] = true
	}
}

// isWreck reports whether a word is what OCR made of as many letters, about, as the
// entry has at its place.
func (l *layout) isWreck(w word, n int) bool {
	off := len(lettersDigits(w.raw)) - n
	return l.b.opt.Restorer != nil && off >= -3 && off <= 3 && letters(w.raw) > 1 && !l.b.opt.Restorer.Sound(w.raw)
}

// slotNumber is the number of a row as other reports' rows have it.
func (l *layout) slotNumber(s int) string {
	return cmp.Or(l.slots[s].label, strconv.Itoa(l.slots[s].number))
}

// linesBetween returns the lines on which the row of a slot may stand whose
// beginning was not found: those between its neighbours' titles.
func (l *layout) linesBetween(s int, titled titleWords) []*titleLine {
	if l.slots[s].anchor >= 0 {
		return nil
	}
	from, to := 0, len(l.pieces)
	for k := s - 1; k >= 0 && from == 0; k-- {
		from = l.slots[k].anchor + 1
	}
	for k := s + 1; k < len(l.slots) && to == len(l.pieces); k++ {
		if a := l.slots[k].anchor; a >= 0 {
			to = a
		}
	}
	var out []*titleLine
	last := -1
	for i := from; i < to; i++ {
		free := func(w word) bool { _, ok := titled[w.src]; return !ok }
		if x := l.pieces[i].line; x != last && !l.barrier(i) {
			if words := l.b.lines[x].passage.words; !l.beginsRow(i) && !slices.ContainsFunc(words, func(w word) bool { return !free(w) }) {
				out = append(out, l.b.titleLineAt(x))
			}
			last = x
		}
	}
	return out
}

// freeTitle finds the entry, of those that no row has, that lies best anywhere
// along lines.
func freeTitle(lines []*titleLine, entries []titleEntry, number string) (best laidTitle, ok bool) {
	best.score = titleFree
	for i := range lines {
		for e := range entries {
			if entries[e].taken {
				continue
			}
			same := entries[e].number == number
			var start []*titleTrail
			for k := 0; k <= titleLead && k < len(lines[i].words); k++ {
				start = lines[i].runs(start, lines[i].gains(k, entries[e].text), &titleTrail{}, i, k, 0)
				for _, at := range entries[e].starts[1:min(len(entries[e].starts), titleJumps)] {
					if same {
						start = lines[i].runs(start, lines[i].gains(k, entries[e].text[at:]), &titleTrail{at: at, score: -lostCost(at)}, i, k, 0)
					}
				}
			}
			start = slices.DeleteFunc(start, func(t *titleTrail) bool { return t.score < titleStart })
			if len(start) == 0 {
				continue
			}
			slices.SortFunc(start, byScore)
			end, share := layAlong(lines[:min(len(lines), i+titleHigh)], i, start[:min(len(start), titleBeam)], entries[e])
			if same {
				share += titleNumber + titleSame
			}
			if share > best.score {
				best, ok = laidTitle{entry: e, lines: lines, end: withoutRoot(end), score: share}, true
			}
		}
	}
	return best, ok
}

// titleLines returns the lines that the title of a slot may stand on, and the
// word behind its wording on the first.
func (l *layout) titleLines(s int) (lines []*titleLine, first int) {
	anchor := l.slots[s].anchor
	if anchor < 0 || l.p.pattern == nil {
		return nil, 0
	}
	begin := &l.pieces[anchor]
	words := l.b.lines[begin.line].passage.words
	first = slices.IndexFunc(words, func(w word) bool { return w.src == begin.words[0].src })
	_, _, to, ok := l.p.pattern.in(begin.passage, 6)
	if first < 0 || !ok {
		return nil, 0
	}
	first = min(first+begin.passage.wordAt(max(to-1, 0))+1, len(words))
	lines = append(lines, l.b.titleLineAt(begin.line))
	for i, last := anchor+1, begin.line; i < len(l.pieces) && !l.barrier(i); i++ {
		if l.pieces[i].line == last {
			continue
		}
		last = l.pieces[i].line
		x := &l.b.lines[last]
		if l.beginsRow(i) || x.page != l.b.lines[begin.line].page {
			break
		}
		lines = append(lines, l.b.titleLineAt(last))
	}
	return lines, first
}

// beginsRow reports whether a row begins on the line of piece i, which is its
// line's first.
func (l *layout) beginsRow(i int) bool {
	for k := i; k < len(l.pieces) && l.pieces[k].line == l.pieces[i].line; k++ {
		if l.groups[k].slot >= 0 {
			return true
		}
	}
	return false
}

// layTitles lays the entries along the lines of a row and returns the ways that
// find enough of them.
func layTitles(lines []*titleLine, first int, entries []titleEntry, slot int, number string) []laidTitle {
	type trial struct {
		entry int
		start []*titleTrail
	}
	var trials []trial
	for e := range entries {
		start := lines[0].runs(nil, lines[0].gains(first, entries[e].text), &titleTrail{}, 0, first, 0)
		if len(start) > 0 {
			slices.SortFunc(start, byScore)
			trials = append(trials, trial{e, start})
		}
	}
	slices.SortStableFunc(trials, func(a, b trial) int { return cmp.Compare(b.start[0].score, a.start[0].score) })
	var out []laidTitle
	for i, t := range trials {
		same := entries[t.entry].number == number
		if i >= titleTrials && !same {
			continue
		}
		end, share := layAlong(lines, 0, t.start, entries[t.entry])
		if same && end.score >= titleSure {
			share += titleNumber
		}
		if share > titleWhole {
			out = append(out, laidTitle{slot, t.entry, lines, withoutRoot(end), share})
		}
	}
	return out
}

// withoutRoot takes the first link off a trail, which holds no words.
func withoutRoot(end *titleTrail) *titleTrail {
	for t := end; t != nil && t.prev != nil; t = t.prev {
		if t.prev.prev == nil {
			t.prev = nil
		}
	}
	return end
}

func byScore(a, b *titleTrail) int { return cmp.Compare(b.score, a.score) }

// layAlong follows the beginnings of an entry, on the given line, over the next. It returns the best
// way and how much of the entry it found.
func layAlong(lines []*titleLine, first int, beam []*titleTrail, entry titleEntry) (*titleTrail, float64) {
	value := func(t *titleTrail) float64 {
		return (t.score - 0.3*float64(len(entry.text)-t.at)) / float64(len(entry.text))
	}
	best := slices.MaxFunc(beam, func(a, b *titleTrail) int { return cmp.Compare(value(a), value(b)) })
	for i := first + 1; i < len(lines); i++ {
		next := slices.Clone(beam)
		fit := titleFit{line: lines[i], index: i, entry: entry}
		for _, t := range beam {
			next = fit.runsAfter(next, t, t.score-titleSkip*float64(i-t.line-1))
		}
		slices.SortStableFunc(next, func(a, b *titleTrail) int {
			return cmp.Compare(b.standing(i), a.standing(i))
		})
		beam = beam[:0:0]
		seen := map[int]bool{}
		for _, t := range next {
			if !seen[t.at] && len(beam) < titleBeam {
				seen[t.at] = true
				beam = append(beam, t)
			}
			if value(t) > value(best) {
				best = t
			}
		}
	}
	return best, value(best)
}

// standing ranks a trail on a line: the letters of the entry that it went past count
// against it, or what is like the entry by chance would drive out ways that have
// most still before them.
func (t *titleTrail) standing(line int) float64 {
	return t.score - titlePast*float64(t.at) - titleSkip*float64(line-t.line)
}

// A titleFit is a line laid beside an entry.
type titleFit struct {
	line  *titleLine
	index int // of the line
	entry titleEntry
}

// runsAfter adds the ways on from a trail, which has the given score on the line before,
// with a run of the line's first words: those that score more than the trail does.
func (f *titleFit) runsAfter(out []*titleTrail, t *titleTrail, score float64) []*titleTrail {
	if t.at == len(f.entry.text) {
		return out
	}
	before := 0 // letters
	next, _ := slices.BinarySearch(f.entry.starts, t.at+1)
	jumps := f.entry.starts[next:min(next+titleJumps, len(f.entry.starts))]
	for k := 0; k <= titleLead && k < len(f.line.words); k++ {
		lead := score - titlePart - 0.3*float64(before)
		out = f.runsAt(out, t, k, t.at, lead)
		for _, at := range jumps {
			out = f.runsAt(out, t, k, at, lead-lostCost(at-t.at))
		}
		if before += len(f.line.text[k]); before > 8 {
			break
		}
	}
	return out
}

// runsAt adds the ways on from a trail with words of the line from word k on, laid
// from a letter of the entry on.
func (f *titleFit) runsAt(out []*titleTrail, t *titleTrail, k, at int, score float64) []*titleTrail {
	if most := min(len(f.entry.text)-at, f.line.left[k]+titleWide); score+float64(most) <= t.score {
		return out
	}
	gains := f.line.gains(k, f.entry.text[at:])
	if len(gains) == 0 {
		return out
	}
	start := len(out)
	out = f.line.runs(out, gains, &titleTrail{at: at, score: score}, f.index, k, t.score)
	for _, n := range out[start:] {
		n.prev = t
	}
	return out
}

// lostCost is what letters cost that were not found: where a whole line was
// destroyed, many were.
func lostCost(letters int) float64 {
	const line = 12
	return titleLost*float64(min(letters, line)) + titleLost/4*float64(max(letters-line, 0))
}

// runs adds the ways on from a trail with words of the line from the given one, which
// have the given gains: those that score more than floor.
func (x *titleLine) runs(out []*titleTrail, gains []titleGain, t *titleTrail, line, first int, floor float64) []*titleTrail {
	for _, g := range gains {
		if t.score+g.gain > floor {
			out = append(out, &titleTrail{begin: t.at, at: t.at + g.at, score: t.score + g.gain, line: line, from: first, to: g.to, prev: t})
		}
	}
	return out
}

// A titleGain tells how far into a text words of a line lead, and the letters that
// they have right, wrong ones counting against them.
type titleGain struct {
	to   int // end of the words
	at   int
	gain float64
}

// gains tells what words of the line from the given one on gain at the beginning of a
// text: those that gain more than fewer words do. Many ways come to the same place:
// it is found once.
func (x *titleLine) gains(first int, text string) []titleGain {
	if first >= len(x.words) || x.text[first] == "" {
		return nil // no title begins with a sign
	}
	place := titlePlace{first, text}
	rising, ok := x.known[place]
	if ok {
		return rising
	}
	best := make([]titleGain, len(x.words))
	bestGains(best, x.words, x.text, first, text)
	if x.raw != nil {
		bestGains(best, x.words, x.raw, first, text)
	}
	most := 0.0
	for _, g := range best {
		if g.gain > most {
			most = g.gain
			rising = append(rising, g)
		}
	}
	x.known[place] = rising
	return rising
}

// bestGains puts what words of a line from the given one up to each gain into
// best where it is more.
func bestGains(best []titleGain, line []word, words []string, first int, text string) {
	var letters [titleRun]rune
	var end, last [titleRun]int
	run, ends, at := letters[:0], end[:0], last[:0]
	for k := first; k < len(words); k++ {
		for _, r := range words[k] {
			run = append(run, r)
		}
		if len(run) > titleRun || k > first && strings.HasPrefix(line[k].text, "|") {
			break // a rule parts it from the next cell
		}
		if len(run) > 0 {
			ends, at = append(ends, len(run)), append(at, k)
		}
	}
	const most = titleSlack * (titleRun + titleWide) // letters that may be wrong, of the longest run
	var beginning [titleRun + titleWide]rune
	entry := beginning[:0]
	for _, r := range text[:min(len(text), len(beginning))] {
		entry = append(entry, r)
	}
	normalize.DistancesBetween(run, entry, ends, most, func(i, from int, costs []int32) bool {
		n, g := ends[i], &best[at[i]]
		for q := max(1, n-titleWide, from); q <= min(n+titleWide, from+len(costs)-1); q++ {
			wrong := float64(costs[q-from]) / normalize.LetterParts
			if gain := float64(q) - 2*wrong; gain > g.gain && wrong <= titleSlack*float64(max(q, n)) {
				*g = titleGain{at[i] + 1, q, gain}
			}
		}
		return n < titleTry || len(costs) > 0 && float64(slices.Min(costs))/normalize.LetterParts <= titleOff*float64(n)
	})
}

// titledPiece scores piece i in column c of a row whose title the catalogue knows.
func (l *layout) titledPiece(row, i, c int) float64 {
	if !l.known[row] {
		return 0
	}
	in := 0
	for _, w := range l.pieces[i].words {
		if s, ok := l.titled[w.src]; ok && s == row {
			in++
		}
	}
	switch title := 2*in > len(l.pieces[i].words); {
	case title && c == l.title:
		return scoreTitled
	case title || c == l.title:
		return -scoreTitled
	}
	return 0
}
