package eval

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

// Options say what [Run] should look at; the zero value means everything.
type Options struct {
	// Documents limits the evaluation to true documents whose stem is listed.
	Documents []string
	// Split limits it to documents of this split, "dev" or "test": what a model
	// was fitted on says nothing about how good it is.
	Split string
}

// Report is the outcome of an evaluation.
type Report struct {
	Documents []DocumentReport `json:"documents"` // by name
	Groups    []GroupReport    `json:"groups"`    // by name; then "read by OCR" where others were not, and "all"
	Missing   []string         `json:"missing"`   // truth that no prediction was found for
	Unknown   []string         `json:"unknown"`   // predictions that no truth was found for
}

// DocumentReport holds the figures of one predicted document.
type DocumentReport struct {
	Name    string   `json:"name"` // the source's name
	Gold    string   `json:"gold"` // stem of the truth
	Group   string   `json:"group"`
	Split   string   `json:"split,omitempty"` // of the truth
	Figures []Figure `json:"figures"`
	Scores  *Scores  `json:"scores"`
}

// GroupReport holds the figures of the documents of one kind of damage, or of
// one collection, taken together.
type GroupReport struct {
	Name      string   `json:"name"`
	Documents int      `json:"documents"`
	Figures   []Figure `json:"figures"`
	Scores    *Scores  `json:"scores"`
}

// readByOCR names the group of the documents that hold a page which Tesseract
// read, whatever other group they belong to.
const readByOCR = "read by OCR"

func scanned(d *schema.Document) bool {
	return slices.ContainsFunc(d.Pages, func(p schema.PageInfo) bool { return p.TextSource == schema.FromOCR })
}

// Run compares every document of predDir with the truth in goldDir. Both are
// walked with their subfolders; files of predDir that are no documents are
// passed over. It fails when a folder or a document cannot be read, or when
// nothing matched.
func Run(goldDir, predDir string, opts Options) (Report, error) {
	golds, err := ReadGolds(goldDir)
	if err != nil {
		return Report{}, err
	}
	docs, err := ReadDocuments(predDir)
	if err != nil {
		return Report{}, err
	}
	report := Compare(golds, docs, opts)
	if len(report.Documents) == 0 {
		return report, fmt.Errorf("no document in %s has its truth in %s", predDir, goldDir)
	}
	return report, nil
}

// Compare is [Run] for truth and documents that were read already, in
// whatever order.
func Compare(golds []*Gold, docs []*schema.Document, opts Options) Report {
	golds = slices.DeleteFunc(slices.Clone(golds), func(g *Gold) bool {
		listed := slices.ContainsFunc(opts.Documents, func(d string) bool { return slices.Contains(g.Sources, d) })
		return len(opts.Documents) > 0 && !listed || opts.Split != "" && g.Split != opts.Split
	})
	docs = slices.Clone(docs)
	slices.SortStableFunc(docs, func(a, b *schema.Document) int { return strings.Compare(a.Source.Name, b.Source.Name) })
	return compare(golds, docs)
}

