package pipeline

import (
	"image"
	"image/color"
	"testing"

	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/schema"
)

// A comma below a speck is read as a stroke. The picture tells it from the stroke
// of a part of a sum, and what is said before no unit of sums stays.
func TestSlashesBeforeUnits(t *testing.T) {
	sheet := func(between ...schema.Box) *scan.Sheet {
		g := image.NewGray(image.Rect(0, 0, 400, 200))
		for i := range g.Pix {
			g.Pix[i] = 255
		}
		draw := func(b schema.Box) {
			for y := b.Y0; y < b.Y1; y++ {
				for x := b.X0; x < b.X1; x++ {
					g.SetGray(x, y, color.Gray{})
				}
			}
		}
		for _, x := range []int{40, 66, 82} {
			draw(schema.Box{X0: x, Y0: 50, X1: x + 12, Y1: 70})
		}
		// Letters of a line below tell how high small letters are.
		for x := 20; x < 380; x += 14 {
			draw(schema.Box{X0: x, Y0: 90, X1: x + 9, Y1: 104})
			draw(schema.Box{X0: x, Y0: 130, X1: x + 9, Y1: 144})
		}
		for _, b := range between {
			draw(b)
		}
		s, err := scan.Prepare(t.Context(), g, 200, scan.Options{Rotation: scan.Upright})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	comma, speck := schema.Box{X0: 57, Y0: 66, X1: 61, Y1: 74}, schema.Box{X0: 84, Y0: 42, X1: 90, Y1: 47}
	stroke := schema.Box{X0: 56, Y0: 50, X1: 61, Y1: 71}
	for _, c := range []struct {
		name       string
		drawn      []schema.Box
		word, next string
		want       string
	}{
		{"a comma", []schema.Box{comma}, "3/48", "tỷ", "3,48"},
		{"a comma below a speck", []schema.Box{comma, speck}, "3/48", "tỷ", "3,48"},
		{"millions", []schema.Box{comma}, "3/48", "triệu", "3,48"},
		{"a stroke", []schema.Box{stroke}, "3/48", "tỷ", "3/48"},
		{"a stroke below a speck", []schema.Box{stroke, speck}, "3/48", "tỷ", "3/48"},
		{"no unit", []schema.Box{comma}, "3/48", "hồ", "3/48"},
		{"a date", []schema.Box{comma}, "3/4/8", "tỷ", "3/4/8"},
	} {
		line := schema.Line{Words: []schema.Word{{Text: c.word, Raw: c.word, Box: schema.Box{X0: 36, Y0: 38, X1: 98, Y1: 78}}, {Text: c.next}}}
		settleSlashes(&line, sheet(c.drawn...))
		if w := line.Words[0]; w.Text != c.want || w.Raw != c.word || (len(w.Repairs) > 0) != (c.want != c.word) {
			t.Errorf("%s: %q became %q (%v), want %q", c.name, c.word, w.Text, w.Repairs, c.want)
		}
	}
}
