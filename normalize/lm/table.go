package lm

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// table stores the n-grams of one order as sorted hashed arrays: the hash of
// an n-gram names a bucket, and a few more bits of the hash tell the entries
// of the bucket apart. The n-gram itself is not stored, so an n-gram that is
// absent is taken for another one about once in 40,000 lookups (for the
// highest order, once in two million): far below what pruning costs.
//
// An entry is 32 bits: check | backoff | log-probability, the latter two as
// numbers of levels. The highest order has no backoff and longer checks.
type table struct {
	shift    uint // of the hash, to the bucket's number
	leaf     bool
	probs    []byte // float32 levels
	backoffs []byte // float32 levels
	starts   []byte // uint32 a bucket, and one more
	entries  []byte // uint32 an entry
}

const (
	probBits    = 7
	backoffBits = 5

	// bucketMean is how many entries a bucket holds on average: one cache line.
	bucketMean = 12
)

func hashGram(key uint64) uint64 {
	// The finaliser of MurmurHash3: a permutation of 64 bits, so distinct
	// keys never share a whole hash.
	key ^= key >> 33
	key *= 0xff51afd7ed558ccd
	key ^= key >> 33
	key *= 0xc4ceb9fe1a85ec53
	return key ^ key>>33
}

func (t *table) checkShift() uint {
	if t.leaf {
		return probBits
	}
	return probBits + backoffBits
}

// find returns the levels of the n-gram whose key has hash h.
func (t *table) find(h uint64) (prob, backoff uint32, ok bool) {
	b := 4 * int(h>>t.shift)
	from, to := binary.LittleEndian.Uint32(t.starts[b:]), binary.LittleEndian.Uint32(t.starts[b+4:])
	cs := t.checkShift()
	want := uint32(h) >> cs
	entries := t.entries[4*from : 4*to]
	for len(entries) >= 4 {
		e := binary.LittleEndian.Uint32(entries)
		if c := e >> cs; c >= want {
			return e & (1<<probBits - 1), e >> probBits & (1<<backoffBits - 1), c == want
		}
		entries = entries[4:]
	}
	return 0, 0, false
}

func parseTable(leaf bool, levels, starts, entries []byte) (table, error) {
	t := table{leaf: leaf, starts: starts, entries: entries}
	nb := 1 << backoffBits
	if leaf {
		nb = 0
	}
	if len(levels) != 4*(1<<probBits+nb) {
		return t, fmt.Errorf("%w: %d bytes of levels", ErrDamaged, len(levels))
	}
	t.probs, t.backoffs = levels[:4<<probBits], levels[4<<probBits:]
	buckets := len(starts)/4 - 1
	if len(starts)%4 != 0 || buckets < 2 || bits.OnesCount(uint(buckets)) != 1 || len(entries)%4 != 0 {
		return t, fmt.Errorf("%w: %d bytes of buckets", ErrDamaged, len(starts))
	}
	t.shift = 64 - uint(bits.TrailingZeros(uint(buckets)))
	last := uint32(0)
	for i := 0; i < len(starts); i += 4 {
		s := binary.LittleEndian.Uint32(starts[i:])
		if s < last {
			return t, fmt.Errorf("%w: buckets out of order", ErrDamaged)
		}
		last = s
	}
	if int(last) != len(entries)/4 {
		return t, fmt.Errorf("%w: %d entries, should be %d", ErrDamaged, len(entries)/4, last)
	}
	return t, nil
}

func level(levels []byte, i uint32) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(levels[4*i:]))
}

// gramValue is an n-gram with what the model keeps of it, in natural logs.
type gramValue struct {
	key           uint64
	prob, backoff float32
}

// buildTable makes the three sections of a table.
func buildTable(grams []gramValue, leaf bool) (levels, starts, entries []byte) {
	le := binary.LittleEndian
	probs := quantise(grams, 1<<probBits, func(g gramValue) float32 { return g.prob })
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
	logBuckets := 1
	for bucketMean<<logBuckets < len(grams) {
		logBuckets++
	}
	t := table{leaf: leaf, shift: 64 - uint(logBuckets)}
	cs := t.checkShift()
	type placed struct {
		bucket, entry uint32
	}
	all := make([]placed, len(grams))
	for i, g := range grams {
		h := hashGram(g.key)
		e := uint32(h)>>cs<<cs | nearest(probs, g.prob)
		if !leaf {
			e |= nearest(backoffs, g.backoff) << probBits
		}
		all[i] = placed{uint32(h >> t.shift), e}
	}
	slices.SortFunc(all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.entry, b.entry))
	})
	entries = make([]byte, 0, 4*len(all))
	starts = make([]byte, 0, 4<<logBuckets+4)
	i := 0
	for b := range uint32(1) << logBuckets {
		starts = le.AppendUint32(starts, uint32(i))
		for ; i < len(all) && all[i].bucket == b; i++ {
			entries = le.AppendUint32(entries, all[i].entry)
		}
	}
	starts = le.AppendUint32(starts, uint32(i))
	return levels, starts, entries
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