// compare evaluates documents that are sorted by name.
func compare(golds []*Gold, docs []*schema.Document) Report {
	var r Report
	used := make(map[*Gold]bool)
	groups := make(map[string]*GroupReport)
	scans := &GroupReport{Name: readByOCR, Scores: new(Scores)}
	all := &GroupReport{Name: "all", Scores: new(Scores)}
	for _, d := range docs {
		g, variant := match(golds, d.Source.Name)
		if g == nil {
			r.Unknown = append(r.Unknown, d.Source.Name)
			continue
		}
		used[g] = true
		s := Score(g, d)
		r.Documents = append(r.Documents, DocumentReport{Name: d.Source.Name, Gold: g.Sources[0], Group: variant, Split: g.Split, Figures: s.Figures(), Scores: s})
		group := groups[variant]
		if group == nil {
			group = &GroupReport{Name: variant, Scores: new(Scores)}
			groups[variant] = group
		}
		in := []*GroupReport{group, all}
		if scanned(d) {
			in = append(in, scans)
		}
		for _, x := range in {
			x.Documents++
			x.Scores.Add(s)
		}
	}
	for _, g := range golds {
		if !used[g] {
			r.Missing = append(r.Missing, g.Sources[0])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		r.Groups = append(r.Groups, *groups[name])
	}
	if scans.Documents > 0 && scans.Documents < all.Documents {
		r.Groups = append(r.Groups, *scans)
	}
	r.Groups = append(r.Groups, *all)
	for i := range r.Groups {
		r.Groups[i].Figures = r.Groups[i].Scores.Figures()
	}
	return r
}

// match finds the truth of a source name and the group it belongs to: what
// stands between the truth's stem and the last suffix, or the truth's own
// group when nothing does. Of several stems the longest wins.
func match(golds []*Gold, name string) (*Gold, string) {
	var found *Gold
	var variant string
	longest := -1
	for _, g := range golds {
		for _, stem := range g.Sources {
			rest, ok := strings.CutPrefix(name, stem)
			if !ok || rest != "" && rest[0] != '.' || len(stem) <= longest {
				continue
			}
			found, longest = g, len(stem)
			variant = strings.Trim(strings.TrimSuffix(rest, filepath.Ext(rest)), ".")
		}
	}
	if found != nil && variant == "" {
		variant = found.Group
	}
	return found, variant
}

// Score compares one document with its truth.
func Score(g *Gold, d *schema.Document) *Scores {
	s := new(Scores)
	s.Pages = len(d.Pages)
	for _, p := range d.Pages {
		if p.Outcome != schema.Done {
			s.PagesBad++
		}
	}
	scoreText(g, d, s)
	if !plainText(d) {
		scoreTables(g.Tables, d.Tables, s)
	}
	scoreRecords(g.Records, d.Records, s)
	scoreHeader(g, &d.Header, s)
	scoreCitations(g, d.Citations, s)
	scoreTextAmounts(g, d.Amounts, s)
	sources := make(map[int]schema.TextSource, len(d.Pages))
	for _, p := range d.Pages {
		sources[p.Number] = p.TextSource
	}
	for _, list := range [][]Sample{s.Samples, s.Cells} {
		for i := range list {
			x := &list[i]
			x.Document, x.Report = d.Source.Name, reportOf(g)
			if len(x.Places) > 0 {
				x.Source = sources[x.Places[0].Page]
			} else if len(d.Pages) > 0 {
				x.Source = d.Pages[0].TextSource
			}
		}
	}
	for i := range s.Cells {
		x := &s.Cells[i]
		x.Accepted = x.Confidence >= confidence.Default().Threshold(x.Source, x.Class, promised)
	}
	s.Samples = readOnce(s.Samples)
	for i := range s.Misses {
		s.Misses[i].Document = d.Source.Name
	}
	return s
}

// readOnce drops the copies of what was read once and stands in many fields: a
// cell merged over fourteen records is one thing that is right or wrong.
func readOnce(samples []Sample) []Sample {
	seen := make(map[string]bool)
	return slices.DeleteFunc(samples, func(s Sample) bool {
		if len(s.Places) == 0 {
			return false
		}
		key := fmt.Sprintf("%s\t%s\t%t", s.Type, s.Got, s.Right)
		for _, p := range s.Places {
			key += fmt.Sprint("\t", p.Page)
			if p.Box != nil {
				key += fmt.Sprint(*p.Box)
			}
			if p.Line != nil {
				key += fmt.Sprint(*p.Line)
			}
		}
		copied := seen[key]
		seen[key] = true
		return copied
	})
}

// reportOf names the report that a document is a scan of. Scans of one report
// are no independent documents.
func reportOf(g *Gold) string {
	if len(g.Sources) == 0 {
		return ""
	}
	return g.Sources[0]
}

// plainText reports whether a document was read from a text file, in which the
// grid of a table is lost and its text stands among the rest.
func plainText(d *schema.Document) bool {
	for _, p := range d.Pages {
		if p.TextSource != schema.FromText {
			return false
		}
	}
	return len(d.Pages) > 0
}

// scoreText compares the running text of every page that truth knows, or of
// the whole document when truth does not part it into pages. Of a text file
// only pages without tables can be compared.
func scoreText(g *Gold, d *schema.Document, s *Scores) {
	add := func(where, want, got string) {
		if Canonical(want) != Canonical(got) {
			s.miss(Canonical(want), Canonical(got), "%s", where)
		}
		chars, words, bag := compareText(want, got)
		s.Chars.add(chars)
		s.Words.add(words)
		s.WordBag.add(bag)
	}
	got := make(map[int]string)
	var whole []string
	for _, p := range d.Pages {
		text := runningText(d, p)
		got[p.Number] = text
		whole = append(whole, text)
	}
	tables := make(map[int]string)
	for _, t := range g.Tables {
		for _, row := range t.Rows {
			for _, c := range row {
				for _, b := range c.Boxes {
					tables[b.Page] += c.Text + "\n"
				}
			}
		}
	}
	for _, p := range g.Pages {
		if tables[p.Number] != "" && plainText(d) {
			continue
		}
		add(fmt.Sprintf("page %d", p.Number), withoutPageNumbers(p.Text), outsideTables(got[p.Number], p.Text, tables[p.Number]))
	}
	if g.Text != "" {
		add("text", withoutPageNumbers(g.Text), strings.Join(whole, "\n"))
	}
}

// ReadDocuments reads all documents below a folder, sorted by source name.
func ReadDocuments(dir string) ([]*schema.Document, error) {
	var docs []*schema.Document
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var d schema.Document
		if err := json.Unmarshal(data, &d); err != nil || d.Schema != schema.Version {
			return nil // another JSON file, such as a journal of the run
		}
		d.TypeValues()
		docs = append(docs, &d)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading predictions: %w", err)
	}
	if len(docs) == 0 {
		return nil, fmt.Errorf("reading predictions: no %s document in %s", schema.Version, dir)
	}
	slices.SortFunc(docs, func(a, b *schema.Document) int { return strings.Compare(a.Source.Name, b.Source.Name) })
	return docs, nil
}

