package normalize

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
)

// Decoding finds the most probable right text behind a context of chunks: a
// lattice of hypotheses over their pieces, weighed by the channel and by the
// language model, searched from left to right with a beam.

// mode names the channel that a stretch of text went through.
type mode uint8

const (
	lightMode mode = iota // an engine that knows Vietnamese; most is right
	scanMode              // the same, of a page that was read here, with the engine's confidences
	heavyMode             // an engine without Vietnamese letters
	bareMode              // marks taken off, letters right
	modeCount
)

// light reports whether most of what comes through a channel is right.
func (m mode) light() bool { return m == lightMode || m == scanMode }

// unit is a piece of a chunk in the lattice.
type unit struct {
	piece
	chunk int32
	mode  mode
	last  bool    // of its chunk
	upper bool    // stands among capitals
	code  bool    // is part of a code: "45/KH-UBND"
	fresh bool    // a sentence may begin here
	glued bool    // a number touches this lower-case word, or the other way round
	calm  bool    // neither neighbour is in capitals
	doubt float32 // what an engine's low confidence adds to the cost of keeping it

	second      string  // the word in a second reading of its line, "" for none
	secondDoubt float32 // as doubt, of the second reading
}

// hypothesis is one right text for the units [from, to).
type hypothesis struct {
	from, to int32
	ids      [2]uint16
	written  [2]writtenAs
	n        uint8     // how many of ids; what is kept may have one, too
	keep     bool      // the text stays as it is
	form     form      // how the text is made when it is not written from ids
	parts    [2]uint16 // the abbreviations of a code that is unknown as a whole
	split    int32     // bytes of the first unit that are of the first word, when n is 2
	cost     float32
	least    float32 // ln P that it has after any words; 0 where the model alone decides
}

// Costs in nats of what the channels are not counted for. They were chosen on
// the gold pairs; the figures hardly move when one of them is halved.
const (
	plainCost    = 4.0  // up to here a word is no puzzle
	splitCost    = 5.0  // two words glued together
	joinCost     = 5.0  // a word split in two
	signAsWord   = 1.0  // signs within a word, beyond their channel costs
	digitAsWord  = 2.5  // a lone digit that is a word
	moreDigits   = 1.5  // each digit after the first
	digitKept    = 2.3  // a digit after a word: the model gives the odds of any number, so ln 10
	digitsKept   = 3.8  // each digit where there are several
	andKept      = 2.0  // "&" after a word in small letters, which reports do not write
	letterCost   = 2.4  // spelling an unknown word, a letter
	codeLetter   = 1.4  // the same in a code such as "SNNPTNT"
	strangerCost = 1.0  // an unknown word, in heavily damaged text
	smallUnknown = 4.0  // an unknown word in small letters, in damaged text
	foreignSign  = 4.0  // a sign that Vietnamese does not use, kept
	codeParts    = 2.0  // gained by a code that is made of two known ones
	gluedCost    = 7.0  // a number that touches a word, kept
	caseLow      = 2.0  // small letters among capitals
	loneCapitals = 3.0  // a word in capitals that stands alone so
	caseWeight   = 0.8  // of how a word is written elsewhere
	foldedCost   = 0.05 // each alternative of a bare syllable
)

// abbreviated is ln P of a known abbreviation that was read as one among small
// letters, after any words: which ones a report uses depends on its subject, and
// single letters are seldom what is left of one.
const abbreviated = -10

// maxDigits is the length of numbers that may be words: "101" for "lỗi".
const maxDigits = 3

type decoder struct {
	r        *Restorer
	engine   bool // the words come from an OCR engine, whose confidences count
	scorer   *lm.Scorer
	searcher searcher
	chunks   []string
	units    []unit
	hyps     []hypothesis
	starts   []int32 // first hypothesis of each unit; one more at the end
	nodes    []node
	pieces   []piece
	firsts   []float32 // by hypothesis: its score after the best path to where it begins
	prevs    []int32   // of the choices: the path that each goes on from
	scores   []float32
	rivals   []int32
	tokens   []uint16
	limits   limits
	stretch  stretch
	choices  []choice
	settled  []settled
	memory   memory          // of the text that is decided, in a second search
	seconds  []secondReading // of the chunks that are decided, nil for none
	sights   []Sight         // likewise
	expected expected
	around   []uint16 // rows of the words that were decided, see surroundings
	aroundAt []int32  // by choice: its first row
}

