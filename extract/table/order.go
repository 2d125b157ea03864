package table

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// ReadingOrder sorts the running text of a page of height pixels and
// gives page numbers and footnotes their role. Text that stands side by side
// (the letterhead, the signature block) is read column by column; everything
// else from the top down. Lines without a box keep their order.
func ReadingOrder(lines []schema.Line, height, dpi int) []schema.Line {
	for _, l := range lines {
		if l.Box.Empty() {
			return lines
		}
	}
	out := make([]schema.Line, 0, len(lines))
	for _, band := range rowBands(split(lines, dpi)) {
		out = append(out, band...)
	}
	Roles(out, height)
	return out
}

// split parts lines at wide gaps: text layers and whole-page OCR run the two
// columns of a letterhead together.
func split(lines []schema.Line, dpi int) []schema.Line {
	gap := max(dpi*45/100, 1)
	var out []schema.Line
	for _, l := range lines {
		cur := schema.Line{Number: l.Number, Role: l.Role}
		for _, w := range l.Words {
			if len(cur.Words) > 0 && w.Box.X0-cur.Box.X1 > gap {
				out = append(out, cur)
				cur = schema.Line{Number: l.Number, Role: l.Role}
			}
			cur.Words = append(cur.Words, w)
			cur.Box = cur.Box.Union(w.Box)
		}
		if len(cur.Words) > 0 {
			out = append(out, cur)
		} else if len(l.Words) == 0 {
			out = append(out, l)
		}
	}
	return out
}

// rowBands groups lines that overlap in height, then joins neighbouring bands
// that share a white column into one zone of two columns.
func rowBands(lines []schema.Line) [][]schema.Line {
	slices.SortStableFunc(lines, func(a, b schema.Line) int {
		return cmp.Or(cmp.Compare(a.Box.CenterY(), b.Box.CenterY()), cmp.Compare(a.Box.X0, b.Box.X0))
	})
	var bands [][]schema.Line
	end := -1
	for _, l := range lines {
		// A quarter of the line's height of slack: marks reach into the line
		// above.
		if l.Box.Y0+l.Box.Height()/4 < end && len(bands) > 0 {
			bands[len(bands)-1] = append(bands[len(bands)-1], l)
		} else {
			bands = append(bands, []schema.Line{l})
		}
		end = max(end, l.Box.Y1-l.Box.Height()/4)
	}
	var out [][]schema.Line
	for i := 0; i < len(bands); {
		n, mid := zone(bands[i:])
		if n == 0 {
			b := bands[i]
			slices.SortStableFunc(b, func(a, c schema.Line) int {
				if sameLine(a.Box, c.Box) {
					return cmp.Compare(a.Box.X0, c.Box.X0)
				}
				return cmp.Compare(a.Box.CenterY(), c.Box.CenterY())
			})
			out = append(out, b)
			i++
			continue
		}
		var left, right []schema.Line
		for _, b := range bands[i : i+n] {
			for _, l := range b {
				if l.Box.CenterX() < mid {
					left = append(left, l)
				} else {
					right = append(right, l)
				}
			}
		}
		out = append(out, topDown(left), topDown(right))
		i += n
	}
	return out
}

// zone returns how many bands from the first on form two columns, and where
// they part.
func zone(bands [][]schema.Line) (n, mid int) {
	first := bands[0]
	if len(first) < 2 {
		return 0, 0
	}
	xs := slices.Clone(first)
	slices.SortStableFunc(xs, func(a, b schema.Line) int { return cmp.Compare(a.Box.X0, b.Box.X0) })
	g0, g1 := 0, 0
	right := xs[0].Box.X1
	for _, l := range xs[1:] {
		if l.Box.X0-right > g1-g0 {
			g0, g1 = right, l.Box.X0
		}
		right = max(right, l.Box.X1)
	}
	if g1 <= g0 {
		return 0, 0
	}
	both := 0
	last := first[0].Box
	for _, b := range bands {
		a0, a1 := g0, g1
		l, r := false, false
		for _, x := range b {
			switch m := (a0 + a1) / 2; {
			case x.Box.X1 <= m:
				a0 = max(a0, x.Box.X1)
				l = true
			case x.Box.X0 >= m:
				a1 = min(a1, x.Box.X0)
				r = true
			default:
				a1 = a0
			}
		}
		if a1-a0 < 4 || b[0].Box.Y0-last.Y1 > 4*last.Height() {
			break
		}
		g0, g1 = a0, a1
		last = b[0].Box
		n++
		if l && r {
			both++
		}
	}
	if both == 0 {
		return 0, 0
	}
	return n, (g0 + g1) / 2
}

var pageNumber = regexp.MustCompile(`^[-–—\s|.]*(trang\s*)?[0-9]{1,4}(\s*/\s*[0-9]{1,4})?[-–—\s|.]*$`)

// footMark is how a footnote begins: its number, without the point or bracket
// of a numbered paragraph.
var footMark = regexp.MustCompile(`^[0-9]{1,2}\s+\p{L}|^[*]+\s*\p{L}`)

// Roles marks the page number and the footnotes among the running text of a
// page of height pixels. The lines stay in their order, which reading by
// regions has set already.
func Roles(lines []schema.Line, height int) {
	if len(lines) == 0 || height <= 0 {
		return
	}
	top, bottom := lines[0].Box, lines[0].Box
	var heights []int
	for _, l := range lines {
		if l.Box.Y0 < top.Y0 {
			top = l.Box
		}
		if l.Box.Y1 > bottom.Y1 {
			bottom = l.Box
		}
		heights = append(heights, l.Box.Height())
	}
	for i, l := range lines {
		if l.Box != top && l.Box != bottom || l.Box.Y0 > height/8 && l.Box.Y1 < height*7/8 {
			continue
		}
		t := strings.ToLower(strings.TrimSpace(schema.TextOf(lines[i:i+1], " ")))
		if pageNumber.MatchString(t) {
			lines[i].Role = schema.PageNumber
		}
	}
	slices.Sort(heights)
	usual := heights[len(heights)/2]
	// Footnotes: from the foot up, the last lines in smaller print whose first
	// one begins with a mark.
	start := -1
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		if l.Role == schema.PageNumber {
			continue
		}
		if l.Box.Y0 < height/2 || l.Box.Height()*100 > usual*93 {
			break
		}
		if footMark.MatchString(schema.TextOf(lines[i:i+1], " ")) {
			start = i
		}
	}
	if start >= 0 {
		for i := start; i < len(lines); i++ {
			if lines[i].Role == schema.Body {
				lines[i].Role = schema.Footnote
			}
		}
	}
}
