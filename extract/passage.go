package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A word is a schema.Word, or a part of one, with the place where it stands.
type word struct {
	text string // repaired
	raw  string // as read
	src  *schema.Word
	page int
	line int             // index into the document's lines; -1 for words of cells
	num  int             // line of the text file, 0 for pictures and PDFs
	fix  []schema.Repair // what extraction itself changed
}

// A passage is a run of words that are read as one text. Byte ranges in its
// text lead back to the words, and so to boxes, repairs and scores.
type passage struct {
	words  []word
	text   string // words joined by one space
	starts []int  // byte offset of each word in text
}

func newPassage(words []word) passage {
	p := passage{words: words, starts: make([]int, len(words))}
	size := max(len(words)-1, 0)
	for i := range words {
		size += len(words[i].text)
	}
	var b strings.Builder
	b.Grow(size)
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		p.starts[i] = b.Len()
		b.WriteString(words[i].text)
	}
	p.text = b.String()
	return p
}

// slice returns the words of the byte range; words cut by its ends lose what
// lies outside. A raw text whose repair changed it is kept whole.
func (p passage) slice(from, to int) passage {
	first, _ := slices.BinarySearch(p.starts, from)
	last, _ := slices.BinarySearch(p.starts, to)
	first = max(first-1, 0) // a word that begins before may reach into the range
	out := make([]word, 0, max(last-first, 0))
	for i := first; i < last; i++ {
		w := p.words[i]
		s, e := p.starts[i], p.starts[i]+len(w.text)
		if e <= from || s >= to {
			continue
		}
		a, b := max(from-s, 0), min(to-s, len(w.text))
		if a > 0 || b < len(w.text) {
			w = w.cut(a, b)
		}
		if w.text != "" {
			out = append(out, w)
		}
	}
	return newPassage(out)
}

// cut keeps the bytes a to b of the word's text. The raw text is cut likewise
// where it is the same at that end.
func (w word) cut(a, b int) word {
	head, tail := w.text[:a], w.text[b:]
	w.text, w.raw = w.text[a:b], strings.TrimSuffix(strings.TrimPrefix(w.raw, head), tail)
	return w
}

// trimmed drops rules, blanks and stray marks that OCR leaves at the edges of
// a cell.
func (p passage) trimmed() passage {
	from, to := 0, len(p.text)
	from += len(p.text) - len(strings.TrimLeft(p.text, " |[]{}_"))
	to -= len(p.text) - len(strings.TrimRight(p.text, " |[]{}_"))
	if from >= to {
		return passage{}
	}
	if from == 0 && to == len(p.text) {
		return p
	}
	return p.slice(from, to)
}

// quotes are the quotation marks of titles.
const quotes = "\"“”„"

// withoutLoneQuote is the passage without a quotation mark at its beginning or end
// that is the only one of it: a speck, or the rest of a frame. Behind a digit it
// counts inches.
func (p passage) withoutLoneQuote() passage {
	at := strings.IndexAny(p.text, quotes)
	if at < 0 || at != strings.LastIndexAny(p.text, quotes) {
		return p
	}
	_, size := utf8.DecodeRuneInString(p.text[at:])
	switch {
	case at == 0:
		return p.slice(size, len(p.text)).trimmed()
	case at+size < len(p.text) || p.text[at-1] >= '0' && p.text[at-1] <= '9':
		return p
	}
	return p.slice(0, at).trimmed()
}

// asRead is the passage without its repairs.
func (p passage) asRead() passage {
	words := make([]word, len(p.words))
	for i, w := range p.words {
		w.text = w.raw
		words[i] = w
	}
	return newPassage(words)
}

// codesAsRead is the passage with the words that hold digits, strokes or
// several capitals as they were read: numbers of documents, and parts of them.
func (p passage) codesAsRead() passage {
	words := make([]word, len(p.words))
	for i, w := range p.words {
		if read := w.decoded(); read != w.text && codeWord(read) {
			w.text = read
		}
		words[i] = w
	}
	return newPassage(words)
}

// dayAsRead is the passage with the day of "ngày … tháng" as it was read: it is
// written by hand, and repair makes a word of what is left of it ("d4").
func (p passage) dayAsRead() passage {
	words := slices.Clone(p.words)
	for i := 1; i+1 < len(words); i++ {
		if normalize.Fold(words[i-1].text) == "ngay" && normalize.Fold(words[i+1].text) == "thang" {
			words[i].text = words[i].decoded()
		}
	}
	return newPassage(words)
}

// byShape is the reason of repairs that read digits once more in the picture.
const byShape = "shapes of the digits"

// decoded is a word as it was read, in Unicode: where repair begins.
func (w word) decoded() string {
	read := w.raw
	for _, r := range w.repairs() {
		if strings.HasPrefix(r.Reason, normalize.ReasonEncoding) || r.Reason == byShape {
			read = r.To
		}
	}
	return read
}

// codeWord recognises them. A digit beside small letters ("h6c") is a misread
// letter.
func codeWord(s string) bool {
	upper, lower, digits := 0, 0, 0
	for _, r := range s {
		switch {
		case r == '/':
			return true
		case r >= '0' && r <= '9':
			digits++
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper >= 2 || digits > 0 && lower == 0
}

func (p passage) raw() string {
	var b strings.Builder
	for i, w := range p.words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.raw)
	}
	return b.String()
}

