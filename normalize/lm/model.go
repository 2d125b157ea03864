package lm

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"unsafe"
)

// Model is a trained model, read in place. It is safe for concurrent use.
type Model struct {
	order    int
	checksum uint32
	meta     Meta
	size     int
	words    []byte
	ends     []byte // uint32 a word
	index    []byte // uint16 a slot
	writing  []byte // 4 bytes a word
	forms    []byte
	unigrams []byte // two float32 a word
	tables   [MaxOrder - 1]table
	close    func() error
}

// Meta describes a model: what [Model.Info] reports besides the sizes.
type Meta struct {
	Name      string  `json:"name"`
	Sentences int64   `json:"sentences"` // that it was trained on
	Tokens    int64   `json:"tokens"`
	Weighted  int64   `json:"weighted"` // tokens times their weights
	Grams     []int64 `json:"grams"`    // n-grams kept, by order
	Seen      []int64 `json:"seen"`     // distinct n-grams before pruning, by order
	Unknown   float64 `json:"unknown"`  // share of the training tokens outside the vocabulary
	Prune     float64 `json:"prune"`    // gain in nats below which an n-gram was dropped
}

// Ids of the tokens that every model has.
const (
	None    uint16 = 0 // no token: the context before the first one
	Start   uint16 = 1 // before a sentence
	End     uint16 = 2 // after a sentence
	Unknown uint16 = 3 // any token outside the vocabulary
)

var reserved = []string{"", "<s>", "</s>", "<unk>"}

// Open maps the model file at path. Close it when no more scores are needed.
func Open(path string) (*Model, error) {
	data, unmap, err := mapFile(path)
	if err != nil {
		return nil, fmt.Errorf("opening language model: %w", err)
	}
	m, err := Load(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, errors.Join(err, unmap()))
	}
	m.close = unmap
	return m, nil
}

// Load reads a model from data, which it keeps and which must not change.
// The error tells what is wrong and how to rebuild the model.
func Load(data []byte) (*Model, error) {
	m, err := load(data)
	if err != nil {
		return nil, fmt.Errorf("%w (rebuild it: %s)", err, Rebuild)
	}
	return m, nil
}

// LoadString is [Load] for a model that is linked into the program as a
// string; nothing is copied.
func LoadString(s string) (*Model, error) {
	return Load(unsafe.Slice(unsafe.StringData(s), len(s)))
}

func load(data []byte) (*Model, error) {
	h, err := parseHeader(data)
	if err != nil {
		return nil, err
	}
	m := &Model{order: h.order, checksum: h.checksum, size: len(data)}
	if err := json.Unmarshal(h.sections[secMeta], &m.meta); err != nil {
		return nil, fmt.Errorf("%w: its description: %w", ErrDamaged, err)
	}
	m.words, m.ends, m.index = h.sections[secWords], h.sections[secWordEnds], h.sections[secWordIndex]
	m.writing, m.forms, m.unigrams = h.sections[secWriting], h.sections[secForms], h.sections[secUnigrams]
	if err := m.checkVocabulary(); err != nil {
		return nil, err
	}
	for n := 2; n <= m.order; n++ {
		s := h.sections[secTables+3*(n-2):]
		if m.tables[n-2], err = parseTable(n == m.order, s[0], s[1], s[2]); err != nil {
			return nil, fmt.Errorf("order %d: %w", n, err)
		}
	}
	return m, nil
}

// Close gives the mapped file back.
func (m *Model) Close() error {
	if m.close == nil {
		return nil
	}
	return m.close()
}

// Info returns what the model says of itself.
func (m *Model) Info() Meta { return m.meta }

// Order returns n: how many tokens the longest n-grams have.
func (m *Model) Order() int { return m.order }

// Size returns the length of the file in bytes.
func (m *Model) Size() int { return m.size }

// Checksum identifies the model's content.
func (m *Model) Checksum() string { return fmt.Sprintf("%08x", m.checksum) }

