package export

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// spool keeps rows until their columns are known: in memory while they are
// few, in a temporary file from there on.
type spool struct {
	rows    int
	columns map[string]bool
	kept    spill
	enc     *gob.Encoder
}

func (s *spool) add(t tableRow) error {
	if s.enc == nil {
		s.enc, s.columns = gob.NewEncoder(&s.kept), map[string]bool{}
	}
	for _, f := range t.Fields {
		s.columns[f.Name] = true
	}
	s.rows++
	if err := s.enc.Encode(t); err != nil {
		return fmt.Errorf("keep a row: %w", err)
	}
	return nil
}

// fields lists the columns between lead and tail: in the order of the
// contract, the wording of sums behind them.
func (s *spool) fields() []string {
	var names, out []string
	for name := range s.columns {
		if !s.isWording(name) {
			names = append(names, name)
		}
	}
	sortFields(names)
	for _, name := range names {
		out = append(out, name)
		if s.columns[name+wordingSuffix] {
			out = append(out, name+wordingSuffix)
		}
	}
	return out
}

func (s *spool) isWording(name string) bool {
	of, ok := strings.CutSuffix(name, wordingSuffix)
	return ok && s.columns[of]
}

// each calls f for all rows, in order: the cells of the lead, those of the
// columns that fields lists, those of the tail. The slice is used again.
func (s *spool) each(f func(cells []cell) error) error {
	if s.rows == 0 {
		return nil
	}
	in, err := s.kept.reader()
	if err != nil {
		return err
	}
	fields := s.fields()
	at := map[string]int{}
	for i, name := range fields {
		at[name] = len(leadColumns) + i
	}
	cells := make([]cell, len(leadColumns)+len(fields)+len(tailColumns))
	for dec := gob.NewDecoder(in); ; {
		var t tableRow
		if err := dec.Decode(&t); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read a kept row: %w", err)
		}
		clear(cells)
		copy(cells, t.Lead)
		for _, c := range t.Fields {
			cells[at[c.Name]] = c.Cell
		}
		copy(cells[len(leadColumns)+len(fields):], t.Tail)
		if err := f(cells); err != nil {
			return err
		}
	}
}

// head lists the names of all columns.
func (s *spool) head() []string { return slices.Concat(leadColumns, s.fields(), tailColumns) }

func (s *spool) close() error { return s.kept.close() }

// spillSize is how many bytes of rows stay in memory.
const spillSize = 1 << 20

// spill is a buffer that goes on in a temporary file.
type spill struct {
	head bytes.Buffer
	file *os.File
	out  *bytes.Buffer // what is not yet in the file
}

// Write implements [io.Writer].
func (s *spill) Write(p []byte) (int, error) {
	if s.file == nil && s.head.Len()+len(p) <= spillSize {
		return s.head.Write(p)
	}
	if s.file == nil {
		f, err := temporary()
		if err != nil {
			return 0, err
		}
		s.file, s.out = f, new(bytes.Buffer)
	}
	n, _ := s.out.Write(p)
	if s.out.Len() < 1<<16 {
		return n, nil
	}
	return n, s.flush()
}

func (s *spill) flush() error {
	_, err := s.out.WriteTo(s.file)
	return err
}

func (s *spill) reader() (io.Reader, error) {
	head := bytes.NewReader(s.head.Bytes())
	if s.file == nil {
		return head, nil
	}
	if err := s.flush(); err != nil {
		return nil, err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return io.MultiReader(head, s.file), nil
}

func (s *spill) close() error {
	s.head = bytes.Buffer{}
	if s.file == nil {
		return nil
	}
	return discard(s.file)
}

// temporary makes a file for rows that wait, in the folder that TMPDIR names.
func temporary() (*os.File, error) {
	f, err := os.CreateTemp("", "sohoa-export-*")
	if err != nil {
		return nil, fmt.Errorf("keep rows: %w", err)
	}
	return f, nil
}

func discard(f *os.File) error { return errors.Join(f.Close(), os.Remove(f.Name())) }
