package normalize

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
)

// Restorer repairs Vietnamese text. It is safe for concurrent use.
type Restorer struct {
	*knowledge
	favoured map[uint32]bool // pairs of words of the document's own vocabulary
	phrases  *phrases        // of reports; nil for none
}

// knowledge is what all restorers of one model share.
type knowledge struct {
	model    *lm.Model
	lexicon  *lexicon
	channels [modeCount]*channel
	domain   []float32     // what each word gains in heavily damaged text, in nats
	expects  bool          // of words that fit badly those are tried that the model expects
	around   *surroundings // have a say in words that are left open; nil for none
	decoders sync.Pool

	mu    sync.RWMutex
	cache [modeCount]map[string]*wordChoices

	cells func() *Restorer // see [Restorer.ForCells]; nil where there is no other
}

// cacheSize bounds the remembered words of a channel; a full cache is emptied,
// which costs less than keeping track of use.
const cacheSize = 30000

// Open reads the language model at path and returns a restorer that uses it. Errors
// are those of [lm.Open].
func Open(path string) (*Restorer, error) {
	m, err := lm.Open(path)
	if err != nil {
		return nil, err
	}
	return New(m)
}

// New returns a restorer that uses the model m.
func New(m *lm.Model) (*Restorer, error) {
	k, err := newKnowledge(m, heavyTable{channel: heavyChannel, counts: heavyCounts, search: usualReach})
	if err != nil {
		return nil, fmt.Errorf("opening restorer: %w", err)
	}
	p, err := loadPhrases(m, reportPhrases)
	if err != nil {
		return nil, fmt.Errorf("opening restorer: %w", err)
	}
	r := &Restorer{knowledge: k, phrases: p}
	k.cells = sync.OnceValue(r.openCells)
	return r, nil
}

// A heavyTable is what is known of the heavy channel, and how far is looked for
// what a word of it may stand for.
type heavyTable struct {
	channel string // [heavyChannel] or [cellChannel]
	counts  string
	search  reach
}

// newKnowledge reads the tables beside a model.
func newKnowledge(m *lm.Model, heavy heavyTable) (*knowledge, error) {
	k := &knowledge{model: m}
	var err error
	if k.channels[lightMode], err = loadChannel("light", strings.NewReader(lightCounts)); err != nil {
		return nil, err
	}
	if k.channels[scanMode], err = loadChannel("scans", strings.NewReader(scanCounts)); err != nil {
		return nil, err
	}
	if k.domain, err = loadDomain(m, administrative); err != nil {
		return nil, err
	}
	k.lexicon = newLexicon(m)
	return k, k.read(heavy)
}

// read takes the heavy channel and prepares the search.
func (k *knowledge) read(heavy heavyTable) (err error) {
	if k.channels[heavyMode], err = loadChannel(heavy.channel, strings.NewReader(heavy.counts)); err != nil {
		return err
	}
	k.expects = heavy.channel == cellChannel
	for i := range k.cache {
		k.cache[i] = make(map[string]*wordChoices)
	}
	k.decoders.New = func() any {
		return &decoder{scorer: k.model.NewScorer(), searcher: searcher{reach: heavy.search}}
	}
	return nil
}

// ForCells returns the restorer for texts that were put together of pieces: cells of
// tables whose columns ran into each other. Which piece belongs where is decided
// with the words that r makes; this one reads heavily damaged words better, and
// since it comes after, nothing moves when a word changes.
func (r *Restorer) ForCells() *Restorer {
	if r.cells == nil {
		return r
	}
	c := *r.cells()
	c.favoured = r.favoured
	return &c
}

// openCells reads the channel of [Restorer.ForCells]. It is part of the program and
// tested; a table that cannot be read is a broken build.
func (r *Restorer) openCells() *Restorer {
	k := &knowledge{model: r.model, lexicon: r.lexicon, channels: r.channels, domain: forCells(r.domain)}
	if err := k.read(heavyTable{channel: cellChannel, counts: cellCounts, search: usualReach}); err != nil {
		panic("channel of cells: " + err.Error())
	}
	var err error
	if k.around, err = loadSurroundings(r.model, surroundingsData); err != nil {
		panic("cells: " + err.Error())
	}
	return &Restorer{knowledge: k, phrases: r.phrases}
}

// Model returns the language model.
func (r *Restorer) Model() *lm.Model { return r.model }

// favour is what a pair of words gains, in nats, that the document's own
// vocabulary has.
const favour = 1.5

// WithVocabulary returns a restorer that leans towards the wording of texts:
// titles of a plan seen before, names of agencies and places. It shares
// everything else with r.
func (r *Restorer) WithVocabulary(texts ...string) *Restorer {
	pairs := make(map[uint32]bool, len(r.favoured))
	for k := range r.favoured {
		pairs[k] = true
	}
	var buf [16]piece
	for _, t := range texts {
		prev := lm.None
		for chunk := range strings.FieldsSeq(Tones(NFC(t))) {
			for _, p := range cutPieces(buf[:0], chunk) {
				id, ok := r.model.ID(toLower(tokenOf(chunk, p)))
				if !ok || p.kind != wordPiece {
					prev = lm.None
					continue
				}
				if prev != lm.None {
					pairs[uint32(prev)<<16|uint32(id)] = true
				}
				prev = id
			}
		}
	}
	return &Restorer{knowledge: r.knowledge, favoured: pairs, phrases: r.phrases}
}

