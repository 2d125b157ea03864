package extract_test

import (
	"testing"

	"github.com/sohoa/sohoa/extract"
)

// Documents are centred beside texts of several lines: OCR reads them a line
// before their row, loses letters of their kind and strokes of their dates, and
// leaves rings of per cent signs behind the texts.
func TestDocumentsBesideTexts(t *testing.T) {
	rs := recordsOf(t, `PHỤ LỤC 2
DANH MỤC CÁC CHỈ TIÊU
STT Tên chỉ tiêu Đơn vị tính Văn bản giao Mục tiêu Tiến độ thực hiện
A |VỀ PHÁT TRIỂN NÔNG THÔN SỐ
1 |Bến đò có bảng giá điện tử % Quyết định 77/QĐ-UBND ngày 05/3/2025 90 84,5
uyết định 77/QĐ-UBND ngày
2 |Hộ nuôi cá lồng khai báo qua điện thoại % 5!3(20z5 >=60 61
ết định 77/QĐ-UBND ngày
3 |Chợ phiên nhận chuyển khoản % 532025 50 52
Lò gạch ven sông có cảm biến khói, báo về điện thoại của °
4 |cán bộ xã khi khói vượt mức cho phép Kế hoạch 8/KH-UBND ngày 30 12
trong ba phút liền 01/4/2025
5 |Trạm bơm đóng mở từ xa % Kế hoạch 8/KH-UBND ngày 20 22
01/4/2025
`, "indicators", 5)
	const seventySeven, eight = "Quyết định 77/QĐ-UBND ngày 05/3/2025", "Kế hoạch 8/KH-UBND ngày 01/4/2025"
	directives := []string{seventySeven, seventySeven, seventySeven, eight, eight}
	for i, want := range []map[string]string{
		{"target": "90", "progress": "84.5"},
		{"unit": "%", "target": ">=60", "name": "Hộ nuôi cá lồng khai báo qua điện thoại"},
		{"unit": "%", "target": "50", "progress": "52"},
		{"unit": "%", "target": "30", "progress": "12"},
		{"unit": "%"},
	} {
		checkFields(t, rs[i], want)
		if f := rs[i].Fields["directive"].One; f == nil || f.Text != directives[i] {
			t.Errorf("%s directive %+v, want %q", rs[i].ID, f, directives[i])
		}
	}
	if f := rs[1].Fields["directive"].One; len(f.Repairs) == 0 || f.State != "needs_review" {
		t.Errorf("a date from another row is not told: %+v", f)
	}
}

// A page that lost the numbers of its rows still has a text and a document for
// each.
func TestRowsWithoutNumbers(t *testing.T) {
	rs := recordsOf(t, `PHỤ LỤC 2
DANH MỤC CÁC CHỈ TIÊU
STT Tên chỉ tiêu Đơn vị tính Văn bản giao Mục tiêu Tiến độ thực hiện
A |VỀ PHÁT TRIỂN NÔNG THÔN SỐ
1 |Bến đò có bảng giá điện tử % Quyết định 77/QĐ-UBND ngày 05/3/2025 90 84,5
2 |Hộ nuôi cá lồng khai báo qua điện thoại % Quyết định 77/QĐ-UBND ngày 05/3/2025 60 61
3 |Chợ phiên nhận chuyển khoản % Quyết định 77/QĐ-UBND ngày 05/3/2025 50 52




Lò gạch có cảm biến khói % Kế hoạch 8/KH-UBND ngày 01/4/2025 30 12

Trạm bơm đóng mở từ xa, báo về máy % Kế hoạch 8/KH-UBND ngày 01/4/2025 20 22
của trạm trưởng
`, "indicators", 5)
	checkFields(t, rs[2], map[string]string{"name": "Chợ phiên nhận chuyển khoản", "target": "50", "progress": "52"})
	checkFields(t, rs[3], map[string]string{"number": "4", "name": "Lò gạch có cảm biến khói", "target": "30", "progress": "12"})
	checkFields(t, rs[4], map[string]string{"number": "5", "name": "Trạm bơm đóng mở từ xa, báo về máy của trạm trưởng", "target": "20", "progress": "22"})
}

// Each text stands below its number, and the next number beside its last line.
func TestTextsBelowNumbers(t *testing.T) {
	text := `PHỤ LỤC 3
ĐÁNH GIÁ CÁC DỊCH VỤ CÔNG THIẾT YẾU
TT Tên dịch vụ Tổng số hồ sơ Hồ sơ trực tuyến Tỷ lệ
1 |Cấp biển đò ngang 42 40 95,24%

2 |Khai báo lồng bè 196 196 100%

3

Neo thuyền ở chợ nổi đối với

4

người bán hàng

Xem lịch nước lớn qua tin nhắn
của trạm thủy văn

5

Thuê thuyền thúng theo giờ và

6
trả tiền bằng điện thoại
Đổi giấy phép lái đò
35

34

97,14%
`
	pages := textPages(text)
	restore(t, pages)
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	rs := extract.Build(pages, nil, extract.Options{Restorer: r}).Records
	if len(rs) != 6 {
		t.Fatalf("%d records", len(rs))
	}
	for i, name := range []string{"Cấp biển đò ngang", "Khai báo lồng bè", "Neo thuyền ở chợ nổi đối với người bán hàng", "Xem lịch nước lớn qua tin nhắn của trạm thủy văn", "Thuê thuyền thúng theo giờ và trả tiền bằng điện thoại", "Đổi giấy phép lái đò"} {
		checkFields(t, rs[i], map[string]string{"name": name})
	}
	checkFields(t, rs[5], map[string]string{"total": "35", "online": "34"})
}
