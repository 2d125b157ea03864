package extract_test

import (
	"fmt"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// Heads as other offices word them, with the unit and the time in them, over other
// columns in another order.
func TestHeadsOfOtherOffices(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		heads, row []string
		want       map[string]string // field to value
	}{
		{"models of a police department", "model",
			[]string{"Số TT", "Tên mô hình, nhiệm vụ", "Đơn vị chủ trì thực hiện", "Tình trạng", "Kết quả thực hiện đến nay", "Kinh phí (triệu đồng) / Dự toán", "Kinh phí (triệu đồng) / Đã giải ngân"},
			[]string{"1", "MH 1: Cân tải trọng tự động", "Sở Xây dựng", "Đã nghiệm thu", "Lắp ba trạm cân.", "1.250", "900"},
			map[string]string{"number": "1", "title": "Cân tải trọng tự động", "lead_agency": "Sở Xây dựng", "status": "completed", "results": "Lắp ba trạm cân.", "cost": "1.250"}},
		{"indicators of a district", "indicator",
			[]string{"ST T", "Tên chỉ tiêu", "ĐVT", "Chỉ tiêu năm 2024", "Kết quả năm 2024", "Ghi chú"},
			[]string{"1", "Số hộ bán hàng qua mạng", "hộ", "1.500", "1.268", "Không đạt"},
			map[string]string{"number": "1", "name": "Số hộ bán hàng qua mạng", "unit": "hộ", "target": "1500", "progress": "1268"}},
		{"services, the parts before the whole", "service",
			[]string{"TT", "Tên dịch vụ công", "Kết quả năm 2024 / Hồ sơ trực tuyến", "Kết quả năm 2024 / Tổng số hồ sơ", "Kết quả năm 2024 / Tỷ lệ (%)", "Tồn tại, nguyên nhân"},
			[]string{"1", "Đăng ký khai sinh", "1.846", "1.902", "97,06", "Không"},
			map[string]string{"name": "Đăng ký khai sinh", "online": "1846", "total": "1902", "ratio": "97.06", "shortcomings": "Không"}},
		{"tasks", "task",
			[]string{"STT", "Tên nhiệm vụ, công việc", "Cơ quan, đơn vị thực hiện", "Thời gian thực hiện", "Tình hình thực hiện đến 30/9/2025"},
			[]string{"1", "Vá đường liên xã", "Phòng Kinh tế", "28/02/2025", "Xong 3 km."},
			map[string]string{"task": "Vá đường liên xã", "lead_agency": "Phòng Kinh tế", "deadline": "2025-02-28", "result": "Xong 3 km."}},
	} {
		r := extract.Build(nil, []schema.Table{table(1, c.heads, c.row)}, extract.Options{})
		if len(r.Records) != 1 || r.Records[0].Kind != c.kind {
			t.Errorf("%s: records %+v", c.name, r.Records)
			continue
		}
		for name, want := range c.want {
			if f := r.Records[0].Fields[name].One; f == nil || fmt.Sprint(f.Value) != want {
				t.Errorf("%s: %s is %+v, want %s", c.name, name, f, want)
			}
		}
	}
}

// A head gives the unit once for all cells below it.
func TestUnitsOfHeads(t *testing.T) {
	tab := table(1, []string{"STT", "Mô hình", "Kết quả triển khai", "Kinh phí (triệu đồng)"},
		[]string{"1", "Mô hình 1: Trạm cân", "Đã hoàn thành.", "386,4"},
		[]string{"2", "Mô hình 2: Phao tiêu", "Đã hoàn thành.", "1,2 tỷ đồng"},
		[]string{"3", "Mô hình 3: Cọc mốc", "Đã hoàn thành.", "-"})
	r := extract.Build(nil, []schema.Table{tab}, extract.Options{})
	for i, want := range []int64{386_400_000, 1_200_000_000, 0} {
		list := r.Records[i].Fields["amounts"].List
		if want == 0 && len(list) == 0 {
			continue
		}
		if len(list) != 1 || list[0].Value.(schema.Money).VND != want {
			t.Errorf("row %d: amounts %+v, want %d", i+1, list, want)
		}
	}
}

