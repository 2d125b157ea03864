package extract

import "slices"

// A spacedGap is white between two columns: characters from to, of which nearly no line of
// the rows has print in any.
type spacedGap struct{ from, to int }

// A segment is what stands in a column of a line, or across several.
type segment struct {
	words  [2]int // from to
	column int
	over   int // columns that it stands in, at least 1
}

// spacedGaps finds the white between the columns of lines. Between words of one column
// stands one blank, so white of that width parts columns only where other lines have more
// in its place, with text on both sides. columns is how many there are, 0 where nothing
// tells.
func spacedGaps(lines []spacedLine, columns int) []spacedGap {
	lo, hi := 1<<30, 0
	for i := range lines {
		l := &lines[i]
		lo, hi = min(lo, l.from[0]), max(hi, l.to[len(l.to)-1])
	}
	if hi-lo < 20 || hi > 2000 {
		return nil
	}
	ink, counted := make([]int, hi+1), 0
	for i := range lines {
		l := &lines[i]
		if l.across(hi - lo) {
			continue
		}
		counted++
		for _, piece := range l.pieces() {
			// The ends of a piece may stand off those of others in its column.
			from, to := l.from[piece[0]], l.to[piece[1]-1]
			if piece[1]-piece[0] == 1 && saysYes(l.words[piece[0]].text) {
				// Few rows cross a column, but a cross stands in no gap.
				ink[from] += len(lines)
				continue
			}
			off := min(bend, (to-from-1)/2)
			for k := piece[0]; k < piece[1]; k++ {
				for x := max(l.from[k], from+off); x < min(l.to[k], to-off); x++ {
					ink[x]++
				}
			}
		}
	}
	most := counted / 8 // lines that may have print in a gap
	var gaps []spacedGap
	for x := lo; x < hi; x++ {
		from := x
		for x+1 < hi && ink[x+1] == ink[x] {
			x++
		}
		if ink[x] <= most && from > lo && ink[from-1] > ink[from] && x+1 < hi && ink[x+1] > ink[x] {
			gaps = append(gaps, spacedGap{from, x + 1})
		}
	}
	return joinedGaps(lines, believedGaps(lines, gaps, columns))
}

// joinedGaps makes one of gaps between which nothing stands but the ends of words that
// reach into the white.
func joinedGaps(lines []spacedLine, gaps []spacedGap) (out []spacedGap) {
	for _, g := range gaps {
		last := len(out) - 1
		if last < 0 || g.from-out[last].to > bend+1 || ownColumn(lines, out[last], g) {
			out = append(out, g)
			continue
		}
		out[last].to = g.to
	}
	return out
}

// withoutEmpty makes one of two gaps between which no row has print: what stands there is a
// head that the blank between its words parts.
func withoutEmpty(rows []spacedLine, gaps []spacedGap) (out []spacedGap) {
	for _, g := range gaps {
		last := len(out) - 1
		if last >= 0 && !slices.ContainsFunc(rows, func(l spacedLine) bool {
			for k := range l.words {
				if at := (l.from[k] + l.to[k]) / 2; at >= out[last].middle() && at < g.middle() {
					return true
				}
			}
			return false
		}) {
			out[last].to = g.to
			continue
		}
		out = append(out, g)
	}
	return out
}

// ownColumn reports whether words stand between two gaps, white on both sides.
func ownColumn(lines []spacedLine, a, b spacedGap) bool {
	n := 0
	for i := range lines {
		l := &lines[i]
		for k := range l.words {
			if l.from[k] >= a.from && l.to[k] <= b.to && (k == 0 || l.from[k]-l.to[k-1] > 1) && (k == len(l.words)-1 || l.from[k+1]-l.to[k] > 1) {
				if n++; saysYes(l.words[k].text) {
					return true
				}
			}
		}
	}
	return n > 1
}

// across reports whether a line lies across the columns of a table so wide: one piece, or
// one behind a numeral.
func (l *spacedLine) across(width int) bool {
	pieces := l.pieces()
	if len(pieces) == 2 && rowNumeral.MatchString(l.text(pieces[0][0], pieces[0][1])) {
		return true
	}
	if len(pieces) > 1 {
		return false
	}
	return rowNumeral.MatchString(l.words[0].text) || 2*(l.to[len(l.to)-1]-l.from[0]) > width
}

