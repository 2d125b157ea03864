package normalize

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
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
	// loose channels have readings that were never counted but are like those
	// that were. Where most is right, such readings do more harm than good.
	loose bool
	// bySeen leads from what was seen to what it may have been.
	bySeen map[string]*readings
	// lost is the cost of each letter having left no trace.
	lost      [2 * letterCount]float32
	leastLost float32 // the lowest of them
	// strange is the cost of any letter where the channel knows nothing.
	strange float32
	// extra is the cost of a rune that stands for nothing.
	extra float32
}

// readings is what a seen piece may stand for, lowest cost first.
type readings struct {
	single, pair []reading
	costs        [2 * letterCount]float32 // of single letters, by number
	nothing      float32                  // the cost of standing for nothing
}

// The channels of engines without Vietnamese letters: as text is read at first,
// and as cells are once their words are together.
const (
	heavyChannel = "heavy"
	cellChannel  = "cells"
)

func newReadings() *readings {
	rs := &readings{nothing: math.MaxFloat32}
	for i := range rs.costs {
		rs.costs[i] = math.MaxFloat32
	}
	return rs
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

	// unwritten is the probability of a letter being seen as it is, when the
	// channel never saw it.
	unwritten = 0.05
	// unwrittenMarks is the same of letters with other marks, beside it.
	unwrittenMarks = 0.1
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

func newChannel(name string, ops []opCount, total map[string]float64) *channel {
	counts := countReadings(ops, total)
	c := &channel{name: name, bySeen: make(map[string]*readings), loose: name == heavyChannel || name == cellChannel}
	counts.careful = name == cellChannel
	if c.loose {
		counts.relay()
	}
	c.strange = float32(-math.Log(anything / 40))
	c.extra = float32(-math.Log(counts.stretch / 10))
	written := make([]*glyph, len(counts.written))
	for i, s := range counts.written {
		written[i] = counts.glyph(s)
	}
	nothing := counts.glyph("")
	for i, t := range lettersByNumber {
		truth := counts.glyph(string(t))
		for _, seen := range written {
			c.add(truth.text, seen.text, counts.letter(truth, seen))
		}
		if truth.seen == 0 {
			c.add(truth.text, truth.text, counts.letter(truth, truth))
		}
		c.lost[i] = float32(-math.Log(counts.letter(truth, nothing)))
	}
	if counts.careful {
		c.addUnwritten(counts)
	}
	for _, o := range counts.pairs {
		for _, truth := range likePairs(o[0]) {
			c.add(truth, o[1], counts.pair(truth, o[1]))
		}
	}
	for _, o := range ops {
		if o.truth == "" {
			c.add("", o.seen, o.count/(total[""]+1))
		}
	}
	for _, p := range c.bySeen {
		for _, list := range [][]reading{p.single, p.pair} {
			slices.SortFunc(list, func(a, b reading) int {
				return cmp.Or(cmp.Compare(a.cost, b.cost), bytes.Compare(a.truth[:], b.truth[:]))
			})
		}
	}
	c.leastLost = slices.Min(c.lost[:])
	return c
}

// addUnwritten adds what letters may stand for that the engine of the channel
// never wrote and others may: themselves, or with other marks.
func (c *channel) addUnwritten(counts *readingCounts) {
	for _, s := range lettersByNumber {
		seen := string(s)
		if s < utf8.RuneSelf || counts.seen[seen] > 0 {
			continue
		}
		for _, t := range lettersByNumber {
			truth := string(t)
			switch {
			case t == s:
				c.add(truth, seen, unwritten)
			case foldCase(truth) == foldCase(seen):
				c.add(truth, seen, unwritten*unwrittenMarks)
			}
		}
	}
}

func (c *channel) add(truth, seen string, p float64) {
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
	rs := c.bySeen[seen]
	if rs == nil {
		rs = newReadings()
		c.bySeen[seen] = rs
	}
	switch i {
	case 0:
		rs.nothing = min(rs.nothing, r.cost)
	case 1:
		rs.single = append(rs.single, r)
		cost := &rs.costs[r.truth[0]]
		*cost = min(*cost, r.cost)
	case 2:
		rs.pair = append(rs.pair, r)
	}
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
