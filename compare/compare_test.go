package compare_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/xuri/excelize/v2"

	"github.com/sohoa/sohoa/compare"
	"github.com/sohoa/sohoa/schema"
)

// field makes a field that was read well.
func field(value any, text string) schema.Field {
	return schema.Field{Value: value, Text: text, Raw: text, Confidence: 0.98, State: schema.Accepted}
}

// row is a record in the words of a test: number, title, status, costs.
type row struct {
	number, title, status string
	costs                 []int64
}

// report makes a document with a model a row.
func report(name, issuer, title, date string, rows ...row) *compare.Report {
	sum := fmt.Sprintf("%x", name+strings.Repeat("0", 64))[:64]
	doc := &schema.Document{DocumentID: sum, Source: schema.Source{Name: name, MediaType: "application/pdf"}}
	set := func(to **schema.Field, text string) {
		if text != "" {
			f := field(text, text)
			*to = &f
		}
	}
	set(&doc.Header.Issuer, issuer)
	set(&doc.Header.Title, title)
	set(&doc.Header.Date, date)
	for i, r := range rows {
		rec := schema.Record{ID: fmt.Sprint("m", i+1), Kind: "model", Fields: map[string]schema.Entry{"title": schema.One(field(r.title, r.title))}}
		if r.number != "" {
			rec.Fields["number"] = schema.One(field(r.number, r.number))
		}
		if r.status != "" {
			rec.Fields["status"] = schema.One(field(r.status, r.status))
		}
		var costs []schema.Field
		for _, c := range r.costs {
			costs = append(costs, field(schema.Money{VND: c, Column: "cost"}, compare.Dots(c)+" đồng"))
		}
		if costs != nil {
			rec.Fields["amounts"] = schema.Entry{List: costs}
		}
		f := rec.Fields["title"].One
		f.Boxes = []schema.Place{{Page: 1 + i, Box: &schema.Box{X0: 1, Y0: 1, X1: 2, Y1: 2}}}
		doc.Records = append(doc.Records, rec)
	}
	doc.Seal()
	return &compare.Report{Document: doc}
}

// programme is the same programme in three provinces, whose numbers differ, and
// in two periods of one of them.
func programme() []*compare.Report {
	return []*compare.Report{
		report("son-hai-2.pdf", "ỦY BAN NHÂN DÂN TỈNH SƠN HẢI", "Kết quả các mô hình 6 tháng đầu năm 2025", "2025-07-04",
			row{"1", "Khám chữa bệnh bằng căn cước gắn chip", "in_progress", []int64{900_000_000}},
			row{"2", "Thu học phí không dùng tiền mặt", "completed", nil},
			row{"3", "Bản đồ nhà ở xã hội", "not_started", nil}),
		report("son-hai-3.pdf", "ỦY BAN NHÂN DÂN TỈNH SƠN HẢI", "Kết quả các mô hình 9 tháng đầu năm 2025", "2025-10-03",
			row{"1", "Thu học phí không dùng tiền mặt", "in_progress", nil},
			row{"2", "Khám chữa bệnh bằng căn cước gắn chip", "completed", []int64{900_000_000, 350_000_000}},
			row{"3", "Hồ sơ nông dân số", "in_progress", nil}),
		report("bach-van.pdf", "UBND TỈNH BẠCH VÂN", "Kết quả các mô hình chín tháng đầu năm 2025", "2025-10-07",
			row{"7", "Sử dụng căn cước gắn chip trong khám, chữa bệnh", "completed", []int64{2_000_000_000}},
			row{"8", "Thu hoc phi khong dung tien mat", "completed", nil}, // marks lost
			row{"9", "Đăng ký tạm trú trực tuyến", "completed", nil}),
		report("duc-son.pdf", "SỞ Y TẾ", "Kết quả các mô hình trên địa bàn tỉnh Đức Sơn 9 tháng đầu năm 2025", "2025-10-01",
			row{"1", "Hồ sơ nông dân số", "completed", nil},
			row{"2", "Đăng ký thường trú trực tuyến", "completed", nil}),
	}
}

