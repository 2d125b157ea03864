package extract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/title"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A CatalogueEntry is a record of a catalogue that records of other reports
// are linked to, by title: numberings differ between a plan and the reports
// about it.
type CatalogueEntry struct {
	Kind     string // kind of records it is for
	Number   string // its number in the catalogue
	Title    string
	Document string // number of the catalogue's document, "204/KH-UBND"; may be ""
}

// Ref names the entry: "204/KH-UBND#25".
func (e CatalogueEntry) Ref() string { return e.Document + "#" + e.Number }

// CatalogueOf takes the entries of a document that is a catalogue: records with
// number and title.
func CatalogueOf(doc *schema.Document) []CatalogueEntry {
	number := ""
	if n := doc.Header.Number; n != nil {
		number, _ = n.Value.(string)
	}
	var out []CatalogueEntry
	for _, r := range doc.Records {
		title, n := r.Fields["title"].One, r.Fields["number"].One
		if title == nil || n == nil || title.Text == "" {
			continue
		}
		e := CatalogueEntry{Kind: r.Kind, Number: n.Text, Title: title.Text, Document: number}
		if v, ok := n.Value.(string); ok {
			e.Number = v
		}
		out = append(out, e)
	}
	return out
}

const (
	// minMend is the likeness from which on the catalogue's spelling is taken
	// for words that differ by their marks or by what OCR confuses.
	minMend = 0.8
	// unseenMost is the most confidence that a title has of which words were put in
	// that nothing was read of.
	unseenMost = 0.3
)

// Link adds the field catalogue_ref to records whose title is in the
// catalogue, and returns how many it linked. Each entry is linked once, the
// likest pairs first; records that have a link keep it. Titles that are mended by
// their entry are accepted from a confidence of threshold on, [DefaultThreshold] when
// it is 0. Build does this with
// the catalogue of its options; Link is for catalogues that are known later,
// as when a plan lies in the same folder as the reports about it.
func Link(records []schema.Record, entries []CatalogueEntry, threshold float64) int {
	return link(records, entries, nil, threshold, nil, nil)
}

// link is [Link] with what other reports call the records, a language model, which
// tells misreadings of the report from slips of the catalogue and may be nil, and
// by record the wordings that the titles' words were found by.
func link(records []schema.Record, entries, beside []CatalogueEntry, threshold float64, r *normalize.Restorer, laid map[int]string) int {
	if len(entries)+len(beside) == 0 {
		return 0
	}
	if threshold == 0 {
		threshold = DefaultThreshold
	}
	titles := titlesOf(records)
	links := linkEntries(records, titles, entries)
	wordings := make(map[int]titleWording, len(records))
	for i, x := range links {
		if x.score >= minMend && x.lead >= minLead {
			wordings[i] = titleWording{text: entries[x.entry].Title, score: x.score, known: true}
		}
	}
	for i, x := range besideWordings(records, titles, beside) {
		if was, ok := wordings[i]; !ok || x.score > was.score {
			x.other = was.text
			wordings[i] = x
		} else {
			was.other = x.text
			wordings[i] = was
		}
	}
	for i, text := range laid {
		if x := wordings[i]; x.text != text {
			known := slices.ContainsFunc(entries, func(e CatalogueEntry) bool { return e.Title == text })
			wordings[i] = titleWording{text: text, other: x.text, score: max(x.score, minLink), known: known}
		}
	}
	for i := range records {
		if x, ok := wordings[i]; ok && records[i].Fields["title"].One != nil {
			x.laid = laid[i] != ""
			x.usual = usualEnd(x.text, entries)
			mend(records[i].Fields["title"].One, x, threshold, r)
		}
	}
	return len(links)
}

// A titleWording is how a title is rightly spelled, by an entry of a catalogue or by
// another report.
type titleWording struct {
	text  string
	other string  // how another source spells it; "" when none is known
	score float64 // how like the title is
	known bool    // a catalogue has it
	laid  bool    // the row was found by a wording in torn text
	usual int     // last words of the wording that another entry ends with too
}

// usualEnd counts the last words of a wording that another entry of the catalogue ends
// with too: "(giai đoạn 2)". A plan puts such behind titles that the reports have without.
func usualEnd(text string, entries []CatalogueEntry) int {
	words, most := strings.Fields(text), 0
	for _, e := range entries {
		if e.Title == text {
			continue
		}
		other, n := strings.Fields(e.Title), 0
		for n < min(len(words), len(other)) && strings.EqualFold(words[len(words)-1-n], other[len(other)-1-n]) {
			n++
		}
		most = max(most, n)
	}
	return most
}

