package child

import (
	"fmt"
	"strings"
)

// Sandbox tells what a helper has given up for good: see [EnterSandbox].
type Sandbox struct {
	// Landlock is the version of Landlock's interface that is in force, 0 for
	// none. From version 4 on it covers TCP, from 6 on signals.
	Landlock int `json:"landlock"`
	// Seccomp tells that only the system calls of [allowedCalls] are left.
	Seccomp bool `json:"seccomp"`
	// Missing says why something is not in force, "" when all is.
	Missing string `json:"missing,omitempty"`
}

// Closed reports whether the helper can open neither a file nor a connection:
// the filter of system calls alone is enough for that, and Landlock is the
// second lock on the files.
func (s Sandbox) Closed() bool { return s.Seccomp }

// String names what is in force: "landlock 7, seccomp", "nothing (…)".
func (s Sandbox) String() string {
	var have []string
	if s.Landlock > 0 {
		have = append(have, fmt.Sprintf("landlock %d", s.Landlock))
	}
	if s.Seccomp {
		have = append(have, "seccomp")
	}
	if len(have) == 0 {
		have = append(have, "nothing")
	}
	out := strings.Join(have, ", ")
	if s.Missing != "" {
		out += " (" + s.Missing + ")"
	}
	return out
}
