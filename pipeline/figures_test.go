package pipeline

import "testing"

func TestSeparated(t *testing.T) {
	for _, c := range []struct{ read, seen, want string }{
		{"87", "0,0", "8,7"},           // lost
		{"87", "0?0", "8,7"},           // lost, and what it is cannot be told
		{"14%", "0,000", "1,4%"},       // the rest of what is seen is the sign
		{"1200", "0?000", "1.200"},     // three digits behind
		{"63:8", "00,0", "63,8"},       // taken for something else
		{"40.5", "00,0", "40,5"},       // for the other, which no three digits follow
		{"40.5", "00?0", "40.5"},       // as read
		{"1,234", "0.000", "1.234"},    // likewise, which three digits follow
		{"1.234", "0,000", "1.234"},    // a thousandfold is no matter of a pixel
		{"56,74%", "0,0,00", "56,74%"}, // a speck
		{"87", "000", "87"},            // other digits
		{"87", "", "87"},               // no line of digits
		{"3/4", "000", "3/4"},          // digits and a stroke as high
		{"12.345,6", "00000", "12.345,6"},
	} {
		if got := separated(c.read, c.seen); got != c.want {
			t.Errorf("%q where %q is seen: got %q, want %q", c.read, c.seen, got, c.want)
		}
	}
}
