package storetest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/sohoa/sohoa/store"
)

// Benchmark measures the store alone, with pages whose reading costs nothing.
// Besides pages a second it reports the processor time of a page, in all
// processes, server included: that figure does not depend on what else the
// machine does.
func Benchmark(b *testing.B, database func(testing.TB) Database) {
	for _, processes := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("processes=%d", processes), func(b *testing.B) { throughput(b, database, processes) })
	}
	for _, waiting := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("waiting=%d", waiting), func(b *testing.B) { backlog(b, database, waiting) })
	}
}

// throughput takes documents of two pages from the queue to the finished
// document, 500 or SOHOA_BENCH of them.
func throughput(b *testing.B, database func(testing.TB) Database, processes int) {
	const pages = 2
	documents := 500
	if n, err := strconv.Atoi(os.Getenv("SOHOA_BENCH")); err == nil {
		documents = n
	}
	for b.Loop() {
		db := database(b)
		s := db.Open(b)
		began := time.Now()
		for n := range documents {
			if _, err := s.Submit(b.Context(), store.Upload{Name: fmt.Sprintf("%d.txt", n), Bytes: bytes.NewReader(Report(n, pages)), By: "bench"}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(documents)/time.Since(began).Seconds(), "submits/s")
		server := db.serverTime()
		var children []*exec.Cmd
		for range processes {
			children = append(children, Child(b, db, 4, 0, ""))
		}
		// Counted from the first finished pages: the start of the processes is
		// not what is measured.
		began = time.Time{}
		skipped := 0 // documents
		within(b, 20*time.Minute, "all work done", func() bool {
			time.Sleep(100 * time.Millisecond)
			open, err := s.Unfinished(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if open < documents && began.IsZero() {
				began, skipped = time.Now(), documents-open
			}
			return open == 0
		})
		elapsed := time.Since(began)
		var used time.Duration
		for _, c := range children {
			_ = c.Process.Signal(syscall.SIGTERM)
			_ = c.Wait() // what it has to say is on standard error
			used += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
		}
		used += db.serverTime() - server
		b.ReportMetric(float64((documents-skipped)*pages)/elapsed.Seconds(), "pages/s")
		b.ReportMetric(used.Seconds()*1000/float64(documents*pages), "cpu-ms/page")
	}
}

// backlog measures the pages in front of a queue of so many.
func backlog(b *testing.B, database func(testing.TB) Database, waiting int) {
	const measured = 500
	for b.Loop() {
		db := database(b)
		s := db.Open(b)
		submit(b, s, 1, waiting)
		ctx, cancel := context.WithCancel(b.Context())
		var pages atomic.Int64
		var first, last time.Time
		var slowest float64
		w := s.NewWorker(Work(s), store.WorkerConfig{Slots: 4, Observe: func(e store.Event) {
			if e.Kind != store.PageDone {
				return
			}
			slowest = max(slowest, e.Seconds)
			switch pages.Add(1) {
			case 1:
				first = time.Now()
			case measured:
				last = time.Now()
				cancel()
			}
		}})
		if err := w.Run(ctx); err != nil {
			b.Fatal(err)
		}
		debug.FreeOSMemory() // what is left is held by the store, SQLite's caches included
		b.ReportMetric(measured/last.Sub(first).Seconds(), "pages/s")
		b.ReportMetric(slowest*1000, "slowest-ms")
		b.ReportMetric(residentMemory(), "resident-MB")
	}
}

// residentMemory returns the memory of this process in megabytes, 0 where the
// system does not tell.
func residentMemory() float64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(data))
	pages, _ := strconv.Atoi(f[1])
	return float64(pages*os.Getpagesize()) / 1e6
}

// serverTime returns the processor time that the database server has used, 0
// where there is none.
func (d Database) serverTime() time.Duration {
	if d.server == nil {
		return 0
	}
	return d.server.processorTime()
}

// processorTime adds up the server and its children, those that live and
// those that were.
func (s *Server) processorTime() time.Duration {
	data, err := os.ReadFile(s.data() + "/postmaster.pid")
	if err != nil {
		return 0
	}
	postmaster, _, _ := strings.Cut(string(data), "\n")
	own, _ := ticks(postmaster, true)
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	for _, e := range entries {
		if n, parent := ticks(e.Name(), false); parent == postmaster {
			own += n
		}
	}
	const ticksPerSecond = 100 // of the Linux interface, whatever the kernel runs at
	return time.Duration(own) * time.Second / ticksPerSecond
}

// ticks reads the processor time of a process from /proc, with that of its
// children that ended if asked for, and the process's parent.
func ticks(pid string, children bool) (n int, parent string) {
	data, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0, ""
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	f := strings.Fields(rest)
	if len(f) < 15 {
		return 0, ""
	}
	upTo := 13
	if children {
		upTo = 15
	}
	for _, field := range f[11:upTo] {
		v, _ := strconv.Atoi(field)
		n += v
	}
	return n, f[1]
}
