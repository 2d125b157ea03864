package scan

import (
	"encoding/binary"
	"image"
	"math"
	"math/bits"
)

// maxSkew is how far, in degrees, a page may lean to be straightened. Feeders
// and hands stay well below it.
const maxSkew = 6.0

// skewOf returns by how many degrees clockwise the print leans.
//
// The points are the lower ends of ink runs: most of them lie on baselines and
// on ruling lines. They are projected along a trial angle, and the angle whose
// profile is the most peaked (the sum of squares of its bins) wins: first in
// steps of a quarter of a degree, then finer, at last between the steps by the
// parabola through the best three.
func skewOf(b *bitmap, dpi int) float64 {
	xs, ys := lowerEnds(b, max(dpi/70, 1))
	if len(xs) < 150 {
		return 0
	}
	// The coarse search needs only some of the points.
	every := max(len(xs)/20000, 1)
	var cx, cy []int32
	for i := 0; i < len(xs); i += every {
		cx, cy = append(cx, xs[i]), append(cy, ys[i])
	}
	hist := make([]int32, 2*b.h+b.w)
	bin := max(dpi/100, 1)
	score := func(xs, ys []int32, degrees float64, bin int) float64 {
		clear(hist)
		// 16.16 fixed point; the offset keeps every bin index positive.
		slope := int64(math.Round(math.Tan(degrees*math.Pi/180) * 65536))
		off := int64(b.w) * 65536 / 8
		div := int64(bin)
		for i, x := range xs {
			k := (int64(ys[i])<<16 - slope*int64(x) + off) >> 16 / div
			if k >= 0 && k < int64(len(hist)) {
				hist[k]++
			}
		}
		sum := 0.0
		for _, n := range hist {
			sum += float64(n) * float64(n)
		}
		return sum
	}
	search := func(xs, ys []int32, from, to, step float64, bin int) (float64, float64) {
		best, bestScore, sum, n := 0.0, -1.0, 0.0, 0.0
		for a := from; a <= to+1e-9; a += step {
			s := score(xs, ys, a, bin)
			sum += s
			n++
			// Of equals the smaller lean wins.
			if s > bestScore || s == bestScore && math.Abs(a) < math.Abs(best) {
				best, bestScore = a, s
			}
		}
		return best, bestScore / (sum / n)
	}
	coarse, peak := search(cx, cy, -maxSkew, maxSkew, 0.25, 2*bin)
	if peak < 1.08 {
		return 0 // no lines to speak of
	}
	mid, _ := search(cx, cy, coarse-0.25, coarse+0.25, 0.05, bin)
	step := 0.02
	fine, _ := search(xs, ys, mid-0.06, mid+0.06, step, bin)
	l, m, r := score(xs, ys, fine-step, bin), score(xs, ys, fine, bin), score(xs, ys, fine+step, bin)
	if d := l - 2*m + r; d < 0 {
		fine += step * 0.5 * (l - r) / d
	}
	return fine
}

// lowerEnds returns the ink pixels with paper below them, taking every step-th
// column. The outermost thirtieth of the picture is left out: the edge of the
// paper shows there, long, straight, and at an angle of its own.
func lowerEnds(b *bitmap, step int) (xs, ys []int32) {
	keep := make([]uint64, b.stride)
	for x := b.w / 30; x < b.w-b.w/30; x += step {
		keep[x>>6] |= 1 << (uint(x) & 63)
	}
	for y := b.h / 30; y+1 < b.h-b.h/30; y++ {
		row, below := b.row(y), b.row(y+1)
		for i, v := range row {
			v &= ^below[i] & keep[i]
			for v != 0 {
				t := bits.TrailingZeros64(v)
				xs, ys = append(xs, int32(i<<6+t)), append(ys, int32(y))
				v &= v - 1
			}
		}
	}
	return xs, ys
}

// straighten takes a clockwise lean out of the picture, about its middle, and
// grows it by pad white pixels on every side first.
//
// A small rotation is a slide of the columns followed by a slide of the rows
// (the second order term, below a pixel for the leans of scans, is put into
// the first). Each slide is a one-dimensional cubic interpolation with weights
// that are constant along a stretch, several times cheaper than a cubic in two
// dimensions and as sharp.
func straighten(g *image.Gray, degrees float64, pad int) *image.Gray {
	t := math.Tan(degrees * math.Pi / 180)
	s := math.Sin(degrees * math.Pi / 180)
	c := math.Cos(degrees * math.Pi / 180)

	// source(x, y) of [geometry]: sx = cx + c*dx - s*dy, sy = cy + s*dx + c*dy.
	// Pass one makes mid(u, y) = src(u, v) with v so that pass two, which
	// reads mid at u = cx + c*dx - s*dy, finds the right row:
	// dx = (du + s*dy)/c, v = cy + s*dx + c*dy = cy + t*du + dy/c.
	src := padded(g, pad)
	kernels := cubic()
	return slideRows(slideColumns(src, &kernels, t, c), &kernels, s, c)
}

