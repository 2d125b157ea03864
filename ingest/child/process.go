// Package child runs helper processes that read what came from outside:
// parsers that may hang, eat memory, or end the process they run in. The
// parent speaks with them in frames over pipes, and outlives whatever they do.
//
// A helper is the same program, started again with a hidden command. It gets
// an environment of a few named variables, no open files but its pipes and those
// it is to read, limits
// of the operating system where those exist, and ends by itself when the
// parent does, because its standard input closes.
package child

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Command says how to start a helper.
type Command struct {
	Path string   // the program; "" is the running one
	Args []string // its arguments, without the program's name
	Env  []string // the whole environment, as NAME=value
	// Dir is the working folder. "" is a new one that is removed as soon as the
	// helper runs: a name without a folder then leads nowhere, and nothing can
	// be left behind.
	Dir string

	// Files are open in the helper too, as numbers 3, 4, …
	Files []*os.File

	// Memory is the limit in bytes on what the helper may hold: its data is
	// limited by the operating system, its resident set watched. 0 is none.
	Memory int64
	// MaxFile is the limit in bytes on a file that the helper writes; 0 is none
	// at all.
	MaxFile int64
	// MaxFrame is the limit in bytes on one frame from the helper; 0 is 64 MiB.
	MaxFrame int
}

// Reason says why a helper ended.
type Reason string

const (
	Exited    Reason = "exited"    // by itself: a crash or an exit
	OverTime  Reason = "over_time" // killed: its time was up
	OverSize  Reason = "over_size" // killed: it held more memory than allowed
	Garbled   Reason = "garbled"   // killed: what it said is no message
	Cancelled Reason = "cancelled" // killed: the parent stopped the work
	NotBegun  Reason = "not_begun" // it could not be started
)

// Error tells how a helper failed. Detail is one line; it may hold the end of
// what the helper wrote to its standard error.
type Error struct {
	Reason Reason
	Detail string
	Err    error
}

func (e *Error) Error() string {
	msg := "helper process " + words(e.Reason)
	if e.Detail != "" {
		msg += ": " + e.Detail
	}
	if e.Err != nil {
		msg += ": " + e.Err.Error()
	}
	return msg
}

func (e *Error) Unwrap() error { return e.Err }

// words is a reason as it stands in messages.
func words(r Reason) string { return strings.ReplaceAll(string(r), "_", " ") }

// Process is a running helper. Its methods are for one goroutine at a time,
// except Kill.
type Process struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
	maxFrame int
	memory   int64
	stderr   *tail
	done     chan struct{} // closed when the process was waited for
	waitErr  error
	killed   atomic.Pointer[Error] // why it was killed, the first reason
	once     sync.Once
	name     string    // of what it does, for the count of deaths
	counted  sync.Once // its death
}

// watchEvery is how often the resident set of a helper is looked at. A helper
// that goes mad takes a GB a second: it is to be seen before it meets the limit
// of the kernel, at which a runtime may fall in ways that do not say why. One
// read of /proc costs some microseconds.
const watchEvery = 20 * time.Millisecond

// Start starts a helper. The caller must end it with [Process.Close] or
// [Process.Kill].
func Start(c Command) (*Process, error) {
	path := c.Path
	if path == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, &Error{Reason: NotBegun, Err: err}
		}
		path = self
	}
	cmd := exec.Command(path, c.Args...)
	cmd.Env = c.Env
	if cmd.Env == nil {
		cmd.Env = []string{} // nil would hand on the parent's
	}
	cmd.Dir = c.Dir
	if c.Dir == "" {
		dir, err := os.MkdirTemp("", "sohoa-child-")
		if err != nil {
			return nil, &Error{Reason: NotBegun, Err: err}
		}
		defer os.Remove(dir) // a folder in use is removed too, where the system allows it
		cmd.Dir = dir
	}
	p := &Process{cmd: cmd, maxFrame: c.MaxFrame, memory: c.Memory, stderr: &tail{}, done: make(chan struct{})}
	if len(c.Args) > 0 {
		p.name = c.Args[0]
	}
	if p.maxFrame == 0 {
		p.maxFrame = 64 << 20
	}
	cmd.Stderr = p.stderr
	cmd.ExtraFiles = c.Files
	// A grandchild that kept the pipe open must not keep Wait from returning.
	cmd.WaitDelay = time.Second
	detach(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, &Error{Reason: NotBegun, Err: err}
	}
	// Not StdoutPipe: Wait would close it while a frame is still being read.
	out, outChild, err := os.Pipe()
	if err != nil {
		in.Close()
		return nil, &Error{Reason: NotBegun, Err: err}
	}
	cmd.Stdout = outChild
	err = cmd.Start()
	outChild.Close()
	if err != nil {
		in.Close()
		out.Close()
		return nil, &Error{Reason: NotBegun, Err: err}
	}
	p.in, p.out = in, bufio.NewReaderSize(out, 64<<10)
	if c.Memory > 0 {
		confine(cmd.Process.Pid, c.Memory, c.MaxFile)
	}
	go func() {
		p.waitErr = cmd.Wait()
		close(p.done)
	}()
	go func() {
		p.watch()
		<-p.done
		// Give a reader the time to take what still lies in the pipe.
		time.AfterFunc(5*time.Second, func() { out.Close() })
	}()
	return p, nil
}

// watch kills the helper when it holds more memory than allowed.
func (p *Process) watch() {
	if p.memory <= 0 {
		return
	}
	t := time.NewTicker(watchEvery)
	defer t.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-t.C:
			if n := p.Resident(); n > p.memory {
				p.Kill(OverSize, p.tooMuch())
				return
			}
		}
	}
}

