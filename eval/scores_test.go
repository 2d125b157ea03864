package eval

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestCompareText(t *testing.T) {
	chars, words, bag := compareText("Ủy ban nhân dân tỉnh", "ban  nhan dân Uỷ")
	// Words: "Ủy" lost in front, "nhân" changed, "tỉnh" changed to "Uỷ".
	if words != (Edits{3, 5}) {
		t.Errorf("words %v, want 3 of 5", words)
	}
	if bag != (Match{Both: 3, Pred: 4, Gold: 5}) {
		t.Errorf("bag %+v: Uỷ and Ủy are one spelling", bag)
	}
	if chars.Length != 20 {
		t.Errorf("length %d, want 20", chars.Length)
	}
}

func TestRunningTextLeavesTablesOut(t *testing.T) {
	d := &schema.Document{Tables: []schema.Table{*table([]string{"I. NHÓM MỘT"})}}
	p := schema.PageInfo{Number: 1, Text: "2\nKết quả như sau:\nSTT\tTên\nI. NHÓM MỘT\nNơi nhận"}
	if got, want := runningText(d, p), "Kết quả như sau:\nNơi nhận"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOutsideTables(t *testing.T) {
	running := "Kết quả thực hiện như sau:\nNơi nhận: Sở Tài chính"
	tables := "STT\nTên mô hình\nĐăng ký thường trú trực tuyến cho công dân\nĐã cấp 418.226 thẻ"
	got := "Kết quả thực hiện nhu sau:\n1 Đăng ký thường trú trực tuyén\ncho công dân Đã cấp 418.226 thẻ\nNơi nhận: Sở Tài chính"
	if got, want := outsideTables(got, running, tables), "Kết quả thực hiện nhu sau:\nNơi nhận: Sở Tài chính"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func field(v any) schema.Field {
	return schema.Field{Value: v, Confidence: 0.9, State: schema.Accepted}
}

func record(number, title, status string, amounts ...schema.Money) schema.Record {
	r := schema.Record{Kind: "model", Fields: map[string]schema.Entry{
		"number": schema.One(field(number)), "title": schema.One(field(title)),
	}}
	if status != "" {
		r.Fields["status"] = schema.One(field(status))
	}
	var list []schema.Field
	for _, m := range amounts {
		list = append(list, field(m))
	}
	r.Fields["amounts"] = schema.Entry{List: list}
	return r
}

func text(s string) *string { return &s }

func TestRecords(t *testing.T) {
	gold := []GoldRecord{
		{Kind: "model", AmountsKnown: true, Status: text("completed"), Fields: map[string]string{"number": "1", "title": "Căn cước điện tử"}},
		{Kind: "model", AmountsKnown: true, Status: text("in_progress"), StatusAlternatives: []string{"not_started"}, Fields: map[string]string{"number": "2", "title": "Chữ ký số"},
			Amounts: []schema.Money{{VND: 5e9, Column: "cost", SharedWith: []string{"3"}}}},
		{Kind: "model", AmountsKnown: true, Status: text(""), Fields: map[string]string{"number": "3", "title": "Hồ sơ sức khỏe"},
			Amounts: []schema.Money{{VND: 5e9, Column: "cost", SharedWith: []string{"2"}}, {VND: 7e6, Column: "cost"}}},
	}
	pred := []schema.Record{
		record("01", "Căn cước điện tử.", "completed"),
		record("2", "Chữ ký so", "not_started", schema.Money{VND: 5e9, Column: "results", SharedWith: []string{"3"}}),
		record("4", "Hồ sơ sức khỏe", "completed", schema.Money{VND: 7e6, Column: "cost"}),
	}
	var s Scores
	scoreRecords(gold, pred, &s)
	k := s.Kinds["model"]
	if want := (Match{Both: 2, Pred: 3, Gold: 3}); k.Numbers != want {
		t.Errorf("numbers %+v, want %+v", k.Numbers, want)
	}
	if want := (Share{1, 3}); k.TitleExact != want {
		t.Errorf("titles %+v, want %+v: a full stop at the end is no difference", k.TitleExact, want)
	}
	// Both statuses of the records found are right, one by its alternative;
	// that of record 4 belongs to no true record and is seen by the numbers.
	if want := (Match{Both: 2, Pred: 2, Gold: 2}); k.Status != want {
		t.Errorf("status %+v, want %+v", k.Status, want)
	}
	// The sum shared by 2 and 3 counts once; 7 million stands at the wrong
	// record.
	if want := (Match{Both: 1, Pred: 2, Gold: 2}); k.Amounts != want {
		t.Errorf("amounts %+v, want %+v", k.Amounts, want)
	}
	if want := (Match{Both: 0, Pred: 2, Gold: 2}); k.AmountsCol != want {
		t.Errorf("amounts with column %+v, want %+v", k.AmountsCol, want)
	}
	// Two of three numbers and all statuses, that of record 3 being none; in the
	// titles a stop is added, a mark is wrong, and one is missing.
	if want := (Share{5, 6}); k.Typed != want {
		t.Errorf("typed fields %+v, want %+v", k.Typed, want)
	}
	if want := (Edits{1 + 1 + 14, 16 + 9 + 14}); k.TextChars != want {
		t.Errorf("characters of texts %+v, want %+v", k.TextChars, want)
	}
}

func TestGroupsOfReport(t *testing.T) {
	read := func(name string, from schema.TextSource) *schema.Document {
		return &schema.Document{Source: schema.Source{Name: name}, Records: []schema.Record{record("1", "Chữ ký số", "completed")},
			Pages: []schema.PageInfo{{Number: 1, TextSource: from}}}
	}
	gold := &Gold{Sources: []string{"bao-cao"}, Records: []GoldRecord{{Kind: "model", Fields: map[string]string{"number": "1", "title": "Chữ ký số"}}}}
	worn, grey, digital := read("bao-cao.worn150.pdf", schema.FromOCR), read("bao-cao.grey200.pdf", schema.FromOCR), read("bao-cao.digital.pdf", schema.FromTextLayer)
	for _, c := range []struct {
		docs []*schema.Document
		want string
	}{
		{[]*schema.Document{digital, grey, worn}, "digital 1, grey200 1, worn150 1, read by OCR 2, all 3"},
		{[]*schema.Document{grey, worn}, "grey200 1, worn150 1, all 2"},
		{[]*schema.Document{digital}, "digital 1, all 1"},
	} {
		var got []string
		for _, g := range compare([]*Gold{gold}, c.docs).Groups {
			got = append(got, fmt.Sprint(g.Name, " ", g.Documents))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("groups %s, want %s", s, c.want)
		}
	}
}

func TestSameNumberInTwoGroups(t *testing.T) {
	gold := []GoldRecord{
		{Kind: "indicator", Group: text("A"), Fields: map[string]string{"number": "1", "name": "Tỷ lệ hồ sơ trực tuyến", "target": "80"}},
		{Kind: "indicator", Group: text("B"), Fields: map[string]string{"number": "1", "name": "Doanh nghiệp số", "target": "1.200"}},
	}
	rec := func(number, name string, target float64) schema.Record {
		return schema.Record{Kind: "indicator", Fields: map[string]schema.Entry{
			"number": schema.One(field(number)), "name": schema.One(field(name)), "target": schema.One(field(target)),
		}}
	}
	pred := []schema.Record{rec("1", "Doanh nghiệp số", 1200.0), rec("1", "Tỷ lệ hồ sơ trực tuyến", 80.0)}
	var s Scores
	scoreRecords(gold, pred, &s)
	if got := s.Kinds["indicator"].FieldsExact["target"]; got != (Share{2, 2}) {
		t.Errorf("targets %v, want both: 1.200 and 1200 are one number", got)
	}
}

func TestFieldsByValueOrText(t *testing.T) {
	for _, c := range []struct {
		field schema.Field
		want  string
		ok    bool
	}{
		{schema.Field{Value: "2025-12-31", Text: "31/12/2025"}, "31/12/2025", true},
		{schema.Field{Value: "2025-12-31", Text: "31/I2/2025"}, "31/12/2025", true},
		{schema.Field{Value: 98.6, Text: "98,6"}, "98,6", true},
		{schema.Field{Value: 98.6, Text: "98,6%"}, "98,60%", true},
		{schema.Field{Value: schema.Citation{Number: "5/QĐ-UBND"}, Text: "Quyết định số 5/QĐ-UBND"}, "Quyết định số 5/QĐ-UBND", true},
		{schema.Field{Value: 986.0, Text: "986"}, "98,6", false},
		{schema.Field{Text: "Sở Y tế"}, "Sở Tư pháp", false},
	} {
		if got := sameField(schema.One(c.field), c.want); got != c.ok {
			t.Errorf("sameField(%v, %q) = %v", c.field.Value, c.want, got)
		}
	}
}

func TestHeaderAndCitations(t *testing.T) {
	title := field("KẾT QUẢ THỰC HIỆN ĐỀ ÁN")
	number := field("608/BC-UBND")
	d := &schema.Document{
		Header: schema.Header{Title: &title, Number: &number, Recipients: []schema.Field{field("Như trên"), field("Lưu: VT")}},
		Citations: []schema.Field{
			field(schema.Citation{Number: "06/QĐ-TTg", Date: "2022-01-06"}),
			field(schema.Citation{Number: "06/QĐ-TTg"}),
			field(schema.Citation{Number: "99/KH-UBND"}),
		},
		Amounts: []schema.Field{field(schema.Money{VND: 10})},
	}
	g := &Gold{
		Header:     map[string]string{"title": "Kết quả thực hiện Đề án.", "number": "668/BC-UBND", "signer": "Lò Thị Mỵ"},
		Recipients: []string{"- Như trên;", "Sở Tài chính", "Lưu: VT."},
		Citations:  []schema.Citation{{Number: "06/QĐ-TTg", Date: "2022-01-06"}, {Number: "17/NQ-HĐND"}},
		Amounts:    []schema.Money{{VND: 10}, {VND: 10}},
	}
	s := Score(g, d)
	want := map[string]Share{"title": {1, 1}, "number": {0, 1}, "signer": {0, 1}}
	for name, w := range want {
		if s.Header[name] != w {
			t.Errorf("%s %v, want %v", name, s.Header[name], w)
		}
	}
	if w := (Match{1, 2, 3}); s.Recipients != w {
		// "- Như trên" keeps its dash, which is no punctuation at the end.
		t.Errorf("recipients %+v, want %+v", s.Recipients, w)
	}
	if w := (Match{1, 2, 2}); s.Citations != w {
		t.Errorf("citations %+v, want %+v", s.Citations, w)
	}
	if w := (Match{1, 1, 1}); s.CitationDate != w {
		t.Errorf("dated citations %+v, want %+v", s.CitationDate, w)
	}
	if w := (Match{1, 1, 2}); s.Amounts != w {
		t.Errorf("amounts %+v, want %+v", s.Amounts, w)
	}
}

func TestCalibrate(t *testing.T) {
	var samples []Sample
	for i := range 10 {
		samples = append(samples, Sample{Confidence: 0.9, Right: i > 0, Accepted: true}) // nine of ten right
	}
	for range 5 {
		samples = append(samples, Sample{Confidence: 0.99, Right: true, Accepted: true})
	}
	for i := range 5 {
		samples = append(samples, Sample{Confidence: 0.1, Right: i == 0})
	}
	c := Calibrate(samples, 0.99)
	// 0.9 and 0.99 fall into bins of their own, 0.1 as well: |0.9-0.9|·10/20 +
	// |1-0.99|·5/20 + |0.2-0.1|·5/20.
	near(t, "ECE", c.ECE, 0.25*0.01+0.25*0.1)
	near(t, "coverage", c.Coverage, 5.0/20)
	near(t, "threshold", c.Threshold, 0.99)
	near(t, "accepted precision", c.AcceptedPrecision, 14.0/15)
	if c.AcceptedWrong != 1 {
		t.Errorf("accepted wrong %d, want 1", c.AcceptedWrong)
	}
}

func TestMatchByStem(t *testing.T) {
	golds := []*Gold{
		{Sources: []string{"bao-cao"}, Group: "plain"},
		{Sources: []string{"bao-cao.phu-luc"}},
		{Sources: []string{"000_da6d", "000"}, Group: "seeds"},
	}
	for _, c := range []struct {
		name    string
		gold    int
		variant string
	}{
		{"bao-cao.grey200.pdf", 0, "grey200"},
		{"bao-cao.pdf", 0, "plain"},
		{"bao-cao.phu-luc.worn150.pdf", 1, "worn150"},
		{"000_da6d.txt", 2, "seeds"},
		{"bao-cao-khac.pdf", -1, ""},
	} {
		g, variant := match(golds, c.name)
		if c.gold < 0 != (g == nil) || g != nil && g != golds[c.gold] || variant != c.variant {
			t.Errorf("match(%q) = %v, %q; want %d, %q", c.name, g, variant, c.gold, c.variant)
		}
	}
}

func TestCheck(t *testing.T) {
	r := Report{Groups: []GroupReport{{Name: "grey200", Figures: []Figure{{Name: "cells_whole", Value: 0.9, N: 10}, {Name: "cer", Value: 0.02, N: 10}}}}}
	b := Budget{Limits: []Limit{
		{Group: "grey200", Min: map[string]float64{"cells_whole": 0.97, "teds_s": 0.9}, Max: map[string]float64{"cer": 0.02}},
	}}
	got := Check(r, b)
	if len(got) != 2 || got[0].Figure != "cells_whole" || got[1].Figure != "teds_s" || !got[1].Absent {
		t.Errorf("breaches %v, want cells_whole too low and teds_s absent", got)
	}
}

func TestBudgetOfTheFixtures(t *testing.T) {
	b, err := ReadBudget("../fixtures/budgets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	full := &Scores{Chars: Edits{0, 1}, WordBag: Match{1, 1, 1}, CellsWhole: Share{1, 1}, CellsExact: Share{1, 1}, CellMatch: Match{1, 1, 1}, CellChars: Edits{0, 1},
		Words: Edits{0, 1}, GriTS: Mean{1, 1}, TEDS: Mean{1, 1}, TablesRight: Share{1, 1}, RowJoins: Match{1, 1, 1}, Header: map[string]Share{"title": {1, 1}},
		Citations: Match{1, 1, 1}, CitationDate: Match{1, 1, 1}, Recipients: Match{1, 1, 1}, Amounts: Match{1, 1, 1},
		Samples: []Sample{{Type: "model.status", Confidence: 1, Accepted: true, Right: true}}}
	for _, kind := range []string{"model", "task", "indicator", "service", "benefit"} {
		full.kind(kind).add(&KindScores{Numbers: Match{1, 1, 1}, TitleExact: Share{1, 1}, TitleChars: Edits{0, 1}, Group: Share{1, 1}, Status: Match{1, 1, 1},
			Amounts: Match{1, 1, 1}, AmountsCol: Match{1, 1, 1}, LongChars: Edits{0, 1}, Typed: Share{1, 1}, TextChars: Edits{0, 1}, FieldsExact: map[string]Share{"task": {1, 1}}})
	}
	for _, f := range full.Figures() {
		known[f.Name] = true
	}
	for _, l := range b.Limits {
		for _, limits := range []map[string]float64{l.Min, l.Max} {
			for name := range limits {
				if !known[name] {
					t.Errorf("the budget of %s%s bounds %q, which is no figure", l.Group, l.Document, name)
				}
			}
		}
	}
}
