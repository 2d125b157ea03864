package extract

import "testing"

// Torn heads that lack a column that all such tables have, or part a number from its whole,
// say less than the profile's.
func TestTornHeadsKeepColumns(t *testing.T) {
	p := &Profile{Columns: []Column{
		{Field: "number", Type: TypeOrdinal}, {Field: "name", Type: TypeTitle, Required: true},
		{Field: "total", Type: TypeCount, Required: true}, {Field: "online", Type: TypeCount, Required: true},
		{Field: "ratio", Type: TypePercent, Share: []string{"online", "total"}}, {Field: "cost", Type: TypeText},
	}}
	all, few := []bool{true, true, true, true, true, false}, []bool{true, true, true, false, false, false}
	for _, test := range []struct {
		cols  []int
		found []bool
		want  bool
	}{
		{[]int{0, 1, 3, 2, 4, 5}, all, true},
		{[]int{0, 1, 2, 4, 3}, all, true},
		{[]int{0, 1, 2, 4, 5}, all, false},
		{[]int{0, 1, 2, 4, 5}, few, true},
		{[]int{0, 1, 2, 4, 5, 3}, few, false},
	} {
		own := ownColumns{of: p, cols: test.cols}
		if got := own.surerThan(&headRegion{profile: p, found: test.found}); got != test.want {
			t.Errorf("columns %v where %v were found: surer = %v", test.cols, test.found, got)
		}
	}
}

// Heads that wrap begin with a capital, or what was read behind a bar does: words from the
// middle of two heads are none.
func TestWrappedHeadsBeginWithCapitals(t *testing.T) {
	word := func(text string, upper, bar bool) blockWord {
		return blockWord{text: text, read: text, upper: upper, bar: bar}
	}
	for _, test := range []struct {
		first blockWord
		want  int
	}{{word("tien", true, false), 1}, {word("tien", false, true), 1}, {word("tien", false, false), 0}} {
		x := headBlock{words: [][]blockWord{
			{word("hieu", true, true), word("qua", false, false), test.first},
			{word("kinh", true, true), word("phi", false, false), word("do", false, false)},
		}}
		if got := len(x.find([]string{"tien", "do"}, wordLikes{})); got != test.want {
			t.Errorf("%+v: %d heads, want %d", test.first, got, test.want)
		}
	}
}
