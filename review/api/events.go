package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/store"
)

// Event is something that happened to a document.
type Event struct {
	ID       string    `json:"id" doc:"the same as webhook-id of its webhook"`
	Seq      int64     `json:"seq" doc:"grows from event to event; numbers may be left out"`
	Type     string    `json:"type" enum:"document.submitted,document.processed,document.failed,document.approved,document.reopened,document.deleted,field.corrected"`
	At       time.Time `json:"at"`
	Actor    string    `json:"actor" doc:"the person, api:CLIENT, or sohoa"`
	Document string    `json:"document"`
	Version  int       `json:"version"`
	Data     any       `json:"data" doc:"what belongs to the type: paths and batch of corrections, counts, the reason"`
}

var eventTypes = []string{store.Submitted, store.Processed, store.Failed, store.Approved, store.Reopened, store.Deleted, store.Amended}

func (v *Server) events() {
	register(v, ReadEvents, huma.Operation{OperationID: "list-events", Method: http.MethodGet, Path: "/events", Tags: []string{"events"}, Summary: "What happened since",
		Description: "Oldest first. `next` is never empty: keep it, and ask again with it later. Nothing that happened is left out, and nothing comes twice."},
		func(ctx context.Context, in *struct {
			Listing
			Type []string `query:"type" enum:"document.submitted,document.processed,document.failed,document.approved,document.reopened,document.deleted,field.corrected" doc:"one or several, parted by commas"`
		}) (*paged[Event], error) {
			after, err := number(in.Cursor)
			if err != nil {
				return nil, err
			}
			types := in.Type
			if len(types) == 0 {
				types = eventTypes
			}
			all, err := v.store.Events(ctx, types, after, in.Limit)
			if err != nil {
				return nil, err
			}
			out := make([]Event, len(all))
			for i, e := range all {
				out[i] = Event{e.EventID(), e.Seq, e.Action, e.At, e.Actor, e.Document, e.Version, nil}
				if err := json.Unmarshal(e.Data, &out[i].Data); err != nil {
					return nil, fmt.Errorf("event %d: %w", e.Seq, err)
				}
				after = e.Seq
			}
			return page(out, strconv.FormatInt(after, 10)), nil
		})
}
