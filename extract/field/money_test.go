package field_test

import (
	"fmt"
	"testing"

	"github.com/sohoa/sohoa/extract/field"
)

func TestAmounts(t *testing.T) {
	tests := []struct {
		text string
		want string // each as vnd[-vndTo] qualifier /per, joined by ;
	}{
		{"2,5 tỷ đồng", "2500000000"},
		{"khoảng 6.8 tỷ", "6800000000 khoảng"},
		{"chi 1 250 000 000 đồng, còn 5 200 đồng", "1250000000;200"},
		{"02 tỷ 350 triệu đồng", "2350000000"},
		{"khoảng 3-5 tỷ", "3000000000-5000000000 khoảng"},
		{"200.000 đồng/tháng/người", "200000 /tháng/người"},
		{"1,2 nghìn tỷ đồng", "1200000000000"},
		{"2.350 tr.đ", "2350000000"},
		{"chi khoang 6.8ty d 6ng (bao gồm hạ tầng)", "6800000000 khoảng"},
		{"1.685.976.000 vnđ", "1685976000"},
		{"Bố trí 1.685.976.000 vnd để mua", "1685976000"},
		{"với 107 triệu đồng", "107000000"},
		{"hỗ trợ 80,367 tỷ", "80367000000"},
		{"hỗ trợ 12 tỷ, trong đó", "12000000000"},
		{"cần 12 tỷ trong năm 2025", "12000000000"},
		{"3,216 ty\ndbng để đầu tư", "3216000000"},
		{"8.000 đ/lượt", "8000 /lượt"},
		{"đã giải ngân 31,5 tỷ đồng cho 1.208 hộ", "31500000000"},
		{"2 tỷ đồng cho 10 xã", "2000000000"},
		{"15.000 đồng cho 1 lượt", "15000 /lượt"},
		{"mất cao (8.000 d/lugt).", "8000 /lugt"},
		{"550.000 đồng cho 1.000 lượt truy cập", "550000 /1.000 lượt"},
		{"765,000,000 đồng/1 năm", "765000000 /năm"},
		{"765,000,000\ndbig/ 1 nam", "765000000 /nam"},
		{"1 tỷ 200 triệu đồng", "1200000000"},
		{"1 tỷ 200 triệu", "1200000000"},
		{"2 tỉ đồng", "2000000000"},
		{"từ 2 đến 3 tỷ đồng", "2000000000-3000000000"},
		{"2 - 3 tỷ đồng", "2000000000-3000000000"},
		{"năm 2025 1a 1 ty dong", "1000000000"},
		{"2,1 triệu tài khoản định danh", ""},
		{"hơn 20,8 triệu hóa đơn", ""},
		{"trên 150 tỷ\nđồng; (ii) 100% trường", "150000000000 trên"},
		{"tổng 120,831 tỷ đồng", "120831000000"},
		{"ngày 05 tháng 9 năm 2025", ""},
		{"số 318/KH-UBND ngày 15/10/2024", ""},
		{"674.242/708.475 người", ""},
		{"mua 24 Kiosk, 16 tổ", ""},
		{"500 USD", "USD 500"},
		{"kinh phí 300 triệu", "300000000"},
		{"tiết kiệm 01 tỷ đồng/năm", "1000000000 /năm"},
		{"1.200 triệu đồng", "1200000000"},
		{"4,8 tỷ đồng; Quản lý: 1,2 tỷ đồng.", "4800000000;1200000000"},
		{"2 5 tỷ đồng", "2500000000"},
		{"dao động từ 900 triệu đồng đến 2,7 tỷ đồng", "900000000-2700000000"},
		{"tăng từ 900 triệu đồng đến 2,7 tỷ đồng", "900000000;2700000000"},
		{"cũ 900 triệu đồng - mới 2,7 tỷ đồng", "900000000;2700000000"},
		{"Vốn đợt một khoảng 3,5 tỷ đồng", "3500000000 khoảng"},
	}
	for _, tt := range tests {
		got := ""
		for _, a := range field.Amounts(tt.text) {
			if got != "" {
				got += ";"
			}
			if a.Currency != "VND" {
				got += fmt.Sprintf("%s %v", a.Currency, a.Value)
				continue
			}
			got += fmt.Sprint(a.Money.VND)
			if a.Money.VNDTo != 0 {
				got += fmt.Sprintf("-%d", a.Money.VNDTo)
			}
			if a.Money.Qualifier != "" {
				got += " " + a.Money.Qualifier
			}
			if a.Money.Per != "" {
				got += " /" + a.Money.Per
			}
		}
		if got != tt.want {
			t.Errorf("Amounts(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestTornAmount(t *testing.T) {
	for text, want := range map[string]bool{
		"chi 385 500.000 đồng":         true,
		"chi 385.500.000 đồng":         false,
		"giảm 2.1 16.000.000 đồng":     true,
		"cho 12 trạm 500.000 đồng/xã":  false,
		"năm 2025 1.685.976.000 đồng":  false,
		"gói 3, 500.000 đồng cho lượt": false,
	} {
		as := field.Amounts(text)
		if len(as) != 1 || as[0].Torn != want {
			t.Errorf("Amounts(%q) = %+v, want torn %v", text, as, want)
		}
	}
}

// In a column of costs millions need no unit; other numbers do.
func TestGroupedAmounts(t *testing.T) {
	for text, want := range map[string]int64{
		"mua thiết bị: 1.350.000.000 cho các trạm":       1350000000,
		"thuê dịch vụ 640,000,000 năm đầu":               640000000,
		"dự kiến 3:200.000.000 trong đó":                 3200000000,
		"phục vụ 1.350.000 lượt":                         0,
		"máy quét thẻ 3.150.000.000 trường nội trú":      3150000000,
		"mượn 18 phòng học ở ba xã":                      0,
		"bản đồ tỷ lệ 1:500.000":                         0,
		"hoàn thành 1411172024 đồng bộ với hệ thống":     0,
		"trả 1411172 đồng":                               1411172,
		"số máy 0912345678, mã 7.1.2 và 12.000 tài liệu": 0,
	} {
		as := field.GroupedAmounts(text)
		switch {
		case want == 0 && len(as) > 0, want != 0 && (len(as) != 1 || as[0].Money.VND != want):
			t.Errorf("GroupedAmounts(%q) = %+v, want %d", text, as, want)
		case want > 10000000 && as[0].Clean:
			t.Errorf("GroupedAmounts(%q) is clean", text)
		}
	}
}

// Forms that reports of other offices use.
func TestAmountsOfOtherOffices(t *testing.T) {
	for _, c := range []struct {
		text      string
		vnd, to   int64
		qualifier string
		per       string
	}{
		{"2 tỷ rưỡi", 2_500_000_000, 0, "", ""},
		{"107 trđ", 107_000_000, 0, "", ""},
		{"107 tr.đ/xã", 107_000_000, 0, "", "xã"},
		{"2÷3 tỷ đồng", 2_000_000_000, 3_000_000_000, "", ""},
		{"tối đa 50 triệu đồng/mô hình", 50_000_000, 0, "tối đa", "mô hình"},
		{"26.500 đồng/hồ sơ", 26_500, 0, "", "hồ sơ"},
		{"2 triệu đồng/hộ gia đình/năm", 2_000_000, 0, "", "hộ gia đình/năm"},
		{"35.000 đồng/m²", 35_000, 0, "", "m²"},
		{"5 nghìn tỷ đồng", 5_000_000_000_000, 0, "", ""},
		{"1.200 tỷ đồng", 1_200_000_000_000, 0, "", ""},
		{"1.236 tỷ đồng", 1_236_000_000, 0, "", ""}, // a point for a comma; the other reading stays beside it
		{"15.300.000 (mười lăm triệu ba trăm nghìn) đồng", 15_300_000, 0, "", ""},
		{"1.000.000.000 (Một tỷ đồng)", 1_000_000_000, 0, "", ""},
		{"ước đạt 12,7 tỷ đồng", 12_700_000_000, 0, "ước", ""},
		{"chi 2 tỷ đồng chi cho tập huấn", 2_000_000_000, 0, "", ""},
		{"mức 50 triệu/năm", 50_000_000, 0, "", "năm"},
		{"hơn 3 tỷ rưỡi", 3_500_000_000, 0, "hơn", ""},
		{"1 tỷ 2 để mua máy quét", 1_200_000_000, 0, "", ""},
		{"đã chi 1 tỷ 250", 1_250_000_000, 0, "", ""},
		{"kinh phí 7 triệu 5", 7_500_000, 0, "", ""},
		{"kinh phí 1 tỷ 12 xã góp", 1_000_000_000, 0, "", ""},
		{"cần 15 nghìn tỷ", 15_000_000_000_000, 0, "", ""},
		{"gần 1 nghìn 200 tỷ đồng", 1_200_000_000_000, 0, "gần", ""},
		{"2 tỷ 3 trăm triệu đồng", 2_300_000_000, 0, "", ""},
		{"5 chục triệu đồng", 50_000_000, 0, "", ""},
		{"tổng vốn: 1.500 (triệu đồng)", 1_500_000_000, 0, "", ""},
		{"vốn vay 3,5 (đơn vị tính: tỷ đồng)", 3_500_000_000, 0, "", ""},
		{"phạt 05 (năm) triệu đồng", 5_000_000, 0, "", ""},
		{"không dưới 10 tỷ đồng", 10_000_000_000, 0, "không dưới", ""},
		{"không thấp hơn 10 tỷ đồng", 10_000_000_000, 0, "không dưới", ""},
		{"không vượt quá 10 tỷ đồng", 10_000_000_000, 0, "không quá", ""},
		{"trên dưới 10 tỷ đồng", 10_000_000_000, 0, "trên dưới", ""},
		{"nhỏ hơn 10 tỷ đồng", 10_000_000_000, 0, "dưới", ""},
		{"chưa đến 10 tỷ đồng", 10_000_000_000, 0, "chưa đến", ""},
		{"tối thiểu là 10 tỷ đồng", 10_000_000_000, 0, "tối thiểu", ""},
		{"khoảng từ 2-3 tỷ đồng", 2_000_000_000, 3_000_000_000, "khoảng", ""},
		{"từ 30 triệu đồng đến dưới 50 triệu đồng", 30_000_000, 50_000_000, "", ""},
		{"thưởng 2 triệu cho đội nhất", 2_000_000, 0, "", ""},
		{"5.000.000đ/báo cáo", 5_000_000, 0, "", "báo cáo"},
		{"4 triệu đồng/cộng đồng dân cư/năm", 4_000_000, 0, "", "cộng đồng dân cư/năm"},
		{"1,2 triệu đồng một tháng", 1_200_000, 0, "", "tháng"},
	} {
		got := field.Amounts(c.text)
		if len(got) != 1 || got[0].Money.VND != c.vnd || got[0].Money.VNDTo != c.to || got[0].Money.Qualifier != c.qualifier || got[0].Money.Per != c.per {
			t.Errorf("%q: %+v", c.text, got)
		}
	}
	for _, text := range []string{"tập huấn cho 12 đồng chí", "25 đồng bào", "giao 3 (ba) đơn vị", "chia 2 tỷ lệ ấy", "10.2.1 Tỷ lệ hộ có bể nước", "số 151 đường Bến Gạo",
		"năm 2025 đồng chí Lê Văn Bến", "cơ sở dữ liệu quốc gia có 3,6 triệu văn bản", "thu về 106 triệu/108 triệu trang", "thu mua 5 triệu lít sữa", "giá bán 12 triệu cái"} {
		if got := field.Amounts(text); len(got) > 0 {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
}

// Sums of other countries are told by their currency and are none in đồng.
func TestForeignAmounts(t *testing.T) {
	for text, want := range map[string]string{
		"vay 60 triệu euro": "EUR", "giá 3 triệu bảng Anh": "GBP", "viện trợ 5 tỷ won": "KRW", "vốn 10 triệu yên": "JPY", "trả 3 triệu nhân dân tệ": "CNY",
		"tài trợ 20.000 EUR": "EUR", "vốn 120 nghìn USD": "USD", "chi 2 triệu bằng chuyển khoản": "VND", "vốn 10 triệu yen": "",
	} {
		got := field.Amounts(text)
		if want == "" && len(got) == 1 && got[0].Currency == "VND" {
			continue // without its mark the word may be another
		}
		if len(got) != 1 || got[0].Currency != want || want != "VND" && got[0].Money.VND != 0 {
			t.Errorf("%q: %+v, want %s", text, got, want)
		}
	}
}

// What a spoken sum may mean besides stays beside it.
func TestSpokenAmount(t *testing.T) {
	got := field.Amounts("kinh phí 1 tỷ 2")
	if len(got) != 1 || got[0].Clean || len(got[0].Others) != 1 || got[0].Others[0] != 1_000_000_000 {
		t.Errorf("%+v", got)
	}
	for text, want := range map[string]int64{"kinh phí 1,5 tỷ 2": 1_500_000_000, "2 tỷ đồng 3": 2_000_000_000, "2 tỷ 3 xã": 2_000_000_000, "2 tỷ 05": 2_000_000_000} {
		if got := field.Amounts(text); len(got) != 1 || got[0].Money.VND != want || len(got[0].Others) > 0 {
			t.Errorf("%q: %+v, want %d", text, got, want)
		}
	}
}
