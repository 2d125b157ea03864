package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
)

// A headRegion is where the heads of a lost table stand.
type headRegion struct {
	profile  *Profile
	found    []bool    // by column of the profile
	widths   []float64 // by column: letters that fit into a line of its head; 0 when unknown
	from, to int       // lines
	at       map[int]bool
	titles   string
	own      *ownColumns // the columns of the profile are the table's own; nil for those of a known one
	whole    bool        // nothing else stands among them: the table has no other columns
}

// shortHead is how like a wording of up to eight letters a text must be to be a
// head: few letters are soon alike.
const shortHead = 0.84

// headWindow is how many lines of a section are searched for heads; a head of
// seven columns of four lines each, with the title above it, has thirty.
const headWindow = 48

// findHeads looks for the heads of any profile from line from on.
func (b *builder) findHeads(s *section, from int) (headRegion, bool) {
	var best headRegion
	score := 0.0
	for _, start := range b.headStarts(s, from) {
		end := min(start+headWindow, s.to)
		for i := range b.usual {
			if !b.mayFit(&b.usual[i], start, end, max(score, minFit)) {
				continue
			}
			if h, sc := b.matchHeads(&b.usual[i], start, end); sc > score+1e-9 {
				best, score = h, sc
			}
		}
		if score >= 0.6 {
			break
		}
	}
	return best, score >= minFit
}

// mayFit reports whether the lines from start to end may hold a profile's heads with a
// score: as soon as too many columns have no head anywhere, the others need not be looked
// for. Required ones say most, so they are first.
func (b *builder) mayFit(p *Profile, start, end int, score float64) bool {
	const rounding = 1e-6
	if _, likeness := b.titleLine(p, start, min(start+14, end)); likeness > 0 {
		return true
	}
	title := 0.0
	for i := start; i < end; i++ {
		title = max(title, b.titleOn(p, i))
	}
	w := b.window(start, end)
	possible := slices.Repeat([]bool{true}, len(p.Columns))
	for _, required := range []bool{true, false} {
		for c := range p.Columns {
			if p.Columns[c].Required != required || slices.ContainsFunc(p.heads[c], func(head field.Phrase) bool { return len(w.find(head)) > 0 }) {
				continue
			}
			possible[c] = false
			if p.headScore(possible, title) < score-rounding {
				return false
			}
		}
	}
	return true
}

// headScore tells how well heads fit a profile of which some columns were found, below a
// title that is so like the profile's: it speaks for the profile, and makes up for heads
// that OCR destroyed.
func (p *Profile) headScore(found []bool, title float64) float64 {
	score := p.fitness(found)
	if title > 0 {
		score = max(score, 0.25*float64(count(found))/2)
	}
	return score + 0.35*title
}

// headStarts are the lines from which heads may begin: the section's first,
// and those that hold the word for "number".
func (b *builder) headStarts(s *section, from int) []int {
	var out []int
	// The head of an appendix may be so damaged that even this word is gone.
	if s.name != "" && from == s.from {
		out = append(out, from)
	}
	for i := from; i < s.to; i++ {
		for _, w := range strings.Fields(b.lines[i].text) {
			switch normalize.Fold(strings.Trim(w, ".|[]")) {
			case "stt", "tt":
				if len(out) == 0 || i > out[len(out)-1]+headWindow/2 {
					out = append(out, max(from, i-6))
				}
			}
		}
		if len(out) > 12 {
			break
		}
	}
	return out
}

// A headSearch is a run of lines that is searched for heads. Profiles share many
// wordings, so each is looked for once.
type headSearch struct {
	passage
	start, end int
	text       *field.Text
	hits       map[string][]field.Hit
}

// window returns the lines from start to end as one text. The last one is kept:
// all profiles are tried on it.
func (b *builder) window(start, end int) *headSearch {
	if w := b.lastWindow; w != nil && w.start == start && w.end == end {
		return w
	}
	var parts []passage
	for i := start; i < end; i++ {
		parts = append(parts, b.lines[i].passage)
	}
	all := concat(parts...)
	b.lastWindow = &headSearch{all, start, end, field.NewText(all.text), make(map[string][]field.Hit)}
	return b.lastWindow
}

