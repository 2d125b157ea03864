package normalize

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// channel is a model of what reading does to words: the probability that a
// piece of right text of up to two letters was seen as a piece of up to three.
// It is counted from pairs of seen and right words (see [TrainChannel]); pairs
// of pieces that were never counted fall back on what happens to the letters
// without their marks.
type channel struct {
	name string
	// bySeen leads from what was seen to what it may have been.
	bySeen map[string][]reading
	// lost is the cost of each letter having left no trace.
	lost [2 * letterCount]float32
	// strange is the cost of any letter where the channel knows nothing.
	strange float32
	// extra is the cost of a rune that stands for nothing.
	extra float32
}

// reading is one thing that a seen piece may stand for.
type reading struct {
	truth [2]uint8 // letters; noLetter in the second place when there is one
	cost  float32  // -ln P(seen | truth)
}

const (
	maxTruth = 2 // letters of a right piece
	maxSeen  = 3 // runes of a seen piece

	maxReadingCost = 9.5
)

// opCount is one line of a channel file.
type opCount struct {
	truth, seen string
	count       float64
}

// loadChannel reads a channel file: lines of right piece, seen piece and
// count, parted by tabs. A line with "=" as the seen piece gives how often the
// right piece occurred in all.
func loadChannel(name string, r io.Reader) (*channel, error) {
	var ops []opCount
	total := make(map[string]float64)
	s := bufio.NewScanner(r)
	for n := 1; s.Scan(); n++ {
		line := s.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			return nil, fmt.Errorf("channel %s, line %d: %d fields, want 3", name, n, len(f))
		}
		count, err := strconv.ParseFloat(f[2], 64)
		if err != nil || count <= 0 || math.IsInf(count, 0) || math.IsNaN(count) {
			return nil, fmt.Errorf("channel %s, line %d: count %q", name, n, f[2])
		}
		if f[1] == "=" {
			total[f[0]] = count
			continue
		}
		if utf8.RuneCountInString(f[0]) > maxTruth || utf8.RuneCountInString(f[1]) > maxSeen {
			return nil, fmt.Errorf("channel %s, line %d: pieces too long", name, n)
		}
		ops = append(ops, opCount{f[0], f[1], count})
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("channel %s: %w", name, err)
	}
	return newChannel(name, ops, total), nil
}

// Strength of the fallbacks.
const (
	backoffCount = 20.0 // occurrences of a right letter that they weigh as much as
	pairCount    = 4.0  // the same for pieces of two letters
	strayWeight  = 0.5
	anything     = 3e-4 // share of readings that nothing explains
)

