package compare

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Funcs(template.FuncMap{"add": func(a, b int) int { return a + b }}).Parse(pageSource))

// pageView is what the page needs beside the comparison.
type pageView struct {
	*Comparison
	say    Say
	Lang   string
	Legend []struct{ Status, Word string }
}

// T translates one of [Words].
func (v pageView) T(word string, args ...any) string { return v.say(word, args...) }

// Status is the word of a status.
func (v pageView) Status(s string) string { return v.say(StatusWord(s)) }

// Head names a column.
func (v pageView) Head(n int) string { return v.Columns[n].label(v.say) }

// What says what changed.
func (v pageView) What(c Change) string { return c.Words(v.say) }

// Dots parts thousands.
func (pageView) Dots(n int64) string { return Dots(n) }

// Names joins the names of documents.
func (pageView) Names(all []Source) string { return names(all) }

// From says where a cell is from: file, page, and what the report calls it.
func (v pageView) From(c *Cell) string {
	var out []string
	for _, s := range c.Sources {
		at := s.Name
		if s.Page > 0 {
			at += ", " + v.say("page %d", s.Page)
		}
		out = append(out, at+": "+strings.TrimSpace(s.Ordinal+" "+s.Title))
	}
	if len(c.Unsure) > 0 {
		out = append(out, v.say("to check")+": "+strings.Join(c.Unsure, ", "))
	}
	return strings.Join(out, "\n")
}

// Counts writes the summary line.
func (v pageView) Counts() string {
	return v.say("Subjects: %d. Reports: %d. Cells to check: %d.", len(v.Rows), v.reports(), v.unsure())
}

// writeHTML writes a page that stands alone: no script, nothing from elsewhere.
func (c *Comparison) writeHTML(w io.Writer, set Writing) error {
	v := pageView{Comparison: c, say: set.Say, Lang: set.Lang}
	if v.Lang == "" {
		v.Lang = "en"
	}
	for _, s := range []string{"completed", "in_progress", "not_started", "not_registered", "transferred"} {
		v.Legend = append(v.Legend, struct{ Status, Word string }{s, set.Say(statusWords[s])})
	}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}
