package pipeline

import (
	"image"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestStopsOfACellInThePicture(t *testing.T) {
	for _, c := range []struct {
		text   string
		dots   []image.Rectangle
		column custom
		want   string
	}{
		{"hai", []image.Rectangle{image.Rect(63, 37, 66, 40)}, custom{2, 4}, "hai."},
		{"hai", []image.Rectangle{image.Rect(63, 37, 66, 40)}, custom{1, 4}, "hai"},                             // others end without
		{"hai", nil, custom{4, 4}, "hai"},                                                                       // nothing there
		{"hai", []image.Rectangle{image.Rect(63, 29, 66, 32)}, custom{4, 4}, "hai"},                             // above the foot
		{"hai", []image.Rectangle{image.Rect(63, 37, 66, 40), image.Rect(68, 30, 70, 32)}, custom{4, 4}, "hai"}, // specks
		{"hai,", nil, custom{4, 5}, "hai."},
		{"hai,", nil, custom{2, 5}, "hai,"},
		{"(hai)", []image.Rectangle{image.Rect(63, 37, 66, 40)}, custom{4, 4}, "(hai)"},
	} {
		page := image.NewGray(image.Rect(0, 0, 120, 60))
		for i := range page.Pix {
			page.Pix[i] = 250
		}
		for _, d := range c.dots {
			for y := d.Min.Y; y < d.Max.Y; y++ {
				for x := d.Min.X; x < d.Max.X; x++ {
					page.Pix[y*page.Stride+x] = 150
				}
			}
		}
		line := schema.Line{Words: []schema.Word{
			{Text: "men", Box: schema.Box{X0: 10, Y0: 29, X1: 30, Y1: 40}},
			{Text: c.text, Box: schema.Box{X0: 40, Y0: 24, X1: 60, Y1: 40}},
		}}
		cell := schema.GridCell{Box: schema.Box{X1: 110, Y1: 60}, Lines: []schema.Line{line}}
		settleStop(&cell, page, 11, c.column)
		if got := cell.Lines[0].Words[1].Text; got != c.want {
			t.Errorf("%s with dots %v in a column of %v: %s, want %s", c.text, c.dots, c.column, got, c.want)
		}
	}
}
