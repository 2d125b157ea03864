package extract

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A layout gives the pieces of a lost table to rows and columns. Rows are known
// beforehand: their beginnings ("Mô hình 25:", or the numbers of the first
// column) are the one thing that OCR leaves recognisable, and the sequence of
// numbers tells which are missing. Everything else is decided together by a
// beam search over all pieces in reading order. A hypothesis is a row and a
// column for every piece so far; it is scored by what the pieces say (their
// types, the column's vocabulary), by how they go on from each other (a
// sentence that is not over, a small letter after it), and by how the eye
// moves over a table: to the right, then to the next row, seldom back.
type layout struct {
	b      *builder
	p      *Profile
	pieces []piece
	slots  []slot
	groups []mark // by piece

	emit   [][]float64 // by piece and column
	starts [][]bool    // by piece and column: begins like a cell of the column
	widths []float64   // by column: how wide its lines are, in letters; 0 when unknown

	heads []float64 // likewise by their heads, or nil

	block      []int  // by piece: number of the block of lines without blank space between
	title, num int    // columns, or -1
	labels     bool   // most rows have a status label
	lacks      []bool // by column: the table has most heads of the profile, but not this one
	beside     []bool // by piece: its line and a neighbour hold text of several columns
	follow     map[[2]int32]float64

	catalogue [][]string   // words of all its entries; nil until asked for
	entries   [][][]string // by slot: words of the catalogue's entries that its title begins like
	titled    titleWords   // words that the catalogue has in titles
	known     []bool       // by slot: its title's words are among them
	parts     map[[2]int32]bool
	best      []place
	fixed     []place // by piece: its place in a row that came block by block
}

// A slot is a row that exists, whether its beginning was found or not.
type slot struct {
	number int
	label  string
	anchor int // piece, or -1
	group  *schema.Group
	counts bool // begins where cells count from one, not at a number
}

// A mark is what a piece is besides text of a cell.
type mark struct {
	group *schema.Group // the group row that begins here
	skip  bool          // part of a group row
	slot  int           // the slot whose beginning this is, or -1
	after int           // for groups: first slot behind it
	total bool
}

// maxColumns bounds the columns of a profile: the search compares its
// hypotheses as values, so what they hold has a fixed size. The widest real
// report of the kinds known has thirteen.
const maxColumns = 24

// minGroup is how like a group row a text must be to be one.
const minGroup = 0.62

type place struct {
	row, col int
	margin   float64 // lead over the best other place, in points of score
}

const noPlace = -1

// Weights of the search, in points. They were set by hand on documents of the
// seed collection; their order matters more than their size.
const (
	beamWidth = 48

	scoreWordHit     = 0.55 // a wording typical of the column
	scoreWordMax     = 2.4
	scoreStartHit    = 1.35 // begins as cells of the column do
	scoreLabel       = 6.0  // a status label in the status column
	scoreAmount      = 1.8  // a sum in the column of sums
	scoreTypeFit     = 2.5  // text fits the column's type
	scoreTypeMiss    = -5.0
	scoreGoesOn      = 1.1  // small letter after an open sentence
	scoreBreaksOff   = -0.6 // capital after an open sentence
	scoreOpen        = 1.0  // the cell's last word wants another
	scoreSameLine    = 0.5  // capital in the middle of a line
	scoreFullLine    = 0.6  // capital after an open sentence whose line fills the column
	scoreAfterStop   = 0.15
	scoreLowerAfter  = -0.5 // small letter after a full stop
	scoreNewUpper    = 0.3  // a cell begins with a capital
	scoreNewLower    = -2.0
	scoreNextColumn  = 0.35
	scoreSkipColumn  = -0.05
	scoreBack        = -1.0
	scoreNumberHere  = 1.0  // the row's number stands beside its text
	scoreEntry       = 3.0  // a further line of a title is one of the catalogue's entry
	scoreTitled      = 2.0  // a piece of the title that the catalogue knows is in it, another not
	scoreNoEntry     = -2.0 // it is not, where columns ran together
	scoreNoHead      = -3.0 // a cell in a column whose head is not there
	scoreNoAgency    = -3.0 // a cell of a column of agencies begins as no agency's name does
	scoreNoName      = -1.5 // a line in it is too long for one
	scorePassEmpty   = -0.4 // a cell is left empty on the line where its row begins
	scoreSeamSame    = 0.2  // a seam that is none
	scorePassedBy    = -0.8 // a cell whose sentence is not over is left out on a line
	scoreRuleSame    = -2.6 // a rule parts two pieces of one cell
	scoreEdgeSame    = -0.6 // likewise, where the column should end
	scoreRuleRight   = 0.6
	scoreRuleLeft    = -3.0
	scoreGapChange   = 0.45
	scoreNoGapChange = -0.7
	scoreGapSame     = -0.3
	scoreNewRow      = -0.8 // a row begins before its beginning ("Mô hình N:"), which is near
	scoreEarlyRow    = -2.6 // likewise, and blank space stands between
	scoreEarlyLine   = -0.5 // for each line between, where lines hold text of several columns
	scoreSkipRow     = -1.5
	scoreRowMidLine  = -5.0 // a line of print crosses two rows
	scoreUntitled    = -3.0
	scoreSecondLabel = -6.0 // a row has one status
	scoreUnlabeled   = -0.9
	scoreUnplaced    = -1.5
	scoreUnplacedLen = -0.03
	scoreWide        = -1.2
	scoreTitleFar    = -0.25 // for each line between two lines of a title
	scoreTitleGap    = -1.6  // likewise, where columns ran together
	scoreTitleOpen   = 0.7   // the title's last line fills its column
	scoreTitleShut   = -1.4  // it does not, and a capital follows
	scoreShortLine   = -1.0  // the sentence goes on below a line that had room
	scoreOutgrows    = -2.5  // it does, and is wider than a column that had none could be
	scoreFollow      = 0.35  // a nat by which the language model expects the piece behind the cell's last
	followMost       = 4.0   // nats beyond which that says no more
)

