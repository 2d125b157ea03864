package normalize

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
)

// ChannelOptions guide [TrainChannel].
type ChannelOptions struct {
	// Weight tells how often a pair counts, by its source; nil counts each
	// once. A weight of 0 leaves the pair out.
	Weight func(source string) float64
	// Least is the expected count below which an operation is dropped;
	// default 0.9.
	Least float64
	// Text is what the same engine read, without what is right; lines up to an
	// empty one are a context. What the channel of the pairs and Model are
	// certain enough of in heavily damaged lines counts like pairs,
	// TextWeight times its probability.
	Text       []byte
	TextWeight float64
	Model      *lm.Model
	// Cells counts the channel of [Restorer.ForCells]: operations on two letters
	// have to earn more, and learning from Text tries words that the model expects.
	Cells bool
}

// TrainChannel counts what reading does to words and writes a channel file.
// Each line of pairs holds a source name, a line as it was read, and the right
// line, parted by tabs. The operations (up to two right letters seen as up to
// three) are hidden variables; their expected counts are found by EM.
func TrainChannel(pairs io.Reader, out io.Writer, opts ChannelOptions) error {
	if opts.Least == 0 {
		opts.Least = 0.9
	}
	given, err := readPairs(pairs, opts.Weight)
	if err != nil {
		return err
	}
	if len(given) == 0 {
		return fmt.Errorf("training channel: no pairs of words")
	}
	discount := 1.0
	heavy := heavyTable{channel: heavyChannel, search: wideReach}
	if opts.Cells {
		discount = pairDiscount
		heavy.channel = cellChannel
	}
	t := trainOn(given, discount)
	for range guessRounds {
		if len(opts.Text) == 0 {
			break
		}
		var counts bytes.Buffer
		if err := t.write(&counts, opts.Least); err != nil {
			return err
		}
		all := maps.Clone(given)
		heavy.counts = counts.String()
		if err := guessPairs(all, opts.Model, heavy, opts.Text, opts.TextWeight); err != nil {
			return fmt.Errorf("training channel: %w", err)
		}
		t = trainOn(all, discount)
	}
	return t.write(out, opts.Least)
}

// trainOn counts operations in pairs of words as seen and as they are, with
// how often each was met. discount is for operations on two right letters.
func trainOn(pairs map[[2]string]float64, discount float64) *channelTrainer {
	t := newChannelTrainer(listPairs(pairs))
	for round := range 8 {
		t.expect()
		// Rare long operations explain chance; they have to earn their place.
		t.maximise(0.1*float64(round), discount)
	}
	return t
}

// wordPair is a word as seen and as it is, with how often it was met.
type wordPair struct {
	seen, truth []rune
	weight      float64
}

