package extract

import (
	"math"

	"github.com/sohoa/sohoa/extract/field"
)

// Where heads do not tell which of two columns is to the left, the rows do: on a line of
// print, or among cells that came one by one, labels of statuses, sums, names of agencies
// and the words of columns stand as the columns do. Each row votes once on each two
// columns, and what counts is how many times oftener one order is seen than the other.

// Votes of what stands in rows, and what they weigh beside heads on one line (see ahead).
const (
	voteSure   = 1.0 // a label, a sum, a wording that the column's cells begin with
	voteFigure = 0.7 // a bare figure, where heads give a unit of money; an agency
	voteWord   = 0.5 // a word of the column
	voteWeight = 2.0 // of a nat of how much oftener an order is seen
)

// A vote is where a row first has what speaks most for a column, and how surely; a score
// of 0 is none.
type vote struct {
	at    int
	score float64
}

// A voting asks rows about the columns of heads.
type voting struct {
	p      *Profile
	heads  []blockHead
	unit   bool // heads give a unit of money
	labels bool // statuses have a column of their own
	agency bool // one column names agencies
}

func newVoting(p *Profile, heads []blockHead, unit bool) *voting {
	v := &voting{p: p, heads: heads, unit: unit}
	agencies := 0
	for i := range heads {
		if heads[i].col < 0 {
			continue
		}
		switch p.Columns[heads[i].col].Type {
		case TypeStatus:
			v.labels = true
		case TypeAgency:
			agencies++
		}
	}
	v.agency = agencies == 1
	return v
}

// addTo adds to what speaks for each two heads to stand as they do what rows say of it.
func (v *voting) addTo(before [][]float64, rows [][]rowItem) {
	seen := make([][]float64, len(v.heads)) // how often the first stood to the left of the second
	for i := range seen {
		seen[i] = make([]float64, len(v.heads))
	}
	for _, row := range rows {
		votes := v.of(row)
		for a, x := range votes {
			for b, y := range votes {
				if x.score > 0 && y.score > 0 && x.at < y.at {
					seen[a][b] += min(x.score, y.score)
				}
			}
		}
	}
	for a := range seen {
		for b := range seen {
			before[a][b] += voteWeight * max(0, math.Log((seen[a][b]+1)/(seen[b][a]+1)))
		}
	}
}

// of finds, by head, what a row has of its column.
func (v *voting) of(row []rowItem) []vote {
	out := make([]vote, len(v.heads))
	from := 0 // letters of the items before
	for i := range row {
		text := field.NewText(row[i].text)
		for h := range v.heads {
			if v.heads[h].col < 0 {
				continue
			}
			if found := v.ofItem(v.heads[h].col, &row[i], text); found.score > out[h].score {
				out[h] = vote{from + found.at, found.score}
			}
		}
		from += len(row[i].text) + 1
	}
	return out
}

// ofItem finds what an item has of a column.
func (v *voting) ofItem(col int, item *rowItem, text *field.Text) vote {
	c := &v.p.Columns[col]
	switch money := c.Amounts || c.Type == TypeMoney; item.kind {
	case itemLabel:
		if c.Type == TypeStatus || c.Status && !v.labels {
			return vote{0, voteSure}
		}
	case itemSum:
		if money {
			return vote{0, voteSure}
		}
	case itemFigure:
		if money && v.unit && digitsIn(item.text) > 1 && !plainYear.MatchString(item.text) {
			return vote{0, voteFigure}
		}
	case itemText:
		switch {
		case c.Type == TypeText:
			return v.ofWords(col, item, text)
		case c.Type == TypeAgency && v.agency && (shortAgency.MatchString(item.text) || text.BeginsWith(agencyOpenings, 0.84)):
			return vote{0, voteFigure}
		}
	}
	return vote{}
}

// ofWords finds the first wording of a column in an item: one that its cells begin with, or
// else a word of it.
func (v *voting) ofWords(col int, item *rowItem, text *field.Text) (first vote) {
	for _, ph := range v.p.starts[col] {
		for _, hit := range text.FindAll(ph, 0.84) {
			if k := item.wordAt(hit.From); startsUpper(item.words[k].text) && (first.score == 0 || hit.From < first.at) {
				first = vote{hit.From, voteSure}
			}
		}
	}
	if first.score > 0 {
		return first
	}
	for _, ph := range v.p.words[col] {
		for _, hit := range text.FindAll(ph, 0.84) {
			if first.score == 0 || hit.From < first.at {
				first = vote{hit.From, voteWord}
			}
		}
	}
	return first
}

// givesUnit reports whether the heads of a block give a unit of money.
func (b *builder) givesUnit(x *headBlock) bool {
	var parts []passage
	for l := x.from; l < x.to; l++ {
		parts = append(parts, b.lines[l].passage)
	}
	text := concat(parts...).text
	return field.MoneyUnit(text) != "" || field.TornMoneyUnit(text) != ""
}
