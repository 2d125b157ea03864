package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
)

// A piece is the part of a line that stands in one cell, as far as can be told.
type piece struct {
	passage
	line  int     // index among the document's lines
	gap   bool    // blank space stands above its line, and it is the line's first piece
	first bool    // of its page
	lead  bool    // first piece of its line
	cut   cutKind // what parts it from the piece before it on the line

	status bool // begins with a status label
	upper  bool // begins with a capital, a bullet or a digit
	lower  bool // begins with a small letter
	junk   bool // holds no word
	over   bool // ends a sentence
	open   bool // ends with a word that never ends one
	stop   bool // ends with a full stop
	bullet bool // begins with a bullet
	answer bool // says no more than "Không"
	width  int  // letters
}

// cutKind tells why a line was cut before a piece, from sure to doubtful.
type cutKind int

const (
	cutNone  cutKind = iota
	cutRule          // a ruling line that OCR read as "|"
	cutType          // a value of another column's type begins
	cutWord          // a wording that other columns begin with
	cutEdge          // the title column is no wider
	cutWidth         // the column that the first search chose is no wider
	cutSeam          // what follows does not go on from what stands before
)

// A splitter cuts lines into pieces.
type splitter struct {
	b *builder
	p *Profile
	// wide tells that the line being cut is wider than one column.
	wide bool
	// usual is how wide the parts between rules are, in letters.
	usual int
}

// measure learns how wide the parts of lines between rules are. What is much
// wider ran together from several columns.
func (s *splitter) measure(lines []int) {
	var widths []int
	for _, i := range lines {
		for _, p := range s.cutRules(s.b.lines[i].passage) {
			if n := utf8.RuneCountInString(p.text); n > 8 {
				widths = append(widths, n)
			}
		}
	}
	s.usual = minMerged
	if len(widths) >= 10 {
		slices.Sort(widths)
		s.usual = min(s.usual, widths[len(widths)*3/4])
	}
}

func (s *splitter) cut(lines []int) []piece {
	s.measure(lines)
	var out []piece
	for _, i := range lines {
		l := &s.b.lines[i]
		if specks(l.passage) {
			out = append(out, piece{passage: l.passage, line: i, lead: true, gap: l.gap, first: l.first, junk: true})
			continue
		}
		parts := s.cutRules(l.passage)
		s.wide = utf8.RuneCountInString(l.text) >= minMerged
		lead := true
		for k, part := range parts {
			for m, sub := range s.cutTypes(part, k == len(parts)-1 || startsFigure(parts[k+1])) {
				for n, word := range s.cutSeams(s.cutMerged(sub)) {
					if len(word.words) == 0 {
						continue
					}
					pc := piece{passage: word.passage, line: i, lead: lead, gap: lead && l.gap, first: lead && l.first}
					switch {
					case lead:
					case m == 0 && n == 0:
						pc.cut = cutRule
					case n == 0:
						pc.cut = cutType
					default:
						pc.cut = word.cut
					}
					s.describe(&pc)
					// A row's number or a speck before the text leaves the text
					// at the beginning of its line.
					if _, number := field.Ordinal(pc.raw()); pc.width > 4 || !number && !pc.junk {
						lead = false
					}
					out = append(out, pc)
				}
			}
		}
	}
	return out
}

// specks reports whether a line is what OCR makes of a line of print that it
// sees the upper halves of: single signs.
func specks(p passage) bool {
	single := 0
	for _, w := range p.words {
		if utf8.RuneCountInString(w.raw) == 1 {
			single++
		}
	}
	return len(p.words) >= 8 && 5*single >= 4*len(p.words)
}

