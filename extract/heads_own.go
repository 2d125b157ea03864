package extract

import (
	"slices"
	"strings"
)

// A table whose heads are not those of its profile is read with a profile of its own: the
// columns that it has, in its order. Its rows then get the columns of the profile again.

// leastCovered is the share of a block's letters that must be heads of the profile.
const leastCovered = 0.6

// wholeCovered is the share from which on they are all that the table has.
const wholeCovered = 0.85

// ownHeads finds the profile whose heads a block of a section holds, with the table's
// columns in the table's order.
func (b *builder) ownHeads(s *section, from int, known bool) (headRegion, bool) {
	like := wordLikes{}
	blocks := b.headBlocks(s, from)
	// Heads that are usual in known grids alone say less in lines that run into each
	// other: they count where the others make no table. Those that are only like a wording
	// say still less: they count where no heads of any profile are known.
	likes := newHeadLikes()
	for pass := range 3 {
		if pass > 1 && known {
			break
		}
		for _, block := range blocks {
			if block.asGrid = pass > 0; pass > 1 {
				block.likes = likes
			}
			if h, ok := b.ownHeadsOf(&block, like); ok {
				b.sharesInOrder(&h, s.to)
				return h, true
			}
		}
	}
	return headRegion{}, false
}

// inPlaceOf reports whether a table's own heads stand where those of a known one were found,
// or below a title whose words were taken for heads: less than they name.
func (h *headRegion) inPlaceOf(known *headRegion) bool {
	const below = 6 // lines
	return h.from <= known.to || h.from <= known.to+below && count(known.found) < len(h.own.cols)
}

// differs reports whether a table's own columns are others than those that were found of
// a profile: another profile's, more of them, or in another order.
func (h *headRegion) differs(known *headRegion) bool {
	if h.own.of.Name != known.profile.Name {
		return !h.own.cut || len(h.own.cols) > count(known.found)
	}
	if h.own.torn && !h.own.surerThan(known) {
		return false
	}
	cols := h.own.cols
	if len(cols) > count(known.found)+1 || slices.ContainsFunc(cols, unknownColumn) {
		return true
	}
	return !slices.IsSorted(cols) || slices.ContainsFunc(cols, func(c int) bool { return h.own.of.Columns[c].Seldom })
}

// tellWhole notes among heads that were found of a profile those that the table's block of
// heads holds, where it holds nothing else.
func (h *headRegion) tellWhole(own *headRegion) {
	if own.own.of.Name != h.profile.Name || own.from > h.to || !own.whole {
		return
	}
	h.whole = true
	for _, col := range own.profile.Columns { // the known profile has no columns that are seldom
		if c := h.profile.column(func(c *Column) bool { return c.Field == col.Field }); c >= 0 {
			h.found[c] = true
		}
	}
}

// surerThan reports whether columns that torn heads name may take the place of those that
// were found of the same profile. What torn heads do not name may be what was torn: where
// they lack a column that all such tables have, or part a number from its whole, the
// profile's columns stay; likewise where lines may be heads or the first row's and name a
// column that is not known.
func (o *ownColumns) surerThan(known *headRegion) bool {
	const beside = 2 // with their share between them
	if o.cut && slices.ContainsFunc(o.cols, unknownColumn) {
		return false
	}
	for c, col := range o.of.Columns {
		if col.Required && known.found[c] && !slices.Contains(o.cols, c) {
			return false
		}
		if len(col.Share) != 2 {
			continue
		}
		at := func(name string) int {
			return slices.Index(o.cols, o.of.column(func(c *Column) bool { return c.Field == name }))
		}
		part, whole := at(col.Share[0]), at(col.Share[1])
		if part >= 0 && whole >= 0 && max(part-whole, whole-part) > beside {
			return false
		}
	}
	return true
}

