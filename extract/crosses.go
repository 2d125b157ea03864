package extract

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Forms ask for one of a few answers by a column for each: "Đã hoàn thành", "Đang thực
// hiện", "Chưa thực hiện", and a row has a cross in one of them. None of these columns is a
// field by itself. Together they are one, of which the value is the head over the cross.

// A cellMark is what a cell says in a column of crosses.
type cellMark uint8

const (
	unmarked  cellMark = iota
	crossed            // a cross or a tick
	onceGiven          // "1", which is a mark where the column has no other figures
	doubtful           // a sign or two, which may be a cross that was read wrongly
	worded             // anything else
)

// markOf reads a cell in a column of crosses.
func markOf(text string) cellMark {
	text = strings.Trim(text, " .,;:()[]{}|_\"'")
	switch {
	case strings.Trim(text, " -–—0☐□○◯") == "":
		return unmarked
	case saysYes(text):
		return crossed
	case text == "1" || text == "01":
		return onceGiven
	case len([]rune(text)) <= 2 && !strings.ContainsAny(text, digitSigns):
		return doubtful
	}
	return worded
}

// markCounts counts the cells of a column by what they say as one of crosses; cells that
// say nothing do not count.
type markCounts struct{ filled, crosses, ones, doubtful int }

func (n *markCounts) add(m cellMark) {
	switch m {
	case unmarked:
		return
	case crossed:
		n.crosses++
	case onceGiven:
		n.ones++
	case doubtful:
		n.doubtful++
	}
	n.filled++
}

// onlyMarks reports whether nearly all cells of a column are crosses, or none is filled. A
// column of "1" may be one of counts.
func (n *markCounts) onlyMarks() bool {
	const most = 0.8
	if n.ones == n.filled {
		return true
	}
	return float64(n.crosses+n.doubtful) >= most*float64(n.filled) && (n.crosses > 0 || n.filled == n.doubtful)
}

// A crossing is a run of columns of which a row crosses one.
type crossing struct {
	from, to int // columns of the table
	over     string
	own      []string        // heads of the columns, by column
	statuses []schema.Status // that these name, by column; "" where they name none
	unsure   []bool          // by column: what the status is depends on who asks
	want     int             // column of the profile, -1 where none fits
}

// distinct counts the statuses that the heads name.
func (x *crossing) distinct() int {
	seen := make(map[schema.Status]bool)
	for _, s := range x.statuses {
		if s != "" {
			seen[s] = true
		}
	}
	return len(seen)
}

// parted is a head without those over it, and these.
func parted(head string) (over, own string) {
	if i := strings.LastIndex(head, " / "); i > 0 {
		return strings.TrimSpace(head[:i]), strings.TrimSpace(head[i+3:])
	}
	return "", strings.TrimSpace(head)
}

// crossings finds the runs of columns of crosses: all columns under one head, or columns
// beside each other whose heads name different statuses. Of the latter one may hold words
// in place of crosses: "Chưa thực hiện (nêu lý do)".
func (p *Profile) crossings(heads []string, holds []content) (out []crossing) {
	runs := func(joins func(a, b int) bool, take func(c int) bool, accept func(x *crossing) bool) {
		for from := 0; from < len(heads); from++ {
			to := from
			for to < len(heads) && take(to) && (to == from || joins(to-1, to)) {
				to++
			}
			if to-from < 2 {
				continue
			}
			if x := p.newCrossing(heads, from, to); accept(&x) {
				out = append(out, x)
				from = to - 1
			}
		}
	}
	taken := func(c int) bool {
		return slices.ContainsFunc(out, func(x crossing) bool { return c >= x.from && c < x.to })
	}
	over := func(c int) string { above, _ := parted(heads[c]); return above }
	crosses := func(x *crossing) (n, ones int) {
		for c := x.from; c < x.to; c++ {
			n, ones = n+holds[c].marked.crosses, ones+holds[c].marked.ones
		}
		return n, ones
	}
	runs(func(a, b int) bool { return over(a) == over(b) }, func(c int) bool { return over(c) != "" && holds[c].marked.onlyMarks() }, func(x *crossing) bool {
		whole := (x.from == 0 || over(x.from-1) != x.over) && (x.to == len(heads) || over(x.to) != x.over)
		n, _ := crosses(x)
		// In a grid of blanks the common head may be wider than its print.
		beside := func(c int) bool {
			if c < 0 || c >= len(heads) || over(c) != "" {
				return false
			}
			status, _ := p.headStatus(heads[c])
			return status != ""
		}
		whole = whole && !(x.distinct() > 1 && (beside(x.from-1) || beside(x.to)))
		return whole && n > 0 && (x.distinct() > 1 || !x.namesFields(p))
	})
	// Where the grid is one of blanks, a head over several columns is known of some of them.
	runs(func(a, b int) bool { return over(a) == over(b) || over(a) == "" || over(b) == "" }, func(c int) bool {
		_, own := parted(heads[c])
		status, _ := p.headStatus(p.lastHead(wholeWords(own)))
		return status != "" && !taken(c)
	}, func(x *crossing) bool {
		n, ones := crosses(x)
		others := 0
		for c := x.from; c < x.to; c++ {
			if !holds[c].marked.onlyMarks() {
				others++
			}
		}
		return x.distinct() > 1 && n+ones > 0 && (others == 0 || others == 1 && n > 0 && x.to-x.from > 2)
	})
	return out
}