// padded grows a picture by pad white pixels on every side.
func padded(g *image.Gray, pad int) *image.Gray {
	if pad == 0 {
		return g
	}
	out := image.NewGray(image.Rect(0, 0, g.Rect.Dx()+2*pad, g.Rect.Dy()+2*pad))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for y := range g.Rect.Dy() {
		copy(out.Pix[(y+pad)*out.Stride+pad:], g.Pix[y*g.Stride:y*g.Stride+g.Rect.Dx()])
	}
	return out
}

// slideColumns is pass one: each pixel comes from its own column.
func slideColumns(src *image.Gray, kernels *[64][4]int32, t, c float64) *image.Gray {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	cx, cy := float64(w-1)/2, float64(h-1)/2
	mid := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		at := func(x int) int { // where the pixel comes from, in 1/64 rows
			return int(math.Floor((cy+t*(float64(x)-cx)+(float64(y)-cy)/c)*64 + 0.5))
		}
		out := mid.Pix[y*w : y*w+w]
		for x := 0; x < w; {
			// Most of a page is white; eight columns mostly read the same rows.
			r := at(x) >> 6
			if r >= 1 && r+2 < h && x+8 <= w && at(x+7)>>6 == r {
				o := r*w + x
				if white8(src.Pix[o-w:]) && white8(src.Pix[o:]) && white8(src.Pix[o+w:]) && white8(src.Pix[o+2*w:]) {
					binary.LittleEndian.PutUint64(out[x:], allWhite)
					x += 8
					continue
				}
			}
			for end := min(x+8, w); x < end; x++ {
				q := at(x)
				r, f := q>>6, q&63
				if r < 1 || r+2 >= h {
					out[x] = 255
					if r >= 0 && r < h {
						out[x] = src.Pix[r*w+x]
					}
					continue
				}
				o := r*w + x
				a, b, d, e := src.Pix[o-w], src.Pix[o], src.Pix[o+w], src.Pix[o+2*w]
				if a&b&d&e == 255 {
					out[x] = 255
					continue
				}
				k := &kernels[f]
				sum := int32(a)*k[0] + int32(b)*k[1] + int32(d)*k[2] + int32(e)*k[3]
				out[x] = clamp8((sum + 2048) >> 12)
			}
		}
	}
	return mid
}

// slideRows is pass two: each pixel comes from its own row.
func slideRows(mid *image.Gray, kernels *[64][4]int32, s, c float64) *image.Gray {
	w, h := mid.Rect.Dx(), mid.Rect.Dy()
	cx, cy := float64(w-1)/2, float64(h-1)/2
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		row, dst := mid.Pix[y*w:y*w+w], out.Pix[y*w:y*w+w]
		shift := cx - c*cx - s*(float64(y)-cy)
		for x := 0; x < w; x++ {
			q := int(math.Floor((shift+c*float64(x))*64 + 0.5))
			r, f := q>>6, q&63
			// Eight pixels come from at most eleven, since c is no more than 1.
			if r >= 1 && r+15 <= w && x+8 <= w && white8(row[r-1:]) && white8(row[r+7:]) {
				binary.LittleEndian.PutUint64(dst[x:], allWhite)
				x += 7
				continue
			}
			if r < 1 || r+2 >= w {
				dst[x] = 255
				if r >= 0 && r < w {
					dst[x] = row[r]
				}
				continue
			}
			p := row[r-1 : r+3 : r+3]
			if p[0]&p[1]&p[2]&p[3] == 255 {
				dst[x] = 255
				continue
			}
			k := &kernels[f]
			sum := int32(p[0])*k[0] + int32(p[1])*k[1] + int32(p[2])*k[2] + int32(p[3])*k[3]
			dst[x] = clamp8((sum + 2048) >> 12)
		}
	}
	return out
}

const allWhite = 1<<64 - 1

// white8 reports whether the first eight pixels are white.
func white8(pix []uint8) bool { return binary.LittleEndian.Uint64(pix) == allWhite }

// cubic returns the Catmull-Rom weights for 64 positions between two pixels,
// scaled so that each four add up to 4096.
func cubic() (k [64][4]int32) {
	for i := range k {
		t := float64(i) / 64
		f := [4]float64{
			-t/2 + t*t - t*t*t/2,
			1 - 2.5*t*t + 1.5*t*t*t,
			t/2 + 2*t*t - 1.5*t*t*t,
			-t*t/2 + t*t*t/2,
		}
		for j, v := range f {
			k[i][j] = int32(math.Round(v * 4096))
		}
		k[i][1] += 4096 - k[i][0] - k[i][1] - k[i][2] - k[i][3]
	}
	return k
}

func clamp8(v int32) uint8 { return uint8(min(max(v, 0), 255)) }
