package field_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

func TestDates(t *testing.T) {
	tests := []struct{ text, want string }{
		{"Quảng Ngãi, ngày 05 tháng 9 năm 2025", "2025-09-05"},
		{"Tra Giang, ngay 06 thdang 8 nam 2024", "2024-08-06"},
		{"Lam Khé, ngay d6 thang 3 nam 2024", "2024-03-?6"},
		{"ngày … tháng 7 năm 2025", "2025-07-??"},
		{"ngày 12 tháng 7.năm 2025; ngày (4 tháng 8 năm 2025", "2025-07-12 2025-08-?4"},
		{"ngay 29 thang 7 nim 2025", "2025-07-29"},
		{"ngày 07/7/2025 của Sở", "2025-07-07"},
		{"ngày d4/7/2025", "2025-07-?4"},
		{"ngay\n\n/9/2025 cua Dang uy", "2025-09-??"},
		{"ngay 18/6/202, 575/UBND-TTHC ngay 21/6/2024", "202?-06-18 2024-06-21"},
		{"ngay 27/1072014; ngày 24/10//2023", "2014-10-27 2023-10-24"},
		{"số 316/KH-UBND ngày 24/10/2022", "2022-10-24"},
		{"674.242/708.475 người", ""},
		{"ngày 31/6/2025", ""},
		{"Nghị định 45/2020/NĐ-CP", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, d := range field.Dates(tt.text) {
			got = append(got, d.Value)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("Dates(%q) = %q, want %q", tt.text, s, tt.want)
		}
	}
}

func TestPercentsAndRatios(t *testing.T) {
	tests := []struct {
		text     string
		percents string
		ratios   string
	}{
		{"đạt 95,17%.", "95.17", ""},
		{"dat\n95 17%", "95.17?", ""},
		{"77199 | 77096 | 99.87% 99 87%", "99.87 99.87?", ""},
		{"dat 69,6 1%", "69.61?", ""},
		{">=80%", ">=80", ""},
		{"100%; 50 %", "100 50", ""},
		{"412.500/550.000 người đã cài ứng dụng, đạt 75,00%", "75", "412500/550000=75 true"},
		{"447,395/557,599 hồ sơ đạt 85,6%", "85.6", "447395/557599=85.6 false"},
		{"cung cấp 641/1.480 thủ tục trực tuyến và 512/1.480 thủ tục", "", "641/1480 true 512/1480 true"},
		{"đạt 95,2 phần trăm, giảm 3 phần việc", "95.2", ""},
		{"đạt 92,6% (1.204/1.300 hồ sơ)", "92.6", "1204/1300=92.6 true"},
		{"đạt 95% (18/20 xã), còn 2 xã đạt 40%", "95 40", "18/20=95 false"},
		{"đúng hạn 18 xã trên tổng số 20 xã, đạt 90%", "90", "18/20=90 true"},
		{"có 1.204 hồ sơ trong tổng số 1.300 (91%)", "91", "1204/1300=91 false"},
		{"có 30 hồ sơ, trong tổng số 40 hồ sơ", "", ""},
		{"xếp 8/34 tỉnh, trong tháng 7/2025, hoạt động 24/7, ngày 2/9", "", "8/34 true"},
	}
	for _, tt := range tests {
		var ps, rs []string
		for _, p := range field.Percents(tt.text) {
			s := fmt.Sprint(p.Bound, p.Value)
			if !p.Clean {
				s += "?"
			}
			ps = append(ps, s)
		}
		for _, r := range field.Ratios(tt.text) {
			s := fmt.Sprintf("%.0f/%.0f", r.Part, r.Whole)
			if r.Stated != nil {
				s += fmt.Sprint("=", r.Stated.Value)
			}
			rs = append(rs, s, fmt.Sprint(r.Agrees()))
		}
		if s := strings.Join(ps, " "); s != tt.percents {
			t.Errorf("Percents(%q) = %q, want %q", tt.text, s, tt.percents)
		}
		if s := strings.Join(rs, " "); s != tt.ratios {
			t.Errorf("Ratios(%q) = %q, want %q", tt.text, s, tt.ratios)
		}
	}
}

func TestOrdinal(t *testing.T) {
	for in, want := range map[string]int{"7": 7, "07": 7, "10 |": 10, "1.": 1, "l0": 10, "111": 111, "": 0, "x": 0, "12a": 0, "-": 0, "2)": 2} {
		if got, _ := field.Ordinal(in); got != want {
			t.Errorf("Ordinal(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestReadRoman(t *testing.T) {
	tests := []struct {
		in   string
		next int
		want int
	}{
		{"III", 0, 3}, {"111", 3, 3}, {"111", 0, 3}, {"v", 4, 4}, {"v", 5, 5}, {"V.", 0, 5},
		{"I", 2, 2}, {"I", 1, 1}, {"1I", 2, 2}, {"1l", 2, 2}, {"IV", 4, 4}, {"x", 0, 10}, {"NHÓM", 1, 0}, {"", 1, 0}, {"l1l", 3, 3},
	}
	for _, tt := range tests {
		if got, _, _ := field.ReadRoman(tt.in, tt.next); got != tt.want {
			t.Errorf("ReadRoman(%q, %d) = %d, want %d", tt.in, tt.next, got, tt.want)
		}
	}
}

func TestReadPresence(t *testing.T) {
	for in, want := range map[string]field.Presence{
		"Không": field.No, "Khing": field.No, "Khéng.": field.No, "Không có": field.None, "Khong c6": field.None,
		"-": field.Dash, " |- ": field.Dash, "": field.Empty, "Có": field.Yes, "Không đăng ký triển khai": field.Filled, "Kinh phí": field.Filled,
	} {
		if got := field.ReadPresence(in); got != want {
			t.Errorf("ReadPresence(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestStatusReader(t *testing.T) {
	r := field.NewStatusReader([]field.StatusWords{
		{Status: schema.NotRegistered, Labels: []string{"Không đăng ký triển khai"}},
		{Status: schema.Transferred, Phrases: []string{"đã bàn giao cho", "đã bàn giao qua", "bàn giao về"}},
		{Status: schema.Completed, Labels: []string{"HOÀN THÀNH"}, Phrases: []string{"đã hoàn thành"}},
		{Status: schema.InProgress, Labels: []string{"ĐANG THỰC HIỆN"}, Phrases: []string{"đang triển khai"}},
	})
	tests := []struct {
		text string
		want schema.Status
	}{
		{"HOAN THANH\nHiện nay đã triển khai", schema.Completed},
		{"H_OAN THANH - UBND", schema.Completed},
		{"PANG THU'C HIEN", schema.InProgress},
		{"DANG THUCHIEN", schema.InProgress},
		{"Khéng ding ky trién khai", schema.NotRegistered},
		{"phan viéc nay da ban giao cho S& Y té quan ly", schema.Transferred},
		{"nhà thầu đã hoàn thành khối lượng 62%, dự kiến xong", schema.InProgress},
		{"nhà thầu đã hoàn thành khối lượng 6295, dự kiến xong", schema.InProgress},
		{"nhà thầu đã hoàn thành khối lượng 100%", schema.Completed},
		{"xã đã hoàn thành, đạt 62% kế hoạch năm", schema.Completed},
		{"Công an tỉnh đã ban hành kế hoạch", ""},
	}
	for _, tt := range tests {
		if got, _ := r.Read(tt.text); got.Status != tt.want {
			t.Errorf("Read(%q) = %q, want %q", tt.text, got.Status, tt.want)
		}
	}
}

func TestCellDate(t *testing.T) {
	for in, want := range map[string]string{
		"30/6/2025": "2025-06-30", "Trước 15/8/2025": "2025-08-15", "30.6.2025": "2025-06-30", "30 / 6 / 2025": "2025-06-30", "30-6-2025": "2025-06-30", "30/06/25": "2025-06-30",
		"…/11/2025": "2025-11-??", ".../11/2025": "2025-11-??", "/11/2025": "2025-11-??", "15/…/2025": "2025-??-15", "Trước ngày 19.5.2025": "2025-05-19",
		"Quý IV/2025": "", "Tháng 9/2025": "", "2025 - 2026": "", "Thường xuyên": "", "31/02/2025": "", "12/QĐ-UBND": "", "1.234.567": "", "01/7/2025 đến 30/9/2025": "",
	} {
		got, _ := field.CellDate(in)
		if got.Value != want {
			t.Errorf("%q: %q, want %q", in, got.Value, want)
		}
	}
}
