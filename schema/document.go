package schema

// Document is the result for one input file.
type Document struct {
	Schema     string     `json:"schema"`      // [Version]
	DocumentID string     `json:"document_id"` // lower-case hex SHA-256 of the source bytes
	Source     Source     `json:"source"`
	Engine     Engine     `json:"engine"`
	Header     Header     `json:"header"`
	Records    []Record   `json:"records"`
	Tables     []Table    `json:"tables"`
	Citations  []Field    `json:"citations"` // values are [Citation]
	Amounts    []Field    `json:"amounts"`   // values are [Money]
	Pages      []PageInfo `json:"pages"`
	Checks     []Check    `json:"checks"`
}

// Source describes the input file.
type Source struct {
	Name      string `json:"name"` // file name without folders
	MediaType string `json:"media_type"`
	Bytes     int64  `json:"bytes"`
	Pages     int    `json:"pages"`
}

// Engine names what made the document, so that a result can be told from one
// of another version.
type Engine struct {
	Sohoa         string `json:"sohoa"`
	Tesseract     string `json:"tesseract"`      // version and languages; "" when no page needed it
	LanguageModel string `json:"language_model"` // name and checksum
	Profile       string `json:"profile"`        // "" when none fitted
}

// Header holds what the letterhead, the title and the foot say. A nil field
// was not found.
type Header struct {
	Issuer       *Field  `json:"issuer,omitempty"`
	Parent       *Field  `json:"parent,omitempty"` // agency above the issuer
	Number       *Field  `json:"number,omitempty"`
	Place        *Field  `json:"place,omitempty"`
	Date         *Field  `json:"date,omitempty"` // "2025-07-07", unknown digits as "?"
	DocumentType *Field  `json:"document_type,omitempty"`
	Title        *Field  `json:"title,omitempty"`
	Appendix     *Field  `json:"appendix,omitempty"`
	AttachedTo   *Field  `json:"attached_to,omitempty"` // value is a [Citation]
	Signer       *Field  `json:"signer,omitempty"`
	SignerTitle  *Field  `json:"signer_title,omitempty"`
	Recipients   []Field `json:"recipients"`
}

// Fields returns the single fields that were found, by their JSON names.
func (h *Header) Fields() map[string]*Field {
	all := map[string]*Field{
		"issuer": h.Issuer, "parent": h.Parent, "number": h.Number, "place": h.Place, "date": h.Date,
		"document_type": h.DocumentType, "title": h.Title, "appendix": h.Appendix,
		"attached_to": h.AttachedTo, "signer": h.Signer, "signer_title": h.SignerTitle,
	}
	for name, f := range all {
		if f == nil {
			delete(all, name)
		}
	}
	return all
}

// Group is the group row ("II. NHÓM TIỆN ÍCH … (16 MÔ HÌNH)") above a record.
type Group struct {
	Number   string `json:"number"` // "II"; "" when the row has none
	Name     string `json:"name"`
	Declared *int   `json:"declared,omitempty"` // the count the row itself states
}

// Record is one row of a report, typed by a profile.
type Record struct {
	ID     string           `json:"id"`    // unique in the document and stable between runs
	Kind   string           `json:"kind"`  // "model", "task", "indicator", "service", "benefit"
	Group  *Group           `json:"group"` // nil when the table has no group rows
	Table  *int             `json:"table"` // index into Document.Tables; nil when the grid was lost
	Fields map[string]Entry `json:"fields"`
}

// FirstPage returns the page that the record begins on, 0 when it has no place.
func (r *Record) FirstPage() int {
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

// Table is a table of the document, its rows joined across pages.
type Table struct {
	Pages    []int    `json:"pages"`
	Columns  []Field  `json:"columns"`   // one a grid column: the flattened heads, upper levels first
	HeadRows int      `json:"head_rows"` // how many of Rows are heads
	Rows     [][]Cell `json:"rows"`      // as in HTML: a merged cell stands once, in its first row
}

// Cell is a cell of a [Table].
type Cell struct {
	Text       string  `json:"text"` // lines joined by one space
	RowSpan    int     `json:"row_span"`
	ColSpan    int     `json:"col_span"`
	Boxes      []Place `json:"boxes"` // one a page fragment
	Confidence float64 `json:"confidence"`

	// Working layers for extraction, not part of the JSON form.
	Row   int          `json:"-"` // place in the whole table, 0-based
	Col   int          `json:"-"`
	Lines []PlacedLine `json:"-"` // lines of all fragments, in order

	Evidence *Evidence `json:"-"` // what Confidence was computed from
}

// PlacedLine is a line with the page that it stands on.
type PlacedLine struct {
	Page int
	Line
}

// Severity of a [Check].
type Severity string

const (
	Info    Severity = "info"
	Warning Severity = "warning"
	Error   Severity = "error"
)

// Check is something that a reader of the document should know: a gap in the
// numbering, a total that does not add up, text that found no place. A check
// never changes data.
type Check struct {
	Rule     string   `json:"rule"` // stable name: "number_gap", "declared_count", "unplaced", "column_unread", …
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Records  []string `json:"records"`          // ids
	Fields   []string `json:"fields"`           // names
	Places   []Place  `json:"places,omitempty"` // where, when it is about no record
}
