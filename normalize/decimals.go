package normalize

import (
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// Vietnamese writes a comma before decimals and points between thousands, so
// "98.6" on a page that has "97,12" is a comma whose tail was lost, and "43/7"
// among such numbers one whose tail is too long. Numbers of
// sections are written with points, too; a column of them goes up from row to
// row, a column of figures does not.

// decimalScore is the score of a point read as a decimal comma.
const decimalScore = 0.9

// decimal parts a word into a number with one or two decimals and what stands
// around it. mark is the sign before the decimals.
type decimal struct {
	whole, part int
	mark        byte
	at          int // of the mark, in bytes
	percent     bool
}

func parseDecimal(word string) (d decimal, ok bool) {
	text := strings.TrimLeft(word, "(<>=≥≤+-–~")
	skipped := len(word) - len(text)
	text = strings.TrimRight(text, ").;,")
	if d.percent = strings.HasSuffix(text, "%"); d.percent {
		text = text[:len(text)-1]
	}
	i := strings.IndexAny(text, ".,/")
	if i < 1 || i > 3 || len(text)-i < 2 || len(text)-i > 3 {
		return d, false
	}
	whole, err := strconv.ParseUint(text[:i], 10, 16)
	if err != nil {
		return d, false
	}
	part, err := strconv.ParseUint(text[i+1:], 10, 16)
	if err != nil {
		return d, false
	}
	d.whole, d.part, d.mark, d.at = int(whole), int(part), text[i], skipped+i
	return d, true
}

// decimals turns points before decimals into commas, in percentages and in
// columns of figures, when the page has decimal commas elsewhere.
func decimals(p *schema.Page) {
	commas := 0
	eachWord(p, func(w *schema.Word) {
		if d, ok := parseDecimal(w.Text); ok && d.mark == ',' {
			commas++
		}
	})
	if commas == 0 {
		return
	}
	eachWord(p, func(w *schema.Word) {
		if d, ok := parseDecimal(w.Text); ok && d.mark != ',' && d.percent {
			withComma(w, d)
		}
	})
	for g := range p.Grids {
		columns := make([][]*schema.Word, p.Grids[g].Columns)
		for c := range p.Grids[g].Cells {
			cell := &p.Grids[g].Cells[c]
			if w := onlyWord(cell); w != nil && cell.ColSpan == 1 && cell.Col < len(columns) {
				columns[cell.Col] = append(columns[cell.Col], w)
			}
		}
		for _, words := range columns {
			decimalColumn(words)
		}
	}
}

func eachWord(p *schema.Page, f func(*schema.Word)) {
	inLines := func(lines []schema.Line) {
		for i := range lines {
			for k := range lines[i].Words {
				f(&lines[i].Words[k])
			}
		}
	}
	inLines(p.Lines)
	for g := range p.Grids {
		for c := range p.Grids[g].Cells {
			inLines(p.Grids[g].Cells[c].Lines)
		}
	}
}

// onlyWord returns the word of a cell that has no other, nil for other cells.
func onlyWord(c *schema.GridCell) *schema.Word {
	if len(c.Lines) != 1 || len(c.Lines[0].Words) != 1 {
		return nil
	}
	return &c.Lines[0].Words[0]
}

func decimalColumn(words []*schema.Word) {
	var points []decimal
	var at []*schema.Word
	figures := false // decimals that are no numbers of sections
	commas := 0
	var slashes []decimal
	var slashed []*schema.Word
	for _, w := range words {
		d, ok := parseDecimal(w.Text)
		if !ok {
			continue
		}
		if d.mark == ',' || d.percent {
			figures = true
			commas++
			continue
		}
		if d.mark == '/' {
			slashes, slashed = append(slashes, d), append(slashed, w)
			continue
		}
		if n := len(points); n > 0 && (d.whole < points[n-1].whole || d.whole == points[n-1].whole && d.part <= points[n-1].part) {
			figures = true
		}
		points, at = append(points, d), append(at, w)
	}
	if !figures {
		return
	}
	for i, w := range at {
		withComma(w, points[i])
	}
	// A stroke is a comma where most others are: parts of wholes ("43/50") come
	// in columns of their own.
	for i, w := range slashed {
		if commas > 2*len(slashes) {
			withComma(w, slashes[i])
		}
	}
}

func withComma(w *schema.Word, d decimal) {
	text := w.Text[:d.at] + "," + w.Text[d.at+1:]
	w.Repairs = append(w.Repairs, schema.Repair{From: w.Text, To: text, Reason: ReasonSign, Score: decimalScore})
	w.Alternatives = append(w.Alternatives, schema.Alternative{Text: w.Text, Score: round(1 - decimalScore)})
	w.Text = text
}
