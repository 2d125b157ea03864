package extract

import (
	"regexp"
	"strconv"
)

// Cells often list things as "(1) …; (2) …", each on a line of its own or not. Such
// numbers tell two things where text runs across: a part begins there, and which
// cell it goes on, that with the number before.

// itemMark matches the number of an item at the beginning of a word: "(1)", "2)".
var itemMark = regexp.MustCompile(`^[(\[{]?([1-9][0-9]?)\)`)

// Scores of the items of lists, in points.
const (
	scoreItemNext  = 3.0  // a line begins with the item behind the cell's last
	scoreItemIn    = 1.0  // such an item stands within a line
	scoreItemLate  = -3.0 // the first one stands behind other words of a line
	scoreItemFirst = 2.0  // a cell begins with its first item
	scoreItemLost  = -3.0 // or with another
	scoreItemJump  = -3.0 // an item follows on one that it is not behind
	scoreItemTitle = -4.0 // a title lists nothing
	scoreItemBare  = -4.0 // a part ends with an item's number, and the line goes on
)

// readItems notes the numbers of items among the words of a line, and for each word
// the first from it on that is one, len(words) where none is.
func (x *wovenLine) readItems() {
	n := len(x.words)
	x.item, x.nextItem = make([]int8, n), make([]int, n+1)
	x.nextItem[n] = n
	for k := n - 1; k >= 0; k-- {
		x.nextItem[k] = x.nextItem[k+1]
		if m := itemMark.FindStringSubmatch(x.words[k].raw); m != nil {
			n, _ := strconv.Atoi(m[1]) // two digits
			x.item[k], x.nextItem[k] = int8(n), k
		}
	}
}

// itemScore is what the items among the words from to to of a line say of a cell of
// which last is the last item so far, 0 before any; begun tells whether it has text.
func (x *wovenLine) itemScore(last int8, begun bool, from, to int) float64 {
	s := 0.0
	for k := x.nextItem[from]; k < to; k = x.nextItem[k+1] {
		m := x.item[k]
		switch {
		case k > from && m == 1:
			s += scoreItemLate
		case m == last+1 && last > 0 && k > from:
			s += scoreItemIn
		case m == last+1 && last > 0:
			s += scoreItemNext
		case m == 1 && !begun:
			s += scoreItemFirst
		case last == 0 && !begun:
			s += scoreItemLost
		case m > 1 || last > 0:
			s += scoreItemJump
		}
		if k == to-1 && to < len(x.words) {
			s += scoreItemBare
		}
		last, begun = m, true
	}
	return s
}

// lastItem returns the last item among the words from to to of a line, or last where
// there is none.
func (x *wovenLine) lastItem(last int8, from, to int) int8 {
	for k := x.nextItem[from]; k < to; k = x.nextItem[k+1] {
		last = x.item[k]
	}
	return last
}