func (s *splitter) describe(pc *piece) {
	text := strings.TrimLeft(pc.text, " “\"'(.…")
	r, _ := utf8.DecodeRuneInString(text)
	switch {
	case strings.HasPrefix(text, "-") || strings.HasPrefix(text, "–") || strings.HasPrefix(text, "+") || strings.HasPrefix(text, "*"):
		pc.upper = true
	case startsUpper(text) || r >= '0' && r <= '9':
		pc.upper = true
	default:
		pc.lower = r != utf8.RuneError && r != 0
	}
	pc.width = utf8.RuneCountInString(pc.text)
	pc.junk = junk(pc.text) || junk(pc.raw())
	if mixedSpeck.MatchString(pc.raw()) {
		pc.junk = true
	}
	pc.over, pc.bullet = ended(pc.text), bullet(pc.text)
	pc.open = endsOpenly(pc.text)
	pc.stop = strings.HasSuffix(strings.TrimRight(pc.text, " |"), ".") && !strings.HasSuffix(pc.text, "...")
	pc.answer = field.ReadPresence(pc.text) != field.Filled && letters(pc.text) > 0
	if s.p.statuses != nil {
		_, pc.status = s.p.statuses.Label(pc.text)
	}
}

// mixedSpeck is a digit beside a small letter and nothing else: "1e".
var mixedSpeck = regexp.MustCompile(`^([0-9][a-z]|[a-z][0-9])$`)

// joiners are words that want another behind them.
var joiners = func() map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields("về và của cho với tại trong các là để theo từ đến trên những được do bằng vào cùng hoặc nhằm sẽ đã đang bị không việc như") {
		m[w] = true
	}
	return m
}()

func endsOpenly(s string) bool {
	s = strings.TrimRight(s, " ")
	return joiners[strings.ToLower(s[strings.LastIndexByte(s, ' ')+1:])]
}

// junk reports whether a text holds no word and no number worth keeping.
func junk(s string) bool {
	words := strings.Fields(s)
	short := len(words) >= 3
	for _, w := range words {
		if utf8.RuneCountInString(strings.Trim(w, ".,;:|-'’`")) > 2 {
			short = false
		}
	}
	if short && letters(s) > 0 {
		return true
	}
	for _, w := range words {
		w = strings.Trim(w, ".,;:|()[]{}'\"`’‘“”»«")
		if letters(w) >= 2 || strings.ContainsAny(w, "0123456789%") {
			return false
		}
	}
	return true
}

// cutRules cuts at what OCR made of ruling lines: bars anywhere, brackets at
// the edges of words.
func (s *splitter) cutRules(p passage) []passage {
	var out []passage
	from := 0
	for i, r := range p.text {
		rule := r == '|'
		if r == '[' || r == ']' || r == '{' || r == '}' {
			before := i == 0 || p.text[i-1] == ' '
			after := i+1 >= len(p.text) || p.text[i+1] == ' '
			rule = before && after || before != after && r != '{' && r != '}' // letters read as braces stand in words
			// "[1]" is a reference.
			if r == '[' && strings.IndexByte(p.text[i:], ']') > 0 && strings.IndexByte(p.text[i:], ']') < 5 {
				rule = false
			}
		}
		if !rule {
			continue
		}
		out = append(out, p.slice(from, i).trimmed())
		from = i + 1
	}
	return append(out, p.slice(from, len(p.text)).trimmed())
}

// has reports whether the profile has a column of one of the types.
func (p *Profile) has(types ...ColumnType) bool {
	return p.column(func(c *Column) bool {
		for _, t := range types {
			if c.Type == t {
				return true
			}
		}
		return false
	}) >= 0
}