// printed are the columns of [Report.Print]: figure and head.
var printed = [][2]string{
	{"cer", "CER"}, {"wer", "WER"}, {"cells_whole", "whole"}, {"cells_exact", "exact"}, {"grits_top", "GriTS"}, {"teds_s", "TEDS-S"},
	{"tables_right", "tables"}, {"joins_precision", "join P"}, {"joins_recall", "join R"}, {"header_exact", "header"}, {"citations_f1", "cited F1"},
}

// Print writes the figures as tables for people: one line a document and a
// group with the common figures, then those of the records by kind.
func (r Report) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "document")
	for _, c := range printed {
		fmt.Fprint(t, "\t", c[1])
	}
	fmt.Fprintln(t)
	line := func(name string, figures []Figure) {
		fmt.Fprint(t, name)
		for _, c := range printed {
			fmt.Fprint(t, "\t", cell(figures, c[0]))
		}
		fmt.Fprintln(t)
	}
	for _, d := range r.Documents {
		line(d.Name, d.Figures)
	}
	for _, g := range r.Groups {
		line(fmt.Sprintf("= %s (%d)", g.Name, g.Documents), g.Figures)
	}
	fmt.Fprintln(t)
	fmt.Fprintln(t, "records\tkind\tnumber F1\ttitle\ttitle CER\tgroup\tstatus F1\tamounts F1\t+ column\tlong CER\tfields\ttyped\ttext CER")
	kinds := func(name string, s *Scores, figures []Figure) {
		for _, kind := range slices.Sorted(maps.Keys(s.Kinds)) {
			fmt.Fprintf(t, "%s\t%s", name, kind)
			for _, f := range []string{"number_f1", "title_exact", "title_cer", "group", "status_f1", "amounts_f1", "amounts_column_f1", "long_cer", "fields_exact", "typed_exact", "text_cer"} {
				fmt.Fprint(t, "\t", cell(figures, kind+"."+f))
			}
			fmt.Fprintln(t)
		}
	}
	for _, d := range r.Documents {
		kinds(d.Name, d.Scores, d.Figures)
	}
	for _, g := range r.Groups {
		kinds(fmt.Sprintf("= %s (%d)", g.Name, g.Documents), g.Scores, g.Figures)
	}
	fmt.Fprintln(t)
	fmt.Fprintln(t, "confidence\tfields\tECE\treview for 99 %\tWilson\taccepted\tof them right\tWilson\twrong")
	for _, g := range r.Groups {
		if len(g.Scores.Samples) == 0 {
			continue
		}
		c := Calibrate(g.Scores.Samples, promised)
		fmt.Fprintf(t, "= %s (%d)\t%d\t%.4f\t%.1f %%\t%.4f\t%.1f %%\t%.4f\t%.4f\t%d\n",
			g.Name, g.Documents, len(g.Scores.Samples), c.ECE, 100*c.Review, c.Wilson, 100*c.AcceptedShare, c.AcceptedPrecision, c.AcceptedWilson, c.AcceptedWrong)
	}
	if all := r.Groups[len(r.Groups)-1]; len(all.Scores.Samples) > 0 {
		c := Calibrate(all.Scores.Samples, promised)
		fmt.Fprintln(t)
		fmt.Fprintf(t, "review %.1f %% of fields to reach 99 %%: of the others at least %.2f %% are right (Wilson, 95 %%)\n", 100*c.Review, 100*c.Wilson)
		fmt.Fprintf(t, "accepted are %.1f %%; %.2f %% of them are right, at least %.2f %% (Wilson, 95 %%); of sums and numbers %d are wrong\n",
			100*c.AcceptedShare, 100*c.AcceptedPrecision, 100*c.AcceptedWilson, acceptedWrong(all.Scores.Samples))
		if long := ofClass(all.Scores.Samples, confidence.Long); len(long) > 0 {
			l := Calibrate(long, promised)
			fmt.Fprintf(t, "long texts: %.1f %% accepted; of them %.2f %% right to the character, %.2f %% right or near (no digit and at most one character in fifty wrong)\n",
				100*l.AcceptedShare, 100*l.AcceptedPrecision, 100*l.AcceptedNear)
		}
		if len(all.Scores.Cells) > 0 {
			k := Calibrate(all.Scores.Cells, promised)
			fmt.Fprintf(t, "cells: ECE %.4f over %d; review %.1f %% to reach 99 %%\n", k.ECE, len(all.Scores.Cells), 100*k.Review)
		}
	}
	for _, m := range r.Missing {
		fmt.Fprintf(t, "no prediction for %s\n", m)
	}
	for _, u := range r.Unknown {
		fmt.Fprintf(t, "no truth for %s\n", u)
	}
	return t.Flush()
}

