package extract_test

import (
	"fmt"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

func ExampleBuild() {
	cell := func(row, col int, text string) schema.Cell {
		return schema.Cell{Text: text, Row: row, Col: col, RowSpan: 1, ColSpan: 1}
	}
	table := schema.Table{
		Pages:    []int{1},
		Columns:  []schema.Field{{Text: "STT"}, {Text: "Mô hình"}, {Text: "Kết quả triển khai"}, {Text: "Kinh phí"}},
		HeadRows: 1,
		Rows: [][]schema.Cell{
			{cell(0, 0, "STT"), cell(0, 1, "Mô hình"), cell(0, 2, "Kết quả triển khai"), cell(0, 3, "Kinh phí")},
			{cell(1, 0, "1"), cell(1, 1, "Mô hình 1: Trạm đọc sách"), cell(1, 2, "HOÀN THÀNH"), cell(1, 3, "2,5 tỷ đồng")},
		},
	}
	r := extract.Build(nil, []schema.Table{table}, extract.Options{})
	for _, rec := range r.Records {
		money := rec.Fields["amounts"].List[0].Value.(schema.Money)
		fmt.Println(rec.Fields["number"].One.Value, rec.Fields["title"].One.Value, rec.Fields["status"].One.Value, money.VND)
	}
	// Output: 1 Trạm đọc sách completed 2500000000
}
