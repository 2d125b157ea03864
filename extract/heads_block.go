package extract

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
)

// Offices print other heads than those that a profile expects in running text: short and
// common ones, in another order, beside columns of their own. In the lines between the
// word for "number" and the first row nothing but heads stands, so all wordings count
// there, the order on the page is that of the columns, and what no wording knows is a
// column that the profile does not have.

// A headBlock is the lines that hold the heads of a table and nothing else.
type headBlock struct {
	from, to int
	words    [][]blockWord // by line
	letters  int           // of the words that say something
	capitals bool          // heads are in capitals
	numbers  int           // the line that names the column of numbers, among words
}

// A blockWord is a word of a head.
type blockWord struct {
	text   string // repaired, folded
	read   string // as it was read, folded
	bar    bool   // a bar stands before it, or its line begins with it
	upper  bool   // it begins with a capital
	silent bool   // it says when, how much or in which unit, not what
}

// Bounds of head blocks, in lines.
const (
	blockAbove = 8  // above the word for "number": heads that are higher than it
	blockBelow = 40 // below it: heads that came one by one
)

// headBlocks finds the lines that may be heads of a table in a section from line from on.
func (b *builder) headBlocks(s *section, from int) []headBlock {
	var out []headBlock
	for i := from; i < s.to && len(out) < 8; i++ {
		if !b.namesNumbers(i) || len(out) > 0 && i < out[len(out)-1].to {
			continue
		}
		if block, ok := b.headBlockAt(i, from, s.to); ok {
			out = append(out, block)
		}
	}
	return out
}

// namesNumbers reports whether a line holds the head of the column of numbers: as a word,
// or broken over this line and one of the next two.
func (b *builder) namesNumbers(i int) bool {
	words := b.lines[i].words
	for k, w := range words {
		if len(w.raw) > longestNumberHead {
			continue
		}
		read := foldedWord(w.raw)
		if numberHeads[read] || numberHeads[foldedWord(w.text)] {
			return true
		}
		if k > 0 || len(read) > 2 {
			continue
		}
		for n := i + 1; n <= i+2 && n < len(b.lines); n++ {
			if below := b.lines[n].words; len(below) > 0 && read != "" && numberHeads[read+foldedWord(below[0].raw)] {
				return true
			}
		}
	}
	return false
}

// longestNumberHead is how many bytes a word has at most that may name the column of
// numbers, with the signs around it.
const longestNumberHead = 8

// nextTable finds where another table begins in a section below the heads h: where heads of
// another profile stand, or the title above them. It returns to where there is none.
func (b *builder) nextTable(s *section, h *headRegion, to int) int {
	like := wordLikes{}
	for _, block := range b.headBlocks(&section{from: h.to, to: to}, h.to) {
		next, ok := b.ownHeadsOf(&block, like)
		if !ok || next.own.of.Kind == h.profile.Kind || count(next.found) < leastHeads {
			continue
		}
		at := next.from
		for at-1 > h.to && next.from-at < 6 && b.lines[at-1].page == b.lines[next.from].page && b.endsTitle(at-1) && !ended(b.lines[at-1].text) {
			at--
		}
		return at
	}
	return to
}

// leastHeads is how many columns with heads make a table of another kind.
const leastHeads = 4

// headBlockAt takes the lines around line at, which names the column of numbers.
func (b *builder) headBlockAt(at, from, to int) (headBlock, bool) {
	capitals := upperShare(b.lines[at].text) > 0.7 && letters(b.lines[at].text) > 8
	block := headBlock{from: at, to: at + 1, capitals: capitals}
	for i := at - 1; i >= from && i >= at-blockAbove && b.lines[i].page == b.lines[at].page; i-- {
		if b.lines[i+1].gap && i+1 < at && b.endsTitle(i) || !b.mayBeHead(i, capitals) {
			break
		}
		block.from = i
	}
	for i := at + 1; i < to && i <= at+blockBelow && b.lines[i].page == b.lines[at].page; i++ {
		if b.opensRows(i, at) {
			block.to, block.numbers = i, at-block.from
			block.read(b)
			return block, block.letters >= 12
		}
	}
	return headBlock{}, false
}

// endsTitle reports whether a line is what stands above a table: its title in capitals,
// the document that it belongs to, a unit.
func (b *builder) endsTitle(i int) bool { return !b.mayBeHead(i, false) }

