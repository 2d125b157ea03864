package scan

import (
	"encoding/binary"
	"math/bits"
)

// bitmap is a bilevel picture, 64 pixels a word, a set bit is ink. The lowest
// bit of a word is its leftmost pixel. Bits right of the width are always 0.
//
// Packing makes the searches for ruling lines cheap: an erosion by a line of n
// pixels needs about log2(n) passes over a 64th of the pixels.
type bitmap struct {
	w, h   int
	stride int // words a row
	bits   []uint64
}

func newBitmap(w, h int) *bitmap {
	stride := (w + 63) / 64
	return &bitmap{w: w, h: h, stride: stride, bits: make([]uint64, stride*h)}
}

func (b *bitmap) row(y int) []uint64 { return b.bits[y*b.stride : (y+1)*b.stride] }

func (b *bitmap) get(x, y int) bool {
	if x < 0 || y < 0 || x >= b.w || y >= b.h {
		return false
	}
	return b.bits[y*b.stride+x>>6]>>(uint(x)&63)&1 != 0
}

func (b *bitmap) set(x, y int) { b.bits[y*b.stride+x>>6] |= 1 << (uint(x) & 63) }

func (b *bitmap) clone() *bitmap {
	c := *b
	c.bits = append([]uint64(nil), b.bits...)
	return &c
}

// threshold packs the pixels darker than t.
func threshold(pix []uint8, w, h, stride int, t uint8) *bitmap {
	b := newBitmap(w, h)
	for y := range h {
		src := pix[y*stride : y*stride+w]
		dst := b.row(y)
		for i := range dst {
			part := src[i*64 : min(i*64+64, w)]
			var v uint64
			k := 0
			for ; k+8 <= len(part); k += 8 {
				v |= uint64(darker(binary.LittleEndian.Uint64(part[k:]), t)) << uint(k)
			}
			for ; k < len(part); k++ {
				// p < t exactly when the subtraction borrows.
				v |= uint64((uint32(part[k])-uint32(t))>>31) << uint(k)
			}
			dst[i] = v
		}
	}
	return b
}

// darker tells for eight pixels which are darker than t, the first one in the
// lowest bit. Every other pixel has 16 bits of the word to itself: raised by
// 256 − t it reaches the ninth bit unless it is darker.
func darker(eight uint64, t uint8) uint8 {
	const lanes = 0x0001_0001_0001_0001
	raise := (256 - uint64(t)) * lanes
	even := ^(eight&(0xff*lanes) + raise) >> 8 & lanes
	odd := ^(eight>>8&(0xff*lanes) + raise) >> 8 & lanes
	// The product brings bit 16·i to bit 48 + 2·i; no two partial products meet.
	const gather = 1<<48 | 1<<34 | 1<<20 | 1<<6
	return uint8(even*gather>>48)&0x55 | uint8(odd*gather>>48)&0x55<<1
}

// lighter reports whether no pixel is darker than t.
func lighter(pix []uint8, t uint8) bool {
	for ; len(pix) >= 8; pix = pix[8:] {
		if darker(binary.LittleEndian.Uint64(pix), t) != 0 {
			return false
		}
	}
	for _, p := range pix {
		if p < t {
			return false
		}
	}
	return true
}

// maskTail clears the bits right of the width.
func (b *bitmap) maskTail() {
	if r := uint(b.w) & 63; r != 0 {
		m := uint64(1)<<r - 1
		for y := range b.h {
			b.bits[y*b.stride+b.stride-1] &= m
		}
	}
}

// and, or and andNot combine another bitmap of the same size into b.
func (b *bitmap) and(o *bitmap) {
	for i, v := range o.bits {
		b.bits[i] &= v
	}
}

// shiftRow writes src moved n pixels to the left into dst (to the right when n
// is negative); zeros come in.
func shiftRow(dst, src []uint64, n int) {
	k := len(src)
	switch {
	case n >= 0:
		word, bit := n>>6, uint(n)&63
		for i := range k {
			var v uint64
			if j := i + word; j < k {
				v = src[j] >> bit
				if bit != 0 && j+1 < k {
					v |= src[j+1] << (64 - bit)
				}
			}
			dst[i] = v
		}
	default:
		n = -n
		word, bit := n>>6, uint(n)&63
		for i := k - 1; i >= 0; i-- {
			var v uint64
			if j := i - word; j >= 0 {
				v = src[j] << bit
				if bit != 0 && j > 0 {
					v |= src[j-1] >> (64 - bit)
				}
			}
			dst[i] = v
		}
	}
}

// openH keeps only the ink that lies in horizontal runs of at least n pixels.
func (b *bitmap) openH(n int) {
	tmp := make([]uint64, b.stride)
	for y := range b.h {
		row := b.row(y)
		empty := true
		for _, v := range row {
			if v != 0 {
				empty = false
				break
			}
		}
		if empty {
			continue
		}
		// Erosion: after the loop a bit says that n pixels from it on are set.
		for have := 1; have < n; {
			step := min(have, n-have)
			shiftRow(tmp, row, step)
			for i, v := range tmp {
				row[i] &= v
			}
			have += step
		}
		// Dilation by the same line.
		for have := 1; have < n; {
			step := min(have, n-have)
			shiftRow(tmp, row, -step)
			for i, v := range tmp {
				row[i] |= v
			}
			have += step
		}
	}
	b.maskTail()
}

