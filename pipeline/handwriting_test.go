package pipeline

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestFilledIn(t *testing.T) {
	for line, want := range map[string]string{
		"Hải Lâm, ngày d4 tháng 9 năm 2025":  "d4 9",
		"ngảy {§ tháng 09 năm 2025":          "{§ 09",
		"Số: 608/BC-UBND":                    "608/BC-UBND",
		"Số: 6O8 /BC-UBND":                   "6O8",
		"Số: /BC-UBND":                       "", // nothing was read
		"Căn cứ công văn số 12/UBND-TH":      "", // of running text
		"chín tháng đầu năm 2025":            "",
		"Giao Sở Xây dựng trong tháng 9 này": "",
	} {
		var words []schema.Word
		x := 0
		for _, s := range strings.Fields(line) {
			n := 10 * len([]rune(s))
			words = append(words, schema.Word{Raw: s, Box: schema.Box{X0: x, X1: x + n, Y1: 20}})
			x += n + 10
		}
		var got []string
		for k := range words {
			if box, ok := filledIn(words, k); ok {
				got = append(got, words[k].Raw)
				if i := strings.IndexByte(words[k].Raw, '/'); i > 0 && box.Width() != 10*i {
					t.Errorf("%q: the number is %d wide, want %d", line, box.Width(), 10*i)
				}
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %q, want %q", line, s, want)
		}
	}
}
