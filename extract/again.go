package extract

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Pages are repaired before tables are known, and where the grid was lost the
// lines of a page run across its columns: the words around a word are those of
// its neighbour's cell. When the search has put the pieces together, each cell
// is repaired again as the one text that it is, from what was read, leaning
// towards the wordings of the report type and of the catalogue.

// repairAgain repairs the cells of a lost table. It does nothing without a
// restorer.
func (b *builder) repairAgain(p *Profile, rows []*row) {
	r := b.restorers.get(p)
	if r == nil {
		return
	}
	type place struct {
		row *row
		col int
		src []passage // by line
	}
	var places []place
	page := schema.Page{Grids: make([]schema.Grid, 1)}
	for _, w := range rows {
		for c := range p.Columns {
			switch p.Columns[c].Type {
			case TypeText, TypeTitle, TypeAgency:
			case TypeMeasure:
				if letters(w.cells[c].text) < leastTold {
					continue // a figure
				}
			default:
				continue
			}
			lines := byLine(w.cells[c])
			if len(lines) == 0 {
				continue
			}
			cell := schema.GridCell{Row: len(places)}
			for i, l := range lines {
				cell.Lines = append(cell.Lines, asLine(l, i+1))
			}
			page.Grids[0].Cells = append(page.Grids[0].Cells, cell)
			places = append(places, place{w, c, lines})
		}
	}
	r.PageBy(&page, inParallel)
	for i, at := range places {
		var words []word
		for k, l := range page.Grids[0].Cells[i].Lines {
			from := at.src[k].words[0]
			for n := range l.Words {
				w := &l.Words[n]
				if strings.TrimSpace(w.Text) == "" {
					continue
				}
				w.Text = asSpelled(w.Text, w.Raw)
				words = append(words, word{text: w.Text, raw: w.Raw, src: w, page: from.page, line: from.line, num: from.num})
			}
		}
		inSentenceCase(words)
		at.row.cells[at.col] = newPassage(words)
	}
}

// restorers are the restorers of a document that know the wordings of profiles.
// They are safe for concurrent use.
type restorers struct {
	opt Options
	mu  sync.Mutex
	of  map[*Profile]*normalize.Restorer
}

func newRestorers(opt Options) *restorers {
	return &restorers{opt: opt, of: map[*Profile]*normalize.Restorer{}}
}

// get returns a restorer that knows the profile's wordings, nil when there is none.
func (rs *restorers) get(p *Profile) *normalize.Restorer {
	if rs.opt.Restorer == nil {
		return nil
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if r := rs.of[p]; r != nil {
		return r
	}
	var words []string
	for i := range p.Columns {
		c := &p.Columns[i]
		words = slices.Concat(words, c.Starts, c.Words, c.Values)
	}
	for _, s := range p.Statuses {
		words = slices.Concat(words, s.Labels, s.Phrases)
	}
	words = append(words, p.Vocabulary...)
	for _, e := range rs.opt.Catalogue {
		if e.Kind == "" || e.Kind == p.Kind {
			words = append(words, e.Title)
		}
	}
	r := rs.opt.Restorer.WithVocabulary(words...).ForCells()
	rs.of[p] = r
	return r
}

// byLine parts a passage where the line changes that its words stand on.
func byLine(p passage) []passage {
	var out []passage
	for from := 0; from < len(p.words); {
		to := from + 1
		for to < len(p.words) && p.words[to].line == p.words[from].line {
			to++
		}
		out = append(out, newPassage(p.words[from:to]))
		from = to
	}
	return out
}

// asLine turns words back into a line as it was read. Numbers of lines tell the
// restorer that one follows on the other.
func asLine(p passage, number int) schema.Line {
	l := schema.Line{Number: number}
	for _, w := range p.words {
		out := schema.Word{Confidence: 1}
		if w.src != nil {
			out = *w.src
		}
		out.Repairs, out.Alternatives, out.Unsure = nil, nil, false
		read := w.raw
		for _, r := range w.repairs() {
			if strings.HasPrefix(r.Reason, normalize.ReasonEncoding) {
				// What the encoding made of it is where repair begins.
				out.Repairs = append(out.Repairs, r)
				read = r.To
			}
		}
		if zeroForO.MatchString(read) {
			read = strings.Replace(read, "0", "o", 1)
		}
		for _, part := range strings.Fields(read) {
			out.Text, out.Raw = part, part
			if len(out.Repairs) > 0 {
				out.Raw = w.raw
			}
			l.Words = append(l.Words, out)
		}
	}
	if len(l.Words) > 1 && tyShape.MatchString(l.Words[0].Raw) && leShape.MatchString(l.Words[1].Raw) {
		l.Words[0].Text, l.Words[0].Raw = "Ty", "Ty"
		l.Words[1].Text, l.Words[1].Raw = "lé", "lé"
	}
	return l
}

// "Tỷ lệ" begins many lines of tables; its second word is read as a figure, of
// which repair dares to make no word. No line begins with "tỷ" and a figure.
var (
	tyShape = regexp.MustCompile(`^T[yýỷỳỵ¥]$`)
	leShape = regexp.MustCompile(`^[1lI][0-9&¢é]$`)
)

// zeroForO are short words that end with a nought: no number is written so, and
// repair does not dare to make letters of digits.
var zeroForO = regexp.MustCompile(`^\(?[a-zđ]{1,3}0[,.;:)]*$`)

// inSentenceCase writes a word in capitals that stands between words in small
// letters with a capital at most: names in capitals carry no marks.
func inSentenceCase(words []word) {
	small := func(i int) bool {
		return i >= 0 && i < len(words) && upperShare(words[i].text) < 0.6 && letters(words[i].text) > 1
	}
	for i := range words {
		w := &words[i]
		if letters(w.text) < 2 || upperShare(w.text) < 1 || !small(i-1) || !small(i+1) || strings.ToUpper(normalize.Fold(w.text)) == w.text || strings.Contains(w.text, "Đ") {
			continue
		}
		lower := strings.ToLower(w.text)
		at := strings.IndexFunc(lower, unicode.IsLetter)
		_, n := utf8.DecodeRuneInString(lower[at:])
		text := lower[:at] + strings.ToUpper(lower[at:at+n]) + lower[at+n:]
		w.fix = append(w.fix[:len(w.fix):len(w.fix)], schema.Repair{From: w.text, To: text, Reason: normalize.ReasonCase, Score: 0.9})
		w.text = text
	}
}

func (w word) repairs() []schema.Repair {
	if w.src == nil {
		return nil
	}
	return w.src.Repairs
}