// dilateH sets the n pixels left and right of every set one.
func (b *bitmap) dilateH(n int) {
	tmp := make([]uint64, b.stride)
	for y := range b.h {
		row := b.row(y)
		for have := 0; have < n; {
			step := min(max(have, 1), n-have)
			shiftRow(tmp, row, -step)
			for i := range tmp {
				row[i] |= tmp[i]
			}
			have += step
		}
		for have := 0; have < n; {
			step := min(max(have, 1), n-have)
			shiftRow(tmp, row, step)
			for i := range tmp {
				row[i] |= tmp[i]
			}
			have += step
		}
	}
	b.maskTail()
}

// dilateV sets the n pixels above and below every set one.
func (b *bitmap) dilateV(n int) {
	s := b.stride
	for have := 0; have < n; {
		step := min(max(have, 1), n-have)
		for y := b.h - 1; y >= step; y-- {
			dst := b.row(y)
			for i, v := range b.bits[(y-step)*s : (y-step+1)*s] {
				dst[i] |= v
			}
		}
		have += step
	}
	for have := 0; have < n; {
		step := min(max(have, 1), n-have)
		for y := 0; y+step < b.h; y++ {
			dst := b.row(y)
			for i, v := range b.bits[(y+step)*s : (y+step+1)*s] {
				dst[i] |= v
			}
		}
		have += step
	}
}

// count returns the ink pixels of row y in [x0, x1).
func (b *bitmap) count(y, x0, x1 int) int {
	x0, x1 = max(x0, 0), min(x1, b.w)
	if y < 0 || y >= b.h || x0 >= x1 {
		return 0
	}
	row := b.row(y)
	i, j := x0>>6, (x1-1)>>6
	first := ^uint64(0) << (uint(x0) & 63)
	last := ^uint64(0) >> (63 - uint(x1-1)&63)
	if i == j {
		return bits.OnesCount64(row[i] & first & last)
	}
	n := bits.OnesCount64(row[i]&first) + bits.OnesCount64(row[j]&last)
	for _, v := range row[i+1 : j] {
		n += bits.OnesCount64(v)
	}
	return n
}

// nextSet returns the first x >= from whose bit is set in row, or w.
func nextSet(row []uint64, from, w int) int {
	if from >= w {
		return w
	}
	i := from >> 6
	v := row[i] & (^uint64(0) << (uint(from) & 63))
	for v == 0 {
		i++
		if i >= len(row) {
			return w
		}
		v = row[i]
	}
	return min(i<<6+bits.TrailingZeros64(v), w)
}

// nextClear returns the first x >= from whose bit is clear in row, or w.
func nextClear(row []uint64, from, w int) int {
	if from >= w {
		return w
	}
	i := from >> 6
	v := ^row[i] & (^uint64(0) << (uint(from) & 63))
	for v == 0 {
		i++
		if i >= len(row) {
			return w
		}
		v = ^row[i]
	}
	return min(i<<6+bits.TrailingZeros64(v), w)
}

// transpose returns the bitmap mirrored at its main diagonal.
func (b *bitmap) transpose() *bitmap {
	t := newBitmap(b.h, b.w)
	for y := range b.h {
		row := b.row(y)
		word, bit := y>>6, uint64(1)<<(uint(y)&63)
		for i, v := range row {
			for v != 0 {
				x := i<<6 + bits.TrailingZeros64(v)
				t.bits[x*t.stride+word] |= bit
				v &= v - 1
			}
		}
	}
	return t
}

// blob is a connected piece of ink.
type blob struct {
	x0, y0, x1, y1 int // as schema.Box
	area           int // ink pixels
}

// blobs returns the 8-connected pieces of ink in the order of their first row.
// It works on runs, so that its time grows with the ink and not with the page.
func (b *bitmap) blobs() []blob {
	type run struct{ x0, x1, id int }
	var prev, cur []run
	var parent []int
	var all []blob
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for y := range b.h {
		row := b.row(y)
		cur = cur[:0]
		k := 0
		for x := nextSet(row, 0, b.w); x < b.w; {
			e := nextClear(row, x, b.w)
			id := -1
			for k < len(prev) && prev[k].x1 < x {
				k++
			}
			for j := k; j < len(prev) && prev[j].x0 <= e; j++ {
				p := find(prev[j].id)
				switch {
				case id < 0:
					id = p
				case p != id:
					lo, hi := min(p, id), max(p, id)
					parent[hi] = lo
					a, c := &all[lo], all[hi]
					a.x0, a.y0 = min(a.x0, c.x0), min(a.y0, c.y0)
					a.x1, a.y1 = max(a.x1, c.x1), max(a.y1, c.y1)
					a.area += c.area
					id = lo
				}
			}
			if id < 0 {
				id = len(all)
				parent = append(parent, id)
				all = append(all, blob{x, y, e, y + 1, 0})
			}
			a := &all[id]
			a.x0, a.x1, a.y1 = min(a.x0, x), max(a.x1, e), y+1
			a.area += e - x
			cur = append(cur, run{x, e, id})
			x = nextSet(row, e, b.w)
		}
		prev, cur = cur, prev
	}
	out := all[:0]
	for i, a := range all {
		if parent[i] == i {
			out = append(out, a)
		}
	}
	return out
}