// path is the best way to a point of the lattice with a given state. The state
// itself is made for those paths only that are kept.
type path struct {
	key   uint64 // of the state
	score float32
	hyp   int32 // that ends here
	prev  int32 // index in the node where hyp begins
}

// node is a point of the lattice between two units.
type node struct {
	paths  []path
	states []lm.State // of the paths, once they are trimmed
	top    float32    // the best score of the paths
}

// limits bound a search.
type limits struct {
	paths     int     // kept at a node
	pathRange float32 // nats behind the best path
	hopeless  float32 // nats behind the best hypothesis after the best path
}

// searchLimits are those of the channels. The more a text leaves open, the
// further behind the right path may fall on the way.
var searchLimits = [modeCount]limits{
	lightMode: {6, 6, 5},
	scanMode:  {6, 6, 5},
	heavyMode: {8, 8, 8},
	bareMode:  {16, 9, 8},
}

// wideLimits are those of a second search, for texts in which words fit badly. Words
// that stand in few places, as "dàng" in "dễ dàng", are far out of reach after any
// other word than theirs.
var wideLimits = limits{16, 12, 14}

const (
	// longestSpan is how many pieces a hypothesis may be for.
	longestSpan = 6

	// segment bounds how many units are decided at once, so that a text on
	// one endless line needs no more memory than a paragraph.
	segment = 600
)

// choice is a decision of the decoder: a hypothesis with the probability that
// it is right, and what else it could be.
type choice struct {
	hypothesis
	score float32 // 0..1
	rest  []rival
}

type rival struct {
	hyp   hypothesis
	score float32
}

// decode decides a whole context. modes and doubts have one entry a chunk,
// breaks tells after which chunks a line ends. The choices cover all units in
// order, and are valid until the next call.
func (d *decoder) decode(chunks []string, modes []mode, doubts []float32, breaks []bool) []choice {
	d.limits = searchLimits[slices.Max(modes)]
	out := d.search(chunks, modes, doubts, breaks)
	if slices.Contains(modes, bareMode) && d.memory.learn(d, out) {
		out = d.search(chunks, modes, doubts, breaks)
	}
	d.memory.clear()
	return out
}

// search is decode, but for what is learnt from its own result.
func (d *decoder) search(chunks []string, modes []mode, doubts []float32, breaks []bool) []choice {
	d.chunks = chunks
	d.units = d.units[:0]
	for i, c := range chunks {
		d.pieces = cutPieces(d.pieces[:0], c)
		for k, p := range d.pieces {
			d.units = append(d.units, unit{piece: p, chunk: int32(i), mode: modes[i], last: k == len(d.pieces)-1, doubt: doubts[i]})
		}
		if d.seconds != nil && d.seconds[i].text != "" && modes[i] == scanMode {
			pairPieces(d.units[len(d.units)-len(d.pieces):], d.seconds[i])
		}
	}
	d.describe(breaks)
	out := d.choices[:0]
	var state lm.State
	if !slices.ContainsFunc(modes, func(m mode) bool { return m != bareMode }) {
		// A text that was typed begins with a sentence; a cell or a line of a
		// page may well begin in the middle of one.
		state = d.r.model.Begin()
	}
	for from := 0; from < len(d.units); {
		to := min(from+segment, len(d.units))
		for to < len(d.units) && !d.units[to-1].last && to < from+2*segment {
			to++
		}
		out = d.segment(out, from, to, &state, breaks)
		from = to
	}
	d.choices = out
	return out
}

// describe notes what the neighbourhood says about the units.
func (d *decoder) describe(breaks []bool) {
	// Capitals are counted by line.
	for from := 0; from < len(d.units); {
		to, upper, lower := from, 0, 0
		for to < len(d.units) && to < from+segment {
			for _, r := range d.text(&d.units[to]) {
				switch {
				case unicode.IsUpper(r):
					upper++
				case unicode.IsLower(r):
					lower++
				}
			}
			to++
			if d.units[to-1].last && breaks[d.units[to-1].chunk] {
				break
			}
		}
		for i := from; i < to; i++ {
			d.units[i].upper = upper > lower
		}
		from = to
	}
	fresh := true
	for i := range d.units {
		u := &d.units[i]
		u.fresh = fresh
		text := d.text(u)
		switch u.kind {
		case signPiece:
			fresh = strings.ContainsAny(signToken(text), ".:;?!\"-(") || strings.ContainsAny(text, "|")
		case wordPiece:
			fresh = false
			u.calm = !d.shouts(i-1) && !d.shouts(i+1)
			u.code = codeLike(d.chunks[u.chunk], u.upper)
			if i > 0 && d.units[i-1].chunk == u.chunk && d.units[i-1].kind == numberPiece && d.units[i-1].end == u.start && !mostlyUpper(text) {
				u.glued = true
			}
		case numberPiece:
			if i > 0 && d.units[i-1].chunk == u.chunk && d.units[i-1].kind == wordPiece && !mostlyUpper(d.text(&d.units[i-1])) {
				u.glued = true
			}
		}
	}
}

