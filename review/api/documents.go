package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// Document is a document as lists show it.
type Document struct {
	ID           string    `json:"id" doc:"SHA-256 of the bytes"`
	Names        []string  `json:"names" doc:"names that it was handed in under, oldest first"`
	MediaType    string    `json:"media_type"`
	Bytes        int64     `json:"bytes"`
	State        string    `json:"state" enum:"queued,reading,ready,failed,approved"`
	Reason       string    `json:"reason" doc:"why it failed, otherwise empty"`
	Remedy       string    `json:"remedy" doc:"what to do about it"`
	Version      int       `json:"version" doc:"the newest finished one, 0 while there is none"`
	Revision     int64     `json:"revision" doc:"grows with each change"`
	ETag         string    `json:"etag" doc:"for If-Match of corrections"`
	Pages        int       `json:"pages"`
	Fields       int       `json:"fields"`
	FieldsLeft   int       `json:"fields_left" doc:"fields that need review"`
	Profile      string    `json:"profile" doc:"report type; several are joined by +"`
	Title        string    `json:"title"`
	Issuer       string    `json:"issuer"`
	Number       string    `json:"number"`
	Date         string    `json:"date" doc:"2025-07-07, unknown digits as ?"`
	Province     string    `json:"province"`
	Period       string    `json:"period" doc:"2025, 2025-H1, 2025-Q3, 2025-07 or a range like 2025-01..2025-09"`
	PeriodFrom   string    `json:"period_from" doc:"first day"`
	PeriodTo     string    `json:"period_to" doc:"last day"`
	PeriodSource string    `json:"period_source" enum:",title,attached_to,date,text,name" doc:"what the period was taken from"`
	ClaimedBy    string    `json:"claimed_by" doc:"who works on it, otherwise empty"`
	Created      time.Time `json:"created"`
	Changed      time.Time `json:"changed"`
}

func (v *Server) document(ctx context.Context, d store.Document) (Document, error) {
	out := Document{
		ID: d.ID, Names: append([]string{}, d.Names...), MediaType: d.MediaType, Bytes: d.Bytes, State: string(d.State), Reason: d.Reason, Remedy: d.Remedy,
		Version: d.Version, Revision: d.Revision, ETag: etag(d.Revision), Pages: d.Pages, Fields: d.Fields, FieldsLeft: d.FieldsLeft,
		Profile: d.Profile, Title: d.Title, Issuer: d.Issuer, Number: d.Number, Date: d.Date, Created: d.Created, Changed: d.Changed,
	}
	if d.Claim != nil {
		out.ClaimedBy = d.Claim.By
	}
	if d.Version == 0 {
		return out, nil
	}
	o, err := v.store.Origin(ctx, d.ID)
	out.Province, out.Period, out.PeriodFrom, out.PeriodTo, out.PeriodSource = o.Province, o.Period, o.From, o.To, o.PeriodSource
	return out, err
}

// etag names a revision of a document.
func etag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }

// Conditional answers reads with 304 when the client has the revision already.
type Conditional struct {
	IfNoneMatch string `header:"If-None-Match" maxLength:"200" doc:"ETag of what the client has"`
}

func (c Conditional) has(tag string) bool {
	for t := range strings.SplitSeq(c.IfNoneMatch, ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == tag {
			return true
		}
	}
	return false
}

// notModified is an answer without a body.
func notModified(tag string) error {
	return huma.ErrorWithHeaders(huma.Status304NotModified(), http.Header{"Etag": {tag}})
}

// PageInfo is a page of a document and how its reading ended.
type PageInfo struct {
	Number     int     `json:"number" doc:"from 1"`
	Outcome    string  `json:"outcome" enum:"done,partial,timed_out,refused"`
	Reason     string  `json:"reason" doc:"empty when the outcome is done"`
	TextSource string  `json:"text_source" enum:"ocr,text_layer,text"`
	Rotation   int     `json:"rotation" doc:"degrees clockwise that made the page upright"`
	Skew       float64 `json:"skew" doc:"degrees clockwise that were taken out after that"`
	Width      int     `json:"width" doc:"pixels of the upright page, 0 for text"`
	Height     int     `json:"height"`
	DPI        int     `json:"dpi" doc:"resolution of those pixels"`
	Text       string  `json:"text" doc:"a line a line, table cells parted by tabs"`
}

// Version is one reading of a document.
type Version struct {
	Version   int       `json:"version"`
	Engine    string    `json:"engine" doc:"what read it"`
	State     string    `json:"state" enum:"queued,reading,ready,failed"`
	Reason    string    `json:"reason"`
	Remedy    string    `json:"remedy"`
	Pages     int       `json:"pages"`
	PagesLeft int       `json:"pages_left" doc:"not read yet"`
	Created   time.Time `json:"created"`
	Finished  time.Time `json:"finished,omitzero"`
}

type documentOutput struct {
	Body Document
}

type contentOutput struct {
	ETag string          `header:"ETag"`
	Type string          `header:"Content-Type"`
	Body json.RawMessage `contentType:"application/json"`
}

