// Command bench times sohoa beside the peers that it finds on this machine, on
// the same pages and in one run: bare Tesseract (one thread a process, as many
// processes as cores) and OCRmyPDF. The sides take turns, round by round; what
// is printed are medians of wall time per page and their ratios to sohoa.
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
	"time"
)

func main() {
	sohoa := flag.String("sohoa", "bin/sohoa", "program to time")
	rounds := flag.Int("rounds", 3, "how often each side runs")
	flag.Parse()
	if err := run(*sohoa, *rounds, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// side is one of the programs that are compared. Its run reads all the
// pictures or files once.
type side struct {
	name string
	run  func(ctx context.Context, dir string) error
	took []time.Duration
}

func run(sohoa string, rounds int, files []string) error {
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
	sides := []*side{{name: "sohoa", run: func(ctx context.Context, dir string) error {
		return command(ctx, sohoa, append([]string{"run", "-o", dir, "--workers", strconv.Itoa(cores)}, files...)...)
	}}}
	if _, err := exec.LookPath("tesseract"); err == nil {
		for _, dpi := range []int{200, 300} {
			sides = append(sides, &side{name: fmt.Sprintf("tesseract, %d dpi", dpi), run: func(ctx context.Context, dir string) error {
				return each(cores, pictures[dpi], func(p string) error {
					return command(ctx, "tesseract", p, filepath.Join(dir, filepath.Base(p)), "-l", "vie", "--dpi", strconv.Itoa(dpi))
				})
			}})
		}
	}
	if _, err := exec.LookPath("ocrmypdf"); err == nil {
		sides = append(sides, &side{name: "ocrmypdf", run: func(ctx context.Context, dir string) error {
			return each(1, files, func(f string) error {
				return command(ctx, "ocrmypdf", "-q", "--jobs", strconv.Itoa(cores), "-l", "vie", "--force-ocr", "--deskew", "--rotate-pages",
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
			start := time.Now()
			if err := s.run(ctx, dir); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			s.took = append(s.took, time.Since(start))
		}
	}
	pages := float64(len(pictures[300]))
	fmt.Printf("%.0f pages of %d files, %d cores, %d rounds; medians\n\n| program | s/page | sohoa takes |\n|---|---|---|\n", pages, len(files), cores, rounds)
	for _, s := range sides {
		fmt.Printf("| %s | %.2f | %.2f× |\n", s.name, median(s.took).Seconds()/pages,
			median(sides[0].took).Seconds()/median(s.took).Seconds())
	}
	return nil
}

// render makes the pictures for Tesseract, which is not timed. Its manual asks
// for 300 dpi; most scans have 200, and it is quicker with those.
func render(ctx context.Context, dir string, files []string, dpi int) ([]string, error) {
	for i, f := range files {
		if err := command(ctx, "pdftoppm", "-r", strconv.Itoa(dpi), "-gray", f, filepath.Join(dir, fmt.Sprintf("page%d-%d", dpi, i))); err != nil {
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

// command runs a program to its end; its words are part of the error.
func command(ctx context.Context, name string, args ...string) error {
	c := exec.CommandContext(ctx, name, args...)
	c.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, strings.TrimSpace(string(out)))
	}
	return nil
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}
