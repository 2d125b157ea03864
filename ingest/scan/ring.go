package scan

import (
	"cmp"
	"image"
	"math"
	"slices"

	"github.com/sohoa/sohoa/schema"
)

// Scans without colour have stamps too. What tells a round stamp from print is
// its ring: the edges of a circle all point to its centre, so that they are
// found by votes along their gradients on a small picture. Where the stamp is
// paler than the print it goes by its tone; where it is as dark, its rings go,
// and the star, which would become rules of a table and join its cells.

// ring is a circle in pixels.
type ring struct{ x, y, r float64 }

// ringDPI is the resolution at which rings are looked for, about.
const ringDPI = 50

// Radii of round stamps in thousandths of an inch: 32 to 42 mm across, with
// what scaling does to them.
const ringFrom, ringTo = 560, 900

// eraseStamps takes the round stamps of a whitened page out of it and returns
// their boxes.
func eraseStamps(g *image.Gray, dpi int) []schema.Mark {
	factor := max(dpi/ringDPI, 1)
	coarse := max(factor/2, 1) // where they are measured: about 100 dpi
	found := ringsIn(shrink(g, factor), dpi/factor)
	if len(found) == 0 {
		return nil
	}
	fine := shrink(g, coarse)
	var marks []schema.Mark
	for _, c := range found {
		k := float64(factor) / float64(coarse)
		c, ok := fitRing(fine, ring{(c.x + 0.5) * k, (c.y + 0.5) * k, c.r * k}, dpi/coarse)
		if !ok {
			continue
		}
		c = ring{(c.x + 0.5) * float64(coarse), (c.y + 0.5) * float64(coarse), c.r * float64(coarse)}
		eraseStamp(g, c, dpi)
		b := schema.Box{X0: int(c.x - c.r), Y0: int(c.y - c.r), X1: int(c.x+c.r) + 1, Y1: int(c.y+c.r) + 1}
		marks = append(marks, schema.Mark{Kind: schema.Stamp, Box: b.Inset(-dpi / 50).Intersect(schema.Box{X1: g.Rect.Dx(), Y1: g.Rect.Dy()})})
	}
	return marks
}

// ringsIn returns the circles that most edges of the picture point to, three at
// most. Their centres and radii are good to some pixels.
func ringsIn(g *image.Gray, dpi int) []ring {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	from, to := dpi*ringFrom/1000, dpi*ringTo/1000
	votes := make([]uint16, w*h)
	const edge = 24 // difference over two pixels
	for y := 1; y+1 < h; y++ {
		above, row, below := g.Pix[(y-1)*g.Stride:][:w], g.Pix[y*g.Stride:][:w], g.Pix[(y+1)*g.Stride:][:w]
		for x := 1; x+1 < w; x++ {
			dx, dy := int(row[x-1])-int(row[x+1]), int(above[x])-int(below[x])
			n := dx*dx + dy*dy
			if n < edge*edge {
				continue
			}
			// Steps of one pixel in 65536ths, into the dark and out of it: a line
			// has two edges.
			k := 65536 / math.Sqrt(float64(n))
			sx, sy := int(float64(dx)*k), int(float64(dy)*k)
			for range 2 {
				cx, cy := x<<16+1<<15+from*sx, y<<16+1<<15+from*sy
				for range to - from + 1 {
					if px, py := uint(cx>>16), uint(cy>>16); px < uint(w) && py < uint(h) {
						votes[int(py)*w+int(px)]++
					}
					cx, cy = cx+sx, cy+sy
				}
				sx, sy = -sx, -sy
			}
		}
	}
	type peak struct{ x, y, n int }
	var peaks []peak
	for y := 1; y+1 < h; y++ {
		for x := 1; x+1 < w; x++ {
			n := 0
			for k := -1; k <= 1; k++ {
				o := (y+k)*w + x
				n += int(votes[o-1]) + int(votes[o]) + int(votes[o+1])
			}
			// A circle has 6 edge pixels a radius on either side of its line; half
			// of them are seen.
			if n >= from*3 {
				peaks = append(peaks, peak{x, y, n})
			}
		}
	}
	slices.SortStableFunc(peaks, func(a, b peak) int { return cmp.Compare(b.n, a.n) })
	var out []ring
	for _, p := range peaks {
		if len(out) == 3 {
			break
		}
		if !slices.ContainsFunc(out, func(o ring) bool { return math.Hypot(o.x-float64(p.x), o.y-float64(p.y)) < float64(from) }) {
			out = append(out, ring{float64(p.x), float64(p.y), float64(from+to) / 2})
		}
	}
	return out
}

