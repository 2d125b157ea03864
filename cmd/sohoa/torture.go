package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/pdf"
	"github.com/sohoa/sohoa/schema"
)

// tortureCmd runs `sohoa run` over a folder of malformed files, watches the
// process from outside, and says whether it kept its promises: it does not
// crash, each file has exactly one outcome, no limit is passed, and nothing is
// left open or lying about.
type tortureCmd struct {
	Dir      string        `arg:"" type:"existingdir" help:"folder of files, whatever they are"`
	Out      string        `short:"o" placeholder:"DIR" help:"keep the results here"`
	Workers  int           `default:"0" placeholder:"N" help:"pages worked on at once (default: one a core)"`
	PageTime time.Duration `default:"1m" help:"time that a page may take"`
	OCR      bool          `name:"ocr" default:"true" negatable:"" help:"read the pages too, not only open and draw them"`
	JSON     bool          `help:"findings as JSON"`
}

// tortured is what a run over malformed files came to. What is to be zero is
// named in [tortured.broken].
type tortured struct {
	Files     int            `json:"files"`
	Seconds   float64        `json:"seconds"`
	Exit      int            `json:"exit"`
	Outcomes  map[string]int `json:"outcomes"`   // of documents: read, in part, refused because …
	Pages     map[string]int `json:"pages"`      // by outcome
	Deaths    map[string]int `json:"deaths"`     // of helpers, by what they were and why
	Killed    []string       `json:"killed"`     // pages and files that ended a helper, and how
	Slowest   []timing       `json:"slowest"`    // ten files
	PeakMB    int64          `json:"peak_mb"`    // of the parent
	HelperMB  map[string]int `json:"helper_mb"`  // peak of one helper, by kind
	Handles   [2]int         `json:"handles"`    // of the parent: after the first file, after the last
	Sockets   int            `json:"sockets"`    // network connections: most that parent and helpers held at once
	Left      []string       `json:"left"`       // processes and temporary files that stayed
	Crashes   []string       `json:"crashes"`    // of the parent: what it said besides its events
	NotOnce   []string       `json:"not_once"`   // files without exactly one outcome
	OverLimit []string       `json:"over_limit"` // limits that were passed
	BadOutput []string       `json:"bad_output"` // results that are missing, too many, or not valid
}

type timing struct {
	File    string  `json:"file"`
	Seconds float64 `json:"seconds"`
}

func (t *tortureCmd) Run(ctx context.Context, c *console) error {
	files, err := everyFile(t.Dir)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return usage(c.Sprintf("name another folder"), errors.New(c.Sprintf("no files to read")))
	}
	temp, err := os.MkdirTemp("", "sohoa-torture-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	out := t.Out
	if out == "" {
		out = filepath.Join(temp, "out")
	}
	found, err := t.torture(ctx, c, files, out, temp)
	if err != nil {
		return err
	}
	if t.JSON {
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		err = e.Encode(found)
	} else {
		err = found.table(c)
	}
	if err == nil && found.broken() > 0 {
		err = errors.New(c.Sprintf("a promise was broken, see above"))
	}
	return err
}

