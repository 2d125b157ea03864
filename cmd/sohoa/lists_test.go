package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sohoa/sohoa/eval"
	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

var (
	listsDir   = flag.String("lists", "", "folder with lists: plans, torn reports on them, and their truth")
	listsSplit = flag.String("lists-split", "dev", "the half of the lists that is measured: dev, test")
	listsShow  = flag.Bool("lists-show", false, "show what was linked or taken wrongly")
)

// TestListFigures shows what torn reports gain from their plan and from each other:
//
//	go run ./fixtures/generate -lists 12 -o DIR
//	go test ./cmd/sohoa -run ListFigures -v -timeout 2h -args -lists DIR
//
// Taken is a title that is nearer to what another document of the list calls it, of those that
// the report words otherwise, and was not so when the report was read alone; broken one
// that was right alone.
func TestListFigures(t *testing.T) {
	if *listsDir == "" {
		t.Skip("needs -lists")
	}
	restorer, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	plans, err := filepath.Glob(filepath.Join(*listsDir, "texts", "*-plan.*"))
	if err != nil || len(plans) == 0 {
		t.Fatalf("no plans in %s: %v", *listsDir, err)
	}
	var (
		mu    sync.Mutex
		group sync.WaitGroup
		sums  [len(listWays)]listFigures
		slots = make(chan struct{}, runtime.GOMAXPROCS(0))
	)
	for _, plan := range plans {
		stem, _, _ := strings.Cut(filepath.Base(plan), "-plan.")
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			l, err := readList(*listsDir, stem, restorer)
			if err != nil {
				t.Error(err)
				return
			}
			if l.plan.gold.Split != *listsSplit {
				return
			}
			figures, err := l.measure()
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			t.Logf("%s", stem)
			for i, f := range figures {
				t.Logf("  %-11s %s", listWays[i].name, f)
				sums[i].add(f)
			}
		})
	}
	group.Wait()
	for i := range sums {
		t.Logf("%-13s %s", listWays[i].name, &sums[i])
	}
}

// listWays are the companies in which a report is read.
var listWays = [...]struct {
	name           string
	plan, together bool
}{{"alone", false, false}, {"plan", true, false}, {"others", false, true}, {"all", true, true}}

// A listedFile is a document of a list, read and repaired, with its truth.
type listedFile struct {
	name  string
	pages []schema.Page
	gold  *eval.Gold
	doc   *schema.Document // made by itself
}

// A reportList is a plan and the reports on it.
type reportList struct {
	plan     listedFile
	reports  []listedFile
	settings pipeline.Settings
}

