package review

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
	"github.com/sohoa/sohoa/store"
)

// TestDoubleEntry has two people type an amount without seeing each other's,
// and a third settle where they differ.
func TestDoubleEntry(t *testing.T) {
	const path = "records/m%2F3/amounts/0"
	for _, tc := range []struct {
		name    string
		typed   []string // by one person after the other
		settled string
	}{
		{"agree", []string{"2,5 tỷ đồng", "2,5 tỷ đồng"}, "2,5 tỷ đồng"},
		{"differ", []string{"2,5 tỷ đồng", "25 tỷ đồng", "2,5 tỷ đồng"}, "2,5 tỷ đồng"},
		{"one alone", []string{"2,5 tỷ đồng"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := newSite(t)
			v.app.set.Double = []string{"amounts"}
			id := v.report()
			for i, text := range tc.typed {
				name := []string{"Bình", "Chi", "Dũng"}[i]
				v.account(name, Reviewer)
				c := v.visitor(name)
				_, panel, _ := c.send(http.MethodGet, "/d/"+id+"/field?path="+url.QueryEscape(path), nil, true)
				if i < 2 && (strings.Contains(panel, "ty dong") || strings.Contains(panel, "tỷ đồng</span>")) {
					t.Errorf("%s is shown what was read or typed:\n%s", name, panel)
				}
				if i == 2 && (!strings.Contains(panel, `data-take="25 tỷ đồng"`) || !strings.Contains(panel, `data-take="2,5 tỷ đồng"`)) {
					t.Error("the third person does not see what the two typed")
				}
				doc, _, err := v.store.Current(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				form := url.Values{"path": {path}, "base": {digest(store.FieldAt(doc, path))}, "text": {text}, "action": {"accept"}}
				status, next, _ := c.post("/d/"+id+"/field", form)
				if status != http.StatusOK || strings.Contains(next, `data-path="`+path+`"`) {
					t.Errorf("%s comes to the same field again (%d)", name, status)
				}
				c.post("/d/"+id+"/release", url.Values{})
			}
			doc, _, err := v.store.Current(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			f := store.FieldAt(doc, path)
			if tc.settled == "" {
				if f.State != schema.NeedsReview {
					t.Errorf("one person's entry was taken: %+v", f)
				}
				return
			}
			if f.Text != tc.settled || f.State != schema.Corrected {
				t.Errorf("field is %q, %s", f.Text, f.State)
			}
		})
	}
}
