package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/extract/profiles"
	"github.com/sohoa/sohoa/normalize"
)

// A blockHead is a head that was found in a block: its column, and where its words stand.
type blockHead struct {
	col     int // of the profile; noPlace for a head that it does not know, figuresElse for one over figures
	key     int // tells the columns of the profile and other wordings apart
	at      []blockPlace
	runs    int     // lines that it wraps to
	weight  float64 // letters, times how like they are
	letters int
	likely  float64
	usual   float64 // place among the columns of the profile
	other   bool    // a wording that no report type needs
	text    string
}

type blockPlace struct{ line, word int }

// blockPlaces remembers the places of wordings in a block: most profiles ask for the same.
type blockPlaces map[placesKey][]blockHead

type placesKey struct {
	left    int
	wording string
}

// placesOf finds the places of a wording in a block; text is the wording as a whole.
func (x *headBlock) placesOf(text string, words func() []string, like wordLikes) []blockHead {
	key := placesKey{x.left, text}
	all, ok := x.places[key]
	if !ok {
		if of := words(); len(of) > 0 {
			all = x.find(of, like)
		}
		if x.places != nil {
			x.places[key] = all
		}
	}
	return all
}

// find finds the places of a wording's words in a block, in runs on lines below each
// other.
func (x *headBlock) find(wording []string, like wordLikes) (all []blockHead) {
	for from := range x.words {
		for start := range x.words[from] {
			if like.of(wording[0], &x.words[from][start]) >= headWordLike {
				all = x.follow(all, wording, blockHead{}, from, start, like)
			}
		}
	}
	return all
}

// Bounds of the search for a wording.
const (
	headStep   = 3  // lines that the lines of a wrapped head may stand below each other
	mostPlaces = 24 // of one wording

	runsInCapital = 0.3 // letters that a wrapped line costs that begins with a capital
)

// follow takes the words of a wording from a place on, behind those that a head has: as
// many as stand in a row, then those on one of the next lines.
func (x *headBlock) follow(all []blockHead, wording []string, h blockHead, line, start int, like wordLikes) []blockHead {
	h.at = slices.Clone(h.at)
	if h.runs++; h.runs > 1 && x.words[line][start].upper && !x.capitals {
		h.weight -= runsInCapital
	}
	for n := 0; len(h.at) < len(wording) && start+n < len(x.words[line]); n++ {
		next, w := wording[len(h.at)], &x.words[line][start+n]
		s := like.of(next, w)
		if s < headWordLike || n > 0 && w.bar {
			break
		}
		h.at = append(h.at, blockPlace{line, start + n})
		h.weight += s * float64(len(next))
		h.letters += len(next)
	}
	if len(h.at) == len(wording) {
		if h.runs > 1 && !x.capitals && !x.mayBegin(h.at[0]) {
			return all
		}
		h.likely = h.weight / float64(h.letters)
		least := headRunsLike
		switch {
		case h.letters <= 4:
			least = 1
		case h.letters <= 8:
			least = shortHead
		}
		if h.weight *= h.likely; h.likely >= least && len(all) < mostPlaces {
			all = append(all, h)
		}
		return all
	}
	next := wording[len(h.at)]
	for i := line + 1; i < len(x.words) && i <= line+headStep; i++ {
		for k := range x.words[i] {
			if like.of(next, &x.words[i][k]) >= headRunsLike && len(all) < mostPlaces {
				all = x.follow(all, wording, h, i, k, like)
			}
		}
	}
	return all
}

// mayBegin reports whether a head may begin at a place: with a capital, or behind a bar.
func (x *headBlock) mayBegin(at blockPlace) bool {
	w := &x.words[at.line][at.word]
	return w.upper || w.bar
}

// heads finds the columns of a profile in a block: one place for each, and each word once,
// so that most letters are words of heads. Those that stand in a row are chosen first.
// Wordings that no report type needs have what is left.
func (x *headBlock) heads(p *Profile, like wordLikes) []blockHead {
	known, others := partHeads(x.wordings(p, like))
	return besides(placeHeads(known), known, others)
}

