package scan

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// Small letters are 12 pixels high and stand at 40; the last one ends at 30.
func TestNoStop(t *testing.T) {
	bowl := image.Rect(22, 28, 30, 40)
	loop := image.Rect(20, 38, 32, 45) // of a "g", joined to its bowl
	comma := image.Rect(32, 37, 35, 43)
	for _, c := range []struct {
		name  string
		ink   []image.Rectangle
		right int
		x     float64
		want  bool
	}{
		{"loop of a g", []image.Rectangle{bowl, loop}, 32, 12, true},
		{"comma", []image.Rectangle{bowl, comma}, 35, 12, false},
		{"comma that the box leaves out", []image.Rectangle{bowl, comma}, 30, 12, false},
		{"comma behind a g", []image.Rectangle{bowl, loop, comma.Add(image.Pt(2, 0))}, 37, 12, false},
		{"comma touching the letter", []image.Rectangle{bowl, image.Rect(30, 37, 35, 43)}, 35, 12, false},
		{"nothing behind the letter", []image.Rectangle{bowl}, 30, 12, true},
		{"semicolon", []image.Rectangle{bowl, comma, image.Rect(32, 29, 35, 32)}, 35, 12, false},
		{"line that stands elsewhere", []image.Rectangle{bowl.Sub(image.Pt(0, 12))}, 30, 12, false},
		{"print too small", []image.Rectangle{bowl, loop}, 32, 8, false},
		{"no ink", nil, 30, 12, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := image.NewGray(image.Rect(0, 0, 80, 60))
			draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src)
			for _, r := range c.ink {
				draw.Draw(g, r, image.NewUniform(color.Gray{Y: 30}), image.Point{}, draw.Src)
			}
			s := &Sheet{Gray: g}
			if got := s.NoStop(schema.Box{X0: 10, Y0: 28, X1: c.right, Y1: 45}, 60, 40, c.x); got != c.want {
				t.Errorf("NoStop: %v, want %v", got, c.want)
			}
		})
	}
}
