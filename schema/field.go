package schema

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// State says who vouches for a field.
type State string

const (
	Accepted    State = "accepted"     // the machine was sure enough
	NeedsReview State = "needs_review" // a person should look
	Confirmed   State = "confirmed"    // a person looked and left it
	Corrected   State = "corrected"    // a person changed it
)

// Field is one value of a document with everything that is known about where
// it came from.
type Field struct {
	// Value is typed by the field's kind: string, float64, bool, [Money],
	// [Citation] or nil. After reading JSON it holds what encoding/json
	// makes of it.
	Value        any           `json:"value"`
	Text         string        `json:"text"`       // repaired
	Raw          string        `json:"raw"`        // as the engine gave it
	Confidence   float64       `json:"confidence"` // 0..1
	State        State         `json:"state"`
	Boxes        []Place       `json:"boxes"`
	Repairs      []Repair      `json:"repairs"`
	Alternatives []Alternative `json:"alternatives"`
	Why          []string      `json:"why,omitempty"` // why it needs review: "repair", "handwriting", "stamp", "check:RULE", "sample"

	// Evidence is what the confidence was computed from, a working layer that
	// is no part of the JSON form; nil for fields that were read from it.
	Evidence *Evidence `json:"-"`
}

// Evidence is what speaks against a field, as numbers from 0 upwards. Which
// doubt stands where, and what classes there are, package extract/confidence
// says.
type Evidence struct {
	Source TextSource
	Class  string
	Doubts []float64
	Words  []WordEvidence // of its words, in order; none where the field has none of its own
}

// WordEvidence is what speaks against a word of a field.
type WordEvidence struct {
	Text   string
	Doubts []float64
}

// MarshalJSON writes empty lists as [], so that readers need not tell null
// from nothing.
func (f Field) MarshalJSON() ([]byte, error) {
	type plain Field
	p := plain(f)
	if p.Boxes == nil {
		p.Boxes = []Place{}
	}
	if p.Repairs == nil {
		p.Repairs = []Repair{}
	}
	if p.Alternatives == nil {
		p.Alternatives = []Alternative{}
	}
	return json.Marshal(p)
}

// Place is where a piece of a field stands: a box on a page, or a range of
// lines of a text file (1-based, both ends included).
type Place struct {
	Page int     `json:"page"`
	Box  *Box    `json:"box,omitempty"`
	Line *[2]int `json:"line,omitempty"`
}

// Entry is what a record holds under a name: one field or a list of them.
type Entry struct {
	One  *Field
	List []Field // used when One is nil; its JSON form is an array, [] when empty
}

// One wraps a single field.
func One(f Field) Entry { return Entry{One: &f} }

// All returns the fields of the entry, however it is stored.
func (e Entry) All() []Field {
	if e.One != nil {
		return []Field{*e.One}
	}
	return e.List
}

// MarshalJSON writes a field or an array of fields.
func (e Entry) MarshalJSON() ([]byte, error) {
	switch {
	case e.One != nil:
		return json.Marshal(e.One)
	case e.List == nil:
		return []byte("[]"), nil
	}
	return json.Marshal(e.List)
}

// UnmarshalJSON reads a field or an array of fields.
func (e *Entry) UnmarshalJSON(data []byte) error {
	*e = Entry{}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return json.Unmarshal(data, &e.List)
	}
	return json.Unmarshal(data, &e.One)
}

// Money is a sum in đồng.
type Money struct {
	VND        int64    `json:"vnd"`
	VNDTo      int64    `json:"vnd_to,omitempty"`      // upper end of a range
	Qualifier  string   `json:"qualifier,omitempty"`   // "khoảng", "trên", "gần", …
	Per        string   `json:"per,omitempty"`         // unit of a price: "1.000 lượt", "năm"
	Column     string   `json:"column,omitempty"`      // name of the column it stands in, for records
	SharedWith []string `json:"shared_with,omitempty"` // numbers of the other records that share this one sum: count it once
}

// Citation is a reference to another document.
type Citation struct {
	Type   string `json:"type"`   // "Quyết định"; "" when not said
	Number string `json:"number"` // "06/QĐ-TTg"
	Date   string `json:"date"`   // "2022-01-06", unknown digits as "?"; "" when not said
	Issuer string `json:"issuer"` // "Thủ tướng Chính phủ"; "" when not said
}

// Status is the state of a piece of work that a report tells of.
type Status string

const (
	Completed     Status = "completed"
	InProgress    Status = "in_progress"
	NotStarted    Status = "not_started"
	NotRegistered Status = "not_registered"
	Transferred   Status = "transferred"
)

// TextOf joins the repaired words of lines: words with one space, lines with
// sep. Empty words leave no trace.
func TextOf(lines []Line, sep string) string {
	return joinLines(lines, sep, func(w Word) string { return w.Text })
}

// RawOf is [TextOf] for the words as the engine gave them.
func RawOf(lines []Line, sep string) string {
	return joinLines(lines, sep, func(w Word) string { return w.Raw })
}

func joinLines(lines []Line, sep string, get func(Word) string) string {
	var b strings.Builder
	for i, l := range lines {
		first := true
		for _, w := range l.Words {
			s := get(w)
			if s == "" {
				continue
			}
			switch {
			case !first:
				b.WriteByte(' ')
			case i > 0 && !(sep == " " && brokenCode(b.String(), s)):
				b.WriteString(sep)
			}
			first = false
			b.WriteString(s)
		}
		if first && i > 0 {
			b.WriteString(sep) // a line without words
		}
	}
	return b.String()
}

// brokenCode reports whether a text that ends with before goes on with after
// without a space: a document's number broken over two lines, as in
// "57/2024/TT-" and "BYT".
func brokenCode(before, after string) bool {
	stem, ok := strings.CutSuffix(before, "-")
	last, _ := utf8.DecodeLastRuneInString(stem)
	first, _ := utf8.DecodeRuneInString(after)
	return ok && unicode.IsUpper(last) && unicode.IsUpper(first)
}

// Quantity is a figure that a text states: a percentage ("%" as unit), a ratio
// (Of is its denominator) or a count with its unit.
type Quantity struct {
	Number    float64 `json:"number"`
	Of        float64 `json:"of,omitempty"`
	Unit      string  `json:"unit,omitempty"`
	Qualifier string  `json:"qualifier,omitempty"`
}
