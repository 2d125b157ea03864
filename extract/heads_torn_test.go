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

// Where the table's heads are all of the profile's that stand there, it has no other column.
func TestWholeHeads(t *testing.T) {
	columns := []Column{{Field: "number", Type: TypeOrdinal}, {Field: "title", Type: TypeTitle, Required: true}, {Field: "results", Type: TypeText, Required: true}, {Field: "benefits", Type: TypeText}, {Field: "cost", Type: TypeText}}
	p := &Profile{Name: "models", Columns: columns}
	own := headRegion{profile: &Profile{Columns: []Column{columns[0], columns[1], columns[4], {Type: TypeText}}}, own: &ownColumns{of: p}, from: 2, to: 5}
	for _, whole := range []bool{false, true} {
		known := headRegion{profile: p, found: []bool{true, true, false, false, false}, from: 2, to: 4}
		own.whole = whole
		known.tellWhole(&own)
		if known.whole != whole || known.found[4] != whole {
			t.Errorf("whole %v: known whole %v, found %v", whole, known.whole, known.found)
		}
		lacks := p.lacking(known.found, known.found, known.whole)
		// The required one is what OCR destroyed.
		if lacks[2] || lacks[3] != whole || lacks[4] {
			t.Errorf("whole %v: lacks %v", whole, lacks)
		}
	}
}

// A head whose words go to one that no report type needs moves to the next best place,
// also where it is the only one that went.
func TestDisplacedHeadsMove(t *testing.T) {
	word := func(text string, upper bool) blockWord {
		return blockWord{text: text, read: text, upper: upper, bar: upper}
	}
	x := &headBlock{words: [][]blockWord{
		{word("chi", true), word("tieu", false)},
		{word("so", true), word("voi", false), word("ke", false), word("hoach", false), word("ke", true), word("hoach", false)},
	}}
	indicators := profileNamed(t, "indicators")
	target := indicators.column(func(c *Column) bool { return c.Field == "target" })
	for _, h := range x.heads(indicators, wordLikes{}) {
		if h.col == target {
			if h.at[0].word != 4 {
				t.Errorf("the target's head stands at %v, in words of the comparison", h.at)
			}
			return
		}
	}
	t.Error("the target's head was lost to the comparison")
}