// tooMuch says what was asked and what is allowed. How much exactly the helper
// held when that was noticed is chance, and would stand in results, which are
// to be the same each time.
func (p *Process) tooMuch() string {
	return fmt.Sprintf("it asked for more than the %d MB allowed", p.memory>>20)
}

// Resident returns the memory in bytes that the helper holds at the moment, 0
// where that cannot be told.
func (p *Process) Resident() int64 { return resident(p.cmd.Process.Pid) }

// PID returns the helper's process number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Send writes one frame to the helper.
func (p *Process) Send(ctx context.Context, kind byte, payload ...[]byte) error {
	stop := p.killOn(ctx)
	defer stop()
	if err := WriteFrame(p.in, kind, payload...); err != nil {
		return p.failure(err)
	}
	return nil
}

// Receive reads one frame from the helper. When ctx ends first the helper is
// killed: [OverTime] for a deadline, [Cancelled] otherwise.
func (p *Process) Receive(ctx context.Context) (kind byte, payload []byte, err error) {
	stop := p.killOn(ctx)
	defer stop()
	kind, payload, err = ReadFrame(p.out, p.maxFrame)
	if err != nil {
		if errors.Is(err, ErrProtocol) && p.alive() {
			p.Kill(Garbled, err.Error())
		}
		return 0, nil, p.failure(err)
	}
	return kind, payload, nil
}

func (p *Process) alive() bool {
	select {
	case <-p.done:
		return false
	case <-time.After(50 * time.Millisecond): // a process that just died is not waited for yet
		return true
	}
}

// killOn kills the helper when ctx ends before the returned function is called.
func (p *Process) killOn(ctx context.Context) (stop func()) {
	s := context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			p.Kill(OverTime, "")
		} else {
			p.Kill(Cancelled, "")
		}
	})
	return func() { s() }
}

// failure turns an error on a pipe into the reason behind it.
func (p *Process) failure(err error) error {
	e := p.cause(err)
	p.died(e)
	return e
}

func (p *Process) cause(err error) *Error {
	if k := p.killed.Load(); k != nil {
		<-p.done
		return k
	}
	// The pipe broke by itself, so the helper is ending or has gone mad.
	select {
	case <-p.done:
	case <-time.After(2 * time.Second):
		p.Kill(Garbled, "it closed its pipe and went on")
		<-p.done
		return p.killed.Load()
	}
	if k := p.killed.Load(); k != nil {
		return k
	}
	if p.memory > 0 && p.stderr.memoryRanOut() {
		// The system's limit was faster than the watch.
		return &Error{Reason: OverSize, Detail: p.tooMuch()}
	}
	detail := "exit status 0"
	if p.waitErr != nil {
		detail = p.waitErr.Error()
	}
	if s := p.stderr.lastLine(); s != "" {
		detail += " (" + s + ")"
	}
	if errors.Is(err, ErrProtocol) {
		return &Error{Reason: Exited, Detail: detail, Err: err}
	}
	return &Error{Reason: Exited, Detail: detail}
}

// Kill ends the helper at once. The first reason counts.
func (p *Process) Kill(why Reason, detail string) {
	e := &Error{Reason: why, Detail: detail}
	p.killed.CompareAndSwap(nil, e)
	select {
	case <-p.done: // its number may be another's by now
	default:
		p.died(e)
		kill(p.cmd)
	}
}

// Close ends the helper: it asks by closing the helper's standard input and
// kills when that does not help within the second. It waits for the process,
// so no zombie stays, and may be called more than once.
func (p *Process) Close() {
	p.once.Do(func() {
		p.in.Close()
		select {
		case <-p.done:
		case <-time.After(time.Second):
			p.Kill(Cancelled, "it did not end when asked")
			<-p.done
		}
	})
	<-p.done
}

// tail keeps the beginning and the end of what a helper writes to its standard
// error: a crash of the Go runtime says why at its beginning, and goes on with
// pages of registers and stacks.
type tail struct {
	mu   sync.Mutex
	head []byte
	buf  []byte
}

const tailSize = 4 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := tailSize - len(t.head); room > 0 {
		t.head = append(t.head, b[:min(room, len(b))]...)
	}
	t.buf = append(t.buf, b...)
	if len(t.buf) > tailSize {
		t.buf = append(t.buf[:0], t.buf[len(t.buf)-tailSize:]...)
	}
	return len(b), nil
}

// crashWords begin the lines in which a runtime says why it gives up.
var crashWords = []string{"fatal error:", "panic:", "runtime: out of memory", "terminate called", "SIG"}

// memoryWords are what runtimes say when the system gives them no more memory.
var memoryWords = []string{"out of memory", "cannot allocate memory", "Cannot allocate memory", "bad_alloc", "failed to create new OS thread", "pthread_create failed"}

// memoryRanOut reports whether the helper ended for want of memory.
func (t *tail) memoryRanOut() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, w := range memoryWords {
		if bytes.Contains(t.head, []byte(w)) || bytes.Contains(t.buf, []byte(w)) {
			return true
		}
	}
	return false
}

// lastLine returns the line that says why a runtime gave up, or else the last
// line that is not blank, cut to 200 bytes and free of control characters: it
// goes into messages, and the helper may have printed what a file said.
func (t *tail) lastLine() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var last string
	for _, part := range [][]byte{t.head, t.buf} {
		for line := range bytes.Lines(part) {
			s := strings.TrimSpace(string(line))
			for _, w := range crashWords {
				if strings.HasPrefix(s, w) {
					return printable(s)
				}
			}
			if s != "" {
				last = s
			}
		}
	}
	return printable(last)
}

func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}
