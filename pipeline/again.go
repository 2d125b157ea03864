package pipeline

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/schema"
)

// What engines misread they seldom misread twice in the same way. Lines of which
// a word may well be wrong are therefore read once more, as one line and
// larger; the better reading is kept and the other put beside it. Where
// the two differ there is reason to look, and where they agree there is less.
// docs/decisions/007-doubtful-lines-are-read-twice.md has the figures.
const (
	againZoom  = 1.25 // of the scale that the engine would choose
	againFrom  = 0.05 // expected wrong words from which a line is read again
	againShare = 0.5  // of a page's words, at most; the most doubtful ones first
)

// readAgain reads the doubtful lines of a page a second time. It comes after
// repair, since what repair settled surely needs no second look. A page that the
// engine gives up on at this point keeps its first reading.
func (p *Pipeline) readAgain(ctx context.Context, w *work) error {
	if w.sheet == nil || w.input.Source != schema.FromOCR || p.set.Once {
		return nil
	}
	lines := doubtfulLines(&w.page)
	if len(lines) == 0 {
		return nil
	}
	all := schema.Box{X1: w.page.Width, Y1: w.page.Height}
	regions := make([]ocr.Region, len(lines))
	for i, l := range lines {
		air := max(w.sheet.DPI/60, 2)
		regions[i] = ocr.Region{Box: l.Box.Inset(-air).Intersect(all), Mode: ocr.Line, Scale: againZoom * ocr.ScaleFor(w.sheet.DPI)}
	}
	readings, err := p.set.Engine.Read(ctx, ocr.Tone(w.sheet.Gray), w.sheet.DPI, regions)
	if err != nil && ctx.Err() != nil {
		return err
	}
	// The second readings are repaired as the first were, each as a cell.
	second := schema.Page{PageInfo: w.page.PageInfo, Marks: w.page.Marks, Grids: []schema.Grid{{}}}
	var read []*schema.Line
	for i, r := range readings[:min(len(readings), len(lines))] {
		if r.Err == nil {
			read = append(read, lines[i])
			second.Grids[0].Cells = append(second.Grids[0].Cells, schema.GridCell{Lines: r.Lines, Box: regions[i].Box})
		}
	}
	clip(&second)
	markWords(&second)
	w.dropSpecks(&second)
	p.weighReadings(w, read, &second)
	return nil
}

// weighReadings chooses one of the two readings of each line in lines, which are
// lines of the page; the second ones are the cells of second. The page is then
// repaired once more as the better readings have it, with the other words put
// beside them.
func (p *Pipeline) weighReadings(w *work, lines []*schema.Line, second *schema.Page) {
	secondRead := asRead(second)
	p.set.Restorer.PageSeen(second, w.eyes)
	at := make(map[*schema.Line]int, len(lines))
	for i, l := range lines {
		at[l] = i
	}
	others := make([][]schema.Word, len(lines))
	eachPair(&w.page, &w.read, func(l, read *schema.Line) {
		i, again := at[l]
		if !again {
			return
		}
		other, otherRead := wordsOf(second.Grids[0].Cells[i].Lines), wordsOf(secondRead.Grids[0].Cells[i].Lines)
		if len(other) > 0 && p.better(other, l.Words) {
			other, read.Words, otherRead = l.Words, otherRead, read.Words
		}
		others[i] = other
		read.Words = slices.Clone(read.Words)
		confront(read.Words, otherRead)
	})
	p.set.Restorer.PageSeen(&w.read, w.eyes)
	eachPair(&w.page, &w.read, func(l, read *schema.Line) {
		l.Words = read.Words
		if i, again := at[l]; again {
			confront(l.Words, others[i])
		}
	})
}

// asRead returns a page whose lines can be repaired without those of page.
func asRead(page *schema.Page) schema.Page {
	p := *page
	p.Lines = slices.Clone(page.Lines)
	p.Grids = slices.Clone(page.Grids)
	for g := range p.Grids {
		p.Grids[g].Cells = slices.Clone(p.Grids[g].Cells)
		for c := range p.Grids[g].Cells {
			p.Grids[g].Cells[c].Lines = slices.Clone(p.Grids[g].Cells[c].Lines)
		}
	}
	return p
}

// eachPair calls f with the lines of two pages that have as many.
func eachPair(a, b *schema.Page, f func(a, b *schema.Line)) {
	var lines []*schema.Line
	eachLine(a, func(l *schema.Line) { lines = append(lines, l) })
	eachLine(b, func(l *schema.Line) {
		f(lines[0], l)
		lines = lines[1:]
	})
}

func wordsOf(lines []schema.Line) (words []schema.Word) {
	for _, l := range lines {
		words = append(words, l.Words...)
	}
	return words
}

