package extract

import (
	"slices"

	"github.com/sohoa/sohoa/normalize"
)

// OCR may write lines of a row down before the rows above it: those that it took for
// an area of their own, cell by cell between blank lines, at the head of the page
// or among the lines of another row. Where the first of such blocks is a part of a
// title that the catalogue knows, the blocks go back to its row.

// Limits of blocks that go back.
const (
	strayLetters = 8   // letters of a part of a title, at least
	strayLike    = 0.8 // how like the title's letters they must be
)

// returnStrays returns the pieces with blocks that stand apart from their row put
// behind its beginning; false when there are none.
func (l *layout) returnStrays() ([]piece, bool) {
	if len(l.titled) == 0 {
		return nil, false
	}
	blocks := l.cellBlocks()
	behind := map[int][]piece{} // by piece that they are to stand behind
	moved := make([]bool, len(l.pieces))
	for i := 0; i < len(blocks); i++ {
		s, ok := l.strayTitle(blocks, i)
		if !ok {
			continue
		}
		end := i + 1
		for end < len(blocks) && end-i <= len(l.textColumns()) && blocks[end].page == blocks[i].page && l.mayBeStray(&blocks[end]) {
			end++
		}
		at := l.beginningEnd(s)
		if at >= blocks[i].from && at < blocks[end-1].to {
			continue
		}
		for k := blocks[i].from; k < blocks[end-1].to; k++ {
			behind[at] = append(behind[at], l.pieces[k])
			moved[k] = true
		}
		i = end - 1
	}
	if len(behind) == 0 {
		return nil, false
	}
	var out []piece
	for i, pc := range l.pieces {
		if moved[i] {
			continue
		}
		if i > 0 && (moved[i-1] || len(behind[i-1]) > 0) {
			pc.gap = true
		}
		out = append(append(out, pc), behind[i]...)
	}
	return out, true
}

// mayBeStray reports whether a block may be a cell of a row that stands elsewhere.
func (l *layout) mayBeStray(bl *cellBlock) bool {
	if bl.slot >= 0 || !bl.cell || bl.number || !l.pieces[bl.from].gap {
		return false
	}
	for i := bl.from; i < bl.to; i++ {
		if slices.ContainsFunc(l.pieces[i].words, func(w word) bool { _, in := l.titled[w.src]; return in }) {
			return false
		}
	}
	return true
}

// strayTitle finds the slot of the row, begun elsewhere on the page, whose title
// block i is a part of that does not stand with the row.
func (l *layout) strayTitle(blocks []cellBlock, i int) (slot int, ok bool) {
	bl := &blocks[i]
	if !l.mayBeStray(bl) {
		return 0, false
	}
	text := ""
	for _, pc := range l.pieces[bl.from:bl.to] {
		text += lettersDigits(pc.text)
	}
	if len(text) < strayLetters {
		return 0, false
	}
	best := strayLike
	for s := range l.slots {
		a := l.slots[s].anchor
		if a < 0 || l.wording[s] == "" || l.b.lines[l.pieces[a].line].page != bl.page || l.inBand(s, bl.from) {
			continue
		}
		if like := likestPart(newTitleEntry(l.wording[s]), text); like > best && likestPart(newTitleEntry(l.titledText(s)), text) < strayLike {
			slot, best, ok = s, like, true
		}
	}
	return slot, ok
}

// inBand reports whether piece i stands between the beginning of a row and that of
// the next.
func (l *layout) inBand(s, i int) bool {
	if i < l.slots[s].anchor {
		return false
	}
	for _, o := range l.slots {
		if o.anchor > l.slots[s].anchor && o.anchor <= i {
			return false
		}
	}
	return true
}

// titledText are the words that were found of the title of a row.
func (l *layout) titledText(s int) string {
	var words []word
	for i := range l.pieces {
		for _, w := range l.pieces[i].words {
			if of, in := l.titled[w.src]; in && of == s {
				words = append(words, w)
			}
		}
	}
	return newPassage(words).text
}

// likestPart tells how like a text is to the words of an entry that are likest to it.
func likestPart(e titleEntry, text string) float64 {
	best := 0.0
	for _, from := range e.starts {
		best = max(best, normalize.Similarity(e.text[from:min(from+len(text), len(e.text))], text))
	}
	return best
}

// beginningEnd is the last piece of the lines that a row begins with, up to a blank
// line.
func (l *layout) beginningEnd(s int) int {
	i := l.slots[s].anchor
	for i+1 < len(l.pieces) && !l.pieces[i+1].gap && !l.barrier(i+1) && l.groups[i+1].slot < 0 && l.b.lines[l.pieces[i+1].line].page == l.b.lines[l.pieces[i].line].page {
		i++
	}
	return i
}