// directions are the points of a circle of radius 1 at which is looked.
var directions = func() (out [96][2]float64) {
	for i := range out {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(len(out)))
		out[i] = [2]float64{c, s}
	}
	return out
}()

// around returns of how many of a hundred points of a circle f holds.
func (c ring) around(f func(x, y int) bool) int {
	n := 0
	x, y := c.x+0.5, c.y+0.5 // all within the picture or not far off: cut, not rounded
	for _, d := range directions {
		if f(int(x+c.r*d[0]), int(y+c.r*d[1])) {
			n++
		}
	}
	return n * 100 / len(directions)
}

// fitRing looks near a circle for the one that is drawn best: dark nearly all
// around, with paper beside it for the most part.
func fitRing(g *image.Gray, near ring, dpi int) (ring, bool) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	dark := func(x, y int) bool { return x >= 0 && y >= 0 && x < w && y < h && g.Pix[y*g.Stride+x] < 215 }
	thick := func(x, y int) bool { // or a neighbour: circles are never quite round
		return dark(x, y) || dark(x+1, y) || dark(x-1, y) || dark(x, y+1) || dark(x, y-1)
	}
	best, most := ring{}, 0
	const reach = 5
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			for r := dpi * ringFrom / 1000; r <= dpi*ringTo/1000; r++ {
				c := ring{near.x + float64(dx), near.y + float64(dy), float64(r)}
				if n := c.around(dark); n > most {
					best, most = c, n
				}
			}
		}
	}
	if most < 60 || best.around(thick) < 88 {
		return ring{}, false
	}
	outside := ring{best.x, best.y, best.r + float64(max(dpi*5/100, 4))}
	return best, outside.around(dark) <= 45
}

// eraseStamp takes a stamp out of the picture: by its tone where it is clearly
// paler than the page's print, else the thin lines of its rings and the large
// blots in its middle.
func eraseStamp(g *image.Gray, c ring, dpi int) {
	var tones []int
	for _, dir := range directions {
		least := 255
		for d := -2.0; d <= 2; d++ {
			x, y := int(math.Round(c.x+(c.r+d)*dir[0])), int(math.Round(c.y+(c.r+d)*dir[1]))
			if x >= 0 && y >= 0 && x < g.Rect.Dx() && y < g.Rect.Dy() {
				least = min(least, int(g.Pix[y*g.Stride+x]))
			}
		}
		tones = append(tones, 255-least)
	}
	slices.Sort(tones)
	stamp, print := tones[len(tones)*3/4], fullInk(g)
	if stamp*100 < print*80 {
		fade(g, c, stamp, print, dpi)
		return
	}
	eraseRings(g, c, dpi)
	eraseStar(g, c, dpi)
}

// fullInk returns the darkness of the page's print where its strokes are whole.
func fullInk(g *image.Gray) int {
	var hist [256]int
	all := 0
	for y := 0; y < g.Rect.Dy(); y += 2 {
		for _, p := range g.Pix[y*g.Stride : y*g.Stride+g.Rect.Dx()] {
			if d := 255 - int(p); d >= 60 {
				hist[d]++
				all++
			}
		}
	}
	n := 0
	for d := 255; d > 60; d-- {
		if n += hist[d]; 4*n > all {
			return d
		}
	}
	return 60
}

