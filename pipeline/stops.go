package pipeline

import (
	"context"
	"image"
	"image/color"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

// Engines lose the stop at the end of a cell, or make a comma or a colon of it.
// Whoever fills in a table ends all cells of a column alike: where most of them
// end with a stop, one that does not is looked at once more in the picture.

const (
	stopWords = 4 // words of a text that tells how those of its column end
	stopScore = 0.95
)

// settleStops puts the stops at the ends of cells that the picture shows. It comes
// after all readings.
func (p *Pipeline) settleStops(_ context.Context, w *work) error {
	if w.sheet == nil || w.page.TextSource != schema.FromOCR {
		return nil
	}
	for g := range w.page.Grids {
		grid := &w.page.Grids[g]
		stopped := stoppedColumns(grid)
		var heights letterHeights
		for c := range grid.Cells {
			heights.add(heightsOf(grid.Cells[c].Lines, w.sheet.Gray))
		}
		small, _, ok := heights.size()
		for c := range grid.Cells {
			cell := &grid.Cells[c]
			if ok && cell.Col < len(stopped) && wordCount(cell) > 1 {
				settleStop(cell, w.sheet.Upright, int(small), stopped[cell.Col])
			}
		}
	}
	return nil
}

// custom is how many texts of a column end with a stop, of how many.
type custom struct{ stops, all int }

// usual reports whether a stop that the picture shows is to be believed, and
// strict whether what the engine read as another sign was one.
func (c custom) usual() bool  { return c.stops >= 2 && 2*c.stops >= c.all }
func (c custom) strict() bool { return c.stops >= 4 && 4*c.stops >= 3*c.all }

func stoppedColumns(g *schema.Grid) []custom {
	out := make([]custom, g.Columns)
	for i := range g.Cells {
		c := &g.Cells[i]
		if c.Col >= g.Columns || wordCount(c) < stopWords {
			continue
		}
		out[c.Col].all++
		if strings.HasSuffix(lastWord(c).Text, ".") {
			out[c.Col].stops++
		}
	}
	return out
}

func wordCount(c *schema.GridCell) (n int) {
	for _, l := range c.Lines {
		n += len(l.Words)
	}
	return n
}

// lastWord returns the last word of a cell that has one.
func lastWord(c *schema.GridCell) *schema.Word {
	for i := len(c.Lines) - 1; ; i-- {
		if n := len(c.Lines[i].Words); n > 0 {
			return &c.Lines[i].Words[n-1]
		}
	}
}

// settleStop ends a cell with a stop, if there is one in the picture, where small
// letters are x pixels high.
func settleStop(c *schema.GridCell, page image.Image, x int, column custom) {
	w := lastWord(c)
	text := strings.TrimRight(w.Text, ",:")
	last, _ := utf8.DecodeLastRuneInString(text)
	if !unicode.IsLetter(last) && !unicode.IsDigit(last) {
		return
	}
	if read := text != w.Text; read && !column.strict() || !read && !(column.usual() && stopBehind(c, page, x)) {
		return
	}
	text += "."
	w.Repairs = append(w.Repairs, schema.Repair{From: w.Text, To: text, Reason: "stop in the picture", Score: stopScore})
	w.Text = text
}

// stopBehind reports whether a stop stands behind the last word of a cell. The
// picture is asked as it was scanned, as small stops of thin type go when specks
// are taken out. What counts is a piece of ink at the foot of the line, no larger
// than half of a small letter, with white around it.
func stopBehind(c *schema.GridCell, page image.Image, x int) bool {
	var line []schema.Word
	for _, l := range c.Lines {
		if len(l.Words) > 0 {
			line = l.Words
		}
	}
	w := line[len(line)-1]
	base, ok := baseLine(line, len(line)-1)
	if !ok {
		return false
	}
	foot := int(base)
	area := image.Rect(w.Box.X1+1, foot-x, min(w.Box.X1+1+x, c.Box.X1-x/4), foot+x/3).Intersect(page.Bounds())
	if area.Dx() < x/2 || area.Dy() < x {
		return false
	}
	var paper []float64
	tone := func(px, py int) float64 {
		return float64(color.GrayModel.Convert(page.At(px, py)).(color.Gray).Y)
	}
	for py := area.Min.Y; py < area.Max.Y; py++ {
		for px := area.Min.X; px < area.Max.X; px++ {
			paper = append(paper, tone(px, py))
		}
	}
	white := median(paper)
	ink := image.Rectangle{}
	most := 0.0
	for py := area.Min.Y; py < area.Max.Y; py++ {
		for px := area.Min.X; px < area.Max.X; px++ {
			if dark := white - tone(px, py); dark >= stopInk {
				ink = ink.Union(image.Rect(px, py, px+1, py+1))
				most = max(most, dark)
			}
		}
	}
	return most >= stopPeak && ink.Dx() <= x/2 && ink.Dy() <= x/2 && ink.Max.X < area.Max.X &&
		ink.Max.Y <= foot+x/8+1 && ink.Max.Y >= foot-x/6-1
}

// How much darker than the paper around, of 255, a stop is at its palest and at
// its darkest.
const stopInk, stopPeak = 30, 45