// newLayout prepares the search. lacks tells which columns the table does not
// have.
func newLayout(b *builder, p *Profile, lacks []bool, pieces []piece) *layout {
	l := &layout{b: b, p: p, pieces: pieces, lacks: lacks, title: p.titleColumn(), num: p.numberColumn(), widths: make([]float64, len(p.Columns)), follow: map[[2]int32]float64{}, parts: map[[2]int32]bool{}}
	l.groups = make([]mark, len(pieces))
	for i := range l.groups {
		l.groups[i].slot = -1
	}
	l.findGroups()
	if p.pattern != nil {
		l.patternSlots()
	} else {
		l.numberSlots()
		l.addRestarts()
		l.trimTop()
	}
	l.dropHeads()
	l.bindGroups()
	l.block = make([]int, len(l.pieces))
	for i := range l.pieces {
		if i > 0 {
			l.block[i] = l.block[i-1]
			if l.pieces[i].gap {
				l.block[i]++
			}
		}
	}
	l.findBeside()
	l.findEntries()
	l.titled, l.known = l.findTitles(), make([]bool, len(l.slots))
	for _, s := range l.titled {
		l.known[s] = true
	}
	labels := 0
	for i := range l.pieces {
		if l.pieces[i].status {
			labels++
		}
	}
	l.labels = 2*labels > len(l.slots)
	l.evidence()
	return l
}

// findGroups marks the pieces of group rows, which may take several lines and
// have their numeral on a line of its own.
func (l *layout) findGroups() {
	next := 1
	for i := 0; i < len(l.pieces); i++ {
		pc := &l.pieces[i]
		if l.p.isTotal(pc.text) {
			l.groups[i].total = true
			continue
		}
		if l.groups[i].skip || l.isAnchorText(pc.passage) {
			continue
		}
		text := pc.passage
		from := i
		// A letter or numeral alone, its name behind a rule.
		if len([]rune(pc.text)) <= 4 && pc.lead && i+1 < len(l.pieces) && (l.pieces[i+1].line == pc.line || l.pieces[i+1].line == pc.line+1) && upperShare(l.pieces[i+1].text) > 0.7 && (letters(l.pieces[i+1].text) > 8 || l.p.beginsGroup(l.pieces[i+1].text)) && !l.isAnchorText(l.pieces[i+1].passage) && !l.pieces[i+1].status {
			// Repair makes words of lone strokes; what was read counts.
			if l.p.Groups.Sections && sectionLetter.MatchString(pc.raw()+" ") || isRomanDue(pc.raw(), next) {
				text = concat(pc.asRead(), l.pieces[i+1].passage)
				i++
			}
		}
		if from == i && !pc.lead {
			continue
		}
		g, score := readGroup(l.p, text, next)
		if score < minGroup {
			i = from
			continue
		}
		end := i
		for k := i + 1; g.Declared == nil && k < len(l.pieces) && k <= i+3; k++ {
			n := &l.pieces[k]
			if upperShare(n.text) < 0.75 || letters(n.text) < 9 || n.status || l.isAnchorText(n.passage) || upperShare(text.text) < 0.7 {
				break
			}
			text = concat(text, n.passage)
			g, _ = readGroup(l.p, text, next)
			end = k
		}
		if g.Number == "" && !l.p.Groups.Sections {
			g.Number = field.Roman(next)
		}
		if n, _, ok := field.ReadRoman(g.Number, 0); ok && !l.p.Groups.Sections {
			next = n
		}
		next++
		group := g
		l.groups[from].group = &group
		for k := from; k <= end; k++ {
			l.groups[k].skip = true
			l.b.groupLines[l.pieces[k].line] = true
		}
		i = end
	}
}

// beginsGroup reports whether a text begins with a word of group rows.
func (p *Profile) beginsGroup(text string) bool {
	t := field.NewText(text)
	return slices.ContainsFunc(p.Groups.Words, func(w string) bool {
		_, ok := t.FindPrefix(field.NewPhrase(w), 0.85)
		return ok && letters(text) > 4
	})
}

// dropHeads leaves out what stands above the first group row where no row has
// begun: lines of heads that were not recognised.
func (l *layout) dropHeads() {
	for i := range l.pieces {
		if l.groups[i].slot >= 0 {
			return
		}
		if l.groups[i].group != nil {
			for k := range i {
				l.groups[k].skip = true
				l.b.headLines[l.pieces[k].line] = true
			}
			return
		}
	}
}

// trimTop leaves out what stands above the first row that can be no part of it:
// a number stands in the middle of its cells, so a row has hardly more lines
// above its number than there are between it and the next number.
func (l *layout) trimTop() {
	if len(l.slots) < 2 || l.slots[0].anchor < 0 || l.slots[1].anchor < 0 {
		return
	}
	first, second := l.pieces[l.slots[0].anchor].line, l.pieces[l.slots[1].anchor].line
	for i := range l.pieces[:l.slots[0].anchor] {
		if l.groups[i].group != nil {
			return
		}
		if first-l.pieces[i].line > second-first {
			l.groups[i].skip = true
		}
	}
}

func isRomanDue(s string, next int) bool {
	n, _, ok := field.ReadRoman(s, next)
	return ok && n == next
}

func (l *layout) isAnchorText(s passage) bool {
	if l.p.pattern == nil {
		return false
	}
	_, _, _, ok := l.p.pattern.in(s, 6)
	return ok
}