// find returns the places of a wording of a head.
func (w *headSearch) find(head field.Phrase) []field.Hit {
	hits, ok := w.hits[head.String()]
	if !ok {
		limit := 0.72
		switch n := len(head.String()); {
		case n <= 4:
			limit = 1
		case n <= 8:
			limit = shortHead
		}
		hits = w.text.FindAll(head, limit)
		w.hits[head.String()] = hits
	}
	return hits
}

// matchHeads scores how well the lines from start to end hold a profile's
// heads. Words of heads occur in running text too, so a line counts only when
// heads make up most of it.
func (b *builder) matchHeads(p *Profile, start, end int) (headRegion, float64) {
	w := b.window(start, end)
	r := headRegion{profile: p, found: make([]bool, len(p.Columns)), widths: make([]float64, len(p.Columns)), from: -1, at: map[int]bool{}}
	// Heads stand together; words of heads elsewhere are none.
	kept := b.onHeadLines(w, w.heads(p))
	for _, h := range cluster(kept, func(l int) int { return b.lines[l].page }) {
		r.found[h.col] = true
		r.widths[h.col] = b.wrapWidth(p, h, kept, start, end)
		for l := h.first; l <= h.last; l++ {
			r.at[l] = true
		}
		if r.from < 0 || h.first < r.from {
			r.from = h.first
		}
		r.to = max(r.to, h.last+1)
	}
	if at, likeness := b.titleLine(p, start, min(start+14, end)); likeness >= 0.8 && p.fitness(r.found) < 0.3 {
		return b.headsUnder(p, at, end), 0.35 + 0.35*likeness
	}
	if r.from < 0 {
		return r, 0
	}
	return r, p.headScore(r.found, b.titleOver(&r, start, end))
}

// A placedHead is a head of a column in the text of a window.
type placedHead struct {
	col      int
	from, to int // bytes
	score    float64
}

// lineOf is the line of the byte at a place.
func (w *headSearch) lineOf(at int) int {
	k, _ := slices.BinarySearch(w.passage.starts, at+1)
	return w.passage.words[max(k-1, 0)].line
}

// heads finds the heads of a profile's columns. A title in capitals may hold the words
// of a head, and heads may be in capitals themselves. All heads are printed alike, so
// both cases are tried and the one with more heads is right.
func (w *headSearch) heads(p *Profile) []placedHead {
	var lower, upper []placedHead
	for c := range p.Columns {
		for _, head := range p.heads[c] {
			for _, h := range w.find(head) {
				// Longer wordings are surer; early ones likelier the head.
				sure := min(1, max(0, 5*(h.Score-0.8)))
				one := placedHead{c, h.From, h.To, h.Score + 0.004*sure*float64(len(head.String())) - 0.01*float64(w.lineOf(h.From)-w.start)}
				capitals := upperShare(w.passage.text[h.From:h.To]) > 0.75
				number := p.Columns[c].Type == TypeOrdinal
				if number || capitals {
					upper = append(upper, one)
				}
				if number || !capitals {
					lower = append(lower, one)
				}
			}
		}
	}
	hits, low := eachOnce(lower)
	if others, high := eachOnce(upper); len(others) > len(hits) || len(others) == len(hits) && high > low {
		hits = others
	}
	return hits
}

// eachOnce keeps the best heads, and tells the sum of their scores. One place is the head
// of one column ("Kết quả thực hiện" is also like "Cơ quan thực hiện", but less), and a
// column has one head.
func eachOnce(all []placedHead) (hits []placedHead, sum float64) {
	slices.SortStableFunc(all, func(a, b placedHead) int { return cmp.Compare(b.score, a.score) })
	for _, h := range all {
		if !slices.ContainsFunc(hits, func(o placedHead) bool { return o.col == h.col || h.from < o.to && h.to > o.from }) {
			hits = append(hits, h)
			sum += h.score
		}
	}
	return hits, sum
}

