package export

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/sohoa/sohoa/schema"
)

// RecordVersion names the JSON form of a line of JSON Lines.
const RecordVersion = "sohoa.record/1"

// RecordSchema is the JSON Schema (2020-12) of a line. Its references lead to
// [schema.JSONSchema].
//
//go:embed record.schema.json
var RecordSchema []byte

// recordLine is a record with where it comes from.
type recordLine struct {
	Schema     string         `json:"schema"`
	Document   recordOrigin   `json:"document"`
	Record     *schema.Record `json:"record"`
	Position   int            `json:"position"` // in the document, 0-based
	Page       int            `json:"page"`     // 0 when it has no place
	Confidence float64        `json:"confidence"`
	State      schema.State   `json:"state"`
	Unsure     []string       `json:"unsure"`
	Link       string         `json:"link,omitempty"`
}

// recordOrigin is the document of a record.
type recordOrigin struct {
	ID       string `json:"id"`
	Version  int    `json:"version"` // 0 outside a store
	Revision int64  `json:"revision"`
	State    string `json:"state,omitempty"`
	Source   string `json:"source"` // file name
	Profile  string `json:"profile"`
	Number   string `json:"number,omitempty"`
	Date     string `json:"date,omitempty"`
	Issuer   string `json:"issuer,omitempty"`
	Province string `json:"province,omitempty"`
	Period   string `json:"period,omitempty"`
	Changed  string `json:"changed_at,omitempty"` // RFC 3339, UTC
}

// jsonlEncoder writes JSON Lines: one record a line, as it comes.
type jsonlEncoder struct {
	w   *bufio.Writer
	enc *json.Encoder
	set Settings
}

func newJSONL(w io.Writer, set Settings) *jsonlEncoder {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false) // "&" and "<" stand in Vietnamese texts and nobody reads this as HTML
	return &jsonlEncoder{b, enc, set}
}

// Add implements [Encoder].
func (e *jsonlEncoder) Add(doc *Stored) error {
	from := recordOrigin{
		ID: doc.DocumentID, Version: doc.Version, Revision: doc.Revision, State: doc.State, Source: doc.Source.Name, Profile: doc.Engine.Profile,
		Number: headerText(doc.Header.Number), Date: documentDate(doc.Document), Issuer: headerText(doc.Header.Issuer), Province: doc.Province, Period: doc.Period,
	}
	if !doc.Changed.IsZero() {
		from.Changed = doc.Changed.UTC().Format(time.RFC3339)
	}
	for _, r := range rows(doc, e.set) {
		unsure := r.unsure
		if unsure == nil {
			unsure = []string{}
		}
		if err := e.enc.Encode(recordLine{RecordVersion, from, r.rec, r.position, r.page, r.confidence, r.state, unsure, r.link}); err != nil {
			return fmt.Errorf("record %s of %s: %w", r.rec.ID, doc.Source.Name, err)
		}
	}
	return nil
}

// Close implements [Encoder].
func (e *jsonlEncoder) Close() error { return e.w.Flush() }
