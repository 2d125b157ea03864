package extract

import (
	"testing"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Labels that damage took are told by the wordings of the other rows, and go to
// review; what may be of two statuses, and text, stays untold.
func TestLikelyStatus(t *testing.T) {
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	p := modelResults(t)
	column := p.column(func(c *Column) bool { return c.Type == TypeStatus })
	results := p.column(func(c *Column) bool { return c.Status })
	said := []string{"Đã nghiệm thu", "Đang thực hiện", "Đã nghiệm thu", "Chưa thực hiện", "Đã chuyển giao"}
	for _, c := range []struct {
		name, label, results string
		want                 schema.Status
	}{
		{"another syllable", "Dé nghiem thu", "", schema.Completed},
		{"words of another cell behind it", "Bã nghiém thu 720", "", schema.Completed},
		{"its second line is elsewhere", "Pang thvc", "", schema.InProgress},
		{"half of it, among the results", "", "Dang thtrc Trai giong phat the cho ba ben do", schema.InProgress},
		{"begins many labels", "DÃ", "", ""},
		{"ordinary text", "", "Trai giong phat the cho ba ben do", ""},
		{"a ruin", "", "v}{ie~ ;:q|x kl[jw zz", ""},
		{"nothing", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var rows []*row
			for _, s := range append([]string{c.label}, said...) {
				w := &row{number: len(rows) + 1, cells: make([]passage, len(p.Columns))}
				w.cells[column] = passageOf(s)
				rows = append(rows, w)
			}
			rows[0].cells[results] = passageOf(c.results)
			b := newBuilder(nil, nil, Options{Restorer: r})
			records := make([]schema.Record, len(rows))
			for i := range rows {
				records[i] = b.makeRecord(p, rows[i], "")
			}
			if s := records[0].Fields["status"].One; s != nil && s.Value != nil {
				t.Fatalf("was read as %v: no test", s.Value)
			}
			b.likelyStatuses(p, rows, records)
			s := records[0].Fields["status"].One
			if got, _ := s.Value.(string); schema.Status(got) != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if s.State == schema.Accepted && c.want != "" {
				t.Errorf("a likely status is accepted: %+v", s)
			}
			for i, rec := range records[1:] {
				if rec.Fields["status"].One.State == schema.NeedsReview {
					t.Errorf("row %d: its label stands there, and goes to review", i+2)
				}
			}
		})
	}
}
