package extract_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Nothing of a torn table is dropped: each word of a line that any record or
// check speaks of stands in a field, or its line is among the unplaced.
func TestNothingIsDropped(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "fixtures", "scans", "*models*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no torn texts: %v", err)
	}
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for name, opt := range map[string]extract.Options{"repaired": {Restorer: r}, "as it is": {}} {
			t.Run(filepath.Base(file)+" "+name, func(t *testing.T) {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				pages := textPages(string(data))
				if opt.Restorer != nil {
					restore(t, pages)
				}
				checkNothingIsDropped(t, pages, extract.Build(pages, nil, opt))
			})
		}
	}
}

func checkNothingIsDropped(t *testing.T, pages []schema.Page, r extract.Result) {
	t.Helper()
	var read strings.Builder // what fields were read from, and groups
	told := make(map[int]bool)
	first, last := 1<<30, 0
	for _, rec := range r.Records {
		if rec.Group != nil {
			read.WriteString(normalize.Fold(rec.Group.Name) + " ")
		}
		for _, e := range rec.Fields {
			for _, f := range e.All() {
				read.WriteString(f.Raw + " ")
				for _, b := range f.Boxes {
					first, last = min(first, b.Line[0]), max(last, b.Line[1])
				}
			}
		}
	}
	for _, c := range r.Checks {
		for _, p := range c.Places {
			for n := p.Line[0]; c.Rule == "unplaced" && n <= p.Line[1]; n++ {
				told[n] = true
			}
		}
	}
	if first > last {
		t.Fatal("no records")
	}
	text := strings.ReplaceAll(read.String(), " ", "")
	words, lost := 0, 0
	for _, p := range pages {
		for _, l := range p.Lines {
			if l.Number < first || l.Number > last || told[l.Number] || strings.ToUpper(schema.TextOf([]schema.Line{l}, "")) == schema.TextOf([]schema.Line{l}, "") {
				continue // heads and groups are in capitals in these reports
			}
			for _, w := range l.Words {
				raw := strings.TrimFunc(w.Raw, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
				if len([]rune(raw)) < 3 {
					continue // as good as found anywhere
				}
				words++
				if !strings.Contains(text, strings.ReplaceAll(raw, " ", "")) {
					lost++
					t.Errorf("line %d: %q is nowhere", l.Number, w.Raw)
				}
			}
		}
	}
	if words < 300 {
		t.Errorf("%d words were looked at", words)
	}
}