// fade makes white what is no darker than the stamp, and what is hardly darker
// unless it hangs on to print: its rim, or a thin stroke.
func fade(g *image.Gray, c ring, stamp, print, dpi int) {
	c.r += float64(dpi) / 50
	b := schema.Box{X0: int(c.x - c.r), Y0: int(c.y - c.r), X1: int(c.x+c.r) + 1, Y1: int(c.y+c.r) + 1}.
		Intersect(schema.Box{X1: g.Rect.Dx(), Y1: g.Rect.Dy()})
	gone, whole := stamp+(print-stamp)/8, stamp+(print-stamp)*6/10
	near := threshold(g.Pix[b.Y0*g.Stride+b.X0:], b.Width(), b.Height(), g.Stride, uint8(255-whole))
	near.dilateH(max(dpi/60, 1))
	near.dilateV(max(dpi/60, 1))
	for y := range b.Height() {
		row := g.Pix[(b.Y0+y)*g.Stride+b.X0:]
		for x := range b.Width() {
			if math.Hypot(float64(b.X0+x)-c.x, float64(b.Y0+y)-c.y) > c.r {
				continue
			}
			if d := 255 - int(row[x]); d <= gone || d < whole && !near.get(x, y) {
				row[x] = 255
			}
		}
	}
}

// eraseRings paints white the lines that run along circles around the stamp's
// centre; a stroke that crosses one is thicker there, outwards, and stays.
func eraseRings(g *image.Gray, c ring, dpi int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	dark := func(x, y int) bool { return x >= 0 && y >= 0 && x < w && y < h && g.Pix[y*g.Stride+x] < faintLevel }
	c = moved(c, dark, dpi)
	widest, slack := max(dpi*3/100, 3), max(dpi/80, 1)
	type dot struct{ x, y int }
	var gone []dot
	for r := c.r * 0.5; r <= c.r+float64(slack); r++ {
		if (ring{c.x, c.y, r}).around(dark) < 55 {
			continue
		}
		steps := int(2 * math.Pi * r * 1.5)
		for i := range steps {
			s, k := math.Sincos(2 * math.Pi * float64(i) / float64(steps))
			at := func(d int) (int, int) {
				return int(math.Round(c.x + (r+float64(d))*k)), int(math.Round(c.y + (r+float64(d))*s))
			}
			from := -slack
			for from <= slack && !dark(at(from)) {
				from++
			}
			if from > slack {
				continue
			}
			to := from
			for to-from <= widest && dark(at(to+1)) {
				to++
			}
			for to-from <= widest && dark(at(from-1)) {
				from--
			}
			if to-from+1 > widest {
				continue
			}
			for d := from - 1; d <= to+1; d++ {
				x, y := at(d)
				gone = append(gone, dot{x, y})
			}
		}
	}
	for _, p := range gone {
		if p.x >= 0 && p.y >= 0 && p.x < w && p.y < h {
			g.Pix[p.y*g.Stride+p.x] = 255
		}
	}
}

// moved shifts a circle by pixels to where the most of it is dark.
func moved(c ring, dark func(x, y int) bool, dpi int) ring {
	best, most := c, 0
	reach := max(dpi/60, 2)
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			for dr := -reach; dr <= reach; dr++ {
				k := ring{c.x + float64(dx), c.y + float64(dy), c.r + float64(dr)}
				if n := k.around(dark); n > most {
					best, most = k, n
				}
			}
		}
	}
	return best
}

// eraseStar paints white what in the middle of a stamp is thicker than any stroke
// of print, with a rim.
func eraseStar(g *image.Gray, c ring, dpi int) {
	b := schema.Box{X0: int(c.x - c.r*0.6), Y0: int(c.y - c.r*0.6), X1: int(c.x + c.r*0.6), Y1: int(c.y + c.r*0.6)}.
		Intersect(schema.Box{X1: g.Rect.Dx(), Y1: g.Rect.Dy()})
	if b.Empty() {
		return
	}
	thick := threshold(g.Pix[b.Y0*g.Stride+b.X0:], b.Width(), b.Height(), g.Stride, faintLevel)
	stroke := max(dpi*45/1000, 3)
	thick.openH(stroke)
	turned := thick.transpose()
	turned.openH(stroke)
	thick = turned.transpose()
	thick.dilateH(max(dpi/60, 1))
	thick.dilateV(max(dpi/60, 1))
	for y := range b.Height() {
		bits, row := thick.row(y), g.Pix[(b.Y0+y)*g.Stride+b.X0:]
		for x := nextSet(bits, 0, b.Width()); x < b.Width(); {
			end := nextClear(bits, x, b.Width())
			for ; x < end; x++ {
				row[x] = 255
			}
			x = nextSet(bits, end, b.Width())
		}
	}
}
