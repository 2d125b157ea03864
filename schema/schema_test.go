package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sohoa/sohoa/schema"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	raw, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema.JSONSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:sohoa:document:1", raw); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("urn:sohoa:document:1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sample returns a document in which every noun occurs.
func sample() *schema.Document {
	box := schema.Box{X0: 10, Y0: 20, X1: 110, Y1: 60}
	f := schema.Field{
		Value: "Triển khai kiosk", Text: "Triển khai kiosk", Raw: "Trién khai kiosk", Confidence: 0.9,
		State: schema.Accepted, Boxes: []schema.Place{{Page: 1, Box: &box}},
		Repairs:      []schema.Repair{{From: "Trién", To: "Triển", Reason: "diacritic", Score: 0.99}},
		Alternatives: []schema.Alternative{{Text: "Triên", Score: 0.01}},
	}
	money := f
	money.Value = schema.Money{VND: 2_500_000_000, Qualifier: "khoảng", Column: "cost", SharedWith: []string{"39"}}
	cited := f
	cited.Value = schema.Citation{Type: "Quyết định", Number: "06/QĐ-TTg"}
	date := f
	date.Value = "2025-07-?4"
	declared, table := 16, 0
	d := &schema.Document{
		DocumentID: strings.Repeat("0a", 32),
		Source:     schema.Source{Name: "a.pdf", MediaType: "application/pdf", Bytes: 3, Pages: 2},
		Header:     schema.Header{Title: &f, Date: &date, AttachedTo: &cited, Recipients: []schema.Field{f}},
		Records: []schema.Record{{
			ID: "m1", Kind: "model", Table: &table,
			Group: &schema.Group{Number: "II", Name: "NHÓM TIỆN ÍCH", Declared: &declared},
			Fields: map[string]schema.Entry{
				"title": schema.One(f), "amounts": {List: []schema.Field{money}}, "results": {},
			},
		}},
		Tables: []schema.Table{{
			Pages: []int{1}, Columns: []schema.Field{f}, HeadRows: 0,
			Rows: [][]schema.Cell{{{Text: "1", RowSpan: 1, ColSpan: 1, Boxes: f.Boxes, Confidence: 1}}},
		}},
		Citations: []schema.Field{cited},
		Amounts:   []schema.Field{money},
		Pages: []schema.PageInfo{
			{Number: 1, Outcome: schema.Done, TextSource: schema.FromOCR, Rotation: 90, Skew: -0.35, Width: 1654, Height: 2339, DPI: 200},
			{Number: 2, Outcome: schema.TimedOut, Reason: "over its 180 s", TextSource: schema.FromOCR},
		},
		Checks: []schema.Check{{
			Rule: "declared_count", Severity: schema.Warning, Message: "16 declared, 1 found", Records: []string{"m1"},
			Places: []schema.Place{{Page: 1, Line: &[2]int{3, 4}}},
		}},
	}
	d.Seal()
	return d
}

func TestDocumentFitsItsSchema(t *testing.T) {
	s := compiled(t)
	for name, d := range map[string]*schema.Document{
		"full": sample(),
		"empty": func() *schema.Document {
			d := &schema.Document{DocumentID: strings.Repeat("0", 64), Source: schema.Source{Name: "x", MediaType: "text/plain"}}
			d.Seal()
			return d
		}(),
	} {
		data, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := d.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	first, err := json.Marshal(sample())
	if err != nil {
		t.Fatal(err)
	}
	var back schema.Document
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatal(err)
	}
	second, err := json.Marshal(&back)
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if json.Unmarshal(first, &a) != nil || json.Unmarshal(second, &b) != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("changed by a round trip:\n%s\n%s", first, second)
	}
}

func TestSchemaRejects(t *testing.T) {
	s := compiled(t)
	for name, spoil := range map[string]func(*schema.Document){
		"reason on a done page":  func(d *schema.Document) { d.Pages[0].Reason = "x" },
		"no reason on a failure": func(d *schema.Document) { d.Pages[1].Reason = "" },
		"unknown outcome":        func(d *schema.Document) { d.Pages[0].Outcome = "fine" },
		"confidence above one":   func(d *schema.Document) { d.Header.Title.Confidence = 1.2 },
		"place without a place":  func(d *schema.Document) { d.Header.Title.Boxes = []schema.Place{{Page: 1}} },
		"date in words":          func(d *schema.Document) { d.Header.Date.Value = "hôm qua" },
		"span of nothing":        func(d *schema.Document) { d.Tables[0].Rows[0][0].RowSpan = 0 },
		"short id":               func(d *schema.Document) { d.DocumentID = "ab" },
	} {
		d := sample()
		spoil(d)
		data, _ := json.Marshal(d)
		v, _ := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if s.Validate(v) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestValidateNamesFaults(t *testing.T) {
	for want, spoil := range map[string]func(*schema.Document){
		"has number 7":     func(d *schema.Document) { d.Pages[1].Number = 7 },
		"is not on page 1": func(d *schema.Document) { d.Header.Title.Boxes[0].Box = &schema.Box{X0: 0, Y0: 0, X1: 5000, Y1: 9} },
		"no page 3": func(d *schema.Document) {
			d.Tables[0].Rows[0][0].Boxes = []schema.Place{{Page: 3, Box: &schema.Box{X1: 1, Y1: 1}}}
		},
		`no record "m9"`:     func(d *schema.Document) { d.Checks[0].Records = []string{"m9"} },
		"no table 4":         func(d *schema.Document) { n := 4; d.Records[0].Table = &n },
		`"m1" is not unique`: func(d *schema.Document) { d.Records = append(d.Records, d.Records[0]) },
	} {
		d := sample()
		spoil(d)
		if err := d.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func ExampleBox() {
	b := schema.Box{X0: 10, Y0: 10, X1: 40, Y1: 30}
	out, _ := json.Marshal(b.Union(schema.Box{X0: 0, Y0: 20, X1: 20, Y1: 50}))
	fmt.Println(b.Width(), b.Height(), string(out))
	// Output: 30 20 [0,10,40,50]
}

func ExampleTextOf() {
	lines := []schema.Line{
		{Words: []schema.Word{{Text: "dữ", Raw: "dir"}, {Text: "liệu", Raw: "liéu"}}},
		{Words: []schema.Word{{Text: "dân", Raw: "dan"}, {Text: "cư", Raw: "cu"}}},
	}
	fmt.Println(schema.TextOf(lines, " "))
	fmt.Println(schema.RawOf(lines, "|"))
	// Output:
	// dữ liệu dân cư
	// dir liéu|dan cu
}

func TestTextOfJoinsLines(t *testing.T) {
	line := func(words ...string) schema.Line {
		var l schema.Line
		for _, w := range words {
			l.Words = append(l.Words, schema.Word{Text: w})
		}
		return l
	}
	for _, c := range []struct {
		sep   string
		lines []schema.Line
		want  string
	}{
		{" ", []schema.Line{line("số", "57/2024/TT-"), line("BYT", "ngày")}, "số 57/2024/TT-BYT ngày"},
		{"\n", []schema.Line{line("57/2024/TT-"), line("BYT")}, "57/2024/TT-\nBYT"},
		{" ", []schema.Line{line("A", "-"), line("B")}, "A - B"},
		{" ", []schema.Line{line("giai đoạn 2021-"), line("2025")}, "giai đoạn 2021- 2025"},
		{"|", []schema.Line{line("a"), line(), line("", "b")}, "a||b"},
		{" ", nil, ""},
	} {
		if got := schema.TextOf(c.lines, c.sep); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
