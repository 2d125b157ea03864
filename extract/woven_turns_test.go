package extract

import "testing"

// waysOver makes a way over lines that reads the given columns on each.
func waysOver(cols [][]int) (*weaver, *weave) {
	w := &weaver{lines: make([]wovenLine, len(cols))}
	end := &weave{}
	for _, on := range cols {
		var parts []part
		for k, c := range on {
			parts = append(parts, part{int32(c), int32(k), int32(k + 1)})
		}
		end.newTrack = &track{row: 0, parts: parts, prev: end.newTrack}
	}
	return w, end
}

// Cells of which every other line holds one take turns; those that stand side by
// side do not, nor does a cell that lost a line.
func TestCellsTakeTurns(t *testing.T) {
	for name, c := range map[string]struct {
		cols [][]int
		want bool
	}{
		"in turns":     {[][]int{{2}, {1, 3}, {2}, {1, 3}, {2}, {1, 3}}, true},
		"side by side": {[][]int{{1, 2, 3}, {1, 2, 3}, {1, 2, 3}, {1, 3}, {1, 2, 3}, {1, 2, 3}}, false},
		"one cell":     {[][]int{{2}, {2}, {2}}, false},
	} {
		w, end := waysOver(c.cols)
		if got := takenTurns([]*weaver{w}, []*weave{end}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// It is the turn of a cell that was left out on the last line and goes on; one that
// is over has none.
func TestOthersTurn(t *testing.T) {
	w := &weaver{turns: true, cols: []int{1, 2}, widths: make([]float64, 3), tails: []tail{{fill: 20}, {fill: 20, over: true}}}
	h := weave{}
	h.strands[1], h.strands[2] = strand{tail: 0, idle: 1}, strand{tail: 0}
	if !w.othersTurn(&h) {
		t.Error("an open cell that was left out has no turn")
	}
	h.strands[1].tail = 1
	if w.othersTurn(&h) {
		t.Error("a cell that is over has a turn")
	}
	h.strands[1], w.turns = strand{tail: 0, idle: 1}, false
	if w.othersTurn(&h) {
		t.Error("cells take turns in a table where they stand side by side")
	}
}
