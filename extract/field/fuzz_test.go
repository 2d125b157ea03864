package field_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/schema"
)

// inside fails when a range does not lie in the text.
func inside(t *testing.T, text string, from, to int) {
	t.Helper()
	if from < 0 || to > len(text) || from >= to {
		t.Errorf("range %d..%d of %q", from, to, text)
	}
}

func FuzzAmounts(f *testing.F) {
	for _, s := range []string{"2,5 tỷ đồng", "1 tỷ 200 triệu", "từ 2 đến 3 tỷ", "8.000 đ/lượt", "550.000 đồng cho 1.000 lượt", "2 5 ty d 6ng", "$5", "999999999999999 tỷ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, a := range slices.Concat(field.Amounts(s), field.GroupedAmounts(s), field.BareAmounts(s)) {
			inside(t, s, a.From, a.To)
			if a.Money.VND < 0 || a.Money.VNDTo != 0 && a.Money.VNDTo <= a.Money.VND {
				t.Errorf("%q is %+v", s, a.Money)
			}
		}
	})
}

func FuzzPercentsAndRatios(f *testing.F) {
	f.Add("674.242/708.475 người, đạt 95 17%")
	f.Add(">= 80%; 0/0; 24/7")
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range field.Percents(s) {
			inside(t, s, p.From, p.To)
		}
		for _, r := range field.Ratios(s) {
			inside(t, s, r.From, r.To)
			if r.Whole == 0 {
				t.Errorf("%q: a ratio of nothing", s)
			}
			r.Agrees()
		}
	})
}

func FuzzDates(f *testing.F) {
	f.Add("ngày 05 tháng 9 năm 2025")
	f.Add("ngay d4/7/2025, …/9/2025, 27/1072014")
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range field.Dates(s) {
			inside(t, s, d.From, d.To)
			if len(d.Value) != 10 {
				t.Errorf("%q gives %q", s, d.Value)
			}
			if _, err := time.Parse("2006-01-02", d.Value); d.Clean && err != nil {
				t.Errorf("%q gives %q", s, d.Value)
			}
		}
	})
}

func FuzzCitations(f *testing.F) {
	f.Add("Quyét dinh sé 2961-\nOP/TU ngay 22/03/2024 cua Ban Thuong vu Tinh uy")
	f.Add("Công văn số 147/VP-TTHC; 3251/UBND-TTHC ngày 30/5/2025")
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range field.Citations(s) {
			inside(t, s, c.From, c.To)
			inside(t, s, c.NumberAt[0], c.NumberAt[1])
		}
		if n, ok := field.LetterheadNumber(s); ok {
			inside(t, s, n.From, n.To)
		}
		if c, ok := field.AttachedDocument(s); ok {
			inside(t, s, c.From, c.To)
		}
	})
}

func FuzzOrdinals(f *testing.F) {
	f.Add("111", 3)
	f.Add("l0.", 10)
	f.Fuzz(func(t *testing.T, s string, next int) {
		if n, ok := field.Ordinal(s); ok && n <= 0 {
			t.Errorf("Ordinal(%q) = %d", s, n)
		}
		if n, _, ok := field.ReadRoman(s, next); ok && field.Roman(n) == "" {
			t.Errorf("ReadRoman(%q, %d) = %d", s, next, n)
		}
		field.ReadPresence(s)
	})
}

func FuzzStatus(f *testing.F) {
	r := field.NewStatusReader([]field.StatusWords{{Status: schema.Completed, Labels: []string{"HOÀN THÀNH"}, Phrases: []string{"đã hoàn thành"}}})
	f.Add("H_OAN THANH đã xong")
	f.Fuzz(func(t *testing.T, s string) {
		if h, ok := r.Read(s); ok {
			inside(t, s, h.From, h.To)
		}
		for _, h := range r.Labels(s) {
			inside(t, s, h.From, h.To)
		}
	})
}

func FuzzNumber(f *testing.F) {
	f.Add("1.685.976.000", false)
	f.Add("93,96", true)
	f.Add("6.8", true)
	f.Fuzz(func(t *testing.T, s string, decimal bool) {
		if r, ok := field.Number(s, decimal); ok && r.Value < 0 {
			t.Errorf("%q is %v", s, r.Value)
		}
	})
}

func FuzzPhrases(f *testing.F) {
	f.Add("Két qua trién khai, Khé khiin", "Khó khăn")
	f.Add("a", "ủy ban nhân dân tỉnh")
	f.Fuzz(func(t *testing.T, s, wording string) {
		text, phrase := field.NewText(s), field.NewPhrase(wording)
		hits := text.FindAll(phrase, 0.7)
		if h, ok := text.Find(phrase, 0.7); ok {
			hits = append(hits, h)
		}
		for _, h := range hits {
			inside(t, s, h.From, h.To)
			if h.Score < 0.7 || h.Score > 1 {
				t.Errorf("%q in %q scores %v", wording, s, h.Score)
			}
		}
	})
}