// shouts reports whether unit i is a word in capitals.
func (d *decoder) shouts(i int) bool {
	if i < 0 || i >= len(d.units) || d.units[i].kind != wordPiece {
		return false
	}
	text := d.text(&d.units[i])
	return len(text) > 1 && mostlyUpper(text)
}

// codeLike reports whether a chunk looks like the number of a document: signs
// between words, and more capitals than small letters. Among capitals it has
// to begin with a number, for headings have hyphens, too.
func codeLike(chunk string, amongCapitals bool) bool {
	if !strings.ContainsAny(chunk, "/-") || !mostlyUpper(chunk) {
		return false
	}
	return chunk[0] >= '0' && chunk[0] <= '9' || chunk[0] == '/' || !amongCapitals
}

func (d *decoder) text(u *unit) string { return d.chunks[u.chunk][u.start:u.end] }

// segment decides the units [from, to) and leaves the state after them.
func (d *decoder) segment(out []choice, from, to int, state *lm.State, breaks []bool) []choice {
	d.hyps = d.hyps[:0]
	d.starts = d.starts[:0]
	for i := from; i < to; i++ {
		d.starts = append(d.starts, int32(len(d.hyps)))
		d.propose(i, to, breaks)
	}
	d.starts = append(d.starts, int32(len(d.hyps)))

	first := len(out)
	out = d.best(out, from, to, state)
	if (d.r.expects || d.engine) && d.expect(out[first:], from) {
		usual := d.limits
		d.limits = wideLimits
		out = d.best(out[:first], from, to, state)
		d.limits = usual
	}
	*state = d.nodes[to-from].states[0]
	d.weigh(out[first:], d.prevs, from)
	if d.r.around != nil {
		d.lookAround(out[first:])
	}
	return out
}

// best appends the choices of the best path through the hypotheses for the units
// [from, to), and leaves in d.prevs the path that each choice goes on from. state is
// the one before them.
func (d *decoder) best(out []choice, from, to int, state *lm.State) []choice {
	d.firsts = slices.Grow(d.firsts[:0], len(d.hyps))[:len(d.hyps)]
	n := to - from
	for len(d.nodes) <= n {
		d.nodes = append(d.nodes, node{})
	}
	for i := range n + 1 {
		d.nodes[i].paths, d.nodes[i].top = d.nodes[i].paths[:0], hopelessScore
	}
	d.nodes[0].paths = append(d.nodes[0].paths, path{key: state.Key(), hyp: -1})
	for i := range n {
		d.trim(i, from, state)
		d.extend(i, from)
	}
	d.trim(n, from, state)
	best := d.nodes[n].paths[0]

	// Walk back.
	first := len(out)
	prevs := d.prevs[:0]
	for i, p := n, best; p.hyp >= 0; {
		hyp := d.hyps[p.hyp]
		i = int(hyp.from) - from
		out = append(out, choice{hypothesis: hyp})
		prevs = append(prevs, p.prev)
		p = d.nodes[i].paths[p.prev]
	}
	slices.Reverse(out[first:])
	slices.Reverse(prevs)
	d.prevs = prevs
	return out
}

