package extract

import (
	"strings"
	"testing"
)

// Lists go on beyond nine.
func TestItemsOfTwoDigits(t *testing.T) {
	var x wovenLine
	for w := range strings.FieldsSeq("(10) Sửa bến đò. 11) Đắp lề. 12 ha (2025)") {
		x.words = append(x.words, word{text: w, raw: w})
	}
	x.readItems()
	if last := x.lastItem(9, 0, len(x.words)); last != 11 {
		t.Errorf("last item is %d", last)
	}
	if next, first := x.itemScore(9, true, 0, 4), x.itemScore(1, true, 0, 4); next <= first {
		t.Errorf("(10) behind (9) scores %.1f, behind (1) %.1f", next, first)
	}
}
