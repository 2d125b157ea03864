package pdffile

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// Limits of what is read. A page of a scan has a dictionary of some hundred
// bytes and a content stream of as many kilobytes.
const (
	maxObject = 8 << 20 // bytes of an object that is no stream, and of a table of objects
	// MaxDecoded bounds the bytes of a decoded stream.
	MaxDecoded  = 64 << 20
	maxObjects  = 8 << 20
	maxSections = 4096 // revisions of a file
	maxPages    = 20000
	keptStreams = 4 // decoded object streams that stay for the next object
)

// File is a PDF file whose objects can be read. It is not safe for use by many
// goroutines.
type File struct {
	r     io.ReaderAt
	size  int64
	where map[int]entry

	// Trailer is that of the newest revision.
	Trailer Dict
	// XRefStream tells that the newest table of objects is a stream, as a
	// revision's has to be then.
	XRefStream bool

	last    int64 // offset of the newest table of objects
	objects int   // the number after the highest
	streams []objectStream
	depth   int // of objects that need others to be read
}

// entry says where an object is: at an offset, or, with within above 0, in an
// object stream.
type entry struct {
	offset     int64
	generation int
	within     int
	index      int
}

// objectStream is a decoded one.
type objectStream struct {
	number int
	at     []int // offsets of its objects
	names  []int // numbers of its objects
	data   []byte
}

// Open reads the tables of objects of a file of size bytes.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size, where: map[int]entry{}}
	tail, err := f.bytes(max(0, size-2048), 2048)
	if err != nil {
		return nil, err
	}
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 {
		return nil, damaged("no startxref")
	}
	l := Lexer{Data: tail, Pos: i + len("startxref"), Content: true}
	o, _, err := l.Next()
	start, ok := Int(o)
	if err != nil || !ok {
		return nil, damaged("no offset after startxref")
	}
	f.last = int64(start)
	if err := f.sections(f.last); err != nil {
		return nil, err
	}
	if f.Trailer["Encrypt"] != nil {
		return nil, ErrEncrypted
	}
	if size, ok := Int(f.Trailer["Size"]); ok && size > f.objects && size <= maxObjects {
		f.objects = size
	}
	if _, ok := f.Trailer["Root"].(Ref); !ok {
		return nil, damaged("no catalog")
	}
	return f, nil
}

// bytes reads up to n bytes at an offset; fewer at the end of the file.
func (f *File) bytes(offset int64, n int) ([]byte, error) {
	if offset < 0 || offset > f.size {
		return nil, damaged("offset %d in a file of %d bytes", offset, f.size)
	}
	b := make([]byte, min(int64(n), f.size-offset))
	if _, err := f.r.ReadAt(b, offset); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b, nil
}

// window calls parse with the bytes at an offset, and with more of them when
// they end within what it parses.
func (f *File) window(offset int64, parse func(l *Lexer) error) error {
	for n := 4096; ; n *= 8 {
		b, err := f.bytes(offset, n)
		if err != nil {
			return err
		}
		err = parse(&Lexer{Data: b})
		if !errors.Is(err, errShort) {
			return err
		}
		if int64(len(b)) == f.size-offset {
			return damaged("the file ends within an object")
		}
		if n >= maxObject {
			return ErrLimit
		}
	}
}

// Get reads an object; of one that is not there, or free, it is nil.
func (f *File) Get(ref Ref) (Object, error) {
	// The length of a stream may be an object that needs the stream.
	if f.depth++; f.depth > maxDepth {
		f.depth--
		return nil, damaged("objects that need themselves")
	}
	defer func() { f.depth-- }()
	e, ok := f.where[ref.Number]
	switch {
	case !ok:
		return nil, nil
	case e.within > 0:
		return f.packed(e.within, e.index, ref.Number)
	case e.generation != ref.Generation:
		return nil, nil
	}
	return f.at(e.offset, ref)
}

