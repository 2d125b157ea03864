package normalize

import (
	"github.com/sohoa/sohoa/schema"
)

// Page repairs the words of all lines and cells of a page in place. The
// paragraphs of the running text are contexts, and so is each cell, since words
// of neighbouring cells do not follow one another.
//
// Words that were glued become two words that share the box and the raw text;
// words that were split become one, with the union of the boxes and a raw text
// with a space. Lines stay as they are.
//
// On pages that an OCR engine read, the confidences of the words count: what
// the engine doubted is changed more readily, and so is all else, since there
// is more to gain than in text that people typed.
func (r *Restorer) Page(p *schema.Page) { r.PageSeen(p, nil) }

// PageSeen is [Restorer.Page] for a page whose picture can be asked about the marks of
// its words.
func (r *Restorer) PageSeen(p *schema.Page, eyes Eyes) {
	r.page(p, eyes, func(n int, f func(i int)) {
		for i := range n {
			f(i)
		}
	})
}

// PageBy is [Restorer.Page] with the cells of a table repaired as several says, which
// calls a function with the numbers below n, perhaps at a time. The result is the same.
func (r *Restorer) PageBy(p *schema.Page, several func(n int, f func(i int))) {
	r.page(p, nil, several)
}

func (r *Restorer) page(p *schema.Page, eyes Eyes, several func(n int, f func(i int))) {
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
	engine := p.TextSource == schema.FromOCR
	r.lines(p.Lines, whole, engine, eyes)
	for g := range p.Grids {
		// A table may have been made otherwise than the text around it.
		around := whole.scaled(wholePage / 2)
		around.add(tables[g].scaled(wholePage), 1)
		cells := p.Grids[g].Cells
		several(len(cells), func(c int) { r.lines(cells[c].Lines, around, engine, eyes) })
	}
	if engine {
		decimals(p)
	}
}

func (r *Restorer) lookAll(lines []schema.Line) (e evidence) {
	for i := range lines {
		e.add(r.look(&lines[i]), 1)
	}
	return e
}

// Lines repairs lines that follow one another, in place.
func (r *Restorer) Lines(lines []schema.Line) { r.lines(lines, evidence{}, false, nil) }

func (r *Restorer) lines(lines []schema.Line, page evidence, engine bool, eyes Eyes) {
	d := r.decoders.Get().(*decoder)
	defer r.decoders.Put(d)
	d.r = r
	if engine {
		r.cutGlued(lines)
	}
	for len(lines) > 0 {
		n := paragraph(lines)
		for i, words := range d.repair(lines[:n], r.survey(lines[:n], page), engine, eyes) {
			out := make([]schema.Word, len(words))
			for k := range words {
				out[k] = words[k].Word
			}
			lines[i].Words = out
		}
		lines = lines[n:]
	}
}

// paragraph returns how many lines belong together from the first on. Where
// lines are missing in between, by number or by position, or stand empty, the
// words after the gap do not go on with those before it.
func paragraph(lines []schema.Line) int {
	for i := 1; i < len(lines); i++ {
		a, b := &lines[i-1], &lines[i]
		switch {
		case len(b.Words) == 0:
			return i + 1
		case a.Number > 0 && b.Number > a.Number+1:
			return i
		case !a.Box.Empty() && !b.Box.Empty() && b.Box.Y0-a.Box.Y1 > 2*max(a.Box.Height(), b.Box.Height()):
			return i
		}
	}
	return len(lines)
}
