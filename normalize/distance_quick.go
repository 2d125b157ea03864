package normalize

// Nearly all texts that a wording is compared with are far from it, and a table of
// distances costs some hundred times its letters to say so. What is at least between the
// two costs a few instructions a letter: letters and digits alone, those that OCR confuses
// taken for the same, each other difference counted as one, all cells of a row of the table
// in the bits of one word (Myers, "A fast bit-vector algorithm for approximate string
// matching", 1999; Hyyrö's form for whole texts).

// A quick holds what a wording's letters are alike to.
type quick struct {
	alike  [36]uint64 // by letter and digit: the letters of the wording that pass for it
	last   uint64     // the bit of the wording's last letter
	count  int32      // its letters
	glyphs []rune     // letters that two neighbours look like
}

// mostQuick is how many letters the bits of a word hold.
const mostQuick = 64

// freed is what a distance may be less by, at most, for each rune that is not compared and
// for each two letters that look like one: two letters more than the cost of the glyph.
const freed = 2*costLetter - costGlyphs

// newQuick returns nil for wordings that are too long, and for those of other runes than
// letters, digits and spaces.
func newQuick(w *Wording) *quick {
	q := new(quick)
	for _, c := range w.columns[1:] {
		if c.letter == ' ' {
			continue
		}
		if quickPlace(c.letter) < 0 || q.count == mostQuick {
			return nil
		}
		q.last = 1 << q.count
		for _, at := range passFor[quickPlace(c.letter)] {
			q.alike[at] |= q.last
		}
		if c.glyph != none {
			q.glyphs = append(q.glyphs, c.glyph)
		}
		q.count++
	}
	if q.count == 0 {
		return nil
	}
	return q
}

// passFor lists, by the place of a letter or digit, those that OCR confuses with it, itself
// among them.
var passFor = func() (t [36][]uint8) {
	for a := range rune(128) {
		for b := range rune(128) {
			if at, of := quickPlace(a), quickPlace(b); at >= 0 && of >= 0 && swapCosts[a][b] < costLetter {
				t[at] = append(t[at], uint8(of))
			}
		}
	}
	return t
}()

// quickPlace is the place of a letter or digit in [quick], -1 of other runes.
func quickPlace(r rune) int {
	switch {
	case r >= 'a' && r <= 'z':
		return int(r - 'a')
	case r >= '0' && r <= '9':
		return int(r-'0') + 26
	}
	return -1
}

// beyond reports whether all x[:ends[k]] are farther from the wording than limit, in parts
// of a letter. It does not tell of all that are.
func (q *quick) beyond(w *Wording, x []rune, ends []int, limit int32) bool {
	up, down := ^uint64(0), uint64(0) // cells of the row that are one more, or less, than the one before
	apart := q.count                  // the last cell of the row
	less := int32(0)
	var letters runeSet
	i := 0
	for _, end := range ends {
		for ; i < end; i++ {
			r := x[i]
			letters |= bitOf(r)
			if i > 0 {
				if g := likeGlyph(x[i-1], r); g != none && w.letters&bitOf(g) != 0 {
					less += freed
				}
			}
			at := quickPlace(r)
			if at < 0 {
				if r != ' ' {
					less += freed
				}
				continue
			}
			same := q.alike[at]
			vertical := same | down
			horizontal := ((same & up) + up) ^ up | same
			more, fewer := down|^(horizontal|up), up&horizontal
			if more&q.last != 0 {
				apart++
			} else if fewer&q.last != 0 {
				apart--
			}
			more = more<<1 | 1
			up = fewer<<1 | ^(vertical | more)
			down = more & vertical
		}
		least := apart*costLetter - less
		if least <= limit {
			return false
		}
		for _, g := range q.glyphs {
			if letters&bitOf(g) != 0 {
				least -= freed
			}
		}
		if least <= limit {
			return false
		}
	}
	return true
}
