package normalize

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize/lm"
)

const (
	aroundNumber = "<d2>"  // stands for all numbers
	aroundWords  = 12000   // that have vectors, the most frequent ones
	aroundOthers = 4       // words of other letters that are told apart from the right one, too
	aroundPasses = 2       // over the text
	aroundSpeed  = 0.06    // of learning, at first; it falls to a fiftieth
	aroundKnown  = 0.98    // probability from which on a word teaches nothing more
	aroundBlock  = 2048    // words that stay together when the text is shuffled
	aroundOften  = 4       // one in so many lines counts that do not read administrative
	aroundDraws  = 1 << 20 // places in the table that other words are drawn from
)

// TrainSurroundings reads text, a paragraph or sentence a line, and writes what words
// say about those around them: vectors, the products of which tell how much likelier
// two words make each other at a distance. They are trained for telling each word
// from those with the same letters and other marks, and from a few others. Held-out
// lines are left out. The same text gives the same bytes.
func TrainSurroundings(ctx context.Context, text io.Reader, out io.Writer, m *lm.Model, progress func(share float64)) error {
	t := newAroundTrainer(m)
	if err := t.read(text); err != nil {
		return fmt.Errorf("training surroundings: %w", err)
	}
	blocks := len(t.text) / aroundBlock
	for pass := range aroundPasses {
		for i, b := range t.random.Perm(blocks) {
			done := (float32(pass) + float32(i)/float32(max(blocks, 1))) / aroundPasses
			t.speed = aroundSpeed * max(1-done, 0.02)
			for at := b * aroundBlock; at < (b+1)*aroundBlock; at++ {
				t.learn(at)
			}
			if i%1024 == 0 {
				if ctx.Err() != nil {
					return fmt.Errorf("training surroundings: %w", ctx.Err())
				}
				if progress != nil {
					progress(float64(done))
				}
			}
		}
	}
	if _, err := out.Write(t.table()); err != nil {
		return fmt.Errorf("training surroundings: writing: %w", err)
	}
	return nil
}

type aroundVector [aroundDims]float32

// aroundTrainer holds the text as rows, 0 between lines and where a word has none.
type aroundTrainer struct {
	words  []string
	rows   map[string]uint16
	logs   []float32  // ln P of each row, from 1
	rivals [][]uint16 // of each row: those with the same letters, itself first
	totals []float32  // ln P of all of them
	draws  []uint16
	text   []uint16
	random *rand.Rand
	speed  float32

	targets, contexts []aroundVector // by row
	places            [2 * aroundReach]aroundVector

	near   [2 * aroundReach]struct{ row, place int }
	asked  []uint16
	scores []float32
}

const lineEnd = math.MaxUint16

func newAroundTrainer(m *lm.Model) *aroundTrainer {
	t := &aroundTrainer{rows: make(map[string]uint16), random: rand.New(rand.NewPCG(1, 2))}
	x := newLexicon(m)
	var ids []uint16
	for id := range m.Words() {
		if r, _ := utf8.DecodeRuneInString(m.Word(uint16(id))); x.sound[id] && isLetter(r) {
			ids = append(ids, uint16(id))
		}
	}
	slices.SortStableFunc(ids, func(a, b uint16) int { return cmp.Compare(x.unigram[b], x.unigram[a]) })
	ids = ids[:min(len(ids), aroundWords)]
	t.words, t.logs = []string{"", aroundNumber}, []float32{0, 0}
	t.rows[aroundNumber] = 1
	for _, id := range ids {
		t.words, t.logs = append(t.words, m.Word(id)), append(t.logs, x.unigram[id])
	}
	n := len(t.words)
	t.rivals, t.totals = make([][]uint16, n), make([]float32, n)
	t.targets, t.contexts = make([]aroundVector, n), make([]aroundVector, n)
	byFold := make(map[string][]uint16)
	for row := 1; row < n; row++ {
		t.rows[t.words[row]] = uint16(row)
		for k := range t.contexts[row] {
			t.contexts[row][k] = (t.random.Float32() - 0.5) * 0.6
		}
		if row > 1 {
			f := Fold(t.words[row])
			byFold[f] = append(byFold[f], uint16(row))
		}
	}
	for p := range t.places {
		for k := range t.places[p] {
			t.places[p][k] = 1 / float32(math.Sqrt(float64(distance(p))))
		}
	}
	var all float64
	for row := 2; row < n; row++ {
		same := byFold[Fold(t.words[row])]
		var sum float64
		for _, r := range same {
			sum += math.Exp(float64(t.logs[r]))
		}
		t.rivals[row], t.totals[row] = same, float32(math.Log(sum))
		all += math.Exp(float64(t.logs[row]))
	}
	t.draws = make([]uint16, 0, aroundDraws)
	sum := 0.0
	for row := 2; row < n; row++ {
		sum += math.Exp(float64(t.logs[row])) / all
		for len(t.draws) < int(sum*aroundDraws) {
			t.draws = append(t.draws, uint16(row))
		}
	}
	return t
}

// read takes the lines that are trained on.
func (t *aroundTrainer) read(text io.Reader) error {
	var split HeldOut
	var tokens []lm.Token
	lines := bufio.NewReaderSize(text, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" && !split.Line(line) {
			tokens = wordsAndNumbers(tokens[:0], toLower(Tones(NFC(line))))
			h := fnv.New32a()
			io.WriteString(h, line) // never fails
			if readsAdministrative(tokens) || h.Sum32()>>8%aroundOften == 0 {
				t.add(tokens)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading text: %w", err)
		}
	}
}