// placeHeads chooses one place for each head.
func placeHeads(all []blockHead) (out []blockHead) {
	const wrapped, kept = 8, 1 // letters that a wrapped line costs at first, and then
	slices.SortStableFunc(all, func(a, b blockHead) int { return cmp.Compare(b.worth(wrapped), a.worth(wrapped)) })
	for _, h := range all {
		if !slices.ContainsFunc(out, func(o blockHead) bool { return o.key == h.key || o.shares(&h) }) {
			out = append(out, h)
		}
	}
	for round := 0; round < 3; round++ {
		for i := range out {
			for k := range all {
				h := &all[k]
				if h.key != out[i].key || h.worth(kept) <= out[i].worth(kept) {
					continue
				}
				if !slices.ContainsFunc(out, func(o blockHead) bool { return o.key != h.key && o.shares(h) }) {
					out[i] = *h
				}
			}
		}
	}
	return out
}

// besides adds to the heads of a profile those that no report type needs: of words that are
// no head's, or of all words of a head that is only their end, as "kế hoạch" is of "So với kế
// hoạch". Such a head gets another place, where there is one.
func besides(out, known, others []blockHead) []blockHead {
	const whole = 0.9 // how like its wording a head must be to take the words of others
	moved := false
	for _, h := range placeHeads(others) {
		takes := func(o blockHead) bool { return o.shares(&h) }
		if !slices.ContainsFunc(out, takes) {
			out = append(out, h)
			continue
		}
		if h.likely < whole || slices.ContainsFunc(out, func(o blockHead) bool { return takes(o) && (o.other || !h.holds(&o)) }) {
			continue
		}
		out, moved = append(slices.DeleteFunc(out, takes), h), true
	}
	if !moved {
		return out
	}
	for _, h := range known { // the most likely first
		if !slices.ContainsFunc(out, func(o blockHead) bool { return o.key == h.key || o.shares(&h) }) {
			out = append(out, h)
		}
	}
	return out
}

// holds reports whether a head has all words of another, and more.
func (h *blockHead) holds(o *blockHead) bool {
	return len(h.at) > len(o.at) && !slices.ContainsFunc(o.at, func(at blockPlace) bool { return !slices.Contains(h.at, at) })
}

// wordings finds all places where the heads of a profile's columns may stand.
func (x *headBlock) wordings(p *Profile, like wordLikes) (all []blockHead) {
	for c := range p.Columns {
		if p.Columns[c].Type == TypeOrdinal {
			continue
		}
		for _, ph := range x.phrases(p)[c] {
			text := ph.String()
			for _, h := range x.placesOf(text, func() []string { return foldedWords(text) }, like) {
				h.col, h.key, h.text = c, c, text
				all = append(all, h)
			}
		}
	}
	if x.likes != nil {
		all = append(all, x.alike(p)...)
	}
	for i, other := range otherHeads {
		if p.beginsLike(other.words) {
			continue // "Tỷ lệ đạt", where the profile has "Tỷ lệ"
		}
		for _, h := range x.placesOf(other.text, func() []string { return other.words }, like) {
			h.col, h.key, h.other, h.text = other.col, len(p.Columns)+i, true, other.text
			all = append(all, h)
		}
	}
	return all
}

// phrases are the wordings of a profile that count in the block, by column.
func (x *headBlock) phrases(p *Profile) [][]field.Phrase {
	if x.asGrid {
		return p.grid
	}
	return p.ruled
}

// beginsLike reports whether a wording of the profile begins with the same two words.
func (p *Profile) beginsLike(words []string) bool {
	return len(words) > 1 && slices.ContainsFunc(p.ruled, func(column []field.Phrase) bool {
		return slices.ContainsFunc(column, func(ph field.Phrase) bool {
			text := strings.TrimLeftFunc(ph.String(), notOfWord)
			if !strings.HasPrefix(text, words[0]) {
				return false // as nearly all
			}
			own := foldedWords(text)
			return len(own) > 1 && own[0] == words[0] && own[1] == words[1]
		})
	})
}

// An otherHead is a wording that no report type needs.
type otherHead struct {
	words []string
	text  string // the words
	col   int    // noPlace, or figuresElse
}

// otherHeads are such wordings of columns of words and of figures.
var otherHeads = func() (all []otherHead) {
	for _, list := range []struct {
		wordings []string
		col      int
	}{{profiles.Remarks(), noPlace}, {profiles.OtherTexts(), noPlace}, {profiles.OtherFigures(), figuresElse}} {
		for _, w := range list.wordings {
			words := foldedWords(w)
			all = append(all, otherHead{words, strings.Join(words, " "), list.col})
		}
	}
	return all
}()

