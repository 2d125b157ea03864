// Command letters trains the network that sees marks on letters ([scan.Diacritics]).
// It reads scans whose truth is known, from recorded readings, takes the cells whose
// letters were read as they are in the truth, whatever the marks, and shows the
// network each letter with the mark that it should have.
//
//	make build
//	go run ./pipeline/internal/letters -sohoa bin/sohoa -recorded out/calibration/recorded \
//		-truth out/calibration/truth -o ingest/scan/diacritics.bin out/calibration/scans/*.pdf
//
// Documents whose truth is marked "test" are left out. The same files in the same
// order give the same bytes on machines that add alike.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

// How the network is trained; chosen by the log loss on reports that it had not seen.
const (
	epochs    = 12
	batch     = 32
	firstRate = 0.03
	slowing   = 0.78 // of the rate, an epoch
	momentum  = 0.9
	decay     = 1e-5
	displaced = 0.08 // spread of the places of the second sample of each letter, in heights of small letters
	stretched = 0.05 // and of its size
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("letters: ")
	program := flag.String("sohoa", "bin/sohoa", "the `program`, whose helper renders PDF pages")
	recorded := flag.String("recorded", "", "`folder` of recorded readings")
	truths := flag.String("truth", "", "`folder` of truth")
	out := flag.String("o", "", "`file` for the network")
	flag.Parse()
	if *recorded == "" || *truths == "" || *out == "" || flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	c := &collector{random: rand.New(rand.NewPCG(1, 2))}
	if err := c.read(context.Background(), *program, *recorded, *truths, flag.Args()); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d samples", len(c.samples))
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, train(c.samples, c.random)); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, b.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// sample is a letter: where it is in a page, and what stands on it.
type sample struct {
	print           *pipeline.Print
	centre, base, x float64
	want            scan.Diacritic
}

// collector gathers samples from pages.
type collector struct {
	samples []sample
	random  *rand.Rand
	truth   map[string][]string // words of the cells of a document by their letters; nil where two differ in marks alone
}

func (c *collector) read(ctx context.Context, program, recorded, truths string, files []string) error {
	renderer, err := pdf.NewRenderer(ctx, pdf.Config{Command: []string{program, "pdf-child"}})
	if err != nil {
		return err
	}
	defer renderer.Close()
	engine, err := ocr.OpenRecorded(recorded, nil)
	if err != nil {
		return err
	}
	restorer, err := normalize.Default()
	if err != nil {
		return err
	}
	p := pipeline.New(pipeline.Settings{Renderer: renderer, Decoder: &ingest.Decoder{}, Engine: engine, Restorer: restorer, Once: true, Watch: c.watch})
	for _, path := range files {
		if c.truth, err = readTruth(truths, path); err != nil {
			return err
		}
		if c.truth == nil {
			continue
		}
		f, err := p.Open(ctx, path, "")
		if err != nil {
			return err
		}
		for n := range f.Pages() {
			p.ReadPage(ctx, f, n+1, schema.Manner{})
		}
		f.Close()
	}
	return nil
}

