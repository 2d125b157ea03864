package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/review"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

// site is the interface over an empty store, served on a loopback port, with a
// worker whose reading is known beforehand.
type site struct {
	*httptest.Server
	t        testing.TB
	store    *store.Store
	api      *Server
	contract *contract // between the visitors and api
}

// onBothDatabases are the tests that ask much of the store.
var onBothDatabases = map[string]func(*testing.T, *site){
	"IdempotentRace":  testIdempotentRace,
	"Reading":         testReading,
	"Corrections":     testCorrections,
	"CorrectionRace":  testCorrectionRace,
	"Events":          testEvents,
	"GeneratedClient": testGeneratedClient,
	"ManyReaders":     testManyReaders,
	"Webhooks":        testWebhooks,
}

func TestSQLite(t *testing.T) {
	for name, f := range onBothDatabases {
		t.Run(name, func(t *testing.T) { f(t, newSite(t, storetest.SQLite(t))) })
	}
}

func TestPostgres(t *testing.T) {
	server := storetest.StartPostgres(t)
	for name, f := range onBothDatabases {
		t.Run(name, func(t *testing.T) { f(t, newSite(t, server.Database(t))) })
	}
}

const maxUploadForTest = 64 << 10

func newSite(t testing.TB, db storetest.Database) *site {
	t.Helper()
	s := db.Open(t)
	pages, err := review.New(s, review.Options{
		Engine: "test", Fold: strings.ToLower, Double: []string{"responsibility"},
		Interpret: func(kind review.Kind, text string) (any, error) {
			if kind != review.Status {
				return text, nil
			}
			if text != "Hoàn thành" {
				return nil, review.Complaint("This is no known status.")
			}
			return "completed", nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	v := &site{t: t, store: s}
	v.api, err = New(s, pages, Options{Version: "test", Engine: "test", MaxUpload: maxUploadForTest, Fault: func(err error) { v.t.Errorf("fault: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	v.contract = newContract(t, v.api)
	mux := http.NewServeMux()
	mux.Handle(Prefix+"/", v.contract)
	mux.Handle("/", pages)
	v.Server = httptest.NewServer(mux)
	t.Cleanup(v.Close)
	return v
}

// work reads anything as a report of two pages and three records, until stop is
// called or the test ends.
func (v *site) work(slots int) (stop func()) {
	v.t.Helper()
	t := v.t
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- v.store.NewWorker(store.Work{
			Split: func(_ context.Context, t store.Task) (schema.Source, error) {
				return schema.Source{Name: t.Name, MediaType: "application/pdf", Bytes: t.Bytes, Pages: 2}, nil
			},
			Page: func(_ context.Context, _ store.Task, n int) (store.PageResult, error) {
				var b bytes.Buffer
				err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 200, 300)), nil)
				return store.PageResult{Picture: b.Bytes(), PictureSuffix: ".jpg", Page: schema.Page{PageInfo: schema.PageInfo{
					Number: n, Outcome: schema.Done, TextSource: schema.FromOCR, Width: 400, Height: 600, DPI: 100, Text: "Báo cáo"}}}, err
			},
			Assemble: func(_ context.Context, t store.Task, pages []schema.Page) (*schema.Document, error) {
				return reportForTest(t, pages), nil
			},
		}, store.WorkerConfig{Slots: slots}).Run(ctx)
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("worker: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func reportForTest(t store.Task, pages []schema.Page) *schema.Document {
	doc := &schema.Document{DocumentID: t.Document, Source: t.Source, Engine: schema.Engine{Sohoa: "test", Profile: "model-results"}}
	for _, p := range pages {
		doc.Pages = append(doc.Pages, p.PageInfo)
	}
	field := func(text string, value any, row int) schema.Field {
		box := schema.Box{X0: 20, Y0: 20 + 40*row, X1: 200, Y1: 50 + 40*row}
		return schema.Field{Value: value, Text: text, Raw: text, Confidence: 0.9, State: schema.Accepted, Boxes: []schema.Place{{Page: 1, Box: &box}}}
	}
	one := func(text string, value any, row int) schema.Entry { return schema.One(field(text, value, row)) }
	title, issuer, date := field("Kết quả quý III năm 2025", "Kết quả quý III năm 2025", 0), field("UBND TỈNH SƠN HẢI", "UBND TỈNH SƠN HẢI", 0), field("ngày 7 tháng 10 năm 2025", "2025-10-07", 0)
	doc.Header.Title, doc.Header.Issuer, doc.Header.Date = &title, &issuer, &date
	for i := range 3 {
		status := field("Hoan thanh", nil, i)
		status.State, status.Confidence, status.Why = schema.NeedsReview, 0.4, []string{"format"}
		status.Repairs = []schema.Repair{{From: "Hoan thaah", To: "Hoan thanh", Reason: "shape", Score: 0.9}}
		status.Alternatives = []schema.Alternative{{Text: "Hoàn thành", Score: 0.5}}
		who := field("Sở A", "Sở A", i)
		who.State = schema.NeedsReview
		count := 3
		doc.Records = append(doc.Records, schema.Record{ID: fmt.Sprintf("m/%d", i+1), Kind: "model", Group: &schema.Group{Number: "I", Name: "NHÓM", Declared: &count}, Fields: map[string]schema.Entry{
			"number": one(fmt.Sprint(i+1), fmt.Sprint(i+1), i), "title": one(fmt.Sprintf("Mô hình %d", i+1), fmt.Sprintf("Mô hình %d", i+1), i), "status": schema.One(status), "responsibility": schema.One(who),
			"amounts": {List: []schema.Field{field("2,5 tỷ đồng", schema.Money{VND: 2_500_000_000, Per: "năm"}, i)}},
		}})
	}
	doc.Citations = []schema.Field{field("Quyết định số 06/QĐ-TTg", schema.Citation{Type: "Quyết định", Number: "06/QĐ-TTg"}, 1)}
	doc.Seal()
	return doc
}

func pdfOfReport(text string) string { return "%PDF-1.7 " + text }

// report puts a document into the store and waits until it is read.
func (v *site) report(text string) string {
	v.t.Helper()
	r, err := v.store.Submit(v.t.Context(), store.Upload{Name: "bao-cao.pdf", Bytes: strings.NewReader(pdfOfReport(text)), By: "test", Engine: "test"})
	if err != nil {
		v.t.Fatal(err)
	}
	v.await(r.Document)
	return r.Document
}

func (v *site) await(document string) {
	v.t.Helper()
	for end := time.Now().Add(5 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		d, err := v.store.Document(v.t.Context(), document)
		if err == nil && d.State == store.Ready {
			return
		}
		if time.Now().After(end) {
			v.t.Fatalf("document is %q, %v", d.State, err)
		}
	}
}

// token makes a token with these scopes and returns its secret.
func (v *site) token(scopes ...string) string {
	v.t.Helper()
	_, secret, err := v.store.MakeToken(v.t.Context(), store.Token{Name: "test", Scopes: scopes, By: "test"})
	if err != nil {
		v.t.Fatal(err)
	}
	return secret
}

// answer is what came back.
type answer struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   []byte
}

// call sends a request with a token; head are pairs of header names and values.
func (v *site) call(token, method, path string, body io.Reader, head ...string) answer {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.URL+Prefix+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	return do(v.t, http.DefaultClient, r)
}

func do(t testing.TB, c *http.Client, r *http.Request) answer {
	t.Helper()
	a, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	data, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{t, a.StatusCode, a.Header, data}
}

// is checks the status, and that errors are problems.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d, want %d: %.500s", a.Status, status, a.Body)
	}
	if status >= 400 {
		var p Problem
		if kind := a.Header.Get("Content-Type"); kind != "application/problem+json" {
			a.t.Errorf("an error as %q", kind)
		}
		if err := json.Unmarshal(a.Body, &p); err != nil || p.Status != status || p.Title == "" || p.Type == "" && len(p.Errors) == 0 {
			a.t.Errorf("problem %s: %v", a.Body, err)
		}
	}
	return a
}

// into reads the body.
func into[T any](a answer) T {
	a.t.Helper()
	var v T
	if err := json.Unmarshal(a.Body, &v); err != nil {
		a.t.Fatalf("%v in %.300s", err, a.Body)
	}
	return v
}

// all pages to the end of a list.
func all[T any](v *site, token, path string) []T {
	v.t.Helper()
	var out []T
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	for cursor := ""; ; {
		p := into[Page[T]](v.call(token, http.MethodGet, path+sep+"limit=2&cursor="+cursor, nil).is(http.StatusOK))
		if len(p.Items) > 2 {
			v.t.Fatalf("%s: a page of %d", path, len(p.Items))
		}
		out = append(out, p.Items...)
		if cursor = p.Next; cursor == "" {
			return out
		}
	}
}