// patternSlots finds the rows by the wording that their titles begin with.
// Numbers must rise; a beginning whose number does not fit into the sequence
// is read as the one that is missing there, if one is.
func (l *layout) patternSlots() {
	type cand struct{ piece, n int }
	var cands []cand
	for i := range l.pieces {
		if l.groups[i].skip {
			continue
		}
		if n, _, _, ok := l.p.pattern.in(l.pieces[i].passage, 6); ok {
			cands = append(cands, cand{i, n})
		}
	}
	// The longest run of rising numbers. A number of 0 could not be read.
	n := len(cands)
	best, prev := make([]int, n), make([]int, n)
	end := -1
	for i := range cands {
		best[i], prev[i] = 1, -1
		if cands[i].n == 0 {
			best[i] = 0
		}
		for j := range i {
			if cands[j].n > 0 && cands[j].n < cands[i].n && best[j]+1 > best[i] {
				best[i], prev[i] = best[j]+1, j
			}
		}
		if end < 0 || best[i] > best[end] {
			end = i
		}
	}
	var chain []cand
	for i := end; i >= 0; i = prev[i] {
		chain = append(chain, cands[i])
	}
	slices.Reverse(chain)
	in := make(map[int]bool)
	for _, c := range chain {
		in[c.piece] = true
	}
	for _, c := range cands {
		if in[c.piece] {
			continue
		}
		at, _ := slices.BinarySearchFunc(chain, c.piece, func(x cand, p int) int { return x.piece - p })
		if at > 0 && at < len(chain) && chain[at].n == chain[at-1].n+2 {
			chain = slices.Insert(chain, at, cand{c.piece, chain[at-1].n + 1})
		}
	}
	for i, c := range chain {
		from := c.n
		if i == 0 {
			from = max(1, c.n-3)
		} else if c.n-chain[i-1].n <= 6 {
			from = chain[i-1].n + 1
		}
		for m := from; m < c.n; m++ {
			l.slots = append(l.slots, slot{number: m, anchor: -1})
		}
		l.groups[c.piece].slot = len(l.slots)
		l.slots = append(l.slots, slot{number: c.n, anchor: c.piece})
	}
}

// numberSlots finds the rows by the numbers of the first column: the chain of
// candidates that counts best.
func (l *layout) numberSlots() {
	type cand struct {
		piece, n int
		minor    int // of "1.2"
		weight   float64
		section  int
		second   int // piece with the number's second digit, on the line below; 0 for none
	}
	var cands []cand
	section := 0
	for i := range l.pieces {
		if l.groups[i].group != nil && l.p.Groups.Sections {
			section++
		}
		if l.groups[i].skip || !l.pieces[i].lead {
			continue
		}
		pc := &l.pieces[i]
		if strings.Contains(pc.raw(), "(") {
			continue // "(1)" counts within a cell
		}
		if k := l.digitBelow(i); k > 0 {
			if n, ok := field.Ordinal(pc.words[0].text + l.pieces[k].words[0].text); ok {
				cands = append(cands, cand{i, n, 0, 1, section, k})
			}
		}
		if n, ok := field.Ordinal(pc.text); ok && n < 400 {
			w := 1.0
			if i+1 < len(l.pieces) && l.pieces[i+1].line == pc.line {
				w = 1.2
			}
			cands = append(cands, cand{i, n, 0, w, section, 0})
		} else if n, minor, ok := dottedOrdinal(pc.words[0].raw); ok && l.p.Groups.Sections {
			cands = append(cands, cand{i, n, minor, 1, section, 0})
		} else if len(pc.words) > 1 {
			if n, ok := field.Ordinal(pc.words[0].text); ok && n < 400 && !strings.HasSuffix(pc.words[0].text, "%") {
				switch {
				case l.narrowCell(i):
					cands = append(cands, cand{i, n, 0, 0.6, section, 0})
				case numeric(pc.words[1].text) || letters(pc.text) <= 6:
				case strings.HasPrefix(pc.words[0].text, "0"):
					// "03 biểu mẫu" counts in a sentence, rarely rows.
					cands = append(cands, cand{i, n, 0, 0.2, section, 0})
				default:
					cands = append(cands, cand{i, n, 0, 0.6, section, 0})
				}
			}
		}
		if len(cands) > 4000 {
			break
		}
	}
	n := len(cands)
	best, prev := make([]float64, n), make([]int, n)
	end := -1
	for i := range cands {
		best[i], prev[i] = cands[i].weight-0.4*float64(cands[i].n-1), -1
		for j := max(0, i-400); j < i; j++ {
			if cands[i].piece <= max(cands[j].piece, cands[j].second) {
				continue
			}
			step := cands[i].n - cands[j].n
			s := best[j] + cands[i].weight
			switch {
			case cands[i].section != cands[j].section:
				if cands[i].n > 3 {
					continue
				}
				s += 1 - 0.4*float64(cands[i].n-1)
			case step == 0 && cands[i].minor == cands[j].minor+1:
				s++
			case cands[i].minor > 0:
				continue
			case step == 1:
				s++
			case step > 1 && step <= 6:
				s += 0.3 - 0.25*float64(step-1)
			default:
				continue
			}
			// A number torn over two lines must count on; alone it says nothing.
			if cands[i].second > 0 && (step != 1 || cands[i].section != cands[j].section) {
				continue
			}
			if s > best[i] {
				best[i], prev[i] = s, j
			}
		}
		if cands[i].second > 0 && prev[i] < 0 {
			best[i] = math.Inf(-1)
		}
		if end < 0 || best[i] > best[end] {
			end = i
		}
	}
	var chain []cand
	for i := end; i >= 0; i = prev[i] {
		chain = append(chain, cands[i])
	}
	slices.Reverse(chain)
	if len(chain) < 2 {
		return
	}
	// Numbers glued to their text become pieces of their own.
	shift := 0
	for i := range chain {
		c := &chain[i]
		c.piece += shift
		if c.second > 0 {
			l.dropNumber(c.second + shift)
		}
		pc := l.pieces[c.piece]
		if len(pc.words) > 1 {
			num, rest := pc, pc
			num.passage, rest.passage = newPassage(pc.words[:1]), newPassage(pc.words[1:]).trimmed()
			rest.gap, rest.first, rest.lead, rest.cut = false, false, false, cutType
			sp := &splitter{b: l.b, p: l.p}
			sp.describe(&num)
			sp.describe(&rest)
			l.pieces[c.piece] = num
			l.pieces = slices.Insert(l.pieces, c.piece+1, rest)
			l.groups = slices.Insert(l.groups, c.piece+1, mark{slot: -1})
			shift++
		}
	}
	for i, c := range chain {
		if c.minor > 0 {
			l.groups[c.piece].slot = len(l.slots)
			l.slots = append(l.slots, slot{label: fmt.Sprintf("%d.%d", c.n, c.minor), anchor: c.piece})
			continue
		}
		from := 1
		if i > 0 && chain[i-1].section == c.section {
			from = chain[i-1].n + 1
		}
		for m := from; m < c.n; m++ {
			l.slots = append(l.slots, slot{number: m, anchor: -1})
		}
		l.groups[c.piece].slot = len(l.slots)
		l.slots = append(l.slots, slot{number: c.n, anchor: c.piece})
	}
}

