package extract

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Draft writes a profile for a table with a known grid that no profile fits, as
// YAML that [ParseProfile] reads: its heads as they stand there, with a type for
// each column that its cells suggest. It is a beginning: names of fields are
// made of the heads' words, and what the columns are called elsewhere only
// people know.
func Draft(t *schema.Table) string {
	heads := tableHeads(t)
	title := titleOfDraft(t, heads)
	var b strings.Builder
	b.WriteString("name: my-report\nkind: record\nabout: \"\"\ncolumns:\n")
	taken := make(map[string]int)
	for c, head := range heads {
		name, kind := fieldName(head), columnType(t, c)
		if name == "" {
			name = "column_" + strconv.Itoa(c+1)
		}
		switch {
		case kind == TypeOrdinal, c == 0 && numberHeads[lettersDigits(head)]:
			name, kind = "number", TypeOrdinal
		case c == title:
			kind = TypeTitle
		}
		if taken[name]++; taken[name] > 1 {
			name += "_" + strconv.Itoa(taken[name])
		}
		if head == "" {
			head = "?"
		}
		fmt.Fprintf(&b, "  - field: %s\n    type: %s\n    heads: [%s]\n", name, kind, strconv.Quote(head))
		if c == title {
			b.WriteString("    required: true\n")
		}
	}
	return b.String()
}

// numberHeads say that a first column numbers the rows, whatever group rows and
// numbers that were not read hold in it.
var numberHeads = map[string]bool{"tt": true, "stt": true, "sott": true, "sothutu": true}

// titleOfDraft returns the column that tells the rows apart: the first with
// texts of several words.
func titleOfDraft(t *schema.Table, heads []string) int {
	for c := range heads {
		if columnType(t, c) != TypeText {
			continue
		}
		words, n := 0, 0
		eachCell(t, c, func(text string) {
			words += len(strings.Fields(text))
			n++
		})
		if n > 0 && words >= 2*n {
			return c
		}
	}
	return -1
}

const digitSigns = "0123456789"

// columnType guesses from its cells what a column holds; four in five must
// agree.
func columnType(t *schema.Table, c int) ColumnType {
	var n, ordinals, counts, days, shares int
	next := 1
	eachCell(t, c, func(text string) {
		n++
		if v, ok := field.Ordinal(text); ok && v <= next+1 && v >= next-1 {
			ordinals++
			next = v + 1
		}
		if _, ok := readCount(text); ok && !strings.Contains(text, "%") {
			counts++
		}
		// A number may be a year, and "5/12" a share.
		if d, ok := field.CellTime(text); ok && d.Clean && strings.Trim(text, digitSigns) != "" || field.Recurring(text) {
			days++
		}
		if strings.HasSuffix(text, "%") && letters(text) == 0 {
			shares++
		}
	})
	most := func(k int) bool { return n > 0 && 5*k >= 4*n }
	switch {
	case c == 0 && most(ordinals):
		return TypeOrdinal
	case most(days):
		return TypeDate
	case most(shares):
		return TypePercent
	case most(counts):
		return TypeCount
	}
	return TypeText
}

// eachCell calls f with the texts of a column's cells that are not empty and
// span no other column.
func eachCell(t *schema.Table, c int, f func(text string)) {
	for _, row := range t.Rows {
		at := 0
		for i := range row {
			if text := strings.TrimSpace(row[i].Text); at == c && row[i].ColSpan <= 1 && text != "" {
				f(text)
			}
			at += max(row[i].ColSpan, 1)
		}
	}
}

// fieldName makes a name of a head's words: "Số ngày" becomes "so_ngay".
func fieldName(head string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(normalize.Fold(head)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	name := strings.Trim(b.String(), "_")
	if len(name) > 32 {
		name = strings.Trim(name[:32], "_")
	}
	return name
}
