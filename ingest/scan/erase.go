package scan

import (
	"image"

	"github.com/sohoa/sohoa/schema"
)

// eraseRules paints the rules white. Where print touches a rule from one side,
// the rule's own pixels go and the letter's stay; where a stroke crosses the
// rule, as the tail of a g does, the crossing stays whole.
func eraseRules(g *image.Gray, rules []schema.Rule, dpi int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	halo := max(dpi/100, 1)
	// Crossing rules must not pass for strokes, so all rules are marked first.
	mask := newBitmap(w, h)
	for _, r := range rules {
		b := r.Box.Inset(-halo).Intersect(schema.Box{X1: w, Y1: h})
		for y := b.Y0; y < b.Y1; y++ {
			fillRow(mask.row(y), b.X0, b.X1)
		}
	}
	const dark = 150
	stroke := func(x, y int) bool {
		return x >= 0 && y >= 0 && x < w && y < h && g.Pix[y*g.Stride+x] < dark && !mask.get(x, y)
	}
	// Decide on the untouched picture, then paint, so that one rule's removal
	// does not change what another sees.
	var paint []schema.Box
	for _, r := range rules {
		b := r.Box
		if r.Vertical {
			for y := b.Y0 - halo; y < b.Y1+halo; y++ {
				left := stroke(b.X0-halo-1, y)
				right := stroke(b.X1+halo, y)
				if left && right {
					continue
				}
				p := schema.Box{X0: b.X0 - halo, Y0: y, X1: b.X1 + halo, Y1: y + 1}
				if left {
					p.X0 = b.X0
				}
				if right {
					p.X1 = b.X1
				}
				paint = append(paint, p)
			}
			continue
		}
		for x := b.X0 - halo; x < b.X1+halo; x++ {
			above := stroke(x, b.Y0-halo-1)
			below := stroke(x, b.Y1+halo)
			if above && below {
				continue
			}
			p := schema.Box{X0: x, Y0: b.Y0 - halo, X1: x + 1, Y1: b.Y1 + halo}
			if above {
				p.Y0 = b.Y0
			}
			if below {
				p.Y1 = b.Y1
			}
			paint = append(paint, p)
		}
	}
	for _, p := range paint {
		p = p.Intersect(schema.Box{X1: w, Y1: h})
		for y := p.Y0; y < p.Y1; y++ {
			row := g.Pix[y*g.Stride+p.X0 : y*g.Stride+p.X1]
			for i := range row {
				row[i] = 255
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
