package ingest

import (
	"errors"
	"fmt"

	"github.com/sohoa/sohoa/ingest/pdf"
)

// Why a file cannot be read; see [Error]. Errors about PDF files are those of
// package pdf.
var (
	ErrMissing  = errors.New("no such file or folder")
	ErrNoAccess = errors.New("not readable")
	ErrNoFiles  = errors.New("nothing to read in the folder")
	ErrEmpty    = errors.New("file is empty")
	ErrUnknown  = errors.New("unknown kind of file")
	ErrMismatch = errors.New("file is not what its name says")
	ErrDamaged  = errors.New("file is damaged")
	ErrLimit    = errors.New("over a limit")
)

var remedies = map[error]string{
	ErrMissing:      "check the path",
	ErrNoAccess:     "check who may read it: ls -l",
	ErrNoFiles:      "put .pdf, .png, .jpg, .tif or .txt files there, or name them one by one",
	ErrEmpty:        "copy the file again: nothing arrived",
	ErrUnknown:      "give a PDF, PNG, JPEG, TIFF or TXT file",
	ErrMismatch:     "copy the file again, or give it the ending that fits what it holds",
	ErrDamaged:      "copy or scan the file again: it seems cut off",
	pdf.ErrNotPDF:   "check the file: it may have been renamed, or cut off while being copied",
	pdf.ErrTimedOut: "save the picture anew with another program, as png, and read that",
	ErrLimit:        "split the file, or scan it at a lower resolution",
}

// Error tells what is wrong with a file.
type Error struct {
	Kind   error  // one of the sentinels above, for errors.Is
	Detail string // one line: what was found, or what was asked and what is allowed
	Err    error  // what lies behind it, may be nil
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
func (e *Error) Remedy() string { return remedies[e.Kind] }

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
