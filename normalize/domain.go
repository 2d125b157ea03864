package normalize

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/normalize/lm"
)

// The language model knows the news and the encyclopedia as well as reports
// and law, so that it reads any Vietnamese. Pages that an engine read badly
// are reports, nearly all of them, where "tỉnh" is ten times as frequent as in
// the news and "tính" is not. A table says for each word how much more, or
// less, likely administrative text makes it, and heavily damaged text is
// decided with it.

// administrative is the table, made by [TrainDomain].
//
//go:embed data/domain.tsv
var administrative string

const (
	domainTrust = 0.7 // of the log-ratio that counts
	domainRange = 2.0 // bound of it, in nats

	// In cells, whose words are known by then, the table counts for less: a search
	// that looks further has less need of it, and reports are about tea and buoys, too.
	cellTrust = 0.5
	cellGain  = 0.6 // bound of what a word gains or loses, in nats

	domainLeast = 200 // occurrences from which on a word has an entry

	// domainRare is the log-ratio of syllables without an entry: what those with
	// one have on average. At 0 a syllable that nobody uses ("quẫn") would gain on
	// one that only other texts use.
	domainRare = -1.45

	// rareUnigram is ln P of what occurs about domainLeast times.
	rareUnigram = -11.0
)

// TrainDomain reads text, a paragraph or sentence a line, and writes how much
// likelier each word is in the lines that read administrative than in all:
// lines of word and log-ratio, parted by a tab. Held-out lines are left out.
func TrainDomain(ctx context.Context, text io.Reader, out io.Writer) error {
	var all, domain float64
	counts := make(map[string]*[2]float64) // in all lines, in administrative ones
	var split HeldOut
	var tokens []lm.Token
	lines := bufio.NewReaderSize(text, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" && !split.Line(line) {
			tokens = trainingTokens(tokens[:0], line)
			weight := 0.0
			if readsAdministrative(tokens) {
				weight = 1
			}
			for _, t := range tokens {
				c := counts[t.Text]
				if c == nil {
					c = new([2]float64)
					counts[strings.Clone(t.Text)] = c
				}
				c[0]++
				c[1] += weight
			}
			all += float64(len(tokens))
			domain += weight * float64(len(tokens))
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("training domain: reading text: %w", err)
		}
		if ctx.Err() != nil {
			return fmt.Errorf("training domain: %w", ctx.Err())
		}
	}
	if domain == 0 {
		return fmt.Errorf("training domain: no administrative lines")
	}
	var words []string
	for w, c := range counts {
		if c[0] >= domainLeast && isSyllable(w) {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# Word, ln of its share in administrative text over its share in all. Made by TrainDomain; do not edit.\n")
	for _, word := range words {
		c := counts[word]
		ratio := math.Log((c[1] + 1) / (domain + 1) / (c[0] / all))
		fmt.Fprintf(w, "%s\t%.2f\n", word, ratio)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing domain: %w", err)
	}
	return nil
}

// loadDomain reads what TrainDomain wrote, as what each word of a model gains
// in nats.
func loadDomain(m *lm.Model, table string) ([]float32, error) {
	gains := make([]float32, m.Words())
	for id := range gains {
		if id := uint16(id); isRare(m, id) {
			gains[id] = domainTrust * domainRare
		}
	}
	n := 0
	for line := range strings.Lines(table) {
		n++
		if line = strings.TrimSuffix(line, "\n"); line == "" || line[0] == '#' {
			continue
		}
		word, text, _ := strings.Cut(line, "\t")
		ratio, err := strconv.ParseFloat(text, 32)
		if err != nil || math.IsNaN(ratio) {
			return nil, fmt.Errorf("domain table, line %d: ratio %q", n, text)
		}
		if id, ok := m.ID(word); ok {
			gains[id] = domainTrust * float32(max(-domainRange, min(domainRange, ratio)))
		}
	}
	return gains, nil
}

// forCells returns the gains of words in cells, given those in text.
func forCells(gains []float32) []float32 {
	out := make([]float32, len(gains))
	for id, g := range gains {
		out[id] = max(-cellGain, min(cellGain, g*cellTrust/domainTrust))
	}
	return out
}

// isRare reports whether a word is a syllable that is written in small letters
// and hardly ever: names and abbreviations are as frequent in reports as elsewhere.
func isRare(m *lm.Model, id uint16) bool {
	w := m.Writing(id)
	return id > lm.Unknown && m.Unigram(id) < rareUnigram && w.Title+w.Upper+w.Mixed < 0.5 && isSyllable(m.Word(id))
}
