package pipeline_test

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

// scannedPages makes n pages of one report as they come from the engine: of six,
// two are running text and four are sheets of one table that goes on over
// them.
func scannedPages(n int) []schema.Page {
	const width, height, dpi = 1654, 2339, 200
	words := strings.Fields("triển khai thực hiện mô hình cấp xã phường tiếp nhận hồ sơ trực tuyến cho người dân Công an tỉnh phối hợp các sở ngành hoàn thành trong quý báo cáo Ủy ban nhân dân")
	next := 0
	line := func(box schema.Box, count int, first string) schema.Line {
		l := schema.Line{Box: box}
		step := max(box.Width()/count, 1)
		for i := range count {
			text := words[(next*7+i)%len(words)]
			if i == 0 && first != "" {
				text = first
			}
			b := schema.Box{X0: box.X0 + i*step, Y0: box.Y0, X1: box.X0 + (i+1)*step, Y1: box.Y1}
			l.Words = append(l.Words, schema.Word{Text: text, Raw: text, Box: b, Confidence: 0.93})
			next++
		}
		return l
	}
	xs := []int{120, 220, 600, 1000, 1300, 1540}
	heads := []string{"STT", "Tên", "Kết", "Đơn", "Ghi"}
	var pages []schema.Page
	for i := range n {
		p := schema.Page{PageInfo: schema.PageInfo{Number: i + 1, Outcome: schema.Done, TextSource: schema.FromOCR, Width: width, Height: height, DPI: dpi}}
		if i%6 < 2 {
			for k := range 38 {
				p.Lines = append(p.Lines, line(schema.Box{X0: 150, Y0: 200 + 50*k, X1: 1500, Y1: 232 + 50*k}, 12, ""))
			}
			pages = append(pages, p)
			continue
		}
		g := schema.Grid{Box: schema.Box{X0: xs[0], Y0: 150, X1: xs[5], Y1: 2150}, Rows: 10, Columns: 5, XS: xs, Ruled: true}
		for r := range g.Rows {
			for c := range g.Columns {
				box := schema.Box{X0: xs[c], Y0: 150 + 200*r, X1: xs[c+1], Y1: 350 + 200*r}
				cell := schema.GridCell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Box: box}
				first, lines := "", 5
				switch {
				case i%6 == 2 && r == 0:
					first, lines = heads[c], 1
				case c == 0:
					first, lines = fmt.Sprint((i%6-2)*10+r), 1
				}
				for k := range lines {
					at := schema.Box{X0: box.X0 + 10, Y0: box.Y0 + 10 + 36*k, X1: box.X1 - 10, Y1: box.Y0 + 40 + 36*k}
					cell.Lines = append(cell.Lines, line(at, max(1, box.Width()/90), first))
					first = ""
				}
				g.Cells = append(g.Cells, cell)
			}
		}
		p.Grids = []schema.Grid{g}
		pages = append(pages, p)
	}
	return pages
}

// BenchmarkAssemble puts documents together and writes them: the time, and the
// most memory that was in use, which takes collecting it all the time.
func BenchmarkAssemble(b *testing.B) {
	restorer, err := normalize.Default()
	if err != nil {
		b.Fatal(err)
	}
	p := pipeline.New(pipeline.Settings{Engine: reads(), Restorer: restorer, Version: "bench"})
	assemble := func(b *testing.B, n int) {
		b.StopTimer()
		pages := scannedPages(n)
		runtime.GC()
		b.StartTimer()
		doc, err := p.Assemble(strings.Repeat("0", 64), schema.Source{Name: "bench.pdf", MediaType: "application/pdf", Pages: n}, pages)
		if err != nil {
			b.Fatal(err)
		}
		doc.DropLayers()
		if err := export.EncodeJSON(io.Discard, doc); err != nil {
			b.Fatal(err)
		}
	}
	for _, n := range []int{66, 133, 266, 532} {
		b.Run(fmt.Sprintf("time/%d", n), func(b *testing.B) {
			for b.Loop() {
				assemble(b, n)
			}
		})
		b.Run(fmt.Sprintf("memory/%d", n), func(b *testing.B) {
			defer debug.SetGCPercent(debug.SetGCPercent(10))
			most := 0.0
			for b.Loop() {
				done := watchHeap(&most)
				assemble(b, n)
				done()
			}
			b.ReportMetric(most, "MB")
		})
	}
}

// watchHeap raises most to what the collector found in use, in MB, until done
// is called.
func watchHeap(most *float64) (done func()) {
	stop := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		for {
			metrics.Read(sample)
			*most = max(*most, float64(sample[0].Value.Uint64())/(1<<20))
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	return func() { close(stop); wait.Wait() }
}