// narrowCell reports whether a few words behind a number end at a rule or where
// another column begins: "3 12 DVC |" begins a row, however little it says.
func (l *layout) narrowCell(i int) bool {
	pc := &l.pieces[i]
	if letters(pc.text) < 2 || pc.width > 24 || i+1 == len(l.pieces) {
		return false
	}
	next := &l.pieces[i+1]
	return next.line == pc.line && (next.cut == cutRule || next.cut == cutWord) && letters(next.text) > 6
}

// digitBelow finds the piece that begins the line below piece i with a digit,
// when i begins with one: numbers of narrow columns are broken between digits. It
// returns 0 when there is none.
func (l *layout) digitBelow(i int) int {
	digit := func(s string) bool { return len(s) == 1 && s[0] >= '0' && s[0] <= '9' }
	if first := l.pieces[i].words[0].text; !digit(first) || first == "0" {
		return 0
	}
	for k := i + 1; k < len(l.pieces) && l.pieces[k].line <= l.pieces[i].line+1; k++ {
		if l.pieces[k].line == l.pieces[i].line+1 {
			if l.pieces[k].lead && !l.groups[k].skip && digit(strings.Trim(l.pieces[k].words[0].text, ".")) {
				return k
			}
			return 0
		}
	}
	return 0
}

// dropNumber takes the second digit of a torn number off piece i.
func (l *layout) dropNumber(i int) {
	pc := &l.pieces[i]
	if len(pc.words) < 2 {
		l.groups[i].skip = true
		return
	}
	pc.passage = newPassage(pc.words[1:]).trimmed()
	(&splitter{b: l.b, p: l.p}).describe(pc)
}

// dottedOrdinal reads "1.2".
func dottedOrdinal(s string) (n, minor int, ok bool) {
	s = strings.Trim(s, " |.")
	if !dotted.MatchString(s) || strings.Count(s, ".") != 1 {
		return 0, 0, false
	}
	a, b, _ := strings.Cut(s, ".")
	n, ok1 := field.Ordinal(a)
	minor, ok2 := field.Ordinal(b)
	return n, minor, ok1 && ok2
}

// bindGroups gives slots their groups and group marks the first slot behind
// them.
func (l *layout) bindGroups() {
	var current *schema.Group
	next := 0
	for i := range l.pieces {
		if g := l.groups[i].group; g != nil {
			current = g
			// Slots without a beginning that lie between stay with the rows
			// before the group, but for those of a numbering that begins anew.
			after := next
			for after < len(l.slots) && l.slots[after].anchor < i && l.slots[after].anchor >= 0 {
				after++
			}
			if l.p.Groups.Sections {
				for k := after; k < len(l.slots) && l.slots[k].anchor < 0; k++ {
					if l.slots[k].number == 1 {
						after = k
						break
					}
					l.slots[k].group = prevGroup(l.slots, k)
					after = k + 1
				}
			}
			l.groups[i].after = after
		}
		if s := l.groups[i].slot; s >= 0 {
			for k := next; k <= s; k++ {
				if l.slots[k].group == nil {
					l.slots[k].group = current
				}
			}
			next = s + 1
		}
	}
	for k := next; k < len(l.slots); k++ {
		l.slots[k].group = current
	}
}

func prevGroup(slots []slot, k int) *schema.Group {
	if k > 0 {
		return slots[k-1].group
	}
	return nil
}

// evidence scores each piece for each column by what it says.
func (l *layout) evidence() {
	l.emit = make([][]float64, len(l.pieces))
	l.starts = make([][]bool, len(l.pieces))
	for i := range l.pieces {
		l.emit[i] = make([]float64, len(l.p.Columns))
		l.starts[i] = make([]bool, len(l.p.Columns))
		if l.groups[i].skip {
			continue
		}
		pc := &l.pieces[i]
		t := field.NewText(pc.text)
		for c := range l.p.Columns {
			l.emit[i][c] = l.columnScore(pc, t, i, c)
		}
	}
}

