package pipeline

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// sameShape holds the letters whose capital differs by its size alone.
const sameShape = "csvwxzo"

// caseBorder is the height in per cent of a capital's that parts small letters
// from capitals: in the serif faces of reports a small letter has 66 to 70, with
// a pixel's error at 150 dpi up to 80.
const caseBorder = 83

// settleCase decides the case of letters that stand alone in a cell, such as
// the "x" that marks a column. The engine scales every line to one height and
// cannot tell; their size beside the other print of the page can.
func settleCase(page *schema.Page) {
	capital := capitalHeight(page)
	if capital == 0 {
		return
	}
	for g := range page.Grids {
		for c := range page.Grids[g].Cells {
			lines := page.Grids[g].Cells[c].Lines
			if len(lines) != 1 || len(lines[0].Words) != 1 {
				continue
			}
			w := &lines[0].Words[0]
			r, n := utf8.DecodeRuneInString(w.Text)
			if n != len(w.Text) || !slices.Contains([]rune(sameShape), unicode.ToLower(r)) {
				continue
			}
			to := unicode.ToLower(r)
			if w.Box.Height()*100 > capital*caseBorder {
				to = unicode.ToUpper(r)
			}
			if to != r {
				w.Repairs = append(w.Repairs, schema.Repair{From: w.Text, To: string(to), Reason: "size of the letter", Score: 0.95})
				w.Text = string(to)
			}
		}
	}
}

// capitalHeight returns the median height in pixels of the page's words of
// capitals or digits, 0 where there are fewer than three.
func capitalHeight(page *schema.Page) int {
	var heights []int
	eachLine(page, func(l *schema.Line) {
		for _, w := range l.Words {
			if utf8.RuneCountInString(w.Text) > 1 && w.Confidence > 0.8 && all(w.Text, tall) {
				heights = append(heights, w.Box.Height())
			}
		}
	})
	if len(heights) < 3 {
		return 0
	}
	slices.Sort(heights)
	return heights[len(heights)/2]
}

// tall reports whether a letter reaches from the line to the height of
// capitals, no less and no further.
func tall(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' && r != 'J' && r != 'Q'
}

func all(s string, ok func(rune) bool) bool {
	for _, r := range s {
		if !ok(r) {
			return false
		}
	}
	return s != ""
}
