package lm

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sort"
)

// The n-grams form a trie: below each context stand the tokens that were seen
// after it, in the order of their ids, so the n-grams of one context lie side
// by side in memory and a context that nothing was seen after costs nothing to
// ask. A node of the first order is a token; a node of order n is the place of
// its n-gram in the list of that order.

// layer holds the n-grams of one order above the first.
type layer struct {
	leaf     bool     // the highest order, which nothing is below
	children sequence // where the n-grams of each node of the order before begin
	ids      []byte   // uint16: the last token of each n-gram
	values   []byte   // the numbers of levels: 12 bits, or 8 in a leaf
	probs    []byte   // float32 levels
	backoffs []byte   // float32 levels
}

// Bits of the numbers of levels. A leaf has no backoff.
const (
	probBits     = 7
	backoffBits  = 5
	leafProbBits = 8
)

// span is the range of n-grams that begin with one context.
type span struct{ from, to uint32 }

// below returns the n-grams that begin with a node of the order before.
func (l *layer) below(node uint32) span {
	if int(node) >= l.children.count-1 {
		return span{}
	}
	from, to := l.children.pair(int(node))
	to = min(to, uint32(len(l.ids)/2))
	return span{min(from, to), to}
}

// find returns the place of token w among the n-grams of s.
func (l *layer) find(s span, w uint16) (at uint32, ok bool) {
	ids := l.ids[2*s.from : 2*s.to]
	n := len(ids) / 2
	base := 0
	for n > 8 {
		half := n / 2
		if binary.LittleEndian.Uint16(ids[2*(base+half):]) <= w {
			base += half
		}
		n -= half
	}
	for i := base; i < base+n; i++ {
		if id := binary.LittleEndian.Uint16(ids[2*i:]); id >= w {
			return s.from + uint32(i), id == w
		}
	}
	return 0, false
}

func (l *layer) prob(at uint32) float32 { return level(l.probs, l.probLevel(at)) }

// probLevel is the number of the level of an n-gram's probability.
func (l *layer) probLevel(at uint32) uint32 {
	if l.leaf {
		return uint32(l.values[at])
	}
	return l.value(at) & (1<<probBits - 1)
}

// levelFrom is the number of the first level of probability that is at least least with
// something more, one more than the last when none is.
func (l *layer) levelFrom(least, more float32) uint32 {
	return uint32(sort.Search(len(l.probs)/4, func(i int) bool { return more+level(l.probs, uint32(i)) >= least }))
}

func (l *layer) backoff(at uint32) float32 { return level(l.backoffs, l.value(at)>>probBits) }

// value returns twelve bits from the middle of bytes.
func (l *layer) value(at uint32) uint32 {
	bit := 12 * uint64(at)
	return uint32(binary.LittleEndian.Uint16(l.values[bit/8:])) >> (bit % 8) & 0xfff
}

func level(levels []byte, i uint32) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(levels[4*i:]))
}

func parseLayer(leaf bool, nodes int, levels, children, ids, values []byte) (layer, error) {
	l := layer{leaf: leaf, ids: ids, values: values}
	n := len(ids) / 2
	wantLevels, wantValues := 4*(1<<probBits+1<<backoffBits), (12*n+7)/8+1
	if leaf {
		wantLevels, wantValues = 4<<leafProbBits, n
	}
	if len(ids)%2 != 0 || len(levels) != wantLevels || len(values) != wantValues {
		return l, fmt.Errorf("%w: %d bytes of tokens, %d of values, %d of levels", ErrDamaged, len(ids), len(values), len(levels))
	}
	l.probs = levels
	if !leaf {
		l.probs, l.backoffs = levels[:4<<probBits], levels[4<<probBits:]
	}
	var err error
	if l.children, err = parseSequence(children); err != nil {
		return l, err
	}
	if l.children.count != nodes+1 {
		return l, fmt.Errorf("%w: n-grams below %d nodes, should be %d", ErrDamaged, l.children.count-1, nodes)
	}
	return l, nil
}

// gramValue is an n-gram with what the model keeps of it, in natural logs. The
// last token is in the lowest 16 bits of the key.
type gramValue struct {
	key           uint64
	prob, backoff float32
}

// buildLayer makes the four sections of an order from its n-grams, sorted by
// key. parent returns the place of a context among the nodes before; contexts
// come in the order of their places.
func buildLayer(grams []gramValue, leaf bool, nodes int, parent func(key uint64) int) (levels, children, ids, values []byte) {
	le := binary.LittleEndian
	nb := 1 << probBits
	if leaf {
		nb = 1 << leafProbBits
	}
	probs := quantise(grams, nb, func(g gramValue) float32 { return g.prob })
	for _, p := range probs {
		levels = le.AppendUint32(levels, math.Float32bits(p))
	}
	var backoffs []float32
	if !leaf {
		backoffs = quantise(grams, 1<<backoffBits, func(g gramValue) float32 { return g.backoff })
		for _, p := range backoffs {
			levels = le.AppendUint32(levels, math.Float32bits(p))
		}
	}
	starts := make([]uint32, nodes+1)
	ids = make([]byte, 0, 2*len(grams))
	if leaf {
		values = make([]byte, len(grams))
	} else {
		values = make([]byte, (12*len(grams)+7)/8+1)
	}
	for i, g := range grams {
		starts[parent(g.key>>16)+1]++
		ids = le.AppendUint16(ids, uint16(g.key))
		v := nearest(probs, g.prob)
		if leaf {
			values[i] = byte(v)
			continue
		}
		v |= nearest(backoffs, g.backoff) << probBits
		at := values[12*i/8:]
		le.PutUint16(at, le.Uint16(at)|uint16(v<<(12*i%8)))
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	return levels, appendSequence(nil, starts), ids, values
}

// quantise chooses n ascending levels for the values: one for zero, which most
// backoffs are, the others by equal population (the binning of KenLM), each
// level the mean of its bin.
func quantise(grams []gramValue, n int, get func(gramValue) float32) []float32 {
	var values []float32
	zero := false
	for _, g := range grams {
		if v := get(g); v != 0 {
			values = append(values, v)
		} else {
			zero = true
		}
	}
	slices.Sort(values)
	if zero {
		levels := append(bins(values, n-1), 0)
		slices.Sort(levels)
		return levels
	}
	return bins(values, n)
}

func bins(values []float32, n int) []float32 {
	levels := make([]float32, n)
	for i := range levels {
		from, to := len(values)*i/n, len(values)*(i+1)/n
		if from == to {
			// Fewer values than levels: repeat the neighbour below.
			if i > 0 {
				levels[i] = levels[i-1]
			} else if len(values) > 0 {
				levels[i] = values[0]
			}
			continue
		}
		var sum float64
		for _, v := range values[from:to] {
			sum += float64(v)
		}
		levels[i] = float32(sum / float64(to-from))
	}
	return levels
}

func nearest(levels []float32, v float32) uint32 {
	i, _ := slices.BinarySearch(levels, v)
	if i == len(levels) || i > 0 && v-levels[i-1] < levels[i]-v {
		i--
	}
	return uint32(i)
}
