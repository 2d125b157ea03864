// Package pdffile reads the objects of a PDF file one at a time, as they are
// asked for, and appends a revision to the file (ISO 32000-1, 7.5.6): changed
// and new objects after the bytes that were there, which stay as they are.
//
// That is what laying text over a scan needs. Libraries that rewrite a PDF hold
// the whole file, give every object a new place, and with that break electronic
// signatures; here a file of 500 MB is appended to in the memory of a page, and
// a signature made before still covers the bytes that it covered.
//
// It reads no more than that takes. Files that it does not understand are
// refused with [ErrDamaged], [ErrEncrypted] or [ErrUnsupported], never guessed
// at. All of it is bounded: nesting, sizes, chains of references.
package pdffile

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Errors of reading; what went wrong is in the text around them.
var (
	ErrDamaged     = errors.New("damaged pdf")
	ErrEncrypted   = errors.New("encrypted pdf")
	ErrUnsupported = errors.New("not supported in a pdf") // a filter, for the most part
	ErrLimit       = errors.New("pdf over a limit")
)

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// Object is a [Name], [Ref], [Dict], [Array], [*Stream], or [Raw] for
// everything else. A nil Object is null.
type Object any

// Name is a name without its slash, #-escapes resolved.
type Name string

// Ref is a reference to an object.
type Ref struct{ Number, Generation int }

// Raw is a number, a string, true or false as the file has it: what is only
// copied need not be understood.
type Raw string

// Dict is a dictionary. It is written in the order of its keys.
type Dict map[Name]Object

// Array is an array.
type Array []Object

// Stream is a stream of the file, read when it is asked for.
type Stream struct {
	Dict   Dict
	file   *File
	offset int64
	length int64
}

// Write writes an object as a file has it. Streams are written by a
// [Revision] only.
func Write(w *bytes.Buffer, o Object) {
	switch o := o.(type) {
	case nil:
		w.WriteString("null")
	case Name:
		writeName(w, o)
	case Ref:
		fmt.Fprintf(w, "%d %d R", o.Number, o.Generation)
	case Raw:
		w.WriteString(string(o))
	case int:
		fmt.Fprintf(w, "%d", o)
	case Array:
		w.WriteByte('[')
		for i, v := range o {
			if i > 0 {
				w.WriteByte(' ')
			}
			Write(w, v)
		}
		w.WriteByte(']')
	case Dict:
		w.WriteString("<<")
		for _, k := range slices.Sorted(maps.Keys(o)) {
			writeName(w, k)
			w.WriteByte(' ')
			Write(w, o[k])
		}
		w.WriteString(">>")
	default:
		panic(fmt.Sprintf("pdffile: no way to write a %T", o))
	}
}

func writeName(w io.ByteWriter, n Name) {
	w.WriteByte('/')
	for _, c := range []byte(n) {
		if c <= ' ' || c > '~' || c == '#' || delimiter(c) {
			const digits = "0123456789ABCDEF"
			w.WriteByte('#')
			w.WriteByte(digits[c>>4])
			c = digits[c&15]
		}
		w.WriteByte(c)
	}
}

// Text makes a text string: in UTF-16 with its mark, which every reader
// understands, unless all of it is ASCII.
func Text(s string) Raw {
	var b bytes.Buffer
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] >= ' ' && s[i] <= '~'
	}
	if ascii {
		b.WriteByte('(')
		for _, c := range []byte(s) {
			if c == '(' || c == ')' || c == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		}
		b.WriteByte(')')
		return Raw(b.String())
	}
	b.WriteString("<FEFF")
	for _, u := range utf16Of(s) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteByte('>')
	return Raw(b.String())
}

// Hex makes a string of bytes.
func Hex(b []byte) Raw { return Raw("<" + hex.EncodeToString(b) + ">") }
