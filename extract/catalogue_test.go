package extract

import (
	"testing"

	"github.com/sohoa/sohoa/schema"
)

// A word that repair turned into another takes the plan's where it was read as
// that is but for its marks.
func TestMendByReading(t *testing.T) {
	const entry = "Trạm đọc sách tự động trên các chặng dài"
	for read, want := range map[string]string{
		"dai":  "Trạm đọc sách tự động trên các chặng dài",
		"dalu": "Trạm đọc sách tự động trên các chặng đầu",
	} {
		title := schema.Field{
			Text:    "Trạm đọc sách tự động trên các bang đầu",
			Repairs: []schema.Repair{{From: read, To: "đầu", Reason: "letters", Score: 0.7}},
		}
		mend(&title, titleWording{text: entry, score: 0.95, known: true}, 0.99, nil)
		if title.Text != want {
			t.Errorf("read %q: title %q, want %q", read, title.Text, want)
		}
	}
}
