package normalize

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
)

// lexicon holds the words that repair may choose from, as a trie over the
// letters of the alphabet, and by their form without marks.
type lexicon struct {
	nodes []trieNode
	// children lists the nodes below each node; trieNode says which are whose.
	children []trieChild
	unigram  []float32 // ln P of each word of the model
	writing  []lm.Writing
	// caseCosts are the costs of a word being written in small letters, with a
	// capital, and in capitals.
	caseCosts [][3]float32
	sound     []bool // words that right text may well have: syllables, and what is frequent
	byFold    map[string][]uint16
	form      map[uint16]string // words written in mixed case: "VNeID"
}

type trieNode struct {
	first, count uint32    // in children
	has          [3]uint64 // a bit for each letter that a child has
	word         uint16    // lm.None when no word ends here
	best         float32   // ln P of the most frequent word at or below
}

type trieChild struct {
	letter uint8
	node   uint32
}

// leastUnigram keeps chance strings of the corpora from being candidates.
const leastUnigram = -15.5

// frequentUnigram tells words of other languages that Vietnamese text uses
// ("camera", "logistics") from the others.
const frequentUnigram = -11.5

// loanUnigram tells borrowed words with marks that are written in one ("ôtô")
// from misprints.
const loanUnigram = -9.9

// A trieWord is a spelling of a word as the trie has it.
type trieWord struct {
	letters string // numbers of letters
	id      uint16
}

func newLexicon(m *lm.Model) *lexicon {
	x := &lexicon{
		unigram:   make([]float32, m.Words()),
		writing:   make([]lm.Writing, m.Words()),
		sound:     make([]bool, m.Words()),
		caseCosts: make([][3]float32, m.Words()),
		byFold:    make(map[string][]uint16),
		form:      make(map[uint16]string),
	}
	var spellings []trieWord
	for id := range m.Words() {
		id := uint16(id)
		x.describe(m, id)
		if x.sound[id] && !x.isMisprint(m.Word(id), id) {
			spellings = x.addWord(spellings, m, id)
		}
	}
	for _, ids := range x.byFold {
		slices.SortStableFunc(ids, func(a, b uint16) int { return cmp.Compare(x.unigram[b], x.unigram[a]) })
	}
	slices.SortFunc(spellings, func(a, b trieWord) int { return strings.Compare(a.letters, b.letters) })
	x.buildTrie(spellings)
	x.rankNodes()
	return x
}

// describe notes how often a word is, how it is written, and whether it is sound.
func (x *lexicon) describe(m *lm.Model, id uint16) {
	x.unigram[id] = m.Unigram(id)
	x.writing[id] = m.Writing(id)
	x.caseCosts[id] = caseCosts(x.writing[id])
	w := m.Word(id)
	if id <= lm.Unknown || x.unigram[id] < leastUnigram || utf8.RuneCountInString(w) > 12 {
		return
	}
	x.sound[id] = x.inCapitals(id) || x.unigram[id] > frequentUnigram || isSyllable(w)
}

// inCapitals reports whether a word is mostly written in capitals: "UBND", "VNeID".
func (x *lexicon) inCapitals(id uint16) bool { return x.writing[id].Upper+x.writing[id].Mixed >= 0.5 }

// isMisprint reports whether a word is a misprint of the corpora, or a foreign name.
func (x *lexicon) isMisprint(w string, id uint16) bool {
	return !isPlain(w) && w != "đ" && !isSyllable(w) && !x.inCapitals(id) && x.unigram[id] < loanUnigram
}

// addWord appends the spellings of a word.
func (x *lexicon) addWord(out []trieWord, m *lm.Model, id uint16) []trieWord {
	w := m.Word(id)
	if key := letterNumbers(w); key != "" {
		out = append(out, trieWord{key, id})
		f := Fold(w)
		x.byFold[f] = append(x.byFold[f], id)
	}
	if x.writing[id].Mixed <= 0.5 {
		return out
	}
	if form := m.Form(id); form != "" {
		x.form[id] = form
		if key := letterNumbers(form); key != "" {
			out = append(out, trieWord{key, id})
		}
	}
	return out
}

// buildTrie makes the trie of sorted spellings. They share beginnings, so it is built
// level by level from ranges of the list.
func (x *lexicon) buildTrie(spellings []trieWord) {
	type job struct {
		node     uint32
		from, to int
		depth    int
	}
	x.nodes = append(x.nodes, trieNode{})
	queue := []job{{0, 0, len(spellings), 0}}
	for len(queue) > 0 {
		j := queue[0]
		queue = queue[1:]
		n := &x.nodes[j.node]
		n.first = uint32(len(x.children))
		i := j.from
		if i < j.to && len(spellings[i].letters) == j.depth {
			n.word = spellings[i].id
			for i < j.to && len(spellings[i].letters) == j.depth {
				i++
			}
		}
		for i < j.to {
			from, c := i, spellings[i].letters[j.depth]
			for i < j.to && spellings[i].letters[j.depth] == c {
				i++
			}
			node := uint32(len(x.nodes))
			x.nodes = append(x.nodes, trieNode{})
			x.children = append(x.children, trieChild{c, node})
			x.nodes[j.node].has[c>>6] |= 1 << (c & 63)
			queue = append(queue, job{node, from, i, j.depth + 1})
		}
		x.nodes[j.node].count = uint32(len(x.children)) - x.nodes[j.node].first
	}
}

// rankNodes finds the most frequent word at or below each node. Nodes stand after
// those above them.
func (x *lexicon) rankNodes() {
	for i := len(x.nodes) - 1; i >= 0; i-- {
		n := &x.nodes[i]
		n.best = float32(math.Inf(-1))
		if n.word != lm.None {
			n.best = x.unigram[n.word]
		}
		for _, c := range x.children[n.first : n.first+n.count] {
			n.best = max(n.best, x.nodes[c.node].best)
		}
	}
}

func caseCosts(w lm.Writing) (costs [3]float32) {
	// Any word may be part of a name, but few stand in capitals among others.
	least := [3]float64{0.03, 0.03, 0.001}
	for i, share := range []float32{1 - w.Title - w.Upper - w.Mixed, w.Title, w.Upper} {
		costs[i] = float32(-caseWeight * math.Log(least[i]+(1-least[i])*float64(max(share, 0))))
	}
	return costs
}

// letterNumbers returns the word as numbers of letters, "" when it has runes
// outside the alphabet.
func letterNumbers(w string) string {
	b := make([]byte, 0, len(w))
	for _, r := range w {
		n := letterNumber(r)
		if n == noLetter {
			return ""
		}
		b = append(b, n)
	}
	return string(b)
}

// child returns the node below node that letter leads to, 0 when none does.
func (x *lexicon) child(node uint32, letter uint8) uint32 {
	n := &x.nodes[node]
	word, bit := letter>>6, uint64(1)<<(letter&63)
	if n.has[word]&bit == 0 {
		return 0
	}
	// Children go by letter, so those before it are the bits below.
	at := bits.OnesCount64(n.has[word] & (bit - 1))
	for w := range word {
		at += bits.OnesCount64(n.has[w])
	}
	return x.children[n.first+uint32(at)].node
}
