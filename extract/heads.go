package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Matching a table to a profile happens by the heads of its columns. fuzzy
// ranks the wordings that could be meant, since it is quick; normalize.Distance
// decides, since a subsequence says little about likeness.

const (
	// minHead is how like a wording a head must be.
	minHead = 0.68
	// minFit is the share of a profile's columns, required ones counting
	// double, that a table must have.
	minFit = 0.5
)

// A HeadMatch tells which wording of a profile a head was taken for.
type HeadMatch struct {
	Column  int     // of the table
	Head    string  // as it stands there
	Field   string  // "" when none fitted
	Wording string  // folded wording that fitted best
	Score   float64 // likeness, 0..1
}

// headScore compares a head with a column's wordings, as it stands there and
// without what only says when, in which unit or over which columns.
func headScore(head string, phrases []field.Phrase) (best float64, wording string) {
	best, wording = likeHead(head, phrases)
	try := func(form string, sure float64) {
		if form == "" || form == head {
			return
		}
		if s, w := likeHead(form, phrases); sure*s > best {
			best, wording = sure*s, w
		}
	}
	try(bareHead(head), 0.97)
	if i := strings.LastIndex(head, " / "); i > 0 {
		try(strings.TrimSpace(head[i+3:]), 0.9)
		try(bareHead(head[i+3:]), 0.88)
		try(bareHead(head[:i]), 0.8)
	}
	return best, wording
}

// inBrackets is what heads say beside the matter: "(triệu đồng)", "(%)".
var inBrackets = regexp.MustCompile(`\([^()]*\)`)

// ofTime begins what a head says of a time: "năm 2025", "đến 31/10/2025", "6
// tháng đầu năm".
var ofTime = regexp.MustCompile(`^(nam (20)?\d|nam nay|(tinh )?den (nay|het|ngay|thang|cuoi|\d)|(0?\d|1\d) thang|quy [ivx\d]|thang \d|trong (ky|nam|thang|quy)|ky bao cao|giai doan)`)

// bareHead is a head without brackets, and without the time that it ends with.
func bareHead(head string) string {
	words := strings.Fields(inBrackets.ReplaceAllString(head, " "))
	for i := 1; i < len(words); i++ {
		if ofTime.MatchString(normalize.Fold(strings.ToLower(strings.Join(words[i:], " ")))) {
			words = words[:i]
			break
		}
	}
	return strings.Trim(strings.Join(words, " "), " ,;:.-/")
}

// likeHead compares one form of a head with a column's wordings.
func likeHead(head string, phrases []field.Phrase) (best float64, wording string) {
	fold := strings.Join(strings.Fields(strings.ToLower(normalize.Fold(head))), " ")
	if fold == "" {
		return 0, ""
	}
	list := make([]string, len(phrases))
	for i, p := range phrases {
		list[i] = p.String()
	}
	// Rank: wordings of which the head's letters are a subsequence first. A
	// damaged head is no subsequence of anything, so all wordings stay in.
	order := make([]int, 0, len(list))
	taken := make([]bool, len(list))
	for _, m := range fuzzy.Find(fold, list) {
		order = append(order, m.Index)
		taken[m.Index] = true
	}
	for i := range list {
		if !taken[i] {
			order = append(order, i)
		}
	}
	text := field.NewText(head)
	for _, i := range order {
		s := normalize.Similarity(fold, list[i])
		// A narrow column breaks its short head within a word: "ST T".
		if len(fold) <= 6 && fold != list[i] && strings.ReplaceAll(fold, " ", "") == strings.ReplaceAll(list[i], " ", "") {
			s = max(s, 0.98)
		}
		// A head that says more than the wording ("Kinh phí đầu tư, chi cho
		// từng nhóm") still begins with it; the longer wording would win.
		if h, ok := text.FindPrefix(phrases[i], 0.8); ok && len(list[i]) >= 6 {
			s = max(s, 0.92*h.Score*(0.75+0.25*float64(len(list[i]))/float64(max(len(fold), len(list[i])))))
		}
		// Under a head over several columns ("Kết quả 6 tháng đầu năm Tổng số hồ
		// sơ") the column's own words stand last.
		if len(list[i]) >= 5 && len(fold) > len(list[i])+2 {
			for _, h := range text.FindAll(phrases[i], 0.85) {
				if h.To == len(strings.TrimRight(head, " ")) {
					s = max(s, 0.88*h.Score)
				}
			}
		}
		if s > best {
			best, wording = s, list[i]
		}
	}
	return best, wording
}

