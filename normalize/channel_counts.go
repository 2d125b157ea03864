package normalize

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// readingCounts turns counted readings into probabilities. There are more
// letters than data, so each estimate falls back on a coarser one: from the
// letter to the letters that differ from it in the tone alone, which engines
// confuse alike; from those to the letter without marks; and to what letters
// of its class become that lose their shape altogether.
type readingCounts struct {
	direct, like, fold          map[[2]string]float64 // right, seen
	total, likeTotal, foldTotal map[string]float64    // occurrences of what is right
	seen, seenFold              map[string]float64    // occurrences of what was seen
	stray                       [letterClasses]map[string]float64
	strayTotal, classTotal      [letterClasses]float64
	stretch                     float64     // share of runes that stand for nothing
	written                     []string    // what letters were seen as
	pairs                       [][2]string // likes of two letters, and what they were seen as
	relayed                     map[[2]string]float64
	careful                     bool // counts of two letters are taken for chance in part
}

// Strength of the fallbacks, in occurrences of what is right.
const (
	likeCount   = 60.0
	foldCount   = 30.0
	pairCount   = 6.0
	pairDrop    = 0.75 // taken from counts of two letters, many of which are chance
	strayWeight = 0.5
	lookAlike   = 4e-3 // share of letters that become one like them in any font
	anything    = 3e-4 // share of readings that nothing explains
	relayWeight = 0.1  // of what is only known from letters that are read alike
)

