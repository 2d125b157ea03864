package extract

import "slices"

// A table whose heads are not those of its profile is read with a profile of its own: the
// columns that it has, in its order. Its rows then get the columns of the profile again.

// leastCovered is the share of a block's letters that must be heads of the profile.
const leastCovered = 0.6

// wholeCovered is the share from which on they are all that the table has.
const wholeCovered = 0.85

// ownHeads finds the profile whose heads a block of a section holds, with the table's
// columns in the table's order.
func (b *builder) ownHeads(s *section, from int) (headRegion, bool) {
	like := wordLikes{}
	for _, block := range b.headBlocks(s, from) {
		if h, ok := b.ownHeadsOf(&block, like); ok {
			b.sharesInOrder(&h, s.to)
			return h, true
		}
	}
	return headRegion{}, false
}

// differs reports whether a table's own columns are others than those that were found of
// a profile: another profile's, more of them, or in another order.
func (h *headRegion) differs(known *headRegion) bool {
	if h.own.of.Name != known.profile.Name {
		return true
	}
	if h.own.torn && !h.own.surerThan(known) {
		return false
	}
	if len(h.own.cols) > count(known.found)+1 || slices.Contains(h.own.cols, noPlace) {
		return true
	}
	return !slices.IsSorted(h.own.cols) || slices.ContainsFunc(h.own.cols, func(c int) bool { return h.own.of.Columns[c].Seldom })
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
// profile's columns stay.
func (o *ownColumns) surerThan(known *headRegion) bool {
	const beside = 2 // with their share between them
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

func (b *builder) ownHeadsOf(x *headBlock, like wordLikes) (headRegion, bool) {
	gaps := func(line int) bool { return b.lines[x.from+line].gap }
	var best headRegion
	top := 0.0
	for i := range b.profiles {
		p := &b.profiles[i]
		heads := x.heads(p, like)
		if len(heads) < 2 {
			continue
		}
		unknown, covered := x.others(heads)
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
		all := x.inOrder(p, slices.Concat(heads, unknown), gaps)
		best, top = b.ownRegion(x, p, all), fit*covered
		best.whole = len(unknown) == 0 && covered >= wholeCovered
	}
	return best, top > 0
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
	cols []int // noPlace for a column that it does not know
	torn bool  // its heads stand in each other's lines
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
			if to == noPlace {
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
	own.Columns, own.heads, own.ruled, own.starts, own.words = nil, nil, nil, nil, nil
	for _, c := range cols {
		if c == noPlace {
			own.Columns = append(own.Columns, Column{Type: TypeText})
			own.heads, own.ruled = append(own.heads, nil), append(own.ruled, nil)
			own.starts, own.words = append(own.starts, nil), append(own.words, nil)
			continue
		}
		own.Columns = append(own.Columns, p.Columns[c])
		own.heads, own.ruled = append(own.heads, p.heads[c]), append(own.ruled, p.ruled[c])
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
