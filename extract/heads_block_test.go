package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
)

// Heads of a lost table tell which columns it has, in which order, whatever a profile
// expects.
func TestOwnColumnsOfLostTables(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []map[string]string // of rows
		groups     []string
	}{
		{"the parts before the whole, a remark behind", `Phụ lục 2
KẾT QUẢ TIẾP NHẬN HỒ SƠ

Kết quả năm 2024
TT |Tên dịch vụ công |Hồ sơ trực tuyến |Tổng số hồ sơ |Tỷ lệ (%) |Ghi chú
1 |Cấp phép thả diều |45 |50 |90,00 |Đạt
2 |Cấp phép nuôi ong |30 |60 |50,00 |Không đạt
3 |Cấp phép đốt lò |12 |12 |100 |Đạt
4 |Cấp thẻ thợ lặn |7 |28 |25,00 |Không đạt
`, []map[string]string{
			{"number": "1", "name": "Cấp phép thả diều", "online": "45", "total": "50", "ratio": "90"},
			{"number": "2", "name": "Cấp phép nuôi ong", "online": "30", "total": "60", "ratio": "50"},
		}, nil},
		{"a table of another kind behind it", `Phụ lục 2

TT |Tên dịch vụ công |Tổng số hồ sơ |Hồ sơ trực tuyến |Tỷ lệ (%)
1 |Cấp phép thả diều |50 |45 |90,00
2 |Cấp phép nuôi ong |60 |30 |50,00
3 |Cấp phép đốt lò |12 |12 |100
NHIỆM VỤ CÒN LẠI
TT |Nhiệm vụ được giao |Thời hạn |Đơn vị chủ trì |Kết quả thực hiện
1 |Sửa cống đầu làng |30/6/2025 |Phòng Kinh tế |Đã xong phần móng.
2 |Trồng tre ven sông |15/8/2025 |Hội Nông dân |Chưa có giống.
3 |Quét vôi đình |20/9/2025 |Phòng Văn hóa |Chờ hết mưa.
`, []map[string]string{
			{"number": "1", "total": "50"}, {"number": "2"}, {"number": "3"},
			{"number": "1", "task": "Sửa cống đầu làng", "deadline": "2025-06-30", "lead_agency": "Phòng Kinh tế"},
			{"number": "2", "deadline": "2025-08-15"}, {"number": "3", "deadline": "2025-09-20", "result": "Chờ hết mưa."},
		}, nil},
		{"numbers below numbered groups, a head that wraps beside others", `Phụ lục I
DANH MỤC MÔ HÌNH

T |Tên mô hình điểm |Mục tiêu, nội dung chính |Đơn vị chủ trì |Đơn vị phối
T |thực hiện |hợp thực hiện
1 |Lĩnh vực làng nghề
1.1 |Lò gốm chung |Nung chung một lò mỗi tuần. |Sở Công Thương |Hội Gốm
1.2 |Chợ tre |Bán tre qua mạng cho thợ đan. |Sở Công Thương |Hội Tre
2 |Lĩnh vực sông nước
2.1 |Bến đò số |Mua vé đò bằng điện thoại. |Sở Xây dựng |Hội Đò
2.2 |Phao tiêu |Phao báo luồng tự sáng đèn. |Sở Xây dựng |Hội Chài
`, []map[string]string{
			{"number": "1.1", "title": "Lò gốm chung", "lead_agency": "Sở Công Thương"},
			{"number": "1.2", "title": "Chợ tre"}, {"number": "2.1", "title": "Bến đò số"}, {"number": "2.2"},
		}, []string{"1 Lĩnh vực làng nghề", "1 Lĩnh vực làng nghề", "2 Lĩnh vực sông nước", "2 Lĩnh vực sông nước"}},
		{"heads that wrap beside lower ones, of which rows tell the order", `Phụ lục 1
BIỂU THEO DÕI LÀNG CHÀI

Kế hoạch |Ước thực
TT |Chỉ tiêu chủ yếu |Đơn vị
năm |hiện
1 |Thuyền lắp phao phát sáng |14 |13 |người
2 |Hộ phơi cá bằng lò điện |720 |734 |hồ sơ
3 |Lượt khách đi thúng ra rạn |30 |28 |lượt
4 |Lưới cũ đổi lấy lưới mới |80 |76 |%
`, []map[string]string{
			{"number": "1", "target": "14", "progress": "13", "unit": "người"},
			{"number": "2", "target": "720", "progress": "734", "unit": "hồ sơ"},
			{"number": "3", "unit": "lượt"}, {"number": "4", "target": "80", "progress": "76", "unit": "%"},
		}, nil},
		{"a first row that begins above its number", `Phụ lục 1
NHỮNG VIỆC CÓ ÍCH

STT |Nội dung tiện ích |Đối với doanh nghiệp |Đối với người dân |Nguyên nhân
Đặt vé phà bằng giọng nói |Hãng phà bớt người bán vé ở |Bà con không phải dậy sớm xếp
1
của mình |hai đầu bến. |hàng. |Chưa có điện.
2 |Xem nước lên trên bản đồ |Chủ đầm kéo lưới kịp lúc. |Nhà ven sông kê đồ trước. |Thiếu cột đo.
3 |Hỏi giá lúa |Nhà máy xay mua sát giá. |Nhà nông không bị ép. |Mạng yếu.
`, []map[string]string{
			{"number": "1"}, {"number": "2", "for_businesses": "Chủ đầm kéo lưới kịp lúc.", "for_citizens": "Nhà ven sông kê đồ trước.", "causes": "Thiếu cột đo."},
			{"number": "3", "for_businesses": "Nhà máy xay mua sát giá.", "for_citizens": "Nhà nông không bị ép."},
		}, nil},
		{"a title that says what heads say", `Phụ lục 4
KẾT QUẢ THỰC HIỆN CÁC NHIỆM VỤ

STT |Công việc |Phân công thực hiện |Hoàn thành trước |Kết quả đạt được |Sản phẩm
1 |Sửa cống đầu làng |Phòng Kinh tế |30/6/2025 |Đã xong phần móng. |Cống
2 |Trồng tre ven sông |Hội Nông dân |15/8/2025 |Chưa có giống. |Bờ tre
3 |Quét vôi đình |Phòng Văn hóa |20/9/2025 |Chờ hết mưa. |Bức tường
`, []map[string]string{
			{"number": "1", "task": "Sửa cống đầu làng", "lead_agency": "Phòng Kinh tế", "deadline": "2025-06-30", "result": "Đã xong phần móng."},
			{"number": "2", "result": "Chưa có giống."}, {"number": "3", "task": "Quét vôi đình"},
		}, nil},
		{"figures of another year and shares of the plan, which nothing needs", `Phụ lục 3
KẾT QUẢ NUÔI TRỒNG

Kế hoạch |Thực hiện 9 |So với kế
TT |Tên chỉ tiêu |BVT |Năm 2024 |Ghi chú
năm 2025 |tháng |hoạch (%)
1 |Lồng cá thả ngoài vịnh |lồng |80 |100 |90 |90 |Bão lớn
2 |Vườn dâu trồng mới |vườn |41 |≥ 50 |40 |80
3 |Sản lượng rong khô |tấn |7,2 |8 |10 |125 |Được mùa
4 |Hộ có bể nước mưa |hộ |310 |400 |380 |95
5 |Giá thuê một con thuyền |đồng |66 |20 - 25 |24
`, []map[string]string{
			{"number": "1", "target": "100", "progress": "90"}, {"number": "2", "target": ">=50", "progress": "40"},
			{"number": "3", "target": "8", "progress": "10"}, {"number": "4", "target": "400", "progress": "380"},
			{"number": "5", "target": "20 - 25", "progress": "24"},
		}, nil},
		{"heads that count in known grids alone", `Phụ lục 5
SỔ THEO DÕI

Cơ quan chịu trách
TT |Nội dung kiến nghị |Hạn xử lý |Kết quả giải quyết |Đánh giá
nhiệm
1 |Nạo vét kênh sau đình làng |Phòng Kinh tế |30/6/2025 |Đã vét 300 m. |Xong
2 |Thay bóng đèn ở bến đò |Hội Nông dân |15/8/2025 |Chưa mua bóng. |Chậm
3 |Dựng lại biển chỉ đường |Phòng Văn hóa |20/9/2025 |Biển đang sơn. |Chậm
`, []map[string]string{
			{"number": "1", "task": "Nạo vét kênh sau đình làng", "lead_agency": "Phòng Kinh tế", "deadline": "2025-06-30", "result": "Đã vét 300 m."},
			{"number": "2", "lead_agency": "Hội Nông dân", "result": "Chưa mua bóng."}, {"number": "3", "task": "Dựng lại biển chỉ đường"},
		}, nil},
		{"cells between strokes, groups in two of them, a column that is not known", strokes(`Phụ lục 3
NHIỆM VỤ ĐƯỢC GIAO
TT`, "Nhiệm vụ được giao", "Thời hạn", "Đơn vị chủ trì thực hiện", "Kết quả thực hiện", "Ghi chú",
			"A", "VIỆC CÓ HẠN", "1", "Sửa cống", "30/6/2025", "Phòng Kinh tế", "Xong", "",
			"2", "Trồng tre", "15/8/2025", "Hội Tre", "Chưa xong", "chậm",
			"B", "VIỆC THƯỜNG XUYÊN", "3", "Quét chợ", "", "Ban quản lý chợ", "Mỗi ngày", ""),
			[]map[string]string{
				{"number": "1", "task": "Sửa cống", "deadline": "2025-06-30", "lead_agency": "Phòng Kinh tế", "result": "Xong"},
				{"number": "2", "result": "Chưa xong"}, {"number": "3", "task": "Quét chợ"},
			}, []string{"A VIỆC CÓ HẠN", "A VIỆC CÓ HẠN", "B VIỆC THƯỜNG XUYÊN"}},
	} {
		r := extract.Build(textPages(c.text), nil, extract.Options{})
		if len(r.Records) < len(c.want) {
			t.Errorf("%s: %d records", c.name, len(r.Records))
			continue
		}
		for i, fields := range c.want {
			for name, want := range fields {
				if f := r.Records[i].Fields[name].One; f == nil || fmt.Sprint(f.Value) != want {
					t.Errorf("%s: row %d: %s is %+v, want %s", c.name, i+1, name, f, want)
				}
			}
		}
		for i, want := range c.groups {
			if g := r.Records[i].Group; g == nil || g.Number+" "+g.Name != want {
				t.Errorf("%s: row %d: group %+v, want %s", c.name, i+1, g, want)
			}
		}
	}
}

// strokes is a text whose cells are parted by lines of a stroke.
func strokes(cells ...string) string { return strings.Join(cells, "\n|\n") + "\n|\n" }
