package extract

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

// A lone number in a narrow cell is what OCR reads worst: no line of text helps
// it, so "11" comes out as "1", as a quotation mark or as nothing. The rows
// around say what it must be. Only readings that such damage explains are
// settled; a number that was clearly read and does not fit stays, since real
// reports skip and repeat numbers, and a check tells of it.

// settleNumbers fills and mends the numbers of the rows of a known grid.
func (b *builder) settleNumbers(p *Profile, rows []*row) {
	if p.numberColumn() < 0 {
		return
	}
	settleLabels(p, rows)
	var run []*row
	flush := func() {
		settleRun(p, run)
		run = nil
	}
	for i, r := range rows {
		if r.label != "" {
			continue // "1.2" does not count on
		}
		if i > 0 && p.Groups.Sections && r.group != rows[i-1].group {
			flush()
		}
		run = append(run, r)
	}
	flush()
}

// settleLabels gives rows among those that are numbered "1.1", "1.2" the label that
// the rows beside them call for, where no more than its stop was lost ("13"), or
// all of it between two of them.
func settleLabels(p *Profile, rows []*row) {
	labelled := 0
	for _, r := range rows {
		if r.label != "" {
			labelled++
		}
	}
	if labelled < 2 {
		return
	}
	for i := range rows {
		settleLabel(p, rows, i)
	}
	for i := len(rows) - 1; i >= 0; i-- {
		settleLabel(p, rows, i) // from a label that was settled behind it
	}
}

// settleLabel does so for row i.
func settleLabel(p *Profile, rows []*row, i int) {
	r := rows[i]
	if r.label != "" {
		return
	}
	before, behind := labelBeside(rows, i, i-1, 1), labelBeside(rows, i, i+1, -1)
	want := cmp.Or(before, behind)
	read := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, labelDigits.Replace(r.cells[p.numberColumn()].text))
	lost := read == "" && before == behind // all of it, between two that say which
	if want != "" && (lost || read == strings.ReplaceAll(want, ".", "")) {
		r.label, r.number = want, 0
	}
}

// labelDigits are letters and strokes that digits of labels are read as.
var labelDigits = strings.NewReplacer("l", "1", "I", "1", "L", "1", "|", "1", "O", "0", "o", "0")

// labelBeside is the label that row i has if it is step behind row k of the same group;
// "" when that one has none.
func labelBeside(rows []*row, i, k, step int) string {
	if k < 0 || k >= len(rows) || rows[k].label == "" || rows[k].group != rows[i].group {
		return ""
	}
	at := strings.LastIndexByte(rows[k].label, '.')
	n, err := strconv.Atoi(rows[k].label[at+1:])
	if err != nil || n+step < 1 {
		return ""
	}
	return rows[k].label[:at+1] + strconv.Itoa(n+step)
}

// settleRun settles the numbers of rows that count from one to the next.
func settleRun(p *Profile, rows []*row) {
	sure := countingRows(rows)
	if len(sure) == 0 || 2*len(sure) < len(rows) {
		return
	}
	first, last := sure[0], sure[len(sure)-1]
	// Before the first number that counts, and behind the last.
	if n := rows[first].number; n == first+1 {
		for i := range first {
			settle(p, rows[i], i+1)
		}
	}
	for i := last + 1; i < len(rows); i++ {
		// A row without any number there may be one that has none.
		if len(rows[i].cells[p.numberColumn()].words) == 0 && 5*len(sure) < 4*(len(rows)-1) {
			break
		}
		settle(p, rows[i], rows[last].number+i-last)
	}
	for k := 1; k < len(sure); k++ {
		from, to := sure[k-1], sure[k]
		if rows[to].number-rows[from].number != to-from {
			continue
		}
		for i := from + 1; i < to; i++ {
			settle(p, rows[i], rows[from].number+i-from)
		}
	}
}