// newCrossing reads the heads of columns from one to another.
func (p *Profile) newCrossing(heads []string, from, to int) crossing {
	x := crossing{from: from, to: to, want: -1, statuses: make([]schema.Status, to-from), unsure: make([]bool, to-from)}
	for c := from; c < to; c++ {
		over, own := parted(heads[c])
		own = p.lastHead(wholeWords(own))
		if over != "" {
			x.over = over
		}
		x.own = append(x.own, own)
		status, sure := p.headStatus(own)
		x.statuses[c-from], x.unsure[c-from] = status, !sure
	}
	// "Chưa hoàn thành" beside "Đang thực hiện" has not begun; alone it may have.
	for i, s := range x.statuses {
		if x.unsure[i] && s == schema.InProgress && slices.ContainsFunc(x.own, func(own string) bool {
			other, sure := p.headStatus(own)
			return sure && other == schema.InProgress
		}) {
			x.statuses[i], x.unsure[i] = schema.NotStarted, false
		}
	}
	return x
}

// hasStatus reports whether the profile knows a status.
func (p *Profile) hasStatus(s schema.Status) bool {
	return slices.ContainsFunc(p.Statuses, func(w Status) bool { return w.Status == s })
}

// openingWords begin heads over crosses, without marks, and say the status whatever follows.
var openingWords = []struct {
	word   string
	status schema.Status
}{
	{"da ", schema.Completed}, {"hoan thanh ", schema.Completed}, {"xong ", schema.Completed}, {"dang ", schema.InProgress}, {"chua ", schema.NotStarted},
}

// headStatus is the status that a head over crosses names, "" for none. It is not sure where
// the words say of two statuses that it is neither.
func (p *Profile) headStatus(own string) (status schema.Status, sure bool) {
	full, labels, all := inFull(own), p.labels, len(p.Statuses) == 0
	if all {
		labels = usualLabels()
	}
	if hit, ok := labels.Read(full); ok && hit.Label {
		return hit.Status, true
	}
	fold := strings.ToLower(normalize.Fold(full)) + " "
	for _, w := range openingWords {
		if !strings.HasPrefix(fold, w.word) || !all && !p.hasStatus(w.status) {
			continue
		}
		if w.status == schema.NotStarted && (strings.Contains(fold, " hoan thanh") || strings.Contains(fold, " xong")) {
			return schema.InProgress, false
		}
		return w.status, true
	}
	return "", true
}

// usualLabels reads the labels of all built-in report types: for one that has no statuses of
// its own, heads over crosses are words like others.
var usualLabels = sync.OnceValue(func() *field.StatusReader {
	var all []field.StatusWords
	for _, p := range builtIn() {
		for _, s := range p.Statuses {
			all = append(all, field.StatusWords{Status: s.Status, Labels: slices.Concat(s.Labels, s.Also)})
		}
	}
	return field.NewStatusReader(all)
})

// wholeWords is a head without the breaks that a narrow column puts into words: "Khôn g".
func wholeWords(head string) string {
	words := strings.Fields(head)
	for i := 1; i < len(words); i++ {
		whole := words[i-1] + words[i]
		if startsLower(words[i]) && !normalize.IsSyllable(strings.ToLower(letterCore(words[i]))) && normalize.IsSyllable(strings.ToLower(letterCore(whole))) {
			words = slices.Replace(words, i-1, i+1, whole)
			i--
		}
	}
	return strings.Join(words, " ")
}

