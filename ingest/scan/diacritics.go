package scan

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/schema"
)

// Marks decide about Vietnamese words, and at 150 dpi a mark is three pixels high.
// An engine that reads lines goes by what is usual there: it is as sure of a "số"
// that was printed "sổ" as of any other word. A small network that sees one letter
// at a time, in its place and of known size, and knows nothing of words, is a
// second witness whose errors are other ones.

//go:embed diacritics.bin
var diacriticData []byte

// The picture of a letter is sampled in tenths of a small letter's height, wide
// enough for it, from above its tone to below its dot.
const (
	letterCols, letterRows = 16, 27
	letterAbove            = 2.1 // heights of a small letter from the top to the line
	letterPixels           = letterCols * letterRows
	letterInputs           = letterPixels + len(markedLetters) + 1
	letterHidden           = 48
	letterOutputs          = barClass + 2
	palestPeak             = 40 // darkness below which a letter is noise
)

// markedLetters are the letters that marks stand on; "d" has a bar through it.
const markedLetters = "aeiouyd"

// Classes of what the network tells: the shape of the letter, its tone, and the
// bar of "đ".
const (
	shapeClass = 0 // plain, circumflex, breve, horn
	toneClass  = 4 // none, acute, grave, hook, tilde, dot
	barClass   = 10
)

// shapes are those that each of the letters may have, a bit each.
var shapes = [len(markedLetters)]uint8{0b0111, 0b0011, 0b0001, 0b1011, 0b1001, 0b0001, 0}

// A Diacritic is what stands on a letter.
type Diacritic struct {
	Letter      int // in "aeiouyd"
	Capital     bool
	Shape, Tone int // in the order of the classes; the shape of "đ" is 1
}

// DiacriticOf returns what stands on a letter; ok is false for one that no mark
// stands on.
func DiacriticOf(r rune) (d Diacritic, ok bool) {
	d.Capital = unicode.IsUpper(r)
	if unicode.ToLower(r) == 'đ' {
		d.Letter, d.Shape = strings.IndexByte(markedLetters, 'd'), 1
		return d, true
	}
	for i, c := range norm.NFD.String(string(unicode.ToLower(r))) {
		if i == 0 {
			if d.Letter = strings.IndexRune(markedLetters, c); d.Letter < 0 {
				return d, false
			}
			continue
		}
		if k := strings.IndexRune("\u0302\u0306\u031b", c); k >= 0 {
			d.Shape = 1 + k/2
		} else if k := strings.IndexRune("\u0301\u0300\u0309\u0303\u0323", c); k >= 0 {
			d.Tone = 1 + k/2
		}
	}
	return d, true
}

// Diacritics is what the picture says of the marks of a word, a letter each.
type Diacritics []letterMarks

type letterMarks struct {
	letter int                    // in markedLetters, -1 for one that no mark stands on
	cost   [letterOutputs]float32 // -ln P of each class
}

// Diacritics looks at the letters of a word that stands on a line with its foot at
// base, in print whose small letters are x pixels high. The result is about texts
// with the same letters.
func (s *Sheet) Diacritics(box schema.Box, text string, base, x float64) Diacritics {
	out := make(Diacritics, 0, len(text))
	for i, at := range LetterCentres(box, text) {
		m := letterMarks{letter: -1}
		if d, ok := DiacriticOf([]rune(text)[i]); ok {
			m.letter = d.Letter
			in := LetterInput(s.Gray, at, base, x, d)
			m.cost = letterNet().costs(&in, d.Letter)
		}
		out = append(out, m)
	}
	return out
}

// Cost returns how badly the marks of a text agree with what was seen, in nats: -ln P
// of them over how usual they are, so that rare marks are seen as readily as frequent
// ones. Only differences between texts count. ok is false for other letters than were
// looked at.
func (m Diacritics) Cost(text string) (nats float32, ok bool) {
	i := 0
	for _, r := range text {
		if i == len(m) {
			return 0, false
		}
		l := &m[i]
		i++
		d, marked := DiacriticOf(r)
		if marked != (l.letter >= 0) || marked && d.Letter != l.letter {
			return 0, false
		}
		if !marked {
			continue
		}
		for _, c := range ClassesOf(d) {
			nats += l.cost[c.Right] + letterNet().Prior[d.Letter][c.Right]
		}
	}
	return nats, i == len(m)
}

// LetterCentres returns where the middles of the letters of a word are, in pixels,
// by the widths that letters have in serif faces.
func LetterCentres(box schema.Box, text string) []float64 {
	sum := 0.0
	var out []float64
	for _, r := range text {
		w := letterWidth(r)
		out = append(out, sum+w/2)
		sum += w
	}
	for i := range out {
		out[i] = float64(box.X0) + out[i]/sum*float64(box.Width())
	}
	return out
}

// letterWidths are in hundredths of the size of type.
var letterWidths = func() map[rune]float64 {
	m := map[rune]float64{}
	for _, g := range []struct {
		width   float64
		letters string
	}{
		{25, ".,;:!'"}, {28, "ijlt/"}, {33, "frI-()"}, {39, "sJ"}, {44, "acez"}, {50, "bdghknopquvxyđ0123456789\"*"},
		{56, "FPS"}, {61, "BCELTZ"}, {72, "wADGHKNOQUVRXYĐ"}, {78, "m"}, {89, "M"},
	} {
		for _, r := range g.letters {
			m[r] = g.width
		}
	}
	return m
}()

