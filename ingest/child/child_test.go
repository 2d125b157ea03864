package child

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The test binary plays the helpers.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "echo":
			EndWithParent()
			for {
				kind, b, err := ReadFrame(os.Stdin, 1<<20)
				if err != nil {
					return
				}
				WriteFrame(os.Stdout, kind, b)
			}
		case "environment":
			WriteFrame(os.Stdout, 'e', []byte(strings.Join(os.Environ(), "\n")))
			io.Copy(io.Discard, os.Stdin)
			return
		case "probe":
			b, _ := json.Marshal(try(os.Args[2], os.Args[3], os.Args[4]))
			WriteFrame(os.Stdout, 'p', b)
			for {
				kind, b, err := ReadFrame(os.Stdin, 1<<20)
				if err != nil {
					return
				}
				echoed := make(chan error)
				go func() { runtime.LockOSThread(); echoed <- WriteFrame(os.Stdout, kind, b) }()
				<-echoed
			}
		case "where":
			cwd, _ := os.Readlink("/proc/self/cwd")
			WriteFrame(os.Stdout, 'w', []byte(cwd+"\n"+message(os.WriteFile("left", nil, 0o600))))
			io.Copy(io.Discard, os.Stdin)
			return
		case "crash":
			fmt.Fprintln(os.Stderr, "first\npanic: \x1b[31mtwo of\ngoroutine 1")
			os.Exit(2)
		case "deaf":
			time.Sleep(time.Hour)
		case "write":
			f, err := os.Create(os.Args[2])
			if err == nil {
				_, err = f.Write(make([]byte, 100))
			}
			WriteFrame(os.Stdout, 'w', fmt.Append(nil, err))
			io.Copy(io.Discard, os.Stdin)
			return
		}
	}
	os.Exit(m.Run())
}

func start(t *testing.T, c Command) *Process {
	t.Helper()
	p, err := Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestEcho(t *testing.T) {
	p := start(t, Command{Args: []string{"echo"}})
	for _, n := range []int{0, 1, 5000, 1 << 20} {
		in := bytes.Repeat([]byte{7}, n)
		if err := p.Send(context.Background(), 'x', in); err != nil {
			t.Fatal(err)
		}
		kind, out, err := p.Receive(context.Background())
		if err != nil || kind != 'x' || !bytes.Equal(in, out) {
			t.Fatalf("%d bytes came back as %d, %v", n, len(out), err)
		}
	}
}

func TestEnvironmentIsWhatWasGiven(t *testing.T) {
	t.Setenv("SECRET", "hunter2")
	p := start(t, Command{Args: []string{"environment"}, Env: []string{"A=1"}})
	_, b, err := p.Receive(context.Background())
	if err != nil || string(b) != "A=1" {
		t.Errorf("environment %q, %v", b, err)
	}
	p = start(t, Command{Args: []string{"environment"}})
	if _, b, err := p.Receive(context.Background()); err != nil || len(b) != 0 {
		t.Errorf("environment %q, %v; want none", b, err)
	}
}

func TestCrashTellsWhy(t *testing.T) {
	p := start(t, Command{Args: []string{"crash"}})
	_, _, err := p.Receive(context.Background())
	var e *Error
	if !errors.As(err, &e) || e.Reason != Exited {
		t.Fatalf("error %v", err)
	}
	if want := "helper process exited: exit status 2 (panic: [31mtwo of)"; err.Error() != want {
		t.Errorf("message %q, want %q", err, want)
	}
}

func TestDeadlineKills(t *testing.T) {
	p := start(t, Command{Args: []string{"deaf"}})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, _, err := p.Receive(ctx)
	var e *Error
	if !errors.As(err, &e) || e.Reason != OverTime {
		t.Fatalf("error %v", err)
	}
	select {
	case <-p.done:
	default:
		t.Error("the process was not waited for")
	}
}

func TestDeathsAreCounted(t *testing.T) {
	before := Deaths()
	for _, c := range []struct {
		name, how string
		limit     time.Duration
	}{{"crash", "exited", time.Hour}, {"deaf", "over time", 100 * time.Millisecond}} {
		p := start(t, Command{Args: []string{c.name}})
		ctx, cancel := context.WithTimeout(t.Context(), c.limit)
		if _, _, err := p.Receive(ctx); err == nil {
			t.Errorf("%s answered", c.name)
		}
		cancel()
		p.Close()
		if Deaths()[c.name+" "+c.how] != before[c.name+" "+c.how]+1 {
			t.Errorf("%s: deaths %v, before %v", c.name, Deaths(), before)
		}
	}
	p := start(t, Command{Args: []string{"echo"}})
	if err := p.Send(t.Context(), 'x'); err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.Receive(t.Context()); err != nil { // it is up, and ends at once when asked
		t.Fatal(err)
	}
	p.Close()
	for k := range Deaths() {
		if strings.HasPrefix(k, "echo") {
			t.Errorf("a helper that ended as asked counts: %v", Deaths())
		}
	}
}

func TestSendToADeafHelperEnds(t *testing.T) {
	p := start(t, Command{Args: []string{"deaf"}})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := p.Send(ctx, 'x', make([]byte, 1<<20)); err == nil { // more than a pipe holds
		t.Error("a megabyte went into a pipe that nobody reads")
	}
}

func TestCloseKillsWhoStays(t *testing.T) {
	p := start(t, Command{Args: []string{"deaf"}})
	p.Close()
	p.Close()
	p.Kill(Cancelled, "") // must not reach whoever has the number now
}

func TestNoFilesAreWritten(t *testing.T) {
	path := t.TempDir() + "/f"
	p := start(t, Command{Args: []string{"write", path}, Memory: 1 << 30})
	_, b, err := p.Receive(context.Background())
	if resident(os.Getpid()) == 0 {
		t.Skip("no limits of the kernel here")
	}
	var e *Error
	if errors.As(err, &e) { // the signal of the limit ended it
		return
	}
	if err != nil || !strings.Contains(string(b), "too large") {
		t.Errorf("writing a file: %q, %v", b, err)
	}
}

func TestReadFrame(t *testing.T) {
	for _, c := range []struct {
		name, in string
		err      error
	}{
		{"nothing", "", io.EOF},
		{"half a head", "x\x00\x00", ErrProtocol},
		{"no payload", "x\x00\x00\x00\x05", ErrProtocol},
		{"half a payload", "x\x00\x00\x00\x05abc", ErrProtocol},
		{"over the limit", "x\xff\xff\xff\xff", ErrProtocol},
		{"text", "Warning: nothing", ErrProtocol},
	} {
		if _, _, err := ReadFrame(strings.NewReader(c.in), 1000); !errors.Is(err, c.err) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.err)
		}
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("x\x00\x00\x00\x03abc"))
	f.Add([]byte("x\x00\x10\x00\x00abc"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := bytes.NewReader(in)
		for {
			kind, b, err := ReadFrame(r, 1<<20)
			if err != nil {
				return
			}
			var back bytes.Buffer
			WriteFrame(&back, kind, b)
			if !bytes.Contains(in, back.Bytes()) {
				t.Fatal("a frame does not write as it was read")
			}
		}
	})
}

func ExampleReadFrame() {
	var pipe bytes.Buffer
	if err := WriteFrame(&pipe, 'p', []byte("a page, "), []byte("in two pieces")); err != nil {
		fmt.Println(err)
	}
	kind, payload, err := ReadFrame(&pipe, 1<<20)
	fmt.Printf("%c %s %v\n", kind, payload, err)
	// Output: p a page, in two pieces <nil>
}
