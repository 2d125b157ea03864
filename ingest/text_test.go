package ingest

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/sohoa/sohoa/schema"
)

func utf16Bytes(s string, order binary.AppendByteOrder, bom bool) []byte {
	var b []byte
	if bom {
		b = order.AppendUint16(b, 0xfeff)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func TestDecodeText(t *testing.T) {
	const text = "Báo cáo kết quả, số liệu năm 2025"
	for _, c := range []struct {
		name string
		in   []byte
		want string
	}{
		{"plain", []byte(text), text},
		{"mark", append([]byte("\xef\xbb\xbf"), text...), text},
		{"little endian", utf16Bytes(text, binary.LittleEndian, true), text},
		{"big endian", utf16Bytes(text, binary.BigEndian, true), text},
		{"little endian, no mark", utf16Bytes(text, binary.LittleEndian, false), text},
		{"TCVN3", []byte("C\xb8c \xae\xacn v\xde"), "C¸c ®¬n vÞ"},
		{"VNI", []byte("Ca\xf9c \xf1\xf4n v\xf2"), "Caùc ñôn vò"},
		{"one stray byte", []byte("tỉnh \xe1 xã"), "tỉnh á xã"},
		{"cut in a letter", []byte("tỉnh\xe1\xbb"), "tỉnhá»"},
		{"nothing", nil, ""},
	} {
		if got := decodeText(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSplitText(t *testing.T) {
	type page []int // numbers of its lines
	for _, c := range []struct {
		name, in string
		want     []page
	}{
		{"one page", "a\nb\n\n\n\nc\n", []page{{1, 2, 6}}},
		{"four empty lines", "a\n\n\n\n\nb", []page{{1}, {6}}},
		{"more, with blanks", "a\n \n\t\n\n\n\n\nb", []page{{1}, {8}}},
		{"form feeds", "a\fb\n\fc\n\f\n", []page{{1}, {1}, {2}}},
		{"form feed at a line's start", "a\n\fb\nc", []page{{1}, {2, 3}}},
		{"line ends of three kinds", "a\r\nb\rc\n", []page{{1, 2, 3}}},
		{"windows, empty lines", "a\r\n\r\n\r\n\r\n\r\nb", []page{{1}, {6}}},
		{"empty lines before", "\n\n\n\n\na", []page{{6}}},
		{"blank", " \n\f\n", nil},
	} {
		var got []page
		for _, p := range splitText(c.in) {
			var numbers page
			for _, l := range p {
				numbers = append(numbers, l.Number)
			}
			got = append(got, numbers)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: lines %v, want %v", c.name, got, c.want)
		}
	}
	l := splitText("  Số:  12/BC\t(2025) ")[0][0]
	if got := schema.RawOf([]schema.Line{l}, ""); got != "Số: 12/BC (2025)" || l.Words[0].Confidence != 1 {
		t.Errorf("words %q, %+v", got, l.Words[0])
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("a\n\n\n\n\nb\fc"))
	f.Add(utf16Bytes("số", binary.LittleEndian, true))
	f.Add([]byte("\xff\xfe\x00"))
	f.Add([]byte("C\xb8c \xae\xacn v\xde\r\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := decodeText(b)
		if !utf8.ValidString(s) {
			t.Fatalf("%q is no UTF-8", s)
		}
		if utf8.Valid(b) && !bytes.HasPrefix(b, bom8) {
			if _, ok := utf16Order(b); !ok && s != string(b) {
				t.Fatalf("valid text was changed: %q to %q", b, s)
			}
		}
		words, last := 0, 0
		for _, p := range splitText(s) {
			if len(p) == 0 {
				t.Fatal("an empty page")
			}
			for _, l := range p {
				words += len(l.Words)
				if l.Number < last || l.Number == 0 {
					t.Fatalf("line %d after line %d", l.Number, last)
				}
				last = l.Number
			}
		}
		if n := len(strings.Fields(s)); n != words {
			t.Fatalf("%d words went in, %d came out", n, words)
		}
	})
}

// White as wide as between columns is noted, whether blanks or a tab make it.
func TestWhiteBetweenColumns(t *testing.T) {
	pages := splitText("1   Lò gốm\tSở Công Thương  12\nmột câu văn thường\n   lùi vào đầu dòng\n")
	var apart []string
	for _, l := range pages[0] {
		for _, w := range l.Words {
			if w.Apart {
				apart = append(apart, w.Raw)
			}
		}
	}
	if got := strings.Join(apart, " "); got != "Lò Sở 12" {
		t.Errorf("apart: %q", got)
	}
	var columns []int
	for _, w := range pages[0][0].Words {
		columns = append(columns, w.Column)
	}
	if want := []int{1, 5, 8, 17, 20, 25, 33}; !reflect.DeepEqual(columns, want) {
		t.Errorf("words begin at %v, want %v", columns, want)
	}
	if w := splitText("một câu văn thường\n")[0][0].Words[1]; w.Column != 0 {
		t.Errorf("a page without columns keeps where words begin: %d", w.Column)
	}
}
