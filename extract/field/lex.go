package field

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
)

// A lexeme is the smallest piece that the grammars look at.
type lexeme struct {
	kind     lexKind
	text     string // as written
	fold     string // lower case, without marks
	from, to int    // byte range in the text
	gap      bool   // white space stands before it
}

type lexKind int

const (
	lexWord lexKind = iota
	lexNumber
	lexPunct
)

// lex cuts text into words, numbers and punctuation marks. A number is a run of
// digits with points and commas between them; a word that starts with a letter
// keeps the digits inside it, since OCR reads "đồng" as "d6ng". A word that
// starts with a digit is cut in two, which parts the glued "6.8ty" and is
// harmless for "1a" ("là"), which no grammar takes for a unit.
func lex(text string) []lexeme {
	out := make([]lexeme, 0, len(text)/4+1)
	gap := true
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(r):
			gap = true
			i += size
			continue
		case isDigit(r):
			j := i
			for j < len(text) {
				c := text[j]
				if c >= '0' && c <= '9' {
					j++
					continue
				}
				if (c == '.' || c == ',') && j+1 < len(text) && text[j+1] >= '0' && text[j+1] <= '9' {
					j++
					continue
				}
				break
			}
			out = append(out, lexeme{lexNumber, text[i:j], text[i:j], i, j, gap})
			i = j
		case isLetter(r):
			j := i
			for j < len(text) {
				r, size := utf8.DecodeRuneInString(text[j:])
				if !isLetter(r) && !isDigit(r) {
					break
				}
				j += size
			}
			out = append(out, lexeme{lexWord, text[i:j], normalize.Fold(text[i:j]), i, j, gap})
			i = j
		default:
			out = append(out, lexeme{lexPunct, text[i : i+size], text[i : i+size], i, i + size, gap})
			i += size
		}
		gap = false
	}
	return out
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isLetter also takes the currency and quotation signs that OCR puts inside
// words for letters with marks ("li¢u", "t¥"), and combining marks.
func isLetter(r rune) bool {
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || r == '¢' || r == '¥' || r == '€'
}

// like reports whether an OCR word is near enough to one of the folded words.
// Short words must fit exactly, since in three letters one wrong letter is as
// often another word.
func like(fold string, words ...string) bool {
	for _, w := range words {
		if fold == w {
			return true
		}
		if len(w) < 4 {
			continue
		}
		if d := len(fold) - len(w); d < -1 || d > 2 {
			continue
		}
		if normalize.Distance(fold, w) <= 0.26*float64(len(w)) {
			return true
		}
	}
	return false
}

// A Phrase is a fixed wording to look for in damaged text.
type Phrase struct {
	fold  string            // words joined by one space
	near  normalize.Wording // fold
	runes int               // of fold
	words int
	bag   bag
	mask  uint32
	size  int // letters and digits
	first bag // letters of the first two words
	begin uint32
	lead  int // how many they are; 0 for short phrases
}

// NewPhrase prepares a wording; marks and case do not matter.
func NewPhrase(s string) Phrase {
	fold := strings.Join(strings.Fields(normalize.Fold(s)), " ")
	runes := []rune(fold)
	p := Phrase{fold: fold, near: normalize.NewWording(runes), runes: len(runes), words: strings.Count(fold, " ") + 1}
	p.size = p.bag.add(runes)
	p.mask = p.bag.mask()
	if p.words >= 3 {
		a, rest, _ := strings.Cut(fold, " ")
		b, _, _ := strings.Cut(rest, " ")
		p.lead = p.first.add([]rune(a + b))
		p.begin = p.first.mask()
	}
	return p
}

// NewPhrases is [NewPhrase] for several wordings.
func NewPhrases(ss ...string) []Phrase {
	out := make([]Phrase, len(ss))
	for i, s := range ss {
		out[i] = NewPhrase(s)
	}
	return out
}

// Like is [normalize.SimilarityFrom] of a folded text and the wording.
func (p *Phrase) Like(folded []rune, least float64) (float64, bool) {
	longest := float64(max(len(folded), p.runes))
	var d [1]float64
	p.near.PrefixDistances(folded, []int{len(folded)}, (1-least)*longest+1e-9, d[:])
	like := max(0, 1-d[0]/longest)
	return like, like >= least
}

