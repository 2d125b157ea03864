package normalize

import (
	"math"

	"github.com/sohoa/sohoa/normalize/lm"
)

// memory is what a text says about the words that it uses. An article about
// fishing has "câu" again and again where others have "cầu", and a name keeps
// its marks. So text without marks is searched twice: the first search tells
// how often each syllable was which word, as far as it could be decided; the
// second takes a syllable for what it is elsewhere in the text a little more
// readily. The text that a word stands in is no evidence for itself.
type memory struct {
	words  map[uint16]float32 // how often each word was chosen, by probability
	folded map[string]float32 // how often each syllable without marks occurs
	chosen []choice           // of the first search, those still to come in the second
}

const (
	// memoryPrior is the weight of the model's own shares of the words, in
	// occurrences, beside those counted in the text.
	memoryPrior = 16.0
	// memoryTrust is how much of the counted evidence is believed.
	memoryTrust = 0.7
)

// learn notes the choices of a first search, and reports whether a second one
// can differ from it.
func (m *memory) learn(d *decoder, choices []choice) bool {
	if m.words == nil {
		m.words, m.folded = make(map[uint16]float32), make(map[string]float32)
	}
	m.chosen = choices
	again := false
	for _, c := range choices {
		u := &d.units[c.from]
		if u.mode != bareMode || u.kind != wordPiece || c.n != 1 {
			continue
		}
		text := toLower(d.text(u))
		again = again || m.folded[text] > 0
		m.folded[text]++
		m.words[c.ids[0]] += c.score
		for _, r := range c.rest {
			m.words[r.hyp.ids[0]] += r.score
		}
	}
	return again
}

func (m *memory) clear() {
	clear(m.words)
	clear(m.folded)
	m.chosen = nil
}

// weigh changes the costs of the hypotheses for unit at by how often the text
// has each of their words elsewhere: the shares of the words after the counts
// (a Dirichlet estimate) over their shares before. Units come in order.
func (m *memory) weigh(d *decoder, at int32, hyps []hypothesis) {
	for len(m.chosen) > 0 && m.chosen[0].from < at {
		m.chosen = m.chosen[1:]
	}
	if len(m.chosen) == 0 || m.chosen[0].from > at {
		return
	}
	own := &m.chosen[0]
	elsewhere := m.folded[toLower(d.text(&d.units[at]))] - 1
	if elsewhere <= 0 {
		return
	}
	var all float64
	for i := range hyps {
		all += math.Exp(float64(d.r.lexicon.unigram[hyps[i].ids[0]]))
	}
	for i := range hyps {
		id := hyps[i].ids[0]
		if id <= lm.Unknown {
			continue
		}
		count := m.words[id]
		if own.ids[0] == id {
			count -= own.score
		}
		for k := range own.rest {
			if own.rest[k].hyp.ids[0] == id {
				count -= own.rest[k].score
			}
		}
		share := float32(math.Exp(float64(d.r.lexicon.unigram[id])) / all)
		after := (max(count, 0) + memoryPrior*share) / (elsewhere + memoryPrior)
		hyps[i].cost -= memoryTrust * float32(math.Log(float64(after/share)))
	}
}