// fitHeads assigns table columns to profile columns. Both keep their order
// where they can; a profile column is used once. assigned[c] is the profile
// column of table column c, or -1.
func (p *Profile) fitHeads(heads []string) (assigned []int, fit float64, matches []HeadMatch) {
	return p.fitColumns(heads, make([]content, len(heads)))
}

// fitColumns is [Profile.fitHeads] for a table of which it is known what stands
// below the heads: a name is no column of figures, and a count no column of prose.
// A name whose head is illegible is the first column of prose below such a head, a
// text that the profile requires one below the end of its head.
func (p *Profile) fitColumns(heads []string, holds []content) (assigned []int, fit float64, matches []HeadMatch) {
	type pair struct {
		col, want int
		score     float64
		wording   string
	}
	var pairs []pair
	for c, h := range heads {
		for w := range p.Columns {
			if !p.Columns[w].mayHold(holds[c]) {
				continue
			}
			s, wording := headScore(h, p.ruled[w])
			if col := &p.Columns[w]; col.Required && col.Type == TypeText && holds[c] == prose && s < endLike && endOfHead(h, p.ruled[w]) {
				s, wording = endLike, ""
			}
			if s >= minHead {
				pairs = append(pairs, pair{c, w, s, wording})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.score, a.score) })
	assigned = make([]int, len(heads))
	matches = make([]HeadMatch, len(heads))
	for c := range assigned {
		assigned[c] = -1
		matches[c] = HeadMatch{Column: c, Head: heads[c]}
	}
	used := make([]bool, len(p.Columns))
	for _, x := range pairs {
		if assigned[x.col] >= 0 || used[x.want] {
			continue
		}
		assigned[x.col], used[x.want] = x.want, true
		matches[x.col] = HeadMatch{x.col, heads[x.col], p.Columns[x.want].Field, x.wording, x.score}
	}
	if w := p.titleColumn(); w >= 0 && !used[w] {
		for c, h := range heads {
			if assigned[c] < 0 && holds[c] == prose && illegible(h) {
				assigned[c], used[w] = w, true
				matches[c] = HeadMatch{c, h, p.Columns[w].Field, "", minHead}
				break
			}
		}
	}
	return assigned, p.fitOfGrid(used), matches
}

// content is what most cells of a column hold.
type content uint8

const (
	mixed content = iota
	figures
	prose
)

// mayHold reports whether a column of the profile may hold such cells.
func (c *Column) mayHold(what content) bool {
	switch c.Type {
	case TypeTitle:
		return what != figures
	case TypeOrdinal, TypeCount, TypePercent:
		return what != prose
	}
	return true
}

// contents tells by column what the cells of a table hold below its heads.
func contents(t *schema.Table, columns int) []content {
	const few, most, long = 3, 0.8, 12 // cells; share of them; letters of prose
	filled, numeric, wordy := make([]int, columns), make([]int, columns), make([]int, columns)
	for _, row := range spread(t)[min(t.HeadRows, len(t.Rows)):] {
		for c, cell := range row[:min(columns, len(row))] {
			if cell == nil || cell.ColSpan > 1 || strings.TrimSpace(cell.Text) == "" {
				continue
			}
			filled[c]++
			switch n := letters(cell.Text); {
			case n >= long:
				wordy[c]++
			case n <= 1 && strings.ContainsAny(cell.Text, "0123456789"):
				numeric[c]++
			}
		}
	}
	out := make([]content, columns)
	for c := range out {
		switch all := most * float64(filled[c]); {
		case filled[c] < few:
		case float64(numeric[c]) >= all:
			out[c] = figures
		case float64(wordy[c]) >= all:
			out[c] = prose
		}
	}
	return out
}

