package store

import (
	"context"
	"errors"
	"time"
)

// What a caller can do something about. Errors of this package wrap one of
// these where it fits; test with [errors.Is].
var (
	ErrNotFound = errors.New("there is no such entry")
	ErrConflict = errors.New("it was changed in between")  // read it again, then try again
	ErrApproved = errors.New("the document is approved")   // reopen it first
	ErrClaimed  = errors.New("another person works on it") // wait, or ask them
	ErrInvalid  = errors.New("the change does not fit")    // a path that leads nowhere, a value of another shape
	ErrNewer    = errors.New("the store was written by a newer version of this program")
	ErrDeleted  = errors.New("the document was deleted on request") // submit it with Again to take it in all the same
	ErrTampered = errors.New("the audit log was tampered with")
	errStuck    = errors.New("did not stop when its time was over")
	errPanicked = errors.New("internal fault")
)

// class says whether trying again can help.
type class int

const (
	unknown class = iota
	permanent
	transient
)

type classified struct {
	error
	class class
}

func (c classified) Unwrap() error { return c.error }

// Permanent marks an error of a [Work] function that will come again however
// often it is tried: a damaged file, a password.
func Permanent(err error) error { return classified{err, permanent} }

// Transient marks an error of a [Work] function that is none of the document's
// doing and will pass: the network, a full disk.
func Transient(err error) error { return classified{err, transient} }

// retryAfter decides whether work that failed is tried again and when. tries
// counts the failures before this one. An error without a mark gets two more
// chances soon; one that is said to pass gets ten over half an hour.
func retryAfter(err error, tries int) (wait time.Duration, again bool) {
	kind := unknown
	if c := (classified{}); errors.As(err, &c) {
		kind = c.class
	}
	switch {
	case kind == permanent, errors.Is(err, context.DeadlineExceeded), errors.Is(err, errStuck):
		return 0, false
	case kind == transient:
		return min(time.Second<<tries, 5*time.Minute), tries < 10
	default:
		return time.Second << (2 * tries), tries < 2
	}
}

// remedy returns what the user can do, for errors that say it by a method
// Remedy() string.
func remedy(err error) string {
	var r interface{ Remedy() string }
	if errors.As(err, &r) {
		return r.Remedy()
	}
	return ""
}
