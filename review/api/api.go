// Package api is the HTTP interface through which other systems feed sohoa and
// read what came of it, below /api/v1.
//
// Each operation is a function over typed input and output; the OpenAPI
// description, the checks of what comes in and the page for readers are made
// from them (by huma), so that none of the three can say something else.
//
// Who may do what stands beside each operation: its scope. A client sends a
// token (see [store.Token]) with every request; cookies mean nothing here, so
// that no page elsewhere can make a browser act on somebody's behalf.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sohoa/sohoa/review"
	"github.com/sohoa/sohoa/store"
)

// Prefix is where the interface lives.
const Prefix = "/api/v1"

// Options say how a [Server] works.
type Options struct {
	Version   string // of the program, for the description
	Engine    string // names what reads the uploads, see [store.Upload]
	MaxUpload int64  // bytes; 0 means [review.DefaultMaxUpload]
	Secure    bool   // it is reached over TLS alone
	// Fault is told what the client is not: the causes of answers with status
	// 500. Nil is silence.
	Fault func(error)
}

// Server is the interface. It is an [http.Handler].
type Server struct {
	store  *store.Store
	review *review.Server
	set    Options
	api    huma.API
	mux    *http.ServeMux
}

// New returns the interface to a store. It takes, understands and shows what
// the review pages do.
func New(s *store.Store, pages *review.Server, set Options) (*Server, error) {
	if set.MaxUpload == 0 {
		set.MaxUpload = review.DefaultMaxUpload
	}
	if set.Fault == nil {
		set.Fault = func(error) {}
	}
	v := &Server{store: s, review: pages, set: set, mux: http.NewServeMux()}
	v.api = humago.NewWithPrefix(v.mux, Prefix, configuration(set.Version))
	v.api.UseMiddleware(v.authorise)
	v.documents()
	v.uploads()
	v.records()
	v.fields()
	v.pictures()
	v.corrections()
	v.events()
	v.webhooks()
	if err := v.describe(); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	v.mux.HandleFunc("/", v.nowhere)
	return v, nil
}

// No list that we answer with is null.
func init() { huma.DefaultArrayNullable = false }

func configuration(version string) huma.Config {
	c := huma.DefaultConfig("sohoa", version)
	c.Info.Description = introduction
	c.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		securityScheme: {Type: "http", Scheme: "bearer", Description: "A token made by `sohoa token create`."},
	}
	c.Tags = []*huma.Tag{ // in the order of a client's way
		{Name: "documents", Description: "Files that were handed in, and how far the reading of each is."},
		{Name: "records", Description: "The rows of reports, across all documents."},
		{Name: "fields", Description: "Single values with everything that is known of where they come from."},
		{Name: "pictures", Description: "The pages as they look."},
		{Name: "corrections", Description: "Changes by hand. Each is kept; none overwrites."},
		{Name: "events", Description: "What happened, in order, without gaps."},
		{Name: "webhooks", Description: "Other systems are told of events as they happen."},
	}
	// A filter that is misspelt must not select everything.
	c.RejectUnknownQueryParameters = true
	// The description and its page are served by describe: huma's page loads
	// from other sites, and its answers carry links that our clients have no use
	// for.
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", "", nil
	return c
}

const introduction = `Hand in scanned reports, follow their reading, and fetch what they say as records.

Lists come in pages: ask again with ` + "`cursor`" + ` set to ` + "`next`" + ` until that is empty. Errors are problem details (RFC 9457). Times are in UTC. Sums are in đồng, boxes in pixels of the upright page at its dpi.`

// register adds an operation with the scope that it needs. Faults become
// problems, see problem.
func register[I, O any](v *Server, scope string, op huma.Operation, do func(context.Context, *I) (*O, error)) {
	op.Security = []map[string][]string{{securityScheme: {scope}}}
	if op.Method == http.MethodPost || op.Method == http.MethodPatch { // what can be wrong with a body
		op.Errors = append(op.Errors, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity)
	huma.Register(v.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		var whole huma.HeadersError // says all that there is to say
		switch {
		case errors.As(err, &whole):
			return nil, err
		case errors.Is(err, store.ErrBusy):
			return nil, huma.ErrorWithHeaders(newProblem(http.StatusServiceUnavailable, "", "too many uploads at once; try again soon"), http.Header{"Retry-After": {"5"}})
		case err != nil:
			return nil, v.problem(ctx, op.OperationID, err)
		}
		return out, nil
	})
}

// ServeHTTP implements [http.Handler].
func (v *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store") // operations that may be kept say so
	if v.set.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	v.mux.ServeHTTP(w, r)
}

// nowhere answers where no operation is.
func (v *Server) nowhere(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := v.mux.Handler(other); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	status := http.StatusNotFound
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		status = http.StatusMethodNotAllowed
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(newProblem(status, "", "there is no such operation; "+Prefix+"/docs lists all")) // the client is gone if this fails
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"the cursor of the next page, empty at the end"`
}

// Listing is what all lists take.
type Listing struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"most items of a page"`
}

// paged is the output of lists.
type paged[T any] struct {
	Body Page[T]
}

func page[T any](items []T, next string) *paged[T] {
	if items == nil {
		items = []T{}
	}
	return &paged[T]{Page[T]{items, next}}
}

// DocumentPath is the path parameter of all that is about one document.
type DocumentPath struct {
	ID string `path:"id" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 of the bytes that were handed in"`
}