// extend tries every hypothesis after the best path of a node, and after the
// others those that did well there: what follows a word depends less on the
// words before it than on the word. No context makes a word likelier than
// certain, so what the channel alone puts too far behind is not even tried.
func (d *decoder) extend(at, from int) {
	lo, hi := d.starts[at], d.starts[at+1]
	n := &d.nodes[at]
	if len(n.paths) == 1 && hi == lo+1 && !d.ahead(at) {
		// What nothing competes with has no need of a score.
		to := int(d.hyps[lo].to) - from
		d.firsts[lo] = 0
		d.nodes[to].paths = append(d.nodes[to].paths, path{score: n.paths[0].score, hyp: lo})
		d.nodes[to].top = n.paths[0].score
		return
	}
	top := hopelessScore
	most := d.r.mostBonus()
	for p := range n.paths {
		state, base := &n.states[p], n.paths[p].score
		for h := lo; h < hi; h++ {
			hyp := &d.hyps[h]
			if p == 0 && most-hyp.cost < top-3*d.limits.hopeless {
				d.firsts[h] = hopelessScore
				continue
			}
			if p > 0 && d.firsts[h] < top-d.limits.hopeless {
				continue
			}
			score, key := d.tryHypothesis(state, hyp)
			if p == 0 {
				d.firsts[h] = score
				top = max(top, score)
			}
			d.push(int(hyp.to)-from, path{key: key, score: base + score, hyp: h, prev: int32(p)})
		}
	}
}

// hopelessScore is below that of any hypothesis.
var hopelessScore = float32(math.Inf(-1))

// ahead reports whether some path has passed over the nodes behind at.
func (d *decoder) ahead(at int) bool {
	for i := at + 1; i <= at+longestSpan && i < len(d.starts); i++ {
		if len(d.nodes[i].paths) > 0 {
			return true
		}
	}
	return false
}

// tryHypothesis returns the score of a hypothesis after a state, and the key
// of the state after both.
func (d *decoder) tryHypothesis(s *lm.State, hyp *hypothesis) (score float32, key uint64) {
	m := d.units[hyp.from].mode
	switch hyp.n {
	case 0:
		return -hyp.cost, s.Key()
	case 1:
		p, key := d.scorer.Try(s, hyp.ids[0])
		score = d.r.weighed(s, hyp.ids[0], p, m)
		if hyp.least < 0 {
			score = max(score, hyp.least)
		}
		return score - hyp.cost, key
	}
	var between lm.State
	p := d.scorer.Score(s, hyp.ids[0], &between)
	q, key := d.scorer.Try(&between, hyp.ids[1])
	return d.r.weighed(s, hyp.ids[0], p, m) + d.r.weighed(&between, hyp.ids[1], q, m) - hyp.cost, key
}

// after returns the state after a hypothesis.
func (d *decoder) after(s *lm.State, hyp *hypothesis) lm.State {
	switch hyp.n {
	case 0:
		return *s
	case 1:
		return d.scorer.Next(s, hyp.ids[0])
	}
	between := d.scorer.Next(s, hyp.ids[0])
	return d.scorer.Next(&between, hyp.ids[1])
}

// push adds a path to a node unless a better one has the same state, or it is so far behind
// that it would be dropped when the paths are trimmed.
func (d *decoder) push(at int, p path) {
	n := &d.nodes[at]
	if p.score < n.top-d.limits.pathRange {
		return
	}
	n.top = max(n.top, p.score)
	list := n.paths
	worst := -1
	for i := range list {
		if list[i].key == p.key {
			if p.score > list[i].score {
				list[i] = p
			}
			return
		}
		if worst < 0 || list[i].score < list[worst].score {
			worst = i
		}
	}
	if len(list) >= 4*d.limits.paths {
		if p.score > list[worst].score {
			list[worst] = p
		}
		return
	}
	n.paths = append(list, p)
}

// trim sorts the paths of a node, drops the hopeless ones, and makes the
// states of the others. first is the state before the first node.
func (d *decoder) trim(at, from int, first *lm.State) {
	n := &d.nodes[at]
	list := n.paths
	slices.SortFunc(list, func(a, b path) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return 0
	})
	kept := 0
	n.states = n.states[:0]
	for i := range list {
		if kept == d.limits.paths || list[i].score < list[0].score-d.limits.pathRange {
			break
		}
		p := list[i]
		if p.hyp < 0 {
			n.states = append(n.states, *first)
		} else {
			hyp := &d.hyps[p.hyp]
			n.states = append(n.states, d.after(&d.nodes[int(hyp.from)-from].states[p.prev], hyp))
		}
		// A state may know less than its key said.
		p.key = n.states[kept].Key()
		if slices.ContainsFunc(list[:kept], func(o path) bool { return o.key == p.key }) {
			n.states = n.states[:kept]
			continue
		}
		list[kept] = p
		kept++
	}
	n.paths = list[:kept]
}

