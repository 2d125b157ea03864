package pipeline

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// Figures that stand alone in a cell are short, and engines lean on what stands
// around: half of the commas of "4,1" and many a thin "7" are lost. The picture
// is asked once more, for separators between digits, and for digits where the
// engine read none in a column of figures.

// figure matches a number as engines write it that stands alone in a cell; what
// they make of a comma is among the separators.
var figure = regexp.MustCompile(`^[0-9]+([.,:;'/][0-9]+)*%?$`)

// groupNumber matches the numerals and letters that number groups of rows.
var groupNumber = regexp.MustCompile(`^([IVX]+|[A-HĐa-e])$`)

// How far the shapes of digits may be from those of the drawn ones where the
// engine has nothing better: of 540 such digits 11 were wrong. A broken "3" may
// come near to a "1".
const (
	digitsFar = 0.30
	loneOne   = 0.22
)

// settleFigures corrects the cells that hold one number, after all readings.
func (p *Pipeline) settleFigures(_ context.Context, w *work) error {
	if w.sheet == nil || w.page.TextSource != schema.FromOCR {
		return nil
	}
	eachLine(&w.page, func(l *schema.Line) {
		settleBars(l, w.sheet)
		settleSlashes(l, w.sheet)
		settleDays(l, w.sheet)
	})
	for g := range w.page.Grids {
		grid := &w.page.Grids[g]
		for c := range grid.Cells {
			settleSeparators(&grid.Cells[c], w.sheet)
			settleSigns(&grid.Cells[c], w.sheet)
		}
		numbers := figureColumns(grid)
		for c := range grid.Cells {
			if cell := &grid.Cells[c]; cell.ColSpan == 1 && cell.Col < len(numbers) && numbers[cell.Col] {
				settleDigits(cell, w.sheet)
			}
		}
	}
	return nil
}

// loneWord returns the only word of a cell, nil when there are more or none.
func loneWord(c *schema.GridCell) *schema.Word {
	if len(c.Lines) != 1 || len(c.Lines[0].Words) != 1 {
		return nil
	}
	return &c.Lines[0].Words[0]
}

// settleSeparators puts the stops and commas into a number that the engine lost
// or took for something else.
func settleSeparators(c *schema.GridCell, sheet *scan.Sheet) {
	w := loneWord(c)
	if w == nil || len(w.Text) < 2 || !figure.MatchString(w.Text) {
		return
	}
	text := separated(w.Text, sheet.Separators(c.Box))
	if text == w.Text {
		return
	}
	w.Repairs = append(w.Repairs, schema.Repair{From: w.Text, To: text, Reason: "separators in the picture", Score: 0.95})
	w.Text = text
}

// separated gives a number the separators that the picture shows: seen has a "0"
// for each digit, and "?" for what may be stop or comma (see
// [scan.Sheet.Separators]). Where the two do not have as many digits the number
// stays. What can be either is a stop before three digits, else a comma. A stop is
// only turned into a comma, and a comma into a stop, where the digits behind
// agree: the other way an amount would change a thousandfold.
func separated(text, seen string) string {
	number, percent := strings.CutSuffix(text, "%")
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	n := strings.Count(seen, "0")
	if n < len(digits) || n > len(digits) && !percent {
		return text
	}
	read, shown := separators(number), separators(seen)
	var out strings.Builder
	for i := range len(digits) {
		if i > 0 {
			behind := 1
			for i+behind < len(digits) && read[i+behind] == 0 && shown[i+behind] == 0 {
				behind++
			}
			if mark := chosen(read[i], shown[i], behind); mark != 0 {
				out.WriteByte(mark)
			}
		}
		out.WriteByte(digits[i])
	}
	if !wellFormed.MatchString(out.String()) && wellFormed.MatchString(number) {
		return text // a speck among the digits
	}
	if percent {
		out.WriteByte('%')
	}
	return out.String()
}

// separators returns what stands in a number after so many digits.
func separators(s string) map[int]byte {
	out := map[int]byte{}
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		} else {
			out[n] = s[i]
		}
	}
	return out
}

// chosen decides between the separator that was read and the one that is seen, 0
// for none, before so many digits.
func chosen(read, seen byte, behind int) byte {
	if seen == '?' {
		seen = ','
		if behind == 3 {
			seen = '.'
		}
		if read == '.' || read == ',' {
			return read
		}
	}
	switch {
	case seen == 0:
		return read
	case read != '.' && read != ',':
		return seen
	case (behind == 3) == (seen == '.'):
		return seen
	}
	return read
}

// figureColumns tells which columns of a grid hold numbers: three at least, and
// three of five of what is printed there.
func figureColumns(g *schema.Grid) []bool {
	numbers, all := make([]int, g.Columns), make([]int, g.Columns)
	for i := range g.Cells {
		c := &g.Cells[i]
		if c.ColSpan != 1 || len(c.Lines) == 0 || c.Col >= g.Columns {
			continue
		}
		all[c.Col]++
		if w := loneWord(c); w != nil && (figure.MatchString(strings.TrimLeft(w.Text, "<>≤≥=+±- ")) || w.Text == "-") {
			numbers[c.Col]++
		}
	}
	out := make([]bool, g.Columns)
	for k := range out {
		out[k] = numbers[k] >= 3 && numbers[k]*5 >= all[k]*3
	}
	return out
}

// settleDigits reads a cell in a column of numbers by the shapes of its digits
// where the engine read nothing, no digit, or fewer digits than there are.
func settleDigits(c *schema.GridCell, sheet *scan.Sheet) {
	w, seen := loneWord(c), sheet.Separators(c.Box)
	switch {
	case len(c.Lines) == 0:
	case w == nil || w.Text == "-" || utf8.RuneCountInString(w.Text) > 2 || groupNumber.MatchString(w.Text):
		return
	case strings.ContainsAny(w.Text, "0123456789"):
		if strings.Trim(w.Text, "0123456789") != "" || strings.Count(seen, "0") <= len(w.Text) {
			return
		}
	}
	text, far := sheet.Digits(c.Box)
	if text == "" || far >= digitsFar || strings.Trim(text, "1") == "" && far >= loneOne {
		return
	}
	text = separated(text, seen)
	if w == nil {
		at := sheet.Ink(c.Box)
		c.Lines = []schema.Line{{Box: at, Words: []schema.Word{{Text: text, Raw: text, Box: at, Confidence: 1 - 2*far}}}}
		return
	}
	if text != w.Text {
		w.Repairs = append(w.Repairs, schema.Repair{From: w.Text, To: text, Reason: "shapes of the digits", Score: 1 - far})
		w.Text = text
	}
}