// onHeadLines keeps the heads on lines of which heads make up much.
func (b *builder) onHeadLines(w *headSearch, hits []placedHead) (kept []headHit) {
	cover := make(map[int]int) // letters of heads by line
	for _, h := range hits {
		for i, x := range w.passage.words {
			if s := w.passage.starts[i]; s >= h.from && s < h.to {
				cover[x.line] += len(x.text) + 1
			}
		}
	}
	for _, h := range hits {
		one := headHit{h.col, w.lineOf(h.from), w.lineOf(h.to - 1), h.score}
		ok := true
		for l := one.first; l <= one.last; l++ {
			if 10*cover[l] < 4*len(b.lines[l].text) {
				ok = false
			}
		}
		if ok {
			kept = append(kept, one)
		}
	}
	return kept
}

// titleOver scores the title in capitals above the heads of a region, 0 for none, and
// notes what stands above them.
func (b *builder) titleOver(r *headRegion, start, end int) (title float64) {
	for i := start; i < min(r.to, end); i++ {
		l := &b.lines[i]
		if !isAppendix(l.text) {
			r.titles += l.text + " "
		}
		title = max(title, b.titleOn(r.profile, i))
	}
	return title
}

// titleOn scores line i as a title in capitals of a profile's table, 0 for none.
func (b *builder) titleOn(p *Profile, i int) (score float64) {
	text := b.lines[i].text
	if upperShare(text) < 0.7 {
		return 0
	}
	t := field.NewText(text)
	for _, w := range p.titles {
		if h, ok := t.Find(w, 0.8); ok {
			score = max(score, h.Score*min(1, float64(len(w.String()))/16))
		}
	}
	return score
}

// wrapWidth is how wide the column of a head is that stands between blank lines:
// a line ends where the next word does not fit. It is 0 when the head has one
// line or another stands beside it.
func (b *builder) wrapWidth(p *Profile, h headHit, all []headHit, start, end int) float64 {
	first, last := h.first, h.first
	for first > start && !b.lines[first].gap {
		first--
	}
	for last+1 < end && !b.lines[last+1].gap {
		last++
	}
	alone := !slices.ContainsFunc(all, func(o headHit) bool { return o.col != h.col && o.first <= last && o.last >= first })
	if first == last || last-first >= 8 || !alone {
		return 0
	}
	most, room := 0.0, math.Inf(1)
	for l := first; l <= last; l++ {
		text := b.lines[l].text
		most = max(most, p.wideOf(text))
		if l < last {
			word, _, _ := strings.Cut(b.lines[l+1].text, " ")
			room = min(room, p.wideOf(text+" "+word))
		}
	}
	return (most + max(room, most)) / 2
}

// A headHit is a head of a column with the lines that it stands on.
type headHit struct {
	col, first, last int
	score            float64
}

// headGap is how many lines may stand between two heads of a table: the lines
// of a title that OCR put among them, and of heads that it destroyed.
const headGap = 9

// cluster keeps the run of heads with the highest score that stand together on
// one page.
func cluster(hits []headHit, page func(line int) int) []headHit {
	slices.SortStableFunc(hits, func(a, b headHit) int { return a.first - b.first })
	var best []headHit
	top := 0.0
	for i := 0; i < len(hits); {
		k, sum, last := i, 0.0, hits[i].last
		for k < len(hits) && hits[k].first <= last+headGap && page(hits[k].first) == page(hits[i].first) {
			sum += hits[k].score
			last = max(last, hits[k].last)
			k++
		}
		if sum > top {
			best, top = hits[i:k], sum
		}
		i = k
	}
	return best
}