func (l *layout) columnScore(pc *piece, t *field.Text, i, c int) float64 {
	col := &l.p.Columns[c]
	s := 0.0
	fits := func(ok bool) {
		if ok {
			s += scoreTypeFit
		} else {
			s += scoreTypeMiss
		}
	}
	switch col.Type {
	case TypeDate:
		ds := field.Dates(pc.text)
		fits(len(ds) > 0 && ds[0].From < 8)
		return s
	case TypeCount:
		_, ok := readCount(pc.text)
		fits(ok && !strings.Contains(pc.text, "%"))
		return s
	case TypePercent:
		fits(len(field.Percents(pc.text)) > 0 && letters(pc.text) == 0)
		return s
	case TypeMeasure:
		switch {
		case len(field.Dates(pc.text)) > 0 || runTogetherDate.MatchString(pc.text):
			s += scoreTypeMiss
		case letters(pc.text) == 0 && strings.ContainsAny(pc.text, "0123456789"):
			s += scoreTypeFit
		default:
			s -= 1.2
		}
		return s
	case TypeUnit:
		fits(len(pc.words) == 1 && isUnit(col, pc.text))
		return s
	case TypeCitation:
		cites := field.Citations(pc.text)
		ds := field.Dates(pc.text)
		switch {
		case len(cites) > 0 && cites[0].From == 0:
			s += scoreTypeFit
		case len(ds) > 0 && len(pc.words) <= 2 && ds[0].From == 0, pc.cut == cutType && letters(pc.text) > 0:
			s += scoreTypeFit
		case len(pc.words) > 8:
			s += scoreTypeMiss
		default:
			s -= 1
		}
		return s
	case TypeOrdinal, TypeStatus:
		// Numbers are beginnings of rows. Labels go to the column whose
		// sentences say the status too, where nothing tells the two apart.
		return 2 * scoreTypeMiss
	}
	for _, ph := range l.p.starts[c] {
		if _, ok := t.FindPrefix(ph, 0.8); ok {
			s += scoreStartHit
			l.starts[i][c] = true
			break
		}
		// Behind a bullet.
		if rest := strings.TrimLeft(pc.text, "-–+*• ()0123456789"); len(rest) < len(pc.text) {
			if _, ok := field.NewText(rest).FindPrefix(ph, 0.8); ok {
				s += scoreStartHit
				l.starts[i][c] = true
				break
			}
		}
	}
	words := 0.0
	for _, ph := range l.p.words[c] {
		if _, ok := t.Find(ph, 0.84); ok {
			words += scoreWordHit
		}
	}
	s += min(words, scoreWordMax)
	if pc.status {
		if col.Status {
			s += scoreLabel
		} else {
			s -= scoreLabel
		}
	}
	if col.Amounts && len(field.BareAmounts(pc.text)) > 0 {
		s += scoreAmount
	}
	if field.ReadPresence(pc.text) != field.Filled && (c == l.title || col.Status) {
		s -= 2
	}
	if col.Type == TypeTitle && numeric(pc.text) {
		s -= 3
	}
	if col.Type == TypeText && l.p.has(TypeCount) && numeric(strings.ReplaceAll(pc.text, " ", "")) {
		s -= 4
	}
	if col.Type == TypeAgency {
		s += l.agencyScore(pc, t, i, c)
	} else if l.p.has(TypeDate) && isLoneDate(pc.text) {
		s += scoreTypeMiss // a date has its own column
	}
	return s
}

// agencyOpenings are the words that names of agencies begin with.
var agencyOpenings = field.NewPhrases("Ủy ban nhân dân", "UBND", "Hội đồng nhân dân", "HĐND", "Văn phòng", "Công an", "Trung tâm",
	"Thanh tra", "Kho bạc", "Ngân hàng", "Bảo hiểm xã hội", "Tổng cục", "Chi cục", "Tập đoàn", "Tổng công ty", "Bộ Chỉ huy", "Tỉnh đoàn", "Tỉnh ủy",
	"Thành đoàn", "Thành ủy", "Mặt trận", "Liên đoàn", "Bệnh viện", "Trường Đại học", "Tòa án", "Viện kiểm sát", "Các địa phương", "Các sở", "Các bộ", "Các cơ quan",
	"Các đơn vị", "Các ngành", "Các xã", "Các huyện", "Đơn vị", "Cơ quan", "Các doanh nghiệp", "Các nhà mạng", "Các tổ chức")

// shortAgency is an opening of few letters, which only a name after it tells
// from other words: "Sở Y tế", but "Bộ phận", "Ban hành".
var shortAgency = regexp.MustCompile(`^(Bộ|Sở|Cục|Vụ|Ban|Hội|Viện|Đài|Báo|Phòng|Thuế) \p{Lu}`)

// agencyScore scores a piece as text of a column of agencies. Names of agencies
// have their own beginnings, which prose seldom has; what is too long for a name
// or holds no word is none.
func (l *layout) agencyScore(pc *piece, t *field.Text, i, c int) (s float64) {
	opening := func(ph field.Phrase) bool {
		_, ok := t.FindPrefix(ph, 0.84)
		return ok
	}
	switch {
	case l.starts[i][c]:
	case shortAgency.MatchString(pc.text), slices.ContainsFunc(agencyOpenings, opening):
		s += scoreStartHit
		l.starts[i][c] = true
	}
	if pc.width > 60 {
		s += scoreNoName
	}
	if letters(pc.text) < 2 {
		s += scoreTypeMiss
	}
	return s
}

// isLoneDate reports whether a text is a date and nothing else.
func isLoneDate(text string) bool {
	ds := field.Dates(text)
	return len(ds) == 1 && letters(text[:ds[0].From])+letters(text[ds[0].To:]) == 0
}

// runTogetherDate is a date that lost its strokes: "3132022".
var runTogetherDate = regexp.MustCompile(`^[0-9]{2,4}20[0-9]{2}$`)