// Groups are counted with letters or figures where their cells say so.
func TestNumeralsOfGroups(t *testing.T) {
	for _, c := range []struct{ numerals, want [2]string }{
		{[2]string{"I", "II"}, [2]string{"I", "II"}},
		{[2]string{"A", "B"}, [2]string{"A", "B"}},
		{[2]string{"1", "2"}, [2]string{"1", "2"}},
		{[2]string{"1", "11"}, [2]string{"I", "II"}}, // strokes
	} {
		tab := table(1, []string{"STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn", "Kết quả"},
			[]string{"", "", "", "", ""}, []string{"1", "Vá đường", "Phòng Kinh tế", "28/02/2025", "Xong."},
			[]string{"", "", "", "", ""}, []string{"2", "Thay đèn", "Phòng Kinh tế", "28/03/2025", "Xong."})
		for i, at := range []int{1, 3} {
			row := tab.Rows[at]
			row[0].Text, row[1].Text, row[1].ColSpan = c.numerals[i], "Việc của phòng chuyên môn", 4
			tab.Rows[at] = row[:2]
		}
		r := extract.Build(nil, []schema.Table{tab}, extract.Options{})
		for i, want := range c.want {
			if len(r.Records) != 2 || r.Records[i].Group == nil || r.Records[i].Group.Number != want {
				t.Errorf("%v: records %+v", c.numerals, r.Records)
				break
			}
		}
	}
}

// A row that sums up is no record, in capitals or not, unless it has a number.
func TestTotalInSmallLetters(t *testing.T) {
	tab := table(1, []string{"TT", "Tên dịch vụ công", "Tổng số", "Trực tuyến"},
		[]string{"1", "Đăng ký khai sinh", "20", "10"}, []string{"", "Tổng cộng", "20", "10"})
	if r := extract.Build(nil, []schema.Table{tab}, extract.Options{}); len(r.Records) != 1 {
		t.Errorf("records %+v", r.Records)
	}
}

// Numbers of indicators: a point parts thousands unless the row counts in per
// cent, and bounds are spelled in one way.
func TestMeasuresOfIndicators(t *testing.T) {
	for _, c := range []struct{ unit, text, want string }{
		{"người", "120.000", "120000"}, {"người", "61,000", "61000"}, {"tỷ đồng", "80,367", "80.367"}, {"%", "93.967", "93.967"},
		{"%", "98,6", "98.6"}, {"%", "96,3%", "96.3"}, {"%", "≥ 95", ">=95"}, {"ngày", "≤ 18", "<=18"}, {"%", "< 1", "<1"}, {"%", "=>80", ">=80"},
		{"%", "trên 90", ">90"}, {"%", "Từ 80% trở lên", ">=80%"}, {"hồ sơ", "tối thiểu 50", ">=50"}, {"xã", "84/84", "84/84"}, {"xã", "120 - 150", "120 - 150"},
		{"%", "88,43%.", "88.43"}, {"người", "1.268;", "1268"}, {"%", "≥ 95%.", ">=95%"}, {"%", "-3,2", "-3.2"}, {"%", "–3,2%", "-3.2"}, {"%", "+12,4", "12.4"},
		{"xã", "-", "-"}, {"xã", "- 5", "- 5"}, {"xã", "Đạt.", "Đạt."},
	} {
		tab := table(1, []string{"STT", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu"}, []string{"1", "Mức đạt được", c.unit, c.text})
		r := extract.Build(nil, []schema.Table{tab}, extract.Options{})
		if len(r.Records) != 1 || r.Records[0].Fields["target"].One == nil || fmt.Sprint(r.Records[0].Fields["target"].One.Value) != c.want {
			t.Errorf("%q in %s: %+v, want %s", c.text, c.unit, r.Records, c.want)
		}
	}
}

// Shares and changes, in columns whose heads say per cent once for all cells: a
// decrease keeps its sign, and a mark is one of decimals.
func TestSharesOfServices(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"12,4", "12.4"}, {"-3,2", "-3.2"}, {"–15,6", "-15.6"}, {"- 3,2", "-3.2"}, {"giảm 3,2", "-3.2"}, {"Tăng 12,4", "12.4"}, {"+8", "8"},
		{"-3,2%", "-3.2"}, {"93.967", "93.967"}, {"0", "0"}, {"Không đổi", "Không đổi"},
	} {
		tab := table(1, []string{"STT", "Tên dịch vụ", "Tổng số", "Trực tuyến", "Tỷ lệ trực tuyến (%)", "Tăng/giảm so với cùng kỳ (%)"},
			[]string{"1", "Cấp giấy phép nuôi ong", "200", "150", "75", c.text}, []string{"2", "Gia hạn thẻ thư viện", "100", "60", "60", "4"})
		r := extract.Build(nil, []schema.Table{tab}, extract.Options{})
		if len(r.Records) != 2 || r.Records[0].Fields["change"].One == nil || fmt.Sprint(r.Records[0].Fields["change"].One.Value) != c.want {
			t.Errorf("%q: %+v, want %s", c.text, r.Records, c.want)
		}
	}
}