// believedGaps drops those gaps that lie between words of one column, the worst first,
// since what is white beside it changes when one goes.
func believedGaps(lines []spacedLine, gaps []spacedGap, columns int) []spacedGap {
	const wide = 0.25 // share of the lines with text on both sides
	for {
		worst, at := wide, -1
		if columns > 0 && len(gaps) >= columns {
			worst = 1.1
		}
		for g := range gaps {
			if s := gapShare(lines, gaps, g); s < worst {
				worst, at = s, g
			}
		}
		if at < 0 {
			return gaps
		}
		gaps = slices.Delete(gaps, at, at+1)
	}
}

// gapShare is the share of the lines with several blanks in a gap, of those that have text
// in the columns on both sides, or begin behind it; 1 where no line has.
func gapShare(lines []spacedLine, gaps []spacedGap, g int) float64 {
	left, right := -1, 1<<30
	if g > 0 {
		left = gaps[g-1].middle()
	}
	if g+1 < len(gaps) {
		right = gaps[g+1].middle()
	}
	all, wide := 0, 0
	for i := range lines {
		l := &lines[i]
		k, off := l.border(0, gaps[g])
		if k == len(l.words) || l.from[k] >= right {
			continue
		}
		beside := k > 0 && l.to[k-1] > left
		apart := off <= bend && (k == 0 || l.from[k]-l.to[k-1] > 1)
		switch begins := l.from[k] - gaps[g].to; {
		case beside:
			all++
			if apart {
				wide++
			}
		case apart && begins <= bend && begins >= -bend:
			all++
			wide++
		}
	}
	if all == 0 {
		return 1
	}
	return float64(wide) / float64(all)
}

// middle is the character in the middle of a gap.
func (g spacedGap) middle() int { return (g.from + g.to) / 2 }

// bend is how many characters a column's border may lie off its gap in a line: programs
// that set print of several widths in characters of one push it.
const bend = 2

// cut gives the words of a line to the columns between gaps. bent tells that a border lies
// beside its gap, crossed that there is none.
func (l *spacedLine) cut(gaps []spacedGap) (out []segment, bent, crossed bool) {
	from, column := 0, 0
	for g := range gaps {
		k, off := l.border(from, gaps[g])
		switch {
		case off > bend:
			crossed = crossed || k >= 0
			continue // the segment goes on over the gap
		case off > 0:
			bent = true
		}
		if k > from {
			out = append(out, l.segmentOf(from, k, column, g, gaps))
		}
		from, column = k, g+1
	}
	if from < len(l.words) {
		out = append(out, l.segmentOf(from, len(l.words), column, len(gaps), gaps))
	}
	return out, bent, crossed
}

// segmentOf is the segment of words that stands in columns first to last or some of them.
func (l *spacedLine) segmentOf(from, to, first, last int, gaps []spacedGap) segment {
	for first < last && l.from[from] >= gaps[first].from {
		first++
	}
	for last > first && l.to[to-1] <= gaps[last-1].to {
		last--
	}
	return segment{[2]int{from, to}, first, last - first + 1}
}

// border returns before which word of a line, from the given one on, a gap parts its
// columns, and how many characters the white there lies off the gap.
func (l *spacedLine) border(from int, gap spacedGap) (at, off int) {
	best := -1 << 30
	for k := from; k <= len(l.words); k++ {
		w0, w1 := -1<<20, 1<<20 // the white before the word
		if k > 0 {
			w0 = l.to[k-1]
		}
		if k < len(l.words) {
			w1 = l.from[k]
		}
		common := min(w1, gap.to) - max(w0, gap.from) // negative: how far off it lies
		score := common
		if common > 0 && w1-w0 > 1 {
			score += bend // several blanks are a border rather than one
		}
		if score > best {
			best, at, off = score, k, max(0, 1-common)
		}
	}
	return at, off
}