// readPairs returns how often each word as seen was met for a right word.
func readPairs(in io.Reader, weight func(string) float64) (map[[2]string]float64, error) {
	counts := make(map[[2]string]float64)
	s := bufio.NewScanner(in)
	s.Buffer(nil, 1<<24)
	for n := 1; s.Scan(); n++ {
		f := strings.Split(s.Text(), "\t")
		if len(f) != 3 {
			return nil, fmt.Errorf("training channel: line %d: %d fields, want source, seen and right text", n, len(f))
		}
		w := 1.0
		if weight != nil {
			w = weight(f[0])
		}
		if w == 0 {
			continue
		}
		for _, p := range alignWords(strings.Fields(NFC(f[1])), strings.Fields(Tones(NFC(f[2])))) {
			if p[0] != "" && p[1] != "" && len(p[0])+len(p[1]) < 80 {
				counts[p] += w
			}
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("training channel: %w", err)
	}
	return counts, nil
}

// listPairs puts pairs in a fixed order, for sums of floats depend on it.
func listPairs(counts map[[2]string]float64) []wordPair {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	words := make([]wordPair, 0, len(keys))
	for _, k := range keys {
		words = append(words, wordPair{[]rune(k[0]), []rune(k[1]), counts[k]})
	}
	return words
}

// alignWords pairs the words of two lines. Words that were split or glued in
// reading are left out: the letters of a pair have to be of one word.
func alignWords(seen, truth []string) [][2]string {
	const skip = 0.75
	m, n := len(seen), len(truth)
	cost := make([][]float64, m+1)
	for i := range cost {
		cost[i] = make([]float64, n+1)
		for j := range cost[i] {
			switch {
			case i == 0:
				cost[i][j] = skip * float64(j)
			case j == 0:
				cost[i][j] = skip * float64(i)
			default:
				cost[i][j] = min(cost[i-1][j-1]+1-Similarity(seen[i-1], truth[j-1]), cost[i-1][j]+skip, cost[i][j-1]+skip)
			}
		}
	}
	var pairs [][2]string
	for i, j := m, n; i > 0 && j > 0; {
		switch cost[i][j] {
		case cost[i-1][j] + skip:
			i--
		case cost[i][j-1] + skip:
			j--
		default:
			i--
			j--
			pairs = append(pairs, [2]string{seen[i], truth[j]})
		}
	}
	slices.Reverse(pairs)
	return pairs
}

type opKey struct{ truth, seen string }

type channelTrainer struct {
	words  []wordPair
	total  map[string]float64 // occurrences of right pieces
	prob   map[opKey]float64
	counts map[opKey]float64
}

func newChannelTrainer(words []wordPair) *channelTrainer {
	t := &channelTrainer{words: words, total: make(map[string]float64), prob: make(map[opKey]float64)}
	for _, w := range words {
		t.total[""] += w.weight * float64(len(w.truth))
		for i := range w.truth {
			for n := 1; n <= maxTruth && i+n <= len(w.truth); n++ {
				t.total[string(w.truth[i:i+n])] += w.weight
			}
		}
	}
	return t
}

// initial is the probability of an operation before anything was counted.
func initial(truth, seen string) float64 {
	t, s := utf8.RuneCountInString(truth), utf8.RuneCountInString(seen)
	switch {
	case truth == seen && t == 1:
		return 0.9
	case t == 1 && s == 1 && Fold(truth) == Fold(seen):
		return 0.1
	case t == 1 && s == 1:
		return 0.003
	case t == 0:
		return 0.0003
	case s == 0:
		return 0.001
	}
	return 0.0005 * math.Pow(0.3, float64(t+s-3))
}

// expect counts operations by the forward-backward algorithm over all ways to
// cut each pair into operations.
func (t *channelTrainer) expect() {
	t.counts = make(map[opKey]float64)
	for _, w := range t.words {
		m, n := len(w.truth), len(w.seen)
		forward := make([]float64, (m+1)*(n+1))
		backward := make([]float64, (m+1)*(n+1))
		at := func(i, j int) int { return i*(n+1) + j }
		type arc struct {
			from, to int
			key      opKey
			p        float64
		}
		var arcs []arc
		for i := 0; i <= m; i++ {
			for j := 0; j <= n; j++ {
				for a := 0; a <= maxTruth && i+a <= m; a++ {
					for b := 0; b <= maxSeen && j+b <= n; b++ {
						if a == 0 && b != 1 || b == 0 && a != 1 || a == 2 && b == 2 && w.truth[i] == w.seen[j] {
							continue
						}
						key := opKey{string(w.truth[i : i+a]), string(w.seen[j : j+b])}
						p, ok := t.prob[key]
						if !ok {
							if len(t.prob) > 0 {
								continue
							}
							p = initial(key.truth, key.seen)
						}
						arcs = append(arcs, arc{at(i, j), at(i+a, j+b), key, p})
					}
				}
			}
		}
		forward[0] = 1
		for _, a := range arcs {
			forward[a.to] += forward[a.from] * a.p
		}
		last := at(m, n)
		all := forward[last]
		if all < 1e-40*math.Pow(1e-3, float64(m)) || all == 0 {
			continue
		}
		backward[last] = 1
		for _, a := range slices.Backward(arcs) {
			backward[a.from] += backward[a.to] * a.p
		}
		for _, a := range arcs {
			if c := forward[a.from] * a.p * backward[a.to] / all; c > 1e-4 {
				t.counts[a.key] += c * w.weight
			}
		}
	}
}

// pairDiscount is how much more operations on two letters have to earn than on
// one: a word that a text repeats would teach how it is read as a whole, and
// others with its letters would suffer from it.
const pairDiscount = 8

// maximise makes probabilities of the counts. Long operations lose discount,
// those on two right letters pairs times as much.
func (t *channelTrainer) maximise(discount, pairs float64) {
	t.prob = make(map[opKey]float64, len(t.counts))
	for k, c := range t.counts {
		if utf8.RuneCountInString(k.truth)+utf8.RuneCountInString(k.seen) > 2 {
			if utf8.RuneCountInString(k.truth) == 2 {
				c -= pairs * discount
			} else {
				c -= discount
			}
		}
		if c > 1e-3 {
			t.prob[k] = min(c/(t.total[k.truth]+0.5), 0.999)
		}
	}
}

func (t *channelTrainer) write(out io.Writer, least float64) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# Right piece, seen piece, expected count; \"=\" gives the occurrences of a right piece.\n")
	fmt.Fprintf(w, "# Made by TrainChannel; do not edit.\n")
	keys := make([]opKey, 0, len(t.counts))
	used := make(map[string]bool)
	for k, c := range t.counts {
		if c < least && utf8.RuneCountInString(k.truth) != 1 || c < least/2 || strings.ContainsAny(k.truth+k.seen, "\t\n") {
			continue
		}
		keys = append(keys, k)
		used[k.truth] = true
	}
	slices.SortFunc(keys, func(a, b opKey) int {
		return cmp.Or(cmp.Compare(a.truth, b.truth), cmp.Compare(t.counts[b], t.counts[a]), cmp.Compare(a.seen, b.seen))
	})
	last := "\x00"
	for _, k := range keys {
		if k.truth != last {
			fmt.Fprintf(w, "%s\t=\t%.1f\n", k.truth, t.total[k.truth])
			last = k.truth
		}
		if k.seen == "=" {
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%.1f\n", k.truth, k.seen, t.counts[k])
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing channel: %w", err)
	}
	return nil
}
