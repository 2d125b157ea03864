package extract

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// reportOf makes a report of titles, numbered from 1, as they were read in torn text.
func reportOf(id, text string, confidence float64, titles ...string) ReportTitles {
	doc := &schema.Document{DocumentID: id}
	for i, t := range titles {
		n := fmt.Sprint(i + 1)
		doc.Records = append(doc.Records, schema.Record{Kind: "model", Fields: map[string]schema.Entry{
			"number":  schema.One(schema.Field{Value: n, Text: n}),
			"title":   schema.One(schema.Field{Text: t, Confidence: confidence, State: schema.NeedsReview}),
			"results": schema.One(schema.Field{Text: text}),
		}})
	}
	return TitlesOfReport(doc)
}

// Reports on one list have the same titles in the same order; the one that was read
// better helps the other, whatever the order in which they come.
func TestBeside(t *testing.T) {
	list := []string{"Đo mực nước giếng", "Bán vé đò ngang", "Kiểm đếm cột mốc", "Trạm đọc sách ven hồ", "Đặt lịch cắt lúa", "Xem giá cá ở chợ"}
	damaged := slices.Clone(list)
	damaged[4] = "Dt lch ct la"
	own := reportOf("a", "Đã đặt bốn trạm trong vùng trũng", 0.3, damaged...)
	better := reportOf("b", "Chưa làm, còn chờ tiền cấp từ quỹ", 0.6, list...)
	copied := reportOf("c", "Đã đặt bốn trạm trong vùng trũng", 0.9, list...)
	other := reportOf("d", "Xong", 0.9, "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu")

	got := Beside(own, []ReportTitles{own, better, copied, other})
	if again := Beside(own, []ReportTitles{other, copied, better, own}); !slices.Equal(got, again) {
		t.Error("the order of the reports counts")
	}
	want := CatalogueEntry{Kind: "model", Number: "5", Title: "Đặt lịch cắt lúa"}
	if len(got) != len(list) || !slices.Contains(got, want) {
		t.Errorf("%v, want all titles, among them %v", got, want)
	}
	if got := Beside(better, []ReportTitles{own}); got != nil {
		t.Errorf("a report that was read worse helps: %v", got)
	}
	if got := Beside(own, []ReportTitles{other}); got != nil {
		t.Errorf("a report on another list helps: %v", got)
	}
}

// Equal titles of two catalogues are one subject.
func TestSubjects(t *testing.T) {
	entries := []CatalogueEntry{
		{Kind: "model", Title: "Bán vé đò ngang", Document: "1/KH"}, {Kind: "model", Title: "Đo mực nước", Document: "1/KH"},
		{Kind: "model", Title: "Bán vé đò ngang", Document: "1/KH"}, {Kind: "model", Title: "bán vé đò ngang.", Document: "2/KH"},
	}
	if got, want := subjects(entries), []int{0, 1, 2, 0}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	records := []schema.Record{{Kind: "model", Fields: map[string]schema.Entry{"title": schema.One(schema.Field{Text: "Bán vé đò ngang"})}}}
	entries = append(entries[:2], entries[3])
	Link(records, entries, 0)
	if ref := records[0].Fields["catalogue_ref"].One; ref == nil || ref.State != schema.Accepted || ref.Value != "1/KH#" {
		t.Errorf("a title that two catalogues have is not linked surely: %+v", ref)
	}
}

// What stays legible is the report's own; what no reading is left of is the wording's.
func TestMendGaps(t *testing.T) {
	f := schema.Field{Text: "Bán vé đò 4* ở bến", Raw: "Ban ve do 4* o ben"}
	mend(&f, titleWording{text: "Bán vé đò 4 sao ở bến", score: 0.9, known: true}, 0.99, nil)
	if f.Text != "Bán vé đò 4* ở bến" {
		t.Errorf("%q", f.Text)
	}
	if got := withoutSigns([]string{"đò&;", "(bến", "4*"}, []string{"đò;", "bến", "4"}); !slices.Equal(got, []string{"đò;", "bến", "4*"}) {
		t.Errorf("%q", got)
	}
}
