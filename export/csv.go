package export

import (
	"bufio"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// csvEncoder writes CSV (RFC 4180): one head, a line a record, CRLF. Kinds
// with different columns share the table; the column "kind" tells them apart.
type csvEncoder struct {
	w    *bufio.Writer
	set  Settings
	rows spool
}

func newCSV(w io.Writer, set Settings) *csvEncoder {
	if set.Comma == 0 {
		set.Comma = ','
	}
	return &csvEncoder{w: bufio.NewWriter(w), set: set}
}

// Add implements [Encoder].
func (e *csvEncoder) Add(doc *Stored) error {
	for _, r := range rows(doc, e.set) {
		if err := e.rows.add(newTableRow(r)); err != nil {
			return err
		}
	}
	return nil
}

// Close implements [Encoder].
func (e *csvEncoder) Close() (err error) {
	defer func() {
		if cerr := e.rows.close(); err == nil {
			err = cerr
		}
	}()
	if e.set.BOM {
		if _, err := e.w.WriteString("\ufeff"); err != nil {
			return err
		}
	}
	WriteCSV(e.w, e.set.Comma, e.rows.head())
	line := make([]string, 0, 64)
	if err := e.rows.each(func(cells []cell) error {
		line = line[:0]
		for _, c := range cells {
			if c.Type == textCell || c.Type == linkCell {
				c.Text = Inert(c.Text)
			}
			line = append(line, c.Text)
		}
		WriteCSV(e.w, e.set.Comma, line)
		return nil
	}); err != nil {
		return err
	}
	return e.w.Flush()
}

// WriteCSV writes a line as RFC 4180 has it. The package encoding/csv would
// turn the line breaks within cells into its own. Characters that no text holds
// (NUL and other control characters) become U+FFFD. Errors show at w.Flush.
func WriteCSV(w *bufio.Writer, comma rune, cells []string) {
	for i, s := range cells {
		if i > 0 {
			w.WriteRune(comma)
		}
		s = printable(s)
		first, _ := utf8.DecodeRuneInString(s)
		last, _ := utf8.DecodeLastRuneInString(s)
		// A lone empty cell would be an empty line.
		if s == "" && len(cells) > 1 || s != "" && !strings.ContainsRune(s, comma) && !strings.ContainsAny(s, "\"\r\n\t;") && !unicode.IsSpace(first) && !unicode.IsSpace(last) {
			w.WriteString(s)
			continue
		}
		w.WriteByte('"')
		w.WriteString(strings.ReplaceAll(s, `"`, `""`))
		w.WriteByte('"')
	}
	w.WriteString("\r\n")
}

// printable replaces control characters, other than tab and line breaks, and
// broken UTF-8.
func printable(s string) string {
	bad := func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f || r == 0xfffe || r == 0xffff
	}
	if !strings.ContainsFunc(s, bad) && utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if bad(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

// Inert puts an apostrophe before text that a spreadsheet would run as a
// formula (OWASP, "CSV injection"): text that begins with = + - @, also in
// their full-width forms, or with a tab or line break, behind which a formula
// may stand. Plain negative numbers and dashes stay. Text that begins with an
// apostrophe gets another one, so that [Original] can take them away again.
func Inert(s string) string {
	first, _ := utf8.DecodeRuneInString(s)
	if s == "" || !strings.ContainsRune("=+-@\t\r\n'＝＋－＠", first) {
		return s
	}
	if rest := strings.TrimLeft(s, "-"); rest == "" || len(s)-len(rest) == 1 && strings.Trim(rest, "0123456789.,") == "" {
		return s
	}
	return "'" + s
}

// Original takes back what [Inert] did.
func Original(s string) string { return strings.TrimPrefix(s, "'") }

// valid replaces broken UTF-8, which the text columns of Parquet must not hold.
func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
