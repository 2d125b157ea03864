package pipeline

import (
	"context"
	"image"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/schema"
)

// Engines scale every line to one height and take "s" for "S" here and there.
// Whole words are no higher for it when they have high letters or marks besides;
// the first letter alone is. It is measured in the picture, beside first letters
// of the same text whose case shows in their shape.

const (
	smallStarts = "aemnru"               // as high as small letters are, up from the line
	tallStarts  = "BDEFHKLMNPRTbhkl2345" // as high as capitals
)

// Limits of what is told by heights. Of 880 capitals of the sample scans, 31
// of them read from small letters, those that were some lie above 0.4.
const (
	surelySmall  = 0.30 // of the way from small letters up to capitals: below, a capital is none
	lowest       = -0.6 // what is lower is no letter
	leastStep    = 3.0  // pixels between small letters and capitals
	leastSamples = 3
	leastInk     = 30   // half the darkness of the palest letters
	heightScore  = 0.97 // of a change
)

// letterHeights are the heights in pixels that first letters of a text have.
type letterHeights struct{ small, tall []float64 }

func (h *letterHeights) add(o letterHeights) {
	h.small, h.tall = append(h.small, o.small...), append(h.tall, o.tall...)
}

// size returns the usual heights of small letters and of capitals; ok is false
// where there are too few to tell.
func (h letterHeights) size() (small, tall float64, ok bool) {
	if len(h.small) < leastSamples || len(h.tall) < leastSamples {
		return 0, 0, false
	}
	small, tall = median(h.small), median(h.tall)
	return small, tall, tall-small >= leastStep
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// settleCapitals decides the case of first letters that look like their capitals
// by how high they are. It comes after all readings.
func (p *Pipeline) settleCapitals(_ context.Context, w *work) error {
	if w.sheet == nil || w.page.TextSource != schema.FromOCR {
		return nil
	}
	for g := range w.page.Grids {
		cells := w.page.Grids[g].Cells
		var all letterHeights
		each := make([]letterHeights, len(cells))
		for c := range cells {
			each[c] = heightsOf(cells[c].Lines, w.sheet.Gray)
			all.add(each[c])
		}
		for c := range cells {
			heights := each[c]
			if _, _, ok := heights.size(); !ok {
				heights = all
			}
			settleHeights(cells[c].Lines, heights, w.sheet.Gray)
		}
	}
	for i := range w.page.Lines {
		line := w.page.Lines[i : i+1]
		settleHeights(line, heightsOf(line, w.sheet.Gray), w.sheet.Gray)
	}
	return nil
}

// heightsOf measures the words of lines whose first letter tells by its shape
// how high it is.
func heightsOf(lines []schema.Line, gray *image.Gray) (h letterHeights) {
	for i := range lines {
		words := lines[i].Words
		for k := range words {
			first, _ := utf8.DecodeRuneInString(words[k].Text)
			small := strings.ContainsRune(smallStarts, first)
			if !small && !strings.ContainsRune(tallStarts, first) {
				continue
			}
			switch high, ok := firstHeight(words, k, gray); {
			case !ok:
			case small:
				h.small = append(h.small, high)
			default:
				h.tall = append(h.tall, high)
			}
		}
	}
	return h
}

// settleHeights corrects the case of the first letters of words.
func settleHeights(lines []schema.Line, heights letterHeights, gray *image.Gray) {
	small, tall, ok := heights.size()
	if !ok {
		return
	}
	for i := range lines {
		words := lines[i].Words
		for k := range words {
			w := &words[k]
			first, n := utf8.DecodeRuneInString(w.Text)
			if n == len(w.Text) || !unicode.IsUpper(first) || !likeCapital(first) || strings.ContainsFunc(w.Text[n:], unicode.IsUpper) || begins(lines, i, k) {
				continue
			}
			high, ok := firstHeight(words, k, gray)
			if !ok {
				continue
			}
			if share := (high - small) / (tall - small); share > lowest && share < surelySmall {
				text := string(unicode.ToLower(first)) + w.Text[n:]
				w.Repairs = append(w.Repairs, schema.Repair{From: w.Text, To: text, Reason: "size of the letter", Score: heightScore})
				w.Text = text
			}
		}
	}
}

// begins reports whether word k of line i begins a text or a sentence, where a
// capital needs no measuring.
func begins(lines []schema.Line, i, k int) bool {
	for k == 0 {
		if i == 0 {
			return true
		}
		i--
		k = len(lines[i].Words)
	}
	last, _ := utf8.DecodeLastRuneInString(lines[i].Words[k-1].Text)
	return last != ',' && !unicode.IsLetter(last)
}

// likeCapital reports whether a letter has the shape of its capital and no mark
// above it, which would be measured with it.
func likeCapital(r rune) bool {
	for i, c := range norm.NFD.String(string(r)) {
		switch {
		case i == 0:
			if !strings.ContainsRune(sameShape, unicode.ToLower(c)) {
				return false
			}
		case c != dotBelow:
			return false
		}
	}
	return true
}

const dotBelow = '\u0323'

// firstHeight returns how high the first letter of word k reaches above the line,
// in pixels. ok is false where there is no ink, or nothing around tells where the
// line stands.
func firstHeight(words []schema.Word, k int, gray *image.Gray) (high float64, ok bool) {
	box := words[k].Box.Intersect(schema.Box{X1: gray.Rect.Dx(), Y1: gray.Rect.Dy()})
	base, ok := baseLine(words, k)
	if !ok || box.Height() < 6 || box.Width() < 6 {
		return 0, false
	}
	top, ok := topOf(box, gray)
	return base - top, ok
}

// topOf returns the top of the ink at the left end of a word, between rows where
// it passes half of its darkness. Letters are at least as wide as two fifths of
// a capital's height, and boxes with marks above and below half as high again.
func topOf(box schema.Box, gray *image.Gray) (top float64, ok bool) {
	x1 := min(box.X0+max(3, box.Height()/3), box.X1)
	rows := make([]float64, box.Height())
	for y := range rows {
		line := gray.Pix[(box.Y0+y)*gray.Stride:]
		for x := box.X0; x < x1; x++ {
			rows[y] = max(rows[y], 255-float64(line[x]))
		}
	}
	level := slices.Max(rows) / 2
	if level < leastInk {
		return 0, false
	}
	for y := range rows {
		switch {
		case rows[y] < level:
		case y == 0:
			return float64(box.Y0), true
		default:
			return float64(box.Y0+y) - (rows[y]-level)/(rows[y]-rows[y-1]), true
		}
	}
	return 0, false
}

// baseLine returns where the line stands below word k: at the feet of the words
// around that have nothing below.
func baseLine(words []schema.Word, k int) (base float64, ok bool) {
	var feet []float64
	for i := max(0, k-neighbours); i < min(len(words), k+neighbours+1); i++ {
		if w := &words[i]; w.Text != "" && !w.Box.Empty() && !strings.ContainsFunc(norm.NFD.String(w.Text), belowLine) {
			feet = append(feet, float64(w.Box.Y1))
		}
	}
	if len(feet) == 0 {
		return 0, false
	}
	return median(feet), true
}

// neighbours is how many words on either side tell where a line stands.
const neighbours = 4

// belowLine reports whether a character reaches below the line, or may.
func belowLine(r rune) bool {
	return strings.ContainsRune("gpqyjQ,;()/[]{}|", r) || r == dotBelow || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && r != '.'
}
