package lm

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Options of training. The zero value of a field stands for its default.
type Options struct {
	Name     string
	Order    int    // longest n-grams, 2 to MaxOrder; default 4
	MaxWords int    // size of the vocabulary, at most 65,536; default 60,000
	MinCount int    // a token seen less often is unknown; default 4
	Cutoff   [5]int // n-grams of order i seen less often are dropped; default 2 for 3 and 4
	MaxGrams int    // n-grams of order 2 and up to keep, by their gain; default 10.9 million, 40 MB
	// Rivals, when set, returns the same key for tokens that the model will be
	// asked to tell apart, "" for tokens with no rivals. Pruning then keeps
	// what tells them apart.
	Rivals func(text string) string
}

func (o *Options) setDefaults() error {
	if o.Order == 0 {
		o.Order = MaxOrder
	}
	if o.Order < 2 || o.Order > MaxOrder {
		return fmt.Errorf("order %d: want 2 to %d", o.Order, MaxOrder)
	}
	if o.MaxWords == 0 {
		o.MaxWords = 60000
	}
	o.MaxWords = min(o.MaxWords, 1<<16)
	if o.MinCount == 0 {
		o.MinCount = 4
	}
	if o.MaxGrams == 0 {
		o.MaxGrams = 10_880_000
	}
	for n := range o.Cutoff {
		if o.Cutoff[n] == 0 {
			o.Cutoff[n] = 1
			if n > 2 {
				o.Cutoff[n] = 2
			}
		}
		if n > 0 {
			// Every n-gram needs its shorter parts in the model.
			o.Cutoff[n] = max(o.Cutoff[n], o.Cutoff[n-1])
		}
	}
	return nil
}

// Token is one token of a training sentence.
type Token struct {
	Text string // what the model predicts, e.g. in lower case
	Form string // as written; "" for tokens whose writing does not matter
}

// Trainer collects sentences. It holds the whole text as token numbers, four
// bytes a token, and counts when the model is built.
type Trainer struct {
	opts      Options
	ids       map[string]uint32
	types     []tokenType
	stream    [][]uint32 // chunks of type numbers plus one; 0 ends a sentence
	weights   []uint8    // one a sentence
	sentences int64
	tokens    int64
	weighted  int64
}

type tokenType struct {
	text                       string
	count                      int64 // weighted
	lower, title, upper, mixed uint32
	forms                      map[string]uint32 // of mixed case
}

const streamChunk = 1 << 20

// NewTrainer returns an empty trainer.
func NewTrainer(opts Options) (*Trainer, error) {
	if err := opts.setDefaults(); err != nil {
		return nil, err
	}
	return &Trainer{opts: opts, ids: make(map[string]uint32)}, nil
}

// Add adds a sentence that counts weight times. It keeps no reference to
// tokens or their strings.
func (t *Trainer) Add(tokens []Token, weight int) {
	if len(tokens) == 0 || weight < 1 {
		return
	}
	weight = min(weight, math.MaxUint8)
	for i, tok := range tokens {
		id, ok := t.ids[tok.Text]
		if !ok {
			id = uint32(len(t.types))
			text := strings.Clone(tok.Text)
			t.ids[text] = id
			t.types = append(t.types, tokenType{text: text})
		}
		ty := &t.types[id]
		ty.count += int64(weight)
		if tok.Form != "" && i > 0 {
			ty.see(tok.Form)
		}
		t.push(id + 1)
	}
	t.push(0)
	t.weights = append(t.weights, uint8(weight))
	t.sentences++
	t.tokens += int64(len(tokens))
	t.weighted += int64(len(tokens) * weight)
}

func (t *Trainer) push(id uint32) {
	n := len(t.stream)
	if n == 0 || len(t.stream[n-1]) == streamChunk {
		t.stream = append(t.stream, make([]uint32, 0, streamChunk))
		n++
	}
	t.stream[n-1] = append(t.stream[n-1], id)
}

// see counts how a token is written.
func (ty *tokenType) see(form string) {
	upper, lower, first := 0, 0, false
	for i, r := range form {
		switch {
		case unicode.IsUpper(r):
			upper++
			first = first || i == 0
		case unicode.IsLower(r):
			lower++
		}
	}
	switch {
	case upper == 0:
		ty.lower++
	case first && upper == 1:
		ty.title++
	case lower == 0:
		ty.upper++
	default:
		ty.mixed++
		if ty.forms == nil {
			ty.forms = make(map[string]uint32)
		}
		if _, ok := ty.forms[form]; ok || len(ty.forms) < 16 {
			ty.forms[strings.Clone(form)]++
		}
	}
}