// doubtfulLines returns the lines that are worth a second reading.
func doubtfulLines(page *schema.Page) []*schema.Line {
	type doubtful struct {
		line  *schema.Line
		wrong float64 // a word
	}
	var list []doubtful
	words := 0
	eachLine(page, func(l *schema.Line) {
		words += len(l.Words)
		wrong := wrongWords(l.Words)
		if wrong < againFrom || l.Box.Empty() || loneLetter(l) {
			return
		}
		list = append(list, doubtful{l, wrong / float64(len(l.Words))})
	})
	slices.SortStableFunc(list, func(a, b doubtful) int { return cmp.Compare(b.wrong, a.wrong) })
	var out []*schema.Line
	left := againShare * float64(words)
	for _, x := range list {
		if n := float64(len(x.line.Words)); n <= left {
			left -= n
			out = append(out, x.line)
		}
	}
	return out
}

// loneLetter reports whether a line is one letter, which larger print makes no
// clearer; its case was settled by its size.
func loneLetter(l *schema.Line) bool {
	if len(l.Words) != 1 {
		return false
	}
	r, n := utf8.DecodeRuneInString(l.Words[0].Text)
	return n == len(l.Words[0].Text) && unicode.IsLetter(r)
}

// wrongWords returns how many of the words are wrong by what the engine and the
// repair say of them.
func wrongWords(words []schema.Word) (n float64) {
	for i := range words {
		w := &words[i]
		n += extract.Slip(w.Confidence)
		for _, a := range w.Alternatives {
			n += a.Score
		}
		sure := 1.0
		for _, r := range w.Repairs {
			sure *= r.Score
		}
		n += 1 - sure
	}
	return n
}

// Weights of what speaks for another reading of a line, in log odds, fitted to
// lines of 34 sample scans of which one of two readings is right.
const (
	byWrong    = 4.5  // a word expected wrong less, up to a third
	byWeakest  = 3.1  // the lowest score of a word, up to a third
	byOddest   = 0.33 // a nat of the oddest two words, up to four
	byStranger = 1.0  // whether it has fewer words that are none
	byLonger   = 1.0  // against readings that are longer: specks become signs
	ofChoice   = 0.6  // what is needed: the first one was read in its place
)

// better reports whether another reading of a line is to be kept instead of it.
func (p *Pipeline) better(other, words []schema.Word) bool {
	text, otherText := textOf(words), textOf(other)
	if text == otherText {
		return false
	}
	within := func(v, limit float64) float64 { return max(-limit, min(limit, v)) }
	f, g := p.set.Restorer.Fluency(text), p.set.Restorer.Fluency(otherText)
	odds := byWrong*within(wrongWords(words)-wrongWords(other), 1.0/3) +
		byWeakest*within(weakest(other)-weakest(words), 1.0/3) +
		byOddest*within(f.Worst-g.Worst, 4) +
		byStranger*within(float64(f.Strangers-g.Strangers), 1) -
		byLonger*within(float64(len(otherText)-len(text)), 1)
	return odds > ofChoice
}

func weakest(words []schema.Word) float64 {
	low := 1.0
	for _, w := range words {
		low = min(low, w.Confidence)
	}
	return low
}

func textOf(words []schema.Word) string {
	var texts []string
	for _, w := range words {
		if w.Text != "" {
			texts = append(texts, w.Text)
		}
	}
	return strings.Join(texts, " ")
}

// confront puts beside each word what the other reading of its line has in its
// place.
func confront(words, other []schema.Word) {
	for i, at := range aligned(words, other) {
		second := &schema.Alternative{}
		if len(at) > 0 {
			second.Text, second.Score = textOf(at), weakest(at)
		}
		words[i].Second = second
	}
}

// aligned gives each word of a the words of b that stand in its place, which
// follow one another, so that the fewest change. Words of b in whose place a has
// none go to the word before them.
func aligned(a, b []schema.Word) [][]schema.Word {
	n, m := len(a), len(b)
	cost := make([][]float64, n+1)
	for i := range cost {
		cost[i] = make([]float64, m+1)
		for j := range cost[i] {
			switch {
			case i == 0 || j == 0:
				cost[i][j] = float64(i + j)
			default:
				cost[i][j] = min(cost[i-1][j-1]+unlike(&a[i-1], &b[j-1]), cost[i-1][j]+1, cost[i][j-1]+1)
			}
		}
	}
	// from[i] is where the words for a[i] begin.
	from := make([]int, n+1)
	from[n] = m
	for i, j := n, m; i > 0; {
		switch {
		case j > 0 && cost[i][j] == cost[i-1][j-1]+unlike(&a[i-1], &b[j-1]):
			i, j = i-1, j-1
			from[i] = j
		case cost[i][j] == cost[i-1][j]+1:
			i--
			from[i] = j
		default:
			j--
		}
	}
	if n > 0 {
		from[0] = 0
	}
	out := make([][]schema.Word, n)
	for i := range out {
		out[i] = b[from[i]:from[i+1]]
	}
	return out
}

// unlike is 0 for equal words, and for others from 0.5 on, the more the less of
// their widths they have in common.
func unlike(a, b *schema.Word) float64 {
	if a.Text == b.Text {
		return 0
	}
	common := min(a.Box.X1, b.Box.X1) - max(a.Box.X0, b.Box.X0)
	return 1.5 - max(0, float64(common))/math.Max(1, float64(max(a.Box.Width(), b.Box.Width())))
}