// mayBeHead reports whether a line above the word for "number" may be part of heads.
func (b *builder) mayBeHead(i int, capitals bool) bool {
	text := b.lines[i].text
	switch {
	case b.inRows[i], isAppendix(text), ended(text), strings.HasSuffix(text, ":"), len(field.Dates(text)) > 0, field.UnitNote(text) != "":
		return false
	case strings.HasPrefix(strings.TrimSpace(text), "(") && len(strings.Fields(text)) > 3, strings.HasPrefix(strings.TrimSpace(text), "-"):
		return false
	}
	return capitals || upperShare(text) < 0.75 || letters(text) < 4
}

// Beginnings of rows: the number one, or the numeral of a group alone or before a name.
var (
	firstNumber  = regexp.MustCompile(`^(0?1|1\.1|I\.1|A\.1)[.)]?(\s*[|\[]\s*|\s+|$)`)
	firstNumeral = regexp.MustCompile(`^(I|A|l|1)[.)]?\s*[|\[]?\s*(\p{Lu}|$)`)
)

// opensRows reports whether the first row or group of the table begins at line i, below
// the word for "number" in line at.
func (b *builder) opensRows(i, at int) bool {
	read := strings.TrimLeft(b.lines[i].passage.asRead().text, " |[_")
	if numbersColumns(read) {
		return false
	}
	if firstNumber.MatchString(read) {
		return true
	}
	if firstNumeral.MatchString(read) && !(i == at+1 && len(read) <= 2) {
		return true
	}
	for k := range b.usual {
		p := &b.usual[k]
		if g, score := readGroup(p, b.lines[i].passage, 1); score >= minGroup && (g.Number != "" || g.Declared != nil) {
			return true
		}
		if p.pattern != nil {
			if _, _, _, ok := p.pattern.in(b.lines[i].passage, 6); ok {
				return true
			}
		}
	}
	return false
}

// columnNumbers is the line below heads that numbers the columns: "(1) (2) (3)",
// "A | B | 1 | 2".
var columnNumbers = regexp.MustCompile(`^[\s|]*(\(?([0-9]{1,2}|[A-C])\)?(=[^|]*)?[\s|]+){2,}\(?[0-9]{1,2}\)?[\s|]*$`)

func numbersColumns(text string) bool { return columnNumbers.MatchString(text) }

// silentWords say of a head's matter when, how much, or in which unit.
var silentWords = map[string]bool{}

func init() {
	for _, w := range strings.Fields("nam thang quy ngay den tinh het ky giai doan trieu dong nghin ty vnd dvt va cua cac") {
		silentWords[w] = true
	}
}

// read takes the words of the block's lines.
func (x *headBlock) read(b *builder) {
	for i := x.from; i < x.to; i++ {
		var line []blockWord
		// What OCR put among the heads of the title above them, and the numbers below.
		text := b.lines[i].text
		if numbersColumns(text) || !x.capitals && upperShare(text) > 0.75 && letters(text) > 8 || len(field.Dates(text)) > 0 && letters(text) > 30 {
			x.words = append(x.words, nil)
			continue
		}
		bar, bracket := true, false
		for _, w := range b.lines[i].words {
			bar = bar || strings.HasPrefix(w.raw, "|")
			bracket = bracket || strings.HasPrefix(w.text, "(")
			one := blockWord{text: foldedWord(w.text), read: foldedWord(w.raw), bar: bar, upper: startsUpper(strings.TrimLeft(w.raw, "|[(_"))}
			if one.text != "" {
				one.silent = bracket || letters(one.text) == 0 || silentWords[one.text]
				if !one.silent {
					x.letters += len(one.text)
				}
				line = append(line, one)
				bar = false
			}
			bracket = bracket && !strings.Contains(w.text, ")")
			bar = bar || len(w.raw) > 1 && strings.HasSuffix(w.raw, "|")
		}
		x.words = append(x.words, line)
	}
}

// foldedWord is a word in small letters without marks and signs.
func foldedWord(w string) string { return strings.ToLower(strings.Join(foldedWords(w), "")) }

// A blockHead is a head that was found in a block: its column, and where its words stand.
type blockHead struct {
	col     int // of the profile; noPlace for a head that it does not know
	at      []blockPlace
	runs    int     // lines that it wraps to
	weight  float64 // letters, times how like they are
	letters int
	likely  float64
	usual   float64 // place among the columns of the profile
	text    string
}

