package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/schema"
)

// sheet is the records of one kind as a table: a row a record, a column a
// field, and the group and state columns that every kind has.
type sheet struct {
	kind   string
	fields []string // field names, sorted, number and title first
	rows   []*schema.Record
}

// sheets parts the records by kind, in the order in which kinds first occur.
func sheets(doc *schema.Document) []sheet {
	var all []sheet
	at := map[string]int{}
	for i := range doc.Records {
		r := &doc.Records[i]
		n, ok := at[r.Kind]
		if !ok {
			n = len(all)
			at[r.Kind] = n
			all = append(all, sheet{kind: r.Kind})
		}
		s := &all[n]
		s.rows = append(s.rows, r)
		for name := range r.Fields {
			if !slices.Contains(s.fields, name) {
				s.fields = append(s.fields, name)
			}
		}
	}
	for i := range all {
		slices.SortFunc(all[i].fields, func(a, b string) int {
			if d := rank(a) - rank(b); d != 0 {
				return d
			}
			return strings.Compare(a, b)
		})
	}
	return all
}

// rank puts the fields that identify a record before the rest.
func rank(field string) int {
	first := []string{"section", "number", "title", "name", "task", "content", "group", "status", "amounts"}
	if i := slices.Index(first, field); i >= 0 {
		return i
	}
	return len(first)
}

// plain gives the text of a value for people: money in đồng as digits, a list
// joined by "; ".
func plain(e schema.Entry) string {
	var parts []string
	for _, f := range e.All() {
		parts = append(parts, plainField(f))
	}
	return strings.Join(parts, "; ")
}

func plainField(f schema.Field) string {
	switch v := f.Value.(type) {
	case nil:
		return f.Text
	case string:
		return v
	case schema.Money:
		return fmt.Sprint(v.VND)
	case schema.Citation:
		return v.Number
	case float64:
		return strings.TrimSuffix(fmt.Sprintf("%.4f", v), ".0000")
	case map[string]any: // read back from JSON
		if vnd, ok := v["vnd"].(float64); ok {
			return fmt.Sprintf("%.0f", vnd)
		}
		if n, ok := v["number"]; ok {
			return fmt.Sprint(n)
		}
	}
	return f.Text
}

// lowest returns the least confidence of the record's fields and whether any
// of them needs review.
func lowest(r *schema.Record) (confidence float64, review bool) {
	confidence = 1
	for _, e := range r.Fields {
		for _, f := range e.All() {
			confidence = min(confidence, f.Confidence)
			review = review || f.State == schema.NeedsReview
		}
	}
	return confidence, review
}

// firstPage returns the page that the record begins on, 0 when it has no place.
func firstPage(r *schema.Record) int {
	page := 0
	for _, e := range r.Fields {
		for _, f := range e.All() {
			for _, p := range f.Boxes {
				if page == 0 || p.Page < page {
					page = p.Page
				}
			}
		}
	}
	return page
}

func groupOf(r *schema.Record) (number, name string) {
	if r.Group == nil {
		return "", ""
	}
	return r.Group.Number, r.Group.Name
}
