package extract_test

import (
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

func recordsOf(t *testing.T, text, profile string, n int) []schema.Record {
	t.Helper()
	r := extract.Build(textPages(text), nil, extract.Options{})
	if r.Profile != profile || len(r.Records) != n {
		t.Fatalf("profile %q, %d records; want %q, %d", r.Profile, len(r.Records), profile, n)
	}
	return r.Records
}

func checkFields(t *testing.T, r schema.Record, want map[string]string) {
	t.Helper()
	for name, w := range want {
		if got := value(r, name); got != w {
			t.Errorf("%s %s = %q, want %q", r.ID, name, got, w)
		}
	}
}

// The column of results stands on sheets of its own, and with it the other half
// of the title and of the sentence below: the edge cuts words.
const splitSheets = `KET QUA THUC HIEN CAC NHIEM VJ THEO CHUONG
PHU LUC 7
TRINH SO 15-CTr/TU, NGAY
(Kèm theo Báo cáo số 88/BC-SNV ngày 02/10/2025 của Sở Nội vụ ti
STT Nội dung công việc Đơn vị chủ trì Thời gian hoàn thành
1 |Lập bản đồ giếng khoan của các thôn ven |Sở Nông nghiệp |30/9/2025
biển và công bố cho nhân dân biết
2 |Kiểm đếm cột mốc chỉ giới trên các tuyến đê |Chi cục Thủy lợi |15/11/2025




"05/3/2025
ỉnh Bàn Thạch)
Tình hình thực hiện

Bản đồ giếng khoan đã in 1.200 bản.

Đã kiểm đếm 318 cột mốc chỉ giới.
`

func TestSheetsWithTornTitle(t *testing.T) {
	rs := recordsOf(t, splitSheets, "tasks", 2)
	checkFields(t, rs[0], map[string]string{
		"task":        "Lập bản đồ giếng khoan của các thôn ven biển và công bố cho nhân dân biết",
		"lead_agency": "Sở Nông nghiệp", "deadline": "2025-09-30", "result": "Bản đồ giếng khoan đã in 1.200 bản.",
	})
	checkFields(t, rs[1], map[string]string{"lead_agency": "Chi cục Thủy lợi", "result": "Đã kiểm đếm 318 cột mốc chỉ giới."})
	for _, r := range rs {
		if _, ok := r.Fields["supporting_agencies"]; ok {
			t.Errorf("%s has a column that the table lacks", r.ID)
		}
	}
	h := extract.Build(textPages(splitSheets), nil, extract.Options{}).Header
	if h.Title == nil || h.Title.Value != "KẾT QUẢ THỰC HIỆN CÁC NHIỆM VỤ THEO CHUONG TRINH SỐ 15-CTr/TU, NGAY 05/3/2025" {
		t.Errorf("title %+v", h.Title)
	}
	if h.AttachedTo == nil || h.AttachedTo.Value.(schema.Citation).Number != "88/BC-SNV" {
		t.Errorf("attached to %+v", h.AttachedTo)
	}
}

// A line of print belongs to one row; a date below a document is no figure, a
// number may be torn over two lines, and specks between rows are no values.
func TestTornIndicators(t *testing.T) {
	rs := recordsOf(t, `PHỤ LỤC 2
DANH MỤC CÁC CHỈ TIÊU
STT Tên chỉ tiêu Đơn vị tính Văn bản giao Mục tiêu Tiến độ thực hiện
A |VỀ PHÁT TRIỂN NÔNG THÔN SỐ
Thôn có loa truyền thanh không dây, được nghe
1 |tin báo mưa lũ trước một ngày % Quyết định 77/QĐ-UBND ngày 90 84,5
và biết nơi trú ẩn 05/3/2025
2 |Hộ nuôi cá lồng khai báo qua điện thoại % Quyết định 77/QĐ-UBND ngày >=60 61
05/3/2025
7 x § . ; o & . , 4 0
3 |Bến đò có bảng giá điện tử % Kế hoạch 8/KH-UBND ngày 75 70,2
01/4/2025
4 |Chợ phiên nhận chuyển khoản % Kế hoạch 8/KH-UBND ngày 50 52
5 |Xã có trang tin % Kế hoạch 8/KH-UBND ngày 100 100
6 |Đò dọc có định vị % Kế hoạch 8/KH-UBND ngày 40 41
7 |Lò gạch có cảm biến khói % Kế hoạch 8/KH-UBND ngày 30 12
8 |Trạm bơm đóng mở từ xa % Kế hoạch 8/KH-UBND ngày 20 22
9 |Nhà văn hóa có mạng không dây % Kế hoạch 8/KH-UBND ngày 80 79
1 Cống ngăn mặn có số đo trực tuyến trên trang % Kế hoạch 8/KH-UBND ngày 65 33
0 của huyện
`, "indicators", 10)
	checkFields(t, rs[0], map[string]string{"unit": "%", "target": "90", "progress": "84.5"})
	checkFields(t, rs[1], map[string]string{"target": ">=60", "progress": "61", "name": "Hộ nuôi cá lồng khai báo qua điện thoại"})
	checkFields(t, rs[2], map[string]string{"target": "75", "progress": "70.2"})
	checkFields(t, rs[9], map[string]string{"number": "10", "target": "65", "progress": "33"})
}

// What stands between damaged heads and the first row is no part of the row, and
// the letterhead of the next appendix none of the last.
func TestEdgesOfTable(t *testing.T) {
	text := `PHỤ LỤC 3
ĐÁNH GIÁ CÁC DỊCH VỤ CÔNG THIẾT YẾU
TT Tên dịch vụ Tổng số hồ sơ Hồ sơ trực tuyến Tỷ lệ
qoa hk sw tinh
den cuoi nam
nop truoc
1 |Cấp biển đò ngang 42 40 95,24%

2 |Khai báo lồng bè 196 196 100%

3 |Neo thuyền ở chợ 35 12 34,29%

4 |Xem lịch nước lớn 12 12 100%

5 |Thuê thuyền thúng 9 3 33,33%

ỦY BAN NHÂN DÂN
TỈNH BÀN THẠCH

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

PHỤ LỤC 4
Danh sách các thôn.
`
	rs := recordsOf(t, text, "services", 5)
	for i, want := range []map[string]string{
		{"name": "Cấp biển đò ngang", "total": "42", "online": "40", "ratio": "95.24"},
		{"name": "Khai báo lồng bè", "total": "196", "online": "196", "ratio": "100"},
		{"total": "35", "online": "12", "ratio": "34.29"},
	} {
		checkFields(t, rs[i], want)
	}
	for name, e := range rs[4].Fields {
		for _, f := range e.All() {
			if f.Text == "ỦY BAN NHÂN DÂN TỈNH BÀN THẠCH" || f.Text == "Độc lập - Tự do - Hạnh phúc" {
				t.Errorf("%s holds the next letterhead: %q", name, f.Text)
			}
		}
	}
}

// Group rows may have short names.
func TestShortGroup(t *testing.T) {
	rs := recordsOf(t, `PHỤ LỤC 5
TIỆN ÍCH, GIÁ TRỊ MANG LẠI
TT Nội dung Người dân Doanh nghiệp Tồn tại, vướng mắc Nguyên nhân Trách nhiệm Giải pháp lộ trình
A | NHÓM ĐÒ
1 | Vé đò | Mua vé tại nhà. | Giảm sổ sách. | Mất sóng. | Thiếu trạm. | Sở Xây dựng | Thêm trạm.
2 | Bến đò | Biết giờ chạy. | Bớt chờ khách. | Máy hỏng. | Ẩm ướt. | UBND xã | Thay máy.
`, "benefits", 2)
	for _, r := range rs {
		if r.Group == nil || r.Group.Number != "A" || r.Group.Name != "NHÓM ĐÒ" {
			t.Errorf("%s: group %+v", r.ID, r.Group)
		}
	}
	checkFields(t, rs[0], map[string]string{"content": "Vé đò", "for_citizens": "Mua vé tại nhà.", "solutions": "Thêm trạm."})
}

// A column of agencies takes names of agencies only, and prose none, whatever
// rules OCR lost between the two.
func TestAgenciesAndProse(t *testing.T) {
	rs := recordsOf(t, `PHỤ LỤC 5
DANH MỤC NHIỆM VỤ
STT Nhiệm vụ Cơ quan chủ trì Thời hạn
1 |Đưa dữ liệu đê kè, dữ liệu cống dưới đê vào |Thanh tra tỉnh |30/9/2026
kho dữ liệu thủy lợi, để các trạm bơm xem được mực
nước từng giờ. Mỗi tháng các trạm đối chiếu số đo
một lần và sửa những số đo sai của tháng đó.
2 |Sơn lại phao tiêu trên luồng vào cảng cá |Trung tâm Khuyến ngư |15/10/2026
Tập huấn ghi nhật ký đánh bắt cho chủ tàu |Kho bạc khu vực |31/10/2026
3
xa bờ
4 |Kẻ vạch các bến đò ngang |Trung tâm Khuyến ngư |30/11/2026
`, "tasks", 4)
	checkFields(t, rs[0], map[string]string{
		"task":        "Đưa dữ liệu đê kè, dữ liệu cống dưới đê vào kho dữ liệu thủy lợi, để các trạm bơm xem được mực nước từng giờ. Mỗi tháng các trạm đối chiếu số đo một lần và sửa những số đo sai của tháng đó.",
		"lead_agency": "Thanh tra tỉnh", "deadline": "2026-09-30",
	})
	checkFields(t, rs[1], map[string]string{"task": "Sơn lại phao tiêu trên luồng vào cảng cá", "lead_agency": "Trung tâm Khuyến ngư"})
	checkFields(t, rs[2], map[string]string{"task": "Tập huấn ghi nhật ký đánh bắt cho chủ tàu xa bờ", "lead_agency": "Kho bạc khu vực", "deadline": "2026-10-31"})
	checkFields(t, rs[3], map[string]string{"task": "Kẻ vạch các bến đò ngang", "lead_agency": "Trung tâm Khuyến ngư"})
}

// Where columns of prose run together, bars that were all read, wordings and the
// narrow column behind the numbers tell the columns apart. The number stands in
// the middle of its row, and heads come again on the next sheet.
func TestTornBenefits(t *testing.T) {
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	pages := textPages(`PHỤ LỤC 4
TIỆN ÍCH, GIÁ TRỊ MANG LẠI
TT | Nội dung | Người dân | Doanh nghiệp | Tồn tại | Nguyên nhân | Trách nhiệm | Giải pháp
A | NHÓM DỊCH VỤ CÔNG
Người dân không phải đi | Doanh nghiệp không phải | Một số xã chưa | Do thiếu máy | Sở Tài chính, | Tiếp tục tập
lại nhiều lần, được biết | in hồ sơ, giảm chi phí | có máy quét hồ | quét và đường | Ủy ban nhân | huấn cho cán
1 12 DVC | kết quả qua tin nhắn và | gửi hồ sơ và thời gian | sơ, hồ sơ còn | truyền ở một | dân các xã | bộ các xã về
nhận kết quả tại nhà. | chờ đợi kết quả. | phải gửi lên tỉnh. | số xã còn chậm. | miền núi. | số hóa hồ sơ.
Người dân được trả lương | Doanh nghiệp không phải | Một số chợ chưa | Do người bán | Sở Công | Tuyên truyền
2 Chi trả | hưu qua tài khoản đúng | giữ tiền mặt, giảm chi | nhận tiền qua | hàng lớn tuổi | Thương, Ủy | cho người bán
ngày, không phải chờ. | phí kiểm đếm tiền. | tài khoản. | ngại thay đổi. | ban nhân dân | hàng ở chợ.




TT | Nội dung | Người dân | Doanh nghiệp | Tồn tại | Nguyên nhân | Trách nhiệm | Giải pháp
Người dân khám bệnh bằng | Doanh nghiệp tra cứu thẻ | Một số máy đọc | Do máy đọc | Sở Y tế và | Nâng cấp máy
3 Khám | căn cước, không phải mang | bảo hiểm của người lao | thẻ bị hỏng mà | thẻ mua từ | các bệnh viện | đọc thẻ trong
theo thẻ bảo hiểm y tế. | động trong vài giây. | chưa thay được. | nhiều năm trước. | huyện. | quý tới.
`)
	restore(t, pages)
	rs := extract.Build(pages, nil, extract.Options{Restorer: r}).Records
	if len(rs) != 3 {
		t.Fatalf("%d records", len(rs))
	}
	checkFields(t, rs[0], map[string]string{
		"content": "12 DVC", "for_citizens": "Người dân không phải đi lại nhiều lần, được biết kết quả qua tin nhắn và nhận kết quả tại nhà.",
		"for_businesses": "Doanh nghiệp không phải in hồ sơ, giảm chi phí gửi hồ sơ và thời gian chờ đợi kết quả.",
		"causes":         "Do thiếu máy quét và đường truyền ở một số xã còn chậm.", "solutions": "Tiếp tục tập huấn cho cán bộ các xã về số hóa hồ sơ.",
	})
	checkFields(t, rs[1], map[string]string{"content": "Chi trả", "shortcomings": "Một số chợ chưa nhận tiền qua tài khoản."})
	checkFields(t, rs[2], map[string]string{"content": "Khám", "responsibility": "Sở Y tế và các bệnh viện huyện.", "for_citizens": "Người dân khám bệnh bằng căn cước, không phải mang theo thẻ bảo hiểm y tế."})
}
