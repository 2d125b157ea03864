package extract_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// harbours is a table of five models in two groups, of which three are done.
func harbours() schema.Table {
	return table(1, []string{"STT", "Mô hình", "Trạng thái", "Kết quả triển khai", "Kinh phí (triệu đồng)"},
		[]string{"I", "NHÓM BẾN CÁ (3 MÔ HÌNH)", "", "", ""},
		[]string{"1", "Mô hình 1: Cân cá tự động", "Hoàn thành", "Đã cân 812/900 tàu, đạt 90,2%.", "300"},
		[]string{"2", "Mô hình 2: Kho lạnh dùng chung", "Hoàn thành", "Kho chạy từ tháng 5.", "450"},
		[]string{"3", "Mô hình 3: Sổ nhật ký tàu", "Đang thực hiện", "Đang tập huấn.", "120"},
		[]string{"II", "NHÓM CHỢ QUÊ (2 MÔ HÌNH)", "", "", ""},
		[]string{"4", "Mô hình 4: Mã vạch gian hàng", "Hoàn thành", "Dán cho 40 gian.", "80"},
		[]string{"5", "Mô hình 5: Loa báo giá", "Không đăng ký triển khai", "Không", "-"})
}

// onPage gives the words of a table places on a page.
func onPage(tab *schema.Table, page int) {
	for r := range tab.Rows {
		for c := range tab.Rows[r] {
			cell := &tab.Rows[r][c]
			line := schema.PlacedLine{Page: page}
			for i, w := range strings.Fields(cell.Text) {
				box := schema.Box{X0: 300*c + 20*i, Y0: 50 * r, X1: 300*c + 20*i + 15, Y1: 50*r + 40}
				line.Words = append(line.Words, schema.Word{Text: w, Raw: w, Box: box, Confidence: 0.95})
			}
			cell.Lines = []schema.PlacedLine{line}
		}
	}
}

const harbourText = `Đến nay đã hoàn thành 3 mô hình, đang triển khai 1 mô hình, 1 mô hình không đăng ký.

Các mô hình đã hoàn thành: 1, 2 và 4. Mô hình số 3 đang triển khai tại hai bến.

Tổng vốn là 950 triệu đồng, gồm ngân sách tỉnh 700 triệu đồng, ngân sách xã 250 triệu đồng.

Riêng kho lạnh hết 450.000.000 đồng (Bốn trăm năm mươi triệu đồng).

Đạt 60% (3/5 mô hình).
`

