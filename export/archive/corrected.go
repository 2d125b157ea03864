package archive

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// People correct fields, not words. What they wrote of a text belongs on the
// page too, or a search would find what the machine misread. So where the words
// that a field was read from can be told, by their raw text within its boxes,
// they give way to the corrected ones.
//
// Fields whose text says something else than the page does stay out of it: a
// date typed as 2025-07-07, an amount as a number.

// byPerson is the reason of the repairs that people made.
const byPerson = "corrected by a person"

// corrections are the fields of a document that people corrected, by the page
// that they stand on.
type corrections map[int][]*schema.Field

func correctionsOf(doc *schema.Document) corrections {
	out := corrections{}
	doc.EachField(func(_ string, f *schema.Field) {
		text, ok := f.Value.(string)
		if f.State != schema.Corrected || !ok || text == "" || oneLine(text) != oneLine(f.Text) || oneLine(f.Raw) == "" || isDate(text) {
			return
		}
		page := 0
		for _, p := range f.Boxes {
			if p.Box == nil || page != 0 && p.Page != page {
				return // of a text file, or over several pages
			}
			page = p.Page
		}
		if page != 0 {
			out[page] = append(out[page], f)
		}
	})
	return out
}

// isDate reports whether a text is a date as fields have it: "2025-07-07".
func isDate(s string) bool {
	return len(s) == len("2025-07-07") && s[4] == '-' && s[7] == '-'
}

// pages gives the pages with the corrected words.
func (c corrections) pages(pages Pages) Pages {
	if len(c) == 0 {
		return pages
	}
	return func(yield func(schema.Page, error) bool) {
		for page, err := range pages {
			if err == nil {
				c.page(&page)
			}
			if !yield(page, err) {
				return
			}
		}
	}
}

// page puts the corrected words on a page, whose layers may be shared: the
// lines are copied before.
func (c corrections) page(p *schema.Page) {
	if len(c[p.Number]) == 0 {
		return
	}
	p.Lines = slices.Clone(p.Lines)
	p.Grids = slices.Clone(p.Grids)
	var lines []*schema.Line
	for i := range p.Lines {
		lines = append(lines, &p.Lines[i])
	}
	for g := range p.Grids {
		p.Grids[g].Cells = slices.Clone(p.Grids[g].Cells)
		for k := range p.Grids[g].Cells {
			cell := &p.Grids[g].Cells[k]
			cell.Lines = slices.Clone(cell.Lines)
			for i := range cell.Lines {
				lines = append(lines, &cell.Lines[i])
			}
		}
	}
	for _, f := range c[p.Number] {
		correct(lines, f)
	}
}

// wordAt is the place of a word among lines.
type wordAt struct{ line, word int }

// correct replaces the words of a field. It does nothing where they cannot be
// told from others.
func correct(lines []*schema.Line, f *schema.Field) {
	var within []wordAt
	var raw []string
	for i, l := range lines {
		for k, w := range l.Words {
			for _, b := range f.Boxes {
				if b.Box.Contains(w.Box.CenterX(), w.Box.CenterY()) {
					// A word that repair joined has a space in its raw text.
					within = append(within, wordAt{i, k})
					raw = append(raw, strings.Join(strings.Fields(w.Raw), ""))
					break
				}
			}
		}
	}
	at, n := find(raw, f.Raw)
	if n == 0 {
		return
	}
	tokens := strings.Fields(f.Text)
	found := within[at : at+n]
	if len(tokens) == n {
		for i, w := range found {
			replace(lines[w.line], w.word, tokens[i])
		}
		return
	}
	spread(lines, found, tokens)
}

// find looks for words that together make the text, white space apart, and are
// the only ones that do.
func find(words []string, text string) (at, n int) {
	text = strings.Join(strings.Fields(text), "")
	hits := 0
	for i := range words {
		rest, k := text, i
		for k < len(words) && rest != "" && words[k] != "" {
			after, ok := strings.CutPrefix(rest, words[k])
			if !ok {
				break
			}
			rest = after
			k++
		}
		if rest == "" {
			at, n = i, k-i
			hits++
		}
	}
	if hits != 1 {
		return 0, 0
	}
	return at, n
}

// replace gives a word another text, with the reason.
func replace(l *schema.Line, k int, text string) {
	w := l.Words[k]
	if w.Text == text {
		return
	}
	w.Repairs = append(slices.Clone(w.Repairs), schema.Repair{From: w.Text, To: text, Reason: byPerson, Score: 1})
	w.Text, w.Confidence = text, 1
	l.Words = slices.Clone(l.Words)
	l.Words[k] = w
}

// spread sets other numbers of words in the place of the found ones: on each
// line as many as fit its share of the width, each as wide as its letters are
// many.
func spread(lines []*schema.Line, found []wordAt, tokens []string) {
	letters := 0
	for _, t := range tokens {
		letters += utf8.RuneCountInString(t) + 1
	}
	width := 0
	for _, w := range found {
		width += lines[w.line].Words[w.word].Box.Width()
	}
	done, seen := 0, 0 // width and letters of the lines so far
	for len(found) > 0 {
		n := 1
		for n < len(found) && found[n].line == found[0].line {
			n++
		}
		l := lines[found[0].line]
		first := found[0].word
		old := l.Words[first : first+n]
		var span schema.Box
		var was, engine []string
		for _, w := range old {
			done += w.Box.Width()
			span = span.Union(w.Box)
			was, engine = append(was, w.Text), append(engine, w.Raw)
		}
		found = found[n:]
		var here []string
		for len(tokens) > 0 && (len(found) == 0 || seen*width < done*letters) {
			here = append(here, tokens[0])
			seen += utf8.RuneCountInString(tokens[0]) + 1
			tokens = tokens[1:]
		}
		repair := schema.Repair{From: strings.Join(was, " "), To: strings.Join(here, " "), Reason: byPerson, Score: 1}
		l.Words = slices.Concat(l.Words[:first], set(here, span, strings.Join(engine, " "), repair), l.Words[first+n:])
	}
}

// set sets words side by side over a place.
func set(tokens []string, span schema.Box, raw string, repair schema.Repair) []schema.Word {
	all := len(tokens) - 1
	for _, t := range tokens {
		all += utf8.RuneCountInString(t)
	}
	var out []schema.Word
	x := 0
	for _, t := range tokens {
		n := utf8.RuneCountInString(t)
		box := span
		box.X0, box.X1 = span.X0+span.Width()*x/all, span.X0+span.Width()*(x+n)/all
		out = append(out, schema.Word{Text: t, Raw: raw, Box: box, Confidence: 1, Repairs: []schema.Repair{repair}})
		x += n + 1
	}
	return out
}

// byPeople reports whether a person wrote the word.
func byPeople(w schema.Word) bool {
	return slices.ContainsFunc(w.Repairs, func(r schema.Repair) bool { return r.Reason == byPerson })
}