// worth is what a place speaks for a head, where each line that it wraps to costs as many
// letters as line says.
func (h *blockHead) worth(line float64) float64 { return h.weight - line*float64(h.runs-1) }

// adopt gives heads that no wording knows to columns of the profile that were not found
// and have one that is not unlike: damage left little of it.
func (x *headBlock) adopt(p *Profile, known, unknown []blockHead, like wordLikes) (left, all []blockHead) {
	const least = 0.5
	for _, h := range unknown {
		best := least
		for c := range p.Columns {
			if p.Columns[c].Type == TypeOrdinal || slices.ContainsFunc(known, func(o blockHead) bool { return o.col == c }) {
				continue
			}
			for _, ph := range x.phrases(p)[c] {
				if s := like.between(ph.String(), h.text); s > best {
					best, h.col = s, c
				}
			}
		}
		if h.col == noPlace {
			left = append(left, h)
		} else {
			known = append(known, h)
		}
	}
	return left, known
}

// shares reports whether two heads have a word in common.
func (h *blockHead) shares(o *blockHead) bool {
	return slices.ContainsFunc(h.at, func(at blockPlace) bool { return slices.Contains(o.at, at) })
}

// wordLikes remember how like words are.
type wordLikes map[[2]string]float64

// of tells how like a word of a wording is to one of a head, as it was read or as it was
// repaired.
func (l wordLikes) of(wording string, w *blockWord) float64 {
	like := l.between(wording, w.text)
	if w.read == w.text {
		return like
	}
	return max(like, l.between(wording, w.read))
}

func (l wordLikes) between(a, b string) float64 {
	const most = 4
	if d := len(a) - len(b); d > most || d < -most {
		return 0
	}
	if a == b || misreadUnit(a, b) {
		return 1
	}
	key := [2]string{a, b}
	v, ok := l[key]
	if !ok {
		v = normalize.Similarity(a, b)
		l[key] = v
	}
	return v
}

// misreadUnit reports whether a word is what engines make of "ĐVT": its first letter is
// none that they know.
func misreadUnit(wording, word string) bool {
	return wording == "dvt" && len(word) == 3 && word[1:] == wording[1:]
}

// others are the heads that no wording knows, and how much of the block's letters is
// known. A head begins with a capital; what goes on with small letters is one's next line.
func (x *headBlock) others(known []blockHead) (out []blockHead, covered float64) {
	taken := make(map[blockPlace]bool)
	for _, h := range known {
		for _, at := range h.at {
			taken[at] = true
		}
	}
	seen := 0
	for i, line := range x.words {
		for k := range line {
			if w := &line[k]; taken[blockPlace{i, k}] && !w.silent || numberHeads[w.text] {
				seen += len(w.text)
			}
		}
		for from := 0; from < len(line); from++ {
			if taken[blockPlace{i, from}] || numberHeads[line[from].text] {
				continue
			}
			to := from + 1
			for to < len(line) && !line[to].bar && !taken[blockPlace{i, to}] {
				to++
			}
			if h, ok := x.otherHead(i, from, to, taken); ok {
				out = append(out, h)
			}
			from = to - 1
		}
	}
	return out, float64(seen) / math.Max(1, float64(x.letters))
}

// otherHead takes the words from to to of line i, which no wording knows, for a head of
// their own.
func (x *headBlock) otherHead(i, from, to int, taken map[blockPlace]bool) (h blockHead, ok bool) {
	const least, wide = 5, 12 // letters of a head, of one over several columns
	line := x.words[i]
	said, all := 0, 0
	h.col = noPlace
	var text []string
	for k := from; k < to; k++ {
		h.at, text = append(h.at, blockPlace{i, k}), append(text, line[k].text)
		if all += len(line[k].text); !line[k].silent && len(line[k].text) > 2 {
			said += len(line[k].text)
		}
	}
	h.text = strings.Join(text, " ")
	// "Nội dung" before "nhiệm vụ được giao", which a wording knows.
	prefix := to < len(line) && !line[to].bar && taken[blockPlace{i, to}] && !line[to].upper
	// A head that stands alone above the others is over several of them.
	over := i < x.numbers && to-from == len(line) && all >= wide
	return h, said >= least && line[from].upper && !prefix && !over
}
