package lm

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestSequence(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name  string
		count int
		step  uint32 // the greatest
	}{
		{"two equal", 2, 0}, {"dense", 1000, 1}, {"sparse", 1000, 5000}, {"one sample", sampleEvery, 3},
		{"a word of low bits", 64, 1 << 20}, {"many", 100000, 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			numbers := make([]uint32, c.count)
			for i := 1; i < len(numbers); i++ {
				numbers[i] = numbers[i-1] + rng.Uint32N(c.step+1)
			}
			s, err := parseSequence(appendSequence(nil, numbers))
			if err != nil {
				t.Fatal(err)
			}
			for i := range len(numbers) - 1 {
				if a, b := s.pair(i); a != numbers[i] || b != numbers[i+1] {
					t.Fatalf("numbers %d and the next are %d and %d, want %d and %d", i, a, b, numbers[i], numbers[i+1])
				}
			}
		})
	}
}

func FuzzSequence(f *testing.F) {
	good := appendSequence(nil, []uint32{0, 0, 3, 900, 901, 70000})
	f.Add(good, 20, byte(1))
	f.Add(good[:16], 0, byte(0))
	f.Add([]byte{}, 0, byte(0))
	f.Fuzz(func(t *testing.T, data []byte, at int, with byte) {
		data = bytes.Clone(data)
		if at >= 0 && at < len(data) {
			data[at] ^= with
		}
		s, err := parseSequence(data)
		if err != nil {
			return
		}
		for i := range s.count - 1 {
			s.pair(i)
		}
	})
}
