package pdffile

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
)

// Writer writes numbered objects and, at the end, the table of them: a whole
// file, or a revision of one.
type Writer struct {
	w       io.Writer
	sum     hash.Hash // of what was written, for the identifier
	offset  int64
	next    int
	entries map[int]entry
	base    *File // that this is a revision of; nil for a file of its own
	err     error
}

// NewWriter begins a file of its own, of PDF 1.7.
func NewWriter(w io.Writer) *Writer {
	p := &Writer{w: w, sum: sha256.New(), next: 1, entries: map[int]entry{}}
	// The comment's bytes tell programs that move files that this is no text.
	p.printf("%%PDF-1.7\n%%\xe2\xe3\xcf\xd3\n")
	return p
}

// NewRevision copies a file to w and begins a revision of it.
func NewRevision(w io.Writer, f *File) (*Writer, error) {
	p := &Writer{w: w, sum: sha256.New(), next: f.objects, entries: map[int]entry{}, base: f}
	n, err := io.Copy(w, io.NewSectionReader(f.r, 0, f.size))
	if err != nil {
		return nil, err
	}
	p.offset = n
	p.printf("\n")
	return p, nil
}

func (p *Writer) printf(format string, args ...any) { p.write(fmt.Appendf(nil, format, args...)) }

func (p *Writer) write(b []byte) {
	if p.err != nil {
		return
	}
	p.sum.Write(b)
	n, err := p.w.Write(b)
	p.offset += int64(n)
	p.err = err
}

// Reserve gives the number of an object that is written later.
func (p *Writer) Reserve() Ref {
	p.next++
	return Ref{p.next - 1, 0}
}

func (p *Writer) begin(ref Ref) {
	p.entries[ref.Number] = entry{offset: p.offset, generation: ref.Generation}
	p.printf("%d %d obj\n", ref.Number, ref.Generation)
}

// Put writes an object, new or changed.
func (p *Writer) Put(ref Ref, o Object) {
	var b bytes.Buffer
	Write(&b, o)
	p.begin(ref)
	p.write(b.Bytes())
	p.printf("\nendobj\n")
}

// Add writes a new object and gives its reference.
func (p *Writer) Add(o Object) Ref {
	ref := p.Reserve()
	p.Put(ref, o)
	return ref
}

// Copy writes a stream of length bytes, encoded as the dictionary says.
func (p *Writer) Copy(ref Ref, dict Dict, r io.Reader, length int64) {
	dict = maps.Clone(dict)
	dict["Length"] = Raw(fmt.Sprint(length))
	var b bytes.Buffer
	Write(&b, dict)
	p.begin(ref)
	p.write(b.Bytes())
	p.printf("\nstream\n")
	if p.err == nil {
		n, err := io.CopyN(io.MultiWriter(p.w, p.sum), r, length)
		p.offset += n
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		p.err = err
	}
	p.printf("\nendstream\nendobj\n")
}

// putStream writes a stream, deflated.
func (p *Writer) putStream(ref Ref, dict Dict, data []byte) {
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.BestCompression) // the level is a valid one
	z.Write(data)                                         // into memory: it cannot fail
	z.Close()
	dict = maps.Clone(dict)
	if dict == nil {
		dict = Dict{}
	}
	dict["Filter"] = Name("FlateDecode")
	delete(dict, "DecodeParms")
	p.Copy(ref, dict, &b, int64(b.Len()))
}

// AddStream writes a new stream, deflated, and gives its reference.
func (p *Writer) AddStream(dict Dict, data []byte) Ref {
	ref := p.Reserve()
	p.putStream(ref, dict, data)
	return ref
}

// Err returns the first error of writing.
func (p *Writer) Err() error { return p.err }

// Close writes the table of objects and the trailer, to which keys of extra are
// added. The file's identifier is made of what was written, so that the same
// input gives the same bytes; a revision keeps the first half of the one
// before.
func (p *Writer) Close(extra Dict) error {
	id := Raw("<" + hex.EncodeToString(p.sum.Sum(nil)[:16]) + ">")
	trailer := Dict{"ID": Array{id, id}}
	stream := false
	if p.base != nil {
		trailer["Prev"] = Raw(fmt.Sprint(p.base.last))
		for _, key := range []Name{"Root", "Info"} {
			if v := p.base.Trailer[key]; v != nil {
				trailer[key] = v
			}
		}
		if old, ok := p.base.Trailer["ID"].(Array); ok && len(old) == 2 {
			trailer["ID"] = Array{old[0], id}
		}
		stream = p.base.XRefStream
	}
	maps.Copy(trailer, extra)
	start := p.offset
	if stream {
		p.putTable(trailer)
	} else {
		p.printTable(trailer)
	}
	p.printf("startxref\n%d\n%%%%EOF\n", start)
	return p.err
}

// runs calls f for each run of objects with consecutive numbers.
func (p *Writer) runs(f func(numbers []int)) {
	all := slices.Sorted(maps.Keys(p.entries))
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n] == all[n-1]+1 {
			n++
		}
		f(all[:n])
		all = all[n:]
	}
}

func (p *Writer) printTable(trailer Dict) {
	p.printf("xref\n")
	if p.base == nil {
		p.entries[0] = entry{generation: 65535}
	}
	p.runs(func(numbers []int) {
		p.printf("%d %d\n", numbers[0], len(numbers))
		for _, n := range numbers {
			kind := 'n'
			if n == 0 {
				kind = 'f'
			}
			p.printf("%010d %05d %c \n", p.entries[n].offset, p.entries[n].generation, kind)
		}
	})
	trailer["Size"] = Raw(fmt.Sprint(p.next))
	var b bytes.Buffer
	Write(&b, trailer)
	p.printf("trailer\n%s\n", b.Bytes())
}

// putTable writes the table as a stream; it lists itself.
func (p *Writer) putTable(trailer Dict) {
	ref := p.Reserve()
	p.entries[ref.Number] = entry{offset: p.offset}
	var index Array
	var data []byte
	p.runs(func(numbers []int) {
		index = append(index, numbers[0], len(numbers))
		for _, n := range numbers {
			e := p.entries[n]
			data = append(data, 1, byte(e.offset>>32), byte(e.offset>>24), byte(e.offset>>16), byte(e.offset>>8), byte(e.offset),
				byte(e.generation>>8), byte(e.generation))
		}
	})
	trailer["Type"], trailer["W"], trailer["Index"] = Name("XRef"), Array{1, 5, 2}, index
	trailer["Size"] = Raw(fmt.Sprint(p.next))
	p.putStream(ref, trailer, data)
}
