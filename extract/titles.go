package extract

import (
	"cmp"
	"slices"
	"strings"

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
	titleJumps  = 5    // words of an entry that may be destroyed between two lines
	titleLost   = 0.6  // what a letter of theirs costs
	titleSkip   = 0.2  // what a line without the title's words costs
	titleFree   = 0.6  // how much of an entry must be found where no beginning of a row is
	titleStart  = 6    // letters that must be right on its first line there
	titleHigh   = 24   // lines that a title's lines lie within
)

// A titleEntry is an entry of the catalogue as it is compared with lines.
type titleEntry struct {
	text   string
	starts []int // of its words
	taken  bool  // by a row
}

func newTitleEntry(title string) titleEntry {
	var e titleEntry
	for _, w := range strings.Fields(title) {
		if t := lettersDigits(w); t != "" {
			e.starts = append(e.starts, len(e.text))
			e.text += t
		}
	}
	return e
}

// A titleTrail is a way to lay the first letters of an entry along lines.
type titleTrail struct {
	at    int // letters of the entry that it has
	score float64
	line  int
	from  int // words of the line
	to    int
	prev  *titleTrail
}

// A titleLine is a line as it is compared with an entry.
type titleLine struct {
	words []word
	text  []string // letters of each word, folded
}

func newTitleLine(words []word) titleLine {
	x := titleLine{words: words, text: make([]string, len(words))}
	for i, w := range words {
		x.text[i] = lettersDigits(w.text)
	}
	return x
}

// findTitles finds the words of the titles that the catalogue knows.
func (l *layout) findTitles() titleWords {
	if len(l.b.opt.Catalogue) == 0 || l.title < 0 || l.p.pattern == nil {
		return nil
	}
	var entries []titleEntry
	for _, e := range l.b.opt.Catalogue {
		t := newTitleEntry(e.Title)
		if (e.Kind == "" || e.Kind == l.p.Kind) && t.text != "" && !slices.ContainsFunc(entries, func(o titleEntry) bool { return o.text == t.text }) {
			entries = append(entries, t)
		}
	}
	out := titleWords{}
	keep := func(s int, lines []titleLine, end *titleTrail, entry int) {
		if end == nil {
			return
		}
		entries[entry].taken = true
		for t := end; t != nil; t = t.prev {
			for _, w := range lines[t.line].words[t.from:t.to] {
				out[w.src] = s
			}
		}
	}
	for s := range l.slots {
		if lines, first := l.titleLines(s); len(lines) > 0 {
			end, entry := bestTitle(lines, first, entries)
			keep(s, lines, end, entry)
		}
	}
	for s := range l.slots {
		if lines := l.linesBetween(s, out); len(lines) > 0 {
			end, entry := freeTitle(lines, entries)
			keep(s, lines, end, entry)
		}
	}
	return out
}

// linesBetween returns the lines on which the row of a slot may stand whose
// beginning was not found: those between its neighbours' titles.
func (l *layout) linesBetween(s int, titled titleWords) []titleLine {
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
	var out []titleLine
	last := -1
	for i := from; i < to; i++ {
		free := func(w word) bool { _, ok := titled[w.src]; return !ok }
		if x := l.pieces[i].line; x != last && !l.barrier(i) {
			if words := l.b.lines[x].passage.words; !l.beginsRow(i) && !slices.ContainsFunc(words, func(w word) bool { return !free(w) }) {
				out = append(out, newTitleLine(words))
			}
			last = x
		}
	}
	return out
}

// freeTitle finds the entry, of those that no row has, that lies best anywhere
// along lines.
func freeTitle(lines []titleLine, entries []titleEntry) (best *titleTrail, entry int) {
	top := titleFree
	for i := range lines {
		for e := range entries {
			if entries[e].taken {
				continue
			}
			var start []*titleTrail
			for k := 0; k <= titleLead && k < len(lines[i].words); k++ {
				start = lines[i].runs(start, &titleTrail{}, i, k, entries[e])
			}
			start = slices.DeleteFunc(start, func(t *titleTrail) bool { return t.score < titleStart })
			if len(start) == 0 {
				continue
			}
			slices.SortFunc(start, byScore)
			if end, share := layAlong(lines[:min(len(lines), i+titleHigh)], i, start[:min(len(start), titleBeam)], entries[e]); share > top {
				best, entry, top = end, e, share
			}
		}
	}
	return withoutRoot(best), entry
}