// cutTypes parts values that stand behind a text without any rule: a date, a
// document, a unit, numbers. last tells that the passage ends its line.
func (s *splitter) cutTypes(p passage, last bool) []passage {
	if len(p.words) < 2 {
		return []passage{p}
	}
	cuts := map[int]bool{} // word indexes
	if s.p.has(TypeDate) && !s.p.has(TypeCitation) {
		for _, d := range field.Dates(p.text) {
			if d.To == len(strings.TrimRight(p.text, " .")) {
				cuts[p.wordAt(d.From)] = true
			}
		}
	}
	if s.p.has(TypeCount) || s.p.has(TypePercent, TypeMeasure) && last {
		for k := len(p.words) - 1; k > 0; k-- {
			if !numeric(p.words[k].text) || s.closes(p, k) {
				break
			}
			cuts[k] = true
		}
		// "99 87%" is one value.
		for k := range p.words {
			if k > 0 && cuts[k] && cuts[k-1] && strings.HasSuffix(p.words[k].text, "%") && tornPercent(p.words[k-1].text, p.words[k].text) {
				delete(cuts, k)
			}
		}
	}
	if s.p.figureColumns() > 1 {
		s.cutFigures(p, last, cuts)
	}
	if s.p.has(TypeCitation) {
		if at := s.documentAt(p); at > 0 {
			cuts[at] = true
		}
		// The second line of a document's name is its date alone, beside a line
		// of the title.
		for _, d := range field.Dates(p.text) {
			k := p.wordAt(d.From)
			if rest := strings.TrimSpace(p.text[d.To:]); k > 3 && d.To-d.From <= 10 && letters(rest) == 0 && normalize.Similarity(p.words[k-1].text, "ngày") < 0.7 {
				cuts[k] = true
			}
		}
	}
	if c := s.p.column(func(c *Column) bool { return c.Type == TypeUnit }); c >= 0 {
		s.cutUnits(&s.p.Columns[c], p, cuts)
	}
	return cutBefore(p, cuts)
}

// startsFigure reports whether a part of a line begins with a figure.
func startsFigure(p passage) bool { return len(p.words) > 0 && figureEnd(p.words, 0) > 0 }

// cutFigures cuts around figures that stand beside each other within a line, behind a
// share sign, or at the end where last says so: a sentence has them one by one.
func (s *splitter) cutFigures(p passage, last bool, cuts map[int]bool) {
	for k := 0; k < len(p.words); k++ {
		ends := figuresFrom(p.words, k)
		if len(ends) == 0 {
			continue
		}
		// What small letters go on from is a sentence's.
		if to := ends[len(ends)-1]; to < len(p.words) && startsLower(p.words[to].text) {
			ends = ends[:len(ends)-1]
		}
		if len(ends) == 0 {
			continue
		}
		to := ends[len(ends)-1]
		behind := last && to == len(p.words) && !s.closes(p, to-1)
		unit := k > 0 && letters(p.words[k-1].raw) == 0 && isShareSign(p.words[k-1].raw)
		if len(ends) == 1 && !unit && !behind {
			continue
		}
		for n := k + 1; n < to; n++ {
			delete(cuts, n)
		}
		cuts[k] = true
		for _, end := range ends {
			// "99 87%" is one value.
			cuts[end] = end == len(p.words) || !strings.HasSuffix(p.words[end].text, "%") || !tornPercent(p.words[end-1].text, p.words[end].text)
		}
		k = to - 1
	}
	delete(cuts, 0)
}

// figuresFrom are the ends of the figures that stand in a row from word k on.
func figuresFrom(words []word, k int) (ends []int) {
	for k < len(words) {
		end := figureEnd(words, k)
		if end == k {
			break
		}
		ends, k = append(ends, end), end
	}
	return ends
}

// closes reports whether word k closes a parenthesis that the text on its line or a
// little above opened: what looks like "1)" ends that text.
func (s *splitter) closes(p passage, k int) bool {
	const above = 4 // lines
	w := p.words[k]
	if !strings.HasSuffix(strings.TrimRight(w.raw, ".,;"), ")") || strings.Contains(w.raw, "(") || w.line < 0 {
		return false
	}
	open := strings.Count(p.text[:p.starts[k]], "(") - strings.Count(p.text[:p.starts[k]], ")")
	for i := w.line - 1; i >= max(0, w.line-above) && !s.b.lines[i+1].gap; i-- {
		open += strings.Count(s.b.lines[i].text, "(") - strings.Count(s.b.lines[i].text, ")")
	}
	return open > 0
}