// single reports whether a cell of the type holds one value.
func (t ColumnType) single() bool {
	return t == TypeMeasure || t == TypeCount || t == TypePercent
}

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

type hypothesis struct {
	score    float64
	row, col int
	anchored bool // the beginning of row was seen, or it has none
	labeled  bool // row has a status label
	last     [maxColumns]int32
	fill     [maxColumns]int16 // letters on the last line of the cell
	// trail is the way here, without the newest place until the hypothesis
	// survives: most do not.
	trail        *trail
	toRow, toCol int
}

type trail struct {
	row, col int
	prev     *trail
}

// search finds the best places for all pieces.
func (l *layout) search() {
	start := hypothesis{row: -1, col: -1, anchored: true}
	for c := range start.last {
		start.last[c] = -1
	}
	beam := []hypothesis{start}
	scratch := make([]hypothesis, 0, 2048)
	margins := make([]float64, len(l.pieces))
	for i := range l.pieces {
		next := scratch[:0]
		for h := range beam {
			next = l.expand(next, &beam[h], i)
		}
		if len(next) == 0 {
			// No hypothesis can go on: leave the piece out in all.
			for h := range beam {
				n := beam[h]
				n.toRow, n.toCol = noPlace, noPlace
				next = append(next, n)
			}
		}
		next = best(next, beamWidth)
		for k := range next {
			next[k].trail = &trail{next[k].toRow, next[k].toCol, next[k].trail}
		}
		for _, o := range next[1:] {
			if o.toRow != next[0].toRow || o.toCol != next[0].toCol {
				margins[i] = next[0].score - o.score
				break
			}
		}
		beam = next
	}
	l.best = make([]place, len(l.pieces))
	if len(beam) == 0 {
		return
	}
	t := beam[0].trail
	for i := len(l.pieces) - 1; i >= 0 && t != nil; i-- {
		l.best[i] = place{t.row, t.col, margins[i]}
		t = t.prev
	}
}

// best keeps the best n hypotheses, one for each state that the future can tell
// apart; of equal ones the first.
func best(list []hypothesis, n int) []hypothesis {
	// A heap, since only the first few of many are taken.
	order := make(ranking, len(list))
	for i := range list {
		order[i] = rank{list[i].score, int32(i)}
	}
	for i := len(order)/2 - 1; i >= 0; i-- {
		order.sink(i)
	}
	type state struct {
		row, col int
		anchored bool
		labeled  bool
		last     [maxColumns]int32
	}
	seen := make(map[state]bool, n)
	out := make([]hypothesis, 0, n)
	for len(order) > 0 {
		h := &list[order[0].index]
		order[0] = order[len(order)-1]
		order = order[:len(order)-1]
		order.sink(0)
		s := state{h.row, h.col, h.anchored, h.labeled, h.last}
		if seen[s] {
			continue
		}
		seen[s] = true
		out = append(out, *h)
		if len(out) == n {
			break
		}
	}
	return out
}

// A rank is the score of a hypothesis and its place in their list.
type rank struct {
	score float64
	index int32
}

func (a rank) before(b rank) bool {
	return a.score > b.score || a.score == b.score && a.index < b.index
}

// A ranking is a heap with the best rank first.
type ranking []rank

// sink moves the rank at i down to where it belongs.
func (r ranking) sink(i int) {
	for {
		next := 2*i + 1
		if next >= len(r) {
			return
		}
		if next+1 < len(r) && r[next+1].before(r[next]) {
			next++
		}
		if !r[next].before(r[i]) {
			return
		}
		r[i], r[next] = r[next], r[i]
		i = next
	}
}

