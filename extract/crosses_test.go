package extract_test

import (
	"slices"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// Crosses under heads that name statuses say which one a row has; one cross, or a person
// looks.
func TestStatusesByCrosses(t *testing.T) {
	rows := [][]string{
		{"STT", "Tên mô hình", "Kết quả đạt được", "Tình trạng / Đã hoàn thành", "Tình trạng / Đang làm", "Tình trạng / Chưa thực hiện", "Nhân rộng / Có", "Nhân rộng / Khôn g"},
		{"1", "Phao đo mực nước", "Thả sáu phao.", "x", "", "", "x", ""},
		{"2", "Bản đồ giếng khơi", "Vẽ xong ba xã.", "", "X", "-", "", "x"},
		{"3", "Chợ bè trên mạng", "", "☐", "☐", "☑", "x", ""},
		{"4", "Còi báo lũ", "Treo hai còi.", "x", "x", "", "x", ""},
		{"5", "Sổ tàu điện tử", "Ghi chín tàu.", "", "", "", "", ""},
		{"6", "Đèn luồng cá", "Mắc bốn đèn.", "A", "", "", "", "x"},
	}
	r := extract.Build(nil, []schema.Table{table(1, rows...)}, extract.Options{})
	if len(r.Records) != 6 {
		t.Fatalf("%d records", len(r.Records))
	}
	for i, want := range []struct {
		status any
		review bool
		next   string
	}{
		{"completed", false, "Có"}, {"in_progress", false, "Không"}, {"not_started", false, "Có"}, {nil, true, "Có"}, {nil, true, ""}, {"completed", true, "Không"},
	} {
		s, next := r.Records[i].Fields["status"].One, r.Records[i].Fields["next_steps"].One
		if s == nil || s.Value != want.status || (s.State == schema.NeedsReview) != want.review || want.review && !slices.Equal(s.Why, []string{"crosses"}) {
			t.Errorf("row %d: status %+v, want %v", i+1, s, want)
		}
		if next == nil || next.Text != want.next || (next.State == schema.NeedsReview) != (want.next == "") {
			t.Errorf("row %d: next steps %+v, want %q", i+1, next, want.next)
		}
	}
	if s := r.Records[3].Fields["status"].One; len(s.Alternatives) != 2 || s.Raw != "x x" {
		t.Errorf("two crosses: %+v", s)
	}
	if s := r.Records[1].Fields["status"].One; s.Text != "Đang làm" || s.Raw != "X" || len(s.Repairs) != 1 {
		t.Errorf("a cross: %+v", s)
	}
}

// Words may stand in place of a cross where reasons are asked for, "1" is one where nothing
// is counted, and no head need stand over those of statuses.
func TestCrossesOfOtherForms(t *testing.T) {
	for name, c := range map[string]struct {
		head []string
		rows [][]string
		want []string
	}{
		"reasons": {[]string{"STT", "Nhiệm vụ", "Đơn vị chủ trì", "Kết quả thực hiện / Đã hoàn thành", "Kết quả thực hiện / Đang thực hiện", "Kết quả thực hiện / Chưa thực hiện (nêu lý do)"},
			[][]string{{"1", "Nạo kênh Đá", "Phòng Kinh tế", "+", "", ""}, {"2", "Sửa cống Lim", "Phòng Kinh tế", "", "+", ""}, {"3", "Kè bờ Nam", "Ban Quản lý", "", "", "Chưa có vốn"}},
			[]string{"Đã hoàn thành", "Đang thực hiện", "Chưa thực hiện (nêu lý do) Chưa có vốn"}},
		"counted": {[]string{"STT", "Tên mô hình", "Kết quả triển khai", "Hoàn thành", "Đang triển khai", "Chưa triển khai"},
			[][]string{{"1", "Phao đo mực nước", "Thả phao.", "1", "", ""}, {"2", "Còi báo lũ", "Treo còi.", "", "1", ""}, {"3", "Đèn luồng cá", "", "", "", "1"}, {"", "Tổng cộng", "", "1", "1", "1"}},
			[]string{"completed", "in_progress", "not_started"}},
		"counts": {[]string{"STT", "Tên mô hình", "Kết quả triển khai", "Hoàn thành", "Đang triển khai", "Chưa triển khai"},
			[][]string{{"1", "Phao đo mực nước", "Thả phao.", "4", "2", "1"}, {"2", "Còi báo lũ", "Treo còi.", "1", "1", ""}, {"3", "Đèn luồng cá", "Mắc đèn.", "7", "", "1"}},
			[]string{"<nil>", "<nil>", "<nil>"}},
		"two answers": {[]string{"STT", "Tên mô hình", "Kết quả triển khai", "Hoàn thành", "Chưa hoàn thành"},
			[][]string{{"1", "Phao đo mực nước", "Thả phao.", "x", ""}, {"2", "Còi báo lũ", "Treo còi.", "", "x"}},
			[]string{"completed", "in_progress"}},
	} {
		r := extract.Build(nil, []schema.Table{table(1, append([][]string{c.head}, c.rows...)...)}, extract.Options{})
		for i, want := range c.want {
			field := "status"
			if name == "reasons" {
				field = "result"
			}
			if len(r.Records) != len(c.want) || value(r.Records[i], field) != want {
				t.Errorf("%s, row %d: %+v, want %s", name, i+1, r.Records, want)
				break
			}
		}
		if name == "two answers" && r.Records[1].Fields["status"].One.State != schema.NeedsReview {
			t.Errorf("what is not done may not have begun: %+v", r.Records[1].Fields["status"].One)
		}
	}
}

// Columns of crosses that are fields each stay so.
func TestCrossesOfFields(t *testing.T) {
	r := extract.Build(nil, []schema.Table{table(1,
		[]string{"TT", "Tên tiện ích", "Đối tượng hưởng lợi / Người dân", "Đối tượng hưởng lợi / Doanh nghiệp", "Hạn chế", "Giải pháp"},
		[]string{"1", "Tra giá cá", "x", "x", "Giá cũ.", "Nối với cảng."}, []string{"2", "Xem con nước", "x", "", "Ảnh mờ.", "Thay máy."},
		[]string{"3", "Đặt chỗ neo", "", "x", "Ít chỗ.", "Mở bến."})}, extract.Options{})
	if len(r.Records) != 3 || value(r.Records[0], "for_businesses") != "x" || value(r.Records[1], "for_citizens") != "x" || value(r.Records[1], "for_businesses") != "" {
		t.Errorf("records %+v", r.Records)
	}
}

// The same in texts that keep the cells of tables: between bars, and apart by blanks, where
// a common head is no wider than the column in its middle.
func TestCrossesInTexts(t *testing.T) {
	for name, text := range map[string]string{
		"bars": `| STT | Tên mô hình | Kết quả đạt được | Đã hoàn thành | Đang thực hiện | Chưa thực hiện |
|---|---|---|---|---|---|
| 1 | Phao đo mực nước | Thả sáu phao. | x | | |
| 2 | Bản đồ giếng khơi | Vẽ xong ba xã. | | x | |
| 3 | Chợ bè trên mạng | Chờ mạng. | | | x |
`,
		"blanks": `                                                             Tình trạng
 STT   Tên mô hình             Kết quả đạt được
                                                   Hoàn thành   Đang làm   Chưa làm
  1    Phao đo mực nước        Thả sáu phao.           x
  2    Bản đồ giếng khơi       Vẽ xong ba xã.                      x
  3    Chợ bè trên mạng        Chờ mạng.                                      x
  4    Còi báo lũ              Treo hai còi.           x
  5    Đèn luồng cá            Mắc bốn đèn.                        x
`,
	} {
		r := extract.Build(spacedPages(t, text), nil, extract.Options{})
		for i, want := range []string{"completed", "in_progress", "not_started"} {
			if len(r.Records) < 3 || value(r.Records[i], "status") != want {
				t.Errorf("%s, row %d: %+v, want %s", name, i+1, r.Records, want)
				break
			}
		}
	}
}
