package scan

import "github.com/sohoa/sohoa/schema"

// Bars counts the upright strokes that the print in a word's box begins with, as
// "III" does in "III/2025": engines miscount them. It returns 0 where the word
// does not begin with two or more strokes at the distance of capital letters, or
// what follows them cannot be told from them.
func (s *Sheet) Bars(b schema.Box) int {
	ink := s.Ink(b)
	h := ink.Height()
	if ink.Empty() || h*100 < 8*s.DPI || h > s.DPI/2 || ink.Width() < h/3 {
		return 0
	}
	strokes := s.strokes(ink)
	n := 0
	for n < len(strokes) && strokes[n].steady {
		n++
	}
	pitch := 0
	for i := 1; i < n; i++ {
		d := strokes[i].mid() - strokes[i-1].mid()
		if i == 1 && d*100 >= h*35 && d*100 <= h*64 {
			pitch = d
		}
		if pitch == 0 || abs(d-pitch)*6 > pitch {
			if n = i; d*100 < h*72 {
				return 0 // too near for another letter
			}
		}
	}
	if n < 2 || n > 3 || strokes[0].x0-ink.X0 > h/4 || n < len(strokes) && strokes[n].x0-strokes[n-1].x1 < h/8 {
		return 0
	}
	return n
}

// stroke is what a word's print looks like about the middle of its height.
type stroke struct {
	stem
	steady bool // upright, as wide all along, and no wider than strokes are
}

// strokes returns the stretches of ink on the middle line of a box, and which of
// them are the same some rows above and below.
func (s *Sheet) strokes(b schema.Box) []stroke {
	h := b.Height()
	runs := func(y int) (out []stem) {
		row := s.bits.row(y)
		for x := nextSet(row, b.X0, b.X1); x < b.X1; {
			e := nextClear(row, x, b.X1)
			out = append(out, stem{x, e})
			x = nextSet(row, e, b.X1)
		}
		return out
	}
	var out []stroke
	for _, t := range runs(b.Y0 + h/2) {
		out = append(out, stroke{t, (t.x1-t.x0)*100 <= h*32})
	}
	for y := b.Y0 + h*3/10; y < b.Y0+h*7/10; y++ {
		at := runs(y)
		for i := range out {
			same := false
			for _, t := range at {
				same = same || abs(t.mid()-out[i].mid()) <= max(h/20, 1) && (t.x1-t.x0)*100 <= h*32
			}
			out[i].steady = out[i].steady && same
		}
	}
	return out
}
