package pipeline

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// speckScore is how sure it is that a sign which the picture does not show is none.
const speckScore = 0.99

// overhanging are the capitals that reach over a stop behind them.
const overhanging = "FPTVWYÝỲỶỸỴ"

// dropSpecks takes the stops and commas from the words of a page that its picture
// does not show. At 150 dpi engines make a comma of the lower loop of a "g", and are
// as sure of it as of others. It comes before repair, for which a sign between two
// words is the end of a phrase.
func (w *work) dropSpecks(page *schema.Page) {
	if w.small == 0 {
		return
	}
	for i := range page.Lines {
		w.dropLineSpecks(&page.Lines[i], page.Width)
	}
	for g := range page.Grids {
		for c := range page.Grids[g].Cells {
			cell := &page.Grids[g].Cells[c]
			for i := range cell.Lines {
				w.dropLineSpecks(&cell.Lines[i], cell.Box.X1)
			}
		}
	}
}

// dropLineSpecks does so in a line that has room up to end.
func (w *work) dropLineSpecks(l *schema.Line, end int) {
	for k := range l.Words {
		word := &l.Words[k]
		text := strings.TrimRight(word.Text, ".,")
		last, _ := utf8.DecodeLastRuneInString(text)
		if len(text) != len(word.Text)-1 || !unicode.IsLetter(last) || strings.ContainsRune(overhanging, last) || word.Box.Empty() {
			continue
		}
		limit := end
		if k+1 < len(l.Words) {
			limit = l.Words[k+1].Box.X0
		}
		base, ok := baseLine(l.Words, k)
		if !ok || !w.sheet.NoStop(word.Box, limit, base, w.small) {
			continue
		}
		word.Repairs = append(word.Repairs, schema.Repair{From: word.Text, To: text, Reason: "no sign in the picture", Score: speckScore})
		word.Text = text
	}
}
