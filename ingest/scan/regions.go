package scan

import (
	"cmp"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// TextRegions returns the parts of the page that hold print outside the grids,
// in reading order and each readable as one block of lines: the columns of the
// letterhead and of the signature block apart, left before right, everything
// that runs over the page's width together.
func (s *Sheet) TextRegions(grids []schema.Grid) []schema.Box {
	w, h := s.bits.w, s.bits.h
	letters, small := s.printBoxes(grids)
	if len(letters) == 0 {
		return nil
	}
	// Bands between grids are read on their own, so that running text keeps
	// its place before, between and after the tables.
	fences := []int{0}
	for _, g := range grids {
		fences = append(fences, (g.Box.Y0+g.Box.Y1)/2)
	}
	fences = append(fences, h)
	slices.Sort(fences)
	var out []schema.Box
	for i := range len(fences) - 1 {
		between := func(boxes []schema.Box) []schema.Box {
			var part []schema.Box
			for _, b := range boxes {
				if c := b.CenterY(); c >= fences[i] && c < fences[i+1] {
					part = append(part, b)
				}
			}
			return part
		}
		out = append(out, s.columns(s.bands(between(letters), between(small)))...)
	}
	pad := max(s.DPI/40, 2)
	page := schema.Box{X1: w, Y1: h}
	for i, b := range out {
		out[i] = b.Inset(-pad).Intersect(page)
		for _, g := range grids {
			out[i] = clip(out[i], g.Box)
		}
	}
	return out
}

// Print returns the boxes of the letters outside the grids, without marks,
// stops and dust: where print stands and, more to the point, where none does.
func (s *Sheet) Print(grids []schema.Grid) []schema.Box {
	letters, _ := s.printBoxes(grids)
	return letters
}

// clip moves the nearest side of b so that it no longer reaches into a grid
// that lies above or below it.
func clip(b, grid schema.Box) schema.Box {
	if b.Intersect(grid).Empty() {
		return b
	}
	if b.CenterY() < grid.CenterY() && b.Y0 < grid.Y0 {
		b.Y1 = min(b.Y1, grid.Y0)
	} else if b.Y1 > grid.Y1 {
		b.Y0 = max(b.Y0, grid.Y1)
	}
	return b
}

// printBoxes returns the pieces of ink outside the grids that look like print:
// letters, and the marks and stops that stand by one.
func (s *Sheet) printBoxes(grids []schema.Grid) (letters, small []schema.Box) {
	rest := s.bits.clone()
	edge := max(s.DPI/50, 2)
	for _, g := range grids {
		b := g.Box.Inset(-edge).Intersect(schema.Box{X1: rest.w, Y1: rest.h})
		for y := b.Y0; y < b.Y1; y++ {
			clearRow(rest.row(y), b.X0, b.X1)
		}
	}
	dpi := s.DPI
	// Letters first. Marks and stops are print where they stand by a letter;
	// alone they are dust, which would bridge or fake the gaps between columns.
	low, near := dpi*58/1000, max(dpi*8/100, 4)
	cw, ch := rest.w/near+1, rest.h/near+1
	print := make([]bool, cw*ch)
	var bits []schema.Box
	for _, p := range rest.blobs() {
		w, h := p.x1-p.x0, p.y1-p.y0
		b := schema.Box{X0: p.x0, Y0: p.y0, X1: p.x1, Y1: p.y1}
		switch {
		case p.area*20000 < dpi*dpi: // dust
		case h > dpi || w > 4*dpi: // frames, photographs, shadows
		case h > dpi*3/10 && w*6 < h, w > dpi*6/10 && h*20 < w: // lines
		case p.x0 <= 1 || p.y0 <= 1 || p.x1 >= rest.w-1 || p.y1 >= rest.h-1:
			// cut by the picture's edge: shadows
		case min(w, h) < dpi/25 && (p.y0 < dpi/5 || p.y1 > rest.h-dpi/5 || p.x0 < dpi/5 || p.x1 > rest.w-dpi/5):
			// shreds of a shadow, in the margin where nothing is printed
		case h < low && w < 2*low:
			bits = append(bits, b)
		default:
			letters = append(letters, b)
			for cy := p.y0 / near; cy <= (p.y1-1)/near; cy++ {
				for cx := p.x0 / near; cx <= (p.x1-1)/near; cx++ {
					print[cy*cw+cx] = true
				}
			}
		}
	}
	for _, b := range bits {
		cx, cy := b.CenterX()/near, b.CenterY()/near
	search:
		for y := max(cy-1, 0); y <= min(cy+1, ch-1); y++ {
			for x := max(cx-1, 0); x <= min(cx+1, cw-1); x++ {
				if print[y*cw+x] {
					small = append(small, b)
					break search
				}
			}
		}
	}
	return letters, small
}

// band is a stretch of rows with print, between two white rows.
type band struct {
	box  schema.Box
	gaps [][2]int // wide white columns inside
	ink  []schema.Box
}

// columns cuts the print of one stretch of the page into regions.
func (s *Sheet) columns(bands []band) []schema.Box {
	middle := middleOf(bands)
	var out []schema.Box
	for i := 0; i < len(bands); {
		// The longest run of bands that share a white column.
		best, gap := 0, [2]int{}
		for _, g := range bands[i].gaps {
			n, common := s.shared(bands[i:], g, middle)
			if n > best {
				best, gap = n, common
			}
		}
		if best > 0 {
			var left, right schema.Box
			nl, nr := 0, 0
			for _, b := range bands[i : i+best] {
				for _, p := range b.ink {
					if p.CenterX() < (gap[0]+gap[1])/2 {
						left = left.Union(p)
						nl++
					} else {
						right = right.Union(p)
						nr++
					}
				}
			}
			// A few pieces beside a column of text are dirt in the margin.
			if nl*20 >= nr || nl > 6 {
				out = append(out, left)
			}
			if nr*20 >= nl || nr > 6 {
				out = append(out, right)
			}
			i += best
			continue
		}
		// Full-width bands up to the next two-column zone.
		var whole schema.Box
		for ; i < len(bands); i++ {
			split := false
			for _, g := range bands[i].gaps {
				if n, _ := s.shared(bands[i:], g, middle); n > 0 {
					split = true
				}
			}
			if split && !whole.Empty() {
				break
			}
			whole = whole.Union(bands[i].box)
		}
		out = append(out, whole)
	}
	return out
}

// shared returns how many bands from the first on leave the column gap white,
// and what remains of it; 0 when that makes no two columns. middle is where the
// page's print has its middle.
func (s *Sheet) shared(bands []band, gap [2]int, middle int) (int, [2]int) {
	least := s.DPI * 2 / 10
	n, both := 0, 0
	last := bands[0].box.Y1
	kept := gap
	var left, right schema.Box
	for _, b := range bands {
		if b.box.Y0-last > s.DPI {
			break
		}
		g := kept
		// A band on one side alone narrows nothing more than it covers.
		for _, p := range b.ink {
			mid := (g[0] + g[1]) / 2
			if p.X1 <= mid {
				g[0] = max(g[0], p.X1)
			} else if p.X0 >= mid {
				g[1] = min(g[1], p.X0)
			} else {
				g[1] = g[0]
			}
		}
		if g[1]-g[0] < least {
			break
		}
		// A title in the middle of the page may happen to miss the gap. It is
		// told from a line of a column by what it is centred on.
		c := b.box.CenterX()
		switch {
		case b.box.X0 < g[0] && b.box.X1 > g[1]:
		case c < g[0] && centred(c, middle, left), c > g[1] && centred(c, middle, right):
			g[1] = g[0]
		}
		if g[1]-g[0] < least {
			break
		}
		for _, p := range b.ink {
			if p.CenterX() < g[0] {
				left = left.Union(p)
			} else {
				right = right.Union(p)
			}
		}
		kept = g
		n++
		last = b.box.Y1
		if l, r := b.sides(g); l >= 2 && r >= 2 {
			both++
		}
	}
	// One band alone must be parted widely: a heading number and its text, or
	// a stretched line of justified words, are no columns.
	if both >= 2 || both == 1 && kept[1]-kept[0] > s.DPI*6/10 {
		return n, kept
	}
	return 0, gap
}

// sides counts the pieces left and right of a gap.
func (b band) sides(gap [2]int) (left, right int) {
	for _, p := range b.ink {
		if p.CenterX() < gap[0] {
			left++
		} else if p.CenterX() > gap[1] {
			right++
		}
	}
	return left, right
}

// middleOf returns the middle of the type area: the median over the widest
// lines, which dirt in a margin or a short column does not move.
func middleOf(bands []band) int {
	widest := 0
	for _, b := range bands {
		widest = max(widest, b.box.Width())
	}
	var mids []int
	for _, b := range bands {
		if b.box.Width()*10 >= widest*7 {
			mids = append(mids, b.box.CenterX())
		}
	}
	if len(mids) == 0 {
		return 0
	}
	slices.Sort(mids)
	return mids[len(mids)/2]
}

// centred reports whether the middle c of a line belongs to the page rather
// than to the column.
func centred(c, page int, column schema.Box) bool {
	return column.Empty() || 2*abs(c-page) < abs(c-column.CenterX())
}

// bands groups letters by rows and gives each small piece to the nearest row.
func (s *Sheet) bands(letters, small []schema.Box) []band {
	slices.SortFunc(letters, func(a, b schema.Box) int {
		return cmp.Or(cmp.Compare(a.Y0, b.Y0), cmp.Compare(a.X0, b.X0))
	})
	var out []band
	for _, p := range letters {
		if k := len(out) - 1; k >= 0 && p.Y0 < out[k].box.Y1 {
			out[k].box = out[k].box.Union(p)
			out[k].ink = append(out[k].ink, p)
			continue
		}
		out = append(out, band{box: p, ink: []schema.Box{p}})
	}
	if len(out) == 0 {
		return nil
	}
	// The rows' own extents decide, so that one mark does not pull the next.
	rows := make([]schema.Box, len(out))
	for i, b := range out {
		rows[i] = b.box
	}
	for _, p := range small {
		best, bestD := 0, -1
		for i, r := range rows {
			if d := max(r.Y0-p.CenterY(), p.CenterY()-r.Y1, 0); bestD < 0 || d < bestD {
				best, bestD = i, d
			}
		}
		out[best].box = out[best].box.Union(p)
		out[best].ink = append(out[best].ink, p)
	}
	for i := range out {
		b := &out[i]
		slices.SortFunc(b.ink, func(a, c schema.Box) int { return a.X0 - c.X0 })
		right := b.ink[0].X1
		for _, p := range b.ink[1:] {
			if p.X0-right >= s.DPI*3/10 {
				b.gaps = append(b.gaps, [2]int{right, p.X0})
			}
			right = max(right, p.X1)
		}
	}
	return out
}

// clearRow clears the bits [x0, x1) of a row.
func clearRow(row []uint64, x0, x1 int) {
	if x0 >= x1 {
		return
	}
	i, j := x0>>6, (x1-1)>>6
	first := ^uint64(0) << (uint(x0) & 63)
	last := ^uint64(0) >> (63 - uint(x1-1)&63)
	if i == j {
		row[i] &^= first & last
		return
	}
	row[i] &^= first
	for k := i + 1; k < j; k++ {
		row[k] = 0
	}
	row[j] &^= last
}
