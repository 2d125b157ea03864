package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// rulesFrom draws rules at 100 dpi from a plan: each text line is a pair of
// rows of the lattice, "+" corners 100 pixels apart, "-" and "|" rules.
func rulesFrom(plan string) []schema.Rule {
	const step = 100
	var rules []schema.Rule
	for r, line := range strings.Split(strings.Trim(plan, "\n"), "\n") {
		for c := 0; c < len(line); c++ {
			x, y := 50+c/2*step, 50+r/2*step
			switch {
			case line[c] == '-' && r%2 == 0 && c%2 == 1:
				rules = append(rules, schema.Rule{Box: schema.Box{X0: x, Y0: y, X1: x + step, Y1: y + 2}})
			case line[c] == '|' && r%2 == 1 && c%2 == 0:
				rules = append(rules, schema.Rule{Box: schema.Box{X0: x, Y0: y, X1: x + 2, Y1: y + step}, Vertical: true})
			}
		}
	}
	return rules
}

// spans writes the cells as "row,col" with "rows×cols" where not one by one.
func spans(g schema.Grid) string {
	var out []string
	for _, c := range g.Cells {
		s := fmt.Sprintf("%d,%d", c.Row, c.Col)
		if c.RowSpan != 1 || c.ColSpan != 1 {
			s += fmt.Sprintf(":%dx%d", c.RowSpan, c.ColSpan)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestGrids(t *testing.T) {
	tests := []struct {
		name, plan string
		want       []string // spans of each grid; nil when there is no table
		open       string   // "top", "bottom"
	}{
		{name: "plain", plan: `
+-+-+
| | |
+-+-+
| | |
+-+-+`, want: []string{"0,0 0,1 1,0 1,1"}},
		{name: "two-level head", plan: `
+-+-+-+
| |   |
+ +-+-+
| | | |
+-+-+-+
| | | |
+-+-+-+`, want: []string{"0,0:2x1 0,1:1x2 1,1 1,2 2,0 2,1 2,2"}},
		{name: "group row and merged rows", plan: `
+-+-+-+
|     |
+-+-+-+
| | | |
+-+-+ +
| | | |
+-+-+-+`, want: []string{"0,0:1x3 1,0 1,1 1,2:2x1 2,0 2,1"}},
		{name: "no rule at the page break", plan: `
+ + +
| | |
+-+-+
| | |
+-+-+`, want: []string{"0,0 0,1 1,0 1,1"}, open: "top"},
		{name: "cut below", plan: `
+-+-+
| | |
+-+-+
| | |
+ + +`, want: []string{"0,0 0,1 1,0 1,1"}, open: "bottom"},
		{name: "outer rules missing", plan: `
+-+-+-+
  | |  
+-+-+-+
  | |  
+-+-+-+`, want: []string{"0,0 0,1 0,2 1,0 1,1 1,2"}},
		{name: "frame", plan: `
+-+-+
|   |
+-+-+`},
		{name: "underline", plan: `+-+-+`},
		{name: "two tables", plan: `
+-+-+
| | |
+-+-+
     
+-+-+
| | |
+-+-+`, want: []string{"0,0 0,1", "0,0 0,1"}},
		{name: "merged area that is no rectangle", plan: `
+-+-+
| | |
+ +-+
|   |
+-+-+`, want: []string{"0,0 0,1 1,0:1x2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			grids := Grids(rulesFrom(tt.plan), 800, 800, 100)
			var got []string
			for _, g := range grids {
				got = append(got, spans(g))
			}
			if tt.name == "merged area that is no rectangle" {
				// Any division into rectangles will do.
				if len(grids) != 1 || !whole(grids[0]) {
					t.Fatalf("got %q", got)
				}
				return
			}
			if !slices.Equal(got, tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for _, g := range grids {
				if !whole(g) {
					t.Errorf("places not covered once: %s", spans(g))
				}
				if g.OpenTop != (tt.open == "top") || g.OpenBottom != (tt.open == "bottom") {
					t.Errorf("open at the top %v, at the bottom %v", g.OpenTop, g.OpenBottom)
				}
			}
		})
	}
}

// whole reports whether the cells cover each place of the grid once.
func whole(g schema.Grid) bool {
	n := make([]int, g.Rows*g.Columns)
	for _, c := range g.Cells {
		for r := c.Row; r < c.Row+c.RowSpan; r++ {
			for k := c.Col; k < c.Col+c.ColSpan; k++ {
				n[r*g.Columns+k]++
			}
		}
	}
	return !slices.ContainsFunc(n, func(k int) bool { return k != 1 })
}

// A double rule is one border, and a rule that drifts gives each cell the
// side that runs along it.
func TestGridsDoubleAndDrifting(t *testing.T) {
	h := func(x0, x1, y int) schema.Rule {
		return schema.Rule{Box: schema.Box{X0: x0, Y0: y, X1: x1, Y1: y + 2}}
	}
	v := func(y0, y1, x int) schema.Rule {
		return schema.Rule{Box: schema.Box{X0: x, Y0: y0, X1: x + 2, Y1: y1}, Vertical: true}
	}
	rules := []schema.Rule{
		h(100, 500, 100), h(100, 300, 202), h(300, 500, 206), h(100, 500, 300), h(100, 500, 305),
		v(100, 305, 100), v(100, 305, 300), v(100, 305, 500),
	}
	grids := Grids(rules, 800, 800, 200)
	if len(grids) != 1 || spans(grids[0]) != "0,0 0,1 1,0 1,1" {
		t.Fatalf("got %+v", grids)
	}
	for i, want := range []int{203, 207} {
		if got := grids[0].Cells[i].Box.Y1; got != want {
			t.Errorf("cell %d ends at %d, want %d", i, got, want)
		}
	}
}

func FuzzGrids(f *testing.F) {
	f.Add([]byte{10, 10, 90, 12, 10, 10, 12, 90, 50, 10, 52, 90, 90, 10, 92, 90, 10, 90, 90, 92})
	f.Add([]byte{0, 0, 0, 0, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 400 {
			return
		}
		var rules []schema.Rule
		for ; len(data) >= 4; data = data[4:] {
			b := schema.Box{X0: int(data[0]) * 4, Y0: int(data[1]) * 4, X1: int(data[2]) * 4, Y1: int(data[3]) * 4}
			rules = append(rules, schema.Rule{Box: b, Vertical: b.Height() > b.Width()})
		}
		for _, g := range Grids(rules, 1000, 1000, 100) {
			if !whole(g) {
				t.Fatalf("places not covered once: %s in %d×%d", spans(g), g.Rows, g.Columns)
			}
			if len(g.XS) != g.Columns+1 {
				t.Fatalf("%d borders for %d columns", len(g.XS), g.Columns)
			}
		}
	})
}

func TestGridsClose(t *testing.T) {
	var rules []schema.Rule
	table := func(y int, xs ...int) {
		for k := range 4 {
			rules = append(rules, schema.Rule{Box: schema.Box{X0: xs[0], Y0: y + 40*k, X1: xs[len(xs)-1] + 2, Y1: y + 40*k + 2}})
		}
		for _, x := range xs {
			rules = append(rules, schema.Rule{Box: schema.Box{X0: x, Y0: y, X1: x + 2, Y1: y + 122}, Vertical: true})
		}
	}
	table(100, 50, 100, 500, 750)
	table(240, 50, 250, 450, 750) // other columns, 18 pixels below
	shapes := func() (out [][2]int) {
		for _, g := range Grids(rules, 800, 1100, 100) {
			out = append(out, [2]int{g.Rows, g.Columns})
		}
		return out
	}
	if got := shapes(); !slices.Equal(got, [][2]int{{3, 3}, {3, 3}}) {
		t.Errorf("two tables close to each other: %v", got)
	}
	// The same with a rule down both sides is one table with an empty row.
	rules = append(rules, schema.Rule{Box: schema.Box{X0: 50, Y0: 220, X1: 52, Y1: 242}, Vertical: true})
	if got := shapes(); len(got) != 1 {
		t.Errorf("a row between: %v", got)
	}
}
