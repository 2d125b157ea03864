package eval

import (
	"github.com/sohoa/sohoa/schema"
)

// GoldVersion names the JSON form of [Gold].
const GoldVersion = "sohoa.gold/1"

// Gold is what is known to be true about a document. What is absent is not
// known, or not judged: a nil Header says nothing about headers, an empty map
// neither.
type Gold struct {
	Schema  string   `json:"schema"`            // [GoldVersion]
	Sources []string `json:"sources"`           // stems of the files it is the truth of
	Group   string   `json:"group,omitempty"`   // group of files without a variant in their name
	Split   string   `json:"split,omitempty"`   // "dev" or "test": whether models may be fitted on it
	Comment string   `json:"comment,omitempty"` // for people

	Header     map[string]string `json:"header,omitempty"`      // by the names of [schema.Header.Fields]; dates as "2025-07-07"
	AttachedTo *schema.Citation  `json:"attached_to,omitempty"` // parts that are "" are not judged
	Recipients []string          `json:"recipients,omitempty"`

	Text  string     `json:"text,omitempty"`  // running text of the whole document, when that of the pages is not known
	Pages []GoldPage `json:"pages,omitempty"` // running text outside tables

	Tables    []GoldTable       `json:"tables,omitempty"`
	Records   []GoldRecord      `json:"records,omitempty"`
	Citations []schema.Citation `json:"citations,omitempty"` // of the running text; a document may be named many times
	Amounts   []schema.Money    `json:"amounts,omitempty"`   // of the running text
}

// GoldPage is the running text of a page in reading order, a paragraph a line:
// letterhead left column first, then right; footnotes last.
type GoldPage struct {
	Number int    `json:"number"`
	Width  int    `json:"width,omitempty"`  // pixels at 200 dpi, upright
	Height int    `json:"height,omitempty"` // likewise
	Text   string `json:"text"`
}

// GoldTable is a table over all its pages: a row cut by a page break is one
// row, a repeated head stands once.
type GoldTable struct {
	Pages    []int        `json:"pages"`
	HeadRows int          `json:"head_rows"`
	Rows     [][]GoldCell `json:"rows"` // as in HTML: a merged cell stands once, in its first row
}

// GoldCell is a cell with its pieces on the pages, in pixels of the upright
// page at 200 dpi.
type GoldCell struct {
	Text    string         `json:"text"`
	Other   string         `json:"other,omitempty"` // another text that is right as well
	RowSpan int            `json:"row_span"`
	ColSpan int            `json:"col_span"`
	Boxes   []schema.Place `json:"boxes,omitempty"`
}

// GoldRecord is a record of a table. Fields hold the texts of the record by
// name; an empty text means that the field is known to be empty.
type GoldRecord struct {
	Kind               string            `json:"kind"`
	Group              *string           `json:"group,omitempty"` // number of its group row
	Fields             map[string]string `json:"fields"`
	Status             *string           `json:"status,omitempty"` // "" when known to have none; nil when not judged
	StatusAlternatives []string          `json:"status_alternatives,omitempty"`
	Amounts            []schema.Money    `json:"amounts,omitempty"`
	AmountsKnown       bool              `json:"amounts_known,omitempty"` // no amounts means that there are none
}

// Number returns the record's number.
func (r *GoldRecord) Number() string { return r.Fields["number"] }