func (l *layout) expand(out []hypothesis, h *hypothesis, i int) []hypothesis {
	pc := &l.pieces[i]
	m := &l.groups[i]
	stay := func(score float64) {
		n := *h
		n.score += score
		n.toRow, n.toCol = noPlace, noPlace
		out = append(out, n)
	}
	switch {
	case m.group != nil:
		// All rows before the group must be over, none behind it begun.
		if h.row >= m.after || !h.anchored {
			return out
		}
		n := *h
		n.score += l.skipped(h.row, m.after) + l.untitled(h) + l.unlabeled(h)
		n.row, n.col, n.anchored, n.labeled = m.after-1, len(l.p.Columns), true, false
		for c := range n.last {
			n.last[c] = -1
		}
		n.toRow, n.toCol = noPlace, noPlace
		return append(out, n)
	case m.skip, m.total:
		stay(0)
		return out
	case m.slot >= 0:
		// The beginning of a row: there is no choice.
		s := m.slot
		col := l.title
		if l.p.pattern == nil {
			col = l.num
		}
		if h.row > s || h.row == s && h.anchored || h.row < s && !h.anchored {
			return out
		}
		n := *h
		if h.row < s {
			n.score += l.skipped(h.row, s) + l.untitled(h) + l.unlabeled(h) + l.midLine(h, i)
			for c := range n.last {
				n.last[c] = -1
			}
			n.labeled = false
		}
		n.row, n.col, n.anchored = s, col, true
		n.last[col], n.fill[col] = int32(i), int16(min(pc.width, 400))
		n.toRow, n.toCol = s, col
		return append(out, n)
	}
	// The number of a row beside a title that has one already.
	if l.p.pattern != nil {
		if n, ok := field.Ordinal(pc.text); ok && pc.width <= 4 {
			switch {
			case h.row >= 0 && h.row < len(l.slots) && l.slots[h.row].number == n:
				stay(scoreNumberHere)
				return out
			case h.row+1 < len(l.slots) && l.slots[h.row+1].number == n, h.row > 0 && l.slots[h.row-1].number == n:
				stay(-scoreNumberHere)
				return out
			}
		}
	}
	if pc.junk {
		stay(0)
		return out
	}
	stay(scoreUnplaced + scoreUnplacedLen*float64(min(pc.width, 60)))
	// In the current row.
	if h.row >= 0 && h.row < len(l.slots) && !l.closed(h) {
		for c := range l.p.Columns {
			if c == l.num {
				continue
			}
			if s, ok := l.inRow(h, i, c); ok {
				n := *h
				n.score += s
				n.col = c
				if pc.status && l.p.Columns[c].Status {
					if h.labeled {
						n.score += scoreSecondLabel
					}
					n.labeled = true
				}
				if last := n.last[c]; last >= 0 && l.pieces[last].line == pc.line {
					n.fill[c] += int16(min(pc.width, 400) + 1)
				} else {
					n.fill[c] = int16(min(pc.width, 400))
				}
				n.last[c] = int32(i)
				n.toRow, n.toCol = h.row, c
				out = append(out, n)
			}
		}
	}
	// In one of the next rows, before their beginning.
	if !h.anchored {
		return out
	}
	for r := h.row + 1; r < len(l.slots) && r <= h.row+3; r++ {
		s := &l.slots[r]
		if s.anchor >= 0 && s.anchor < i {
			break
		}
		for c := range l.p.Columns {
			if c == l.num {
				continue
			}
			score := scoreNewRow + l.skipped(h.row, r) + l.untitled(h) + l.unlabeled(h) + l.cellStart(i, c) + l.midLine(h, i)
			if s.anchor >= 0 && l.block[s.anchor] != l.block[i] && l.p.pattern != nil {
				score += scoreEarlyRow - scoreNewRow
			}
			if s.anchor >= 0 && l.beside[i] {
				score += scoreEarlyLine * float64(min(l.pieces[s.anchor].line-pc.line, 8))
			}
			if c == l.title && l.p.pattern != nil {
				// Titles begin with their wording; one that does not was
				// destroyed.
				if s.anchor >= 0 {
					continue
				}
				score -= 1
			}
			if h.row >= 0 {
				score += l.leaving(h, i)
			}
			n := *h
			n.score += score
			n.row, n.col, n.anchored = r, c, s.anchor < 0
			n.labeled = pc.status && l.p.Columns[c].Status
			for k := range n.last {
				n.last[k] = -1
			}
			n.last[c], n.fill[c] = int32(i), int16(min(pc.width, 400))
			n.toRow, n.toCol = r, c
			out = append(out, n)
		}
		if s.anchor >= 0 {
			break
		}
	}
	return out
}

// closed reports whether a group row ended the current row.
func (l *layout) closed(h *hypothesis) bool { return h.col >= len(l.p.Columns) }

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