func readList(dir, stem string, r *normalize.Restorer) (*reportList, error) {
	profiles, err := extract.LoadProfiles()
	if err != nil {
		return nil, err
	}
	l := &reportList{settings: pipeline.Settings{Restorer: r, Version: "test", Extract: extract.Options{Profiles: profiles}}}
	files, err := filepath.Glob(filepath.Join(dir, "texts", stem+"-*"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		f, err := l.read(file, dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if strings.Contains(f.name, "-plan.") {
			l.plan = f
		} else {
			l.reports = append(l.reports, f)
		}
	}
	return l, nil
}

func (l *reportList) read(file, dir string) (out listedFile, err error) {
	out.name = filepath.Base(file)
	id, _, _ := strings.Cut(out.name, ".")
	if out.gold, err = eval.ReadGold(filepath.Join(dir, "truth", id+".json")); err != nil {
		return out, err
	}
	ctx := context.Background()
	p := pipeline.New(l.settings)
	f, err := p.Open(ctx, file, "")
	if err != nil {
		return out, err
	}
	defer f.Close()
	for n := range f.Pages() {
		page, _ := p.ReadPage(ctx, f, n+1, schema.Manner{})
		if page.Outcome != schema.Done {
			return out, fmt.Errorf("page %d: %s", n+1, page.Reason)
		}
		out.pages = append(out.pages, page)
	}
	out.doc, err = p.Assemble(out.name, schema.Source{Name: out.name}, clonePages(out.pages))
	return out, err
}

// clonePages copies pages of text, which making a document changes.
func clonePages(pages []schema.Page) []schema.Page {
	out := slices.Clone(pages)
	for i := range out {
		out[i].Lines = slices.Clone(out[i].Lines)
		for k := range out[i].Lines {
			out[i].Lines[k].Words = slices.Clone(out[i].Lines[k].Words)
		}
	}
	return out
}

// run links some of the documents, as a run over a folder of them does, and returns
// what became of them, in order.
func (l *reportList) run(files []*listedFile) ([]*schema.Document, error) {
	links := newLinking(l.settings.Extract.Profiles)
	made := map[string]*schema.Document{}
	for _, f := range files {
		links.add(f.name, f.doc)
		made[f.name] = f.doc
	}
	relink := func(_ context.Context, id string, entries, beside []extract.CatalogueEntry) (before, doc *schema.Document, err error) {
		f := files[slices.IndexFunc(files, func(f *listedFile) bool { return f.name == id })]
		set := l.settings
		set.Extract.Catalogue, set.Extract.Beside = entries, beside
		doc, err = pipeline.New(set).Assemble(id, schema.Source{Name: f.name}, clonePages(f.pages))
		return made[id], doc, err
	}
	_, err := links.run(context.Background(), relink, func(file string, doc *schema.Document) error {
		made[file] = doc
		return nil
	})
	var out []*schema.Document
	for _, f := range files {
		out = append(out, made[f.name])
	}
	return out, err
}

// measure reads the reports in each company.
func (l *reportList) measure() (out [len(listWays)]*listFigures, err error) {
	others := l.wordings()
	for i, way := range listWays {
		var runs [][]*listedFile
		for k := range l.reports {
			if !way.together || k == 0 {
				runs = append(runs, nil)
			}
			runs[len(runs)-1] = append(runs[len(runs)-1], &l.reports[k])
		}
		out[i] = &listFigures{}
		for _, files := range runs {
			n := len(files)
			if way.plan {
				files = append(files, &l.plan)
			}
			docs, err := l.run(files)
			if err != nil {
				return out, err
			}
			for k, doc := range docs[:n] {
				out[i].score(files[k], doc, others, way.plan)
			}
		}
	}
	return out, nil
}

// wordings are what the documents of the list call each of the plan's models.
func (l *reportList) wordings() map[string][]string {
	out := map[string][]string{}
	for _, r := range l.plan.gold.Records {
		ref := l.plan.gold.Header["number"] + "#" + r.Number()
		out[ref] = append(out[ref], r.Fields["title"])
	}
	for _, f := range l.reports {
		for _, r := range f.gold.Records {
			if ref := r.Fields["catalogue_ref"]; ref != "" {
				out[ref] = append(out[ref], r.Fields["title"])
			}
		}
	}
	return out
}

// listFigures counts what came out right and wrong.
type listFigures struct {
	scores                     eval.Scores
	links, linked, wrong, sure int // entries that have a record; right, wrong, and wrong accepted links
	worded, taken, surelyTaken int // titles that other documents word otherwise; those taken from there, and of them accepted
	broken, accepted, mistaken int // titles: right alone only; accepted, and wrong ones of them
}

func (f *listFigures) add(o *listFigures) {
	f.scores.Add(&o.scores)
	f.links, f.linked, f.wrong, f.sure = f.links+o.links, f.linked+o.linked, f.wrong+o.wrong, f.sure+o.sure
	f.worded, f.taken, f.surelyTaken = f.worded+o.worded, f.taken+o.taken, f.surelyTaken+o.surelyTaken
	f.broken, f.accepted, f.mistaken = f.broken+o.broken, f.accepted+o.accepted, f.mistaken+o.mistaken
}

func (f *listFigures) String() string {
	s := f.scores.Kinds["model"]
	if s == nil {
		return "no records"
	}
	return fmt.Sprintf("titles %.3f %.3f  numbers %.3f  status %.3f  sums %.3f  long %.3f  links %d of %d, wrong %d (%d accepted)  taken %d of %d (%d accepted)  broken %d  accepted %d, wrong %d",
		float64(s.TitleExact.Hit)/float64(max(s.TitleExact.Of, 1)), s.TitleChars.Rate(), s.Numbers.F1(), s.Status.F1(), s.AmountsCol.F1(), s.LongChars.Rate(),
		f.linked, f.links, f.wrong, f.sure, f.taken, f.worded, f.surelyTaken, f.broken, f.accepted, f.mistaken)
}

// score counts a report. others are the wordings of the list's models.
func (f *listFigures) score(file *listedFile, doc *schema.Document, others map[string][]string, planned bool) {
	f.scores.Add(eval.Score(file.gold, doc))
	for _, g := range file.gold.Records {
		ref, own := g.Fields["catalogue_ref"], plainTitle(g.Fields["title"])
		if ref != "" && planned {
			f.links++
		}
		got, field, link := titleOf(doc, g.Number())
		alone, _, _ := titleOf(file.doc, g.Number())
		if field == nil {
			continue
		}
		if link != nil {
			switch value := fmt.Sprint(link.Value); {
			case value == ref:
				f.linked++
			case link.State == schema.Accepted:
				f.sure++
				fallthrough
			default:
				f.wrong++
				show("%s %s: %q linked to %s (%s), not %s, %v %.2f", file.name, g.Number(), own, value, link.Text, ref, link.State, link.Confidence)
			}
		}
		if field.State == schema.Accepted {
			f.accepted++
			if got != own {
				f.mistaken++
			}
		}
		if alone == own && got != own {
			f.broken++
			show("%s %s: %q broken to %q", file.name, g.Number(), own, got)
		}
		f.compare(file.name, own, got, alone, others[ref], field.State)
	}
}

// compare tells whether a title went over to another document's wording.
func (f *listFigures) compare(name, own, got, alone string, others []string, state schema.State) {
	far := func(a, b string) int { return eval.Distance([]rune(a), []rune(b)) }
	worded, taken := false, false
	for _, other := range others {
		if other = plainTitle(other); other != own {
			worded = true
			taken = taken || far(got, other) < far(got, own) && far(alone, other) >= far(alone, own)
		}
	}
	if worded {
		f.worded++
	}
	if taken {
		f.taken++
		show("%s: %q taken as %q (%v), alone %q", name, own, got, state, alone)
		if state == schema.Accepted {
			f.surelyTaken++
		}
	}
}

func show(format string, args ...any) {
	if *listsShow {
		fmt.Fprintf(os.Stderr, format+"\n", args...)
	}
}

func plainTitle(s string) string { return strings.TrimRight(eval.Canonical(s), ".;") }

// titleOf finds the title of the record of a number, and its link.
func titleOf(doc *schema.Document, number string) (text string, field, link *schema.Field) {
	for i := range doc.Records {
		r := &doc.Records[i]
		if n := r.Fields["number"].One; n != nil && fmt.Sprint(n.Value) == number && r.Fields["title"].One != nil {
			return plainTitle(r.Fields["title"].One.Text), r.Fields["title"].One, r.Fields["catalogue_ref"].One
		}
	}
	return "", nil, nil
}