type blockPlace struct{ line, word int }

// find finds the places of a wording's words in a block, in runs on lines below each
// other.
func (x *headBlock) find(wording []string, like wordLikes) (all []blockHead) {
	for from := range x.words {
		for start := range x.words[from] {
			if like.of(wording[0], &x.words[from][start]) >= headWordLike {
				all = x.follow(all, wording, blockHead{}, from, start, like)
			}
		}
	}
	return all
}

// Bounds of the search for a wording.
const (
	headStep   = 3  // lines that the lines of a wrapped head may stand below each other
	mostPlaces = 24 // of one wording
)

// follow takes the words of a wording from a place on, behind those that a head has: as
// many as stand in a row, then those on one of the next lines.
func (x *headBlock) follow(all []blockHead, wording []string, h blockHead, line, start int, like wordLikes) []blockHead {
	h.at = slices.Clone(h.at)
	h.runs++
	for n := 0; len(h.at) < len(wording) && start+n < len(x.words[line]); n++ {
		next, w := wording[len(h.at)], &x.words[line][start+n]
		s := like.of(next, w)
		if s < headWordLike || n > 0 && w.bar {
			break
		}
		h.at = append(h.at, blockPlace{line, start + n})
		h.weight += s * float64(len(next))
		h.letters += len(next)
	}
	if len(h.at) == len(wording) {
		if h.runs > 1 && !x.capitals && !x.mayBegin(h.at[0]) {
			return all
		}
		h.likely = h.weight / float64(h.letters)
		least := headRunsLike
		switch {
		case h.letters <= 4:
			least = 1
		case h.letters <= 8:
			least = shortHead
		}
		if h.weight *= h.likely; h.likely >= least && len(all) < mostPlaces {
			all = append(all, h)
		}
		return all
	}
	next := wording[len(h.at)]
	for i := line + 1; i < len(x.words) && i <= line+headStep; i++ {
		for k := range x.words[i] {
			if like.of(next, &x.words[i][k]) >= headRunsLike && len(all) < mostPlaces {
				all = x.follow(all, wording, h, i, k, like)
			}
		}
	}
	return all
}

// mayBegin reports whether a head may begin at a place: with a capital, or behind a bar.
func (x *headBlock) mayBegin(at blockPlace) bool {
	w := &x.words[at.line][at.word]
	return w.upper || w.bar
}

// heads finds the columns of a profile in a block: one place for each, and each word once,
// so that most letters are words of heads. Those that stand in a row are chosen first.
func (x *headBlock) heads(p *Profile, like wordLikes) []blockHead {
	var all []blockHead
	for c := range p.Columns {
		if p.Columns[c].Type == TypeOrdinal {
			continue
		}
		for _, ph := range p.ruled[c] {
			wording := foldedWords(ph.String())
			if len(wording) == 0 {
				continue
			}
			for _, h := range x.find(wording, like) {
				h.col, h.text = c, ph.String()
				all = append(all, h)
			}
		}
	}
	const wrapped, kept = 8, 1 // letters that a wrapped line costs at first, and then
	worth := func(h *blockHead, line float64) float64 { return h.weight - line*float64(h.runs-1) }
	slices.SortStableFunc(all, func(a, b blockHead) int { return cmp.Compare(worth(&b, wrapped), worth(&a, wrapped)) })
	var out []blockHead
	for _, h := range all {
		if !slices.ContainsFunc(out, func(o blockHead) bool { return o.col == h.col || o.shares(&h) }) {
			out = append(out, h)
		}
	}
	for round := 0; round < 3; round++ {
		for i := range out {
			for k := range all {
				h := &all[k]
				if h.col != out[i].col || worth(h, kept) <= worth(&out[i], kept) {
					continue
				}
				if !slices.ContainsFunc(out, func(o blockHead) bool { return o.col != h.col && o.shares(h) }) {
					out[i] = *h
				}
			}
		}
	}
	return out
}

