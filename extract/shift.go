package extract

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
)

// Where a row leaves columns empty, its other cells are easily read one column too far
// to the left: nothing stands between them. Whole cells say more of their column than
// their lines do: how they begin, the words that they hold, how wide their lines are, and
// how usual it is that the column is empty. So the cells of each row that has empty ones
// are shared out among the columns anew, in their order.

// Scores of a cell in a column, in nats.
const (
	shiftStart = 1.6 // it begins as the column's cells do
	shiftWord  = 0.5 // it holds a word of them
	shiftWords = 1.5 // at most
	shiftWidth = 8.0 // for each factor of e that its lines are wider or narrower
	shiftSize  = 1.0 // likewise for its length
	shiftStay  = 1.0 // it stays where it was read
	shiftLead  = 0.7 // a new order must be so much better than the old one
)

// leastRows is how many rows must have a cell in a column for its width to be known.
const leastRows = 2

// A shifter knows the columns of text of a lost table.
type shifter struct {
	p      *Profile
	rows   []*row
	cols   []int
	widths [][]float64 // by row and column: width of the cell's lines, 0 where it has too few
}

// shiftCells shares the cells of rows with empty columns out anew.
func shiftCells(p *Profile, rows []*row, lacks []bool) {
	if p.pattern != nil || !p.allText() || len(rows) <= leastRows {
		return
	}
	s := &shifter{p: p, rows: rows}
	for c := range p.Columns {
		if p.Columns[c].Type == TypeText && !lacks[c] {
			s.cols = append(s.cols, c)
		}
	}
	for range 2 {
		s.measure()
		for r := range rows {
			s.shift(r)
		}
	}
}

// measure notes how wide the lines of each cell are.
func (s *shifter) measure() {
	s.widths = make([][]float64, len(s.rows))
	for r, x := range s.rows {
		s.widths[r] = make([]float64, len(s.p.Columns))
		for _, c := range s.cols {
			s.widths[r][c] = lineWidth(x.cells[c])
		}
	}
}

// lineWidth is how wide the full lines of a cell are, in letters; 0 where it has fewer
// than three.
func lineWidth(cell passage) float64 {
	var widths []float64
	for _, l := range byLine(cell) {
		widths = append(widths, float64(utf8.RuneCountInString(l.raw())))
	}
	if len(widths) < 3 {
		return 0
	}
	slices.Sort(widths)
	return widths[len(widths)*2/3]
}

// shift finds the best columns for the cells of row r.
func (s *shifter) shift(r int) {
	x := s.rows[r]
	cells := s.cellsOf(r)
	if len(cells) == 0 || len(cells) == len(s.cols) || len(x.shared) > 0 {
		return
	}
	best, top, old := []int(nil), math.Inf(-1), math.Inf(-1)
	now := make([]int, len(cells))
	var try func(k, from int, sum float64)
	try = func(k, from int, sum float64) {
		if k == len(cells) {
			if slices.Equal(now, cells) {
				old = sum
			}
			if sum > top {
				best, top = slices.Clone(now), sum
			}
			return
		}
		for i := from; i <= len(s.cols)-(len(cells)-k); i++ {
			now[k] = s.cols[i]
			try(k+1, i+1, sum+s.fit(r, cells[k], s.cols[i]))
		}
	}
	try(0, 0, 0)
	if top < old+shiftLead || slices.Equal(best, cells) {
		return
	}
	moved := make(map[int]passage)
	for k, c := range cells {
		moved[best[k]] = x.cells[c]
	}
	for _, c := range s.cols {
		x.cells[c] = moved[c]
		delete(x.position, c)
		if len(moved[c].words) > 0 {
			x.position[c] = 0.6
		}
	}
}

// fit scores the cell that row r has in column at, were it in column c.
func (s *shifter) fit(r, at, c int) float64 {
	cell := s.rows[r].cells[at]
	sum := 0.0
	if c == at {
		sum += shiftStay
	}
	text := strings.TrimLeft(cell.text, "-–+*•()0123456789 .")
	t := field.NewText(text)
	if t.BeginsWith(s.p.starts[c], 0.8) {
		sum += shiftStart
	}
	words := 0.0
	for _, ph := range s.p.words[c] {
		if _, ok := t.Find(ph, 0.84); ok {
			words += shiftWord
		}
	}
	sum += min(words, shiftWords)
	filled, others := 1.0, 2.0
	var widths, sizes []float64
	for k := range s.rows {
		if k == r || len(s.cellsOf(k)) == 0 {
			continue
		}
		others++
		if len(s.rows[k].cells[c].words) > 0 {
			filled++
			sizes = append(sizes, float64(len(s.rows[k].cells[c].text)))
		}
		if w := s.widths[k][c]; w > 0 {
			widths = append(widths, w)
		}
	}
	sum += math.Log(filled / (others - filled + 0.5))
	if len(sizes) >= leastRows {
		slices.Sort(sizes)
		sum -= shiftSize * min(1.5, math.Abs(math.Log(float64(len(cell.text))/sizes[len(sizes)/2])))
	}
	if w := s.widths[r][at]; w > 0 && len(widths) >= leastRows {
		slices.Sort(widths)
		sum -= shiftWidth * min(0.5, math.Abs(math.Log(w/widths[len(widths)/2])))
	}
	return sum
}

// cellsOf are the columns that row r fills.
func (s *shifter) cellsOf(r int) []int {
	var out []int
	for _, c := range s.cols {
		if len(s.rows[r].cells[c].words) > 0 {
			out = append(out, c)
		}
	}
	return out
}
