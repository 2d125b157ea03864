package pipeline

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// The picture has a letter that ends at 40, and a stop at 80 to 83, the letter before
// which ends at 78; the line stands at 40.
func TestDropSpecks(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 200, 60))
	draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src)
	for _, r := range []image.Rectangle{image.Rect(20, 28, 40, 40), image.Rect(60, 28, 78, 40), image.Rect(80, 37, 83, 40)} {
		draw.Draw(g, r, image.NewUniform(color.Gray{}), image.Point{}, draw.Src)
	}
	left, right := schema.Box{X0: 20, Y0: 28, X1: 40, Y1: 40}, schema.Box{X0: 60, Y0: 28, X1: 83, Y1: 40}
	for _, c := range []struct {
		text string
		box  schema.Box
		want string
	}{
		{"non.", left, "non"},
		{"ND,", left, "ND"},
		{"non", left, "non"},
		{"non:", left, "non:"},
		{"KT.", left, "KT."},
		{"12.", left, "12."},
		{"non...", left, "non..."},
		{".", left, "."},
		{"non.", right, "non."},
	} {
		words := []schema.Word{{Text: c.text, Box: c.box}, {Text: "xen", Box: schema.Box{X0: 100, Y0: 28, X1: 120, Y1: 40}}}
		w := &work{sheet: &scan.Sheet{Gray: g}, small: 12}
		page := schema.Page{Grids: []schema.Grid{{Cells: []schema.GridCell{{Box: schema.Box{X1: 200, Y1: 60}, Lines: []schema.Line{{Words: words}}}}}}}
		w.dropSpecks(&page)
		if words[0].Text != c.want {
			t.Errorf("%q at %v: %q, want %q", c.text, c.box, words[0].Text, c.want)
		}
		if changed := c.text != c.want; changed != (len(words[0].Repairs) == 1) {
			t.Errorf("%q: repairs %v", c.text, words[0].Repairs)
		}
	}
}