// State is a context: the tokens before the one to be scored, cut to what the
// model can tell apart. States that are equal score all that follows alike,
// so a search may keep the better of two paths whose states are equal. The
// zero State knows nothing of what came before.
type State struct {
	words   uint64 // the latest token in the lowest 16 bits
	length  uint8
	backoff [MaxOrder - 1]float32
}

// Key identifies the state for comparing; equal keys are equal states.
func (s *State) Key() uint64 { return s.words }

// Begin returns the state before the first token of a sentence.
func (m *Model) Begin() State {
	s := State{words: uint64(Start), length: 1}
	s.backoff[0] = m.uniBackoff(Start)
	return s
}

func (m *Model) uniProb(w uint16) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(m.unigrams[8*int(w):]))
}

func (m *Model) uniBackoff(w uint16) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(m.unigrams[8*int(w)+4:]))
}

// Unigram returns the natural logarithm of the probability of a token out of
// any context.
func (m *Model) Unigram(w uint16) float32 {
	if int(w) >= m.Words() {
		w = Unknown
	}
	return m.uniProb(w)
}

// Score returns the natural logarithm of the probability of token w after the
// context s, and writes the context after w to next, which may be s itself.
// Ids outside the vocabulary count as [Unknown].
func (m *Model) Score(s *State, w uint16, next *State) float32 {
	return m.score(s, w, next, nil)
}

// Scorer is a model with a memory of recent lookups, which is faster where
// many candidates are scored in the same contexts. It is for one goroutine.
type Scorer struct {
	*Model
	slots []slot
}

// slot remembers an n-gram. Keys of different orders differ, since the oldest
// token of an n-gram is never None.
type slot struct {
	key           uint64
	prob, backoff float32 // prob is absent for an n-gram that the model lacks
}

const (
	logSlots = 15 // half a megabyte
	absent   = 1  // no logarithm of a probability
)

// NewScorer returns a scorer for the model.
func (m *Model) NewScorer() *Scorer { return &Scorer{m, make([]slot, 1<<logSlots)} }

// Score is [Model.Score].
func (c *Scorer) Score(s *State, w uint16, next *State) float32 {
	return c.Model.score(s, w, next, c.slots)
}

func (m *Model) score(s *State, w uint16, next *State, slots []slot) float32 {
	if int(w) >= m.Words() {
		w = Unknown
	}
	p := m.uniProb(w)
	var out State
	out.backoff[0] = m.uniBackoff(w)
	matched := 1
	key := uint64(w)
	for n := 2; n <= int(s.length)+1 && n <= m.order; n++ {
		shift := 16 * uint(n-1)
		key |= s.words >> (shift - 16) & 0xffff << shift
		prob, backoff, ok := m.gram(n, key, slots)
		if !ok {
			break
		}
		p = prob
		matched = n
		if n < m.order {
			out.backoff[n-1] = backoff
		}
	}
	for i := matched - 1; i < int(s.length); i++ {
		p += s.backoff[i]
	}
	out.length = uint8(min(matched, m.order-1))
	out.words = (s.words<<16 | uint64(w)) & (1<<(16*uint(out.length)) - 1)
	*next = out
	return p
}

// gram looks up the n-gram with the given key.
func (m *Model) gram(n int, key uint64, slots []slot) (prob, backoff float32, ok bool) {
	h := hashGram(key)
	var at *slot
	if len(slots) == 1<<logSlots {
		if at = &slots[h>>(64-logSlots)]; at.key == key {
			return at.prob, at.backoff, at.prob != absent
		}
		*at = slot{key: key, prob: absent}
	}
	t := &m.tables[n-2]
	lp, lb, ok := t.find(h)
	if !ok {
		return 0, 0, false
	}
	prob = level(t.probs, lp)
	if !t.leaf {
		backoff = level(t.backoffs, lb)
	}
	if at != nil {
		at.prob, at.backoff = prob, backoff
	}
	return prob, backoff, true
}
