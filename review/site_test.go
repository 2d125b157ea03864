package review

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"github.com/sohoa/sohoa/review/reviewtest"
	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

// site is the application over an empty store, served on a loopback port, with
// a worker whose reading is known beforehand.
type site struct {
	*httptest.Server
	t     testing.TB
	store *store.Store
	app   *Server
	line  *atomic.Int32 // how the connection to the visitors is
}

// States of the connection.
const (
	whole    int32 = iota
	cutAfter       // requests arrive, answers do not
)

const (
	testWide, testHigh, testDPI = 1240, 1754, 150
	testPassword                = "một mật khẩu dài"
)

func newSite(t testing.TB) *site {
	t.Helper()
	s := storetest.SQLite(t).Open(t)
	app, err := New(s, Options{
		Engine: "test", Interpret: interpretForTest, Fold: foldForTest,
		Scopes:  []string{"documents:read", "documents:write", "corrections:write", "events:read", "webhooks:manage"},
		Restore: func(text string) string { return strings.ReplaceAll(text, "dong", "đồng") },
		Fault:   func(err error) { t.Errorf("fault: %v", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	v := &site{t: t, store: s, app: app, line: new(atomic.Int32)}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v.line.Load() == cutAfter {
			app.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		app.ServeHTTP(w, r)
	}))
	t.Cleanup(v.Close)
	return v
}

// work reads anything as the same report of two pages.
func (v *site) work() {
	v.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- v.store.NewWorker(store.Work{
			Split: func(_ context.Context, t store.Task) (schema.Source, error) {
				return schema.Source{Name: t.Name, MediaType: "application/pdf", Bytes: t.Bytes, Pages: 2}, nil
			},
			Page: func(_ context.Context, t store.Task, n int) (store.PageResult, error) {
				picture, err := drawPage(n)
				return store.PageResult{Picture: picture, PictureSuffix: ".jpg", Page: schema.Page{PageInfo: schema.PageInfo{
					Number: n, Outcome: schema.Done, Manner: t.Manner, TextSource: schema.FromOCR, Width: testWide, Height: testHigh, DPI: testDPI}}}, err
			},
			Assemble: func(_ context.Context, t store.Task, pages []schema.Page) (*schema.Document, error) {
				return reportForTest(t, pages), nil
			},
		}, store.WorkerConfig{}).Run(ctx)
	}()
	v.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			v.t.Errorf("worker: %v", err)
		}
	})
}

// report puts a document into the store and waits until it is read.
func (v *site) report() string {
	v.t.Helper()
	r, err := v.store.Submit(v.t.Context(), store.Upload{Name: "bao-cao.pdf", Bytes: strings.NewReader("%PDF-1.7 pretended"), By: "test", Engine: "test"})
	if err != nil {
		v.t.Fatal(err)
	}
	v.work()
	v.await(r.Document, store.Ready)
	return r.Document
}

func (v *site) await(document string, state store.State) {
	v.t.Helper()
	for end := time.Now().Add(reviewtest.Patience); ; time.Sleep(10 * time.Millisecond) {
		d, err := v.store.Document(v.t.Context(), document)
		if err == nil && d.State == state {
			return
		}
		if time.Now().After(end) {
			v.t.Fatalf("document is %q, %v; want %q", d.State, err, state)
		}
	}
}

func (v *site) awaitVersion(document string, version int) {
	v.t.Helper()
	for end := time.Now().Add(reviewtest.Patience); ; time.Sleep(10 * time.Millisecond) {
		d, err := v.store.Document(v.t.Context(), document)
		if err == nil && d.Version == version && d.State == store.Ready {
			return
		}
		if time.Now().After(end) {
			v.t.Fatalf("version %d is %q, %v; want %d", d.Version, d.State, err, version)
		}
	}
}

// Boxes of the pretended report, which drawPage draws and reportForTest names.
func boxForTest(row, column int) schema.Box {
	return schema.Box{X0: 80 + 270*column, Y0: 300 + 150*row, X1: 330 + 270*column, Y1: 360 + 150*row}
}

var rowsForTest = []struct{ number, title, status, amount, agency string }{
	{"1", "Khám chữa bệnh bằng căn cước", "Hoàn thành", "1,2 tỷ đồng", "Sở Y tế"},
	{"2", "Cấp phiếu lý lịch tư pháp", "Đang thực hiện", "350 triệu đồng", "Sở Tư pháp"},
	{"3", "Điểm công dân số tại thôn", "Hoan thanh", "2,5 ty dong", "Sở Y té"},
}

