package scan

import (
	"cmp"
	"image"
	"math"
	"slices"
)

// shrink returns the picture at about 100 dpi: each pixel is the mean of a
// square of factor pixels.
func shrink(g *image.Gray, factor int) *image.Gray {
	if factor <= 1 {
		return g
	}
	w, h := g.Rect.Dx()/factor, g.Rect.Dy()/factor
	out := image.NewGray(image.Rect(0, 0, w, h))
	sum := make([]uint32, w)
	div := uint32(factor * factor)
	for y := range h {
		clear(sum)
		for k := range factor {
			row := g.Pix[(y*factor+k)*g.Stride:]
			switch factor {
			case 2:
				for x := range sum {
					sum[x] += uint32(row[2*x]) + uint32(row[2*x+1])
				}
			default:
				for x := range sum {
					for _, v := range row[x*factor : x*factor+factor] {
						sum[x] += uint32(v)
					}
				}
			}
		}
		dst := out.Pix[y*w : y*w+w]
		for x, s := range sum {
			dst[x] = uint8(s / div)
		}
	}
	return out
}

// sideways reports how much more the print of a page of 67 to 149 dpi runs from
// top to bottom than from left to right: above 1 the page lies on its side.
//
// Swollen by a pixel, above 115 dpi by two, the letters of a word grow together while lines stay
// apart, so that most pieces of print are longer along the line than across
// it. Rules and the grids that they form are too thin or too large to vote.
func sideways(b *bitmap, dpi int) float64 {
	b = b.clone()
	swell := 1
	if dpi > 115 {
		swell = 2
	}
	b.dilateH(swell)
	b.dilateV(swell)
	across, down := 0, 0
	for _, p := range b.blobs() {
		w, h := p.x1-p.x0, p.y1-p.y0
		if short := min(w, h); short < 7 || short > 40 || p.area*4 < w*h {
			continue
		}
		switch {
		case w*10 > h*15:
			across += w
		case h*10 > w*15:
			down += h
		}
	}
	return float64(down) / float64(max(across, 1))
}

// headUp judges from the shapes of letters whether a straight page stands on
// its feet: above 0 upright, below 0 upside down. sure is how far from chance
// the votes are, in standard deviations.
//
// Two statistics vote. Marks: Vietnamese print has many small pieces above its
// letters (tones, circumflexes, dots of i) and few below (the dot of nặng,
// commas). Edges: the letters of a line share their lower edge, the baseline,
// far more often than their upper one.
func headUp(pieces []blob, dpi int) (score, sure float64) {
	// Letters: pieces of the usual height of print.
	minH, maxH := dpi*5/100, dpi*30/100
	var letters, small []blob
	for _, p := range pieces {
		w, h := p.x1-p.x0, p.y1-p.y0
		switch {
		case h >= minH && h <= maxH && w <= dpi*6/10 && w*4 >= h && p.area*6 >= w*h:
			letters = append(letters, p)
		case h < minH && w < dpi*12/100 && p.area*20000 >= dpi*dpi:
			small = append(small, p)
		}
	}
	if len(letters) < 12 {
		return 0, 0
	}
	byY := func(a, b blob) int { return cmp.Or(cmp.Compare(a.y0, b.y0), cmp.Compare(a.x0, b.x0)) }
	slices.SortFunc(letters, byY)

	// Marks: the nearest letter right above or below decides.
	above, below := 0, 0
	reach := dpi * 6 / 100
	for _, m := range small {
		mid := (m.x0 + m.x1) / 2
		up, down := reach+1, reach+1 // distances to the letter over and under the mark
		i, _ := slices.BinarySearchFunc(letters, m.y0-maxH-reach, func(l blob, y int) int { return cmp.Compare(l.y0, y) })
		for ; i < len(letters) && letters[i].y0 <= m.y1+reach; i++ {
			l := letters[i]
			if mid < l.x0 || mid >= l.x1 {
				continue
			}
			if d := m.y0 - l.y1; d >= -1 {
				up = min(up, max(d, 0))
			}
			if d := l.y0 - m.y1; d >= -1 {
				down = min(down, max(d, 0))
			}
		}
		switch {
		case down < up:
			above++
		case up < down:
			below++
		}
	}

	// Edges: for neighbouring letters on a line, is it the lower or the upper
	// edge that agrees?
	slices.SortFunc(letters, func(a, b blob) int { return cmp.Or(cmp.Compare(a.x0, b.x0), cmp.Compare(a.y0, b.y0)) })
	tol := max(dpi/150, 1)
	feet, heads := 0, 0
	for i, l := range letters {
		for _, r := range letters[i+1:] {
			if r.x0 > l.x1+dpi*6/100 {
				break
			}
			if r.x0 < l.x1-dpi/100 || min(l.y1, r.y1)-max(l.y0, r.y0) < min(l.y1-l.y0, r.y1-r.y0)/2 {
				continue
			}
			f, h := abs(l.y1-r.y1) <= tol, abs(l.y0-r.y0) <= tol
			if f && !h {
				feet++
			} else if h && !f {
				heads++
			}
			break
		}
	}

	vote := func(a, b int) float64 {
		if a+b == 0 {
			return 0
		}
		return float64(a-b) / math.Sqrt(float64(a+b))
	}
	marks, edges := vote(above, below), vote(feet, heads)
	score = marks + edges
	sure = math.Abs(score) / math.Sqrt2
	return score, sure
}

func abs(a int) int {
	if a < 0 {
		return -a
	}
	return a
}
