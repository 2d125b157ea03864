package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Field is a value with everything that is known of where it comes from.
type Field struct {
	Path         string        `json:"path" doc:"names the field in all readings of the document: header/title, records/ID/status, …"`
	Record       string        `json:"record" doc:"id of the record, empty outside records"`
	Name         string        `json:"name"`
	Value        any           `json:"value" doc:"typed: text, number, true or false, a sum {vnd}, a citation {type, number, date, issuer}, a quantity {number, of, unit}, or null"`
	Text         string        `json:"text" doc:"repaired or corrected"`
	Raw          string        `json:"raw" doc:"as the engine gave it"`
	Confidence   float64       `json:"confidence" minimum:"0" maximum:"1"`
	State        string        `json:"state" enum:"accepted,needs_review,confirmed,corrected"`
	Boxes        []Place       `json:"boxes" doc:"every place that it was read from"`
	Repairs      []Repair      `json:"repairs" doc:"what made raw into text, in order"`
	Alternatives []Alternative `json:"alternatives" doc:"other readings, best first"`
	Why          []string      `json:"why" doc:"why it needs review"`
}

// Place is a box on a page, or a range of lines of a text file.
type Place struct {
	Page int     `json:"page" minimum:"1"`
	Box  *[4]int `json:"box,omitempty" doc:"x0, y0, x1, y1 in pixels of the upright page; x1 and y1 lie one pixel outside"`
	Line *[2]int `json:"line,omitempty" doc:"first and last line, from 1"`
}

// Repair is one change of a text, with its reason.
type Repair struct {
	From   string  `json:"from"`
	To     string  `json:"to"`
	Reason string  `json:"reason"`
	Score  float64 `json:"score"`
}

// Alternative is another reading of the same place.
type Alternative struct {
	Text  string  `json:"text"`
	Score float64 `json:"score"`
}

func fieldOf(p store.FieldPlace) Field {
	f := p.Field
	out := Field{Path: p.Path, Record: p.Record, Name: p.Name, Value: f.Value, Text: f.Text, Raw: f.Raw, Confidence: f.Confidence, State: string(f.State),
		Boxes: []Place{}, Repairs: []Repair{}, Alternatives: []Alternative{}, Why: append([]string{}, f.Why...)}
	for _, b := range f.Boxes {
		place := Place{Page: b.Page, Line: b.Line}
		if b.Box != nil {
			place.Box = &[4]int{b.Box.X0, b.Box.Y0, b.Box.X1, b.Box.Y1}
		}
		out.Boxes = append(out.Boxes, place)
	}
	for _, r := range f.Repairs {
		out.Repairs = append(out.Repairs, Repair{r.From, r.To, r.Reason, r.Score})
	}
	for _, a := range f.Alternatives {
		out.Alternatives = append(out.Alternatives, Alternative{a.Text, a.Score})
	}
	return out
}

// fieldAt finds a field with its path.
func fieldAt(doc *schema.Document, path string) (store.FieldPlace, error) {
	all := store.AllFields(doc)
	i := slices.IndexFunc(all, func(f store.FieldPlace) bool { return f.Path == path })
	if i < 0 {
		return store.FieldPlace{}, fmt.Errorf("field %s: %w", path, store.ErrNotFound)
	}
	return all[i], nil
}

// Correction is an entry of the history of a document.
type Correction struct {
	ID       int64     `json:"id"`
	Version  int       `json:"version"`
	Revision int64     `json:"revision" doc:"of the document after it"`
	Batch    string    `json:"batch" doc:"entries that belong together have the same; it is undone as one"`
	What     string    `json:"what" enum:"field,record,table"`
	Path     string    `json:"path"`
	Before   any       `json:"before" doc:"the content before, null when there was nothing"`
	After    any       `json:"after"`
	Undoes   string    `json:"undoes" doc:"the batch that it takes back, otherwise empty"`
	Carried  int64     `json:"carried" doc:"the entry of an older version that it repeats, otherwise 0"`
	By       string    `json:"by"`
	Note     string    `json:"note"`
	At       time.Time `json:"at"`
}

