package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// soakCmd keeps a worker at mixed work for a time: the same files again and
// again, sound and malformed ones, and now and then one that is deleted and
// submitted anew. After each round the results must be those of the first, and
// over the rounds the worker's memory, handles and temporary files must not
// grow.
type soakCmd struct {
	Paths   []string      `arg:"" name:"path" help:"files and folders: PDF, PNG, JPEG, TIFF, TXT"`
	For     time.Duration `default:"1m" help:"how long"`
	Workers int           `default:"0" placeholder:"N" help:"pages worked on at once (default: one a core)"`
	Replay  string        `placeholder:"DIR" hidden:"" help:"replay recorded OCR from this folder"`
}

// leastRounds are needed to tell growth from warming up.
const leastRounds = 4

// round is what was seen at the end of a round.
type round struct {
	memory  int64 // of the worker, in bytes
	handles int
	temp    int // temporary files
}

func (s *soakCmd) Run(ctx context.Context, c *console) error {
	found := ingest.Find(s.Paths)
	if len(found.Problems) > 0 {
		return found.Problems[0]
	}
	dir, err := os.MkdirTemp("", "sohoa-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	data, temp := filepath.Join(dir, "data"), filepath.Join(dir, "tmp")
	if err := os.Mkdir(temp, 0o700); err != nil {
		return err
	}
	st, err := store.Open(ctx, filepath.Join(data, "sohoa.db"), store.Options{})
	if err != nil {
		return err
	}
	defer st.Close()
	worker, err := s.worker(data, temp)
	if err != nil {
		return err
	}
	watch := watchProcess(worker.Process.Pid)
	rounds, faults, err := s.rounds(ctx, st, found.Files, worker.Process.Pid, temp)
	_ = worker.Process.Signal(os.Interrupt) // it is waited for below, whatever it does
	ended := worker.Wait()
	seen := watch.stop()
	if err != nil {
		return err
	}
	if ended != nil {
		faults = append(faults, fmt.Sprintf("the worker: %v", ended))
	}
	if seen.sockets > 0 {
		faults = append(faults, fmt.Sprintf("%d network connections", seen.sockets))
	}
	for _, left := range leftBehind(temp) {
		faults = append(faults, "left: "+left)
	}
	faults = append(faults, growth(rounds)...)
	return s.tell(c, len(found.Files), rounds, faults)
}

// worker starts the process that is watched.
func (s *soakCmd) worker(data, temp string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{"worker", "--data", data, "--log", "off", "--workers", strconv.Itoa(s.Workers)}
	if s.Replay != "" {
		args = append(args, "--replay", s.Replay)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	return cmd, cmd.Start()
}

func (s *soakCmd) rounds(ctx context.Context, st *store.Store, files []string, pid int, temp string) (all []round, faults []string, err error) {
	first := map[string]string{} // results of the first round, by file
	end := time.Now().Add(s.For)
	for n := 0; n < leastRounds || time.Now().Before(end); n++ {
		ids := map[string]string{}
		for i, file := range files {
			if ids[file], err = s.submit(ctx, st, file, n > 0 && i == n%len(files)); err != nil {
				return nil, nil, err
			}
		}
		for {
			idle, err := st.Idle(ctx)
			if err != nil {
				return nil, nil, err
			}
			if idle {
				break
			}
			select {
			case <-ctx.Done():
				return nil, nil, ctx.Err()
			case <-time.After(50 * time.Millisecond):
			}
		}
		for _, file := range files {
			got, err := result(ctx, st, ids[file])
			if err != nil {
				return nil, nil, err
			}
			if n == 0 {
				first[file] = got
			} else if got != first[file] && len(faults) < 20 {
				faults = append(faults, fmt.Sprintf("round %d: %s is not what it was", n+1, filepath.Base(file)))
			}
		}
		handles, _ := descriptors(pid)
		entries, err := os.ReadDir(temp)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, round{resident(pid), handles, len(entries)})
	}
	return all, faults, nil
}

// submit puts a file on the queue to be read anew, after deleting what there
// is of it when remove says so.
func (s *soakCmd) submit(ctx context.Context, st *store.Store, file string, remove bool) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	up := store.Upload{Name: filepath.Base(file), Bytes: f, By: "soak", Engine: "soak", Again: true}
	r, err := st.Submit(ctx, up)
	if err != nil || !remove {
		return r.Document, err
	}
	if _, err := st.Delete(ctx, r.Document, "soak", "soak"); err != nil {
		return "", err
	}
	if _, err := f.Seek(0, 0); err != nil {
		return "", err
	}
	r, err = st.Submit(ctx, up)
	return r.Document, err
}

// result names what came of a document: the hash of its JSON, or why it failed.
func result(ctx context.Context, st *store.Store, id string) (string, error) {
	d, err := st.Document(ctx, id)
	if err != nil {
		return "", err
	}
	if d.State != store.Ready {
		return string(d.State) + ": " + d.Reason, nil
	}
	doc, _, err := st.Current(ctx, id)
	if err != nil {
		return "", err
	}
	for i := range doc.Pages {
		// Which of two limits a page meets first, that of PDFium or that of its
		// process, may change; that it was refused may not.
		if p := &doc.Pages[i]; p.Outcome != schema.Done {
			p.Reason = ""
		}
	}
	b, err := json.Marshal(doc)
	return fmt.Sprintf("%x", sha256.Sum256(b)), err
}

// Growth over a run that is called so: caches fill and the runtime gives
// memory back when it likes, so some is allowed.
const (
	growthShare = 0.15
	growthBytes = 48 << 20
	growthFiles = 8
)

// growth compares the second half of the rounds with the first, without the
// round in which everything is started.
func growth(all []round) (faults []string) {
	if len(all) < leastRounds {
		return []string{fmt.Sprintf("%d rounds, %d needed", len(all), leastRounds)}
	}
	all = all[1:]
	half := (len(all) + 1) / 2
	most := func(rounds []round, of func(round) int64) int64 {
		var m int64
		for _, r := range rounds {
			m = max(m, of(r))
		}
		return m
	}
	for _, c := range []struct {
		name  string
		of    func(round) int64
		slack func(before int64) int64
	}{
		{"memory in bytes", func(r round) int64 { return r.memory }, func(b int64) int64 { return int64(growthShare*float64(b)) + growthBytes }},
		{"handles", func(r round) int64 { return int64(r.handles) }, func(int64) int64 { return growthFiles }},
		{"temporary files", func(r round) int64 { return int64(r.temp) }, func(int64) int64 { return 1 }},
	} {
		before, after := most(all[:half], c.of), most(all[half:], c.of)
		if after > before+c.slack(before) {
			faults = append(faults, fmt.Sprintf("%s grew from %d to %d", c.name, before, after))
		}
	}
	return faults
}

func (s *soakCmd) tell(c *console, files int, rounds []round, faults []string) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "files\t%d\nrounds\t%d\n", files, len(rounds))
	fmt.Fprintln(w, "round\tMB\thandles\ttemporary files")
	step := max(1, len(rounds)/10)
	for i, r := range rounds {
		if i%step == 0 || i == len(rounds)-1 {
			fmt.Fprintf(w, "%d\t%d\t%d\t%d\n", i+1, r.memory>>20, r.handles, r.temp)
		}
	}
	slices.Sort(faults)
	fmt.Fprintf(w, "faults, to be 0\t%d\n", len(faults))
	for _, f := range faults {
		fmt.Fprintf(w, "  %s\n", f)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(faults) > 0 {
		return errors.New(c.Sprintf("a promise was broken, see above"))
	}
	return nil
}
