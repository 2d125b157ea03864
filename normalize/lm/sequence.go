package lm

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// sequence is a list of numbers that never fall, in the form of Elias and
// Fano: the low bits of each number stand side by side, the high bits are
// written in unary, as a one for each number after as many zeros as the high
// part has grown. That takes about two bits and the logarithm of the mean
// step for each number, and a number is found by counting ones; a sample of
// where every sampleEvery-th one stands makes that short.
//
// In bytes, little-endian: count, low width, the number of high words and a
// zero (four uint32), the high words,
// the samples (uint32 each), the low words. All parts are whole 64-bit words.
type sequence struct {
	count   int
	width   uint   // of the low parts, in bits
	high    []byte // uint64 each
	samples []byte // uint32 each, padded to a whole word
	low     []byte // uint64 each, one more than needed
}

const sampleEvery = 32

// appendSequence appends numbers, which must not fall.
func appendSequence(out []byte, numbers []uint32) []byte {
	le := binary.LittleEndian
	var width uint
	if n := len(numbers); n > 0 {
		width = uint(max(bits.Len(uint(int(numbers[n-1])/n))-1, 0))
	}
	out = le.AppendUint32(out, uint32(len(numbers)))
	out = le.AppendUint32(out, uint32(width))
	high := make([]uint64, highWords(numbers, width))
	low := make([]uint64, lowWords(len(numbers), width))
	var samples []uint32
	for i, v := range numbers {
		at := int(v>>width) + i
		high[at/64] |= 1 << (at % 64)
		if i%sampleEvery == 0 {
			samples = append(samples, uint32(at))
		}
		if width > 0 {
			bit := uint(i) * width
			part := uint64(v) & (1<<width - 1)
			low[bit/64] |= part << (bit % 64)
			if bit%64+width > 64 {
				low[bit/64+1] |= part >> (64 - bit%64)
			}
		}
	}
	out = le.AppendUint32(out, uint32(len(high)))
	out = le.AppendUint32(out, 0)
	for _, w := range high {
		out = le.AppendUint64(out, w)
	}
	for _, s := range samples {
		out = le.AppendUint32(out, s)
	}
	if len(samples)%2 == 1 {
		out = le.AppendUint32(out, 0)
	}
	for _, w := range low {
		out = le.AppendUint64(out, w)
	}
	return out
}

func highWords(numbers []uint32, width uint) int {
	n := len(numbers)
	if n == 0 {
		return 0
	}
	return (int(numbers[n-1]>>width) + n + 63) / 64
}

func lowWords(count int, width uint) int { return (count*int(width)+63)/64 + 1 }

// parseSequence reads what appendSequence wrote and checks that every number
// can be found.
func parseSequence(data []byte) (sequence, error) {
	var s sequence
	le := binary.LittleEndian
	if len(data) < 16 {
		return s, fmt.Errorf("%w: a sequence of %d bytes", ErrDamaged, len(data))
	}
	s.count, s.width = int(le.Uint32(data)), uint(le.Uint32(data[4:]))
	high := int(le.Uint32(data[8:]))
	samples := (s.count + sampleEvery - 1) / sampleEvery
	samples += samples % 2
	if s.width > 31 || len(data) != 16+8*high+4*samples+8*lowWords(s.count, s.width) {
		return s, fmt.Errorf("%w: a sequence of %d numbers in %d bytes", ErrDamaged, s.count, len(data))
	}
	data = data[16:]
	s.high, data = data[:8*high], data[8*high:]
	s.samples, s.low = data[:4*samples], data[4*samples:]
	n := 0
	for i := 0; i < len(s.high); i += 8 {
		w := le.Uint64(s.high[i:])
		for ; w != 0; w &= w - 1 {
			if n%sampleEvery == 0 {
				if n >= s.count || int(le.Uint32(s.samples[4*(n/sampleEvery):])) != 8*i+bits.TrailingZeros64(w) {
					return s, fmt.Errorf("%w: a sequence with a wrong sample", ErrDamaged)
				}
			}
			// The ones between two samples need only be counted.
			skip := min(bits.OnesCount64(w)-1, sampleEvery-1-n%sampleEvery)
			for range skip {
				w &= w - 1
			}
			n += skip + 1
		}
	}
	if n != s.count {
		return s, fmt.Errorf("%w: a sequence of %d numbers, should be %d", ErrDamaged, n, s.count)
	}
	return s, nil
}

// pair returns the numbers at i and i+1; i+1 must be below the count.
func (s *sequence) pair(i int) (a, b uint32) {
	le := binary.LittleEndian
	at := int(le.Uint32(s.samples[4*(i/sampleEvery):]))
	word := at / 64
	w := le.Uint64(s.high[8*word:]) >> (at % 64) << (at % 64)
	left := i % sampleEvery // ones to pass over
	for {
		n := bits.OnesCount64(w)
		if n > left {
			break
		}
		left -= n
		word++
		w = le.Uint64(s.high[8*word:])
	}
	for ; left > 0; left-- {
		w &= w - 1
	}
	first := 64*word + bits.TrailingZeros64(w)
	w &= w - 1
	for w == 0 {
		word++
		w = le.Uint64(s.high[8*word:])
	}
	second := 64*word + bits.TrailingZeros64(w)
	a = uint32(first-i)<<s.width | s.lowPart(i)
	b = uint32(second-i-1)<<s.width | s.lowPart(i+1)
	return a, b
}

func (s *sequence) lowPart(i int) uint32 {
	if s.width == 0 {
		return 0
	}
	bit := uint(i) * s.width
	at := s.low[8*(bit/64):]
	v := binary.LittleEndian.Uint64(at) >> (bit % 64)
	if bit%64+s.width > 64 {
		v |= binary.LittleEndian.Uint64(at[8:]) << (64 - bit%64)
	}
	return uint32(v) & (1<<s.width - 1)
}