// String returns the folded wording.
func (p Phrase) String() string { return p.fold }

// A bag counts letters, each in a byte of its words, up to mostInBag; digits and
// signs share the place behind the last letter. Eight counts are added and compared
// at a time.
type bag [4]uint64

const (
	mostInBag = 127
	bagPlaces = 27
	highBits  = 0x8080808080808080 // of the bytes of a word
)

// add counts the letters of a folded text and returns how many runes but
// spaces it has.
func (b *bag) add(fold []rune) int {
	n := 0
	for _, r := range fold {
		at := bagPlaces - 1
		switch {
		case r >= 'a' && r <= 'z':
			at = int(r - 'a')
		case r == ' ':
			continue
		}
		if b.count(at) < mostInBag {
			b[at/8] += 1 << (at % 8 * 8)
		}
		n++
	}
	return n
}

func (b *bag) count(at int) int { return int(b[at/8] >> (at % 8 * 8) & 0xff) }

// join adds the counts of o.
func (b *bag) join(o *bag) {
	for i := range b {
		sum := b[i] + o[i]
		over := sum & highBits
		b[i] = (sum | (over - over>>7)) &^ highBits
	}
}

// mask has a bit for each letter that is there. Where too many of them are
// missing there is no need to count.
func (b *bag) mask() uint32 {
	m := uint32(0)
	for at := range bagPlaces {
		if b.count(at) != 0 {
			m |= 1 << at
		}
	}
	return m
}

// missing counts the letters of b that o lacks.
func (b *bag) missing(o *bag) int {
	n := 0
	for i := range b {
		less := (b[i] | highBits) - o[i]
		some := less & highBits // of the bytes of which b has at least as many
		less &= some - some>>7
		// Added in pairs first: eight bytes may be more than one holds.
		n += int((less&0x00ff00ff00ff00ff + less>>8&0x00ff00ff00ff00ff) * 0x0001000100010001 >> 48)
	}
	return n
}

// A Hit is a place where a phrase was found.
type Hit struct {
	From, To int     // byte range in the text
	Score    float64 // similarity, 0..1
}

// A Text is a text cut into words once, so that many phrases can be looked for.
type Text struct {
	runes []rune // folded words joined by one space
	words []textWord
}

// A textWord holds no pointers: texts are made by the thousand, and none has to be
// searched for what it holds. It takes a line of the processor's cache.
type textWord struct {
	from, to   int   // bytes in the source
	start, end int32 // runes in Text.runes
	bag        bag
	mask       uint32
	size       int32
}

// fold returns word i, folded.
func (t *Text) fold(i int) string { return string(t.runes[t.words[i].start:t.words[i].end]) }

// NewText cuts s into words at white space. Punctuation at the edges of a word
// does not count when phrases are compared.
func NewText(s string) *Text {
	t := &Text{runes: make([]rune, 0, len(s)), words: make([]textWord, 0, len(s)/5+1)}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(r) {
			i += size
			continue
		}
		j := i
		for j < len(s) {
			r, size := utf8.DecodeRuneInString(s[j:])
			if unicode.IsSpace(r) {
				break
			}
			j += size
		}
		t.add(s, i, j)
		i = j
	}
	return t
}

// add appends the word from bytes i to j of s unless it has neither letters nor digits.
func (t *Text) add(s string, i, j int) {
	had := len(t.runes)
	if had > 0 {
		t.runes = append(t.runes, ' ')
	}
	start := len(t.runes)
	var room [64]byte
	for fold := normalize.AppendFold(room[:0], s[i:j]); len(fold) > 0; {
		r, size := utf8.DecodeRune(fold)
		fold = fold[size:]
		if len(t.runes) > start || counts(r) {
			t.runes = append(t.runes, r)
		}
	}
	for len(t.runes) > start && !counts(t.runes[len(t.runes)-1]) {
		t.runes = t.runes[:len(t.runes)-1]
	}
	if len(t.runes) == start {
		t.runes = t.runes[:had]
		return
	}
	w := textWord{from: i, to: j, start: int32(start), end: int32(len(t.runes))}
	w.size = int32(w.bag.add(t.runes[start:]))
	w.mask = w.bag.mask()
	t.words = append(t.words, w)
}