func (v *Server) documents() {
	type listInput struct {
		Listing
		State        []string  `query:"state" enum:"queued,reading,ready,failed,approved" doc:"one or several, parted by commas"`
		Profile      string    `query:"profile" maxLength:"100" doc:"report type"`
		Search       string    `query:"search" maxLength:"200" doc:"in name, title, number and issuer"`
		Review       string    `query:"review" enum:"open" doc:"only documents with fields that need review"`
		ChangedSince time.Time `query:"changed_since" doc:"at or after"`
		Order        string    `query:"order" enum:"changed,-changed,fields_left" default:"changed" doc:"changed: the longest unchanged first, so that paging misses nothing"`
	}
	register(v, ReadDocuments, huma.Operation{OperationID: "list-documents", Method: http.MethodGet, Path: "/documents", Tags: []string{"documents"}, Summary: "List documents"},
		func(ctx context.Context, in *listInput) (*paged[Document], error) {
			q := store.DocumentQuery{Profile: in.Profile, Search: in.Search, ToReview: in.Review != "", Changed: in.ChangedSince, After: in.Cursor, Limit: in.Limit,
				Order: map[string]store.Order{"changed": store.OldestFirst, "-changed": store.NewestFirst, "fields_left": store.FewestLeft}[in.Order]}
			for _, s := range in.State {
				q.States = append(q.States, store.State(s))
			}
			docs, next, err := v.store.Documents(ctx, q)
			if err != nil {
				return nil, err
			}
			out := make([]Document, len(docs))
			for i, d := range docs {
				if out[i], err = v.document(ctx, d); err != nil {
					return nil, err
				}
			}
			return page(out, next), nil
		})
	register(v, ReadDocuments, huma.Operation{OperationID: "get-document", Method: http.MethodGet, Path: "/documents/{id}", Tags: []string{"documents"}, Summary: "A document and its state", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *DocumentPath) (*documentOutput, error) {
			d, err := v.store.Document(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			out, err := v.document(ctx, d)
			return &documentOutput{out}, err
		})
	register(v, ReadDocuments, huma.Operation{OperationID: "list-versions", Method: http.MethodGet, Path: "/documents/{id}/versions", Tags: []string{"documents"}, Summary: "The readings of a document", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *struct {
			DocumentPath
			Listing
		}) (*paged[Version], error) {
			if _, err := v.store.Document(ctx, in.ID); err != nil {
				return nil, err
			}
			all, err := v.store.Versions(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			out := make([]Version, len(all))
			for i, x := range all {
				out[i] = Version{x.Version, x.Engine, string(x.State), x.Reason, x.Remedy, x.Pages, x.PagesLeft, x.Created, x.Finished}
			}
			return slice(out, in.Listing, func(x Version) int64 { return int64(x.Version) })
		})
	register(v, ReadDocuments, huma.Operation{OperationID: "list-pages", Method: http.MethodGet, Path: "/documents/{id}/pages", Tags: []string{"documents"}, Summary: "The pages of a document with their text", Errors: []int{http.StatusNotFound}},
		func(ctx context.Context, in *struct {
			DocumentPath
			Listing
		}) (*paged[PageInfo], error) {
			doc, _, err := v.store.Current(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			out := make([]PageInfo, len(doc.Pages))
			for i, p := range doc.Pages {
				out[i] = PageInfo{p.Number, string(p.Outcome), p.Reason, string(p.TextSource), p.Rotation, p.Skew, p.Width, p.Height, p.DPI, p.Text}
			}
			return slice(out, in.Listing, func(x PageInfo) int64 { return int64(x.Number) })
		})
	register(v, ReadDocuments, huma.Operation{OperationID: "get-content", Method: http.MethodGet, Path: "/documents/{id}/content", Tags: []string{"documents"},
		Summary: "All that was read, corrections included", Description: "The form is that of the files that `sohoa run` writes: " + schema.Version + ".",
		Errors:    []int{http.StatusNotFound, http.StatusNotModified},
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: componentPrefix + contentComponent}}}}},
	}, func(ctx context.Context, in *struct {
		DocumentPath
		Conditional
	}) (*contentOutput, error) {
		doc, revision, err := v.store.Current(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		if in.has(etag(revision)) {
			return nil, notModified(etag(revision))
		}
		data, err := json.Marshal(doc)
		return &contentOutput{ETag: etag(revision), Type: "application/json", Body: data}, err
	})
}

// slice cuts a page out of a list that is known whole and ordered by key.
func slice[T any](all []T, in Listing, key func(T) int64) (*paged[T], error) {
	after, err := number(in.Cursor)
	if err != nil {
		return nil, err
	}
	first, _ := slices.BinarySearchFunc(all, after+1, func(x T, k int64) int { return cmp.Compare(key(x), k) })
	all = all[first:]
	if len(all) > in.Limit {
		return page(all[:in.Limit], strconv.FormatInt(key(all[in.Limit-1]), 10)), nil
	}
	return page(all, ""), nil
}

// number reads a cursor that is a number, 0 when there is none.
func number(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%w: cursor %q", store.ErrInvalid, cursor)
	}
	return n, nil
}
