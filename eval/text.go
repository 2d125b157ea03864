package eval

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// marks maps typographic quotes and dashes, which print alike and of which
// readings keep one or another, to the plain ones.
var marks = strings.NewReplacer(
	"“", `"`, "”", `"`, "„", `"`, "‘", "'", "’", "'", "–", "-", "—", "-", "−", "-", "…", "...", "\u00ad", "",
)

// Canonical returns the form in which texts are compared: Unicode NFC, one
// place for the tone mark in syllables that are written two ways ("hoà",
// "hòa"), plain quotes and dashes, and every run of white space one blank.
func Canonical(s string) string {
	return strings.Join(strings.Fields(marks.Replace(normalize.Tones(norm.NFC.String(s)))), " ")
}

// loose is Canonical without regard to case and to punctuation at the ends:
// how header fields are compared, which are printed in capitals in one place
// and in small letters in another.
func loose(s string) string {
	return strings.ToLower(strings.TrimFunc(Canonical(s), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".,;:\"'()", r)
	}))
}

// compareText counts the edits of characters and of words between two texts
// and how many words both have in whatever order.
func compareText(want, got string) (chars, words Edits, bag Match) {
	want, got = Canonical(want), Canonical(got)
	w, g := []rune(want), []rune(got)
	ww, gw := strings.Fields(want), strings.Fields(got)
	chars = Edits{Edits: Distance(w, g), Length: len(w)}
	words = Edits{Edits: wordDistance(ww, gw), Length: len(ww)}
	count := make(map[string]int)
	for _, x := range ww {
		count[x]++
	}
	bag = Match{Gold: len(ww), Pred: len(gw)}
	for _, x := range gw {
		if count[x] > 0 {
			count[x]--
			bag.Both++
		}
	}
	return chars, words, bag
}

// runningText returns the text of a predicted page outside its tables: lines
// with tabs are table rows by the contract, and so are lines that repeat a
// cell of a table on that page. Lines of digits alone are page numbers, which
// some readings keep and others rightly drop.
func runningText(d *schema.Document, p schema.PageInfo) string {
	cells := make(map[string]bool)
	for _, t := range d.Tables {
		for _, row := range t.Rows {
			for _, c := range row {
				for _, b := range c.Boxes {
					if b.Page == p.Number {
						cells[Canonical(c.Text)] = true
					}
				}
			}
		}
	}
	var kept []string
	for line := range strings.Lines(p.Text) {
		if strings.Contains(strings.Trim(line, "\r\n"), "\t") || cells[Canonical(line)] {
			continue
		}
		kept = append(kept, line)
	}
	return withoutPageNumbers(strings.Join(kept, ""))
}

// outsideTables drops from a predicted page the lines that stand in a true
// table but were not recognised as one: what they cost is counted with the
// tables, and would drown the errors of the few lines of running text on such a
// page. A line belongs to the tables when most of its pairs of characters do,
// and clearly more of them than belong to the running text.
func outsideTables(got, running, tables string) string {
	if tables == "" {
		return got
	}
	in := func(line, all map[[2]rune]int) float64 {
		n, found := 0, 0
		for k, c := range line {
			n += c
			if all[k] > 0 {
				found += c
			}
		}
		return ratio(found, n)
	}
	text, table := bigrams(Canonical(running)), bigrams(Canonical(tables))
	var kept []string
	for line := range strings.Lines(got) {
		b := bigrams(Canonical(line))
		if t := in(b, table); t < 0.6 || t < in(b, text)+0.1 {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// withoutPageNumbers drops lines that hold at most four digits and nothing else.
func withoutPageNumbers(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		s := strings.TrimSpace(line)
		digits := strings.TrimFunc(s, unicode.IsDigit) == ""
		if s == "" || digits && len(s) <= 4 {
			continue
		}
		kept = append(kept, s)
	}
	return strings.Join(kept, "\n")
}