// cutUnits cuts before the units that stand before a figure or end a line.
func (s *splitter) cutUnits(col *Column, p passage, cuts map[int]bool) {
	for k := 1; k < len(p.words); k++ {
		w := p.words[k].raw
		switch share := isShareSign(w) && slices.Contains(col.Values, "%"); {
		case share && (cuts[k+1] || k == len(p.words)-1):
			cuts[k] = true
		case share && letters(w) == 0 && k > 2 && !numeric(p.words[k-1].raw):
			// A lone "%" behind a word is a cell, and what follows it
			// another, however damaged.
			cuts[k], cuts[k+1] = true, true
		case !share && cuts[k+1] && k+1 < len(p.words) && numeric(p.words[k+1].text):
			// Words make a unit only where a figure follows: texts end with them, too.
			for n := min(longestUnit, k); n > 0; n-- {
				if unit := newPassage(p.words[k+1-n : k+1]); isUnit(col, unit.text) || isUnit(col, unit.raw()) {
					cuts[k+1-n] = true
					break
				}
			}
		}
	}
}

// longestUnit is how many words a unit has.
const longestUnit = 4

func (p passage) wordAt(byteAt int) int {
	for i := len(p.starts) - 1; i >= 0; i-- {
		if p.starts[i] <= byteAt {
			return i
		}
	}
	return 0
}

func tornPercent(a, b string) bool {
	return len(a) <= 2 && len(strings.TrimSuffix(b, "%")) == 2 && strings.Trim(a, "0123456789") == "" && a != "0" && a != "100"
}

// numeric reports whether a word is a number, a share or a bound.
func numeric(w string) bool {
	w = strings.TrimLeft(strings.Trim(w, ".,;|>=<≥≤~%()"), "+-–±")
	if w == "" {
		return false
	}
	digits := 0
	for _, r := range w {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.' || r == ',':
		default:
			return false
		}
	}
	return digits > 0
}

// isUnit reports whether a text is one of a column's units.
func isUnit(col *Column, text string) bool {
	f := normalize.Fold(strings.Trim(text, ".,|"))
	return slices.ContainsFunc(col.Values, func(v string) bool {
		return normalize.Fold(v) == f || v == "%" && isShareSign(text)
	})
}

// isShareSign reports whether a word is "%", or what OCR makes of it.
func isShareSign(w string) bool {
	switch normalize.Fold(strings.Trim(w, ".,|")) {
	case "%", "%o", "yo", "y%":
		return true
	}
	return false
}

// documentAt finds the word where the name of a document begins ("Quyết định
// 942/QĐ-TTg ngày") in a line, the number or the word for day following.
func (s *splitter) documentAt(p passage) int {
	for _, c := range field.Citations(p.text) {
		if k := p.wordAt(c.From); k > 0 {
			return k
		}
	}
	names, codes := field.DocumentTypes()
	t := field.NewText(p.text)
	best, at := 0.0, 0
	for _, n := range names {
		if codes[n] == "" || codes[n] == "ĐA" || codes[n] == "HD" {
			continue
		}
		for _, h := range t.FindAll(field.NewPhrase(n), 0.72) {
			k := p.wordAt(h.From)
			if k == 0 || !startsUpper(p.words[k].text) {
				continue
			}
			rest := p.text[h.To:]
			if len(rest) > 48 || !strings.ContainsAny(rest, "0123456789/") {
				continue
			}
			if h.Score > best {
				best, at = h.Score, k
			}
		}
	}
	return at
}

// cutMerged cuts a line that ran together from several columns: at what OCR
// made of the lines between, a run of single signs; behind the width of a title
// column; and before wordings that other columns begin with.
func (s *splitter) cutMerged(p passage) []mergedPart {
	var out []mergedPart
	for _, part := range s.cutLabels(cutSpecks(p)) {
		if s.p.pattern == nil || utf8.RuneCountInString(part.text) < minMerged {
			for _, w := range s.cutWords(part) {
				out = append(out, mergedPart{w, cutWord})
			}
			continue
		}
		k := 0
		if _, _, to, ok := s.p.pattern.in(part, 6); ok {
			k = titleEnd(part, part.wordAt(to))
		} else if k = titleEdge(part); k > 0 && startsUpper(part.text) && !startsLower(part.words[k].text) {
			k = 0 // two capitals: cutWords knows better
		}
		if k > 0 {
			out = append(out, mergedPart{newPassage(part.words[:k]).trimmed(), cutWord})
			part = newPassage(part.words[k:]).trimmed()
		}
		for i, w := range s.cutWords(part) {
			cut := cutWord
			if k > 0 && i == 0 {
				cut = cutEdge
			}
			out = append(out, mergedPart{w, cut})
		}
	}
	return out
}

