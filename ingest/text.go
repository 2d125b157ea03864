package ingest

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/sohoa/sohoa/schema"
)

// textFile is a plain text, cut into pages.
type textFile [][]schema.Line

func openText(f *os.File, size int64, limits Limits) (pages, error) {
	if size > limits.TextBytes {
		return nil, fault(ErrLimit, nil, "a text of %s, %s allowed", megabytes(size), megabytes(limits.TextBytes))
	}
	b, err := io.ReadAll(io.NewSectionReader(f, 0, size))
	if err != nil {
		return nil, fault(ErrNoAccess, err, "")
	}
	t := textFile(splitText(decodeText(b)))
	switch {
	case len(t) == 0:
		return nil, fault(ErrEmpty, nil, "there are only blanks in it")
	case len(t) > limits.Pages:
		return nil, fault(ErrLimit, nil, "%d pages, %d allowed", len(t), limits.Pages)
	}
	return t, nil
}

func (t textFile) count() int   { return len(t) }
func (t textFile) close() error { return nil }

func (t textFile) page(_ context.Context, n int) (PageInput, error) {
	return PageInput{Source: schema.FromText, Lines: t[n-1]}, nil
}

// looksLikeText tells text from other bytes by the start of a file: text has a
// byte order mark, or no control characters but those of lines.
func looksLikeText(head []byte) bool {
	if _, ok := utf16Order(head); ok || bytes.HasPrefix(head, bom8) {
		return true
	}
	for _, c := range head {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\v' && c != 0x1a && c != 0x1b {
			return false
		}
	}
	return true
}

var bom8 = []byte("\xef\xbb\xbf")

// utf16Order tells the byte order of UTF-16 text: by its mark, or because most
// bytes in the even or the odd places are zero, as in text that is mostly
// Latin.
func utf16Order(b []byte) (binary.ByteOrder, bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return binary.LittleEndian, true
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return binary.BigEndian, true
	}
	if len(b) < 8 {
		return nil, false
	}
	var zeros [2]int
	for i, c := range b {
		if c == 0 {
			zeros[i%2]++
		}
	}
	half := len(b) / 2
	switch {
	case zeros[1] > half/2 && zeros[0] == 0:
		return binary.LittleEndian, true
	case zeros[0] > half/2 && zeros[1] == 0:
		return binary.BigEndian, true
	}
	return nil, false
}

// decodeText turns the bytes of a text file into a string that is valid UTF-8.
// Bytes that are no UTF-8 pass as the characters that Windows-1252 gives them:
// texts in TCVN3 and VNI then look as they do in every other program, which is
// the form in which package normalize knows them, and a stray byte in UTF-8
// harms itself alone.
func decodeText(b []byte) string {
	if order, ok := utf16Order(b[:min(len(b), sniffLen)]); ok {
		u := make([]uint16, len(b)/2)
		for i := range u {
			u[i] = order.Uint16(b[2*i:])
		}
		return strings.TrimPrefix(string(utf16.Decode(u)), "\ufeff")
	}
	b = bytes.TrimPrefix(b, bom8)
	if utf8.Valid(b) {
		return string(b)
	}
	var s strings.Builder
	s.Grow(len(b) + len(b)/4)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(b[0])
		}
		s.WriteRune(r)
		b = b[n:]
	}
	return s.String()
}

// pageGap is the run of empty lines that parts two pages in texts that OCR
// programs write without form feeds.
const pageGap = 4

// splitText cuts a text into pages of lines of words. A form feed ends a page,
// and so does a run of pageGap empty lines. Pages without a word are dropped.
// Lines without words are not listed; the numbers of the others tell where
// they stood.
func splitText(s string) [][]schema.Line {
	var out [][]schema.Line
	var page []schema.Line
	end := func() {
		if len(page) > 0 {
			onlyBesideColumns(page)
			out = append(out, page)
			page = nil
		}
	}
	number, empty := 0, 0
	for line := range lines(s) {
		number++
		for i, part := range strings.Split(line, "\f") {
			if i > 0 {
				end()
			}
			words := strings.Fields(part)
			if len(words) == 0 {
				continue
			}
			if empty >= pageGap {
				end()
			}
			empty = 0
			l := schema.Line{Number: number, Words: make([]schema.Word, len(words))}
			for i, w := range words {
				l.Words[i] = schema.Word{Text: w, Raw: w, Confidence: 1}
			}
			markApart(part, l.Words)
			page = append(page, l)
		}
		if strings.TrimSpace(line) == "" {
			empty++
		}
	}
	end()
	return out
}

// markApart notes where the words of a line begin, and those before which a tab or several
// blanks stand.
func markApart(line string, words []schema.Word) {
	at, column := 0, 0 // byte and character behind the word before
	for i := range words {
		from := at + strings.Index(line[at:], words[i].Raw)
		white := line[at:from]
		words[i].Apart = i > 0 && (len([]rune(white)) > 1 || white == "\t")
		for _, r := range white {
			if column++; r == '\t' {
				column += (tabWidth - column%tabWidth) % tabWidth
			}
		}
		words[i].Column = column + 1
		column += printedWidth(words[i].Raw)
		at = from + len(words[i].Raw)
	}
}

// tabWidth is how many characters apart tabs stop.
const tabWidth = 8

// printedWidth counts the characters of a word; marks stand on those before them.
func printedWidth(s string) (n int) {
	for _, r := range s {
		if !unicode.Is(unicode.Mn, r) {
			n++
		}
	}
	return n
}

// onlyBesideColumns forgets where words begin on a page that has no columns.
func onlyBesideColumns(page []schema.Line) {
	for i := range page {
		if slices.ContainsFunc(page[i].Words, func(w schema.Word) bool { return w.Apart }) {
			return
		}
	}
	for i := range page {
		for k := range page[i].Words {
			page[i].Words[k].Column = 0
		}
	}
}

// lines yields the lines of a text without their ends: \n, \r\n or \r.
func lines(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for len(s) > 0 {
			i := strings.IndexAny(s, "\r\n")
			if i < 0 {
				yield(s)
				return
			}
			n := 1
			if s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n' {
				n = 2
			}
			if !yield(s[:i]) {
				return
			}
			s = s[i+n:]
		}
	}
}
