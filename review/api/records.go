package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Record is a row of a report.
type Record struct {
	Document   string    `json:"document"`
	Version    int       `json:"version"`
	Revision   int64     `json:"revision" doc:"of the document"`
	State      string    `json:"state" enum:"ready,approved" doc:"of the document"`
	Profile    string    `json:"profile" doc:"report type of the document"`
	Province   string    `json:"province"`
	Period     string    `json:"period"`
	PeriodFrom string    `json:"period_from"`
	PeriodTo   string    `json:"period_to"`
	Changed    time.Time `json:"changed" doc:"when the document last changed"`
	ID         string    `json:"id" doc:"unique in the document and the same in each reading of it"`
	Position   int       `json:"position" doc:"in the document, from 0"`
	Kind       string    `json:"kind" doc:"model, task, indicator, service, benefit"`
	Number     string    `json:"number" doc:"as the report writes it"`
	Title      string    `json:"title"`
	Status     string    `json:"status" doc:"completed, in_progress, not_started, not_registered, transferred, or as the report writes it"`
	FieldsLeft int       `json:"fields_left" doc:"fields of the record that need review"`
	Group      *Group    `json:"group,omitempty" doc:"the group row above it"`
	Fields     []Field   `json:"fields"`
}

// Group is the group row above a record.
type Group struct {
	Number   string `json:"number"`
	Name     string `json:"name"`
	Declared *int   `json:"declared,omitempty" doc:"the count that the row itself states"`
}

// RecordFilter is what records are selected by.
type RecordFilter struct {
	Kind         string    `query:"kind" maxLength:"50" doc:"model, task, indicator, service, benefit"`
	Profile      string    `query:"profile" maxLength:"100" doc:"report type"`
	Province     string    `query:"province" maxLength:"100" doc:"letter case and marks do not matter"`
	Period       string    `query:"period" maxLength:"30" doc:"exactly: 2025, 2025-H1, 2025-Q3, 2025-07"`
	From         string    `query:"from" format:"date" doc:"about this day or a later one"`
	To           string    `query:"to" format:"date" doc:"about this day or an earlier one"`
	Number       string    `query:"number" maxLength:"50" doc:"of the record, as the report writes it"`
	Status       string    `query:"status" maxLength:"100" doc:"completed, in_progress, not_started, not_registered, transferred"`
	State        string    `query:"state" enum:"ready,approved" doc:"of the document"`
	Review       string    `query:"review" enum:"open,done" doc:"open: a field of the record needs review; done: none does"`
	ChangedSince time.Time `query:"changed_since" doc:"documents that changed at or after"`
}

func (f RecordFilter) query() store.RecordQuery {
	q := store.RecordQuery{Kind: f.Kind, Profile: f.Profile, Province: f.Province, Period: f.Period, From: f.From, To: f.To, Number: f.Number, Status: f.Status, Changed: f.ChangedSince}
	if f.State != "" {
		approved := f.State == string(store.Locked)
		q.Approved = &approved
	}
	if f.Review != "" {
		open := f.Review == "open"
		q.ToReview = &open
	}
	return q
}

func (v *Server) records() {
	register(v, ReadDocuments, huma.Operation{OperationID: "list-records", Method: http.MethodGet, Path: "/records", Tags: []string{"records"}, Summary: "List records across documents",
		Description: "Ordered by the last change of their documents. To keep a copy: page to the end, note the latest `changed`, and ask again with `changed_since` set to it. Records of a document that was corrected come again, whole."},
		func(ctx context.Context, in *struct {
			Listing
			RecordFilter
		}) (*paged[Record], error) {
			q := in.query()
			q.After, q.Limit = in.Cursor, in.Limit
			return v.recordPage(ctx, q)
		})
	register(v, ReadDocuments, huma.Operation{OperationID: "list-document-records", Method: http.MethodGet, Path: "/documents/{id}/records", Tags: []string{"records"}, Summary: "The records of a document", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *struct {
			DocumentPath
			Listing
		}) (*paged[Record], error) {
			if _, err := v.store.Document(ctx, in.ID); err != nil {
				return nil, err
			}
			return v.recordPage(ctx, store.RecordQuery{Document: in.ID, After: in.Cursor, Limit: in.Limit})
		})
}

func (v *Server) recordPage(ctx context.Context, q store.RecordQuery) (*paged[Record], error) {
	rows, next, err := v.store.Records(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]Record, len(rows))
	for i, r := range rows {
		out[i] = Record{
			Document: r.Document, Version: r.Version, Revision: r.Revision, State: string(r.State), Profile: r.Profile,
			Province: r.Origin.Province, Period: r.Origin.Period, PeriodFrom: r.Origin.From, PeriodTo: r.Origin.To, Changed: r.Changed,
			ID: r.Record.ID, Position: r.Position, Kind: r.Record.Kind, Number: r.Number, Title: r.Title, Status: r.Status, FieldsLeft: r.ToReview, Fields: []Field{},
		}
		if g := r.Record.Group; g != nil {
			out[i].Group = &Group{g.Number, g.Name, g.Declared}
		}
		one := schema.Document{Records: []schema.Record{r.Record}}
		for _, f := range store.AllFields(&one) {
			out[i].Fields = append(out[i].Fields, fieldOf(f))
		}
	}
	return page(out, next), nil
}