// titleLines returns the lines that the title of a slot may stand on, and the
// word behind its wording on the first.
func (l *layout) titleLines(s int) (lines []titleLine, first int) {
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
	lines = append(lines, newTitleLine(words))
	for i, last := anchor+1, begin.line; i < len(l.pieces) && !l.barrier(i); i++ {
		if l.pieces[i].line == last {
			continue
		}
		last = l.pieces[i].line
		x := &l.b.lines[last]
		if l.beginsRow(i) || x.page != l.b.lines[begin.line].page {
			break
		}
		lines = append(lines, newTitleLine(x.passage.words))
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

// bestTitle lays the entries along the lines and returns the best way, or nil.
func bestTitle(lines []titleLine, first int, entries []titleEntry) (best *titleTrail, entry int) {
	type trial struct {
		entry int
		start []*titleTrail
	}
	var trials []trial
	for e := range entries {
		start := lines[0].runs(nil, &titleTrail{at: 0}, 0, first, entries[e])
		if len(start) > 0 {
			slices.SortFunc(start, byScore)
			trials = append(trials, trial{e, start})
		}
	}
	slices.SortStableFunc(trials, func(a, b trial) int { return cmp.Compare(b.start[0].score, a.start[0].score) })
	top := titleWhole
	for _, t := range trials[:min(len(trials), titleTrials)] {
		if end, share := layAlong(lines, 0, t.start, entries[t.entry]); share > top {
			best, entry, top = end, t.entry, share
		}
	}
	return withoutRoot(best), entry
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
func layAlong(lines []titleLine, first int, beam []*titleTrail, entry titleEntry) (*titleTrail, float64) {
	value := func(t *titleTrail) float64 {
		return (t.score - 0.3*float64(len(entry.text)-t.at)) / float64(len(entry.text))
	}
	best := slices.MaxFunc(beam, func(a, b *titleTrail) int { return cmp.Compare(value(a), value(b)) })
	for i := first + 1; i < len(lines); i++ {
		next := slices.Clone(beam)
		for _, t := range beam {
			skipped := t.score - titleSkip*float64(i-t.line-1)
			from := *t
			from.score = skipped
			next = lines[i].runsAfter(next, t, &from, i, entry)
		}
		slices.SortStableFunc(next, func(a, b *titleTrail) int {
			return cmp.Compare(b.score-titleSkip*float64(i-b.line), a.score-titleSkip*float64(i-a.line))
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

// runsAfter adds the ways on from a trail whose score is that of from, with a run
// of the line's first words.
func (x *titleLine) runsAfter(out []*titleTrail, t, from *titleTrail, line int, entry titleEntry) []*titleTrail {
	if t.at == len(entry.text) {
		return out
	}
	before := 0 // letters
	for k := 0; k <= titleLead && k < len(x.words); k++ {
		start := len(out)
		lead := from.score - 0.3*float64(before)
		out = x.runs(out, &titleTrail{at: from.at, score: lead}, line, k, entry)
		next, _ := slices.BinarySearch(entry.starts, from.at+1)
		for _, at := range entry.starts[next:min(next+titleJumps, len(entry.starts))] {
			out = x.runs(out, &titleTrail{at: at, score: lead - titleLost*float64(at-from.at)}, line, k, entry)
		}
		for _, n := range out[start:] {
			n.prev = t
		}
		if before += len(x.text[k]); before > 8 {
			break
		}
	}
	return out
}

// runs adds the ways on from a trail with words of the line from the given one.
func (x *titleLine) runs(out []*titleTrail, t *titleTrail, line, first int, entry titleEntry) []*titleTrail {
	if first >= len(x.words) || x.text[first] == "" {
		return out // no title begins with a sign
	}
	rest := entry.text[t.at:]
	row := make([]int, len(rest)+1)
	for q := range row {
		row[q] = q
	}
	letters := 0
	var best *titleTrail
	for k := first; k < len(x.words); k++ {
		for i := range len(x.text[k]) {
			letters++
			diagonal := row[0]
			row[0] = letters
			for q := 1; q <= len(rest); q++ {
				d := diagonal
				if rest[q-1] != x.text[k][i] {
					d = 1 + min(d, row[q], row[q-1])
				}
				diagonal, row[q] = row[q], d
			}
		}
		if letters > 60 {
			break
		}
		// Where the entry is after this word.
		at, gain := 0, 0.0
		for q := max(1, letters-8); q <= min(len(rest), letters+8); q++ {
			if g := float64(q - 2*row[q]); g > gain && float64(row[q]) <= titleSlack*float64(max(q, letters)) {
				at, gain = q, g
			}
		}
		if at > 0 && (best == nil || t.score+gain > best.score) {
			best = &titleTrail{at: t.at + at, score: t.score + gain, line: line, from: first, to: k + 1, prev: t}
			out = append(out, best)
		}
	}
	return out
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