// A stamp over the head of the names does not give their column to the figures.
func TestStampedHead(t *testing.T) {
	tab := table(1, []string{"STT", "XI H 2/2 tÌï tiu", "ĐVT", "Chỉ tiêu năm 2024", "Kết quả năm 2024"},
		[]string{"1", "Số hộ bán hàng qua mạng", "hộ", "1.500", "1.268"}, []string{"2", "Số tổ công nghệ số cộng đồng", "tổ", "84", "84"},
		[]string{"3", "Số điểm phát sóng miễn phí", "điểm", "20", "19"})
	r := extract.Build(nil, []schema.Table{tab}, extract.Options{})
	if len(r.Records) != 3 || value(r.Records[1], "name") != "Số tổ công nghệ số cộng đồng" || value(r.Records[1], "target") != "84" {
		t.Errorf("records %+v", r.Records)
	}
}

// Of the head of a column that the profile requires a stamp left the end.
func TestEndOfHead(t *testing.T) {
	rows := [][]string{{"Số TT", "Tên mô hình triển khai", "v thực hiện", "Hiệu quả, lợi ích"}}
	for i, x := range []string{"Trạm cân lưu động", "Phao tiêu tự phát sáng", "Cọc mốc có mã"} {
		rows = append(rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("Mô hình số %d: %s", i+1, x), "Đã lắp đặt tại ba điểm trên sông.", "Bớt công đi kiểm tra."})
	}
	r := extract.Build(nil, []schema.Table{table(1, rows...)}, extract.Options{})
	if len(r.Records) != 3 || value(r.Records[0], "results") != rows[1][2] || value(r.Records[2], "title") != "Cọc mốc có mã" {
		t.Errorf("records %+v", r.Records)
	}
}

// Numbers below numbers that lost their stop, or were not read, follow from those
// beside them; one that does not fit stays.
func TestLabelsThatLostTheirStop(t *testing.T) {
	head := []string{"STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn", "Kết quả"}
	rows := [][]string{head}
	for _, n := range []string{"1.1", "12", "", "1.4", "27"} {
		rows = append(rows, []string{n, "Vá đường", "Phòng Kinh tế", "28/02/2025", "Xong."})
	}
	r := extract.Build(nil, []schema.Table{table(1, rows...)}, extract.Options{})
	if len(r.Records) != 5 {
		t.Fatalf("records %+v", r.Records)
	}
	for i, want := range []string{"1.1", "1.2", "1.3", "1.4", "27"} {
		if got := value(r.Records[i], "number"); got != want {
			t.Errorf("row %d has the number %q, want %q", i+1, got, want)
		}
	}
}

