package normalize_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// The second reading of a line has a say in what the first may stand for.
func TestReadTwice(t *testing.T) {
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ first, second, want string }{
		{"trẻ em bị sôi cao hai ngày", "", "trẻ em bị sôi cao hai ngày"},
		{"trẻ em bị sôi cao hai ngày", "trẻ em bị sốt cao hai ngày", "trẻ em bị sốt cao hai ngày"},
		{"nong phơi chè khỏ trên sân", "", "nong phơi chè khỏ trên sân"}, // "khó" or "khô"
		{"nong phơi chè khỏ trên sân", "nong phơi chè khô trên sân", "nong phơi chè khô trên sân"},
		{"cây đa đầu làng có hốc to", "cây đa đâu lang có hóc to", "cây đa đầu làng có hốc to"},
	} {
		var line schema.Line
		second := strings.Fields(c.second)
		for i, text := range strings.Fields(c.first) {
			w := schema.Word{Text: text, Raw: text, Confidence: 0.9}
			if len(second) > 0 {
				w.Second = &schema.Alternative{Text: second[i], Score: 0.95}
			}
			line.Words = append(line.Words, w)
		}
		page := schema.Page{PageInfo: schema.PageInfo{TextSource: schema.FromOCR}, Lines: []schema.Line{line}}
		r.Page(&page)
		var words []string
		for _, w := range page.Lines[0].Words {
			words = append(words, w.Text)
		}
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%q, second %q: %q, want %q", c.first, c.second, got, c.want)
		}
	}
}