// adopt gives heads that no wording knows to columns of the profile that were not found
// and have one that is not unlike: damage left little of it.
func (x *headBlock) adopt(p *Profile, known, unknown []blockHead, like wordLikes) (left, all []blockHead) {
	const least = 0.5
	for _, h := range unknown {
		best := least
		for c := range p.Columns {
			if p.Columns[c].Type == TypeOrdinal || slices.ContainsFunc(known, func(o blockHead) bool { return o.col == c }) {
				continue
			}
			for _, ph := range p.ruled[c] {
				if s := like.between(ph.String(), h.text); s > best {
					best, h.col = s, c
				}
			}
		}
		if h.col == noPlace {
			left = append(left, h)
		} else {
			known = append(known, h)
		}
	}
	return left, known
}

// shares reports whether two heads have a word in common.
func (h *blockHead) shares(o *blockHead) bool {
	return slices.ContainsFunc(h.at, func(at blockPlace) bool { return slices.Contains(o.at, at) })
}

// wordLikes remember how like words are.
type wordLikes map[[2]string]float64

// of tells how like a word of a wording is to one of a head, as it was read or as it was
// repaired.
func (l wordLikes) of(wording string, w *blockWord) float64 {
	return max(l.between(wording, w.text), l.between(wording, w.read))
}

func (l wordLikes) between(a, b string) float64 {
	const most = 4
	if d := len(a) - len(b); d > most || d < -most {
		return 0
	}
	key := [2]string{a, b}
	v, ok := l[key]
	if !ok {
		v = normalize.Similarity(a, b)
		l[key] = v
	}
	return v
}

// others are the heads that no wording knows, and how much of the block's letters is
// known. A head begins with a capital; what goes on with small letters is one's next line.
func (x *headBlock) others(known []blockHead) (out []blockHead, covered float64) {
	taken := make(map[blockPlace]bool)
	for _, h := range known {
		for _, at := range h.at {
			taken[at] = true
		}
	}
	seen := 0
	for i, line := range x.words {
		for k := range line {
			if w := &line[k]; taken[blockPlace{i, k}] && !w.silent || numberHeads[w.text] {
				seen += len(w.text)
			}
		}
		for from := 0; from < len(line); from++ {
			if taken[blockPlace{i, from}] || numberHeads[line[from].text] {
				continue
			}
			to := from + 1
			for to < len(line) && !line[to].bar && !taken[blockPlace{i, to}] {
				to++
			}
			if h, ok := x.otherHead(i, from, to, taken); ok {
				out = append(out, h)
			}
			from = to - 1
		}
	}
	return out, float64(seen) / math.Max(1, float64(x.letters))
}

// otherHead takes the words from to to of line i, which no wording knows, for a head of
// their own.
func (x *headBlock) otherHead(i, from, to int, taken map[blockPlace]bool) (h blockHead, ok bool) {
	const least, wide = 5, 12 // letters of a head, of one over several columns
	line := x.words[i]
	said, all := 0, 0
	h.col = noPlace
	var text []string
	for k := from; k < to; k++ {
		h.at, text = append(h.at, blockPlace{i, k}), append(text, line[k].text)
		if all += len(line[k].text); !line[k].silent && len(line[k].text) > 2 {
			said += len(line[k].text)
		}
	}
	h.text = strings.Join(text, " ")
	// "Nội dung" before "nhiệm vụ được giao", which a wording knows.
	prefix := to < len(line) && !line[to].bar && taken[blockPlace{i, to}] && !line[to].upper
	// A head that stands alone above the others is over several of them.
	over := i < x.numbers && to-from == len(line) && all >= wide
	return h, said >= least && line[from].upper && !prefix && !over
}

// on counts the heads that have words on a line.
func on(heads []blockHead, line int) (n int) {
	for i := range heads {
		if slices.ContainsFunc(heads[i].at, func(at blockPlace) bool { return at.line == line }) {
			n++
		}
	}
	return n
}

// torn reports whether heads of several lines stand in each other's lines, which then say
// little of their order.
func (x *headBlock) torn(heads []blockHead) bool {
	lines, beside := 0, false
	for i := range x.words {
		if n := on(heads, i); n > 0 {
			lines++
			beside = beside || n > 1
		}
	}
	return beside && lines > 1
}

