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
	ErrOffice   = errors.New("an office document")
	ErrMismatch = errors.New("file is not what its name says")
	ErrDamaged  = errors.New("file is damaged")
	ErrForm     = errors.New("form of picture is not supported")
	ErrLimit    = pdf.ErrLimit
)

// remedies say what a user can do; where package pdf knows the kind too, they
// fit files that are no PDF.
var remedies = map[error]string{
	ErrMissing:      "check the path",
	ErrNoAccess:     "check who may read it: ls -l",
	ErrNoFiles:      "put .pdf, .png, .jpg, .tif or .txt files there, or name them one by one",
	ErrEmpty:        "copy the file again: nothing arrived",
	ErrUnknown:      "give a PDF, PNG, JPEG, TIFF or TXT file",
	ErrOffice:       "print it to PDF, and have that read",
	ErrMismatch:     "copy the file again, or give it the ending that fits what it holds",
	ErrDamaged:      "copy or scan the file again: it seems cut off",
	ErrForm:         toConvert,
	pdf.ErrTimedOut: "save the picture anew with another program, as png, and read that",
}

// toConvert is the way out where a form is known but not read.
const toConvert = "save it as PDF, or convert it: tiffcp -c lzw in.tif out.tif"

// toColours is the way out where the samples of a TIFF are not read: tiffcp
// would leave them as they are.
const toColours = "save it as PDF, or convert it: tiff2rgba -n in.tif out.tif"

// Error tells what is wrong with a file; it has the shape of the errors about
// PDF files, so that whoever reports one reports both.
type Error = pdf.Error

func fault(kind, cause error, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...), Err: cause, Help: remedies[kind]}
}
