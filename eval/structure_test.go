package eval

import (
	"math"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// table builds a predicted table from rows of texts; spans are given by the
// caller afterwards.
func table(rows ...[]string) *schema.Table {
	t := &schema.Table{Pages: []int{1}, HeadRows: 1}
	for _, row := range rows {
		var cells []schema.Cell
		for _, s := range row {
			cells = append(cells, schema.Cell{Text: s, RowSpan: 1, ColSpan: 1, Boxes: []schema.Place{{Page: 1}}})
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// truth turns a predicted table into a true one.
func truth(t *schema.Table) GoldTable {
	g := GoldTable{Pages: t.Pages, HeadRows: t.HeadRows}
	for _, row := range t.Rows {
		var cells []GoldCell
		for _, c := range row {
			cells = append(cells, GoldCell{Text: c.Text, RowSpan: c.RowSpan, ColSpan: c.ColSpan, Boxes: c.Boxes})
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

func near(t *testing.T, name string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%s = %.6f, want %.6f", name, got, want)
	}
}

func TestStructureOfEqualTables(t *testing.T) {
	p := table([]string{"STT", "Tên"}, []string{"1", "a"})
	p.Rows[1][0].RowSpan = 2
	p.Rows = append(p.Rows, []schema.Cell{{Text: "b", RowSpan: 1, ColSpan: 1}})
	gold := truth(p)
	g, q := goldGrid(&gold), predGrid(p)
	near(t, "GriTS", gritsTop(g, q), 1)
	near(t, "TEDS-S", tedsStruct(g, q), 1)
	if !sameStructure(g, q) {
		t.Error("the same table is said to differ")
	}
	if g.at[2][0] != g.at[1][0] || g.cells[g.at[2][1]].text != "b" {
		t.Errorf("merged cell not laid out: %v", g.at)
	}
}

// One row of three lost: 4 places of 6 agree with all 4 predicted ones.
func TestStructureOfLostRow(t *testing.T) {
	gold := truth(table([]string{"A", "B"}, []string{"1", "x"}, []string{"2", "y"}))
	pred := table([]string{"A", "B"}, []string{"2", "y"})
	g, p := goldGrid(&gold), predGrid(pred)
	near(t, "GriTS", gritsTop(g, p), 2*4.0/(6+4))
	// The true tree has table, thead, tbody, three tr and six td: 12 nodes;
	// the tr and its two td are missing.
	near(t, "TEDS-S", tedsStruct(g, p), 1-3.0/12)
}

// A cell over two columns read as two cells: at its left place the true
// rectangle is 2×1 and the predicted one 1×1, so the likeness is 1/2, and the
// same at its right place; the two other places are equal.
func TestStructureOfTornSpan(t *testing.T) {
	whole := table([]string{"Kinh phí"}, []string{"a", "b"})
	whole.Rows[0][0].ColSpan = 2
	gold := truth(whole)
	pred := table([]string{"Kinh", "phí"}, []string{"a", "b"})
	g, p := goldGrid(&gold), predGrid(pred)
	near(t, "GriTS", gritsTop(g, p), 2*(0.5+0.5+1+1)/(4+4))
	// 8 nodes become 9: one td is renamed and one inserted.
	near(t, "TEDS-S", tedsStruct(g, p), 1-2.0/9)
	if sameStructure(g, p) {
		t.Error("torn span not noticed")
	}
}

func TestCellsWithExtraRow(t *testing.T) {
	gold := truth(table([]string{"STT", "Tên"}, []string{"1", "Định danh điện tử cho công dân"}, []string{"2", "Chữ ký số"}))
	pred := table([]string{"STT", "Tên"}, []string{"Trang 2", ""}, []string{"1", "Định danh điện tử cho công dan"}, []string{"2", "Chữ ký so"})
	var s Scores
	scoreTables([]GoldTable{gold}, []schema.Table{*pred}, &s)
	// Six true cells. One letter of 30 wrong is whole but not exact; one of 9
	// is neither.
	if s.CellsWhole != (Share{5, 6}) || s.CellsExact != (Share{4, 6}) {
		t.Errorf("whole %v, exact %v; want 5 and 4 of 6", s.CellsWhole, s.CellsExact)
	}
	if s.CellChars.Edits != 2 {
		t.Errorf("cell edits %d, want 2", s.CellChars.Edits)
	}
}

func TestCellsOfMissingTable(t *testing.T) {
	gold := truth(table([]string{"STT", ""}, []string{"1", "ab"}))
	far := table([]string{"STT", ""}, []string{"1", "ab"})
	far.Pages = []int{7}
	var s Scores
	scoreTables([]GoldTable{gold}, []schema.Table{*far}, &s)
	if s.CellsWhole != (Share{0, 3}) {
		t.Errorf("whole %v, want 0 of 3: a table on another page is another table", s.CellsWhole)
	}
	near(t, "GriTS", s.GriTS.Value(), 0)
}

func TestRowJoins(t *testing.T) {
	on := func(t *schema.Table, row int, pages ...int) {
		for i := range t.Rows[row] {
			t.Rows[row][i].Boxes = nil
			for _, p := range pages {
				t.Rows[row][i].Boxes = append(t.Rows[row][i].Boxes, schema.Place{Page: p})
			}
		}
	}
	make3 := func() *schema.Table {
		x := table([]string{"STT", "Tên"}, []string{"1", "một hai ba"}, []string{"2", "bốn năm sáu"})
		x.Pages = []int{1, 2, 3}
		return x
	}
	a := make3()
	on(a, 1, 1, 2, 3) // two joins
	on(a, 2, 3)
	gold := truth(a)
	b := make3()
	on(b, 1, 1, 2) // one of them found
	on(b, 2, 2, 3) // and one that is none
	var s Scores
	scoreTables([]GoldTable{gold}, []schema.Table{*b}, &s)
	if want := (Match{Both: 1, Pred: 2, Gold: 2}); s.RowJoins != want {
		t.Errorf("joins %+v, want %+v", s.RowJoins, want)
	}
}
