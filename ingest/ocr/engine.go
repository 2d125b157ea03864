// Package ocr reads the text in page pictures.
//
// An [Engine] is given a page and the regions of it to read: the cells of its
// tables, its blocks of running text, or the page as a whole. [Pool] is the
// real one: Tesseract, in child processes that are bounded in time and memory
// and recycled, because the library leaks, may hang on odd pictures and ends
// its process when it finds itself in a state it did not expect. [Recorded]
// replays what an engine read before, so that most tests need no Tesseract.
package ocr

import (
	"context"
	"errors"
	"fmt"
	"image"

	"github.com/sohoa/sohoa/schema"
)

// Mode tells an engine what to expect in a region.
type Mode uint8

const (
	Block  Mode = iota // lines of one block, one under the other: a table's cell, a paragraph (PSM 6)
	Line               // one line (PSM 7)
	Word               // one word (PSM 8)
	Column             // one column of blocks of differing sizes (PSM 4)
	Auto               // anything: the engine looks for columns and blocks itself (PSM 3)
	Sparse             // scattered words in no order (PSM 11)
)

// psm gives the page segmentation modes of Tesseract by Mode.
var psm = [...]int{Block: 6, Line: 7, Word: 8, Column: 4, Auto: 3, Sparse: 11}

var modeNames = [...]string{Block: "block", Line: "line", Word: "word", Column: "column", Auto: "auto", Sparse: "sparse"}

func (m Mode) String() string {
	if int(m) < len(modeNames) {
		return modeNames[m]
	}
	return fmt.Sprintf("mode(%d)", uint8(m))
}

// Region is a part of a page to be read in one go.
type Region struct {
	Box  schema.Box // pixels of the page; the zero Box is the whole page
	Mode Mode

	// Scale enlarges (over 1) or shrinks the picture of the region before it
	// is read; boxes of the reading are in page pixels all the same. 0 leaves
	// the choice to the engine, which brings the page's resolution to where it
	// reads best.
	Scale float64

	// Model chooses among the engine's models: 0 is the usual one. A second
	// reading of a doubtful cell may ask for another.
	Model int
}

// Reading is what an engine read in one region.
type Reading struct {
	Lines []schema.Line // in reading order; boxes in page pixels
	Err   error         // the region could not be read; nil for one without text
}

// Engine reads regions of pages. Read returns one Reading a region, in the
// order asked. An error of Read itself means that the page was given up;
// readings made before that are returned beside it, the others carry the error
// too. Engines may be used by many goroutines.
type Engine interface {
	Read(ctx context.Context, page *image.Gray, dpi int, regions []Region) ([]Reading, error)
	// Info names the engine, its version and its models, as results quote it.
	Info() string
	Close() error
}

// What a page's error is about; see [Error].
var (
	ErrTimedOut    = error(timedOut("page over its time"))
	ErrRefused     = errors.New("page refused")
	ErrUnavailable = errors.New("tesseract not usable")
)

// timedOut is an error that also answers to context.DeadlineExceeded, so that
// callers need one test for all ways of running out of time.
type timedOut string

func (t timedOut) Error() string { return string(t) }

func (t timedOut) Is(target error) bool { return target == context.DeadlineExceeded }

// Error is how an engine gives up: on a page ([ErrTimedOut], [ErrRefused]) or
// altogether ([ErrUnavailable]).
type Error struct {
	Kind   error  // one of the sentinels above, for errors.Is
	Detail string // one line: what was asked and what is allowed
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

// Remedy says in one line what the user can do, "" when nothing.
func (e *Error) Remedy() string {
	if e.Kind == ErrUnavailable {
		return Remedy
	}
	return ""
}

// Unwrap makes both the kind and the cause visible to errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// on returns the box of a region on a page, clipped to the page.
func (r Region) on(page image.Rectangle) schema.Box {
	all := schema.Box{X1: page.Dx(), Y1: page.Dy()}
	if r.Box == (schema.Box{}) {
		return all
	}
	return r.Box.Intersect(all)
}
