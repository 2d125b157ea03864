package normalize_test

import (
	"testing"

	"github.com/sohoa/sohoa/normalize"
)

// What goes on from a text is told from what stands beside it.
func TestFollows(t *testing.T) {
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ before, on, beside string }{
		{"Ủy ban nhân dân", "tỉnh ban hành", "giảm chi phí"},
		{"tiếp tục triển khai theo lộ trình kế", "hoạch đã ban hành", "Không có"},
		{"hoàn thiện cơ sở", "dữ liệu dùng chung", "người dân được hưởng"},
	} {
		e := r.Ending(c.before)
		if on, beside := r.Follows(e, c.on), r.Follows(e, c.beside); on <= 0 || on <= beside {
			t.Errorf("behind %q: %q %.1f, %q %.1f", c.before, c.on, on, c.beside, beside)
		}
	}
	if got := r.Follows(r.Ending(""), "dữ liệu"); got != 0 {
		t.Errorf("behind nothing: %.1f", got)
	}
}

func TestSound(t *testing.T) {
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]bool{"triển": true, "(khai),": true, "2025": true, "t}.léng": false, "lihoén": false, "—": false, "": false} {
		if got := r.Sound(word); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
}
