package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// What stands between two words that a title and its wording share is judged as one:
// the words of a damaged place are wrong all at once, and one by one each has
// wrong neighbours.

const (
	// gapLike is how far a gap may be from the wording, in parts of its letters,
	// to be it, and gapDamaged likewise where the gap's words are damaged.
	gapLike, gapDamaged = 0.25, 0.75
	// gapLead is how much likelier, in nats, the wording must be than legible
	// words that are half like it.
	gapLead = 5.0
	// sameLetters is the share of the wording that must stand in the title before
	// anything is put in that was not seen.
	sameLetters = 0.6
	// openTail is how many words an end has that was lost as a whole.
	openTail = 3
	// strangeWord is what a word that is none costs, in nats.
	strangeWord = 10.0
)

// A titleGap is what a title has between two words that it shares with its wording,
// and what the wording has there. Words are counted from the gap's begin.
type titleGap struct {
	from, to         int // words of the title
	wantFrom, wantTo int // of the wording
	raw              []string
}

// titleGaps finds the places where a title differs from its wording, and the share
// of the wording's letters outside of them.
func titleGaps(have, raw, want []string) (gaps []titleGap, shared float64) {
	read := map[int]int{} // words as they were read, by the wording's
	for _, p := range alignWords(raw, want) {
		read[p[1]] = p[0]
	}
	read[-1], read[len(want)] = -1, len(raw)
	h, w := -1, -1
	both, all := 0, 0
	step := func(to, wantTo int) {
		if to-h > 1 || wantTo-w > 1 {
			g := titleGap{from: h + 1, to: to, wantFrom: w + 1, wantTo: wantTo}
			a, ok1 := read[w]
			b, ok2 := read[wantTo]
			if ok1 && ok2 && a < b {
				g.raw = raw[a+1 : b]
			}
			gaps = append(gaps, g)
		}
		h, w = to, wantTo
	}
	for _, p := range alignWords(have, want) {
		if lettersDigits(have[p[0]]) == lettersDigits(want[p[1]]) {
			both += letters(want[p[1]])
			step(p[0], p[1])
		}
	}
	step(len(have), len(want))
	for _, x := range want {
		all += letters(x)
	}
	return gaps, float64(both) / float64(max(all, 1))
}

// mendGaps puts the wording's words where the title has what OCR made of them, takes
// out what it made of nothing, and puts in what was lost. unseen tells
// that words were put in of which nothing was read.
func mendGaps(title *schema.Field, have []string, want []string, by titleWording, r *normalize.Restorer) (out []string, unseen bool) {
	if r == nil {
		return have, false
	}
	gaps, shared := titleGaps(have, strings.Fields(title.Raw), want)
	out = slices.Clone(have)
	for _, g := range slices.Backward(gaps) {
		is, should := have[g.from:g.to], want[g.wantFrom:g.wantTo]
		switch {
		case len(should) == 0 && !g.surplus(have, by.laid, r),
			len(is) == 0 && !g.lost(have, want, shared, by, r),
			len(is) > 0 && len(should) > 0 && !g.misread(have, want, r):
			continue
		}
		unseen = unseen || len(is) == 0 && len(strings.Join(should, "")) > lostLetters
		put := slices.Clone(should)
		if g.from == 0 && len(put) > 0 && len(is) > 0 && firstLetter(put[0]) == firstLetter(is[0]) {
			put[0] = asCased(put[0], is[0])
		}
		title.Repairs = append(title.Repairs, schema.Repair{From: strings.Join(is, " "), To: strings.Join(put, " "), Reason: "catalogue", Score: round3(by.score)})
		if g.to == len(have) && len(put) > 0 {
			put[len(put)-1] = strings.TrimRight(put[len(put)-1], ".;")
		}
		out = slices.Replace(out, g.from, g.to, put...)
	}
	return out, unseen
}

// firstLetter is the first letter of a word without its marks.
func firstLetter(s string) string {
	t := lettersDigits(s)
	return t[:min(len(t), 1)]
}

// asCased gives a word the case of another's first letter.
func asCased(s, like string) string {
	r, n := utf8.DecodeRuneInString(s)
	if startsUpper(like) {
		return strings.ToUpper(string(r)) + s[n:]
	}
	return s
}

// legible is the share of the letters of words that were read as words of the
// language: repair that changed letters is a guess.
func legible(words, raw []string, r *normalize.Restorer) float64 {
	read := map[string]bool{}
	for _, w := range raw {
		read[lettersDigits(w)] = true
	}
	good, all := 0, 0
	for _, w := range words {
		n := utf8.RuneCountInString(w)
		all += n
		_, core, _ := parts(w)
		if core != "" && letters(core) == utf8.RuneCountInString(core) && r.Sound(core) && read[lettersDigits(w)] && !garbled(w) {
			good += n
		}
	}
	return float64(good) / float64(max(all, 1))
}