// ownHeadsOf finds the profile whose heads a block holds. Where numbers stand in the middle
// of their rows, the last lines of a block may be the first row's: they go where heads
// explain more of the block without them.
func (b *builder) ownHeadsOf(x *headBlock, like wordLikes) (headRegion, bool) {
	const (
		rowAbove = 6    // lines of a row above its number
		worse    = 0.92 // how much less of a block may be explained with all its lines
	)
	var best headRegion
	top := 0.0
	for cut := 0; cut <= rowAbove && x.to-cut > x.from+x.numbers; cut++ {
		if cut > 0 && !startsUpper(strings.TrimLeft(b.lines[x.to-cut].text, "|[ ")) {
			continue // small letters go on from heads
		}
		block := x.without(cut)
		h, fit := b.fitBlock(&block, like)
		if top == 0 && fit > 0 || worse*fit > top && h.names(&best) && block.to > best.own.last {
			best, top = h, fit
			best.own.cut = cut > 0
		}
	}
	return best, top > 0
}

// names reports whether the own columns of a table have all those of another reading of the
// same heads.
func (h *headRegion) names(o *headRegion) bool {
	return h.own.of.Name == o.own.of.Name && !slices.ContainsFunc(o.own.cols, func(c int) bool { return c >= 0 && !slices.Contains(h.own.cols, c) })
}

// without is the block without its last n lines.
func (x *headBlock) without(n int) headBlock {
	y := *x
	y.to, y.left = y.to-n, n
	y.words = x.words[:len(x.words)-n]
	y.letters = lettersSaid(y.words)
	return y
}

// fitBlock finds the profile whose heads all lines of a block are, and how well it explains
// them; 0 where there is none.
func (b *builder) fitBlock(x *headBlock, like wordLikes) (best headRegion, top float64) {
	gaps := func(line int) bool { return b.lines[x.from+line].gap }
	for i := range b.profiles {
		p := &b.profiles[i]
		heads := x.heads(p, like)
		unknown, covered := x.others(heads)
		heads, strange := partHeads(heads)
		if len(heads) < 2 {
			continue
		}
		unknown, heads = x.adopt(p, heads, unknown, like)
		found := make([]bool, len(p.Columns))
		for _, h := range heads {
			found[h.col] = true
		}
		if c := p.numberColumn(); c >= 0 {
			found[c] = true
		}
		fit := p.fitOfGrid(found) * (0.5 + 0.5*float64(len(heads))/float64(len(heads)+len(unknown)))
		if fit < minFit || covered < leastCovered || fit*covered <= top {
			continue
		}
		all := x.inOrder(p, slices.Concat(heads, strange, unknown), gaps, b.rowsBelowHeads(p, x.to, x.end), b.givesUnit(x))
		best, top = b.ownRegion(x, p, all), fit*covered
		best.whole = len(unknown)+len(strange) == 0 && covered >= wholeCovered
	}
	return best, top
}

// unknownColumn reports whether a column of a table is one that its profile does not know.
func unknownColumn(c int) bool { return c < 0 }

// partHeads parts the heads of a profile's columns from those that no report type needs.
func partHeads(all []blockHead) (known, other []blockHead) {
	for _, h := range all {
		if h.other {
			other = append(other, h)
		} else {
			known = append(known, h)
		}
	}
	return known, other
}

// ownRegion makes the region of heads of a block, with a profile of the table's own.
func (b *builder) ownRegion(x *headBlock, p *Profile, heads []blockHead) headRegion {
	cols := []int{}
	if c := p.numberColumn(); c >= 0 {
		cols = append(cols, c)
	}
	for _, h := range heads {
		cols = append(cols, h.col)
	}
	own := p.withColumns(cols)
	r := headRegion{profile: own, own: &ownColumns{of: p, cols: cols, torn: x.torn(heads)}, found: make([]bool, len(own.Columns)), widths: make([]float64, len(own.Columns)), from: x.from, to: x.to, at: map[int]bool{}}
	for _, h := range heads {
		for _, at := range h.at {
			if h.col >= 0 {
				r.own.last = max(r.own.last, x.from+at.line)
			}
		}
	}
	for c := range r.found {
		r.found[c] = true
	}
	for l := x.from; l < x.to; l++ {
		r.at[l] = x.words[l-x.from] != nil || numbersColumns(b.lines[l].text)
	}
	for l := x.from - 1; l >= 0 && l >= x.from-6 && b.lines[l].page == b.lines[x.from].page; l-- {
		r.titles = b.lines[l].text + " " + r.titles
	}
	return r
}

