package export

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sohoa/sohoa/schema"
)

// row is a record with where it comes from and how far it can be trusted.
type row struct {
	doc        *Stored
	rec        *schema.Record
	position   int // in the document, 0-based
	page       int // that it begins on; 0 when it has no place
	confidence float64
	state      schema.State
	unsure     []string // names of the fields that need review
	link       string   // to its place in the review pages; "" without an address
}

// rows lists the records of a document that are kept.
func rows(doc *Stored, set Settings) []row {
	var all []row
	for i := range doc.Records {
		r := &doc.Records[i]
		if set.Keep != nil && !set.Keep(r) {
			continue
		}
		x := row{doc: doc, rec: r, position: i, page: r.FirstPage()}
		x.confidence, x.state, x.unsure = trust(r)
		x.link = link(set.BaseURL, doc.DocumentID, x.rec, x.unsure)
		all = append(all, x)
	}
	return all
}

// trust tells the least confidence of a record's fields, the state that holds
// for all of it, and the fields that need review. One field to be looked at
// makes the record one; otherwise one touched by a person makes it theirs.
func trust(r *schema.Record) (confidence float64, state schema.State, unsure []string) {
	confidence, state = 1, schema.Accepted
	for _, name := range fieldNames(r) {
		for _, f := range r.Fields[name].All() {
			confidence = min(confidence, f.Confidence)
			switch {
			case f.State == schema.NeedsReview:
				state = schema.NeedsReview
				if !slices.Contains(unsure, name) {
					unsure = append(unsure, name)
				}
			case state == schema.NeedsReview:
			case f.State == schema.Corrected, f.State == schema.Confirmed && state != schema.Corrected:
				state = f.State
			}
		}
	}
	return confidence, state, unsure
}

// StateOf is the state that holds for all of a record: one field that needs
// review makes it [schema.NeedsReview].
func StateOf(r *schema.Record) schema.State {
	_, state, _ := trust(r)
	return state
}

// link is the address of the record in the review pages: of the first field
// that needs review, else of the first one.
func link(base, document string, r *schema.Record, unsure []string) string {
	if base == "" {
		return ""
	}
	at := "records/" + url.PathEscape(r.ID)
	names := unsure
	if len(names) == 0 {
		names = fieldNames(r)
	}
	if len(names) > 0 {
		at += "/" + names[0]
		if r.Fields[names[0]].One == nil {
			at += "/0"
		}
	}
	return documentLink(base, document) + "?path=" + url.QueryEscape(at)
}

func documentLink(base, document string) string {
	return strings.TrimSuffix(base, "/") + "/d/" + document
}

// fieldNames lists the fields of a record in the order of columns.
func fieldNames(r *schema.Record) []string {
	names := make([]string, 0, len(r.Fields))
	for name := range r.Fields {
		names = append(names, name)
	}
	sortFields(names)
	return names
}

// kindOrder and fieldOrder are the contract's; what it does not name comes
// behind, sorted.
var (
	kindOrder  = []string{"model", "task", "indicator", "service", "benefit"}
	fieldOrder = []string{
		"section", "number", "title", "name", "task", "content", "group", "catalogue_ref", "status", "amounts",
		"unit", "directive", "target", "progress", "total", "online", "ratio", "change", "beneficiaries",
		"lead_agency", "supporting_agencies", "deadline", "goal", "result", "results", "difficulties", "benefits", "cost", "next_steps",
		"for_citizens", "for_businesses", "shortcomings", "causes", "responsibility", "solutions",
		"data_source", "citizen_savings", "state_savings", "local_application",
		// Of the sheets of amounts and documents.
		"field", "vnd", "vnd_to", "qualifier", "per", "column", "shared_with", "words",
		"document_type", "appendix", "attached_to", "parent", "place", "signer", "pages", "records",
	}
)

func sortFields(names []string) { sortBy(fieldOrder, names) }
func sortKinds(kinds []string)  { sortBy(kindOrder, kinds) }

func sortBy(order, names []string) {
	rank := func(s string) int {
		if i := slices.Index(order, s); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

func groupOf(r *schema.Record) (number, name string) {
	if r.Group == nil {
		return "", ""
	}
	return r.Group.Number, r.Group.Name
}

// headerText is the text of a field of the header, "" when it was not found.
func headerText(f *schema.Field) string {
	if f == nil {
		return ""
	}
	return f.Text
}

// documentDate is the date of the document as the contract has it.
func documentDate(doc *schema.Document) string {
	if f := doc.Header.Date; f != nil {
		if s, ok := f.Value.(string); ok {
			return s
		}
	}
	return ""
}

// day reads a date of the contract; false for dates with unknown digits and
// for what is no date.
func day(s string) (time.Time, bool) {
	if len(s) != len(time.DateOnly) || s[4] != '-' {
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil
}
