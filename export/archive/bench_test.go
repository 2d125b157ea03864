package archive

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/export/archive/pdffile"
	"github.com/sohoa/sohoa/schema"
)

// peak returns the most memory that the process has had at once, in MB, 0 where
// the system does not tell.
func peak() float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(data), "VmHWM:")
	var kb float64
	_, _ = fmt.Sscan(rest, &kb)
	return kb / 1024
}

// full page of text: 45 lines of 12 words.
func fullPage(n int) schema.Page {
	p := schema.Page{PageInfo: schema.PageInfo{Number: n, Outcome: schema.Done, TextSource: schema.FromOCR, Width: 1654, Height: 2339, DPI: 200}}
	for i := range 45 {
		p.Lines = append(p.Lines, line(150, 150+45*i, strings.Fields("Triển khai nền tảng số của tỉnh đã hoàn thành trong năm")...))
	}
	return p
}

// BenchmarkOverlay lays text over volumes of scanned pages of 1 MB each. Run it
// once a size, in a process of its own, for the figure of memory:
//
//	go test -run '^$' -bench 'Overlay/pages=200' -benchtime 1x ./export/archive
func BenchmarkOverlay(b *testing.B) {
	for _, n := range []int{20, 200} {
		b.Run(fmt.Sprintf("pages=%d", n), func(b *testing.B) {
			dir := b.TempDir()
			name := filepath.Join(dir, "volume.pdf")
			makeVolume(b, name, n)
			file, err := os.Open(name)
			if err != nil {
				b.Fatal(err)
			}
			defer file.Close()
			info, err := file.Stat()
			if err != nil {
				b.Fatal(err)
			}
			doc := &schema.Document{DocumentID: "ab", Source: schema.Source{Name: "volume.pdf", MediaType: "application/pdf", Pages: n}}
			pages := func(yield func(schema.Page, error) bool) {
				for i := 1; i <= n; i++ {
					if !yield(fullPage(i), nil) {
						return
					}
				}
			}
			b.SetBytes(info.Size())
			b.ResetTimer()
			for range b.N {
				out, err := os.Create(filepath.Join(dir, "out.pdf"))
				if err != nil {
					b.Fatal(err)
				}
				w := bufio.NewWriter(out)
				kind, err := WritePDF(context.Background(), w, doc, pages, Source{File: file, Size: info.Size()})
				if err != nil || kind != Overlay {
					b.Fatal(kind, err)
				}
				if err := w.Flush(); err != nil {
					b.Fatal(err)
				}
				if after, err := out.Stat(); err == nil {
					b.ReportMetric(float64(after.Size()-info.Size())/float64(n)/1000, "kB-layer/page")
				}
				out.Close()
			}
			b.ReportMetric(peak(), "MB-peak")
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N*n), "ms/page")
		})
	}
}

// BenchmarkBuilt makes PDFs of the decoded pages of a TIFF of two tones.
func BenchmarkBuilt(b *testing.B) {
	img := image.NewGray(image.Rect(0, 0, 1654, 2339))
	for i := range img.Pix {
		if x, y := i%1654, i/1654; y%46 > 20 || (x*7+y*13)%17 > 5 || x%110 > 90 {
			img.Pix[i] = 255
		}
	}
	for _, n := range []int{20, 200} {
		b.Run(fmt.Sprintf("pages=%d", n), func(b *testing.B) {
			doc := &schema.Document{DocumentID: "ab", Source: schema.Source{Name: "volume.tiff", MediaType: "image/tiff", Pages: n}}
			pages := func(yield func(schema.Page, error) bool) {
				for i := 1; i <= n; i++ {
					if !yield(fullPage(i), nil) {
						return
					}
				}
			}
			src := Source{Picture: func(context.Context, int) (image.Image, error) { return img, nil }}
			for range b.N {
				if _, err := WritePDF(context.Background(), io.Discard, doc, pages, src); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(peak(), "MB-peak")
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N*n), "ms/page")
		})
	}
}

// makeVolume writes a PDF of n pages with a picture of about 1 MB on each.
func makeVolume(b *testing.B, name string, n int) {
	b.Helper()
	var picture bytes.Buffer
	img := grey(1654, 2339)
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 2654435761 >> 13)
	}
	if err := jpeg.Encode(&picture, img, &jpeg.Options{Quality: 30}); err != nil {
		b.Fatal(err)
	}
	out, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	w := pdffile.NewWriter(out)
	tree := w.Reserve()
	var kids pdffile.Array
	for range n {
		pic := w.Reserve()
		w.Copy(pic, pictureDict(1654, 2339, 8, pdffile.Name("DeviceGray"), "DCTDecode"), bytes.NewReader(picture.Bytes()), int64(picture.Len()))
		kids = append(kids, w.Add(pdffile.Dict{
			"Type": pdffile.Name("Page"), "Parent": tree, "MediaBox": pdffile.Array{0, 0, 595, 842},
			"Resources": pdffile.Dict{"XObject": pdffile.Dict{"Scan": pic}},
			"Contents":  w.AddStream(nil, []byte("q 595 0 0 842 0 0 cm /Scan Do Q BT 3 Tr (old) Tj ET")),
		}))
	}
	w.Put(tree, pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": kids, "Count": n})
	if err := w.Close(pdffile.Dict{"Root": w.Add(pdffile.Dict{"Type": pdffile.Name("Catalog"), "Pages": tree})}); err != nil {
		b.Fatal(err)
	}
}
