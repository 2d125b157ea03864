package pdffile

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// Decode reads a stream through its filters. Those of pictures, and LZW, give
// [ErrUnsupported]; more than 64 MB give [ErrLimit].
func (s *Stream) Decode() ([]byte, error) {
	filters, err := s.list("Filter")
	if err != nil {
		return nil, err
	}
	params, err := s.list("DecodeParms")
	if err != nil {
		return nil, err
	}
	var r io.Reader = io.NewSectionReader(s.file.r, s.offset, s.length)
	for i, o := range filters {
		name, _ := o.(Name)
		switch name {
		case "FlateDecode", "Fl":
			if r, err = zlib.NewReader(r); err != nil {
				return nil, damaged("a stream that is not deflated: %v", err)
			}
			if i < len(params) {
				dict, err := s.file.Dict(params[i])
				if err != nil {
					return nil, err
				}
				if r, err = unpredict(r, dict); err != nil {
					return nil, err
				}
			}
		case "ASCII85Decode", "A85":
			r = ascii85.NewDecoder(&until{r: r, end: '~'})
		case "ASCIIHexDecode", "AHx":
			r = hex.NewDecoder(&until{r: r, end: '>', skip: true})
		default:
			return nil, fmt.Errorf("%w: filter %s", ErrUnsupported, name)
		}
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxDecoded+1))
	if len(data) > MaxDecoded {
		return nil, ErrLimit
	}
	if err != nil {
		return nil, damaged("a stream: %v", err)
	}
	return data, nil
}

// Bytes reads a stream as it lies in the file.
func (s *Stream) Bytes() ([]byte, error) {
	if s.length > MaxDecoded {
		return nil, ErrLimit
	}
	return s.file.bytes(s.offset, int(s.length))
}

// list gives what the key holds as a list: one object, or an array of them.
func (s *Stream) list(key Name) (Array, error) {
	o, err := s.file.Resolve(s.Dict[key])
	if err != nil || o == nil {
		return nil, err
	}
	a, ok := o.(Array)
	if !ok {
		return Array{o}, nil
	}
	out := make(Array, len(a))
	for i := range a {
		if out[i], err = s.file.Resolve(a[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// until reads up to the mark that ends a text filter's data.
type until struct {
	r    io.Reader
	end  byte
	skip bool // leave white space out
	done bool
}

func (u *until) Read(b []byte) (int, error) {
	if u.done {
		return 0, io.EOF
	}
	n, err := u.r.Read(b)
	if i := bytes.IndexByte(b[:n], u.end); i >= 0 {
		n, u.done = i, true
	}
	if u.skip {
		kept := b[:0]
		for _, c := range b[:n] {
			if !white(c) {
				kept = append(kept, c)
			}
		}
		n = len(kept)
	}
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// unpredict undoes the PNG predictors (ISO 32000-1, 7.4.4.4).
func unpredict(r io.Reader, params Dict) (io.Reader, error) {
	number := func(key Name, otherwise int) int {
		if n, ok := Int(params[key]); ok {
			return n
		}
		return otherwise
	}
	predictor := number("Predictor", 1)
	if predictor <= 1 {
		return r, nil
	}
	if predictor < 10 {
		return nil, fmt.Errorf("%w: predictor %d", ErrUnsupported, predictor)
	}
	colours, bits, columns := number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1)
	if colours < 1 || colours > 32 || bits < 1 || bits > 16 || columns < 1 || columns > 1<<20 {
		return nil, damaged("predictor of %d×%d×%d bits", colours, bits, columns)
	}
	return &png{r: r, step: max(1, colours*bits/8), row: make([]byte, (colours*bits*columns+7)/8), above: make([]byte, (colours*bits*columns+7)/8)}, nil
}

// png undoes PNG filters row by row.
type png struct {
	r          io.Reader
	step       int
	row, above []byte
	left       []byte // of row, not handed on yet
}

func (p *png) Read(b []byte) (int, error) {
	if len(p.left) == 0 {
		if err := p.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, p.left)
	p.left = p.left[n:]
	return n, nil
}

func (p *png) next() error {
	var kind [1]byte
	if _, err := io.ReadFull(p.r, kind[:]); err != nil {
		return err
	}
	p.row, p.above = p.above, p.row
	if _, err := io.ReadFull(p.r, p.row); err != nil {
		return io.ErrUnexpectedEOF
	}
	for i := range p.row {
		var left, upper byte
		if i >= p.step {
			left, upper = p.row[i-p.step], p.above[i-p.step]
		}
		switch kind[0] {
		case 1:
			p.row[i] += left
		case 2:
			p.row[i] += p.above[i]
		case 3:
			p.row[i] += byte((int(left) + int(p.above[i])) / 2)
		case 4:
			p.row[i] += paeth(left, p.above[i], upper)
		}
	}
	p.left = p.row
	return nil
}

// paeth is the predictor of the PNG specification, 9.4.
func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	da, db, dc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case da <= db && da <= dc:
		return a
	case db <= dc:
		return b
	}
	return c
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
