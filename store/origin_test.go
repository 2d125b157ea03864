package store

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestOriginOf(t *testing.T) {
	field := func(text, value string) *schema.Field {
		if text == "" {
			return nil
		}
		return &schema.Field{Text: text, Value: value}
	}
	for _, c := range []struct {
		issuer, parent, title, place, date string
		want                               Origin
	}{
		{issuer: "ỦY BAN NHÂN DÂN TỈNH SƠN HẢI", title: "Kết quả quý III năm 2025", want: Origin{"Sơn Hải", "2025-Q3", "2025-07-01", "2025-09-30", "title"}},
		{issuer: "SỞ TƯ PHÁP", parent: "UBND TỈNH ĐỨC SƠN", title: "Đánh giá 6 tháng đầu năm 2025", place: "Nơi khác", want: Origin{"Đức Sơn", "2025-H1", "2025-01-01", "2025-06-30", "title"}},
		{issuer: "SỞ TƯ PHÁP", title: "TÌNH HÌNH TẠI TỈNH LAM KHÊ", date: "2025-07-0?", want: Origin{"Lam Khê", "2025-07", "2025-07-01", "2025-07-31", "date"}},
		{issuer: "UBND THÀNH PHỐ HẢI PHÒNG", title: "Báo cáo tháng 02/2024", want: Origin{"Hải Phòng", "2024-02", "2024-02-01", "2024-02-29", "title"}},
		{issuer: "UBND THÀNH PHỐ TÂN MỸ", place: "Tân Mỹ", title: "Chín tháng đầu năm 2025", want: Origin{"Tân Mỹ", "2025-01..2025-09", "2025-01-01", "2025-09-30", "title"}},
		{issuer: "UBND tỉnh Bà Rịa - Vũng Tàu", title: "giai đoạn 2024 - 2026", want: Origin{"Bà Rịa - Vũng Tàu", "2024..2026", "2024-01-01", "2026-12-31", "title"}},
		{issuer: "BỘ NỘI VỤ", place: "Hà Nội", title: "Kết quả năm 2025", want: Origin{"", "2025", "2025-01-01", "2025-12-31", "title"}},
		{title: "Tình hình chung", want: Origin{}},
		{title: "Theo Kế hoạch ngày 28/4/2025", want: Origin{}},
		{title: "Kết quả sáu tháng cuối năm 2024 theo Kế hoạch ngày 28 tháng 4 năm 2023", want: Origin{"", "2024-H2", "2024-07-01", "2024-12-31", "title"}},
		{title: "Tổng hợp", date: "????-??-??", want: Origin{}},
	} {
		h := schema.Header{Issuer: field(c.issuer, c.issuer), Parent: field(c.parent, c.parent), Title: field(c.title, c.title), Place: field(c.place, c.place), Date: field(c.date, c.date)}
		if got := OriginOf(&h); got != c.want {
			t.Errorf("%q, %q, %q: got %+v, want %+v", c.issuer, c.parent, c.title, got, c.want)
		}
	}
}

// FuzzOrigin feeds what OCR may make of a title; nothing may panic, and a
// period that is found has its days in order.
func FuzzOrigin(f *testing.F) {
	for _, s := range []string{"quý IV năm 2025", "TỈNH ", "tỉnh", "TP. HỒ CHÍ MINH 0 tháng năm 2025", "13 tháng năm 2025", "giai đoạn 2026 - 2024", "\xff tỉnh \x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		field := &schema.Field{Text: s, Value: s}
		o := OriginOf(&schema.Header{Issuer: field, Title: field, Date: field})
		if o.From > o.To || (o.Period == "") != (o.From == "") {
			t.Errorf("%q: %+v", s, o)
		}
	})
}
