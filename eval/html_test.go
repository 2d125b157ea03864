package eval

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/schema"
)

func TestWriteHTML(t *testing.T) {
	number := field("12/BC-UBND")
	number.Confidence = 0.999
	doc := &schema.Document{
		Schema: schema.Version, Source: schema.Source{Name: "bao-cao.grey200.pdf"}, Header: schema.Header{Number: &number},
		Pages:   []schema.PageInfo{{Number: 1, Outcome: schema.Done, Text: "Ủy ban <b>nhân dân"}},
		Records: []schema.Record{record("1", "Căn cước", "completed")},
	}
	gold := &Gold{
		Sources: []string{"bao-cao"}, Header: map[string]string{"number": "72/BC-<UBND>"}, Pages: []GoldPage{{Number: 1, Text: "Ủy ban nhân dân"}},
		Records: []GoldRecord{{Kind: "model", Status: text("in_progress"), Fields: map[string]string{"number": "1", "title": "Căn cước"}}},
	}
	now := compare([]*Gold{gold}, []*schema.Document{doc})
	better := *doc
	better.Pages = []schema.PageInfo{{Number: 1, Outcome: schema.Done, Text: "Ủy ban nhân dân"}}
	before := compare([]*Gold{gold}, []*schema.Document{&better})

	place := schema.Place{Page: 1, Box: &schema.Box{X1: 10, Y1: 10}}
	for i := range now.Groups {
		for k := range now.Groups[i].Scores.Samples {
			now.Groups[i].Scores.Samples[k].Places = []schema.Place{place}
		}
	}
	cut := func(document string, at schema.Place) ([]byte, error) {
		if document != "bao-cao.grey200.pdf" || at.Box != place.Box {
			t.Errorf("asked for %s, %+v", document, at)
		}
		return []byte("\x89PNG\r\n\x1a\n of no use"), nil
	}
	var b bytes.Buffer
	if err := now.WriteHTML(&b, PageOptions{Before: &before, Cut: cut}); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		"grey200", "Character error rate", `class="worse"`, "Reliability", "Precision against coverage",
		"72/BC-&lt;UBND&gt;", "in_progress", "Wrong fields", "data:image/png;base64,", "Sums and numbers accepted wrongly",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, bad := range []string{"http://", "https://", "<script>", "<UBND>"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}

	// The next report finds the figures in the page.
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	again, err := ReadReport(path)
	if err != nil {
		t.Fatal(err)
	}
	if c := changes(again, now); len(c) != 0 {
		t.Errorf("the page's figures differ from those it was made of: %+v", c)
	}
}
