package pdf

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// Why a file or a page cannot be read; see [Error].
var (
	ErrNotPDF    = errors.New("not a pdf file")
	ErrEncrypted = errors.New("pdf is encrypted")
	ErrNoPages   = errors.New("pdf has no pages")
	ErrDamaged   = errors.New("pdf is damaged")
	ErrLimit     = errors.New("over a limit")
	ErrTimedOut  = error(timedOut("over its time"))
)

// timedOut is an error that also answers to context.DeadlineExceeded, so that
// callers need one test for all ways of running out of time.
type timedOut string

func (t timedOut) Error() string { return string(t) }

func (t timedOut) Is(target error) bool { return target == context.DeadlineExceeded }

// remedies say what a user can do about each kind of error.
var remedies = map[error]string{
	ErrNotPDF:    "check the file: it may have been renamed or cut off while being copied",
	ErrEncrypted: "remove the password first, for example: qpdf --decrypt --password=… in.pdf out.pdf",
	ErrNoPages:   "ask for the file again: there is nothing in it to read",
	ErrDamaged:   "try to repair it first: qpdf in.pdf out.pdf",
	ErrLimit:     "split the file, or scan it at a lower resolution",
	ErrTimedOut:  "print the file to a new pdf, or scan it, and read that",
}

// Error tells what is wrong with a file or a page of it.
type Error struct {
	Kind   error  // one of the sentinels above, for errors.Is
	Detail string // one line: what was asked and what is allowed, "" when the kind says it all
	Err    error  // what lies behind it, may be nil
	Help   string // one line: what the user can do; "" for what fits the kind
}

func (e *Error) Error() string {
	msg := e.Kind.Error()
	if e.Detail != "" {
		msg += ": " + e.Detail
	}
	if e.Err != nil {
		msg += ": " + e.Err.Error()
	}
	return msg
}

// Remedy says in one line what the user can do.
func (e *Error) Remedy() string { return cmp.Or(e.Help, remedies[e.Kind]) }

// Unwrap makes both the kind and the cause visible to errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

func fault(kind, cause error, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...), Err: cause}
}