// Each disagreement of a document with itself gives its check, at its place, and no
// other; documents that agree give none.
func TestContradictions(t *testing.T) {
	cell := func(row, col int, text string) func(*schema.Table) {
		return func(tab *schema.Table) { tab.Rows[row][col].Text = text }
	}
	for _, c := range []struct {
		name     string
		from, to string // what the text says otherwise
		table    func(*schema.Table)
		want     string // rules, with the fields that they point at
		line     int    // where the text stands; 0 where the table does
		part     string // of the message
	}{
		{name: "nothing"},
		{name: "a count of the text", from: "hoàn thành 3 mô hình", to: "hoàn thành 4 mô hình", want: "claim status", line: 1, part: "the table has 3"},
		{name: "another status of the count", from: "đang triển khai 1 mô hình", to: "đang triển khai 2 mô hình", want: "claim status", line: 1, part: "has 1 of status in_progress"},
		{name: "a count that the text denies", from: "Đạt 60% (3/5 mô hình).", to: "Còn 4 mô hình chưa hoàn thành các bước."},
		{name: "a whole with its parts", from: "đã hoàn thành 3 mô hình, đang", to: "đang triển khai 5 mô hình, trong đó 3 mô hình đã hoàn thành, đang"},
		{name: "a list that misses one", from: "1, 2 và 4", to: "1 và 4", want: "claim_list status", line: 3, part: "not in the list: 2"},
		{name: "a list with one too many", from: "1, 2 và 4", to: "1-4", want: "claim_list status", line: 3, part: "another status in the table: 3"},
		{name: "a count beside its list", from: "Các mô hình đã hoàn thành: 1, 2 và 4", to: "Có 3 mô hình đã hoàn thành: 1, 2", want: "claim_list status", line: 3, part: "lists 2 numbers as completed and counts 3; not in the list: 4"},
		{name: "the status of one", from: "Mô hình số 3 đang triển khai", to: "Mô hình số 3 đã hoàn thành", want: "claim_list status", line: 3, part: "another status in the table: 3"},
		{name: "a share of its parts", from: "Đạt 60% (3/5", to: "Đạt 80% (3/5", want: "ratio", line: 9, part: "is 60.00 %, the text says 80 %"},
		{name: "a share in a cell", table: cell(2, 3, "Đã cân 812/900 tàu, đạt 95%."), want: "ratio", part: "is 90.22 %"},
		{name: "parts of a sum", from: "xã 250 triệu", to: "xã 350 triệu", want: "parts", line: 5, part: "add up to 1050000000 đồng, the whole is 950000000"},
		{name: "parts that lack some", from: "xã 250 triệu", to: "xã 150 triệu", want: "parts", line: 5, part: "add up to 850000000"},
		{name: "some parts of a sum", from: "gồm ngân sách tỉnh 700 triệu đồng, ngân sách xã 250", to: "trong đó ngân sách tỉnh 600 triệu đồng, ngân sách xã 250"},
		{name: "parts in brackets", from: ", gồm ngân sách tỉnh 700 triệu đồng, ngân sách xã 250 triệu đồng.", to: " (gồm ngân sách tỉnh 700 triệu đồng, ngân sách xã 250 triệu đồng) và vốn vay 90 triệu đồng."},
		{name: "rough parts", from: "xã 250 triệu", to: "xã gần 200 triệu"},
		{name: "a sum in words", from: "(Bốn trăm", to: "(Năm trăm", want: "amount_words", line: 7, part: "450000000 đồng in figures and 550000000 in words"},
		{name: "a number twice", table: func(tab *schema.Table) { cell(4, 0, "2")(tab); cell(4, 1, "Mô hình 2: Sổ nhật ký tàu")(tab) },
			from: "Mô hình số 3 đang", to: "Các xã đang", want: "number_gap number, number_repeated number"},
		{name: "a number missing", table: func(tab *schema.Table) { cell(7, 0, "6")(tab); cell(7, 1, "Mô hình 6: Loa báo giá")(tab) }, want: "number_gap number"},
		{name: "a group's count", table: cell(1, 1, "NHÓM BẾN CÁ (4 MÔ HÌNH)"), want: "declared_count", part: "declares 4, 3 found"},
	} {
		tab := harbours()
		if c.table != nil {
			c.table(&tab)
		}
		onPage(&tab, 2)
		if c.from != "" && !strings.Contains(harbourText, c.from) {
			t.Fatalf("%s: nothing to change", c.name)
		}
		pages := textPages(strings.Replace(harbourText, c.from, c.to, 1))
		got := extract.Build(pages, []schema.Table{tab}, extract.Options{})
		var rules []string
		for _, k := range got.Checks {
			rules = append(rules, strings.TrimSpace(k.Rule+" "+strings.Join(k.Fields, "+")))
			switch {
			case len(k.Places) == 0:
				t.Errorf("%s: %s has no place", c.name, k.Rule)
			case c.line > 0 && (k.Places[0].Line == nil || k.Places[0].Line[0] != c.line):
				t.Errorf("%s: %s stands at %+v, want line %d", c.name, k.Rule, k.Places[0], c.line)
			case c.line == 0 && k.Places[0].Page != 2:
				t.Errorf("%s: %s stands at %+v, want page 2", c.name, k.Rule, k.Places[0])
			}
			if !strings.Contains(k.Message, c.part) {
				t.Errorf("%s: %q lacks %q", c.name, k.Message, c.part)
			}
		}
		slices.Sort(rules)
		if s := strings.Join(rules, ", "); s != c.want {
			t.Errorf("%s: checks %q, want %q\n%+v", c.name, s, c.want, got.Checks)
		}
	}
}

