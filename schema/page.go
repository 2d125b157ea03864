package schema

// Outcome says how the work on a page ended. Every page of every document
// gets exactly one.
type Outcome string

const (
	Done     Outcome = "done"      // read to the end
	Partial  Outcome = "partial"   // some of it could not be read; PageInfo.Reason says what
	TimedOut Outcome = "timed_out" // stopped at its time budget
	Refused  Outcome = "refused"   // not read at all: damaged, over a limit, or it killed its engine
)

// TextSource says where the text of a page came from.
type TextSource string

const (
	FromOCR       TextSource = "ocr"        // the page picture, read by the engine
	FromTextLayer TextSource = "text_layer" // the text that a PDF carries
	FromText      TextSource = "text"       // a plain text file
)

// PageInfo is the part of a page that the document keeps.
type PageInfo struct {
	Number     int        `json:"number"` // 1-based
	Outcome    Outcome    `json:"outcome"`
	Reason     string     `json:"reason,omitempty"` // empty exactly when Outcome is Done
	TextSource TextSource `json:"text_source"`
	Rotation   int        `json:"rotation"`         // degrees clockwise that made the page upright: 0, 90, 180, 270
	Skew       float64    `json:"skew"`             // degrees clockwise that were taken out after Rotation
	Width      int        `json:"width"`            // pixels of the upright page; 0 for text input
	Height     int        `json:"height"`           // likewise
	DPI        int        `json:"dpi"`              // resolution of those pixels; 0 for text input
	Manner     string     `json:"manner,omitempty"` // the [Manner] that a person asked for; empty for the usual way
	Text       string     `json:"text"`             // repaired text in reading order, a line a line, table cells parted by tabs
}

// Page is a page on its way through the pipeline: what will be kept of it, and
// the layers that the stages hand on.
type Page struct {
	PageInfo
	Lines []Line `json:"lines,omitempty"` // running text outside grids, in reading order
	Grids []Grid `json:"grids,omitempty"` // tables, from the top down
	Marks []Mark `json:"marks,omitempty"` // stamps and handwriting
	Noise []Word `json:"noise,omitempty"` // what the engine made of specks: no text, but kept
}

// Role tells lines of a page apart that are no body text.
type Role string

const (
	Body       Role = ""
	PageNumber Role = "page_number"
	Footnote   Role = "footnote"
)

// Line is a line of words in reading order.
type Line struct {
	Words  []Word `json:"words"`
	Box    Box    `json:"box,omitzero"`     // zero for text input
	Number int    `json:"number,omitempty"` // 1-based line of a text file; 0 for pictures and PDFs
	Role   Role   `json:"role,omitempty"`
}

// Word is a run of characters without white space, as read and as repaired.
// Before repair Text equals Raw.
type Word struct {
	Text         string        `json:"text"`
	Raw          string        `json:"raw"`                    // as the engine gave it; with a space where repair joined two words
	Box          Box           `json:"box,omitzero"`           // zero for text input
	Confidence   float64       `json:"confidence"`             // the engine's own score scaled to 0..1; 1 where there is none
	Apart        bool          `json:"apart,omitempty"`        // text files only: a tab or several blanks stand before it in its line, as between columns
	Column       int           `json:"column,omitempty"`       // text files with such white only: the 1-based character of its line that it begins at, tabs reaching to the next eighth
	Font         string        `json:"font,omitempty"`         // text layers only: the font's name, which tells legacy encodings
	Under        MarkKind      `json:"under,omitempty"`        // the mark that lies over the word or wrote it
	Repairs      []Repair      `json:"repairs,omitempty"`      // what changed Raw to Text, in order
	Alternatives []Alternative `json:"alternatives,omitempty"` // other readings, best first
	Unsure       bool          `json:"unsure,omitempty"`       // repair saw damage here and did not dare decide
	Second       *Alternative  `json:"second,omitempty"`       // what a second reading of the place gave, after repair; nil when there was none
}

// Repair is one change of a text, with its reason.
type Repair struct {
	From   string  `json:"from"`
	To     string  `json:"to"`
	Reason string  `json:"reason"`
	Score  float64 `json:"score"` // 0..1: how sure the repair was
}

// Alternative is another reading of the same place.
type Alternative struct {
	Text  string  `json:"text"`
	Score float64 `json:"score"` // 0..1
}

// MarkKind is a kind of ink that was put on a page after it was printed.
type MarkKind string

const (
	Stamp       MarkKind = "stamp"
	Handwriting MarkKind = "handwriting"
)

// Mark is a stamp or a piece of handwriting.
type Mark struct {
	Kind MarkKind `json:"kind"`
	Box  Box      `json:"box"`
}

// Rule is a ruling line, straightened: for a horizontal one Box is wide and as
// high as the line is thick.
type Rule struct {
	Box      Box  `json:"box"`
	Vertical bool `json:"vertical"`
}

// Grid is a table, or the part of one, that stands on one page.
type Grid struct {
	Box     Box        `json:"box"`
	Rows    int        `json:"rows"`
	Columns int        `json:"columns"`
	XS      []int      `json:"xs"`    // Columns+1 positions of the column borders, in pixels
	Cells   []GridCell `json:"cells"` // by row, then column; each place of the grid is covered once
	Ruled   bool       `json:"ruled"` // borders are ruling lines; otherwise word gaps
	// OpenTop and OpenBottom tell that the grid's first or last row has no rule
	// on that side: a row cut by the page break.
	OpenTop    bool `json:"open_top,omitempty"`
	OpenBottom bool `json:"open_bottom,omitempty"`
}

// GridCell is a cell of a [Grid], with the lines that were read in it.
type GridCell struct {
	Row     int    `json:"row"` // 0-based place of its top left corner
	Col     int    `json:"col"`
	RowSpan int    `json:"row_span"` // at least 1
	ColSpan int    `json:"col_span"`
	Box     Box    `json:"box"`
	Lines   []Line `json:"lines,omitempty"`
}
