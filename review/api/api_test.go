package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

const pdf = "%PDF-1.7 pretended"

func TestUpload(t *testing.T) {
	v := newSite(t, storetest.SQLite(t))
	token := v.token(WriteDocuments)
	up := func(text string, head ...string) answer {
		return v.call(token, http.MethodPost, "/documents?name=bao-cao.pdf", strings.NewReader(text), head...)
	}
	first := up(pdf).is(http.StatusAccepted)
	r := into[Receipt](first)
	if !r.New || !r.Queued || first.Header.Get("Location") != Prefix+"/documents/"+r.Document {
		t.Errorf("receipt %+v, %v", r, first.Header)
	}
	if again := into[Receipt](up(pdf).is(http.StatusOK)); again.New || again.Queued || again.Document != r.Document {
		t.Errorf("the same bytes: %+v", again)
	}

	// A form with a name of its own, and other parts before the file.
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("note", "x"); err != nil {
		t.Fatal(err)
	}
	part, err := form.CreateFormFile("file", `..\..\kết quả.pdf`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, pdf+" two"); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	two := into[Receipt](v.call(token, http.MethodPost, "/documents", &body, "Content-Type", form.FormDataContentType()).is(http.StatusAccepted))
	if d, err := v.store.Document(t.Context(), two.Document); err != nil || !slices.Equal(d.Names, []string{"kết quả.pdf"}) {
		t.Errorf("document %+v, %v", d, err)
	}

	for name, c := range map[string]struct {
		path, body, kind string
		want             int
	}{
		"no name":        {"/documents", pdf, "application/pdf", http.StatusBadRequest},
		"no pdf":         {"/documents?name=a.pdf", "\x7fELF\x00", "", http.StatusUnsupportedMediaType},
		"empty":          {"/documents?name=a.pdf", "", "", http.StatusUnsupportedMediaType},
		"too large":      {"/documents?name=a.pdf", pdf + strings.Repeat("x", maxUploadForTest), "", http.StatusRequestEntityTooLarge},
		"form no file":   {"/documents", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n", "multipart/form-data; boundary=x", http.StatusBadRequest},
		"form torn":      {"/documents", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7", "multipart/form-data; boundary=x", http.StatusBadRequest},
		"form nothing":   {"/documents", "", "multipart/form-data", http.StatusBadRequest},
		"unknown option": {"/documents?name=a.pdf&nane=b", pdf, "", http.StatusUnprocessableEntity},
	} {
		t.Run(name, func(t *testing.T) {
			v.call(token, http.MethodPost, c.path, strings.NewReader(c.body), "Content-Type", c.kind).is(c.want)
		})
	}
	if docs, _, err := v.store.Documents(t.Context(), store.DocumentQuery{}); err != nil || len(docs) != 2 {
		t.Errorf("%d documents, %v; what was refused must leave nothing", len(docs), err)
	}
}

func TestIdempotentUpload(t *testing.T) {
	v := newSite(t, storetest.SQLite(t))
	token, other := v.token(WriteDocuments), v.token(WriteDocuments)
	up := func(token, text, key, more string) answer {
		return v.call(token, http.MethodPost, "/documents?name=a.pdf"+more, strings.NewReader(text), "Idempotency-Key", key)
	}
	first := up(token, pdf, "k1", "").is(http.StatusAccepted)
	again := up(token, pdf, "k1", "").is(http.StatusAccepted)
	if !bytes.Equal(first.Body, again.Body) || again.Header.Get("Idempotency-Replayed") != "true" || first.Header.Get("Idempotency-Replayed") != "" {
		t.Errorf("%s %v, then %s %v", first.Body, first.Header, again.Body, again.Header)
	}
	if r := into[Receipt](again); !r.New {
		t.Errorf("the answer of the first time is sent again, not %+v", r)
	}
	up(token, pdf+" other", "k1", "").is(http.StatusUnprocessableEntity)
	up(token, pdf, "k1", "&bulk=true").is(http.StatusUnprocessableEntity)
	up(other, pdf+" other", "k1", "").is(http.StatusAccepted) // keys are a client's own
	up(token, "\x00\x01", "k2", "").is(http.StatusUnsupportedMediaType)
	up(token, pdf+" second", "k2", "").is(http.StatusAccepted) // what failed does not hold the key
	if _, err := v.store.HoldKey(t.Context(), mustToken(t, v, token).ID, "k3"); err != nil {
		t.Fatal(err)
	}
	if a := up(token, pdf, "k3", "").is(http.StatusConflict); a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After while the first request is under way")
	}
	up(token, pdf, strings.Repeat("k", 201), "").is(http.StatusUnprocessableEntity)
}

// testIdempotentRace sends one upload from many at once: it is done once, and
// everybody hears the same or is told to ask again.
func testIdempotentRace(t *testing.T, v *site) {
	token := v.token(WriteDocuments)
	var wg sync.WaitGroup
	answers := make(chan answer, 20)
	for range 20 {
		wg.Go(func() {
			answers <- v.call(token, http.MethodPost, "/documents?name=a.pdf&again=true", strings.NewReader(pdf), "Idempotency-Key", "race")
		})
	}
	wg.Wait()
	close(answers)
	bodies := map[string]int{}
	for a := range answers {
		if a.Status != http.StatusConflict {
			bodies[string(a.is(http.StatusAccepted).Body)]++
		}
	}
	if len(bodies) != 1 {
		t.Errorf("answers %v", bodies)
	}
	docs, _, err := v.store.Documents(t.Context(), store.DocumentQuery{})
	if err != nil || len(docs) != 1 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	if versions, err := v.store.Versions(t.Context(), docs[0].ID); err != nil || len(versions) != 1 {
		t.Errorf("%d versions of what was asked for once, %v", len(versions), err)
	}
}

func mustToken(t *testing.T, v *site, secret string) store.Token {
	t.Helper()
	token, err := v.store.TokenOf(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func testReading(t *testing.T, v *site) {
	token := v.token(ReadDocuments)
	v.work(2)
	var ids []string
	for i := range 3 {
		ids = append(ids, v.report(fmt.Sprint(i)))
	}
	id := ids[0]

	docs := all[Document](v, token, "/documents?state=ready,approved&profile=model-results&search=qu%C3%BD&review=open&order=fields_left")
	if len(docs) != 3 || docs[0].Province != "Sơn Hải" || docs[0].Period != "2025-Q3" || docs[0].FieldsLeft != 6 || docs[0].Names[0] != "bao-cao.pdf" {
		t.Errorf("documents %+v", docs)
	}
	if d := into[Document](v.call(token, http.MethodGet, "/documents/"+id, nil).is(http.StatusOK)); d.ID != id || d.State != "ready" || d.ETag != `"1"` {
		t.Errorf("document %+v", d)
	}
	if all := all[Version](v, token, "/documents/"+id+"/versions"); len(all) != 1 || all[0].State != "ready" || all[0].Finished.IsZero() {
		t.Errorf("versions %+v", all)
	}
	if all := all[PageInfo](v, token, "/documents/"+id+"/pages"); len(all) != 2 || all[1].Number != 2 || all[1].Text != "Báo cáo" {
		t.Errorf("pages %+v", all)
	}
	for want, queries := range map[int][]string{
		9: {"", "kind=model", "profile=model-results&province=SON+HAI", "period=2025-Q3", "from=2025-09-30", "to=2025-07-01", "state=ready", "review=open", "changed_since=2020-01-01T00:00:00Z"},
		3: {"number=2"},
		0: {"kind=task", "province=Khac", "from=2025-10-01", "state=approved", "review=done", "status=completed", "changed_since=2100-01-01T00:00:00Z"},
	} {
		for _, q := range queries {
			if got := all[Record](v, token, "/records?"+q); len(got) != want {
				t.Errorf("%s: %d records, want %d", q, len(got), want)
			}
		}
	}
	for _, bad := range []string{"kin=model", "from=2025", "review=maybe", "limit=0", "limit=501", "limit=x", "cursor=x", "changed_since=today", "state=failed"} {
		v.call(token, http.MethodGet, "/records?"+bad, nil).is(http.StatusUnprocessableEntity)
	}
	records := all[Record](v, token, "/documents/"+id+"/records")
	if len(records) != 3 || records[1].ID != "m/2" || records[1].Group.Name != "NHÓM" || len(records[1].Fields) != 5 || records[1].Fields[0].Path != "records/m%2F2/amounts/0" {
		t.Errorf("records %+v", records)
	}

	if fields := all[Field](v, token, "/documents/"+id+"/fields"); len(fields) != 3+3*5+1 {
		t.Errorf("%d fields", len(fields))
	}
	fields := all[Field](v, token, "/documents/"+id+"/fields?state=needs_review&name=status&record=m/2&max_confidence=0.5")
	if len(fields) != 1 || fields[0].Repairs[0].Reason != "shape" || fields[0].Boxes[0].Box[3] != 90 || fields[0].Why[0] != "format" || fields[0].Value != nil {
		t.Errorf("fields %+v", fields)
	}
	one := v.call(token, http.MethodGet, "/documents/"+id+"/field?path="+url.QueryEscape(fields[0].Path), nil).is(http.StatusOK)
	if f := into[FieldDetail](one); f.Field.Text != "Hoan thanh" || len(f.History) != 0 || one.Header.Get("ETag") != `"1"` {
		t.Errorf("field %s", one.Body)
	}
	for _, path := range []string{"/content", "/fields", "/field?path=header/title"} {
		if a := v.call(token, http.MethodGet, "/documents/"+id+path, nil, "If-None-Match", `"7", W/"1"`).is(http.StatusNotModified); len(a.Body) != 0 || a.Header.Get("ETag") != `"1"` {
			t.Errorf("%s: %v %s", path, a.Header, a.Body)
		}
	}

	picture := v.call(token, http.MethodGet, "/documents/"+id+"/pages/1/picture?width=900", nil).is(http.StatusOK)
	crop := v.call(token, http.MethodGet, "/documents/"+id+"/pages/1/crop?version=1&box=20,60,200,90", nil).is(http.StatusOK)
	for _, a := range []answer{picture, crop} {
		if !bytes.HasPrefix(a.Body, []byte{0xff, 0xd8}) || a.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%v, %.20q", a.Header, a.Body)
		}
	}
	if picture.Header.Get("Cache-Control") != "no-store" || !strings.Contains(crop.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%v, %v", picture.Header, crop.Header)
	}
	none := strings.Repeat("0", 64)
	for path, want := range map[string]int{
		"/documents/" + none: 404, "/documents/" + none + "/versions": 404, "/documents/" + none + "/pages": 404, "/documents/" + none + "/content": 404,
		"/documents/" + none + "/records": 404, "/documents/" + none + "/fields": 404, "/documents/" + none + "/corrections": 404,
		"/documents/" + id + "/field?path=header/nothing": 404, "/documents/" + id + "/field": 422, "/documents/x": 422,
		"/documents/" + id + "/pages/9/picture": 404, "/documents/" + id + "/pages/1/picture?version=9": 404, "/documents/" + id + "/pages/0/picture": 422,
		"/documents/" + id + "/pages/1/picture?width=100000": 422, "/documents/" + id + "/pages/9/crop?box=1,2,3,4": 404,
		"/documents/" + id + "/pages/1/crop?box=1,2,3": 422, "/documents/" + id + "/pages/1/crop?box=900,900,950,950": 422, "/documents/" + id + "/pages/1/crop?box=-9223372036854775808,0,9223372036854775807,5": 200,
		"/documents/" + id + "/fields?cursor=-1": 422, "/nothing": 404, "/": 404,
	} {
		v.call(token, http.MethodGet, path, nil).is(want)
	}
	if a := v.call(token, http.MethodPut, "/documents", nil).is(http.StatusMethodNotAllowed); a.Header.Get("Allow") != "GET, POST" {
		t.Errorf("Allow: %s", a.Header.Get("Allow"))
	}
}

func changes(t testing.TB, c ...Change) io.Reader {
	t.Helper()
	data, err := json.Marshal(Changes{Changes: c, Note: "kiểm tra"})
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(data)
}

func testCorrections(t *testing.T, v *site) {
	token := v.token(ReadDocuments, WriteCorrections)
	v.work(1)
	id := v.report("1")
	path := "/documents/" + id + "/corrections"
	const status, title = "records/m%2F2/status", "records/m%2F2/title"

	v.call(token, http.MethodPost, path, changes(t, Change{Path: status, Action: "correct", Text: "Hoàn thành"})).is(http.StatusPreconditionRequired)
	done := v.call(token, http.MethodPost, path, changes(t, Change{Path: status, Action: "correct", Text: "Hoàn  thành "}, Change{Path: title, Action: "confirm"}), "If-Match", `"1"`).is(http.StatusOK)
	r := into[Corrected](done)
	if r.Revision != 2 || r.FieldsLeft != 5 || done.Header.Get("ETag") != `"2"` {
		t.Errorf("%+v, %v", r, done.Header)
	}
	// Somebody was faster: nothing is done.
	v.call(token, http.MethodPost, path, changes(t, Change{Path: status, Action: "blank"}), "If-Match", `"1"`).is(http.StatusPreconditionFailed)

	f := into[FieldDetail](v.call(token, http.MethodGet, "/documents/"+id+"/field?path="+url.QueryEscape(status), nil).is(http.StatusOK))
	if f.Field.Value != "completed" || f.Field.State != "corrected" || f.Field.Raw != "Hoan thanh" || len(f.Field.Repairs) != 2 || len(f.History) != 1 || f.History[0].By != "api:test" || f.History[0].Note != "kiểm tra" {
		t.Errorf("field %+v", f)
	}
	for name, c := range map[string]Change{
		"no such field": {Path: "records/m%2F9/status", Action: "confirm"},
		"no status":     {Path: status, Action: "correct", Text: "gần xong"},
		"no action":     {Path: status, Action: "delete"},
		"no path":       {Action: "confirm"},
	} {
		t.Run(name, func(t *testing.T) {
			v.call(token, http.MethodPost, path, changes(t, c), "If-Match", `"2"`).is(http.StatusUnprocessableEntity)
		})
	}
	v.call(token, http.MethodPost, path, changes(t), "If-Match", `"2"`).is(http.StatusUnprocessableEntity)
	v.call(token, http.MethodPost, path, strings.NewReader(`{"changes":[{"path":"a","action":"confirm","extra":1}]}`), "If-Match", `"2"`, "Content-Type", "application/json").is(http.StatusUnprocessableEntity)
	v.call(token, http.MethodPost, path, strings.NewReader(`{`), "If-Match", `"2"`, "Content-Type", "application/json").is(http.StatusBadRequest)
	// Two people have to type it.
	v.call(token, http.MethodPost, path, changes(t, Change{Path: "records/m%2F1/responsibility", Action: "confirm"}), "If-Match", "*").is(http.StatusConflict)
	forced := into[Corrected](v.call(token, http.MethodPost, path, changes(t, Change{Path: status, Action: "correct", Text: "gần xong", Force: true}), "If-Match", "*").is(http.StatusOK))
	if forced.Revision != 3 {
		t.Errorf("%+v", forced)
	}

	v.call(token, http.MethodDelete, path+"/"+r.Batch, nil).is(http.StatusConflict) // a later change builds on it
	back := into[Corrected](v.call(token, http.MethodDelete, path+"/"+forced.Batch, nil).is(http.StatusOK))
	v.call(token, http.MethodDelete, path+"/"+r.Batch, nil).is(http.StatusOK)
	v.call(token, http.MethodDelete, path+"/none", nil).is(http.StatusNotFound)
	history := all[Correction](v, token, path)
	if len(history) != 6 || history[3].Undoes != forced.Batch || history[3].Batch != back.Batch {
		t.Errorf("history %+v", history)
	}
	if one := all[Correction](v, token, path+"?path="+url.QueryEscape(title)); len(one) != 2 {
		t.Errorf("history of one field %+v", one)
	}

	// A person is at work, then approves.
	if _, err := v.store.Claim(t.Context(), id, "Lan", time.Minute); err != nil {
		t.Fatal(err)
	}
	for _, a := range []answer{
		v.call(token, http.MethodPost, path, changes(t, Change{Path: status, Action: "blank"}), "If-Match", "*"),
		v.call(token, http.MethodDelete, path+"/"+r.Batch, nil),
	} {
		if p := into[Problem](a.is(http.StatusConflict)); p.Type != problemClaimed || !strings.Contains(p.Detail, "Lan") {
			t.Errorf("%+v", p)
		}
	}
	if err := v.store.Release(t.Context(), id, "Lan"); err != nil {
		t.Fatal(err)
	}
	if err := v.store.Approve(t.Context(), id, "Lan", 0); err != nil {
		t.Fatal(err)
	}
	if p := into[Problem](v.call(token, http.MethodPost, path, changes(t, Change{Path: status, Action: "blank"}), "If-Match", "*").is(http.StatusConflict)); p.Type != problemApproved {
		t.Errorf("%+v", p)
	}
}

// testCorrectionRace has many clients correct what they read at the same time:
// of each round one wins, and no change of a loser is there.
func testCorrectionRace(t *testing.T, v *site) {
	token := v.token(ReadDocuments, WriteCorrections)
	v.work(1)
	id := v.report("1")
	const clients, rounds = 12, 5
	for range rounds {
		tag := into[Document](v.call(token, http.MethodGet, "/documents/"+id, nil).is(http.StatusOK)).ETag
		var wg sync.WaitGroup
		won := make(chan string, clients)
		for i := range clients {
			wg.Go(func() {
				text := fmt.Sprintf("Mô hình của %d", i)
				a := v.call(token, http.MethodPost, "/documents/"+id+"/corrections", changes(t, Change{Path: "records/m%2F1/title", Action: "correct", Text: text}), "If-Match", tag)
				switch a.Status {
				case http.StatusOK:
					won <- text
				case http.StatusPreconditionFailed:
				default:
					t.Errorf("status %d: %s", a.Status, a.Body)
				}
			})
		}
		wg.Wait()
		close(won)
		var winners []string
		for w := range won {
			winners = append(winners, w)
		}
		f := into[FieldDetail](v.call(token, http.MethodGet, "/documents/"+id+"/field?path=records/m%252F1/title", nil).is(http.StatusOK))
		if len(winners) != 1 || f.Field.Text != winners[0] {
			t.Fatalf("winners %q, the field says %q", winners, f.Field.Text)
		}
	}
}

func testEvents(t *testing.T, v *site) {
	token := v.token(ReadEvents)
	v.work(1)
	id := v.report("1")
	if err := v.store.Audit(t.Context(), "Lan", "login", "", 0, nil); err != nil {
		t.Fatal(err)
	}
	if err := v.store.Approve(t.Context(), id, "Lan", 0); err != nil {
		t.Fatal(err)
	}
	var types []string
	ids := map[string]bool{}
	cursor := ""
	for {
		p := into[Page[Event]](v.call(token, http.MethodGet, "/events?limit=1&cursor="+cursor, nil).is(http.StatusOK))
		if cursor = p.Next; cursor == "" {
			t.Fatal("the feed has no end, yet no cursor is given")
		}
		if len(p.Items) == 0 {
			break
		}
		types = append(types, p.Items[0].Type)
		ids[p.Items[0].ID] = true
	}
	if want := []string{"document.submitted", "document.processed", "document.approved"}; !slices.Equal(types, want) || len(ids) != 3 {
		t.Errorf("events %v, ids %v", types, ids)
	}
	// Those who keep copies hear of what is deleted.
	if _, err := v.store.Delete(t.Context(), id, "Lan", "the province asked for it"); err != nil {
		t.Fatal(err)
	}
	if p := into[Page[Event]](v.call(token, http.MethodGet, "/events?cursor="+cursor, nil).is(http.StatusOK)); len(p.Items) != 1 || p.Items[0].Type != "document.deleted" || p.Items[0].Document != id {
		t.Errorf("%+v", p)
	}
	writer := v.token(WriteDocuments)
	if p := into[Problem](v.call(writer, http.MethodPost, "/documents?name=a.pdf", strings.NewReader(pdfOfReport("1"))).is(http.StatusGone)); p.Type != problemDeleted {
		t.Errorf("%+v", p)
	}
	v.call(writer, http.MethodPost, "/documents?name=a.pdf&again=true", strings.NewReader(pdfOfReport("1"))).is(http.StatusAccepted)
	if p := into[Page[Event]](v.call(token, http.MethodGet, "/events?type=document.approved", nil).is(http.StatusOK)); len(p.Items) != 1 || p.Items[0].Actor != "Lan" {
		t.Errorf("%+v", p)
	}
	v.call(token, http.MethodGet, "/events?type=login", nil).is(http.StatusUnprocessableEntity)
}
