package compare

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/sohoa/sohoa/export"
)

// Format is a form that a comparison is written in.
type Format string

// The forms.
const (
	Table Format = "table"
	JSON  Format = "json"
	CSV   Format = "csv"
	XLSX  Format = "xlsx"
	HTML  Format = "html"
)

// Formats lists the forms.
func Formats() []Format { return []Format{Table, CSV, XLSX, JSON, HTML} }

// MediaType is what HTTP calls the form.
func (f Format) MediaType() string {
	switch f {
	case JSON:
		return export.JSON.MediaType()
	case CSV:
		return export.CSV.MediaType()
	case XLSX:
		return export.XLSX.MediaType()
	case HTML:
		return "text/html; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}

// Writing says how a comparison is written.
type Writing struct {
	Say     Say  // nil says it in English
	Changes bool // CSV and table: what changed instead of the comparison
	BOM     bool // as in [export.Settings]
	Comma   rune // likewise
	Width   int  // table: columns of the terminal, so that wide comparisons are told in parts; 0 is endless
	Lang    string
}

// Write writes the comparison in the given form.
func (c *Comparison) Write(w io.Writer, f Format, set Writing) error {
	if set.Say == nil {
		set.Say = plainSay
	}
	switch f {
	case Table:
		return c.writeTable(w, set)
	case JSON:
		return c.writeJSON(w)
	case CSV:
		return c.writeCSV(w, set)
	case XLSX:
		return c.writeXLSX(w, set)
	case HTML:
		return c.writeHTML(w, set)
	}
	return fmt.Errorf("%w %q", export.ErrFormat, f)
}

// plainSay says words in English.
func plainSay(word string, args ...any) string {
	if len(args) == 0 {
		return word
	}
	return fmt.Sprintf(word, args...)
}

func (c *Comparison) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(c)
}

// cellColumns are the columns of the long form: a line a subject and column.
var cellColumns = []string{"kind", "ref", "number", "group", "subject", "province", "period", "reported", "status", "amount", "amounts_text"}
var cellTail = []string{"linked", "likeness", "unsure", "source", "page", "record", "ordinal", "title", "document", "version", "document_state", "document_number", "document_date", "link"}

// line is a line of the long form: strings, numbers as they are.
func (c *Comparison) line(r *Row, n int) []any {
	col := &c.Columns[n]
	cell := r.Cells[n]
	out := []any{c.Kind, r.Ref, r.Number, r.Group, r.Title, col.Label(), col.Period.Name, cell != nil}
	if cell == nil {
		for range 3 + len(c.Fields) + len(cellTail) {
			out = append(out, "")
		}
		return out
	}
	out = append(out, cell.Status)
	if cell.Amount != nil {
		out = append(out, export.Dong(*cell.Amount))
	} else {
		out = append(out, "")
	}
	out = append(out, cell.words())
	for _, v := range cell.Values {
		if v.Number != nil {
			out = append(out, *v.Number)
		} else {
			out = append(out, v.Text)
		}
	}
	s := cell.Sources[0]
	return append(out, string(cell.Linked), round3(cell.Likeness), strings.Join(cell.Unsure, "; "), s.Name, s.Page, s.Record, s.Ordinal, s.Title, s.Document, s.Version, s.State, s.Number, s.Date, s.Link)
}

func round3(v float64) float64 { return float64(int(v*1000+0.5)) / 1000 }

var changeColumns = []string{"province", "from", "to", "ref", "subject", "what", "fell_back", "unsure", "status_before", "status_after", "amount_before", "amount_after", "source_before", "page_before", "source_after", "page_after", "link_before", "link_after"}

func (c *Change) line() []any {
	var what []string
	for _, k := range c.What {
		what = append(what, string(k))
	}
	status := func(x *Cell) any {
		if x == nil {
			return ""
		}
		return x.Status
	}
	amount := func(x *Cell) any {
		if x == nil || x.Amount == nil {
			return ""
		}
		return export.Dong(*x.Amount)
	}
	source := func(x *Cell) Source {
		if x == nil {
			return Source{}
		}
		return x.Sources[0]
	}
	a, b := source(c.Before), source(c.After)
	return []any{c.Province, c.From.Name, c.To.Name, c.Ref, c.Title, strings.Join(what, "; "), c.Back, c.Unsure, status(c.Before), status(c.After), amount(c.Before), amount(c.After), a.Name, a.Page, b.Name, b.Page, a.Link, b.Link}
}

func (c *Comparison) writeCSV(w io.Writer, set Writing) error {
	if set.Comma == 0 {
		set.Comma = ','
	}
	b := bufio.NewWriter(w)
	if set.BOM {
		b.WriteString("\ufeff")
	}
	write := func(line []any) {
		cells := make([]string, len(line))
		for i, v := range line {
			switch v := v.(type) {
			case string:
				cells[i] = export.Inert(v)
			case float64:
				cells[i] = strconv.FormatFloat(v, 'f', -1, 64)
			case export.Dong:
				cells[i] = strconv.FormatInt(int64(v), 10)
			default:
				cells[i] = fmt.Sprint(v)
			}
		}
		export.WriteCSV(b, set.Comma, cells)
	}
	if set.Changes {
		export.WriteCSV(b, set.Comma, changeColumns)
		for i := range c.Changes {
			write(c.Changes[i].line())
		}
		return b.Flush()
	}
	export.WriteCSV(b, set.Comma, slices.Concat(cellColumns, c.Fields, cellTail))
	for i := range c.Rows {
		for n := range c.Columns {
			write(c.line(&c.Rows[i], n))
		}
	}
	return b.Flush()
}

// titleWidth is how many columns of a terminal a subject gets.
const titleWidth = 44

// writeTable writes the comparison for a terminal.
func (c *Comparison) writeTable(w io.Writer, set Writing) error {
	b := bufio.NewWriter(w)
	if set.Changes {
		c.writeChanges(b, set)
		return b.Flush()
	}
	table := [][]string{{"", set.Say("Subject")}}
	for n := range c.Columns {
		table[0] = append(table[0], c.Columns[n].label(set.Say))
	}
	for _, r := range c.Rows {
		line := []string{r.Number, clip(r.Title, titleWidth)}
		for _, cell := range r.Cells {
			line = append(line, cell.sign(c.Fields))
		}
		table = append(table, line)
	}
	for _, sum := range []struct {
		name string
		of   func(*Tally) string
	}{
		{"reported", func(t *Tally) string { return strconv.Itoa(t.Reported) }},
		{"completed", func(t *Tally) string { return strconv.Itoa(t.Statuses["completed"]) }},
		{"Amount (đồng)", func(t *Tally) string { return Dots(t.Amount) }},
		{"to check", func(t *Tally) string { return strconv.Itoa(t.Unsure) }},
	} {
		line := []string{"", set.Say(sum.name)}
		for n := range c.Columns {
			line = append(line, sum.of(&c.Columns[n].Tally))
		}
		table = append(table, line)
	}
	for _, part := range parts(table, 2, set.Width) {
		grid(b, part, 4)
		fmt.Fprintln(b)
	}
	fmt.Fprintln(b, set.Say("Subjects: %d. Reports: %d. Cells to check: %d.", len(c.Rows), c.reports(), c.unsure()))
	var legend []string
	for _, s := range []string{"completed", "in_progress", "not_started", "not_registered", "transferred", ""} {
		legend = append(legend, statusSigns[s]+" "+set.Say(statusWords[s]))
	}
	fmt.Fprintln(b, strings.Join(legend, "  "))
	fmt.Fprintln(b, set.Say("? = look at the source: the reading or the link is unsure"))
	if len(c.Plans) > 0 {
		fmt.Fprintln(b, set.Say("Plans: %s", names(c.Plans)))
	}
	if len(c.LeftOut) > 0 {
		fmt.Fprintln(b, set.Say("Left out: %s", names(c.LeftOut)))
	}
	if len(c.Changes) > 0 && c.showsPeriods() {
		fmt.Fprintln(b)
		c.writeChanges(b, set)
	}
	return b.Flush()
}

// showsPeriods reports whether some province has columns for two periods.
func (c *Comparison) showsPeriods() bool {
	for n := 1; n < len(c.Columns); n++ {
		if c.Columns[n].Province != "" && key(c.Columns[n].Province) == key(c.Columns[n-1].Province) {
			return true
		}
	}
	return false
}

func (c *Comparison) writeChanges(b *bufio.Writer, set Writing) {
	if len(c.Changes) == 0 {
		if c.periods {
			fmt.Fprintln(b, set.Say("Nothing changed between the periods."))
		} else {
			fmt.Fprintln(b, set.Say("There are no two periods of one province."))
		}
		return
	}
	table := [][]string{{set.Say("Province"), set.Say("From"), set.Say("To"), set.Say("Subject"), set.Say("What"), set.Say("Before"), set.Say("After")}}
	for i := range c.Changes {
		x := &c.Changes[i]
		what := x.Words(set.Say)
		if x.Unsure {
			what += " ?"
		}
		table = append(table, []string{x.Province, x.From.Name, x.To.Name, clip(x.Title, titleWidth), what, x.Before.sign(c.Fields), x.After.sign(c.Fields)})
	}
	grid(b, table, 0)
}

// sign is a cell in as little room as it can be read in.
func (c *Cell) sign(fields []string) string {
	if c == nil {
		return ""
	}
	var parts []string
	if c.Status != "" || len(fields) == 0 {
		parts = append(parts, statusSign(c.Status))
	}
	if a := c.ShortAmount(); a != "" {
		parts = append(parts, clip(a, 24))
	}
	for _, v := range c.Values {
		if v.Text != "" {
			parts = append(parts, clip(v.Text, 16))
		}
	}
	if len(c.Unsure) > 0 {
		parts = append(parts, "?")
	}
	return strings.Join(parts, " ")
}

// clip cuts a text to n columns of a terminal, the last of which says so.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if columns(s) <= n {
		return s
	}
	for columns(s) > n-1 {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return strings.TrimRight(s, " ") + "…"
}

