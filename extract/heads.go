package extract

import (
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
	ByCells bool    // the head fits nothing: what the cells hold does
}

// headScore compares a head with a column's wordings, as it stands there and
// without what only says when, in which unit or over which columns.
func headScore(head string, phrases []field.Phrase) (best float64, wording string) {
	return headScoreFrom(head, phrases, 0)
}

// headScoreFrom is headScore for callers who care for heads that are at least so like a
// wording; it is nought for others.
func headScoreFrom(head string, phrases []field.Phrase, least float64) (best float64, wording string) {
	best, wording = likeHead(head, phrases, least)
	try := func(form string, sure float64) {
		if form == "" || form == head {
			return
		}
		if s, w := likeHead(form, phrases, max(best, least)/sure); sure*s > best {
			best, wording = sure*s, w
		}
	}
	full := inFull(head)
	try(full, 0.98)
	i := strings.LastIndex(full, " / ")
	if i <= 0 {
		try(bareHead(full), 0.97)
		return best, wording
	}
	over, own := bareHead(full[:i]), bareHead(full[i+3:])
	try(over+" "+own, 0.95)
	try(strings.TrimSpace(full[i+3:]), 0.9)
	try(own, 0.88)
	try(over, 0.8)
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

// likeHead compares one form of a head with a column's wordings; it is nought where none is
// at least so like it.
func likeHead(head string, phrases []field.Phrase, least float64) (best float64, wording string) {
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
	text, runes := field.NewText(head), []rune(fold)
	for _, i := range order {
		s, _ := phrases[i].Like(runes, max(best, least))
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
		const rounding = 1e-9 // of the least that is asked for
		if s > best && s >= least-rounding {
			best, wording = s, list[i]
		}
	}
	return best, wording
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

// A profileFit is a table with the profile that fits it.
type profileFit struct {
	profile  *Profile // nil when none does
	assigned []int    // by column of the table: the profile's, or -1
	guessed  []bool   // by column of the profile: its head says in part at most what it is
	fit      float64
	spans    []crossing // columns that are read together
}

// bestProfile chooses the profile that fits the heads of a table best, or begins
// its titles as the table's rows do. year is the report's, or 0.
func bestProfile(profiles []Profile, t *schema.Table, year int) (best profileFit) {
	heads := tableHeads(t)
	holds := contents(t, len(heads))
	for i := range profiles {
		a, f, m, spans := profiles[i].fitColumns(heads, holds, year)
		// Columns of the table that the profile knows nothing of speak
		// against it.
		known := 0
		for c := range a {
			if m[c].Field != "" && !m[c].ByCells {
				known++
			}
		}
		f *= 0.5 + 0.5*float64(known)/float64(max(len(heads), 1))
		if f >= minFit {
			const begun = 0.15
			f += begun * profiles[i].begunTitles(t, a)
		}
		if f >= minFit && f > best.fit+1e-9 {
			best = profileFit{&profiles[i], a, guessedColumns(&profiles[i], a, m, spans), f, spans}
		}
	}
	return best
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
