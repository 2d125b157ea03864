package extract

import (
	"strings"
	"unicode/utf8"
)

// What stands behind a table before the foot: the paragraph that closes the document. The
// rules for official documents have it end with "./.", which nothing else does.

// Bounds of a closing paragraph: how many lines it may have, how many characters lines
// have that are none of a cell, and how many letters it has at least.
const (
	closingLines   = 16
	wideLine       = 45
	closingLetters = 12
)

// closing finds where the paragraph begins that closes the document between lines from and
// to; it returns to when there is none.
func (b *builder) closing(from, to int) int {
	for i := from; i < to; i++ {
		if !closes(b.lines[i].text) {
			continue
		}
		if at, ok := b.closingFrom(from, i); ok && (b.wide(at, i) || b.onlyNumbers(i+1, to)) {
			return at
		}
	}
	return to
}

// closes reports whether a line ends as the last of a document does.
func closes(text string) bool {
	return strings.HasSuffix(strings.TrimRight(text, " "), "/.") && !strings.Contains(text, "|")
}

// closingFrom finds the first line of the paragraph that ends with line end: white stands
// above it, and it begins a sentence. No line of it is parted by rules.
func (b *builder) closingFrom(from, end int) (at int, ok bool) {
	length := 0
	for i := end; i >= from && i > end-closingLines; i-- {
		l := &b.lines[i]
		if pageNumber(l.text) && i < end {
			continue
		}
		if strings.Contains(l.text, "|") || b.headLines[i] {
			return 0, false
		}
		length += letters(l.text)
		if l.gap && startsUpper(l.text) && (i == from || !runsOn(b.lines[i-1].text, l.text)) {
			return i, length >= closingLetters
		}
	}
	return 0, false
}

// wide reports whether the lines from at to end are longer than those of cells: all but
// the last, which ends where the sentence does.
func (b *builder) wide(at, end int) bool {
	for i := at; i < max(end, at+1); i++ {
		if !pageNumber(b.lines[i].text) && utf8.RuneCountInString(b.lines[i].text) < wideLine {
			return false
		}
	}
	return true
}

// onlyNumbers reports whether nothing but numbers of pages stands on the lines from to to.
func (b *builder) onlyNumbers(from, to int) bool {
	for i := from; i < to; i++ {
		if !pageNumber(b.lines[i].text) {
			return false
		}
	}
	return true
}