// columns is how wide a text is on a terminal.
func columns(s string) (n int) {
	for _, r := range s {
		switch k := width.LookupRune(r).Kind(); {
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			n += 2
		case r >= 0x300 && r < 0x370: // combining marks
		default:
			n++
		}
	}
	return n
}

// parts cuts a table into ones that are no wider than width, each with the
// first fixed columns.
func parts(table [][]string, fixed, width int) (out [][][]string) {
	if width <= 0 {
		return [][][]string{table}
	}
	wide := make([]int, len(table[0]))
	for _, line := range table {
		for i, s := range line {
			wide[i] = max(wide[i], columns(s))
		}
	}
	lead := 0
	for _, w := range wide[:fixed] {
		lead += w + gap
	}
	for from := fixed; from < len(wide); {
		to, room := from, width-lead
		for to < len(wide) && (to == from || wide[to] <= room) {
			room -= wide[to] + gap
			to++
		}
		var part [][]string
		for _, line := range table {
			part = append(part, slices.Concat(line[:fixed], line[from:to]))
		}
		out = append(out, part)
		from = to
	}
	return out
}

// gap is how many spaces part the columns of a terminal's table.
const gap = 2

// grid writes a table with columns as wide as their widest cell. The last
// footer lines stand under a rule, as the rows stand under their head.
func grid(b *bufio.Writer, table [][]string, footer int) {
	widths := make([]int, len(table[0]))
	for _, line := range table {
		for i, s := range line {
			widths[i] = max(widths[i], columns(s))
		}
	}
	rule := func() {
		for i, w := range widths {
			if i > 0 {
				b.WriteString(strings.Repeat(" ", gap))
			}
			b.WriteString(strings.Repeat("─", w))
		}
		b.WriteByte('\n')
	}
	for n, line := range table {
		if n == 1 || footer > 0 && n == len(table)-footer && n > 1 {
			rule()
		}
		var out strings.Builder
		for i, s := range line {
			if i > 0 {
				out.WriteString(strings.Repeat(" ", gap))
			}
			out.WriteString(s + strings.Repeat(" ", widths[i]-columns(s)))
		}
		b.WriteString(strings.TrimRight(out.String(), " ") + "\n")
	}
}