// inOrder puts heads into the order in which they stand on the page, from left to right,
// and gives those that no wording knows to the column of the profile that is missing there.
func (x *headBlock) inOrder(p *Profile, heads []blockHead, gaps func(line int) bool) []blockHead {
	for i := range heads {
		heads[i].usual = float64(heads[i].col)
	}
	for i := range heads {
		if heads[i].col == noPlace {
			x.standIn(p, heads, i)
		}
	}
	n := len(heads)
	before := make([][]float64, n)
	for i := range before {
		before[i] = make([]float64, n)
		for k := range before[i] {
			if i != k {
				before[i][k] = x.ahead(&heads[i], &heads[k], gaps)
			}
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := heads[a].at[0], heads[b].at[0]
		return cmp.Or(cmp.Compare(x.line, y.line), cmp.Compare(x.word, y.word))
	})
	// Moves of one head that agree with more pairs, until there is none.
	for moved := true; moved; {
		moved = false
		for i := 0; i < n && !moved; i++ {
			at := bestMove(order, i, before)
			if at >= 0 {
				head := order[i]
				order = slices.Insert(slices.Delete(order, i, i+1), at, head)
				moved = true
			}
		}
	}
	sorted := make([]blockHead, n)
	for i, k := range order {
		sorted[i] = heads[k]
	}
	return sorted
}

// bestMove finds where the head at place i of an order stands better; -1 when nowhere.
func bestMove(order []int, i int, before [][]float64) int {
	best, at := 1e-9, -1
	gain := 0.0
	for k := i - 1; k >= 0; k-- {
		if gain += before[order[i]][order[k]] - before[order[k]][order[i]]; gain > best {
			best, at = gain, k
		}
	}
	gain = 0
	for k := i + 1; k < len(order); k++ {
		if gain += before[order[k]][order[i]] - before[order[i]][order[k]]; gain > best {
			best, at = gain, k
		}
	}
	return at
}

// remarks is the head of the last column of many forms, which no profile has.
const remarks = "ghi chu"

// standIn gives head i, which no wording knows, a place among the columns of the profile:
// beside the nearest head of its line. Where the profile's column beside that one was not
// found and is not unlike, the head is its.
func (x *headBlock) standIn(p *Profile, heads []blockHead, i int) {
	h := &heads[i]
	h.usual = float64(len(p.Columns))
	if normalize.Similarity(remarks, h.text) >= headRunsLike {
		return
	}
	near := len(x.words[h.at[0].line])
	for k := range heads {
		o := &heads[k]
		if o.col == noPlace {
			continue
		}
		for _, at := range o.at {
			if at.line != h.at[0].line {
				continue
			}
			side, away := 0.5, h.at[0].word-at.word
			if away < 0 {
				side, away = -0.5, -away
			}
			if away < near {
				near, h.usual = away, float64(o.col)+side
			}
		}
	}
	const least = 0.35
	c := int(math.Floor(h.usual))
	if c == len(p.Columns) || slices.ContainsFunc(heads, func(o blockHead) bool { return o.col == c }) {
		c = int(math.Ceil(h.usual))
	}
	if c < 0 || c >= len(p.Columns) || p.Columns[c].Seldom || p.Columns[c].Type == TypeOrdinal || slices.ContainsFunc(heads, func(o blockHead) bool { return o.col == c }) {
		return
	}
	for _, ph := range p.ruled[c] {
		if normalize.Similarity(ph.String(), h.text) >= least {
			h.col, h.usual = c, float64(c)
			return
		}
	}
}

// ahead tells how much speaks for head a to stand to the left of head b.
func (x *headBlock) ahead(a, b *blockHead, gaps func(line int) bool) (s float64) {
	const onLine, inBlock, asProfile, asRead = 10, 4, 1, 0.5
	for _, p := range a.at {
		for _, q := range b.at {
			if p.line == q.line && p.word < q.word {
				return onLine
			}
			if p.line == q.line {
				return 0
			}
		}
	}
	first, last := a.at[0].line, a.at[len(a.at)-1].line
	if other := b.at[0].line; other > last && x.alone(a) && x.alone(b) {
		for l := last + 1; l <= other; l++ {
			if gaps(l) {
				s += inBlock
				break
			}
		}
	}
	if a.usual < b.usual {
		s += asProfile
	}
	if first < b.at[0].line {
		s += asRead
	}
	return s
}

// alone reports whether nothing else stands on the lines of a head.
func (x *headBlock) alone(h *blockHead) bool {
	n, all := 0, 0
	for i := range x.words {
		on := 0
		for _, at := range h.at {
			if at.line == i {
				on++
			}
		}
		if on > 0 {
			n, all = n+on, all+len(x.words[i])
		}
	}
	return 2*n > all
}

