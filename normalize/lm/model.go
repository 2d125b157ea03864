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
	unigrams []byte              // two float32 a word
	layers   [MaxOrder - 1]layer // of order 2 and up
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
	nodes := m.Words()
	for n := 2; n <= m.order; n++ {
		s := h.sections[secLayers+layerSections*(n-2):]
		l, err := parseLayer(n == m.order, nodes, s[0], s[1], s[2], s[3])
		if err != nil {
			return nil, fmt.Errorf("order %d: %w", n, err)
		}
		m.layers[n-2] = l
		nodes = len(l.ids) / 2
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
