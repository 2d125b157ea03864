package extract

import (
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// A layout gives the pieces of a lost table to rows and columns. Rows are known
// beforehand: their beginnings ("Mô hình 25:", or the numbers of the first
// column) are the one thing that OCR leaves recognisable, and the sequence of
// numbers tells which are missing. Everything else is decided together by a
// beam search over all pieces in reading order. A hypothesis is a row and a
// column for every piece so far; it is scored by what the pieces say (their
// types, the column's vocabulary), by how they go on from each other (a
// sentence that is not over, a small letter after it), and by how the eye
// moves over a table: to the right, then to the next row, seldom back.
type layout struct {
	b      *builder
	p      *Profile
	pieces []piece
	slots  []slot
	groups []mark // by piece

	emit   [][]float64 // by piece and column
	starts [][]bool    // by piece and column: begins like a cell of the column
	widths []float64   // by column: how wide its lines are, in letters; 0 when unknown

	heads []float64 // likewise by their heads, or nil

	block      []int  // by piece: number of the block of lines without blank space between
	title, num int    // columns, or -1
	labels     bool   // most rows have a status label
	lacks      []bool // by column: the table has most heads of the profile, but not this one
	beside     []bool // by piece: its line and a neighbour hold text of several columns
	follow     map[[2]int32]float64

	catalogue [][]string            // words of all its entries; nil until asked for
	entries   [][][]string          // by slot: words of the catalogue's entries that its title begins like
	titled    titleWords            // words that the catalogue has in titles
	known     []bool                // by slot: its title's words are among them
	mayTitle  map[*schema.Word]bool // last words of lines, behind a title that another report ends there
	wording   []string              // by slot: the entry that they were found by, or ""
	parts     map[[2]int32]bool
	best      []place
	fixed     []place // by piece: its place in a row that came block by block

	dotted       bool // rows are numbered "1.1" below groups "1"
	numbersFirst bool // rows that came block by block begin with their numbers
}

// A slot is a row that exists, whether its beginning was found or not.
type slot struct {
	number int
	label  string
	anchor int // piece, or -1
	group  *schema.Group
	counts bool // begins where cells count from one, not at a number
}

// A mark is what a piece is besides text of a cell.
type mark struct {
	group *schema.Group // the group row that begins here
	skip  bool          // part of a group row
	slot  int           // the slot whose beginning this is, or -1
	after int           // for groups: first slot behind it
	total bool
}

// maxColumns bounds the columns of a profile: the search compares its
// hypotheses as values, so what they hold has a fixed size. The widest real
// report of the kinds known has thirteen.
const maxColumns = 24

type place struct {
	row, col int
	margin   float64 // lead over the best other place, in points of score
}

const noPlace = -1

// figuresElse stands for a column of figures that the profile does not know.
const figuresElse = -2

// newLayout prepares the search. lacks tells which columns the table does not
// have.
func newLayout(b *builder, p *Profile, lacks []bool, pieces []piece) *layout {
	l := &layout{b: b, p: p, pieces: pieces, lacks: lacks, title: p.titleColumn(), num: p.numberColumn(), widths: make([]float64, len(p.Columns)), follow: map[[2]int32]float64{}, parts: map[[2]int32]bool{}}
	l.groups = make([]mark, len(pieces))
	for i := range l.groups {
		l.groups[i].slot = -1
	}
	l.findGroups()
	if p.pattern != nil {
		l.patternSlots()
	} else {
		l.numberSlots()
		l.addRestarts()
		l.trimTop()
	}
	l.dropHeads()
	l.bindGroups()
	l.block = make([]int, len(l.pieces))
	for i := range l.pieces {
		if i > 0 {
			l.block[i] = l.block[i-1]
			if l.pieces[i].gap {
				l.block[i]++
			}
		}
	}
	l.findBeside()
	l.findEntries()
	l.known, l.wording = make([]bool, len(l.slots)), make([]string, len(l.slots))
	l.mayTitle = map[*schema.Word]bool{}
	l.titled = l.findTitles()
	for _, s := range l.titled {
		l.known[s] = true
	}
	labels := 0
	for i := range l.pieces {
		if l.pieces[i].status {
			labels++
		}
	}
	l.labels = 2*labels > len(l.slots)
	l.evidence()
	return l
}

// findBeside notes the pieces of lines that hold text of several columns where
// the line above or below does so too.
func (l *layout) findBeside() {
	l.beside = make([]bool, len(l.pieces))
	count := func(from int) (end, n int) {
		for end = from; end < len(l.pieces) && l.pieces[end].line == l.pieces[from].line; end++ {
			if !l.pieces[end].junk && !l.groups[end].skip && l.pieces[end].width > 4 {
				n++
			}
		}
		return end, n
	}
	prev, start := 0, 0 // pieces of the line above, and where it begins
	for i := 0; i < len(l.pieces); {
		end, n := count(i)
		near := i > 0 && l.pieces[i].line-l.pieces[i-1].line == 1
		if near && prev+n >= 4 || n >= 3 {
			for k := i; k < end; k++ {
				l.beside[k] = true
			}
		}
		if near && prev+n >= 4 {
			for k := start; k < i; k++ {
				l.beside[k] = true
			}
		}
		prev, start, i = n, i, end
	}
}

func ended(s string) bool {
	s = strings.TrimRight(s, " |\"”’)")
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, ";") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?")
}

