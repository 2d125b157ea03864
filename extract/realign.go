package extract

import "slices"

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
					rows[i+n].cells[title] = text
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

// textsOf joins the lines that go on in small letters with those before.
func textsOf(lines []passage) []passage {
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b passage) int { return a.words[0].line - b.words[0].line })
	var out []passage
	for _, l := range lines {
		if n := len(out); n == 0 || startsUpper(l.text) {
			out = append(out, l)
		} else {
			out[n-1] = concat(out[n-1], l)
		}
	}
	return out
}

// fitAnchors reports whether each text begins between the numbers of the rows
// around its own, the first text's being row from.
func fitAnchors(texts []passage, from, rows int, anchor func(int) int) bool {
	for n, text := range texts {
		line := text.words[0].line
		if n > 0 && line < anchor(from+n-1) || from+n+1 < rows && anchor(from+n+1) >= 0 && line > anchor(from+n+1) {
			return false
		}
	}
	return true
}