// Letterheads of other bodies: a police department below its ministry, a name over
// two lines.
func TestLetterheadsOfOtherBodies(t *testing.T) {
	for _, c := range []struct{ lines, parent, issuer string }{
		{"BỘ CÔNG AN\nCÔNG AN TỈNH LÃNG SÓI", "BỘ CÔNG AN", "CÔNG AN TỈNH LÃNG SÓI"},
		{"UBND TỈNH LÃNG SÓI\nTRUNG TÂM PHỤC VỤ\nHÀNH CHÍNH CÔNG", "UBND TỈNH LÃNG SÓI", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"},
		{"UBND TỈNH LÃNG SÓI\nVĂN PHÒNG", "UBND TỈNH LÃNG SÓI", "VĂN PHÒNG"},
		{"TỈNH LÃNG SÓI\nỦY BAN NHÂN DÂN\nHUYỆN ĐÁ DỰNG", "TỈNH LÃNG SÓI", "ỦY BAN NHÂN DÂN HUYỆN ĐÁ DỰNG"},
		{"BỘ TÀI CHÍNH\nTHUẾ TỈNH LÃNG SÓI", "BỘ TÀI CHÍNH", "THUẾ TỈNH LÃNG SÓI"},
		{"SỞ ĐO GIÓ\nCHI CỤC TRẮC ĐỊA\nTỈNH LÃNG SÓI", "SỞ ĐO GIÓ", "CHI CỤC TRẮC ĐỊA TỈNH LÃNG SÓI"},
		{"BỘ XÂY DỰNG\nVIỆN KIỂM ĐỊNH\nCÔNG TRÌNH VEN BIỂN", "BỘ XÂY DỰNG", "VIỆN KIỂM ĐỊNH CÔNG TRÌNH VEN BIỂN"},
		{"UBND TỈNH LÃNG SÓI\nBỆNH VIỆN ĐA KHOA\nKHU VỰC ĐÁ DỰNG", "UBND TỈNH LÃNG SÓI", "BỆNH VIỆN ĐA KHOA KHU VỰC ĐÁ DỰNG"},
		{"HỘI LÀM VƯỜN TỈNH LÃNG SÓI\nBAN THƯỜNG VỤ", "HỘI LÀM VƯỜN TỈNH LÃNG SÓI", "BAN THƯỜNG VỤ"},
		{"TỈNH ĐOÀN LÃNG SÓI\nTRUNG TÂM HOẠT ĐỘNG\nTHANH THIẾU NIÊN", "TỈNH ĐOÀN LÃNG SÓI", "TRUNG TÂM HOẠT ĐỘNG THANH THIẾU NIÊN"},
	} {
		h := extract.Build(textPages(c.lines+`
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 17/BC-ABC Lãng Sói, ngày 02 tháng 5 năm 2025
BÁO CÁO
Kết quả đo gió
Cơ quan báo cáo kết quả đo gió tại các trạm như sau.

Nơi nhận:
- Sở Công Thương, Sở KH&CN;
- Lưu: VT.

GIÁM ĐỐC
Lưu Gia Mẫn
`), nil, extract.Options{}).Header
		if h.Issuer == nil || h.Parent == nil || h.Issuer.Value != c.issuer || h.Parent.Value != c.parent {
			t.Errorf("%q: issuer %+v, parent %+v", c.lines, h.Issuer, h.Parent)
		}
		if len(h.Recipients) != 2 || h.Recipients[0].Text != "Sở Công Thương, Sở KH&CN" {
			t.Errorf("recipients %+v", h.Recipients)
		}
	}
}

// The code of the number tells where a name begins whose second line begins as
// another agency's.
func TestCodePartsNames(t *testing.T) {
	for _, c := range []struct{ lines, code, parent, issuer string }{
		{"UBND TỈNH LÃNG SÓI\nBAN QUẢN LÝ\nKHU DU LỊCH ĐÁ DỰNG", "BQL", "UBND TỈNH LÃNG SÓI", "BAN QUẢN LÝ KHU DU LỊCH ĐÁ DỰNG"},
		{"UBND TỈNH LÃNG SÓI\nBAN CHỈ ĐẠO\nPHÒNG, CHỐNG LỤT BÃO", "BCĐPCLB", "UBND TỈNH LÃNG SÓI", "BAN CHỈ ĐẠO PHÒNG, CHỐNG LỤT BÃO"},
		{"SỞ ĐO GIÓ\nMỎ CÁT SỐ 2", "MCS2", "SỞ ĐO GIÓ", "MỎ CÁT SỐ 2"},
		{"HỘI LÀM VƯỜN\nBAN THƯỜNG VỤ", "HLV", "HỘI LÀM VƯỜN", "BAN THƯỜNG VỤ"},
	} {
		h := extract.Build(textPages(c.lines+`
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 17/BC-`+c.code+` Lãng Sói, ngày 02 tháng 5 năm 2025
BÁO CÁO
Kết quả đo gió
`), nil, extract.Options{}).Header
		if h.Issuer == nil || h.Parent == nil || h.Issuer.Value != c.issuer || h.Parent.Value != c.parent {
			t.Errorf("%q: issuer %+v, parent %+v", c.lines, h.Issuer, h.Parent)
		}
	}
}
