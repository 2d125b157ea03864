package child

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// detach puts the helper into a process group of its own: Ctrl-C on the
// terminal then reaches the parent alone, which ends its helpers in order, and
// a kill takes the helper's own children along.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func kill(cmd *exec.Cmd) {
	// The group's number is the helper's; it stays taken until Wait returned,
	// after which Kill on the process is a no-op and the group is gone.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	_ = cmd.Process.Kill()
}

// confine lays limits of the kernel on a helper that has just begun and waits
// for its first message. Data is limited to a quarter over the watched limit,
// so that the watch with its better message comes first where it can; files
// can be written up to file bytes, core dumps not at all. Address space is not
// limited, since Go and WebAssembly reserve far more than they use; nor is the
// number of processes, which the kernel counts for the user and not for the
// helper: the sandbox forbids processes altogether. A kernel that refuses
// leaves the watch, which is why errors are not reported.
func confine(pid int, memory, file int64) {
	set := func(what int, n uint64) {
		_ = unix.Prlimit(pid, what, &unix.Rlimit{Cur: n, Max: n}, nil)
	}
	if !raceDetector {
		set(unix.RLIMIT_DATA, uint64(memory+memory/4)+64<<20)
	}
	set(unix.RLIMIT_CORE, 0)
	set(unix.RLIMIT_FSIZE, uint64(file))
	set(unix.RLIMIT_NOFILE, 64)
	// When the machine runs out of memory the kernel is to end a helper, not
	// the service or a database beside it.
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid), []byte("800"), 0o600)
}

// resident reads the resident set from /proc/PID/statm, whose second number
// counts pages.
func resident(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	f := bytes.Fields(b)
	if len(f) < 2 {
		return 0
	}
	n, err := strconv.ParseInt(string(f[1]), 10, 64)
	if err != nil {
		return 0
	}
	return n * int64(os.Getpagesize())
}
