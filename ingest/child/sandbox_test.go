package child

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// probe is what a helper in the sandbox found that it could do, by name; an
// empty text is success.
type probe struct {
	Sandbox Sandbox
	Tried   map[string]string
}

// try does in the helper what a parser that was taken over would do.
func try(secret, address, folder string) probe {
	// Threads of before, and one that is busy in a system call.
	var before sync.WaitGroup
	locked, release := make(chan struct{}), make(chan struct{})
	inThread := make(chan string, 1)
	before.Go(func() {
		runtime.LockOSThread()
		close(locked)
		<-release
		_, err := os.ReadFile(secret)
		inThread <- message(err)
	})
	<-locked
	p := probe{Sandbox: EnterSandbox(), Tried: map[string]string{}}
	close(release)
	p.Tried["read a file, in a thread of before"] = <-inThread
	before.Wait()
	do := func(name string, f func() error) { p.Tried[name] = message(f()) }
	do("read a file", func() error { _, err := os.ReadFile(secret); return err })
	do("read /etc/passwd", func() error { _, err := os.ReadFile("/etc/passwd"); return err })
	do("list a folder", func() error { _, err := os.ReadDir("/"); return err })
	do("write a file", func() error { return os.WriteFile(filepath.Join(folder, "left"), nil, 0o600) })
	do("remove a file", func() error { return os.Remove(secret) })
	do("read the environment of the parent", func() error {
		_, err := os.ReadFile("/proc/" + itoa(os.Getppid()) + "/environ")
		return err
	})
	do("connect", func() error {
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			c.Close()
		}
		return err
	})
	do("listen", func() error { _, err := net.Listen("tcp", "127.0.0.1:0"); return err })
	do("send a datagram", func() error { _, err := net.Dial("udp", "127.0.0.1:53"); return err })
	do("start a program", func() error { return exec.Command("/bin/true").Run() })
	do("signal the parent", func() error { return syscall.Kill(os.Getppid(), 0) })
	do("lift a limit", func() error {
		return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20})
	})
	return p
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

// A helper in the sandbox reaches no file, no network and no process, in none
// of its threads, and goes on working.
func TestSandbox(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("sandboxes are known on Linux alone")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("salary"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, Command{Args: []string{"probe", secret, l.Addr().String(), dir}, Memory: 1 << 30})
	_, b, err := p.Receive(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var got probe
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	t.Logf("in force: %v", got.Sandbox)
	if !got.Sandbox.Closed() {
		t.Skipf("this kernel closes nothing: %v", got.Sandbox)
	}
	for what, failed := range got.Tried {
		if failed == "" {
			t.Errorf("the helper could %s", what)
		}
	}
	if len(got.Tried) < 13 {
		t.Errorf("%d things were tried", len(got.Tried))
	}
	// It still answers, with threads made after.
	for range 3 {
		if err := p.Send(context.Background(), 'x', []byte("still there")); err != nil {
			t.Fatal(err)
		}
		if _, b, err := p.Receive(context.Background()); err != nil || string(b) != "still there" {
			t.Fatalf("%q, %v", b, err)
		}
	}
}

func TestSandboxSaysWhatIsInForce(t *testing.T) {
	for _, c := range []struct {
		s      Sandbox
		want   string
		closed bool
	}{
		{Sandbox{Landlock: 7, Seccomp: true}, "landlock 7, seccomp", true},
		{Sandbox{Seccomp: true, Missing: "no landlock: old"}, "seccomp (no landlock: old)", true},
		{Sandbox{Landlock: 1, Missing: "no seccomp: old"}, "landlock 1 (no seccomp: old)", false},
		{Sandbox{Missing: "sandboxes are known on Linux alone"}, "nothing (sandboxes are known on Linux alone)", false},
	} {
		if c.s.String() != c.want || c.s.Closed() != c.closed {
			t.Errorf("%+v: %q, closed %v", c.s, c.s, c.s.Closed())
		}
	}
}

// The working folder of a helper is its own, and gone before the helper can
// leave anything there.
func TestWorkingFolderIsPrivate(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // others may start helpers meanwhile
	p := start(t, Command{Args: []string{"where"}})
	_, b, err := p.Receive(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	cwd, created, _ := strings.Cut(string(b), "\n")
	if runtime.GOOS == "linux" {
		if cwd == "/" || !strings.Contains(cwd, "sohoa-child-") {
			t.Errorf("working folder %q", cwd)
		}
		if created == "" {
			t.Error("a file could be left in the working folder")
		}
	}
	p.Close()
	if left := temporary(t); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func temporary(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(os.TempDir(), "sohoa-child-*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}
