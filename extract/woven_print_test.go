package extract

import (
	"math"
	"testing"
)

// Print is as wide as its letters are, whatever marks stand above and below them.
func TestInPrint(t *testing.T) {
	for _, c := range []struct{ narrow, wide string }{{"il", "ma"}, {"tỉnh lị", "mưa gầm"}, {"bé", "BÉ"}} {
		if inPrint(c.narrow) >= inPrint(c.wide) {
			t.Errorf("%q is %.2f wide, %q %.2f", c.narrow, inPrint(c.narrow), c.wide, inPrint(c.wide))
		}
	}
	for a, b := range map[string]string{"đường": "duong", "hệ": "he"} {
		if inPrint(a) != inPrint(b) {
			t.Errorf("%q is %.3f wide, %q %.3f", a, inPrint(a), b, inPrint(b))
		}
	}
	text := "Bến đò ngang có bảng giá điện tử, khách trả tiền qua điện thoại"
	if wide, letters := inPrint(text), float64(len([]rune(text))); math.Abs(wide/letters-1) > 0.1 {
		t.Errorf("a sentence of %.0f letters is %.1f wide", letters, wide)
	}
}

// Lines and the words that did not fit behind them tell a column's width, whatever came
// into the column wrongly.
func TestFitted(t *testing.T) {
	lines := []lineFit{{18, 22}, {19.5, 21}, {20, 24}, {17, 21.5}, {19, 23}, {6, 0}, {34, 0}, {12, 15}}
	if w := fitted(lines); w < 19 || w > 20 {
		t.Errorf("width %.1f, want 19 to 20", w)
	}
	if w := fitted([]lineFit{{9, 0}, {11, 0}}); w != 11 {
		t.Errorf("width of lines that nothing goes on from %.1f, want 11", w)
	}
}
