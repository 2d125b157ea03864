package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// observer looks at a process and its helpers from outside, through /proc.
type observer struct {
	pid  int
	done chan struct{}
	gone sync.WaitGroup

	mu   sync.Mutex
	seen seenProcess
}

// seenProcess is what was seen of a process.
type seenProcess struct {
	parent  int64            // peak resident set in bytes
	helpers map[string]int64 // the same of one helper, by its hidden command
	last    int              // handles of the parent when last looked at
	sockets int              // most network connections that all of them held at once
}

func watchProcess(pid int) *observer {
	w := &observer{pid: pid, done: make(chan struct{}), seen: seenProcess{helpers: map[string]int64{}}}
	w.gone.Go(func() {
		for {
			select {
			case <-w.done:
				return
			case <-time.After(100 * time.Millisecond):
				w.look()
			}
		}
	})
	return w
}

func (w *observer) look() {
	parent := peak(w.pid)
	handles, sockets := descriptors(w.pid)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen.parent = max(w.seen.parent, parent)
	if handles > 0 {
		w.seen.last = handles
	}
	for _, pid := range childrenOf(w.pid) {
		kind := hiddenCommand(pid)
		w.seen.helpers[kind] = max(w.seen.helpers[kind], peak(pid))
		_, s := descriptors(pid)
		sockets += s
	}
	w.seen.sockets = max(w.seen.sockets, sockets)
}

// handles is how many files the process has open at the moment.
func (w *observer) handles() int {
	n, _ := descriptors(w.pid)
	return n
}

func (w *observer) stop() seenProcess {
	close(w.done)
	w.gone.Wait()
	delete(w.seen.helpers, "")
	return w.seen
}

// peak is the largest resident set in bytes that a process has had.
func peak(pid int) int64 { return memoryOf(pid, "VmHWM:") }

// resident is the resident set in bytes that a process has now.
func resident(pid int) int64 { return memoryOf(pid, "VmRSS:") }

// memoryOf reads a line of a process's status.
func memoryOf(pid int, line string) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(l, line); ok {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64) // the kernel writes a number
			return kb << 10
		}
	}
	return 0
}

// descriptors counts a process's open files, and the network connections
// among them: what the kernel lists as a connection, a listener or a bound
// port. Other sockets stay on the machine; the C library opens one for a
// moment to ask for a user's name.
func descriptors(pid int) (all, connections int) {
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, 0
	}
	var network map[string]bool
	for _, e := range entries {
		to, err := os.Readlink(filepath.Join(dir, e.Name()))
		inode, ok := strings.CutPrefix(to, "socket:[")
		if err != nil || !ok {
			continue
		}
		if network == nil {
			network = networkSockets(pid)
		}
		if network[strings.TrimSuffix(inode, "]")] {
			connections++
		}
	}
	return len(entries), connections
}

// networkSockets lists the inodes of the network's sockets that a process can
// see, other processes' too.
func networkSockets(pid int) map[string]bool {
	inodes := map[string]bool{}
	for _, kind := range []string{"tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6", "icmp", "icmp6"} {
		table, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, kind))
		if err != nil {
			continue // the process ended, or the kernel lacks the protocol
		}
		for l := range strings.Lines(string(table)) {
			// sl, local and remote address, state, queues, timer, retransmits, user, timeout, inode
			if f := strings.Fields(l); len(f) > 9 {
				inodes[f[9]] = true
			}
		}
	}
	return inodes
}

// childrenOf lists the processes that a process has started.
func childrenOf(pid int) (pids []int) {
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return nil
	}
	for _, l := range lists {
		b, _ := os.ReadFile(l) // the thread may have ended
		for _, f := range bytes.Fields(b) {
			if n, err := strconv.Atoi(string(f)); err == nil {
				pids = append(pids, n)
			}
		}
	}
	slices.Sort(pids)
	return slices.Compact(pids)
}

// hiddenCommand is what a helper was started as, "" when it is none yet.
func hiddenCommand(pid int) string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	if args := strings.Split(string(b), "\x00"); len(args) > 1 && strings.HasSuffix(args[1], "-child") {
		return args[1]
	}
	return ""
}

// leftBehind lists what a run with its own folder for temporary files has left
// there, and the helpers that live on: the folder that a helper works in lies
// there too.
func leftBehind(temp string) (left []string) {
	entries, err := os.ReadDir(temp)
	if err != nil {
		left = append(left, err.Error())
	}
	for _, e := range entries {
		left = append(left, "file "+e.Name())
	}
	cwds, _ := filepath.Glob("/proc/[0-9]*/cwd") // the pattern is a constant
	for _, cwd := range cwds {
		if to, err := os.Readlink(cwd); err == nil && strings.HasPrefix(to, temp+"/") {
			left = append(left, "process "+filepath.Base(filepath.Dir(cwd)))
		}
	}
	return left
}
