package extract_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// However many sections are read at a time, the result is the same.
func TestSectionsBesideEachOther(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "fixtures", "scans", "tra-giang-models.ocrtext.txt"))
	if err != nil {
		t.Fatal(err)
	}
	one := textPages(string(data))
	var pages []schema.Page
	line := 0
	for range 3 {
		for _, p := range copyPages(one) {
			p.Number = len(pages) + 1
			for i := range p.Lines {
				line++
				p.Lines[i].Number = line
			}
			pages = append(pages, p)
		}
	}
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	build := func(processors int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		result := extract.Build(copyPages(pages), nil, extract.Options{Restorer: r})
		if len(result.Records) < 20 {
			t.Fatalf("%d records", len(result.Records))
		}
		out, err := json.Marshal(result)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if build(1) != build(4) {
		t.Error("results differ")
	}
}
