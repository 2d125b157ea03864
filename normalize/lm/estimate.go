package lm

import (
	"math"
	"slices"
)

// gram is an n-gram while it is counted. Its key has the last token in the
// highest of its n 16-bit places and the oldest token in the lowest, so that
// sorted grams stand together with those that share their ending, and the
// key of the shorter gram without the oldest token is key>>16.
type gram struct {
	key  uint64
	raw  uint32  // occurrences
	cont uint32  // distinct tokens before it, its count for Kneser–Ney; raw for the highest order
	eff  float32 // cont with the weights of the sentences
	p    float32 // probability
	gain float32 // what the model would lose without it, in nats
}

// estimator turns counted n-grams into a model; levels[n-1] holds order n.
type estimator struct {
	opts   Options
	words  int
	levels [MaxOrder][]gram
	// gammas[n-1][i] is the mass that context levels[n-1][i] leaves to shorter
	// contexts.
	gammas [MaxOrder][]float32
	starts [MaxOrder][]uint32 // index by the last token into levels
	rivals [][]uint16         // of each token: those that it is told apart from, itself among them
}

func newEstimator(opts Options, words []string) *estimator {
	e := &estimator{opts: opts, words: len(words)}
	if opts.Rivals != nil {
		e.rivals = rivalsOf(words, opts.Rivals)
	}
	return e
}

// maxRivals bounds the tokens that one is told apart from; ids go by
// frequency, so those left out are rare.
const maxRivals = 20

func rivalsOf(words []string, key func(string) string) [][]uint16 {
	groups := make(map[string][]uint16)
	for id, w := range words {
		if id <= int(Unknown) {
			continue
		}
		if k := key(w); k != "" && len(groups[k]) < maxRivals {
			groups[k] = append(groups[k], uint16(id))
		}
	}
	out := make([][]uint16, len(words))
	for _, ids := range groups {
		for _, id := range ids {
			if len(ids) > 1 {
				out[id] = ids
			}
		}
	}
	return out
}

// count fills the levels with all n-grams of the text.
func (e *estimator) count(stream [][]uint32, weights []uint8, remap []uint16) {
	order := e.opts.Order
	sizes := map[uint8]int{}
	each(stream, weights, func(weight uint8, _ []uint32, n int) { sizes[weight] += n + 2 })
	keys := map[uint8][]uint64{}
	var kinds []uint8
	for w, n := range sizes {
		keys[w] = make([]uint64, 0, n)
		kinds = append(kinds, w)
	}
	slices.Sort(kinds)
	mask := uint64(1)<<(16*uint(order)-1)<<1 - 1
	top := 16 * uint(order-1)
	each(stream, weights, func(weight uint8, sentence []uint32, _ int) {
		list := keys[weight]
		// The start is counted too, for it is a context, but not predicted.
		window := uint64(Start) << top
		list = append(list, window)
		for _, id := range sentence {
			window = window>>16&mask | uint64(remap[id-1])<<top
			list = append(list, window)
		}
		list = append(list, window>>16&mask|uint64(End)<<top)
		keys[weight] = list
	})
	var lists [][]uint64
	for _, w := range kinds {
		radixSort(keys[w])
		lists = append(lists, keys[w])
		delete(keys, w)
	}
	e.levels[order-1] = mergeCounts(lists, kinds)
	for n := order - 1; n >= 1; n-- {
		e.levels[n-1] = shorten(e.levels[n])
	}
}

// each walks the sentences. The slice is valid during the call only.
func each(stream [][]uint32, weights []uint8, f func(weight uint8, sentence []uint32, n int)) {
	var sentence []uint32
	i := 0
	for _, chunk := range stream {
		for _, id := range chunk {
			if id != 0 {
				sentence = append(sentence, id)
				continue
			}
			f(weights[i], sentence, len(sentence))
			i++
			sentence = sentence[:0]
		}
	}
}