// A titleLink is the entry that a record is about.
type titleLink struct {
	entry       int
	score, lead float64
}

// linkEntries links records to entries. An entry that several catalogues have is one.
func linkEntries(records []schema.Record, titles []string, entries []CatalogueEntry) map[int]titleLink {
	pairs := newLikeness(titles, entryTitles(entries)).pairs(titles, entryTitles(entries), minLink, func(rec, entry int) bool {
		x, e := &records[rec], &entries[entry]
		return titles[rec] != "" && x.Fields["catalogue_ref"].One == nil && (e.Kind == "" || e.Kind == x.Kind)
	})
	subject := subjects(entries)
	links, taken := map[int]titleLink{}, map[int]bool{}
	likest := map[int]float64{} // by subject: of all records
	for _, x := range pairs {
		likest[subject[x.b]] = max(likest[subject[x.b]], x.score)
	}
	for _, x := range pairs {
		of := subject[x.b]
		if _, linked := links[x.a]; linked || taken[of] {
			continue
		}
		lead := 1.0
		for _, y := range pairs {
			if s := subject[y.b]; y.a == x.a && s != of && !taken[s] && y.score > likest[s]-minLead { // else it is another record's
				lead = min(lead, x.score-y.score)
			}
		}
		links[x.a], taken[of] = titleLink{x.b, x.score, lead}, true
		title := records[x.a].Fields["title"].One
		f := schema.Field{
			Value: entries[x.b].Ref(), Text: entries[x.b].Title, Raw: title.Raw,
			Confidence: round3(x.score), State: schema.Accepted, Boxes: title.Boxes,
		}
		if x.score < sureLink || lead < minLead {
			f.State, f.Why = schema.NeedsReview, []string{"catalogue"}
		}
		for _, y := range pairs {
			if y.a == x.a && subject[y.b] != of && len(f.Alternatives) < 3 {
				f.Alternatives = append(f.Alternatives, schema.Alternative{Text: entries[y.b].Ref(), Score: round3(y.score)})
			}
		}
		records[x.a].Fields["catalogue_ref"] = schema.One(f)
	}
	return links
}

// subjects numbers entries so that those with the same title, marks and signs aside,
// in catalogues of several documents have one number, that of the first. An entry
// that one document has twice is two.
func subjects(entries []CatalogueEntry) []int {
	type place struct {
		kind, key string
		nth       int
	}
	first, seen := map[place]int{}, map[[3]string]int{}
	out := make([]int, len(entries))
	for i, e := range entries {
		key := title.New(e.Title).Key
		in := [3]string{e.Document, e.Kind, key}
		p := place{e.Kind, key, seen[in]}
		seen[in]++
		if _, ok := first[p]; !ok {
			first[p] = i
		}
		out[i] = first[p]
	}
	return out
}

// besideWordings pairs records with the titles of other reports, one each, the
// likest first; the row's number decides between such as are nearly as like.
func besideWordings(records []schema.Record, titles []string, beside []CatalogueEntry) map[int]titleWording {
	if len(beside) == 0 {
		return nil
	}
	number := func(rec, entry int) bool {
		n := records[rec].Fields["number"].One
		return n != nil && beside[entry].Number != "" && fmt.Sprint(n.Value) == beside[entry].Number
	}
	pairs := newLikeness(titles, entryTitles(beside)).pairs(titles, entryTitles(beside), minLink-minLead, func(rec, entry int) bool {
		return titles[rec] != "" && (beside[entry].Kind == "" || beside[entry].Kind == records[rec].Kind)
	})
	for i := range pairs {
		if number(pairs[i].a, pairs[i].b) {
			pairs[i].score += minLead
		}
	}
	slices.SortStableFunc(pairs, func(a, b titlePair) int { return cmp.Compare(b.score, a.score) })
	out, taken := map[int]titleWording{}, map[int]bool{}
	for _, x := range pairs {
		if _, ok := out[x.a]; ok || taken[x.b] || x.score < minLink {
			continue
		}
		taken[x.b] = true
		score := x.score
		if number(x.a, x.b) {
			score -= minLead
		}
		out[x.a] = titleWording{text: beside[x.b].Title, score: min(score, 1)}
	}
	return out
}

