package extract

import (
	"math"
	"slices"
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
	l        *layout
	lines    []wovenLine
	cols     []int       // columns that take text, from left to right
	widths   []float64   // by column of the profile; 0 when unknown
	usual    []float64   // by column: how wide it usually is in a table as wide; nil when too few lines tell
	barRate  float64     // share of the borders between parts that were read as bars
	barred   float64     // how wide titles are by the bars behind them, or 0
	plain    [][]float64 // by column: widths of lines outside of the regions
	filled   []float64   // by column: how usual it is that a row has a cell there, in nats
	floors   []int       // by slot: the piece that its row begins at or below
	middle   bool        // cells are centred upright, so that rows begin above their number
	turns    bool        // cells lie half a line off each other
	tops     bool        // but for those of other columns than the title's
	terms    int         // words and pairs of words of all regions, see [numberWords]; of the first weaver only
	scratch  []choices   // for the ways over one line, like what follows
	scored   []scoredPart
	scoredTo []int
	left     []float64
	cells    []cellBefore // of ways to the line
	begun    []float64    // by these and word: the scores of [weaver.begin]
	begins   [][]float64  // those after the cells of a way, by column
	passed   []float64
	starts   []weave // ways before a line, each in the row that it takes the line for
	next     []weave
	parts    []part
	ranks    ranking
	rest     []int32
	tails    []tail
	byTail   map[uint64]int32
	byEntry  map[[4]int32]float64
	follow   map[uint64]float64
}

// unweave parts the lines again that several columns run across, and puts what
// it finds in the place of their pieces.
func (l *layout) unweave() {
	if l.b.opt.Restorer == nil || l.title < 0 || !l.p.allText() {
		return
	}
	blocks := l.cellBlocks()
	l.numbersFirst = l.p.pattern == nil && l.beginsWithNumbers(blocks)
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
	l.allEntries() // kept when first asked for, which is not for several at a time
	inParallel(len(regions), func(i int) { ws[i] = newWeaver(l, regions[i]) })
	if wide := barredTitles(ws); wide > 0 {
		for _, w := range ws {
			w.barred, w.widths[l.title] = wide, wide
		}
	}
	plain := l.plainWidths(regions)
	floors := l.rowFloors(blocks)
	filled := l.usuallyFilled()
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
		w.plain, w.floors, w.filled = plain, floors, filled
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

// usuallyFilled tells by column how usual it is that a row has a cell there, in nats:
// columns that most rows leave empty are seldom begun.
func (l *layout) usuallyFilled() []float64 {
	cells := map[[2]int]bool{}
	for _, pl := range l.best {
		if pl.row >= 0 && pl.col >= 0 {
			cells[[2]int{pl.row, pl.col}] = true
		}
	}
	n := make([]float64, len(l.p.Columns))
	most := 0.0
	for c := range cells {
		n[c[1]]++
		most = max(most, n[c[1]])
	}
	for c := range n {
		n[c] = weighWoven.filled * math.Log((n[c]+1)/(most+1))
	}
	return n
}

// weaveAll parts the lines of all regions, which share their columns, a number
// of rounds: widths of columns and the share of bars are learned from the round
// before. It returns the best way through each region, nil where there is none.
func weaveAll(ws []*weaver, regions []wovenRegion, middle bool, rounds int) (ends []*weave, score float64) {
	ends = make([]*weave, len(regions))
	for range rounds {
		inParallel(len(ws), func(i int) {
			ws[i].middle = middle
			ends[i] = ws[i].run(regions[i])
		})
		score = 0
		for _, end := range ends {
			if end != nil {
				score += end.score
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
			if !number && x.slot >= 0 && int(p.from) == x.anchor {
				m.slot = x.slot
			}
			pieces, best, marks = append(pieces, pc), append(best, place{t.row, int(p.col), t.margin}), append(marks, m)
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