// mergeCounts counts equal keys over the sorted lists, one for each weight.
func mergeCounts(lists [][]uint64, kinds []uint8) []gram {
	walk := func(f func(key uint64, raw, weighted uint32)) {
		at := make([]int, len(lists))
		for {
			least, found := uint64(0), false
			for i, l := range lists {
				if at[i] < len(l) && (!found || l[at[i]] < least) {
					least, found = l[at[i]], true
				}
			}
			if !found {
				return
			}
			var raw, weighted uint32
			for i, l := range lists {
				from := at[i]
				for at[i] < len(l) && l[at[i]] == least {
					at[i]++
				}
				raw += uint32(at[i] - from)
				weighted += uint32(at[i]-from) * uint32(kinds[i])
			}
			f(least, raw, weighted)
		}
	}
	n := 0
	walk(func(uint64, uint32, uint32) { n++ })
	out := make([]gram, 0, n)
	walk(func(key uint64, raw, weighted uint32) {
		out = append(out, gram{key: key, raw: raw, cont: raw, eff: float32(weighted)})
	})
	return out
}

// shorten derives the next lower order: n-grams that differ in their oldest
// token alone become one, whose Kneser–Ney count is how many they were. Those
// at the beginning of a sentence have nothing before them and keep their
// occurrences.
func shorten(grams []gram) []gram {
	n := 0
	for i := range grams {
		if i == 0 || grams[i].key>>16 != grams[i-1].key>>16 {
			n++
		}
	}
	out := make([]gram, 0, n)
	for i := range grams {
		g := &grams[i]
		if i == 0 || g.key>>16 != grams[i-1].key>>16 {
			out = append(out, gram{key: g.key >> 16})
		}
		o := &out[len(out)-1]
		o.raw += g.raw
		if uint16(g.key) == None {
			o.cont += g.cont
			o.eff += g.eff
		} else {
			o.cont++
			o.eff += g.eff / float32(g.cont)
		}
	}
	return out
}

// discounts returns the D of modified Kneser–Ney for counts 1, 2 and 3 or more.
func discounts(grams []gram) [4]float64 {
	var n [5]float64
	for i := range grams {
		if c := grams[i].cont; c <= 4 && uint16(grams[i].key) != None {
			n[c]++
		}
	}
	d := [4]float64{0, 0.5, 1, 1.5} // for texts too small to estimate from
	if n[1] == 0 || n[2] == 0 || n[3] == 0 {
		return d
	}
	y := n[1] / (n[1] + 2*n[2])
	for c := 1; c <= 3; c++ {
		v := float64(c) - float64(c+1)*y*n[c+1]/n[c]
		if v > 0 && v < float64(c) {
			d[c] = v
		}
	}
	return d
}

// estimate turns counts into the values of the model.
func (e *estimator) estimate(meta *Meta) (unigrams []gramValue, grams [][]gramValue) {
	order := e.opts.Order
	for n := 1; n <= order; n++ {
		meta.Seen = append(meta.Seen, int64(len(e.levels[n-1])))
		e.index(n)
	}
	uni := e.unigramProbs()
	for n := 2; n <= order; n++ {
		e.probabilities(n, uni)
		if n > 2 {
			// Only now may the level below lose its rare n-grams, since this
			// one drew on all of them.
			e.cut(n - 1)
		}
	}
	e.cut(order)
	meta.Prune = e.prune(uni)
	backoffs := e.backoffs(uni)

	unigrams = make([]gramValue, e.words)
	for w := range unigrams {
		unigrams[w] = gramValue{prob: logOf(uni[w])}
	}
	for i, g := range e.levels[0] {
		unigrams[g.key].backoff = backoffs[0][i]
	}
	meta.Grams = append(meta.Grams, int64(e.words))
	for n := 2; n <= order; n++ {
		values := make([]gramValue, len(e.levels[n-1]))
		for i, g := range e.levels[n-1] {
			values[i] = gramValue{key: reverse(g.key, n), prob: logOf(float64(g.p))}
			if n < order {
				values[i].backoff = backoffs[n-1][i]
			}
		}
		grams = append(grams, values)
		meta.Grams = append(meta.Grams, int64(len(values)))
		e.levels[n-1] = nil
	}
	return unigrams, grams
}

func logOf(p float64) float32 { return float32(math.Log(max(p, 1e-30))) }

