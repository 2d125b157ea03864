package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/review"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Change is a wish to change one field.
type Change struct {
	Path   string `json:"path" minLength:"1" maxLength:"1000" doc:"of the field"`
	Action string `json:"action" enum:"correct,confirm,blank,unreadable" doc:"correct: it says text; confirm: it is as read; blank: nothing stands there; unreadable: something does, and nobody can tell what"`
	Text   string `json:"text,omitempty" maxLength:"100000" doc:"for correct, as people write it: 2,5 tỷ đồng, 07/7/2025, Hoàn thành"`
	Force  bool   `json:"force,omitempty" doc:"keep the text even when it is no value of the field's kind"`
}

// Changes are made all or none, and are undone as one.
type Changes struct {
	Changes []Change `json:"changes" minItems:"1" maxItems:"500"`
	Note    string   `json:"note,omitempty" maxLength:"1000" doc:"for the history"`
}

// Corrected says what a batch of changes did.
type Corrected struct {
	Batch      string `json:"batch" doc:"names it for undoing"`
	Revision   int64  `json:"revision" doc:"of the document from now on"`
	FieldsLeft int    `json:"fields_left"`
}

type correctedOutput struct {
	ETag string `header:"ETag"`
	Body Corrected
}

func corrected(r store.Result) *correctedOutput {
	return &correctedOutput{etag(r.Revision), Corrected{r.Batch, r.Revision, r.FieldsLeft}}
}

type correctInput struct {
	DocumentPath
	IfMatch string `header:"If-Match" maxLength:"200" doc:"ETag of what the changes were made on; * takes whatever is there"`
	Body    Changes
}

func (v *Server) corrections() {
	register(v, ReadDocuments, huma.Operation{OperationID: "list-corrections", Method: http.MethodGet, Path: "/documents/{id}/corrections", Tags: []string{"corrections"}, Summary: "The history of a document",
		Description: "All changes, of all readings, oldest first.", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *struct {
			DocumentPath
			Listing
			Path string `query:"path" maxLength:"1000" doc:"of one field"`
		}) (*paged[Correction], error) {
			if _, err := v.store.Document(ctx, in.ID); err != nil {
				return nil, err
			}
			after, err := number(in.Cursor)
			if err != nil {
				return nil, err
			}
			all, err := v.store.Corrections(ctx, in.ID, in.Path, after, in.Limit+1)
			if err != nil {
				return nil, err
			}
			next := ""
			if len(all) > in.Limit {
				all = all[:in.Limit]
				next = strconv.FormatInt(all[len(all)-1].ID, 10)
			}
			out := make([]Correction, len(all))
			for i, c := range all {
				if out[i], err = correctionOf(c); err != nil {
					return nil, err
				}
			}
			return page(out, next), nil
		})
	register(v, WriteCorrections, huma.Operation{OperationID: "correct", Method: http.MethodPost, Path: "/documents/{id}/corrections", Tags: []string{"corrections"}, Summary: "Correct fields",
		Description: "If-Match must name the ETag of the document that the changes were made on. When somebody was faster the answer is 412 and nothing was changed: read again, and decide again.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired}}, v.correct)
	register(v, WriteCorrections, huma.Operation{OperationID: "undo-corrections", Method: http.MethodDelete, Path: "/documents/{id}/corrections/{batch}", Tags: []string{"corrections"}, Summary: "Take a batch of changes back",
		Description: "What it changed gets the content of before. That fails with 409 when something of it was changed again since. The undoing is an entry of the history, and can itself be undone.", DefaultStatus: http.StatusOK,
		Errors: []int{http.StatusNotFound, http.StatusConflict}},
		func(ctx context.Context, in *struct {
			DocumentPath
			Batch string `path:"batch" maxLength:"64"`
		}) (*correctedOutput, error) {
			if err := v.unclaimed(ctx, in.ID); err != nil {
				return nil, err
			}
			r, err := v.store.Undo(ctx, in.ID, in.Batch, caller(ctx).Actor())
			if err != nil {
				return nil, err
			}
			return corrected(r), nil
		})
}

// unclaimed refuses documents that a person works on just now.
func (v *Server) unclaimed(ctx context.Context, document string) error {
	d, err := v.store.Document(ctx, document)
	if err != nil {
		return err
	}
	if d.Claim != nil {
		return newProblem(http.StatusConflict, problemClaimed, d.Claim.By+" works on the document")
	}
	return nil
}

func (v *Server) correct(ctx context.Context, in *correctInput) (*correctedOutput, error) {
	if in.IfMatch == "" {
		return nil, newProblem(http.StatusPreconditionRequired, "", "send If-Match with the ETag of the document, or with *")
	}
	if err := v.unclaimed(ctx, in.ID); err != nil {
		return nil, err
	}
	for range 5 {
		doc, revision, err := v.store.Current(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		if in.IfMatch != "*" && in.IfMatch != etag(revision) {
			break
		}
		b := store.Batch{By: caller(ctx).Actor(), Note: in.Body.Note, Revision: revision}
		for i, c := range in.Body.Changes {
			f, err := v.change(doc, c, i)
			if err != nil {
				return nil, err
			}
			b.Changes = append(b.Changes, store.Change{What: store.TheField, Path: c.Path, Field: f})
		}
		r, err := v.store.Correct(ctx, in.ID, b)
		if errors.Is(err, store.ErrConflict) {
			continue // with * it is tried on what is there now
		}
		if err != nil {
			return nil, err
		}
		return corrected(r), nil
	}
	return nil, newProblem(http.StatusPreconditionFailed, problemChanged, "the document was changed in between; nothing of this was done")
}

// change makes the new content of a field, as the review pages do.
func (v *Server) change(doc *schema.Document, c Change, i int) (*schema.Field, error) {
	where := fmt.Sprintf("body.changes[%d]", i)
	at, err := fieldAt(doc, c.Path)
	if err != nil {
		return nil, newProblem(http.StatusUnprocessableEntity, "", "there is no such field", &huma.ErrorDetail{Message: "there is no such field", Location: where + ".path", Value: c.Path})
	}
	if v.review.Doubled(c.Path, at.Field) {
		return nil, newProblem(http.StatusConflict, problemClaimed, "two people have to type this field", &huma.ErrorDetail{Message: "two people have to type this field", Location: where + ".path", Value: c.Path})
	}
	to := *at.Field
	to.Why, to.Confidence, to.State = nil, 1, schema.Corrected
	text := review.OneLine(c.Text)
	switch {
	case c.Action == "confirm" || c.Action == "correct" && text == to.Text && (to.Value != nil || text == ""):
		to.State = schema.Confirmed
		return &to, nil
	case c.Action == "blank" || c.Action == "unreadable":
		to.Value, to.Text = nil, ""
		if c.Action == "unreadable" {
			to.Why = []string{"unreadable"}
		}
	default:
		value, err := v.review.Value(at.Name, at.Field, text)
		if err != nil && !c.Force {
			return nil, complaint(where+".text", c.Text, err)
		}
		if err != nil {
			value = nil // kept as text, knowingly
		}
		to.Value, to.Text = value, text
	}
	if to.Text != at.Field.Text {
		to.Repairs = append(slices.Clone(at.Field.Repairs), schema.Repair{From: at.Field.Text, To: to.Text, Reason: "person", Score: 1})
	}
	return &to, nil
}
