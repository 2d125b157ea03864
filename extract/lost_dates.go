package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
)

// Where a column of days stands among columns of text that OCR read straight across, the
// days are known by what they are. They are taken out of their lines before the rest is
// parted, which language alone tells, and given to the rows on whose lines they stood.

// A lostDate is a day, or what stands for one, on a line of a lost table.
type lostDate struct {
	line  int
	words []word
}

// loneTime matches what stands in a cell of days besides days: "Quý IV/2025", "Tháng 9 năm
// 2025", "Thường xuyên", "Hằng năm".
var loneTime = regexp.MustCompile(`^(quy ([ivx]{1,3}|[1-4])[ /.,-]*(nam )?20[0-9]{2}|thang [0-9]{1,2}[ /.,-]*(nam )?20[0-9]{2}|nam 20[0-9]{2}|(20[0-9]{2}) ?- ?20[0-9]{2}|thuong xuyen|hang (nam|quy|thang|tuan))`)

// beforeText are words behind which a day is part of a sentence, afterText signs.
var beforeText = map[string]bool{"ngay": true, "so": true, "den": true, "tu": true, "thang": true, "va": true, "nam": true, "het": true, "tai": true}

const afterText = ".;,)"

// fewestDates is how many days a column of them has at least.
const fewestDates = 3

// withoutDates is the builder with the days of the table's column taken out of its lines,
// these days, and their column; ok is false where the table has no such column or
// other columns are told apart by what they hold, too.
func (b *builder) withoutDates(h *headRegion, lines []int) (part *builder, dates []lostDate, col int, ok bool) {
	p := h.profile
	col = p.column(func(c *Column) bool { return c.Type == TypeDate })
	if col < 0 || !h.found[col] {
		return b, nil, -1, false
	}
	if !p.withoutColumn(col).allText() {
		return b, nil, -1, false
	}
	copied := *b
	copied.lines = slices.Clone(b.lines)
	for _, i := range lines {
		left, taken := cutDate(b.lines[i].passage)
		if len(taken) == 0 {
			continue
		}
		dates = append(dates, lostDate{i, taken})
		copied.lines[i].passage = left
	}
	return &copied, dates, col, len(dates) >= fewestDates
}

// cutDate takes the day that stands in a cell of its own off a line.
func cutDate(p passage) (left passage, date []word) {
	from, to := -1, -1
	for _, d := range field.Dates(p.text) {
		if k, end := p.wordAt(d.From), p.wordAt(d.To-1)+1; p.standsAlone(k, end) {
			from, to = k, end
			break
		}
	}
	for k := 0; k < len(p.words) && from < 0; k++ {
		m := loneTime.FindString(strings.ToLower(normalize.Fold(strings.TrimLeft(p.text[p.starts[k]:], "|["))))
		if end := k + len(strings.Fields(m)); m != "" && p.standsAlone(k, min(end, len(p.words))) && startsUpperOrDigit(strings.TrimLeft(p.words[k].raw, "|[")) {
			from, to = k, min(end, len(p.words))
		}
	}
	if from < 0 {
		return p, nil
	}
	if from > 0 && strings.ToLower(normalize.Fold(letterCore(p.words[from-1].raw))) == "truoc" {
		from--
	}
	date = slices.Clone(p.words[from:to])
	// A bar before the day stays, so that what follows begins a cell.
	rest := slices.Clone(p.words[:from])
	for k, w := range p.words[to:] {
		if k == 0 && from > 0 && !strings.HasPrefix(w.text, "|") {
			w.text, w.raw = "|"+w.text, "|"+w.raw
		}
		rest = append(rest, w)
	}
	return newPassage(rest).asWideAs(p), date
}

// asWideAs is a line of which something was taken out, as wide as it was printed: that
// tells how many columns share it.
func (p passage) asWideAs(printed passage) passage {
	if n := utf8.RuneCountInString(printed.text) - utf8.RuneCountInString(p.text); n > 0 {
		p.text += strings.Repeat(" ", n)
	}
	return p
}

func startsUpperOrDigit(s string) bool {
	return s != "" && (startsUpper(s) || s[0] >= '0' && s[0] <= '9')
}

// standsAlone reports whether the words from to to are no part of a sentence.
func (p passage) standsAlone(from, to int) bool {
	end := p.words[to-1].text
	if strings.ContainsAny(end[len(end)-1:], afterText) || strings.HasPrefix(p.words[from].text, "(") {
		return false
	}
	return from == 0 || strings.HasPrefix(p.words[from].raw, "|") || !beforeText[strings.ToLower(normalize.Fold(letterCore(p.words[from-1].text)))]
}

// putDates gives the days of a table to its rows, in column col: to the row of which other
// words stand on the line, else to the nearest one.
func putDates(rows []*row, dates []lostDate, col int) {
	for _, r := range rows {
		r.cells = slices.Insert(r.cells, col, passage{})
		r.position, r.shared = behind(r.position, col), behind(r.shared, col)
	}
	for _, d := range dates {
		if r, far := nearestRow(rows, d.line); r != nil {
			r.cells[col] = concat(r.cells[col], newPassage(d.words))
			if r.position[col] = dateNear; far == 0 {
				r.position[col] = dateOnLine
			}
		}
	}
}

// nearestRow is the row of which a word is nearest to a line, and how many lines away it
// is; nil where there is none.
func nearestRow(rows []*row, line int) (near *row, far int) {
	for _, r := range rows {
		if n := r.distance(line); near == nil || n < far {
			near, far = r, n
		}
	}
	return near, far
}

// behind gives what is known of columns to where they stand behind a new column col.
func behind[T any](known map[int]T, col int) map[int]T {
	moved := make(map[int]T, len(known))
	for c, v := range known {
		if c >= col {
			c++
		}
		moved[c] = v
	}
	return moved
}

// How sure it is that a day is a row's of which other words stand on its line, or near it.
const dateOnLine, dateNear = 0.95, 0.6

// distance is how many lines a row's nearest word is away from a line.
func (r *row) distance(line int) int {
	least := 1 << 30
	for _, c := range r.cells {
		for i := range c.words {
			least = min(least, max(c.words[i].line-line, line-c.words[i].line))
		}
	}
	return least
}