// cutLabels cuts before status labels.
func (s *splitter) cutLabels(parts []passage) []passage {
	if s.p.statuses == nil {
		return parts
	}
	var out []passage
	for _, p := range parts {
		if _, score := readGroup(s.p, p, 1); score >= minGroup {
			out = append(out, p) // "A. CÁC MÔ HÌNH ĐÃ ĐĂNG KÝ"
			continue
		}
		from := 0
		for _, h := range s.p.statuses.Labels(p.text) {
			if k := p.wordAt(h.From); k > from {
				out = append(out, newPassage(p.words[from:k]).trimmed())
				from = k
			}
		}
		out = append(out, newPassage(p.words[from:]).trimmed())
	}
	return out
}

// A mergedPart is a part of a line that ran together; cut tells what parts it
// from the one before.
type mergedPart struct {
	passage
	cut cutKind
}

// seam is how unlikely, in nats, a word must be behind the words before it, set
// against the word alone, for two columns to meet there. True neighbours lie
// below it once in some fifty words, and the search joins what was cut in vain.
const seam = -3.0

// cutSeams cuts wide lines where the language model sees no connection: behind
// a sound word where one follows that does not go on from it, and before a
// capital. Damaged words follow on nothing, so they say nothing and stay with
// what stands before them.
func (s *splitter) cutSeams(parts []mergedPart) []mergedPart {
	r := s.b.opt.Restorer
	if r == nil {
		return parts
	}
	var out []mergedPart
	for _, p := range parts {
		if 10*utf8.RuneCountInString(p.text) < 12*s.usual || s.whole(p.passage) {
			out = append(out, p)
			continue
		}
		done := 0
		for k := s.titleFrom(p.passage) + 1; k < len(p.words); k++ {
			w := p.words[k].text
			before := p.words[k-1].text
			if ended(before) || strings.HasSuffix(before, ":") {
				continue // sentences follow each other as they like
			}
			upper := startsUpper(w)
			limit := seam
			if upper {
				limit = 0
			}
			if !r.Sound(w) || !upper && !r.Sound(before) {
				continue
			}
			if r.Follows(r.Ending(p.text[:p.starts[k]]), p.text[p.starts[k]:]) < limit {
				out = append(out, mergedPart{newPassage(p.words[done:k]).trimmed(), p.cut})
				p.cut, done = cutSeam, k
			}
		}
		out = append(out, mergedPart{newPassage(p.words[done:]).trimmed(), p.cut})
	}
	return out
}

// whole reports whether a text is the row of a group, which stands in one piece.
func (s *splitter) whole(p passage) bool {
	if upperShare(p.text) > 0.6 {
		return true
	}
	_, score := readGroup(s.p, p, 1)
	return score >= minGroup
}

// titleFrom returns the first word behind which a title may be cut off from what
// stands beside it: not between its wording and its first word.
func (s *splitter) titleFrom(p passage) int {
	if s.p.pattern != nil {
		if _, _, to, ok := s.p.pattern.in(p, 6); ok {
			return min(p.wordAt(to), len(p.words)-1)
		}
	}
	return 0
}

