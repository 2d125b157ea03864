// Command bench times sohoa beside the peers that it finds on this machine, on
// the same pages and in one run: bare Tesseract (one thread a process, as many
// processes as cores) and OCRmyPDF. The sides take turns, round by round; what
// is printed are medians per page and their ratios to sohoa, and the memory of
// the largest process. Processor time is told beside wall time, because it is
// the steadier of the two on a machine that others use. The table replaces the
// one of the last run in docs/benchmarks.md.
//
//	go run ./bench -sohoa bin/sohoa -rounds 3 FILE.pdf…
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	sohoa := flag.String("sohoa", "bin/sohoa", "program to time")
	rounds := flag.Int("rounds", 3, "how often each side runs")
	page := flag.String("keep", filepath.Join("docs", "benchmarks.md"), "page that keeps the last figures between two marks; none when empty")
	flag.Parse()
	if err := run(*sohoa, *rounds, *page, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// side is one of the programs that are compared. Its run reads all the
// pictures or files once.
type side struct {
	name string
	run  func(ctx context.Context, dir string, u *usage) error
	took []time.Duration // wall time a round
	cpu  []time.Duration // processor time a round, of all processes
	used usage
}

// usage adds up what processes used.
type usage struct {
	mu    sync.Mutex
	cpu   time.Duration
	bytes int64 // held by the largest process at its peak
}

func run(sohoa string, rounds int, page string, files []string) error {
	if len(files) == 0 {
		return errors.New("no files to read")
	}
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		return fmt.Errorf("pdftoppm is needed to give Tesseract its pictures: %w", err)
	}
	tmp, err := os.MkdirTemp("", "sohoa-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	ctx := context.Background()
	pictures := map[int][]string{}
	for _, dpi := range []int{200, 300} {
		if pictures[dpi], err = render(ctx, tmp, files, dpi); err != nil {
			return err
		}
	}
	cores := runtime.NumCPU()
	// Doubtful lines are read twice, which the peers do not do: both ways are timed.
	var sides []*side
	for _, more := range [][]string{nil, {"--read-once"}} {
		args := append([]string{"run", "--workers", strconv.Itoa(cores)}, more...)
		sides = append(sides, &side{name: strings.Join(append([]string{"sohoa"}, more...), " "), run: func(ctx context.Context, dir string, u *usage) error {
			return command(ctx, u, sohoa, slices.Concat(args, []string{"-o", dir}, files)...)
		}})
	}
	if _, err := exec.LookPath("tesseract"); err == nil {
		for _, dpi := range []int{200, 300} {
			sides = append(sides, &side{name: fmt.Sprintf("tesseract, %d dpi", dpi), run: func(ctx context.Context, dir string, u *usage) error {
				return each(cores, pictures[dpi], func(p string) error {
					return command(ctx, u, "tesseract", p, filepath.Join(dir, filepath.Base(p)), "-l", "vie", "--dpi", strconv.Itoa(dpi))
				})
			}})
		}
	}
	if _, err := exec.LookPath("ocrmypdf"); err == nil {
		sides = append(sides, &side{name: "ocrmypdf", run: func(ctx context.Context, dir string, u *usage) error {
			return each(1, files, func(f string) error {
				return command(ctx, u, "ocrmypdf", "-q", "--jobs", strconv.Itoa(cores), "-l", "vie", "--force-ocr", "--deskew", "--rotate-pages",
					"--output-type", "pdf", f, filepath.Join(dir, filepath.Base(f)))
			})
		}})
	}
	for round := range rounds {
		for _, s := range sides {
			dir := filepath.Join(tmp, fmt.Sprintf("%d-%s", round, s.name))
			if err := os.Mkdir(dir, 0o755); err != nil {
				return err
			}
			start, before := time.Now(), s.used.cpu
			if err := s.run(ctx, dir, &s.used); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			s.took = append(s.took, time.Since(start))
			s.cpu = append(s.cpu, s.used.cpu-before)
		}
	}
	table := report(sides, len(pictures[300]), len(files), cores, rounds)
	fmt.Print(table)
	if page == "" {
		return nil
	}
	return keep(page, table)
}

// report writes the table.
func report(sides []*side, pages, files, cores, rounds int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d pages of %d files, %d cores, %d rounds; medians a page\n\n", pages, files, cores, rounds)
	fmt.Fprint(&b, "| program | seconds | sohoa takes | processor seconds | sohoa takes | largest process |\n|---|---|---|---|---|---|\n")
	for _, s := range sides {
		wall, cpu := median(s.took).Seconds(), median(s.cpu).Seconds()
		fmt.Fprintf(&b, "| %s | %.2f | %.2f× | %.2f | %.2f× | %d MB |\n", s.name,
			wall/float64(pages), median(sides[0].took).Seconds()/wall,
			cpu/float64(pages), median(sides[0].cpu).Seconds()/cpu, s.used.bytes>>20)
	}
	return b.String()
}

// render makes the pictures for Tesseract, which is not timed. Its manual asks
// for 300 dpi; most scans have 200, and it is quicker with those.
func render(ctx context.Context, dir string, files []string, dpi int) ([]string, error) {
	for i, f := range files {
		if err := command(ctx, nil, "pdftoppm", "-r", strconv.Itoa(dpi), "-gray", f, filepath.Join(dir, fmt.Sprintf("page%d-%d", dpi, i))); err != nil {
			return nil, err
		}
	}
	return filepath.Glob(filepath.Join(dir, fmt.Sprintf("page%d-*.pgm", dpi)))
}

// each runs work on all items, n at a time, and returns the first error.
func each(n int, items []string, work func(string) error) error {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		first error
		slots = make(chan struct{}, n)
	)
	for _, item := range items {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := work(item); err != nil {
				mu.Lock()
				defer mu.Unlock()
				if first == nil {
					first = err
				}
			}
		})
	}
	wg.Wait()
	return first
}

// command runs a program to its end and adds what it and its children used to
// u, unless u is nil; its words are part of the error.
func command(ctx context.Context, u *usage, name string, args ...string) error {
	c := exec.CommandContext(ctx, name, args...)
	c.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, strings.TrimSpace(string(out)))
	}
	if u == nil {
		return nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.cpu += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	if r, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.bytes = max(u.bytes, r.Maxrss<<10) // Linux counts in kilobytes
	}
	return nil
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}
