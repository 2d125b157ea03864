package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/sohoa/sohoa/schema"
)

// view shows how a run goes, on standard error.
type view interface {
	event(runEvent)
	close(sum summary, finished bool)
}

// newView chooses JSON lines when asked, a bar on a terminal, and otherwise
// only the faults, a line each.
func newView(c *console, asJSON bool, files int) view {
	if asJSON {
		return &jsonView{enc: json.NewEncoder(c.err)}
	}
	faults := &faultView{c: c, w: c.err}
	if f, ok := c.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return newBarView(faults, f, files)
	}
	return faults
}

// jsonView writes every event as a line of JSON, the summary last.
type jsonView struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func (v *jsonView) event(e runEvent) {
	v.mu.Lock()
	defer v.mu.Unlock()
	_ = v.enc.Encode(e) // nobody is left to tell when standard error is closed
}

func (v *jsonView) close(s summary, finished bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	_ = v.enc.Encode(struct {
		Event    string `json:"event"`
		Finished bool   `json:"finished"`
		summary
		Seconds float64 `json:"seconds"`
	}{"summary", finished, s, s.Elapsed.Seconds()})
}

// faultView names each page and each document that failed.
type faultView struct {
	c *console
	w io.Writer
}

func (v *faultView) event(e runEvent) {
	switch {
	case e.Kind == eventPage && e.Outcome != schema.Done:
		v.c.complain(v.w, fmt.Errorf("%s: %s", e.File, v.c.Sprintf("page %d: %s: %s", e.Page, v.c.outcome(e.Outcome), v.c.reason(e.Reason))), "")
	case e.Kind == eventFailed:
		err := e.err
		if e.File != "" {
			err = fmt.Errorf("%s: %w", e.File, err)
		}
		v.c.complain(v.w, err, e.Hint)
	}
}

func (v *faultView) close(summary, bool) {}

// barView draws a bar of pages; faults scroll by above it.
type barView struct {
	*faultView
	bars  *mpb.Progress
	bar   *mpb.Bar
	total int64
	left  int // documents not opened yet
}

func newBarView(faults *faultView, f *os.File, files int) *barView {
	v := &barView{faultView: faults, left: files}
	v.bars = mpb.New(mpb.WithOutput(f), mpb.WithWidth(60))
	v.bar = v.bars.AddBar(0,
		mpb.PrependDecorators(decor.Name("sohoa "), decor.CountersNoUnit("%d/%d "+faults.c.Sprintf("pages"))),
		mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)),
	)
	v.w = v.bars
	return v
}

func (v *barView) event(e runEvent) {
	v.faultView.event(e)
	switch e.Kind {
	case eventOpened:
		v.left--
		v.total += int64(e.Pages)
		v.bar.SetTotal(v.total, false)
	case eventPage:
		v.bar.Increment()
	case eventFailed:
		v.left--
	}
}

func (v *barView) close(_ summary, finished bool) {
	if finished {
		v.bar.SetTotal(v.bar.Current(), true)
	} else {
		v.bar.Abort(false)
	}
	v.bars.Wait()
}
