package field_test

import (
	"testing"

	"github.com/sohoa/sohoa/extract/field"
)

func TestMoneyUnit(t *testing.T) {
	for _, c := range []struct{ head, want string }{
		{"Kinh phí (triệu đồng)", "triệu đồng"},
		{"Kinh phí (triệu đồng) / Dự toán", "triệu đồng"},
		{"Nguồn kinh phí (tỷ đồng)", "tỷ đồng"},
		{"Dự toán (ĐVT: 1.000 đồng)", "nghìn đồng"},
		{"Tổng mức (nghìn đồng)", "nghìn đồng"},
		{"Thành tiền (đồng)", "đồng"},
		{"Số tiền (tr.đ)", "triệu đồng"},
		{"Kinh phí, đơn vị tính: triệu đồng", "triệu đồng"},
		{"Kinh phi (trieu dong)", "triệu đồng"},
		{"Kinh phí đầu tư, mua sắm thiết bị", ""},
		{"Cộng đồng", ""},
		{"Hợp đồng (số, ngày)", ""},
		{"Tỷ lệ (%)", ""},
		{"Mô hình (hội đồng)", ""},
	} {
		if got := field.MoneyUnit(c.head); got != c.want {
			t.Errorf("%q: unit %q, want %q", c.head, got, c.want)
		}
	}
	for _, c := range []struct{ line, want string }{
		{"Đơn vị tính: triệu đồng", "triệu đồng"},
		{"Đơn vị tính: triệu @ông", "triệu đồng"},
		{"DPVT: nghìn đồng", "nghìn đồng"},
		{"(ĐVT: Tỷ đồng)", "tỷ đồng"},
		{"Đơn vị: 1.000 đ", "nghìn đồng"},
		{"ĐVT: đồng", "đồng"},
		{"Đơn vị tính: hồ sơ", ""},
		{"Đơn vị chủ trì: Sở Tài chính, kinh phí 3 tỷ đồng", ""},
	} {
		if got := field.UnitNote(c.line); got != c.want {
			t.Errorf("%q: unit %q, want %q", c.line, got, c.want)
		}
	}
}

func TestScaledAmounts(t *testing.T) {
	for _, c := range []struct {
		text, unit string
		want, to   int64
	}{
		{"1.250", "triệu đồng", 1_250_000_000, 0},
		{"386,4", "triệu đồng", 386_400_000, 0},
		{"2,15", "tỷ đồng", 2_150_000_000, 0},
		{"0,096", "tỷ đồng", 96_000_000, 0},
		{"2 - 3", "tỷ đồng", 2_000_000_000, 3_000_000_000},
		{"15.300", "nghìn đồng", 15_300_000, 0},
		{"9.800.000", "đồng", 9_800_000, 0},
		{"khoảng 40", "triệu đồng", 40_000_000, 0},
		{"1,2 tỷ", "triệu đồng", 1_200_000_000, 0},
		{"2.500.000.000", "", 2_500_000_000, 0},
	} {
		got := field.ScaledAmounts(c.text, c.unit)
		if len(got) != 1 || got[0].Money.VND != c.want || got[0].Money.VNDTo != c.to || got[0].To > len(c.text) {
			t.Errorf("%q in %q: %+v, want %d to %d", c.text, c.unit, got, c.want, c.to)
		}
	}
	for _, text := range []string{"-", "0", "Không", "12 mô hình", "Theo Quyết định số 12"} {
		if got := field.ScaledAmounts(text, "triệu đồng"); len(got) != 0 {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
}

func TestStopped(t *testing.T) {
	for in, want := range map[string]string{"1:980": "1.980", "95:42": "95,42", "1.980": "1.980", "08:30:00": "08:30:00", "Có: 12": "Có: 12", "12:": "12:"} {
		if got := field.Stopped(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := field.ScaledAmounts("1:980", "triệu đồng"); len(got) != 1 || got[0].Money.VND != 1_980_000_000 || got[0].Clean {
		t.Errorf("%+v", got)
	}
}

// Heads that run across each other have the end of a unit on another line.
func TestTornMoneyUnit(t *testing.T) {
	for _, c := range []struct{ heads, want string }{
		{"Kinh phí (triệu TT Tên mô hình Khó khăn đồng)", "triệu đồng"},
		{"Kinh phí (tr.đ Kết quả", "triệu đồng"},
		{"Vốn (ĐVT: 1.000 Ghi chú đồng)", "nghìn đồng"},
		{"Dự toán (tỷ Tiến độ đồng)", "tỷ đồng"},
		{"Kết quả (trung bình Kinh phí", ""},
		{"Tỷ lệ (tỷ_lệ)", ""},
	} {
		if got := field.TornMoneyUnit(c.heads); got != c.want {
			t.Errorf("%q: unit %q, want %q", c.heads, got, c.want)
		}
	}
}