// Write estimates the model and writes it to path. The file appears under its
// name only when it is whole; the bytes depend on nothing but the sentences,
// their order and the options. The trainer is of no use afterwards.
func (t *Trainer) Write(path string) error {
	data, err := t.Build()
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("writing language model: %w", err)
	}
	defer os.Remove(f.Name())
	if err := writeModel(f, data); err != nil {
		f.Close()
		return fmt.Errorf("writing language model: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("writing language model: %w", err)
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return fmt.Errorf("writing language model: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("writing language model: %w", err)
	}
	return nil
}

// writeModel writes the state that says "complete" last, so that a file whose
// writer died is told apart even where the name was already in use.
func writeModel(f *os.File, data []byte) error {
	const at = 12
	if _, err := f.Write(data[:at]); err != nil {
		return err
	}
	if _, err := f.Write(binary.LittleEndian.AppendUint32(nil, stateIncomplete)); err != nil {
		return err
	}
	if _, err := f.Write(data[at+4:]); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if _, err := f.Seek(at, io.SeekStart); err != nil {
		return err
	}
	if _, err := f.Write(data[at : at+4]); err != nil {
		return err
	}
	return f.Sync()
}

// Build estimates the model and returns the bytes of its file.
func (t *Trainer) Build() ([]byte, error) {
	if t.sentences == 0 {
		return nil, fmt.Errorf("training a language model: no sentences")
	}
	words, remap := t.vocabulary()
	var unknown int64
	for id, ty := range t.types {
		if remap[id] == Unknown {
			unknown += ty.count
		}
	}
	writing, forms := t.writings(words)
	meta := Meta{
		Name: t.opts.Name, Sentences: t.sentences, Tokens: t.tokens, Weighted: t.weighted,
		Unknown: float64(unknown) / float64(t.weighted),
	}
	t.ids, t.types = nil, nil
	e := newEstimator(t.opts, words)
	e.count(t.stream, t.weights, remap)
	t.stream, t.weights = nil, nil
	unigrams, grams := e.estimate(&meta)

	sections := make([][]byte, sectionCount(t.opts.Order))
	sections[secWords], sections[secWordEnds], sections[secWordIndex] = buildVocabulary(words)
	sections[secWriting], sections[secForms] = writing, forms
	for _, u := range unigrams {
		b := binary.LittleEndian.AppendUint32(sections[secUnigrams], math.Float32bits(u.prob))
		sections[secUnigrams] = binary.LittleEndian.AppendUint32(b, math.Float32bits(u.backoff))
	}
	nodes, parent := len(words), func(key uint64) int { return int(key) }
	for n := 2; n <= t.opts.Order; n++ {
		level := grams[n-2]
		slices.SortFunc(level, func(a, b gramValue) int { return cmp.Compare(a.key, b.key) })
		s := sections[secLayers+layerSections*(n-2):]
		s[0], s[1], s[2], s[3] = buildLayer(level, n == t.opts.Order, nodes, parent)
		nodes, parent = len(level), placeOf(level)
	}
	var err error
	if sections[secMeta], err = json.Marshal(meta); err != nil {
		return nil, fmt.Errorf("describing language model: %w", err)
	}
	return assemble(t.opts.Order, sections), nil
}

// placeOf returns a function that finds keys in sorted n-grams, when they are
// asked for in order.
func placeOf(level []gramValue) func(key uint64) int {
	at := 0
	return func(key uint64) int {
		for at < len(level) && level[at].key < key {
			at++
		}
		if at == len(level) || level[at].key != key {
			panic("lm: an n-gram without its context")
		}
		return at
	}
}

// vocabulary chooses the most frequent tokens; remap leads from type numbers
// to ids.
func (t *Trainer) vocabulary() (words []string, remap []uint16) {
	order := make([]uint32, len(t.types))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(t.types[b].count, t.types[a].count), cmp.Compare(t.types[a].text, t.types[b].text))
	})
	words = slices.Clone(reserved)
	remap = make([]uint16, len(t.types))
	for i := range remap {
		remap[i] = Unknown
	}
	for _, i := range order {
		ty := &t.types[i]
		if at := slices.Index(reserved, ty.text); at >= 0 {
			remap[i] = uint16(max(at, int(Unknown)))
			continue
		}
		if len(words) == t.opts.MaxWords || ty.count < int64(t.opts.MinCount) {
			continue
		}
		remap[i] = uint16(len(words))
		words = append(words, ty.text)
	}
	return words, remap
}

// writings makes the sections that say how tokens are written.
func (t *Trainer) writings(words []string) (writing, forms []byte) {
	writing = make([]byte, 4*len(words))
	for id, w := range words {
		n, ok := t.ids[w]
		if !ok || id < len(reserved) {
			continue
		}
		ty := &t.types[n]
		total := ty.lower + ty.title + ty.upper + ty.mixed
		if total == 0 {
			continue
		}
		for i, c := range []uint32{ty.title, ty.upper, ty.mixed} {
			writing[4*id+i] = byte((uint64(c)*255 + uint64(total)/2) / uint64(total))
		}
		best, most := "", uint32(0)
		for f, c := range ty.forms {
			if c > most || c == most && f < best {
				best, most = f, c
			}
		}
		if most*4 < total || len(best) > 64 {
			continue
		}
		forms = binary.LittleEndian.AppendUint16(forms, uint16(id))
		forms = binary.LittleEndian.AppendUint16(forms, uint16(len(best)))
		forms = append(forms, best...)
	}
	return writing, forms
}
