package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sohoa/sohoa/export/webhook"
	"github.com/sohoa/sohoa/review/api/client"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

var update = flag.Bool("update", false, "write the description for the client anew")

// contract holds every answer that any test gets against the description: its
// status must be one that the operation names, its body must fit the schema.
type contract struct {
	t        testing.TB
	api      *Server
	compiler *jsonschema.Compiler

	mu      sync.Mutex
	schemas map[string]*jsonschema.Schema
	done    map[string]bool // operations that did what they are for
}

const descriptionURL = "http://localhost/openapi.json"

func newContract(t testing.TB, v *Server) *contract {
	t.Helper()
	w := httptest.NewRecorder()
	v.ServeHTTP(w, httptest.NewRequest(http.MethodGet, Prefix+"/openapi.json", nil))
	doc, err := jsonschema.UnmarshalJSON(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(descriptionURL, doc); err != nil {
		t.Fatal(err)
	}
	return &contract{t: t, api: v, compiler: c, schemas: map[string]*jsonschema.Schema{}, done: map[string]bool{}}
}

// ServeHTTP implements [http.Handler].
func (c *contract) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, pattern := c.api.mux.Handler(r)
	method, path, _ := strings.Cut(pattern, " ")
	op := operationAt(c.api.api.OpenAPI(), method, strings.TrimPrefix(path, Prefix))
	if op == nil {
		c.api.ServeHTTP(w, r)
		return
	}
	saw := &tee{ResponseWriter: w, status: http.StatusOK}
	c.api.ServeHTTP(saw, r)
	if err := c.check(op, strings.TrimPrefix(path, Prefix), saw); err != nil {
		c.t.Errorf("%s answers %d: %v\n%.600s", op.OperationID, saw.status, err, saw.body.Bytes())
	}
}

func operationAt(o *huma.OpenAPI, method, path string) *huma.Operation {
	if at := o.Paths[path]; at != nil {
		for _, op := range operations(at) {
			if op.Method == method {
				return op
			}
		}
	}
	return nil
}

// tee keeps what was answered.
type tee struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (t *tee) WriteHeader(status int) { t.status = status; t.ResponseWriter.WriteHeader(status) }

func (t *tee) Write(p []byte) (int, error) { t.body.Write(p); return t.ResponseWriter.Write(p) }

// Unwrap lets deadlines through.
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }

func (c *contract) check(op *huma.Operation, path string, saw *tee) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if saw.status < 300 {
		c.done[op.OperationID] = true
	}
	said := op.Responses[fmt.Sprint(saw.status)]
	if said == nil {
		return fmt.Errorf("the description has no such status")
	}
	for name := range said.Headers {
		if name == "ETag" && saw.Header().Get(name) == "" {
			return fmt.Errorf("the header %s is missing", name)
		}
	}
	if len(said.Content) == 0 {
		if saw.body.Len() > 0 {
			return fmt.Errorf("the description has no body")
		}
		return nil
	}
	kind, _, _ := strings.Cut(saw.Header().Get("Content-Type"), ";")
	if said.Content[kind] == nil {
		return fmt.Errorf("the description has no body as %q", kind)
	}
	if !strings.HasSuffix(kind, "json") {
		return nil
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
	at := fmt.Sprintf("%s#/paths/%s/%s/responses/%d/content/%s/schema", descriptionURL, escape.Replace(path), strings.ToLower(op.Method), saw.status, escape.Replace(kind))
	s := c.schemas[at]
	if s == nil {
		var err error
		if s, err = c.compiler.Compile(at); err != nil {
			return err
		}
		c.schemas[at] = s
	}
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(saw.body.Bytes()))
	if err != nil {
		return err
	}
	return s.Validate(body)
}

