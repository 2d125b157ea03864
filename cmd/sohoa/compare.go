package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/compare"
	"github.com/sohoa/sohoa/export"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

type compareCmd struct {
	Paths    []string `arg:"" optional:"" name:"path" help:"results of sohoa run (JSON), or folders of them; without any, the documents of a store"`
	Plan     []string `placeholder:"FILE.json" help:"result of a plan: its entries are the rows, also those that nobody reports on"`
	Province []string `sep:";" placeholder:"NAME" help:"only this province; may be given again"`
	Period   string   `placeholder:"PERIOD" help:"only reports about a time in this one: 2025, 2025-H1, 2025-Q3, 2025-07, 2025-01..2025-09"`
	Periods  bool     `help:"a column for each period of a province, not for the newest alone"`
	Changes  bool     `help:"table and csv: only what changed between the periods of a province"`
	Kind     string   `placeholder:"KIND" help:"kind of records: model, task, indicator, … (default: the one that most reports have)"`
	Show     []string `placeholder:"FIELD" help:"fields to show beside status and sum"`
	Given    []string `sep:";" placeholder:"FILE=PROVINCE,PERIOD" help:"what a report is about that does not say it itself; FILE may have * in it"`
	Same     string   `type:"existingfile" placeholder:"FILE" help:"lines TITLE = TITLE: titles that name one subject in other words"`
	Merged   bool     `help:"count provinces that were merged in 2025 under the province that they joined"`
	Approved bool     `help:"only documents that were approved"`
	Format   string   `default:"table" enum:"table,csv,xlsx,json,html" placeholder:"table|csv|xlsx|json|html" help:"output format: table, csv, xlsx, json, html"`
	Out      string   `short:"o" placeholder:"FILE" help:"file to write (default: standard output)"`
	BOM      bool     `name:"bom" help:"csv: begin with a byte order mark, for Excel"`
	Comma    string   `default:"," placeholder:"CHAR" help:"csv: sign between cells; Excel on a Vietnamese system wants ;"`
	BaseURL  string   `name:"base-url" placeholder:"URL" help:"address of the review pages, for links to each place"`
	storing
}

func (compareCmd) Help() string {
	return example(
		"  sohoa compare ket-qua/",
		"  sohoa compare ket-qua/ --plan ke-hoach.json --format xlsx -o so-sanh.xlsx",
		"  sohoa compare --db postgres://sohoa@db/sohoa --blobs file:///shared/sohoa --province 'Sơn Hải' --periods",
		"  sohoa compare quy-2/ quy-3/ --changes --format csv",
		"  sohoa compare ket-qua/ --given 'phu-luc*=Sơn Hải,2025-Q3'",
	)
}

func (q *compareCmd) Run(ctx context.Context, c *console) error {
	options, given, err := q.options(c)
	if err != nil {
		return err
	}
	var reports []*compare.Report
	if len(q.Paths) > 0 {
		reports, err = q.fromFiles(c, q.Paths)
	} else {
		reports, err = q.fromStore(ctx, c)
	}
	if err != nil {
		return err
	}
	plans, err := q.fromFiles(c, q.Plan)
	if err != nil {
		return err
	}
	for _, p := range plans {
		// A plan that lies among the reports is one document.
		reports = slices.DeleteFunc(reports, func(r *compare.Report) bool { return r.DocumentID == p.DocumentID })
		p.Plan = true
	}
	reports = append(reports, plans...)
	compare.Locate(reports, given, q.Merged)
	result, err := compare.New(reports, options)
	if err != nil {
		return failure(c.Sprintf("give results of sohoa run, or --db with documents that are ready; --kind chooses the records"), err)
	}
	comma, err := commaOf(c, q.Comma)
	if err != nil {
		return err
	}
	set := compare.Writing{Say: func(word string, args ...any) string { return c.Sprintf(word, args...) }, Lang: c.Sprintf("en"), Changes: q.Changes, BOM: q.BOM, Comma: comma, Width: terminalWidth(c.out, q.Out)}
	return writeOut(c, q.Out, q.Format == string(compare.XLSX), func(w io.Writer) error { return result.Write(w, compare.Format(q.Format), set) })
}

