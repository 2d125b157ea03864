package extract_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/eval"
	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/schema"
)

// sharedDir finds the hand-annotated documents, which are no part of the
// repository.
func sharedDir(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("SOHOA_SHARED"), filepath.Join("..", "..", "shared")} {
		if dir == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "gold")); err == nil {
			return dir
		}
	}
	t.Skip("hand-annotated documents not found: set SOHOA_SHARED to their folder")
	return ""
}

// textPages cuts a text as the reader of text files does: four empty lines or a
// form feed end a page.
func textPages(text string) []schema.Page {
	var pages []schema.Page
	var lines []schema.Line
	end := func() {
		if len(lines) == 0 {
			return
		}
		pages = append(pages, schema.Page{
			PageInfo: schema.PageInfo{Number: len(pages) + 1, Outcome: schema.Done, TextSource: schema.FromText},
			Lines:    lines,
		})
		lines = nil
	}
	empty := 0
	for i, l := range strings.Split(text, "\n") {
		words := strings.Fields(l)
		if len(words) == 0 {
			empty++
			continue
		}
		if empty >= 4 || strings.Contains(l, "\f") {
			end()
		}
		empty = 0
		line := schema.Line{Number: i + 1}
		for _, w := range words {
			line.Words = append(line.Words, schema.Word{Text: w, Raw: w, Confidence: 1})
		}
		lines = append(lines, line)
	}
	end()
	return pages
}

// document joins what Build found to a document, as the pipeline does.
func document(name string, pages []schema.Page, tables []schema.Table, r extract.Result) *schema.Document {
	d := &schema.Document{
		Source: schema.Source{Name: name}, Header: r.Header, Records: r.Records, Tables: tables,
		Citations: r.Citations, Amounts: r.Amounts, Checks: r.Checks,
	}
	for _, p := range pages {
		d.Pages = append(d.Pages, p.PageInfo)
	}
	return d
}

// TestSeeds prints the figures for the real inputs, each beside its truth
// where there is one. It fails only on what must hold for any document; the
// figures are judged by people.
func TestSeeds(t *testing.T) {
	dir := sharedDir(t)
	golds, err := eval.ReadGolds(filepath.Join(dir, "gold"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "seeds", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var catalogue []extract.CatalogueEntry
	for pass := range 2 {
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			stem := strings.TrimSuffix(filepath.Base(f), ".txt")
			if only := os.Getenv("SOHOA_SEED"); only != "" && !strings.HasPrefix(stem, only) && pass == 1 {
				continue
			}
			pages := textPages(string(data))
			restore(t, pages)
			start := time.Now()
			opt := extract.Options{Catalogue: catalogue, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
			r := extract.Build(pages, nil, opt)
			took := time.Since(start)
			doc := document(stem, pages, nil, r)
			if pass == 0 {
				if strings.Contains(r.Profile, "catalogue") {
					catalogue = append(catalogue, extract.CatalogueOf(doc)...)
				}
				continue
			}
			t.Logf("== %s: %d records, %d citations, %d amounts, %d checks, profiles %q, %v", stem, len(r.Records), len(r.Citations), len(r.Amounts), len(r.Checks), r.Profile, took.Round(time.Millisecond))
			if out := os.Getenv("SOHOA_DUMP"); out != "" {
				data, _ := json.MarshalIndent(doc, "", " ")
				if err := os.WriteFile(filepath.Join(out, stem+".json"), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, g := range golds {
				for _, s := range g.Sources {
					if s != stem {
						continue
					}
					for _, fig := range eval.Score(g, doc).Figures() {
						t.Logf("%-36s %.3f (%d)", fig.Name, fig.Value, fig.N)
					}
				}
			}
		}
	}
}