func correctionOf(c store.Correction) (Correction, error) {
	out := Correction{ID: c.ID, Version: c.Version, Revision: c.Revision, Batch: c.Batch, What: string(c.What), Path: c.Path, Undoes: c.Undoes, Carried: c.Carried, By: c.By, Note: c.Note, At: c.At}
	if err := json.Unmarshal(c.Before, &out.Before); err != nil {
		return out, fmt.Errorf("correction %d: %w", c.ID, err)
	}
	if err := json.Unmarshal(c.After, &out.After); err != nil {
		return out, fmt.Errorf("correction %d: %w", c.ID, err)
	}
	return out, nil
}

// FieldDetail is a field with its history.
type FieldDetail struct {
	Field   Field        `json:"field"`
	History []Correction `json:"history" doc:"oldest first"`
}

type fieldsOutput struct {
	ETag string `header:"ETag" doc:"for If-Match of corrections"`
	Body Page[Field]
}

type fieldOutput struct {
	ETag string `header:"ETag" doc:"for If-Match of corrections"`
	Body FieldDetail
}

// historyLength bounds the history that is sent with a field; list-corrections
// has all of it.
const historyLength = 200

func (v *Server) fields() {
	register(v, ReadDocuments, huma.Operation{OperationID: "list-fields", Method: http.MethodGet, Path: "/documents/{id}/fields", Tags: []string{"fields"}, Summary: "The fields of a document",
		Description: "A cursor counts fields in the order of the document; start again when the ETag changes.", Errors: []int{http.StatusNotFound, http.StatusNotModified}},
		func(ctx context.Context, in *struct {
			DocumentPath
			Listing
			Conditional
			State         string  `query:"state" enum:"accepted,needs_review,confirmed,corrected"`
			Name          string  `query:"name" maxLength:"100" doc:"status, title, amounts, …"`
			Record        string  `query:"record" maxLength:"500" doc:"id of the record"`
			MaxConfidence float64 `query:"max_confidence" minimum:"0" maximum:"1" default:"1"`
		}) (*fieldsOutput, error) {
			doc, revision, err := v.store.Current(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			if in.has(etag(revision)) {
				return nil, notModified(etag(revision))
			}
			first, err := number(in.Cursor)
			if err != nil {
				return nil, err
			}
			out := &fieldsOutput{ETag: etag(revision), Body: Page[Field]{Items: []Field{}}}
			for i, f := range store.AllFields(doc) {
				if int64(i) < first || in.State != "" && string(f.Field.State) != in.State || in.Name != "" && f.Name != in.Name ||
					in.Record != "" && f.Record != in.Record || f.Field.Confidence > in.MaxConfidence {
					continue
				}
				if len(out.Body.Items) == in.Limit {
					out.Body.Next = strconv.Itoa(i)
					break
				}
				out.Body.Items = append(out.Body.Items, fieldOf(f))
			}
			return out, nil
		})
	register(v, ReadDocuments, huma.Operation{OperationID: "get-field", Method: http.MethodGet, Path: "/documents/{id}/field", Tags: []string{"fields"}, Summary: "A field and its history",
		Errors: []int{http.StatusNotFound, http.StatusNotModified}},
		func(ctx context.Context, in *struct {
			DocumentPath
			Conditional
			Path string `query:"path" required:"true" maxLength:"1000" doc:"as in the list of fields"`
		}) (*fieldOutput, error) {
			doc, revision, err := v.store.Current(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			if in.has(etag(revision)) {
				return nil, notModified(etag(revision))
			}
			f, err := fieldAt(doc, in.Path)
			if err != nil {
				return nil, err
			}
			all, err := v.store.Corrections(ctx, in.ID, in.Path, 0, historyLength)
			if err != nil {
				return nil, err
			}
			out := &fieldOutput{ETag: etag(revision), Body: FieldDetail{Field: fieldOf(f), History: []Correction{}}}
			for _, c := range all {
				one, err := correctionOf(c)
				if err != nil {
					return nil, err
				}
				out.Body.History = append(out.Body.History, one)
			}
			return out, nil
		})
}