// reverse leads from the key of counting to that of the model, which has the
// last token in the lowest place.
func reverse(key uint64, n int) (out uint64) {
	for range n {
		out = out<<16 | key&0xffff
		key >>= 16
	}
	return out
}

// index makes lookups by key cheap: levels are sorted, starts tells where each
// last token begins.
func (e *estimator) index(n int) {
	starts := make([]uint32, e.words+1)
	shift := 16 * uint(n-1)
	for i := range e.levels[n-1] {
		starts[e.levels[n-1][i].key>>shift+1]++
	}
	for w := 1; w < len(starts); w++ {
		starts[w] += starts[w-1]
	}
	e.starts[n-1] = starts
}

func (e *estimator) find(n int, key uint64) (int, bool) {
	w := key >> (16 * uint(n-1))
	lo, hi := int(e.starts[n-1][w]), int(e.starts[n-1][w+1])
	level := e.levels[n-1]
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if level[mid].key < key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(level) && level[lo].key == key
}

func (e *estimator) unigramProbs() []float64 {
	level := e.levels[0]
	d := discounts(level)
	var total, mass float64
	for i := range level {
		g := &level[i]
		if g.key == uint64(Start) {
			continue
		}
		total += float64(g.eff)
		mass += d[min(g.cont, 3)] * float64(g.eff) / float64(g.cont)
	}
	uniform := mass / total / float64(e.words-2) // None and Start are never predicted
	uni := make([]float64, e.words)
	for w := range uni {
		if uint16(w) != None && uint16(w) != Start {
			uni[w] = uniform
		}
	}
	for i := range level {
		g := &level[i]
		if g.key == uint64(Start) {
			continue
		}
		uni[g.key] += float64(g.eff) * (1 - d[min(g.cont, 3)]/float64(g.cont)) / total
	}
	return uni
}

// probabilities fills p of order n, interpolated with the order below.
func (e *estimator) probabilities(n int, uni []float64) {
	level, below := e.levels[n-1], e.levels[n-2]
	d := discounts(level)
	totals := make([]float64, len(below))
	masses := make([]float64, len(below))
	contexts := make([]uint32, len(level))
	mask := uint64(1)<<(16*uint(n-1)) - 1
	for i := range level {
		g := &level[i]
		if uint16(g.key) == None {
			continue
		}
		c, ok := e.find(n-1, g.key&mask)
		if !ok {
			panic("lm: an n-gram without its context")
		}
		contexts[i] = uint32(c)
		totals[c] += float64(g.eff)
		masses[c] += d[min(g.cont, 3)] * float64(g.eff) / float64(g.cont)
	}
	gammas := make([]float32, len(below))
	for i := range gammas {
		gammas[i] = 1
		if totals[i] > 0 {
			gammas[i] = float32(masses[i] / totals[i])
		}
	}
	e.gammas[n-2] = gammas
	j := 0
	for i := range level {
		g := &level[i]
		for below[j].key < g.key>>16 {
			j++
		}
		if uint16(g.key) == None {
			continue
		}
		lower := float64(below[j].p)
		if n == 2 {
			lower = uni[g.key>>16]
		}
		c := contexts[i]
		disc := float64(g.eff) * (1 - d[min(g.cont, 3)]/float64(g.cont)) / totals[c]
		g.p = float32(disc + float64(gammas[c])*lower)
	}
}

// cut drops the n-grams of order n that are too rare, and those that reach
// back before the sentence.
func (e *estimator) cut(n int) {
	e.keep(n, func(g *gram) bool { return uint16(g.key) != None && int(g.raw) >= e.opts.Cutoff[n] })
}

// keep drops the n-grams of order n that want refuses, with all that is kept
// beside them.
func (e *estimator) keep(n int, want func(*gram) bool) {
	level, gammas := e.levels[n-1], e.gammas[n-1]
	j := 0
	for i := range level {
		if !want(&level[i]) {
			continue
		}
		level[j] = level[i]
		if gammas != nil {
			gammas[j] = gammas[i]
		}
		j++
	}
	e.levels[n-1] = slices.Clip(level[:j])
	if gammas != nil {
		e.gammas[n-1] = gammas[:j]
	}
	e.index(n)
}

