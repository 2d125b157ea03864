package normalize

import (
	"cmp"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/normalize/lm"
)

// The language model sees three words. Whether "hộ" or "họ" keeps fowl stands
// further off, or among few words that the corpora hold seldom in that order. So
// where cells of torn tables leave a word open, the words on both sides have a say
// once more, each by itself: how much likelier does it make each of the words in
// question? Words have vectors for what they expect around them and others for what
// they say to their neighbours, trained for telling words apart that differ in
// marks. The order of a decision is the search first, this afterwards: a word that
// changes here changes nothing for its neighbours.

// surroundingsData is the table, made by [TrainSurroundings].
//
//go:embed data/surroundings.bin
var surroundingsData string

const (
	aroundDims  = 32
	aroundReach = 8 // words on each side

	aroundOwn    = 0.75 // of what the search says counts beside the words around
	aroundMargin = 0.7  // nats that another word must be ahead by
)

// aroundShares are how much a word counts by its distance: of the nearest ones the
// search has made use.
var aroundShares = [aroundReach]float32{0.14, 0.2, 0.7, 0.95, 0.95, 0.95, 0.6, 0.6}

const surroundingsMagic = "sohoa surroundings 1\n"

// surroundings are the vectors, read in place.
type surroundings struct {
	rows   []uint16                             // of each word of the language model, from 1; 0 for none
	number uint16                               // the row of all numbers
	places [2 * aroundReach][aroundDims]float32 // the first half before the word, farthest first
	words  [2]struct{ scales, vectors string }  // of the words in question, and of those around
}

// Indices into the words of surroundings.
const (
	inQuestion = iota
	aroundIt
)

// loadSurroundings reads what [TrainSurroundings] wrote, without copying the vectors.
func loadSurroundings(m *lm.Model, data string) (*surroundings, error) {
	rest, ok := strings.CutPrefix(data, surroundingsMagic)
	if !ok || len(rest) < 8 {
		return nil, fmt.Errorf("surroundings: no such table")
	}
	n, size := int(le32(rest)), int(le32(rest[4:]))
	rest = rest[8:]
	const places = 4 * 2 * aroundReach * aroundDims
	if n == 0 || n >= 1<<16 || len(rest) != size+places+n*(8+2*aroundDims) {
		return nil, fmt.Errorf("surroundings: %d bytes for %d words", len(data), n)
	}
	s := &surroundings{rows: make([]uint16, m.Words())}
	row := uint16(0)
	for word := range strings.SplitSeq(rest[:size], "\n") {
		row++
		if word == aroundNumber {
			s.number = row
		}
		if id, known := m.ID(word); known {
			s.rows[id] = row
		}
	}
	if int(row) != n {
		return nil, fmt.Errorf("surroundings: %d words for %d", row, n)
	}
	rest = rest[size:]
	for p := range s.places {
		for k := range s.places[p] {
			s.places[p][k] = le32float(rest) * aroundShares[distance(p)-1]
			rest = rest[4:]
		}
	}
	for i := range s.words {
		w := &s.words[i]
		w.scales, rest = rest[:4*n], rest[4*n:]
		w.vectors, rest = rest[:aroundDims*n], rest[aroundDims*n:]
	}
	return s, nil
}

// distance of a place from the word in question, from 1.
func distance(place int) int {
	if place < aroundReach {
		return aroundReach - place
	}
	return place - aroundReach + 1
}

func le32(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func le32float(s string) float32 { return math.Float32frombits(le32(s)) }

// scene adds up what the words around a place say; rows[at] is the word in question.
func (s *surroundings) scene(sum *[aroundDims]float32, rows []uint16, at int) {
	*sum = [aroundDims]float32{}
	for i := max(0, at-aroundReach); i < min(len(rows), at+aroundReach+1); i++ {
		row := int(rows[i])
		if i == at || row == 0 {
			continue
		}
		place := i - at + aroundReach
		if i > at {
			place--
		}
		w := &s.words[aroundIt]
		scale := le32float(w.scales[4*(row-1):])
		vector := w.vectors[aroundDims*(row-1):][:aroundDims]
		weights := &s.places[place]
		for k := range sum {
			sum[k] += weights[k] * scale * float32(int8(vector[k]))
		}
	}
}

// likelier returns how much likelier, in nats, a scene makes a word; 0 where nothing
// is known of it.
func (s *surroundings) likelier(scene *[aroundDims]float32, id uint16) (nats float32) {
	row := int(s.rows[id])
	if row == 0 {
		return 0
	}
	w := &s.words[inQuestion]
	vector := w.vectors[aroundDims*(row-1):][:aroundDims]
	for k, x := range scene {
		nats += x * float32(int8(vector[k]))
	}
	return nats * le32float(w.scales[4*(row-1):])
}

// lookAround decides words once more that the search left open, by the words that
// were decided around them.
func (d *decoder) lookAround(choices []choice) {
	s := d.r.around
	if !slices.ContainsFunc(choices, d.isOpen) {
		return
	}
	rows, starts := d.around[:0], d.aroundAt[:0]
	for i := range choices {
		c := &choices[i]
		starts = append(starts, int32(len(rows)))
		switch kind := d.units[c.from].kind; {
		case c.keep && kind == numberPiece:
			rows = append(rows, s.number)
		case c.keep && kind != wordPiece: // signs are no words
		default:
			for _, id := range c.ids[:c.n] {
				rows = append(rows, s.rows[id])
			}
		}
	}
	d.around, d.aroundAt = rows, starts
	var scene [aroundDims]float32
	for i := range choices {
		if c := &choices[i]; d.isOpen(*c) {
			s.scene(&scene, rows, int(starts[i]))
			s.decide(c, &scene)
		}
	}
}

// isOpen reports whether a choice is a word with others that it may be.
func (d *decoder) isOpen(c choice) bool {
	u := &d.units[c.from]
	return len(c.rest) > 0 && c.n == 1 && u.mode == heavyMode && u.kind == wordPiece && !u.code
}

// decide takes another word for a choice where what the search says of it and the
// scene together put it ahead.
func (s *surroundings) decide(c *choice, scene *[aroundDims]float32) {
	weigh := func(h *hypothesis, score float32) float64 {
		nats := aroundOwn * math.Log(float64(score))
		if h.n == 1 {
			nats += float64(s.likelier(scene, h.ids[0]))
		}
		return nats
	}
	own := weigh(&c.hypothesis, c.score)
	best, most := -1, own+aroundMargin
	for k := range c.rest {
		r := &c.rest[k]
		if score := weigh(&r.hyp, r.score); r.hyp.n == 1 && score > most {
			best, most = k, score
		}
	}
	if best < 0 {
		return
	}
	sum := math.Exp(own - most)
	for k := range c.rest {
		sum += math.Exp(weigh(&c.rest[k].hyp, c.rest[k].score) - most)
	}
	was := rival{c.hypothesis, float32(math.Exp(own-most) / sum)}
	for k := range c.rest {
		r := &c.rest[k]
		r.score = float32(math.Exp(weigh(&r.hyp, r.score)-most) / sum)
	}
	c.hypothesis, c.score = c.rest[best].hyp, c.rest[best].score
	c.rest[best] = was
	slices.SortStableFunc(c.rest, func(a, b rival) int { return cmp.Compare(b.score, a.score) })
}
