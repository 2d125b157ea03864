package scan_test

import (
	"testing"

	"github.com/sohoa/sohoa/ingest/scan"
)

// BenchmarkPrepare is the preparation of an A4 page at 200 dpi with a ruled
// table and about 4,000 letters.
func BenchmarkPrepare(b *testing.B) {
	page := newSheet(1654, 2339)
	page.table(150, 300, []int{80, 300, 500, 300}, 20, 80)
	page.noise(6)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scan.Prepare(b.Context(), page.img, 200, scan.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