// titleLine finds the line in capitals that is likest the title of a profile's
// table. Short wordings say little.
func (b *builder) titleLine(p *Profile, start, end int) (at int, likeness float64) {
	for i := start; i < end; i++ {
		text := b.lines[i].text
		if upperShare(text) < 0.7 {
			continue
		}
		t := field.NewText(text)
		for _, w := range p.titles {
			if h, ok := t.Find(w, 0.8); ok {
				if s := h.Score * min(1, float64(len(w.String()))/18); s > likeness {
					at, likeness = i, s
				}
			}
		}
	}
	return at, likeness
}

// headsUnder takes what stands between a table's title and its first row for
// its heads, when OCR destroyed their words.
func (b *builder) headsUnder(p *Profile, title, end int) headRegion {
	r := headRegion{profile: p, found: make([]bool, len(p.Columns)), widths: make([]float64, len(p.Columns)), from: title + 1, to: title + 1, at: map[int]bool{}, titles: b.lines[title].text}
	first := end
	for i := title + 1; i < end; i++ {
		text := b.lines[i].text
		word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
		if n, ok := field.Ordinal(word); ok && n <= 2 && letters(rest) > 4 {
			first = i
			break
		}
		if g, score := readGroup(p, b.lines[i].passage, 1); score >= 0.62 && (g.Number != "" || g.Declared != nil) {
			first = i
			break
		}
		if p.pattern != nil {
			if _, _, _, ok := p.pattern.find(text, 6); ok {
				first = i
				break
			}
		}
	}
	// The first row's text may begin a line above its number. Where no row
	// begins there is no line first either.
	if k := first - 1; first < end && k > title && !strings.Contains(b.lines[k].text, "|") && startsUpper(b.lines[k].text) && upperShare(b.lines[k].text) < 0.6 && !b.lines[first].gap {
		first = k
	}
	for i := title + 1; i < first; i++ {
		if len(field.Dates(b.lines[i].text)) > 0 {
			continue // "(Ban hành kèm theo …)"
		}
		r.at[i] = true
	}
	r.to = max(first, title+1)
	if first == end {
		r.to = title + 1
	}
	return r
}

func count(bs []bool) int {
	n := 0
	for _, v := range bs {
		if v {
			n++
		}
	}
	return n
}

// headTexts are the lines of the heads, to know them again on later pages.
func (b *builder) headTexts(h headRegion) []string {
	var out []string
	// The first lines of heads over several columns may be no wording of any.
	from := h.from
	for l := h.from - 1; l >= 0 && l >= h.from-3 && !b.lines[l].gap && upperShare(b.lines[l].text) < 0.6 && len(field.Dates(b.lines[l].text)) == 0; l-- {
		from = l
	}
	for l := from; l < h.to; l++ {
		if f := normalize.Fold(b.lines[l].text); letters(f) >= 6 {
			out = append(out, f)
		}
	}
	return out
}

// inCapitals reports whether the heads are in capitals, which tells them from the
// text of cells wherever they are printed again.
func (b *builder) inCapitals(h headRegion) bool {
	all, upper := 0, 0
	for l := range h.at {
		all++
		if upperShare(b.lines[l].text) > 0.7 {
			upper++
		}
	}
	return 3*upper >= 2*all && all > 0
}

// headsAgain reports whether a line in capitals is made of words of the profile's
// heads, however damaged, as where OCR read the heads of a later page line by line.
func (p *Profile) headsAgain(line passage) bool {
	if upperShare(line.text) < 0.7 || len(line.words) > 16 {
		return false
	}
	if _, score := readGroup(p, line, 1); score >= minGroup {
		return false
	}
	in, all := 0, 0
	for _, w := range foldedWords(line.text) {
		if letters(w) < 3 {
			continue
		}
		all++
		if p.headWord(w) {
			in++
		}
	}
	return in > 0 && 2*in >= all
}

// headWord reports whether a folded word is like one of the profile's heads.
func (p *Profile) headWord(w string) bool {
	for c := range p.heads {
		for _, h := range p.heads[c] {
			for _, word := range strings.Fields(h.String()) {
				if normalize.Similarity(word, w) >= 0.6 {
					return true
				}
			}
		}
	}
	return false
}

