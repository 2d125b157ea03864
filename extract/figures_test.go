package extract_test

import "testing"

// Figures that stand on lines of their own, in another order than their columns, go to
// the columns whose other figures look like them; a column of text holds some where its
// head says so, and a head that wraps beside another is known by its runs of words.
func TestFiguresOnLinesOfTheirOwn(t *testing.T) {
	rs := recordsOf(t, `PHỤ LỤC 2
ĐÁNH GIÁ CÁC DỊCH VỤ CÔNG THIẾT YẾU
Chi phí tiết kiệm cho
STT |Dịch vụ công |Tổng số hồ sơ Trực tuyến |Tỷ lệ Tăng/giảm người dân
1 |Đăng ký tàu cá |1.452 1.317 |90,7% +4,2% 12.000
2 |Cấp sổ nhà nổi 2.118 -1,75%
2.905 72,91% 8.500
3 |Khai báo neo đậu |3.133 2.790 |89,05% +12% |15.000
4 |Gia hạn giấy phép kè bến 5.618 +3%
4.618 82,2%
5 |Xin lặp trạm cân nông sản 3.047 1.266 41,55% 0,5% 42.000
19.500
6 |Đổi tên chủ lồng bè 1.820 |934 51,32% +18%
`, "services", 6)
	for i, want := range []map[string]string{
		{"total": "1452", "online": "1317", "ratio": "90.7", "citizen_savings": "12.000"},
		{"total": "2905", "online": "2118", "ratio": "72.91", "citizen_savings": "8.500"},
		{"total": "3133", "online": "2790", "citizen_savings": "15.000"},
		{"total": "5618", "online": "4618", "ratio": "82.2"},
		{"total": "3047", "online": "1266", "ratio": "41.55", "citizen_savings": "42.000"},
		{"total": "1820", "online": "934", "ratio": "51.32"},
	} {
		checkFields(t, rs[i], want)
	}
	for i, want := range []string{"+4,2%", "-1,75%", "+12%", "+3%", "0,5%", "+18%"} {
		if f := rs[i].Fields["change"].One; f == nil || f.Text != want {
			t.Errorf("%s: change %+v, want %q", rs[i].ID, f, want)
		}
	}
	if f := rs[3].Fields["beneficiaries"].One; f != nil && f.Text != "" {
		t.Errorf("a column without head has %q", f.Text)
	}
}
