package extract

import (
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A wide table is sometimes scanned as two sheets, its left columns first, all
// of the right ones pages later. Nothing but order and content joins the
// halves then: the n-th page of the right half belongs to the n-th page of the
// left one, and on a page the k-th text to the k-th row.

// joinSides gives the texts of the right half's pages to the rows. The column
// is the one whose head stands there; a half with several columns is given to
// the first of them and reported.
func (b *builder) joinSides(p *Profile, rows []*row, lines []int, cols map[int]bool) {
	col := -1
	for c := range p.Columns {
		if cols[c] && (col < 0 || p.Columns[c].Type == TypeText && p.Columns[col].Type != TypeText) {
			col = c
		}
	}
	if col < 0 {
		return
	}
	// Rows by the page that they begin on, texts by theirs.
	var left [][]*row
	page := -1
	for _, r := range rows {
		at := rowPage(r)
		if at != page || len(left) == 0 {
			left = append(left, nil)
			page = at
		}
		left[len(left)-1] = append(left[len(left)-1], r)
	}
	var right [][]block
	page = -1
	for _, i := range lines {
		l := &b.lines[i]
		if l.page != page {
			right = append(right, nil)
			page = l.page
		}
		n := len(right) - 1
		// In pictures the rules between rows leave little white; there a
		// sentence that ends with its line ends a block, which may be joined
		// again.
		if m := len(right[n]); l.gap || m == 0 || l.num == 0 && ended(right[n][m-1].text) && startsUpper(l.text) {
			right[n] = append(right[n], block{})
		}
		bl := &right[n][len(right[n])-1]
		bl.passage = concat(bl.passage, l.passage)
	}
	// The left half's last page may also hold the start of the right one (its
	// title), so pages are only joined one by one when their numbers agree.
	paged := len(left) == len(right)
	if !paged {
		left, right = [][]*row{rows}, [][]block{flat(right)}
	}
	for k := range left {
		joinPage(left[k], right[k], col, paged)
	}
}

// sideSheets finds the sheets of columns that a known grid lacks, on pages
// behind it, and gives their texts to its rows.
func (b *builder) sideSheets(p *Profile, rows []*row, assigned []int, t *schema.Table) {
	if len(rows) == 0 || len(t.Pages) == 0 {
		return
	}
	missing := make(map[int]bool)
	for c := range p.Columns {
		if p.Columns[c].Type == TypeText && !slices.Contains(assigned, c) {
			missing[c] = true
		}
	}
	if len(missing) == 0 {
		return
	}
	var lines []int
	found := make(map[int]bool)
	var heads []int
	side := false
	for i := range b.lines {
		l := &b.lines[i]
		if l.page <= t.Pages[len(t.Pages)-1] {
			continue
		}
		if l.first {
			cols, at := b.sheetHeads(p, i, missing)
			if len(cols) > 0 {
				for c := range cols {
					found[c] = true
				}
				for k := range at {
					heads = append(heads, k)
				}
			}
			side = len(cols) > 0
		}
		if !side || l.role == schema.PageNumber || l.first && pageNumber(l.text) || slices.Contains(heads, i) {
			continue
		}
		lines = append(lines, i)
	}
	// Half as many lines as rows are no other half of a table.
	if 2*len(lines) < len(rows) {
		return
	}
	b.joinSides(p, rows, lines, found)
	for _, i := range heads {
		b.headLines[i] = true
	}
	for _, i := range lines {
		b.inRows[i] = true
	}
}

// sheetHeads reads the heads at the top of the page that begins at line i, when
// they are all heads of the missing columns.
func (b *builder) sheetHeads(p *Profile, i int, missing map[int]bool) (cols, at map[int]bool) {
	top := b.sheetTop(p, i)
	cols, at = top.cols, top.at
	for k := range at {
		if k > i+2 || heading(b.lines[k].text) {
			return nil, nil
		}
	}
	for c := range cols {
		if !missing[c] {
			return nil, nil
		}
	}
	return cols, at
}

// A sheetTop is what [builder.pageHeads] found at the top of a page. Nobody
// changes it.
type sheetTop struct{ cols, at map[int]bool }

type sheetKey struct {
	profile *Profile
	line    int // the page's first
}

// sheetTop reads the heads at the top of the page that begins at line i. Each
// table of a document looks at all pages behind it, so they are kept.
func (b *builder) sheetTop(p *Profile, i int) sheetTop {
	key := sheetKey{p, i}
	top, ok := b.sheetTops[key]
	if !ok {
		top.cols, top.at, _ = b.pageHeads(p, i, len(b.lines))
		b.sheetTops[key] = top
	}
	return top
}

func flat(bs [][]block) []block {
	var out []block
	for _, b := range bs {
		out = append(out, b...)
	}
	return out
}

// rowPage is the page on which a row begins.
func rowPage(r *row) int {
	for _, c := range r.cells {
		if len(c.words) > 0 {
			return c.words[0].page
		}
	}
	return 0
}

// A block is a run of lines without blank space between.
type block struct{ passage }

// joinPage gives blocks to rows in order, each row at least one while there
// are enough, so that the beginnings of the rows' texts look like beginnings
// and the texts like what their rows are about.
func joinPage(rows []*row, blocks []block, col int, paged bool) {
	n, m := len(blocks), len(rows)
	if n == 0 || m == 0 {
		return
	}
	like := make([][]float64, m)
	for r := range rows {
		like[r] = make([]float64, n)
		about := subject(rows[r], col)
		for k := range blocks {
			like[r][k] = sharedWords(about, blocks[k].text)
		}
	}
	// best[r][k]: rows up to r take blocks up to k, block k being r's.
	best := make([][]float64, m)
	from := make([][]bool, m) // true: block k begins row r
	for r := range best {
		best[r], from[r] = make([]float64, n), make([]bool, n)
		for k := range best[r] {
			best[r][k] = math.Inf(-1)
			stay := math.Inf(-1)
			if k > 0 {
				stay = best[r][k-1] + goesOn(blocks[k-1].text, blocks[k].text)
			}
			begin := math.Inf(-1)
			switch {
			case r == 0 && k == 0:
				begin = 0
			case r > 0 && k > 0:
				begin = best[r-1][k-1] + begins(blocks[k-1].text, blocks[k].text)
			}
			if begin >= stay {
				best[r][k], from[r][k] = begin, true
			} else {
				best[r][k] = stay
			}
			best[r][k] += 3 * like[r][k]
		}
	}
	last := m - 1
	if n < m {
		last = n - 1 // fewer texts than rows: the last rows get none
	}
	r := last
	parts := make([][]passage, m)
	for k := n - 1; k >= 0 && r >= 0; k-- {
		parts[r] = append([]passage{blocks[k].passage}, parts[r]...)
		if from[r][k] {
			r--
		}
	}
	for r, ps := range parts {
		if len(ps) == 0 {
			continue
		}
		rows[r].cells[col] = concat(ps...).trimmed()
		// Order alone joins them: sure when pages and counts agree, less so
		// when the page's texts had to be divided.
		c := 0.72
		switch {
		case paged && n == m:
			c = 0.9
		case paged && m == 1:
			c = 0.88
		case paged:
			c = 0.74 // one block too many in a row would shift all below it
		}
		rows[r].position[col] = c
	}
}

// subject is what a row says outside the column.
func subject(r *row, col int) string {
	var b strings.Builder
	for c, p := range r.cells {
		if c != col {
			b.WriteString(p.text)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// begins scores a block as the first of a row's text.
func begins(prev, text string) float64 {
	s := 0.0
	switch {
	case bullet(text) && bullet(prev):
		s -= 1.2 // a list goes on
	case bullet(prev) && startsUpper(text):
		s += 0.8 // it is over
	case startsUpper(text) || bullet(text):
		s += 0.3
	default:
		s -= 2.5
	}
	if letters(text) < 12 {
		s -= 2
	}
	return s
}

// goesOn scores a block as the continuation of the one before.
func goesOn(prev, text string) float64 {
	switch {
	case bullet(text) && bullet(prev):
		return 0.6
	case !startsUpper(text) && !bullet(text), letters(text) < 12:
		return 1
	case bullet(prev) && !bullet(text):
		return -0.8
	}
	return 0
}

// sharedWords is the share of a text's rarer words that stand in another.
func sharedWords(a, b string) float64 {
	set := make(map[string]bool)
	for _, w := range strings.Fields(normalize.Fold(a)) {
		if w = strings.Trim(w, ".,;:()\"“”"); len(w) >= 3 && !common[w] {
			set[w] = true
		}
	}
	if len(set) == 0 {
		return 0
	}
	hit, all := 0, 0
	seen := make(map[string]bool)
	for _, w := range strings.Fields(normalize.Fold(b)) {
		if w = strings.Trim(w, ".,;:()\"“”"); len(w) >= 3 && !common[w] && !seen[w] {
			seen[w] = true
			all++
			if set[w] {
				hit++
			}
		}
	}
	return float64(hit) / float64(max(min(all, len(set)), 6))
}

// common are syllables that say nothing about a subject.
var common = func() map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields("cac cua trong cho tren duoc theo voi cong viec thuc hien trien khai ngay nam den nhu dia phuong tinh quan co dong bao dam thong tin") {
		m[w] = true
	}
	return m
}()