// wordsAndNumbers appends the tokens of a line that have letters or digits: a quarter
// of the work that the language model's tokens are.
func wordsAndNumbers(tokens []lm.Token, line string) []lm.Token {
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		from := i
		i += n
		switch {
		case isDigit(r):
			i = endOfNumber(line, i)
			tokens = append(tokens, lm.Token{Text: aroundNumber})
		case isLetter(r):
			for i < len(line) {
				r, n := utf8.DecodeRuneInString(line[i:])
				if !isLetter(r) {
					break
				}
				i += n
			}
			tokens = append(tokens, lm.Token{Text: line[from:i]})
		}
	}
	return tokens
}

func (t *aroundTrainer) add(tokens []lm.Token) {
	for i := range tokens {
		t.text = append(t.text, t.rows[tokens[i].Text])
	}
	t.text = append(t.text, lineEnd)
}

// learn moves the vectors of the word at a place and of those around it, so that they
// make it likelier beside its rivals.
func (t *aroundTrainer) learn(at int) {
	row := t.text[at]
	if row <= 1 || row == lineEnd {
		return
	}
	near := t.around(at)
	if len(near) < 2 {
		return
	}
	var scene aroundVector
	for _, n := range near {
		v, w := &t.contexts[n.row], &t.places[n.place]
		for k := range scene {
			scene[k] += w[k] * v[k]
		}
	}
	right := t.ask(row)
	most := float32(math.Inf(-1))
	for i, r := range t.asked {
		t.scores[i] += dot(&t.targets[r], &scene)
		most = max(most, t.scores[i])
	}
	var sum float32
	for i, s := range t.scores {
		t.scores[i] = float32(math.Exp(float64(s - most)))
		sum += t.scores[i]
	}
	if t.scores[right] > aroundKnown*sum {
		return
	}
	var back aroundVector
	for i, r := range t.asked {
		g := -t.scores[i] / sum
		if i == right {
			g++
		}
		if g > -1e-4 && g < 1e-4 {
			continue
		}
		v := &t.targets[r]
		step := t.speed * g
		for k := range v {
			back[k] += g * v[k]
			v[k] += step * scene[k]
		}
	}
	for k := range back {
		back[k] *= t.speed
	}
	for _, n := range near {
		v, w := &t.contexts[n.row], &t.places[n.place]
		for k := range v {
			was := v[k]
			v[k] += back[k] * w[k]
			w[k] += 0.05 * back[k] * was
		}
	}
}

// around lists the words around a place in its line.
func (t *aroundTrainer) around(at int) []struct{ row, place int } {
	near := t.near[:0]
	for i := 1; i <= aroundReach && at-i >= 0 && t.text[at-i] != lineEnd; i++ {
		if row := int(t.text[at-i]); row > 0 {
			near = append(near, struct{ row, place int }{row, aroundReach - i})
		}
	}
	for i := 1; i <= aroundReach && at+i < len(t.text) && t.text[at+i] != lineEnd; i++ {
		if row := int(t.text[at+i]); row > 0 {
			near = append(near, struct{ row, place int }{row, aroundReach + i - 1})
		}
	}
	return near
}

// ask notes the words that the one of a row is to be told from, with ln P of each as
// its score, and returns where the right one is. Words of other letters weigh as much
// as those with the same ones, all together.
func (t *aroundTrainer) ask(row uint16) (right int) {
	t.asked, t.scores = t.asked[:0], t.scores[:0]
	for i, r := range t.rivals[row] {
		if r == row {
			right = i
		}
		t.asked, t.scores = append(t.asked, r), append(t.scores, t.logs[r])
	}
	each := t.totals[row] - float32(math.Log(aroundOthers))
	for range aroundOthers {
		r := t.draws[t.random.IntN(len(t.draws))]
		if !slices.Contains(t.rivals[row], r) {
			t.asked, t.scores = append(t.asked, r), append(t.scores, each)
		}
	}
	return right
}

func dot(a, b *aroundVector) (sum float32) {
	for k := range a {
		sum += a[k] * b[k]
	}
	return sum
}

// table is the file: words, weights of places, and two vectors of each word with
// elements of a byte and a scale of their own.
func (t *aroundTrainer) table() []byte {
	var b bytes.Buffer
	b.WriteString(surroundingsMagic)
	words := strings.Join(t.words[1:], "\n")
	put := func(x uint32) { b.Write(binary.LittleEndian.AppendUint32(nil, x)) }
	put(uint32(len(t.words) - 1))
	put(uint32(len(words)))
	b.WriteString(words)
	for p := range t.places {
		for _, x := range t.places[p] {
			put(math.Float32bits(x))
		}
	}
	for _, vectors := range [2][]aroundVector{t.targets, t.contexts} {
		scales := make([]float32, len(vectors))
		for row := 1; row < len(vectors); row++ {
			for _, x := range vectors[row] {
				scales[row] = max(scales[row], x/127, -x/127)
			}
			put(math.Float32bits(scales[row]))
		}
		for row := 1; row < len(vectors); row++ {
			for _, x := range vectors[row] {
				if scales[row] > 0 {
					x /= scales[row]
				}
				b.WriteByte(byte(int8(math.RoundToEven(float64(x)))))
			}
		}
	}
	return b.Bytes()
}
