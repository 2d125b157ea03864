package extract

import (
	"math"
	"slices"
	"strings"
)

// Where each text stands below its number and the next number beside the text's
// last line, a text that goes on there seems to be the next row's, and so do all
// that follow, until one row has two. Such a run of rows is told by its first,
// whose text is not there or goes on in the next, and by as many texts as rows.

// longestRun is how many rows are aligned anew at once.
const longestRun = 8

// realign gives the texts of such runs to their rows.
func realign(p *Profile, rows []*row) {
	title, num := p.titleColumn(), p.numberColumn()
	if p.pattern != nil || title < 0 || num < 0 {
		return
	}
	anchor := func(i int) int { // the line of a row's number
		if words := rows[i].cells[num].words; len(words) > 0 {
			return words[0].line
		}
		return -1
	}
	for i := range rows {
		if anchor(i) < 0 || !runOff(rows, i, title) {
			continue
		}
		lines := byLine(rows[i].cells[title])
		for k := i + 1; k < len(rows) && k <= i+longestRun && anchor(k) >= 0; k++ {
			lines = append(lines, byLine(rows[k].cells[title])...)
			texts := textsOf(lines)
			if len(texts) > k-i+1 {
				break
			}
			if len(texts) == k-i+1 && fitAnchors(texts, i, len(rows), anchor) {
				for n, text := range texts {
					rows[i+n].cells[title] = concat(text...)
					rows[i+n].position[title] = min(rows[i+n].place(title), 0.7)
				}
				break
			}
		}
	}
}

// runOff reports whether the text of row i went to the next row, all of it or
// its end.
func runOff(rows []*row, i, title int) bool {
	if len(rows[i].cells[title].words) == 0 {
		return true
	}
	return i+1 < len(rows) && startsLower(rows[i+1].cells[title].text) && !ended(rows[i].cells[title].text)
}

// textsOf puts the lines that go on in small letters to those before.
func textsOf(lines []passage) (out [][]passage) {
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b passage) int { return a.words[0].line - b.words[0].line })
	for i := range lines {
		if n := len(out); n == 0 || startsUpper(lines[i].text) {
			out = append(out, lines[i:i+1:i+1])
		} else {
			out[n-1] = append(out[n-1], lines[i])
		}
	}
	return out
}

// fitAnchors reports whether each text begins between the numbers of the rows
// around its own, the first text's being row from.
func fitAnchors(texts [][]passage, from, rows int, anchor func(int) int) bool {
	for n, text := range texts {
		line := text[0].words[0].line
		if n > 0 && line < anchor(from+n-1) || from+n+1 < rows && anchor(from+n+1) >= 0 && line > anchor(from+n+1) {
			return false
		}
	}
	return true
}

// closeNames gives names that close a parenthesis which they never opened the line
// that opens it, where a column of the row beside has that line and no other: it was
// read behind those that it stands between.
func (b *builder) closeNames(p *Profile, rows []*row) {
	title := p.titleColumn()
	if p.pattern != nil || title < 0 || b.opt.Restorer == nil {
		return
	}
	for _, r := range rows {
		r.cells[title] = b.reorder(r.cells[title])
		lacks := -opened(r.cells[title])
		for c := range p.Columns {
			if lacks > 0 && p.Columns[c].Type == TypeText && opened(r.cells[c]) == lacks && len(byLine(r.cells[c])) == 1 {
				r.cells[title] = b.insertLine(byLine(r.cells[title]), r.cells[c])
				r.cells[c] = passage{}
				break
			}
		}
	}
}

// reorder does so within a text that has both lines.
func (b *builder) reorder(text passage) passage {
	lines, open := byLine(text), 0
	for k, l := range lines {
		if open += opened(l); open >= 0 {
			continue
		}
		for j := k + 1; j < len(lines); j++ {
			if opened(lines[j]) == -open && lines[j].words[0].line > lines[j-1].words[0].line {
				return b.insertLine(slices.Delete(slices.Clone(lines), j, j+1), lines[j])
			}
		}
		break
	}
	return text
}

// opened is how many parentheses a text opens more often than it closes them.
func opened(p passage) int { return strings.Count(p.text, "(") - strings.Count(p.text, ")") }

// insertLine puts a line between those of a text where the language model finds that
// it goes on best.
func (b *builder) insertLine(lines []passage, line passage) passage {
	r := b.opt.Restorer
	follows := func(x, y passage) float64 { return r.Follows(r.Ending(x.text), y.text) }
	best, top := len(lines), math.Inf(-1)
	for k := 1; k < len(lines); k++ {
		if s := follows(lines[k-1], line) + follows(line, lines[k]) - follows(lines[k-1], lines[k]); s > top {
			best, top = k, s
		}
	}
	return concat(slices.Insert(lines, best, line)...)
}
