package pipeline

import (
	"image"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// printed draws words as bars on a line whose foot is at y 40, first letters as
// high as the test says, and returns them as a line.
func printed(gray *image.Gray, words []string, heights []int) schema.Line {
	var l schema.Line
	x := 10
	for i, text := range words {
		box := schema.Box{X0: x, Y0: 40 - 16, X1: x + 40, Y1: 40}
		for dx := range 40 {
			high := 16 // later letters reach the top of the box
			if dx < 10 {
				high = heights[i]
			}
			for y := 40 - high; y < 40; y++ {
				gray.Pix[y*gray.Stride+x+dx] = 20
			}
		}
		l.Words = append(l.Words, schema.Word{Text: text, Raw: text, Box: box})
		x += 50
	}
	return l
}

func TestCapitalsBySize(t *testing.T) {
	for _, c := range []struct {
		words   string
		heights []int
		want    string
	}{
		{"Nam Ban Hai are men nam Sơn", []int{16, 16, 16, 11, 11, 11, 11}, "Nam Ban Hai are men nam sơn"},
		{"Nam Ban Hai are men nam Sơn", []int{16, 16, 16, 11, 11, 11, 16}, "Nam Ban Hai are men nam Sơn"},
		{"Nam Ban Hai are men nam Sơn", []int{16, 16, 16, 11, 11, 11, 4}, "Nam Ban Hai are men nam Sơn"}, // no letter is so low
		{"Nam Ban Hai are men nam. Sơn", []int{16, 16, 16, 11, 11, 11, 11}, "Nam Ban Hai are men nam. Sơn"},
		{"Nam Ban Hai are men nam SỞ", []int{16, 16, 16, 11, 11, 11, 11}, "Nam Ban Hai are men nam SỞ"},
		{"Nam Ban Hai Sơn", []int{16, 16, 16, 11}, "Nam Ban Hai Sơn"}, // nothing tells how high small letters are
	} {
		gray := image.NewGray(image.Rect(0, 0, 500, 60))
		for i := range gray.Pix {
			gray.Pix[i] = 255
		}
		lines := []schema.Line{printed(gray, strings.Fields(c.words), c.heights)}
		settleHeights(lines, heightsOf(lines, gray), gray)
		if got := textOf(lines[0].Words); got != c.want {
			t.Errorf("%s, first letters %v high: %s, want %s", c.words, c.heights, got, c.want)
		}
	}
}
