package table

import (
	"fmt"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// typeset returns the boxes of words set in lines of 12 pt at 200 dpi: a row a
// line, each word at its own place.
func typeset(rows [][]schema.Box, pitch int) []schema.Box {
	var out []schema.Box
	for r, row := range rows {
		for _, b := range row {
			out = append(out, schema.Box{X0: b.X0, X1: b.X1, Y0: 300 + r*pitch + b.Y0, Y1: 300 + r*pitch + b.Y0 + 24})
		}
	}
	return out
}

func w(x0, x1 int) schema.Box { return schema.Box{X0: x0, X1: x1} }

func rowsOf(n int, row ...schema.Box) [][]schema.Box {
	var out [][]schema.Box
	for range n {
		out = append(out, row)
	}
	return out
}

func TestGaps(t *testing.T) {
	rule := func(y int) schema.Rule { return schema.Rule{Box: schema.Box{X0: 200, X1: 1500, Y0: y, Y1: y + 2}} }
	text := []schema.Box{w(200, 420), w(430, 700), w(712, 1100), w(1110, 1500)}
	four := []schema.Box{w(200, 380), w(620, 820), w(830, 960), w(1120, 1150), w(1400, 1440)}
	shape := func(gs []schema.Grid) string {
		s := ""
		for _, g := range gs {
			s += fmt.Sprintf("%d×%d ", g.Rows, g.Columns)
			seen := map[[2]int]bool{}
			for _, c := range g.Cells {
				for r := c.Row; r < c.Row+c.RowSpan; r++ {
					for k := c.Col; k < c.Col+c.ColSpan; k++ {
						if seen[[2]int{r, k}] {
							t.Errorf("place %d, %d is covered twice", r, k)
						}
						seen[[2]int{r, k}] = true
					}
				}
			}
			if len(seen) != g.Rows*g.Columns || len(g.XS) != g.Columns+1 || g.Ruled {
				t.Errorf("%d of %d places, %d borders, ruled %v", len(seen), g.Rows*g.Columns, len(g.XS), g.Ruled)
			}
		}
		return s
	}
	for _, c := range []struct {
		name  string
		print []schema.Box
		rules []schema.Rule
		want  string
	}{
		{name: "running text", print: typeset(rowsOf(8, text...), 40)},
		{name: "a table without rules", print: typeset(rowsOf(6, four...), 60), want: "6×4 "},
		{name: "three rows may be chance", print: typeset(rowsOf(3, four...), 60)},
		{name: "two columns are a letterhead or a signature block", print: typeset(rowsOf(6, w(250, 600), w(900, 1400)), 40)},
		{name: "a table between two paragraphs", print: typeset(append(append(rowsOf(3, text...), rowsOf(5, four...)...), rowsOf(3, text...)...), 50), want: "5×4 "},
		{name: "a cell that wraps", print: typeset([][]schema.Box{
			four, four, {{X0: 620, X1: 800, Y0: -28}}, four, four, four,
		}, 60), want: "5×4 "},
		{name: "mostly empty places are no table", print: typeset([][]schema.Box{
			{w(200, 300), w(620, 700), w(1100, 1200)}, {w(200, 300)}, {w(620, 700)}, {w(1100, 1200)}, {w(200, 300)}, {w(620, 700)},
		}, 60)},
		{
			name: "rules above, under the head and below", print: typeset(rowsOf(5, w(200, 380), w(620, 820)), 60),
			rules: []schema.Rule{rule(290), rule(335), rule(590)}, want: "5×2 ",
		},
		{
			name: "a rule under every row, a name over all columns", print: typeset([][]schema.Box{four, {w(200, 900), w(910, 1160)}, four, four, four, four, four, four, four, four, four}, 60),
			rules: []schema.Rule{rule(290), rule(340), rule(400), rule(460), rule(520), rule(580), rule(640), rule(700), rule(760), rule(820), rule(880), rule(940)}, want: "11×4 ",
		},
		{
			name: "two tables, a paragraph between", print: typeset(append(append(rowsOf(3, four...), rowsOf(2, text...)...), rowsOf(3, w(200, 500), w(900, 1000), w(1300, 1480))...), 60),
			rules: []schema.Rule{rule(290), rule(340), rule(400), rule(460), rule(590), rule(640), rule(700), rule(760)}, want: "3×4 3×3 ",
		},
		{
			name: "a rule that wear left two thirds of", print: typeset(rowsOf(3, four...), 60),
			rules: []schema.Rule{rule(290), {Box: schema.Box{X0: 500, X1: 1500, Y0: 340, Y1: 342}}, rule(400), rule(460)}, want: "3×4 ",
		},
		{
			name: "text between rules is no table", print: typeset(rowsOf(6, text...), 60),
			rules: []schema.Rule{rule(290), rule(340), rule(650)},
		},
	} {
		if got := shape(Gaps(c.print, c.rules, nil, 1654, 2339, 200)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	known := []schema.Grid{{Box: schema.Box{X0: 150, Y0: 250, X1: 1550, Y1: 900}}}
	if got := Gaps(typeset(rowsOf(6, four...), 60), nil, known, 1654, 2339, 200); len(got) != 0 {
		t.Errorf("a table within a known one: %v", got)
	}
}

// Rules between rows that wear has shortened at one end or the other, or left a
// few pieces of, are those of one table.
// A head of two lines stands higher than those beside it, by so little less than
// a line that their heights touch.
func TestGapsHeadOfTwoLines(t *testing.T) {
	narrow := []schema.Box{w(200, 380), w(620, 820), w(1120, 1150), w(1400, 1440)}
	print := typeset(append([][]schema.Box{{w(200, 380), w(620, 820), w(1100, 1170), {X0: 1360, X1: 1500, Y0: -21}, {X0: 1400, X1: 1440, Y0: 18}}}, rowsOf(5, narrow...)...), 70)
	gs := Gaps(print, nil, nil, 1654, 2339, 200)
	if len(gs) != 1 || gs[0].Rows != 6 || gs[0].Columns != 4 {
		t.Fatalf("%d tables: %+v", len(gs), gs)
	}
	if head := gs[0].Cells[3].Box; head.X0 > 1360 || head.X1 < 1500 || head.Y0 > 279 {
		t.Errorf("the head of two lines at 1360 to 1500, from 279 down, is read in %v", head)
	}
}

func TestGapsWornRules(t *testing.T) {
	rule := func(y int, from, to int) schema.Rule {
		return schema.Rule{Box: schema.Box{X0: from, X1: to, Y0: y, Y1: y + 2}}
	}
	row := []schema.Box{w(210, 400), w(700, 850), w(1300, 1480)}
	print := typeset(rowsOf(5, row...), 80)
	rules := []schema.Rule{
		rule(280, 500, 700), rule(280, 800, 1000), // a piece of the uppermost
		rule(360, 200, 1300), rule(440, 350, 1500), rule(520, 200, 1250), rule(600, 420, 1480),
		rule(680, 600, 760), rule(680, 900, 1150), // and of the last
	}
	gs := Gaps(print, rules, nil, 1700, 2300, 200)
	if len(gs) != 1 || gs[0].Rows != 5 || gs[0].Columns != 3 {
		t.Errorf("got %d tables: %+v; want one of 5 rows and 3 columns", len(gs), gs)
	}
}
