package fax_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/ccitt"

	"github.com/sohoa/sohoa/export/archive/fax"
)

// picture draws black where ink says so.
func picture(w, h int, ink func(x, y int) bool) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if !ink(x, y) {
				img.SetGray(x, y, color.Gray{255})
			}
		}
	}
	return img
}

func TestEncode(t *testing.T) {
	for name, img := range map[string]*image.Gray{
		"white":      picture(70, 9, func(x, y int) bool { return false }),
		"black":      picture(70, 9, func(x, y int) bool { return true }),
		"stripes":    picture(131, 20, func(x, y int) bool { return x/3%2 == 0 }),
		"chequered":  picture(64, 64, func(x, y int) bool { return (x+y)%2 == 0 }),
		"slanted":    picture(300, 200, func(x, y int) bool { return (x+y)%17 < 4 }),
		"wide":       picture(6000, 3, func(x, y int) bool { return x > 10 && x < 5990 && y == 1 }),
		"one pixel":  picture(1, 1, func(x, y int) bool { return true }),
		"scattered":  picture(333, 111, func(x, y int) bool { return (x*7919+y*104729)%23 == 0 }),
		"long white": picture(2600, 4, func(x, y int) bool { return x == 2595 }),
	} {
		b := img.Bounds()
		got := image.NewGray(b)
		if err := ccitt.DecodeIntoGray(got, bytes.NewReader(fax.Encode(img)), ccitt.MSB, ccitt.Group4, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(got.Pix, img.Pix) {
			t.Errorf("%s came back otherwise", name)
		}
	}
}

func TestEncodeOfNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, size := range [][2]int{{1, 1}, {7, 5}, {64, 3}, {200, 40}, {2700, 12}} {
		img := image.NewGray(image.Rect(0, 0, size[0], size[1]))
		for y := range size[1] {
			ink := false
			for x := range size[0] {
				if rng.IntN(1+x%37) == 0 {
					ink = !ink
				}
				// Some lines repeat the one above, with a shift.
				if y%3 == 1 && x > 0 {
					img.Pix[y*img.Stride+x] = img.Pix[(y-1)*img.Stride+x-1]
				} else if !ink {
					img.Pix[y*img.Stride+x] = 255
				}
			}
		}
		got := image.NewGray(img.Bounds())
		if err := ccitt.DecodeIntoGray(got, bytes.NewReader(fax.Encode(img)), ccitt.MSB, ccitt.Group4, nil); err != nil {
			t.Fatalf("%v: %v", size, err)
		}
		if !bytes.Equal(got.Pix, img.Pix) {
			t.Errorf("%v: decoded picture differs", size)
		}
	}
}

func TestEncodeOfPart(t *testing.T) {
	whole := picture(50, 40, func(x, y int) bool { return x*y%5 == 0 })
	part := whole.SubImage(image.Rect(7, 3, 41, 29)).(*image.Gray)
	got := image.NewGray(image.Rect(0, 0, 34, 26))
	if err := ccitt.DecodeIntoGray(got, bytes.NewReader(fax.Encode(part)), ccitt.MSB, ccitt.Group4, nil); err != nil {
		t.Fatal(err)
	}
	for y := range 26 {
		for x := range 34 {
			if got.GrayAt(x, y) != whole.GrayAt(x+7, y+3) {
				t.Fatalf("pixel %d,%d differs", x, y)
			}
		}
	}
}

func ExampleEncode() {
	blank := picture(1654, 2339, func(x, y int) bool { return false }) // A4 at 200 dpi
	fmt.Println(len(fax.Encode(blank)), "bytes")
	// Output: 296 bytes
}
