package extract

import (
	"testing"

	"github.com/sohoa/sohoa/extract/field"
)

// Labels, sums and what cells of a column begin with vote for the order in which they stand on a line;
// bare figures do where heads give a unit of money.
func TestRowsVoteOnColumns(t *testing.T) {
	phrases := func(of ...string) []field.Phrase { return field.NewPhrases(of...) }
	p := &Profile{
		Columns: []Column{{Field: "results", Type: TypeText, Status: true}, {Field: "status", Type: TypeStatus}, {Field: "benefits", Type: TypeText}, {Field: "cost", Type: TypeText, Amounts: true}},
		starts:  [][]field.Phrase{phrases("Đến nay"), nil, phrases("Giúp"), nil},
		words:   [][]field.Phrase{nil, nil, phrases("tiết kiệm"), nil},
	}
	const results, status, benefits, cost = 0, 1, 2, 3
	heads := []blockHead{{col: results}, {col: status}, {col: benefits}, {col: cost}}
	item := func(text string, kind itemKind) rowItem { return rowItem{passageOf(text), kind} }
	row := []rowItem{
		item("Giúp thợ lò bớt thức đêm", itemText), item("1.250", itemFigure), item("Hoàn thành", itemLabel), item("Đến nay nung được ba mẻ", itemText),
	}
	for _, unit := range []bool{false, true} {
		before := make([][]float64, len(heads))
		for i := range before {
			before[i] = make([]float64, len(heads))
		}
		newVoting(p, heads, unit).addTo(before, [][]rowItem{row, row})
		for _, pair := range [][2]int{{benefits, status}, {status, results}, {benefits, results}} {
			if before[pair[0]][pair[1]] <= 0 || before[pair[1]][pair[0]] != 0 {
				t.Errorf("unit %v: %.2f for the right order of %v, %.2f for the other", unit, before[pair[0]][pair[1]], pair, before[pair[1]][pair[0]])
			}
		}
		if got := before[benefits][cost] > 0; got != unit {
			t.Errorf("unit %v: a bare figure votes: %v", unit, got)
		}
	}
}

// A head of more lines than one beside it stands above it and below: that says nothing of
// their order.
func TestHigherHeadsAreNotFirst(t *testing.T) {
	x := &headBlock{texts: true, words: make([][]blockWord, 3)}
	for i := range x.words {
		x.words[i] = make([]blockWord, 3)
	}
	none := func(int) bool { return false }
	low := &blockHead{usual: 1, at: []blockPlace{{1, 1}}}
	high := &blockHead{usual: 1, at: []blockPlace{{0, 0}, {2, 0}}}
	above := &blockHead{usual: 1, at: []blockPlace{{0, 0}}}
	if s := x.ahead(high, low, none); s != 0 {
		t.Errorf("a head around another: %.2f", s)
	}
	if s := x.ahead(above, low, none); s <= 0 {
		t.Errorf("a head above another: %.2f", s)
	}
}
