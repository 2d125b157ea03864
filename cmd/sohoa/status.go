package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

type statusCmd struct {
	storing
	JSON     bool     `help:"the status as JSON"`
	Failures int      `default:"20" placeholder:"N" help:"show so many failures"`
	Retry    []string `placeholder:"DOCUMENT" help:"read this document again where it failed; the first characters of its id are enough"`
	RetryAll bool     `help:"read all documents again where they failed"`
}

func (statusCmd) Help() string {
	return example(
		"  sohoa status",
		"  sohoa status --json",
		"  sohoa status --retry 3fa9c2",
		"  sohoa status --retry-all",
	)
}

func (q *statusCmd) Run(ctx context.Context, c *console) error {
	s, err := q.existing(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	if q.RetryAll || len(q.Retry) > 0 {
		return q.again(ctx, c, s)
	}
	st, err := s.Status(ctx)
	if err != nil {
		return err
	}
	faults, err := s.Faults(ctx, q.Failures)
	if err != nil {
		return err
	}
	if q.JSON {
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		return e.Encode(struct {
			store.Status
			Faults []store.Fault
		}{st, faults})
	}
	q.print(c, st, faults)
	return nil
}

func (q *statusCmd) print(c *console, st store.Status, faults []store.Fault) {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	states := map[store.State]string{
		store.Queued: c.Sprintf("documents queued"), store.Reading: c.Sprintf("documents being read"), store.Ready: c.Sprintf("documents ready"),
		store.Locked: c.Sprintf("documents approved"), store.Unreadable: c.Sprintf("documents failed"),
	}
	for _, s := range []store.State{store.Queued, store.Reading, store.Ready, store.Locked, store.Unreadable} {
		fmt.Fprintf(w, "%s\t%d\n", states[s], st.Documents[s])
	}
	fmt.Fprintf(w, "%s\t%d\n", c.Sprintf("pages left"), st.PagesLeft)
	living := 0
	for _, worker := range st.Workers {
		if !worker.Gone {
			living++
		}
	}
	fmt.Fprintf(w, "%s\t%d\n", c.Sprintf("workers"), living)
	fmt.Fprintf(w, "%s\t%.1f\n", c.Sprintf("pages a second, last minute"), st.Rate)
	if st.TimeLeft > 0 {
		fmt.Fprintf(w, "%s\t%s\n", c.Sprintf("time left"), st.TimeLeft.Round(time.Second))
	}
	for _, kind := range slices.Sorted(maps.Keys(st.Waiting)) {
		fmt.Fprintf(w, "%s\t%d\n", c.Sprintf("jobs waiting: %s", kind), st.Waiting[kind])
	}
	if st.Later > 0 {
		fmt.Fprintf(w, "%s\t%d\n", c.Sprintf("of these, tried again later"), st.Later)
	}
	_ = w.Flush() // a closed output has no reader to tell
	if len(faults) == 0 {
		return
	}
	fmt.Fprintln(c.out)
	for _, f := range faults {
		where := f.Name
		if f.Page > 0 {
			where += ", " + c.Sprintf("page %d", f.Page)
		}
		fmt.Fprintf(c.out, "%.12s  %s: %s: %s\n", f.Document, where, c.outcome(schema.Outcome(f.Outcome)), strings.ReplaceAll(c.reason(f.Reason), "\n", "; "))
	}
	fmt.Fprintln(c.out, c.Sprintf("Try one again with `sohoa status --retry ID`, all with --retry-all."))
}

// again queues what failed once more.
func (q *statusCmd) again(ctx context.Context, c *console, s *store.Store) error {
	faults, err := s.Faults(ctx, 1_000_000)
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for _, f := range faults {
		if q.RetryAll || slices.ContainsFunc(q.Retry, func(prefix string) bool { return strings.HasPrefix(f.Document, prefix) }) {
			ids[f.Document] = true
		}
	}
	if len(ids) == 0 && !q.RetryAll {
		return usage(c.Sprintf("run `sohoa status` to see what failed"), errors.New(c.Sprintf("no failed document has this id")))
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if _, err := s.Retry(ctx, id, whoami()); err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%.12s  %s\n", id, c.Sprintf("queued"))
	}
	return nil
}
