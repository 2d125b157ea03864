package extract_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// Heads in capitals are printed again on each page, where OCR reads them line by
// line; "1" stands over "1.1" and is no record, which leaves no gap; and the third row, which lost its number, counts
// from one in more cells than a row has.
const countingCells = `PHỤ LỤC 3
TIỆN ÍCH, GIÁ TRỊ MANG LẠI
TT NỘI DUNG NGƯỜI DÂN DOANH NGHIỆP TỒN TẠI, VƯỚNG MẮC NGUYÊN NHÂN TRÁCH NHIỆM GIẢI PHÁP
A | NHÓM ĐÒ NGANG VÀ CHỢ NỔI
1 | Tiện ích từ bến đò
1.1 | Bán vé đò | (1) Người dân xem giờ đò | (1) Doanh nghiệp bán | (1) Chưa có mạng ở | (1) Thiếu kinh phí | Ban quản lý bến | (1) Tiếp tục dựng
qua tin nhắn | trên điện thoại. (2) Không | vé không cần quầy. (2) | bến xa. (2) Còn ít chủ | dựng cột sóng. | | cột sóng ở ba bến.
| phải chờ lâu ngoài nắng. | Biết số khách mỗi chuyến. | đò biết dùng máy. | | | (2) Tập huấn chủ đò.
1.2 | Xem mực nước | (1) Người dân biết nước | (1) Doanh nghiệp chọn | (1) Một số cọc đo bị | (1) Do lũ cuốn trôi | Trạm thủy văn | (1) Đẩy mạnh thay
ở bến đò | lên trước một ngày. (2) | giờ chở hàng. (2) Giảm | trôi. (2) Chưa có người | cọc đo hai lần. | | cọc đo trước mùa lũ.
ĐƯỢC HUỞNG LỢI CHƯA ĐƯỢC HƯỞNG LOI GIẢI PHÁP
NGUOI DÂN DOANH NGHIEP TON TẠI
| Dời đồ lên cao kịp. | số chuyến phải quay về. | trông cọc ban đêm. | | | (2) Cử người trông cọc.
Tra giá hàng | (1) Người dân so giá cá | (1) Doanh nghiệp mua | (1) Chưa đủ các chợ | (1) Nhận thức của tiểu | Ban quản lý chợ | (1) Tuyên truyền cho
ở chợ nổi | trước khi chèo ra chợ. (2) | gom được nhiều hơn. (2) | nhỏ. (2) Còn ghi giá | thương chưa đều. | | tiểu thương ghi giá.
| Bán được giá hơn. | Giảm công đi hỏi giá. | chậm cả buổi. | | | (2) Mở thêm ba chợ.
`

func TestCountingCells(t *testing.T) {
	pages := textPages(countingCells)
	restore(t, pages)
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	got := extract.Build(pages, nil, extract.Options{Restorer: r})
	var numbers []string
	byNumber := map[string]schema.Record{}
	for _, rec := range got.Records {
		n := rec.Fields["number"].One.Text
		numbers, byNumber[n] = append(numbers, n), rec
	}
	if s := strings.Join(numbers, " "); s != "1.1 1.2 2" {
		t.Fatalf("rows %s", s)
	}
	text := func(number, field string) string {
		if f := byNumber[number].Fields[field].One; f != nil {
			return f.Text
		}
		return ""
	}
	if s := text("2", "for_businesses"); !strings.HasPrefix(s, "(1) Doanh nghiệp mua gom") {
		t.Errorf("third row: %q", s)
	}
	for _, c := range got.Checks {
		if c.Rule == "number_gap" {
			t.Errorf("a gap: %s", c.Message)
		}
	}
	for _, rec := range got.Records {
		for name, e := range rec.Fields {
			if e.One != nil && strings.Contains(strings.ToUpper(e.One.Text), "HƯỞNG") {
				t.Errorf("%s %s holds heads: %q", rec.ID, name, e.One.Text)
			}
		}
	}
}
