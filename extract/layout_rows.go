package extract

import (
	"slices"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

// The rows of a lost table are known before its cells: from the wording that
// titles begin with, or from the numbers of the first column. Group rows stand
// between them.

// minGroup is how like a group row a text must be to be one.
const minGroup = 0.62

// findGroups marks the pieces of group rows, which may take several lines and
// have their numeral on a line of its own.
func (l *layout) findGroups() {
	next := 1
	chained := l.chainedGroups()
	for i := 0; i < len(l.pieces); i++ {
		pc := &l.pieces[i]
		if g, ok := chained[i]; ok {
			l.markGroup(g.from, g.to, &g.group)
			i = g.to
			continue
		}
		if l.p.isTotal(pc.text) {
			l.groups[i].total = true
			continue
		}
		if l.groups[i].skip || l.isAnchorText(pc.passage) {
			continue
		}
		text := pc.passage
		from := i
		// A letter or numeral alone, its name behind a rule.
		if len([]rune(pc.text)) <= 4 && pc.lead && i+1 < len(l.pieces) && (l.pieces[i+1].line == pc.line || l.pieces[i+1].line == pc.line+1) && upperShare(l.pieces[i+1].text) > 0.7 && (letters(l.pieces[i+1].text) > 8 || l.p.beginsGroup(l.pieces[i+1].text)) && !l.isAnchorText(l.pieces[i+1].passage) && !l.pieces[i+1].status {
			// Repair makes words of lone strokes; what was read counts.
			if l.p.Groups.Sections && sectionLetter.MatchString(pc.raw()+" ") || isRomanDue(pc.raw(), next) {
				text = concat(pc.asRead(), l.pieces[i+1].passage)
				i++
			}
		}
		if from == i && !pc.lead {
			continue
		}
		g, score := readGroup(l.p, text, next)
		if score < minGroup {
			i = from
			continue
		}
		end := i
		for k := i + 1; g.Declared == nil && k < len(l.pieces) && k <= i+3; k++ {
			n := &l.pieces[k]
			if upperShare(n.text) < 0.75 || letters(n.text) < 9 || n.status || l.isAnchorText(n.passage) || upperShare(text.text) < 0.7 {
				break
			}
			text = concat(text, n.passage)
			g, _ = readGroup(l.p, text, next)
			end = k
		}
		if g.Number == "" && !l.p.Groups.Sections {
			g.Number = field.Roman(next)
		}
		if n, _, ok := field.ReadRoman(g.Number, 0); ok && !l.p.Groups.Sections {
			next = n
		}
		next++
		group := g
		l.markGroup(from, end, &group)
		i = end
	}
}

// markGroup marks the pieces from to to, both included, as a group row.
func (l *layout) markGroup(from, to int, g *schema.Group) {
	l.groups[from].group = g
	for k := from; k <= to; k++ {
		l.groups[k].skip = true
		l.b.groupLines[l.pieces[k].line] = true
	}
}

// beginsGroup reports whether a text begins with a word of group rows.
func (p *Profile) beginsGroup(text string) bool {
	t := field.NewText(text)
	return slices.ContainsFunc(p.Groups.Words, func(w string) bool {
		_, ok := t.FindPrefix(field.NewPhrase(w), 0.85)
		return ok && letters(text) > 4
	})
}

// dropHeads leaves out what stands above the first group row where no row has
// begun: lines of heads that were not recognised.
func (l *layout) dropHeads() {
	for i := range l.pieces {
		if l.groups[i].slot >= 0 {
			return
		}
		if l.groups[i].group != nil {
			for k := range i {
				l.groups[k].skip = true
				l.b.headLines[l.pieces[k].line] = true
			}
			return
		}
	}
}

// trimTop leaves out what stands above the first row that can be no part of it:
// a number stands in the middle of its cells, so a row has hardly more lines
// above its number than there are between it and the next number.
func (l *layout) trimTop() {
	if len(l.slots) < 2 || l.slots[0].anchor < 0 || l.slots[1].anchor < 0 {
		return
	}
	first, second := l.pieces[l.slots[0].anchor].line, l.pieces[l.slots[1].anchor].line
	for i := range l.pieces[:l.slots[0].anchor] {
		if l.groups[i].group != nil {
			return
		}
		if first-l.pieces[i].line > second-first {
			l.groups[i].skip = true
		}
	}
}

func isRomanDue(s string, next int) bool {
	n, _, ok := field.ReadRoman(s, next)
	return ok && n == next
}

func (l *layout) isAnchorText(s passage) bool {
	if l.p.pattern == nil {
		return false
	}
	_, _, _, ok := l.p.pattern.in(s, 6)
	return ok
}

// patternSlots finds the rows by the wording that their titles begin with.
// Numbers must rise; a beginning whose number does not fit into the sequence
// is read as the one that is missing there, if one is.
func (l *layout) patternSlots() {
	type cand struct{ piece, n int }
	var cands []cand
	for i := range l.pieces {
		if l.groups[i].skip {
			continue
		}
		if n, _, _, ok := l.p.pattern.in(l.pieces[i].passage, 6); ok {
			cands = append(cands, cand{i, n})
		}
	}
	// The longest run of rising numbers. A number of 0 could not be read.
	n := len(cands)
	best, prev := make([]int, n), make([]int, n)
	end := -1
	for i := range cands {
		best[i], prev[i] = 1, -1
		if cands[i].n == 0 {
			best[i] = 0
		}
		for j := range i {
			if cands[j].n > 0 && cands[j].n < cands[i].n && best[j]+1 > best[i] {
				best[i], prev[i] = best[j]+1, j
			}
		}
		if end < 0 || best[i] > best[end] {
			end = i
		}
	}
	var chain []cand
	for i := end; i >= 0; i = prev[i] {
		chain = append(chain, cands[i])
	}
	slices.Reverse(chain)
	in := make(map[int]bool)
	for _, c := range chain {
		in[c.piece] = true
	}
	for _, c := range cands {
		if in[c.piece] {
			continue
		}
		at, _ := slices.BinarySearchFunc(chain, c.piece, func(x cand, p int) int { return x.piece - p })
		if at > 0 && at < len(chain) && chain[at].n == chain[at-1].n+2 {
			chain = slices.Insert(chain, at, cand{c.piece, chain[at-1].n + 1})
		}
	}
	for i, c := range chain {
		from := c.n
		if i == 0 {
			from = max(1, c.n-3)
		} else if c.n-chain[i-1].n <= 6 {
			from = chain[i-1].n + 1
		}
		for m := from; m < c.n; m++ {
			l.slots = append(l.slots, slot{number: m, anchor: -1})
		}
		l.groups[c.piece].slot = len(l.slots)
		l.slots = append(l.slots, slot{number: c.n, anchor: c.piece})
	}
}

// bindGroups gives slots their groups and group marks the first slot behind
// them.
func (l *layout) bindGroups() {
	var current *schema.Group
	next := 0
	for i := range l.pieces {
		if g := l.groups[i].group; g != nil {
			current = g
			// Slots without a beginning that lie between stay with the rows
			// before the group, but for those of a numbering that begins anew.
			after := next
			for after < len(l.slots) && l.slots[after].anchor < i && l.slots[after].anchor >= 0 {
				after++
			}
			if l.p.Groups.Sections {
				for k := after; k < len(l.slots) && l.slots[k].anchor < 0; k++ {
					if l.slots[k].number == 1 {
						after = k
						break
					}
					l.slots[k].group = prevGroup(l.slots, k)
					after = k + 1
				}
			}
			l.groups[i].after = after
		}
		if s := l.groups[i].slot; s >= 0 {
			for k := next; k <= s; k++ {
				if l.slots[k].group == nil {
					l.slots[k].group = current
				}
			}
			next = s + 1
		}
	}
	for k := next; k < len(l.slots); k++ {
		l.slots[k].group = current
	}
}

func prevGroup(slots []slot, k int) *schema.Group {
	if k > 0 {
		return slots[k-1].group
	}
	return nil
}
