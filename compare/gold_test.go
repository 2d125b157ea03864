package compare

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/extract/title"
	"github.com/sohoa/sohoa/schema"
)

// TestLinksOfRealTitles links the titles of a real report to those of the plan
// that it is about, whose numbers are others, and compares with the links that
// people made. It needs the annotated documents, which are not part of this
// repository: SOHOA_SHARED, or ../shared beside it, names their folder.
func TestLinksOfRealTitles(t *testing.T) {
	shared := os.Getenv("SOHOA_SHARED")
	if shared == "" {
		shared = "../../shared"
	}
	type model struct {
		Number any
		Title  string
		Linked any `json:"catalogue_003_number"`
	}
	read := func(name string) []model {
		data, err := os.ReadFile(filepath.Join(shared, "gold", name))
		if err != nil {
			t.Skipf("no annotated documents in %s", shared)
		}
		var v struct{ Models []model }
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		return v.Models
	}
	report, plan := read("000.json"), read("003_catalogue.json")
	var items []*item
	for n, list := range [][]model{report, plan} {
		for i, m := range list {
			items = append(items, &item{report: n, at: i, record: &schema.Record{}, name: m.Title, title: title.New(m.Title)})
		}
	}
	truth := 0
	for _, m := range report {
		if m.Linked != nil {
			truth++
		}
	}
	right, wrong, unsure := 0, 0, 0
	for _, row := range link(items) {
		if len(row) != 2 {
			continue
		}
		a, b := row[0], row[1]
		if a.report == 1 {
			a, b = b, a
		}
		if fmt.Sprint(report[a.at].Linked) == fmt.Sprint(plan[b.at].Number) {
			right++
		} else {
			wrong++
		}
		if a.unsure || b.unsure {
			unsure++
		}
	}
	t.Logf("of %d links %d found, %d wrong, %d to check", truth, right, wrong, unsure)
	if wrong > 0 || right < truth*9/10 {
		t.Errorf("of %d links %d found, %d wrong", truth, right, wrong)
	}
}
