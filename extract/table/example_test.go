package table_test

import (
	"fmt"

	"github.com/sohoa/sohoa/extract/table"
	"github.com/sohoa/sohoa/schema"
)

// Seven rules make a table of two rows whose second column is merged.
func ExampleGrids() {
	rules := []schema.Rule{
		{Box: schema.Box{X0: 100, Y0: 100, X1: 900, Y1: 103}},
		{Box: schema.Box{X0: 100, Y0: 200, X1: 400, Y1: 203}},
		{Box: schema.Box{X0: 100, Y0: 300, X1: 900, Y1: 303}},
		{Box: schema.Box{X0: 100, Y0: 100, X1: 103, Y1: 303}, Vertical: true},
		{Box: schema.Box{X0: 400, Y0: 100, X1: 403, Y1: 303}, Vertical: true},
		{Box: schema.Box{X0: 900, Y0: 100, X1: 903, Y1: 303}, Vertical: true},
	}
	for _, g := range table.Grids(rules, 1654, 2339, 200) {
		fmt.Println(g.Rows, "rows,", g.Columns, "columns")
		for _, c := range g.Cells {
			fmt.Printf("row %d, column %d, %d rows high\n", c.Row, c.Col, c.RowSpan)
		}
	}
	// Output:
	// 2 rows, 2 columns
	// row 0, column 0, 1 rows high
	// row 0, column 1, 2 rows high
	// row 1, column 0, 1 rows high
}
