package scan

import (
	"image"
	"slices"
)

// whiten divides the page by its background, in place: paper becomes 255 and
// print keeps its contrast, however uneven the light was. Regions that are
// dark throughout and touch an edge of the picture (the scanner's lid, a
// folded corner) become white as well.
//
// The background is the 85th percentile of samples in cells of side pixels,
// spread over neighbouring cells, and linear between the cells' middles.
func whiten(g *image.Gray, dpi int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	side := max(dpi/10, 8)
	cw, ch := (w+side-1)/side, (h+side-1)/side
	paper := make([]int, cw*ch)
	step := max(side/8, 1)
	var hist [256]uint16
	for cy := range ch {
		for cx := range cw {
			clear(hist[:])
			n := 0
			for y := cy * side; y < min(cy*side+side, h); y += step {
				for x := cx * side; x < min(cx*side+side, w); x += step {
					hist[g.Pix[y*g.Stride+x]]++
					n++
				}
			}
			lighter := n - n*85/100
			v := 255
			for ; v > 0 && lighter > int(hist[v]); v-- {
				lighter -= int(hist[v])
			}
			paper[cy*cw+cx] = v
		}
	}

	white := pageWhite(paper)
	clearBorders(g, paper, cw, ch, side, white)

	// A cell filled with print or with a picture knows no paper: it takes the
	// brightest of its neighbourhood. The floor keeps dark areas inside the
	// page (white letters on black) from being torn up into noise.
	spread := maxFilter(paper, cw, ch, 1)
	floor := white * 5 / 8
	for i, v := range spread {
		spread[i] = max(v, floor)
	}
	divide(g, smooth(spread, cw, ch), cw, ch, side)
}

// pageWhite is the paper's usual lightness: the median of the lighter half.
func pageWhite(paper []int) int {
	s := slices.Clone(paper)
	slices.Sort(s)
	return max(s[len(s)*3/4], 64)
}

func maxFilter(v []int, w, h, r int) []int {
	out := make([]int, len(v))
	for y := range h {
		for x := range w {
			m := 0
			for yy := max(y-r, 0); yy <= min(y+r, h-1); yy++ {
				for xx := max(x-r, 0); xx <= min(x+r, w-1); xx++ {
					m = max(m, v[yy*w+xx])
				}
			}
			out[y*w+x] = m
		}
	}
	return out
}

func smooth(v []int, w, h int) []int {
	out := make([]int, len(v))
	for y := range h {
		for x := range w {
			sum, n := 0, 0
			for yy := max(y-1, 0); yy <= min(y+1, h-1); yy++ {
				for xx := max(x-1, 0); xx <= min(x+1, w-1); xx++ {
					sum += v[yy*w+xx]
					n++
				}
			}
			out[y*w+x] = sum / n
		}
	}
	return out
}

// divide scales every pixel by 255 / background, the background interpolated
// between the middles of the cells.
func divide(g *image.Gray, paper []int, cw, ch, side int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	// gain of each cell column for the current row, 16.16 fixed point.
	gain := make([]int, cw)
	for y := range h {
		cy, fy := between(y, side, ch)
		for cx := range cw {
			a, b := paper[cy*cw+cx], paper[min(cy+1, ch-1)*cw+cx]
			gain[cx] = 255 << 16 * side / max(a*(side-fy)+b*fy, 1)
		}
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		for x := 0; x < w; {
			cx, fx := between(x, side, cw)
			n := min(side-fx, w-x)
			if x < side/2 {
				n = min(side/2-x, w)
			}
			a := gain[cx]
			d := gain[min(cx+1, cw-1)] - a
			k := a + d*fx/side
			dk := d / side
			if x < side/2 {
				k, dk = a, 0
			}
			for i, p := range row[x : x+n] {
				row[x+i] = uint8(min(int(p)*k>>16, 255))
				k += dk
			}
			x += n
		}
	}
}

// between returns the cell whose middle lies at or before the pixel, and how
// far the pixel is past that middle.
func between(p, side, cells int) (cell, past int) {
	q := p - side/2
	if q < 0 {
		return 0, 0
	}
	return min(q/side, cells-1), q % side
}

// clearBorders fills the dark regions at the picture's edges with the paper's
// lightness, in the picture and in the cells. A region counts when its cells
// are dark throughout, so that rules and letters that run to the edge of the
// picture are safe.
func clearBorders(g *image.Gray, paper []int, cw, ch, side, white int) {
	dark := func(i int) bool { return paper[i] < white*11/20 }
	seen := make([]bool, len(paper))
	var queue []int
	push := func(cx, cy int) {
		if cx < 0 || cy < 0 || cx >= cw || cy >= ch {
			return
		}
		if i := cy*cw + cx; !seen[i] && dark(i) {
			seen[i] = true
			queue = append(queue, i)
		}
	}
	for cx := range cw {
		push(cx, 0)
		push(cx, ch-1)
	}
	for cy := range ch {
		push(0, cy)
		push(cw-1, cy)
	}
	for len(queue) > 0 {
		i := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		cx, cy := i%cw, i/cw
		push(cx-1, cy)
		push(cx+1, cy)
		push(cx, cy-1)
		push(cx, cy+1)
	}
	// Dark rows and columns at the very edge, thinner than a cell, are
	// followed from the edge inwards, line by line.
	w, h := g.Rect.Dx(), g.Rect.Dy()
	cut := uint8(min(white*11/20, 255))
	fill := uint8(min(white, 255))
	for i, s := range seen {
		if !s {
			continue
		}
		// Half a cell around it goes too: the border's ragged flank.
		x0, y0 := i%cw*side-side/2, i/cw*side-side/2
		for y := max(y0, 0); y < min(y0+2*side, h); y++ {
			for x := max(x0, 0); x < min(x0+2*side, w); x++ {
				if p := &g.Pix[y*g.Stride+x]; *p < fill {
					*p = fill
				}
			}
		}
		paper[i] = white
	}
	trimEdge(g, cut, fill, side)
}

// trimEdge whitens the dark lines along the four edges that are thinner than a
// cell of the background: each line of pixels, from the edge inwards, for as
// long as a quarter of it is dark, at most side of them.
func trimEdge(g *image.Gray, cut, fill uint8, side int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	trim := func(n, length int, at func(i, k int) *uint8) {
		last := -1
		for i := range min(n, side) {
			dark := 0
			for k := range length {
				if *at(i, k) < cut {
					dark++
				}
			}
			if dark*4 > length {
				last = i
			} else if i > last+3 {
				break
			}
		}
		if last < 0 {
			return
		}
		for i := range min(last+3, n) {
			for k := range length {
				if p := at(i, k); *p < fill {
					*p = fill
				}
			}
		}
	}
	trim(h, w, func(i, k int) *uint8 { return &g.Pix[i*g.Stride+k] })
	trim(h, w, func(i, k int) *uint8 { return &g.Pix[(h-1-i)*g.Stride+k] })
	trim(w, h, func(i, k int) *uint8 { return &g.Pix[k*g.Stride+i] })
	trim(w, h, func(i, k int) *uint8 { return &g.Pix[k*g.Stride+w-1-i] })
}