// prob returns the probability of the last token of an n-gram after the others.
func (e *estimator) prob(n int, key uint64, uni []float64) float64 {
	if n == 1 {
		return uni[key]
	}
	if i, ok := e.find(n, key); ok {
		return float64(e.levels[n-1][i].p)
	}
	p := e.prob(n-1, key>>16, uni)
	if c, ok := e.find(n-1, key&(1<<(16*uint(n-1))-1)); ok {
		p *= float64(e.gammas[n-2][c])
	}
	return p
}

// generalGain is how much of an n-gram's gain counts that does not help to
// tell the token from its rivals.
const generalGain = 0.15

// gain returns what an occurrence of an n-gram loses in log-probability when
// the n-gram is dropped and the shorter one takes its place: all of it where
// tokens have no rivals, else for the most part what is lost against the
// rivals in the same context. An n-gram that says with more certainty what was
// certain is of no use to a search that chooses among rivals.
func (e *estimator) gain(n int, g *gram, dropped float64, uni []float64) float64 {
	own := math.Log(float64(g.p) / dropped)
	if e.rivals == nil || own <= 0 {
		return own
	}
	shift := 16 * uint(n-1)
	w := uint16(g.key >> shift)
	others := 0.0
	for _, v := range e.rivals[w] {
		if v != w {
			others += e.prob(n, g.key&(1<<shift-1)|uint64(v)<<shift, uni)
		}
	}
	if others == 0 {
		return generalGain * own
	}
	choice := own - math.Log((float64(g.p)+others)/(dropped+others))
	return generalGain*own + (1-generalGain)*choice
}

// prune keeps the n-grams whose loss would cost most: the weighted difference
// of Seymore and Rosenfeld (1996), occurrences times the change of the
// log-probability, here with an eye on rivals (see gain). An n-gram that a
// longer one is built on inherits its gain, so that the model stays closed. It
// returns the gain that divides them.
func (e *estimator) prune(uni []float64) float64 {
	var gains []float32
	for n := e.opts.Order; n >= 2; n-- {
		level, below, gammas := e.levels[n-1], e.levels[n-2], e.gammas[n-2]
		mask := uint64(1)<<(16*uint(n-1)) - 1
		j := 0
		for i := range level {
			g := &level[i]
			for below[j].key < g.key>>16 {
				j++
			}
			c, _ := e.find(n-1, g.key&mask)
			lower := float64(below[j].p)
			if n == 2 {
				lower = uni[g.key>>16]
			}
			occurrences := float64(g.raw) * float64(g.eff) / float64(g.cont)
			own := occurrences * e.gain(n, g, float64(gammas[c])*lower, uni)
			g.gain = max(g.gain, float32(own))
			below[c].gain = max(below[c].gain, g.gain)
			below[j].gain = max(below[j].gain, g.gain)
			gains = append(gains, g.gain)
		}
	}
	if len(gains) <= e.opts.MaxGrams {
		return 0
	}
	slices.Sort(gains)
	least := gains[len(gains)-e.opts.MaxGrams]
	for n := 2; n <= e.opts.Order; n++ {
		e.keep(n, func(g *gram) bool { return g.gain > least })
	}
	return float64(least)
}

// backoffs returns, for each context, the logarithm of the factor that makes
// its probabilities sum to one again after pruning.
func (e *estimator) backoffs(uni []float64) (out [MaxOrder][]float32) {
	for n := 2; n <= e.opts.Order; n++ {
		level, below := e.levels[n-1], e.levels[n-2]
		here := make([]float64, len(below))
		there := make([]float64, len(below))
		mask := uint64(1)<<(16*uint(n-1)) - 1
		j := 0
		for i := range level {
			g := &level[i]
			for below[j].key < g.key>>16 {
				j++
			}
			c, _ := e.find(n-1, g.key&mask)
			lower := float64(below[j].p)
			if n == 2 {
				lower = uni[g.key>>16]
			}
			here[c] += float64(g.p)
			there[c] += lower
		}
		out[n-2] = make([]float32, len(below))
		for i := range here {
			if here[i] > 0 {
				out[n-2][i] = logOf(max(1-here[i], 1e-6) / max(1-there[i], 1e-6))
			}
		}
	}
	return out
}
