package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // for the plain SQL of a visitor

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
	"github.com/sohoa/sohoa/store/storetest"
)

// visitor asks the database by SQL alone, as Metabase or psql do.
type visitor func(t *testing.T, query string) (columns []string, rows [][]any)

func sqliteVisitor(t *testing.T, db storetest.Database) visitor {
	t.Helper()
	c, err := sql.Open("sqlite", "file:"+db.URL+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return func(t *testing.T, query string) ([]string, [][]any) {
		t.Helper()
		r, err := c.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		defer r.Close()
		columns, err := r.Columns()
		if err != nil {
			t.Fatal(err)
		}
		var rows [][]any
		for r.Next() {
			row := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			if err := r.Scan(into...); err != nil {
				t.Fatal(err)
			}
			rows = append(rows, row)
		}
		if err := r.Err(); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return columns, rows
	}
}

// postgresVisitor comes as a role that may read the views and nothing else, made
// by the recipe of docs/views.md.
func postgresVisitor(t *testing.T, db storetest.Database) visitor {
	t.Helper()
	owner, err := pgx.Connect(t.Context(), db.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(t.Context())
	if _, err := owner.Exec(t.Context(), recipe(t)); err != nil {
		t.Fatalf("the recipe of docs/views.md: %v", err)
	}
	c, err := pgx.Connect(t.Context(), strings.Replace(db.URL, "postgres@", "sohoa_reader:change-me@", 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	for _, forbidden := range []string{"SELECT * FROM accounts", "SELECT * FROM tokens", "SELECT secret FROM webhooks", "SELECT * FROM documents", "DELETE FROM v_events", "CREATE TABLE t (a int)"} {
		if _, err := c.Exec(t.Context(), forbidden); err == nil {
			t.Errorf("the reader may %s", forbidden)
		}
	}
	return func(t *testing.T, query string) ([]string, [][]any) {
		t.Helper()
		r, err := c.Query(t.Context(), query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		defer r.Close()
		var columns []string
		for _, f := range r.FieldDescriptions() {
			columns = append(columns, f.Name)
		}
		var rows [][]any
		for r.Next() {
			row, err := r.Values()
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, row)
		}
		if err := r.Err(); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return columns, rows
	}
}

// recipe returns the SQL that docs/views.md gives for a reading role.
func recipe(t *testing.T) string {
	t.Helper()
	_, rest, _ := strings.Cut(viewsPage(t), "```sql role\n")
	text, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("docs/views.md has no recipe for a role")
	}
	return text
}

func viewsPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../docs/views.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// documented reads the tables of docs/views.md: columns by view, in order, each
// with its type on SQLite and on PostgreSQL.
func documented(t *testing.T) map[string][][3]string {
	t.Helper()
	out := map[string][][3]string{}
	view := ""
	head := regexp.MustCompile("^## `(v_[a-z]+)`")
	row := regexp.MustCompile("^\\| `([a-z_]+)` \\| ([a-z]+) \\| ([a-z ]+) \\|")
	for line := range strings.Lines(viewsPage(t)) {
		if m := head.FindStringSubmatch(line); m != nil {
			view = m[1]
		}
		if m := row.FindStringSubmatch(line); m != nil {
			out[view] = append(out[view], [3]string{m[1], m[2], m[3]})
		}
	}
	return out
}

// everyKind is what the views are shown: a record of each kind.
func everyKind(t store.Task, pages []schema.Page) *schema.Document {
	doc := &schema.Document{DocumentID: t.Document, Source: t.Source, Engine: schema.Engine{Profile: "model-results+tasks"}}
	for _, p := range pages {
		doc.Pages = append(doc.Pages, p.PageInfo)
	}
	f := func(text string, value any) schema.Field {
		return schema.Field{Value: value, Text: text, Raw: text, Confidence: 0.75, State: schema.Accepted, Boxes: []schema.Place{{Page: 1, Line: &[2]int{1, 1}}}}
	}
	one := func(text string, value any) schema.Entry { return schema.One(f(text, value)) }
	issuer, title := f("UBND TỈNH SƠN HẢI", "UBND TỈNH SƠN HẢI"), f("Kết quả 6 tháng đầu năm 2025", nil)
	title.Value = title.Text
	doc.Header.Issuer, doc.Header.Title = &issuer, &title
	open := f("Dang lam", nil)
	open.State = schema.NeedsReview
	doc.Records = []schema.Record{
		{ID: "m/1", Kind: "model", Group: &schema.Group{Number: "I", Name: "NHÓM MỘT"}, Fields: map[string]schema.Entry{
			"number": one("1", "1"), "title": one("Khám bệnh bằng căn cước", "Khám bệnh bằng căn cước"), "status": one("Hoàn thành", "completed"), "cost": one("2,5 tỷ; 10.000 đ/lượt", "2,5 tỷ; 10.000 đ/lượt"),
			"amounts": {List: []schema.Field{f("2,5 tỷ", schema.Money{VND: 2_500_000_000, Column: "cost"}), f("1 tỷ", schema.Money{VND: 1_000_000_000, VNDTo: 2_000_000_000, SharedWith: []string{"2"}}), f("10.000 đ/lượt", schema.Money{VND: 10_000, Per: "lượt"}), f("?", nil)}}}},
		{ID: "m/2", Kind: "model", Fields: map[string]schema.Entry{"number": one("2", "2"), "title": one("Điểm công dân số", "Điểm công dân số"), "status": schema.One(open), "amounts": one("lone", schema.Money{VND: 5})}},
		{ID: "m/3", Kind: "model", Fields: map[string]schema.Entry{}},
		{ID: "t/1", Kind: "task", Fields: map[string]schema.Entry{"task": one("Ban hành quy chế", "Ban hành quy chế"), "lead_agency": one("Sở Tư pháp", "Sở Tư pháp"), "deadline": one("30/6", "30/6"), "result": one("Đã xong", "Đã xong")}},
		{ID: "i/1", Kind: "indicator", Fields: map[string]schema.Entry{"name": one("Hồ sơ trực tuyến", "Hồ sơ trực tuyến"), "target": one("80", 80), "progress": one("75,5%", schema.Quantity{Number: 75.5, Unit: "%"})}},
		{ID: "i/2", Kind: "indicator", Fields: map[string]schema.Entry{"name": one("Khác", "Khác"), "target": one("100%", "100%"), "progress": one("", nil)}},
		{ID: "s/1", Kind: "service", Fields: map[string]schema.Entry{"name": one("Khai sinh", "Khai sinh"), "total": one("120", 120), "online": one("90", 90), "ratio": one("0,75", 0.75), "change": one("-5", -5)}},
		{ID: "b/1", Kind: "benefit", Fields: map[string]schema.Entry{"content": one("Giảm giấy tờ", "Giảm giấy tờ"), "for_citizens": one("Đỡ đi lại", "Đỡ đi lại")}},
	}
	doc.Seal()
	return doc
}

// TestViews reads the views by plain SQL on both databases, and compares their
// columns and types with the page about them.
func TestViews(t *testing.T) {
	fill := func(t *testing.T, s *store.Store) string {
		t.Helper()
		work := storetest.Work(s)
		work.Assemble = func(_ context.Context, t store.Task, pages []schema.Page) (*schema.Document, error) {
			return everyKind(t, pages), nil
		}
		r, err := s.Submit(t.Context(), store.Upload{Name: "báo cáo.txt", Bytes: strings.NewReader(string(storetest.Report(1, 2))), By: "test", Engine: "one"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
		defer stop()
		if err := s.NewWorker(work, store.WorkerConfig{Observe: func(e store.Event) {
			if e.Kind == store.Assembled || e.Kind == store.GaveUp {
				stop()
			}
		}}).Run(ctx); err != nil {
			t.Fatal(err)
		}
		done := schema.Field{Value: "in_progress", Text: "Đang làm", Raw: "Dang lam", Confidence: 1, State: schema.Corrected}
		if _, err := s.Correct(t.Context(), r.Document, store.Batch{By: "Lan", Note: "sửa", Changes: []store.Change{{What: store.TheField, Path: "records/m%2F2/status", Field: &done}}}); err != nil {
			t.Fatal(err)
		}
		if err := s.Audit(t.Context(), "Lan", "login", "", 0, nil); err != nil {
			t.Fatal(err)
		}
		return r.Document
	}
	t.Run("SQLite", func(t *testing.T) {
		db := storetest.SQLite(t)
		id := fill(t, db.Open(t))
		readViews(t, sqliteVisitor(t, db), id, 1)
	})
	t.Run("Postgres", func(t *testing.T) {
		db := storetest.StartPostgres(t).Database(t)
		id := fill(t, db.Open(t))
		readViews(t, postgresVisitor(t, db), id, 2)
	})
}

// readViews looks at every view; which is the column of documented with the
// types of the database.
func readViews(t *testing.T, ask visitor, id string, which int) {
	// SQLite knows types of values alone, PostgreSQL those of columns.
	typeOf := func(_, _ string, column int, rows [][]any) string {
		for _, row := range rows {
			if row[column] != nil {
				return sqliteType(row[column])
			}
		}
		return ""
	}
	if which == 2 {
		types := map[string]string{}
		_, rows := ask(t, `SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name LIKE 'v\_%'`)
		for _, row := range rows {
			types[fmt.Sprint(row[0], ".", row[1])] = fmt.Sprint(row[2])
		}
		typeOf = func(view, column string, _ int, _ [][]any) string { return types[view+"."+column] }
	}
	pages := documented(t)
	if len(pages) != 12 {
		t.Errorf("docs/views.md tells of %d views", len(pages))
	}
	for view, columns := range pages {
		got, rows := ask(t, "SELECT * FROM "+view)
		var want []string
		for _, c := range columns {
			want = append(want, c[0])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has the columns\n%v, the page\n%v", view, got, want)
			continue
		}
		if len(rows) == 0 {
			t.Errorf("%s is empty", view)
		}
		for i, c := range columns {
			if kind := typeOf(view, c[0], i, rows); kind != "" && kind != c[which] {
				t.Errorf("%s.%s is %s, the page says %s", view, c[0], kind, c[which])
			}
		}
	}
	for query, want := range map[string]string{
		"SELECT name, state, pages, province, period, period_from, period_to, profile FROM v_documents": "báo cáo.txt|ready|2|Sơn Hải|2025-H1|2025-01-01|2025-06-30|model-results+tasks",
		"SELECT COUNT(*) FROM v_records": "8",
		"SELECT number, title, status, group_name, amount_vnd, cost_text FROM v_models WHERE record = 'm/1'":             "1|Khám bệnh bằng căn cước|completed|NHÓM MỘT|3500000000|2,5 tỷ; 10.000 đ/lượt",
		"SELECT status, status_text, group_name, fields_left FROM v_models WHERE record = 'm/2'":                         "in_progress|Đang làm||0",
		"SELECT number, title, amount_vnd, results FROM v_models WHERE record = 'm/3'":                                   "|||",
		"SELECT vnd, vnd_to, per, column_name FROM v_amounts WHERE record = 'm/1' AND vnd IS NOT NULL ORDER BY vnd DESC": "2500000000|||cost/1000000000|2000000000||/10000||lượt|",
		"SELECT COUNT(*) FROM v_amounts WHERE record <> 'm/1'":                                                           "0", // a field that should be a list
		"SELECT task, lead_agency, deadline, result, province FROM v_tasks":                                              "Ban hành quy chế|Sở Tư pháp|30/6|Đã xong|Sơn Hải",
		"SELECT name, target, target_text, progress FROM v_indicators ORDER BY record":                                   "Hồ sơ trực tuyến|80|80|75.5/Khác||100%|",
		"SELECT name, total, online, ratio, change FROM v_services":                                                      "Khai sinh|120|90|0.75|-5",
		"SELECT content, for_citizens, for_businesses FROM v_benefits":                                                   "Giảm giấy tờ|Đỡ đi lại|",
		"SELECT state, text, page FROM v_fields WHERE path = 'records/m%2F2/status'":                                     "corrected|Đang làm|0",
		"SELECT text_before, text_after, state_after, by_whom, note FROM v_corrections":                                  "Dang lam|Đang làm|corrected|Lan|sửa",
		"SELECT action FROM v_events ORDER BY seq":                                                                       "document.submitted/document.processed/field.corrected",
		"SELECT page, outcome FROM v_pages ORDER BY page":                                                                "1|done/2|done",
		"SELECT DISTINCT document FROM v_fields":                                                                         id,
	} {
		_, rows := ask(t, query)
		var lines []string
		for _, row := range rows {
			var cells []string
			for _, v := range row {
				cells = append(cells, shown(v))
			}
			lines = append(lines, strings.Join(cells, "|"))
		}
		if got := strings.Join(lines, "/"); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return fmt.Sprint(v)
}

// sqliteType names the type of a value as the page about the views does.
func sqliteType(v any) string {
	switch v.(type) {
	case int64:
		return "integer"
	case float64:
		return "real"
	case string, []byte:
		return "text"
	}
	return fmt.Sprintf("%T", v)
}