// wordings are by record the wordings that titles were found by in torn text.
func (b *builder) wordings() map[int]string {
	out := map[int]string{}
	for _, t := range b.tables {
		for i, r := range t.rows {
			if r.wording != "" {
				out[t.records[i]] = r.wording
			}
		}
	}
	return out
}

// mend puts a title's damaged words right after the catalogue's: words that are
// the same but for marks and letters that OCR confuses. Words that differ
// otherwise, and numbers, are the report's own and stay. A title that then is
// the catalogue's word for word is as sure as the link.
func mend(title *schema.Field, by titleWording, threshold float64, r *normalize.Restorer) {
	entry, score := by.text, by.score
	have, want := strings.Fields(title.Text), strings.Fields(entry)
	changed := false
	if kept := withoutNoise(have, want); len(kept) < len(have) {
		title.Repairs = append(title.Repairs, schema.Repair{From: title.Text, To: strings.Join(kept, " "), Reason: "catalogue", Score: round3(score)})
		have, changed = kept, true
	}
	if parted := resegmented(have, want); !slices.Equal(parted, have) {
		title.Repairs = append(title.Repairs, schema.Repair{From: strings.Join(have, " "), To: strings.Join(parted, " "), Reason: "catalogue", Score: round3(score)})
		have, changed = parted, true
	}
	for _, x := range betweenAnchors(have, want, alignWords(have, want), r) {
		a, w := have[x.have], want[x.want]
		head, core, tail := parts(a)
		_, right, _ := parts(w)
		if r != nil && normalize.Fold(right) == strings.ToLower(right) && core != right {
			right = marked(r, want, x.want, right, core, sameWord(want, x.want, by.other))
		}
		shouted := utf8.RuneCountInString(core) > 1 && core == strings.ToUpper(core) && strings.ToUpper(title.Text) != title.Text
		if core == right || strings.EqualFold(core, right) && !hasInnerCapital(right) && !shouted || !misreadDigits(core, right, x.anchored) && !(x.anchored && garbled(a)) && strings.ContainsAny(core+right, "0123456789") || core == "" || right == "" {
			continue
		}
		if normalize.Distance(core, right) > x.apartFrom(core, right)*float64(len([]rune(right))) && !readAs(title.Repairs, a, right) && !(x.anchored && (garbled(a) || likelier(r, have, x.have, right, want[x.want+1:]))) && !misreadDigits(core, right, x.anchored) {
			continue
		}
		if otherSpelling(core, right) || ownWord(title, have, x.have, core, right, r) {
			continue
		}
		if garbled(a) {
			head, _, tail = parts(w)
		}
		// The first letter's case is the report's own, unless the letter itself
		// was misread.
		lost := (x.anchored || r != nil && !r.Sound(core)) && normalize.Fold(core) != normalize.Fold(right) && (x.have > 0 || firstLetter(core) != firstLetter(right))
		if first := []rune(right); !lost && startsUpper(core) != startsUpper(right) && !hasInnerCapital(right) {
			if startsUpper(core) {
				first[0] = unicode.ToUpper(first[0])
			} else {
				first[0] = unicode.ToLower(first[0])
			}
			right = string(first)
		}
		if core == right {
			continue
		}
		title.Repairs = append(title.Repairs, schema.Repair{From: a, To: head + right + tail, Reason: "catalogue", Score: round3(score)})
		have[x.have] = head + right + tail
		changed = true
	}
	if plain := withoutSigns(have, want); !slices.Equal(plain, have) {
		title.Repairs = append(title.Repairs, schema.Repair{From: strings.Join(have, " "), To: strings.Join(plain, " "), Reason: "catalogue", Score: round3(score)})
		have, changed = plain, true
	}
	if shaped := asShaped(have, want, title.Repairs); by.laid && !slices.Equal(shaped, have) {
		title.Repairs = append(title.Repairs, schema.Repair{From: strings.Join(have, " "), To: strings.Join(shaped, " "), Reason: "catalogue", Score: round3(score)})
		have, changed = shaped, true
	}
	have, unseen := mendGaps(title, have, want, by, r)
	if text := strings.Join(have, " "); changed || text != title.Text {
		title.Text, title.Value = text, text
	}
	if unseen {
		if strings.EqualFold(strings.TrimRight(title.Text, " .;"), strings.TrimRight(entry, " .;")) {
			title.Text = strings.TrimRight(entry, " .;")
			title.Value = title.Text
		}
		title.Confidence, title.State, title.Why = min(title.Confidence, unseenMost), schema.NeedsReview, []string{"catalogue"}
		return
	}
	if by.known && strings.EqualFold(strings.Trim(title.Text, " .;"), strings.Trim(entry, " .;")) {
		title.Confidence = max(title.Confidence, round3(0.97*score))
		if title.Confidence >= threshold {
			title.State, title.Why = schema.Accepted, nil
		}
	}
}

