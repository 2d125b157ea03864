package scan

import "testing"

func TestSignOfPaleStrokes(t *testing.T) {
	for _, c := range []struct {
		name string
		draw func(set func(x, y int, v uint8))
		want string
	}{
		{"a dash", func(set func(x, y int, v uint8)) {
			for x := range 14 {
				for y := range 3 {
					set(60+x, 38+y, 60)
				}
			}
		}, "-"},
		{"a seven whose stem is pale", func(set func(x, y int, v uint8)) {
			for x := range 14 {
				for y := range 3 {
					set(60+x, 22+y, 60)
				}
			}
			for y := range 23 {
				set(73-y/2, 25+y, 205)
				set(72-y/2, 25+y, 205)
			}
		}, ""},
		{"a cross of one dark and one pale stroke", func(set func(x, y int, v uint8)) {
			for y := range 19 {
				for k := range 4 {
					set(61+y*15/19+k, 29+y, 60)
				}
				for k := range 3 {
					set(78-y*15/19-k, 29+y, 190)
				}
			}
		}, "x"},
		{"a stroke alone", func(set func(x, y int, v uint8)) {
			for y := range 19 {
				for k := range 4 {
					set(61+y*15/19+k, 29+y, 60)
				}
			}
		}, ""},
	} {
		s, cell := bars("", 0)
		c.draw(func(x, y int, v uint8) { s.Gray.Pix[y*s.Gray.Stride+x] = v })
		s.bits = thresholdGray(s.Gray, inkLevel)
		if got, _ := s.Sign(cell); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
