package scan

import (
	"image"
	"slices"
)

// eraseRules paints the rules white, following each along its course. Where
// print touches a rule from one side, the rule's own pixels go and the
// letter's stay; where a stroke crosses the rule, as the tail of a g does, the
// crossing stays whole.
func eraseRules(g *image.Gray, horizontal, vertical []piece, dpi int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	halo := max(dpi/75, 1)
	type stretch struct {
		x, y, lo, hi int // across: from lo to hi
		vertical     bool
	}
	// Crossing rules must not pass for strokes, so all rules are marked first.
	mask := newBitmap(w, h)
	each := func(p piece, f func(u, lo, hi int)) {
		from := 0
		for _, k := range append(slices.Clone(p.breaks), [2]int{len(p.trace), 0}) {
			for i := from; i < k[0]; i++ {
				lo := int(p.trace[i]) - (p.thick-1)/2
				f(p.u0+i, lo, lo+p.thick)
			}
			from = k[1]
		}
		// The ends fade out over some pixels.
		if n := len(p.trace); n > 0 {
			for i := 1; i <= halo+1; i++ {
				lo := int(p.trace[0]) - (p.thick-1)/2
				f(p.u0-i, lo, lo+p.thick)
				lo = int(p.trace[n-1]) - (p.thick-1)/2
				f(p.u1-1+i, lo, lo+p.thick)
			}
		}
	}
	for _, p := range horizontal {
		each(p, func(x, lo, hi int) {
			if x < 0 || x >= w {
				return
			}
			for y := max(lo-halo, 0); y < min(hi+halo, h); y++ {
				mask.set(x, y)
			}
		})
	}
	for _, p := range vertical {
		each(p, func(y, lo, hi int) {
			if y >= 0 && y < h {
				fillRow(mask.row(y), max(lo-halo, 0), min(hi+halo, w))
			}
		})
	}
	const dark = 150
	stroke := func(x, y int) bool {
		return x >= 0 && y >= 0 && x < w && y < h && g.Pix[y*g.Stride+x] < dark && !mask.get(x, y)
	}
	// Decide on the untouched picture, then paint, so that one rule's removal
	// does not change what another sees.
	var paint []stretch
	for _, p := range horizontal {
		each(p, func(x, lo, hi int) {
			above, below := stroke(x, lo-halo-1), stroke(x, hi+halo)
			if above && below {
				return
			}
			if !above {
				lo -= halo
			}
			if !below {
				hi += halo
			}
			paint = append(paint, stretch{x: x, lo: lo, hi: hi, vertical: true})
		})
	}
	for _, p := range vertical {
		each(p, func(y, lo, hi int) {
			left, right := stroke(lo-halo-1, y), stroke(hi+halo, y)
			if left && right {
				return
			}
			if !left {
				lo -= halo
			}
			if !right {
				hi += halo
			}
			paint = append(paint, stretch{y: y, lo: lo, hi: hi})
		})
	}
	for _, p := range paint {
		if p.vertical {
			if p.x >= 0 && p.x < w {
				for y := max(p.lo, 0); y < min(p.hi, h); y++ {
					g.Pix[y*g.Stride+p.x] = 255
				}
			}
			continue
		}
		if p.y >= 0 && p.y < h {
			for x := max(p.lo, 0); x < min(p.hi, w); x++ {
				g.Pix[p.y*g.Stride+x] = 255
			}
		}
	}
}

// fillRow sets the bits [x0, x1) of a row.
func fillRow(row []uint64, x0, x1 int) {
	if x0 >= x1 {
		return
	}
	i, j := x0>>6, (x1-1)>>6
	first := ^uint64(0) << (uint(x0) & 63)
	last := ^uint64(0) >> (63 - uint(x1-1)&63)
	if i == j {
		row[i] |= first & last
		return
	}
	row[i] |= first
	for k := i + 1; k < j; k++ {
		row[k] = ^uint64(0)
	}
	row[j] |= last
}

// eraseSpecks paints white what is too small and too far from print to be part
// of it: dust, and the dots that a worn drum leaves. Full stops, dots and
// tones stand close to a letter and stay.
func eraseSpecks(g *image.Gray, pieces []blob, dpi int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	tiny := dpi * 3 / 100 // taller or wider pieces are print
	cell := max(dpi/5, 8)
	cw := w/cell + 1
	solid := make([]bool, cw*(h/cell+1))
	var specks []blob
	for _, p := range pieces {
		if p.x1-p.x0 <= tiny && p.y1-p.y0 <= tiny {
			specks = append(specks, p)
			continue
		}
		for cy := p.y0 / cell; cy <= (p.y1-1)/cell; cy++ {
			for cx := p.x0 / cell; cx <= (p.x1-1)/cell; cx++ {
				solid[cy*cw+cx] = true
			}
		}
	}
	for _, p := range specks {
		near := false
		dust := p.area*40000 <= 5*dpi*dpi // at most five pixels at 200 dpi
		reach := cell
		if dust {
			reach = cell / 3
		}
		for cy := max(p.y0-reach, 0) / cell; cy <= min(p.y1+reach, h-1)/cell && !near; cy++ {
			for cx := max(p.x0-reach, 0) / cell; cx <= min(p.x1+reach, w-1)/cell; cx++ {
				if solid[cy*cw+cx] {
					near = true
					break
				}
			}
		}
		if near {
			continue
		}
		for y := max(p.y0-1, 0); y < min(p.y1+1, h); y++ {
			for x := max(p.x0-1, 0); x < min(p.x1+1, w); x++ {
				g.Pix[y*g.Stride+x] = 255
			}
		}
	}
}