// titleEdge finds the word where a further line of a title would end: behind a
// comma or before a capital near the column's edge, else at the edge.
func titleEdge(p passage) int {
	k, last := 0, 0
	for i := 1; i < len(p.words); i++ {
		at := utf8.RuneCountInString(p.text[:p.starts[i]])
		if at > titleWidth {
			break
		}
		if at <= titleWidth-4 {
			last = i
		}
		prev := p.words[i-1].text
		if at >= 18 && (strings.HasSuffix(prev, ",") || strings.HasSuffix(prev, ";") || startsUpper(p.words[i].text) || garbled(p.words[i].raw)) {
			k = i
		}
	}
	if k == 0 {
		k = last
	}
	return k
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

// titleWidth is how wide a line of a title is, in letters, with its "Mô hình
// N:"; title columns are about as narrow in all reports of this kind.
const titleWidth = 38

// titleEnd finds the word behind the title's part of a merged line.
func titleEnd(p passage, from int) int {
	k := from + 1
	for k < len(p.words) && utf8.RuneCountInString(p.text[:p.starts[k]])+utf8.RuneCountInString(p.words[k].text) <= titleWidth {
		if garbled(p.words[k].raw) {
			break
		}
		k++
	}
	return min(k, len(p.words))
}

// garbled recognises what OCR makes of two lines of print in one place: signs
// between letters.
func garbled(w string) bool {
	signs, letters := 0, 0
	for _, r := range strings.Trim(w, ".,;:()\"'-/“”") {
		switch {
		case unicode.IsLetter(r) || r == '¢' || r == '¥' || r == '€':
			letters++
		case r == '_' || r == '}' || r == '{' || r == '‘' || r == '@' || r == '<' || r == ';' || r == ':' || r == ')' || r == '(':
			signs++
		}
	}
	return signs > 0 && letters > 0
}

// cutSpecks cuts at runs of three and more words of a single sign.
func cutSpecks(p passage) []passage {
	single := func(i int) bool {
		return utf8.RuneCountInString(strings.Trim(p.words[i].raw, ".,;:|()'’`")) <= 1
	}
	speck := func(i int) bool {
		if !numeric(p.words[i].raw) {
			return single(i)
		}
		// A digit between specks is one.
		return single(i) && i > 0 && i+1 < len(p.words) && single(i-1) && single(i+1)
	}
	var out []passage
	from := 0
	for i := 0; i < len(p.words); i++ {
		if !speck(i) {
			continue
		}
		end := i
		for end < len(p.words) && speck(end) {
			end++
		}
		if end-i >= 3 {
			if i > from {
				out = append(out, newPassage(p.words[from:i]).trimmed())
			}
			out = append(out, newPassage(p.words[i:end]))
			from = end
		}
		i = end
	}
	if from < len(p.words) {
		out = append(out, newPassage(p.words[from:]).trimmed())
	}
	return out
}

// minMerged is the width, in letters, from which on a line may have run
// together from several columns.
const minMerged = 70

// cutWords cuts before a capital that begins a wording typical of a column, when
// the line does not come from one sentence.
func (s *splitter) cutWords(p passage) []passage {
	if len(p.words) < 3 {
		return []passage{p}
	}
	cuts := map[int]bool{}
	// A line no wider than one column comes from one cell.
	wide := s.wide
	if s.p.pattern != nil {
		wide = utf8.RuneCountInString(p.text) >= minMerged
	}
	for k := 1; k < len(p.words) && wide; k++ {
		w := p.words[k]
		if !startsUpper(w.text) || cuts[k] {
			continue
		}
		prev := p.words[k-1].text
		if strings.HasSuffix(prev, ".") || strings.HasSuffix(prev, ":") || strings.HasSuffix(prev, ",") {
			continue
		}
		rest := field.NewText(p.text[p.starts[k]:])
		for c := range s.p.starts {
			for _, ph := range s.p.starts[c] {
				if _, ok := rest.FindPrefix(ph, 0.82); ok {
					// Names of agencies stand in sentences too; one that ends
					// the line may be a cell.
					if s.p.Columns[c].Type != TypeAgency || len(p.text)-p.starts[k] <= 40 {
						cuts[k] = true
					}
				}
			}
		}
	}
	return cutBefore(p, cuts)
}

// cutBefore cuts a passage before words.
func cutBefore(p passage, words map[int]bool) []passage {
	if len(words) == 0 {
		return []passage{p}
	}
	var out []passage
	from := 0
	for k := 1; k <= len(p.words); k++ {
		if k == len(p.words) || words[k] {
			out = append(out, newPassage(p.words[from:k]).trimmed())
			from = k
		}
	}
	return out
}