// weigh computes for each choice how probable it is among the hypotheses for
// the same units, when what stands around it is right.
func (d *decoder) weigh(choices []choice, prevs []int32, from int) {
	for i := range choices {
		c := &choices[i]
		state := &d.nodes[int(c.from)-from].states[prevs[i]]
		lo, hi := d.starts[int(c.from)-from], d.starts[int(c.from)-from+1]
		scores, rivals := d.scores[:0], d.rivals[:0]
		top := hopelessScore
		for h := lo; h < hi; h++ {
			hyp := &d.hyps[h]
			if hyp.to != c.to {
				continue
			}
			score := d.firsts[h]
			if prevs[i] > 0 && score > hopelessScore {
				score, _ = d.tryHypothesis(state, hyp)
			}
			top = max(top, score)
			rivals = append(rivals, h)
			scores = append(scores, score)
		}
		d.scores, d.rivals = scores, rivals
		if c.to == c.from+1 && !d.contested(c, rivals, scores, top) {
			c.score = 1
			continue
		}
		// What follows is asked about those only that may win.
		next := d.sequel(choices[i+1:])
		kept := 0
		best := hopelessScore
		for k, h := range rivals {
			if scores[k] < top-d.limits.hopeless && d.hyps[h] != c.hypothesis {
				continue
			}
			s := d.after(state, &d.hyps[h])
			score := scores[k] + next.after(d.scorer, &s, 0)
			rivals[kept], scores[kept] = h, score
			best = max(best, score)
			kept++
		}
		rivals, scores = rivals[:kept], scores[:kept]
		var sum float64
		if c.to > c.from+1 {
			// What reads several pieces at once competes with each as it is.
			asIs := d.keepingScore(c, *state, &next, from)
			best = max(best, asIs)
			sum = math.Exp(float64(asIs - best))
		}
		for _, s := range scores {
			sum += math.Exp(float64(s - best))
		}
		for k, h := range rivals {
			p := float32(math.Exp(float64(scores[k]-best)) / sum)
			if d.hyps[h] == c.hypothesis {
				c.score = p
			} else if p > 0.01 {
				c.rest = append(c.rest, rival{d.hyps[h], p})
			}
		}
		slices.SortStableFunc(c.rest, func(a, b rival) int { return cmp.Compare(b.score, a.score) })
	}
}

// contested reports whether a choice has rivals that may win.
func (d *decoder) contested(c *choice, rivals []int32, scores []float32, top float32) bool {
	for k, h := range rivals {
		if scores[k] >= top-d.limits.hopeless && d.hyps[h] != c.hypothesis {
			return true
		}
	}
	return false
}

// keepingScore is the score of all units of a choice staying as they are, with
// what follows.
func (d *decoder) keepingScore(c *choice, s lm.State, next *sequel, from int) (score float32) {
	for u := c.from; u < c.to; u++ {
		hyp := &d.hyps[d.starts[int(u)-from]]
		before := s
		p := d.scorer.Score(&before, hyp.ids[0], &s)
		score += d.r.weighed(&before, hyp.ids[0], p, d.units[u].mode) - hyp.cost
	}
	return score + next.after(d.scorer, &s, 0)
}

// sequel holds the tokens that follow a choice, as many as it has a say in,
// to score them after each of its rivals.
type sequel struct {
	r      *Restorer
	mode   mode // of the first token
	tokens []uint16
	// tails are the scores of the tokens from each place on after a state that
	// tells apart none before the sequel; NaN when not known yet.
	tails [lm.MaxOrder]float32
}

func (d *decoder) sequel(next []choice) (q sequel) {
	q.r, q.tokens = d.r, d.tokens[:0]
	if len(next) > 0 {
		q.mode = d.units[next[0].from].mode
	}
	most := d.scorer.Order() - 1
	for j := 0; j < len(next) && len(q.tokens) < most; j++ {
		q.tokens = append(q.tokens, next[j].ids[:next[j].n]...)
	}
	d.tokens = q.tokens
	q.tokens = q.tokens[:min(len(q.tokens), most)]
	for i := range q.tails {
		q.tails[i] = float32(math.NaN())
	}
	return q
}

