package extract

import "testing"

// The third row has no causes and no word of who is responsible; its last cell was read
// one column too far to the left. The others tell that solutions are always there, and
// how they begin.
func TestCellsShareColumns(t *testing.T) {
	p := builtInNamed(t, "benefits")
	column := func(name string) int { return p.column(func(c *Column) bool { return c.Field == name }) }
	var rows []*row
	for range 4 {
		x := &row{cells: make([]passage, len(p.Columns)), position: map[int]float64{}}
		x.cells[column("for_citizens")] = lineOf(0, "Người dân đi đò khỏi chờ lâu")
		x.cells[column("for_businesses")] = lineOf(0, "Doanh nghiệp đỡ thuê người bán vé")
		x.cells[column("shortcomings")] = lineOf(0, "Chưa có mạng ở bến xa")
		x.cells[column("causes")] = lineOf(0, "Do thiếu cột sóng")
		x.cells[column("responsibility")] = lineOf(0, "Sở Xây dựng")
		x.cells[column("solutions")] = lineOf(0, "Tiếp tục dựng cột sóng ở ba bến")
		rows = append(rows, x)
	}
	off := rows[2]
	off.cells[column("causes")] = passage{}
	off.cells[column("responsibility")] = lineOf(0, "Đẩy mạnh đặt mua cột sóng cho bến còn lại")
	off.cells[column("solutions")] = passage{}
	want := off.cells[column("responsibility")].text
	shiftCells(p, rows, make([]bool, len(p.Columns)))
	if got := off.cells[column("solutions")].text; got != want {
		t.Errorf("solutions are %q, want %q", got, want)
	}
	if got := off.cells[column("shortcomings")].text; got != "Chưa có mạng ở bến xa" {
		t.Errorf("shortcomings are %q", got)
	}
	if got := rows[0].cells[column("responsibility")].text; got != "Sở Xây dựng" {
		t.Errorf("a full row changed: %q", got)
	}
}