func made(t testing.TB, reports []*compare.Report, o compare.Options) *compare.Comparison {
	t.Helper()
	compare.Locate(reports, nil, false)
	c, err := compare.New(reports, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// signs writes a comparison as lines: subject, then status and amount a column.
func signs(c *compare.Comparison) []string {
	var out []string
	for _, r := range c.Rows {
		line := r.Title + ":"
		for _, cell := range r.Cells {
			switch {
			case cell == nil:
				line += " –"
			case cell.Amount != nil:
				line += fmt.Sprintf(" %s(%s)", cell.Status, compare.Short(*cell.Amount))
			default:
				line += " " + cell.Status
			}
			if cell != nil && len(cell.Unsure) > 0 {
				line += "?" + strings.Join(cell.Unsure, "+")
			}
		}
		out = append(out, line)
	}
	return out
}

func TestProvincesSideBySide(t *testing.T) {
	c := made(t, programme(), compare.Options{})
	var columns []string
	for _, col := range c.Columns {
		columns = append(columns, col.Province+" "+col.Period.Name)
	}
	if want := []string{"Bạch Vân 2025-01..2025-09", "Đức Sơn 2025-01..2025-09", "Sơn Hải 2025-01..2025-09"}; !reflect.DeepEqual(columns, want) {
		t.Errorf("columns %q, want %q", columns, want)
	}
	want := []string{
		"Sử dụng căn cước gắn chip trong khám, chữa bệnh: completed(2 tỷ)?link – completed(1,25 tỷ)",
		"Thu hoc phi khong dung tien mat: completed – in_progress",
		"Đăng ký tạm trú trực tuyến: completed – –",
		"Hồ sơ nông dân số: – completed in_progress",
		"Đăng ký thường trú trực tuyến: – completed –",
	}
	if got := signs(c); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	cell := c.Rows[0].Cells[2]
	if s := cell.Sources[0]; s.Name != "son-hai-3.pdf" || s.Page != 2 || s.Ordinal != "2" || s.Title != "Khám chữa bệnh bằng căn cước gắn chip" || s.Record != "m2" {
		t.Errorf("source %+v", s)
	}
	if got := c.Columns[2].Tally; got.Reported != 3 || got.Missing != 2 || got.Amount != 1_250_000_000 || got.Statuses["in_progress"] != 2 || got.Unsure != 0 {
		t.Errorf("tally %+v", got)
	}
	if len(c.LeftOut) != 1 || c.LeftOut[0].Name != "son-hai-2.pdf" {
		t.Errorf("left out %+v", c.LeftOut)
	}
}

func TestTheOrderOfReportsDoesNotMatter(t *testing.T) {
	first, err := json.Marshal(made(t, programme(), compare.Options{ByPeriod: true}))
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range [][]int{{3, 2, 1, 0}, {1, 0, 3, 2}, {2, 3, 0, 1}} {
		var reports []*compare.Report
		for _, i := range order {
			reports = append(reports, programme()[i])
		}
		if again, err := json.Marshal(made(t, reports, compare.Options{ByPeriod: true})); err != nil || !bytes.Equal(first, again) {
			t.Errorf("order %v gives another comparison, %v", order, err)
		}
	}
}

func TestChangesBetweenPeriods(t *testing.T) {
	for _, o := range []compare.Options{{ByPeriod: true}, {}} { // changes are told whether both periods are shown or not
		c := made(t, programme(), o)
		var got []string
		for _, x := range c.Changes {
			got = append(got, fmt.Sprintf("%s %s→%s %s %v back=%t unsure=%t", x.Province, x.From.Name, x.To.Name, x.Title, x.What, x.Back, x.Unsure))
		}
		const sh = "Sơn Hải 2025-H1→2025-01..2025-09 "
		want := []string{
			sh + "Sử dụng căn cước gắn chip trong khám, chữa bệnh [status amount] back=false unsure=true",
			sh + "Thu hoc phi khong dung tien mat [status] back=true unsure=false",
			sh + "Hồ sơ nông dân số [new] back=false unsure=false",
			sh + "Bản đồ nhà ở xã hội [gone] back=false unsure=false",
		}
		slices.Sort(got)
		slices.Sort(want)
		// The two periods of one province link to each other word for word, so
		// that nothing is unsure about them but the link to other provinces.
		if strings.ReplaceAll(fmt.Sprint(got), "unsure=true", "unsure=false") != strings.ReplaceAll(fmt.Sprint(want), "unsure=true", "unsure=false") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestRowsOfThePlan(t *testing.T) {
	plan := report("ke-hoach.pdf", "ỦY BAN NHÂN DÂN TỈNH SƠN HẢI", "Triển khai các mô hình", "2024-02-06",
		row{number: "1", title: "Bản đồ nhà ở xã hội"}, row{number: "2", title: "Khám chữa bệnh bằng căn cước gắn chip"}, row{number: "3", title: "Thẻ vé chung cho xe buýt"})
	number := field("31/KH-UBND", "31/KH-UBND")
	plan.Header.Number = &number
	plan.Plan = true
	reports := append(programme(), plan)
	// A link by catalogue counts, whatever the title says.
	ref := field("31/KH-UBND#3", "Thẻ vé chung cho xe buýt")
	reports[3].Records[1].Fields["catalogue_ref"] = schema.One(ref)
	c := made(t, reports, compare.Options{})
	want := []string{
		"Bản đồ nhà ở xã hội: – – –",
		"Khám chữa bệnh bằng căn cước gắn chip: completed(2 tỷ)?link – completed(1,25 tỷ)",
		"Thẻ vé chung cho xe buýt: – completed –",
	}
	if got := signs(c)[:3]; !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r := c.Rows[2]; r.Ref != "31/KH-UBND#3" || r.Cells[1].Linked != compare.ByCatalogue || r.Cells[1].Sources[0].Title != "Đăng ký thường trú trực tuyến" {
		t.Errorf("row %+v, cell %+v", r, r.Cells[1])
	}
	if len(c.Plans) != 1 || len(c.Columns) != 3 {
		t.Errorf("%d plans, %d columns", len(c.Plans), len(c.Columns))
	}
}

func TestNumbersNeverLink(t *testing.T) {
	a := report("a.pdf", "UBND TỈNH SƠN HẢI", "", "2025-10-03", row{"1", "Kho dữ liệu đất đai", "completed", nil})
	b := report("b.pdf", "UBND TỈNH BẠCH VÂN", "", "2025-10-03", row{"1", "Tổng đài tư vấn thuế", "completed", nil})
	if c := made(t, []*compare.Report{a, b}, compare.Options{}); len(c.Rows) != 2 {
		t.Errorf("rows %q", signs(c))
	}
}

func TestOneReportHasASubjectOnce(t *testing.T) {
	family := func(name, province string) *compare.Report {
		return report(name, province, "", "2025-10-03",
			row{"1", "Phân tích tình hình dân cư", "completed", nil}, row{"2", "Phân tích tình hình lao động", "in_progress", nil}, row{"3", "Phân tích tình hình du lịch", "not_started", nil})
	}
	b := family("b.pdf", "UBND TỈNH BẠCH VÂN")
	slices.Reverse(b.Records)
	c := made(t, []*compare.Report{family("a.pdf", "UBND TỈNH SƠN HẢI"), b}, compare.Options{})
	for _, r := range c.Rows {
		if len(c.Rows) != 3 || r.Cells[0] == nil || r.Cells[1] == nil || r.Cells[0].Status != r.Cells[1].Status {
			t.Fatalf("rows %q", signs(c))
		}
	}
}

func TestTwoReportsOfOneColumn(t *testing.T) {
	a := report("a.pdf", "UBND TỈNH SƠN HẢI", "", "2025-10-03", row{"1", "Kho dữ liệu đất đai", "completed", nil}, row{"2", "Tổng đài tư vấn thuế", "", nil})
	b := report("b.pdf", "UBND TỈNH SƠN HẢI", "", "2025-10-20", row{"1", "Kho dữ liệu đất đai", "in_progress", nil}, row{"2", "Tổng đài tư vấn thuế", "completed", []int64{5_000_000}})
	c := made(t, []*compare.Report{a, b}, compare.Options{})
	want := []string{"Kho dữ liệu đất đai: completed?several", "Tổng đài tư vấn thuế: completed(5 triệu)"}
	if got := signs(c); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := len(c.Rows[0].Cells[0].Sources); n != 2 {
		t.Errorf("%d sources", n)
	}
}

func TestASharedSumCountsOnce(t *testing.T) {
	a := report("a.pdf", "UBND TỈNH SƠN HẢI", "", "2025-10-03", row{"1", "Số hóa sổ hộ tịch", "", nil}, row{"2", "Số hóa hồ sơ đất", "", nil}, row{"3", "Kho dữ liệu chung", "", []int64{1}})
	for i, other := range []string{"2", "1"} {
		a.Records[i].Fields["amounts"] = schema.Entry{List: []schema.Field{field(schema.Money{VND: 700, Column: "cost", SharedWith: []string{other}}, "700 đồng")}}
	}
	if got := made(t, []*compare.Report{a}, compare.Options{}).Columns[0].Tally.Amount; got != 701 {
		t.Errorf("total %d, want 701", got)
	}
}

// The first report of a column names no sum, the second one sum for two records,
// which it numbers otherwise.
func TestASharedSumOfAnotherReportCountsOnce(t *testing.T) {
	a := report("a.pdf", "UBND TỈNH SƠN HẢI", "", "2025-10-20", row{"1", "Số hóa sổ hộ tịch", "completed", nil}, row{"2", "Số hóa hồ sơ đất", "", nil})
	b := report("b.pdf", "UBND TỈNH SƠN HẢI", "", "2025-10-03", row{"5", "Số hóa sổ hộ tịch", "", nil}, row{"6", "Số hóa hồ sơ đất", "", nil})
	for i, other := range []string{"6", "5"} {
		b.Records[i].Fields["amounts"] = schema.Entry{List: []schema.Field{field(schema.Money{VND: 700, Column: "cost", SharedWith: []string{other}}, "700 đồng")}}
	}
	for _, reports := range [][]*compare.Report{{a, b}, {b, a}} {
		if got := made(t, reports, compare.Options{}).Columns[0].Tally.Amount; got != 700 {
			t.Errorf("total %d, want 700", got)
		}
	}
}

func TestOnlyCostsAreTotalled(t *testing.T) {
	a := report("a.pdf", "UBND TỈNH SƠN HẢI", "", "2025-10-03", row{"1", "Kho dữ liệu đất đai", "", nil}, row{"2", "Tổng đài tư vấn thuế", "", nil}, row{"3", "Hồ sơ nông dân số", "", nil})
	money := func(vnd int64, column, per string) schema.Field {
		return field(schema.Money{VND: vnd, Column: column, Per: per}, "x")
	}
	a.Records[0].Fields["amounts"] = schema.Entry{List: []schema.Field{money(5, "benefits", ""), money(70, "cost", ""), money(8, "cost", "lượt")}}
	a.Records[1].Fields["amounts"] = schema.Entry{List: []schema.Field{money(5, "results", ""), money(6, "results", "")}}
	a.Records[2].Fields["amounts"] = schema.Entry{List: []schema.Field{money(9, "results", "lượt")}}
	c := made(t, []*compare.Report{a}, compare.Options{})
	if got := c.Rows[0].Cells[0]; got.Amount == nil || *got.Amount != 70 || len(got.Amounts) != 2 {
		t.Errorf("costs %+v", got)
	}
	for i := 1; i < 3; i++ {
		if got := c.Rows[i].Cells[0]; got.Amount != nil {
			t.Errorf("row %d has the amount %d", i, *got.Amount)
		}
	}
}

func TestFilters(t *testing.T) {
	q3, err := compare.ParsePeriod("2025-01..2025-09")
	if err != nil {
		t.Fatal(err)
	}
	c := made(t, programme(), compare.Options{Provinces: []string{"son hai"}, ByPeriod: true})
	if len(c.Columns) != 2 || len(c.LeftOut) != 2 {
		t.Errorf("%d columns, %d left out", len(c.Columns), len(c.LeftOut))
	}
	if c := made(t, programme(), compare.Options{Within: q3, ByPeriod: true}); len(c.Columns) != 4 {
		t.Errorf("%d columns", len(c.Columns))
	}
	reports := programme()
	compare.Locate(reports, nil, false)
	if _, err := compare.New(reports, compare.Options{Kind: "task"}); !errors.Is(err, compare.ErrNothing) {
		t.Errorf("got %v", err)
	}
	if _, err := compare.New(nil, compare.Options{}); !errors.Is(err, compare.ErrNothing) {
		t.Errorf("got %v", err)
	}
}

func TestOtherKinds(t *testing.T) {
	make := func(name, issuer string, value float64) *compare.Report {
		r := report(name, issuer, "", "2025-10-03")
		r.Records = []schema.Record{{ID: "i1", Kind: "indicator", Fields: map[string]schema.Entry{
			"name": schema.One(field("Tỷ lệ hồ sơ nộp trực tuyến", "Tỷ lệ hồ sơ nộp trực tuyến")), "unit": schema.One(field("%", "%")),
			"progress": schema.One(field(schema.Quantity{Number: value, Unit: "%"}, fmt.Sprint(value))),
		}}}
		return r
	}
	c := made(t, []*compare.Report{make("a.pdf", "UBND TỈNH SƠN HẢI", 98.6), make("b.pdf", "UBND TỈNH BẠCH VÂN", 71)}, compare.Options{})
	if c.Kind != "indicator" || len(c.Rows) != 1 {
		t.Fatalf("kind %s, %d rows", c.Kind, len(c.Rows))
	}
	if v := c.Rows[0].Cells[1].Values[2]; v.Field != "progress" || v.Number == nil || *v.Number != 98.6 {
		t.Errorf("value %+v", v)
	}
}

func TestEveryFormTellsTheSame(t *testing.T) {
	reports := programme()
	for _, r := range reports {
		r.Link = "https://sohoa.example/d/" + r.DocumentID
	}
	reports[0].Records[0].Fields["title"].One.Text = `=HYPERLINK("x") <script>`
	c := made(t, reports, compare.Options{ByPeriod: true})
	out := map[compare.Format][]byte{}
	for _, f := range compare.Formats() {
		var first, second bytes.Buffer
		if err := errors.Join(c.Write(&first, f, compare.Writing{}), c.Write(&second, f, compare.Writing{})); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: two writes differ", f)
		}
		out[f] = first.Bytes()
	}
	var back compare.Comparison
	if err := json.Unmarshal(out[compare.JSON], &back); err != nil || back.Schema != compare.Version || !reflect.DeepEqual(signs(&back), signs(c)) {
		t.Errorf("json: %v", err)
	}
	compiler := jsonschema.NewCompiler()
	source, err := jsonschema.UnmarshalJSON(bytes.NewReader(compare.JSONSchema))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("urn:sohoa:comparison:1", source); err != nil {
		t.Fatal(err)
	}
	valid, err := compiler.Compile("urn:sohoa:comparison:1")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(out[compare.JSON]))
	if err != nil {
		t.Fatal(err)
	}
	if err := valid.Validate(value); err != nil {
		t.Errorf("the schema does not describe it: %v", err)
	}
	lines, err := csv.NewReader(bytes.NewReader(out[compare.CSV])).ReadAll()
	if err != nil || len(lines) != 1+len(c.Rows)*len(c.Columns) {
		t.Errorf("csv: %d lines, %v", len(lines), err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out[compare.XLSX]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := fmt.Sprint(f.GetSheetList()); got != "[Comparison Cells Changes Reports]" {
		t.Errorf("sheets %s", got)
	}
	rows, err := f.GetRows("Comparison", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != 1+len(c.Rows) || len(rows[0]) != 3+2*len(c.Columns) {
		t.Errorf("sheet of %d rows, %v", len(rows), err)
	}
	if s := string(out[compare.HTML]); strings.Contains(s, "<script>") || !strings.Contains(s, "&lt;script&gt;") || !strings.Contains(s, `<a href="https://sohoa.example/d/`) {
		t.Error("html: texts are not escaped, or links are lost")
	}
	if s := string(out[compare.Table]); !strings.Contains(s, "Sơn Hải · 2025-H1") || !strings.Contains(s, "✓ 1,25 tỷ") {
		t.Errorf("table:\n%s", s)
	}
}

func TestWideTablesComeInParts(t *testing.T) {
	c := made(t, programme(), compare.Options{ByPeriod: true})
	var b bytes.Buffer
	if err := c.Write(&b, compare.Table, compare.Writing{Width: 100}); err != nil {
		t.Fatal(err)
	}
	var heads []string
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "Province") {
			break // what changed comes below
		}
		if strings.HasPrefix(strings.TrimSpace(line), "Subject ") {
			heads = append(heads, strings.Join(strings.Fields(line), " "))
		}
		if n := len([]rune(line)); n > 101 && strings.Contains(line, "─") {
			t.Errorf("a line of %d columns", n)
		}
	}
	all := strings.ReplaceAll(strings.Join(heads, " "), "Subject ", "")
	if want := "Bạch Vân · 2025-01..2025-09 Đức Sơn · 2025-01..2025-09 Sơn Hải · 2025-H1 Sơn Hải · 2025-01..2025-09"; len(heads) < 2 || all != want {
		t.Errorf("heads %q", heads)
	}
}

func TestAFileUnderTwoNamesIsOne(t *testing.T) {
	reports := append(programme(), programme()...)
	for _, r := range reports[4:] {
		r.Path = "again"
	}
	if got, want := signs(made(t, reports, compare.Options{})), signs(made(t, programme(), compare.Options{})); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSameInOtherWords(t *testing.T) {
	a := report("a.pdf", "UBND TỈNH SƠN HẢI", "", "2025-10-03", row{"1", "Trung tâm giám sát mạng", "completed", nil})
	b := report("b.pdf", "UBND TỈNH BẠCH VÂN", "", "2025-10-03", row{"7", "Hệ thống bảo vệ máy tính", "completed", nil})
	same, err := compare.ReadSame(strings.NewReader("# lời khác, một việc\n\nTRUNG TÂM GIÁM SÁT MẠNG = Hệ thống bảo vệ máy tính.\n"))
	if err != nil {
		t.Fatal(err)
	}
	c := made(t, []*compare.Report{a, b}, compare.Options{Same: same})
	if len(c.Rows) != 1 || len(c.Rows[0].Cells[0].Unsure) > 0 || c.Rows[0].Cells[1].Sources[0].Title != "Trung tâm giám sát mạng" {
		t.Errorf("rows %q", signs(c))
	}
	ring, err := compare.ReadSame(strings.NewReader("a b = c d\nc d = a b"))
	if err != nil {
		t.Fatal(err)
	}
	if c := made(t, []*compare.Report{a, b}, compare.Options{Same: ring}); len(c.Rows) != 2 {
		t.Errorf("rows %q", signs(c))
	}
	for _, bad := range []string{"no sign", "= b", "a ="} {
		if _, err := compare.ReadSame(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// TestWordsAreDeclared finds words that a writer says but that programs would
// have no translation of.
func TestWordsAreDeclared(t *testing.T) {
	known := map[string]bool{}
	for _, w := range compare.Words {
		known[w] = true
	}
	c := made(t, programme(), compare.Options{ByPeriod: true})
	for _, f := range compare.Formats() {
		for _, changes := range []bool{false, true} {
			if err := c.Write(io.Discard, f, compare.Writing{Changes: changes, Say: func(w string, _ ...any) string {
				if !known[w] {
					t.Errorf("%s says %q", f, w)
				}
				return w
			}}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestSampleReports compares the models of the sample reports: two provinces
// and the plan of a third.
func TestSampleReports(t *testing.T) {
	files, err := filepath.Glob("../fixtures/reports/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no sample reports", err)
	}
	var reports []*compare.Report
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".yaml")
		reports = append(reports, truth(t, filepath.Join("../fixtures/truth", name+".json")))
	}
	c := made(t, reports, compare.Options{Kind: "model"})
	var columns []string
	for _, col := range c.Columns {
		columns = append(columns, fmt.Sprintf("%s %d %s", col.Label(), col.Tally.Reported, compare.Dots(col.Tally.Amount)))
	}
	if len(c.Plans) != 1 || c.Plans[0].Name != "vinh-lac-plan.json" {
		t.Errorf("plans %+v", c.Plans)
	}
	want := []string{"Lâm Khê 13 224.100.500.000", "Trà Giang 14 23.613.500.000"}
	if !reflect.DeepEqual(columns, want) {
		t.Errorf("columns %q, want %q", columns, want)
	}
	// The three have not one model in common, though some share half their words
	// ("… không dùng tiền mặt", "Chi trả … qua tài khoản").
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			if cell != nil && cell.Linked != compare.Alone {
				t.Errorf("%q is linked to %q", cell.Sources[0].Title, r.Title)
			}
		}
	}
}

// truth reads a sample report's truth as a document.
func truth(t testing.TB, file string) *compare.Report {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var g struct {
		Header map[string]string
		Pages  []struct {
			Lines []struct{ Text string }
			Text  string
		}
		Records []struct {
			Kind    string
			Fields  map[string]string
			Status  string
			Amounts []struct {
				VND        int64    `json:"vnd"`
				Column     string   `json:"column"`
				Per        string   `json:"per"`
				SharedWith []string `json:"shared_with"`
			}
		}
		AttachedTo *schema.Citation `json:"attached_to"`
	}
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	r := report(filepath.Base(file), g.Header["issuer"], g.Header["title"], g.Header["date"])
	for name, to := range map[string]**schema.Field{"parent": &r.Header.Parent, "place": &r.Header.Place, "number": &r.Header.Number, "document_type": &r.Header.DocumentType} {
		if s := g.Header[name]; s != "" {
			f := field(s, s)
			*to = &f
		}
	}
	if g.AttachedTo != nil {
		f := field(*g.AttachedTo, g.AttachedTo.Type+" số "+g.AttachedTo.Number+" của "+g.AttachedTo.Issuer)
		r.Header.AttachedTo = &f
	}
	for i, x := range g.Records {
		rec := schema.Record{ID: fmt.Sprint("r", i), Kind: x.Kind, Fields: map[string]schema.Entry{}}
		for name, s := range x.Fields {
			rec.Fields[name] = schema.One(field(s, s))
		}
		if x.Status != "" {
			rec.Fields["status"] = schema.One(field(x.Status, x.Status))
		}
		var sums []schema.Field
		for _, m := range x.Amounts {
			sums = append(sums, field(schema.Money{VND: m.VND, Column: m.Column, Per: m.Per, SharedWith: m.SharedWith}, compare.Dots(m.VND)))
		}
		if sums != nil {
			rec.Fields["amounts"] = schema.Entry{List: sums}
		}
		r.Records = append(r.Records, rec)
	}
	return r
}

func Example() {
	reports := []*compare.Report{
		report("son-hai.pdf", "UBND TỈNH SƠN HẢI", "Kết quả quý III năm 2025", "2025-10-03", row{"4", "Thu học phí không dùng tiền mặt", "completed", []int64{1_500_000_000}}),
		report("bach-van.pdf", "UBND TỈNH BẠCH VÂN", "Kết quả quý III năm 2025", "2025-10-07", row{"9", "Thu học phí không dùng tiền mặt", "in_progress", nil}),
	}
	compare.Locate(reports, nil, false)
	c, err := compare.New(reports, compare.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range c.Rows {
		for n, cell := range r.Cells {
			fmt.Println(r.Title, "|", c.Columns[n].Province, c.Columns[n].Period.Name, "|", cell.Status, cell.ShortAmount(), "|", cell.Sources[0].Name)
		}
	}
	// Output:
	// Thu học phí không dùng tiền mặt | Bạch Vân 2025-Q3 | in_progress  | bach-van.pdf
	// Thu học phí không dùng tiền mặt | Sơn Hải 2025-Q3 | completed 1,5 tỷ | son-hai.pdf
}
