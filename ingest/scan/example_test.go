package scan_test

import (
	"context"
	"fmt"

	"github.com/sohoa/sohoa/ingest/scan"
)

// A page that was fed sideways and a little crooked comes out upright, its
// rules known.
func ExamplePrepare() {
	page := newSheet(1240, 1400)
	page.text(120, 100, 1120, 330)
	page.table(120, 380, []int{90, 330, 400, 180}, 6, 120)
	scanned := quarter(rotated(page.img, 0.8))

	sheet, err := scan.Prepare(context.Background(), scanned, 200, scan.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("turned %d°, leaned %.1f°\n", sheet.Rotation, sheet.Skew)
	fmt.Println(sheet.Gray.Rect.Size())
	// Output:
	// turned 270°, leaned 0.8°
	// (1240,1400)
}