// ownColumns are the columns of a table: which they are of a profile, from left to right.
type ownColumns struct {
	of   *Profile
	cols []int // noPlace for a column that it does not know, figuresElse for one of figures
	torn bool  // its heads stand in each other's lines
	last int   // line of the last word of a head that a wording knows
	cut  bool  // lines above the first number were taken for the first row's
}

// restore gives rows the columns of the profile again. What stands in columns that it
// does not know has no place there.
func (o *ownColumns) restore(rows []*row) {
	for _, r := range rows {
		one := *r
		r.cells, r.position, r.shared, r.units = make([]passage, len(o.of.Columns)), map[int]float64{}, map[int][]*row{}, map[int]string{}
		r.absent = make(map[int]bool)
		for c := range o.of.Columns {
			r.absent[c] = !slices.Contains(o.cols, c)
		}
		for c, to := range o.cols {
			if to < 0 {
				continue
			}
			r.cells[to] = one.cells[c]
			if v, ok := one.position[c]; ok {
				r.position[to] = v
			}
			if v, ok := one.shared[c]; ok {
				r.shared[to] = v
			}
			if v, ok := one.units[c]; ok {
				r.units[to] = v
			}
		}
	}
}

// swap lets two columns of a table change places.
func (o *ownColumns) swap(p *Profile, a, b int) {
	o.cols[a], o.cols[b] = o.cols[b], o.cols[a]
	p.Columns[a], p.Columns[b] = p.Columns[b], p.Columns[a]
	p.heads[a], p.heads[b] = p.heads[b], p.heads[a]
	p.ruled[a], p.ruled[b] = p.ruled[b], p.ruled[a]
	p.grid[a], p.grid[b] = p.grid[b], p.grid[a]
	p.starts[a], p.starts[b] = p.starts[b], p.starts[a]
	p.words[a], p.words[b] = p.words[b], p.words[a]
}

// withoutColumn is the profile without one of its columns.
func (p *Profile) withoutColumn(col int) *Profile {
	var cols []int
	for c := range p.Columns {
		if c != col {
			cols = append(cols, c)
		}
	}
	return p.withColumns(cols)
}

// withColumns is the profile with some of its columns in another order; noPlace stands
// for a column that it does not know.
func (p *Profile) withColumns(cols []int) *Profile {
	own := *p
	own.Columns, own.heads, own.ruled, own.grid, own.starts, own.words = nil, nil, nil, nil, nil, nil
	for _, c := range cols {
		if c < 0 {
			typ := TypeText
			if c == figuresElse {
				typ = TypeMeasure
			}
			own.Columns = append(own.Columns, Column{Type: typ})
			own.heads, own.ruled, own.grid = append(own.heads, nil), append(own.ruled, nil), append(own.grid, nil)
			own.starts, own.words = append(own.starts, nil), append(own.words, nil)
			continue
		}
		own.Columns = append(own.Columns, p.Columns[c])
		own.heads, own.ruled, own.grid = append(own.heads, p.heads[c]), append(own.ruled, p.ruled[c]), append(own.grid, p.grid[c])
		own.starts, own.words = append(own.starts, p.starts[c]), append(own.words, p.words[c])
	}
	// Labels stand in the column of statuses, in the words that offices use there.
	if own.has(TypeStatus) {
		own.statuses, own.labelled = p.labels, true
		for c := range own.Columns {
			own.Columns[c].Status = false
		}
	}
	return &own
}
