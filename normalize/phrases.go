package normalize

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/normalize/lm"
	"github.com/sohoa/sohoa/schema"
)

// The corpora have hardly any reports of 2025, so the model takes "chuyên đổi"
// and "sổ hóa" for as likely as what such reports say on every page. Which
// word follows which is counted in badly read reports themselves: most words
// there are certain, and what is certain in several places is right. In
// heavily damaged text the model's probabilities are mixed with these.

// reportPhrases is the table, made by [Restorer.TrainPhrases].
//
//go:embed data/phrases.tsv
var reportPhrases string

const (
	phraseShare   = 0.2 // of the table in the mixture
	phraseLeast   = 2   // places from which on a pair of words has an entry
	phraseDrop    = 0.7 // places that are taken from each pair, for those that were not met
	phraseOpen    = 2.0 // added to the places of the first word for the same reason
	phraseCertain = 0.9 // probability of words that count
)

// phrases tells how likely a word follows another in reports: a hash table
// with open addressing, whose size is a power of two.
type phrases struct {
	keys   []uint32 // first and second word; 0 where there is none
	shares []float32
}

func phraseKey(first, second uint16) uint32 { return uint32(first)<<16 | uint32(second) }

func (p *phrases) at(key uint32) int {
	mask := uint32(len(p.keys) - 1)
	i := key * 0x9e3779b1 >> 7 & mask
	for p.keys[i] != key && p.keys[i] != 0 {
		i = (i + 1) & mask
	}
	return int(i)
}

// mix returns the logarithm of a word's probability after another, when the
// model's is given.
func (p *phrases) mix(first, second uint16, score float32) float32 {
	i := p.at(phraseKey(first, second))
	if p.keys[i] == 0 {
		return score
	}
	return float32(math.Log((1-phraseShare)*math.Exp(float64(score)) + phraseShare*float64(p.shares[i])))
}

// loadPhrases reads what TrainPhrases wrote.
func loadPhrases(m *lm.Model, table string) (*phrases, error) {
	lines := strings.Count(table, "\n")
	size := 16
	for size < 2*lines {
		size *= 2
	}
	p := &phrases{keys: make([]uint32, size), shares: make([]float32, size)}
	n := 0
	for line := range strings.Lines(table) {
		n++
		if line = strings.TrimSuffix(line, "\n"); line == "" || line[0] == '#' {
			continue
		}
		words, text, _ := strings.Cut(line, "\t")
		first, second, _ := strings.Cut(words, " ")
		share, err := strconv.ParseFloat(text, 32)
		if err != nil || !(share > 0 && share < 1) {
			return nil, fmt.Errorf("table of phrases, line %d: share %q", n, text)
		}
		a, known := m.ID(first)
		b, alsoKnown := m.ID(second)
		if !known || !alsoKnown {
			continue // the table was made with another model
		}
		if isRare(m, a) || isRare(m, b) {
			continue // a mistake that was made twice, more likely than not
		}
		i := p.at(phraseKey(a, b))
		p.keys[i], p.shares[i] = phraseKey(a, b), float32(share)
	}
	return p, nil
}

// TrainPhrases repairs text that engines without Vietnamese letters read, and
// writes which words follow which in it: lines of two words and the share of
// the second after the first, parted by a tab. Lines up to an empty one are a
// context. What an earlier table says has no part in it.
func (r *Restorer) TrainPhrases(text io.Reader, out io.Writer) error {
	plain := &Restorer{knowledge: r.knowledge}
	d := plain.decoders.Get().(*decoder)
	defer plain.decoders.Put(d)
	d.r = plain
	c := phraseCounts{pairs: make(map[[2]string]float64), firsts: make(map[string]float64)}
	var block []schema.Line
	s := bufio.NewScanner(text)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		l, _ := cutLine(s.Text())
		if block = append(block, l); len(l.Words) == 0 || len(block) == filterBlock {
			c.add(d, block)
			block = block[:0]
		}
	}
	c.add(d, block)
	if err := s.Err(); err != nil {
		return fmt.Errorf("training phrases: reading text: %w", err)
	}
	return c.write(out)
}

type phraseCounts struct {
	pairs  map[[2]string]float64
	firsts map[string]float64
}

// add counts the certain words of lines that follow one another with no sign
// between them.
func (c *phraseCounts) add(d *decoder, lines []schema.Line) {
	for _, words := range d.repair(lines, d.r.survey(lines, evidence{}), false, nil) {
		before := ""
		for _, w := range words {
			word := strings.ToLower(strings.Trim(w.Text, ".,;:()"))
			if _, ok := d.r.model.ID(word); !ok || !certain(&w.Word) {
				before = ""
				continue
			}
			if before != "" {
				c.pairs[[2]string{before, word}]++
				c.firsts[before]++
			}
			before = word
			if strings.ContainsAny(w.Text, ".,;:)") {
				before = ""
			}
		}
	}
}

func certain(w *schema.Word) bool {
	n := len(w.Repairs)
	return !w.Unsure && (n == 0 || w.Repairs[n-1].Score >= phraseCertain)
}

func (c *phraseCounts) write(out io.Writer) error {
	var list [][2]string
	for pair, n := range c.pairs {
		if n >= phraseLeast {
			list = append(list, pair)
		}
	}
	slices.SortFunc(list, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# Word and what follows it, share among all that does. Made by TrainPhrases; do not edit.\n")
	for _, p := range list {
		fmt.Fprintf(w, "%s %s\t%.4f\n", p[0], p[1], (c.pairs[p]-phraseDrop)/(c.firsts[p[0]]+phraseOpen))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing phrases: %w", err)
	}
	return nil
}
