package pipeline

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/schema"
)

// Sizes in points below which ink is no print: the x-height of 9 pt type, the
// smallest that reports are set in, is 4 pt, and its hyphen 2 pt wide.
const (
	letterPoints = 3.6
	dashPoints   = 1.9
)

// sweep takes the words that the engine made of specks out of the lines and
// keeps them as the page's noise. On specked bilevel scans they are most of
// what is wrong in the cells.
func sweep(page *schema.Page) {
	clean := func(lines []schema.Line) []schema.Line {
		kept := lines[:0]
		for _, l := range lines {
			words := l.Words[:0]
			for _, w := range l.Words {
				if speck(w, page.DPI) {
					page.Noise = append(page.Noise, w)
				} else {
					words = append(words, w)
				}
			}
			if l.Words = words; len(words) > 0 {
				kept = append(kept, l)
			}
		}
		return kept
	}
	page.Lines = clean(page.Lines)
	kept := page.Lines[:0]
	for _, l := range page.Lines {
		if illegible(l) {
			page.Noise = append(page.Noise, l.Words...)
		} else {
			kept = append(kept, l)
		}
	}
	page.Lines = kept
	for g := range page.Grids {
		for c := range page.Grids[g].Cells {
			cell := &page.Grids[g].Cells[c]
			cell.Lines = clean(cell.Lines)
		}
	}
}

// illegibleBelow is the mean confidence under which a line of running text is
// no text. What shows through from the back of the sheet, and signatures, read
// at 0 to 0.26; the worst printed lines, with a number written in by hand, at
// 0.37.
const illegibleBelow = 0.3

// numbered matches the printed end of a document's number, "-UBND". The number
// before it is often written in by hand and spoils the line's confidence; people
// shall see it, unsure as it is.
var numbered = regexp.MustCompile(`-\p{Lu}{3,}`)

// illegible reports whether the engine itself made nothing of a line.
func illegible(l schema.Line) bool {
	sum := 0.0
	for _, w := range l.Words {
		if numbered.MatchString(w.Raw) {
			return false
		}
		sum += w.Confidence
	}
	return len(l.Words) > 0 && sum < illegibleBelow*float64(len(l.Words))
}

// speck reports whether a word is too small, or too thin, for what it is said
// to be.
func speck(w schema.Word, dpi int) bool {
	if dpi == 0 || w.Box.Empty() {
		return false
	}
	points := func(pixels int) float64 { return float64(pixels) * 72 / float64(dpi) }
	width, height := points(w.Box.Width()), points(w.Box.Height())
	symbols := strings.IndexFunc(w.Raw, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0
	switch {
	case symbols && strings.Trim(w.Raw, "-–—_") == "":
		// A dash is wider than it is high; a speck is round.
		return width < dashPoints || 4*w.Box.Width() < 5*w.Box.Height()
	case symbols && strings.Trim(w.Raw, "|!¡") == "":
		// What is left of a ruling line.
		return 3*w.Box.Width() < w.Box.Height() || max(width, height) < letterPoints
	case symbols && strings.Trim(w.Raw, ".…") == "" && len([]rune(w.Raw)) > 2:
		return false // leaders and places left to be filled in are low and wide
	}
	return max(width, height) < letterPoints
}

// dropStrayCommas takes a comma off the end of table cells that were read from
// pictures. No cell ends with one; what looks like it is dirt at the rule, or
// the remains of the rule itself. Only whole cells are looked at, after rows
// were joined: a fragment may well end with a comma.
func dropStrayCommas(tables []schema.Table, pages []schema.Page) {
	for t := range tables {
		for _, row := range tables[t].Rows {
			for c := range row {
				cell := &row[c]
				bare, ends := strings.CutSuffix(cell.Text, ",")
				if !ends || bare == "" || len(cell.Lines) == 0 {
					continue
				}
				last := &cell.Lines[len(cell.Lines)-1]
				if pages[last.Page-1].TextSource != schema.FromOCR || len(last.Words) == 0 {
					continue
				}
				// The words belong to the page as well: change a copy.
				last.Words = slices.Clone(last.Words)
				w := &last.Words[len(last.Words)-1]
				text, ok := strings.CutSuffix(w.Text, ",")
				if !ok {
					continue
				}
				w.Repairs = append(slices.Clip(w.Repairs), schema.Repair{From: w.Text, To: text, Reason: "comma at the end of a cell", Score: 0.9})
				w.Text, cell.Text = text, strings.TrimRight(bare, " ")
			}
		}
	}
}
