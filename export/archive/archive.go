// Package archive writes what was read of a document in the forms in which
// archives keep it: a searchable PDF ([WritePDF]), hOCR ([WriteHOCR]) and ALTO
// ([WriteALTO]).
//
// All three hold the repaired words of every page where they stand, which the
// document of package schema does not: its fields have boxes, its words are
// counted out in the page results. So the writers take these too, as [Pages],
// one at a time: a volume of five hundred pages needs no more memory than one
// page. The same input gives the same bytes.
package archive

import (
	"cmp"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// Pages are the results of a document's pages with all their layers, in the
// order of the pages. A writer stops at the first error and returns it.
type Pages = iter.Seq2[schema.Page, error]

// ErrText reports a document that was read from a text file: it has no pages
// with places on them, and nothing to lay words over.
var ErrText = errors.New("a text file has no page pictures")

// mediaText is the media type of text files.
const mediaText = "text/plain"

// block is a part of a page in reading order: a table, or lines of running
// text between two of them.
type block struct {
	grid  *schema.Grid
	lines []schema.Line
}

// blocks gives the parts of a page in reading order, which is that of
// [schema.PageInfo.Text]: a table stands before the first line that begins
// below its upper edge.
func blocks(p *schema.Page) []block {
	var out []block
	next := 0
	for _, l := range p.Lines {
		for next < len(p.Grids) && p.Grids[next].Box.Y0 <= l.Box.Y0 && !l.Box.Empty() {
			out = append(out, block{grid: &p.Grids[next]})
			next++
		}
		if len(out) == 0 || out[len(out)-1].grid != nil {
			out = append(out, block{})
		}
		last := &out[len(out)-1]
		last.lines = append(last.lines, l)
	}
	for ; next < len(p.Grids); next++ {
		out = append(out, block{grid: &p.Grids[next]})
	}
	return out
}

// rows gives the cells of a table by rows; a cell over several rows stands in
// its first.
func rows(g *schema.Grid) [][]schema.GridCell {
	cells := slices.Clone(g.Cells)
	slices.SortStableFunc(cells, func(a, b schema.GridCell) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col))
	})
	var out [][]schema.GridCell
	for i, c := range cells {
		if i == 0 || c.Row != cells[i-1].Row {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], c)
	}
	return out
}

// paragraphs cuts lines of running text where the white between two of them is
// wider than half a line, where the next one stands higher (another column),
// and where their role changes.
func paragraphs(lines []schema.Line) [][]schema.Line {
	var out [][]schema.Line
	for i, l := range lines {
		if i > 0 {
			last := lines[i-1]
			gap := l.Box.Y0 - last.Box.Y1
			if l.Role == last.Role && 2*gap <= min(l.Box.Height(), last.Box.Height()) && l.Box.CenterY() > last.Box.CenterY() {
				out[len(out)-1] = append(out[len(out)-1], l)
				continue
			}
		}
		out = append(out, []schema.Line{l})
	}
	return out
}

// words gives the words of a line that say something, each with a place: a
// word without one of its own gets that of its line.
func words(l schema.Line) []schema.Word {
	var out []schema.Word
	for _, w := range l.Words {
		if w.Text = strings.TrimSpace(w.Text); w.Text == "" {
			continue
		}
		if w.Box.Empty() {
			w.Box = l.Box
		}
		out = append(out, w)
	}
	return out
}

// spoken keeps the lines that have words.
func spoken(lines []schema.Line) []schema.Line {
	var out []schema.Line
	for _, l := range lines {
		if l.Words = words(l); len(l.Words) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// around returns the box around all lines.
func around(lines []schema.Line) schema.Box {
	var b schema.Box
	for _, l := range lines {
		b = b.Union(lineBox(l))
	}
	return b
}

// lineBox is the box of a line, or that of its words where it has none.
func lineBox(l schema.Line) schema.Box {
	b := l.Box
	if b.Empty() {
		for _, w := range l.Words {
			b = b.Union(w.Box)
		}
	}
	return b
}