// weighed returns the score of a word after a state, when the model's own is
// given: with what the vocabulary of the document and, in text of the heavy
// channel, that of reports add.
func (r *Restorer) weighed(s *lm.State, w uint16, score float32, m mode) float32 {
	before := uint16(s.Key())
	if m == heavyMode && r.phrases != nil {
		score = r.phrases.mix(before, w, score)
	}
	if r.favoured != nil && r.favoured[phraseKey(before, w)] {
		score += favour
	}
	return score
}

// mostBonus is the most that a hypothesis gains.
func (r *Restorer) mostBonus() float32 {
	if r.favoured != nil {
		return 2 * favour
	}
	return 0
}

// wordChoices is what a seen word may stand for.
type wordChoices struct {
	keep       uint16  // the word as it is; lm.Unknown when the model lacks it
	keepCost   float32 // of the word being right as it is
	known      bool
	plain      bool        // some word explains it well, so that it needs no cutting or joining
	candidates []candidate // without the word itself
}

func (r *Restorer) choicesFor(s *searcher, m mode, seen string) *wordChoices {
	r.mu.RLock()
	w := r.cache[m][seen]
	r.mu.RUnlock()
	if w != nil {
		return w
	}
	w = r.findChoices(s, m, seen)
	r.mu.Lock()
	if len(r.cache[m]) >= cacheSize {
		clear(r.cache[m])
	}
	r.cache[m][strings.Clone(seen)] = w
	r.mu.Unlock()
	return w
}

func (r *Restorer) findChoices(s *searcher, m mode, seen string) *wordChoices {
	w := new(wordChoices)
	lower := toLower(seen)
	w.keep, w.known = r.model.ID(lower)
	if m == bareMode {
		r.bareChoices(w, seen, lower)
		return w
	}
	c := r.channels[m]
	w.keepCost = c.identity(seen)
	if !w.known {
		w.keepCost += spelling(seen)
		if m == heavyMode {
			w.keepCost += strangerCost
		}
	}
	if first, _ := utf8.DecodeRuneInString(seen); m == heavyMode && (!unicode.IsUpper(first) || mixedCase([]rune(seen))) && !(w.known && r.lexicon.sound[w.keep]) {
		// Words that are neither Vietnamese nor frequent are names, most of
		// them.
		w.keepCost += smallUnknown
	}
	found := s.search(nil, r.lexicon, c, seen)
	if m == heavyMode {
		found = s.searchOtherCases(found, r.lexicon, c, seen)
	}
	if m == scanMode {
		found = r.withMarks(found, c, seen)
	}
	w.candidates = found[:0]
	asSeen := writtenLike(seen)
	for i, f := range found {
		if w.known && f.word == w.keep && (m.light() || f.written == asSeen) {
			w.keepCost = min(w.keepCost, f.cost)
			continue
		}
		if m.light() && slices.ContainsFunc(found[:i], func(o candidate) bool { return o.word == f.word }) {
			continue // where most is right, the context has no say in the case
		}
		if m.light() && w.known && f.cost > w.keepCost+lightRange {
			continue
		}
		if m.light() && r.foreignPair(seen, f.word) {
			continue
		}
		w.plain = w.plain || f.cost < plainCost
		w.candidates = append(w.candidates, f)
	}
	w.plain = w.plain || w.known && r.lexicon.sound[w.keep]
	w.candidates = slices.Clip(w.candidates)
	return w
}

// foreignPair reports whether neither what was seen nor a word is Vietnamese:
// which of two foreign words is right the model cannot know. Abbreviations and
// names with capitals inside, such as VNeID, are few and known.
func (r *Restorer) foreignPair(seen string, word uint16) bool {
	text := r.model.Word(word)
	return isPlain(seen) && isPlain(text) && !isSyllable(text) && r.lexicon.writing[word].Upper+r.lexicon.writing[word].Mixed < 0.5
}

// bareChoices lists the syllables that have the letters of seen.
func (r *Restorer) bareChoices(w *wordChoices, seen, lower string) {
	if !w.known {
		w.keepCost = spelling(seen)
	}
	as := lowerCase
	if first, n := utf8.DecodeRuneInString(seen); unicode.IsUpper(first) {
		as = titleCase
		if mostlyUpper(seen) && n < len(seen) {
			as = upperCase
		}
	}
	for _, id := range r.lexicon.byFold[lower] {
		if id != w.keep {
			w.candidates = append(w.candidates, candidate{id, as, foldedCost})
		}
	}
}

// identity returns the cost of a word having been seen as it is.
func (c *channel) identity(word string) (cost float32) {
	for _, r := range word {
		n := letterNumber(r)
		best := float32(maxReadingCost)
		if n == noLetter {
			best = 0.05
		}
		if p := c.bySeen[string(r)]; p != nil && n != noLetter {
			best = min(best, p.costs[n])
		}
		cost += best
	}
	return cost
}

// spelling is the cost of a word that the model does not know. Codes are
// cheaper, for most of them are not known.
func spelling(word string) float32 {
	n := float32(utf8.RuneCountInString(word))
	if n > 1 && strings.ToUpper(word) == word && strings.ToLower(word) != word {
		return codeLetter * n
	}
	return letterCost * n
}
