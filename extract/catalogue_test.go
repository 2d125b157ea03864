package extract

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
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

// A word that is none takes the plan's case with its letters; one that was read keeps
// its own.
func TestMendCase(t *testing.T) {
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	for read, want := range map[string]string{
		"Trạm đọc sách, Báo chl tại các chặng dài":  "Trạm đọc sách, Báo chí tại các chặng dài",
		"Trạm đọc sách, Bzao chí tại các chặng dài": "Trạm đọc sách, báo chí tại các chặng dài",
	} {
		title := schema.Field{Text: read, Raw: read}
		mend(&title, titleWording{text: "Trạm đọc sách, báo chí tại các chặng dài", score: 0.95, known: true}, 0.99, r)
		if title.Text != want {
			t.Errorf("%q became %q, want %q", read, title.Text, want)
		}
	}
}

// A plan's slip is not taken where another report has the word with its mark.
func TestMendSlip(t *testing.T) {
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields("Đặt Camera kiểm đếm tai Bến đò")
	if got := sameWord(want, 4, "Đặt Camera kiểm đếm tại Bến đò"); got != "tại" {
		t.Fatalf("the other report has %q", got)
	}
	if got := marked(r, want, 4, "tai", "tới", "tại"); got != "tại" {
		t.Errorf("%q, want tại", got)
	}
	if got := marked(r, strings.Fields("Khám tai mũi họng"), 1, "tai", "tai", "tái"); got != "tai" {
		t.Errorf("%q, want tai", got)
	}
}