// after returns the score of the sequel after a state, from a place on.
func (q *sequel) after(c *lm.Scorer, s *lm.State, from int) (score float32) {
	if from == len(q.tokens) {
		return 0
	}
	apart := from > 0 && s.Len() <= from
	if apart && q.tails[from] == q.tails[from] {
		return q.tails[from]
	}
	token := q.tokens[from]
	if from == len(q.tokens)-1 {
		score, _ = c.Try(s, token)
		score = q.weighed(s, token, score, from)
	} else {
		var next lm.State
		score = q.weighed(s, token, c.Score(s, token, &next), from)
		score += q.after(c, &next, from+1)
	}
	if apart {
		q.tails[from] = score
	}
	return score
}

// weighed adds to the score of the token at a place what is known of it beyond
// the model; the choice before the sequel has a say in the first one alone.
func (q *sequel) weighed(s *lm.State, token uint16, score float32, at int) float32 {
	if at > 0 {
		return score
	}
	return q.r.weighed(s, token, score, q.mode)
}

// propose appends the hypotheses that begin at unit i. There is always one
// that keeps the unit.
func (d *decoder) propose(i, limit int, breaks []bool) {
	u := &d.units[i]
	text := d.text(u)
	keep := hypothesis{from: int32(i), to: int32(i + 1), n: 1, keep: true}
	if u.glued && u.mode == heavyMode {
		keep.cost = gluedCost
	}
	if u.kind != wordPiece {
		id, _ := d.r.model.ID(tokenOf(d.chunks[u.chunk], u.piece))
		keep.ids[0] = id
		if u.mode == heavyMode && strings.Contains(foreignSigns, text) {
			keep.cost += foreignSign
		}
		if u.mode == heavyMode && d.small(i-1) && d.lone(i) {
			keep.cost += keptAmongWords(u.kind, text)
		}
		if u.mode == scanMode {
			d.proposeReadings(i, limit, keep, breaks)
			return
		}
		d.hyps = append(d.hyps, keep)
		if u.mode == heavyMode && d.lone(i) && (u.kind == numberPiece && len(text) <= maxDigits || u.kind == signPiece && damageSign(text)) {
			extra := float32(signAsWord)
			if u.kind == numberPiece {
				extra = digitAsWord + moreDigits*float32(len(text)-1)
			}
			d.proposeWords(i, i+1, text, extra)
		}
	} else {
		w := d.r.choicesFor(&d.searcher, u.mode, text)
		if u.second != "" {
			w = d.bothChoices(u, text)
		}
		keep.ids[0] = w.keep
		keep.cost += w.keepCost
		if !u.mode.light() && w.known {
			keep.cost += d.r.caseCost(u, w.keep, writtenLike(text))
		}
		if u.mode == heavyMode {
			keep.cost -= d.r.domain[w.keep]
			if d.r.expects && w.known && !u.upper && writtenLike(text) == upperCase && d.r.lexicon.inCapitals(w.keep) {
				keep.least = abbreviated
			}
			if u.upper && !w.known && !u.code && mostlyUpper(text) {
				// Among capitals an unknown word is no abbreviation.
				keep.cost += (letterCost - codeLetter) * float32(len(text))
			}
		}
		if u.mode == scanMode {
			keep.cost += u.doubt
			if d.inName(i) {
				keep.cost -= nameTrust
			}
			d.proposeReadings(i, limit, keep, breaks)
			if d.fixed(i) {
				return
			}
		} else {
			d.hyps = append(d.hyps, keep)
		}
		first := len(d.hyps) - 1
		d.appendWords(i, i+1, w, 0)
		if u.mode == bareMode {
			d.memory.weigh(d, int32(i), d.hyps[first:])
		}
		if d.sights != nil {
			d.seen(i, first)
		}
		switch {
		case u.code && u.mode == heavyMode && !w.known:
			d.proposeCode(i, text)
		case !w.plain && u.mode != bareMode:
			d.proposeSplits(i, text)
		}
		d.proposeJoin(i, limit, text, w.plain, breaks)
	}
	if u.mode == heavyMode {
		d.proposeSpans(i, limit)
	}
}

// keptAmongWords is the cost of a lone number or sign being right after a word in
// small letters.
func keptAmongWords(k pieceKind, text string) float32 {
	switch {
	case k == numberPiece && len(text) == 1:
		return digitKept
	case k == numberPiece && len(text) <= maxDigits:
		return digitsKept * float32(len(text))
	case text == "&":
		return andKept
	}
	return 0
}

