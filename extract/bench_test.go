package extract_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sohoa/sohoa/eval"
	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// manyPages makes n pages as a report with its appendices has them: of ten, eight
// of running text, from the truth of the fixtures, and two of torn tables.
// Numbers change from one copy to the next, so that no two pages are the same.
func manyPages(b *testing.B, n int) []schema.Page {
	b.Helper()
	var prose, tables []schema.Page
	golds, err := eval.ReadGolds(filepath.Join("..", "fixtures", "truth"))
	if err != nil {
		b.Fatal(err)
	}
	for _, g := range golds {
		for _, p := range g.Pages {
			if len(p.Text) > 1200 {
				prose = append(prose, textPages(p.Text)...)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join("..", "fixtures", "scans", "*.ocrtext.txt"))
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		tables = append(tables, textPages(string(data))...)
	}
	if len(prose) == 0 || len(tables) == 0 {
		b.Fatal("no texts")
	}
	var out []schema.Page
	line := 0
	for i := range n {
		from := prose[i%len(prose)]
		if i >= n*8/10 {
			from = tables[i%len(tables)]
		}
		page := copyPages([]schema.Page{from})[0]
		page.Number = i + 1
		for k := range page.Lines {
			line++
			page.Lines[k].Number += line - k - 1
			for m := range page.Lines[k].Words {
				w := &page.Lines[k].Words[m]
				w.Text = strings.Replace(w.Text, "2025", fmt.Sprint(2025+i), 1)
				w.Raw = w.Text
			}
		}
		line += 5
		out = append(out, page)
	}
	return out
}

// BenchmarkPages200 reads a text of 200 pages: what it takes to repair them, as many at a
// time as there are processors, as a run does, and to make records of them.
func BenchmarkPages200(b *testing.B) {
	r, err := restorer()
	if err != nil {
		b.Fatal(err)
	}
	read := manyPages(b, 200)
	run := func(b *testing.B, repair, build bool) {
		for b.Loop() {
			b.StopTimer()
			pages := copyPages(read)
			if !repair {
				repairAll(r, pages)
			}
			b.StartTimer()
			if repair {
				repairAll(r, pages)
			}
			if build {
				extract.Build(pages, nil, extract.Options{Restorer: r})
			}
		}
	}
	b.Run("repair", func(b *testing.B) { run(b, true, false) })
	b.Run("build", func(b *testing.B) { run(b, false, true) })
	b.Run("both", func(b *testing.B) { run(b, true, true) })
}

// repairAll repairs pages.
func repairAll(r *normalize.Restorer, pages []schema.Page) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(pages); i = int(next.Add(1)) - 1 {
				r.Page(&pages[i])
			}
		})
	}
	workers.Wait()
}

func copyPages(pages []schema.Page) []schema.Page {
	out := make([]schema.Page, len(pages))
	for i, p := range pages {
		out[i] = p
		out[i].Lines = make([]schema.Line, len(p.Lines))
		for k, l := range p.Lines {
			out[i].Lines[k] = l
			out[i].Lines[k].Words = append([]schema.Word(nil), l.Words...)
		}
	}
	return out
}
