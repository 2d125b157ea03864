package ocr

import (
	"image"
	"testing"
)

func TestToneKeepsTheEndsAndDarkensBetween(t *testing.T) {
	page := image.NewGray(image.Rect(0, 0, 256, 2))
	for x := range 256 {
		page.Pix[x], page.Pix[256+x] = uint8(x), uint8(x)
	}
	// A part of a picture has a stride that is not its width.
	got := Tone(page.SubImage(image.Rect(0, 1, 256, 2)).(*image.Gray))
	if got.Pix[0] != 0 || got.Pix[255] != 255 {
		t.Errorf("black became %d, white %d", got.Pix[0], got.Pix[255])
	}
	for x := 1; x < 255; x++ {
		if int(got.Pix[x]) > x || got.Pix[x] < got.Pix[x-1] {
			t.Fatalf("grey %d became %d, after %d", x, got.Pix[x], got.Pix[x-1])
		}
	}
}
