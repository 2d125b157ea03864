package normalize

import (
	"math"
	"strings"
	"testing"
)

// What engines misread into other right words shows beside what they took it for.
func TestRivals(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	at := func(text, chunk string) Rival {
		chunks := strings.Fields(text)
		rivals := r.Rivals(text)
		if len(rivals) != len(chunks) {
			t.Fatalf("%q: %d rivals of %d runs", text, len(rivals), len(chunks))
		}
		for i, c := range chunks {
			if c == chunk {
				return rivals[i]
			}
		}
		t.Fatalf("%q lacks %q", text, chunk)
		return Rival{}
	}
	for _, c := range []struct{ right, wrong string }{
		{"giao Sở Tài chính chủ trì phối hợp", "giao Sở Tài chỉnh chủ trì phối hợp"},
		{"ý kiến của Ủy ban nhân dân", "ý kiến của Ủy bạn nhân dân"},
	} {
		for i, chunk := range strings.Fields(c.wrong) {
			if strings.Fields(c.right)[i] == chunk {
				continue
			}
			if right, wrong := at(c.right, strings.Fields(c.right)[i]).Mark, at(c.wrong, chunk).Mark; right > 0 || wrong < 2 {
				t.Errorf("%q: marks %.1f, misread %.1f", c.right, right, wrong)
			}
		}
	}
	// A speck behind a word of a name is no comma.
	if right, wrong := at("của Ủy ban nhân dân tỉnh", "nhân").Sign, at("của Ủy ban nhân, dân tỉnh", "nhân,").Sign; right > 0 || wrong < 2 {
		t.Errorf("signs %.1f, with a comma too many %.1f", right, wrong)
	}
	if last := at("của tỉnh.", "tỉnh.").Sign; !math.IsInf(last, -1) {
		t.Errorf("nothing follows, and it says %v", last)
	}
}

func TestCapital(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if often, hardly := r.Capital("Việt"), r.Capital("vậy,"); often < 0.5 || hardly > 0.2 || r.Capital("qzx") != 0 {
		t.Errorf("shares %.2f and %.2f", often, hardly)
	}
}