// sameShapes are the letters whose capitals differ from them in height alone, which
// torn text does not tell.
const sameShapes = "ckopsuvwxz"

// asShaped writes words within a title of torn text in small letters where the
// wording does and their capital has the small letter's shape, or was read as
// another letter.
func asShaped(have, want []string, repairs []schema.Repair) []string {
	out := slices.Clone(have)
	for _, p := range alignWords(have, want) {
		head, core, tail := parts(have[p[0]])
		_, right, _ := parts(want[p[1]])
		if p[0] == 0 || core == right || strings.ToLower(core) != right {
			continue
		}
		if strings.ContainsRune(sameShapes, []rune(right)[0]) || firstMisread(repairs, have[p[0]]) {
			out[p[0]] = head + right + tail
		}
	}
	return out
}

// firstMisread reports whether the first letter of a word was read as another one.
func firstMisread(repairs []schema.Repair, word string) bool {
	return slices.ContainsFunc(repairs, func(r schema.Repair) bool {
		return r.To == word && firstLetter(r.From) != firstLetter(word)
	})
}

// withoutSigns takes signs off words that the wording has without them: such as
// stand in no title, and brackets without a partner.
func withoutSigns(have, want []string) []string {
	out := slices.Clone(have)
	all := strings.Join(have, " ")
	odd := func(signs string) bool {
		return strings.ContainsAny(signs, "&'’‘`*|_~^\\<>=#@") ||
			strings.Contains(signs, "(") && strings.Count(all, "(") > strings.Count(all, ")") ||
			strings.Contains(signs, ")") && strings.Count(all, ")") > strings.Count(all, "(")
	}
	for _, p := range alignWords(have, want) {
		head, core, tail := parts(have[p[0]])
		first, right, last := parts(want[p[1]])
		if !strings.EqualFold(core, right) || letters(core) == 0 { // "4*" is said otherwise in "4 sao"
			continue
		}
		if head != first && odd(head) {
			head = first
		}
		if tail != last && odd(tail) {
			tail = last
		}
		out[p[0]] = head + core + tail
	}
	return out
}

// readAs reports whether a word is a repair of what was read as right is, but for
// its marks.
func readAs(repairs []schema.Repair, word, right string) bool {
	return slices.ContainsFunc(repairs, func(r schema.Repair) bool {
		return r.To == word && normalize.Fold(r.From) == normalize.Fold(right)
	})
}

// misreadDigits reports whether digits within a word stand for letters of the
// entry's, or behind it for nothing: "so6" for "số", "h3" for "hỗ".
func misreadDigits(core, right string, anchored bool) bool {
	bare := strings.Trim(core, "0123456789")
	if anchored && letters(core) > 0 && bare == strings.ToLower(bare) && strings.ContainsAny(core, "0123456789") && !strings.ContainsAny(right, "0123456789") &&
		lettersDigits(core)[0] == lettersDigits(right)[0] && abs(len([]rune(core))-len([]rune(right))) <= 1 {
		return true
	}
	return bare != "" && bare != core && !strings.ContainsAny(right, "0123456789") && normalize.Fold(bare) == normalize.Fold(right)
}

// muchLikelier is the lead, in nats, from which on the entry's word stands for
// one that looks nothing like it; half of it does for one that is half like it.
const muchLikelier = 6.0

// likelier reports whether the entry's word fits between its neighbours so much
// better than the report's that the latter was misread, however far apart the
// two are in letters. after are the words that follow, as the entry has them: the
// report's own may be misread likewise.
func likelier(r *normalize.Restorer, words []string, i int, right string, after []string) bool {
	if r == nil {
		return false
	}
	_, core, _ := parts(words[i])
	if !r.Sound(core) {
		return true
	}
	before := strings.Join(words[:i], " ")
	lead := r.Follows(r.Ending(before), right) - r.Follows(r.Ending(before), core)
	if len(after) > 0 {
		_, next, _ := parts(after[0])
		lead += r.Follows(r.Ending(before+" "+right), next) - r.Follows(r.Ending(before+" "+core), next)
	}
	return lead > muchLikelier*min(1, normalize.Distance(core, right)/float64(utf8.RuneCountInString(right)))
}