func (q *compareCmd) options(c *console) (o compare.Options, given []compare.Given, err error) {
	o = compare.Options{Kind: q.Kind, Fields: q.Show, Provinces: q.Province, ByPeriod: q.Periods || q.Changes}
	if q.Period != "" {
		if o.Within, err = compare.ParsePeriod(q.Period); err != nil {
			return o, nil, usage(c.Sprintf("periods are written like 2025, 2025-H1, 2025-Q3, 2025-07 or 2025-01..2025-09"), err)
		}
	}
	if q.Same != "" {
		f, err := os.Open(q.Same)
		if err != nil {
			return o, nil, err
		}
		defer f.Close()
		if o.Same, err = compare.ReadSame(f); err != nil {
			return o, nil, usage(c.Sprintf("each line is TITLE = TITLE"), fmt.Errorf("%s: %w", q.Same, err))
		}
	}
	for _, s := range q.Given {
		g, err := compare.ParseGiven(s)
		if err != nil {
			return o, nil, usage(c.Sprintf("write it like --given 'phu-luc*=Sơn Hải,2025-Q3'"), err)
		}
		given = append(given, g)
	}
	return o, given, nil
}

// fromFiles reads results of sohoa run. Folders are looked through for them;
// other JSON in a folder is passed over, a file that was named must be one.
func (q *compareCmd) fromFiles(c *console, paths []string) (reports []*compare.Report, err error) {
	hint := c.Sprintf("read the reports first: sohoa run DIR -o RESULTS, then sohoa compare RESULTS")
	add := func(path string) error {
		doc, err := readDocument(path)
		if err == nil {
			reports = append(reports, &compare.Report{Document: doc, Path: path})
		}
		return err
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, failure(hint, err)
		}
		if !info.IsDir() {
			if err := add(path); err != nil {
				return nil, failure(hint, err)
			}
			continue
		}
		err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && p != path && strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir // the store of the run
			case d.IsDir() || filepath.Ext(p) != ".json":
				return nil
			}
			if ok, err := isResult(p); !ok || err != nil {
				return err
			}
			return add(p)
		})
		if err != nil {
			return nil, failure(hint, err)
		}
	}
	if len(paths) > 0 && len(reports) == 0 {
		return nil, failure(hint, errors.New(c.Sprintf("no results of sohoa run are there")))
	}
	return reports, nil
}

// isResult reports whether a JSON file says of itself that it is a document.
func isResult(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, 4096))
	for {
		token, err := d.Token()
		if err != nil {
			return false, nil // no JSON, or nothing of ours near its beginning
		}
		if key, ok := token.(string); ok && key == "schema" {
			value, err := d.Token()
			return err == nil && value == schema.Version, nil
		}
	}
}

// fromStore reads the finished documents of a store that hold records.
func (q *compareCmd) fromStore(ctx context.Context, c *console) ([]*compare.Report, error) {
	s, err := q.existing(ctx, c)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var reports []*compare.Report
	err = eachFinished(ctx, s, q.Approved, func(d store.Document) error {
		doc, _, err := s.Current(ctx, d.ID)
		if err != nil || len(doc.Records) == 0 {
			return err
		}
		r := &compare.Report{Document: doc, Version: d.Version, State: string(d.State)}
		if q.BaseURL != "" {
			r.Link = strings.TrimSuffix(q.BaseURL, "/") + "/d/" + d.ID
		}
		reports = append(reports, r)
		return nil
	})
	return reports, err
}

// eachFinished calls f for the documents of a store that there is something to
// show of, each once.
func eachFinished(ctx context.Context, s *store.Store, approved bool, f func(store.Document) error) error {
	states := []store.State{store.Ready, store.Locked}
	if approved {
		states = states[1:]
	}
	seen := map[string]bool{}
	query := store.DocumentQuery{States: states, Order: store.OldestFirst, Limit: 500}
	for {
		docs, next, err := s.Documents(ctx, query)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if seen[d.ID] || d.Version == 0 {
				continue // it changed while we went through the list
			}
			seen[d.ID] = true
			if err := f(d); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		query.After = next
	}
}

// writeOut lets fill write to a file, which appears whole or not at all, or to
// standard output. Bytes that a terminal would choke on are not shown on one.
func writeOut(c *console, path string, binary bool, fill func(io.Writer) error) error {
	if path != "" && path != "-" {
		if err := export.WriteFile(path, fill); err != nil {
			return failure(c.Sprintf("choose a file that you may write to with -o"), err)
		}
		return nil
	}
	if binary && isTerminal(c.out) {
		return usage(c.Sprintf("give -o FILE, or send the output on"), errors.New(c.Sprintf("this format is not for terminals")))
	}
	return fill(c.out)
}

// commaOf reads the sign between cells of CSV.
func commaOf(c *console, s string) (rune, error) {
	if s == `\t` || s == "tab" {
		s = "\t"
	}
	r := []rune(s)
	if len(r) != 1 || strings.ContainsRune("\"\r\n", r[0]) {
		return 0, usage(c.Sprintf("use , or ; or tab"), fmt.Errorf("%s: %q", c.Sprintf("no sign to part cells with"), s))
	}
	return r[0], nil
}
