package pdffile

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf16"
)

// maxDepth bounds how deep arrays and dictionaries nest; real ones stay below ten.
const maxDepth = 64

// errShort reports that the bytes end within an object.
var errShort = errors.New("the bytes end within an object")

// Lexer takes objects and operators from bytes, of a file or of a content
// stream.
type Lexer struct {
	Data []byte
	Pos  int // where it has come to
	// Content tells that the bytes are a content stream, where no references
	// stand.
	Content bool
}

func white(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func regular(c byte) bool { return !white(c) && !delimiter(c) }

// space skips white space and comments.
func (l *Lexer) space() {
	for l.Pos < len(l.Data) {
		switch c := l.Data[l.Pos]; {
		case white(c):
			l.Pos++
		case c == '%':
			for l.Pos < len(l.Data) && l.Data[l.Pos] != '\n' && l.Data[l.Pos] != '\r' {
				l.Pos++
			}
		default:
			return
		}
	}
}

// Next takes the next thing: an object, or, with word not empty, an operator or
// another bare word such as "obj". At the end the error is errShort.
func (l *Lexer) Next() (o Object, word string, err error) { return l.next(0) }

func (l *Lexer) next(depth int) (Object, string, error) {
	if depth > maxDepth {
		return nil, "", damaged("objects nested more than %d deep", maxDepth)
	}
	l.space()
	if l.Pos >= len(l.Data) {
		return nil, "", errShort
	}
	switch c := l.Data[l.Pos]; c {
	case '/':
		return l.name(), "", nil
	case '(':
		o, err := l.literal()
		return o, "", err
	case '[':
		l.Pos++
		o, err := l.array(depth)
		return o, "", err
	case '<':
		if l.Pos+1 >= len(l.Data) {
			return nil, "", errShort
		}
		if l.Data[l.Pos+1] == '<' {
			l.Pos += 2
			o, err := l.dict(depth)
			return o, "", err
		}
		end := bytes.IndexByte(l.Data[l.Pos:], '>')
		if end < 0 {
			return nil, "", errShort
		}
		o := Raw(l.Data[l.Pos : l.Pos+end+1])
		l.Pos += end + 1
		return o, "", nil
	case ']', '>', ')', '{', '}':
		l.Pos++
		if c == '>' && l.Pos < len(l.Data) && l.Data[l.Pos] == '>' {
			l.Pos++
			return nil, ">>", nil
		}
		return nil, string(c), nil
	}
	start := l.Pos
	for l.Pos < len(l.Data) && regular(l.Data[l.Pos]) {
		l.Pos++
	}
	word := string(l.Data[start:l.Pos])
	switch c := word[0]; {
	case c >= '0' && c <= '9', c == '+', c == '-', c == '.':
		if n, ok := Int(Raw(word)); ok && n >= 0 && !l.Content {
			if ref, ok := l.reference(n); ok {
				return ref, "", nil
			}
		}
		return Raw(word), "", nil
	}
	switch word {
	case "true", "false":
		return Raw(word), "", nil
	case "null":
		return nil, "", nil
	}
	return nil, word, nil
}

// reference takes the rest of "12 0 R" when that is what follows.
func (l *Lexer) reference(number int) (Ref, bool) {
	save := l.Pos
	l.space()
	start := l.Pos
	for l.Pos < len(l.Data) && l.Data[l.Pos] >= '0' && l.Data[l.Pos] <= '9' {
		l.Pos++
	}
	generation, err := strconv.Atoi(string(l.Data[start:l.Pos]))
	if err == nil {
		l.space()
		if l.Pos < len(l.Data) && l.Data[l.Pos] == 'R' && (l.Pos+1 == len(l.Data) || !regular(l.Data[l.Pos+1])) {
			l.Pos++
			return Ref{number, generation}, true
		}
	}
	l.Pos = save
	return Ref{}, false
}

func (l *Lexer) name() Name {
	l.Pos++
	var b []byte
	for l.Pos < len(l.Data) && regular(l.Data[l.Pos]) {
		c := l.Data[l.Pos]
		if c == '#' && l.Pos+2 < len(l.Data) {
			if v, err := strconv.ParseUint(string(l.Data[l.Pos+1:l.Pos+3]), 16, 8); err == nil {
				c = byte(v)
				l.Pos += 2
			}
		}
		b = append(b, c)
		l.Pos++
	}
	return Name(b)
}

// literal takes a string in parentheses.
func (l *Lexer) literal() (Raw, error) {
	open := 0
	for i := l.Pos; i < len(l.Data); i++ {
		switch l.Data[i] {
		case '\\':
			i++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				o := Raw(l.Data[l.Pos : i+1])
				l.Pos = i + 1
				return o, nil
			}
		}
	}
	return "", errShort
}

func (l *Lexer) array(depth int) (Array, error) {
	out := Array{}
	for {
		o, word, err := l.next(depth + 1)
		switch {
		case err != nil:
			return nil, err
		case word == "]":
			return out, nil
		case word != "":
			return nil, damaged("%q in an array", word)
		}
		out = append(out, o)
	}
}

func (l *Lexer) dict(depth int) (Dict, error) {
	out := Dict{}
	for {
		key, word, err := l.next(depth + 1)
		if err != nil {
			return nil, err
		}
		if word == ">>" {
			return out, nil
		}
		name, ok := key.(Name)
		if !ok {
			return nil, damaged("a dictionary with a key that is no name")
		}
		value, word, err := l.next(depth + 1)
		switch {
		case err != nil:
			return nil, err
		case word == ">>": // a key without a value
			return out, nil
		case word != "":
			return nil, damaged("%q in a dictionary", word)
		}
		if value != nil {
			out[name] = value
		}
	}
}

// Int gives the value of a whole number.
func Int(o Object) (int, bool) {
	if n, ok := o.(int); ok {
		return n, true
	}
	r, ok := o.(Raw)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(string(r))
	return n, err == nil
}

// Float gives the value of a number.
func Float(o Object) (float64, bool) {
	if n, ok := o.(int); ok {
		return float64(n), true
	}
	r, ok := o.(Raw)
	if !ok || r == "" || !(r[0] >= '0' && r[0] <= '9' || r[0] == '-' || r[0] == '+' || r[0] == '.') {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(r), 64)
	return v, err == nil
}

func utf16Of(s string) []uint16 { return utf16.Encode([]rune(s)) }
