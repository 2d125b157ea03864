// Package export writes documents in the forms that other programs read:
// JSON as the contract has it, and the records as rows: JSON Lines, CSV, XLSX
// and Parquet.
//
// The row forms take document after document ([Encoder]), so that the records
// of a whole store go through with the memory of a few: what a form has to know
// of all rows before it can write the first, the columns, is gathered while the
// rows wait in temporary files.
//
// Every writer gives the same bytes for the same documents, and none leaves a
// half-written file: [WriteFile] goes through a temporary file beside the
// target and renames it. docs/exports.md describes the columns.
package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/sohoa/sohoa/schema"
)

// Format is an output form, named by its file suffix without the dot.
type Format string

// The forms. JSON holds a document, the others hold its records.
const (
	JSON    Format = "json"
	JSONL   Format = "jsonl"
	CSV     Format = "csv"
	XLSX    Format = "xlsx"
	Parquet Format = "parquet"
)

// mediaTypes of the forms; those of CSV and Parquet are registered with IANA.
var mediaTypes = map[Format]string{
	JSON:    "application/json",
	JSONL:   "application/jsonl",
	CSV:     "text/csv; charset=utf-8",
	XLSX:    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	Parquet: "application/vnd.apache.parquet",
}

// Formats lists what can be written, sorted.
func Formats() []Format {
	var all []Format
	for f := range mediaTypes {
		all = append(all, f)
	}
	slices.Sort(all)
	return all
}

// MediaType is what HTTP calls the form.
func (f Format) MediaType() string { return mediaTypes[f] }

// ErrFormat reports a format that is not in [Formats], or one that cannot hold
// what was asked for.
var ErrFormat = errors.New("unknown format")

// Stored is a document with what a store knows about it besides. Outside a
// store everything but the document is zero.
type Stored struct {
	*schema.Document
	Version  int       // of the reading
	Revision int64     // grows with each change
	State    string    // "ready" or "approved"
	Changed  time.Time // last change
	Province string    // that the report is from
	Period   string    // that it is about: "2025-Q3"
}

// Settings say how records are written.
type Settings struct {
	// Keep chooses the records; nil keeps all.
	Keep func(*schema.Record) bool
	// BaseURL is the address of the review pages ("https://sohoa.example"). With
	// it each row has a link to its place there.
	BaseURL string
	// BOM begins CSV with a byte order mark, without which Excel takes the
	// Vietnamese letters for others.
	BOM bool
	// Comma parts the cells of CSV; 0 means a comma. Excel on a Vietnamese
	// system expects a semicolon.
	Comma rune
}

// Encoder writes the records of documents. Close writes the end, and for some
// forms everything; it does not close what is written to.
type Encoder interface {
	Add(*Stored) error
	Close() error
}

// NewEncoder returns the encoder of a row form. [JSON] has none: it holds one
// document.
func NewEncoder(w io.Writer, f Format, set Settings) (Encoder, error) {
	switch f {
	case JSONL:
		return newJSONL(w, set), nil
	case CSV:
		return newCSV(w, set), nil
	case XLSX:
		return newXLSX(w, set), nil
	case Parquet:
		return newParquet(w, set)
	}
	return nil, fmt.Errorf("%w %q", ErrFormat, f)
}

// Encode writes one document in the given form.
func Encode(w io.Writer, f Format, doc *Stored, set Settings) error {
	if f == JSON {
		return EncodeJSON(w, doc.Document)
	}
	e, err := NewEncoder(w, f, set)
	if err != nil {
		return err
	}
	return errors.Join(e.Add(doc), e.Close())
}

// Write puts the document into the file path in the given format. The file
// appears whole or not at all.
func Write(path string, f Format, doc *Stored, set Settings) error {
	if f.MediaType() == "" {
		return fmt.Errorf("%w %q", ErrFormat, f)
	}
	return WriteFile(path, func(w io.Writer) error { return Encode(w, f, doc, set) })
}

// WriteFile lets fill write a file that appears under path only when fill and
// the write to disk have succeeded.
func WriteFile(path string, fill func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".sohoa-*.tmp")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), reason(err))
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", filepath.Base(path), reason(err)), os.Remove(f.Name()))
		}
	}()
	buf := bufio.NewWriterSize(f, 1<<16)
	if err := errors.Join(fill(buf), buf.Flush(), f.Sync(), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// reason strips the path from a file error: the temporary name would puzzle
// the reader, and the caller names the target.
func reason(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
