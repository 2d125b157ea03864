// Package export writes documents in the forms that other programs read:
// JSON as the contract has it, CSV and XLSX with a row a record.
//
// Every writer gives the same bytes for the same documents, and none leaves a
// half-written file: [Write] goes through a temporary file beside the target
// and renames it.
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

	"github.com/sohoa/sohoa/schema"
)

// Format is an output form, named by its file suffix without the dot.
type Format string

const (
	JSON Format = "json"
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

var encoders = map[Format]func(io.Writer, *schema.Document) error{
	JSON: EncodeJSON,
	CSV:  EncodeCSV,
	XLSX: EncodeXLSX,
}

// Formats lists what can be written, sorted.
func Formats() []Format {
	var all []Format
	for f := range encoders {
		all = append(all, f)
	}
	slices.Sort(all)
	return all
}

// ErrFormat reports a format that is not in [Formats].
var ErrFormat = errors.New("unknown format")

// Write puts the document into the file path in the given format. The file
// appears whole or not at all.
func Write(path string, format Format, doc *schema.Document) error {
	encode, ok := encoders[format]
	if !ok {
		return fmt.Errorf("%w %q", ErrFormat, format)
	}
	return WriteFile(path, func(w io.Writer) error { return encode(w, doc) })
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