// readable reports whether all words of a head are syllables or abbreviations, and figures
// only where others of the crossing have some, too: "Mức 3", "Mức 4".
func (x *crossing) readable(i int) bool {
	figures := 0
	for _, own := range x.own {
		if strings.ContainsAny(own, digitSigns) {
			figures++
		}
	}
	if figures == 1 && strings.ContainsAny(x.own[i], digitSigns) {
		return false
	}
	return !slices.ContainsFunc(strings.Fields(inFull(x.own[i])), func(w string) bool {
		w = letterCore(w)
		return w != "" && !normalize.IsSyllable(strings.ToLower(w))
	})
}

// lastHead is a head without one that stands over several columns, where that is no wider
// than the one in their middle: "Mức độ hoàn thành Đang làm".
func (p *Profile) lastHead(own string) string {
	if status, _ := p.headStatus(own); status != "" {
		return own
	}
	words := strings.Fields(own)
	for i := 1; i < len(words); i++ {
		last := strings.Join(words[i:], " ")
		if status, _ := p.headStatus(last); status != "" && startsUpper(last) {
			return last
		}
	}
	return own
}

// sureCrossing is how like a wording the heads of a crossing count that name statuses: a
// column of statuses beside it has its own head.
const sureCrossing = 0.95

// fits tells by column of the profile how well a crossing fits it.
func (x *crossing) fits(p *Profile) []headFit {
	out := make([]headFit, len(p.Columns))
	statuses := p.column(func(c *Column) bool { return c.Type == TypeStatus })
	if x.distinct() > 1 && statuses >= 0 {
		out[statuses] = headFit{score: sureCrossing}
		return out
	}
	if x.over == "" {
		return out
	}
	head := senseOf(x.over)
	for w := range p.Columns {
		switch p.Columns[w].Type {
		case TypeText, TypeAgency, TypeUnit, TypeStatus:
			if s, wording := headScore(x.over, p.grid[w]); s >= minHead && p.Columns[w].maySay(head, wording) {
				out[w] = headFit{s, wording}
			}
		}
	}
	return out
}

// namesFields reports whether the heads below the common one are columns of the profile
// each: "Đối tượng hưởng lợi / Người dân", "… / Doanh nghiệp".
func (x *crossing) namesFields(p *Profile) bool {
	seen := make(map[int]bool)
	for _, own := range x.own {
		for w := range p.Columns {
			if s, _ := headScore(own, p.grid[w]); s >= ofFigures {
				seen[w] = true
			}
		}
	}
	return len(seen) > 1
}

// A crossedCell is what a row says in a crossing.
type crossedCell struct {
	text     passage
	crosses  int
	sure     bool            // what was read are crosses
	statuses []schema.Status // of the heads over them
}

// read reads the cells of a row in the columns of a crossing, by column; nil for a cell that
// another one covers.
func (x *crossing) read(cells []passage) crossedCell {
	out := crossedCell{sure: true}
	var clear, unclear []int
	for i, cell := range cells {
		switch markOf(cell.text) {
		case crossed, onceGiven:
			clear = append(clear, i)
		case doubtful, worded:
			unclear = append(unclear, i)
		}
	}
	all := slices.Concat(clear, unclear)
	slices.Sort(all)
	// A sign beside a cross is a speck, words are none.
	if len(clear) > 0 {
		all = slices.DeleteFunc(all, func(i int) bool { return markOf(cells[i].text) == doubtful })
	}
	out.sure = len(unclear) == 0
	var words []word
	for _, i := range all {
		words = append(words, x.headFor(i, cells[i])...)
		out.statuses = append(out.statuses, x.statuses[i])
		out.sure = out.sure && !x.unsure[i] && x.readable(i)
	}
	out.text, out.crosses = newPassage(words), len(all)
	return out
}

