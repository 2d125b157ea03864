package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"golang.org/x/sync/errgroup"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/extract/table"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/schema"
)

type profilesCmd struct {
	List  profilesListCmd  `cmd:"" default:"withargs" help:"list the report types"`
	Check profilesCheckCmd `cmd:"" help:"explain what the report types match in a file"`
}

type profilesListCmd struct {
	Profiles []string `placeholder:"PATH" help:"more report types: a YAML file or a folder of them"`
}

func (p *profilesListCmd) Run(c *console) error {
	profiles, err := extract.LoadProfiles(p.Profiles...)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, p := range profiles {
		fmt.Fprintf(w, "%s\t%s\t%s\n", p.Name, p.Kind, p.About)
	}
	return w.Flush()
}

type profilesCheckCmd struct {
	File    string `arg:"" help:"file to try them on"`
	Profile string `default:"auto" placeholder:"auto|NAME" help:"report type, or auto"`
	Draft   bool   `help:"print a report type for the tables that none fits, to begin with"`
	reading
}

func (profilesCheckCmd) Help() string {
	return example(
		"  sohoa profiles check bao-cao.pdf --profiles my-types/",
		"  sohoa profiles check bao-cao.pdf --draft > my-types/my-report.yaml",
	)
}

func (p *profilesCheckCmd) Run(ctx context.Context, c *console) error {
	set, closeAll, err := p.settings(ctx, c, p.Profile)
	if err != nil {
		return err
	}
	defer closeAll()
	pages, err := readPages(ctx, pipeline.New(set), p.File, p.workers())
	if err != nil {
		return fmt.Errorf("%s: %w", p.File, err)
	}
	for _, page := range pages {
		if page.Outcome != schema.Done {
			c.complain(c.err, errors.New(c.Sprintf("page %d: %s: %s", page.Number, c.outcome(page.Outcome), c.reason(page.Reason))), "")
		}
	}
	pages = table.Borrow(pages)
	tables, options := table.Join(pages), set.Extract
	options.Restorer = set.Restorer
	found := extract.Explain(pages, tables, options)
	if p.Draft {
		if t := largestUnknown(tables, found); t != nil {
			fmt.Fprint(c.out, extract.Draft(t))
			return nil
		}
		return errors.New(c.Sprintf("no ruled table without a report type was found; a draft is made of a scan or PDF with one"))
	}
	if len(found) == 0 {
		fmt.Fprintln(c.out, c.Sprintf("no table was found"))
	}
	for _, e := range found {
		c.explain(e)
	}
	return nil
}

// largestUnknown returns the table with most rows that no report type fits, nil
// when there is none. The explanations of tables come first and in order.
func largestUnknown(tables []schema.Table, found []extract.Explanation) *schema.Table {
	var best *schema.Table
	for i := range tables {
		if i < len(found) && found[i].Profile == "" && (best == nil || len(tables[i].Rows) > len(best.Rows)) {
			best = &tables[i]
		}
	}
	return best
}

// readPages reads the pages of a file, workers of them at once, and keeps
// nothing of them.
func readPages(ctx context.Context, p *pipeline.Pipeline, file string, workers int) ([]schema.Page, error) {
	f, err := p.Open(ctx, file, "")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	pages := make([]schema.Page, f.Pages())
	var g errgroup.Group
	g.SetLimit(workers)
	for i := range pages {
		g.Go(func() error {
			pages[i], _ = p.ReadPage(ctx, f, i+1, schema.Manner{})
			return context.Cause(ctx)
		})
	}
	return pages, g.Wait()
}

// explain prints what was made of one table.
func (c *console) explain(e extract.Explanation) {
	chosen := e.Profile
	if chosen == "" {
		chosen = c.Sprintf("no report type fits")
	}
	fmt.Fprintf(c.out, "%s: %s\n", c.phrase(e.Where), chosen)
	var tried []string
	for _, t := range e.Tried[:min(len(e.Tried), 4)] {
		tried = append(tried, fmt.Sprintf("%s %.2f", t.Profile, t.Fit))
	}
	list := func(name, text string) {
		if text != "" {
			fmt.Fprintf(c.out, "  %s: %s\n", name, text)
		}
	}
	list(c.Sprintf("tried"), strings.Join(tried, ", "))
	for _, h := range e.Heads {
		if h.Field == "" {
			fmt.Fprintf(c.out, "  %2d %q  ✗\n", h.Column+1, h.Head)
		} else {
			fmt.Fprintf(c.out, "  %2d %q  → %s (%q, %.2f)\n", h.Column+1, h.Head, h.Field, h.Wording, h.Score)
		}
	}
	list(c.Sprintf("fields without a column"), strings.Join(e.Missing, ", "))
	list(c.Sprintf("groups"), strings.Join(e.Groups, "; "))
	list(c.Sprintf("records"), fmt.Sprint(e.Records))
	list(c.Sprintf("fields without a text"), strings.Join(e.Empty, ", "))
}