// endLike is how like a wording the end of one counts as.
const endLike = 0.76

// endOfHead reports whether a stamp left the end of a wording, two words of it, behind
// what is no word: "v thực hiện".
func endOfHead(head string, phrases []field.Phrase) bool {
	words := strings.Fields(head)
	n := len(words)
	if n < 3 || normalize.IsSyllable(strings.ToLower(letterCore(words[n-3]))) {
		return false
	}
	end := " " + strings.ToLower(normalize.Fold(letterCore(words[n-2])+" "+letterCore(words[n-1])))
	return slices.ContainsFunc(phrases, func(p field.Phrase) bool { return strings.HasSuffix(p.String(), end) })
}

// illegible reports whether a head has words that are none: a stamp lies over it.
func illegible(head string) bool {
	words, broken := strings.Fields(head), 0
	for _, w := range words {
		if w = letterCore(w); !normalize.IsSyllable(strings.ToLower(w)) {
			broken++
		}
	}
	return 2*broken >= len(words)
}

// fitness is the share of the profile's columns that were found, required ones
// counting double; 0 when fewer than half of the required ones were.
func (p *Profile) fitness(found []bool) float64 { return p.shareFound(found, 1) }

// fitOfGrid is [Profile.fitness] of a table whose heads are known: a column that
// reports may have or not weighs little where it is missing.
func (p *Profile) fitOfGrid(found []bool) float64 { return p.shareFound(found, 0.25) }

// shareFound weighs the columns that were found; lacking is the weight of one that is
// missing and not required.
func (p *Profile) shareFound(found []bool, lacking float64) float64 {
	sum, all, required, have := 0.0, 0.0, 0, 0
	for i, c := range p.Columns {
		w := 1.0
		if c.Required {
			w = 2
			required++
		}
		switch {
		case found[i]:
			sum += w
			if c.Required {
				have++
			}
		case c.Seldom:
			w = 0
		case !c.Required:
			w = lacking
		}
		all += w
	}
	if 2*have < required+1 && required > 0 || all == 0 {
		return 0
	}
	return sum / all
}

// tableHeads returns the heads of a table as text, one a grid column.
func tableHeads(t *schema.Table) []string {
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = strings.Join(strings.Fields(c.Text), " ")
	}
	return heads
}

// bestProfile chooses the profile that fits the heads of a table best, or begins
// its titles as the table's rows do.
func bestProfile(profiles []Profile, t *schema.Table) (p *Profile, assigned []int, fit float64) {
	heads := tableHeads(t)
	holds := contents(t, len(heads))
	for i := range profiles {
		a, f, _ := profiles[i].fitColumns(heads, holds)
		// Columns of the table that the profile knows nothing of speak
		// against it.
		known := 0
		for _, x := range a {
			if x >= 0 {
				known++
			}
		}
		f *= 0.5 + 0.5*float64(known)/float64(max(len(heads), 1))
		if f >= minFit {
			const begun = 0.15
			f += begun * profiles[i].begunTitles(t, a)
		}
		if f >= minFit && f > fit+1e-9 {
			p, assigned, fit = &profiles[i], a, f
		}
	}
	return p, assigned, fit
}

// begunTitles is the share of a table's rows whose title begins with the
// profile's pattern.
func (p *Profile) begunTitles(t *schema.Table, assigned []int) float64 {
	c := slices.Index(assigned, p.titleColumn())
	if p.pattern == nil || c < 0 {
		return 0
	}
	rows, begun := 0, 0
	for _, cells := range spread(t)[min(t.HeadRows, len(t.Rows)):] {
		if c >= len(cells) || cells[c] == nil || cells[c].ColSpan > 1 {
			continue
		}
		text := cellPassage(cells[c]).trimmed()
		if len(text.words) == 0 {
			continue
		}
		rows++
		if _, _, _, ok := p.pattern.in(text, 6); ok {
			begun++
		}
	}
	return float64(begun) / float64(max(rows, 1))
}
