package extract

import (
	"github.com/sohoa/sohoa/normalize"
)

// Heads that stand side by side, each wrapped to lines of its own, are read straight
// across like the cells below them: "Tổng số Chi phí tiết" above "hồ sơ kiệm". A head
// is there, too, when its words stand in runs on lines that follow each other.

// headMargin is how many lines above and below the heads that were found others of
// the same table may have.
const headMargin = 2

// Bounds of how like the words of a head must be: each one, and those of the whole.
const (
	headWordLike  = 0.6
	headRunsLike  = 0.75
	shortRunsLike = 0.9 // of wordings of up to eight letters
)

// addWovenHeads notes the columns of which the heads stand among those that were found,
// with lines of several heads read as one.
func (b *builder) addWovenHeads(r *headRegion, end int) {
	if r.from >= len(b.lines) {
		return // a title ends the document
	}
	var lines [][]string
	for i := max(0, r.from-headMargin); i < min(end, r.to+headMargin) && b.lines[i].page == b.lines[r.from].page; i++ {
		if i >= r.to && b.beginsRows(r.profile, i) {
			break
		}
		lines = append(lines, foldedWords(b.lines[i].text))
	}
	for c := range r.profile.Columns {
		if r.found[c] || r.profile.Columns[c].Type == TypeOrdinal {
			continue
		}
		for _, head := range r.profile.heads[c] {
			words, least := foldedWords(head.String()), headRunsLike
			if letters(head.String()) <= 8 {
				least = shortRunsLike
			}
			if len(words) > 1 && inRuns(words, lines, least) {
				r.found[c] = true
			}
		}
	}
}

// beginsRows reports whether a line begins the first row or group of a table.
func (b *builder) beginsRows(p *Profile, i int) bool {
	words := b.lines[i].words
	if len(words) > 0 && (words[0].text == "1" || words[0].text == "01") {
		return true
	}
	g, score := readGroup(p, b.lines[i].passage, 1)
	return score >= minGroup && (g.Number != "" || g.Declared != nil)
}

// inRuns reports whether the words of a head stand in lines one below the other, each
// line with a run of them, and all are as like as the least in the mean.
func inRuns(head []string, lines [][]string, least float64) bool {
	for from := range lines {
		next, sum := 0, 0.0
		for i := from; i < len(lines) && i < from+len(head) && next < len(head); i++ {
			n, like := longestRunOf(head[next:], lines[i])
			if n == 0 {
				if i == from {
					break
				}
				continue
			}
			next, sum = next+n, sum+like
		}
		if next == len(head) && sum >= least*float64(next) {
			return true
		}
	}
	return false
}

// longestRunOf finds the longest run of a line's words that a head begins with, and
// how like they are in all.
func longestRunOf(head, line []string) (n int, like float64) {
	for at := range line {
		k, sum := 0, 0.0
		for k < len(head) && at+k < len(line) {
			s := normalize.Similarity(head[k], line[at+k])
			if s < headWordLike {
				break
			}
			sum += s
			k++
		}
		if k > n || k == n && sum > like {
			n, like = k, sum
		}
	}
	return n, like
}
