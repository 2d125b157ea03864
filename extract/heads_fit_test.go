package extract

import (
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// fieldsOf fits the heads of a table, a line of cells apart by "|" each, to a built-in
// profile and returns the field of each column.
func fieldsOf(t *testing.T, profile string, year int, heads string, rows ...string) ([]string, []HeadMatch) {
	t.Helper()
	p := profileNamed(t, profile)
	table := &schema.Table{}
	for _, line := range rows {
		var cells []schema.Cell
		for c, text := range strings.Split(line, "|") {
			cells = append(cells, schema.Cell{Row: len(table.Rows), Col: c, RowSpan: 1, ColSpan: 1, Text: strings.TrimSpace(text)})
		}
		table.Rows = append(table.Rows, cells)
	}
	names := strings.Split(heads, "|")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	table.Columns = make([]schema.Field, len(names))
	_, _, matches, _ := p.fitColumns(names, contents(table, len(names)), year)
	var out []string
	for _, m := range matches {
		out = append(out, m.Field)
	}
	return out, matches
}

func profileNamed(t *testing.T, name string) *Profile {
	t.Helper()
	ps := builtIn()
	i := slices.IndexFunc(ps, func(p Profile) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("no profile %q", name)
	}
	return &ps[i]
}

func TestHeadsByTheirSense(t *testing.T) {
	for name, c := range map[string]struct {
		profile string
		year    int
		heads   string
		rows    []string
		want    string
	}{
		"a comparison is no target, last year no result": {
			"indicators", 0, "TT | Chỉ tiêu | ĐVT | TH năm 2024 | Năm 2025 / Chỉ tiêu được HĐND giao | Năm 2025 / Ước TH | So với kế hoạch",
			[]string{"1|Xã có sân chơi|xã|12|20|18|90", "2|Hộ dùng nước sạch|%|70|80|79|98", "3|Bếp ăn bán trú|bếp|4|9|9|100"},
			"number name unit  target progress ",
		},
		"of two plans that of the report's year": {
			"indicators", 2025, "TT | Chỉ tiêu | ĐVT | Kế hoạch năm 2025 | Kế hoạch năm 2026",
			[]string{"1|Xã có sân chơi|xã|12|20", "2|Hộ dùng nước sạch|%|70|80", "3|Bếp ăn bán trú|bếp|4|9"},
			"number name unit target ",
		},
		"names are no units": {
			"indicators", 0, "TT | Chỉ tiêu | Mục tiêu | Kết quả | Đơn vị theo dõi",
			[]string{"1|Xã có sân chơi|12|20|Văn phòng", "2|Hộ dùng nước sạch|70|80|Sở Y tế", "3|Bếp ăn bán trú|4|9|Phòng Giáo dục"},
			"number name target progress ",
		},
		"the end counts, not the start": {
			"tasks", 0, "TT | Nhiệm vụ | Cơ quan chủ trì | Thời gian thực hiện / Bắt đầu | Thời gian thực hiện / Xong trước | Kết quả",
			[]string{"1|Sơn lại cầu phao cũ|Sở Xây dựng|01/02/2025|30/6/2025|Sơn xong hai nhịp đầu.", "2|Thay mái chợ trung tâm|Sở Công Thương|02/3/2025|31/7/2025|Chờ khung thép về kho.", "3|Đào ao trữ nước tưới|Sở Tài chính|01/4/2025|31/8/2025|Ao sâu được ba mét."},
			"number task lead_agency  deadline result",
		},
		"a title that no head names": {
			"tasks", 0, "TT | Mục giao | Cơ quan chủ trì | Kết quả",
			[]string{"1|Sơn lại cầu phao cũ|Sở Xây dựng|Sơn xong hai nhịp đầu.", "2|Thay mái chợ trung tâm|Sở Công Thương|Chờ khung thép về kho.", "3|Đào ao trữ nước tưới|Sở Tài chính|Ao sâu được ba mét."},
			"number task lead_agency result",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := fieldsOf(t, c.profile, c.year, c.heads, c.rows...)
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got %q, want %q", s, c.want)
			}
		})
	}
}

// Columns that are known in part only go to review; heads that begin with a wording and
// say more are plain.
func TestGuessedColumns(t *testing.T) {
	rows := []string{"1|Sơn lại cầu phao cũ|Sở Xây dựng|Sơn xong hai nhịp đầu.", "2|Thay mái chợ trung tâm|Sở Công Thương|Chờ khung thép về kho.", "3|Đào ao trữ nước tưới|Sở Tài chính|Ao sâu được ba mét."}
	p := profileNamed(t, "tasks")
	_, matches := fieldsOf(t, "tasks", 0, "TT | Mục giao | Cơ quan chủ trì của từng phần việc được chia | Kết quả", rows...)
	assigned := make([]int, len(matches))
	for c, m := range matches {
		assigned[c] = p.column(func(col *Column) bool { return col.Field == m.Field })
	}
	for w, guessed := range guessedColumns(p, assigned, matches, nil) {
		if want := p.Columns[w].Field == "task"; guessed != want {
			t.Errorf("%s: guessed is %v, want %v", p.Columns[w].Field, guessed, want)
		}
	}
}

func TestAssignAll(t *testing.T) {
	at := func(scores ...float64) []headFit {
		out := make([]headFit, len(scores))
		for i, s := range scores {
			out[i] = headFit{score: s}
		}
		return out
	}
	for name, c := range map[string]struct {
		scores [][]headFit
		want   []int
	}{
		"both find a column":        {[][]headFit{at(0.9, 0.88), at(0.86, 0)}, []int{1, 0}},
		"a plain one keeps its own": {[][]headFit{at(1, 0.8), at(0.9, 0)}, []int{0, -1}},
		"of equals the first":       {[][]headFit{at(0.9), at(0.9)}, []int{0, -1}},
		"what is unlike stays out":  {[][]headFit{at(0.5, 0.6)}, []int{-1}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := assign(c.scores); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
