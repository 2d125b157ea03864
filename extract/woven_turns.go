package extract

import "slices"

// Lines are as high in all cells, so between two lines of a cell each other cell that
// goes on has one. Where cells are centred upright and some have an even number of
// lines, others an odd one, they lie half a line off each other: OCR writes down
// their lines in turns. Passing a cell costs nothing there while it is another's
// turn, and one that goes on out of turn is likely another.

// turnsFrom is the share of the lines of cells that stand two lines below those that
// they go on from, where cells take turns. Tables of which the cells lie side by
// side have below a tenth, others a quarter and more.
const turnsFrom = 0.2

// takenTurns reports whether the cells took turns in the round before.
func takenTurns(ws []*weaver, ends []*weave) bool {
	next, far := 0.0, 0.0
	for k, w := range ws {
		if ends[k] == nil {
			continue
		}
		below := map[[2]int]int{} // by row and column: the cell's line below
		i := len(w.lines)
		for t := ends[k].newTrack; t != nil; t = t.prev {
			i--
			for _, p := range t.parts {
				cell := [2]int{t.row, int(p.col)}
				if b, ok := below[cell]; ok && !w.lines[i].block && !w.lines[b].block {
					switch b - i {
					case 1:
						next++
					case 2:
						far++
					}
				}
				below[cell] = i
			}
		}
	}
	return far > 0 && far >= turnsFrom*(next+far)
}

// othersTurn reports whether a cell that goes on was last read on the line before the
// last.
func (w *weaver) othersTurn(h *weave) bool {
	return w.turns && slices.ContainsFunc(w.cols, func(c int) bool {
		st := &h.strands[c]
		return st.tail >= 0 && st.idle == 1 && w.goesBelow(st, c)
	})
}

// goesBelow reports whether a cell's last line is full and its sentence open.
func (w *weaver) goesBelow(st *strand, c int) bool {
	t := &w.tails[st.tail]
	return !t.over && !(w.widths[c] > 0 && t.fill < 0.7*w.widths[c])
}