// drawPage draws a page whose boxes are filled with what OCR could have seen.
func drawPage(n int) ([]byte, error) {
	small := image.NewGray(image.Rect(0, 0, testWide/2, testHigh/2))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.Gray{250}), image.Point{}, draw.Src)
	write := func(x, y int, text string) {
		d := font.Drawer{Dst: small, Src: image.Black, Face: basicfont.Face7x13, Dot: fixed.P(x/2, y/2)}
		d.DrawString(foldForTest(text))
	}
	write(300, 120, fmt.Sprintf("BAO CAO KET QUA - TRANG %d", n))
	if n == 1 {
		for i, r := range rowsForTest {
			for c, text := range []string{r.number, r.title, r.status, r.amount} {
				b := boxForTest(i, c)
				write(b.X0+4, b.Y0+30, text)
			}
		}
	} else {
		write(90, 330, "tiep theo cua dong 3")
	}
	page := image.NewGray(image.Rect(0, 0, testWide, testHigh))
	draw.NearestNeighbor.Scale(page, page.Bounds(), small, small.Bounds(), draw.Src, nil)
	var buf bytes.Buffer
	err := jpeg.Encode(&buf, page, &jpeg.Options{Quality: 60})
	return buf.Bytes(), err
}

func reportForTest(t store.Task, pages []schema.Page) *schema.Document {
	doc := &schema.Document{DocumentID: t.Document, Source: t.Source, Engine: schema.Engine{Sohoa: "test", Profile: "models"}}
	for _, p := range pages {
		doc.Pages = append(doc.Pages, p.PageInfo)
	}
	field := func(text string, value any, sure float64, row, column int, why ...string) schema.Field {
		box := boxForTest(row, column)
		f := schema.Field{Value: value, Text: text, Raw: text, Confidence: sure, State: schema.Accepted, Why: why, Boxes: []schema.Place{{Page: 1, Box: &box}}}
		if sure < 0.9 || len(why) > 0 {
			f.State = schema.NeedsReview
		}
		return f
	}
	title := field("Kết quả thực hiện mô hình <b>điểm</b>", "Kết quả thực hiện mô hình <b>điểm</b>", 0.99, 0, 0)
	doc.Header.Title = &title
	group := &schema.Group{Number: "I", Name: "NHÓM TIỆN ÍCH"}
	for i, r := range rowsForTest {
		number := field(r.number, r.number, 0.99, i, 0)
		name := field(r.title, r.title, 0.97, i, 1)
		status := field(r.status, "completed", 0.95, i, 2)
		amount := field(r.amount, schema.Money{VND: 1_200_000_000, Column: "cost"}, 0.96, i, 3)
		agency := field(r.agency, r.agency, 0.98, i, 2)
		if i == 2 {
			name = field(r.title, r.title, 0.985, i, 1, "repair") // the surest of those left
			second := boxForTest(0, 0)
			name.Boxes = append(name.Boxes, schema.Place{Page: 2, Box: &second})
			name.Raw = "Điểrn công dân só tại thôn"
			name.Repairs = []schema.Repair{{From: "Điểrn", To: "Điểm", Reason: "shape", Score: 0.9}}
			name.Alternatives = []schema.Alternative{{Text: "Điểm công dân số tại thốn", Score: 0.1}}
			status = field(r.status, nil, 0.4, i, 2, "format")
			amount = field(r.amount, nil, 0.3, i, 3, "engine", "handwriting")
			agency = field(r.agency, r.agency, 0.6, i, 2, "repair")
		}
		doc.Records = append(doc.Records, schema.Record{ID: "m/" + r.number, Kind: "model", Group: group, Fields: map[string]schema.Entry{
			"number": schema.One(number), "title": schema.One(name), "status": schema.One(status),
			"amounts": {List: []schema.Field{amount}}, "lead_agency": schema.One(agency),
		}})
	}
	cell := func(text string, row, column int) schema.Cell {
		box := boxForTest(row, column)
		return schema.Cell{Text: text, RowSpan: 1, ColSpan: 1, Confidence: 0.7, Boxes: []schema.Place{{Page: 2, Box: &box}}}
	}
	doc.Tables = []schema.Table{{
		Pages: []int{2}, HeadRows: 1, Columns: []schema.Field{{Text: "Nội dung", State: schema.Accepted}, {Text: "Số", State: schema.Accepted}},
		Rows: [][]schema.Cell{{cell("Nội dung", 0, 0), cell("Số", 0, 1)}, {cell("Hồ sơ", 1, 0), cell("muời", 1, 1)}},
	}}
	doc.Checks = []schema.Check{{Rule: "status", Severity: schema.Warning, Message: "trạng thái lạ", Records: []string{"m/3"}, Fields: []string{"status"}}}
	doc.Seal()
	return doc
}

