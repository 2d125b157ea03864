package extract

import (
	"strings"
	"testing"
)

// A day is cut out where it stands in a cell of its own, and stays within sentences.
func TestCutDate(t *testing.T) {
	for _, c := range []struct{ line, left, date string }{
		{"1 30/6/2025 bón phân cho vườn", "1 |bón phân cho vườn", "30/6/2025"},
		{"vá đường |Trước 15/8/2025 |Hội Tre", "vá đường |Hội Tre", "Trước 15/8/2025"},
		{"làm xong ngày 24/6/2025 như hẹn", "", ""},
		{"theo lịch (24/6/2025) đã hẹn", "", ""},
		{"3 Tháng 9/2025 Phòng Kinh tế", "3 |Phòng Kinh tế", "Tháng 9/2025"},
		{"4 Quý IV/2025 Hội Chài", "4 |Hội Chài", "Quý IV/2025"},
		{"Thường xuyên |Ban quản lý chợ", "|Ban quản lý chợ", "Thường xuyên"},
		{"quét chợ thường xuyên hơn", "", ""},
	} {
		left, date := cutDate(passageOf(c.line))
		if c.date == "" {
			if len(date) > 0 {
				t.Errorf("%q: cut %q", c.line, newPassage(date).text)
			}
			continue
		}
		if got := newPassage(date).trimmed().text; got != c.date {
			t.Errorf("%q: cut %q, want %q", c.line, got, c.date)
		}
		if got := newPassage(left.words).text; got != c.left {
			t.Errorf("%q: left %q, want %q", c.line, got, c.left)
		}
	}
}

// A part, its whole and its share tell which of two figures is which.
func TestShareOrder(t *testing.T) {
	for text, want := range map[string]int{
		"1 |Đăng ký đò |45 |50 |90,00":       1,
		"2 |Đăng ký đò |50 |45 |90%":         -1,
		"3 |Đăng ký đò |50 |50 |100":         0,
		"4 |Đăng ký đò |45 |50":              0,
		"5 |Đăng ký đò |1.846 |1.902 |97,06": 1,
	} {
		if got := shareOrder(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func passageOf(text string) passage {
	var ws []word
	for _, w := range strings.Fields(text) {
		ws = append(ws, word{text: w, raw: w})
	}
	return newPassage(ws)
}
