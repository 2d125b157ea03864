package field_test

import (
	"slices"
	"strconv"
	"strings"
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
	for _, s := range []string{"2,5 tỷ đồng", "1 tỷ 200 triệu", "từ 2 đến 3 tỷ", "8.000 đ/lượt", "550.000 đồng cho 1.000 lượt", "2 5 ty d 6ng", "$5", "999999999999999 tỷ", "1 tỷ 250", "gần 1 nghìn 200 tỷ đồng", "1.500 (triệu đồng)", "phạt 05 (năm) triệu đồng", "từ 30 đến dưới 50 triệu đồng", "không dưới 3 triệu euro"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, a := range slices.Concat(field.Amounts(s), field.GroupedAmounts(s), field.BareAmounts(s)) {
			inside(t, s, a.From, a.To)
			if a.Currency != "VND" && a.Money.VND != 0 {
				t.Errorf("%q is %+v", s, a)
			}
			if a.Money.VND > 0 {
				sameSum(t, a.Money.VND)
			}
			if a.Money.VND < 0 || a.Money.VNDTo != 0 && a.Money.VNDTo <= a.Money.VND {
				t.Errorf("%q is %+v", s, a.Money)
			}
		}
	})
}

// sameSum writes a sum as it is printed, which must say it again.
func sameSum(t *testing.T, vnd int64) {
	t.Helper()
	digits := strconv.FormatInt(vnd, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	if len(digits) < 5 || vnd >= 1e15 {
		return // "5 đồng" is a saying; longer numbers ran together
	}
	if as := field.Amounts(digits + " đồng"); len(as) != 1 || as[0].Money.VND != vnd || !as[0].Clean {
		t.Errorf("%s đồng is %+v", digits, as)
	}
}

func FuzzPercentsAndRatios(f *testing.F) {
	f.Add("674.242/708.475 người, đạt 95 17%")
	f.Add(">= 80%; 0/0; 24/7")
	f.Add("đạt 92,6% (1.204/1.300 hồ sơ), 18 xã trên tổng số 20 xã, 95 phần trăm")
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

// The first and last day of a period say the same period again.
func FuzzCellTime(f *testing.F) {
	for _, s := range []string{"Quý IV/2025", "tháng 10, 11/2024", "01/07-15/07/2025", "6 tháng đầu năm 2025", "Từ 3/2025 đến 9/2026", "Trước 30/6", "Quý I, II, III/2026", "T9-2025", "2025 - 2026", "31-12-2025"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		field.Recurring(s)
		d, ok := field.CellTime(s)
		if !ok {
			return
		}
		inside(t, s, d.From, d.To)
		first, last, period := strings.Cut(d.Value, "/")
		if !period {
			if len(d.Value) != len(time.DateOnly) {
				t.Errorf("%q gives %q", s, d.Value)
			}
			return
		}
		from, err1 := time.Parse(time.DateOnly, first)
		to, err2 := time.Parse(time.DateOnly, last)
		if err1 != nil || err2 != nil || to.Before(from) {
			t.Errorf("%q gives %q", s, d.Value)
		}
		written := from.Format("02/01/2006") + " - " + to.Format("02/01/2006")
		if again, ok := field.CellTime(written); !ok || again.Value != d.Value {
			t.Errorf("%q gives %q, which as %q is %q", s, d.Value, written, again.Value)
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