// withoutNoise drops the words of a title that the entry lacks between two that
// follow each other there and that are no words or repeat their neighbour, as
// where lines of two columns were parted.
func withoutNoise(have, want []string) []string {
	aligned := alignWords(have, want)
	out := have
	for i := len(aligned) - 1; i > 0; i-- {
		a, b := aligned[i-1], aligned[i]
		if b[1] != a[1]+1 || b[0] != a[0]+2 {
			continue
		}
		_, between, _ := parts(have[a[0]+1])
		_, last, _ := parts(have[a[0]])
		_, next, _ := parts(have[b[0]])
		if again := normalize.Fold(between); again != "" && !garbled(have[a[0]+1]) && again != normalize.Fold(last) && again != normalize.Fold(next) {
			continue
		}
		out = slices.Concat(out[:a[0]+1], out[b[0]:])
	}
	return out
}

// wordPair is a word of a title and the word of the catalogue that stands at
// its place.
type wordPair struct {
	have, want int
	anchored   bool // the words on both sides are the catalogue's
	short      bool
}

// apart is the distance, in parts of the word's length, up to which the pair is
// one word that was misread rather than two words.
func (p wordPair) apart() float64 {
	switch {
	case p.anchored && p.short:
		return 0.45 // "xã" and "xe" are words of their own
	case p.anchored:
		return 0.6
	}
	return 0.3
}

// apartFrom is the distance likewise; words that are the same but for their marks
// are one, since marks are what OCR loses.
func (p wordPair) apartFrom(core, right string) float64 {
	if normalize.Fold(core) == normalize.Fold(right) {
		return max(p.apart(), 0.5)
	}
	return p.apart()
}

// betweenAnchors adds to aligned pairs those words that likeness alone did not
// pair: as many on the one side as on the other, between two words that are
// the same. Pairs between such words are marked.
func betweenAnchors(have, want []string, aligned [][2]int, r *normalize.Restorer) []wordPair {
	same := func(i int) bool { // the aligned pair, or an end of both texts
		if i < 0 || i == len(aligned) {
			return true
		}
		_, a, _ := parts(have[aligned[i][0]])
		_, b, _ := parts(want[aligned[i][1]])
		// A word that is none was like enough to be paired.
		return normalize.Fold(a) == normalize.Fold(b) || r != nil && !r.Sound(a)
	}
	at := func(i int) [2]int {
		switch {
		case i < 0:
			return [2]int{-1, -1}
		case i == len(aligned):
			return [2]int{len(have), len(want)}
		}
		return aligned[i]
	}
	pair := func(h, w int, anchored bool) wordPair {
		_, core, _ := parts(want[w])
		return wordPair{h, w, anchored, utf8.RuneCountInString(core) < 3}
	}
	var out []wordPair
	for i := 0; i <= len(aligned); i++ {
		last, next := at(i-1), at(i)
		if gap := next[0] - last[0]; gap > 1 && gap <= 5 && gap == next[1]-last[1] && same(i-1) && same(i) {
			for k := 1; k < gap; k++ {
				out = append(out, pair(last[0]+k, last[1]+k, true))
			}
		}
		if i < len(aligned) {
			close := at(i - 1)[0] == next[0]-1 && at(i - 1)[1] == next[1]-1 && at(i + 1)[0] == next[0]+1 && at(i + 1)[1] == next[1]+1
			out = append(out, pair(next[0], next[1], close && same(i-1) && same(i+1)))
		}
	}
	return out
}

func hasInnerCapital(s string) bool {
	for i, r := range s {
		if i > 0 && unicode.IsUpper(r) {
			return true
		}
	}
	return false
}

// alignWords pairs the words of two texts in order so that the pairs are as
// like as can be.
func alignWords(a, b []string) [][2]int {
	n, m := len(a), len(b)
	best := make([][]float64, n+1)
	for i := range best {
		best[i] = make([]float64, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if s := normalize.Similarity(a[i], b[j]); s > 0.5 {
				best[i][j] = max(best[i][j], best[i+1][j+1]+s)
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < n && j < m; {
		s := normalize.Similarity(a[i], b[j])
		switch {
		case s > 0.5 && best[i][j] == best[i+1][j+1]+s:
			out = append(out, [2]int{i, j})
			i++
			j++
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return out
}