func ofClass(samples []Sample, class string) (out []Sample) {
	for _, s := range samples {
		if s.Class == class {
			out = append(out, s)
		}
	}
	return out
}

// PrintMisses lists what was read wrong, document by document, with what is
// true below; long texts are cut down to where they differ.
func (r Report) PrintMisses(w io.Writer) error {
	for _, d := range r.Documents {
		for _, m := range d.Scores.Misses {
			want, got := difference(m.Want, m.Got)
			if _, err := fmt.Fprintf(w, "%s: %s: %d edits\n  got  %s\n  want %s\n", d.Name, m.Where, m.Edits, got, want); err != nil {
				return err
			}
		}
	}
	return nil
}

// difference cuts two texts down to the part in which they differ, with a few
// characters around it.
func difference(want, got string) (string, string) {
	const around, limit = 20, 160
	a, b := []rune(want), []rune(got)
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < min(len(a), len(b))-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	cut := func(x []rune) string {
		from, to := max(start-around, 0), min(len(x)-end+around, len(x))
		text, before, after := x[from:to], "", ""
		if from > 0 {
			before = "…"
		}
		if to < len(x) {
			after = "…"
		}
		if len(text) > limit {
			text, after = text[:limit], "…"
		}
		return fmt.Sprintf("%s%q%s", before, string(text), after)
	}
	return cut(a), cut(b)
}

// cell formats a figure, "-" when there is none.
func cell(figures []Figure, name string) string {
	for _, f := range figures {
		if f.Name == name {
			return fmt.Sprintf("%.4f", f.Value)
		}
	}
	return "-"
}

// WriteJSON writes the whole report, counts included.
func (r Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// ReadReport reads what [Report.WriteJSON] wrote, or the figures in a page that
// [Report.WriteHTML] wrote.
func ReadReport(path string) (Report, error) {
	var r Report
	data, err := os.ReadFile(path)
	if err != nil {
		return r, fmt.Errorf("reading a report: %w", err)
	}
	if _, after, ok := strings.Cut(string(data), dataBegins); ok {
		inside, _, _ := strings.Cut(after, dataEnds)
		data = []byte(inside)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("reading report %s: %w", path, err)
	}
	if len(r.Groups) == 0 {
		return r, fmt.Errorf("reading report %s: %w", path, errors.New("it holds no figures"))
	}
	return r, nil
}
