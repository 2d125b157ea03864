package extract_test

import "testing"

// Groups whose names are printed in small letters are told by numerals that count from
// one, and numbers go on over them; a lone numeral in a cell is none.
func TestGroupsThatCount(t *testing.T) {
	rs := recordsOf(t, `PHỤ LỤC
KẾT QUẢ THỰC HIỆN NHIỆM VỤ QUÝ III
STT Nhiệm vụ |Cơ quan chủ trì |Thời hạn |Kết quả thực hiện
I |Sửa đường ven sông
1 |Trải đá đoạn qua chợ nổi |Sở Xây dựng |30/9/2025 |Đã trải hai ki-lô-mét
2 |Đắp lề đoạn bến đò |Sở Xây dựng |15/10/2025 |Đang chờ xà lan chở đất
II
Dựng cột báo lũ
3 |Mua sáu cột báo lũ |Công an tỉnh |31/8/2025 |Đã mua, theo mục I của kế hoạch
4 |Dựng cột ở ba cồn |Công an tỉnh |30/11/2025 |Chưa dựng
III |Dọn lục bình
5 |Thuê ba thuyền vớt |Sở Tài chính |31/12/2025 |Đang chọn chủ thuyền
`, "tasks", 5)
	for i, want := range []string{"I", "I", "II", "II", "III"} {
		if g := rs[i].Group; g == nil || g.Number != want {
			t.Errorf("%s: group %+v, want %s", rs[i].ID, g, want)
		}
	}
	if g := rs[2].Group; g == nil || g.Name != "Dựng cột báo lũ" {
		t.Errorf("second group is %+v", g)
	}
	checkFields(t, rs[1], map[string]string{"task": "Đắp lề đoạn bến đò", "lead_agency": "Sở Xây dựng"})
	checkFields(t, rs[2], map[string]string{"task": "Mua sáu cột báo lũ", "result": "Đã mua, theo mục I của kế hoạch"})
}

// Units of several words stand before figures without any rule.
func TestUnitsOfWords(t *testing.T) {
	rs := recordsOf(t, `PHỤ LỤC 1
DANH MỤC CÁC CHỈ TIÊU
STT Tên chỉ tiêu Đơn vị tính Mục tiêu Tiến độ thực hiện
1 |Bến đò có bảng giá điện tử % 90 84,5
2 |Kho dữ liệu mở của các cồn cơ sở dữ liệu 27 13
3 |Chợ nổi nhận chuyển khoản doanh nghiệp 40 42
4 |Buổi dạy chủ lồng bè dùng điện thoại buổi 12 9
`, "indicators", 4)
	for i, want := range []map[string]string{
		{"unit": "%", "target": "90", "progress": "84.5"},
		{"unit": "cơ sở dữ liệu", "target": "27", "name": "Kho dữ liệu mở của các cồn"},
		{"unit": "doanh nghiệp", "target": "40", "progress": "42"},
		{"unit": "buổi", "progress": "9"},
	} {
		checkFields(t, rs[i], want)
	}
}
