package extract

import "testing"

func TestAsSpelled(t *testing.T) {
	for _, c := range []struct{ text, raw, want string }{
		{"kỹ", "ki", "kĩ"},
		{"kỹ", "ky", "kỹ"},
		{"kỹ", "k¥", "kỹ"},
		{"lý,", "li,", "lí,"},
		{"chíp", "chip", "chip"},
		{"chíp", "chíp", "chíp"},
		{"thủy", "thui", "thủy"}, // no syllable that is spelled both ways
		{"tỷ", "1y", "tỷ"},
		{"", "", ""},
	} {
		if got := asSpelled(c.text, c.raw); got != c.want {
			t.Errorf("%q read as %q: %q, want %q", c.text, c.raw, got, c.want)
		}
	}
}

func TestOtherSpelling(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"kỹ", "kĩ", true}, {"Chip", "chíp", true}, {"lý", "lỳ", false}, {"kỹ", "kỹ", false}, {"tai", "tay", false}} {
		if got := otherSpelling(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