// sharesInOrder puts the columns of a part and of its whole, of which heads below each other
// say nothing of the order, as the figures of the rows do: "45 | 50 | 90 %".
func (b *builder) sharesInOrder(r *headRegion, to int) {
	p := r.profile
	for _, col := range p.Columns {
		if len(col.Share) != 2 {
			continue
		}
		index := func(name string) int { return p.column(func(c *Column) bool { return c.Field == name }) }
		part, whole := index(col.Share[0]), index(col.Share[1])
		if part < 0 || whole < 0 {
			continue
		}
		first := 0 // rows with the part first, less those with the whole
		for i := r.to; i < to; i++ {
			first += shareOrder(b.lines[i].text)
		}
		if first > 1 && part > whole || first < -1 && part < whole {
			r.own.swap(p, part, whole)
		}
		return
	}
}

// shareOrder reports whether a line has a part, its whole and its share behind each other
// (1), or the whole before the part (-1); 0 for neither.
func shareOrder(text string) int {
	const near = 0.06
	var n []float64
	for _, w := range strings.Fields(strings.ReplaceAll(text, "|", " ")) {
		if !numeric(w) {
			continue
		}
		v, ok := readCount(strings.Trim(w, "%+"))
		if !ok {
			continue
		}
		if n = append(n, v); len(n) < 3 {
			continue
		}
		a, b, share := n[len(n)-3], n[len(n)-2], v
		switch {
		case a == b || a <= 0 || b <= 0:
		case math.Abs(100*a/b-share) < near:
			return 1
		case math.Abs(100*b/a-share) < near:
			return -1
		}
	}
	return 0
}

// swap lets two columns of a table change places.
func (o *ownColumns) swap(p *Profile, a, b int) {
	o.cols[a], o.cols[b] = o.cols[b], o.cols[a]
	p.Columns[a], p.Columns[b] = p.Columns[b], p.Columns[a]
	p.heads[a], p.heads[b] = p.heads[b], p.heads[a]
	p.ruled[a], p.ruled[b] = p.ruled[b], p.ruled[a]
	p.starts[a], p.starts[b] = p.starts[b], p.starts[a]
	p.words[a], p.words[b] = p.words[b], p.words[a]
}

// leastCovered is the share of a block's letters that must be heads of the profile.
const leastCovered = 0.6

// ownHeads finds the profile whose heads a block of a section holds, with the table's
// columns in the table's order.
func (b *builder) ownHeads(s *section, from int) (headRegion, bool) {
	like := wordLikes{}
	for _, block := range b.headBlocks(s, from) {
		if h, ok := b.ownHeadsOf(&block, like); ok {
			b.sharesInOrder(&h, s.to)
			return h, true
		}
	}
	return headRegion{}, false
}

// differs reports whether a table's own columns are others than those that were found of
// a profile: another profile's, more of them, or in another order.
func (h *headRegion) differs(known *headRegion) bool {
	if h.own.of.Name != known.profile.Name {
		return true
	}
	if h.own.torn && !h.own.surerThan(known) {
		return false
	}
	if len(h.own.cols) > count(known.found)+1 || slices.Contains(h.own.cols, noPlace) {
		return true
	}
	return !slices.IsSorted(h.own.cols) || slices.ContainsFunc(h.own.cols, func(c int) bool { return h.own.of.Columns[c].Seldom })
}

// surerThan reports whether columns that torn heads name may take the place of those that
// were found of the same profile. What torn heads do not name may be what was torn: where
// they lack a column that all such tables have, or part a number from its whole, the
// profile's columns stay.
func (o *ownColumns) surerThan(known *headRegion) bool {
	const beside = 2 // with their share between them
	for c, col := range o.of.Columns {
		if col.Required && known.found[c] && !slices.Contains(o.cols, c) {
			return false
		}
		if len(col.Share) != 2 {
			continue
		}
		at := func(name string) int {
			return slices.Index(o.cols, o.of.column(func(c *Column) bool { return c.Field == name }))
		}
		part, whole := at(col.Share[0]), at(col.Share[1])
		if part >= 0 && whole >= 0 && max(part-whole, whole-part) > beside {
			return false
		}
	}
	return true
}