// findBeside notes the pieces of lines that hold text of several columns where
// the line above or below does so too.
func (l *layout) findBeside() {
	l.beside = make([]bool, len(l.pieces))
	count := func(from int) (end, n int) {
		for end = from; end < len(l.pieces) && l.pieces[end].line == l.pieces[from].line; end++ {
			if !l.pieces[end].junk && !l.groups[end].skip && l.pieces[end].width > 4 {
				n++
			}
		}
		return end, n
	}
	prev, start := 0, 0 // pieces of the line above, and where it begins
	for i := 0; i < len(l.pieces); {
		end, n := count(i)
		near := i > 0 && l.pieces[i].line-l.pieces[i-1].line == 1
		if near && prev+n >= 4 || n >= 3 {
			for k := i; k < end; k++ {
				l.beside[k] = true
			}
		}
		if near && prev+n >= 4 {
			for k := start; k < i; k++ {
				l.beside[k] = true
			}
		}
		prev, start, i = n, i, end
	}
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

// inRow scores piece i in column c of the current row.
func (l *layout) inRow(h *hypothesis, i, c int) (float64, bool) {
	pc := &l.pieces[i]
	s := 0.0
	last := int(h.last[c])
	// Moves of the eye.
	switch {
	case l.beside[i]:
		move, ok := l.across(h, i, c)
		if !ok {
			return 0, false
		}
		s += move
	case h.col < 0 || h.col >= len(l.p.Columns):
	case c == h.col:
		switch {
		case !pc.lead && pc.cut == cutRule:
			s += scoreRuleSame
		case !pc.lead && pc.cut == cutType:
			s += scoreRuleSame
		case !pc.lead && pc.cut == cutEdge && c == l.title:
			s += scoreRuleSame
		case !pc.lead && pc.cut == cutWidth:
			s += scoreEdgeSame
		case pc.gap && !pc.first:
			s += scoreGapSame
		}
	case c > h.col:
		s += scoreNextColumn + scoreSkipColumn*float64(c-h.col-1)
		if !pc.lead {
			switch pc.cut {
			case cutWord:
				s -= 0.4
			case cutEdge, cutWidth, cutSeam:
			default:
				s += scoreRuleRight
			}
		}
	default:
		if !pc.lead {
			s += scoreRuleLeft
		}
		s += scoreBack
	}
	if last < 0 {
		if c == l.title && l.p.pattern != nil && h.row >= 0 && l.slots[h.row].anchor >= 0 {
			return 0, false // its title stands elsewhere
		}
		return s + l.cellStart(i, c) + l.titledPiece(h.row, i, c), true
	}
	s += l.emitOn(i, c) + l.titledPiece(h.row, i, c)
	// How the text goes on in the cell.
	prev := &l.pieces[last]
	if l.p.Columns[c].Type.single() && numeric(prev.text) {
		s += scoreTypeMiss
	}
	part := c == l.title && l.inEntry(h.row, i)
	if !part {
		s += scoreFollow * l.follows(last, i)
	}
	s += l.fits(h, i, c)
	if prev.open && pc.lead {
		s += scoreOpen
	}
	over := prev.over
	if !pc.lead && (pc.cut == cutRule || pc.cut == cutType) {
		// What a rule parts does not go on as a sentence.
		return s, true
	}
	switch {
	case pc.cut == cutSeam && !pc.lead && prev.line == pc.line:
		// A seam that is none: the sentence goes on in its line.
	case pc.lower && !over:
		s += scoreGoesOn
	case pc.lower:
		s += scoreLowerAfter
	case pc.upper && over:
		s += scoreAfterStop
	case pc.upper && pc.bullet:
		s += 0.1
	case pc.upper && !pc.lead && c == h.col:
		s += scoreSameLine
	case pc.upper && c == h.col && !pc.gap && l.full(last, c):
		s += scoreFullLine
	case pc.upper:
		s += scoreBreaksOff
	}
	if c != h.col && pc.lead && !pc.gap && !l.beside[i] {
		s += scoreNoGapChange / 2
	}
	if c == l.title {
		switch {
		case part:
			s += scoreEntry
		case l.beside[i]:
			// Lines of a title follow each other closely.
			if l.p.pattern != nil {
				s += scoreTitleGap * float64(min(max(0, pc.line-prev.line-1), 6))
			}
			if len(l.entries[h.row]) > 0 {
				s += scoreNoEntry
			}
		case !l.beside[i]:
			s += l.titleGoesOn(i, last)
		}
	}
	// The new piece ends a cell that holds one word: "Không" stands alone.
	if prev.answer && !pc.junk {
		s -= 1.2
	}
	return s, true
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

// titleGoesOn scores a further line of a title.
func (l *layout) titleGoesOn(i, last int) float64 {
	between := max(0, l.pieces[i].line-l.pieces[last].line-1)
	s := scoreTitleFar * float64(min(between, 6))
	switch {
	case l.full(last, l.title):
		s += scoreTitleOpen
	case l.pieces[i].upper:
		s += scoreTitleShut
	}
	if l.pieces[last].stop && l.pieces[i].upper {
		s += scoreTitleShut
	}
	return s
}

func ended(s string) bool {
	s = strings.TrimRight(s, " |\"”’)")
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, ";") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?")
}

func bullet(s string) bool {
	s = strings.TrimLeft(s, " ")
	return strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") || strings.HasPrefix(s, "*") || strings.HasPrefix(s, "(")
}

// rows collects the cells of the best places.
func (l *layout) rows() []*row {
	rows := make([]*row, len(l.slots))
	parts := make([][][]passage, len(l.slots))
	margin := make([][]float64, len(l.slots))
	for r, s := range l.slots {
		rows[r] = &row{number: s.number, label: s.label, cells: make([]passage, len(l.p.Columns)), position: map[int]float64{}, shared: map[int][]*row{}, group: s.group}
		parts[r] = make([][]passage, len(l.p.Columns))
		margin[r] = make([]float64, len(l.p.Columns))
	}
	for i, pl := range l.best {
		if pl.row < 0 || pl.col < 0 || pl.row >= len(rows) {
			continue
		}
		text := l.pieces[i].passage
		// The row's number, glued to a line.
		if n, ok := field.Ordinal(text.words[0].text); ok && len(text.words) > 1 && l.pieces[i].lead && l.p.pattern != nil && n == rows[pl.row].number && l.slots[pl.row].anchor != i {
			text = newPassage(text.words[1:])
		}
		if pl.col == l.title {
			text = tidyTitle(text)
		}
		parts[pl.row][pl.col] = append(parts[pl.row][pl.col], text)
		m := pl.margin
		if len(parts[pl.row][pl.col]) == 1 || m < margin[pl.row][pl.col] {
			margin[pl.row][pl.col] = m
		}
	}
	for r := range rows {
		for c, ps := range parts[r] {
			if len(ps) == 0 {
				continue
			}
			rows[r].cells[c] = concat(ps...).trimmed()
			rows[r].position[c] = l.certainty(r, c, margin[r][c])
		}
	}
	return rows
}

// certainty turns a lead in the search into how surely a cell is in its place.
// A beginning that was found makes titles and numbers sure; the rest depends
// on the smallest lead among the cell's pieces.
func (l *layout) certainty(r, c int, margin float64) float64 {
	if c == l.num {
		return 0.97
	}
	base := 0.62 + 0.3*min(margin, 3)/3
	if c == l.title && l.slots[r].anchor >= 0 {
		return max(base, 0.9)
	}
	return base
}

// tidyTitle drops what does not belong to a line of a title: single letters
// and marks at its ends that come from the next column or from rules. What was
// read counts, since repair makes words of strokes.
func tidyTitle(p passage) passage {
	for len(p.words) > 1 && stray(p.words[len(p.words)-1]) {
		p = newPassage(p.words[:len(p.words)-1])
	}
	for len(p.words) > 1 {
		w := p.words[0].text
		if letters(w) == 0 && !strings.ContainsAny(w, "0123456789(“\"") || strings.ContainsAny(w, "»«") {
			p = newPassage(p.words[1:])
			continue
		}
		break
	}
	return p
}

// stray reports whether a word at the end of a line is what OCR made of a rule
// or of the edge of the next column.
func stray(w word) bool {
	const marks = "-–—_|'\"`’‘»«()[]{}"
	for _, s := range []string{w.text, w.raw} {
		core := strings.Trim(s, ".,;:|-–—_'\"`’‘“”»«()[]{}")
		if core == "" && strings.Trim(s, marks) == "" || core == "i" {
			return true
		}
		if len([]rune(core)) == 1 && letters(core) == 1 && upperShare(core) == 0 && !strings.Contains("aoeuy", normalize.Fold(core)) {
			return true
		}
	}
	return false
}
