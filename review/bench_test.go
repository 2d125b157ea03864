package review

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/sohoa/sohoa/review/reviewtest"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// BenchmarkReviewer measures what a reviewer waits for, with as many documents
// of 20 pages in the store as SOHOA_BENCH_DOCUMENTS says (20 without it): the
// queue, the page of a document, and a field that is accepted until the next
// one is there. Each page has ten records of five fields.
func BenchmarkReviewer(b *testing.B) {
	documents := 20
	if n, err := strconv.Atoi(os.Getenv("SOHOA_BENCH_DOCUMENTS")); err == nil {
		documents = n
	}
	v := newSite(b)
	v.account("Bình", Reviewer)
	ids := v.fill(documents, 20)
	c := v.visitor("Bình")
	b.Run("queue", func(b *testing.B) {
		for b.Loop() {
			if status, _, _ := c.get("/"); status != http.StatusOK {
				b.Fatal(status)
			}
		}
	})
	b.Run("document", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			id := ids[i%len(ids)]
			if status, _, _ := c.get("/d/" + id); status != http.StatusOK {
				b.Fatal(status)
			}
			b.StopTimer() // the next visitor comes to another document
			if err := v.store.Release(b.Context(), id, "Bình"); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	})
	b.Run("next-field", func(b *testing.B) {
		hidden := func(panel, name string) string {
			m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(panel)
			if m == nil {
				return ""
			}
			return m[1]
		}
		panel, at := "", 0
		for b.Loop() {
			if hidden(panel, "base") == "" {
				b.StopTimer()
				_, panel, _ = c.send(http.MethodGet, "/d/"+ids[at%len(ids)]+"/field", nil, true)
				at++
				b.StartTimer()
			}
			form := url.Values{"path": {hidden(panel, "path")}, "base": {hidden(panel, "base")}, "text": {fmt.Sprint("Mô hình sửa ", at)}, "action": {"accept"}}
			status, next, _ := c.post("/d/"+ids[(at-1)%len(ids)]+"/field", form)
			if status != http.StatusOK {
				b.Fatal(status, next)
			}
			panel = next
		}
	})
}

// BenchmarkKeyboard goes through fields in Chromium as a reviewer does: four of
// five are accepted, each fifth is typed anew. It reports the keys and the time
// that a field takes beyond reading and thinking. Run it with -benchtime 200x.
func BenchmarkKeyboard(b *testing.B) {
	tab := reviewtest.Browser(b)()
	v := newSite(b)
	v.account("Bình", Reviewer)
	ids := v.fill(3, 20) // a hundred fields to review each
	v.login(tab, "Bình")
	pressed, at := 0, -1
	press := func(keys string) { tab.Press(keys); pressed += len([]rune(keys)) }
	for i := 0; b.Loop(); i++ {
		if i == 100*len(ids) {
			b.Fatal("run it with -benchtime 200x")
		}
		if i%100 == 0 {
			b.StopTimer()
			at++
			tab.Open(v.URL + "/d/" + ids[at])
			tab.Until(`document.querySelector("textarea")`)
			b.StartTimer()
		}
		path := tab.JS(`document.querySelector(".panel").dataset.path`)
		if i%5 == 4 {
			press("e")
			tab.JS(`document.querySelector("textarea").select()`)
			press(fmt.Sprintf("Mo hinh %02d", i%100))
		}
		press(kb.Enter)
		tab.Until(fmt.Sprintf(`document.querySelector(".panel").dataset.path !== %q`, path))
	}
	b.ReportMetric(float64(pressed)/float64(b.N), "keys/field")
}

// fill puts documents into the store, as large as a province's reports are.
func (v *site) fill(documents, pages int) (ids []string) {
	v.t.Helper()
	for i := range documents {
		r, err := v.store.Submit(v.t.Context(), store.Upload{Name: fmt.Sprintf("bao-cao-%d.pdf", i), Bytes: strings.NewReader(fmt.Sprint("report ", i)), By: "test", Engine: "test"})
		if err != nil {
			v.t.Fatal(err)
		}
		ids = append(ids, r.Document)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- v.store.NewWorker(store.Work{
			Split: func(_ context.Context, t store.Task) (schema.Source, error) {
				return schema.Source{Name: t.Name, MediaType: "application/pdf", Bytes: t.Bytes, Pages: pages}, nil
			},
			Page: func(_ context.Context, _ store.Task, n int) (store.PageResult, error) {
				return store.PageResult{Page: schema.Page{PageInfo: schema.PageInfo{Number: n, Outcome: schema.Done, TextSource: schema.FromOCR, Width: testWide, Height: testHigh, DPI: testDPI, Text: strings.Repeat("Nội dung của trang báo cáo. ", 80)}}}, nil
			},
			Assemble: func(_ context.Context, t store.Task, pages []schema.Page) (*schema.Document, error) {
				return largeReport(t, pages), nil
			},
		}, store.WorkerConfig{Slots: 2}).Run(ctx)
	}()
	for idle := false; !idle; time.Sleep(50 * time.Millisecond) {
		idle, _ = v.store.Idle(v.t.Context())
	}
	stop()
	if err := <-done; err != nil {
		v.t.Fatal(err)
	}
	return ids
}

func largeReport(t store.Task, pages []schema.Page) *schema.Document {
	doc := &schema.Document{DocumentID: t.Document, Source: t.Source, Engine: schema.Engine{Sohoa: "test", Profile: "models"}}
	for _, p := range pages {
		doc.Pages = append(doc.Pages, p.PageInfo)
		for row := range 10 {
			rec := schema.Record{ID: fmt.Sprintf("p%d-%d", p.Number, row), Kind: "model", Fields: map[string]schema.Entry{}}
			for column, name := range []string{"number", "title", "status", "results", "lead_agency"} {
				text := fmt.Sprintf("Mô hình %d trang %d, cột %s", row, p.Number, name)
				box := boxForTest(row%8, column%4)
				f := schema.Field{Value: text, Text: text, Raw: strings.ToUpper(text), Confidence: 0.9 + float64((row*7+column)%100)/1000, State: schema.Accepted, Boxes: []schema.Place{{Page: p.Number, Box: &box}}}
				if name == "title" && row%2 == 0 {
					f.State, f.Confidence, f.Why = schema.NeedsReview, 0.5+float64(row)/100, []string{"repair"}
				}
				rec.Fields[name] = schema.One(f)
			}
			doc.Records = append(doc.Records, rec)
		}
	}
	doc.Seal()
	return doc
}