// lone reports whether unit i is a whole chunk but for punctuation around it.
func (d *decoder) lone(i int) bool {
	u := &d.units[i]
	chunk := d.chunks[u.chunk]
	return strings.Trim(chunk[:u.start], "(") == "" && strings.Trim(chunk[u.end:], ".,;:)") == ""
}

func (d *decoder) proposeWords(from, to int, seen string, extra float32) {
	d.appendWords(from, to, d.r.choicesFor(&d.searcher, d.units[from].mode, seen), extra)
}

func (d *decoder) appendWords(from, to int, w *wordChoices, extra float32) {
	u := &d.units[from]
	first := len(d.hyps)
	for _, c := range w.candidates {
		if u.code && d.r.lexicon.writing[c.word].Upper < 0.5 {
			continue // codes are made of abbreviations
		}
		cost := c.cost + extra
		if !u.mode.light() {
			cost += d.r.caseCost(u, c.word, c.written)
		}
		if u.mode == heavyMode {
			cost -= d.r.domain[c.word]
		}
		h := hypothesis{
			from: int32(from), to: int32(to), n: 1,
			ids: [2]uint16{c.word}, written: [2]writtenAs{c.written}, cost: cost,
		}
		// Of the ways to write a word the cheapest is enough.
		if k := d.sameWord(first, c.word); k < 0 {
			d.hyps = append(d.hyps, h)
		} else if cost < d.hyps[k].cost {
			d.hyps[k] = h
		}
	}
}

// sameWord returns the hypothesis from first on that is of one word, -1 when
// there is none.
func (d *decoder) sameWord(first int, word uint16) int {
	for k := first; k < len(d.hyps); k++ {
		if d.hyps[k].ids[0] == word {
			return k
		}
	}
	return -1
}

// caseCost is the cost of a word being written so in its place: names are
// made of words that seldom begin with a capital otherwise. The first word of
// a sentence and a line in capitals say nothing.
func (r *Restorer) caseCost(u *unit, word uint16, as writtenAs) float32 {
	switch {
	case u.upper && as != upperCase:
		return caseLow
	case u.upper, as == titleCase && u.fresh, as == asListed:
		return 0
	}
	if as == upperCase && u.calm && r.lexicon.writing[word].Upper < 0.5 {
		return r.lexicon.caseCosts[word][as] + loneCapitals
	}
	return r.lexicon.caseCosts[word][as]
}

// writtenLike tells how a word is written.
func writtenLike(text string) writtenAs {
	first, n := utf8.DecodeRuneInString(text)
	switch {
	case !unicode.IsUpper(first):
		return lowerCase
	case n < len(text) && strings.ToUpper(text) == text:
		return upperCase
	}
	return titleCase
}

// proposeSpans reads several pieces of a chunk as one word: "kh}ong", "S6".
func (d *decoder) proposeSpans(i, limit int) {
	u := &d.units[i]
	if u.kind != wordPiece && d.touchesWord(i, i-1) {
		return // the letters before belong to the word
	}
	if d.text(u) == "|" && d.capital(i+1) && d.touchesWord(i, i+1) {
		return // the rule of a table
	}
	letters, others := 0, 0
	for j := i; j < limit && j < i+longestSpan && d.units[j].chunk == u.chunk; j++ {
		v := &d.units[j]
		text := d.text(v)
		switch v.kind {
		case wordPiece:
			letters += utf8.RuneCountInString(text)
		case numberPiece:
			if others += len(text); len(text) > 2 {
				return
			}
		case signPiece:
			if others++; !damageSign(text) && !(text == "?" && d.amidWords(j)) {
				return
			}
		default:
			return
		}
		if letters+others > 10 || others > 4 {
			return
		}
		if v.kind != wordPiece && d.touchesWord(j, j+1) {
			continue
		}
		if j > i && (letters > 0 || others > 1 && u.start == 0) && v.kind != u.kind || j > i+1 && letters > 0 {
			d.proposeWords(i, j+1, d.chunks[u.chunk][u.start:v.end], signAsWord)
		}
	}
}

