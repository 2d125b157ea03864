package extract

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// A paragraph under a title of several lines is no part of it, whatever its first
// word: it is set from an indent to the right margin, and titles in the middle.
func TestTitleEndsAtIndent(t *testing.T) {
	set := func(text string, x0, x1, y int) textLine {
		l := textLine{passage: newPassage([]word{{text: text}}), page: 1, box: schema.Box{X0: x0, Y0: y, X1: x1, Y1: y + 30}}
		return l
	}
	lines := []textLine{
		set("Về việc mở thêm quầy", 500, 1100, 400), set("tại các điểm lưu động", 560, 1040, 440),
		set("Từ đầu tuần tới, mỗi điểm có hai quầy, trong đó", 300, 1400, 500), set("một quầy ưu tiên.", 200, 520, 540),
	}
	if got := titleLines(lines, nil); len(got) != 2 {
		t.Errorf("%d lines of title, want 2: %v", len(got), got)
	}
	wide := []textLine{set("Về việc mở thêm quầy tại các điểm lưu động của tỉnh", 210, 1390, 400), set("Và các xã", 650, 950, 440), lines[2], lines[3]}
	if got := titleLines(wide, nil); len(got) != 2 {
		t.Errorf("%d lines of a wide title, want 2", len(got))
	}
}