// countingRows finds the rows whose numbers count best: they rise, and most
// often by as much as there are rows between.
func countingRows(rows []*row) []int {
	best, prev := make([]float64, len(rows)), make([]int, len(rows))
	end := -1
	for i, r := range rows {
		prev[i] = -1
		if r.number == 0 || len(r.shared) > 0 && len(r.shared[0]) > 1 {
			best[i] = -1
			continue
		}
		best[i] = 1
		if r.number == i+1 {
			best[i] += 0.5 // it counts from the first row on
		}
		for j := max(0, i-60); j < i; j++ {
			step := r.number - rows[j].number
			if best[j] < 0 || step < 1 || step > i-j+6 {
				continue
			}
			s := best[j] + 0.4
			if step == i-j {
				s = best[j] + 1.5
			}
			if s > best[i] {
				best[i], prev[i] = s, j
			}
		}
		if end < 0 || best[i] > best[end] {
			end = i
		}
	}
	var out []int
	for i := end; i >= 0; i = prev[i] {
		out = append(out, i)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// settle gives a row the number n, which its neighbours call for, when what was
// read may be what is left of it.
func settle(p *Profile, r *row, n int) {
	if r.number == n {
		return
	}
	text := strings.TrimSpace(r.cells[p.numberColumn()].text)
	if r.number > 0 && !worn(text, strconv.Itoa(n)) {
		return
	}
	if letters(text) > 3 {
		return
	}
	r.settled = n
	if r.number > 0 {
		r.readAs = strconv.Itoa(r.number)
	}
	r.number = n
}

// worn reports whether a reading may be what damage left of a number: digits
// are gone, or stand for strokes.
func worn(read, number string) bool {
	read = strings.Trim(read, " .,|[](){}:;_-'\"")
	if read == "" {
		return true
	}
	if n, ok := field.Ordinal(read); ok && len(read) >= len(number) {
		// As many digits as there should be: one of them may have been taken
		// for another that looks like it.
		return strings.ContainsAny(read, "lIioOSs") || len(number) > 1 && oneDigitOff(strconv.Itoa(n), number)
	}
	i := 0
	for _, c := range []byte(number) {
		if i < len(read) && read[i] == c {
			i++
		}
	}
	return i == len(read)
}

// oneDigitOff reports whether two numbers differ in one digit that OCR
// confuses with the other's.
func oneDigitOff(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	off := 0
	for i := range len(a) {
		if a[i] == b[i] {
			continue
		}
		off++
		if pair := a[i:i+1] + b[i:i+1]; !strings.Contains("17 71 38 83 56 65 08 80 69 96 27 72 49 94 14 41", pair) {
			return false
		}
	}
	return off == 1
}

// settledNumber is the field of a number that follows from the rows around.
func (b *builder) settledNumber(p *Profile, r *row) schema.Field {
	name := strconv.Itoa(r.settled)
	cell := r.cells[p.numberColumn()].trimmed()
	f := b.makeField(name, cell, func(e *Evidence) { e.Format, e.Position = 0.8, r.place(p.numberColumn()) })
	f.Text, f.Confidence = name, min(f.Confidence, 0.7)
	f.State, f.Why = schema.NeedsReview, []string{"position"}
	if r.readAs != "" {
		f.Alternatives = append(f.Alternatives, schema.Alternative{Text: r.readAs, Score: 0.3})
	}
	if len(f.Boxes) == 0 {
		for _, c := range r.cells {
			if len(c.words) > 0 {
				f.Boxes = c.places()[:min(1, len(c.places()))]
				break
			}
		}
	}
	return f
}

// settleGroups gives group rows whose numeral was not read the one that their
// place calls for: letters or figures where most rows have them in a cell of
// their own, as numerals tells, letters where most names have them, roman
// numerals otherwise.
func settleGroups(p *Profile, groups []*schema.Group, numerals []string, numbered bool) {
	if countGroups(groups, numerals) {
		return
	}
	for i, n := range numerals {
		// A letter above groups that roman numerals count.
		if n = strings.Trim(n, " .,:;)(|"); groups[i].Number == "" && (n == "A" || n == "B" || n == "C" || n == "D") {
			groups[i].Number = n
		}
	}
	letter, roman := 0, 0
	for i, g := range groups {
		switch g.Number {
		case "":
		case groupLetter(i):
			letter++
		case field.Roman(i + 1):
			roman++
		}
	}
	// A table whose group rows have no numerals at all is left without.
	if !numbered && letter+roman == 0 && p.Groups.Sections {
		return
	}
	for i, g := range groups {
		if g.Number == "" || len(groups) > 2 && g.Number != field.Roman(i+1) && g.Number != groupLetter(i) && letter+roman >= len(groups)-1 {
			if letter > roman {
				g.Number = groupLetter(i)
			} else {
				g.Number = field.Roman(i + 1)
			}
		}
	}
}

// groupLetter is the letter of a table's group, from 0 on: A to Z, then AA, AB.
func groupLetter(i int) string {
	const letters = 26
	if i < letters {
		return string(rune('A' + i))
	}
	return groupLetter(i/letters-1) + groupLetter(i%letters)
}

// countGroups numbers groups with letters, or with figures, where more than half of
// their numerals count so. A lone "1", or one beside "11", is a stroke of a roman
// numeral.
func countGroups(groups []*schema.Group, numerals []string) bool {
	letter, figure, counts := 0, 0, false
	for i, n := range numerals {
		switch n = strings.Trim(n, " .,:;)(|"); n {
		case groupLetter(i):
			letter++
		case strconv.Itoa(i + 1):
			figure++
			counts = counts || i > 0
		}
	}
	switch {
	case 2*letter > len(groups):
		for i, g := range groups {
			g.Number = groupLetter(i)
		}
	case 2*figure > len(groups) && counts:
		for i, g := range groups {
			g.Number = strconv.Itoa(i + 1)
		}
	default:
		return false
	}
	return true
}