// amidWords reports whether unit j stands between letters, or ends a chunk that
// a word in small letters follows or one of a line in capitals, so that a
// question mark is none but the hook of a letter.
func (d *decoder) amidWords(j int) bool {
	if !d.units[j].last {
		return d.touchesWord(j, j-1) && d.touchesWord(j, j+1)
	}
	return j+1 < len(d.units) && d.units[j+1].kind == wordPiece && (d.units[j].upper || isLower(d.text(&d.units[j+1])))
}

// touchesWord reports whether unit j is letters in the chunk of unit i.
func (d *decoder) touchesWord(i, j int) bool {
	return j >= 0 && j < len(d.units) && d.units[j].chunk == d.units[i].chunk && d.units[j].kind == wordPiece
}

// damageSign tells signs that stand for letters from those that are
// punctuation.
func damageSign(s string) bool {
	return strings.Contains("'’‘`´|{}[]¢€£¥$@&*!~^<>#=\\°©®™§«»", s)
}

// foreignSigns have no place in Vietnamese text: the engine saw a letter.
const foreignSigns = "¢€£¥$©®™§¤"

// proposeSplits reads an unknown word as two that were glued together.
func (d *decoder) proposeSplits(i int, text string) {
	u := &d.units[i]
	runes := utf8.RuneCountInString(text)
	if runes < 4 || runes > 14 {
		return
	}
	at := 0
	for k := range text {
		if at++; k == 0 || at < 3 || runes-at < 1 {
			continue
		}
		a := d.r.choicesFor(&d.searcher, u.mode, text[:k])
		b := d.r.choicesFor(&d.searcher, u.mode, text[k:])
		for _, x := range a.candidates[:min(3, len(a.candidates))] {
			if x.cost > 6 {
				continue
			}
			for _, y := range b.candidates[:min(3, len(b.candidates))] {
				if x.cost+y.cost > 8 {
					continue
				}
				d.hyps = append(d.hyps, hypothesis{
					from: int32(i), to: int32(i + 1), n: 2, split: int32(k),
					ids: [2]uint16{x.word, y.word}, written: [2]writtenAs{x.written, y.written},
					cost: x.cost + y.cost + splitCost,
				})
			}
		}
	}
}

// proposeCode reads an unknown part of a code as two known abbreviations: few
// agencies are in the corpora, but most are named after others, "SKHĐT" after
// KHĐT.
func (d *decoder) proposeCode(i int, text string) {
	if len(text) > 10 {
		return
	}
	for k := range text {
		if k == 0 || len(text)-k < 2 {
			continue
		}
		var buf [2][4]candidate
		a, b := d.abbreviations(buf[0][:0], text[:k]), d.abbreviations(buf[1][:0], text[k:])
		for _, x := range a {
			for _, y := range b {
				d.hyps = append(d.hyps, hypothesis{
					from: int32(i), to: int32(i + 1), n: 1, form: codeForm,
					ids: [2]uint16{lm.Unknown}, parts: [2]uint16{x.word, y.word},
					cost: x.cost + y.cost + codeLetter*float32(len(text)) - codeParts,
				})
			}
		}
	}
}

// abbreviations appends the best abbreviations that a text in heavily damaged
// text may stand for.
func (d *decoder) abbreviations(list []candidate, seen string) []candidate {
	w := d.r.choicesFor(&d.searcher, heavyMode, seen)
	short := func(id uint16) bool { return d.r.lexicon.writing[id].Upper >= 0.5 }
	if w.known && (short(w.keep) || len(seen) == 1) {
		list = append(list, candidate{w.keep, upperCase, w.keepCost})
	}
	for _, c := range w.candidates {
		if len(list) == cap(list) {
			break
		}
		if short(c.word) && c.written == upperCase && c.cost < plainCost {
			list = append(list, c)
		}
	}
	return list
}

// proposeJoin reads the last piece of a chunk and the first of the next as one
// word, when one of them alone is none.
func (d *decoder) proposeJoin(i, limit int, text string, plain bool, breaks []bool) {
	u := &d.units[i]
	if !u.last || i+1 >= limit || breaks[u.chunk] || u.mode == bareMode {
		return
	}
	v := &d.units[i+1]
	if v.kind != wordPiece {
		return
	}
	next := d.text(v)
	if utf8.RuneCountInString(text)+utf8.RuneCountInString(next) > 7 {
		return
	}
	if plain && d.r.choicesFor(&d.searcher, v.mode, next).plain {
		return
	}
	d.proposeWords(i, i+2, text+next, joinCost)
}
