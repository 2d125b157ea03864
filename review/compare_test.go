package review

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/sohoa/sohoa/compare"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// compared puts reports into the store. A file is named after what it says:
// "Sơn Hải|quý II năm 2025|completed,in_progress".
func (v *site) compared(files ...string) (ids []string) {
	v.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- v.store.NewWorker(store.Work{
			Split: func(_ context.Context, t store.Task) (schema.Source, error) {
				return schema.Source{Name: t.Name, MediaType: "text/plain", Bytes: t.Bytes, Pages: 1}, nil
			},
			Page: func(_ context.Context, t store.Task, n int) (store.PageResult, error) {
				return store.PageResult{Page: schema.Page{PageInfo: schema.PageInfo{Number: n, Outcome: schema.Done, Manner: t.Manner, TextSource: schema.FromText}}}, nil
			},
			Assemble: func(_ context.Context, t store.Task, pages []schema.Page) (*schema.Document, error) {
				return comparedForTest(t, pages), nil
			},
		}, store.WorkerConfig{}).Run(ctx)
	}()
	v.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			v.t.Errorf("worker: %v", err)
		}
	})
	for _, f := range files {
		r, err := v.store.Submit(v.t.Context(), store.Upload{Name: f, Bytes: strings.NewReader(f), MediaType: "text/plain", By: "test", Engine: "test"})
		if err != nil {
			v.t.Fatal(err)
		}
		v.await(r.Document, store.Ready)
		ids = append(ids, r.Document)
	}
	return ids
}

func comparedForTest(t store.Task, pages []schema.Page) *schema.Document {
	part := strings.Split(t.Name, "|")
	doc := &schema.Document{DocumentID: t.Document, Source: t.Source, Engine: schema.Engine{Sohoa: "test", Profile: "models"}}
	for _, p := range pages {
		doc.Pages = append(doc.Pages, p.PageInfo)
	}
	field := func(text string, value any, state schema.State) schema.Field {
		return schema.Field{Value: value, Text: text, Raw: text, Confidence: 0.9, State: state, Boxes: []schema.Place{{Page: 1, Line: &[2]int{1, 1}}}}
	}
	issuer, title := field("UBND TỈNH "+part[0], "UBND TỈNH "+part[0], schema.Accepted), field("Kết quả "+part[1], "Kết quả "+part[1], schema.Accepted)
	doc.Header.Issuer, doc.Header.Title = &issuer, &title
	for i, status := range strings.Split(part[2], ",") {
		name := []string{"Thu học phí <không> dùng tiền mặt", "Bản đồ nhà ở xã hội"}[i]
		state := schema.Accepted
		if strings.HasSuffix(status, "?") {
			status, state = strings.TrimSuffix(status, "?"), schema.NeedsReview
		}
		doc.Records = append(doc.Records, schema.Record{ID: fmt.Sprint("m/", i+1), Kind: "model", Fields: map[string]schema.Entry{
			"number": schema.One(field(fmt.Sprint(i+1), fmt.Sprint(i+1), schema.Accepted)), "title": schema.One(field(name, name, schema.Accepted)), "status": schema.One(field(status, status, state)),
			"amounts": {List: []schema.Field{field("1,5 tỷ đồng", schema.Money{VND: 1_500_000_000, Column: "cost"}, schema.Accepted)}},
		}})
	}
	doc.Seal()
	return doc
}

func TestCompareStoredReports(t *testing.T) {
	v := newSite(t)
	v.account("Lan", Reader)
	c := v.visitor("Lan")
	if status, body, _ := c.get("/compare"); status != http.StatusOK || !strings.Contains(body, "Không có báo cáo nào") {
		t.Errorf("an empty store: %d", status)
	}
	ids := v.compared("Sơn Hải|quý II năm 2025|in_progress,completed", "Sơn Hải|quý III năm 2025|completed,in_progress?", "Bạch Vân|quý III năm 2025|completed")

	status, body, _ := c.get("/compare")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	for _, want := range []string{
		"Bạch Vân<br>", "Sơn Hải<br>", "2025-Q3", "Thu học phí &lt;không&gt; dùng tiền mặt", "1,5 tỷ",
		`<a href="/d/` + ids[1] + `?path=records%2Fm%252F1%2Fstatus"`, `class="s-in_progress unsure"`, "hoàn thành", "lùi lại",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Count(body, `<th scope="col">`) != 3 {
		t.Errorf("%d heads", strings.Count(body, `<th scope="col">`))
	}
	// The link leads to the field.
	if status, _, _ := c.get("/d/" + ids[1] + "?path=records%2Fm%252F1%2Fstatus"); status != http.StatusOK {
		t.Errorf("the place of a cell: %d", status)
	}
	_, body, _ = c.get("/compare?periods=1&" + url.Values{"province": {"Sơn Hải"}}.Encode())
	if n := strings.Count(body, `<th scope="col">`); n != 3 || !strings.Contains(body, "2025-Q2") {
		t.Errorf("periods of a province: %d heads", n)
	}
	if status, _, _ := c.get("/compare?period=sometime"); status != http.StatusUnprocessableEntity {
		t.Errorf("a period that is none: %d", status)
	}

	// A correction shows at once.
	doc, revision, err := v.store.Current(t.Context(), ids[2])
	if err != nil {
		t.Fatal(err)
	}
	f := *doc.Records[0].Fields["status"].One
	f.Value, f.Text, f.State = "transferred", "đã chuyển", schema.Corrected
	if _, err := v.store.Correct(t.Context(), ids[2], store.Batch{By: "Lan", Revision: revision, Changes: []store.Change{{What: store.TheField, Path: store.FieldPath("m/1", "status"), Field: &f}}}); err != nil {
		t.Fatal(err)
	}
	if _, body, _ := c.get("/compare"); !strings.Contains(body, `class="s-transferred"`) {
		t.Error("a correction does not show")
	}
}

func TestCompareExports(t *testing.T) {
	v := newSite(t)
	v.account("Lan", Reader)
	c := v.visitor("Lan")
	v.compared("Sơn Hải|quý III năm 2025|completed", "Bạch Vân|quý III năm 2025|in_progress")
	for _, f := range compare.Formats() {
		status, body, header := c.get("/compare/export/" + string(f))
		if status != http.StatusOK || header.Get("Content-Type") != f.MediaType() || !strings.Contains(header.Get("Content-Disposition"), "attachment") || body == "" {
			t.Errorf("%s: %d, %v", f, status, header)
		}
		if f == compare.XLSX {
			book, err := excelize.OpenReader(bytes.NewReader([]byte(body)))
			if err != nil {
				t.Fatal(err)
			}
			formula, err := book.GetCellFormula(book.GetSheetName(0), "D2")
			if err != nil || !strings.HasPrefix(formula, `HYPERLINK("`+v.URL+"/d/") {
				t.Errorf("link %q, %v", formula, err)
			}
			_ = book.Close()
		}
	}
	if status, _, _ := c.get("/compare/export/doc"); status != http.StatusNotFound {
		t.Errorf("unknown format: %d", status)
	}
	if status, _, _ := c.get("/compare/export/csv?kind=task"); status != http.StatusNotFound {
		t.Errorf("a kind that nobody reports: %d", status)
	}
}

func TestWordsOfComparisonsAreTranslated(t *testing.T) {
	for _, w := range compare.Words {
		if _, ok := vietnamese[w]; !ok {
			t.Errorf("no Vietnamese for %q", w)
		}
	}
}
