package pipeline

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/sohoa/sohoa/schema"
)

// columnNumber is the number of a column under its head, "(2)"; inBrackets what
// engines make of it, "@)".
var (
	columnNumber = regexp.MustCompile(`^\(([0-9]{1,2})\)$`)
	inBrackets   = regexp.MustCompile(`^.{0,3}[)\]]$|^[(\[].{0,3}$`)
)

// settleColumnNumbers corrects the numbers of columns that were read from
// pictures: they count up, so that two that were read well tell what the others
// are.
func settleColumnNumbers(tables []schema.Table, pages []schema.Page) {
	for t := range tables {
		n := tables[t].HeadRows - 1
		if n < 1 || n >= len(tables[t].Rows) {
			continue
		}
		row := tables[t].Rows[n]
		first, ok := countsFrom(row)
		if !ok {
			continue
		}
		for i := range row {
			c := &row[i]
			want := fmt.Sprintf("(%d)", c.Col+first)
			if c.Text == want || !inBrackets.MatchString(c.Text) || len(c.Lines) != 1 || len(c.Lines[0].Words) != 1 ||
				pages[c.Lines[0].Page-1].TextSource != schema.FromOCR {
				continue
			}
			// The words belong to the page as well: change a copy.
			c.Lines = slices.Clone(c.Lines)
			l := &c.Lines[0]
			l.Words = slices.Clone(l.Words)
			w := &l.Words[0]
			w.Repairs = append(slices.Clip(w.Repairs), schema.Repair{From: w.Text, To: want, Reason: "columns are numbered in order", Score: 0.95})
			w.Text, c.Text = want, want
		}
	}
}

// countsFrom returns the number of the first column when a row holds nothing
// but column numbers, of which at least two, and a quarter, agree and no two
// disagree.
func countsFrom(row []schema.Cell) (first int, ok bool) {
	votes := map[int]int{}
	for _, c := range row {
		if c.ColSpan > 1 || c.Text != "" && !inBrackets.MatchString(c.Text) {
			return 0, false
		}
		if m := columnNumber.FindStringSubmatch(c.Text); m != nil {
			n, _ := strconv.Atoi(m[1])
			votes[n-c.Col]++
		}
	}
	for f, n := range votes {
		if n > votes[first] || n == votes[first] && f < first {
			first = f
		}
	}
	for f, n := range votes {
		if f != first && n > 1 {
			return 0, false
		}
	}
	return first, votes[first] > 1 && votes[first]*4 >= len(row)
}