var sumForTest = regexp.MustCompile(`^([\d.,]+) (tỷ|triệu)( đồng)?$`)

// interpretForTest knows just enough of the grammars, which have tests of their own.
func interpretForTest(kind Kind, text string) (any, error) {
	switch kind {
	case Sum:
		m := sumForTest.FindStringSubmatch(text)
		if m == nil {
			return nil, Complaint("This is no sum of money. Write it like 2,5 tỷ đồng or 350.000.000 đ.")
		}
		n, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", "."), 64)
		if err != nil {
			return nil, Complaint("This is no number.")
		}
		if m[2] == "tỷ" {
			n *= 1000
		}
		return schema.Money{VND: int64(n * 1e6)}, nil
	case Status:
		if text == "Hoàn thành" {
			return "completed", nil
		}
		return nil, Complaint("This is no known status.")
	}
	return text, nil
}

var folds = strings.NewReplacer(
	"á", "a", "à", "a", "ả", "a", "ã", "a", "ạ", "a", "ă", "a", "ằ", "a", "ắ", "a", "ặ", "a", "â", "a", "ấ", "a", "ầ", "a", "ậ", "a",
	"é", "e", "è", "e", "ẻ", "e", "ê", "e", "ế", "e", "ề", "e", "ệ", "e", "ể", "e", "í", "i", "ì", "i", "ị", "i", "ỉ", "i",
	"ó", "o", "ò", "o", "ô", "o", "ố", "o", "ồ", "o", "ộ", "o", "ơ", "o", "ở", "o", "ợ", "o", "ú", "u", "ư", "u", "ứ", "u", "ừ", "u", "ự", "u",
	"ý", "y", "ỷ", "y", "ỹ", "y", "đ", "d",
)

func foldForTest(s string) string { return folds.Replace(strings.ToLower(s)) }

// account makes an account without going through the pages.
func (v *site) account(name string, role Role) {
	v.t.Helper()
	hash, err := hashPassword(v.t.Context(), testPassword)
	if err != nil {
		v.t.Fatal(err)
	}
	if err := v.store.Invite(v.t.Context(), name, role.String(), "test", time.Now().Add(time.Hour)); err != nil {
		v.t.Fatal(err)
	}
	if err := v.store.MakeAccount(v.t.Context(), name, store.Account{Name: name, Password: hash}); err != nil {
		v.t.Fatal(err)
	}
}

// visitor is somebody who speaks HTTP without a browser.
type visitor struct {
	site *site
	http.Client
}

func (v *site) visitor(name string) *visitor {
	v.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	c := &visitor{v, http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if name != "" {
		if status, _, _ := c.post("/login", url.Values{"name": {name}, "password": {testPassword}}); status != http.StatusSeeOther {
			v.t.Fatalf("login of %s: %d", name, status)
		}
	}
	return c
}

func (c *visitor) send(method, path string, form url.Values, fragment bool) (status int, body string, header http.Header) {
	c.site.t.Helper()
	var payload io.Reader
	if form != nil {
		payload = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(c.site.t.Context(), method, c.site.URL+path, payload)
	if err != nil {
		c.site.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if fragment {
		r.Header.Set("X-Sohoa", "fragment")
	}
	a, err := c.Do(r)
	if err != nil {
		c.site.t.Fatal(err)
	}
	defer a.Body.Close()
	data, err := io.ReadAll(a.Body)
	if err != nil {
		c.site.t.Fatal(err)
	}
	return a.StatusCode, string(data), a.Header
}

func (c *visitor) get(path string) (int, string, http.Header) {
	return c.send(http.MethodGet, path, nil, false)
}

func (c *visitor) post(path string, form url.Values) (int, string, http.Header) {
	return c.send(http.MethodPost, path, form, true)
}