func bullet(s string) bool {
	s = strings.TrimLeft(s, " ")
	return strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") || strings.HasPrefix(s, "*") || strings.HasPrefix(s, "(")
}

// rows collects the cells of the best places.
func (l *layout) rows() []*row {
	rows := make([]*row, len(l.slots))
	parts := make([][][]passage, len(l.slots))
	margin := make([][]float64, len(l.slots))
	for r, s := range l.slots {
		rows[r] = &row{number: s.number, label: s.label, cells: make([]passage, len(l.p.Columns)), position: map[int]float64{}, shared: map[int][]*row{}, group: s.group}
		parts[r] = make([][]passage, len(l.p.Columns))
		margin[r] = make([]float64, len(l.p.Columns))
	}
	for i, pl := range l.best {
		if pl.row < 0 || pl.col < 0 || pl.row >= len(rows) {
			continue
		}
		text := l.pieces[i].passage
		// The row's number, glued to a line.
		if n, ok := field.Ordinal(text.words[0].text); ok && len(text.words) > 1 && l.pieces[i].lead && l.p.pattern != nil && n == rows[pl.row].number && l.slots[pl.row].anchor != i {
			text = newPassage(text.words[1:])
		}
		if pl.col == l.title {
			text = tidyTitle(text)
		}
		parts[pl.row][pl.col] = append(parts[pl.row][pl.col], text)
		m := pl.margin
		if len(parts[pl.row][pl.col]) == 1 || m < margin[pl.row][pl.col] {
			margin[pl.row][pl.col] = m
		}
	}
	for r := range rows {
		rows[r].wording = l.wording[r]
		for c, ps := range parts[r] {
			if len(ps) == 0 {
				continue
			}
			rows[r].cells[c] = concat(ps...).trimmed()
			rows[r].position[c] = l.certainty(r, c, margin[r][c])
		}
	}
	return rows
}

// certainty turns a lead in the search into how surely a cell is in its place.
// A beginning that was found makes titles and numbers sure; the rest depends
// on the smallest lead among the cell's pieces.
func (l *layout) certainty(r, c int, margin float64) float64 {
	if c == l.num {
		return 0.97
	}
	base := 0.62 + 0.3*min(margin, 3)/3
	if c == l.title && l.slots[r].anchor >= 0 {
		return max(base, 0.9)
	}
	return base
}

// tidyTitle drops what does not belong to a line of a title: single letters
// and marks at its ends that come from the next column or from rules. What was
// read counts, since repair makes words of strokes.
func tidyTitle(p passage) passage {
	for len(p.words) > 1 && stray(p.words[len(p.words)-1]) && !openRange.MatchString(p.text) {
		p = newPassage(p.words[:len(p.words)-1])
	}
	for len(p.words) > 1 {
		w := p.words[0].text
		if letters(w) == 0 && !strings.ContainsAny(w, "0123456789(“\"") || strings.ContainsAny(w, "»«") {
			p = newPassage(p.words[1:])
			continue
		}
		break
	}
	return p
}

// stray reports whether a word at the end of a line is what OCR made of a rule
// or of the edge of the next column.
func stray(w word) bool {
	const marks = "-–—_|'\"`’‘»«()[]{}"
	for _, s := range []string{w.text, w.raw} {
		core := strings.Trim(s, ".,;:|-–—_'\"`’‘“”»«()[]{}")
		if core == "" && strings.Trim(s, marks) == "" || core == "i" {
			return true
		}
		if len([]rune(core)) == 1 && letters(core) == 1 && upperShare(core) == 0 && !strings.Contains("aoeuy", normalize.Fold(core)) {
			return true
		}
	}
	return false
}
