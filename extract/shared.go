package extract

import (
	"strings"

	"github.com/sohoa/sohoa/normalize"
)

// Merged cells leave no trace in lost tables but this: rows of one family
// ("Phân tích tình hình dân cư", "… lao động", "… du lịch") stand one after
// another, all without any text of their own, and behind the last one comes a
// text that speaks of them together.

// minFamily is how many syllables titles of one family share at their start,
// the words of doing that all titles begin with left aside.
const minFamily = 3

var doing = []string{"trien khai", "xay dung", "ung dung", "phat trien", "thuc hien", "to chuc"}

// shareCells finds merged cells over rows of a lost table and gives their text
// to all rows that they cover.
func (b *builder) shareCells(p *Profile, rows []*row) {
	title := p.titleColumn()
	if title < 0 {
		return
	}
	for last := 0; last < len(rows); last++ {
		if filled(rows[last], title) == 0 {
			continue
		}
		first := last
		for first > 0 && filled(rows[first-1], title) == 0 && rows[first-1].group == rows[last].group && sameFamily(p, rows[first-1], rows[last], title) {
			first--
		}
		if last-first < 1 || last-first == 1 && !speaksOfMany(rows[last], title) {
			continue
		}
		family := rows[first : last+1]
		for c := range p.Columns {
			if c == title || p.Columns[c].Type == TypeOrdinal || len(rows[last].cells[c].words) == 0 {
				continue
			}
			for _, r := range family {
				r.cells[c] = rows[last].cells[c]
				r.position[c] = 0.7 * rows[last].place(c) / max(rows[last].place(c), 0.7)
				r.shared[c] = family
			}
		}
	}
}

// filled counts the cells beside number and title that have text.
func filled(r *row, title int) int {
	n := 0
	for c, p := range r.cells {
		if c != title && letters(p.text) > 3 {
			n++
		}
	}
	return n
}

// speaksOfMany looks for "các nội dung này", "các mô hình này".
func speaksOfMany(r *row, title int) bool {
	for c, p := range r.cells {
		if c == title {
			continue
		}
		f := normalize.Fold(p.text)
		if strings.Contains(f, "cac noi dung nay") || strings.Contains(f, "cac mo hinh nay") || strings.Contains(f, "cac nhiem vu nay") {
			return true
		}
	}
	return false
}

func sameFamily(p *Profile, a, b *row, title int) bool {
	x, y := familyWords(p, a.cells[title].text), familyWords(p, b.cells[title].text)
	n := 0
	for n < len(x) && n < len(y) && normalize.Similarity(x[n], y[n]) > 0.7 {
		n++
	}
	return n >= minFamily && n < max(len(x), len(y))
}

func familyWords(p *Profile, title string) []string {
	if p.pattern != nil {
		if _, _, to, ok := p.pattern.find(title, 6); ok {
			title = title[to:]
		}
	}
	f := strings.TrimSpace(normalize.Fold(title))
	for _, d := range doing {
		if rest, ok := strings.CutPrefix(f, d+" "); ok {
			f = rest
			break
		}
	}
	return strings.Fields(f)
}
