// Package title tells how like the titles of two records are: those of a report
// and of the plan that it is about, of two reports, of a sentence and a table.
//
// Titles are compared twice: letter by letter, which forgives what OCR does to
// words, and word by word, which forgives that one report says "Khám chữa bệnh
// bằng căn cước" and another "Sử dụng căn cước trong khám chữa bệnh". Words
// that many titles have ("triển khai", "dữ liệu") count little, and a word that
// stands in the place of another one counts against: "đăng ký thường trú" and
// "đăng ký tạm trú" are two things, though most of their letters agree.
package title

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/normalize"
)

const (
	// MinLink is the likeness from which on two titles are one subject.
	MinLink = 0.72
	// SureLink is the likeness from which on nobody has to look at the link.
	SureLink = 0.84
	// MinLead is how much likelier a sure link is than the next one.
	MinLead = 0.05
	// minWord is the likeness from which on two words are one that was misread;
	// words of three letters have less to be told apart by.
	minWord, minShortWord = 0.65, 0.8
	// swapWeight is how much the words count against that stand in the place of others.
	swapWeight = 0.8
	// orderShare is what the words are worth where their order is another one.
	orderShare = 0.85
	// prefixShare is what a title is worth that another one goes on from: "… ban
	// hành kèm theo Quyết định …".
	prefixShare = 0.95
	// minWithin is the share of all words that a title must have to be looked for
	// within another, and withinLink what it is worth there.
	minWithin, withinLink = 0.72, 0.75
	// minGlued is the likeness from which on a word is two that were read as one.
	minGlued = 0.75
	// misreadShare is what letters are worth that make no words.
	misreadShare = 0.95
	// minPrefix is how many letters such a title has at least.
	minPrefix = 20
)

// A Title is a title made ready for comparing.
type Title struct {
	text  string   // folded, one space between words
	words []string // of text
	Key   string   // the same for titles that are equal but for marks and signs
}

// ordinalPrefix are the words that number a subject: "Mô hình 25:", "Nhiệm vụ 3.".
var ordinalPrefix = []string{"mo hinh", "nhiem vu", "chi tieu", "dich vu", "noi dung", "tien ich"}

// New makes a title ready. What numbers a subject ("Mô hình 25:") is no part of it.
func New(s string) Title {
	f := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return ' '
	}, normalize.Fold(normalize.NFC(s)))
	words := strings.Fields(f)
	for _, p := range ordinalPrefix {
		n := strings.Fields(p)
		if len(words) > len(n)+1 && slices.Equal(words[:len(n)], n) && isNumber(words[len(n)]) && strings.ContainsAny(s, ":.") {
			words = words[len(n)+1:]
			break
		}
	}
	text := strings.Join(words, " ")
	return Title{text: text, words: words, Key: strings.Join(words, "")}
}

