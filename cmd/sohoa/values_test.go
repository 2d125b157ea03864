package main

import (
	"reflect"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/review"
	"github.com/sohoa/sohoa/schema"
)

// TestWhatReviewersTypeIsUnderstood joins the review pages and the grammars.
func TestWhatReviewersTypeIsUnderstood(t *testing.T) {
	profiles, err := extract.LoadProfiles()
	if err != nil {
		t.Fatal(err)
	}
	interpret := interpreter(profiles)
	for _, c := range []struct {
		kind review.Kind
		text string
		want any // nil: a complaint
	}{
		{review.Sum, "2,5 tỷ đồng", schema.Money{VND: 2_500_000_000}},
		{review.Sum, "350.000.000 đ", schema.Money{VND: 350_000_000}},
		{review.Sum, "350 triệu đồng", schema.Money{VND: 350_000_000}},
		{review.Sum, "nhiều", nil},
		{review.Sum, "1 tỷ đồng và 2 tỷ đồng", nil},
		{review.Date, "07/7/2025", "2025-07-07"},
		{review.Date, "06/02/2024", "2024-02-06"},
		{review.Date, "ngày 11 tháng 7 năm 2025", "2025-07-11"},
		{review.Date, "hôm qua", nil},
		{review.Date, "Quý IV/2025", nil},
		{review.Period, "Quý IV/2025", "2025-10-01/2025-12-31"},
		{review.Period, "07/7/2025", "2025-07-07"},
		{review.Period, "Thường xuyên", "Thường xuyên"},
		{review.Period, "hôm qua", nil},
		{review.Status, "Hoàn thành", "completed"},
		{review.Status, "Đang thực hiện", "in_progress"},
		{review.Status, "đẹp", nil},
		{review.Number, "1.234", 1234.0},
		{review.Number, "một", nil},
		{review.Quantity, "95,17%", schema.Quantity{Number: 95.17, Unit: "%"}},
		{review.Quantity, "674.242/708.475", schema.Quantity{Number: 674242, Of: 708475}},
		{review.Bool, "Có", true},
		{review.Bool, "có lẽ", nil},
		{review.Text, "bất kỳ", "bất kỳ"},
	} {
		got, err := interpret(c.kind, c.text)
		if c.want == nil {
			if _, ok := err.(review.Complaint); !ok {
				t.Errorf("%s %q: %v, %v, want a complaint", c.kind, c.text, got, err)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %q: %#v, %v, want %#v", c.kind, c.text, got, err, c.want)
		}
	}
}
