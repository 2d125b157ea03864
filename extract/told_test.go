package extract_test

import (
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// buildRestored reads a torn text as a run does, and returns its n records.
func buildRestored(t *testing.T, text string, n int) []schema.Record {
	t.Helper()
	pages := textPages(text)
	restore(t, pages)
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	rs := extract.Build(pages, nil, extract.Options{Restorer: r}).Records
	if len(rs) != n {
		t.Fatalf("%d records, not %d", len(rs), n)
	}
	return rs
}

const toldProgress = `PHỤ LỤC 2
DANH MỤC CÁC CHỈ TIÊU
STT Tên chỉ tiêu Đơn vị tính Văn bản giao Mục tiêu Tiến độ thực hiện
A |VỀ PHÁT TRIỂN NÔNG THÔN SỐ
Bến đò trên sông có bảng giá điện tử, có loa báo giờ đò chạy cho
1 |người chờ trên bến và cho người đi chợ sớm % Quyết định 77/QĐ-UBND ngày 05/3/2025 90 84,5
ở các xã ven sông
- Tỷ lệ lồng bè đã
Hộ nuôi cá lồng khai báo qua điện thoại với trạm thú y của huyện đăng ký qua mạng:
2 |mỗi khi thả giống, khi bán cá và khi có bệnh; trạm thú y trả lời 61,5%.
trong ngày cho hộ nuôi cá - Tỷ lệ hộ được trả
lời trong ngày: 48,2%
Chợ phiên nhận chuyển khoản thay tiền mặt ở các quầy hàng thịt,
3 |hàng cá và hàng rau của người dân trong xã đem ra bán vào sáng % Quyết định 77/QĐ-UBND ngày 05/3/2025 50 52
sớm
4 |Trạm bơm đóng mở từ xa % Quyết định 77/QĐ-UBND ngày 05/3/2025 20 22
`

// Words stand where a figure is due: their lines are read behind those of the name and
// between them, and the figures in them are none of the row's columns.
func TestWordsInAColumnOfFigures(t *testing.T) {
	rs := buildRestored(t, toldProgress, 4)
	checkFields(t, rs[0], map[string]string{"target": "90", "progress": "84.5"})
	checkFields(t, rs[1], map[string]string{
		"name":     "Hộ nuôi cá lồng khai báo qua điện thoại với trạm thú y của huyện mỗi khi thả giống, khi bán cá và khi có bệnh; trạm thú y trả lời trong ngày cho hộ nuôi cá",
		"progress": "- Tỷ lệ lồng bè đã đăng ký qua mạng: 61,5%. - Tỷ lệ hộ được trả lời trong ngày: 48,2%",
	})
	if f := rs[1].Fields["target"].One; f != nil && f.Text != "" {
		t.Errorf("a figure of the text became the target %q", f.Text)
	}
	checkFields(t, rs[2], map[string]string{
		"name":   "Chợ phiên nhận chuyển khoản thay tiền mặt ở các quầy hàng thịt, hàng cá và hàng rau của người dân trong xã đem ra bán vào sáng sớm",
		"target": "50", "progress": "52",
	})
}

// What is left of other cells' lines goes from the edges of names; a short word that
// the next line goes on from stays, a range has its end, and a lone bracket beside
// per cent signs is one.
func TestEdgesOfNames(t *testing.T) {
	rs := buildRestored(t, `PHỤ LỤC 2
DANH MỤC CÁC CHỈ TIÊU
STT Tên chỉ tiêu Đơn vị tính Văn bản giao Mục tiêu Tiến độ thực hiện
A |VỀ PHÁT TRIỂN NÔNG THÔN SỐ
Chủ đò được tập huấn về máy tính, về an toàn trên sông nước, về ky
1 |năng số và về cách bán vé qua điện thoại cho khách % Quyết định 77/QĐ-UBND ngày 05/3/2025 90 84
2 |Số bến đò có bảng giá, tăng mỗi năm trong cả nhiệm kỳ từ 20 - % Quyết định 77/QĐ-UBND ngày 05/3/2025 50 52
30%
Lò gạch ven sông có cảm biến khói, báo về điện thoại của người y o
3 |trông lò và của cán bộ xã khi khói vượt mức cho phép ) Quyết định 77/QĐ-UBND ngày 05/3/2025 40 42
Nl e
4 |Trạm bơm đóng mở từ xa % Quyết định 77/QĐ-UBND ngày 05/3/2025 20 22
`, 4)
	for i, name := range []string{
		"Chủ đò được tập huấn về máy tính, về an toàn trên sông nước, về kỹ năng số và về cách bán vé qua điện thoại cho khách",
		"Số bến đò có bảng giá, tăng mỗi năm trong cả nhiệm kỳ từ 20 - 30%",
		"Lò gạch ven sông có cảm biến khói, báo về điện thoại của người trông lò và của cán bộ xã khi khói vượt mức cho phép",
		"Trạm bơm đóng mở từ xa",
	} {
		checkFields(t, rs[i], map[string]string{"name": name, "unit": "%"})
	}
}

// A line of heads read as one is none of the first name; a line that opens what the
// name closes belongs between its lines; "1)" at the end of a parenthesis is no figure;
// "0" may be counted in any column.
func TestLinesAroundNamesOfServices(t *testing.T) {
	rs := buildRestored(t, `PHỤ LỤC 3
ĐÁNH GIÁ CÁC DỊCH VỤ CÔNG THIẾT YẾU
STT Tên dịch vụ Tổng số Hồ sơ Tỷ lệ Nguồn dữ liệu
hồ sơ trực tuyến
2024 công nhà nước
Cấp biển đò ngang cho các chủ đò
1 |trên sông 42 40 95,24%
2 |Khai báo lồng bè 1961 1906 97,2%
3 |Gia hạn giấy phép lái đò 1317 1290 97,95%

4

Cấp điện cho các trạm bơm
từ nguồn điện của xã
kết nối với máy đo của trạm)

(380V) (thử nghiệm cách

970

960

98,97%

5

Đổi sổ nhà nổi (không gồm nhà nổi
của ban quản 1)

251

240

95,62%
`, 5)
	for i, want := range []map[string]string{
		{"name": "Cấp biển đò ngang cho các chủ đò trên sông", "total": "42"},
		{"total": "1961", "online": "1906"},
		{"total": "1317"},
		{"total": "970", "online": "960"},
		{"name": "Đổi sổ nhà nổi (không gồm nhà nổi của ban quản 1)", "total": "251", "online": "240"},
	} {
		checkFields(t, rs[i], want)
	}
	if name := rs[3].Fields["name"].One.Text; name != "Cấp điện cho các trạm bơm (380V) (thử nghiệm cách từ nguồn điện của xã kết nối với máy đo của trạm)" &&
		name != "Cấp điện cho các trạm bơm từ nguồn điện của xã (380V) (thử nghiệm cách kết nối với máy đo của trạm)" {
		t.Errorf("name %q", name)
	}
}