// headFor is the head of a column in the place of the cross below it, with the words that
// stand in the cell beside the cross.
func (x *crossing) headFor(i int, cell passage) []word {
	first := cell.words[0]
	rest := cell.words[1:]
	if !saysYes(strings.Trim(first.raw, ".,;:()[]")) && markOf(cell.text) == worded {
		rest = cell.words
		first.raw, first.src = "", nil
	}
	first.fix = append(first.fix[:len(first.fix):len(first.fix)], schema.Repair{From: first.raw, To: x.own[i], Reason: "head over the cross", Score: 1})
	first.text = x.own[i]
	return append([]word{first}, rest...)
}

// crosses notes in a row what the cells of its crossings say.
func (r *row) crosses(p *Profile, spans []crossing, cell func(c int) passage) {
	for i := range spans {
		x := &spans[i]
		if x.want < 0 {
			continue
		}
		cells := make([]passage, x.to-x.from)
		for c := range cells {
			cells[c] = cell(x.from + c)
		}
		said := x.read(cells)
		if p.Columns[x.want].Type == TypeAgency && said.crosses > 1 {
			said.text = listed(said.text)
		}
		if r.crossed == nil {
			r.crossed = make(map[int]crossedCell)
		}
		r.cells[x.want], r.crossed[x.want] = said.text, said
	}
}

// listed puts commas between the words of a passage, each a head.
func listed(p passage) passage {
	words := slices.Clone(p.words)
	for i := range words[:max(len(words)-1, 0)] {
		words[i].text += ","
	}
	return newPassage(words)
}

// isOneOf reports whether the columns of a crossing are read together.
func isOneOf(spans []crossing, c int) bool {
	return slices.ContainsFunc(spans, func(x crossing) bool { return x.want >= 0 && c >= x.from && c < x.to })
}

// wanted lists the columns of the profile that crossings stand for.
func wanted(spans []crossing) (out []int) {
	for i := range spans {
		if spans[i].want >= 0 {
			out = append(out, spans[i].want)
		}
	}
	return out
}

// crossedStatus is the status of a row by the head over its cross.
func (b *builder) crossedStatus(said crossedCell, at func(*Evidence)) schema.Field {
	var value any
	if said.crosses == 1 && said.statuses[0] != "" {
		value = string(said.statuses[0])
	}
	f := b.makeField(value, said.text, func(e *Evidence) {
		at(e)
		e.mended()
		if value == nil {
			e.Format = unfit
		}
	})
	for _, s := range said.statuses {
		if s != "" && value == nil {
			f.Alternatives = append(f.Alternatives, schema.Alternative{Text: string(s), Score: round3(1 / float64(len(said.statuses)+1))})
		}
	}
	return f
}

// doubtCrosses sends fields to review of which a row crosses nothing, more than one column,
// or something that may be no cross. Of agencies it may cross several.
func (r *row) doubtCrosses(p *Profile, rec *schema.Record) {
	for c, said := range r.crossed {
		col := &p.Columns[c]
		if said.crosses == 1 && said.sure || said.crosses > 1 && said.sure && col.Type == TypeAgency {
			continue
		}
		name := col.Field
		if col.Type == TypeStatus {
			name = "status"
		}
		if f := rec.Fields[name].One; f != nil {
			f.State, f.Why = schema.NeedsReview, []string{"crosses"}
		}
	}
}

// signsOfYes are signs, and letters in the place of signs, that mark a column. Fonts of
// symbols have ticks and crosses in places where others have letters, or in none's.
const signsOfYes = "xX×✓✔✗✘✕✖vV√+*☑☒■●⬤þüûý"

// saysYes reports whether a cell holds nothing but a sign that says yes.
func saysYes(text string) bool {
	runes := []rune(strings.TrimSpace(text))
	return len(runes) == 1 && (strings.ContainsRune(signsOfYes, runes[0]) || unicode.Is(unicode.Co, runes[0]))
}

// marksBelow counts the marks of the columns of a table below its heads, as far as cells
// stand in one column. Rows that sum up count nothing.
func marksBelow(rows [][]*schema.Cell, columns int) []markCounts {
	out := make([]markCounts, columns)
	for _, row := range rows {
		if slices.ContainsFunc(row, func(c *schema.Cell) bool { return c != nil && sumsUp(c.Text) }) {
			continue
		}
		for c, cell := range row[:min(columns, len(row))] {
			if cell != nil && cell.ColSpan <= 1 {
				out[c].add(markOf(cell.Text))
			}
		}
	}
	return out
}
