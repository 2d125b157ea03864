package child

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/landlock-lsm/go-landlock/landlock"
	landlocksys "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// EnterSandbox gives up, for all threads of this process and for good, what a
// helper does not need once it has loaded what it works with: opening files
// and connections, starting processes, signals to others. What is open stays
// open; the helper goes on talking through its pipes. The kernel may know only
// a part of it, or none: the answer tells what is in force, for
// `sohoa doctor`, and the helper works either way.
func EnterSandbox() Sandbox {
	var s Sandbox
	var missing []error
	// Landlock comes first, since its own system calls are not among those
	// that the filter leaves.
	if v, err := enterLandlock(); err != nil {
		missing = append(missing, fmt.Errorf("no landlock: %w", err))
	} else {
		s.Landlock = v
	}
	if err := enterSeccomp(); err != nil {
		missing = append(missing, fmt.Errorf("no seccomp: %w", err))
	} else {
		s.Seccomp = true
	}
	for i, err := range missing {
		if i > 0 {
			s.Missing += "; "
		}
		s.Missing += err.Error()
	}
	return s
}

// newestLandlock is the newest interface that is asked for; an older kernel
// gives what it knows of it.
const newestLandlock = 7

func enterLandlock() (version int, err error) {
	version, err = landlocksys.LandlockGetABIVersion()
	if err != nil || version <= 0 {
		return 0, errors.New("this kernel has none, or it is not switched on")
	}
	// No rule at all: no file, no folder, no TCP port.
	if err := landlock.V7.BestEffort().Restrict(); err != nil {
		return 0, err
	}
	return min(version, newestLandlock), nil
}

// allowedCalls are the system calls that the Go runtime, the C library's
// memory and threads, and talking through open pipes need. None of them opens
// anything.
var allowedCalls = []string{
	// pipes and files that are open
	"read", "readv", "pread64", "write", "writev", "close", "fstat", "lseek", "fcntl", "poll", "ppoll", "dup", "dup3",
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2", "pipe2",
	// memory
	"brk", "mmap", "mprotect", "mremap", "munmap", "madvise", "mincore", "membarrier",
	// threads of this process
	"futex", "sched_yield", "sched_getaffinity", "set_robust_list", "get_robust_list", "set_tid_address", "rseq",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "sigaltstack",
	"arch_prctl", "exit", "exit_group", "restart_syscall",
	// the clock, chance, and what the process is
	"nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time", "getrandom",
	"getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid", "getrusage", "getrlimit", "sysinfo", "uname", "times",
}

func enterSeccomp() error {
	info, err := arch.GetInfo("")
	if err != nil {
		return err
	}
	var allow []string // processors differ in the older calls
	for _, name := range allowedCalls {
		if _, ok := info.SyscallNames[name]; ok {
			allow = append(allow, name)
		}
	}
	// All threads must be under the filter, and the privileges are given up by
	// the thread that loads it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return seccomp.LoadFilter(seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{
			DefaultAction: seccomp.ActionErrno, // EPERM: a library that tries something reports it, and goes on
			Syscalls: []seccomp.SyscallGroup{
				{Names: allow, Action: seccomp.ActionAllow},
				// The flags of clone3 lie in memory, where a filter cannot look;
				// told that there is none, the C library takes clone.
				{Names: []string{"clone3"}, Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS)},
				// Of the calls with conditions the library looks at the ones after
				// a failed one with the wrong number in hand. They come last, and
				// in this order no such mistake lets a call through: it would need
				// a flag of clone in the number of a process that is clone's own.
				{NamesWithCondtions: []seccomp.NameWithConditions{
					{Name: "tgkill", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.Equal, Value: uint64(os.Getpid())}}},
					{Name: "clone", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.BitsSet, Value: unix.CLONE_THREAD}}},
				}, Action: seccomp.ActionAllow},
			},
		},
	})
}