// ownWord reports whether a word of a title is the report's own: it was read with the
// letters that it has, is a word, and goes with its neighbours nearly as well as the
// wording's.
func ownWord(title *schema.Field, have []string, i int, core, right string, r *normalize.Restorer) bool {
	if r == nil || normalize.Fold(core) == normalize.Fold(right) || letters(core) < 2 || readAs(title.Repairs, have[i], right) ||
		legible([]string{core}, strings.Fields(title.Raw), r) < 1 {
		return false
	}
	g := titleGap{from: i, to: i + 1}
	return g.cost(have, []string{core}, r)-g.cost(have, []string{right}, r) < gapLead
}

// misread reports whether the words of the gap are the wording's, damaged.
func (g titleGap) misread(have, want []string, r *normalize.Restorer) bool {
	is, should := have[g.from:g.to], want[g.wantFrom:g.wantTo]
	isText, text := strings.Join(is, " "), strings.Join(should, " ")
	number := func(words []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(words), func(w string) bool { return letters(w) > 0 }), " ")
	}
	if a, b := number(is), number(should); b != "" && lettersDigits(a) != lettersDigits(b) && a != "" {
		return false // numbers are the report's own
	}
	if len(is) < len(should) && g.partly(have, want, r) {
		return true
	}
	if digitsOf(text) != "" && digitsOf(text) == digitsOf(isText) && letters(isText) == 0 {
		return false // the same number with another sign
	}
	n := float64(utf8.RuneCountInString(text))
	far := normalize.Distance(isText, text) / n
	if len(g.raw) > 0 {
		far = min(far, normalize.Distance(strings.Join(g.raw, " "), text)/n)
	}
	good := legible(is, g.raw, r)
	lead := g.cost(have, is, r) - g.cost(have, should, r)
	switch {
	case far <= gapLike:
		return lead > -gapLead
	case good < 0.5:
		return far <= gapDamaged && lead > 0
	case good < 1:
		return far <= 2*gapLike && lead > 0
	}
	return far <= 2*gapLike && lead > gapLead
}

// partly reports whether the words of a gap are the wording's last ones there, at the
// beginning of a title of which the first words were lost.
func (g titleGap) partly(have, want []string, r *normalize.Restorer) bool {
	if g.from > 0 {
		return false
	}
	rest := g
	rest.wantFrom = g.wantTo - (g.to - g.from)
	is, should := have[g.from:g.to], want[rest.wantFrom:g.wantTo]
	a, b := strings.Join(is, " "), strings.Join(should, " ")
	return rest.misread(have, want, r) || normalize.Distance(a, b) <= 2*gapLike*float64(utf8.RuneCountInString(b)) && g.cost(have, is, r) > g.cost(have, should, r)
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// lost reports whether the words of the wording were lost: those before and behind
// do not follow each other without them, or the end of a torn title is missing. An end
// that other entries have too may be the catalogue's alone.
func (g titleGap) lost(have, want []string, shared float64, by titleWording, r *normalize.Restorer) bool {
	should := want[g.wantFrom:g.wantTo]
	text := strings.Join(should, " ")
	if shared < sameLetters && !by.laid {
		return false
	}
	if g.from > 0 && g.wantFrom > 0 {
		_, _, sign := parts(have[g.from-1])
		_, _, its := parts(want[g.wantFrom-1])
		if sign != its && strings.Trim(sign, ".,;:)") != "" {
			return false // a sign says what the words say: "4*"
		}
	}
	if g.to == len(have) {
		return by.laid && len(should) >= max(openTail, by.usual+1)
	}
	before := r.Ending(strings.Join(have[:g.from], " "))
	next := strings.Join(have[g.to:], " ")
	without := r.Follows(before, next)
	with := r.Follows(r.Ending(strings.Join(have[:g.from], " ")+" "+text), next)
	if by.laid && (g.from == 0 || len(should) >= openTail) {
		return true
	}
	return without < 1 && with > without
}

// surplus reports whether the words of the gap are dirt, or come from the next
// cell.
func (g titleGap) surplus(have []string, laid bool, r *normalize.Restorer) bool {
	is := have[g.from:g.to]
	good := legible(is, g.raw, r)
	return good == 0 || g.to == len(have) && laid && good < 0.5
}

// cost is what words in the place of the gap cost, -ln P with those around them, in
// nats.
func (g titleGap) cost(have, words []string, r *normalize.Restorer) float64 {
	const around = 2
	before, after := have[max(g.from-around-1, 0):g.from], have[g.to:min(g.to+around, len(have))]
	sum := 0.0
	for _, c := range r.Fluency(strings.Join(slices.Concat(before, words, after), " ")).Costs[len(before):] {
		sum += c
	}
	for _, w := range words {
		if !r.Sound(w) {
			sum += strangeWord // the model takes it for a name
		}
	}
	return sum
}