// readTruth returns the words of the cells of a document by their letters; nil for a
// document without truth, or one that is kept for tests.
func readTruth(folder, path string) (map[string][]string, error) {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	b, err := os.ReadFile(filepath.Join(folder, name+".json"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var gold struct {
		Split  string `json:"split"`
		Tables []struct {
			Rows [][]struct {
				Text string `json:"text"`
			} `json:"rows"`
		} `json:"tables"`
	}
	if err := json.Unmarshal(b, &gold); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if gold.Split == "test" {
		return nil, nil
	}
	out := map[string][]string{}
	for _, t := range gold.Tables {
		for _, row := range t.Rows {
			for _, cell := range row {
				words := strings.Fields(normalize.NFC(cell.Text))
				key := normalize.Fold(strings.Join(words, " "))
				if old, ok := out[key]; ok && strings.Join(old, " ") != strings.Join(words, " ") {
					words = nil
				}
				out[key] = words
			}
		}
	}
	return out, nil
}

// watch takes the letters of a page.
func (c *collector) watch(page *schema.Page, print *pipeline.Print) {
	for _, g := range page.Grids {
		for _, cell := range g.Cells {
			var words []string
			for _, l := range cell.Lines {
				for _, w := range l.Words {
					words = append(words, w.Text)
				}
			}
			want := c.truth[normalize.Fold(normalize.NFC(strings.Join(words, " ")))]
			if len(want) != len(words) {
				continue
			}
			for _, l := range cell.Lines {
				for k := range l.Words {
					c.take(print, l.Words, k, want[0])
					want = want[1:]
				}
			}
		}
	}
}

// take adds the letters of word k of a line, whose truth is want: each in its place,
// and once more a little beside it.
func (c *collector) take(print *pipeline.Print, words []schema.Word, k int, want string) {
	base, ok := print.Foot(words, k)
	text := normalize.NFC(words[k].Text)
	letters := []rune(want)
	if !ok || words[k].Box.Empty() || len([]rune(text)) != len(letters) {
		return
	}
	for i, at := range scan.LetterCentres(words[k].Box, text) {
		d, ok := scan.DiacriticOf(letters[i])
		if !ok {
			continue
		}
		x := print.Small
		c.samples = append(c.samples,
			sample{print, at, base, x, d},
			sample{print, at + c.random.NormFloat64()*displaced*x, base + c.random.NormFloat64()*displaced*x, x * math.Exp(c.random.NormFloat64()*stretched), d})
	}
}

// train returns a network for samples: stochastic gradient descent with momentum.
func train(samples []sample, random *rand.Rand) *scan.LetterNet {
	n, step, speed := new(scan.LetterNet), new(scan.LetterNet), new(scan.LetterNet)
	for h := range n.In {
		for i := range n.In[h] {
			n.In[h][i] = float32(random.NormFloat64() * 0.05)
		}
	}
	for o := range n.Out {
		for h := range n.Out[o] {
			n.Out[o][h] = float32(random.NormFloat64() * 0.1)
		}
	}
	rate := float32(firstRate)
	for epoch := range epochs {
		loss := 0.0
		for i, k := range random.Perm(len(samples)) {
			loss += float64(learn(n, step, &samples[k]))
			if i%batch == batch-1 {
				follow(n, speed, step, rate)
				*step = scan.LetterNet{}
			}
		}
		rate *= slowing
		log.Printf("epoch %d: loss %.4f", epoch+1, loss/float64(len(samples)))
	}
	n.Prior = priors(samples)
	return n
}

// learn adds to step what would make the network likelier to see a sample as it is,
// and returns how unlikely that was.
func learn(n, step *scan.LetterNet, s *sample) (loss float32) {
	in := scan.LetterInput(s.print.Gray, s.centre, s.base, s.x, s.want)
	hidden, out := n.Forward(&in)
	costs := scan.LetterCosts(out, s.want.Letter)
	back := hidden
	clear(back[:])
	for _, class := range scan.ClassesOf(s.want) {
		loss += costs[class.Right]
		for o := class.From; o < class.To; o++ {
			slope := float32(math.Exp(-float64(costs[o])))
			if o == class.Right {
				slope--
			}
			step.Base[o] += slope
			for h, v := range hidden {
				step.Out[o][h] += slope * v
				back[h] += slope * n.Out[o][h]
			}
		}
	}
	for h, v := range hidden {
		if v <= 0 {
			continue
		}
		step.Bias[h] += back[h]
		for i, x := range in {
			step.In[h][i] += back[h] * x
		}
	}
	return loss
}

// follow moves the network along a step.
func follow(n, speed, step *scan.LetterNet, rate float32) {
	move := func(w, v, g []float32) {
		for i := range w {
			v[i] = momentum*v[i] + g[i]/batch + decay*w[i]
			w[i] -= rate * v[i]
		}
	}
	for h := range n.In {
		move(n.In[h][:], speed.In[h][:], step.In[h][:])
	}
	for o := range n.Out {
		move(n.Out[o][:], speed.Out[o][:], step.Out[o][:])
	}
	move(n.Bias[:], speed.Bias[:], step.Bias[:])
	move(n.Base[:], speed.Base[:], step.Base[:])
}

// priors counts how often each letter has each mark.
func priors(samples []sample) (p scan.LetterPriors) {
	for i := range p {
		for k := range p[i] {
			p[i][k] = 1
		}
	}
	all := [len(p)]float32{}
	for i := range samples {
		d := samples[i].want
		all[d.Letter]++
		for _, class := range scan.ClassesOf(d) {
			p[d.Letter][class.Right]++
		}
	}
	for i := range p {
		for k := range p[i] {
			p[i][k] = float32(math.Log(float64(p[i][k] / (all[i] + 1))))
		}
	}
	return p
}
