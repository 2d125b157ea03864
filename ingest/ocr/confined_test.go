package ocr

import (
	"context"
	"image"
	"testing"
)

// The real child is in the sandbox when it reads, and reads with all of its
// models: none of them has to be opened by then.
func TestChildrenAreConfined(t *testing.T) {
	p, err := NewPool(context.Background(), Config{Workers: 1, More: []Model{{Languages: []string{"eng"}}}})
	if err != nil {
		t.Skipf("no tesseract with vie and eng here: %v", err)
	}
	defer p.Close()
	if s := p.Sandbox(); !s.Closed() {
		t.Skipf("this kernel closes nothing: %v", s)
	}
	page := image.NewGray(image.Rect(0, 0, 200, 60))
	for i := range page.Pix {
		page.Pix[i] = 0xff
	}
	// Marks that are no letters have the engine complain as well as read.
	for x := 20; x < 180; x++ {
		for y := 20; y < 40; y += 1 + x%7 {
			page.Pix[y*page.Stride+x] = 0
		}
	}
	for model := range 2 {
		for _, dpi := range []int{0, 70, 300, 2400} {
			r, err := p.Read(context.Background(), page, dpi, []Region{{Model: model}, {Model: model, Mode: Auto}, {Model: model, Mode: Line}})
			if err != nil {
				t.Fatalf("model %d at %d dpi: %v", model, dpi, err)
			}
			for i := range r {
				if r[i].Err != nil {
					t.Errorf("model %d at %d dpi: %v", model, dpi, r[i].Err)
				}
			}
		}
	}
}
