package normalize

import (
	"strings"
	"testing"
)

// A label that damage took is explained at a lower cost by its own wording than by
// others, and than by any text; a text is explained best as text.
func TestExplain(t *testing.T) {
	base, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	r := base.ForCells()
	const none = ""
	wordings := []string{"Đã nghiệm thu", "Đang thực hiện", "Chưa thực hiện", "Tạm dừng", "HOÀN THÀNH"}
	for seen, want := range map[string]string{
		"Bé ngbiém thv":      "Đã nghiệm thu",
		"Dangthvc hien":      "Đang thực hiện",
		"Cht ra thu'c hi{en": "Chưa thực hiện",
		"T4rn dtmg":          "Tạm dừng",
		"HQAN TIIANH":        "HOÀN THÀNH",
		"Dua vao kho":        none,
		"Nghiep vu thu y":    none,
	} {
		words := strings.Fields(seen)
		got, least := none, r.TextCost(words)
		for _, w := range wordings {
			if cost := r.WordingCost(words, w); cost < least {
				got, least = w, cost
			}
		}
		if got != want {
			t.Errorf("%q is explained by %q at %.1f nats, want %q", seen, got, least, want)
		}
	}
}

// What is left of a wording whole costs next to nothing; digits stand for themselves.
func TestWordingCost(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if cost := r.WordingCost([]string{"HOAN", "THANH"}, "Hoàn thành"); cost > 2 {
		t.Errorf("without marks: %.1f nats", cost)
	}
	if same, other := r.WordingCost([]string{"giai", "doan", "2"}, "giai đoạn 2"), r.WordingCost([]string{"giai", "doan", "3"}, "giai đoạn 2"); other < same+3 {
		t.Errorf("another number: %.1f nats, the same: %.1f", other, same)
	}
	if cost := r.WordingCost(nil, "Tạm dừng"); cost < 20 {
		t.Errorf("nothing seen: %.1f nats", cost)
	}
}