// Total rows are held against the rows that they sum up.
func TestTotals(t *testing.T) {
	p, err := extract.ParseProfile([]byte(`
name: cong-trinh
kind: work
columns:
  - {field: number, type: ordinal, heads: [TT]}
  - {field: name, type: title, heads: [Tên công trình], required: true}
  - {field: houses, type: count, heads: [Số hộ]}
  - {field: cost, type: money, heads: [Vốn (triệu đồng)]}
groups: {words: [Huyện]}
`))
	if err != nil {
		t.Fatal(err)
	}
	head := []string{"TT", "Tên công trình", "Số hộ", "Vốn (triệu đồng)"}
	for _, c := range []struct {
		name string
		rows [][]string
		want string
	}{
		{"agrees", [][]string{{"1", "Đập Sậy", "120", "1.250,5"}, {"2", "Cống Trà", "80", "300"}, {"", "Tổng cộng", "200", "1.550,5"}}, ""},
		{"above the rows", [][]string{{"", "Tổng số", "200", "1.550,5"}, {"1", "Đập Sậy", "120", "1.250,5"}, {"2", "Cống Trà", "80", "300"}}, ""},
		{"counts", [][]string{{"1", "Đập Sậy", "120", "1.250,5"}, {"2", "Cống Trà", "80", "300"}, {"", "Tổng cộng", "201", "1.550,5"}}, "houses 201 200"},
		{"sums", [][]string{{"1", "Đập Sậy", "120", "1.250,5"}, {"2", "Cống Trà", "80", "300"}, {"", "Tổng cộng", "200", "1.650,5"}}, "cost 1650500000 1550500000"},
		{"rounded", [][]string{{"1", "Đập Sậy", "1", "1,4"}, {"2", "Cống Trà", "1", "1,4"}, {"3", "Kè Bần", "1", "1,4"}, {"", "Tổng cộng", "3", "4,3"}}, ""},
		{"in parts", [][]string{{"1", "Đập Sậy", "5", "10"}, {"2", "Cống Trà", "5", "20"}, {"", "Cộng", "10", "30"}, {"3", "Kè Bần", "1", "5"}, {"4", "Bến Gạo", "2", "5"}, {"", "Cộng", "3", "10"}, {"", "Tổng cộng", "13", "40"}}, ""},
		{"one part", [][]string{{"1", "Đập Sậy", "5", "10"}, {"2", "Cống Trà", "5", "20"}, {"", "Cộng", "11", "30"}, {"3", "Kè Bần", "1", "5"}, {"4", "Bến Gạo", "2", "5"}, {"", "Cộng", "3", "10"}}, "houses 11 10"},
		{"merged, once", [][]string{{"1", "Đập Sậy", "5", "100"}, {"2", "Cống Trà", "5", "^"}, {"3", "Kè Bần", "5", "50"}, {"", "Tổng cộng", "15", "150"}}, ""},
		{"merged, twice", [][]string{{"1", "Đập Sậy", "5", "100"}, {"2", "Cống Trà", "5", "^"}, {"3", "Kè Bần", "5", "50"}, {"", "Tổng cộng", "15", "250"}}, "cost 250000000 150000000 counts in each of its rows"},
		{"a figure that cannot be read", [][]string{{"1", "Đập Sậy", "5", "chưa rõ"}, {"2", "Cống Trà", "5", "20"}, {"3", "Kè Bần", "5", "-"}, {"", "Tổng cộng", "15", "90"}}, ""},
		{"parts of rows", [][]string{{"1", "Đập Sậy", "10", "30"}, {"1.1", "Thân đập", "4", "10"}, {"1.2", "Cống xả", "6", "20"}, {"2", "Cống Trà", "5", "5"}, {"", "Tổng cộng", "15", "35"}}, ""},
	} {
		tab := table(1, append([][]string{head}, c.rows...)...)
		onPage(&tab, 1)
		got := extract.Build(nil, []schema.Table{tab}, extract.Options{Profiles: []extract.Profile{p}})
		var told []string
		for _, k := range got.Checks {
			if k.Rule != "total" {
				continue
			}
			told = append(told, k.Fields[0])
			if len(k.Places) == 0 {
				t.Errorf("%s: no place", c.name)
			}
			for _, word := range strings.SplitN(c.want, " ", 4)[min(1, len(c.want)):] {
				if !strings.Contains(k.Message, word) {
					t.Errorf("%s: %q lacks %q", c.name, k.Message, word)
				}
			}
		}
		if want := strings.Fields(c.want + " ")[:min(1, len(c.want))]; fmt.Sprint(told) != fmt.Sprint(want) {
			t.Errorf("%s: told %v, want %v: %+v", c.name, told, want, got.Checks)
		}
	}
}