// counts reports whether a rune at the edge of a word is part of it.
func counts(r rune) bool { return r >= 'a' && r <= 'z' || isLetter(r) || isDigit(r) }

// Find returns the best place of the phrase whose similarity is at least min,
// the first among equals.
func (t *Text) Find(p Phrase, min float64) (Hit, bool) {
	var best Hit
	for i := range t.words {
		if h, ok := t.at(i, &p, min); ok && h.Score > best.Score+1e-9 {
			best = h
			if h.Score == 1 {
				break
			}
		}
	}
	return best, best.Score > 0
}

// FindPrefix reports whether the text begins with the phrase.
func (t *Text) FindPrefix(p Phrase, min float64) (Hit, bool) {
	if len(t.words) == 0 {
		return Hit{}, false
	}
	return t.at(0, &p, min)
}

// Holds reports whether the text holds one of the phrases.
func (t *Text) Holds(any []Phrase, min float64) bool {
	return slices.ContainsFunc(any, func(p Phrase) bool { _, ok := t.Find(p, min); return ok })
}

// BeginsWith reports whether the text begins with one of the phrases.
func (t *Text) BeginsWith(any []Phrase, min float64) bool {
	return slices.ContainsFunc(any, func(p Phrase) bool { _, ok := t.FindPrefix(p, min); return ok })
}

// FindAll returns all places of the phrase that do not overlap, in order.
func (t *Text) FindAll(p Phrase, min float64) []Hit {
	var out []Hit
	for i := 0; i < len(t.words); i++ {
		h, ok := t.at(i, &p, min)
		if !ok {
			continue
		}
		// A better fit may start one word later.
		if next, ok := t.at(i+1, &p, min); ok && next.Score > h.Score {
			continue
		}
		out = append(out, h)
		for i+1 < len(t.words) && t.words[i+1].from < h.To {
			i++
		}
	}
	return out
}

// at compares the phrase with the windows of words that start at word i: one
// word more or fewer than the phrase, since OCR glues and splits words.
func (t *Text) at(i int, p *Phrase, min float64) (Hit, bool) {
	var best Hit
	if i >= len(t.words) {
		return best, false
	}
	// Most windows are ruled out by their letters: each that is missing costs
	// a wrong letter, or a quarter when OCR confused it, and seldom are more
	// than half of them confused.
	slack := int(float64(p.size)*(1-min)*1.7) + 1
	// Long phrases share most letters with any text; their first two words
	// must be there.
	if p.lead > 0 {
		near, mask := t.words[i].bag, t.words[i].mask
		if i+1 < len(t.words) {
			mask |= t.words[i+1].mask
			if bits.OnesCount32(p.begin&^mask) > p.lead/2 {
				return best, false
			}
			near.join(&t.words[i+1].bag)
		}
		if p.first.missing(&near) > p.lead/2 {
			return best, false
		}
	}
	// The windows that are left begin alike, so one pass compares them all.
	var windows, ends [4]int // last word, and end in the pass
	count := 0
	start := int(t.words[i].start)
	var seen bag // letters of the first words, as many as are counted
	counted := 0
	mask, size := uint32(0), 0
	for n := 1; n <= p.words+1 && i+n <= len(t.words); n++ {
		w := &t.words[i+n-1]
		mask |= w.mask
		size += int(w.size)
		if size > p.size+slack {
			break
		}
		if size < p.size-slack || n < p.words-2 || bits.OnesCount32(p.mask&^mask) > slack {
			continue
		}
		for ; counted < n; counted++ {
			seen.join(&t.words[i+counted].bag)
		}
		if p.bag.missing(&seen) > slack {
			continue
		}
		windows[count], ends[count] = i+n-1, int(w.end)-start
		count++
	}
	if count == 0 {
		return best, false
	}
	var distances [4]float64
	longest := func(k int) float64 { return float64(max(ends[k], p.runes)) }
	p.near.PrefixDistances(t.runes[start:], ends[:count], (1-min)*longest(count-1)+1e-9, distances[:])
	for k := range count {
		if s := 1 - distances[k]/longest(k); s >= min && s > best.Score {
			best = Hit{t.words[i].from, t.words[windows[k]].to, s}
		}
	}
	return best, best.Score > 0
}

func isUpper(r rune) bool { return unicode.IsUpper(r) }