func (b *builder) ownHeadsOf(x *headBlock, like wordLikes) (headRegion, bool) {
	gaps := func(line int) bool { return b.lines[x.from+line].gap }
	var best headRegion
	top := 0.0
	for i := range b.profiles {
		p := &b.profiles[i]
		heads := x.heads(p, like)
		if len(heads) < 2 {
			continue
		}
		unknown, covered := x.others(heads)
		unknown, heads = x.adopt(p, heads, unknown, like)
		found := make([]bool, len(p.Columns))
		for _, h := range heads {
			found[h.col] = true
		}
		if c := p.numberColumn(); c >= 0 {
			found[c] = true
		}
		fit := p.fitOfGrid(found) * (0.5 + 0.5*float64(len(heads))/float64(len(heads)+len(unknown)))
		if fit < minFit || covered < leastCovered || fit*covered <= top {
			continue
		}
		all := x.inOrder(p, slices.Concat(heads, unknown), gaps)
		best, top = b.ownRegion(x, p, all), fit*covered
	}
	return best, top > 0
}

// ownRegion makes the region of heads of a block, with a profile of the table's own.
func (b *builder) ownRegion(x *headBlock, p *Profile, heads []blockHead) headRegion {
	cols := []int{}
	if c := p.numberColumn(); c >= 0 {
		cols = append(cols, c)
	}
	for _, h := range heads {
		cols = append(cols, h.col)
	}
	own := p.withColumns(cols)
	r := headRegion{profile: own, own: &ownColumns{of: p, cols: cols, torn: x.torn(heads)}, found: make([]bool, len(own.Columns)), widths: make([]float64, len(own.Columns)), from: x.from, to: x.to, at: map[int]bool{}}
	for c := range r.found {
		r.found[c] = true
	}
	for l := x.from; l < x.to; l++ {
		r.at[l] = x.words[l-x.from] != nil || numbersColumns(b.lines[l].text)
	}
	for l := x.from - 1; l >= 0 && l >= x.from-6 && b.lines[l].page == b.lines[x.from].page; l-- {
		r.titles = b.lines[l].text + " " + r.titles
	}
	return r
}

// ownColumns are the columns of a table: which they are of a profile, from left to right.
type ownColumns struct {
	of   *Profile
	cols []int // noPlace for a column that it does not know
	torn bool  // its heads stand in each other's lines
}

// restore gives rows the columns of the profile again. What stands in columns that it
// does not know has no place there.
func (o *ownColumns) restore(rows []*row) {
	for _, r := range rows {
		one := *r
		r.cells, r.position, r.shared, r.units = make([]passage, len(o.of.Columns)), map[int]float64{}, map[int][]*row{}, map[int]string{}
		r.absent = make(map[int]bool)
		for c := range o.of.Columns {
			r.absent[c] = !slices.Contains(o.cols, c)
		}
		for c, to := range o.cols {
			if to == noPlace {
				continue
			}
			r.cells[to] = one.cells[c]
			if v, ok := one.position[c]; ok {
				r.position[to] = v
			}
			if v, ok := one.shared[c]; ok {
				r.shared[to] = v
			}
			if v, ok := one.units[c]; ok {
				r.units[to] = v
			}
		}
	}
}

// withoutColumn is the profile without one of its columns.
func (p *Profile) withoutColumn(col int) *Profile {
	var cols []int
	for c := range p.Columns {
		if c != col {
			cols = append(cols, c)
		}
	}
	return p.withColumns(cols)
}

// withColumns is the profile with some of its columns in another order; noPlace stands
// for a column that it does not know.
func (p *Profile) withColumns(cols []int) *Profile {
	own := *p
	own.Columns, own.heads, own.ruled, own.starts, own.words = nil, nil, nil, nil, nil
	for _, c := range cols {
		if c == noPlace {
			own.Columns = append(own.Columns, Column{Type: TypeText})
			own.heads, own.ruled = append(own.heads, nil), append(own.ruled, nil)
			own.starts, own.words = append(own.starts, nil), append(own.words, nil)
			continue
		}
		own.Columns = append(own.Columns, p.Columns[c])
		own.heads, own.ruled = append(own.heads, p.heads[c]), append(own.ruled, p.ruled[c])
		own.starts, own.words = append(own.starts, p.starts[c]), append(own.words, p.words[c])
	}
	// Labels stand in the column of statuses, in the words that offices use there.
	if own.has(TypeStatus) {
		own.statuses, own.labelled = p.labels, true
		for c := range own.Columns {
			own.Columns[c].Status = false
		}
	}
	return &own
}