func newChannel(name string, ops []opCount, total map[string]float64) *channel {
	c := &channel{name: name, bySeen: make(map[string][]reading), strange: float32(-math.Log(anything / 40))}
	extra := 1.0
	for _, o := range ops {
		if o.truth == "" {
			extra += o.count
		}
	}
	c.extra = float32(-math.Log(extra / 10 / (total[""] + 1)))

	// What happens to letters whatever their marks, and which marked forms
	// the engine writes.
	byFold := make(map[[2]string]float64)
	foldTotal := make(map[string]float64)
	seenFold := make(map[string]float64)
	seenCount := make(map[string]float64)
	direct := make(map[[2]string]float64)
	// What letters of a class become that lose their shape altogether.
	var stray [letterClasses]map[string]float64
	var strayTotal, classTotal [letterClasses]float64
	for i := range stray {
		stray[i] = make(map[string]float64)
	}
	for _, o := range ops {
		direct[[2]string{o.truth, o.seen}] = o.count
		if utf8.RuneCountInString(o.truth) != 1 {
			continue
		}
		byFold[[2]string{foldCase(o.truth), foldCase(o.seen)}] += o.count
		if o.seen != "" {
			seenFold[foldCase(o.seen)] += o.count
			seenCount[o.seen] += o.count
		}
	}
	// In a fixed order, for sums of floats depend on it.
	for _, t := range slices.Sorted(maps.Keys(total)) {
		if utf8.RuneCountInString(t) == 1 {
			foldTotal[foldCase(t)] += total[t]
			classTotal[letterClass(t)] += total[t]
		}
	}
	for _, o := range ops {
		if o.seen != "" && utf8.RuneCountInString(o.truth) == 1 && foldCase(o.truth) != foldCase(o.seen) {
			c := letterClass(o.truth)
			stray[c][o.seen] += o.count
			strayTotal[c] += o.count
		}
	}
	seen := slices.Sorted(maps.Keys(seenCount))

	lose := func(truth, seen string) float64 {
		c := letterClass(truth)
		if classTotal[c] == 0 || strayTotal[c] == 0 || foldCase(truth) == foldCase(seen) {
			return 0
		}
		return strayWeight * strayTotal[c] / classTotal[c] * (stray[c][seen] + 0.05) / (strayTotal[c] + 5)
	}
	fallback := func(truth, seen string) float64 {
		ft := foldCase(truth)
		n := foldTotal[ft]
		if seen == "" {
			return (byFold[[2]string{ft, ""}] + 0.05) / (n + 50)
		}
		fs := foldCase(seen)
		if utf8.RuneCountInString(seen) > 1 {
			return byFold[[2]string{ft, fs}]/(n+50)*seenCount[seen]/seenFold[fs] + lose(truth, seen)/2
		}
		p := byFold[[2]string{ft, fs}]
		if ft == fs {
			p += 5 // letters not in the data keep their shape, if anything
		}
		p = p / (n + 5) * (seenCount[seen] + 0.1) / (seenFold[fs] + 1)
		return p + lose(truth, seen) + anything/60
	}
	add := func(truth, seen string, p float64) {
		cost := float32(-math.Log(p))
		if cost > maxReadingCost {
			return
		}
		r := reading{truth: [2]uint8{noLetter, noLetter}, cost: max(cost, 0)}
		i := 0
		for _, t := range truth {
			if r.truth[i] = letterNumber(t); r.truth[i] == noLetter {
				return
			}
			i++
		}
		c.bySeen[seen] = append(c.bySeen[seen], r)
	}
	for i, t := range lettersByNumber {
		truth := string(t)
		n := total[truth]
		prob := func(seen string) float64 {
			return (direct[[2]string{truth, seen}] + backoffCount*fallback(truth, seen)) / (n + backoffCount)
		}
		for _, s := range seen {
			add(truth, s, prob(s))
		}
		if seenCount[truth] == 0 {
			add(truth, truth, prob(truth))
		}
		c.lost[i] = float32(-math.Log(prob("")))
	}
	for _, o := range ops {
		if utf8.RuneCountInString(o.truth) == 2 && o.seen != "" {
			add(o.truth, o.seen, o.count/(total[o.truth]+pairCount))
		}
		if o.truth == "" {
			add("", o.seen, o.count/(total[""]+1))
		}
	}
	for _, list := range c.bySeen {
		slices.SortFunc(list, func(a, b reading) int {
			switch {
			case a.cost != b.cost && a.cost < b.cost:
				return -1
			case a.cost != b.cost:
				return 1
			}
			return int(a.truth[0])<<8 + int(a.truth[1]) - int(b.truth[0])<<8 - int(b.truth[1])
		})
	}
	return c
}

// Classes of letters that lose their shapes alike.
const (
	plainLetter = iota
	markedVowel
	plainCapital
	markedCapital
	letterClasses
)

func letterClass(s string) int {
	r, _ := utf8.DecodeRuneInString(s)
	n := letterNumber(r)
	c := plainLetter
	if n != noLetter && r > 0x7f {
		c = markedVowel
	}
	if n != noLetter && n >= letterCount {
		c += plainCapital
	}
	return c
}

// foldCase strips marks but keeps the case, which the shapes depend on.
func foldCase(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		f := string(appendFolded(nil, r))
		if n := letterNumber(r); n != noLetter && n >= letterCount {
			f = strings.ToUpper(f)
		}
		b.WriteString(f)
	}
	return b.String()
}
