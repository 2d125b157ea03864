package ocr_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"

	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/schema"
)

// A replay without recordings tells for each region that there is none.
func ExampleOpenRecorded() {
	dir, err := os.MkdirTemp("", "recordings")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	engine, err := ocr.OpenRecorded(dir, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer engine.Close()
	page := image.NewGray(image.Rect(0, 0, 200, 100))
	readings, err := engine.Read(context.Background(), page, 200, []ocr.Region{
		{Box: schema.Box{X0: 10, Y0: 10, X1: 90, Y1: 40}, Mode: ocr.Line},
	})
	fmt.Println(len(readings), err, errors.Is(readings[0].Err, ocr.ErrNotRecorded))
	// Output: 1 <nil> true
}
