package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// EncodeCSV writes the records as CSV (RFC 4180, UTF-8 with a byte order mark,
// without which Excel breaks Vietnamese letters). Kinds with different columns
// follow one another, each under its own head.
func EncodeCSV(w io.Writer, doc *schema.Document) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	for _, s := range sheets(doc) {
		head := append([]string{"document", "kind", "id", "group_number", "group_name"}, s.fields...)
		if err := c.Write(append(head, "page", "confidence", "needs_review")); err != nil {
			return err
		}
		for _, r := range s.rows {
			number, name := groupOf(r)
			row := []string{doc.Source.Name, r.Kind, r.ID, number, name}
			for _, f := range s.fields {
				row = append(row, plain(r.Fields[f]))
			}
			confidence, review := lowest(r)
			row = append(row, fmt.Sprint(firstPage(r)), fmt.Sprintf("%.3f", confidence), fmt.Sprint(review))
			for i := range row {
				row[i] = inert(row[i])
			}
			if err := c.Write(row); err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}

// inert puts an apostrophe before text that a spreadsheet would run as a
// formula (OWASP, "CSV injection"). Plain negative numbers stay.
func inert(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if rest := strings.TrimLeft(s, "-"); rest == "" || len(s)-len(rest) == 1 && strings.Trim(rest, "0123456789.,") == "" {
		return s
	}
	return "'" + s
}