// TestDescription looks at the description itself: it is OpenAPI 3.1, each
// operation is told of in full, and all schemas compile.
func TestDescription(t *testing.T) {
	v := newSite(t, storetest.SQLite(t))
	var d map[string]any
	if err := json.Unmarshal(v.call("", http.MethodGet, "/openapi.json", nil).Body, &d); err != nil {
		t.Fatal(err)
	}
	if d["openapi"] != "3.1.0" {
		t.Errorf("openapi %v", d["openapi"])
	}
	if yaml := v.call("", http.MethodGet, "/openapi.yaml", nil); !bytes.Contains(yaml.Body, []byte("openapi: 3.1.0")) {
		t.Errorf("%.200s", yaml.Body)
	}
	c := newContract(t, v.api)
	for name := range v.api.api.OpenAPI().Components.Schemas.Map() {
		if _, err := c.compiler.Compile(descriptionURL + "#/components/schemas/" + name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	ids := map[string]bool{}
	for path, at := range v.api.api.OpenAPI().Paths {
		for _, op := range operations(at) {
			if ids[op.OperationID] || op.OperationID == "" || len(op.Tags) != 1 || op.Summary == "" {
				t.Errorf("%s %s: %+v", op.Method, path, op)
			}
			ids[op.OperationID] = true
			for _, p := range op.Parameters {
				if p.In == "query" && p.Description == "" && p.Schema.Enum == nil && p.Schema.Maximum == nil {
					t.Errorf("%s: the parameter %s is not told of", op.OperationID, p.Name)
				}
			}
		}
	}
}

// description returns what the client is generated from: the description in the
// form of OpenAPI 3.0, with the content of a document, which has a schema of its
// own, as any object.
func description(t *testing.T, v *Server) []byte {
	t.Helper()
	data, err := v.api.OpenAPI().Downgrade()
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	d["info"].(map[string]any)["version"] = "1" // the program's does not matter
	schemas := d["components"].(map[string]any)["schemas"].(map[string]any)
	for name := range schemas {
		if strings.HasPrefix(name, contentComponent) {
			delete(schemas, name)
		}
	}
	schemas[contentComponent] = map[string]any{"type": "object", "additionalProperties": true}
	out, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

func TestClientIsNew(t *testing.T) {
	v := newSite(t, storetest.SQLite(t))
	const file = "client/openapi.json"
	now := description(t, v.api)
	if *update {
		if err := os.WriteFile(file, now, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	was, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(was, now) {
		t.Errorf("%s is not what the server gives; see client/doc.go", file)
	}
	// The client has a function for each operation.
	c := reflect.TypeFor[*client.ClientWithResponses]()
	for _, at := range v.api.api.OpenAPI().Paths {
		for _, op := range operations(at) {
			var name strings.Builder
			for part := range strings.SplitSeq(op.OperationID, "-") {
				name.WriteString(strings.ToUpper(part[:1]) + part[1:])
			}
			_, plain := c.MethodByName(name.String() + "WithResponse")
			_, body := c.MethodByName(name.String() + "WithBodyWithResponse")
			if !plain && !body {
				t.Errorf("the client has no %s; run go generate ./review/api/client", name.String())
			}
		}
	}
}

// testGeneratedClient goes the way of another system through the client that was
// generated from the description, and leaves no operation out.
func testGeneratedClient(t *testing.T, v *site) {
	v.work(2)
	ctx := t.Context()
	token := v.token(Scopes()...)
	c, err := client.NewClientWithResponses(v.URL+Prefix, client.WithRequestEditorFn(client.BearerToken(token)))
	must := func(what string, status, want int, body []byte, err error) {
		t.Helper()
		if err != nil || status != want {
			t.Fatalf("%s: %d, %v: %.300s", what, status, err, body)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	name, key := "bao-cao.pdf", "key"
	up, err := c.UploadDocumentWithBodyWithResponse(ctx, &client.UploadDocumentParams{Name: &name, IdempotencyKey: &key}, "application/octet-stream", strings.NewReader(pdf))
	must("upload", up.StatusCode(), http.StatusAccepted, up.Body, err)
	id := up.JSON202.Document
	v.await(id)

	docs, err := c.ListDocumentsWithResponse(ctx, nil)
	must("list", docs.StatusCode(), http.StatusOK, docs.Body, err)
	if len(docs.JSON200.Items) != 1 || docs.JSON200.Items[0].Province != "Sơn Hải" {
		t.Errorf("%+v", docs.JSON200)
	}
	doc, err := c.GetDocumentWithResponse(ctx, id)
	must("document", doc.StatusCode(), http.StatusOK, doc.Body, err)
	versions, err := c.ListVersionsWithResponse(ctx, id, nil)
	must("versions", versions.StatusCode(), http.StatusOK, versions.Body, err)
	pages, err := c.ListPagesWithResponse(ctx, id, nil)
	must("pages", pages.StatusCode(), http.StatusOK, pages.Body, err)
	content, err := c.GetContentWithResponse(ctx, id, nil)
	must("content", content.StatusCode(), http.StatusOK, content.Body, err)
	var whole schema.Document
	if err := json.Unmarshal(content.Body, &whole); err != nil || whole.Validate() != nil {
		t.Errorf("content: %v, %v", err, whole.Validate())
	}
	width := client.GetPagePictureParamsWidth("900")
	picture, err := c.GetPagePictureWithResponse(ctx, id, 1, &client.GetPagePictureParams{Width: &width})
	must("picture", picture.StatusCode(), http.StatusOK, nil, err)
	crop, err := c.GetPageCropWithResponse(ctx, id, 1, &client.GetPageCropParams{Box: []int64{20, 20, 200, 50}})
	must("crop", crop.StatusCode(), http.StatusOK, nil, err)

	province := "son hai"
	records, err := c.ListRecordsWithResponse(ctx, &client.ListRecordsParams{Province: &province})
	must("records", records.StatusCode(), http.StatusOK, records.Body, err)
	if len(records.JSON200.Items) != 3 {
		t.Errorf("%d records", len(records.JSON200.Items))
	}
	own, err := c.ListDocumentRecordsWithResponse(ctx, id, nil)
	must("records of the document", own.StatusCode(), http.StatusOK, own.Body, err)
	state := client.ListFieldsParamsState("needs_review")
	fields, err := c.ListFieldsWithResponse(ctx, id, &client.ListFieldsParams{State: &state})
	must("fields", fields.StatusCode(), http.StatusOK, fields.Body, err)
	path := fields.JSON200.Items[slices.IndexFunc(fields.JSON200.Items, func(f client.Field) bool { return f.Name == "status" })].Path
	field, err := c.GetFieldWithResponse(ctx, id, &client.GetFieldParams{Path: path})
	must("field", field.StatusCode(), http.StatusOK, field.Body, err)

	text := "Hoàn thành"
	change := client.Changes{Changes: []client.Change{{Path: path, Action: "correct", Text: &text}}}
	done, err := c.CorrectWithResponse(ctx, id, &client.CorrectParams{IfMatch: &doc.JSON200.Etag}, change)
	must("correct", done.StatusCode(), http.StatusOK, done.Body, err)
	late, err := c.CorrectWithResponse(ctx, id, &client.CorrectParams{IfMatch: &doc.JSON200.Etag}, change)
	must("correct too late", late.StatusCode(), http.StatusPreconditionFailed, late.Body, err)
	if late.ApplicationproblemJSON412 == nil || *late.ApplicationproblemJSON412.Type != problemChanged {
		t.Errorf("%s", late.Body)
	}
	history, err := c.ListCorrectionsWithResponse(ctx, id, nil)
	must("history", history.StatusCode(), http.StatusOK, history.Body, err)
	undone, err := c.UndoCorrectionsWithResponse(ctx, id, done.JSON200.Batch)
	must("undo", undone.StatusCode(), http.StatusOK, undone.Body, err)
	events, err := c.ListEventsWithResponse(ctx, nil)
	must("events", events.StatusCode(), http.StatusOK, events.Body, err)

	hook, err := c.CreateWebhookWithResponse(ctx, client.NewWebhook{Url: "https://example.com/", Types: []client.NewWebhookTypes{"field.corrected"}})
	must("webhook", hook.StatusCode(), http.StatusCreated, hook.Body, err)
	wh := hook.JSON201.Id
	hooks, err := c.ListWebhooksWithResponse(ctx)
	must("webhooks", hooks.StatusCode(), http.StatusOK, hooks.Body, err)
	got, err := c.GetWebhookWithResponse(ctx, wh)
	must("webhook again", got.StatusCode(), http.StatusOK, got.Body, err)
	note := "bảng"
	changed, err := c.ChangeWebhookWithResponse(ctx, wh, client.WebhookChange{Note: &note})
	must("change webhook", changed.StatusCode(), http.StatusOK, changed.Body, err)
	turned, err := c.TurnWebhookSecretWithResponse(ctx, wh)
	must("secret", turned.StatusCode(), http.StatusOK, turned.Body, err)
	if _, _, err := v.store.PlanDeliveries(ctx, webhook.Types()); err != nil {
		t.Fatal(err)
	}
	again, err := c.ReplayWebhookWithResponse(ctx, wh, client.ReplayWish{Since: time.Now().Add(-time.Hour)})
	must("replay", again.StatusCode(), http.StatusAccepted, again.Body, err)
	deliveries, err := c.ListDeliveriesWithResponse(ctx, wh, nil)
	must("deliveries", deliveries.StatusCode(), http.StatusOK, deliveries.Body, err)
	if again.JSON202.Queued != 2 || len(deliveries.JSON200.Items) != 2 {
		t.Fatalf("%d queued: %s", again.JSON202.Queued, deliveries.Body)
	}
	one := deliveries.JSON200.Items[0].Id
	if err := v.store.NoteAttempt(ctx, one, store.Attempt{At: time.Now(), Error: "x"}, store.Undone); err != nil {
		t.Fatal(err)
	}
	delivery, err := c.GetDeliveryWithResponse(ctx, wh, one)
	must("delivery", delivery.StatusCode(), http.StatusOK, delivery.Body, err)
	replay, err := c.ReplayDeliveryWithResponse(ctx, wh, one)
	must("replay one", replay.StatusCode(), http.StatusAccepted, replay.Body, err)
	gone, err := c.DeleteWebhookWithResponse(ctx, wh)
	must("delete webhook", gone.StatusCode(), http.StatusNoContent, gone.Body, err)

	for _, at := range v.api.api.OpenAPI().Paths {
		for _, op := range operations(at) {
			if !v.contract.done[op.OperationID] {
				t.Errorf("%s was not called", op.OperationID)
			}
		}
	}
}

// testManyReaders has fifty clients read while two workers write: every answer
// is whole and fits the description, and what is read of a document fits
// together.
func testManyReaders(t *testing.T, v *site) {
	token := v.token(ReadDocuments, ReadEvents)
	v.work(1)
	v.work(1)
	first := v.report("first")
	const clients, documents = 50, 20
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			for n := 0; ; n++ {
				switch (i + n) % 5 {
				case 0:
					all[Record](v, token, "/records?number=1")
				case 1:
					v.call(token, http.MethodGet, "/documents?limit=5", nil).is(http.StatusOK)
				case 2:
					d := into[Document](v.call(token, http.MethodGet, "/documents/"+first, nil).is(http.StatusOK))
					a := v.call(token, http.MethodGet, "/documents/"+first+"/fields?limit=500", nil).is(http.StatusOK)
					open := 0
					for _, f := range into[Page[Field]](a).Items {
						if f.State == string(schema.NeedsReview) {
							open++
						}
					}
					if a.Header.Get("ETag") == d.ETag && open != d.FieldsLeft {
						t.Errorf("revision %s has %d fields left, and %d are seen", d.ETag, d.FieldsLeft, open)
					}
				case 3:
					v.call(token, http.MethodGet, "/documents/"+first+"/pages/1/picture", nil).is(http.StatusOK)
				case 4:
					v.call(token, http.MethodGet, "/events", nil).is(http.StatusOK)
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	var ids []string
	for i := range documents {
		r, err := v.store.Submit(t.Context(), store.Upload{Name: "a.pdf", Bytes: strings.NewReader(fmt.Sprint("%PDF-1.7 ", i)), By: "test", Engine: "test"})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.Document)
		text := schema.Field{Value: fmt.Sprint(i), Text: fmt.Sprint(i), Confidence: 1, State: schema.Corrected}
		if _, err := v.store.Correct(t.Context(), first, store.Batch{By: "Lan", Changes: []store.Change{{What: store.TheField, Path: fmt.Sprintf("records/m%%2F%d/status", i%3+1), Field: &text}}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range ids {
		v.await(id)
	}
	close(stop)
	wg.Wait()
	if got := all[Record](v, token, "/records"); len(got) != 3*(documents+1) {
		t.Errorf("%d records in the end", len(got))
	}
}

// FuzzBodies sends what programs may get wrong to the operations that take a
// body: nothing is a fault of the server, and every answer fits the description.
func FuzzBodies(f *testing.F) {
	for _, s := range []string{
		`{"changes":[{"path":"header/title","action":"correct","text":"x"}]}`, `{"changes":[{"path":"records/m%2F1/amounts/0","action":"blank"}],"note":"n"}`,
		`{"url":"https://example.com","types":["document.approved"]}`, `{"since":"2026-01-01T00:00:00Z"}`, `{"changes":null}`, `[]`, `null`, `{`, "", "\xff", `{"changes":[{"path":"\u0000","action":"unreadable"}]}`,
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7\r\n--x--\r\n", `{"changes":[{"path":"tables/-1/columns/99999999999999999999","action":"confirm"}]}`,
	} {
		for kind := range 3 {
			f.Add([]byte(s), uint8(kind))
		}
	}
	v := newSite(f, storetest.SQLite(f))
	stop := v.work(1)
	id := v.report("1")
	stop() // what it does in the background would look like news to the fuzzer
	token := v.token(Scopes()...)
	f.Fuzz(func(t *testing.T, body []byte, which uint8) {
		v.t, v.contract.t = t, t
		kinds := []string{"application/json", "multipart/form-data; boundary=x", "application/octet-stream"}
		for _, c := range [][2]string{
			{http.MethodPost, "/documents/" + id + "/corrections"}, {http.MethodPost, "/webhooks"}, {http.MethodPatch, "/webhooks/none"}, {http.MethodPost, "/webhooks/none/replay"}, {http.MethodPost, "/documents?name=a.txt"},
		} {
			r := httptest.NewRequest(c[0], Prefix+c[1], io.NopCloser(bytes.NewReader(body)))
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Content-Type", kinds[int(which)%len(kinds)])
			r.Header.Set("If-Match", "*")
			w := httptest.NewRecorder()
			v.contract.ServeHTTP(w, r)
			if w.Code >= 500 {
				t.Errorf("%s %s: %d %s", c[0], c[1], w.Code, w.Body)
			}
		}
	})
}