// everyFile lists all regular files below dir: a malformed file may have any
// name.
func everyFile(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

func (t *tortureCmd) torture(ctx context.Context, c *console, files []string, out, temp string) (*tortured, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	private := filepath.Join(temp, "tmp")
	if err := os.Mkdir(private, 0o700); err != nil {
		return nil, err
	}
	args := []string{"run", "-o", out, "--json", "--workers", strconv.Itoa(t.Workers), "--page-time", t.PageTime.String(), "--no-link"}
	if !t.OCR {
		nothing := filepath.Join(temp, "nothing")
		if err := os.Mkdir(nothing, 0o700); err != nil {
			return nil, err
		}
		args = append(args, "--replay", nothing)
	}
	cmd := exec.CommandContext(ctx, self, append(append(args, "--"), files...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	cmd.Env = append(os.Environ(), "TMPDIR="+private)
	events, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	watch := watchProcess(cmd.Process.Pid)
	f := &tortured{Files: len(files), Outcomes: map[string]int{}, Pages: map[string]int{}}
	tally := newTally(f, t.PageTime)
	told := began
	lines := bufio.NewScanner(events)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		tally.line(lines.Bytes())
		if time.Since(told) > 30*time.Second {
			told = time.Now()
			fmt.Fprintln(c.err, c.Sprintf("%d of %d files", tally.settled, f.Files))
		}
		if f.Handles[0] == 0 && tally.settled > 0 {
			f.Handles[0] = watch.handles()
		}
	}
	if err := lines.Err(); err != nil {
		f.Crashes = append(f.Crashes, fmt.Sprintf("its events cannot be read: %v", err))
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	seen := watch.stop()
	f.Seconds = time.Since(began).Seconds()
	f.Exit = cmd.ProcessState.ExitCode()
	if f.Exit != exitOK && f.Exit != exitPartial {
		f.Crashes = append(f.Crashes, cmd.ProcessState.String())
	}
	f.PeakMB, f.HelperMB, f.Sockets, f.Handles[1] = seen.parent>>20, map[string]int{}, seen.sockets, seen.last
	for kind, n := range seen.helpers {
		f.HelperMB[kind] = int(n >> 20)
		if limit := helperLimit(kind); limit > 0 && n > limit+limit/4 {
			f.OverLimit = append(f.OverLimit, fmt.Sprintf("%s held %d MB, %d MB allowed", kind, n>>20, limit>>20))
		}
	}
	if ctx.Err() != nil {
		// Stopped by hand: what is settled is told, the rest is nobody's fault.
		f.Crashes = nil
		files = slices.DeleteFunc(slices.Clone(files), func(file string) bool { return tally.finals[inEvents(file)] == 0 })
		fmt.Fprintln(c.err, c.Sprintf("stopped after %d of %d files", len(files), f.Files))
		f.Files = len(files)
	}
	tally.finish(files, out)
	f.Left = append(f.Left, leftBehind(private)...)
	return f, nil
}

// helperLimit is the memory in bytes that a helper of a kind may hold; see
// docs/security.md.
func helperLimit(kind string) int64 {
	switch kind {
	case "ocr-child":
		return ocr.DefaultConfig().Memory
	case "pdf-child":
		return pdf.DefaultConfig().Memory + pdf.CompileMemory
	case "picture-child":
		return ingest.Decoder{}.WithDefaults().Memory
	}
	return 0
}

// tally follows the events of a run.
type tally struct {
	f        *tortured
	pageTime time.Duration
	finals   map[string]int // outcomes, by file
	read     map[string]bool
	bad      map[string]int // pages that were not done, by file
	seconds  map[string]float64
	settled  int
}

func newTally(f *tortured, pageTime time.Duration) *tally {
	return &tally{f: f, pageTime: pageTime, finals: map[string]int{}, read: map[string]bool{}, bad: map[string]int{}, seconds: map[string]float64{}}
}

// death finds in a reason what a helper died of.
var death = regexp.MustCompile(`helper process [a-z ]+|over its time|took longer than|over a limit: memory|it ended \d+ reading processes`)

func (t *tally) line(b []byte) {
	var e struct {
		runEvent
		Deaths map[string]int `json:"helper_deaths"`
	}
	if err := json.Unmarshal(b, &e); err != nil || e.Kind == "" {
		if s := strings.TrimSpace(string(b)); s != "" && len(t.f.Crashes) < 20 {
			t.f.Crashes = append(t.f.Crashes, s)
		}
		return
	}
	if e.Kind == eventFailed && e.File == "" {
		// What cannot be found has its name in the reason alone.
		e.File, e.Reason, _ = strings.Cut(e.Reason, ": ")
	}
	t.seconds[e.File] += e.Seconds
	switch e.Kind {
	case eventPage:
		t.f.Pages[string(e.Outcome)]++
		if e.Outcome != schema.Done {
			t.bad[e.File]++
			if death.MatchString(e.Reason) {
				t.f.Killed = append(t.f.Killed, fmt.Sprintf("%s page %d: %s", filepath.Base(e.File), e.Page, e.Reason))
			}
		}
		// A page is given some seconds to be ended in.
		if allowed := t.pageTime + 15*time.Second; e.Seconds > allowed.Seconds() {
			t.f.OverLimit = append(t.f.OverLimit, fmt.Sprintf("%s page %d took %.0f s, %v allowed", filepath.Base(e.File), e.Page, e.Seconds, t.pageTime))
		}
	case eventDocument:
		t.seconds[e.File] -= e.Seconds // its pages have been counted
		t.finals[e.File]++
		t.read[e.File] = true
		t.settled++
		if t.bad[e.File] > 0 {
			t.f.Outcomes["read in part"]++
		} else {
			t.f.Outcomes["read"]++
		}
	case eventFailed:
		t.finals[e.File]++
		t.settled++
		t.f.Outcomes["refused: "+category(e.Reason)]++
		if death.MatchString(e.Reason) {
			t.f.Killed = append(t.f.Killed, fmt.Sprintf("%s: %s", filepath.Base(e.File), e.Reason))
		}
	case "summary":
		t.f.Deaths = e.Deaths
	}
}

// inEvents is a file's name as it stands in events, which are JSON: bytes that
// are no UTF-8 are marks there.
func inEvents(name string) string { return string([]rune(name)) }

// category is the first part of a reason: the kind of the fault.
func category(reason string) string {
	first, _, _ := strings.Cut(reason, ":")
	return strings.TrimSpace(first)
}

// finish checks that each file has one outcome, and the output that fits it.
func (t *tally) finish(files []string, out string) {
	names := outputNames(files)
	expected := map[string]bool{}
	for _, file := range files {
		if n := t.finals[inEvents(file)]; n != 1 {
			t.f.NotOnce = append(t.f.NotOnce, fmt.Sprintf("%s: %d outcomes", file, n))
		}
		if t.read[inEvents(file)] {
			expected[names[file]+".json"] = true
		}
	}
	there := map[string]bool{}
	entries, err := os.ReadDir(out)
	if err != nil {
		t.f.BadOutput = append(t.f.BadOutput, err.Error())
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		there[e.Name()] = true
		if !expected[e.Name()] {
			t.f.BadOutput = append(t.f.BadOutput, e.Name()+": nothing was read under this name")
			continue
		}
		doc, err := readDocument(filepath.Join(out, e.Name()))
		if err == nil {
			err = doc.Validate()
		}
		if err != nil {
			t.f.BadOutput = append(t.f.BadOutput, fmt.Sprintf("%s: %v", e.Name(), err))
		}
	}
	for name := range expected {
		if !there[name] {
			t.f.BadOutput = append(t.f.BadOutput, name+": no result")
		}
	}
	slices.Sort(t.f.BadOutput)
	for file, s := range t.seconds {
		if file != "" {
			t.f.Slowest = append(t.f.Slowest, timing{file, s})
		}
	}
	slices.SortFunc(t.f.Slowest, func(a, b timing) int {
		if a.Seconds != b.Seconds {
			return cmpDown(a.Seconds, b.Seconds)
		}
		return strings.Compare(a.File, b.File)
	})
	t.f.Slowest = t.f.Slowest[:min(10, len(t.f.Slowest))]
}

func cmpDown(a, b float64) int {
	if a > b {
		return -1
	}
	return 1
}

// handleSlack is by how many the handles of a run may differ between its first
// file and its last: helpers come and go, three files stay open for their next
// pages.
const handleSlack = 24

// broken counts the broken promises.
func (f *tortured) broken() int {
	n := len(f.Crashes) + len(f.NotOnce) + len(f.OverLimit) + len(f.Left) + len(f.BadOutput) + f.Sockets
	if f.Handles[1] > f.Handles[0]+handleSlack {
		n++
	}
	return n
}

// table prints the findings.
func (f *tortured) table(c *console) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	row := func(name string, v any) { fmt.Fprintf(w, "%s\t%v\n", name, v) }
	counts := func(title string, m map[string]int) {
		var keys []string
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			row(title+" "+k, m[k])
		}
	}
	list := func(title string, all []string, most int) {
		row(title, len(all))
		for i, s := range all {
			if i == most {
				fmt.Fprintf(w, "  …\n")
				break
			}
			fmt.Fprintf(w, "  %s\n", s)
		}
	}
	row("files", f.Files)
	row("seconds", fmt.Sprintf("%.0f", f.Seconds))
	counts("files", f.Outcomes)
	counts("pages", f.Pages)
	counts("helpers ended:", f.Deaths)
	list("pages and files that ended a helper", f.Killed, 40)
	row("peak memory of the parent", fmt.Sprintf("%d MB", f.PeakMB))
	var kinds []string
	for k := range f.HelperMB {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		row("peak memory of one "+k, fmt.Sprintf("%d of %d MB", f.HelperMB[k], helperLimit(k)>>20))
	}
	row("handles after the first file, after the last", fmt.Sprintf("%d, %d", f.Handles[0], f.Handles[1]))
	fmt.Fprintln(w, "slowest")
	for _, s := range f.Slowest {
		row("  "+filepath.Base(s.File), fmt.Sprintf("%.1f s", s.Seconds))
	}
	fmt.Fprintln(w, "promises, all to be 0")
	list("crashes of the parent", f.Crashes, 20)
	list("files without exactly one outcome", f.NotOnce, 20)
	list("limits passed", f.OverLimit, 20)
	list("results missing or not valid", f.BadOutput, 20)
	row("network connections", f.Sockets)
	list("processes and temporary files left", f.Left, 20)
	return w.Flush()
}