func countReadings(ops []opCount, total map[string]float64) *readingCounts {
	c := &readingCounts{
		direct: make(map[[2]string]float64), like: make(map[[2]string]float64), fold: make(map[[2]string]float64),
		total: total, likeTotal: make(map[string]float64), foldTotal: make(map[string]float64),
		seen: make(map[string]float64), seenFold: make(map[string]float64),
	}
	for i := range c.stray {
		c.stray[i] = make(map[string]float64)
	}
	// In a fixed order, for sums of floats depend on it.
	for _, t := range slices.Sorted(maps.Keys(total)) {
		c.likeTotal[likeOf(t)] += total[t]
		if utf8.RuneCountInString(t) == 1 {
			c.foldTotal[foldCase(t)] += total[t]
			c.classTotal[letterClass(t)] += total[t]
		}
	}
	extra := 1.0
	pairs := make(map[[2]string]bool)
	for _, o := range ops {
		c.direct[[2]string{o.truth, o.seen}] = o.count
		c.like[[2]string{likeOf(o.truth), o.seen}] += o.count
		switch utf8.RuneCountInString(o.truth) {
		case 0:
			extra += o.count
			continue
		case 2:
			if o.seen != "" {
				pairs[[2]string{likeOf(o.truth), o.seen}] = true
			}
			continue
		}
		c.fold[[2]string{foldCase(o.truth), foldCase(o.seen)}] += o.count
		if o.seen == "" {
			continue
		}
		c.seen[o.seen] += o.count
		c.seenFold[foldCase(o.seen)] += o.count
		if foldCase(o.truth) != foldCase(o.seen) {
			class := letterClass(o.truth)
			c.stray[class][o.seen] += o.count
			c.strayTotal[class] += o.count
		}
	}
	c.stretch = extra / (total[""] + 1)
	c.written = slices.Sorted(maps.Keys(c.seen))
	for p := range pairs {
		c.pairs = append(c.pairs, p)
	}
	slices.SortFunc(c.pairs, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return c
}

// A glyph is a right letter, or what one was seen as, with what is counted of it
// alone: each letter is asked about with all that letters are seen as.
type glyph struct {
	text, fold, like            string
	runes, class                int
	lower                       rune    // of its fold, or what that is read as
	total, likeTotal, foldTotal float64 // as a right letter
	seen, seenFold              float64 // as what was seen
	stray                       [letterClasses]float64
}

func (c *readingCounts) glyph(s string) *glyph {
	g := &glyph{text: s, fold: foldCase(s), like: likeOf(s), runes: utf8.RuneCountInString(s), class: letterClass(s)}
	lower, _ := utf8.DecodeRuneInString(strings.ToLower(g.fold))
	g.lower = confusable(lower)
	g.total, g.likeTotal, g.foldTotal = c.total[s], c.likeTotal[g.like], c.foldTotal[g.fold]
	g.seen, g.seenFold = c.seen[s], c.seenFold[g.fold]
	for class := range g.stray {
		g.stray[class] = c.stray[class][s]
	}
	return g
}

// letter returns P(seen | truth) for one right letter.
func (c *readingCounts) letter(truth, seen *glyph) float64 {
	p := (c.like[[2]string{truth.like, seen.text}] + foldCount*c.unmarked(truth, seen)) / (truth.likeTotal + foldCount)
	p = (c.direct[[2]string{truth.text, seen.text}] + likeCount*p) / (truth.total + likeCount)
	if c.relayed == nil {
		return p
	}
	return (1-relayWeight)*p + relayWeight*c.relayed[[2]string{truth.like, seen.text}]
}

// relay estimates what a letter may be seen as from letters that are seen as
// the same: if "ệ" is often read "¢" and so is "c", then "ệ" may be read "c".
// It is one step of a random walk from what was seen to what it may have been
// and on to what that is seen as.
func (c *readingCounts) relay() {
	type share struct {
		at int
		p  float64
	}
	var likes []string
	likeAt, seenAt := make(map[string]int), make(map[string]int)
	for _, l := range lettersByNumber {
		if like := likeOf(string(l)); c.likeTotal[like] > 0 {
			if _, ok := likeAt[like]; !ok {
				likeAt[like] = len(likes)
				likes = append(likes, like)
			}
		}
	}
	for i, s := range c.written {
		seenAt[s] = i
	}
	readAs := make([][]share, len(likes)) // by like: what was seen
	madeOf := make([][]share, len(c.written))
	sums := make([]float64, len(c.written))
	for key, n := range c.like {
		l, ok := likeAt[key[0]]
		s, ok2 := seenAt[key[1]]
		if !ok || !ok2 {
			continue
		}
		readAs[l] = append(readAs[l], share{s, n / c.likeTotal[key[0]]})
		madeOf[s] = append(madeOf[s], share{l, n})
	}
	// In a fixed order, for sums of floats depend on it.
	for _, list := range [][][]share{readAs, madeOf} {
		for _, shares := range list {
			slices.SortFunc(shares, func(a, b share) int { return a.at - b.at })
		}
	}
	for s, shares := range madeOf {
		for _, m := range shares {
			sums[s] += m.p
		}
	}
	c.relayed = make(map[[2]string]float64)
	through := make([]float64, len(likes))
	to := make([]float64, len(c.written))
	for l, like := range likes {
		clear(through)
		clear(to)
		for _, r := range readAs[l] {
			for _, m := range madeOf[r.at] {
				through[m.at] += r.p * m.p / sums[r.at]
			}
		}
		for k, p := range through {
			if p < 1e-4 {
				continue
			}
			for _, r := range readAs[k] {
				to[r.at] += p * r.p
			}
		}
		for i, p := range to {
			if p > 1e-4 {
				c.relayed[[2]string{like, c.written[i]}] = p
			}
		}
	}
}

// pair returns P(seen | truth) for two right letters that were seen as one
// piece.
func (c *readingCounts) pair(truth, seen string) float64 {
	like, drop := likeOf(truth), 0.0
	if c.careful {
		drop = pairDrop
	}
	p := max(0, c.like[[2]string{like, seen}]-drop) / (c.likeTotal[like] + pairCount)
	return (max(0, c.direct[[2]string{truth, seen}]-drop) + pairCount*p) / (c.total[truth] + pairCount)
}

// unmarked estimates from what happens to the letter without its marks, and
// from which marked forms of what was seen the engine writes.
func (c *readingCounts) unmarked(truth, seen *glyph) float64 {
	n := truth.foldTotal
	p := c.fold[[2]string{truth.fold, seen.fold}]
	switch {
	case seen.text == "":
		return (p + 0.05) / (n + 50)
	case seen.runes > 1:
		return p/(n+50)*seen.seen/seen.seenFold + c.shapeless(truth, seen)/2
	case truth.fold == seen.fold:
		p += 5 // letters that were never counted keep their shape, if anything
	case truth.lower == seen.lower: // they differ in case alone, or are of one class of [FoldOCR]
		p += lookAlike * n
	}
	return p/(n+5)*(seen.seen+0.1)/(seen.seenFold+1) + c.shapeless(truth, seen) + anything/60
}

// shapeless is the part of letters that became something else altogether.
func (c *readingCounts) shapeless(truth, seen *glyph) float64 {
	class := truth.class
	if c.classTotal[class] == 0 || c.strayTotal[class] == 0 || truth.fold == seen.fold {
		return 0
	}
	return strayWeight * c.strayTotal[class] / c.classTotal[class] * (seen.stray[class] + 0.05) / (c.strayTotal[class] + 5)
}

// Classes of letters that lose their shapes alike.
const (
	plainLetter = iota
	markedVowel
	plainCapital
	markedCapital
	letterClasses
)

func letterClass(s string) int {
	r, _ := utf8.DecodeRuneInString(s)
	n := letterNumber(r)
	c := plainLetter
	if n != noLetter && r > 0x7f {
		c = markedVowel
	}
	if n != noLetter && n >= letterCount {
		c += plainCapital
	}
	return c
}

// tones lists the vowels with their tones; the first of a row stands for the
// tones above it, the last has the dot below.
var tones = strings.Fields("àáảãạ ằắẳẵặ ầấẩẫậ èéẻẽẹ ềếểễệ ìíỉĩị òóỏõọ ồốổỗộ ờớởỡợ ùúủũụ ừứửữự ỳýỷỹỵ")

// likeOf replaces each letter by the one that stands for those that differ
// from it in a tone above.
func likeOf(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if n := letterNumber(r); n != noLetter {
			return likeLetter[n]
		}
		return r
	}, s)
}

var likeLetter = func() (like [2 * letterCount]rune) {
	like = lettersByNumber
	for _, row := range tones {
		for _, row := range []string{row, strings.ToUpper(row)} {
			letters := []rune(row)
			for _, r := range letters[:4] {
				like[letterNumber(r)] = letters[0]
			}
		}
	}
	return like
}()

// likePairs returns the pieces of right text whose like is the given one.
func likePairs(like string) []string {
	out := []string{""}
	for _, r := range like {
		members := []rune{r}
		if n := letterNumber(r); n != noLetter {
			members = members[:0]
			for i, l := range likeLetter {
				if l == r {
					members = append(members, lettersByNumber[i])
				}
			}
		}
		var next []string
		for _, o := range out {
			for _, m := range members {
				next = append(next, o+string(m))
			}
		}
		out = next
	}
	return out
}
