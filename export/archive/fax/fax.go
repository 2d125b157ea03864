// Package fax packs pictures of two tones as CCITT Group 4 (ITU-T T.6), the
// form in which office scanners store bilevel pages. No kept Go library writes
// it; golang.org/x/image/ccitt, which reads it, checks this in the tests.
package fax

import (
	"image"
	"strconv"
)

// Encode packs a picture. Pixels below 128 are black.
func Encode(img *image.Gray) []byte {
	b := img.Bounds()
	w := b.Dx()
	var out bitWriter
	above := make([]bool, w) // an imagined white line
	line := make([]bool, w)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		start := img.PixOffset(b.Min.X, y)
		for x, v := range img.Pix[start : start+w] {
			line[x] = v < 128
		}
		encodeLine(&out, line, above)
		line, above = above, line
	}
	out.write(pack("000000000001000000000001")) // end of block
	return out.flush()
}

// Codes of T.6 for how this line differs from the one above.
var (
	pass       = pack("0001")
	horizontal = pack("001")
	vertical   = [...]code{pack("0000010"), pack("000010"), pack("010"), pack("1"), pack("011"), pack("000011"), pack("0000011")}
)

// encodeLine codes a line by what differs from the line above. In the terms of
// T.6, a0 is where coding has come to, a1 and a2 the next changes on this
// line, b1 and b2 those above.
func encodeLine(out *bitWriter, line, above []bool) {
	w := len(line)
	a0, colour := -1, false
	for a0 < w {
		a1 := change(line, max(a0, 0), colour)
		b1 := a0 + 1
		// b1 is the first change above, right of a0, to the opposite colour.
		for b1 < w && !(above[b1] != colour && (b1 == 0 && above[0] || b1 > 0 && above[b1-1] == colour)) {
			b1++
		}
		b2 := change(above, b1, !colour)
		switch d := a1 - b1; {
		case b2 < a1:
			out.write(pass)
			a0 = b2
		case d >= -3 && d <= 3:
			out.write(vertical[d+3])
			a0, colour = a1, !colour
		default:
			a2 := change(line, a1, !colour)
			out.write(horizontal)
			run(out, a1-max(a0, 0), colour)
			run(out, a2-a1, !colour)
			a0 = a2
		}
	}
}

// change returns where the run of a colour that includes x ends.
func change(line []bool, x int, colour bool) int {
	for x < len(line) && line[x] == colour {
		x++
	}
	return x
}

// run codes n pixels of a colour; true is black.
func run(out *bitWriter, n int, black bool) {
	codes := whiteCodes
	if black {
		codes = blackCodes
	}
	for n > 63 {
		k := min(n/64, longest)
		out.write(codes.long[k])
		n -= 64 * k
	}
	out.write(codes.short[n])
}

// code is a row of bits.
type code struct {
	bits uint32 // the last of them lowest
	n    int
}

func pack(s string) code {
	v, err := strconv.ParseUint(s, 2, 32)
	if err != nil {
		panic(err) // the codes are constants of this package
	}
	return code{uint32(v), len(s)}
}

// longest is the longest run that has a code of its own, in units of 64 pixels.
const longest = 40

// runCodes are the codes of runs of a colour.
type runCodes struct {
	short [64]code          // of 0 to 63 pixels
	long  [longest + 1]code // of multiples of 64 pixels, from 64
}

func packed(table map[int]string) *runCodes {
	out := new(runCodes)
	for n, s := range table {
		if n < 64 {
			out.short[n] = pack(s)
		} else {
			out.long[n/64] = pack(s)
		}
	}
	return out
}

// bitWriter packs bits, the highest first.
type bitWriter struct {
	data []byte
	held uint64 // bits that make no byte yet, the last of them lowest
	n    int    // how many
}

func (b *bitWriter) write(c code) {
	b.held = b.held<<c.n | uint64(c.bits)
	for b.n += c.n; b.n >= 8; b.n -= 8 {
		b.data = append(b.data, byte(b.held>>(b.n-8)))
	}
}

func (b *bitWriter) flush() []byte {
	if b.n > 0 {
		b.data = append(b.data, byte(b.held<<(8-b.n)))
	}
	return b.data
}
