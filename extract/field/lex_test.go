package field

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
)

// Bags count letters eight at a time; one by one must give the same.
func TestBag(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	word := func() string {
		var s strings.Builder
		for range random.IntN(150) {
			s.WriteByte("abcxyz19.-"[random.IntN(10)])
		}
		if random.IntN(4) == 0 {
			s.WriteString(strings.Repeat("a", 140)) // more than a bag counts
		}
		return s.String()
	}
	counts := func(words ...string) (n [bagPlaces]int) {
		for _, w := range words {
			var one [bagPlaces]int
			for _, r := range w {
				at := bagPlaces - 1
				if r >= 'a' && r <= 'z' {
					at = int(r - 'a')
				}
				one[at] = min(one[at]+1, mostInBag)
			}
			for i := range n {
				n[i] = min(n[i]+one[i], mostInBag)
			}
		}
		return n
	}
	for range 2000 {
		x, y, z := word(), word(), word()
		var a, b, more bag
		if n := a.add([]rune(x)); n != len(x) {
			t.Fatalf("%d letters, want %d", n, len(x))
		}
		b.add([]rune(y))
		more.add([]rune(z))
		b.join(&more)
		have, others := counts(x), counts(y, z)
		missing, mask := 0, uint32(0)
		for i := range have {
			missing += max(0, have[i]-others[i])
			if have[i] > 0 {
				mask |= 1 << i
			}
		}
		if got := a.missing(&b); got != missing {
			t.Fatalf("%q lacks %d letters of %q, want %d", y+z, got, x, missing)
		}
		if got := a.mask(); got != mask {
			t.Fatalf("mask of %q is %b, want %b", x, got, mask)
		}
	}
}

func TestPhraseLike(t *testing.T) {
	const least = 0.6
	for _, wording := range []string{"Kinh phí thực hiện", "Đơn vị tính", "x", "Kết quả đạt được trong năm"} {
		p := NewPhrase(wording)
		for _, head := range []string{"kinh phi thuc hien", "kinh phi da thuc hien", "don vl tlnh", "ket qua", "x"} {
			want := normalize.Similarity(head, wording)
			if got, ok := p.Like([]rune(head), least); ok != (want >= least) || ok && got != want {
				t.Errorf("%q is like %q: %v, %v; want %v", head, wording, got, ok, want)
			}
		}
	}
}