// Pairs lists the pairs of neighbouring words of a title, each once, in order of the
// alphabet.
func (t Title) Pairs() []string {
	var out []string
	for i := 1; i < len(t.words); i++ {
		out = append(out, t.words[i-1]+" "+t.words[i])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// Weights tell how much a word says: the rarer among the titles, the more.
type Weights struct {
	titles float64
	in     map[string]float64    // titles that have the word
	like   map[[2]string]float64 // likenesses of words that were asked for
}

// NewWeights weighs the words of titles, which may repeat each other.
func NewWeights(titles []Title) Weights {
	w := Weights{in: map[string]float64{}, like: map[[2]string]float64{}}
	// A subject that thirty reports name is one: its words are not common for it.
	seen := map[string]bool{}
	for _, t := range titles {
		if seen[t.Key] {
			continue
		}
		seen[t.Key] = true
		w.titles++
		words := slices.Clone(t.words)
		slices.Sort(words)
		for _, word := range slices.Compact(words) {
			w.in[word]++
		}
	}
	return w
}

// of is 1 for a word of half the titles, more for rarer ones. Linking words and
// single letters count less than any other.
func (w Weights) of(word string) float64 {
	n := math.Log2(1 + w.titles/max(1, w.in[word]))
	if linking[word] || len(word) == 1 && !isNumber(word) {
		return min(n, 0.3)
	}
	return max(n, 0.5)
}

// linking are words that join others, folded.
var linking = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("va cac cua tai tren cho bang theo trong duoc ve viec den tu voi la co mot nhung doi qua khi de o vao phuc vu") {
		m[w] = true
	}
	return m
}()

// Likeness compares two titles: 1 for equal ones, 0 for titles with nothing in
// common.
func (w Weights) Likeness(a, b Title) float64 {
	if a.Key == b.Key {
		return 1
	}
	if len(a.text) > len(b.text) {
		a, b = b, a
	}
	// To compare letters costs most: not where they could not help any more.
	words, swapped := w.shared(unglued(a.words, b.words), unglued(b.words, a.words))
	prefix := len(a.text) >= minPrefix && len(b.text) > len(a.text)*6/5
	if !prefix && (1+words)/2-swapWeight*swapped < MinLink {
		return max(0, orderShare*words-swapWeight*swapped)
	}
	letters := normalize.Similarity(a.text, b.text)
	if prefix {
		// Cut at a word: the longer title may end with the decision that it is from.
		cut := len(a.text)
		for cut < len(b.text) && b.text[cut] != ' ' {
			cut++
		}
		if s := prefixShare * normalize.Similarity(a.text, b.text[:cut]); s > letters {
			if letters = s; letters > 0.9 {
				return letters // all of the shorter title stands in the longer one
			}
		}
	}
	score := max((letters+words)/2, orderShare*words)
	if words >= minWithin && swapped < 0.02 && len(a.text) >= minPrefix {
		score = max(score, withinLink) // the shorter says nothing that the longer does not
	}
	return max(0, score-swapWeight*swapped)
}

// Misread is [Weights.Likeness] for titles of which one may be damaged so much that
// its words are none: letters alone may tell. It takes "cấp mới" for "cấp đổi"
// unless that stands there, too: it is for lists in which each title has one
// partner, the likest pairs first.
func (w Weights) Misread(a, b Title) float64 {
	return max(w.Likeness(a, b), misreadShare*normalize.Similarity(a.text, b.text))
}

// unglued parts the words of a title that are two of the other's, which OCR read
// as one: "khudu lịch" beside "khu du lịch".
func unglued(words, other []string) []string {
	var out []string
	for _, x := range words {
		at, best := -1, minGlued
		for j := 0; len(x) >= 4 && j+1 < len(other); j++ {
			if x == other[j] || x == other[j+1] {
				at = -1
				break
			}
			if d := len(x) - len(other[j]) - len(other[j+1]); d < -1 || d > 1 {
				continue
			}
			if s := normalize.Similarity(x, other[j]+other[j+1]); s > best && s > max(wordLikeness(x, other[j]), wordLikeness(x, other[j+1])) {
				at, best = j, s
			}
		}
		if at >= 0 {
			cut := min(len(other[at]), len(x)-1)
			out = append(out, x[:cut], x[cut:])
			continue
		}
		out = append(out, x)
	}
	return out
}

// shared is the weight of the words that both titles have, as a share of all,
// and that of the words that stand in each other's place, likewise.
func (w Weights) shared(a, b []string) (common, swapped float64) {
	taken := make([]bool, len(b))
	var both, all, left float64
	for _, x := range a {
		best, at := 0.0, -1
		for j, y := range b {
			if taken[j] {
				continue
			}
			s := w.alike(x, y)
			if s > best {
				best, at = s, j
			}
		}
		n := w.of(x)
		all += n
		if at < 0 || best < minWord || best < minShortWord && max(len(x), len(b[at])) <= 3 {
			left += n
			continue
		}
		taken[at] = true
		both += best * (n + w.of(b[at])) / 2
	}
	other := 0.0
	for j, y := range b {
		n := w.of(y)
		all += n
		if !taken[j] {
			other += n
		}
	}
	if all == 0 {
		return 0, 0
	}
	return 2 * both / all, 2 * min(left, other) / all
}

// alike is [wordLikeness], remembered: titles are made of few words.
func (w Weights) alike(a, b string) float64 {
	if a == b {
		return 1
	}
	if a > b {
		a, b = b, a
	}
	s, ok := w.like[[2]string{a, b}]
	if !ok {
		s = wordLikeness(a, b)
		w.like[[2]string{a, b}] = s
	}
	return s
}

// wordLikeness compares words. Numbers are equal or different: "mức 3" is not a
// misread "mức 4".
func wordLikeness(a, b string) float64 {
	if a == b {
		return 1
	}
	if strings.ContainsAny(a+b, "0123456789") && (isNumber(a) || isNumber(b)) {
		return 0
	}
	if la, lb := len(a), len(b); la > 2*lb+1 || lb > 2*la+1 {
		return 0
	}
	return normalize.Similarity(a, b)
}