// at reads the object at an offset, which must be the one asked for.
func (f *File) at(offset int64, ref Ref) (out Object, err error) {
	err = f.window(offset, func(l *Lexer) error {
		number, word1, err1 := l.Next()
		generation, word2, err2 := l.Next()
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		n, ok1 := Int(number)
		g, ok2 := Int(generation)
		if _, word, err := l.Next(); err != nil {
			return err
		} else if !ok1 || !ok2 || word1+word2 != "" || word != "obj" || n != ref.Number || g != ref.Generation {
			return damaged("object %d is not at offset %d", ref.Number, offset)
		}
		o, word, err := l.Next()
		if err != nil {
			return err
		}
		if word != "" {
			out = nil // "endobj": an empty object
			return nil
		}
		out = o
		dict, ok := o.(Dict)
		if !ok {
			return nil
		}
		_, word, err = l.Next()
		if err != nil {
			return err
		}
		if word != "stream" {
			return nil
		}
		// The keyword ends with a line feed, with a return before it or not.
		if l.Pos+1 >= len(l.Data) {
			return errShort
		}
		if l.Data[l.Pos] == '\r' {
			l.Pos++
		}
		if l.Data[l.Pos] == '\n' {
			l.Pos++
		}
		out = &Stream{Dict: dict, file: f, offset: offset + int64(l.Pos)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if s, ok := out.(*Stream); ok {
		return s, f.measure(s)
	}
	return out, nil
}

// measure finds a stream's length. One that does not end where it says is read
// up to the next "endstream", as other readers do.
func (f *File) measure(s *Stream) error {
	o, err := f.Resolve(s.Dict["Length"])
	if err != nil {
		return err
	}
	if n, ok := Int(o); ok && n >= 0 && s.offset+int64(n) <= f.size {
		s.length = int64(n)
		after, err := f.bytes(s.offset+s.length, 32)
		if err != nil {
			return err
		}
		if bytes.HasPrefix(bytes.TrimLeft(after, "\r\n \t\x00"), endStream) {
			return nil
		}
	}
	return f.search(s)
}

var endStream = []byte("endstream")

// search finds where a stream ends by the keyword.
func (f *File) search(s *Stream) error {
	const piece = 1 << 16
	for at := s.offset; at < f.size && at < s.offset+MaxDecoded; at += piece {
		// Pieces overlap by the keyword and the end of the line before it.
		b, err := f.bytes(at, piece+len(endStream)+2)
		if err != nil {
			return err
		}
		if i := bytes.Index(b, endStream); i >= 0 {
			if i > 0 && b[i-1] == '\n' {
				i--
			}
			if i > 0 && b[i-1] == '\r' {
				i--
			}
			s.length = at + int64(i) - s.offset
			return nil
		}
	}
	return damaged("the stream at offset %d does not end", s.offset)
}

// Resolve follows references to what they lead to.
func (f *File) Resolve(o Object) (Object, error) {
	for range 32 {
		ref, ok := o.(Ref)
		if !ok {
			return o, nil
		}
		var err error
		if o, err = f.Get(ref); err != nil {
			return nil, err
		}
	}
	return nil, damaged("references that lead in a circle")
}

// Dict resolves to a dictionary; of anything else it is nil. A stream gives its
// own.
func (f *File) Dict(o Object) (Dict, error) {
	o, err := f.Resolve(o)
	switch o := o.(type) {
	case Dict:
		return o, err
	case *Stream:
		return o.Dict, err
	}
	return nil, err
}

// packed reads an object of an object stream.
func (f *File) packed(within, index, number int) (Object, error) {
	s, err := f.objectStream(within)
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= len(s.at) || s.names[index] != number {
		return nil, damaged("object %d is not in object stream %d", number, within)
	}
	l := Lexer{Data: s.data, Pos: s.at[index]}
	o, word, err := l.Next()
	if err != nil || word != "" {
		return nil, damaged("object %d in object stream %d", number, within)
	}
	return o, nil
}

func (f *File) objectStream(number int) (*objectStream, error) {
	for i := range f.streams {
		if f.streams[i].number == number {
			return &f.streams[i], nil
		}
	}
	e, ok := f.where[number]
	if !ok || e.within > 0 {
		return nil, damaged("object stream %d is not there", number)
	}
	o, err := f.at(e.offset, Ref{number, e.generation})
	if err != nil {
		return nil, err
	}
	stream, ok := o.(*Stream)
	if !ok {
		return nil, damaged("object %d is no object stream", number)
	}
	s := objectStream{number: number}
	if s.data, err = stream.Decode(); err != nil {
		return nil, err
	}
	n, ok1 := Int(stream.Dict["N"])
	first, ok2 := Int(stream.Dict["First"])
	if !ok1 || !ok2 || n < 0 || first < 0 || first > len(s.data) || n > first {
		return nil, damaged("object stream %d has no index", number)
	}
	l := Lexer{Data: s.data[:first], Content: true}
	for range n {
		a, _, err1 := l.Next()
		b, _, err2 := l.Next()
		name, ok1 := Int(a)
		at, ok2 := Int(b)
		if err1 != nil || err2 != nil || !ok1 || !ok2 || at < 0 || at > len(s.data)-first {
			return nil, damaged("object stream %d has a broken index", number)
		}
		s.names, s.at = append(s.names, name), append(s.at, first+at)
	}
	if len(f.streams) >= keptStreams {
		f.streams = f.streams[1:]
	}
	f.streams = append(f.streams, s)
	return &f.streams[len(f.streams)-1], nil
}

// Version returns the version in the file's head, such as "1.4".
func (f *File) Version() string {
	head, err := f.bytes(0, 1024)
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(head), "%PDF-")
	if len(rest) < 3 {
		return ""
	}
	return rest[:3]
}