// places gives a box a line of words, boxes of following lines of a page
// joined; for text files the ranges of lines.
func (p passage) places() []schema.Place {
	var out []schema.Place
	for _, w := range p.words {
		n := len(out)
		if w.num > 0 {
			if n > 0 && out[n-1].Page == w.page && out[n-1].Line != nil && w.num >= out[n-1].Line[0] && w.num <= out[n-1].Line[1]+1 {
				out[n-1].Line[1] = max(out[n-1].Line[1], w.num)
				continue
			}
			out = append(out, schema.Place{Page: w.page, Line: &[2]int{w.num, w.num}})
			continue
		}
		if w.src == nil || w.src.Box.Empty() {
			continue
		}
		if n > 0 && out[n-1].Page == w.page && out[n-1].Box != nil {
			u := out[n-1].Box.Union(w.src.Box)
			out[n-1].Box = &u
			continue
		}
		box := w.src.Box
		out = append(out, schema.Place{Page: w.page, Box: &box})
	}
	return out
}

// concat joins passages to one.
func concat(ps ...passage) passage {
	n := 0
	for i := range ps {
		n += len(ps[i].words)
	}
	words := make([]word, 0, n)
	for i := range ps {
		words = append(words, ps[i].words...)
	}
	return newPassage(words)
}

// A textLine is a line of the document outside grids.
type textLine struct {
	passage
	page  int
	index int // place among the document's lines
	num   int // line of the text file
	role  schema.Role
	box   schema.Box
	// gap is true when blank lines, a page break or more white space than
	// between lines stand above it.
	gap bool
	// first is true for the first line of a page.
	first bool
}

// flatten lists the running lines of all pages. The words of cells are no part
// of it, they come with the tables.
func flatten(pages []schema.Page) []textLine {
	var out []textLine
	for pi := range pages {
		page := &pages[pi]
		prevNum, first := 0, true
		var prevBox schema.Box
		for li := range page.Lines {
			l := &page.Lines[li]
			words := make([]word, 0, len(l.Words))
			for wi := range l.Words {
				w := &l.Words[wi]
				if strings.TrimSpace(w.Text) == "" {
					continue
				}
				if w.Apart && len(words) > 0 {
					// White as wide as between columns says what a bar says.
					words = append(words, word{text: "|", raw: "|", page: page.Number, line: len(out), num: l.Number})
				}
				words = append(words, word{text: w.Text, raw: w.Raw, src: w, page: page.Number, line: len(out), num: l.Number})
			}
			if len(words) == 0 {
				continue
			}
			gap := first
			if l.Number > 0 {
				gap = gap || l.Number > prevNum+1
			} else if h := prevBox.Height(); h > 0 {
				gap = gap || l.Box.Y0-prevBox.Y1 > h*7/10
			}
			out = append(out, textLine{
				passage: newPassage(words), page: page.Number, index: len(out), num: l.Number,
				role: l.Role, box: l.Box, gap: gap, first: first,
			})
			prevNum, prevBox, first = l.Number, l.Box, false
		}
	}
	return out
}

// withoutWhite are lines without the bars that stand for white between columns: outside
// tables it parts nothing.
func withoutWhite(lines []textLine) []textLine {
	out := slices.Clone(lines)
	for i := range out {
		if slices.ContainsFunc(out[i].words, word.isWhite) {
			out[i].passage = newPassage(slices.DeleteFunc(slices.Clone(out[i].words), word.isWhite))
		}
	}
	return out
}

// isWhite reports whether a word is a bar that nobody printed.
func (w word) isWhite() bool { return w.src == nil && w.num > 0 && w.text == "|" }

// cellPassage is the text of a table's cell with all its words. Cells without
// lines (made from text) give their plain text.
func cellPassage(c *schema.Cell) passage {
	n := 0
	for li := range c.Lines {
		n += len(c.Lines[li].Words)
	}
	words := make([]word, 0, n)
	for li := range c.Lines {
		l := &c.Lines[li]
		for wi := range l.Words {
			w := &l.Words[wi]
			if strings.TrimSpace(w.Text) == "" {
				continue
			}
			next := word{text: w.Text, raw: w.Raw, src: w, page: l.Page, line: -1, num: l.Number}
			if n := len(words); wi == 0 && n > 0 {
				if whole, ok := tornDay(words[n-1], next); ok {
					words[n-1] = whole
					continue
				}
			}
			words = append(words, next)
		}
	}
	if len(words) == 0 && strings.TrimSpace(c.Text) != "" {
		page := 0
		if len(c.Boxes) > 0 {
			page = c.Boxes[0].Page
		}
		for _, t := range strings.Fields(c.Text) {
			words = append(words, word{text: t, raw: t, page: page, line: -1})
		}
	}
	return newPassage(words)
}

// A narrow column breaks a day within its year: "10/10/202" above "5".
var (
	tornYear  = regexp.MustCompile(`^\D?\d{1,2}[/.-]\d{1,2}[/.-](2|20|20\d)$|^\D?(?:0?\d|1[0-2])[/-](2|20|20\d)$`)
	endOfYear = regexp.MustCompile(`^(\d{1,3})[.,;)]*$`)
)

// tornDay is the day whose year goes on at the head of the next line; ok is false where the
// two make none.
func tornDay(a, b word) (whole word, ok bool) {
	head, tail := tornYear.FindStringSubmatch(a.text), endOfYear.FindStringSubmatch(b.text)
	if head == nil || tail == nil || len(head[1])+len(head[2])+len(tail[1]) != 4 {
		return a, false
	}
	whole = a
	whole.text, whole.raw = a.text+b.text, a.raw+b.raw
	src := *a.src
	src.Text, src.Raw, src.Box, src.Confidence = whole.text, whole.raw, a.src.Box.Union(b.src.Box), min(a.src.Confidence, b.src.Confidence)
	src.Repairs, src.Second, src.Alternatives = slices.Concat(a.src.Repairs, b.src.Repairs), nil, nil
	whole.src = &src
	whole.fix = append(whole.fix[:len(whole.fix):len(whole.fix)], schema.Repair{From: a.text + " " + b.text, To: whole.text, Reason: "line end", Score: 0.98})
	return whole, true
}
