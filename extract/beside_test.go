package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
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

// A title with more words than the other report's has lost nothing, but where it ends
// with a comma: those words came from another cell.
func TestBesideLongerTitles(t *testing.T) {
	list := []string{"Đo mực nước giếng", "Bán vé đò ngang", "Kiểm đếm cột mốc", "Trạm đọc sách ven hồ", "Đặt lịch cắt lúa", "Xem giá cá ở chợ"}
	longer := slices.Clone(list)
	longer[3], longer[4] = list[3]+" lớn", list[4]+" phao neo,"
	own := reportOf("a", "Đã đặt bốn trạm trong vùng trũng", 0.3, longer...)
	got := Beside(own, []ReportTitles{reportOf("b", "Chưa làm, còn chờ tiền cấp từ quỹ", 0.6, list...)})
	for i, want := range map[int]bool{3: false, 4: true} {
		if has := slices.Contains(got, CatalogueEntry{Kind: "model", Number: fmt.Sprint(i + 1), Title: list[i]}); has != want {
			t.Errorf("%q beside %q: %v, want %v; all: %v", list[i], longer[i], has, want, got)
		}
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

// Titles that are damaged on both sides are the same where none are liker each other.
func TestBesideDamaged(t *testing.T) {
	list := []string{"Đo mực nước giếng khoan trong làng", "Bán vé đò ngang qua điện thoại", "Kiểm đếm cột mốc ở ven đê", "Trạm đọc sách tự động ven hồ lớn", "Đặt lịch cắt lúa vào cuối vụ", "Xem giá cá ở chợ đầu mối"}
	damaged, better := slices.Clone(list), slices.Clone(list)
	for i := range list {
		if i%2 == 0 {
			damaged[i] = strings.NewReplacer("ng", "nq", "ch", "cb").Replace(list[i])
		} else {
			better[i] = strings.NewReplacer("ng", "nq", "ch", "cb").Replace(list[i])
		}
	}
	own, other := reportOf("a", "Đã đặt bốn trạm trong vùng trũng", 0.3, damaged...), reportOf("b", "Chưa làm, còn chờ tiền cấp từ quỹ", 0.6, better...)
	got := Beside(own, []ReportTitles{other})
	if want := (CatalogueEntry{Kind: "model", Number: "1", Title: list[0]}); len(got) != len(list) || !slices.Contains(got, want) {
		t.Errorf("%v, want all titles, among them %v", got, want)
	}
}

// The end of an entry that other entries have too is not put behind a title that was
// read without it.
func TestUsualEnd(t *testing.T) {
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	entries := []CatalogueEntry{{Title: "Bán vé đò ngang tại các bến lớn"}, {Title: "Kiểm đếm cột mốc tại các bến lớn"}, {Title: "Xem giá cá ở chợ đầu mối ven sông"}}
	for read, want := range map[string]string{"Bán vé đò ngang": "Bán vé đò ngang", "Xem giá cá ở": "Xem giá cá ở chợ đầu mối ven sông"} {
		f := schema.Field{Text: read, Raw: read}
		entry := entries[0].Title
		if read[0] == 'X' {
			entry = entries[2].Title
		}
		mend(&f, titleWording{text: entry, score: 0.9, known: true, laid: true, usual: usualEnd(entry, entries)}, 0.99, r)
		if f.Text != want {
			t.Errorf("%q became %q, want %q", read, f.Text, want)
		}
	}
}
