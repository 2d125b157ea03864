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

// tornTexts are sample texts of a folder, and what repairs them.
func tornTexts(t *testing.T, folder, names string) ([]string, *normalize.Restorer) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "fixtures", folder, names))
	if err != nil || len(files) == 0 {
		t.Fatalf("no torn texts: %v", err)
	}
	r, err := restorer()
	if err != nil {
		t.Fatal(err)
	}
	return files, r
}

// Nothing of a torn table is dropped: each word of a line that any record or
// check speaks of stands in a field, or its line is among the unplaced.
func TestNothingIsDropped(t *testing.T) {
	files, r := tornTexts(t, "scans", "*models*.txt")
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

// As many words as the lines of torn tables have stand in fields and group rows, or on
// lines that are told to be unplaced. A word in a hundred may be counted amiss: numbers of
// rows stand twice, and short words are found in others.
func TestWordsAreKept(t *testing.T) {
	files, r := tornTexts(t, "texts", "*.turns.txt")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pages := textPages(string(data))
		restore(t, pages)
		words, lost := countWords(pages, extract.Build(pages, nil, extract.Options{Restorer: r}))
		if words < 50 || 100*len(lost) > words {
			t.Errorf("%s: of %d words these are nowhere: %q", filepath.Base(file), words, lost)
		}
	}
}

// countWords counts the words on the lines of records, and returns those that their
// fields and groups do not have so often.
func countWords(pages []schema.Page, r extract.Result) (words int, lost []string) {
	have, mine := make(map[string]int), make(map[int]bool)
	groups := make(map[string]bool)
	for _, rec := range r.Records {
		if rec.Group != nil && !groups[rec.Group.Name] {
			groups[rec.Group.Name] = true
			addWords(have, rec.Group.Name)
		}
		for name, e := range rec.Fields {
			if name == "amounts" || name == "catalogue_ref" {
				continue // what other fields hold, too
			}
			for _, f := range e.All() {
				addWords(have, f.Raw)
				for _, b := range f.Boxes {
					for n := b.Line[0]; n <= b.Line[1]; n++ {
						mine[n] = true
					}
				}
			}
		}
	}
	for _, c := range r.Checks {
		for _, p := range c.Places {
			for n := p.Line[0]; c.Rule == "unplaced" && n <= p.Line[1]; n++ {
				delete(mine, n)
			}
		}
	}
	for _, p := range pages {
		for _, l := range p.Lines {
			for _, w := range l.Words {
				seen := make(map[string]int)
				if mine[l.Number] {
					addWords(seen, w.Raw)
				}
				for s, n := range seen {
					words += n
					if have[s] -= n; have[s] < 0 {
						lost = append(lost, s)
					}
				}
			}
		}
	}
	return words, lost
}

// addWords counts the words of two letters or digits and more.
func addWords(to map[string]int, text string) {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '|' }) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if len([]rune(w)) > 1 {
			to[strings.ToLower(w)]++
		}
	}
}
