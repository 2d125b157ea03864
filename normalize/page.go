package normalize

import (
	"github.com/sohoa/sohoa/schema"
)

// Page repairs the words of all lines and cells of a page in place. The
// running text between tables is one context, and so is each cell, since
// words of neighbouring cells do not follow one another.
//
// Words that were glued become two words that share the box and the raw text;
// words that were split become one, with the union of the boxes and a raw text
// with a space. Lines stay as they are.
func (r *Restorer) Page(p *schema.Page) {
	var whole evidence
	body := r.lookAll(p.Lines)
	whole.add(body, 1)
	tables := make([]evidence, len(p.Grids))
	for g := range p.Grids {
		for c := range p.Grids[g].Cells {
			tables[g].add(r.lookAll(p.Grids[g].Cells[c].Lines), 1)
		}
		whole.add(tables[g], 1)
	}
	r.lines(p.Lines, whole)
	for g := range p.Grids {
		// A table may have been made otherwise than the text around it.
		around := whole.scaled(wholePage / 2)
		around.add(tables[g].scaled(wholePage), 1)
		for c := range p.Grids[g].Cells {
			r.lines(p.Grids[g].Cells[c].Lines, around)
		}
	}
}

func (r *Restorer) lookAll(lines []schema.Line) (e evidence) {
	for i := range lines {
		e.add(r.look(&lines[i]), 1)
	}
	return e
}

// Lines repairs lines that follow one another, in place.
func (r *Restorer) Lines(lines []schema.Line) { r.lines(lines, evidence{}) }

func (r *Restorer) lines(lines []schema.Line, page evidence) {
	if len(lines) == 0 {
		return
	}
	d := r.decoders.Get().(*decoder)
	defer r.decoders.Put(d)
	d.r = r
	for i, words := range d.repair(lines, r.survey(lines, page)) {
		out := make([]schema.Word, len(words))
		for k := range words {
			out[k] = words[k].Word
		}
		lines[i].Words = out
	}
}