// A wordSet holds folded words.
type wordSet map[string]bool

// headWords are the words of the heads.
func (b *builder) headWords(h headRegion) wordSet {
	words := wordSet{}
	for l := h.from; l < h.to; l++ {
		for _, w := range foldedWords(b.lines[l].text) {
			words[w] = true
		}
	}
	return words
}

// all reports whether a text is made of words of the set alone.
func (s wordSet) all(text string) bool {
	words := foldedWords(text)
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !s[w] })
}

// most reports whether a text is made of at least three words, nearly all of the
// set.
func (s wordSet) most(text string) bool {
	words := foldedWords(text)
	in := 0
	for _, w := range words {
		if s[w] {
			in++
		}
	}
	return in >= 3 && 5*in >= 4*len(words)
}

// endsHeads reports whether line i, below the heads h, is the last line of several
// heads read as one: "2024 công nhà nước". No cell begins so, and each word is like
// one of a head.
func (b *builder) endsHeads(h headRegion, i int) bool {
	for k := h.to; k <= i; k++ {
		if l := &b.lines[k]; l.first || l.gap && k > h.to || startsUpper(strings.TrimLeft(l.text, "|[ ")) || b.beginsRows(h.profile, k) {
			return false
		}
	}
	known := 0
	for k, w := range foldedWords(b.lines[i].text) {
		switch {
		case len(w) == 1 && k == 0:
			return false // a row's number
		case len(w) == 1 || len(w) == 4 && strings.HasPrefix(w, "20"):
		case h.profile.inHeads(w):
			known++
		default:
			return false
		}
	}
	return known > 1
}

// inHeads reports whether a folded word is like one of the profile's heads.
func (p *Profile) inHeads(w string) bool {
	for c := range p.heads {
		for _, head := range p.heads[c] {
			if slices.ContainsFunc(foldedWords(head.String()), func(h string) bool { return normalize.Similarity(h, w) >= headWordLike }) {
				return true
			}
		}
	}
	return false
}

// foldedWords are the words and numbers of a text without marks and signs.
func foldedWords(text string) []string {
	return strings.FieldsFunc(normalize.Fold(text), notOfWord)
}

// notOfWord reports whether a rune is no part of a word or a number.
func notOfWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func repeatsHead(heads []string, text string) bool {
	f := normalize.Fold(text)
	if letters(f) < 6 {
		return f == "stt" || f == "tt"
	}
	for _, h := range heads {
		if d := len(h) - len(f); d > len(f)/4+2 || -d > len(f)/4+2 {
			continue
		}
		if normalize.Similarity(h, f) >= 0.8 {
			return true
		}
	}
	return false
}

// pageHeads finds which heads stand at the top of a page, on which lines, and how
// wide their columns are.
func (b *builder) pageHeads(p *Profile, from, to int) (cols, at map[int]bool, widths []float64) {
	end := from
	for end < to && end < from+16 && (end == from || !b.lines[end].first) {
		end++
	}
	r, _ := b.matchHeads(p, from, end)
	if r.from < 0 {
		return nil, nil, nil
	}
	for l := r.from; l < r.to; l++ {
		// The beginning of a row holds the word of its head too.
		if p.pattern != nil {
			if _, _, _, ok := p.pattern.in(b.lines[l].passage, 6); ok {
				return nil, nil, nil
			}
		}
	}
	cols = make(map[int]bool)
	for c, ok := range r.found {
		if ok {
			cols[c] = true
		}
	}
	// Words of heads stand in cells too: what is left of heads has most of them, or
	// little else between.
	if 2*len(cols) < len(p.Columns) && 3*len(r.at) < 2*(r.to-r.from) {
		return nil, nil, nil
	}
	// Lines of heads that were not recognised stand between those that were.
	for l := r.from; l < r.to; l++ {
		r.at[l] = true
	}
	return cols, r.at, r.widths
}
