package pipeline

import (
	"context"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/ingest/scan"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// lineOf puts words side by side, with one score.
func lineOf(text string, y int, score float64) schema.Line {
	l := schema.Line{}
	x := 20
	for _, t := range strings.Fields(text) {
		b := schema.Box{X0: x, Y0: y, X1: x + 12*len([]rune(t)), Y1: y + 20}
		l.Words = append(l.Words, schema.Word{Text: t, Raw: t, Box: b, Confidence: score})
		l.Box = l.Box.Union(b)
		x = b.X1 + 8
	}
	return l
}

// second is an engine that reads each line as the test says, by its height on
// the page.
type second struct {
	lines map[int]schema.Line
	asked []ocr.Region
	err   error
}

func (e *second) Read(_ context.Context, _ *image.Gray, _ int, regions []ocr.Region) ([]ocr.Reading, error) {
	e.asked = append(e.asked, regions...)
	out := make([]ocr.Reading, len(regions))
	for i, r := range regions {
		if e.err != nil {
			out[i].Err = e.err
			continue
		}
		for y, l := range e.lines {
			if r.Box.Y0 <= y && y < r.Box.Y1 {
				out[i].Lines = []schema.Line{l}
			}
		}
	}
	return out, e.err
}
func (*second) Info() string { return "test 1.0" }
func (*second) Close() error { return nil }

// twice reads lines of a page a second time.
func twice(t *testing.T, e *second, lines ...schema.Line) []schema.Line {
	t.Helper()
	r, err := normalize.Default()
	if err != nil {
		t.Fatal(err)
	}
	w := &work{sheet: &scan.Sheet{Gray: image.NewGray(image.Rect(0, 0, 900, 400)), DPI: 200}}
	w.page.Width, w.page.Height, w.page.DPI = 900, 400, 200
	w.page.TextSource, w.input.Source = schema.FromOCR, schema.FromOCR
	w.page.Lines = lines
	w.read = asRead(&w.page)
	if err := New(Settings{Engine: e, Restorer: r}).readAgain(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	return w.page.Lines
}

func TestDoubtfulLinesAreReadTwice(t *testing.T) {
	e := &second{lines: map[int]schema.Line{
		50:  lineOf("Kinh phí hỗ trợ cho các xã", 50, 0.96),
		150: lineOf("trong quý III năm 2025", 150, 0.9),
	}}
	lines := twice(t, e,
		lineOf("Kinh phí hõ trợ cho các xã", 50, 0.7),                                // misread, and unsure
		lineOf("trong quý II năm 2025", 150, 0.93),                                   // as sure as the other reading
		lineOf("Căn cứ kế hoạch của tỉnh về chuyển đổi số trong năm nay", 250, 0.97), // sure
		lineOf("x", 350, 0.5), // a letter alone
	)
	if len(e.asked) != 2 || e.asked[0].Mode != ocr.Line || e.asked[0].Scale <= ocr.ScaleFor(200) {
		t.Fatalf("asked for %v", e.asked)
	}
	if got := textOf(lines[0].Words); got != "Kinh phí hỗ trợ cho các xã" {
		t.Errorf("kept %q", got)
	}
	if s := lines[0].Words[2].Second; s == nil || s.Text != "hõ" || s.Score != 0.7 {
		t.Errorf("the first reading of a word is %v", s)
	}
	for _, w := range lines[1].Words {
		if w.Second == nil || (w.Second.Text != w.Text) != (w.Text == "II" || w.Text == "III") {
			t.Errorf("%q has second reading %v", w.Text, w.Second)
		}
	}
	if lines[2].Words[0].Second != nil || lines[3].Words[0].Second != nil {
		t.Error("a line that was not read twice has second readings")
	}
}

// What cannot be read a second time stays as it was read first.
func TestSecondReadingMayFail(t *testing.T) {
	for _, e := range []*second{{err: fmt.Errorf("no recording")}, {}} {
		lines := twice(t, e, lineOf("Kinh phí hõ trợ", 50, 0.7))
		if got := textOf(lines[0].Words); got != "Kinh phí hõ trợ" {
			t.Errorf("%q", got)
		}
	}
}

func TestSecondReadingsAreBounded(t *testing.T) {
	var page schema.Page
	for i := range 10 {
		page.Lines = append(page.Lines, lineOf("một hai ba bốn", 20*i, 0.6+0.01*float64(i)))
	}
	got := doubtfulLines(&page)
	if len(got) != 5 {
		t.Fatalf("%d of 10 lines are read again", len(got))
	}
	for i, l := range got {
		if l != &page.Lines[i] {
			t.Errorf("line %d is not the one most in doubt", i)
		}
	}
}

func TestAligned(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"một hai ba", "một hai ba", "một|hai|ba"},
		{"một hai ba", "một bai ba", "một|bai|ba"},
		{"thu:theo giờ", "thu theo giờ", "thu theo|giờ"},
		{"vận Z“ tải", "vận tải", "vận||tải"},
		{"một", "", ""},
		{"", "một", ""},
	} {
		var got []string
		for _, ws := range aligned(lineOf(c.a, 0, 1).Words, lineOf(c.b, 0, 1).Words) {
			got = append(got, textOf(ws))
		}
		if !slices.Equal(got, strings.Split(c.want, "|")) && !(c.want == "" && strings.Join(got, "") == "") {
			t.Errorf("%q beside %q: %q", c.a, c.b, got)
		}
	}
}
