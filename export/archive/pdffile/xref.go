package pdffile

import (
	"errors"
)

// sections reads the chain of tables of objects, the newest first: what a newer
// one says of an object holds. The chain of a bad file may lead in a circle.
func (f *File) sections(offset int64) error {
	seen := map[int64]bool{}
	queue := []int64{offset}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if seen[at] {
			continue
		}
		if seen[at] = true; len(seen) > maxSections {
			return ErrLimit
		}
		trailer, stream, err := f.section(at)
		if err != nil {
			return err
		}
		if f.Trailer == nil {
			f.Trailer, f.XRefStream = trailer, stream
		}
		// A hybrid file has a stream beside its table, which goes before older ones.
		for _, key := range []Name{"XRefStm", "Prev"} {
			if n, ok := Int(trailer[key]); ok {
				queue = append(queue, int64(n))
			}
		}
	}
	return nil
}

func (f *File) add(number int, e entry) error {
	if number < 0 || number >= maxObjects {
		return damaged("an object with the number %d", number)
	}
	if _, newer := f.where[number]; !newer {
		f.where[number] = e
	}
	f.objects = max(f.objects, number+1)
	return nil
}

// section reads one table, with its trailer.
func (f *File) section(offset int64) (trailer Dict, stream bool, err error) {
	err = f.window(offset, func(l *Lexer) error {
		save := l.Pos
		_, word, err := l.Next()
		if err != nil {
			return err
		}
		if word != "xref" {
			l.Pos, stream = save, true
			return nil
		}
		trailer, err = f.table(l)
		return err
	})
	if err != nil || !stream {
		return trailer, false, err
	}
	return f.streamTable(offset)
}

// table reads the rest of a table in text form. Entries go into the file only
// when all of it was there, as it may be read again with more bytes.
func (f *File) table(l *Lexer) (Dict, error) {
	type numbered struct {
		number int
		entry
	}
	var found []numbered
	integer := func() (int, string, error) {
		o, word, err := l.Next()
		if err != nil || word != "" {
			return 0, word, err
		}
		n, ok := Int(o)
		if !ok {
			return 0, "", damaged("a table of objects that is none")
		}
		return n, "", nil
	}
	l.Content = true // "0 0 R" cannot follow
	for {
		first, word, err := integer()
		if err != nil {
			return nil, err
		}
		if word == "trailer" {
			break
		}
		count, word2, err := integer()
		if err != nil {
			return nil, err
		}
		if word+word2 != "" || count < 0 || count > maxObjects {
			return nil, damaged("a table of objects that is none")
		}
		for i := range count {
			at, w1, err1 := integer()
			generation, w2, err2 := integer()
			if err := errors.Join(err1, err2); err != nil {
				return nil, err
			}
			_, kind, err := l.Next()
			if err != nil {
				return nil, err
			}
			if w1+w2 != "" || kind != "n" && kind != "f" {
				return nil, damaged("a table of objects that is none")
			}
			if kind == "n" {
				found = append(found, numbered{first + i, entry{offset: int64(at), generation: generation}})
			} else {
				found = append(found, numbered{first + i, entry{offset: -1, generation: -1}})
			}
		}
	}
	l.Content = false
	o, _, err := l.Next()
	if err != nil {
		return nil, err
	}
	trailer, ok := o.(Dict)
	if !ok {
		return nil, damaged("no trailer")
	}
	for _, n := range found {
		if err := f.add(n.number, n.entry); err != nil {
			return nil, err
		}
	}
	return trailer, nil
}

// streamTable reads a table in stream form (ISO 32000-1, 7.5.8).
func (f *File) streamTable(offset int64) (Dict, bool, error) {
	s, err := f.streamAt(offset)
	if err != nil {
		return nil, false, err
	}
	data, err := s.Decode()
	if err != nil {
		return nil, false, err
	}
	w, err := fieldWidths(s.Dict)
	if err != nil {
		return nil, false, err
	}
	size, _ := Int(s.Dict["Size"])
	index, ok := s.Dict["Index"].(Array)
	if !ok {
		index = Array{0, size}
	}
	row := w[0] + w[1] + w[2]
	for ; len(index) >= 2; index = index[2:] {
		first, _ := Int(index[0])
		count, _ := Int(index[1])
		for i := 0; i < count && len(data) >= row; i++ {
			e, err := streamEntry(data[:row], w)
			if err != nil {
				return nil, false, err
			}
			if err := f.add(first+i, e); err != nil {
				return nil, false, err
			}
			data = data[row:]
		}
	}
	return s.Dict, true, nil
}

// streamAt reads the stream whose object begins at an offset, whatever its
// number.
func (f *File) streamAt(offset int64) (*Stream, error) {
	var ref Ref
	err := f.window(offset, func(l *Lexer) error {
		l.Content = true
		a, _, err1 := l.Next()
		b, _, err2 := l.Next()
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		number, ok1 := Int(a)
		generation, ok2 := Int(b)
		if !ok1 || !ok2 {
			return damaged("no table of objects at offset %d", offset)
		}
		ref = Ref{number, generation}
		return nil
	})
	if err != nil {
		return nil, err
	}
	o, err := f.at(offset, ref)
	if err != nil {
		return nil, err
	}
	s, ok := o.(*Stream)
	if !ok {
		return nil, damaged("no table of objects at offset %d", offset)
	}
	return s, nil
}

// fieldWidths tells of how many bytes each field of an entry is.
func fieldWidths(d Dict) (w [3]int, err error) {
	widths, _ := d["W"].(Array)
	if len(widths) < len(w) {
		return w, damaged("a table of objects without widths")
	}
	for i := range w {
		n, ok := Int(widths[i])
		if !ok || n < 0 || n > 8 {
			return w, damaged("a table of objects with wrong widths")
		}
		w[i] = n
	}
	if w == [3]int{} {
		return w, damaged("a table of objects with wrong widths")
	}
	return w, nil
}

// streamEntry reads an entry with fields of the widths w.
func streamEntry(data []byte, w [3]int) (entry, error) {
	var v [3]int64
	for k, n := range w {
		for _, c := range data[:n] {
			v[k] = v[k]<<8 | int64(c)
		}
		data = data[n:]
	}
	if w[0] == 0 {
		v[0] = 1 // the kind that is meant where none is given
	}
	switch v[0] {
	case 1:
		return entry{offset: v[1], generation: int(v[2])}, nil
	case 2:
		if v[1] <= 0 || v[1] >= maxObjects {
			return entry{}, damaged("an object in object stream %d", v[1])
		}
		return entry{within: int(v[1]), index: int(v[2])}, nil
	}
	return entry{offset: -1, generation: -1}, nil
}
