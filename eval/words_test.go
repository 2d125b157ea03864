package eval

import (
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

func TestRightWords(t *testing.T) {
	for _, c := range []struct{ class, want, got, right string }{
		{confidence.Short, "các xã trong quý III", "các xã trong quý II", "++++-"},
		{confidence.Cell, "81,4", "814", "-"},
		{confidence.Long, "một hai ba bốn", "một ba bốn năm", "+++-"},
		{confidence.Short, "một hai ba bốn", "năm sáu bảy tám", ""}, // another text
		{confidence.Money, "1.000 đồng", "1.000 đông", ""},          // a value
	} {
		e := &schema.Evidence{}
		for w := range strings.FieldsSeq(c.got) {
			e.Words = append(e.Words, schema.WordEvidence{Text: w})
		}
		var want []bool
		for _, r := range c.right {
			want = append(want, r == '+')
		}
		s := Sample{Class: c.class, Want: c.want, Got: c.got, Right: c.want == c.got, Evidence: e}
		if got := s.RightWords(); !slices.Equal(got, want) {
			t.Errorf("%s, %q for %q: %v", c.class, c.got, c.want, got)
		}
	}
}
