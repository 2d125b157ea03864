package normalize_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Where two words are right Vietnamese the picture decides, unless it is much
// likelier that the eyes err.
func TestSeenMarks(t *testing.T) {
	for _, c := range []struct {
		read, seen string // what the eyes see in place of the word
		nats       float32
		want       string
	}{
		{"cán bộ phân loại số gốc theo năm", "sổ", 8, "cán bộ phân loại sổ gốc theo năm"},
		{"cán bộ phân loại số gốc theo năm", "số", 8, "cán bộ phân loại số gốc theo năm"},
		{"Báo cáo số liệu quý một", "sổ", 4, "Báo cáo số liệu quý một"},
	} {
		var line schema.Line
		for text := range strings.FieldsSeq(c.read) {
			line.Words = append(line.Words, schema.Word{Text: text, Raw: text, Confidence: 0.95})
		}
		page := schema.Page{PageInfo: schema.PageInfo{TextSource: schema.FromOCR}, Lines: []schema.Line{line}}
		restorer(t).PageSeen(&page, func(words []schema.Word, k int) normalize.Sight {
			if words[k].Text != "số" {
				return nil
			}
			return func(text string) (float32, bool) {
				switch {
				case normalize.Fold(text) != "so":
					return 0, false
				case text == c.seen:
					return 0, true
				}
				return c.nats, true
			}
		})
		if got := schema.TextOf(page.Lines, " "); got != c.want {
			t.Errorf("%q, seen %q: %q, want %q", c.read, c.seen, got, c.want)
		}
	}
}