func letterWidth(r rune) (w float64) {
	for i, c := range norm.NFD.String(string(r)) {
		switch {
		case i == 0:
			if w = letterWidths[c]; w == 0 {
				w = 50
			}
		case c == '\u031b':
			w += 6
		}
	}
	return w
}

// LetterInput is what the network sees of a letter: its picture, its darkest
// place being 1, and which letter it is.
func LetterInput(g *image.Gray, centre, base, x float64, d Diacritic) (in [letterInputs]float32) {
	step, peak := x/10, float32(palestPeak)
	for row := range letterRows {
		for col := range letterCols {
			v := darkness(g, centre+(float64(col)-float64(letterCols-1)/2)*step-0.5, base-letterAbove*x+(float64(row)+0.5)*step-0.5)
			in[row*letterCols+col] = v
			peak = max(peak, v)
		}
	}
	for i := range letterPixels {
		in[i] /= peak
	}
	in[letterPixels+d.Letter] = 1
	if d.Capital {
		in[letterInputs-1] = 1
	}
	return in
}

// darkness returns how dark a place between pixels is, 0 to 255.
func darkness(g *image.Gray, x, y float64) float32 {
	x0, y0 := int(math.Floor(x)), int(math.Floor(y))
	fx, fy := float32(x-float64(x0)), float32(y-float64(y0))
	return (inkAt(g, x0, y0)*(1-fx)+inkAt(g, x0+1, y0)*fx)*(1-fy) + (inkAt(g, x0, y0+1)*(1-fx)+inkAt(g, x0+1, y0+1)*fx)*fy
}

// inkAt returns how dark a pixel is, 0 to 255; outside of the picture all is white.
func inkAt(g *image.Gray, x, y int) float32 {
	if x < 0 || y < 0 || x >= g.Rect.Dx() || y >= g.Rect.Dy() {
		return 0
	}
	return 255 - float32(g.Pix[y*g.Stride+x])
}

// LetterNet is a network of one hidden layer.
type LetterNet struct {
	In    [letterHidden][letterInputs]float32
	Bias  [letterHidden]float32
	Out   [letterOutputs][letterHidden]float32
	Base  [letterOutputs]float32
	Prior LetterPriors // of the letters that it was shown
}

// LetterPriors are ln P of the classes of each letter.
type LetterPriors [len(markedLetters)][letterOutputs]float32

// A Class is one question about a letter: which of the outputs from From to To is
// right.
type Class struct{ From, To, Right int }

// ClassesOf returns the questions whose answers make a diacritic.
func ClassesOf(d Diacritic) []Class {
	if markedLetters[d.Letter] == 'd' {
		return []Class{{barClass, letterOutputs, barClass + d.Shape}}
	}
	return []Class{{shapeClass, toneClass, shapeClass + d.Shape}, {toneClass, barClass, toneClass + d.Tone}}
}

var letterNet = sync.OnceValue(func() *LetterNet {
	n := new(LetterNet)
	if used, err := binary.Decode(diacriticData, binary.LittleEndian, n); err != nil || used != len(diacriticData) {
		panic(fmt.Sprintf("diacritics.bin: %d of %d bytes, %v", used, len(diacriticData), err))
	}
	return n
})

// Forward returns the outputs of the hidden layer and of the network.
func (n *LetterNet) Forward(in *[letterInputs]float32) (hidden [letterHidden]float32, out [letterOutputs]float32) {
	for h := range hidden {
		sum := n.Bias[h]
		for i, v := range &n.In[h] {
			sum += v * in[i]
		}
		hidden[h] = max(sum, 0)
	}
	for o := range out {
		sum := n.Base[o]
		for h, v := range &n.Out[o] {
			sum += v * hidden[h]
		}
		out[o] = sum
	}
	return hidden, out
}

func (n *LetterNet) costs(in *[letterInputs]float32, letter int) [letterOutputs]float32 {
	_, out := n.Forward(in)
	return LetterCosts(out, letter)
}

// LetterCosts turns outputs of the network into -ln P of the classes: of the shapes
// that the letter may have, of the tones, of the bar.
func LetterCosts(out [letterOutputs]float32, letter int) [letterOutputs]float32 {
	soft := func(from, to int, may uint8) {
		sum := 0.0
		for i := from; i < to; i++ {
			if may>>(i-from)&1 == 1 {
				sum += math.Exp(float64(out[i]))
			}
		}
		all := float32(math.Log(sum))
		for i := from; i < to; i++ {
			out[i] = all - out[i]
			if may>>(i-from)&1 == 0 {
				out[i] = impossible
			}
		}
	}
	soft(shapeClass, toneClass, shapes[letter]|1)
	soft(toneClass, barClass, 0xFF)
	soft(barClass, letterOutputs, 0xFF)
	return out
}

// impossible is the cost of a shape that a letter never has.
const impossible = 30

// Agrees returns how many letters of a text marks may stand on, and how many of them
// are likeliest seen with those that the text has.
func (m Diacritics) Agrees(text string) (letters, same int) {
	i := 0
	for _, r := range text {
		if i == len(m) {
			break
		}
		l := &m[i]
		i++
		d, ok := DiacriticOf(r)
		if !ok || d.Letter != l.letter {
			continue
		}
		letters++
		if !slices.ContainsFunc(ClassesOf(d), func(c Class) bool {
			return slices.Min(l.cost[c.From:c.To]) < l.cost[c.Right]
		}) {
			same++
		}
	}
	return letters, same
}
