package pipeline

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// Only words whose letters reach known heights tell how high small letters are.
func TestSmallHeight(t *testing.T) {
	for _, c := range []struct {
		text   string
		height int
		want   float64 // 0: does not tell
	}{
		{"sao", 20, 20},
		{"khoan", 37, 25},
		{"2024", 37, 25},
		{"it", 30, 0},
		{"khoá", 40, 0},
		{"ngay", 40, 0},
		{"a", 20, 0},
	} {
		h, ok := smallHeightOf(&schema.Word{Text: c.text, Confidence: 0.96, Box: schema.Box{X1: 50, Y1: c.height}})
		if ok != (c.want > 0) || h != c.want {
			t.Errorf("%q, %d pixels high: %v, %v; want %v", c.text, c.height, h, ok, c.want)
		}
	}
	var page schema.Page
	for range leastFlat - 1 {
		page.Lines = append(page.Lines, schema.Line{Words: []schema.Word{{Text: "sao", Confidence: 0.96, Box: schema.Box{X1: 30, Y1: 20}}}})
	}
	if h := smallHeight(&page); h != 0 {
		t.Errorf("four words told the height %v", h)
	}
	page.Lines = append(page.Lines, page.Lines[0])
	if h := smallHeight(&page); h != 20 {
		t.Errorf("height %v, want 20", h)
	}
}
